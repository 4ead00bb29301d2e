#!/bin/sh
# parbench export: every format is what its readers take, and the C header chooses what recommend does.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

reference=results/reference/debian12-xeon-2core.json
if ! python3 -c '' 2>/dev/null; then
    skip "export" "python3 is not installed"
    done_testing
fi
made() { # made FILE [EDIT]
    file=$1
    shift
    python3 tests/data/recommend.py "$T/$file" "$@"
}
export_to() { # export_to OUT FORMAT FILE [OPTION]..
    to=$1 format=$2
    shift 2
    exits 0 "--format $format of ${1##*/}" "$PARBENCH" export --format "$format" -o "$T/$to" "$@"
}
made all.json
# What a hostile or clumsy name must not break: comments, literals, cells, fields, identifiers.
made odd.json '
tree["machine"]["cpu"] = "A */ \"CPU\" <b>|, ??/\\"
tree["machine"]["devices"][0]["name"] = "GPU \"1\" */, ??/ \\"
for p in tree["points"]:
    if p["device"]:
        p["device"] = tree["machine"]["devices"][0]["name"]
    if p["dtype"] == "f64":
        p["kernel"], p["dtype"] = ("sax-py", "f32") if p["backend"] == "simd" else ("sax_py", "f32")
    if p["backend"] == "scalar" and p["n"] == 1024:
        p["status"], p["reason"] = "wrong", "differs, by \"3\""'

# ---- the C header: compiled as C99 and C++11, and held against recommend ----
cat >"$T/chooser.c" <<'END'
#include "dispatch.h"
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    static const char *const names[] = { "scalar", "simd", "openmp", "opencl", "mpi", "blas" };
    for (int i = 1; i < argc; i++) {
        const size_t n = (size_t)strtoull(argv[i], NULL, 10);
        printf("%s|always|%s|%s\n", argv[i], names[parbench_choose_saxpy_f32(n)], parbench_choice_saxpy_f32(n)->label);
        printf("%s|resident|%s|%s\n", argv[i], names[parbench_choose_saxpy_f32_resident(n)],
               parbench_choice_saxpy_f32_resident(n)->label);
    }
    return PARBENCH_SAXPY_F32_N_MIN < PARBENCH_SAXPY_F32_N_MAX ? 0 : 1;
}
END
cp "$T/chooser.c" "$T/chooser.cc"
cat >"$T/agree.py" <<'END'
import json, subprocess, sys
parbench, chooser, source = sys.argv[1:]
low, high = 256, 4194304
sizes = sorted({round(low * (high / low) ** (k / 400)) for k in range(401)})
tree = json.loads(subprocess.check_output([parbench, "recommend", "saxpy", "--dtype", "f32", "--force", "--format", "json",
    "--from", source, "--size", ",".join(map(str, sizes))]))
allowed = {(a["n"], a["residency"]): {c["label"]: c["backend"] for c in a["candidates"] if c["may_win"]} for a in tree["answers"]}
chosen = subprocess.check_output([chooser] + list(map(str, sizes)), text=True).splitlines()
assert len(chosen) == len(allowed) == 2 * len(sizes), (len(chosen), len(allowed))
backends = set()
for line in chosen:
    n, residency, backend, label = line.split("|")
    assert allowed[int(n), residency].get(label) == backend, (line, allowed[int(n), residency])
    backends.add(backend)
assert len(backends) > 1, backends
# beyond what was measured: the nearest choice
far = subprocess.check_output([chooser, "0", "1", "1000000000000"], text=True).splitlines()
assert [f.split("|")[2:] for f in far[:4]] == [c.split("|")[2:] for c in chosen[:2]] * 2, far
assert [f.split("|")[2:] for f in far[4:]] == [c.split("|")[2:] for c in chosen[-2:]], far
END
tried=0
for compiler in "gcc -std=c99" "clang -std=c99" "g++ -std=c++11" "clang++ -std=c++11" "${CC:-cc} -std=c11"; do
    command -v "${compiler%% *}" >/dev/null || continue
    case $compiler in *++*) source=chooser.cc ;; *) source=chooser.c ;; esac
    for file in "$T/all.json" "$reference" "$T/odd.json"; do
        "$PARBENCH" export --format c-header "$file" >"$T/dispatch.h" 2>"$T/err"
        # shellcheck disable=SC2086  # a command with its option
        check "${file##*/}: a program with the header, by $compiler" \
            $compiler -Wall -Wextra -Wpedantic -Wundef -Werror -o "$T/chooser" "$T/$source"
        check "it chooses what recommend says" python3 "$T/agree.py" "$PARBENCH" "$T/chooser" "$file"
    done
    tried=$((tried + 1))
done
[ $tried -gt 0 ]
ok "there is a compiler" $?
export_to dispatch.h c-header "$T/all.json"
cp "$T/dispatch.h" "$T/out"
says "the thresholds are macros" '#define PARBENCH_SAXPY_F32_OPENMP_FROM 4[0-9]{4} #define PARBENCH_SAXPY_F32_OPENMP_FROM_LOW 16384 #define PARBENCH_SAXPY_F32_OPENMP_FROM_HIGH 65536'
says "with what the wrong choice costs" 'between 16 Ki and 64 Ki either may be the faster, +\* and the wrong one costs at most [0-9.]+ %'
says "the sizes measured" '#define PARBENCH_SAXPY_F32_N_MIN 256 #define PARBENCH_SAXPY_F32_N_MAX 4194304'
says "the machine and the date" '\* CPU +A Test CPU .* device +Test GPU \(gpu\), Test Driver 1.0 .* measured +2026-11-22T10:00:00Z'
export_to odd.h c-header "$T/odd.json"
cp "$T/odd.h" "$T/out"
says "two kernels that C cannot tell apart have two names" 'parbench_choose_sax_py_f32\(.*parbench_choose_sax_py_f32__2\('
# Two headers in one program.
"$PARBENCH" export --format c-header -k saxpy "$reference" >"$T/one.h"
"$PARBENCH" export --format c-header -k matmul "$reference" >"$T/two.h"
printf '#include "one.h"\n#include "two.h"\nint main(void) { return (int)parbench_choose_saxpy_f32(1) + (int)parbench_choose_matmul_f32(1) > 99; }\n' >"$T/two.c"
check "two headers in one program" "${CC:-cc}" -Wall -Wextra -Werror -o "$T/two" "$T/two.c"

# ---- CSV ----
export_to all.csv csv "$T/odd.json"
check "CSV: RFC 4180, one row per point" python3 -c 'import csv, json, sys
text = open(sys.argv[1], "rb").read()
assert text.count(b"\n") == text.count(b"\r\n") == 57, text.count(b"\n")
rows = list(csv.DictReader(open(sys.argv[1], newline=""), strict=True))
points = json.load(open(sys.argv[2]))["points"]
key = lambda p: (p["kernel"], p["dtype"], int(p["n"]), p["backend"], p["device"] or "", p["residency"])
have, want = {key(r): r for r in rows}, {key(p): p for p in points}
assert have.keys() == want.keys() and None not in rows[0], set(have) ^ set(want)
for k, p in want.items():
    r = have[k]
    assert abs(float(r["estimate_ns"]) / p["time_ns"]["estimate"] - 1) < 1e-8 and r["status"] == p["status"], (r, p)
    assert (r["reason"] or None) == p["reason"] and r["h2d_ns"] == "" and r["invocations"] == "6" and r["samples"] == "24", r' \
    "$T/all.csv" "$T/odd.json"

# ---- JSON ----
export_to flat.json json "$T/odd.json"
check "JSON: flat, strict, every key in docs/recommend.md" python3 -c 'import json, sys
def no_constant(text): raise ValueError(text)
tree = json.load(open(sys.argv[1]), parse_constant=no_constant)
doc = open(sys.argv[2]).read()
assert tree["schema"] == 1 and tree["rounds"] == 6 and len(tree["points"]) == 56
for p in tree["points"]:
    assert not any(isinstance(v, (dict, list)) for v in p.values()), p
    for key in p:
        assert chr(96) + key + chr(96) in doc, key
assert sum(p["status"] == "wrong" for p in tree["points"]) == 2' "$T/flat.json" docs/recommend.md

# ---- Markdown ----
export_to all.md markdown "$T/odd.json"
# shellcheck disable=SC2016  # awk
check "Markdown: every row of a table has as many cells as its head" awk '
    /^### / { width = 0 }
    /^\|/ { line = $0; gsub(/\\\|/, "", line); cells = gsub(/\|/, "", line); if (!width) width = cells; if (cells != width) exit 1; rows++ }
    END { if (rows < 30) exit 1 }' "$T/all.md"
cp "$T/all.md" "$T/out"
says "the fastest is bold" '\| 4 Mi \| .*\*\*12\.2 µs\*\*'
says "a wrong point says so" '\| 1 Ki \|.* wrong \|'
says "names stay text" 'A \*/ "CPU" &lt;b>\\\||A \\\*/ "CPU" &lt;b>\\\|'

# ---- Bencher Metric Format ----
export_to all.bmf bmf "$T/all.json"
check "BMF: a latency with its limits per point" python3 -c 'import json, sys
tree = json.load(open(sys.argv[1]))
assert len(tree) == 56, len(tree)
for name, measures in tree.items():
    m = measures["latency"]
    assert list(measures) == ["latency"] and m["lower_value"] < m["value"] < m["upper_value"], (name, measures)' "$T/all.bmf"

# ---- google/benchmark ----
made slower.json '
for p in tree["points"]:
    for i in p["invocations"]:
        i["samples_ns"] = [1.5 * s for s in i["samples_ns"]]'
export_to old.gbench gbench "$T/all.json"
export_to new.gbench gbench "$T/slower.json"
check "gbench: six repetitions and four aggregates per point" python3 -c 'import json, statistics, sys
tree = json.load(open(sys.argv[1]))
runs = {}
for b in tree["benchmarks"]:
    assert b["time_unit"] == "ns" and b["real_time"] == b["cpu_time"] > 0, b
    runs.setdefault(b["run_name"], []).append(b)
assert len(runs) == 56 and tree["context"]["num_cpus"] == 2
for name, all in runs.items():
    times = [b["real_time"] for b in all if b["run_type"] == "iteration"]
    assert len(times) == 6 and [b["repetition_index"] for b in all[:6]] == list(range(6))
    sums = {b["aggregate_name"]: b["real_time"] for b in all if b["run_type"] == "aggregate"}
    assert sums.keys() == {"mean", "median", "stddev", "cv"}, sums
    assert all[6]["name"] == name + "_mean" and abs(sums["mean"] / statistics.mean(times) - 1) < 1e-9
    assert abs(sums["median"] / statistics.median(times) - 1) < 1e-9 and abs(sums["stddev"] / statistics.stdev(times) - 1) < 1e-6' "$T/old.gbench"
compare_py=${GBENCH_COMPARE:-/usr/share/benchmark/compare.py}
if [ ! -f "$compare_py" ]; then
    skip "google/benchmark's compare.py" "not installed (Debian: libbenchmark-tools)"
elif ! /usr/bin/python3 -c 'import scipy, numpy' 2>/dev/null; then
    skip "google/benchmark's compare.py" "python3-scipy is not installed"
else
    exits 0 "google/benchmark's compare.py reads two exports" /usr/bin/python3 "$compare_py" --no-color benchmarks "$T/old.gbench" "$T/new.gbench"
    says "and finds the slow-down" 'saxpy/f32/simd/avx2/x1/1024 +\+0\.5000'
    says "with its U test" 'saxpy/f32/simd/avx2/x1/1024_pvalue +0\.00'
    says "over all" 'OVERALL_GEOMEAN +\+0\.50'
    made broken.json 'tree["points"][0]["status"], tree["points"][0]["reason"] = "failed", "it crashed"'
    export_to broken.gbench gbench "$T/broken.json"
    exits 0 "and one with a failed point" /usr/bin/python3 "$compare_py" --no-color benchmarks "$T/old.gbench" "$T/broken.gbench"
fi

# ---- where it is written ----
exits 0 "without -o: standard output" "$PARBENCH" export --format csv "$T/odd.json"
cmp -s "$T/all.csv" "$T/out"
ok "the same bytes" $?
exits 2 "no such folder" "$PARBENCH" export --format csv -o "$T/none/out.csv" "$T/all.json"
says "what to do" 'cannot write .*none/out.csv: No such file or directory: create its folder first'
check "nothing is left behind" sh -c "! ls '$T'/*.tmp-* 2>/dev/null"
exits 2 "no such file" "$PARBENCH" export --format csv "$T/none.json"
exits 2 "no such format" "$PARBENCH" export --format xml "$T/all.json"
exits 2 "no such kernel" "$PARBENCH" export -k nothing "$T/all.json"
made failed.json '
for p in tree["points"]:
    p["status"], p["reason"] = "failed", "it crashed"'
for format in c-header csv markdown gbench bmf json; do
    exits 3 "--format $format where no point counts" "$PARBENCH" export --format $format "$T/failed.json"
done
made empty.json 'tree["points"] = []'
exits 3 "a file without points" "$PARBENCH" export --format c-header "$T/empty.json"
done_testing
