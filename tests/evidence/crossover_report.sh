#!/bin/sh
# crossover_report.sh DIR BUILD PAGE: puts what was measured into the page (tests/evidence/page.sh). What was not measured
# stays as it stands.
set -eu
evidence=$1 build=$2 page=$3
tools=$build/tests/evidence
work=$(mktemp -d "${TMPDIR:-/tmp}/parbench-report.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# shellcheck source=tests/evidence/page.sh
. "$(dirname "$0")/page.sh"

runs=$(find "$evidence" -maxdepth 1 -name 'sim-*.md' 2>/dev/null | sed 's|.*/sim-||; s|\..*||' | sort -n | tail -n 1)
[ -z "$runs" ] || table sim "make bench-crossover-sim SIM_RUNS=$runs" cat "$evidence/sim-$runs.md"

count=$(find "$evidence/agree" -name '*.run' 2>/dev/null | wc -l)
[ "$count" -eq 0 ] || table agree "make bench-crossover-agree N=$count" "$tools/crossover-agree" "$evidence/agree"

exhaustive() { # exhaustive NAME A B
    repeats=$(find "$evidence/exhaustive-$1" -maxdepth 1 -name 'search-*' 2>/dev/null | wc -l)
    [ "$repeats" -eq 0 ] || table "exhaustive-$1" "make bench-crossover-exhaustive REPEATS=$repeats" \
        "$tools/crossover-exhaustive" "$evidence/exhaustive-$1" "$2" "$3"
}
exhaustive saxpy simd openmp
exhaustive matmul simd openmp

[ ! -d "$evidence/recommend" ] || table recommend "make bench-crossover-recommend" \
    "$tools/crossover-advice" judge "$evidence/agree/0001.json" "$evidence/recommend"
