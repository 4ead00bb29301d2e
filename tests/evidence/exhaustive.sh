#!/bin/sh
# exhaustive.sh FOLDER REPEATS PARBENCH KERNEL BACKENDS STEP LAST SIZES: every multiple of STEP up to LAST, one round each, as
# FOLDER/try-I; and the search that begins with SIZES, as FOLDER/search-I; in turn, so that both see the same weather.
set -eu
folder=$1 repeats=$2 parbench=$3 kernel=$4 backends=$5 step=$6 last=$7 sizes=$8
keep=$(dirname "$0")/keep_run.sh
chunk=512 # sizes: as many as one run takes

try_all() { # try_all FOLDER: in as many runs as it takes
    from=$step part=0
    while [ "$from" -le "$last" ]; do
        part=$((part + 1))
        to=$((from + (chunk - 1) * step))
        [ "$to" -le "$last" ] || to=$last
        "$keep" "$1/$(printf %04d "$part")" "$parbench" -k "$kernel" -b "$backends" -t f32 --quick --rounds 1 --no-refine \
            --no-canaries --time-limit 3600 -s "$(seq -s , "$from" "$step" "$to")"
        from=$((to + step))
    done
}

for i in $(seq "$repeats"); do
    try_all "$folder/try-$i"
    "$keep" "$folder/search-$i/0001" "$parbench" -k "$kernel" -b "$backends" -t f32 --quick --rounds 3 --no-canaries \
        --time-limit 3600 -s "$sizes"
done
