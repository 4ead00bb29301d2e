#!/bin/sh
# "scalar" means it: the disassembly of every scalar body holds no packed arithmetic, and a SIMD body does (so that
# this test can fail).
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

case $(objdump --version 2>/dev/null | head -n 1) in
*objdump*) ;;
*)
    skip "scalar bodies" "objdump is not installed"
    done_testing
    ;;
esac

# Arithmetic on packed floating-point registers; moves and xor (zeroing) are no arithmetic.
case $(uname -m) in
x86_64) packed='\bv?(add|sub|mul|div|sqrt|min|max|hadd|dp|addsub)p[sd]\b|\bvfn?m(add|sub)[0-9a-z]*p[sd]\b' ;;
aarch64) packed='\bf(add|sub|mul|div|mla|mls|addp|maxnm)[[:space:]]+v[0-9]+\.[0-9]' ;;
*)
    skip "scalar bodies" "no pattern for this architecture"
    done_testing
    ;;
esac
for object in "${BUILD:-build}"/kernels/*/*.scalar.o; do
    objdump -d --no-show-raw-insn "$object" >"$T/dis"
    ! grep -Eq "$packed" "$T/dis"
    ok "no packed arithmetic in $(basename "$object")" $?
done
case $(uname -m) in x86_64) other=avx2 ;; *) other=neon ;; esac
objdump -d --no-show-raw-insn "${BUILD:-build}/kernels/saxpy/saxpy.f32.$other.o" >"$T/dis"
grep -Eq "$packed" "$T/dis"
ok "the pattern finds it where it is: saxpy.f32.$other.o" $?
done_testing
