#!/bin/sh
# What parbench compare prints for programs holds what its documents promise: --format json its schema and
# docs/compare-json.md, bmf the Bencher Metric Format, github the rules of workflow commands.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

data=tests/data/compare
schema=results/compare-schema.json
doc=docs/compare-json.md
if ! /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
    skip "the schema of a comparison" "python3-jsonschema is not installed"
    done_testing
fi

# ---- sessions of every kind: made of the two files that compare_test.sh uses ----
# A program, so that a text of any kind can stand in a file: EDIT sees `old` and `new`, the two documents.
edit() { # edit NAME EDIT: $T/NAME-old.json, $T/NAME-new.json
    /usr/bin/python3 - "$data" "$T/$1" "$2" <<'END'
import json, sys
folder, prefix, edit = sys.argv[1:]
old, new = (json.load(open(folder + "/" + side + ".json")) for side in ("old", "new"))
exec(edit)
for side, tree in ("old", old), ("new", new):
    json.dump(tree, open("%s-%s.json" % (prefix, side), "w"))
END
}
two_sessions='
for tree in old, new:
    tree["run"]["paired_with"] = None'
# Two arms whose intervals are narrow; where the second overtakes the first is moved by `factor`.
arms='
def arms(tree, factor):
    tree["run"]["paired_with"] = None
    tree["points"] = []
    for k in range(12):
        n = 256 * 2 ** k
        for backend, ns in ("scalar", 1.0 * n), ("simd", 0.1 * n + 8000 * factor):
            tree["points"].append(dict(kernel="saxpy", dtype="f32", n=n, backend=backend, isa="scalar" if backend == "scalar"
                else "avx2", worker_kind="core", workers=1, residency="host", cache="hot", status="ok", invocations=[],
                time_ns=dict(estimate=ns, estimator="q25", low=0.99 * ns, high=1.01 * ns, confidence=0.95)))
'
edit paired ''
edit sessions "$two_sessions"
edit machines "$two_sessions
new['machine']['cpu'] = 'Another CPU'"
edit none 'new["points"] = []'
edit bare "$two_sessions
for tree in old, new:
    for point in tree['points']:
        point['invocations'] = point['invocations'][:3]"
edit unknown 'for tree in old, new:
    tree["parbench"] = {"version": None, "git": None, "compiler": None, "cflags": None}'
edit unfinished 'new["run"]["complete"] = False'
edit moved "$arms
arms(old, 1)
arms(new, 20)"
edit gone "$arms
arms(old, 1)
arms(new, 1e6)"
edit appeared "$arms
arms(old, 1e6)
arms(new, 1)"

# ---- the schema ----
documents=''
document() { # document NAME [OPTION]..: compares, and the result satisfies the schema
    name=$1
    shift
    "$PARBENCH" compare --format json "$@" "$T/$name-old.json" "$T/$name-new.json" >"$T/$name.json" 2>"$T/err"
    code=$?
    check "$name: the document satisfies its schema" /usr/bin/python3 tests/validate_schema.py $schema "$T/$name.json"
    check "$name: it names the exit status" grep -q "\"exit_code\":[^0-9]*$code,\$" "$T/$name.json"
    documents="$documents $T/$name.json"
}
document paired
document sessions
document machines
document none
document bare
document unknown
document unfinished
document moved
document gone
document appeared
cp "$T/paired-old.json" "$T/strict-old.json"
cp "$T/paired-new.json" "$T/strict-new.json"
document strict --strict -k matmul,dot
cp "$T/sessions-old.json" "$T/refused-old.json"
cp "$T/sessions-new.json" "$T/refused-new.json"
document refused --require-paired
cp "$T/paired-old.json" "$T/passed-old.json"
cp "$T/paired-new.json" "$T/passed-new.json"
document passed -k saxpy --threshold 20%
# shellcheck disable=SC2086  # the names of the documents
check "the documents above have every value that the schema foresees" /usr/bin/python3 - $schema $documents <<'END'
import json, sys
schema, documents = json.load(open(sys.argv[1])), [json.load(open(f)) for f in sys.argv[2:]]
seen = {"result": set(), "mode": set(), "verdict": set(), "change": set(), "half": set(), "listed": set()}
for d in documents:
    seen["result"].add(d["result"])
    seen["mode"].add(d["mode"])
    seen["verdict"].update(row["verdict"] for row in d["rows"])
    seen["change"].update(crossing["change"] for crossing in d["crossings"])
    seen["half"].update(row["ratio"]["low"] is None for row in d["rows"] if row["ratio"])
    seen["listed"].update(key for key in ("only_old", "only_new", "warnings") if d[key])
    assert len(d["rows"]) == sum(n for key, n in d["tally"].items() if not key.startswith("only")), d["tally"]
    assert all(d["tally"][key] == len(d[key]) for key in ("only_old", "only_new"))
    assert all(d["tally"][v.replace(" ", "_")] == sum(r["verdict"] == v for r in d["rows"]) for v in
               {r["verdict"] for r in d["rows"]})
want = {"result": schema["properties"]["result"]["enum"], "mode": schema["properties"]["mode"]["enum"],
        "verdict": schema["$defs"]["row"]["properties"]["verdict"]["enum"],
        "change": schema["$defs"]["crossing"]["properties"]["change"]["enum"],
        "half": [True, False], "listed": ["only_old", "only_new", "warnings"]}
for key in want:
    assert set(want[key]) == seen[key], (key, seen[key])
END
check "every object of the schema is closed, and asks for all its members" /usr/bin/python3 - $schema <<'END'
import json, sys
count = 0
def walk(tree):
    global count
    if isinstance(tree, dict):
        if "object" in (tree.get("type") or []):
            if "properties" in tree:
                count += 1
                assert tree["additionalProperties"] is False, tree
                assert set(tree["required"]) == set(tree["properties"]), set(tree["required"]) ^ set(tree["properties"])
        for value in tree.values():
            walk(value)
    elif isinstance(tree, list):
        for value in tree:
            walk(value)
walk(json.load(open(sys.argv[1])))
assert count == 7, count
END
check "every member and every value is explained in $doc" /usr/bin/python3 - $schema $doc <<'END'
import json, sys
text = open(sys.argv[2]).read()
names = set()
def walk(tree):
    if isinstance(tree, dict):
        names.update(tree.get("properties", {}))
        names.update(value for value in tree.get("enum", []) if isinstance(value, str))
        for value in tree.values():
            walk(value)
    elif isinstance(tree, list):
        for value in tree:
            walk(value)
walk(json.load(open(sys.argv[1])))
missing = [name for name in sorted(names) if "`%s`" % name not in text]
assert not missing, missing
assert len(names) > 60, len(names)
END

# ---- and it can fail ----
spoil() { # spoil NAME SCRIPT: the paired document, changed by the script, is refused
    /usr/bin/python3 - "$T/paired.json" "$T/spoilt.json" "$2" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
exec(sys.argv[3])
json.dump(d, open(sys.argv[2], "w"))
END
    exits 1 "$1 is refused" /usr/bin/python3 tests/validate_schema.py $schema "$T/spoilt.json"
}
spoil "a member that nobody explained" 'd["news"] = 1'
spoil "one in a row" 'd["rows"][0]["news"] = 1'
spoil "one in an estimate" 'next(r for r in d["rows"] if r["ratio"])["ratio"]["news"] = 1'
spoil "a missing one" 'del d["rows"][0]["p"]'
spoil "a verdict that there is not" 'd["rows"][0]["verdict"] = "slow"'
spoil "an exit code that does not go with the result" 'd["exit_code"] = 0'
spoil "a slower point without a ratio" 'next(r for r in d["rows"] if r["verdict"] == "slower")["ratio"] = None'

# ---- Bencher Metric Format, by https://bencher.dev/docs/reference/bencher-metric-format ----
for name in paired sessions bare moved none; do
    "$PARBENCH" compare --format bmf "$T/$name-old.json" "$T/$name-new.json" >"$T/$name.bmf" 2>"$T/err"
    check "$name: bmf is as Bencher documents it" /usr/bin/python3 - "$T/$name.bmf" "$T/$name.json" <<'END'
import json, math, sys
def once(pairs):
    assert len(dict(pairs)) == len(pairs), "a benchmark stands twice"
    return dict(pairs)
tree = json.load(open(sys.argv[1]), object_pairs_hook=once)
for name, measures in tree.items():
    assert 0 < len(name) <= 1024, name
    assert measures and set(measures) <= {"latency", "ratio"}, measures  # latency: Bencher's own measure, in ns
    for metric in measures.values():
        assert "value" in metric and set(metric) <= {"value", "lower_value", "upper_value"}, metric
        assert all(type(v) in (int, float) and math.isfinite(v) for v in metric.values()), metric
        assert metric.get("lower_value", -math.inf) <= metric["value"] <= metric.get("upper_value", math.inf), metric
rows = json.load(open(sys.argv[2]))["rows"]
measured = [r for r in rows if r["new_status"] == "ok" and r["new_ns"] is not None]
assert len(tree) == len(measured), (len(tree), len(measured))
assert sorted(m["latency"]["value"] for m in tree.values()) == sorted(r["new_ns"] for r in measured)
END
done

# ---- GitHub's workflow commands: in the text % is %25, CR %0D, LF %0A; in a property : and , too ----
nasty='100% %0A\r\n::error title=x::not one\n%25 , : end'
edit nasty "
for point in new['points']:
    if point['status'] == 'wrong':
        point['reason'] = '$nasty'"
"$PARBENCH" compare --format github "$T/nasty-old.json" "$T/nasty-new.json" >"$T/github" 2>"$T/err"
check "a reason of several lines stays one annotation, and arrives as it is" /usr/bin/python3 - "$T/github" "$nasty" <<'END'
import re, sys
want = sys.argv[2].encode().decode("unicode_escape")
found = 0
for line in open(sys.argv[1], newline="\n"):
    assert line.endswith("\n") and "\r" not in line, line
    parts = re.fullmatch(r"::(error|warning|notice) title=([^:,]*)::(.*)\n", line)
    assert parts, line
    for text in parts[2], parts[3]:
        assert not re.search("%(?!25|0D|0A|3A|2C)", text), text
    text = parts[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    # a command writes one sentence; line ends of a reason may have become spaces
    found += " ".join(want.split()) in " ".join(text.split())
assert found == 1, found
END
check "as many annotations as there were" test "$(wc -l <"$T/github")" -eq "$(wc -l <$data/expected.github)"
done_testing
