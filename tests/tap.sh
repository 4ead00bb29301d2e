# tap.sh - sourced by the command tests: counts checks and prints them as TAP. Run from the top folder.
# shellcheck shell=sh
PARBENCH=${BUILD:-build}/parbench
# shellcheck disable=SC2034  # for the tests
PLUGINS=${BUILD:-build}/plugins
T=$(mktemp -d "${TMPDIR:-/tmp}/parbench-cli.XXXXXX") || exit 2
trap 'rm -rf "$T"' EXIT
tap_count=0
tap_failed=0
export OCL_ICD_VENDORS="${OCL_ICD_VENDORS:-/etc/OpenCL/vendors/}"
export POCL_CACHE_DIR="$T/pocl"
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0}"
mkdir -p "$POCL_CACHE_DIR"

ok() { # ok NAME CONDITION_STATUS
    tap_count=$((tap_count + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $tap_count - $1"
    else
        tap_failed=$((tap_failed + 1))
        echo "not ok $tap_count - $1"
        for f in out err; do [ ! -s "$T/$f" ] || sed "s/^/# $f: /" "$T/$f" | tail -n 25; done
    fi
}

skip() { # skip NAME WHY
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1 # SKIP $2"
}

check() { # check NAME COMMAND..: the command succeeds
    tap_name=$1
    shift
    "$@" >"$T/out" 2>"$T/err"
    ok "$tap_name" $?
}

exits() { # exits CODE NAME COMMAND..: the command ends with exactly this status
    tap_want=$1 tap_name=$2
    shift 2
    "$@" >"$T/out" 2>"$T/err" </dev/null
    tap_code=$?
    [ "$tap_code" -eq "$tap_want" ] || echo "(exit status $tap_code, wanted $tap_want)" >>"$T/err"
    [ "$tap_code" -eq "$tap_want" ]
    ok "$tap_name" $?
}

says() { # says NAME PATTERN: the last command's output or complaint holds the extended regular expression
    cat "$T/out" "$T/err" | tr '\n' ' ' | grep -Eq -- "$2"
    ok "$1" $?
}

lacks() { # lacks NAME PATTERN
    ! cat "$T/out" "$T/err" | grep -Eq -- "$2"
    ok "$1" $?
}

usable() { # usable BACKEND: built and found here?
    "$PARBENCH" list backends | grep -Eq "^$1 +yes"
}

valid() { # valid NAME FILE: the file satisfies results/schema.json
    if /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
        check "$1" /usr/bin/python3 tests/validate_schema.py results/schema.json "$2"
    else
        skip "$1" "python3-jsonschema is not installed"
    fi
}

fresh_make() ( # fresh_make ARG..: a build of its own; nothing that the make running this test was told reaches it
    unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD SAN V WERROR CFLAGS LDFLAGS WITHOUT KERNEL_PATH PREFIX DESTDIR
    make ${CC:+"CC=$CC"} "$@"
)

done_testing() {
    echo "1..$tap_count"
    [ "$tap_failed" -eq 0 ]
    exit
}
