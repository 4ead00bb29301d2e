/* peers-table FILE..: groups of arms (peers_file.h) as a table in Markdown: first the
 * geometric means, then every group beside every peer. */
#include "measure/error.h"
#include "results/stats.h"
#include "tests/evidence/peers_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct table {
    struct pb_peers_group *groups; /* owned */
    size_t count;
};

/* ---- cells ---- */

/* What an undisturbed call reaches. */
static void print_speed(const struct pb_peers_group *g, const struct pb_peers_arm *arm)
{
    const double ns = pb_quantile(arm->ns, g->rounds, pb_estimator_quantile(PB_Q25));
    if (strcmp(g->unit, "flops") == 0)
        (void)printf("%.4g GFLOP/s", arm->work / ns);
    else if (strcmp(g->unit, "bytes") == 0)
        (void)printf("%.4g GB/s", arm->work / ns);
    else
        (void)printf("%.4g us", ns * 1e-3);
}

/* "OpenBLAS 0.3.21 (SkylakeX)" says what it is; "simd avx512" does not. */
static void print_peer(const struct pb_peers_arm *arm)
{
    if (strstr(arm->what, arm->label))
        (void)printf("%s", arm->what);
    else
        (void)printf("%s (%s)", arm->label, arm->what);
}

static void print_ratio(const struct pb_peers_ratio *r, double wanted)
{
    (void)printf(" %.3f | %.3f .. %.3f | %.3f | %zu | ", r->ratio, r->low, r->high,
                 r->best, r->pairs);
    if (!isnan(wanted))
        (void)printf(">= %.2f", wanted);
    (void)printf(" | %s |\n", pb_peers_verdict(r, wanted));
}

/* ---- rows ---- */

static void print_group(const struct pb_peers_group *g)
{
    for (size_t i = 1; i < g->narms; i++) {
        const struct pb_peers_pieces pieces = pb_peers_group_pieces(g, i);
        struct pb_peers_ratio ratio;
        pb_peers_compare(&pieces, &ratio);
        (void)printf("| %s | %s, ", g->name, g->arms[0].what);
        print_speed(g, &g->arms[0]);
        (void)printf(" | ");
        print_peer(&g->arms[i]);
        (void)printf(", ");
        print_speed(g, &g->arms[i]);
        (void)printf(" |");
        print_ratio(&ratio, g->arms[i].wanted);
    }
    for (size_t i = 0; i < g->nabsent; i++)
        (void)printf("| %s | | %s: %s | | | | | | not measured |\n", g->name,
                     g->absent[i].label, g->absent[i].what);
}

/* The arm of that label; 0, which is parbench's: it has none. */
static size_t arm_of(const struct pb_peers_group *g, const char *label)
{
    for (size_t i = 1; i < g->narms; i++)
        if (strcmp(g->arms[i].label, label) == 0)
            return i;
    return 0;
}

static bool is_of(const struct pb_peers_group *g, const char *mean)
{
    return g->mean && strcmp(g->mean, mean) == 0;
}

static void print_mean(const struct table *t, const char *mean, const char *label)
{
    struct pb_peers_pieces *sets = malloc(t->count * sizeof *sets);
    double wanted = (double)NAN;
    size_t count = 0;
    for (size_t i = 0; sets && i < t->count; i++) {
        const struct pb_peers_group *g = &t->groups[i];
        const size_t arm = is_of(g, mean) ? arm_of(g, label) : 0;
        if (arm == 0)
            continue;
        sets[count++] = pb_peers_group_pieces(g, arm);
        wanted = g->arms[arm].wanted;
    }
    if (count > 0) {
        struct pb_peers_ratio ratio;
        pb_peers_mean(sets, count, &ratio);
        (void)printf("| **geometric mean, %s** | | %s |", mean, label);
        print_ratio(&ratio, wanted);
    }
    free(sets);
}

/* Has a group before this one that mean and an arm of that label? */
static bool was_printed(const struct table *t, size_t before, const char *mean,
                        const char *label)
{
    for (size_t i = 0; i < before; i++)
        if (is_of(&t->groups[i], mean) && arm_of(&t->groups[i], label))
            return true;
    return false;
}

static void print_means(const struct table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct pb_peers_group *g = &t->groups[i];
        for (size_t k = 1; g->mean && k < g->narms; k++)
            if (!was_printed(t, i, g->mean, g->arms[k].label))
                print_mean(t, g->mean, g->arms[k].label);
    }
}

static void print_table(const struct table *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (i == 0 || strcmp(t->groups[i].machine, t->groups[i - 1].machine) != 0)
            (void)printf("%s\n", t->groups[i].machine);
    (void)printf(
        "\n| measured | parbench | beside | ratio | 95 %% interval | of best times "
        "| pairs | wanted | |\n"
        "|:--|:--|:--|--:|:-:|--:|--:|--:|:--|\n");
    print_means(t);
    for (size_t i = 0; i < t->count; i++)
        print_group(&t->groups[i]);
}

int main(int argc, char **argv)
{
    struct pb_error err = { "" };
    struct table t = { .count = 0 };
    enum pb_status status = PB_OK;
    if (argc < 2) {
        (void)fprintf(stderr, "usage: peers-table FILE..\n");
        return 2;
    }
    t.groups = calloc((size_t)argc, sizeof *t.groups);
    for (int i = 1; t.groups && i < argc && !status; i++)
        status = pb_peers_group_read(argv[i], &t.groups[t.count++], &err);
    if (status)
        (void)fprintf(stderr, "peers-table: %s\n", err.text);
    else
        print_table(&t);
    for (size_t i = 0; i < t.count; i++)
        pb_peers_group_release(&t.groups[i]);
    free(t.groups);
    return status ? 2 : 0;
}
