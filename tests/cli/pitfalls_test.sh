#!/bin/sh
# The traps that other suites fell into, as far as the sources and the whole program show them; docs/pitfalls.md lists every
# trap with the test that guards against it.
. tests/tap.sh

# ---- one clock, and it cannot be set ----
# PRK's C timer is settable wall time, and one fallback counts process time. MPI_Wtime may be wall time, too.
clocks='gettimeofday|CLOCK_REALTIME|CPUTIME|(^|[^_[:alnum:]])(clock|time|ftime|times)\(|timespec_get|MPI_Wtime\(|omp_get_wtime|rdtsc'
wrong_clocks() { # wrong_clocks FOLDER..: lines that read another clock than the monotonic one; comments do not count
    grep -rnE --include='*.c' --include='*.h' "$clocks" "$@" | grep -vE ':[0-9]+: */?\*'
}
wrong_clocks measure backends kernels results >"$T/out"
ok "nothing but the monotonic clock is read" $(($? == 0))
mkdir "$T/planted"
for call in 'gettimeofday(&t, NULL);' 'x = time(NULL);' 'x = clock();' 'clock_gettime(CLOCK_REALTIME, &t);' \
    'clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);' 'x = MPI_Wtime();' 'x = omp_get_wtime();'; do
    echo "    $call" >"$T/planted/x.c"
    wrong_clocks "$T/planted" >"$T/out"
    ok "the check finds $call" $?
done
grep -rn 'CLOCK_MONOTONIC' measure/clock.c >"$T/out"
ok "the stop-watch reads it" $?

# ---- nothing that was measured is left unnamed ----
backends=scalar,simd
for b in openmp opencl mpi; do ! usable $b || backends=$backends,$b; done
exits 0 "a run over every backend that is usable here" "$PARBENCH" run -b "$backends" -k saxpy,reduce -t f32 -s 64,4096 \
    --rounds 1 --time-limit 300 --seed 7 -o "$T/all.json"
cp "$T/out" "$T/table"
valid "its file satisfies the schema" "$T/all.json"
cat >"$T/check.py" <<'END'
"""Reads a result file as strict JSON and asserts what every point has to say about itself."""
import json, sys

def strict(name):
    raise SystemExit("the file holds %s" % name)

def not_twice(pairs):
    keys = [key for key, value in pairs]
    assert len(keys) == len(set(keys)), keys
    return dict(pairs)

record = json.load(open(sys.argv[1]), parse_constant=strict, object_pairs_hook=not_twice)
assert record["points"]
for p in record["points"]:
    what = (p["kernel"], p["backend"], p["n"])
    # POCL runs OpenCL on the CPU: without its type a "GPU" result is really the CPU's.
    if p["backend"] == "opencl":
        assert p["device"] and p["device_type"] in ("gpu", "cpu", "accelerator"), what
    else:
        assert p["device_type"] is None, what
    # RAJAPerf's GPU variants run on data that is there already.
    assert p["residency"] in ("host", "always", "once", "resident"), what
    assert (p["residency"] == "host") == (p["backend"] in ("scalar", "simd", "openmp")), what
    # clpeak reports 0 for a copy that never happened: here it is null.
    assert all(ns is None or ns >= 0 for ns in p["phases_ns"].values()), what
    if p["residency"] == "host" or (p["backend"] == "opencl" and p["residency"] == "resident"):
        assert p["phases_ns"]["h2d"] is None and p["phases_ns"]["d2h"] is None, what
    if p["status"] == "ok":
        assert p["verify"]["max_error"] <= p["verify"]["tolerance"], what
        assert all(i["samples_ns"] and min(i["samples_ns"]) > 0 for i in p["invocations"]), what
        assert all(i["first_call_ns"] > 0 for i in p["invocations"]), what
sys.exit(0)
END
check "every point names residency and device type, and holds no invented number" /usr/bin/env python3 "$T/check.py" "$T/all.json"
sed 's/"residency":\t*"host"/"residency": "resident"/' "$T/all.json" >"$T/spoilt.json"
! /usr/bin/env python3 "$T/check.py" "$T/spoilt.json" >"$T/out" 2>&1
ok "the check finds a wrong residency" $?

if usable opencl; then
    types=$("$PARBENCH" list devices | awk '$1 == "opencl" && / gpu /' | wc -l)
    grep -Eq 'opencl (gpu|cpu|accelerator) (always|resident)' "$T/table"
    ok "the table names an OpenCL device's type and where its data was" $?
    if [ "$types" -eq 0 ]; then
        grep -iq 'no GPU in this file' "$T/table"
        ok "and says that none of them was a GPU" $?
        ! grep -q 'opencl gpu' "$T/table" && ! grep -q '"device_type":[[:space:]]*"gpu"' "$T/all.json"
        ok "no CPU's number is called a GPU's" $?
        exits 2 "--backend gpu does not quietly run on a CPU" "$PARBENCH" run -b gpu -o "$T/gpu.json"
    fi
else
    skip "OpenCL device types" "no OpenCL here"
fi

# ---- nobody has to scrape ----
# OSU's regression job counts minus signs in an HTML page.
cat >"$T/verdicts.py" <<'END'
"""The documented keys and verdicts of `crossover --format json`."""
import json, sys
report = json.load(open(sys.argv[1]))
assert report["crossovers"]
for c in report["crossovers"]:
    assert c["verdict"] in ("crossing", "always_a", "always_b", "several", "unstable", "unmeasured"), c["verdict"]
    assert (c["verdict"] == "crossing") == (c["n"] is not None) == (c["time_ns"] is not None), c
    assert c["verdict"] in ("crossing", "always_a", "always_b", "several") or c["reason"], c
    for key in ("kernel", "dtype", "from", "to", "residency", "sign_changes", "agreement", "regret"):
        assert key in c, key
    for interval in (c["n"], c["time_ns"]):
        assert interval is None or interval["low"] <= interval["estimate"] <= interval["high"], c
END
for file in "$T/all.json" tests/data/synthetic_crossover.json tests/data/synthetic_gpu.json; do
    exits 0 "crossover --format json of $(basename "$file")" "$PARBENCH" crossover --format json "$file"
    cp "$T/out" "$T/report.json"
    check "has a stable verdict for every pair" /usr/bin/env python3 "$T/verdicts.py" "$T/report.json"
done
exits 2 "a file that is none has an exit code of its own" "$PARBENCH" crossover --format json tests/tap.sh
done_testing
