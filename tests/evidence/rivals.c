/* rivals.c - what other tools' rules would have said of the sessions that were kept: the
 * same raw data, judged as they judge. Writes a Markdown table to standard output.
 *
 *   gate-rivals [--blocks] FOLDER
 *
 * A repetition is one process: each side has one number of it, the mean (or median) of
 * its samples. --blocks takes the old side of a session and the new side of the next one:
 * what a user of these tools measures who runs first the old build, then the new.
 *
 * google/benchmark: tools/gbench/report.py, calc_utest: scipy's two-sided mannwhitneyu at
 *   alpha 0.05, by its method "auto": exact where a side has at most 8 repetitions and
 *   there are no ties, otherwise normal with both corrections.
 * benchstat: golang/perf, benchmath/anone.go: exact to 50 repetitions, alpha 0.05.
 * asv continuous: asv/_stats.py, is_different: p < 0.002, exact to 20 repetitions,
 *   otherwise normal without corrections, where that many repetitions can reach it (from
 *   six a side on, always here); and a factor of 1.1 between the medians.
 * Minimum: BenchmarkTools.jl's judge: 5 % between the fastest samples of each side.
 */
#include "results/compare.h"
#include "results/stats.h"
#include "tests/evidence/binomial.h"
#include "tests/evidence/kept.h"
#include "tests/evidence/ranks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define REPETITIONS_LEAST 6
#define REPETITIONS_MOST  PB_PAIRS_MAX

enum statistic { MEAN, MEDIAN, MINIMUM };

struct side { /* of one point */
    double values[REPETITIONS_MOST];
    size_t count;
};

/* ---- the rules: 1 slower, -1 faster, 0 neither ------------------------------------- */

static int direction(double ratio, double factor)
{
    return (ratio > factor) - (ratio < 1 / factor);
}

static double ratio_of_medians(const struct side sides[2])
{
    return pb_quantile(sides[1].values, sides[1].count, 0.5) /
           pb_quantile(sides[0].values, sides[0].count, 0.5);
}

static double p_of(const struct side sides[2], enum pb_ranks_method method)
{
    return pb_ranks_p(sides[0].values, sides[0].count, sides[1].values, sides[1].count,
                      method);
}

static int google_benchmark(const struct side sides[2])
{
    const bool is_small = sides[0].count <= 8 || sides[1].count <= 8;
    const double p = p_of(sides, is_small ? PB_RANKS_EXACT : PB_RANKS_CORRECTED);
    return p < 0.05 ? direction(ratio_of_medians(sides), 1) : 0;
}

static int benchstat(const struct side sides[2])
{
    return p_of(sides, PB_RANKS_EXACT) <= 0.05 ? direction(ratio_of_medians(sides), 1)
                                               : 0;
}

static int asv_continuous(const struct side sides[2])
{
    const bool is_small = sides[0].count <= 20 && sides[1].count <= 20;
    const double p = p_of(sides, is_small ? PB_RANKS_EXACT : PB_RANKS_NORMAL);
    return p < 0.002 ? direction(ratio_of_medians(sides), 1.1) : 0;
}

static int minimum(const struct side sides[2])
{
    return direction(pb_quantile(sides[1].values, sides[1].count, 0) /
                         pb_quantile(sides[0].values, sides[0].count, 0),
                     1.05);
}

static const struct rule {
    const char *name, *repetitions;
    int (*judge)(const struct side sides[2]); /* NULL: parbench's own verdict */
    enum statistic statistic;
    size_t most; /* repetitions */
} rules[] = {
    { "parbench", "all", NULL, MEAN, 0 },
    { "google/benchmark compare.py", "all", google_benchmark, MEAN, REPETITIONS_MOST },
    { "google/benchmark compare.py", "first six", google_benchmark, MEAN, 6 },
    { "google/benchmark compare.py", "all, their medians", google_benchmark, MEDIAN,
      REPETITIONS_MOST },
    { "benchstat", "all", benchstat, MEAN, REPETITIONS_MOST },
    { "benchstat", "first six", benchstat, MEAN, 6 },
    { "benchstat", "all, their medians", benchstat, MEDIAN, REPETITIONS_MOST },
    { "asv continuous", "all", asv_continuous, MEAN, REPETITIONS_MOST },
    { "asv continuous", "all, their medians", asv_continuous, MEDIAN, REPETITIONS_MOST },
    { "minimum, 5 %", "all", minimum, MINIMUM, REPETITIONS_MOST },
};
#define RULES (sizeof rules / sizeof rules[0])

/* ---- a session under one rule ------------------------------------------------------ */

static double value_of(const struct pb_invocation *invocation, enum statistic statistic)
{
    double sum = 0;
    if (statistic != MEAN)
        return pb_quantile(invocation->samples_ns, invocation->nsamples,
                           statistic == MEDIAN ? 0.5 : 0);
    for (size_t i = 0; i < invocation->nsamples; i++)
        sum += invocation->samples_ns[i];
    return sum / (double)invocation->nsamples;
}

static void fill_side(const struct pb_point *point, const struct rule *rule,
                      struct side *out)
{
    out->count = 0;
    for (size_t i = 0; i < point->ninvocations && out->count < rule->most; i++)
        if (point->invocations[i].nsamples)
            out->values[out->count++] = value_of(&point->invocations[i], rule->statistic);
}

static int judge_point(const struct rule *rule, const struct pb_point *old_point,
                       const struct pb_point *new_point)
{
    struct side sides[2];
    fill_side(old_point, rule, &sides[0]);
    fill_side(new_point, rule, &sides[1]);
    if (sides[0].count < REPETITIONS_LEAST || sides[1].count < REPETITIONS_LEAST)
        return 0;
    return rule->judge(sides);
}

/* parbench's verdict on each point, as `parbench compare` gives it. Where a control
 * tripped, the session proves nothing. */
static void judge_ourselves(const struct pb_record *old_record,
                            const struct pb_record *new_record,
                            const struct pb_kept_points *points, int *verdicts)
{
    struct pb_comparison comparison;
    struct pb_error err = { "" };
    if (pb_compare(old_record, new_record, &pb_compare_defaults, &comparison, &err))
        pb_kept_fail("%s", err.text);
    for (size_t i = 0; i < points->count; i++)
        for (size_t k = 0; k < comparison.nrows; k++) {
            const struct pb_row *row = &comparison.rows[k];
            if (row->old_point == points->old_points[i] && row->kind == PB_ROW_JUDGED &&
                comparison.result != PB_COMPARE_INCONCLUSIVE)
                verdicts[i] =
                    (row->change == PB_CHANGE_SLOWER) - (row->change == PB_CHANGE_FASTER);
        }
    pb_comparison_release(&comparison);
}

/* ---- what came of many ------------------------------------------------------------- */

struct tally {
    size_t slower, either, found, others; /* sessions */
    size_t points, changed;               /* points */
};

static void count_session(const struct pb_kept *kept, const struct pb_kept_points *points,
                          const int *verdicts, struct tally *tally)
{
    bool is_slower = false, is_either = false, is_found = false, is_other = false;
    for (size_t i = 0; i < points->count; i++) {
        const bool is_planted = pb_kept_is_planted(kept, points->old_points[i]);
        is_slower |= verdicts[i] > 0;
        is_either |= verdicts[i] != 0;
        is_found |= verdicts[i] > 0 && is_planted;
        is_other |= verdicts[i] > 0 && !is_planted;
        tally->changed += verdicts[i] != 0;
    }
    tally->points += points->count;
    tally->slower += is_slower;
    tally->either += is_either;
    tally->found += is_found;
    tally->others += is_other;
}

#define POINTS_MOST 1024

static void judge_session(const struct pb_kept *kept, const struct pb_record *new_record,
                          struct tally tallies[RULES])
{
    struct pb_kept_points points;
    pb_kept_match(&kept->old_record, new_record, &points);
    if (points.count > POINTS_MOST)
        pb_kept_fail("more than %d points in a session", POINTS_MOST);
    for (size_t r = 0; r < RULES; r++) {
        int verdicts[POINTS_MOST] = { 0 };
        if (!rules[r].judge)
            judge_ourselves(&kept->old_record, new_record, &points, verdicts);
        for (size_t i = 0; i < points.count && rules[r].judge; i++)
            verdicts[i] =
                judge_point(&rules[r], points.old_points[i], points.new_points[i]);
        count_session(kept, &points, verdicts, &tallies[r]);
    }
    pb_kept_points_release(&points);
}

/* Returns the number of sessions judged; *planted: one of them was made slower. */
static size_t judge_folder(const char *path, bool blocks, struct tally tallies[RULES],
                           bool *planted)
{
    struct pb_kept_folder folder;
    struct pb_kept kept, next;
    size_t sessions = 0;
    pb_kept_open(path, &folder);
    for (size_t i = 0; i + (blocks ? 1 : 0) < folder.count; i++) {
        pb_kept_read(&folder, i, &kept);
        if (blocks)
            pb_kept_read(&folder, i + 1, &next);
        if (kept.has_records && (!blocks || next.has_records)) {
            judge_session(&kept, blocks ? &next.new_record : &kept.new_record, tallies);
            sessions++;
        }
        *planted |= kept.planted[0] != '\0';
        if (blocks)
            pb_kept_release(&next);
        pb_kept_release(&kept);
    }
    pb_kept_close(&folder);
    return sessions;
}

static void print_table(const struct tally tallies[RULES], size_t sessions, bool planted)
{
    char first[80], second[80], third[80];
    puts(planted
             ? "| rule | repetitions | planted slow-down found | another point called "
               "slower |\n|:--|:--|--:|--:|"
             : "| rule | repetitions | sessions with a point called slower | slower "
               "or faster | points called slower or faster |\n"
               "|:--|:--|--:|--:|--:|");
    for (size_t r = 0; r < RULES; r++) {
        const struct tally *t = &tallies[r];
        const size_t counts[2] = { planted ? t->found : t->slower,
                                   planted ? t->others : t->either };
        printf("| %s | %s | %s | %s |", rules[r].name, rules[r].repetitions,
               pb_rate_text(counts[0], sessions, first, sizeof first),
               pb_rate_text(counts[1], sessions, second, sizeof second));
        if (!planted)
            printf(" %s |", pb_rate_text(t->changed, t->points, third, sizeof third));
        puts("");
    }
}

int main(int argc, char **argv)
{
    struct tally tallies[RULES] = { { 0 } };
    bool planted = false;
    const bool blocks = argc == 3 && strcmp(argv[1], "--blocks") == 0;
    if (argc != (blocks ? 3 : 2))
        pb_kept_fail("usage: gate-rivals [--blocks] FOLDER");
    const size_t sessions = judge_folder(argv[argc - 1], blocks, tallies, &planted);
    print_table(tallies, sessions, planted);
    return 0;
}
