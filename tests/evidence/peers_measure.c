/* peers-measure [OPTION..] -- ARM [-- ARM]..: measures arms in turn, piece by piece, and
 * writes a file (peers_file.h). ARM: KIND LABEL WANTED KEY=VALUE.. (peers_arm.h), WANTED
 * - or the ratio asked for; the first is parbench's own.
 *
 * --rounds and --least count the pieces of all --lives together, rounded up to as many in
 * each; a life is a process of each arm, begun anew.
 *
 * peers-measure --sizes WORKERS: "PLACE BYTES", the arrays that lie in L1, L2, L3 and
 * memory, and "TYPE N", the size at which peak_fma shows the cores' peak.
 *
 * Exit status: 0 also where a peer is absent, which the file tells; 2: nothing
 * written. */
#include "backends/simd/isa.h"
#include "measure/peaks.h"
#include "results/machine.h"
#include "results/peaks.h"
#include "tests/evidence/peers_arm.h"
#include "tests/evidence/peers_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    const char *out, *name, *mean, *unit;
    struct pb_peers_settings settings;
    struct pb_peers_runner arms[PB_PEERS_ARMS_MAX];
    bool is_out[PB_PEERS_ARMS_MAX]; /* it could not begin, or failed on the way */
    size_t narms;
    unsigned lives;
    struct pb_peers_group group; /* what was measured */
};

static int complain(const char *what, const char *about)
{
    (void)fprintf(stderr, "peers-measure: %s%s%s\n", what, about ? ": " : "",
                  about ? about : "");
    return 2;
}

/* ---- the command line ---- */

static bool read_option(struct job *job, const char *key, const char *value)
{
    const struct {
        const char *key;
        const char **slot;
    } texts[] = { { "--out", &job->out },
                  { "--name", &job->name },
                  { "--mean", &job->mean },
                  { "--unit", &job->unit },
                  { "--program", &job->settings.program },
                  { "--tools", &job->settings.tools } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(key, texts[i].key) == 0) {
            *texts[i].slot = value;
            return true;
        }
    if (strcmp(key, "--rounds") == 0)
        job->settings.rounds = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(key, "--least") == 0)
        job->settings.least = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(key, "--lives") == 0)
        job->lives = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(key, "--piece-ms") == 0)
        job->settings.piece_ns = strtod(value, NULL) * 1e6;
    else
        return false;
    return true;
}

/* The words of an arm end at the next --, which becomes their NULL. */
static bool read_arm(struct job *job, char **words, size_t count)
{
    if (count < 3 || job->narms == PB_PEERS_ARMS_MAX)
        return false;
    struct pb_peers_runner *arm = &job->arms[job->narms++];
    *arm = (struct pb_peers_runner){ .kind = words[0],
                                     .label = words[1],
                                     .words = words + 3,
                                     .settings = &job->settings };
    arm->wanted = strcmp(words[2], "-") == 0 ? (double)NAN : strtod(words[2], NULL);
    return true;
}

static bool read_arms(struct job *job, char **argv)
{
    while (*argv) {
        char **first = argv;
        while (*argv && strcmp(*argv, "--") != 0)
            argv++;
        const size_t count = (size_t)(argv - first);
        if (*argv)
            *argv++ = NULL;
        if (!read_arm(job, first, count))
            return false;
    }
    return job->narms > 0;
}

static bool read_line(struct job *job, char **argv)
{
    for (; *argv && strcmp(*argv, "--") != 0; argv += 2)
        if (!argv[1] || !read_option(job, argv[0], argv[1]))
            return false;
    return *argv && read_arms(job, argv + 1) && job->out && job->name && job->unit &&
           job->settings.program && job->settings.tools && job->settings.rounds > 0 &&
           job->settings.least <= job->settings.rounds && job->settings.piece_ns > 0 &&
           job->lives > 0 && job->lives <= PB_PEERS_LIVES_MAX;
}

/* ---- measuring ---- */

/* Without the first there is nothing to compare with. */
static void begin(struct job *job)
{
    for (size_t i = 0; i < job->narms && !job->is_out[0]; i++)
        job->is_out[i] = job->is_out[i] || !pb_peers_begin(&job->arms[i]);
}

/* One piece of every arm, from the first to the last or back. false: one has no more. */
static bool play_round(struct job *job, bool is_back)
{
    bool goes_on = true;
    for (size_t k = 0; k < job->narms; k++) {
        const size_t i = is_back ? job->narms - 1 - k : k;
        if (!job->is_out[i] && !pb_peers_go(&job->arms[i]))
            goes_on = false;
    }
    return goes_on;
}

/* New processes of all arms that are still in, and their pieces. */
static void live(struct job *job)
{
    begin(job);
    for (unsigned round = 0; !job->is_out[0] && round < job->settings.rounds; round++)
        if (!play_round(job, round % 2 != 0))
            break;
    for (size_t i = 0; i < job->narms; i++)
        if (!job->is_out[i] && !job->is_out[0])
            job->is_out[i] = !pb_peers_end(&job->arms[i]);
}

/* The rounds that all arms of this life have. An arm that is out leaves a gap that nobody
 * reads. false: out of memory. */
static bool keep_life(struct job *job)
{
    struct pb_peers_group *g = &job->group;
    size_t count = SIZE_MAX;
    for (size_t i = 0; i < job->narms; i++)
        if (!job->is_out[i] && job->arms[i].count < count)
            count = job->arms[i].count;
    if (job->is_out[0] || count == 0)
        return true;
    for (size_t i = 0; i < job->narms; i++) {
        double *ns = realloc(g->arms[i].ns, (g->rounds + count) * sizeof *ns);
        if (!ns)
            return false;
        g->arms[i].ns = ns;
        if (!job->is_out[i])
            memcpy(ns + g->rounds, job->arms[i].ns, count * sizeof *ns);
    }
    g->lives[g->nlives++] = g->rounds;
    g->rounds += count;
    return true;
}

static bool measure(struct job *job)
{
    bool is_kept = true;
    job->settings.rounds = (job->settings.rounds + job->lives - 1) / job->lives;
    job->settings.least = (job->settings.least + job->lives - 1) / job->lives;
    job->settings.limit_ns /= job->lives;
    for (unsigned l = 0; l < job->lives && !job->is_out[0] && is_kept; l++) {
        live(job);
        is_kept = keep_life(job);
        for (size_t i = 0; i < job->narms; i++)
            pb_peers_release(&job->arms[i]);
    }
    return is_kept;
}

/* ---- the file ---- */

static char *describe_machine(void)
{
    struct pb_machine machine;
    char *text = NULL;
    if (pb_machine_read(&machine, NULL))
        return strdup("unknown");
    const int len = asprintf(
        &text, "%s, %u cores, %g KiB L1d, %g MiB L2, %g MiB L3; %s",
        machine.cpu ? machine.cpu : "unknown CPU", machine.cores,
        (double)machine.l1d_bytes / 0x1p10, (double)machine.l2_bytes / 0x1p20,
        (double)machine.l3_bytes / 0x1p20, machine.os ? machine.os : "unknown system");
    pb_machine_release(&machine);
    return len < 0 ? NULL : text;
}

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* Those that were measured in all lives, and those that were not, with the reason;
 * without parbench's own there is none of the others. */
static void name_arms(struct job *job)
{
    struct pb_peers_group *g = &job->group;
    const bool is_none = job->is_out[0] || g->rounds == 0;
    for (size_t i = 0; i < (is_none ? 1 : job->narms); i++) {
        const struct pb_peers_runner *from = &job->arms[i];
        const bool is_absent = is_none || job->is_out[i];
        double *const ns = g->arms[i].ns;
        struct pb_peers_arm *to =
            is_absent ? &g->absent[g->nabsent++] : &g->arms[g->narms++];
        g->arms[i].ns = NULL; /* what stood there moves up, or goes */
        *to = (struct pb_peers_arm){ .label = copy(from->label),
                                     .what = copy(from->name),
                                     .wanted = from->wanted };
        if (is_absent) {
            free(ns);
            continue;
        }
        to->work = pb_peers_work(&from->what, job->unit);
        to->ns = ns;
    }
    if (is_none)
        g->rounds = g->nlives = 0;
}

static int write_file(struct job *job)
{
    struct pb_error err = { "" };
    struct pb_peers_group *g = &job->group;
    g->machine = describe_machine();
    g->name = copy(job->name);
    g->mean = copy(job->mean);
    g->unit = copy(job->unit);
    name_arms(job);
    const enum pb_status status = pb_peers_group_write(g, job->out, &err);
    pb_peers_group_release(g);
    return status ? complain(err.text, NULL) : 0;
}

/* Vectors for each worker, as measure/peaks.c has them: starting the workers takes a
 * hundredth of the time. */
#define PEAK_VECTORS ((size_t)1536)

static int print_sizes(const char *workers)
{
    struct pb_machine machine;
    const unsigned count = (unsigned)strtoul(workers, NULL, 10);
    struct pb_error err = { "" };
    if (count == 0 || pb_machine_read(&machine, &err))
        return complain("--sizes WORKERS", err.text[0] ? err.text : "a number from 1");
    const char *const places[] = { pb_peak_l1d, pb_peak_l2, pb_peak_l3, pb_peak_memory };
    static const char *const names[] = { "L1", "L2", "L3", "memory" };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        (void)printf("%s %.0f\n", names[i], pb_peaks_bytes(&machine, places[i], count));
    pb_machine_release(&machine);
    for (unsigned d = 0; d < PB_DTYPE_COUNT; d++)
        (void)printf("%s %zu\n", pb_dtype_name((enum pb_dtype)d),
                     PEAK_VECTORS * count *
                         pb_isa_lanes(pb_isa_best(), (enum pb_dtype)d));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--sizes") == 0)
        return print_sizes(argv[2]);
    struct job job = {
        .settings = { .rounds = 41, .least = 9, .piece_ns = 4e6, .limit_ns = 1.5e9 },
        .lives = 1,
    };
    if (!read_line(&job, argv + 1))
        return complain(
            "usage: peers-measure --program PARBENCH --tools DIR --out FILE "
            "--name TEXT --unit flops|bytes|calls [--mean TEXT] [--rounds N] "
            "[--least N] [--lives N] [--piece-ms MS] -- KIND LABEL WANTED KEY=VALUE.. "
            "[-- ..]",
            NULL);
    if (!measure(&job)) {
        pb_peers_group_release(&job.group);
        return complain("out of memory", NULL);
    }
    return write_file(&job);
}
