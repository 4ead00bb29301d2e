#!/bin/sh
# The tools that make docs/evidence/crossover.md, on files whose crossing is made up. Their counting is tested here; no time.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh
tools=${BUILD:-build}/tests/evidence
simulator=${BUILD:-build}/tests/simulate/crossover
for tool in "$tools/crossover-agree" "$tools/crossover-exhaustive" "$tools/crossover-advice" "$simulator"; do
    [ -x "$tool" ]
    ok "$tool is built" $?
done

exits 0 "three searches of each kind" "$simulator" --runs 3 --seed 1
[ "$(grep -c '^| [a-z]' "$T/out")" -eq 19 ]
ok "a heading and a row for three noises and six laws" $?
cp "$T/out" "$T/once"
exits 0 "and once more" "$simulator" --runs 3 --seed 1
cmp -s "$T/out" "$T/once"
ok "gives the same numbers" $?

# ---- made-up runs: simd takes n ns, openmp 1000 + n / 2: they are level at 2000 ---------------------

cat >"$T/make.py" <<'END_PY'
import json, os, sys
folder, sizes, shift = sys.argv[1], [int(n) for n in sys.argv[2].split(",")], float(sys.argv[3])
record = json.load(open("tests/data/synthetic_crossover.json"))
like = record["points"][0]
record["machine"]["cpu"] = os.environ.get("CPU", "a made-up CPU")
record["points"] = []
for backend, workers, time in ("simd", 1, lambda n: n), ("openmp", 2, lambda n: shift * (1000 + n / 2)):
    for n in sizes:
        t = float(os.environ.get("TIMES_%s_%d" % (backend, n), 1)) * time(n)
        point = json.loads(json.dumps(like))
        point.update(kernel="saxpy", dtype="f32", backend=backend, n=n, workers=workers, status="ok", reason=None,
                     isa="avx2" if backend == "simd" else None)
        point["time_ns"].update(estimate=t, low=0.99 * t, high=1.01 * t)
        record["points"].append(point)
os.makedirs(os.path.dirname(folder), exist_ok=True)
json.dump(record, open(folder + ".json", "w"))
open(folder + ".run", "w").write("wall_s %s\nargs made up\n" % os.environ.get("WALL", "10.0"))
END_PY
make_run() { /usr/bin/env python3 "$T/make.py" "$@"; }

sizes=500,1000,1500,1800,2200,3000,4000,8000
make_run "$T/agree/0001" $sizes 1 && make_run "$T/agree/0002" $sizes 1.01 && make_run "$T/agree/0003" $sizes 1.3
ok "three runs are made up" $?
exits 0 "they are compared" "$tools/crossover-agree" "$T/agree"
says "two of the three pairs do not agree: the third run's openmp is slower" '1 of 3: 33 %'
says "all have a crossing" '. crossing 3 .'
says "not one from a search" '. 0 of 3 .'
says "the machine is named" 'a made-up CPU'
make_run "$T/agree/0004" 3000,4000,8000 1
exits 0 "with a run that ended elsewhere" "$tools/crossover-agree" "$T/agree"
says "its verdict is another" 'always_b 1'
says "and it is counted" 'not what most runs say: 1 of 4'
CPU=other make_run "$T/agree/0005" $sizes 1
exits 2 "a run of another machine" "$tools/crossover-agree" "$T/agree"
says "is refused" 'two machines'
exits 2 "no folder" "$tools/crossover-agree" "$T/none"
says "is no evidence" "no runs in $T/none"
printf 'wall_s' >"$T/agree/0005.run"
exits 2 "a run that was cut off" "$tools/crossover-agree" "$T/agree"
says "is none" 'remove it to measure it again'

# ---- every size -------------------------------------------------------------------------------------

WALL=100.0 make_run "$T/every/try-1/0001" 500,1000,1500 1 && WALL=20.5 make_run "$T/every/try-1/0002" 1900,2100,3000 1
WALL=10.0 make_run "$T/every/search-1/0001" $sizes 1
exits 0 "every size against the search" "$tools/crossover-exhaustive" "$T/every" simd openmp
says "the parts of the first are joined: their sizes, times and threshold" 'every size . 6 . 120 s . 1.95 Ki'
says "the ratio of the times" '. 12.1 .'
says "the claim is judged" '10 times less., whatever the accuracy . yes'
! grep -q 'scatter' "$T/out"
ok "accuracy is not told from one repetition" $?
i=0
for shift in 0.9 1 1.1; do
    i=$((i + 1))
    WALL=40.0 make_run "$T/fair/try-$i/0001" 500,1000,1500,1900,2100,3000 $shift
    WALL=10.0 make_run "$T/fair/search-$i/0001" $sizes "$(echo "$shift" | sed 's/0.9/0.99/; s/1.1/1.01/')"
done
exits 0 "three repetitions, every size ten times as far apart" "$tools/crossover-exhaustive" "$T/fair" simd openmp
says "four times as long" '. 4.0 .'
says "how far apart those of every size are" 'in ln t, scatters by .*3 of 3 .* 19.9 %'
says "and those of the search" 'search scatters by .* 2.0 %'
says "a hundred rounds would scatter as little" 'as little as a search . 99[.]'
says "and take four hundred times as long" 'so many times as long . 39[0-9][.]'
TIMES_openmp_3000=100 make_run "$T/every/try-1/0002" 1900,2100,3000 1
exits 0 "one size stalls" "$tools/crossover-exhaustive" "$T/every" simd openmp
says "then no threshold loses less than simd alone" 'every size . 6 . 110 s . -'
exits 2 "arms that were not measured" "$tools/crossover-exhaustive" "$T/every" simd opencl
says "are named" 'both simd and opencl'

# ---- recommendations --------------------------------------------------------------------------------

exits 0 "random sizes" "$tools/crossover-advice" sizes "$T/agree/0001.json" saxpy 20 7
tr , '\n' <"$T/out" | awk '$1 < 500 || $1 > 8000 { bad = 1 } END { exit bad || NR != 20 }'
ok "lie within what was measured, as many as asked for" $?
cp "$T/out" "$T/once"
exits 0 "the same seed" "$tools/crossover-advice" sizes "$T/agree/0001.json" saxpy 20 7
cmp -s "$T/out" "$T/once"
ok "gives the same sizes" $?
exits 2 "a kernel that was not measured" "$tools/crossover-advice" sizes "$T/agree/0001.json" reduce 20 7
says "is named" 'no kernel reduce'
make_run "$T/advice/saxpy" 700,1200,5000,7000 1
exits 0 "advice that is right" "$tools/crossover-advice" judge "$T/agree/0001.json" "$T/advice"
says "each time" 'all . 4 of 4: 100'
lacks "has no table of misses" 'expected'
TIMES_openmp_5000=3 make_run "$T/advice/saxpy" 700,1200,5000,7000 1
exits 0 "openmp is slower this time" "$tools/crossover-advice" judge "$T/agree/0001.json" "$T/advice"
says "so three were right" 'all . 3 of 4: 75'
says "and the fourth is told" 'saxpy f32 . 5000 . use openmp'

# ---- runs are kept, tables put into the page -----------------------------------------------------------

keep() { tests/evidence/keep_run.sh "$T/kept/0001" "$PARBENCH" -k saxpy -b scalar -s 64 -t f32 --quick --rounds 1 --no-canaries "$@"; }
exits 0 "a run is kept" keep
[ -s "$T/kept/0001.json" ] && grep -q '^wall_s [0-9.]*$' "$T/kept/0001.run"
ok "with its file and its time" $?
exits 0 "it is not measured again" keep
[ ! -s "$T/out" ]
ok "and nothing is said of it" $?
exits 2 "with other arguments" keep --seed 3
says "it is another run" 'other arguments'

mkdir -p "$T/dir" && mv "$T/agree" "$T/dir/agree" && mv "$T/advice" "$T/dir/recommend" && mv "$T/every" "$T/dir/exhaustive-saxpy"
rm -f "$T/dir/agree/0005.run" && echo '| a table |' >"$T/dir/sim-7.md"
cp docs/evidence/crossover.md "$T/page.md"
exits 0 "the report" tests/evidence/crossover_report.sh "$T/dir" "${BUILD:-build}" "$T/page.md"
grep -q 'make bench-crossover-sim SIM_RUNS=7' "$T/page.md" && grep -q '^| a table |$' "$T/page.md"
ok "has the simulation behind its command" $?
grep -q 'make bench-crossover-agree N=4' "$T/page.md" && grep -q 'all . 3 of 4' "$T/page.md" && grep -q '| every size | 6' "$T/page.md"
ok "and the other tables" $?
cp "$T/page.md" "$T/twice.md"
exits 0 "once more" tests/evidence/crossover_report.sh "$T/dir" "${BUILD:-build}" "$T/twice.md"
cmp -s "$T/page.md" "$T/twice.md"
ok "changes nothing" $?
done_testing
