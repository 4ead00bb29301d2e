#!/bin/sh
# quickstart on machines with other package managers, without root, and with nothing missing: the managers are stand-ins
# that write down how they were called.
# shellcheck source=tests/tap.sh
. tests/tap.sh

# A PATH that holds what quickstart itself needs and nothing that it looks for.
mkdir -p "$T/bin"
for tool in sh env id uname dirname cut sort tr sed ls cat printf nproc mkdir rm echo grep test expr; do
    path=$(command -v "$tool") && case $path in /*) ln -s "$path" "$T/bin/$tool" ;; esac
done
manager() { # manager NAME: a stand-in that fails after writing down its arguments
    rm -f "$T"/bin/apt-get "$T"/bin/dnf "$T"/bin/pacman "$T"/bin/zypper "$T"/bin/sudo
    # shellcheck disable=SC2016  # for the stand-in's shell
    [ -z "$1" ] || printf '#!/bin/sh\necho "$0 $*" >>%s/called\nexit 7\n' "$T" >"$T/bin/$1"
    [ -z "$1" ] || chmod 755 "$T/bin/$1"
    rm -f "$T/called"
}
chmod 755 "$T" "$T/bin"
cp quickstart "$T/quickstart" # where an ordinary user may read it, too

for case in "apt-get:install -y --no-install-recommends.*libcjson-dev.*libopenmpi-dev" \
    "dnf:install -y.*cjson-devel.*openmpi-devel" "pacman:-S --needed --noconfirm.*cjson" \
    "zypper:--non-interactive install.*cJSON-devel"; do
    name=${case%%:*}
    manager "$name"
    if [ "$(id -u)" = 0 ]; then
        env -i PATH="$T/bin" HOME="$T" sh "$T/quickstart" >"$T/out" 2>"$T/err"
        says "$name: tells what it will install" "installing with $name: .*gcc"
        check "$name: is called with its own package names" \
            grep -Eq -- "${case#*:}|/apt-get update" "$T/called"
    else
        skip "$name" "needs root"
    fi
done

manager apt-get
if [ "$(id -u)" = 0 ] && command -v runuser >/dev/null; then
    exits 2 "without root and sudo it ends with status 2" runuser -u nobody -- env -i PATH="$T/bin" HOME=/tmp sh "$T/quickstart"
    says "and prints the exact command" 'Run as root: apt-get install -y --no-install-recommends .*gcc.*make'
    check "and installs nothing" test ! -e "$T/called"
else
    skip "without root and sudo" "needs root to become nobody"
fi
manager ""
exits 2 "without a known package manager it ends with status 2" env -i PATH="$T/bin" HOME="$T" sh "$T/quickstart"
says "and names what is missing" 'missing here.*gcc.*make'
exits 2 "an unknown argument" ./quickstart tests
exits 0 "--help" ./quickstart --help
says "explains both commands" './quickstart test'
done_testing
