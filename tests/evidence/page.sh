# page.sh - sourced by the report scripts: puts a table into $page, between its marks <!-- table NAME --> and
# <!-- end NAME -->. $work is a folder for what is temporary.
# shellcheck shell=sh disable=SC2154

insert() { # insert NAME: standard input becomes the table of that name
    name=$1
    { echo && cat && echo; } >"$work/$name"
    grep -q "^<!-- table $name -->\$" "$page" || { echo "${0##*/}: $page has no mark for a table $name" >&2; exit 2; }
    awk -v name="$name" -v file="$work/$name" '
        $0 == "<!-- end " name " -->" { inside = 0 }
        !inside
        $0 == "<!-- table " name " -->" { inside = 1; while ((getline line < file) > 0) print line }' "$page" >"$work/page"
    cat "$work/page" >"$page"
}

table() { # table NAME "COMMAND THAT MEASURED IT" COMMAND..: not if the command fails
    name=$1 how=$2
    shift 2
    "$@" >"$work/table" || exit 2
    # shellcheck disable=SC2016  # Markdown
    { printf '`%s`\n\n' "$how" && cat "$work/table"; } | insert "$name"
}
