#!/bin/sh
# The search for a crossing behind the sweep, on a kernel whose crossing is known: n = 10000, whatever the machine does.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

few() {
    "$PARBENCH" run --plugin "$PLUGINS/good_crossing.so" -k good_crossing -b scalar,simd -t f32 -s '256..1Mi*16' \
        --rounds 3 --no-canaries "$@"
}
crossover() { "$PARBENCH" crossover --format json "$1"; }
crossing() { # crossing: n of the one crossover in $T/out
    tr -d ' \t\n' <"$T/out" | grep -o '"n":{"estimate":[0-9.]*' | grep -o '[0-9.]*$'
}
has_bouts() { grep -q '"bout":[1-9]' "$1"; }

exits 0 "a run with a search" few -o "$T/on.json"
check "its file holds bouts" has_bouts "$T/on.json"
valid "its file satisfies the schema" "$T/on.json"
exits 0 "its crossover" crossover "$T/on.json"
says "is a crossing" '"verdict":[[:space:]]*"crossing"'
says "that was searched for" '"refined":[[:space:]]*true'
awk -v n="$(crossing)" 'BEGIN { exit !(n > 5000 && n < 20000) }'
ok "near the size that is known" $?

exits 0 "a run without a search" few --no-refine -o "$T/off.json"
! has_bouts "$T/off.json"
ok "has no bouts" $?
exits 0 "its crossover" crossover "$T/off.json"
says "lies between two sizes of the sweep" '"refined":[[:space:]]*false'

exits 0 "in one process there is nobody to take turns with" few --in-process -o "$T/in.json"
! has_bouts "$T/in.json"
ok "no bouts there either" $?

done_testing
