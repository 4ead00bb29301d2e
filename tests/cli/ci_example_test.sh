#!/bin/sh
# docs/examples/perf.yml: its shell is run as the runner would, in a scratch project of two commits, with the same kernel
# in both and with a kernel that does ten times the work. The threshold is 50 % here, so that a verdict is no matter of
# luck: a change of nothing cannot reach it, and the planted one exceeds it twenty times. What a machine under load may
# still say is "cannot tell" (3), and then the check is skipped.
# shellcheck source=tests/tap.sh disable=SC2317
. tests/tap.sh

workflow=$PWD/docs/examples/perf.yml
top=$PWD
if ! command -v git >/dev/null || ! command -v bash >/dev/null; then
    skip "the example's steps" "git and bash are needed"
    done_testing
fi
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES SAN V WERROR CFLAGS LDFLAGS WITHOUT KERNEL_PATH PREFIX DESTDIR

# ---- the file ----
# Every `run: |` block as a file of its own, STEP-NN, without its indentation; the rest of the file in `frame`.
mkdir "$T/steps"
awk -v into="$T/steps" '
/^ *run: \|$/ { count++; depth = match($0, /[^ ]/); file = sprintf("%s/STEP-%02d", into, count); inside = 1; next }
inside && /[^ ]/ && match($0, /[^ ]/) <= depth { inside = 0 }
inside { print substr($0, depth + 2) > file; next }
{ print > (into "/frame") }' "$workflow"
set -- "$T"/steps/STEP-*
check "its steps are those that are run below" test $# -eq 5
check "and no other" test "$(grep -c '^ *run: .' "$workflow")" -eq $#
for step in "$T"/steps/STEP-*; do
    check "$(basename "$step") is bash" bash -n "$step"
done
# What an expression inserts becomes shell: a branch of that name could run anything.
check "no step has an expression in its shell" sh -c "! grep -F '\${{' '$T'/steps/STEP-*"
check "it asks for no right but to read" test "$(grep -A 1 '^permissions:' "$workflow" | tail -n 1)" = "  contents: read"
check "nowhere" sh -c "! grep -E ': *write|secrets\.|GITHUB_TOKEN|pull_request_target' '$workflow'"
if command -v shellcheck >/dev/null; then
    # $POINTS and $SELFTEST are several words; $KERNELS is no misspelt $kernels.
    check "shellcheck finds nothing in it" shellcheck -s bash -e SC2086,SC2153 "$T"/steps/STEP-*
else
    skip "shellcheck finds nothing in it" "shellcheck is not installed"
fi
if /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
    check "it is YAML, and its parts are these" /usr/bin/python3 - "$workflow" "$T/steps" <<'END'
import glob, sys, yaml
with open(sys.argv[1]) as file:
    tree = yaml.safe_load(file)
steps = tree["jobs"]["performance"]["steps"]
runs = [step["run"] for step in steps if "run" in step]
assert runs == [open(f).read().rstrip("\n") + "\n" for f in sorted(glob.glob(sys.argv[2] + "/STEP-*"))]
assert all(("run" in step) != ("uses" in step) for step in steps)
assert set(tree["env"]) == {"KERNELS", "POINTS", "THRESHOLD", "SELFTEST"}
END
else
    skip "it is YAML, and its parts are these" "python3-yaml is not installed"
fi

# ---- a project with two versions of a kernel ----
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
commit() { # commit PROJECT: all that is there
    git -C "$T/$1" add -A
    git -C "$T/$1" -c user.name=test -c user.email=test@example.org commit -q -m "A change"
}
mkdir -p "$T/project/bench"
cp -r docs/examples/axpby "$T/project/bench/axpby"
git init -q "$T/project"
commit project
cp -r "$T/project" "$T/project-slow"
echo "A line that changes nothing." >"$T/project/README"
# The counter is volatile, or the compiler would see that once is enough.
slow=$T/project-slow/bench/axpby/axpby.scalar.c
sed 's/^    for (size_t i/    for (volatile int again = 0; again < 10; again++)\n    for (size_t i/' \
    docs/examples/axpby/axpby.scalar.c >"$slow"
check "the slow-down is planted" grep -q again "$slow"
for project in project project-slow; do
    commit $project
done

# ---- a runner ----
mkdir "$T/bin"
printf '#!/bin/sh\necho "$*" >>"%s/asked"\n' "$T" >"$T/bin/sudo" # nothing is installed by a test
chmod +x "$T/bin/sudo"
runner() { # runner PROJECT: an empty workspace with both checkouts done
    rm -rf "$T/job"
    mkdir -p "$T/job/workspace" "$T/job/temp"
    cp -r "$T/$1" "$T/job/workspace/head"
    ln -s "$T/parbench" "$T/job/workspace/parbench"
    : >"$T/job/path"
    : >"$T/job/summary"
}
environment() { # environment: the workflow's own env, then what this test makes cheaper
    awk '/^env:/ { inside = 1; next } /^[^ ]/ { inside = 0 }
         inside { sub(/ +#.*/, ""); sub(/^ +/, ""); sub(/: */, "="); if (/=/) print }' "$T/steps/frame"
    printf '%s\n' 'POINTS=-b scalar -s 4Ki' 'THRESHOLD=50%' 'SELFTEST=--slowdown 0.5 --size 4Ki'
    printf '%s\n' "GITHUB_STEP_SUMMARY=$T/job/summary" "GITHUB_PATH=$T/job/path" "RUNNER_TEMP=$T/job/temp" \
        "GITHUB_WORKSPACE=$T/job/workspace" GITHUB_ACTIONS=true CI=true
}
step() ( # step N: as the runner runs `shell: bash`
    cd "$T/job/workspace" || exit 125
    while read -r folder; do PATH=$folder:$PATH; done <"$T/job/path"
    PATH=$T/bin:$PATH
    while IFS= read -r line; do export "${line?}"; done <<END
$(environment)
END
    unset BUILD PARBENCH
    exec bash --noprofile --norc -eo pipefail "$T/steps/STEP-$1"
)

# parbench's sources with what was built of them, so that its step has little to build. A build elsewhere, or with other
# flags, is made anew: that is only slower.
mkdir "$T/parbench"
cp -rp Makefile .ci backends cmd kernels measure plots results tests docs "$T/parbench"
cp -rp "$top/${BUILD:-build}" "$T/parbench/build" 2>/dev/null || cp -rp "$BUILD" "$T/parbench/build"

# ---- head as base ----
runner project
check "the base is checked out" step 01
check "as the first commit" test ! -e "$T/job/workspace/base/README"
check "parbench is built and installed" step 02
check "with what it needs" grep -q 'install .*libcjson-dev' "$T/asked"
check "and found from then on" test -x "$(cat "$T/job/path")/parbench"
check "the gate fires, or the machine is too noisy now" step 03
check "both versions are built" step 04
check "as plugins" test -s "$T/job/workspace/plugins/base/axpby.so" -a -s "$T/job/workspace/plugins/head/axpby.so"
cp -r "$T/job/temp/parbench" "$T/installed"
for file in schema.json compare-schema.json plugin.mk; do
    check "$file is installed" test -s "$T/installed/share/parbench/$file"
done

# verdict WANTED NAME: measures; 3 where it cannot be told
verdict() {
    step 05 >"$T/out" 2>"$T/err"
    code=$?
    if [ $code -eq 3 ]; then
        skip "$2" "this machine is too noisy now to tell"
    else
        [ $code -eq "$1" ] || echo "(exit status $code, wanted $1)" >>"$T/err"
        [ $code -eq "$1" ]
        ok "$2" $?
    fi
}
kept() {
    for file in result-old.json result-new.json result.xml; do
        test -s "$T/job/workspace/$file" || return 1
    done
}
verdict 0 "the same kernel passes"
says "the annotations say so" '::notice title=parbench%3A (pass|inconclusive)::'
lacks "and no point is called slower" '::error title=parbench%3A slower'
check "the summary has the row" grep -q 'axpby f32' "$T/job/summary"
check "the samples are kept" kept
valid "and satisfy the schema" "$T/job/workspace/result-new.json"

# ---- head with ten times the work ----
again() { # again PROJECT: a job of its own, with parbench installed already
    runner "$1"
    cp -r "$T/installed" "$T/job/temp/parbench"
    echo "$T/job/temp/parbench/bin" >"$T/job/path"
    step 01 && step 04
}
check "the slow project's job" again project-slow
verdict 1 "a kernel that does ten times the work fails the job"
if [ $code -eq 1 ]; then
    says "an annotation names it" '::error title=parbench%3A slower::axpby f32'
    check "the summary names it" grep -q 'slower.*axpby f32' "$T/job/summary"
    check "the JUnit file has a failure" grep -q '<failure' "$T/job/workspace/result.xml"
fi
check "the samples are kept, too" kept

# ---- what is new, what is gone, what does not build ----
cp -r "$T/project" "$T/project-new"
mv "$T/project-new/bench/axpby" "$T/project-new/bench/zaxpby"
for file in "$T"/project-new/bench/zaxpby/*; do
    sed 's/axpby/zaxpby/g' "$file" >"$T/renamed"
    rm "$file"
    mv "$T/renamed" "$(dirname "$file")/z$(basename "$file")"
done
commit project-new
check "a project whose kernel was renamed" again project-new
exits 0 "a new kernel alone is no failure" step 05
says "but is named" '::notice::zaxpby is new'
cp -r "$T/project" "$T/project-none"
rm -r "$T/project-none/bench"
commit project-none
check "a project that lost its kernels" again project-none
exits 2 "no kernel at all is a failure" step 05
says "that says what is missing" '::error::no kernel below bench'
done_testing
