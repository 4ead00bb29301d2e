#!/bin/sh
# peers_report.sh DIR BUILD PAGE [PART..]: puts what was measured into the page (tests/evidence/page.sh). What was not measured
# stays as it stands.
set -eu
# shellcheck disable=SC2034  # page is for page.sh
evidence=$1 build=$2 page=$3
shift 3
work=$(mktemp -d "${TMPDIR:-/tmp}/parbench-report.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# shellcheck source=tests/evidence/page.sh
. "$(dirname "$0")/page.sh"

for part in "$@"; do
    set -- "$evidence/$part"/*.group
    [ ! -e "$1" ] || table "$part" "make bench-peers-$part" "$build/tests/evidence/peers-table" "$@"
done
[ ! -s "$evidence/overhead.md" ] || table overhead "make bench-peers-overhead" cat "$evidence/overhead.md"
