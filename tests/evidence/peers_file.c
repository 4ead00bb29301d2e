#include "tests/evidence/peers_file.h"

#include "measure/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS_MAX 4096

/* ---- writing ---- */

static void write_arms(const struct pb_peers_group *g, FILE *to)
{
    for (size_t i = 0; i < g->narms; i++) {
        const struct pb_peers_arm *arm = &g->arms[i];
        char wanted[32] = "-";
        if (!isnan(arm->wanted))
            (void)snprintf(wanted, sizeof wanted, "%g", arm->wanted);
        (void)fprintf(to, "arm\t%s\t%s\t%.17g\t%s\n", arm->label, wanted, arm->work,
                      arm->what);
    }
    for (size_t i = 0; i < g->nabsent; i++)
        (void)fprintf(to, "absent\t%s\t%s\n", g->absent[i].label, g->absent[i].what);
}

enum pb_status pb_peers_group_write(const struct pb_peers_group *group, const char *file,
                                    struct pb_error *err)
{
    FILE *to = fopen(file, "w");
    if (!to)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot write %s: %s", file,
                       strerror(errno));
    (void)fprintf(to, "machine\t%s\nname\t%s\n", group->machine, group->name);
    if (group->mean)
        (void)fprintf(to, "mean\t%s\n", group->mean);
    (void)fprintf(to, "unit\t%s\n", group->unit);
    write_arms(group, to);
    for (size_t r = 0, life = 0; r < group->rounds; r++) {
        if (life < group->nlives && group->lives[life] == r) {
            (void)fputs("life\n", to);
            life++;
        }
        (void)fputs("round", to);
        for (size_t i = 0; i < group->narms; i++)
            (void)fprintf(to, "\t%.9g", group->arms[i].ns[r]);
        (void)fputc('\n', to);
    }
    const bool failed = ferror(to) != 0;
    if (fclose(to) || failed)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot write %s: %s", file,
                       strerror(errno));
    return PB_OK;
}

/* ---- reading ---- */

/* The next field of a line, cut off in place; NULL: there is none. */
static char *field(char **rest)
{
    return *rest ? strsep(rest, "\t") : NULL;
}

static bool number(const char *text, double *out)
{
    char *end;
    if (!text || !*text)
        return false;
    *out = strtod(text, &end);
    return *end == '\0' && isfinite(*out) && *out > 0;
}

static bool keep(char **slot, const char *text)
{
    if (!text || *slot)
        return false;
    *slot = strdup(text);
    return *slot != NULL;
}

static bool read_arm(struct pb_peers_group *g, char *rest)
{
    if (g->narms == PB_PEERS_ARMS_MAX || g->rounds)
        return false;
    struct pb_peers_arm *arm = &g->arms[g->narms++];
    if (!keep(&arm->label, field(&rest)))
        return false;
    const char *wanted = field(&rest);
    arm->wanted = (double)NAN;
    if (!wanted || (strcmp(wanted, "-") != 0 && !number(wanted, &arm->wanted)))
        return false;
    arm->ns = malloc(ROUNDS_MAX * sizeof *arm->ns);
    return arm->ns && number(field(&rest), &arm->work) && keep(&arm->what, field(&rest));
}

static bool read_absent(struct pb_peers_group *g, char *rest)
{
    if (g->nabsent == PB_PEERS_ARMS_MAX)
        return false;
    struct pb_peers_arm *arm = &g->absent[g->nabsent++];
    return keep(&arm->label, field(&rest)) && keep(&arm->what, field(&rest));
}

static bool read_round(struct pb_peers_group *g, char *rest)
{
    if (g->rounds == ROUNDS_MAX || !g->narms)
        return false;
    for (size_t i = 0; i < g->narms; i++)
        if (!number(field(&rest), &g->arms[i].ns[g->rounds]))
            return false;
    g->rounds++;
    return rest == NULL;
}

/* Each has a round at least. */
static bool read_life(struct pb_peers_group *g, const char *rest)
{
    const bool is_empty = g->nlives > 0 && g->lives[g->nlives - 1] == g->rounds;
    if (rest || is_empty || g->nlives == PB_PEERS_LIVES_MAX || !g->narms ||
        (g->nlives == 0 && g->rounds > 0))
        return false;
    g->lives[g->nlives++] = g->rounds;
    return true;
}

static bool read_line(struct pb_peers_group *g, char *line)
{
    char *rest = line;
    const char *key = field(&rest);
    if (strcmp(key, "arm") == 0)
        return read_arm(g, rest);
    if (strcmp(key, "absent") == 0)
        return read_absent(g, rest);
    if (strcmp(key, "life") == 0)
        return read_life(g, rest);
    if (strcmp(key, "round") == 0)
        return read_round(g, rest);
    const struct {
        const char *key;
        char **slot;
    } texts[] = { { "machine", &g->machine },
                  { "name", &g->name },
                  { "mean", &g->mean },
                  { "unit", &g->unit } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(key, texts[i].key) == 0)
            return keep(texts[i].slot, field(&rest));
    return false;
}

static enum pb_status read_lines(FILE *from, const char *file, struct pb_peers_group *out,
                                 struct pb_error *err)
{
    char *line = NULL;
    size_t cap = 0;
    unsigned count = 0;
    bool is_good = true;
    while (is_good && getline(&line, &cap, from) > 0) {
        line[strcspn(line, "\n")] = '\0';
        is_good = read_line(out, line);
        count++;
    }
    free(line);
    if (!is_good)
        return pb_fail(err, PB_ERR_INPUT,
                       "%s:%u: not a line of a group of peers: remove the file to "
                       "measure it again",
                       file, count);
    if (!out->machine || !out->name || !out->unit ||
        (out->narms > 0) != (out->rounds > 0) ||
        (out->nlives > 0 && out->lives[out->nlives - 1] == out->rounds))
        return pb_fail(err, PB_ERR_INPUT, "%s: cut off: remove it to measure it again",
                       file);
    return PB_OK;
}

enum pb_status pb_peers_group_read(const char *file, struct pb_peers_group *out,
                                   struct pb_error *err)
{
    *out = (struct pb_peers_group){ .rounds = 0 };
    FILE *from = fopen(file, "r");
    if (!from)
        return pb_fail(err, PB_ERR_INPUT, "cannot read %s: %s", file, strerror(errno));
    const enum pb_status status = read_lines(from, file, out, err);
    (void)fclose(from);
    return status;
}

static void release_arm(struct pb_peers_arm *arm)
{
    free(arm->label);
    free(arm->what);
    free(arm->ns);
}

void pb_peers_group_release(struct pb_peers_group *group)
{
    for (size_t i = 0; i < PB_PEERS_ARMS_MAX; i++) {
        release_arm(&group->arms[i]);
        release_arm(&group->absent[i]);
    }
    free(group->machine);
    free(group->name);
    free(group->mean);
    free(group->unit);
    *group = (struct pb_peers_group){ .rounds = 0 };
}

struct pb_peers_pieces pb_peers_group_pieces(const struct pb_peers_group *group,
                                             size_t arm)
{
    return (struct pb_peers_pieces){ .ours = group->arms[0].ns,
                                     .theirs = group->arms[arm].ns,
                                     .count = group->rounds,
                                     .ours_work = group->arms[0].work,
                                     .theirs_work = group->arms[arm].work,
                                     .lives = group->lives,
                                     .nlives = group->nlives };
}
