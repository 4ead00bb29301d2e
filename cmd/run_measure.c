#include "cmd/run_measure.h"

#include "cmd/progress.h"
#include "cmd/run_report.h"
#include "cmd/signals.h"
#include "measure/clock.h"
#include "measure/driver.h"
#include "measure/refine.h"

#include <math.h>

/* What the search gets of a time limit at least: a sweep of one round less tells less
 * than a crossing that was placed. --quick is a look at everything; there it gets
 * what is left. */
#define SEARCH_SHARE 0.4

struct measuring {
    const struct pb_run_options *options;
    const struct pb_rigor *rigor;
    struct pb_record *record, *resumed;
    struct pb_journal *journal;
    struct pb_pool_settings pool;
    struct pb_driver_hooks hooks;
    uint64_t started_ns;
};

/* In one process, or in a job of ranks that others started, there is nobody to take turns
 * with. */
static bool wants_search(const struct measuring *m)
{
    return !m->options->no_refine && !m->options->wish.in_process;
}

static enum pb_status sweep(const struct measuring *m, struct pb_error *err)
{
    const bool shares = wants_search(m) && !m->options->quick;
    const struct pb_driver_settings settings = {
        .pool = m->pool,
        .sampling = m->rigor->sampling,
        .rounds = m->rigor->rounds,
        .time_limit_s = m->rigor->time_limit_s * (shares ? 1 - SEARCH_SHARE : 1),
        .point_timeout_s = m->options->wish.point_timeout_s,
    };
    return pb_driver_run(m->record, m->resumed->npoints ? m->resumed : NULL, &settings,
                         &m->hooks, m->journal, err);
}

static enum pb_status search(const struct measuring *m, struct pb_error *err)
{
    bool is_stopped = false;
    const double left_s = m->rigor->time_limit_s - pb_clock_seconds_since(m->started_ns);
    const struct pb_refine_settings settings = {
        .pool = m->pool,
        .rule = { .precision = m->options->crossover_precision,
                  .most_rounds = pb_seek_rule_default.most_rounds },
        .time_limit_s = left_s,
        .point_timeout_s = m->options->wish.point_timeout_s,
    };
    const enum pb_status status =
        pb_refine_run(m->record, m->resumed->npoints ? m->resumed : NULL, &settings,
                      &m->hooks, m->journal, &is_stopped, err);
    m->record->complete = m->record->complete && !status && !is_stopped;
    return status;
}

enum pb_status pb_run_measure(const struct pb_run_options *options,
                              const struct pb_rigor *rigor, struct pb_record *record,
                              struct pb_record *resumed, struct pb_journal *journal,
                              struct pb_error *err)
{
    struct pb_progress_line line;
    struct measuring m = {
        .options = options,
        .rigor = rigor,
        .record = record,
        .resumed = resumed,
        .journal = journal,
        .pool = pb_wish_pool(&options->wish),
        .hooks = { .context = &line,
                   .progress = pb_progress_show,
                   .note = pb_run_note,
                   .should_stop = pb_signals_stop },
    };
    m.started_ns = pb_clock_now(pb_clock_monotonic());
    pb_progress_begin(&line);
    pb_signals_watch();
    enum pb_status status = sweep(&m, err);
    if (!status && record->complete && wants_search(&m))
        status = search(&m, err);
    pb_progress_clear(&line);
    return status;
}
