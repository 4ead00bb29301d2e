#!/bin/sh
# unpaired.sh PARBENCH FOLDER: the old file of each kept session against the new file of the next one, as if one had been
# measured after the other: how does parbench compare end? Writes a Markdown table.
set -eu
parbench=$1 folder=$2
before='' pairs=0 zero=0 one=0 three=0
for new in "$folder"/*-new.json; do
    [ -f "$new" ] || continue
    if [ -n "$before" ]; then
        code=0
        "$parbench" compare "$before" "$new" >/dev/null || code=$?
        case $code in
        0) zero=$((zero + 1)) ;;
        1) one=$((one + 1)) ;;
        3) three=$((three + 1)) ;;
        *) exit 2 ;;
        esac
        pairs=$((pairs + 1))
    fi
    before=${new%-new.json}-old.json
done
[ "$pairs" -gt 0 ] || { echo "unpaired.sh: fewer than two sessions in $folder" >&2; exit 2; }
printf '| pairs of files | exit 0: no regression | exit 1: a regression | exit 3: cannot tell |\n|--:|--:|--:|--:|\n'
printf '| %d | %d | %d | %d |\n' "$pairs" "$zero" "$one" "$three"
