/* summary.c - what came of the sessions in a folder, as a Markdown table on standard
 * output: how they ended, what was found, how noisy it was.
 *
 *   gate-summary FOLDER
 */
#include "results/canary.h"
#include "results/compare.h"
#include "results/stats.h"
#include "tests/evidence/binomial.h"
#include "tests/evidence/kept.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers of which the quantiles are wanted ------------------------------------- */

struct numbers {
    double *values; /* owned */
    size_t count, capacity;
};

static void add_number(struct numbers *numbers, double value)
{
    if (numbers->count == numbers->capacity) {
        numbers->capacity = 2 * numbers->capacity + 64;
        numbers->values =
            realloc(numbers->values, numbers->capacity * sizeof *numbers->values);
        if (!numbers->values)
            pb_kept_fail("out of memory");
    }
    numbers->values[numbers->count++] = value;
}

static double quantile(const struct numbers *numbers, double q)
{
    return pb_quantile(numbers->values, numbers->count, q);
}

/* ---- the tally --------------------------------------------------------------------- */

enum { EXITS = 4 };

/* Where the planted point's pairs scatter by so much, in percent, or less. */
static const double bands[] = { 0.5, 2.5, 3, 1e9 };
#define BANDS (sizeof bands / sizeof bands[0])

struct tally {
    size_t sessions, exits[EXITS], same_end, with_files;
    size_t rows, slower, faster, unresolved, intervals, covered; /* points */
    size_t planted, found, others;                               /* sessions */
    size_t band_planted[BANDS], band_found[BANDS];
    struct numbers wall_s, pairs, sd_percent, planted_percent;
    char machine[256], first[32], last[32];
};

/* Standard deviation of the d of one point; NAN below two pairs. */
static double deviation(const struct pb_pairs *pairs, size_t row)
{
    double sum = 0, squares = 0, count = 0;
    for (size_t i = 0; i < pairs->npairs; i++)
        if (!isnan(pairs->d[row * pairs->npairs + i])) {
            sum += pairs->d[row * pairs->npairs + i];
            count++;
        }
    for (size_t i = 0; i < pairs->npairs; i++)
        if (!isnan(pairs->d[row * pairs->npairs + i]))
            squares += pow(pairs->d[row * pairs->npairs + i] - sum / count, 2);
    return count > 1 ? sqrt(squares / (count - 1)) : (double)NAN;
}

/* Of the points of a session, in percent; the planted one's is returned, or NAN. */
static double count_spread(const struct pb_kept *kept, struct tally *tally)
{
    struct pb_kept_points points;
    struct pb_pairs pairs;
    double planted = (double)NAN;
    pb_kept_match(&kept->old_record, &kept->new_record, &points);
    if (pb_pairs_collect(points.old_points, points.new_points, points.count, &pairs,
                         NULL))
        pb_kept_fail("out of memory");
    for (size_t i = 0; i < points.count; i++) {
        const double sd_percent = 100 * deviation(&pairs, i);
        if (!isnan(sd_percent))
            add_number(&tally->sd_percent, sd_percent);
        if (pb_kept_is_planted(kept, points.old_points[i]))
            planted = sd_percent;
    }
    pb_pairs_release(&pairs);
    pb_kept_points_release(&points);
    return planted;
}

/* What the point's change really is, as a log ratio. */
static double truth_of(const struct pb_kept *kept, bool is_planted)
{
    const char *share = strchr(kept->planted, ':');
    return is_planted && share ? log1p(strtod(share + 1, NULL)) : 0;
}

static void count_row(const struct pb_kept *kept, const struct pb_row *row,
                      struct tally *tally)
{
    const bool is_planted = pb_kept_is_planted(kept, row->old_point);
    const double truth = truth_of(kept, is_planted);
    tally->rows++;
    tally->slower += row->change == PB_CHANGE_SLOWER;
    tally->faster += row->change == PB_CHANGE_FASTER;
    tally->unresolved += row->change == PB_CHANGE_UNRESOLVED;
    add_number(&tally->pairs, (double)row->pairs);
    if (is_planted && !isnan(row->ratio.estimate))
        add_number(&tally->planted_percent, 100 * (row->ratio.estimate - 1));
    if (isnan(row->ratio.low) || isnan(row->ratio.high))
        return;
    tally->intervals++;
    tally->covered += log(row->ratio.low) <= truth && truth <= log(row->ratio.high);
}

static void count_planted(double sd_percent, bool is_found, struct tally *tally)
{
    size_t band = 0;
    while (band + 1 < BANDS && !(sd_percent <= bands[band]))
        band++;
    tally->planted++;
    tally->found += is_found;
    tally->band_planted[band]++;
    tally->band_found[band] += is_found;
}

static void count_verdicts(const struct pb_kept *kept, const struct pb_comparison *c,
                           struct tally *tally)
{
    bool is_found = false, is_other = false, has_point = false;
    for (size_t i = 0; i < c->nrows; i++) {
        const struct pb_row *row = &c->rows[i];
        const bool is_planted = pb_kept_is_planted(kept, row->old_point);
        has_point |= is_planted;
        if (row->kind != PB_ROW_JUDGED || pb_is_canary(row->old_point))
            continue;
        const bool is_slower =
            row->change == PB_CHANGE_SLOWER && c->result == PB_COMPARE_REGRESSION;
        is_found |= is_slower && is_planted;
        is_other |= is_slower && !is_planted;
        count_row(kept, row, tally);
    }
    tally->others += is_other;
    const double sd_percent = count_spread(kept, tally);
    if (!kept->planted[0])
        return;
    if (!has_point)
        pb_kept_fail("%s: no point of that name in the session", kept->planted);
    count_planted(sd_percent, is_found, tally);
}

static void count_facts(const struct pb_record *record, struct tally *tally)
{
    const char *started = record->started ? record->started : "";
    char machine[sizeof tally->machine];
    (void)snprintf(machine, sizeof machine, "%s, %u cores",
                   record->machine.cpu ? record->machine.cpu : "unknown",
                   record->machine.cores);
    if (tally->machine[0] && strcmp(tally->machine, machine) != 0)
        pb_kept_fail("sessions of two machines: %s; %s", tally->machine, machine);
    memcpy(tally->machine, machine, sizeof machine);
    if (!tally->first[0] || strcmp(started, tally->first) < 0)
        (void)snprintf(tally->first, sizeof tally->first, "%.10s", started);
    if (strcmp(started, tally->last) > 0)
        (void)snprintf(tally->last, sizeof tally->last, "%.10s", started);
}

static void count_session(const struct pb_kept *kept, struct tally *tally)
{
    struct pb_comparison comparison;
    struct pb_error err = { "" };
    if (kept->exit_code < 0 || kept->exit_code >= EXITS)
        pb_kept_fail("a session ended with status %d", kept->exit_code);
    tally->sessions++;
    tally->exits[kept->exit_code]++;
    add_number(&tally->wall_s, kept->wall_s);
    if (!kept->has_records)
        return;
    if (pb_compare(&kept->old_record, &kept->new_record, &pb_compare_defaults,
                   &comparison, &err))
        pb_kept_fail("%s", err.text);
    static const int codes[] = {
        [PB_COMPARE_PASS] = 0, [PB_COMPARE_REGRESSION] = 1, [PB_COMPARE_INCONCLUSIVE] = 3
    };
    tally->with_files++;
    tally->same_end += codes[comparison.result] == kept->exit_code;
    count_facts(&kept->old_record, tally);
    count_verdicts(kept, &comparison, tally);
    pb_comparison_release(&comparison);
}

/* ---- the table --------------------------------------------------------------------- */

static void print_rate(const char *name, size_t count, size_t of)
{
    char buf[80];
    printf("| %s | %s |\n", name, pb_rate_text(count, of, buf, sizeof buf));
}

static void print_planted(const struct tally *t)
{
    char name[80];
    print_rate("planted slow-down found", t->found, t->planted);
    for (size_t i = 0; i < BANDS; i++) {
        if (i == 0)
            (void)snprintf(name, sizeof name, "where its pairs' sd is at most %.1f %%",
                           bands[i]);
        else if (i + 1 < BANDS)
            (void)snprintf(name, sizeof name, "%.1f to %.1f %%", bands[i - 1], bands[i]);
        else
            (void)snprintf(name, sizeof name, "above %.1f %%", bands[i - 1]);
        if (t->band_planted[i])
            print_rate(name, t->band_found[i], t->band_planted[i]);
    }
    print_rate("sessions with another point called slower", t->others, t->planted);
    printf("| its estimate: median, 5 %% .. 95 %% of sessions | %+.1f %%, %+.1f .. %+.1f "
           "%% |\n",
           quantile(&t->planted_percent, 0.5), quantile(&t->planted_percent, 0.05),
           quantile(&t->planted_percent, 0.95));
}

static void print_table(const struct tally *t)
{
    puts("| | |\n|:--|:--|");
    printf("| machine | %s |\n", t->machine);
    printf("| measured | %s%s%s |\n", t->first, strcmp(t->first, t->last) ? " .. " : "",
           strcmp(t->first, t->last) ? t->last : "");
    print_rate("sessions that end with 0: no regression", t->exits[0], t->sessions);
    print_rate("with 1: a regression", t->exits[1], t->sessions);
    print_rate("with 3: cannot tell", t->exits[3], t->sessions);
    print_rate("with 2: could not be measured", t->exits[2], t->sessions);
    if (t->planted)
        print_planted(t);
    print_rate("points called slower", t->slower, t->rows);
    print_rate("points called faster", t->faster, t->rows);
    print_rate("points unresolved", t->unresolved, t->rows);
    print_rate("intervals that cover the truth", t->covered, t->intervals);
    print_rate("compare, from the files, ends as ab did", t->same_end, t->with_files);
    printf("| sd of a point's pairs: median, 90 %%, largest | %.2f %%, %.2f %%, %.2f %% "
           "|\n",
           quantile(&t->sd_percent, 0.5), quantile(&t->sd_percent, 0.9),
           quantile(&t->sd_percent, 1));
    printf("| pairs of a point: median, most | %.0f, %.0f |\n", quantile(&t->pairs, 0.5),
           quantile(&t->pairs, 1));
    printf("| wall time: median, longest | %.1f s, %.1f s |\n", quantile(&t->wall_s, 0.5),
           quantile(&t->wall_s, 1));
}

int main(int argc, char **argv)
{
    struct pb_kept_folder folder;
    struct tally tally = { 0 };
    if (argc != 2)
        pb_kept_fail("usage: gate-summary FOLDER");
    pb_kept_open(argv[1], &folder);
    for (size_t i = 0; i < folder.count; i++) {
        struct pb_kept kept;
        pb_kept_read(&folder, i, &kept);
        count_session(&kept, &tally);
        pb_kept_release(&kept);
    }
    print_table(&tally);
    pb_kept_close(&folder);
    free(tally.wall_s.values);
    free(tally.pairs.values);
    free(tally.sd_percent.values);
    free(tally.planted_percent.values);
    return 0;
}
