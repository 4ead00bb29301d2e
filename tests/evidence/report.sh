#!/bin/sh
# report.sh EVIDENCE_DIR BUILD PAGE: puts what was measured into the page, each table between its marks <!-- table NAME -->
# and <!-- end NAME -->, behind the command that makes it. What was not measured stays as it stands.
set -eu
evidence=$1 build=$2 page=$3
tools=$build/tests/evidence
work=$(mktemp -d "${TMPDIR:-/tmp}/parbench-report.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# shellcheck source=tests/evidence/page.sh
. "$(dirname "$0")/page.sh"

count() { # count FOLDER: sessions in it
    find "$evidence/$1" -name '*.session' 2>/dev/null | wc -l
}

simulated() { # the rows of the largest number of sessions there is
    cat "$evidence/sim/$1".*.row | sort -t '|' -k 3,3 -k 4,4n -k 2,2n -k 5,5n
}

sessions=$(find "$evidence/sim" -name '*.row' 2>/dev/null | sed 's|.*/||; s|\..*||' | sort -n | tail -n 1)
if [ -n "$sessions" ]; then
    {
        # shellcheck disable=SC2016  # Markdown
        printf '`make bench-gate-sim SESSIONS=%s`: %s sessions in each row; the effect is in one point; all but the first ' \
            "$sessions" "$sessions"
        printf 'columns in percent.\n\n'
        "$tools/../simulate/gate" --points 0 | tail -n 2
        simulated "$sessions"
    } | insert sim
fi

for name in aa planted-5 planted-10 rebuild; do
    [ "$(count "$name")" -gt 0 ] || continue
    case $name in
    rebuild) how="make bench-gate-rebuild REBUILDS=$(count rebuild)" ;;
    *) how="make bench-gate-${name%-*} N=$(count "$name")" ;;
    esac
    table "$name" "$how" "$tools/gate-summary" "$evidence/$name"
    [ "$name" = rebuild ] || table "$name-rivals" "$how" "$tools/gate-rivals" "$evidence/$name"
done
[ "$(count aa)" -lt 2 ] || table blocks "make bench-gate-aa N=$(count aa)" "$tools/gate-rivals" --blocks "$evidence/aa"
for name in same unpaired; do
    [ ! -s "$evidence/$name.md" ] || table "$name" "make bench-gate-$name" cat "$evidence/$name.md"
done
