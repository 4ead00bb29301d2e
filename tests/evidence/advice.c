/* advice.c - how good was the advice of results/recommend.h? What it recommends from one
 * result file, at sizes that were measured afterwards on all its backends.
 *
 *   crossover-advice sizes FILE KERNEL COUNT SEED    random sizes for KERNEL, log-uniform
 *                                                    within what FILE measured
 *   crossover-advice judge FILE FOLDER               Markdown; FOLDER has the runs
 */
#include "results/random.h"
#include "results/recommend.h"
#include "results/stats.h"
#include "results/units.h"
#include "tests/evidence/binomial.h"
#include "tests/evidence/kept.h"
#include "tests/evidence/runs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Advice that costs less than this was good. */
#define GOOD 0.05

/* A result file, ready to be asked. */
struct oracle {
    struct pb_record record;
    struct pb_slices slices;
    struct pb_crossover_report report;
};

static void open_oracle(const char *file, struct oracle *out)
{
    struct pb_error err = { "" };
    pb_runs_read_record(file, &out->record);
    if (pb_slices_make(&out->record, &out->slices, &err) ||
        pb_crossover_analyse(&out->record, &out->report, &err))
        pb_kept_fail("%s: %s", file, err.text);
}

static void close_oracle(struct oracle *oracle)
{
    pb_crossover_report_release(&oracle->report);
    pb_slices_release(&oracle->slices);
    pb_record_release(&oracle->record);
}

/* Of the kernel; like: of its data type and cache mode too, or NULL. NULL: none. */
static const struct pb_slice *find_slice(const struct oracle *oracle, const char *kernel,
                                         const struct pb_slice *like)
{
    for (size_t i = 0; i < oracle->slices.count; i++) {
        const struct pb_slice *slice = &oracle->slices.items[i];
        if (!strcmp(slice->kernel, kernel) &&
            (!like || (!strcmp(slice->dtype, like->dtype) &&
                       !pb_strings_compare(slice->cache, like->cache))))
            return slice;
    }
    return NULL;
}

/* The adviser of a slice, and its first setting: data moves on every call. */
static struct pb_setting advise(const struct oracle *oracle, const struct pb_slice *slice,
                                struct pb_adviser *out)
{
    struct pb_error err = { "" };
    struct pb_setting setting = { .residency = "always", .reuse = 1 };
    if (pb_adviser_init(slice, &oracle->report, out, &err))
        pb_kept_fail("%s", err.text);
    (void)pb_adviser_settings(out, &setting, 1);
    return setting;
}

/* ---- sizes ------------------------------------------------------------------------- */

static double uniform(uint64_t *state)
{
    return (double)(pb_random_next(state) >> 11) * 0x1p-53;
}

/* Each kernel draws its own sizes. */
static uint64_t seed_for(const char *kernel, uint64_t seed)
{
    for (; *kernel; kernel++)
        seed = seed * 31 + (unsigned char)*kernel;
    return seed;
}

static bool has(const uint64_t *sizes, size_t count, uint64_t n)
{
    for (size_t i = 0; i < count; i++)
        if (sizes[i] == n)
            return true;
    return false;
}

/* Small ranges have fewer sizes than asked for: then fewer are drawn. */
static size_t draw(uint64_t from, uint64_t to, uint64_t seed, size_t count,
                   uint64_t *sizes)
{
    enum { TRIES = 100 };
    const double low = log((double)from), high = log((double)to);
    size_t drawn = 0;
    for (size_t tries = 0; drawn < count && tries < TRIES * count; tries++) {
        const uint64_t n = (uint64_t)llround(exp(low + (high - low) * uniform(&seed)));
        if (!has(sizes, drawn, n))
            sizes[drawn++] = n;
    }
    return drawn;
}

static void print_sizes(const char *file, const char *kernel, size_t count, uint64_t seed)
{
    struct oracle oracle;
    struct pb_adviser adviser;
    uint64_t from = 0, to = 0;
    open_oracle(file, &oracle);
    const struct pb_slice *slice = find_slice(&oracle, kernel, NULL);
    if (!slice)
        pb_kept_fail("%s: no kernel %s", file, kernel);
    const struct pb_setting setting = advise(&oracle, slice, &adviser);
    uint64_t *sizes = calloc(count + 1, sizeof *sizes);
    if (!sizes || !pb_adviser_range(&adviser, &setting, &from, &to))
        pb_kept_fail("%s: no size of %s was measured", file, kernel);
    const size_t drawn = draw(from, to, seed_for(kernel, seed), count, sizes);
    for (size_t i = 0; i < drawn; i++)
        printf("%s%" PRIu64, i ? "," : "", sizes[i]);
    puts("");
    free(sizes);
    pb_adviser_release(&adviser);
    close_oracle(&oracle);
}

/* ---- the judgement ----------------------------------------------------------------- */

/* The advice at one size, beside what was measured there. */
struct trial {
    const char *kernel, *dtype; /* borrowed */
    uint64_t n;
    const struct pb_point *best, *taken; /* borrowed, of the later run */
    char best_label[96], taken_label[96];
    bool is_certain; /* "use", not "either" */
    bool overlaps;   /* the two measured intervals */
    double expected_ns, loss;
};

struct judgement {
    struct trial *trials; /* owned */
    size_t count;
    size_t unknown; /* sizes without advice, or where what it names was not measured */
};

static struct trial *new_trial(struct judgement *judgement)
{
    struct trial *all = realloc(judgement->trials, (judgement->count + 1) * sizeof *all);
    if (!all)
        pb_kept_fail("out of memory");
    judgement->trials = all;
    return &all[judgement->count++];
}

static const struct pb_point *best_at(const struct pb_slice *slice, uint64_t n,
                                      const char **label)
{
    const struct pb_point *best = NULL;
    for (size_t i = 0; i < slice->ncurves; i++) {
        const struct pb_point *point = pb_curve_at(&slice->curves[i], n);
        if (!point || (best && best->time.ns.estimate <= point->time.ns.estimate))
            continue;
        best = point;
        *label = slice->curves[i].label;
    }
    return best;
}

static const struct pb_point *point_like(const struct pb_slice *slice,
                                         const struct pb_point *like, uint64_t n)
{
    for (size_t i = 0; i < slice->ncurves; i++)
        if (pb_point_compare_curve(slice->curves[i].points[0], like) == 0)
            return pb_curve_at(&slice->curves[i], n);
    return NULL;
}

static void judge_size(const struct pb_slice *measured, const struct pb_advice *advice,
                       struct judgement *out)
{
    const struct pb_candidate *first = advice->candidates;
    const char *label = "";
    const struct pb_point *best = best_at(measured, advice->n, &label);
    const struct pb_point *taken =
        advice->nequals ? point_like(measured, first->curve->points[0], advice->n) : NULL;
    if (!best || !taken) {
        out->unknown++;
        return;
    }
    const struct pb_estimate *a = &taken->time.ns, *b = &best->time.ns;
    struct trial *trial = new_trial(out);
    *trial = (struct trial){
        .kernel = measured->kernel,
        .dtype = measured->dtype,
        .n = advice->n,
        .best = best,
        .taken = taken,
        .is_certain = advice->nequals == 1,
        .overlaps = !(b->high < a->low),
        .expected_ns = first->time.ns.estimate,
        .loss = a->estimate / b->estimate - 1,
    };
    (void)snprintf(trial->best_label, sizeof trial->best_label, "%s", label);
    (void)snprintf(trial->taken_label, sizeof trial->taken_label, "%s",
                   first->curve->label);
}

/* The next size above `after` at which something was measured; 0: none. */
static uint64_t next_size(const struct pb_slice *slice, uint64_t after)
{
    uint64_t next = 0;
    for (size_t i = 0; i < slice->ncurves; i++)
        for (size_t k = 0; k < slice->curves[i].npoints; k++) {
            const uint64_t n = slice->curves[i].points[k]->n;
            if (n > after && (!next || n < next))
                next = n;
        }
    return next;
}

static void judge_slice(const struct oracle *oracle, const struct pb_slice *measured,
                        struct judgement *out)
{
    struct pb_adviser adviser;
    const struct pb_slice *slice = find_slice(oracle, measured->kernel, measured);
    if (!slice)
        pb_kept_fail("%s %s: only the later run has it", measured->kernel,
                     measured->dtype);
    const struct pb_setting setting = advise(oracle, slice, &adviser);
    for (uint64_t n = next_size(measured, 0); n; n = next_size(measured, n)) {
        struct pb_advice advice;
        struct pb_error err = { "" };
        if (pb_adviser_ask(&adviser, &setting, n, &advice, &err))
            pb_kept_fail("%s", err.text);
        judge_size(measured, &advice, out);
        pb_advice_release(&advice);
    }
    pb_adviser_release(&adviser);
}

/* ---- the tables -------------------------------------------------------------------- */

enum pick { PICK_ALL, PICK_CERTAIN, PICK_EITHER };

static bool is_picked(const struct trial *trial, enum pick pick, const char *kernel)
{
    return (pick == PICK_ALL || trial->is_certain == (pick == PICK_CERTAIN)) &&
           (!kernel || !strcmp(trial->kernel, kernel));
}

static void print_share(const char *name, const struct judgement *j, enum pick pick,
                        const char *kernel)
{
    size_t count = 0, good = 0, beyond = 0;
    double *losses = calloc(j->count + 1, sizeof *losses);
    char rate[80];
    if (!losses)
        pb_kept_fail("out of memory");
    for (size_t i = 0; i < j->count; i++) {
        const struct trial *trial = &j->trials[i];
        if (!is_picked(trial, pick, kernel))
            continue;
        losses[count++] = trial->loss;
        good += trial->loss <= GOOD;
        beyond += trial->loss > GOOD && !trial->overlaps;
    }
    if (count)
        printf("| %s | %s | %zu | %.1f %%, %.1f %%, %.1f %% |\n", name,
               pb_rate_text(good, count, rate, sizeof rate), beyond,
               100 * pb_quantile(losses, count, 0.5),
               100 * pb_quantile(losses, count, 0.95),
               100 * pb_quantile(losses, count, 1));
    free(losses);
}

static void print_shares(const struct judgement *j)
{
    puts("| advice | at most 5 % slower than the best | slower, and the intervals do not "
         "overlap | loss: median, 95 %, worst |\n|:--|:--|--:|--:|");
    for (size_t i = 0; i < j->count; i++) /* sorted by kernel: at the first of each */
        if (!i || strcmp(j->trials[i].kernel, j->trials[i - 1].kernel) != 0)
            print_share(j->trials[i].kernel, j, PICK_ALL, j->trials[i].kernel);
    print_share("certain (\"use\")", j, PICK_CERTAIN, NULL);
    print_share("open (\"either\")", j, PICK_EITHER, NULL);
    print_share("all", j, PICK_ALL, NULL);
    printf("\nSizes without advice: %zu.\n", j->unknown);
}

static void print_miss(const struct trial *trial)
{
    char expected[32], taken[32], best[32];
    pb_units_ns(trial->expected_ns, expected, sizeof expected);
    pb_units_ns(trial->taken->time.ns.estimate, taken, sizeof taken);
    pb_units_ns(trial->best->time.ns.estimate, best, sizeof best);
    printf("| %s %s | %" PRIu64 " | %s %s | %s | %s | %s | %s | %.1f %% | %s |\n",
           trial->kernel, trial->dtype, trial->n, trial->is_certain ? "use" : "either",
           trial->taken_label, expected, taken, trial->best_label, best,
           100 * trial->loss, trial->overlaps ? "yes" : "no");
}

static void print_misses(const struct judgement *j)
{
    size_t count = 0;
    for (size_t i = 0; i < j->count; i++)
        count += j->trials[i].loss > GOOD;
    if (!count)
        return;
    puts("\n| kernel | n | advice | expected | measured | best | measured | loss | "
         "intervals overlap |\n|:--|--:|:--|--:|--:|:--|--:|--:|:--|");
    for (size_t i = 0; i < j->count; i++)
        if (j->trials[i].loss > GOOD)
            print_miss(&j->trials[i]);
}

static void judge_all(const char *file, const char *folder)
{
    struct oracle oracle;
    struct pb_runs runs;
    struct pb_runs_facts facts = { .machine = "" };
    struct judgement judgement = { .trials = NULL };
    open_oracle(file, &oracle);
    pb_runs_note(&facts, &oracle.record);
    pb_runs_read(folder, &runs);
    struct pb_slices *slices = calloc(runs.count, sizeof *slices);
    if (!slices)
        pb_kept_fail("out of memory");
    for (size_t i = 0; i < runs.count; i++) {
        struct pb_error err = { "" };
        pb_runs_note(&facts, &runs.items[i].record);
        if (pb_slices_make(&runs.items[i].record, &slices[i], &err))
            pb_kept_fail("%s", err.text);
        for (size_t k = 0; k < slices[i].count; k++)
            judge_slice(&oracle, &slices[i].items[k], &judgement);
    }
    pb_runs_print(&facts);
    puts("\n");
    print_shares(&judgement);
    print_misses(&judgement);
    for (size_t i = 0; i < runs.count; i++)
        pb_slices_release(&slices[i]);
    free(slices);
    free(judgement.trials);
    pb_runs_release(&runs);
    close_oracle(&oracle);
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "sizes") == 0)
        print_sizes(argv[2], argv[3], (size_t)strtoul(argv[4], NULL, 10),
                    strtoull(argv[5], NULL, 10));
    else if (argc == 4 && strcmp(argv[1], "judge") == 0)
        judge_all(argv[2], argv[3]);
    else
        pb_kept_fail("usage: crossover-advice sizes FILE KERNEL COUNT SEED, or judge "
                     "FILE FOLDER");
    return 0;
}
