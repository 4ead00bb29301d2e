#!/bin/sh
# make test-aarch64: cross-compiles parbench for 64-bit Arm and runs `parbench verify` under qemu-user, on every
# instruction set built for it. On Debian; needs root or the packages named below. Times mean nothing here, so none are taken.
set -eu
cd "$(dirname "$0")/.."
BUILD=build/aarch64
ROOT=$BUILD/root
say() { printf 'test-aarch64: %s\n' "$*"; }
die() { say "$*" >&2; exit 2; }

for need in qemu-aarch64:qemu-user aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu; do
    command -v "${need%%:*}" >/dev/null || missing="${missing:-} ${need##*:}"
done
[ -e /usr/aarch64-linux-gnu/include/stdio.h ] || missing="${missing:-} libc6-dev-arm64-cross"
if [ -n "${missing:-}" ]; then
    [ "$(id -u)" = 0 ] || die "missing:$missing; run as root: apt-get install$missing"
    # shellcheck disable=SC2086  # the list is meant to split
    apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends $missing >/dev/null
fi

# cJSON for arm64, unpacked beside the build: the system's own package database stays as it is.
if [ ! -e "$ROOT/usr/include/cjson/cJSON.h" ]; then
    mkdir -p "$ROOT" "$BUILD/apt/lists/partial"
    arm="-oAPT::Architecture=arm64 -oAPT::Architectures=arm64 -oDir::State::Lists=$PWD/$BUILD/apt/lists -oAPT::Sandbox::User=root"
    # shellcheck disable=SC2086
    (cd "$BUILD/apt" && apt-get $arm update -q >/dev/null && apt-get $arm download -q libcjson-dev libcjson1 >/dev/null)
    for deb in "$BUILD"/apt/*.deb; do dpkg -x "$deb" "$ROOT"; done
fi

say "building"
make -s BUILD="$BUILD" CC=aarch64-linux-gnu-gcc WITHOUT='opencl mpi hwloc' WERROR=1 \
    CFLAGS="-O2 -I$PWD/$ROOT/usr/include" LDFLAGS="-L$PWD/$ROOT/usr/lib/aarch64-linux-gnu" "$BUILD/parbench"
say "verifying under qemu"
qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="$PWD/$ROOT/usr/lib/aarch64-linux-gnu" \
    "$BUILD/parbench" verify --in-process -b scalar,simd,openmp --threads 1,2,3
