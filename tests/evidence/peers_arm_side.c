/* Peers: programs of ours that call them, told "go" a piece, and stopped in between. */
#include "backends/backend.h"
#include "backends/registry.h"
#include "tests/evidence/peers_arm_parts.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int pb_peers_cpu(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set))
        return PB_CPU_ANY;
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &set))
            return (int)cpu;
    return PB_CPU_ANY;
}

enum { WORDS_MAX = 32, WORD_BYTES = 64 };

/* The command of a peer; what it points to lives as long as the struct. */
struct command {
    struct pb_launch launch;
    char program[4096], cpu[WORD_BYTES], piece[WORD_BYTES], core[WORD_BYTES];
    char *argv[PB_LAUNCH_MAX + WORDS_MAX];
    char *env[PB_LAUNCH_MAX + 2];
};

static void make_env(const struct pb_peers_runner *arm, struct command *c)
{
    const char *core = pb_peers_word(arm->words, "core");
    size_t count = 0;
    for (size_t i = 0; i < c->launch.nenv; i++)
        c->env[count++] = c->launch.env[i];
    if (core) {
        (void)snprintf(c->core, sizeof c->core, "OPENBLAS_CORETYPE=%s", core);
        c->env[count++] = c->core;
    }
    c->env[count] = NULL;
}

static void make_argv(const struct pb_peers_runner *arm, struct command *c)
{
    const size_t workers = pb_peers_count(arm->words, "workers", 1);
    size_t count = 0;
    for (size_t i = 0; i < c->launch.nargv; i++)
        c->argv[count++] = c->launch.argv[i];
    c->argv[count++] = c->program;
    for (size_t i = 0; i < WORDS_MAX - 4 && arm->words[i]; i++)
        c->argv[count++] = arm->words[i];
    (void)snprintf(c->cpu, sizeof c->cpu, "cpu=%d", workers == 1 ? pb_peers_cpu() : -1);
    (void)snprintf(c->piece, sizeof c->piece, "piece_ns=%.0f", arm->settings->piece_ns);
    c->argv[count++] = c->cpu;
    c->argv[count++] = c->piece;
    c->argv[count] = NULL;
}

/* How the card of a backend starts its workers: so threads are placed as parbench places
 * its own, and ranks are started as parbench starts them. */
static bool start(struct pb_peers_runner *arm, const char *tool, const char *backend)
{
    struct pb_error err = { "" };
    const struct pb_backend *card = pb_backend_find(backend);
    const struct pb_config config = {
        .workers = (unsigned)pb_peers_count(arm->words, "workers", 1), .reuse = 1
    };
    struct command *c = calloc(1, sizeof *c);
    if (!c)
        return false;
    (void)snprintf(c->program, sizeof c->program, "%s/%s", arm->settings->tools, tool);
    enum pb_status status =
        access(c->program, X_OK) == 0
            ? PB_OK
            : pb_fail(&err, PB_ERR_ENVIRONMENT, "%s was not built", c->program);
    if (!status && card && card->launch)
        status = card->launch(&config, NULL, &c->launch, &err);
    if (!status) {
        make_env(arm, c);
        make_argv(arm, c);
        status = pb_process_start(&arm->process, c->argv, c->env, &err);
    }
    pb_launch_release(&c->launch);
    free(c);
    (void)snprintf(arm->name, sizeof arm->name, "%s", err.text);
    return !status;
}

/* A line from it, to free(); NULL: none came, and name says why. */
static char *listen_to(struct pb_peers_runner *arm)
{
    char obituary[400], *line = NULL;
    const enum pb_wait wait =
        pb_process_receive(&arm->process, PB_PEERS_STEP_S, NULL, &line);
    if (wait == PB_WAIT_LINE)
        return line;
    pb_process_stop(&arm->process, 1);
    if (wait == PB_WAIT_TIMEOUT)
        (void)snprintf(arm->name, sizeof arm->name, "no answer within %d s",
                       PB_PEERS_STEP_S);
    else
        (void)snprintf(arm->name, sizeof arm->name, "its process %s",
                       pb_process_obituary(&arm->process, obituary, sizeof obituary));
    return NULL;
}

/* "ready WHAT" or "absent WHY". */
static bool greet(struct pb_peers_runner *arm)
{
    static const char ready[] = "ready ", absent[] = "absent ";
    char *line = listen_to(arm);
    if (!line)
        return false;
    const bool is_ready = strncmp(line, ready, sizeof ready - 1) == 0;
    const bool is_absent = strncmp(line, absent, sizeof absent - 1) == 0;
    const size_t skip = is_ready ? sizeof ready - 1 : is_absent ? sizeof absent - 1 : 0;
    (void)snprintf(arm->name, sizeof arm->name, "%s", line + skip);
    free(line);
    return is_ready;
}

static bool ask(struct pb_peers_runner *arm)
{
    char *end, *line = NULL;
    if (pb_process_send(&arm->process, "go"))
        line = listen_to(arm);
    arm->has_failed = !line;
    if (!line)
        return false;
    const double ns = strtod(line, &end);
    const bool is_number = end > line && *end == '\0';
    if (!is_number)
        (void)snprintf(arm->name, sizeof arm->name, "%s", line);
    free(line);
    arm->has_failed = !is_number || !pb_peers_add(arm, ns);
    return !arm->has_failed;
}

static bool end(struct pb_peers_runner *arm)
{
    return !arm->has_failed && arm->count > 0;
}

/* The threads of a BLAS are its own, and may run where the first one may: as in
 * parbench's own backend nothing is bound, which it bears badly where others want the
 * cores too. */
static bool begin(struct pb_peers_runner *arm)
{
    const char *peer = pb_peers_word(arm->words, "peer");
    const bool is_blas = peer && strcmp(peer, "blas") == 0;
    const bool is_ready =
        start(arm, "peers-side", is_blas ? "blas" : "openmp") && greet(arm);
    if (is_ready)
        pb_process_pause(&arm->process);
    return is_ready;
}

/* Its threads may spin for more work: nobody else is to notice. */
static bool go(struct pb_peers_runner *arm)
{
    pb_process_continue(&arm->process);
    const bool is_there = ask(arm);
    pb_process_pause(&arm->process);
    return is_there;
}

const struct pb_peers_way pb_peers_side = {
    .kind = "side", .begin = begin, .go = go, .end = end
};

/* A launcher's ranks would not stop with it; they sleep by themselves. */
static bool begin_ranks(struct pb_peers_runner *arm)
{
    return start(arm, "peers-mpi", "mpi") && greet(arm);
}

const struct pb_peers_way pb_peers_ranks = {
    .kind = "ranks", .begin = begin_ranks, .go = ask, .end = end
};
