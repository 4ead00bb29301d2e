/* likwid-bench (Treibig, Hager and Wellein, 2010): loops in assembly, for every vector
 * width. It times itself, and is believed in the rate that it reports. Its threads meet
 * once before all passes, not after each: with several of them it has less to do than one
 * parallel region per pass, which shows where a pass takes microseconds. */
#include "tests/evidence/peers_output.h"
#include "tests/evidence/peers_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What likwid calls our kernels, where its own counts the same bytes for an element. */
static const struct {
    const char *kernel, *f32, *f64;
} likwid_names[] = { { "saxpy", "daxpy_sp", "daxpy" },
                     { "triad", "stream_sp", "stream" },
                     { "reduce", "sum_sp", "sum" } };

/* Best first, where the CPU has them; _mem stores past the caches. */
static const char *const likwid_kinds[] = {
    "_avx512_fma", "_avx512",      "_avx_fma", "_avx", "_mem_avx512_fma",
    "_mem_avx512", "_mem_avx_fma", "_sse",     ""
};

enum { TRIES = 4, MEMORY_FROM = 4, MEMORY_TO = 6 };
#define LIKWID_BYTES 4e9 /* a run's traffic per thread: 10 to 400 ms */

static void likwid_command(struct pb_side *side, const char *test, double bytes)
{
    const size_t all = (size_t)bytes;
    const double iterations = LIKWID_BYTES * side->workers / bytes;
    (void)snprintf(side->command, sizeof side->command,
                   "likwid-bench -t %s -W N:%zukB:%u -i %.0f 2>/dev/null", test,
                   all / 1000 ? all / 1000 : 1, side->workers,
                   iterations < 10 ? 10 : iterations);
}

static double ask_likwid(struct pb_side *side)
{
    const double rate = pb_peers_number_from(side->command, "MByte/s:") * 1e6;
    if (rate > 0)
        return side->what.kernel->bytes(side->what.n, side->what.dtype) / rate * 1e9;
    (void)snprintf(side->text, sizeof side->text, "likwid-bench reported no rate");
    return 0;
}

/* Does the CPU run it? The names of those that it cannot are not listed. */
static bool has_test(const char *test)
{
    char command[160], line[16];
    (void)snprintf(command, sizeof command,
                   "likwid-bench -a 2>/dev/null | grep -c '^%s -'", test);
    pb_peers_first_line(command, line, sizeof line);
    return strtol(line, NULL, 10) > 0;
}

/* The best of the first few there are, each run once. */
static void choose_test(struct pb_side *side, const char *stem, double bytes)
{
    double best_ns = 0;
    char best[64] = "", command[sizeof side->command] = "";
    const bool is_large = pb_peers_count(side->words, "streaming", 0) > 0;
    size_t tried = 0;
    for (size_t i = 0; i < sizeof likwid_kinds / sizeof likwid_kinds[0]; i++) {
        char test[64];
        const bool is_mem = i >= MEMORY_FROM && i <= MEMORY_TO;
        (void)snprintf(test, sizeof test, "%s%s", stem, likwid_kinds[i]);
        if ((is_mem && !is_large) || (!is_mem && tried >= TRIES) || !has_test(test))
            continue;
        tried++;
        likwid_command(side, test, bytes);
        const double ns = ask_likwid(side);
        if (ns > 0 && (best_ns <= 0 || ns < best_ns)) {
            best_ns = ns;
            (void)snprintf(best, sizeof best, "%s", test);
            memcpy(command, side->command, sizeof command);
        }
    }
    memcpy(side->command, command, sizeof command);
    (void)snprintf(side->text, sizeof side->text, "%s", best);
}

bool pb_side_open_likwid(struct pb_side *side)
{
    const char *stem = NULL;
    char version[160];
    for (size_t i = 0; i < sizeof likwid_names / sizeof likwid_names[0]; i++)
        if (strcmp(side->what.kernel->name, likwid_names[i].kernel) == 0)
            stem = side->what.dtype == PB_DTYPE_f32 ? likwid_names[i].f32
                                                    : likwid_names[i].f64;
    pb_peers_first_line("likwid-bench -h 2>/dev/null | grep -o 'Version *[0-9.]*'",
                        version, sizeof version);
    if (!stem || !version[0]) {
        (void)snprintf(side->text, sizeof side->text, "%s",
                       stem ? "likwid-bench is not installed"
                            : "likwid has no such test");
        return false;
    }
    choose_test(
        side, stem,
        (double)pb_problem_bytes(side->what.kernel, side->what.n, side->what.dtype));
    if (!side->text[0] || !side->command[0])
        return false;
    char test[64];
    (void)snprintf(test, sizeof test, "%.63s", side->text);
    (void)snprintf(side->text, sizeof side->text, "likwid-bench %s, %s",
                   version + strcspn(version, "0123456789"), test);
    side->ask = ask_likwid;
    return true;
}
