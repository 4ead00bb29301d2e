#!/bin/sh
# keep_run.sh NAME PARBENCH ARG..: one `parbench run ARG..`, kept as NAME.json (its file), NAME.txt (what it said) and NAME.run
# (how long it took, and its arguments). A run that is there is not measured again; one with other arguments is an error.
set -eu
name=$1 parbench=$2
shift 2

fail() {
    echo "keep_run.sh: $*" >&2
    exit 2
}

if [ -s "$name.run" ]; then
    [ "$(sed -n 's/^args //p' "$name.run")" = "$*" ] ||
        fail "$name was measured with other arguments: remove it, or measure into another EVIDENCE_DIR"
    exit 0
fi
mkdir -p "$(dirname "$name")"
rm -f "$name.json" "$name.json.journal"
start=$(date +%s.%N)
code=0
"$parbench" run "$@" -o "$name.json" >"$name.txt" 2>&1 </dev/null || code=$?
end=$(date +%s.%N)
[ "$code" -ne 130 ] || exit 130
[ "$code" -eq 0 ] || fail "the run ended with status $code: see $name.txt"
{
    echo "wall_s $(echo "$end $start" | awk '{ printf "%.1f", $1 - $2 }')"
    echo "args $*"
} >"$name.part"
mv "$name.part" "$name.run"
echo "$name: $(sed -n 's/^wall_s //p' "$name.run") s"
