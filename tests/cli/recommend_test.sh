#!/bin/sh
# parbench recommend: what it takes, how it knows, and when it refuses. The files are made up, so the truth is known.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

made() { # made FILE [EDIT]
    file=$1
    shift
    python3 tests/data/recommend.py "$T/$file" "$@"
}
if ! python3 -c '' 2>/dev/null; then
    skip "recommend" "python3 is not installed"
    done_testing
fi
made all.json
tells() { # tells NAME PATTERN: as says, however the lines break
    tr -s '\n ' ' ' <"$T/out" | grep -Eq -- "$2"
    ok "$1" $?
}
recommend() { "$PARBENCH" recommend --force --from "$T/all.json" "$@"; }

# ---- one size, in words ----
exits 0 "a measured size" recommend saxpy --size 1Ki
says "it is certain, and says how it knows" 'use simd avx2: 112 ns \[111 ns .. 114 ns\], measured here'
tells "the runner-up and what it costs" 'the next is scalar: 512 ns .*, slower by 4.56x'
tells "f32, since nobody said" 'Data type f32, as --dtype is not given'
tells "where the numbers are from" 'Measured on A Test CPU, 2 cores'
tells "that this is another machine, forced or not" 'That is not this machine: the CPU: A Test CPU and'
tells "data that is already there has its own line" 'if the data is already there: the same'
exits 0 "between two sizes" recommend saxpy --dtype f32 --size 500000
tells "it is interpolated, near the truth; with how many workers, and which ISA" \
    'use openmp x2: 27\.[0-9]* µs \[.* .. .*\], interpolated between 256 Ki and 1 Mi; 2 threads, avx2 the next'
tells "the GPU wins with resident data, and how that is known" 'if the data is already there: opencl gpu resident: 8\.[0-9]* µs \[.* .. .*\], interpolated between 256 Ki and 1 Mi; on Test GPU; the next is openmp x2: .*, slower by 3\.[0-9]+x'
lacks "the data type was given" 'as --dtype is not given'
exits 0 "near the crossing" recommend saxpy --size 32Ki
tells "either of the two" 'either simd avx2: .* or openmp x2: '
tells "what the wrong one costs" 'at worst simd avx2 is slower by [0-9.]+ %.*'
tells "and the crossing" 'openmp x2 overtakes simd avx2 somewhere near n = [0-9.]+ Ki \[16 Ki .. 64 Ki\]'
exits 0 "a tenth beyond the sizes" recommend saxpy --size 4600000
tells "is extrapolated, and says so" 'extrapolated from 1 Mi and 4 Mi'
exits 3 "more than a tenth beyond is unknown" recommend saxpy --size 4700000
tells "what was measured, and what to do" 'unknown: measured from n = 256 to 4 Mi; measure it: parbench run -k saxpy --dtype f32 --size 4700000'
exits 3 "below too" recommend saxpy --size 200
tells "with resident data too" 'if the data is already there: unknown: measured from n = 256 to 4 Mi'

# ---- several sizes: a table ----
exits 0 "a range" recommend saxpy --size 256..4Mi*2 --residency always
says "starts with simd" ' 256 +simd avx2'
says "ends with the GPU" ' 4 Mi +opencl gpu always'
[ "$(grep -c -E '(measured|interpolated) ' "$T/out")" -eq 15 ]
ok "one line per size" $?
exits 0 "several values, and --sizes" recommend saxpy --size 1Ki --size 2Ki,4Ki --sizes 8Ki..16Ki
says "all are there" ' 1 Ki .* 2 Ki .* 4 Ki .* 8 Ki .* 16 Ki '
exits 0 "without --size: the sizes measured" recommend saxpy
says "the first and the last" ' 256 .* 4 Mi '
exits 0 "known and unknown sizes" recommend saxpy --size 1Ki,1Gi
says "the unknown one says so" '1 Gi +- +- +unknown'
says "and why" 'unknown: measured from n = 256 to 4 Mi'

# ---- what restricts the choice ----
exits 0 "--backend" recommend saxpy --size 4Mi --backend scalar,simd
says "of these alone" 'use simd avx2'
lacks "no other" 'gpu|openmp'
exits 0 "--residency resident leads" recommend saxpy --size 1Mi --residency resident
says "with the GPU" 'use opencl gpu resident'
exits 0 "--residency host" recommend saxpy --size 4Mi --residency host
says "takes no device" 'use openmp x2'
exits 0 "--dtype f64" recommend saxpy --size 4Mi --dtype f64
says "takes its own curves" 'use simd avx2'

# ---- JSON ----
cat >"$T/check.py" <<'END'
import json, sys
def no_constant(text): raise ValueError(text)
def unique(pairs):
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)
tree = json.load(open(sys.argv[1]), parse_constant=no_constant, object_pairs_hook=unique)
assert tree["schema"] == 1 and tree["kernel"] == "saxpy" and tree["dtype_assumed"] is True
assert tree["machine"]["is_this_one"] is False and "A Test CPU" in tree["machine"]["differs"]
answers = {(a["n"], a["residency"]): a for a in tree["answers"]}
assert len(answers) == len(tree["answers"]) == 8
use = answers[1024, "always"]
assert use["verdict"] == "use" and use["reason"] is None and use["crossing"] is None
best = use["candidates"][0]
assert best["label"] == "simd avx2" and best["isa"] == "avx2" and best["known"] == "measured" and best["may_win"] is True
assert best["from_n"] == best["to_n"] == 1024 and abs(best["time_ns"]["estimate"] - 112.4) < 1e-9
assert use["worst_loss"] == 0 and abs(use["runner_up_loss"] - (512 / 112.4 - 1)) < 1e-9
grey = answers[32768, "always"]
assert grey["verdict"] == "either" and grey["crossing"]["from_label"] == "simd avx2"
assert grey["crossing"]["n"]["low"] == 16384 and grey["crossing"]["n"]["high"] == 65536
assert [c["label"] for c in grey["candidates"] if c["may_win"]] == ["simd avx2", "openmp x2"]
assert 0 < grey["worst_loss"] <= grey["either_loss"]
between = answers[500000, "always"]["candidates"][0]
assert between["known"] == "interpolated" and (between["from_n"], between["to_n"]) == (262144, 1048576)
assert between["time_ns"]["low"] < 2000 + 0.05 * 500000 < between["time_ns"]["high"]
beyond = answers[8388608, "resident"]
assert beyond["verdict"] == "unknown" and "4 Mi" in beyond["reason"] and beyond["worst_loss"] is None
assert all(c["time_ns"] is None and c["known"] == "unknown" and c["reason"] for c in beyond["candidates"])
END
recommend saxpy --size 1Ki,32Ki,500000,8Mi --format json >"$T/json" 2>"$T/err"
check "JSON holds what docs/recommend.md promises" python3 "$T/check.py" "$T/json"

# ---- points that must not win ----
made wrong.json '
for p in tree["points"]:
    if p["backend"] == "simd" and p["n"] == 16384:
        p["status"], p["reason"] = "wrong", "differs by 3"'
exits 0 "a wrong point" "$PARBENCH" recommend saxpy --size 16Ki --dtype f32 --force --from "$T/wrong.json"
says "does not win" 'use openmp x2'
tells "and is named" 'not considered: simd avx2, its result was wrong at n = 16 Ki \(differs by 3\)'
exits 0 "nor does the size beside it" "$PARBENCH" recommend saxpy --size 10000 --dtype f32 --force --from "$T/wrong.json"
lacks "which is not interpolated across it" '(use|either|or) +simd'
made short.json '
tree["points"] = [p for p in tree["points"] if p["backend"] != "openmp" or p["n"] <= 65536]'
exits 0 "an arm that ends early" "$PARBENCH" recommend saxpy --size 1Mi --dtype f32 --force --from "$T/short.json"
tells "is said not to be known" 'not considered: openmp x2, measured from n = 256 to 64 Ki'

# ---- several files ----
made quick.json '
tree["run"]["rounds"] = 3
for p in tree["points"]:
    for key in "estimate", "low", "high":
        p["time_ns"][key] *= 10'
for order in "--from $T/quick.json --from $T/all.json" "--from $T/all.json --from $T/quick.json"; do
    # shellcheck disable=SC2086  # two options
    exits 0 "two files of one machine" "$PARBENCH" recommend saxpy --size 1Ki --force $order
    says "more rounds count more, whatever the order" 'use simd avx2: 112 ns'
done
made other.json 'tree["machine"]["cpu"] = "Another CPU"'
exits 2 "files of two machines" "$PARBENCH" recommend saxpy --size 1Ki --force --from "$T/all.json" --from "$T/other.json"

# ---- another machine, and this one ----
exits 3 "a file of another machine is refused" "$PARBENCH" recommend saxpy --size 1Ki --from "$T/all.json"
says "with what differs" 'measured on another machine, which differs in \(there and here\) the CPU: A Test CPU and .*; the device Test GPU is not here'
says "and what to do" '--force'
check "measure something here" "$PARBENCH" run -k saxpy -b scalar --size 256,1024 --dtype f32 --rounds 1 --time-limit 5s -o "$T/here.json"
exits 2 "only the canaries of a file have f64" "$PARBENCH" export -t f64 "$T/here.json"
says "so it is not offered" 'no data type "f64" in the files: there is f32 *See'
exits 2 "nor is a canary" "$PARBENCH" export -k dot "$T/here.json"
says "to whoever asks for a kernel" 'no kernel "dot" in the files: there is saxpy *See'
exits 0 "but one may be named" "$PARBENCH" export -k canary_fma "$T/here.json"
exits 0 "a file of this machine is not refused" "$PARBENCH" recommend saxpy --size 300 --from "$T/here.json"
says "and answers" 'use scalar: '
lacks "nothing differs" 'not this machine'

# ---- usage ----
exits 2 "no --from" "$PARBENCH" recommend saxpy --size 1Ki
says "says what to do" '--from FILE is missing'
exits 2 "no kernel" "$PARBENCH" recommend --from "$T/all.json"
exits 2 "an unknown kernel" recommend sazpy --size 1Ki
says "has a near one" 'no kernel "sazpy" in the files: did you mean saxpy\?'
exits 2 "two kernels" recommend saxpy,matmul --size 1Ki
says "are one too many" 'one kernel at a time, found "saxpy,matmul"'
exits 2 "an empty kernel" recommend "" --size 1Ki
says "is none" 'an empty argument: expected .*KERNEL'
exits 2 "an unknown data type" recommend saxpy -s 1Ki -t f16
says "names those that were measured" 'no data type "f16" of saxpy in the files: there is f32'
exits 2 "two data types" recommend saxpy -s 1Ki -t f32,f64
says "are one too many" '--dtype: one data type at a time, found "f32,f64"'
exits 2 "an unknown backend" recommend saxpy --size 1Ki --backend cuda
says "names those that were measured" 'no backend "cuda" of saxpy in the files: there is opencl, openmp, scalar, simd'
exits 2 "a residency that was not measured" recommend saxpy --size 1Ki --residency once:4
says "names those that were" 'nothing was measured for "once:4": there is host, always, resident'
exits 2 "a cache mode that was not measured" recommend saxpy --size 1Ki --cache cold
exits 2 "no size" recommend saxpy --size big
says "says what one is" '--size: "big" is not a size: write 4096'
exits 2 "size 0" recommend saxpy --size 0
says "is too small" '--size: "0" is too small: sizes begin at 1'
exits 2 "a size below 0" recommend saxpy --size -1
exits 2 "a size beyond all" recommend saxpy --size 1e99
exits 2 "a size beyond 2^53" recommend saxpy --size 8388609Gi
says "is too large" '--size: "8388609Gi" is too large: at most 2\^53'
exits 2 "more sizes than can be" recommend saxpy --size 1..400*1.001 --size 1000..2000*1.001
says "says so" '--size gives more than [0-9]+ sizes'
exits 0 "a residency asked for twice counts once" recommend saxpy --size 1Ki --residency resident,resident
[ "$(grep -c 'simd avx2' "$T/out")" -eq 1 ]
ok "in one answer" $?
exits 2 "no such file" "$PARBENCH" recommend saxpy --size 1Ki --from "$T/none.json"
done_testing
