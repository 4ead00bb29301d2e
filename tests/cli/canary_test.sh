#!/bin/sh
# The canaries: every run measures them unless told not to, nobody is shown them unasked, and compare distrusts two
# sessions in which one differs.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

small() { "$PARBENCH" run -k saxpy -t f32 -s 64,1000 -b scalar --rounds 1 --quick --seed 7 "$@"; }
kernels() { # kernels NAME FILE EXPECTED: the kernel, data type, backend and status of the file's points
    check "$1" python3 -c "import json, sys
have = {(p['kernel'], p['dtype'], p['backend'], p['status']) for p in json.load(open(sys.argv[1]))['points']}
assert have == set($3), have" "$2"
}
saxpy="('saxpy', 'f32', 'scalar', 'ok')"
canaries="('canary_fma', 'f64', 'scalar', 'ok'), ('canary_issue', 'f64', 'scalar', 'ok'), ('canary_triad', 'f64', 'scalar', 'ok')"

# ---- in a run ----
exits 0 "a run" small -o "$T/with.json"
says "speaks of what it was asked for" '2 points ok'
lacks "and not of the canaries" 'canary'
kernels "which are in its file" "$T/with.json" "[$saxpy, $canaries]"
valid "that satisfies the schema" "$T/with.json"
exits 0 "--no-canaries" small --no-canaries -o "$T/without.json"
kernels "leaves them out" "$T/without.json" "[$saxpy]"
exits 0 "in one process" small --in-process -o "$T/in.json"
kernels "they are measured too" "$T/in.json" "[$saxpy, $canaries]"
exits 0 "on a backend that is not theirs" small -b simd -o "$T/simd.json"
kernels "they are measured too" "$T/simd.json" "[('saxpy', 'f32', 'simd', 'ok'), $canaries]"
exits 0 "--kernel may name one" "$PARBENCH" run -k canary_fma -b scalar -t f64 -s 64,262144 --rounds 1 --seed 7 -o "$T/named.json"
says "which is then shown" '2 points ok'
check "and is not measured twice" python3 -c "import json, sys
have = sorted((p['kernel'], p['n']) for p in json.load(open(sys.argv[1]))['points'])
assert have == [('canary_fma', 64), ('canary_fma', 262144), ('canary_issue', 131072), ('canary_triad', 2796202)], have" "$T/named.json"
exits 2 "a run of nothing is no run of canaries" small -k null -s saxpy=64 -o "$T/none.json"

# ---- in what reads files ----
exits 3 "crossover of one curve" "$PARBENCH" crossover "$T/with.json"
lacks "does not show them" 'canary'
"$PARBENCH" crossover -k canary_triad "$T/with.json" >"$T/out" 2>"$T/err"
says "unless they are named" 'canary_triad f64'
if command -v gnuplot >/dev/null; then
    exits 0 "plot" "$PARBENCH" plot "$T/with.json" -o "$T/pictures"
    check "draws none of them" sh -c "ls '$T/pictures' && ! ls '$T/pictures' | grep canary"
else
    skip "plot draws none of them" "gnuplot is not installed"
fi

# ---- in compare ----
# Twelve rounds whose times are those of the first, give or take a thousandth; the kernel named by the last argument
# takes a twentieth longer.
session() { # session FROM TO KERNEL
    python3 - "$@" <<'END'
import copy, json, sys
source, target, slow = sys.argv[1:]
record = json.load(open(source))
record["run"]["id"], record["run"]["rounds"] = target, 12
for point in record["points"]:
    first = point["invocations"][0]
    factor = 1.05 if point["kernel"] == slow else 1
    ns = sorted(first["samples_ns"])[0]
    point["invocations"] = []
    for i in range(12):
        one = copy.deepcopy(first)
        one["round"], one["steal_ticks"] = i, 0
        one["samples_ns"] = [ns * factor * (1 + 0.001 * ((7 * i + k) % 5 - 2)) for k in range(5)]
        point["invocations"].append(one)
json.dump(record, open(target, "w"))
END
}
session "$T/with.json" "$T/old.json" none
session "$T/with.json" "$T/same.json" none
session "$T/with.json" "$T/clock.json" canary_fma
session "$T/with.json" "$T/core.json" canary_issue
session "$T/with.json" "$T/memory.json" canary_triad
python3 -c 'import json, sys
record = json.load(open(sys.argv[1]))
record["points"] = [p for p in record["points"] if not p["kernel"].startswith("canary_")]
record["run"]["id"] = "blind"
json.dump(record, open(sys.argv[2], "w"))' "$T/old.json" "$T/blind.json"
exits 0 "two sessions with the same canaries" "$PARBENCH" compare "$T/old.json" "$T/same.json"
lacks "which are not shown" 'canary'
exits 0 "unless they are named" "$PARBENCH" compare -k canary_fma "$T/old.json" "$T/same.json"
says "with their times" 'same +canary_fma f64'
for case in clock:canary_fma core:canary_issue memory:canary_triad; do
    exits 3 "another ${case%:*} leaves the comparison open" "$PARBENCH" compare "$T/old.json" "$T/${case%:*}.json"
    says "and is named" "inconclusive: the canary ${case#*:}, which must not change, changed by .5"
    exits 3 "in the other direction too" "$PARBENCH" compare "$T/${case%:*}.json" "$T/old.json"
    exits 3 "and where nobody asked for it" "$PARBENCH" compare -k saxpy "$T/old.json" "$T/${case%:*}.json"
done
exits 0 "a file without canaries can be compared" "$PARBENCH" compare "$T/old.json" "$T/blind.json"
says "with a caveat" 'warning: without canary_fma and +canary_issue +and +canary_triad +in both +files +nothing +shows'
lacks "and they are not called lost" 'Only in'
done_testing
