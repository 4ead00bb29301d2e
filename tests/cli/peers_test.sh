#!/bin/sh
# The tools that make docs/evidence/peers.md: what is absent is told, groups are kept, tables are written. No ratio is tested here.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh
tools=${BUILD:-build}/tests/evidence
for tool in measure side table; do
    [ -x "$tools/peers-$tool" ]
    ok "peers-$tool is built" $?
done

# ---- tables of made-up groups -------------------------------------------------------------------------

made_up() { # made_up FILE NAME NS_OURS NS_PEER..: rounds in which the peer takes these times
    {
        printf 'machine\ta made-up machine\nname\t%s\nmean\tall of them\nunit\tflops\n' "$2"
        printf 'arm\tparbench\t-\t1000\tsimd avx2\narm\tPeer\t1\t1000\tPeer 1.0\nabsent\tOther\tnot installed\n'
        ours=$3
        shift 3
        for theirs in "$@"; do printf 'round\t%s\t%s\n' "$ours" "$theirs"; done
    } >"$file_folder/$file_prefix$1.group"
}
file_folder=$T/ev/matmul file_prefix=''
mkdir -p "$file_folder"
made_up 1 first 100 200 200 200 200 200 200 200
made_up 2 second 100 50 50 50 50 50 50 50
exits 0 "two groups" "$tools/peers-table" "$T/ev/matmul/1.group" "$T/ev/matmul/2.group"
says "the machine is named once" '^a made-up machine *. measured'
says "twice as fast" '. first . simd avx2, 10 GFLOP/s . Peer 1.0, 5 GFLOP/s . 2.000 . 2.000 .. 2.000 . 2.000 . 7 . >= 1.00 . yes .'
says "half as fast" '. 0.500 . 0.500 .. 0.500 . 0.500 . 7 . >= 1.00 . no .'
says "on the geometric mean level" 'geometric mean, all of them.. . . Peer . 1.000 . 1.000 .. 1.000 . 1.000 . 14 '
says "what is absent has a row" '. first . . Other: not installed .*not measured'
printf 'round\t1\n' >>"$T/ev/matmul/2.group"
exits 2 "a file that was cut off" "$tools/peers-table" "$T/ev/matmul/2.group"
says "is named" '2.group:15: .*remove the file'
made_up 2 second 100 50 50 50 50 50 50 50

cp docs/evidence/peers.md "$T/page.md"
exits 0 "the report" tests/evidence/peers_report.sh "$T/ev" "${BUILD:-build}" "$T/page.md" matmul isa
# shellcheck disable=SC2016  # Markdown
grep -q '^`make bench-peers-matmul`$' "$T/page.md" && grep -q 'first . simd avx2' "$T/page.md"
ok "has the table behind its command" $?
isa_table() { sed -n '/<!-- table isa/,/<!-- end isa/p' "$1"; }
[ "$(isa_table docs/evidence/peers.md)" = "$(isa_table "$T/page.md")" ]
ok "and leaves what was not measured alone" $?

# ---- arms ---------------------------------------------------------------------------------------------

measure() { # measure FILE ARM..: three rounds, as short as they can be
    file=$T/$1
    shift
    "$tools/peers-measure" --program "$PARBENCH" --tools "$tools" --out "$file" --name test --unit bytes --rounds 3 --least 3 \
        --piece-ms 0.05 "$@"
}
saxpy='kernel=saxpy type=f32 n=1000'
# shellcheck disable=SC2086  # words
exits 0 "scalar beside a plain loop, a library that is not there, and a kernel that nobody wrote" measure a.group \
    -- parbench parbench - $saxpy backend=scalar -- side loop 1.00 peer=loop $saxpy \
    -- side BLAS - peer=blas library=libnone.so.9 $saxpy -- parbench none - kernel=none type=f32 n=1 backend=simd
[ "$(grep -c '^round' "$T/a.group")" -eq 3 ] && [ "$(grep -c '^arm' "$T/a.group")" -eq 2 ]
ok "three rounds of two arms" $?
grep -q "^absent	BLAS	libnone.so.9 is not installed$" "$T/a.group" && grep -q '^absent	none	parbench has no kernel none$' "$T/a.group"
ok "and two reasons" $?
exits 0 "it is a table" "$tools/peers-table" "$T/a.group"
says "with one ratio" '. scalar scalar, [0-9.]* GB/s . loop .* 3 . >= 1.00 '
# shellcheck disable=SC2086
exits 0 "a backend that nobody wrote" measure b.group -- parbench parbench - $saxpy backend=none -- side loop 1.00 peer=loop $saxpy
grep -q '^absent	parbench	parbench has no backend none$' "$T/b.group" && ! grep -q '^round' "$T/b.group"
ok "there is nothing to compare with" $?
exits 2 "no arms" measure c.group
says "are told how" 'usage: peers-measure'
[ ! -e "$T/c.group" ]
ok "and leave no file" $?

# An OpenMP runtime binds the program that starts a peer to one core, which the peer's threads must not inherit.
mkdir -p "$T/bin"
cat >"$T/bin/likwid-bench" <<'END'
#!/bin/sh
case $1 in
-h) echo 'likwid-bench Version 9.9' ;;
-a) echo 'daxpy_sp - made up' ;;
-t) echo "MByte/s: $(env -u OMP_NUM_THREADS nproc)000" ;;
esac
END
chmod +x "$T/bin/likwid-bench"
# shellcheck disable=SC2086
exits 0 "a program with two threads" env PATH="$T/bin:$PATH" OMP_PLACES=cores OMP_PROC_BIND=spread \
    sh -c "echo go | '$tools/peers-side' peer=likwid $saxpy workers=2 cpu=-1"
says "may use every core" "^ready likwid-bench 9.9, daxpy_sp $((12000 / $(env -u OMP_NUM_THREADS nproc)))"

# ---- groups are kept ------------------------------------------------------------------------------------

exits 2 "a part that nobody wrote" tests/evidence/peers.sh none "$T/ev" "${BUILD:-build}"
says "is told which there are" 'matmul, isa, stream, opencl, mpi'
if [ "$(uname -m)" = x86_64 ]; then
    file_folder=$T/ev/isa
    mkdir -p "$file_folder"
    for isa in avx2 sse2; do
        for type in f32 f64; do
            file_prefix=$isa-$type-
            for n in 00256 00512 01024 02048; do made_up $n made-up 1 2 3; done
        done
    done
    exits 0 "all groups of a part are there" tests/evidence/peers.sh isa "$T/ev" "${BUILD:-build}"
    [ ! -s "$T/out" ] && [ "$(find "$file_folder" -type f | wc -l)" -eq 16 ]
    ok "none is measured again" $?
else
    skip "groups are kept" "OpenBLAS is held to other instruction sets on x86-64 alone"
fi
done_testing
