/* recommend.h - which backend to take at a size, what it takes, how that is known, and
 * what is lost if it is wrong.
 *
 * Candidates are the curves of one kernel, data type and cache mode, under one setting:
 * where the data is before and after the call. One that may be the fastest is one that no
 * other beats for certain: two intervals that do not overlap are certain, and so is a
 * crossover's word outside its grey zone. Points that failed or gave a wrong result never
 * win, nor does what lies next to them.
 */
#ifndef PB_RESULTS_RECOMMEND_H
#define PB_RESULTS_RECOMMEND_H

#include "results/crossover.h"
#include "results/curves.h"
#include "results/predict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the data of devices and ranks is. Host backends are candidates in all of them. */
struct pb_setting {
    const char *residency; /* "always", "resident", "once"; "host": host backends alone */
    unsigned reuse;        /* calls per move of the data; 1 but for "once" */
};

/* Everything about a slice that does not depend on n. */
struct pb_adviser {
    const struct pb_slice *slice;             /* borrowed */
    const struct pb_crossover_report *report; /* borrowed; of the slice's record */
    struct pb_predictor *predictors;          /* owned; one per curve of the slice */
};
enum pb_status pb_adviser_init(const struct pb_slice *slice,
                               const struct pb_crossover_report *report,
                               struct pb_adviser *out, struct pb_error *err);
void pb_adviser_release(struct pb_adviser *adviser);

/* The settings that the slice has curves for, "always" first and always there; at most
 * `most` are written. Returns their number. Strings are borrowed from the record. */
size_t pb_adviser_settings(const struct pb_adviser *adviser, struct pb_setting *out,
                           size_t most);

struct pb_candidate {
    const struct pb_curve *curve; /* borrowed */
    size_t index;                 /* of the curve in the slice */
    struct pb_prediction time;
    bool may_win;
    bool is_best_host; /* the fastest known of the host backends */
};

struct pb_advice {
    uint64_t n;
    struct pb_setting setting;
    /* Owned; those that may win, then the other known ones, each by time; then
     * the unknown ones. */
    struct pb_candidate *candidates;
    size_t ncandidates;
    size_t nknown;
    size_t nequals; /* how many may win: 0 unknown, 1 certain, more: either */
    /* What candidates[1] costs over [0]: 0.5 is 50 %; NAN: there is no
     * other known one. */
    double runner_up_loss;
    /* Shares of time, NAN where an interval is not known (one round): */
    double worst_loss;  /* what candidates[0] may lose at worst to another */
    double either_loss; /* what any of those that may win may lose at worst */
    /* Borrowed; the crossing whose grey zone holds n, between two of those that may
     * win; NULL: none. */
    const struct pb_crossover *grey;
};

enum pb_status pb_adviser_ask(const struct pb_adviser *adviser,
                              const struct pb_setting *setting, uint64_t n,
                              struct pb_advice *out, struct pb_error *err);
void pb_advice_release(struct pb_advice *advice);

/* The sizes between which something is measured under this setting; false: nothing is. */
bool pb_adviser_range(const struct pb_adviser *adviser, const struct pb_setting *setting,
                      uint64_t *from, uint64_t *to);
/* Does a curve take part under a setting? */
bool pb_setting_holds(const struct pb_setting *setting, const struct pb_curve *curve);

/* The crossing between two curves of the slice, in either direction: `from` the one below
 * n*. A curve of a device or of ranks is compared with the best that the CPU can do.
 * NULL: there is none. */
const struct pb_crossover *pb_adviser_crossing(const struct pb_adviser *adviser,
                                               const struct pb_curve *from,
                                               const struct pb_curve *to);

#endif
