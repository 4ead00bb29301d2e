#!/bin/sh
# compare_speed.sh - how long parbench compare takes for large files: a table in Markdown.
#
#   PARBENCH=build/parbench COMPARE_FILES=build/tests/evidence/compare_files compare_speed.sh ROUNDSxSAMPLES..
#
# POINTS points a file (10000); each pair of files is compared REPEATS times (7), the pairs in turn, so that a change of
# the machine meets all of them. PARBENCH may name several programs, to compare them.
set -eu
PARBENCH=${PARBENCH:-build/parbench}
COMPARE_FILES=${COMPARE_FILES:-build/tests/evidence/compare_files}
POINTS=${POINTS:-10000}
REPEATS=${REPEATS:-7}
[ $# -gt 0 ] || set -- 3x3 12x15 12x31

time=$(command -v time) && [ -x "$time" ] || time=/usr/bin/time
[ -x "$time" ] || { echo "compare_speed.sh: GNU time is needed to measure memory: install the package time" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for shape in "$@"; do
    "$COMPARE_FILES" "$POINTS" "${shape%x*}" "${shape#*x}" "$work/old-$shape.json" "$work/new-$shape.json"
done
i=0
while [ "$i" -lt "$REPEATS" ]; do
    for shape in "$@"; do
        for program in $PARBENCH; do
            status=0
            "$time" -q -f '%e %U %S %M' -o "$work/time" \
                "$program" compare "$work/old-$shape.json" "$work/new-$shape.json" >/dev/null 2>&1 || status=$?
            [ "$status" -ne 2 ] || { echo "compare_speed.sh: $program compare failed for $shape" >&2; exit 2; }
            awk '{ print $1, $2 + $3, $4 }' "$work/time" >>"$work/$(echo "$program" | tr / _)-$shape.times"
        done
    done
    i=$((i + 1))
done

# median COLUMN FILE
median() {
    sort -g -k "$1,$1" "$2" | awk -v column="$1" '{ value[NR] = $column } END { print value[int((NR + 1) / 2)] }'
}
echo "| program | points | rounds | samples | file | wall | CPU time | peak memory |"
echo "|:--|--:|--:|--:|--:|--:|--:|--:|"
for shape in "$@"; do
    bytes=$(wc -c <"$work/old-$shape.json")
    for program in $PARBENCH; do
        times=$work/$(echo "$program" | tr / _)-$shape.times
        printf '| %s | %s | %s | %s | %s MB | %.2f s | %.2f s | %s MB |\n' "$program" "$POINTS" "${shape%x*}" \
            "${shape#*x}" "$((bytes / 1000000))" "$(median 1 "$times")" "$(median 2 "$times")" \
            "$(($(median 3 "$times") / 1000))"
    done
done
