#!/bin/sh
# sessions.sh FOLDER COUNT OLD_BIN NEW_BIN [SHARE]: measures COUNT sessions of parbench ab and keeps, of each, how it ended
# (NNNN.session), its files (NNNN-old.json, NNNN-new.json) and what it said (NNNN.txt). A session that is there is not
# measured again, so an interrupted series goes on where it stood. An @ in NEW_BIN stands for the session's number.
#
# With SHARE (0.05), one point of the new side is made that much slower: the points of tests/evidence/points in turn.
# HOG names a program that runs beside all sessions; AB_ARGS says what they measure.
set -eu
folder=$1 count=$2 old=$3 new=$4 share=${5-}
: "${AB_ARGS=-k saxpy,reduce,matmul -b scalar,simd}"
points=$(dirname "$0")/points
mkdir -p "$folder"

fail() {
    echo "sessions.sh: $*" >&2
    exit 2
}

hog_pid=
trap '[ -z "$hog_pid" ] || kill "$hog_pid" 2>/dev/null' EXIT
trap 'exit 130' INT TERM

need_hog() {
    [ -n "${HOG-}" ] || return 0
    if [ -z "$hog_pid" ]; then
        "$HOG" &
        hog_pid=$!
    fi
    kill -0 "$hog_pid" || fail "$HOG has ended"
}

# Point NUMBER of the list, over and over: "saxpy simd 4096".
point_of() {
    sed '/^#/d' "$points" | awk -v number="$1" '{ line[NR] = $0 } END { print line[(number - 1) % NR + 1] }'
}

has_point() { # has_point FILE KERNEL BACKEND N: a result file has one point per line
    grep "\"kernel\":\"$2\"" "$1" | grep "\"backend\":\"$3\"" | grep -q "\"n\":$4,"
}

session() { # session NUMBER
    name=$(printf '%s/%04d' "$folder" "$1")
    [ ! -s "$name.session" ] || return 0
    need_hog
    rm -f "$name-old.json" "$name-new.json"
    planted=
    if [ -n "$share" ]; then
        # shellcheck disable=SC2046  # three words
        set -- "$1" $(point_of "$1")
        planted=$2:$share:$3:$4
    fi
    start=$(date +%s.%N)
    code=0
    # shellcheck disable=SC2086  # several arguments
    "$old" ab "$old" "$(echo "$new" | sed "s/@/$1/")" $AB_ARGS ${planted:+"--new-arg=PARBENCH_SLOWDOWN=$planted"} \
        -o "$name" >"$name.txt" 2>&1 </dev/null || code=$?
    end=$(date +%s.%N)
    [ "$code" -le 3 ] || fail "session $1 was ended (status $code): see $name.txt"
    if [ -n "$planted" ] && [ -f "$name-old.json" ]; then
        has_point "$name-old.json" "$2" "$3" "$4" || fail "$points: no point $2 $3 $4 in $name-old.json"
    fi
    {
        echo "exit $code"
        echo "wall_s $(echo "$end $start" | awk '{ printf "%.1f", $1 - $2 }')"
        [ -z "$planted" ] || echo "planted $planted"
    } >"$name.part"
    mv "$name.part" "$name.session"
    echo "$folder: $1 of $count: exit $code, $(sed -n 's/^wall_s //p' "$name.session") s${planted:+, planted $planted}"
}

number=0
while [ "$number" -lt "$count" ]; do
    number=$((number + 1))
    session "$number"
done
