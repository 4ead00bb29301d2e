#!/bin/sh
# parbench peaks: every row is there and in order; the numbers themselves are the machine's.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

query() { # query EXPRESSION: of the JSON `d` in the last output
    python3 -c "import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$T/out" 2>>"$T/err"
}

# ---- of this machine ----
exits 0 "peaks as JSON" "$PARBENCH" peaks --no-devices --format json
cp "$T/out" "$T/peaks.json"
valid "is a result file without points" "$T/peaks.json"
cp "$T/peaks.json" "$T/out"
query 'd["points"] == [] and d["machine"]["peaks"]'
ok "that has peaks" $?
query 'all((p["per_s"] is None) != (p["reason"] is None) for p in d["machine"]["peaks"])'
ok "each has a number or a reason" $?
query 'all(0 < p["per_s"]["low"] <= p["per_s"]["estimate"] <= p["per_s"]["high"]
    for p in d["machine"]["peaks"] if p["per_s"])'
ok "each number has an interval that holds it" $?
"$PARBENCH" list --json >"$T/list" 2>>"$T/err"
python3 - "$T/peaks.json" "$T/list" >"$T/out" 2>"$T/err" <<'END'
import json, sys
peaks = json.load(open(sys.argv[1]))["machine"]["peaks"]
here = [i["name"] for i in json.load(open(sys.argv[2]))["isas"] if i["usable"]]
one = [p for p in peaks if p["workers"] == 1]
assert {(p["isa"], p["dtype"]) for p in one if p["what"] == "fma"} == {(i, t) for i in here for t in ("f32", "f64")}
assert {p["what"] for p in one if p["where"] == "memory"} == {"read", "copy", "triad"}
for place in {p["where"] for p in one}:
    assert place is None or {"read", "copy", "triad"} <= {p["what"] for p in one if p["where"] == place}, place
assert all(p["where"] == "memory" for p in peaks if p["is_streaming"])
assert any(p["is_streaming"] for p in one) == bool({"sse2", "avx2", "avx512"} & set(here))
for many in {p["workers"] for p in peaks} - {1}:
    assert all(p["backend"] == "openmp" for p in peaks if p["workers"] == many)
    assert len([p for p in peaks if p["workers"] == many and not p["where"]]) == 2 * len(here)
END
ok "every instruction set and type, and every place by reading, copying and the triad" $?
exits 2 "an unknown format" "$PARBENCH" peaks --format xml
says "is told" 'expected text or json'
exits 2 "a choice of points without a file" "$PARBENCH" peaks -k saxpy
says "is told" 'choose points of a FILE'

# ---- of a file ----
exits 0 "a run with --peaks" "$PARBENCH" run --quick --peaks -b scalar,simd -k saxpy,matmul -s saxpy=1000,matmul=64 \
    --rounds 1 --no-refine -o "$T/run.json"
valid "its file satisfies the schema" "$T/run.json"
exits 0 "peaks FILE" "$PARBENCH" peaks "$T/run.json"
for row in 'matmul +f32 +64 +scalar' 'matmul +f32 +64 +simd' 'saxpy +f32 +1000 +scalar' 'saxpy +f32 +1000 +simd'; do
    says "has $row" "$row.* (compute|l1d|l2|l3|memory) +[0-9.]+ %"
done
lacks "and no canary" canary
exits 0 "of one kernel, as JSON" "$PARBENCH" peaks --format json -k matmul "$T/run.json"
query 'len(d["points"]) == 2 and all(p["limit"] == "compute" and p["floor_ns"] > 0 and p["share"] > 0 and p["reason"] is None
    for p in d["points"])'
ok "has the limit, the floor and the share" $?
exits 0 "a quick run" "$PARBENCH" run --quick -b simd -k saxpy -s 64 --rounds 1 -o "$T/run.json"
exits 3 "measures no peaks" "$PARBENCH" peaks "$T/run.json"
says "and its file says how to get them" 'this file holds no peaks: measure with parbench run --peaks'
exits 3 "no more so as JSON" "$PARBENCH" peaks --format json "$T/run.json"
says "with the reason on the error stream" '"limit":	null.*parbench peaks: no point has a number: this file holds no peaks'
exits 2 "a file that is none" "$PARBENCH" peaks "$T/none.json"
done_testing
