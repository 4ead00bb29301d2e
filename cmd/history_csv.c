/* history_csv.c - a history as a table for spreadsheets: RFC 4180, a header line, one
 * line per point with its newest step. What is not known is empty. */
#include "cmd/history_print.h"
#include "cmd/identity.h"

#include <math.h>

static void print_run(const struct pb_history *history,
                      const struct pb_history_value *value, FILE *out)
{
    fputc(',', out);
    pb_csv_text(history->runs[value->run].facts.started, out);
    pb_csv_number(value->ns.estimate, out);
}

static void print_step(const struct pb_history *history, const struct pb_series *series,
                       FILE *out)
{
    const size_t steps = series->steps.nlevels - 1;
    fprintf(out, ",%zu,", steps);
    if (steps == 0) {
        fputs(",,,,,", out);
        return;
    }
    const struct pb_level *level = &series->steps.levels[steps];
    const struct pb_history_run *run = pb_history_run_of(history, series, steps);
    pb_csv_text(run->facts.started, out);
    fputc(',', out);
    pb_csv_text(run->file, out);
    pb_csv_number(level->ratio.estimate, out);
    pb_csv_number(level->ratio.low, out);
    pb_csv_number(level->ratio.high, out);
    pb_csv_number(level->confidence, out);
}

static void print_series(const struct pb_history *history, const struct pb_series *series,
                         FILE *out)
{
    const struct pb_history_machine *machine = &history->machines[series->machine];
    pb_csv_text(pb_trend_name(series->trend), out);
    fputc(',', out);
    pb_identity_to_csv(&series->point, out);
    fputc(',', out);
    pb_csv_text(series->driver, out);
    fputc(',', out);
    pb_csv_text(machine->cpu, out);
    fprintf(out, ",%u,%zu,%zu", machine->cores, series->nvalues, series->ngaps);
    print_run(history, &series->values[0], out);
    print_run(history, &series->values[series->nvalues - 1], out);
    print_step(history, series, out);
    pb_csv_number(series->steps.newest_ratio, out);
    fputs("\r\n", out);
}

enum pb_status pb_history_print_csv(const struct pb_history *history, FILE *out,
                                    struct pb_error *err)
{
    (void)err;
    fputs("trend," PB_IDENTITY_CSV ",driver,cpu,cores,runs,gaps,first_started,first_ns,"
          "last_started,last_ns,steps,step_started,step_file,step_ratio,step_low,"
          "step_high,step_confidence,newest_ratio\r\n",
          out);
    for (size_t i = 0; i < history->nshown; i++)
        print_series(history, history->shown[i], out);
    return PB_OK;
}
