/* history.h - many result files of one machine, over time: where did a point's level
 * change, and with which run?
 *
 * A run is a result file. A series is a point's times over the runs: one identity
 * (pb_point_compare), one machine (CPU and usable cores) and, for devices, one driver.
 * Life cycle: zero-initialise .. pb_history_add for every file .. pb_history_conclude,
 * once .. pb_history_release. Only estimates are kept, so that hundreds of files fit into
 * memory. It judges, it does not gate: there is no verdict "regression" here.
 */
#ifndef PB_RESULTS_HISTORY_H
#define PB_RESULTS_HISTORY_H

#include "results/record.h"
#include "results/steps.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_history_machine {
    char *cpu;         /* owned; NULL unknown */
    unsigned cores;    /* 0 unknown */
    size_t nruns;      /* measured on it */
    size_t newest_run; /* index; set by pb_history_conclude */
};

struct pb_history_run {
    char *file; /* owned; as it was given */
    /* Owned; the record without its points: id, start, version, compiler, machine. */
    struct pb_record facts;
    size_t machine; /* index */
    /* Owned; what else is new with this run on its machine: "git 0a1b2c3 ->
     * 4d5e6f7, compiler gcc 12 -> gcc 13"; NULL: nothing that a file says.
     * Set by pb_history_conclude. */
    char *changed;
    unsigned slower, faster; /* series shown whose level changed with this run */
    /* Of the canaries (results/canary.h) here, shown or not: the machine changed. */
    unsigned canaries;
};

struct pb_history_value {
    size_t run; /* index */
    struct pb_estimate ns;
};

/* In the order of pb_history.shown. */
enum pb_trend {
    PB_TREND_CHANGED,
    PB_TREND_TOO_NEW, /* steady, but for the newest run: the next one will tell */
    PB_TREND_STEADY,
    PB_TREND_TOO_FEW, /* fewer than PB_STEPS_LEAST runs, and more than one */
    PB_TREND_SINGLE,  /* one run or none: never shown */
    PB_TREND_COUNT,
};
const char *pb_trend_name(enum pb_trend trend); /* "changed", "too new", ... */

struct pb_series {
    struct pb_point point; /* owned; its identity only */
    size_t machine;        /* index */
    char *driver;          /* owned; of the point's device; NULL unknown or none */
    struct pb_history_value *values; /* owned; of the runs in which the point counts */
    size_t nvalues, capacity;
    /* Runs that have the point without a time that counts: skipped, failed, wrong. */
    size_t ngaps;
    struct pb_steps steps; /* over values */
    enum pb_trend trend;
    bool has_newest_driver; /* of the series of this point on this machine */
    bool is_judged;         /* steps and trend are set: it is shown, or a canary */
    bool is_shown;
};

struct pb_history {
    struct pb_history_machine *machines; /* owned */
    size_t nmachines;
    struct pb_history_run *runs; /* owned; oldest first once concluded */
    size_t nruns;
    struct pb_series *series; /* owned; by identity, machine, driver */
    size_t nseries;
    double min_change; /* that was used */
    /* Owned array; by machine (the newest run's first), then as enum pb_trend, the
     * largest step first. */
    const struct pb_series **shown;
    size_t nshown;
    size_t nsingle; /* series that would be shown, if they had a second run */
    char **notes;   /* owned; what is left out, and why: sentences without full stop */
    size_t nnotes;
};

struct pb_history_options {
    double min_change; /* smallest step, as ratio - 1 */
    bool all_machines; /* show the series of other machines and drivers too */
    bool (*wants)(const void *context, const struct pb_point *point); /* NULL: all */
    const void *context;
};

/* Takes over *record, which is empty afterwards (but the caller's to release where it
 * fails); `file` is copied. A run that
 * was added before (by its id) is PB_ERR_INPUT, naming both files, and changes nothing.
 * PB_ERR_MEMORY. */
enum pb_status pb_history_add(struct pb_history *history, const char *file,
                              struct pb_record *record, struct pb_error *err);
/* Sorts the runs by their start, and looks for steps in every series to be shown. At
 * least one run. PB_ERR_MEMORY. */
enum pb_status pb_history_conclude(struct pb_history *history,
                                   const struct pb_history_options *options,
                                   struct pb_error *err);
void pb_history_release(struct pb_history *history);

/* The run with which level `level` >= 1 of a concluded series began. */
const struct pb_history_run *pb_history_run_of(const struct pb_history *history,
                                               const struct pb_series *series,
                                               size_t level);
/* The largest step, as |ln ratio|; without one the newest value's; 0: neither. */
double pb_series_magnitude(const struct pb_series *series);

#endif
