#!/bin/sh
# CLBlast as a variant of opencl: the yardstick on an OpenCL device. The library is no part of the build, so its absence
# is made here by naming another file.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

query() { # query EXPRESSION: of the JSON `d` in the last output
    python3 -c "import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$T/out" 2>>"$T/err"
}
# CLBlast compiles some ten programs at its first call: many seconds each where PoCL has not kept them from an earlier run.
patient="--point-timeout 15min"
# shellcheck disable=SC2086  # words
run() { "$PARBENCH" run "$@" $patient --rounds 1 --no-links --no-refine -o "$T/run.json"; } # a short one
short="--threads 1 --ranks 1 -t f32 -s 64,128"

forms=$(for f in kernels/*/*.clblast.c; do basename "$f" .clblast.c; done | tr '\n' ' ')
check "saxpy, reduce and matmul have a form" test "$forms" = "matmul reduce saxpy "
if ! usable opencl; then
    skip "CLBlast" "opencl is not usable here"
    done_testing
fi
exits 0 "list kernels" "$PARBENCH" list kernels
for kernel in $forms; do says "shows the form of $kernel" "$kernel +f32 f64 +[a-z ]*opencl variant clblast"; done
lacks "and none of a probe" 'null .*clblast'

# ---- the library lacks ----
export PARBENCH_CLBLAST="$T/none.so"
exits 0 "list backends without the library" "$PARBENCH" list backends
says "shows the variant as not usable" '  clblast +no '
says "with the reason and the cure" 'clblast cannot be used here: CLBlast \(.*none.so\)'

exits 0 "list --json" "$PARBENCH" list --json
query '[v for b in d["backends"] if b["name"] == "opencl" for v in b["variants"]][0]["reason"].find("apt-get install libclblast1") > 0'
ok "has them too" $?
"$PARBENCH" doctor --quick >"$T/out" 2>"$T/err"
says "doctor names it" 'variant clblast +cannot be used here'
exits 2 "run --variant clblast" "$PARBENCH" run -b opencl --variant clblast -k saxpy -s 64 -o "$T/no.json"
says "is refused with the reason" 'variant clblast is not usable here: CLBlast .* is not there: apt-get install libclblast1'
check "and writes no file" test ! -e "$T/no.json" -a ! -e "$T/no.json.journal"
# shellcheck disable=SC2086  # words
exits 0 "a run that leaves the choice to parbench" run -k saxpy $short
says "tells that it was absent" 'absent: clblast: CLBlast .* is not there'
cp "$T/run.json" "$T/out"
query '[a["reason"] for a in d["absent"] if a["backend"] == "clblast"] and not [p for p in d["points"] if p["variant"] == "clblast"]
    and [p for p in d["points"] if p["backend"] == "opencl" and p["status"] == "ok"]'
ok "in the file, too, and opencl itself is measured" $?
valid "the file satisfies the schema" "$T/run.json"
exits 0 "verify goes on without it" "$PARBENCH" verify -b opencl -k saxpy -s 64
: >"$T/none.so"
exits 3 "a file that is no library" run -b opencl --variant clblast -k saxpy -t f32 -s 64
says "is told as such" 'skipped: .*cannot load CLBlast'
unset PARBENCH_CLBLAST
exits 2 "a kernel without a form" run -b opencl --variant clblast -k null -s 64
says "has no such variant" 'none of the kernels has a variant "clblast"'

# ---- the library is there ----
if ! "$PARBENCH" list backends | grep -q '^  clblast *yes'; then
    skip "CLBlast" "it is not installed: apt-get install libclblast1"
    done_testing
fi
# Around the tiles and vectors of its kernels; every residency and host memory.
for moves in "always,resident,once:3 pageable" "always,once:2 pinned,mapped"; do
    # shellcheck disable=SC2086
    exits 0 "verify, ${moves% *} from ${moves#* } memory" "$PARBENCH" verify $patient -b opencl --variant clblast --seed 7 \
        --residency "${moves% *}" --host-memory "${moves#* }" \
        -s saxpy=1,63,64,65,4096,100003,reduce=1,2,255,256,257,65537,matmul=1,2,31,33,64,127
    for kernel in $forms; do says "judges $kernel" "$kernel +opencl +[1-9][0-9]* +0 +0 "; done
done
# shellcheck disable=SC2086
exits 0 "verify where it works on padded copies" "$PARBENCH" verify $patient -b opencl -k matmul --variant clblast --seed 7 \
    --residency resident -s 640,1000
# shellcheck disable=SC2086
exits 0 "a run that leaves the choice to parbench" run -k saxpy,null $short
cp "$T/run.json" "$T/out"
query '[p for p in d["points"] if p["variant"] == "clblast" and p["kernel"] == "saxpy" and p["backend"] == "opencl" and p["status"] == "ok"
    and p["verify"]["max_error"] <= p["verify"]["tolerance"]]
    and not [p for p in d["points"] if p["variant"] == "clblast" and (p["backend"] != "opencl" or p["kernel"] == "null")]'
ok "takes it in" $?
exits 0 "crossover" "$PARBENCH" crossover "$T/run.json"
says "gives it an arm of its own" 'opencl [a-z]+ always \(clblast\)'
exits 0 "a quick run" run --quick -k saxpy -s 64
cp "$T/run.json" "$T/out"
query 'not [p for p in d["points"] if p["variant"] == "clblast"] and not [a for a in d["absent"] if a["backend"] == "clblast"]'
ok "leaves it out" $?
exits 0 "so does one that names the backend" run -b opencl -k saxpy -t f32 -s 64
cp "$T/run.json" "$T/out"
query '{p["variant"] for p in d["points"] if p["kernel"] == "saxpy"} == {"default"}'
ok "alone" $?
exits 0 "in one process, beside our own" run -b opencl --variant default,clblast -k matmul -t f32 -s 33 --in-process
cp "$T/run.json" "$T/out"
query 'all(p["status"] == "ok" for p in d["points"])
    and {p["phases_ns"]["compile"] is None for p in d["points"] if p["variant"] == "clblast"} == {True}'
ok "both are measured, and what it does not tell is not known" $?
query 'all("CLBlast (libclblast" in p["phases_note"] for p in d["points"] if p["variant"] == "clblast")'
ok "the file names the library" $?
done_testing
