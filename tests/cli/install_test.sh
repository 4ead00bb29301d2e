#!/bin/sh
# make install: what it installs runs from anywhere, finds its modules, and builds plugins without the tree.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

# With the flags of the make that runs this test: the program is the one that stands there, not another build.
install() { make install "$@"; }

exits 0 "make install" install PREFIX="$T/usr"
exits 0 "make install with DESTDIR" install DESTDIR="$T/stage" PREFIX=/opt/parbench
(cd "$T/usr" && find . | sort) >"$T/direct"
(cd "$T/stage/opt/parbench" && find . | sort) >"$T/staged"
check "installs the same files below DESTDIR" diff -u "$T/direct" "$T/staged"
check "and nothing beside them" test "$(cd "$T/stage" && echo ./* ./*/*)" = './opt ./opt/parbench'
check "the program is the one that was built" cmp "$PARBENCH" "$T/usr/bin/parbench"

# ---- it runs from elsewhere ----
top=$PWD
"$PARBENCH" list backends >"$T/expected"
mkdir "$T/elsewhere"
ln -s "$T/usr/bin/parbench" "$T/elsewhere/pb"
cd "$T/elsewhere" || exit 2
mkdir "$T/plain" && cp "$T/usr/bin/parbench" "$T/plain/"
PATH=$T/usr/bin:$PATH
same() { "$@" >"$T/list" && diff -u "$T/expected" "$T/list"; }
check "the installed program runs from elsewhere and finds the same backends" same parbench list backends
check "through a symbolic link too" same ./pb list backends
PARBENCH=$T/usr/bin/parbench
for backend in opencl mpi; do
    if usable $backend; then
        exits 0 "$backend works from ../lib/parbench" parbench verify -b $backend -k saxpy -t f32 -s 1009 --ranks 1
        exits 0 "a program alone" "$T/plain/parbench" list backends
        says "says where it looked for $backend" "module parbench-$backend.so is neither in"
        exits 0 "PARBENCH_MODULES names the folder" env PARBENCH_MODULES="$T/usr/lib/parbench" "$T/plain/parbench" list backends
        says "where $backend is found" "$backend +yes"
    else
        skip "$backend works from ../lib/parbench" "$backend is not usable here"
    fi
done

# ---- the manual page ----
page=$T/usr/share/man/man1/parbench.1
parbench help --man >"$T/page"
check "the manual page is this program's" cmp "$T/page" "$page"
if man --version >/dev/null 2>&1; then
    exits 0 "man shows it" env LC_ALL=C.UTF-8 MANWIDTH=80 MANPAGER=cat man --warnings -l "$page"
    ! [ -s "$T/err" ]
    ok "without a warning" $?
    for command in $(parbench --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        says "it explains parbench $command" "parbench $command"
    done
else
    skip "man shows it" "man is not installed"
fi

# ---- a plugin, against what is installed ----
cp -R "$top/docs/examples/axpby" .
exits 0 "plugin.mk builds a kernel" fresh_make -f "$T/usr/share/parbench/plugin.mk" DIR=axpby OUT="$T/plugins"
check "into OUT" test -s "$T/plugins/axpby.so"
check "and nothing into its folder" diff -r "$top/docs/examples/axpby" axpby
exits 0 "a second make" fresh_make -f "$T/usr/share/parbench/plugin.mk" DIR=axpby OUT="$T/plugins"
lacks "has nothing to do" '(CC|LINK) |-shared'
exits 0 "the installed program measures it" parbench run --plugin "$T/plugins/axpby.so" -k axpby -b scalar,simd -t f32 \
    -s 1009 --rounds 1 --seed 7 --time-limit 60 -o run.json
says "and verifies it" '2 points ok, 0 wrong'
exits 0 "on every backend" parbench verify --plugin "$T/plugins/axpby.so" -k axpby -s 1,1009 --threads 2 --ranks 2
exits 2 "plugin.mk without DIR" fresh_make -f "$T/usr/share/parbench/plugin.mk"
says "asks for it" 'which folder'
exits 2 "plugin.mk with a folder that is no kernel" fresh_make -f "$T/usr/share/parbench/plugin.mk" DIR="$T/usr"
says "says what it expects" 'usr/usr.c not found: a kernel.s folder NAME holds NAME.c'
cd / || exit 2
done_testing
