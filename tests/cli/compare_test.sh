#!/bin/sh
# parbench compare: every format to the letter, exit codes, and files that are no comparison.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

data=tests/data/compare
old=$data/old.json
new=$data/new.json

# Numbers of full length differ in their last digit from one mathematical library to the next.
rounded() { # rounded FORMAT FILE
    case $1 in
    json | bmf) python3 -c 'import json, sys
def no_constant(text): raise ValueError(text)
def no_double(pairs):
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)
with open(sys.argv[1]) as f:
    tree = json.load(f, parse_constant=no_constant, object_pairs_hook=no_double, parse_float=lambda x: float("%.6g" % float(x)))
print(json.dumps(tree, indent=1))' "$2" ;;
    csv) sed -E 's/([0-9]\.[0-9]{5})[0-9]*/\1/g' "$2" ;;
    *) cat "$2" ;;
    esac
}

# ---- the formats ----
for format in text json csv markdown junit github bmf; do
    exits 1 "--format $format finds the slow-down" "$PARBENCH" compare --format "$format" "$old" "$new"
    cp "$T/out" "$T/printed"
    rounded "$format" "$T/printed" >"$T/have"
    rounded "$format" "$data/expected.$format" >"$T/want"
    check "its output is what it should be" diff "$T/want" "$T/have"
    "$PARBENCH" compare --format "$format" "$old" "$new" >"$T/again"
    check "the same files give the same bytes" cmp "$T/printed" "$T/again"
done
"$PARBENCH" compare --format junit "$old" "$new" >"$T/xml"
check "JUnit is XML" python3 -c 'import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot().find("testsuite")
cases = suite.findall("testcase")
assert int(suite.get("tests")) == len(cases), suite.attrib
for kind in "failure", "error", "skipped":
    found = sum(case.find(kind) is not None for case in cases)
    number = suite.get({"failure": "failures", "error": "errors"}.get(kind, kind))
    assert int(number) == found, (kind, suite.attrib, found)
assert len({case.get("name") for case in cases}) == len(cases)' "$T/xml"
"$PARBENCH" compare --format csv "$old" "$new" >"$T/csv"
check "every line of the CSV has as many fields as its head" python3 -c 'import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
assert len(rows) == 14, len(rows)
assert {len(row) for row in rows} == {len(rows[0])}, {len(row) for row in rows}' "$T/csv"
"$PARBENCH" compare --format github "$old" "$new" >"$T/github"
check "every annotation is one line" sh -c "! grep -v '^::\(error\|warning\|notice\) title=[^:,]*::' '$T/github'"
"$PARBENCH" compare --format markdown "$old" "$new" >"$T/markdown"
check "every row of the Markdown table has its eight cells" awk '/^\|/ { gsub(/\\\|/, ""); if (gsub(/\|/, "") != 9) exit 1 }' "$T/markdown"
lacks "no colours off a terminal" "$(printf '\033')"

# ---- results and exit codes ----
exits 0 "the same file twice: one name, the same numbers" "$PARBENCH" compare -k dot --dtype f64 "$old" "$new"
exits 0 "without the points that changed" "$PARBENCH" compare --kernel 'dot' "$old" "$new"
says "a faster point is no failure" '1 faster'
exits 0 "a threshold above the change" "$PARBENCH" compare -k saxpy --threshold 20% "$old" "$new"
says "is the threshold used" 'threshold 20 %'
exits 1 "a threshold below it" "$PARBENCH" compare -k saxpy --threshold 5% "$old" "$new"
exits 3 "--strict with unresolved points" "$PARBENCH" compare --strict -k matmul,dot "$old" "$new"
exits 0 "--require-paired with files of one session" "$PARBENCH" compare --require-paired -k dot "$old" "$new"
exits 3 "a file against itself is no pair, and has too few rounds to say" \
    "$PARBENCH" compare --require-paired "$old" "$old"
says "says what to do" 'parbench ab'
exits 3 "nothing resolved is no success" "$PARBENCH" compare -k matmul "$old" "$new"
says "and the advice is given" 'noisy'

# ---- files that are no comparison ----
edit() { # edit SED-SCRIPT FROM TO
    sed "$1" "$2" >"$T/$3.json"
}
edit 's/"paired_with":"[a-z]*"/"paired_with":null/' "$old" unpaired-old
edit 's/"paired_with":"[a-z]*"/"paired_with":null/; s/Some CPU/Another CPU/' "$new" unpaired-new
exits 3 "two machines" "$PARBENCH" compare --format json "$T/unpaired-old.json" "$T/unpaired-new.json"
says "names what differs" 'the CPU: Some CPU and Another CPU'
edit 's/Some CPU/Some CPU/; s/"paired_with":"[a-z]*"/"paired_with":null/' "$new" unpaired-same
exits 1 "two sessions of one machine are compared" "$PARBENCH" compare "$T/unpaired-old.json" "$T/unpaired-same.json"
says "with a wider threshold" 'two sessions.*threshold 10 %'
says "a wrong result is a regression all the same" 'broken'
printf '{"schema":1,"points":[]}' >"$T/empty.json"
exits 3 "a file without points" "$PARBENCH" compare "$T/empty.json" "$new"
says "says so" 'has no points'
edit 's/"saxpy"/"zaxpy"/; s/"dot"/"tod"/; s/"matmul"/"lumtam"/; s/"reduce"/"ecuder"/; s/"kernel":"a|b/"kernel":"b|a/' "$new" other
exits 3 "files without a common point" "$PARBENCH" compare "$old" "$T/other.json"
says "says so" 'no point in common'
edit 's/"saxpy"/"zaxpy"/' "$new" mixed
head -c 5000 "$new" >"$T/truncated.json"
exits 2 "a file that is cut short" "$PARBENCH" compare "$old" "$T/truncated.json"
says "names the place" 'truncated.json:[0-9]+:[0-9]+'
: >"$T/nothing.json"
exits 2 "an empty file" "$PARBENCH" compare "$old" "$T/nothing.json"
exits 2 "a file that is not there" "$PARBENCH" compare "$old" "$T/no-such.json"
exits 2 "one file" "$PARBENCH" compare "$old"
exits 2 "three files" "$PARBENCH" compare "$old" "$new" "$new"
exits 2 "both from standard input" "$PARBENCH" compare - -
exits 2 "a format that is none" "$PARBENCH" compare --format xml "$old" "$new"
says "names those that are" 'junit'
exits 0 "a kernel that only the new file has is known" "$PARBENCH" compare -k dot,zaxpy "$old" "$T/mixed.json"
exits 2 "a kernel that is in neither file" "$PARBENCH" compare -k nope "$old" "$new"

done_testing
