#!/bin/sh
# What every command has in common: help, exit codes, mistakes named with what was expected, and input that is broken.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

data=tests/data/synthetic_crossover.json
escape=$(printf '\033')
empty() { # empty NAME FILE
    ! [ -s "$2" ]
    ok "$1" $?
}
strict() { # strict NAME: the last output is JSON to the letter: no NaN, no key twice
    cp "$T/out" "$T/json"
    check "$1" python3 -c "import json, sys
def no_constant(text): raise ValueError(text)
def no_double(pairs):
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)
json.load(open(sys.argv[1]), parse_constant=no_constant, object_pairs_hook=no_double)" "$T/json"
}

# ---- help ----
exits 2 "parbench alone is a mistake" "$PARBENCH"
says "that shows what there is" 'Usage: parbench COMMAND.*Commands:'
exits 0 "--version" "$PARBENCH" --version
says "tells version, commit and compiler" 'parbench [0-9]+\.[0-9]+\.[0-9]+.* \(git .*, (gcc|clang|.*) [0-9]'
exits 0 "--help" "$PARBENCH" --help
says "names the exit codes" '0 +fine.*1 +a regression.*2 +usage.*3 +inconclusive'
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$T/out")
check "it lists commands" test -n "$commands"
lacks "the hidden one is not among them" '^ +worker '
"$PARBENCH" help --man | sed 's/\\-/-/g' >"$T/man"
for command in $commands; do
    exits 0 "$command --help" "$PARBENCH" "$command" --help
    cp "$T/out" "$T/help"
    says "shows its usage, options and examples" "Usage: parbench $command.*--help.*Examples:"
    empty "nothing goes to the error stream" "$T/err"
    check "no line is wider than a terminal" awk 'length > 80 { bad = 1 } END { exit bad }' "$T/help"
    "$PARBENCH" help "$command" >"$T/same"
    check "help $command shows the same" cmp "$T/help" "$T/same"
    grep -o '^ *\(-[a-zA-Z], \)\?--[a-z-]*' "$T/help" | grep -o -- '--.*' >"$T/options"
    check "the manual page has every option of $command" sh -c \
        "while read -r option; do grep -q -e \"\$option\" '$T/man' || exit 1; done <'$T/options'"
    exits 2 "$command with an option that is none" "$PARBENCH" "$command" --no-such-option
    says "points to the help" "parbench $command: unknown option --no-such-option.*See: parbench $command --help"
done

# ---- mistakes: ARGUMENTS | what the message says ----
while IFS='|' read -r arguments message; do
    # shellcheck disable=SC2086  # the arguments are meant to split
    exits 2 "parbench $arguments" "$PARBENCH" $arguments
    says "says what was wrong" "$message"
    empty "on the error stream alone" "$T/out"
done <<'END'
rnu|unknown command rnu: did you mean run\?
frobnicate|unknown command frobnicate
-x|unknown option -x
run --bakend simd|unknown option --bakend: did you mean --backend\?
run --backend|--backend needs a value
run -b|needs a value
run --quick=3|--quick takes no value
run --quick --thorough|exclude one another
run extra|unexpected argument "extra"
run --rounds 0|--rounds: 0 is out of range: expected 1 to 64
run --rounds 65|--rounds: 65 is out of range
run --rounds many|"many" is not a count
run --rounds 99999999999999999999|too large
run --seed 0|--seed: 0 is out of range
run --precision 0|"0" is not a share
run --precision 2|no percent sign: expected 2%
run --time-limit -3|"-3" is not a time
run --point-timeout inf|"inf" is not a time
run --threads 0|--threads: "0"
run --ranks 1,x|--ranks: "x"
run --size 0|--size: "0"
run --size 12Q|12Q
run --size 8..4|8..4
run --size saxpi=64|saxpi
run --kernel saxpi|did you mean saxpy
run --dtype f16|"f16" is not a data type: f32, f64
run --isa mmx|no instruction set "mmx"
run --residency never|"never" is none of
run -b scalar --threads 0|--threads: "0" is not a number of workers
run -b scalar --ranks x|--ranks: "x" is not a number of workers
run -b scalar --isa mmx|no instruction set "mmx"
run --threads 65537|--threads: "65537" is too large: expected at most 65536
run --ranks 99999999999999999999|--ranks: "99999999999999999999" is too large: expected at most 65536
run -b scalar --device gpu|--device applies to opencl, which is not among the backends of this run
run -b scalar,simd --ranks 2|--ranks applies to mpi, which is not among the backends
run -b scalar --threads 2|--threads applies to openmp or blas, which is not among the backends
run --resume|--resume needs -o FILE
run --plugin /none.so -k saxpy|/none.so
verify --isa best|no instruction set "best"
list kernel|did you mean kernels
list nothing|expected kernels, backends or devices
list kernels backends|backends
help nothing|unknown command nothing
plot|too few arguments
plot --format pdf x.json|expected svg, png or both, found "pdf"
crossover|too few arguments
crossover --format xml x.json|expected text or json, found "xml"
crossover -k saxpi tests/data/synthetic_crossover.json|no kernel "saxpi" in the files: did you mean saxpy\?
crossover -k dot tests/data/synthetic_crossover.json|no kernel "dot" in the files: there is
crossover -t f16 tests/data/synthetic_crossover.json|no data type "f16" in the files: there is
transfers -t f16 tests/data/synthetic_crossover.json|no data type "f16" in the files: there is
export -t f16 tests/data/synthetic_crossover.json|no data type "f16" in the files: there is
report -t f16 tests/data/synthetic_crossover.json|no data type "f16" in the files: there is
plot -t f16 tests/data/synthetic_crossover.json|no data type "f16" in the files: there is
peaks -t f16 tests/data/synthetic_crossover.json|no data type "f16" in the files: there is
history -t f16 tests/data/synthetic_crossover.json|no data type "f16" in the files: there is
compare -t f16 tests/data/synthetic_crossover.json tests/data/synthetic_crossover.json|no data type "f16" in the files: there is
worker|--backend is missing
END

exits 0 "verify's own lists are no mistake" "$PARBENCH" verify -b scalar -k saxpy -s 17
exits 0 "--residency both" "$PARBENCH" run -k saxpy -b scalar -t f32 -s 64 --rounds 1 --residency both -o "$T/both.json"
if usable mpi; then
    exits 2 "far more ranks than cores" "$PARBENCH" run -b mpi -k saxpy -t f32 -s 64 --ranks 1,60000
    says "are refused" '--ranks: 60000 ranks are more than 8 for each of the [0-9]+ core'
else
    skip "far more ranks than cores" "mpi is not usable here"
fi

# ---- signals ----
watches() { # watches PID: its handler of SIGTERM is set
    mask=$(sed -n 's/^SigCgt:[[:space:]]*[0-9a-f]*\([0-9a-f]\{8\}\)$/\1/p' "/proc/$1/status" 2>/dev/null)
    [ $((0x${mask:-0} & 0x4000)) -ne 0 ]
}
endless() { # endless FILE: a run whose one call takes minutes, in this very process; leaves its number in $pid
    "$PARBENCH" run -k matmul -b scalar -t f64 -s 6000 --no-canaries --rounds 1 --in-process -o "$1" >"$T/out" 2>"$T/err" &
    pid=$!
    tries=0
    until watches $pid || [ $tries -gt 600 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
}
endless "$T/endless.json"
kill -TERM $pid
kill -TERM $pid
sleep 1.5
check "two signals at once are one wish" kill -0 $pid
kill -TERM $pid
wait $pid
code=$?
ok "a later one kills (exit status $code)" $((code != 143))

# ---- JSON ----
for what in '' kernels backends devices; do
    exits 0 "list $what --json" "$PARBENCH" list ${what:+"$what"} --json
    strict "is strict JSON"
done
exits 0 "crossover --format json" "$PARBENCH" crossover --format json $data
strict "is strict JSON"
exits 0 "crossover reads standard input" sh -c "\"$PARBENCH\" crossover - <$data"

# ---- files that cannot be used ----
: >"$T/empty.json"
head -c 3000 $data >"$T/cut.json"
sed 's/"schema": *1/"schema": 99/' $data >"$T/newer.json"
printf '{"schema": 1,\n "points": [{"kernel": 3}]}' >"$T/type.json"
printf '{"schema": 1,,}' >"$T/syntax.json"
printf '[]' >"$T/array.json"
for command in crossover plot; do
    while IFS='|' read -r file message; do
        exits 2 "$command $file" "$PARBENCH" $command "$T/$file"
        says "says what is wrong, and where" "parbench $command: $message"
    done <<END
none.json|cannot read $T/none.json: No such file
.|cannot read $T/.: Is a directory
empty.json|$T/empty.json is empty
cut.json|$T/cut.json:[0-9]+:[0-9]+: .*cut short
newer.json|$T/newer.json:2:[0-9]+: this file has schema 99, this parbench reads schema 1: update parbench
type.json|$T/type.json:2:[0-9]+: expected a string for "kernel", found a number
syntax.json|$T/syntax.json:1:14: expected a key
array.json|$T/array.json:1:1: not a parbench result
END
done
exits 0 "a run of one backend" "$PARBENCH" run -k saxpy -b scalar -t f32 -s 64 --rounds 1 --seed 7 -o "$T/one.json"
exits 3 "has nothing to compare" "$PARBENCH" crossover "$T/one.json"
says "and crossover says what is needed" 'nothing could be compared: measure two backends at two sizes'
exits 3 "and nothing to plot" "$PARBENCH" plot "$T/one.json" -o "$T/pictures"
says "which plot says" 'nothing to plot'

# ---- names that hold anything ----
python3 - "$T/one.json" "$T/odd.json" <<'END'
import json, sys
record = json.load(open(sys.argv[1]))
for point in record["points"]:
    point["device"] = 'a "card"\n=one\x1b[2J\u009b2J'
json.dump(record, open(sys.argv[2], "w"))
END
"$PARBENCH" compare "$T/odd.json" "$T/odd.json" --format csv >"$T/printed"
check "CSV has one line for a point, whatever its device is called" python3 - "$T/printed" <<'END'
import csv, sys
text = open(sys.argv[1], newline="").read()
assert text.count("\n") == text.count("\r") == 2 and "\x1b" not in text, text
rows = list(csv.DictReader(text.splitlines()))
assert rows[0]["device"] == 'a "card" =one [2J\u009b2J', rows
END
"$PARBENCH" compare "$T/odd.json" "$T/odd.json" --format junit >"$T/printed"
check "JUnit has no control characters, those behind DEL neither" python3 - "$T/printed" <<'END'
import sys
text = open(sys.argv[1], encoding="utf-8").read()
assert "card" in text
assert not [c for c in text if ord(c) < 32 and c != "\n" or 0x7f <= ord(c) <= 0x9f], text
END

# ---- where the output goes ----
for arguments in list "list devices" "crossover $data" "verify -k saxpy -b scalar -s 17" "--help"; do
    # shellcheck disable=SC2086  # the arguments are meant to split
    exits 0 "parbench $arguments, piped" env TERM=xterm-256color "$PARBENCH" $arguments
    lacks "has no colour codes" "$escape"
done
exits 2 "output that cannot be written" sh -c "\"$PARBENCH\" list >/dev/full"
says "is told" 'cannot write the output: No space left'
done_testing
