#!/bin/sh
# peers.sh PART DIR BUILD: measures the groups of a part (matmul, isa, stream, opencl, mpi), each into DIR/PART/NAME.group. A
# group that is there is not measured again, unless parbench's own arm was absent. QUICK=yes: few pieces, to see that it works.
set -eu
part=$1 dir=$2/$1 build=$3
tools=$build/tests/evidence
cores=$(nproc)
# Six lives: the range of what they say is a 96.9 % interval.
rounds=42 few=12 lives=6
[ -z "${QUICK:-}" ] || { rounds=5 few=3 lives=1; }
piece_ms=4
mkdir -p "$dir"

# group FILE NAME UNIT ROUNDS MEAN -- ARM [-- ARM]..: MEAN may be empty.
group() {
    file=$dir/$1.group name=$2 unit=$3 most=$4 mean=$5
    shift 5
    if [ -s "$file" ] && grep -q '^round' "$file"; then return 0; fi
    least=$few
    [ "$least" -le "$most" ] || least=$most
    set -- --unit "$unit" --rounds "$most" --least "$least" --lives $lives --piece-ms $piece_ms "$@"
    [ -z "$mean" ] || set -- --mean "$mean" "$@"
    "$tools/peers-measure" --program "$build/parbench" --tools "$tools" --out "$file.part" --name "$name" "$@" </dev/null ||
        exit 2
    mv "$file.part" "$file"
    echo "$part: $name"
}

threads() { # threads COUNT: in words
    if [ "$1" -eq 1 ]; then echo "1 thread"; else echo "$1 threads"; fi
}

# ---- matmul beside OpenBLAS, BLIS and this machine's own peak ---------------------------------------

backend_of() { # backend_of WORKERS
    if [ "$1" -eq 1 ]; then echo simd; else echo openmp; fi
}

peak_items() { # peak_items TYPE WORKERS
    "$tools/peers-measure" --sizes "$2" | awk -v type="$1" '$1 == type { print $2 }'
}

matmul() { # matmul TYPE N WORKERS
    what="kernel=matmul type=$1 n=$2 workers=$3"
    mean=
    case $2 in 256 | 512 | 1024 | 2048) mean="matmul $1, $(threads "$3"), n = 256 .. 2048" ;; esac
    # shellcheck disable=SC2086  # words
    group "$(printf '%s-%s-%05d' "$1" "$3" "$2")" "matmul $1, n = $2, $(threads "$3")" flops $rounds "$mean" \
        -- parbench parbench - $what backend="$(backend_of "$3")" \
        -- side OpenBLAS 1.00 peer=blas library=libopenblas.so.0 $what \
        -- side BLIS - peer=blas library=libblis.so.4 $what \
        ${mean:+-- parbench FMA-peak 0.95 kernel=peak_fma type=$1 n=$(peak_items "$1" "$3") workers=$3 backend=$(backend_of "$3")}
}

measure_matmul() {
    for type in f32 f64; do
        for n in 32 48 64 96 128 256 512 1024 2048; do
            matmul $type $n 1
            [ "$cores" -eq 1 ] || matmul $type $n "$cores"
        done
    done
}

# ---- the same with narrower vectors ------------------------------------------------------------------

matmul_held() { # matmul_held TYPE N ISA CORE
    what="kernel=matmul type=$1 n=$2"
    # shellcheck disable=SC2086  # words
    group "$(printf '%s-%s-%05d' "$3" "$1" "$2")" "matmul $1, n = $2, $3" flops $rounds "matmul $1, $3, n = 256 .. 2048" \
        -- parbench parbench - $what backend=simd isa="$3" \
        -- side OpenBLAS 0.90 peer=blas library=libopenblas.so.0 core="$4" $what
}

measure_isa() {
    case $(uname -m) in
    x86_64) ;;
    *) echo "isa: OpenBLAS is held to other instruction sets on x86-64 alone" && return ;;
    esac
    for type in f32 f64; do
        for n in 256 512 1024 2048; do
            matmul_held $type $n avx2 Haswell
            matmul_held $type $n sse2 Nehalem
        done
    done
}

# ---- what moves data: likwid-bench, plain loops, google/benchmark -------------------------------------

stream() { # stream KERNEL ARRAYS WORKERS WHERE BYTES
    step=$((64 * $3)) # whole vectors for every thread
    n=$(($5 / 4 / $2 / step))
    n=$((n * step))
    [ "$n" -gt 0 ] || return 0
    what="kernel=$1 type=f32 n=$n workers=$3"
    ours="$what backend=$(backend_of "$3")"
    title="$1 f32 in $4, n = $n, $(threads "$3")"
    case $4 in L3 | memory) is_large=1 ;; *) is_large=0 ;; esac
    # likwid's threads meet once for all passes: several of them can be compared where a pass is long.
    wanted=1.00
    [ "$3" -eq 1 ] || [ $is_large -eq 1 ] || wanted=-
    stem=$1-$3-$(echo "$4" | sed 's/^L\(.\)/\1-L\1/; s/^memory/4-memory/')
    # shellcheck disable=SC2086  # words
    group "$stem-loops" "$title" bytes $rounds "" -- parbench parbench - $ours -- side "plain loop" 1.00 peer=loop $what
    # likwid-bench goes over its data for 100 ms, and an L3 fills over many passes: as long for everybody.
    piece_ms=100
    # shellcheck disable=SC2086
    group "$stem-programs" "$title" bytes $few "" -- parbench parbench - $ours \
        -- side likwid-bench $wanted peer=likwid streaming=$is_large $what \
        -- side google/benchmark 1.00 peer=gbench program="$tools/peers-gbench" $what
    piece_ms=4
}

measure_stream() {
    for workers in 1 $([ "$cores" -eq 1 ] || echo "$cores"); do
        "$tools/peers-measure" --sizes "$workers" | grep -v '^f' | while read -r where bytes; do
            stream saxpy 2 "$workers" "$where" "$bytes"
            stream triad 3 "$workers" "$where" "$bytes"
            stream reduce 1 "$workers" "$where" "$bytes"
        done
    done
}

# ---- an OpenCL CPU device beside OpenMP and CLBlast ----------------------------------------------------

on_device() { # on_device KERNEL TYPE N WANTED UNIT
    what="kernel=$1 type=$2 n=$3"
    clblast=
    [ "$1" != matmul ] || clblast="-- parbench CLBlast 2.00 $what backend=opencl variant=clblast"
    # shellcheck disable=SC2086  # words
    group "$(printf '%s-%s-%010d' "$1" "$2" "$3")" "$1 $2, n = $3" "$5" $rounds "" \
        -- parbench parbench - $what backend=opencl \
        -- parbench openmp "$4" $what backend=openmp workers="$cores" $clblast
}

measure_opencl() {
    "$build/parbench" list devices 2>/dev/null | awk '$1 == "opencl"' | grep -q ' cpu ' ||
        { echo "opencl: no CPU device: apt-get install pocl-opencl-icd" && return; }
    bytes=$("$tools/peers-measure" --sizes "$cores" | awk '$1 == "memory" { print $2 }')
    for type in f32 f64; do
        element=$((${type#f} / 8))
        on_device saxpy $type $((bytes / 2 / element)) 1.00 bytes
        on_device triad $type $((bytes / 3 / element)) 1.00 bytes
        on_device reduce $type $((bytes / element)) 0.90 bytes
        for n in 256 512 1024; do on_device matmul $type $n 0.80 flops; done
    done
}

# ---- ranks --------------------------------------------------------------------------------------------

moved() { # moved WHAT PHASE KERNEL N: within 1.2 times the time of the bare call
    what="kernel=$3 type=f32 n=$4 workers=2"
    # shellcheck disable=SC2086  # words
    group "$(printf '%s-%010d' "$1" "$4")" "$1 of $4 f32, 2 ranks" calls $few "" \
        -- phase parbench - $what backend=mpi residency=always phase="$2" \
        -- ranks "bare MPI" 0.83 what="$1" $what
}

measure_mpi() {
    for type in f32 f64; do
        # shellcheck disable=SC2086
        group "matmul-$type" "matmul $type, n = 1024, 2 workers" flops $rounds "" \
            -- parbench parbench - kernel=matmul type=$type n=1024 workers=2 backend=mpi \
            -- parbench openmp 0.90 kernel=matmul type=$type n=1024 workers=2 backend=openmp
    done
    for n in 65536 1048576 8388608; do
        moved scatter h2d reduce $n
        moved gather d2h saxpy $n
    done
}

case $part in
matmul | isa | stream | opencl | mpi) "measure_$part" ;;
*) echo "peers.sh: no such part: $part (matmul, isa, stream, opencl, mpi)" >&2 && exit 2 ;;
esac
