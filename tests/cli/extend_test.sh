#!/bin/sh
# One folder is the whole change: a kernel, a backend and a plugin are added to a copy of the tree, and git sees nothing
# else change.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

if ! command -v git >/dev/null; then
    skip "one folder is the whole change" "git is not installed"
    done_testing
fi
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE # of a hook that runs this test
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

# ---- a copy of the tree, all of it committed ----
mkdir "$T/tree" "$T/mine"
{ git ls-files -co --exclude-standard 2>/dev/null || find . -path ./build -prune -o -type f -print; } >"$T/files"
tar -cf - -T "$T/files" 2>/dev/null | tar -xf - -C "$T/tree"
cd "$T/tree" || exit 2
PARBENCH=./parbench
git_commit() {
    git init -q && git add -A && git -c user.name=test -c user.email=test@example.invalid commit -q -m 'the tree'
}
exits 0 "a copy of the tree is committed" git_commit

build() { fresh_make -j 2 CFLAGS=-O1 WERROR=1 "$@"; }
changed() { # changed NAME LINES: git status shows exactly these folders
    git status --porcelain >"$T/out" 2>"$T/err"
    [ "$(cat "$T/out")" = "$2" ]
    ok "$1" $?
}
few() { "$PARBENCH" verify -s 1,17,129 --threads 1,3 --ranks 2 --seed 7 "$@"; }

exits 0 "it builds without a warning" build
exits 0 "a second make" build
lacks "has nothing to do" 'CC|LINK'
changed "building leaves no file behind that git does not ignore" ''

# ---- a kernel ----
cp -R docs/examples/axpby kernels/
exits 0 "with kernels/axpby it builds" build
exits 0 "parbench list kernels" "$PARBENCH" list kernels
says "shows the kernel, its types and forms" 'axpby +f32 f64 +scalar simd opencl'
exits 0 "the kernel is right on every backend that is here" few -k axpby
cp "$T/out" "$T/rows"
for backend in scalar simd openmp opencl mpi; do
    if usable $backend; then
        cp "$T/rows" "$T/out"
        says "also on $backend" "axpby +$backend +[1-9][0-9]* +0 "
    else
        skip "also on $backend" "$backend is not usable here"
    fi
done
changed "the folder is the whole change" '?? kernels/axpby/'

# ---- a backend ----
cp -R docs/examples/pthreads backends/
exits 0 "with backends/pthreads it builds" build
exits 0 "parbench list backends" "$PARBENCH" list backends
says "shows the backend as usable" 'pthreads +yes'
exits 0 "it is right for every kernel" few -b pthreads
says "the new one too" 'axpby +pthreads +[1-9][0-9]* +0 '
exits 0 "it can be measured beside simd" "$PARBENCH" run -b pthreads,simd -k axpby,saxpy -t f32 -s 1000,64Ki \
    --threads 2 --rounds 2 --seed 7 --time-limit 60 -o "$T/run.json"
says "with all points fine" '8 points ok, 0 wrong, 0 failed'
valid "the result file satisfies the schema" "$T/run.json"
check "and has the backend" grep -q '"backend":"pthreads"' "$T/run.json"
changed "two folders are the whole change" "?? backends/pthreads/
?? kernels/axpby/"

# ---- and away again: nothing refers to what is gone ----
rm -r kernels/axpby backends/pthreads
exits 0 "without the folders it builds again" build
exits 0 "parbench list" "$PARBENCH" list
lacks "knows neither any more" 'axpby|pthreads'
changed "and the tree is as it was" ''

# ---- a plugin ----
cp -R docs/examples/axpby "$T/mine/"
exits 0 "make plugin builds a folder from anywhere" build plugin DIR="$T/mine/axpby"
check "and writes nothing into it" diff -r docs/examples/axpby "$T/mine/axpby"
exits 0 "parbench list --plugin" "$PARBENCH" list kernels --plugin build/plugins/axpby.so
says "shows it" 'axpby +f32 f64'
exits 0 "the plugin is right" few --plugin build/plugins/axpby.so -k axpby
exits 2 "without --plugin the kernel is not known" few -k axpby
changed "a plugin changes nothing in the tree" ''

# ---- a second folder of kernels ----
sed -i 's/\.summary = "/&mine: /' "$T/mine/axpby/axpby.c"
touch -t 200001010000 "$T"/mine/axpby/* # older than the objects of the folder that was there before
exits 0 "make KERNEL_PATH takes kernels from two folders" build KERNEL_PATH="kernels $T/mine"
exits 0 "parbench list" "$PARBENCH" list kernels
says "shows the ones of the tree" 'saxpy'
says "and mine, compiled from my file" 'axpby .*mine: '
exits 0 "it is right" few -k axpby -b scalar,simd,openmp
changed "and nothing in the tree changes" ''

# ---- what the result file says of the build is true ----
exits 0 "other flags" build KERNEL_PATH="kernels $T/mine" CFLAGS=-O0
says "make every object anew" 'CC +cmd/main.c.*CC +kernels/saxpy/saxpy.c'
cd / || exit 2
done_testing
