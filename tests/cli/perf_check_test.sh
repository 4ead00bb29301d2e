#!/bin/sh
# .ci/perf-check, in a scratch checkout whose "parbench" is a script that ends as it is told: the exit status is kept, and
# nothing is left behind on any way out. What it measures is parbench ab's matter (ab_test.sh).
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

if ! command -v git >/dev/null; then
    skip "perf-check" "git is not installed"
    done_testing
fi
script=$PWD/.ci/perf-check
unset BUILD SAN V WERROR CFLAGS LDFLAGS WITHOUT KERNEL_PATH PREFIX DESTDIR
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 TMPDIR="$T/tmp"
top=$PWD
mkdir -p "$T/tmp" "$T/tree/.ci"
cp "$script" "$T/tree/.ci/"
cat >"$T/tree/Makefile" <<'END'
BUILD ?= build
all:
	@mkdir -p $(BUILD)
	@cp program $(BUILD)/parbench
	@cp version $(BUILD)/version
	@echo '$(CFLAGS) $(if $(WERROR),strict)' >$(BUILD)/flags
perf-check:
	+@.ci/perf-check '$(BASE)' $(PERF_ARGS)
END
cat >"$T/tree/program" <<'END'
#!/bin/sh
for last; do :; done
eval "first=\${$(($# - 1))}"
echo "$*" >"$SAID/arguments"
cat "$(dirname "$first")/version" "$(dirname "$last")/version" >"$SAID/versions"
cat "$(dirname "$first")/flags" "$(dirname "$last")/flags" >"$SAID/flags"
[ -z "$HANG" ] || { echo $$ >"$SAID/pid"; exec sleep 100; }
exit "${CODE:-0}"
END
chmod +x "$T/tree/program"
export SAID="$T" HANG='' CODE=''
cd "$T/tree" || exit 2
commit() {
    git add -A && git -c user.name=test -c user.email=test@example.org commit -q -m "$1"
}
git init -q .
echo /build >.gitignore
echo broken >version
printf 'all:\n\t@echo no; false\n' >broken.mk
cp Makefile right.mk && cp broken.mk Makefile
commit "does not build" && git tag broken
mv right.mk Makefile
echo one >version
commit one && git tag one
echo two >version
commit two
echo three >version # not committed

left() { # nothing is left behind: no work tree, no file, and the tree as it was
    [ "$(git worktree list | wc -l)" -eq 1 ] && [ -z "$(ls "$T/tmp")" ] && [ "$(git status --short)" = ' M version' ]
}
for code in 0 1 2 3; do
    CODE=$code exits $code "ab's exit status $code is kept" .ci/perf-check one
    says "and said in words" "exit status $code: [a-z]"
    check "nothing is left behind" left
done
check "the base is the revision, and the new side the tree as it stands" test "$(tr '\n' ' ' <"$T/versions")" = "one three "
exits 0 "options are handed on" env CFLAGS=-O3 .ci/perf-check one --kernel 'a b'
check "as they are, before the two programs" grep -Eq '^ab --kernel a b /.*/base/build/parbench ./build/perf-check/parbench$' "$T/arguments"
check "both are built with the same flags" test "$(sort "$T/flags" | uniq -c | tr -d ' ')" = '2-O3-falign-functions=64-falign-loops=64'
exits 0 "through make, with its variables" fresh_make perf-check BASE=one PERF_ARGS='--kernel x' CFLAGS=-O1 WERROR=1 BUILD="$T/elsewhere"
check "the flags reach both, WERROR none" test "$(sort "$T/flags" | uniq -c | tr -d ' ')" = '2-O1-falign-functions=64-falign-loops=64'
check "BUILD only this tree" grep -Eq "/base/build/parbench $T/elsewhere/parbench\$" "$T/arguments"
CODE=1 exits 2 "make ends with 2 for a regression" fresh_make perf-check BASE=one
says "but the line says which" 'exit status 1: a regression'

exits 2 "an unknown revision" .ci/perf-check nonsense
says "is one sentence" '^perf-check: git knows no revision "nonsense": give a commit'
check "nothing is left behind" left
exits 2 "no revision" .ci/perf-check
says "says what is missing" 'BASE is missing'
exits 2 "options first" .ci/perf-check --kernel saxpy
says "says so" 'BASE comes first'
exits 2 "a base that does not build" .ci/perf-check broken
says "is named" 'broken does not build'
check "nothing is left behind" left
exits 0 "--help" .ci/perf-check --help
says "explains the exit status" '3  inconclusive'
lacks "and shows none of its code" 'set -u|die'

# ---- stopped half-way ----
for signal in TERM INT HUP; do
    # env: a shell's background command ignores INT for good, and so would the script.
    rm -f "$T/pid"
    HANG=yes /usr/bin/env python3 - $signal "$T/pid" >"$T/out" 2>"$T/err" <<'END'
import os, signal, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[1])
signal.signal(number, signal.SIG_DFL)
process = subprocess.Popen([".ci/perf-check", "one"])
deadline = time.monotonic() + 60
while not os.path.exists(sys.argv[2]) and time.monotonic() < deadline:
    time.sleep(0.01)
process.send_signal(number)
code = process.wait(60)
assert code == 128 + number, code
END
    ok "SIG$signal ends it" $?
    check "nothing is left behind" left
    check "nor running" sh -c "! kill -0 $(cat "$T/pid") 2>/dev/null"
done

# ---- no checkout ----
mkdir -p "$T/plain/.ci"
cp .ci/perf-check "$T/plain/.ci/"
exits 2 "without git's folder" env GIT_CEILING_DIRECTORIES="$T" "$T/plain/.ci/perf-check" one
says "says that there is no earlier revision" 'no git checkout'

cd "$top" || exit 2
unset TMPDIR
exits 2 "make perf-check without BASE" fresh_make perf-check
says "asks for it" 'BASE is missing'
done_testing
