/* google/benchmark: the plain loops in its harness (peers_gbench_loops.cpp), as a
 * program. */
#include "tests/evidence/peers_output.h"
#include "tests/evidence/peers_side.h"

#include <stdio.h>
#include <string.h>

static double ask_gbench(struct pb_side *side)
{
    const double ns = pb_peers_number_from(side->command, "ns_per_call ");
    if (ns <= 0)
        (void)snprintf(side->text, sizeof side->text, "the benchmark reported no time");
    return ns;
}

bool pb_side_open_gbench(struct pb_side *side)
{
    const char *program = pb_peers_word(side->words, "program");
    if (!program || strchr(program, '\'')) {
        (void)snprintf(side->text, sizeof side->text, "program= is missing");
        return false;
    }
    (void)snprintf(side->command, sizeof side->command,
                   "'%s' %s %s %zu --benchmark_min_time=%.3f 2>/dev/null", program,
                   side->what.kernel->name, pb_dtype_name(side->what.dtype), side->what.n,
                   side->piece_ns * 1e-9);
    side->ask = ask_gbench;
    if (ask_gbench(side) <= 0) {
        (void)snprintf(side->text, sizeof side->text,
                       "not built: no benchmark/benchmark.h, or no C++ compiler");
        return false;
    }
    char version[64];
    pb_peers_first_line("pkg-config --modversion benchmark 2>/dev/null", version,
                        sizeof version);
    (void)snprintf(side->text, sizeof side->text, "google/benchmark %s, the same loop",
                   version);
    return true;
}
