#!/bin/sh
# The tools that make docs/evidence/gate.md: sessions are kept, counted, and written into the page. No verdict is tested here.
# shellcheck source=tests/tap.sh
. tests/tap.sh
tools=${BUILD:-build}/tests/evidence
for tool in gate-summary gate-rivals hog; do
    [ -x "$tools/$tool" ]
    ok "$tool is built" $?
done

kept() { # kept NAME EXIT [PLANTED]: a session without files
    mkdir -p "$T/$1"
    printf 'exit %s\nwall_s 1.5\n%s' "$2" "${3:+planted $3
}" >"$T/$1/0001.session"
}
exits 2 "no folder is no evidence" "$tools/gate-summary" "$T/none"
says "and is named" "no sessions in $T/none"
kept cut 0
printf 'exit 0' >"$T/cut/0001.session"
exits 2 "a session that was cut off is none" "$tools/gate-summary" "$T/cut"
says "and the message helps" 'remove it to measure it again'
kept lost 2
exits 0 "a session that could not be measured counts as that" "$tools/gate-summary" "$T/lost"
says "in its row" 'could not be measured . 1 of 1: 100'

export AB_ARGS='-k saxpy -b scalar,simd -s 4096'
check "two sessions beside a neighbour" env HOG="$tools/hog" tests/evidence/sessions.sh "$T/slow" 2 "$PARBENCH" "$PARBENCH" 20
check "the first with one point made slower, the second with the other" \
    sh -c "grep -q '^planted saxpy:20:scalar:4096$' '$T/slow/0001.session' && grep -q '^planted saxpy:20:simd:4096$' '$T/slow/0002.session'"
check "only that point is: 21 times as slow, by far more than any noise" /usr/bin/env python3 - "$T/slow" <<'END_PY'
import json, sys
for session, slow in ("0001", "scalar"), ("0002", "simd"):
    old, new = (json.load(open("%s/%s-%s.json" % (sys.argv[1], session, side))) for side in ("old", "new"))
    for a, b in zip(old["points"], new["points"]):
        if a["kernel"] == "saxpy":
            ratio = b["time_ns"]["estimate"] / a["time_ns"]["estimate"]
            assert (ratio > 4) == (a["backend"] == slow), (session, a["backend"], ratio)
END_PY
check "sessions that are there are not measured again" tests/evidence/sessions.sh "$T/slow" 2 "$PARBENCH" "$PARBENCH" 20
[ ! -s "$T/out" ]
ok "and nothing is said of them" $?
exits 0 "they are counted" "$tools/gate-summary" "$T/slow"
says "as what they are" 'planted slow-down found . [0-2] of 2'
exits 0 "and judged by other tools' rules" "$tools/gate-rivals" "$T/slow"
says "each in its row" 'asv continuous . all . [0-2] of 2'
exits 0 "and compared twice" tests/evidence/same.sh "$PARBENCH" "$T/slow"
says "with the same bytes" '0 of 14'
exits 2 "a point that the session has not" env AB_ARGS='-k saxpy -b scalar -s 64' tests/evidence/sessions.sh "$T/other" 1 "$PARBENCH" "$PARBENCH" 20
says "is named" 'no point saxpy scalar 4096'
done_testing
