#!/bin/sh
# parbench list loads no heavy library: read from the memory map of the running process.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

# A full pipe holds the process at its last write, so that its map can be read before it ends.
mkfifo "$T/pipe"
exec 3<>"$T/pipe"
head -c 65536 /dev/zero >&3
"$PARBENCH" list >&3 &
pid=$!
tries=0
while [ $tries -lt 200 ]; do
    if grep -q '^State:.*S' /proc/$pid/status && readlink /proc/$pid/exe | grep -q parbench &&
        grep -q pipe /proc/$pid/wchan 2>/dev/null; then break; fi
    tries=$((tries + 1))
    sleep 0.02
done
cat /proc/$pid/maps >"$T/maps"
head -c 65536 <&3 >/dev/null
wait $pid
exec 3>&-
check "the map of the process could be read" grep -q 'bin\|libc' "$T/maps"
for library in libmpi libopen-rte libopen-pal libOpenCL libpocl libcuda libopenblas parbench-opencl parbench-mpi; do
    ! grep -q "$library" "$T/maps"
    ok "list does not load $library" $?
done
done_testing
