#!/bin/sh
# The blas backend: a kernel through a tuned library. What it is without one: absent_test.sh.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

query() { # query EXPRESSION: of the JSON `d` in the last output
    python3 -c "import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$T/out" 2>>"$T/err"
}

# ---- the forms are found by their names, whether the library is there or not ----
forms=$(for f in kernels/*/*.blas.c; do basename "$f" .blas.c; done | tr '\n' ' ')
check "saxpy, reduce and matmul have a form" test "$forms" = "matmul reduce saxpy "
if ! usable blas; then
    exits 0 "list says why there is no blas" "$PARBENCH" list backends
    says "and how to get it" 'blas cannot be used here: .*(apt-get install libopenblas-dev|build without it)'
    skip "the blas backend" "blas is not usable here"
    done_testing
fi
exits 0 "list kernels" "$PARBENCH" list kernels
for kernel in $forms; do says "shows the form of $kernel" "$kernel +f32 f64 +[a-z ]*blas"; done
exits 0 "list backends" "$PARBENCH" list backends
says "names the library" 'blas +yes +thread +host +.*yardstick: [a-z]'
exits 0 "list --json" "$PARBENCH" list --json
query '[b["library"] for b in d["backends"] if b["name"] == "blas"][0]
    and [k["name"] for k in d["kernels"] if "blas" in k["overrides"]] == ["matmul", "reduce", "saxpy"]'
ok "has library and forms" $?

# ---- right, at awkward sizes, with one thread and with all ----
exits 0 "verify" "$PARBENCH" verify -b blas --seed 7
for kernel in $forms; do says "judges $kernel" "$kernel +blas +[1-9][0-9]* +0 +0 "; done
says "a probe has no form" 'null +blas +0 +0 +[1-9]'
exits 0 "sizes around the rows of reduce" "$PARBENCH" verify -b blas -k reduce --seed 7 -s 1023,1024,1025,1048575,1049601

# ---- measured ----
exits 0 "run" "$PARBENCH" run -b simd,blas -k saxpy,null -t f64 -s 64,1000 --threads 1 --rounds 1 -o "$T/run.json"
valid "the file satisfies the schema" "$T/run.json"
cp "$T/run.json" "$T/out"
query 'd["machine"]["blas"] and len(d["machine"]["blas"]) > 4'
ok "names the library that ran" $?
query 'all(p["status"] == "ok" and p["isa"] is None and p["worker_kind"] == "thread" and p["residency"] == "host"
    and p["verify"]["max_error"] <= p["verify"]["tolerance"]
    for p in d["points"] if p["backend"] == "blas" and p["kernel"] == "saxpy")'
ok "its points are verified" $?
query '{(p["status"], p["reason"]) for p in d["points"] if p["backend"] == "blas" and p["kernel"] == "null"}
    == {("skipped", "the kernel has no form for this backend")}'
ok "a kernel without a form is skipped, and told why" $?
exits 0 "in one process" "$PARBENCH" run -b blas -k matmul -t f32 -s 33 --threads 1 --rounds 1 --in-process -o "$T/run.json"

# ---- the yardstick is no level: a quick run leaves it out ----
exits 0 "a quick run" "$PARBENCH" run --quick -k saxpy -s 64 --rounds 1 --no-links --no-refine -o "$T/run.json"
cp "$T/run.json" "$T/out"
query 'not [p for p in d["points"] if p["backend"] == "blas"] and not [a for a in d["absent"] if a["backend"] == "blas"]'
ok "leaves blas out" $?
exits 0 "unless it is named" "$PARBENCH" run --quick -b blas -k saxpy -s 64 --rounds 1 -o "$T/run.json"
exits 0 "any other run" "$PARBENCH" run -k saxpy -t f32 -s 64 --threads 1 --ranks 1 --rounds 1 --no-links --no-refine -o "$T/run.json"
cp "$T/run.json" "$T/out"
query '[p for p in d["points"] if p["backend"] == "blas" and p["status"] == "ok"]'
ok "takes it in" $?
done_testing
