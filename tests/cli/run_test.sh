#!/bin/sh
# parbench run: the result file, the journal, resuming, and kernels that misbehave.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

quick() { "$PARBENCH" run -k saxpy -t f32 -s 64,1000 -b scalar,simd --rounds 2 --time-limit 60 --seed 7 "$@"; }

# ---- a plain run ----
exits 0 "a small run succeeds" quick -o "$T/a.json"
says "its table names the winner" 'saxpy f32.*fastest'
says "it tells where the result is" "Result: $T/a.json"
valid "its file satisfies the schema" "$T/a.json"
check "no journal is left" test ! -e "$T/a.json.journal"
# four points and three canaries
check "both rounds are in the file" sh -c "grep -c '\"round\":	*1' '$T/a.json' | grep -qx 7"
exits 0 "the result can go to standard output" quick -o -
cp "$T/out" "$T/piped"
check "and is JSON there" /usr/bin/env python3 -c "import json,sys; json.load(open('$T/piped'))"

exits 0 "in one process" quick --in-process -o "$T/in.json"
valid "its file satisfies the schema too" "$T/in.json"

# ---- what is asked for in vain ----
exits 2 "an unknown kernel" quick -k saxpi -o "$T/x.json"
says "gets a suggestion" 'did you mean saxpy'
exits 2 "an unknown backend" "$PARBENCH" run -b simt -o "$T/x.json"
says "gets a suggestion" 'did you mean simd'
exits 2 "a bad size" quick -s 12Q -o "$T/x.json"
says "is quoted" '12Q'
exits 2 "a folder that is not there" quick -o "$T/none/x.json"
says "is named before anything is measured" "$T/none"
exits 2 "--resume with nothing to resume" "$PARBENCH" run --resume -o "$T/a.json"
says "says so" 'nothing to resume'
exits 2 "--backend gpu without one" env OCL_ICD_VENDORS="$T/none/" "$PARBENCH" run -b gpu -o "$T/x.json"
if usable opencl && ! "$PARBENCH" list devices | grep -Eq ' gpu '; then
    exits 2 "--backend gpu where only a CPU device is" "$PARBENCH" run -b gpu -o "$T/x.json"
    says "names the device and what would run on it" 'type cpu.*--backend opencl would run'
fi

# ---- misbehaving kernels cost their own points ----
misbehave() { # misbehave PLUGIN ARGS..: one kernel from its plugin beside a good one
    name=$1
    shift
    "$PARBENCH" run --plugin "$PLUGINS/$name.so" -k "$name,saxpy" -t f32 -s 64,1000 -b scalar --rounds 1 --seed 7 "$@"
}
exits 1 "a crash does not end the run" misbehave bad_crash -o "$T/crash.json"
says "is told with its signal" 'failed: bad_crash.*n=1000.*signal 11'
says "and the other points are fine" '3 points ok'
valid "the file with a crash satisfies the schema" "$T/crash.json"
exits 1 "a hang does not either" misbehave bad_hang --point-timeout 2s -o "$T/hang.json"
says "is told as a timeout" 'timeout: bad_hang.*n=1000'
says "and the other points are fine" '3 points ok'
exits 1 "nor a wrong result" misbehave bad_unwritten -o "$T/wrong.json"
says "is told as wrong" 'wrong: bad_unwritten'
valid "the file with wrong results satisfies the schema" "$T/wrong.json"
exits 0 "a kernel that prints cannot break the protocol" misbehave bad_print -o "$T/print.json"
lacks "nor spoil the terminal" '"point"'
misbehave bad_memory -o "$T/memory.json" >"$T/out" 2>"$T/err"
says "an exhausted memory costs its point" '3 points ok'

# ---- interrupted ----
lines() { if [ -e "$1" ]; then wc -l <"$1"; else echo 0; fi; }
"$PARBENCH" run -k saxpy -b scalar,simd -t f32 -s 64..64Ki*2 --rounds 64 --seed 7 -o "$T/stop.json" >"$T/out" 2>"$T/err" &
pid=$!
tries=0
until [ "$(lines "$T/stop.json.journal")" -gt 3 ] || [ $tries -gt 600 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
kill -INT $pid
wait $pid
ok "Ctrl-C ends with 'inconclusive'" $(($? != 3))
check "the journal stays" test -s "$T/stop.json.journal"
valid "what was measured is a valid file" "$T/stop.json"
grep -q '"complete":	*false' "$T/stop.json"
ok "that says it is not complete" $?

"$PARBENCH" run -k saxpy -b scalar -t f32 -s 64..4Ki*2 --rounds 6 --no-refine --seed 7 -o "$T/kill.json" >"$T/out" 2>"$T/err" &
pid=$!
tries=0
until [ "$(lines "$T/kill.json.journal")" -gt 3 ] || [ $tries -gt 600 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
kill -9 $pid
wait $pid 2>/dev/null
had=$(($(wc -l <"$T/kill.json.journal") - 1))
printf '{"point":{"kernel":"sax' >>"$T/kill.json.journal" # as a power cut would leave it
exits 2 "a new run does not overwrite a journal" "$PARBENCH" run -k saxpy -b scalar -s 64 -o "$T/kill.json"
says "and says how to go on" '--resume'
exits 0 "after kill -9, --resume continues" "$PARBENCH" run --resume -o "$T/kill.json"
valid "to a valid file" "$T/kill.json"
check "without the journal" test ! -e "$T/kill.json.journal"
check "what was measured before is in it, once" /usr/bin/env python3 - "$T/kill.json" "$had" <<'END'
import json, sys
points = json.load(open(sys.argv[1]))["points"]
assert len(points) == 7 + 3, len(points) # with the canaries
for p in points:
    assert sorted(i["round"] for i in p["invocations"]) == list(range(6)), p
assert int(sys.argv[2]) > 0
END

# ---- a journal is not mixed, shared or overwritten ----
begin() { # begin FILE: interrupts a run as soon as it has measured something
    "$PARBENCH" run -k saxpy -b scalar,simd -t f32 -s 64..4Ki*2 --rounds 64 --seed 7 -o "$1" >"$T/out" 2>"$T/err" &
    pid=$!
    tries=0
    until [ "$(lines "$1.journal")" -gt 3 ] || [ $tries -gt 600 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
}
begin "$T/held.json"
exits 2 "a second run to the same file" "$PARBENCH" run -k saxpy -b scalar -s 64 -o "$T/held.json"
says "is told that the first one still runs" 'another parbench that still runs'
exits 2 "--resume of a run that still runs" "$PARBENCH" run --resume -o "$T/held.json"
says "is told so too" 'another parbench that still runs'
kill -INT $pid
wait $pid
cp "$T/held.json" "$T/before.json"
cp "$T/held.json.journal" "$T/journal"
sed '1s/"git":"[^"]*"/"git":"0123456789"/' "$T/journal" >"$T/held.json.journal"
exits 2 "a journal of another build is not continued" "$PARBENCH" run --resume -o "$T/held.json"
says "and the difference is named" 'another build.*0123456789'
sed '1s/"scalar,simd"/"scalar"/' "$T/journal" >"$T/held.json.journal"
exits 2 "a journal that does not fit the run is not continued" "$PARBENCH" run --resume -o "$T/held.json"
check "and the file that was there stays" cmp "$T/held.json" "$T/before.json"

# ---- limits and places ----
exits 3 "a time limit that leaves no time measures nothing" "$PARBENCH" run -k saxpy -t f32 -s 64 -b scalar --time-limit 0.001ms -o "$T/limit.json"
check "and owes nothing: no journal is left" test ! -e "$T/limit.json.journal"
exits 2 "-o names a folder" quick -o "$T"
says "is told before anything is measured" 'names a folder'
exits 2 "-o ends in a slash" quick -o "$T/new/"

# ---- a full disk ----
if mkdir "$T/small" && mount -t tmpfs -o size=64k tmpfs "$T/small" 2>/dev/null; then
    exits 2 "a full disk" "$PARBENCH" run -k saxpy -b scalar -t f32 -s 64..64Ki*2 --rounds 64 --time-limit 60 --no-canaries \
        -o "$T/small/x.json"
    says "is told in a sentence" 'No space left'
    check "and what was measured is there" sh -c "[ \$(wc -l <'$T/small/x.json.journal') -gt 1 ]"
    umount "$T/small"
else
    skip "a full disk" "cannot mount a small file system here"
fi

# ---- what the table may be piped into ----
exits 0 "output that is cut off by head" sh -c "\"$PARBENCH\" list | head -n 1"
done_testing
