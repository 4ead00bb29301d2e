#include "tests/evidence/peers_side.h"

#include "measure/clock.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct peer {
    const char *name;
    bool (*open)(struct pb_side *side);
    bool is_program; /* that is started from here, and places its threads itself */
} peers[] = { { "blas", pb_side_open_blas, false },
              { "loop", pb_side_open_loop, false },
              { "likwid", pb_side_open_likwid, true },
              { "gbench", pb_side_open_gbench, true } };

/* Before a library is loaded: its threads inherit it. */
static void stay_on(const char *cpu)
{
    const long number = cpu ? strtol(cpu, NULL, 10) : -1;
    cpu_set_t set;
    if (number < 0 || number >= CPU_SETSIZE)
        return;
    CPU_ZERO(&set);
    CPU_SET((size_t)number, &set);
    (void)sched_setaffinity(0, sizeof set, &set);
}

/* An OpenMP runtime has bound this process to the first core before main(), and a program
 * that it starts would have all its threads there. Our parent is bound to none. */
static void leave_first_core(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (!sched_getaffinity(getppid(), sizeof set, &set))
        (void)sched_setaffinity(0, sizeof set, &set);
}

static bool open_with(struct pb_side *side, const struct peer *peer)
{
    if (peer->is_program && side->workers > 1)
        leave_first_core();
    return peer->open(side);
}

static bool open_peer(struct pb_side *side)
{
    const char *name = pb_peers_word(side->words, "peer");
    if (!pb_peers_what(side->words, &side->what, side->text, sizeof side->text))
        return false;
    for (size_t i = 0; name && i < sizeof peers / sizeof peers[0]; i++)
        if (strcmp(name, peers[i].name) == 0)
            return open_with(side, &peers[i]);
    (void)snprintf(side->text, sizeof side->text, "there is no peer %s",
                   name ? name : "without a name");
    return false;
}

/* ---- what is called here ---- */

static double time_calls(struct pb_side *side, size_t calls)
{
    const struct pb_clock *clock = pb_clock_monotonic();
    const uint64_t start_ns = pb_clock_now(clock);
    const bool ok = side->run(side, calls);
    const uint64_t stop_ns = pb_clock_now(clock);
    return ok ? (double)(stop_ns - start_ns) : 0;
}

/* The result of one call on fresh arrays. */
static bool judge(struct pb_side *side)
{
    struct pb_error err = { "" };
    double error, tolerance;
    if (!side->run(side, 1))
        return false;
    if (!pb_problem_check(&side->problem, &error, &tolerance, &err))
        return true;
    (void)snprintf(side->text, sizeof side->text, "wrong result: %.350s", err.text);
    return false;
}

/* As many calls as fill a piece, twice in a row. */
static size_t find_batch(struct pb_side *side)
{
    size_t calls = 1;
    for (unsigned accepted = 0; accepted < 2;) {
        const double ns = time_calls(side, calls);
        accepted = ns >= side->piece_ns ? accepted + 1 : 0;
        if (accepted)
            continue;
        const double grow = ns > side->piece_ns / 10 ? 1.4 * side->piece_ns / ns : 10;
        calls = (size_t)((double)calls * grow) + 1;
    }
    return calls;
}

/* The other arms have used the core: as in parbench's own worker, an eighth of the calls
 * bring data and predictors back, but not where one call does that by itself. */
static double piece(struct pb_side *side, size_t calls)
{
    const bool is_long = calls == 1;
    if (!is_long && !side->run(side, calls / 8 + 1))
        return 0;
    return time_calls(side, calls) / (double)calls;
}

/* ---- the conversation ---- */

static int serve(struct pb_side *side)
{
    const size_t calls = side->run ? find_batch(side) : 1;
    char line[32];
    (void)printf("ready %s\n", side->text);
    (void)fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        const double ns = side->run ? piece(side, calls) : side->ask(side);
        if (ns > 0)
            (void)printf("%.9g\n", ns);
        else
            (void)printf("%s\n", side->text);
        (void)fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    (void)argc;
    struct pb_side side = { .words = argv + 1 };
    side.workers = (unsigned)pb_peers_count(side.words, "workers", 1);
    side.piece_ns = (double)pb_peers_count(side.words, "piece_ns", 4000000);
    stay_on(pb_peers_word(side.words, "cpu"));
    const bool is_there = open_peer(&side) && (!side.run || judge(&side));
    if (!is_there)
        (void)printf("absent %s\n", side.text);
    const int code = is_there ? serve(&side) : 0;
    pb_problem_release(&side.problem);
    return code;
}
