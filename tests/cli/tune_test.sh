#!/bin/sh
# parbench tune: what is right and fast is kept and used, what is wrong is out, and no file of the user is ever harmed.
# shellcheck source=tests/tap.sh disable=SC2317,SC2119,SC2120
. tests/tap.sh

if ! usable opencl; then
    skip "parbench tune" "OpenCL is not usable here"
    done_testing
    exit
fi
export PARBENCH_TUNE_FILE="$T/cache/deep/tune.json"
tune() { "$PARBENCH" tune --plugin "$PLUGINS/good_sets.so" -k good_sets -t f32 -d cpu "$@"; }
point() { # point EXPRESSION: of the OpenCL point `p` in the result file
    python3 -c "import json, sys
p, = [p for p in json.load(open(sys.argv[1]))['points'] if p['backend'] == 'opencl']
sys.exit(not ($1))" "$T/run.json" 2>>"$T/err"
}
measure() { # measure OPTION..: one OpenCL point of good_sets
    "$PARBENCH" run --plugin "$PLUGINS/good_sets.so" -k good_sets -t f32 -d cpu -b opencl -s 4096 --residency resident \
        --rounds 1 --quick --no-canaries --no-links --no-refine -o "$T/run.json" "$@"
}

# ---- nothing is known ----
exits 0 "a run before anything is tuned" measure
point 'p["tuning"] == "slow-cpu" and p["status"] == "ok"'
ok "has the default's name in its file" $?
valid "which satisfies the schema" "$T/run.json"

# ---- finding ----
exits 0 "a dry run" tune --dry-run
says "finds the fast one" 'fast-cpu .*kept'
says "throws out what is wrong" 'wrong-cpu .*wrong: '
says "also where it is wrong at an edge alone" 'tail-cpu .*wrong: '
says "and what does not compile" 'broken-cpu .*failed: .*(undeclared|compile)'
lacks "says nothing of other devices' parameters" '-gpu'
[ ! -e "$PARBENCH_TUNE_FILE" ]
ok "and keeps nothing" $?
exits 0 "tuning" tune
says "tells where it is kept" "Kept in $PARBENCH_TUNE_FILE"
exits 0 "again" tune
says "it is known" 'fast-cpu, [0-9.]+ times .*kept from .*--force'
exits 0 "with --force it is measured again" tune --force
says "with a table" 'slow-cpu .*the default'

# ---- using ----
exits 0 "a run" measure
point 'p["tuning"] == "fast-cpu" and p["status"] == "ok"'
ok "uses what was found, and says so" $?
sed 's/"fast-cpu"/"gone-cpu"/' "$PARBENCH_TUNE_FILE" >"$T/other" && cp "$T/other" "$PARBENCH_TUNE_FILE"
exits 0 "parameters that the kernel no longer has" measure
point 'p["tuning"] == "slow-cpu"'
ok "leave the default" $?
sed 's/"driver":.*/"driver": "another",/; s/"gone-cpu"/"fast-cpu"/' "$T/other" >"$PARBENCH_TUNE_FILE"
exits 0 "those of another driver" measure
point 'p["tuning"] == "slow-cpu"'
ok "too" $?

# ---- files ----
for text in 'no JSON' '{"parbench_tune": 99}'; do # more of them in tests/unit/tunings_test.c
    printf '%s' "$text" >"$PARBENCH_TUNE_FILE"
    exits 0 "a run beside a file that holds '$text'" measure
    says "tells that defaults are used" 'default parameters, since .*tune.json.*remove that file'
    exits 2 "which is not tuned over" tune
    says "and says so" 'tune.json would be overwritten: remove it'
    [ "$(cat "$PARBENCH_TUNE_FILE")" = "$text" ]
    ok "and is left as it was" $?
done
rm "$PARBENCH_TUNE_FILE"
PARBENCH_TUNE_FILE=/proc/nowhere/tune.json exits 2 "a file that cannot be made" tune
says "is told" 'nowhere/tune.json'
unset PARBENCH_TUNE_FILE
nowhere() { env -u HOME -u XDG_CACHE_HOME POCL_CACHE_DIR="$POCL_CACHE_DIR" "$PARBENCH" tune -k saxpy; }
exits 2 "no place to keep anything" nowhere
says "is told" 'set HOME, XDG_CACHE_HOME or PARBENCH_TUNE_FILE, or choose --dry-run'
home() { XDG_CACHE_HOME="$T/xdg" tune; }
exits 0 "the cache of the user" home
[ -s "$T/xdg/parbench/tune.json" ]
ok "is where it goes" $?
exits 3 "a kernel without parameters" "$PARBENCH" tune -k null --dry-run
says "is told" 'none of these kernels has parameters'

# ---- the forms for GPUs, on whatever is here ----
export PARBENCH_OPENCL_FORM=gpu
exits 0 "tuning the forms for GPUs" tune --dry-run
says "tries theirs" 'fast-gpu .*kept'
exits 0 "whose devices" "$PARBENCH" list devices
says "say so" 'forms for GPUs'
exits 0 "and whose kernels" "$PARBENCH" verify -b opencl -k matmul,reduce -t f32 -d cpu -s 1,129 --variant default \
    --residency resident
says "are right" '0 wrong'
done_testing
