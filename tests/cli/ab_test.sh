#!/bin/sh
# parbench ab: what it writes and how it ends. Whether it finds a slow-down is measured, not tested: parbench selftest and
# docs/evidence; a verdict on this machine's times would be a matter of luck here.
# shellcheck source=tests/tap.sh
. tests/tap.sh

ab() { "$PARBENCH" ab "$PARBENCH" "$PARBENCH" -k saxpy -b scalar -s 64,1000 --seed 7 "$@"; }

ab -o "$T/aa" >"$T/out" 2>"$T/err"
code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 1 ] || [ "$code" -eq 3 ]
ok "a session ends with a verdict (exit status $code)" $?
says "and a row for each point" 'saxpy f32.*64.*scalar'
valid "the old file satisfies the schema" "$T/aa-old.json"
valid "the new file satisfies the schema" "$T/aa-new.json"
check "the two files are one session: they name each other, and their pairs match" /usr/bin/env python3 - "$T" <<'END'
import json, sys
old, new = (json.load(open(sys.argv[1] + "/aa-%s.json" % s)) for s in ("old", "new"))
assert old["run"]["paired_with"] == new["run"]["id"] and new["run"]["paired_with"] == old["run"]["id"]
assert old["run"]["screen_pairs"] == new["run"]["screen_pairs"] >= 6
assert len(old["points"]) == len(new["points"]) == 2
for a, b in zip(old["points"], new["points"]):
    assert len(a["invocations"]) == len(b["invocations"]) >= 6
    for i, j in zip(a["invocations"], b["invocations"]):
        assert (i["round"], i["batch"], len(i["samples_ns"])) == (j["round"], j["batch"], len(j["samples_ns"]))
    assert any(i["order"] < j["order"] for i, j in zip(a["invocations"], b["invocations"]))
    assert any(i["order"] > j["order"] for i, j in zip(a["invocations"], b["invocations"]))
END
"$PARBENCH" compare "$T/aa-old.json" "$T/aa-new.json" >"$T/out" 2>"$T/err"
ok "compare comes to the same end from the files" $(($? != code))
"$PARBENCH" compare "$T/aa-old.json" "$T/aa-new.json" --format json >"$T/once"
"$PARBENCH" compare "$T/aa-old.json" "$T/aa-new.json" --format json >"$T/twice"
check "same files in, same bytes out" cmp "$T/once" "$T/twice"
check "strict JSON" /usr/bin/env python3 -c "
import json
def refuse(x): raise ValueError(x)
json.load(open('$T/once'), parse_constant=refuse)"

# The hook of the self-test does real work: the samples of the slowed side are longer, by far more than any noise.
ab --new-arg PARBENCH_SLOWDOWN=saxpy:20 -o "$T/slow" >"$T/out" 2>"$T/err"
check "a side that does 20 times more work takes longer" /usr/bin/env python3 - "$T" <<'END'
import json, sys
old, new = (json.load(open(sys.argv[1] + "/slow-%s.json" % s)) for s in ("old", "new"))
for a, b in zip(old["points"], new["points"]):
    assert b["time_ns"]["estimate"] > 3 * a["time_ns"]["estimate"], (a["time_ns"], b["time_ns"])
END

"$PARBENCH" ab "$PARBENCH" "$PARBENCH" -k matmul -b scalar -s 48 --variant blocked -o "$T/variant" >"$T/out" 2>"$T/err"
check "--variant: the bodies that are compared" /usr/bin/env python3 - "$T" <<'END'
import json, sys
for side in "old", "new":
    points = json.load(open(sys.argv[1] + "/variant-%s.json" % side))["points"]
    assert [(p["kernel"], p["variant"], p["status"]) for p in points] == [("matmul", "blocked", "ok")], points
END
exits 2 "a variant that no kernel has" ab --variant nonsense
says "is named" 'variant.*nonsense'

exits 2 "one binary is too few" "$PARBENCH" ab "$PARBENCH"
exits 2 "a binary that is not there" "$PARBENCH" ab "$PARBENCH" "$T/none"
says "is named" "$T/none"
exits 2 "an unknown format" ab --format xml
exits 2 "an unknown kernel" "$PARBENCH" ab "$PARBENCH" "$PARBENCH" -k saxpi
says "gets a suggestion" 'did you mean saxpy'
printf '#!/bin/sh\nexit 3\n' >"$T/broken"
chmod +x "$T/broken"
exits 1 "a new side whose workers end at once is a regression" "$PARBENCH" ab "$PARBENCH" "$T/broken" -k saxpy -b scalar -s 64
says "that says why" 'broken.*ended with status +3'
exits 3 "an old side without a result leaves nothing to compare" "$PARBENCH" ab "$T/broken" "$PARBENCH" -k saxpy -b scalar -s 64
exits 3 "and says on the new side, too, what the old one died of" sh -c \
    "\"$PARBENCH\" ab '$T/broken' '$PARBENCH' -k saxpy -b scalar -s 64 -o '$T/lost'"
check "as that, not as an interruption" grep -q '"the old side failed: .*ended with status 3' "$T/lost-new.json"

# ---- programs that cannot be started: told before anything is measured ----
here=$(pwd)
case $PARBENCH in /*) full=$PARBENCH ;; *) full=$here/$PARBENCH ;; esac
mkdir "$T/folder"
printf 'no program' >"$T/plain"
cp "$T/broken" "$T/unfound"
cd "$T" || exit 2
exits 2 "a folder is no program" "$full" ab "$full" ./folder -k saxpy -b scalar -s 64
says "and is named" 'parbench ab: ./folder is not a program'
exits 2 "a file without permission is none" "$full" ab ./plain "$full" -k saxpy -b scalar -s 64
says "and is named" 'parbench ab: ./plain is not a program'
exits 2 "a name is looked up in PATH, not in this folder" "$full" ab "$full" unfound -k saxpy -b scalar -s 64
says "and the message helps" 'unfound is not in PATH: .* write ./unfound'
exits 2 "a name that is nowhere" "$full" ab no-such-parbench "$full" -k saxpy -b scalar -s 64
says "is named" 'parbench ab: no-such-parbench is not a program'
PATH="$T:$PATH" exits 1 "a name in PATH is found" "$full" ab "$full" unfound -k saxpy -b scalar -s 64
cd "$here" || exit 2

# ---- files that cannot be written ----
exits 2 "-o into a folder that is not there" ab -o "$T/none/aa"
says "says so before it measures" "parbench ab: -o: cannot write $T/none/aa-old.json: No such file"
check "and prints no verdict" test ! -s "$T/out"
mkdir "$T/taken-new.json"
exits 2 "-o where a folder has the file's name" ab -o "$T/taken"
says "says so" "cannot write $T/taken-new.json: Is a directory"
mkdir "$T/vanishes"
printf '#!/bin/sh\nrm -rf "%s"\nexec "%s" "$@"\n' "$T/vanishes" "$full" >"$T/remover"
chmod +x "$T/remover"
exits 2 "a folder that vanishes while it measures" "$PARBENCH" ab "$T/remover" "$PARBENCH" -k saxpy -b scalar -s 64 -o "$T/vanishes/aa"
says "costs the files, not the verdict" "saxpy f32.*64.*scalar.*cannot write $T/vanishes/aa-old.json"

exits 2 "selftest of an unknown kernel" "$PARBENCH" selftest --kernel nonsense
says "names those there are" 'no kernel is called "nonsense"; there are .*saxpy'
exits 2 "selftest on an unknown backend" "$PARBENCH" selftest --backend nonsense
says "names those there are" 'no backend is called "nonsense"; there are scalar, simd'
exits 2 "selftest: a slow-down that is not offered" "$PARBENCH" selftest --slowdown 7
exits 0 "selftest --help" "$PARBENCH" selftest --help
done_testing
