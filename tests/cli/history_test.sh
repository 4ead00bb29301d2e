#!/bin/sh
# parbench history: generated result files, every format, exit codes, and files that are no history.
# shellcheck source=tests/tap.sh disable=SC2016,SC2317
. tests/tap.sh

# A point with three rounds; the noise is a fixed pattern over the days, at most 1 %.
point() { # point KERNEL N BACKEND NS DAY
    awk -v kernel="$1" -v n="$2" -v backend="$3" -v ns="$4" -v day="$5" 'BEGIN {
        ns *= 1 + ((day * 7 + n) % 11 - 5) / 500
        printf "{\"kernel\":\"%s\",\"dtype\":\"f32\",\"n\":%d,\"backend\":\"%s\",\"worker_kind\":\"core\",\"workers\":1,", kernel, n, backend
        printf "\"residency\":\"host\",\"cache\":\"hot\",\"status\":\"ok\",\"time_ns\":{\"estimate\":%.6g,\"estimator\":\"q25\",", ns
        printf "\"low\":%.6g,\"high\":%.6g,\"confidence\":0.75},\"invocations\":[]}", 0.99 * ns, 1.01 * ns }'
}

run() { # run FOLDER DAY CPU SAXPY_NS MATMUL_NS
    {
        printf '{"schema":1,"parbench":{"version":"0.1.0","git":"%s","compiler":"gcc 12"},' "$([ "$2" -lt 6 ] && echo c0 || echo c1)"
        printf '"run":{"id":"%s-%02d","started":"2026-03-%02dT01:02:03Z","command":["parbench"],"seed":1,"rounds":3,"complete":true},' "$3" "$2" "$2"
        printf '"machine":{"cpu":"%s","cores":2,"devices":[]},"points":[\n' "$3"
        point saxpy 1024 simd "$4" "$2"
        printf ',\n'
        point saxpy 4096 scalar 4000 "$2"
        printf ',\n'
        point matmul 64 simd "$5" "$2"
        printf ']}\n'
    } >"$1/day-$(printf %02d "$2").json"
}

mkdir "$T/nightly" "$T/two"
for day in 1 2 3 4 5 6 7 8 9 10; do
    run "$T/nightly" "$day" "Some CPU" "$([ "$day" -lt 6 ] && echo 100 || echo 120)" "$([ "$day" -lt 10 ] && echo 500 || echo 700)"
done
echo '{"something":"else"}' >"$T/nightly/other.json"
echo 'no JSON, and not read' >"$T/nightly/notes.txt"
valid "the generated files are result files" "$T/nightly/day-01.json"

# ---- the formats ----
exits 0 "a folder" "$PARBENCH" history "$T/nightly"
says "the step, with its interval and the run" 'saxpy f32 +1 Ki +simd +10 .*\+(19|20|21)\.[0-9] % \[\+[0-9.]+ \.\. \+[0-9.]+\] +2026-03-06 day-06\.json'
says "what else was new" '2026-03-06 day-06\.json: 1 slower; new with it: git c0 -> c1'
says "the newest run cannot be judged" 'matmul f32 .*, too new to tell +2026-03-10 day-10\.json'
says "what did not change" 'saxpy f32 +4 Ki +scalar +10 .*steady'
says "the tally" '1 changed, 1 too new to tell, 1 steady'
says "other JSON is skipped, and named" 'skipped: .*other\.json'
lacks "other files are not even named" 'notes\.txt'
lacks "no colours off a terminal" "$(printf '\033')"
check "--format json is JSON" sh -c '"$1" history --format json "$2" 2>/dev/null >"$3" && python3 -c "import json, sys
h = json.load(open(sys.argv[1]))
assert len(h[\"runs\"]) == 10 and len(h[\"series\"]) == 3, h
s = h[\"series\"][0]
assert (s[\"trend\"], s[\"kernel\"], s[\"n\"], len(s[\"values\"])) == (\"changed\", \"saxpy\", 1024, 10), s
assert [level[\"from_run\"] for level in s[\"levels\"]] == [0, 5], s[\"levels\"]
assert s[\"levels\"][1][\"ratio_low\"] <= s[\"levels\"][1][\"ratio\"] <= s[\"levels\"][1][\"ratio_high\"]
assert h[\"runs\"][5][\"slower\"] == 1" "$3"' - "$PARBENCH" "$T/nightly" "$T/history.json"
check "every line of the CSV has as many fields as its head" sh -c '"$1" history --format csv "$2" 2>/dev/null >"$3" && python3 -c "import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline=\"\"), restkey=\"more\", restval=None))
assert len(rows) == 3, len(rows)
assert all(\"more\" not in row and None not in row.values() for row in rows), rows
assert [row[\"trend\"] for row in rows] == [\"changed\", \"too new\", \"steady\"], rows
assert rows[0][\"step_started\"] == \"2026-03-06T01:02:03Z\", rows[0]" "$3"' - "$PARBENCH" "$T/nightly" "$T/history.csv"
"$PARBENCH" history "$T"/nightly/day-*.json >"$T/once"
"$PARBENCH" history "$T"/nightly/day-0[6-9].json "$T"/nightly/day-10.json "$T"/nightly/day-0[1-5].json >"$T/turned"
check "the order of the files is none of its business" cmp "$T/once" "$T/turned"
exits 0 "a file that is given twice" "$PARBENCH" history "$T/nightly" "$T/nightly/day-01.json"
says "counts once" 'day-01\.json is the same run as'

# ---- which points ----
exits 0 "one kernel" "$PARBENCH" history -k matmul "$T/nightly"
lacks "is all there is" 'saxpy'
exits 0 "one backend and size" "$PARBENCH" history -b simd -s 1Ki..4Ki "$T/nightly"
says "has the point" '1 changed \('
lacks "and no other" 'scalar'
exits 0 "a larger --min-change" "$PARBENCH" history -k saxpy --min-change 30% "$T/nightly"
says "finds nothing" '2 steady \(a step counts from 30 % on\)'
exits 2 "a kernel that is in no file" "$PARBENCH" history -k nope "$T/nightly"
says "names those that are" 'matmul, saxpy'
exits 2 "a backend that is in no file" "$PARBENCH" history -b opencl "$T/nightly"
exits 2 "a size that is none" "$PARBENCH" history -s many "$T/nightly"
exits 3 "a size that nobody measured" "$PARBENCH" history -s 7 "$T/nightly"
says "says so" 'nothing to show of [0-9]+ runs: no point is among those asked for'
python3 - "$T/nightly/day-01.json" "$T/bare.json" <<'END'
import json, sys
tree = json.load(open(sys.argv[1]))
tree["points"] = []
json.dump(tree, open(sys.argv[2], "w"))
END
exits 3 "a run without a point" "$PARBENCH" history "$T/bare.json"
says "says so" 'nothing to show of 1 run: no run has a point'

# ---- machines ----
cp "$T"/nightly/day-0[1-4].json "$T/two"
for day in 5 6 7 8; do run "$T/two" "$day" "Another CPU" 50 250; done
exits 0 "two machines" "$PARBENCH" history "$T/two"
says "the newest is shown" '^Another CPU, 2 cores: 4 runs'
says "the other is named" '4 of 8 files are of another machine \(Some CPU'
lacks "a change of machine is no step" 'changed'
exits 0 "--all-machines" "$PARBENCH" history --all-machines "$T/two"
says "shows both" 'Another CPU, 2 cores: 4 runs.*Some CPU, 2 cores: 4 runs'

# ---- the picture ----
if command -v gnuplot >/dev/null; then
    for format in svg png pdf; do
        exits 0 "a picture in $format" "$PARBENCH" history -o "$T/trend.$format" "$T/nightly"
        check "is there" test -s "$T/trend.$format"
    done
    check "names the change in words" grep -q 'saxpy f32, n = 1 Ki, simd: +' "$T/trend.svg"
else
    skip "pictures" "gnuplot is not installed"
fi
exits 2 "a picture of no known format" "$PARBENCH" history -o "$T/trend.gif" "$T/nightly"
says "names those that are" 'svg, .png or .pdf'

# ---- what is no history ----
exits 3 "one file" "$PARBENCH" history "$T/nightly/day-01.json"
says "says what to do" 'no point was measured in more than one'
exits 0 "three files" "$PARBENCH" history "$T"/nightly/day-0[1-3].json
says "are too few to tell" '3 with too few runs'
exits 2 "a named file that is no result" "$PARBENCH" history "$T/nightly/day-01.json" "$T/nightly/other.json"
mkdir "$T/empty"
exits 2 "an empty folder" "$PARBENCH" history "$T/empty"
says "says so" 'no result file in'
exits 2 "a file that is not there" "$PARBENCH" history "$T/no-such.json"
exits 2 "no file" "$PARBENCH" history
exits 0 "the help" "$PARBENCH" history --help
says "has examples" 'parbench history nightly/ -o trend.svg'

done_testing
