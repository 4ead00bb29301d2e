#!/bin/sh
# The mpi backend through the command: phases, jobs that we are started in, ranks that die, and ranks that wait.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

if ! usable mpi || ! command -v mpirun >/dev/null; then
    skip "the mpi backend" "mpi is not usable here, or there is no mpirun"
    done_testing
fi

# What a container and the user root need; parbench finds both out by itself, a bare mpirun has to be told.
export OMPI_MCA_btl_vader_single_copy_mechanism=none
launcher=mpirun
if mpirun --version 2>/dev/null | grep -q 'Open MPI'; then
    launcher="mpirun --oversubscribe --bind-to none"
    [ "$(id -u)" -ne 0 ] || launcher="$launcher --allow-run-as-root"
fi
# shellcheck disable=SC2086  # options are meant to split
ranks() { count=$1; shift; $launcher -n "$count" "$@"; }
small() { "$PARBENCH" run -b mpi -t f32 --no-canaries --rounds 1 --seed 7 --time-limit 120 "$@"; }
look() { # look NAME FILE PYTHON: the expression is true of the file's points p
    check "$1" python3 -c "import json, sys
p = json.load(open(sys.argv[1]))['points']
assert p and ($3), p" "$2"
}

# ---- ranks that parbench starts ----
exits 0 "a run on one and two ranks" small -k saxpy,matmul --ranks 1,2 -s saxpy=1000,matmul=64 -o "$T/run.json"
valid "its file satisfies the schema" "$T/run.json"
look "every point is fine" "$T/run.json" "len(p) == 8 and all(q['status'] == 'ok' for q in p)"
look "on one and on two ranks" "$T/run.json" "{(q['workers'], q['worker_kind']) for q in p} == {(1, 'rank'), (2, 'rank')}"
look "with transfers, a call is scatter, compute, gather" "$T/run.json" "all(
    q['phases_ns'][phase] > 0 for q in p if q['residency'] == 'always' for phase in ('h2d', 'kernel', 'd2h'))"
look "resident data is not moved" "$T/run.json" "all(
    q['phases_ns']['h2d'] is None and q['phases_ns']['kernel'] > 0 for q in p if q['residency'] == 'resident')"

# ---- ways of the matrix product, ranks of several threads ----
exits 0 "every way to spread a matrix product is right" "$PARBENCH" verify -b mpi -k matmul --variant default,slices,shared,summa \
    --ranks 1,2,3,6,2x2 --isa generic -s 1,2,5,67 --seed 7
says "and none is declined" 'matmul +mpi +[0-9]+ +0 +0 '
exits 0 "they are measured apart" small -k matmul --variant default,slices,summa --ranks 2 --residency resident -s matmul=65 \
    -o "$T/ways.json"
look "under their names" "$T/ways.json" "{q['variant'] for q in p} == {'default', 'slices', 'summa'} and all(
    q['status'] == 'ok' for q in p)"
exits 0 "ranks of two threads each" small -k saxpy,matmul --ranks 2 --threads 1,2 -s saxpy=1000,matmul=64 -o "$T/hybrid.json"
valid "their file satisfies the schema" "$T/hybrid.json"
look "threads are told where there are several" "$T/hybrid.json" "len(p) == 8 and all(q['status'] == 'ok' for q in p) and sorted(
    q.get('threads_per_rank', 0) for q in p) == [0] * 4 + [2] * 4"
exits 0 "the same in short" small -k saxpy --ranks 2x2,1 -s 64 -o "$T/short.json"
look "is read as ranks x threads" "$T/short.json" "{(q['workers'], q.get('threads_per_rank')) for q in p} == {(1, None), (2, 2)}"
exits 2 "threads without ranks" "$PARBENCH" run -b mpi -k saxpy -s 64 --threads 2 -o "$T/no.json"
says "are refused" '--threads applies to'

# ---- in a job that somebody else started ----
exits 0 "inside mpirun the ranks of the job are used" ranks 2 "$PARBENCH" run --backend mpi -k saxpy -t f32 -s 64,1000 \
    --rounds 1 --seed 7 --time-limit 60 -o "$T/job.json"
look "two of them" "$T/job.json" "len(p) == 4 and all(q['workers'] == 2 and q['status'] == 'ok' for q in p)"
check "and one of them reports" test "$(grep -c 'points ok' "$T/out")" -le 1
exits 2 "a failure before the first point ends the whole job" ranks 2 timeout 60 "$PARBENCH" run --backend mpi -k saxpy \
    -t f32 -s 64 --rounds 1 -o "$T/none/x.json"
says "with its reason" 'cannot create'
exits 2 "another backend inside mpirun" ranks 2 "$PARBENCH" run --backend simd -k saxpy -s 64 -o "$T/no.json"
says "is refused with the reason" 'one of 2 ranks of a running job: here only --backend mpi can run'
check "without a file" test ! -e "$T/no.json"

# ---- ranks that die or hang cost their point, and none stays behind ----
left_behind() { # the processes that carry our folder in their environment
    for environment in /proc/[0-9]*/environ; do
        process=${environment%/environ}
        case $(cat "$process/comm" 2>/dev/null) in
        parbench | mpirun | orted | prterun) grep -qF "$T/pocl" "$environment" 2>/dev/null && echo "$process" ;;
        esac
    done
}
none_left() { # they may take a moment to end
    tries=0
    while [ -n "$(left_behind)" ] && [ "$tries" -lt 100 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    test -z "$(left_behind)"
}
broken() { # broken PLUGIN OPTION..
    name=$1
    shift
    small --plugin "$PLUGINS/$name.so" -k "$name,saxpy" --ranks 2 --residency always -s 64,1000 "$@"
}
exits 1 "a rank that crashes" broken bad_crash -o "$T/crash.json"
says "is told with its point" 'failed: bad_crash.*n=1000'
says "and costs no other" '3 points ok, 0 wrong, 1 failed'
check "no process stays behind" none_left
# A new worker has a minute to start on top of its first point's time; with this seed the hang is not its first.
exits 1 "ranks that hang" broken bad_hang --point-timeout 2s --seed 1 -o "$T/hang.json"
says "are told as a timeout" 'timeout: bad_hang.*n=1000'
says "and cost no other point" '3 points ok.* 1 timed out'
check "no process stays behind" none_left

# ---- ranks that wait do not spin ----
# Jiffies of CPU time that each process of session $1 has used: "PID TICKS".
cpu_ticks() {
    for stat in /proc/[0-9]*/stat; do
        # The name, in parentheses, may hold blanks.
        sed 's/(.*)/name/' "$stat" 2>/dev/null | awk -v session="$1" '$6 == session { print $1, $14 + $15 }'
    done
}
uptime_ticks() { awk -v hz="$(getconf CLK_TCK)" '{ printf "%d\n", $1 * hz }' /proc/uptime; }

if command -v setsid >/dev/null; then
    mkfifo "$T/orders"
    exec 3<>"$T/orders" # open for writing too: the workers' input does not end
    # shellcheck disable=SC2086
    setsid $launcher -n 2 "$PARBENCH" worker --backend mpi <"$T/orders" >"$T/answers" 2>"$T/err" 3>&- &
    job=$!
    echo '{"order":"probe"}' >&3
    tries=0
    until grep -q '"probe"' "$T/answers" || [ $tries -ge 600 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    check "ranks answer an order" grep -q '"probe"' "$T/answers"
    cpu_ticks $job >"$T/before"
    start=$(uptime_ticks)
    sleep 3
    cpu_ticks $job >"$T/after"
    passed=$(($(uptime_ticks) - start))
    check "mpirun and both ranks are there" test "$(wc -l <"$T/after")" -ge 3
    # shellcheck disable=SC2016  # awk's fields
    check "a rank that waits costs less than 1 % of a core" awk -v passed="$passed" '
        NR == FNR { before[$1] = $2; next }
        { share = 100 * ($2 - before[$1]) / passed; print $1, share " %"; if (share >= 1) bad = 1 }
        END { exit bad }' "$T/before" "$T/after"
    exec 3>&- # the orders' end
    wait $job
    ok "at the end of their orders the ranks end" $?
else
    skip "a rank that waits costs less than 1 % of a core" "setsid is not installed"
fi

# ---- as an ordinary user ----
program=$(cd "$(dirname "$PARBENCH")" && pwd)/parbench
if [ "$(id -u)" -ne 0 ]; then
    skip "an ordinary user can start ranks" "the tests above ran as one"
elif ! chmod 755 "$T" || ! runuser -u nobody -- test -x "$program" 2>/dev/null; then
    skip "an ordinary user can start ranks" "no runuser, no user nobody, or parbench stands where nobody may not read"
else
    mkdir -m 1777 "$T/nobody"
    exits 0 "an ordinary user can start ranks" runuser -u nobody -- env HOME="$T/nobody" TMPDIR="$T/nobody" "$program" run \
        -b mpi -k saxpy -t f32 -s 64,1000 --ranks 2 --no-canaries --rounds 1 --seed 7 --time-limit 60 -o "$T/nobody/run.json"
    lacks "and nothing is said of root" 'allow-run-as-root'
    look "the points are fine" "$T/nobody/run.json" "len(p) == 4 and all(q['status'] == 'ok' for q in p)"
fi
done_testing
