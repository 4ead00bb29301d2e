#include "cmd/run_report.h"

#include "cmd/command.h"
#include "cmd/crossover_text.h"
#include "cmd/load.h"
#include "cmd/progress.h"
#include "cmd/terminal.h"
#include "results/crossover.h"
#include "results/units.h"

#include <stdlib.h>
#include <string.h>

struct tally {
    size_t by_outcome[PB_OUTCOME_COUNT];
};

void pb_run_note(void *context, const char *text)
{
    pb_progress_clear(context);
    (void)fprintf(stderr, "parbench: note: %s\n", text);
}

static bool was_asked_for(const struct pb_point *point, const char *kernels)
{
    return pb_load_wants(&(struct pb_load){ .kernels = kernels }, point);
}

static struct tally count_outcomes(const struct pb_record *record, const char *kernels)
{
    struct tally tally = { { 0 } };
    for (size_t i = 0; i < record->npoints; i++) {
        const struct pb_point *p = &record->points[i];
        if (p->status != PB_OUTCOME_OK || was_asked_for(p, kernels))
            tally.by_outcome[p->status]++;
    }
    return tally;
}

/* Points that are not ok, a line per curve and reason: forty sizes of one crash are one
 * finding. */
static void print_not_ok(const struct pb_record *record, FILE *out)
{
    for (size_t i = 0; i < record->npoints; i++) {
        const struct pb_point *p = &record->points[i], *last = i ? p - 1 : NULL;
        if (p->status == PB_OUTCOME_OK)
            continue;
        const char *reason = p->reason ? p->reason : "";
        if (last && last->status == p->status && pb_point_compare_curve(last, p) == 0 &&
            last->reason && strcmp(last->reason, reason) == 0)
            continue;
        char label[160], count[32];
        (void)fprintf(out, "  %s: %s %s n=%s %s: %s\n", pb_outcome_name(p->status),
                      p->kernel, p->dtype,
                      pb_units_count((double)p->n, count, sizeof count),
                      pb_point_label(p, label, sizeof label), reason);
    }
}

static void print_absent(const struct pb_record *record, FILE *out)
{
    for (size_t i = 0; i < record->nabsent; i++)
        (void)fprintf(out, "  absent: %s: %s\n", record->absent[i].backend,
                      record->absent[i].reason);
}

static void print_crossovers(const struct pb_record *record, const char *kernels,
                             FILE *out)
{
    struct pb_crossover_report report;
    struct pb_error err = { "out of memory" };
    struct pb_record shown = *record; /* borrows its points */
    shown.points = malloc((record->npoints + 1) * sizeof *shown.points);
    shown.npoints = 0;
    for (size_t i = 0; shown.points && i < record->npoints; i++)
        if (was_asked_for(&record->points[i], kernels))
            shown.points[shown.npoints++] = record->points[i];
    if (!shown.points || pb_crossover_analyse(&shown, &report, &err)) {
        (void)fprintf(stderr, "parbench run: %s\n", err.text);
    } else {
        pb_crossover_print(&report, &record->machine, out);
        pb_crossover_report_release(&report);
    }
    free(shown.points);
}

static int exit_code(const struct tally *tally)
{
    if (tally->by_outcome[PB_OUTCOME_WRONG] + tally->by_outcome[PB_OUTCOME_FAILED] +
        tally->by_outcome[PB_OUTCOME_TIMEOUT])
        return PB_EXIT_REGRESSION;
    return tally->by_outcome[PB_OUTCOME_OK] ? PB_EXIT_OK : PB_EXIT_INCONCLUSIVE;
}

int pb_run_report(const struct pb_record *record, const char *kernels, const char *file,
                  FILE *out)
{
    const struct tally tally = count_outcomes(record, kernels);
    if (tally.by_outcome[PB_OUTCOME_OK])
        print_crossovers(record, kernels, out);
    (void)fprintf(
        out,
        "\n%zu points ok, %zu wrong, %zu failed, %zu timed out, %zu skipped; %u rounds\n",
        tally.by_outcome[PB_OUTCOME_OK], tally.by_outcome[PB_OUTCOME_WRONG],
        tally.by_outcome[PB_OUTCOME_FAILED], tally.by_outcome[PB_OUTCOME_TIMEOUT],
        tally.by_outcome[PB_OUTCOME_SKIPPED], record->rounds);
    print_not_ok(record, out);
    print_absent(record, out);
    if (file && record->complete)
        (void)fprintf(out, "Result: %s\n", file);
    else if (file)
        (void)fprintf(out,
                      "Not complete: %s holds what was measured; parbench run --resume "
                      "-o %s continues\n",
                      file, file);
    return exit_code(&tally);
}
