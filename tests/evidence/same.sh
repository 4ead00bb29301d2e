#!/bin/sh
# same.sh PARBENCH FOLDER..: same files in, same bytes out? Every kept session is compared twice in every format, the second
# time without any environment. Writes a Markdown table; exits 1 if an output differed.
set -eu
parbench=$1
shift
formats='text json csv markdown junit github bmf'
work=$(mktemp -d "${TMPDIR:-/tmp}/parbench-same.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
sessions=0 outputs=0 different=0
for old in $(for folder in "$@"; do echo "$folder"/*-old.json; done); do
    [ -f "$old" ] || continue
    new=${old%-old.json}-new.json
    sessions=$((sessions + 1))
    for format in $formats; do
        once=0 twice=0
        "$parbench" compare "$old" "$new" --format "$format" >"$work/once" 2>&1 || once=$?
        env -i "$parbench" compare "$old" "$new" --format "$format" >"$work/twice" 2>&1 || twice=$?
        # Exit 2 is no verdict: two equal complaints would prove nothing.
        [ "$once" -ne 2 ] || { cat "$work/once" >&2; exit 2; }
        outputs=$((outputs + 1))
        if [ "$once" -ne "$twice" ] || ! cmp -s "$work/once" "$work/twice"; then
            different=$((different + 1))
            echo "same.sh: $old, $format: the second output differs" >&2
        fi
    done
done
[ "$sessions" -gt 0 ] || { echo "same.sh: no sessions in $*" >&2; exit 2; }
printf '| sessions | formats of each | outputs that differ the second time |\n|--:|:--|--:|\n'
printf '| %d | %s | %d of %d |\n' "$sessions" "$(echo "$formats" | sed 's/ /, /g')" "$different" "$outputs"
[ "$different" -eq 0 ]
