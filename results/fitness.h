/* fitness.h - is a machine fit to measure on? A list of findings, and the verdict that
 * follows from it.
 *
 * A finding says what was seen and how much it matters; what cannot be seen is a finding
 * too, of level unknown, and counts neither way. Findings stand in the order in which one
 * would change things: the first warning is what to mend first.
 *
 * The ids are stable, result files carry them: load, quota, cpus, governor, turbo,
 * throttling, clock_source, smt, gpu_clock, steal, swap, virtual_machine, huge_pages,
 * aslr, numa_balancing (fitness_read.h); clock_resolution; other_work, steal_now,
 * swapping_now, throttling_now (fitness_change.h); jitter (measure/jitter.h); gnuplot and
 * backend_NAME (parbench doctor).
 */
#ifndef PB_RESULTS_FITNESS_H
#define PB_RESULTS_FITNESS_H

#include "results/json.h"
#include "results/record.h"

#include <stddef.h>

enum pb_fitness_level {
    PB_FITNESS_OK,
    PB_FITNESS_NOTE,    /* to bear in mind: it costs precision, or changes the question */
    PB_FITNESS_WARN,    /* times from this machine cannot be trusted as they are */
    PB_FITNESS_UNKNOWN, /* not available here */
    PB_FITNESS_LEVEL_COUNT,
};
/* "ok", "note", "warn", "unknown", NULL: by level. */
extern const char *const pb_fitness_levels[PB_FITNESS_LEVEL_COUNT + 1];

enum pb_fitness_verdict {
    PB_FIT,           /* nothing but ok and unknown */
    PB_FIT_WITH_CARE, /* notes */
    PB_NOT_FIT,       /* warnings */
    PB_FITNESS_VERDICT_COUNT,
};
/* "fit", "care", "unfit". */
const char *pb_fitness_verdict_name(enum pb_fitness_verdict verdict);

struct pb_finding {
    char id[32];
    enum pb_fitness_level level;
    char seen[200];   /* never empty */
    char advice[440]; /* what to do about it; "" where nothing is to be done */
};

#define PB_FITNESS_MAX 48
struct pb_fitness { /* all zero: nothing looked at yet */
    struct pb_finding findings[PB_FITNESS_MAX];
    size_t count;
};

/* Adds a finding without advice; a text too long for its field is cut. */
__attribute__((format(printf, 4, 5))) void pb_fitness_add(struct pb_fitness *fitness,
                                                          const char *id,
                                                          enum pb_fitness_level level,
                                                          const char *format, ...);
/* Sets the advice of the finding added last, unless that is ok: then there is nothing to
 * do. */
__attribute__((format(printf, 2, 3))) void pb_fitness_advise(struct pb_fitness *fitness,
                                                             const char *format, ...);
/* A fact that this machine does not tell. */
void pb_fitness_add_unknown(struct pb_fitness *fitness, const char *id);
/* note from `note` on, warn from `warn` on, else ok. */
enum pb_fitness_level pb_fitness_level_of(double value, double note, double warn);
/* How fine the clock measures: clock_resolution_ns of the machine. */
void pb_fitness_judge_clock(struct pb_fitness *fitness, double resolution_ns);

/* The first of this id, or NULL. */
const struct pb_finding *pb_fitness_find(const struct pb_fitness *fitness,
                                         const char *id);
enum pb_fitness_verdict pb_fitness_judge(const struct pb_fitness *fitness);
/* One line, in buf: "fit to measure", "fit with care: smt, virtual machine", "not fit:
 * load, governor; first: ADVICE". Returns buf. */
const char *pb_fitness_summary(const struct pb_fitness *fitness, char *buf, size_t bytes);
/* An id for people: "virtual machine". Returns buf. */
const char *pb_fitness_title(const char *id, char *buf, size_t bytes);

/* {"verdict": "unfit", "summary": .., "findings": [{"id", "level", "seen", "advice"}]};
 * NULL when out of memory. */
struct pb_json *pb_fitness_encode(const struct pb_fitness *fitness);
/* Replaces the record's facts by these. */
enum pb_status pb_fitness_store(const struct pb_fitness *fitness,
                                struct pb_record *record, struct pb_error *err);

#endif
