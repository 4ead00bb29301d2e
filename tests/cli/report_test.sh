#!/bin/sh
# parbench report: one page that is well-formed, complete in itself, safe whatever a file says, and that a browser shows.
# shellcheck source=tests/tap.sh disable=SC2317,SC2016
. tests/tap.sh

file=tests/data/synthetic_gpu.json
page=$T/page.html
exits 0 "a page is written" "$PARBENCH" report "$file" -o "$page"
says "its name is printed" "$page"
check "nothing is left beside it" sh -c '[ "$(ls "$1" | grep -c "^page")" = 1 ]' - "$T"

# ---- the command ----
exits 0 "the default name is report.html" \
    sh -c 'here=$PWD; case $1 in /*) p=$1;; *) p=$here/$1;; esac; cd "$2" && "$p" report "$here/$3" && [ -s report.html ]' - \
    "$PARBENCH" "$T" "$file"
exits 0 "- is standard output" "$PARBENCH" report "$file" -o -
says "it holds the page" '<!DOCTYPE html>.*</html>'
exits 2 "a missing file is an error" "$PARBENCH" report "$T/none.json" -o "$T/none.html"
check "and leaves no page" test ! -e "$T/none.html"
exits 2 "a folder that is not there is an error" "$PARBENCH" report "$file" -o "$T/no/page.html"
exits 2 "a file is wanted" "$PARBENCH" report
sed 's/"points": \[/"points": [], "ignored": [/' "$file" >"$T/empty.json"
exits 3 "a file without points gives 3" "$PARBENCH" report "$T/empty.json" -o "$T/empty.html"
check "and a page all the same" grep -q '</html>' "$T/empty.html"

# ---- well-formed, complete ----
# hostile FILE TEXT: every name in the file is TEXT, as JSON spells it
hostile() {
    sed -e "s|\"Synthetic GPU\"|\"$2\"|g; s|\"Synthetic CPU\"|\"$2\"|; s|\"Synthetic OS\"|\"$2\"|" \
        -e "s|\"git\": \"synthetic\"|\"git\": \"$2\"|; s|\"synthetic\"\$|\"$2\"|" \
        -e "s|\"kernel\": \"saxpy\"|\"kernel\": \"$2\"|; s|\"variant\": \"default\"|\"variant\": \"$2\"|" "$1"
}
hostile "$file" '<script>document.title=1</script><img src=x onerror=alert(1)>\&amp;' >"$T/hostile.json"
hostile "$file" '\\"><svg onload=a()>]]>'"'"'-->`touch '"$T"'/canary`\\n!touch '"$T"'/canary' >"$T/quotes.json"
exits 0 "a hostile file gives a page" "$PARBENCH" report "$T/hostile.json" -o "$T/hostile.html"
exits 0 "one full of quotes, too" "$PARBENCH" report "$T/quotes.json" -o "$T/quotes.html"
check "nothing in it was run" test ! -e "$T/canary"
for html in page hostile quotes empty; do
    if command -v xmllint >/dev/null; then
        check "$html.html is well-formed" xmllint --noout "$T/$html.html"
    else
        skip "$html.html is well-formed" "xmllint is not installed"
    fi
    check "$html.html has no script" sh -c '! grep -i "<script" "$1"' - "$T/$html.html"
    check "$html.html has no tag but its own" sh -c '! grep -Ei "<(img|a [^h]|image|object|iframe|link|base)" "$1"' - "$T/$html.html"
done
check "the hostile name is there as text" grep -q '&lt;script&gt;document.title=1&lt;/script&gt;' "$T/hostile.html"
check "no address to load from" sh -c '! grep -Ei "(src|href|url)[ =(]*[\"'"'"']?(https?:|//|data:|file:)" "$1"' - "$page"
check "the page forbids itself to load or run" grep -q "Content-Security-Policy.*default-src 'none'" "$page"
check "light and dark" grep -q 'prefers-color-scheme: dark' "$page"
check "printing" grep -q '@media print' "$page"

# ---- what it says ----
"$PARBENCH" crossover "$file" >"$T/crossover" 2>"$T/err"
page_text=$(sed 's/<[^>]*>//g' "$page")
has() { # has NAME PATTERN: in the page's text
    printf '%s\n' "$page_text" | grep -Eq -- "$2"
    ok "$1" $?
}
has "the headline is that of parbench crossover" "$(grep -o 'On this machine the GPU pays once' "$T/crossover" | head -n 1)"
has "wrong results are counted" '134 of 136 results right, 2 wrong'
has "and listed" 'wrong'
has "the machine" 'Synthetic OS'
has "the command" 'synthetic'
has "what was not looked at is said" 'fitness of the machine: not looked at'
check "headings of tables have a scope" sh -c '! grep -q "<th>" "$1"' - "$page"

# ---- figures ----
if command -v gnuplot >/dev/null; then
    figures=$(grep -c '<svg ' "$page")
    check "the figures are in it" test "$figures" -eq 12
    check "each has a title and a description" \
        sh -c '[ "$(grep -c "role=\"img\" aria-labelledby" "$1")" = "$2" ]' - "$page" "$figures"
    grep -o ' id="[^"]*"' "$page" | sort | uniq -d >"$T/twice"
    check "no id stands twice" test ! -s "$T/twice"
    grep -o 'href="#[^"]*"' "$page" | sed 's/href="#/ id="/' | sort -u >"$T/wanted"
    grep -o ' id="[^"]*"' "$page" | sort -u >"$T/there"
    check "every reference has its id" sh -c '[ -z "$(comm -23 "$1" "$2")" ]' - "$T/wanted" "$T/there"
else
    skip "the figures are in it" "gnuplot is not installed"
fi
mkdir "$T/bin"
exits 0 "without gnuplot there is a page" env PATH="$T/bin" "$PARBENCH" report "$file" -o "$T/bare.html"
says "and a sentence why it has no figures" 'no figures: gnuplot not found: apt-get install gnuplot'
check "which the page holds" grep -q 'Without figures: gnuplot not found' "$T/bare.html"
check "no figure" sh -c '! grep -q "<svg" "$1"' - "$T/bare.html"

# ---- a browser ----
browser=
for b in chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || ! command -v "$b" >/dev/null || browser=$b
done
browse() { # browse PAGE ARG..: what the browser prints, its console in $T/console
    browse_page=$1
    shift
    HOME=$T timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \
        --no-first-run --user-data-dir="$T/profile" --enable-logging=stderr "$@" "file://$browse_page" 2>"$T/console"
}
if [ -z "$browser" ]; then
    skip "a browser shows the page" "chromium is not installed"
else
    browse "$page" --dump-dom >"$T/dom"
    check "a browser reads the page" grep -q '<title>parbench report: Synthetic CPU, 2025-01-02</title>' "$T/dom"
    check "it sees every figure" sh -c '[ "$(grep -c "<svg " "$1")" = "$(grep -c "<svg " "$2")" ]' - "$T/dom" "$page"
    check "and the headline" grep -q 'On this machine the GPU pays once' "$T/dom"
    check "it has no complaint" sh -c '! grep "CONSOLE" "$1"' - "$T/console"
    browse "$T/hostile.html" --dump-dom >"$T/dom"
    check "a hostile name stays a name" grep -q '<title>parbench report: &lt;script&gt;' "$T/dom"
    check "nothing of it was tried" sh -c '! grep "CONSOLE" "$1"' - "$T/console"
    for look in 1200,1600:1 400,1600:1 1200,1600:0; do
        browse "$page" --window-size="${look%:*}" --blink-settings=preferredColorScheme="${look#*:}" \
            --screenshot="$T/${look%:*}-${look#*:}.png" >"$T/out"
    done
    check "it draws the page, wide and narrow" \
        sh -c '[ "$(wc -c <"$1/1200,1600-1.png")" -gt 20000 ] && [ "$(wc -c <"$1/400,1600-1.png")" -gt 20000 ]' - "$T"
    check "and in the dark otherwise" sh -c '[ -s "$1" ] && ! cmp -s "$1" "$2"' - "$T/1200,1600-0.png" "$T/1200,1600-1.png"
fi
done_testing
