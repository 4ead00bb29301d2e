#!/bin/sh
# parbench verify: whatever is wrong on purpose is found and named, and what we ship is right.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

verify() { "$PARBENCH" verify --seed 7 "$@"; }
plugin() { # plugin NAME OPTION..
    name=$1
    shift
    verify --plugin "$PLUGINS/$name.so" -k "$name" "$@"
}

# What verify has to say about each plugin; "right" where the result is right after all.
fault() {
    case $1 in
    bad_input) echo 'changed its input x: element 0 was' ;;
    bad_offbyone) echo 'bad_offbyone at n = .* is wrong: error 0\.[0-9]*, tolerance' ;;
    bad_overrun) echo 'wrote outside array z: [0-9]* bytes changed in the guard zone behind it' ;;
    bad_slices) echo 'slices \[0,[0-9]*\) and .* against the whole: z\[' ;;
    bad_tail) echo 'slices .* against the whole: z\[[0-9]*\] is nan' ;;
    bad_unwritten) echo 'was never written' ;;
    bad_crash | bad_hang) echo 'one case' ;;
    bad_print | bad_memory | good_*) echo 'right' ;;
    esac
}

# ---- wrong on purpose: the folder is the list, so that none is forgotten ----
for folder in tests/plugins/*/; do
    name=$(basename "$folder")
    fault=$(fault "$name")
    case $fault in
    '')
        false
        ok "this test knows what is wrong with $name" $?
        ;;
    right)
        exits 0 "$name gives right results" plugin "$name" -b scalar,simd -s 1,17,64,1009
        ;;
    'one case') ;;
    *)
        exits 1 "$name is found" plugin "$name" -b scalar,simd
        says "$name is named with size, type and backend" "wrong: $name f32 n=[0-9]+ scalar"
        says "and what is wrong with it" "$fault"
        says "in the scalar body" "$name +scalar +[0-9]+ +[1-9]"
        says "and in the SIMD bodies" "$name +simd +[0-9]+ +[1-9]"
        says "with a seed to see it again" '--seed 7'
        ;;
    esac
done

# ---- what breaks off costs its own case ----
one_case() { plugin "$1" -t f32 -s 64,1000,1009 -b scalar --point-timeout 2s; }
exits 1 "a crash is found" one_case bad_crash
says "told with its size" 'failed: bad_crash f32 n=1000 scalar'
says "and the other cases are checked" '2 right, 1 wrong'
exits 1 "a hang is found" one_case bad_hang
says "told as a timeout" 'timeout: bad_hang f32 n=1000 scalar.*no answer within'
says "and the other cases are checked" '2 right, 1 wrong'

# ---- and where the work is shared out ----
exits 1 "threads do not hide a missing element" plugin bad_unwritten -b openmp --threads 3 -s 1009
if usable mpi; then
    exits 1 "nor do ranks" plugin bad_unwritten -b mpi --ranks 2 -s 1009 -t f32
    says "told as wrong" 'wrong: bad_unwritten f32 n=1009 mpi x2'
else
    skip "nor do ranks" "mpi is not usable here"
fi

# ---- what we ship is right, in every row ----
"$PARBENCH" list kernels | awk 'NF && $2 ~ /^f(32|64)$/' >"$T/kernels"
kernels=$(awk '{ print $1 }' "$T/kernels")
everywhere=$(awk '/ scalar simd opencl / { print $1 }' "$T/kernels") # the canaries have a scalar form alone
kernels_on() { if [ "$1" = scalar ]; then echo "$kernels"; else echo "$everywhere"; fi; }
best=$("$PARBENCH" list backends | tr '\n' ' ' | sed -n 's/.*[ ,]\([a-z0-9]*\) (best.*/\1/p')
[ -n "$kernels" ] && [ -n "$everywhere" ] && [ -n "$best" ]
ok "list tells the kernels and the best instruction set" $?

right() { # right BACKENDS OPTION..
    backends=$1
    shift
    for b in $(echo "$backends" | tr ',' ' '); do
        usable "$b" && continue
        skip "the kernels are right on $b" "$b is not usable here"
        return
    done
    exits 0 "the kernels are right on $backends" verify -b "$backends" "$@"
    for b in $(echo "$backends" | tr ',' ' '); do
        for k in $(kernels_on "$b"); do
            says "$k was checked on $b" "$k +$b +[1-9][0-9]* +0 "
        done
    done
}
right scalar,simd
right openmp --threads 1,2,3,7
# What a library computes there, and how long it compiles: clblast_test.sh.
right opencl --variant default
# Seven ranks on few cores take turns: the best instruction set is enough here.
right mpi --ranks 1,2,3,7 --isa "$best"
exits 3 "nothing checked is not right" verify -b scalar -k saxpy -s 1000Gi
done_testing
