/* exhaustive.c - trying every size against searching, as Markdown: what both say, how far
 * that scatters over repetitions, and what they take.
 *
 *   crossover-exhaustive FOLDER A B
 *
 * FOLDER has try-1, search-1, try-2, .. (tests/evidence/exhaustive.sh); A and B are the
 * backends. From every size, n* is the threshold that loses least: A below, B above.
 */
#include "measure/text.h"
#include "results/crossover.h"
#include "results/stats.h"
#include "results/units.h"
#include "tests/evidence/kept.h"
#include "tests/evidence/runs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPEATS_MOST = 64 };

struct duel {
    double n, a_ns, b_ns;
};

struct duels {
    struct duel *items; /* owned; n rising */
    size_t count;
};

/* What one repetition of one way said. */
struct answer {
    double wall_s;
    size_t sizes;
    struct pb_estimate n; /* NAN: none; an interval has the search alone */
    /* Of every size: where the ratios of the times count, not the times. */
    double n_by_ratio;
    const char *verdict;
};

struct answers {
    struct answer items[REPEATS_MOST];
    size_t count;
};

struct contest {
    const char *folder, *a, *b;
    struct pb_runs_facts facts;
    struct answers tries, searches;
};

/* ---- every size -------------------------------------------------------------------- */

static int by_size(const void *left, const void *right)
{
    const struct duel *a = left, *b = right;
    return (a->n > b->n) - (a->n < b->n);
}

/* A record is sorted by backend: both arms at one size lie far apart. */
static void add_duels(const struct contest *contest, const struct pb_record *record,
                      struct duels *out)
{
    struct duel *all =
        realloc(out->items, (out->count + record->npoints + 1) * sizeof *all);
    if (!all)
        pb_kept_fail("out of memory");
    out->items = all;
    for (size_t i = 0; i < record->npoints; i++)
        for (size_t k = 0; k < record->npoints; k++) {
            const struct pb_point *a = &record->points[i], *b = &record->points[k];
            if (a->n == b->n && !strcmp(a->backend, contest->a) &&
                !strcmp(b->backend, contest->b) && pb_point_counts(a) &&
                pb_point_counts(b))
                out->items[out->count++] = (struct duel){ .n = (double)a->n,
                                                          .a_ns = a->time.ns.estimate,
                                                          .b_ns = b->time.ns.estimate };
        }
}

static double time_lost(const struct duel *duel)
{
    return duel->a_ns - duel->b_ns;
}

/* One size that stalls weighs no more than by its factor. */
static double ratio_lost(const struct duel *duel)
{
    return log(duel->a_ns / duel->b_ns);
}

/* A below the threshold and B above it: between which two sizes is the least lost? NAN:
 * by taking the same everywhere. */
static double threshold(const struct duels *duels, double (*lost)(const struct duel *))
{
    size_t best = 0;
    double loss = 0, least = 0;
    for (size_t k = 0; k < duels->count; k++) {
        loss += lost(&duels->items[k]);
        if (loss < least) {
            least = loss;
            best = k + 1;
        }
    }
    if (best == 0 || best == duels->count)
        return (double)NAN;
    return sqrt(duels->items[best - 1].n * duels->items[best].n);
}

static void read_try(struct contest *contest, const char *folder, struct answer *out)
{
    struct pb_runs runs;
    struct duels duels = { 0 };
    pb_runs_read(folder, &runs);
    *out = (struct answer){ .verdict = "every size" };
    for (size_t i = 0; i < runs.count; i++) {
        out->wall_s += runs.items[i].wall_s;
        pb_runs_note(&contest->facts, &runs.items[i].record);
        add_duels(contest, &runs.items[i].record, &duels);
    }
    if (!duels.count)
        pb_kept_fail("%s: no size with both %s and %s", folder, contest->a, contest->b);
    qsort(duels.items, duels.count, sizeof *duels.items, by_size);
    out->sizes = duels.count;
    out->n.estimate = threshold(&duels, time_lost);
    out->n_by_ratio = threshold(&duels, ratio_lost);
    free(duels.items);
    pb_runs_release(&runs);
}

/* ---- the search -------------------------------------------------------------------- */

static size_t count_sizes(const struct contest *contest, const struct pb_record *record)
{
    size_t count = 0;
    for (size_t i = 0; i < record->npoints; i++)
        count += strcmp(record->points[i].backend, contest->a) == 0;
    return count;
}

static void read_search(struct contest *contest, const char *folder, struct answer *out)
{
    struct pb_runs runs;
    struct pb_crossover_report report;
    struct pb_error err = { "" };
    pb_runs_read(folder, &runs);
    const struct pb_record *record = &runs.items[0].record;
    if (runs.count != 1 || pb_crossover_analyse(record, &report, &err))
        pb_kept_fail("%s: one run was expected%s%s", folder, *err.text ? ": " : "",
                     err.text);
    pb_runs_note(&contest->facts, record);
    *out = (struct answer){ .wall_s = runs.items[0].wall_s,
                            .sizes = count_sizes(contest, record),
                            .n = { .estimate = (double)NAN },
                            .n_by_ratio = (double)NAN,
                            .verdict = "none" };
    for (size_t i = 0; i < report.ncrossovers; i++) {
        const struct pb_crossover *c = &report.crossovers[i];
        if (strcmp(c->from, contest->a) != 0 || strcmp(c->to, contest->b) != 0)
            continue;
        out->verdict = pb_verdict_name(c->verdict);
        out->n = c->n;
    }
    pb_crossover_report_release(&report);
    pb_runs_release(&runs);
}

/* FOLDER/try-1, FOLDER/try-2, .. as far as they go. */
static void read_all(struct contest *contest, const char *way,
                     void (*read)(struct contest *, const char *, struct answer *),
                     struct answers *out)
{
    while (out->count < REPEATS_MOST) {
        char *folder = pb_text_format("%s/%s-%zu", contest->folder, way, out->count + 1);
        if (!folder)
            pb_kept_fail("out of memory");
        const bool is_there = access(folder, R_OK) == 0;
        if (is_there)
            read(contest, folder, &out->items[out->count++]);
        free(folder);
        if (!is_there)
            break;
    }
    if (!out->count)
        pb_kept_fail("%s: no %s-1: make bench-crossover-exhaustive measures it",
                     contest->folder, way);
}

/* ---- the tables -------------------------------------------------------------------- */

static const char *size_text(double n, char *buf, size_t bytes)
{
    if (isnan(n))
        (void)snprintf(buf, bytes, "-");
    else
        pb_units_size(n, buf, bytes);
    return buf;
}

static void print_tries(const struct answers *answers)
{
    char n[32], by_ratio[32];
    for (size_t i = 0; i < answers->count; i++) {
        const struct answer *answer = &answers->items[i];
        printf("| every size | %zu | %.0f s | %s | (least by ratio: %s) |\n",
               answer->sizes, answer->wall_s, size_text(answer->n.estimate, n, sizeof n),
               size_text(answer->n_by_ratio, by_ratio, sizeof by_ratio));
    }
}

static void print_searches(const struct answers *answers)
{
    char n[32], low[32], high[32];
    for (size_t i = 0; i < answers->count; i++) {
        const struct answer *answer = &answers->items[i];
        printf("| search | %zu | %.0f s | ", answer->sizes, answer->wall_s);
        if (isnan(answer->n.estimate))
            printf("- | %s |\n", answer->verdict);
        else
            printf("%s | %s .. %s |\n", size_text(answer->n.estimate, n, sizeof n),
                   size_text(answer->n.low, low, sizeof low),
                   size_text(answer->n.high, high, sizeof high));
    }
}

typedef double number_of(const struct answer *answer);

static double wall_of(const struct answer *answer)
{
    return answer->wall_s;
}

static double n_of(const struct answer *answer)
{
    return answer->n.estimate;
}

static double n_by_ratio_of(const struct answer *answer)
{
    return answer->n_by_ratio;
}

/* A quantile over the repetitions; NAN are left out. */
static double over_all(const struct answers *answers, number_of *number, double q)
{
    double values[REPEATS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < answers->count; i++) {
        const double value = number(&answers->items[i]);
        if (!isnan(value))
            values[count++] = value;
    }
    return pb_quantile(values, count, q);
}

static void print_range(const char *name, const struct answers *answers,
                        number_of *number)
{
    char low[32], high[32];
    printf("| %s | %s .. %s |\n", name,
           size_text(over_all(answers, number, 0), low, sizeof low),
           size_text(over_all(answers, number, 1), high, sizeof high));
}

/* The standard deviation of the logarithm, over those that have a number; NAN: too few to
 * tell. */
static double scatter(const struct answers *answers, number_of *number, size_t *count)
{
    enum { LEAST = 3 };
    double first = (double)NAN, sum = 0, squares = 0;
    *count = 0;
    for (size_t i = 0; i < answers->count; i++) {
        const double x = log(number(&answers->items[i]));
        if (isnan(x))
            continue;
        if (*count == 0)
            first = x; /* equal ones scatter by 0, whatever is rounded */
        sum += x - first;
        squares += (x - first) * (x - first);
        ++*count;
    }
    if (*count < LEAST)
        return (double)NAN;
    const double over = squares - sum * sum / (double)*count;
    return sqrt(fmax(over, 0) / (double)(*count - 1));
}

/* Where the ratios count, one stall moves the threshold less: that one is taken. Both are
 * estimates from a few repetitions, and so is what follows from them. */
static void print_accuracy(const struct contest *contest, double times)
{
    size_t ntries, nsearches;
    const double every = scatter(&contest->tries, n_by_ratio_of, &ntries);
    const double search = scatter(&contest->searches, n_of, &nsearches);
    if (!(every > 0 && search > 0))
        return;
    const double rounds = every / search * (every / search);
    printf("| n\\* of every size, the least in ln t, scatters by (standard deviation; "
           "%zu of %zu repetitions) | %.1f %% |\n",
           ntries, contest->tries.count, 100 * every);
    printf("| n\\* of the search scatters by (%zu of %zu) | %.1f %% |\n", nsearches,
           contest->searches.count, 100 * search);
    printf("| so many rounds of every size scatter, in the mean, as little as a search | "
           "%.1f |\n| which take so many times as long | %.1f |\n",
           rounds, times * rounds);
}

static void print_totals(const struct contest *contest)
{
    const double times = over_all(&contest->tries, wall_of, 0.5) /
                         over_all(&contest->searches, wall_of, 0.5);
    puts("\n| | |\n|:--|:--|");
    print_range("n\\* of every size, over repetitions: the threshold that loses the "
                "least time",
                &contest->tries, n_of);
    print_range("the threshold that loses the least in ln t", &contest->tries,
                n_by_ratio_of);
    print_range("n\\* of the search, over repetitions", &contest->searches, n_of);
    printf(
        "| one round of every size takes so many times as long as the search (medians) "
        "| %.1f |\n"
        "| \"at least 10 times less\", whatever the accuracy | %s |\n",
        times, times >= 10 ? "yes" : "no");
    print_accuracy(contest, times);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        pb_kept_fail("usage: crossover-exhaustive FOLDER A B");
    struct contest contest = { .folder = argv[1], .a = argv[2], .b = argv[3] };
    read_all(&contest, "try", read_try, &contest.tries);
    read_all(&contest, "search", read_search, &contest.searches);
    pb_runs_print(&contest.facts);
    puts("\n\n| way | sizes | wall time | n\\* | its interval |\n"
         "|:--|--:|--:|--:|:--|");
    print_tries(&contest.tries);
    print_searches(&contest.searches);
    print_totals(&contest);
    return 0;
}
