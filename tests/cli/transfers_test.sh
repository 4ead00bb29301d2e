#!/bin/sh
# Moving data: reuse of a move, kinds of host memory, the link, and what parbench transfers makes of them.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

look() { # look NAME FILE PYTHON: the expression is true of the file's points p and links k
    check "$1" python3 -c "import json, sys
d = json.load(open(sys.argv[1]))
p = d['points']
k = d['machine']['links']
assert ($3), (k, [(q['backend'], q['residency'], q['reuse'], q['host_memory'], q['status'], q['reason']) for q in p])" "$2"
}
small() { "$PARBENCH" run --quick -k saxpy -t f32 -s 1000,65536 --rounds 1 --no-refine --no-canaries --seed 7 "$@"; }

# ---- what is asked for ----
exits 2 "a move for one call" small -b scalar --residency once:1 -o "$T/none.json"
says "is what always is" 'once:1 is always'
exits 2 "an unknown residency" small -b scalar --residency often -o "$T/none.json"
says "is told what there is" 'none of always, once:K, resident, both'
exits 2 "an unknown host memory" small -b scalar --host-memory paged -o "$T/none.json"
says "is told what there is" 'none of pageable, pinned, mapped, all'

# ---- host cores move nothing ----
exits 0 "a run on host cores" small -b scalar -o "$T/host.json"
look "has no link" "$T/host.json" "k == [] and all(q['moved']['in_bytes'] is None for q in p)"
exits 3 "and nothing to predict" "$PARBENCH" transfers "$T/host.json"
says "which it says" 'no point of the files moves its data: measure opencl or mpi'
exits 2 "transfers wants a file" "$PARBENCH" transfers

# ---- OpenCL ----
if usable opencl; then
    exits 0 "every way to move data to a device" small -b opencl,scalar --residency always,once:4,resident \
        --host-memory all -o "$T/cl.json"
    valid "its file satisfies the schema" "$T/cl.json"
    look "every point is right" "$T/cl.json" "all(q['status'] == 'ok' for q in p)"
    look "each way once" "$T/cl.json" "sorted((q['residency'], q['reuse'], q['host_memory']) for q in p
        if q['n'] == 1000 and q['backend'] == 'opencl') == [('always', 1, 'mapped'), ('always', 1, 'pageable'),
        ('always', 1, 'pinned'), ('once', 4, 'mapped'), ('once', 4, 'pageable'), ('once', 4, 'pinned'),
        ('resident', 1, 'pageable')]"
    look "with what moves" "$T/cl.json" "all(q['moved']['in_bytes'] == 8 * q['n'] and q['moved']['in_arrays'] == 2
        and q['moved']['out_bytes'] == 4 * q['n'] for q in p if q['backend'] == 'opencl')"
    look "and the link" "$T/cl.json" "len(k) == 1 and k[0]['reason'] is None and k[0]['rounds'] >= 6
        and k[0]['enqueue_ns']['estimate'] > 0 and k[0]['round_trip_ns']['estimate'] > 0
        and [(w['name'], w['host_memory']) for w in k[0]['paths']] == [(way, memory)
            for memory in ('pageable', 'pinned', 'mapped') for way in ('h2d', 'd2h')]"
    look "whose rates are possible" "$T/cl.json" "all((w['status'] == 'fitted') == (w['bytes_per_s'] is not None)
        and (w['bytes_per_s'] is None or w['bytes_per_s']['estimate'] < 1e12) for w in k[0]['paths'])"
    exits 0 "transfers" "$PARBENCH" transfers "$T/cl.json"
    says "shows the link" 'an empty kernel is handed over in .* h2d +pageable .* d2h +mapped'
    says "predictions" 'saxpy f32 +64 Ki +opencl .* always pinned .* Predicted from resident data and the link'
    says "and reuse" 'wins from so many calls per move'
    check "transfers --format json" sh -c "'$PARBENCH' transfers --format json '$T/cl.json' >'$T/report.json'"
    check "is complete" python3 -c "import json, sys
d = json.load(open(sys.argv[1]))
assert len(d['predictions']) == 12 and len(d['break_evens']) == 6 and len(d['links']) == 1, d
assert all(e['verdict'] in ('from', 'never') and e['cpu'] for e in d['break_evens']), d['break_evens']
for q in d['predictions']:
    whole = q['resident_ns']['estimate'] + q['move_ns'] / q['reuse']
    assert abs(q['predicted_ns'] / whole - 1) < 1e-9 and q['fixed_cost_ns']['total'] > 0, q
" "$T/report.json"
    exits 0 "no link is measured" small -b opencl --no-links -o "$T/without.json"
    look "with --no-links" "$T/without.json" "k == []"
    exits 0 "transfers without a link" "$PARBENCH" transfers "$T/without.json"
    says "says why nothing is predicted" 'its link was not measured'
    exits 0 "files of one machine" "$PARBENCH" transfers "$T/host.json" "$T/cl.json"
    says "share their links" 'an empty kernel is handed over in'
    exits 0 "verify moves data in every way" "$PARBENCH" verify -b opencl --variant default -k saxpy,reduce -t f32 -s 67 --seed 7 \
        --residency always,once:3,resident --host-memory all
    says "each of them right" '14 right, 0 wrong'
    exits 0 "ab takes the same options" "$PARBENCH" ab --help
    says "for both" '--residency.*--host-memory'
else
    skip "transfers to a device" "opencl is not usable here"
fi

# ---- MPI ----
if usable mpi && command -v mpirun >/dev/null; then
    exits 0 "two ranks" small -b mpi,scalar --ranks 1,2 --residency always,once:4,resident --host-memory all \
        --time-limit 60 -o "$T/mpi.json"
    valid "their file satisfies the schema" "$T/mpi.json"
    look "every point is right, and from pageable memory" "$T/mpi.json" "all(q['status'] == 'ok' for q in p) and
        {q['host_memory'] for q in p} == {None, 'pageable'} and {q['reuse'] for q in p} == {1, 4}"
    look "the link joins two ranks" "$T/mpi.json" "[(w['backend'], w['workers'], w['enqueue_ns']) for w in k] == [
        ('mpi', 2, None)] and [w['name'] for w in k[0]['paths']] == ['p2p', 'scatter', 'gather', 'bcast', 'allreduce']
        and all(w['latency_ns']['estimate'] > 0 for w in k[0]['paths'])"
    exits 0 "transfers" "$PARBENCH" transfers "$T/mpi.json"
    says "between ranks" 'mpi x2: a barrier takes .* p2p .* scatter .* allreduce'
    says "one rank alone has no link" 'mpi x1 always .* its link was not measured'
else
    skip "messages between ranks" "mpi is not usable here, or there is no mpirun"
fi
done_testing
