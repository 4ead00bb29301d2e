#!/bin/sh
# What docs/adding-*.md teach is true: the listings are the example files, and a copied folder is the whole change.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

# The listing in DOC that stands under the comment <!-- FILE -->.
listing() { # listing DOC FILE
    awk -v mark="<!-- $2 -->" '$0 == mark { found = 1; next } found && /^```/ { if (inside) exit; inside = 1; next } inside' "$1"
}

for file in docs/examples/*/*; do
    case $file in
    */pthreads/*) doc=docs/adding-a-backend.md ;;
    *) doc=docs/adding-a-kernel.md ;;
    esac
    listing "$doc" "$file" >"$T/listing"
    check "$doc lists $file as it is" diff -u "$file" "$T/listing"
done

# ---- one folder is the whole change ----
mkdir "$T/tree"
cp -r Makefile .ci backends cmd kernels measure plots results tests docs "$T/tree"
rm -rf "$T/tree/kernels/matmul" "$T/tree/kernels/saxpy"
cp -r docs/examples/pthreads "$T/tree/backends/"
cp -r docs/examples/axpby "$T/tree/kernels/"
cd "$T/tree" || exit 2
unset MAKEFLAGS MFLAGS MAKELEVEL # of the make that runs this test
exits 0 "a tree with both examples builds" \
    make ${CC:+"CC=$CC"} BUILD="$T/build" CFLAGS=-O1 WERROR=1 WITHOUT='mpi opencl hwloc' -j 2
exits 0 "parbench list knows both" "$T/build/parbench" list
says "the backend is usable" 'pthreads +yes'
says "the kernel is there" 'axpby +f32 f64'
exits 0 "the backend is right for every kernel" "$T/build/parbench" verify -b pthreads --threads 1,3 -s 1,17,1000
lacks "with nothing wrong" '[1-9][0-9]* wrong'
exits 0 "the kernel is right on every backend" "$T/build/parbench" verify -k axpby --threads 1,3 -s 1,17,1000
exits 2 "a backend left out is refused" "$T/build/parbench" run -k axpby -b mpi -s 1Ki --quick -o "$T/x.json"
says "with the reason" 'left out of this build'
cd - >/dev/null || exit 2
done_testing
