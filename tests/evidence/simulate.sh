#!/bin/sh
# simulate.sh FOLDER SESSIONS SIMULATOR: the gate's rule on simulated sessions, one file with one table row per setting.
# A setting whose file is there is not simulated again, so an interrupted run goes on where it stood. JOBS settings run at
# a time (all cores), at the lowest priority.
set -eu
folder=$1 sessions=$2 simulator=$3
mkdir -p "$folder"

settings() { # one per line: points, noise, sd and effect in percent; the spread that matters most comes first
    for sd in 2.5 4 1.5; do
        for points in 12 20; do
            for noise in gaussian exponential lognormal heavy heavy-core bursty common autocorrelated; do
                for effect in 0 3 5 10; do
                    echo "$points $noise $sd $effect"
                done
            done
        done
    done
}

# The simulator prints a heading of four lines and the row; a row is put in place whole, or not at all.
# shellcheck disable=SC2016  # expanded by the inner shell
settings | xargs -P "${JOBS:-$(nproc)}" -L 1 sh -euc '
    row=$1/$2.$4-$5-$6-$7.row
    [ ! -s "$row" ] || exit 0
    nice -n 19 "$3" --sessions "$2" --points "$4" --noise "$5" --sd "$6" --effect "$7" | sed 1,4d >"$row.part"
    [ "$(wc -l <"$row.part")" -eq 1 ] || { echo "simulate.sh: no row for $4 $5 $6 $7" >&2; exit 255; }
    mv "$row.part" "$row"
' simulate.sh "$folder" "$sessions" "$simulator"
