#!/bin/sh
# parbench doctor: the verdict and its exit status, as text and as JSON; what run makes of the same facts.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

escape=$(printf '\033')
put() { # put PATH TEXT: a file of a made-up machine
    mkdir -p "$(dirname "$T/root$1")"
    printf '%s\n' "$2" >"$T/root$1"
}
query() { # query EXPRESSION: of the JSON `d` in the last output
    python3 -c "import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$T/out" 2>>"$T/err"
}

# ---- this machine, whatever it is like ----
"$PARBENCH" doctor >"$T/out" 2>"$T/err"
code=$?
check "the exit status is 0 or 3" test $code -eq 0 -o $code -eq 3
"$PARBENCH" doctor >"$T/out" 2>"$T/err"
code=$?
verdict=$(tail -n 1 "$T/out")
case $code:$verdict in
0:"fit to measure" | 0:"fit with care: "* | "3:not fit: "*"; first: "*) ok "and the last line says the same" 0 ;;
*) ok "and the last line says the same" 1 ;;
esac
lacks "no colour in a pipe" "$escape"
for title in load quota governor turbo 'clock source' 'clock resolution' 'huge pages' aslr 'other work' 'steal now' jitter; do
    says "it looks at: $title" "(ok|note|warn|-) +$title "
done
check "no line but the verdict is wider than a terminal" awk 'length > 82 && !/^not fit|^fit/ { bad = 1 } END { exit bad }' "$T/out"
"$PARBENCH" doctor --json >"$T/out" 2>"$T/err"
query 'd["verdict"] in ("fit", "care", "unfit") and d["findings"]
    and all(f["level"] in ("ok", "note", "warn", "unknown") and f["seen"] for f in d["findings"])
    and all(f["advice"] for f in d["findings"] if f["level"] in ("note", "warn"))
    and d["jitter"]["loops"] >= 1 and d["jitter"]["q25_ns"] <= d["jitter"]["median_ns"] <= d["jitter"]["worst_ns"]
    and 0 <= d["jitter"]["slow_share"] <= 0.5 and d["clock_resolution_ns"] > 0'
ok "--json is JSON, complete, and each trouble comes with advice" $?
"$PARBENCH" doctor --quick --format json >"$T/out" 2>"$T/err"
query 'd["jitter"] is None and not [f for f in d["findings"] if f["id"] in ("jitter", "steal_now", "other_work")]'
ok "--quick reads, and measures nothing" $?
exits 2 "a format that is none" "$PARBENCH" doctor --format xml
says "is told" 'expected text or json, found "xml"'
exits 2 "doctor takes no operand" "$PARBENCH" doctor now

# ---- a made-up machine ----
cpu=/sys/devices/system/cpu
put $cpu/online 0-1
put /proc/self/status "Cpus_allowed_list:	0-1"
put /proc/loadavg '0.01 0.02 0.03 1/50 99'
put $cpu/cpu0/cpufreq/scaling_governor performance
put $cpu/cpu1/cpufreq/scaling_governor performance
exits 0 "a machine with nothing against it" "$PARBENCH" doctor --quick --root "$T/root"
says "is fit" 'ok +governor +performance.* fit to measure $'
put $cpu/smt/active 1
exits 0 "with two threads per core" "$PARBENCH" doctor --quick --root "$T/root"
says "it takes care" 'note +smt .* fit with care: smt $'
put $cpu/cpu1/cpufreq/scaling_governor powersave
put /proc/loadavg '8.00 0.02 0.03 1/50 99'
exits 3 "busy, and with a slow CPU" "$PARBENCH" doctor --quick --root "$T/root"
says "it is not fit, and it says what to change first" \
    'warn +load +8.00 over the last minute, on 2 CPUs.*warn +governor +mixed.*not fit: load, governor; first: end what'

# ---- what run makes of it ----
exits 0 "a run" "$PARBENCH" run -k saxpy -b scalar -t f32 -s 64 --rounds 1 -o "$T/run.json"
lines=$(grep -c 'not fit to measure' "$T/err")
cp "$T/run.json" "$T/out"
query 'len(d["fitness"]) >= 15 and {"load", "governor", "quota", "clock_resolution"} <= {f["id"] for f in d["fitness"]}'
ok "stores the facts in its file" $?
query "sum(f['level'] == 'warn' for f in d['fitness']) > 0 if $lines else not any(f['level'] == 'warn' for f in d['fitness'])"
ok "warns if and only if one of them is a warning" $?
check "in one line at most" test "$lines" -le 1
valid "and the file is as the schema says" "$T/run.json"
done_testing
