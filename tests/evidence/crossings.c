/* crossings.c - what repeated runs say of the same crossings, as a Markdown table: do
 * their n* lie in each other's intervals, how wide are these, which verdicts were given?
 *
 *   crossover-agree FOLDER
 */
#include "results/crossover.h"
#include "results/stats.h"
#include "results/units.h"
#include "tests/evidence/binomial.h"
#include "tests/evidence/kept.h"
#include "tests/evidence/runs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One crossover, as each run saw it. */
struct question {
    const struct pb_crossover **seen; /* owned array of borrowed ones; NULL: not there */
    const struct pb_crossover *like;  /* borrowed; its identity */
};

struct survey {
    struct pb_runs runs;
    struct pb_crossover_report *reports; /* owned; one per run */
    struct question *questions;          /* owned */
    size_t nquestions;
};

/* Pairs of runs. They share runs and are not independent: no interval is given for their
 * share. */
struct pairs {
    size_t both, inside, overlap;
};

static void *allocate(size_t count, size_t bytes)
{
    void *memory = calloc(count + 1, bytes);
    if (!memory)
        pb_kept_fail("out of memory");
    return memory;
}

/* ---- what was asked ---------------------------------------------------------------- */

static bool is_same(const struct pb_crossover *a, const struct pb_crossover *b)
{
    return !strcmp(a->kernel, b->kernel) && !strcmp(a->dtype, b->dtype) &&
           !strcmp(a->cache, b->cache) && !strcmp(a->from, b->from) &&
           !strcmp(a->to_label, b->to_label);
}

static struct question *question_of(struct survey *survey, const struct pb_crossover *c)
{
    for (size_t i = 0; i < survey->nquestions; i++)
        if (is_same(survey->questions[i].like, c))
            return &survey->questions[i];
    struct question *all =
        realloc(survey->questions, (survey->nquestions + 1) * sizeof *survey->questions);
    if (!all)
        pb_kept_fail("out of memory");
    survey->questions = all;
    struct question *new = &all[survey->nquestions++];
    new->like = c;
    new->seen = allocate(survey->runs.count, sizeof(const struct pb_crossover *));
    return new;
}

static void ask(struct survey *survey)
{
    survey->reports = allocate(survey->runs.count, sizeof *survey->reports);
    for (size_t i = 0; i < survey->runs.count; i++) {
        struct pb_error err = { "" };
        if (pb_crossover_analyse(&survey->runs.items[i].record, &survey->reports[i],
                                 &err))
            pb_kept_fail("%s", err.text);
        for (size_t k = 0; k < survey->reports[i].ncrossovers; k++) {
            const struct pb_crossover *c = &survey->reports[i].crossovers[k];
            if (c->verdict != PB_UNMEASURED)
                question_of(survey, c)->seen[i] = c;
        }
    }
}

static void release(struct survey *survey)
{
    for (size_t i = 0; i < survey->nquestions; i++)
        free(survey->questions[i].seen);
    free(survey->questions);
    for (size_t i = 0; i < survey->runs.count; i++)
        pb_crossover_report_release(&survey->reports[i]);
    free(survey->reports);
    pb_runs_release(&survey->runs);
}

/* ---- what was answered ------------------------------------------------------------- */

static enum pb_verdict verdict_of(const struct pb_crossover *c)
{
    return c ? c->verdict : PB_UNMEASURED;
}

static bool holds(const struct pb_estimate *interval, double n)
{
    return interval->low <= n && n <= interval->high;
}

static struct pairs compare_pairs(const struct question *question, size_t runs)
{
    struct pairs pairs = { 0 };
    for (size_t i = 0; i < runs; i++)
        for (size_t k = i + 1; k < runs; k++) {
            const struct pb_crossover *a = question->seen[i], *b = question->seen[k];
            if (verdict_of(a) != PB_CROSSING || verdict_of(b) != PB_CROSSING)
                continue;
            pairs.both++;
            pairs.inside += holds(&a->n, b->n.estimate) && holds(&b->n, a->n.estimate);
            pairs.overlap += a->n.low <= b->n.high && b->n.low <= a->n.high;
        }
    return pairs;
}

/* Runs that do not say what most say. */
static size_t count_odd(const struct question *question, size_t runs)
{
    size_t counts[PB_VERDICT_COUNT] = { 0 }, most = 0;
    for (size_t i = 0; i < runs; i++) {
        const size_t count = ++counts[verdict_of(question->seen[i])];
        most = count > most ? count : most;
    }
    return runs - most;
}

/* ---- the table --------------------------------------------------------------------- */

static void print_verdicts(const struct question *question, size_t runs)
{
    const char *comma = "";
    for (int v = 0; v < PB_VERDICT_COUNT; v++) {
        size_t count = 0;
        for (size_t i = 0; i < runs; i++)
            count += verdict_of(question->seen[i]) == (enum pb_verdict)v;
        if (!count)
            continue;
        printf("%s%s %zu", comma, pb_verdict_name((enum pb_verdict)v), count);
        comma = ", ";
    }
}

static void print_share(size_t count, size_t of)
{
    if (of)
        printf(" %zu of %zu: %.0f %% |", count, of, 100.0 * (double)count / (double)of);
    else
        printf(" - |");
}

/* n: of the crossings seen; halves: half the width of their intervals in ln n. */
static void print_crossings(const double *n, const double *halves, size_t count,
                            size_t refined)
{
    char middle[32], low[32], high[32];
    if (!count) {
        printf(" - | - | - | - |");
        return;
    }
    pb_units_size(pb_quantile(n, count, 0), low, sizeof low);
    pb_units_size(pb_quantile(n, count, 0.5), middle, sizeof middle);
    pb_units_size(pb_quantile(n, count, 1), high, sizeof high);
    printf(" %zu of %zu | %s | %s .. %s | +-%.1f %%, +-%.1f %% |", refined, count, middle,
           low, high, 100 * pb_quantile(halves, count, 0.5),
           100 * pb_quantile(halves, count, 1));
}

static struct pairs print_question(const struct question *question, size_t runs)
{
    double *n = allocate(runs, sizeof *n), *halves = allocate(runs, sizeof *halves);
    size_t count = 0, refined = 0;
    for (size_t i = 0; i < runs; i++) {
        const struct pb_crossover *c = question->seen[i];
        if (verdict_of(c) != PB_CROSSING)
            continue;
        n[count] = c->n.estimate;
        halves[count++] = log(c->n.high / c->n.low) / 2;
        refined += c->is_refined;
    }
    printf("| %s %s | %s -> %s | ", question->like->kernel, question->like->dtype,
           question->like->from_label, question->like->to_label);
    print_verdicts(question, runs);
    printf(" |");
    print_crossings(n, halves, count, refined);
    const struct pairs pairs = compare_pairs(question, runs);
    print_share(pairs.inside, pairs.both);
    print_share(pairs.overlap, pairs.both);
    puts("");
    free(n);
    free(halves);
    return pairs;
}

static void print_facts(const struct survey *survey)
{
    struct pb_runs_facts facts = { .machine = "" };
    double *wall_s = allocate(survey->runs.count, sizeof *wall_s);
    for (size_t i = 0; i < survey->runs.count; i++) {
        pb_runs_note(&facts, &survey->runs.items[i].record);
        wall_s[i] = survey->runs.items[i].wall_s;
    }
    pb_runs_print(&facts);
    printf(" %zu runs, %.0f s each (median), %.0f s the longest.\n\n", survey->runs.count,
           pb_quantile(wall_s, survey->runs.count, 0.5),
           pb_quantile(wall_s, survey->runs.count, 1));
    free(wall_s);
}

int main(int argc, char **argv)
{
    struct survey survey = { .questions = NULL };
    struct pairs all = { 0 };
    size_t odd = 0;
    char rate[80];
    if (argc != 2)
        pb_kept_fail("usage: crossover-agree FOLDER");
    pb_runs_read(argv[1], &survey.runs);
    ask(&survey);
    print_facts(&survey);
    puts("| kernel | arms | verdicts | refined | n\\*, median | smallest .. largest | "
         "half "
         "width of the interval: median, worst | pairs of runs: each n\\* in the other's "
         "interval | their intervals overlap |\n"
         "|:--|:--|:--|--:|--:|--:|--:|--:|--:|");
    for (size_t i = 0; i < survey.nquestions; i++) {
        const struct pairs pairs =
            print_question(&survey.questions[i], survey.runs.count);
        all.both += pairs.both;
        all.inside += pairs.inside;
        all.overlap += pairs.overlap;
        odd += count_odd(&survey.questions[i], survey.runs.count);
    }
    printf("| all | | | | | | |");
    print_share(all.inside, all.both);
    print_share(all.overlap, all.both);
    printf("\n\nVerdicts that are not what most runs say: %s.\n",
           pb_rate_text(odd, survey.nquestions * survey.runs.count, rate, sizeof rate));
    release(&survey);
    return 0;
}
