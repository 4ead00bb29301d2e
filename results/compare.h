/* compare.h - two result files, point by point: slower, faster, the same, or unresolved.
 *
 * Paired where the records name each other (record.paired_with): `parbench ab` measured
 * them in turn, pair by pair; results/gate.h decides. Otherwise unpaired: two sessions on
 * one machine, with less trust and a wider threshold, and only where what must match
 * does. One model; how it is printed is for cmd/compare_*.c. Both records must be sorted
 * (pb_record_sort; files read by pb_record_read are not), and outlive the comparison,
 * which borrows their points.
 */
#ifndef PB_RESULTS_COMPARE_H
#define PB_RESULTS_COMPARE_H

#include "results/gate.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_compare_options {
    /* Smallest change that counts, as ratio - 1; NAN: 3 % paired, 10 % unpaired. */
    double threshold;
    bool is_strict;      /* unresolved and lost points are inconclusive */
    bool require_paired; /* no unpaired comparison */
    /* Which points the comparison speaks of; NULL: all. They are judged with all others
     * all the same: who is suspect was settled among all points of the session. */
    bool (*wants)(const void *context, const struct pb_point *point);
    const void *context;
};

enum pb_compare_mode { PB_COMPARE_PAIRED, PB_COMPARE_UNPAIRED };

enum pb_row_kind {
    PB_ROW_JUDGED, /* ok in both: `change` is the verdict */
    PB_ROW_BROKEN, /* was ok, and is now wrong, failed or timed out: a regression */
    PB_ROW_LOST,   /* was ok, and was now skipped */
    PB_ROW_MENDED, /* was not ok, and is now */
    PB_ROW_NOT_OK, /* ok in neither */
};

struct pb_row {                                   /* a point that both files have */
    const struct pb_point *old_point, *new_point; /* borrowed */
    enum pb_row_kind kind;
    enum pb_change change; /* PB_ROW_JUDGED; otherwise PB_CHANGE_UNRESOLVED */
    bool is_small;         /* SAME: a real change, below the threshold */
    bool is_control;
    struct pb_estimate ratio; /* new time / old time: above 1 is slower; NAN unknown */
    double confidence;        /* of ratio.low..high */
    /* Adjusted for all points, towards the estimate; NAN not tested. */
    double p;
    /* Smallest change of the ratio that would very likely have been seen: 0.04 is
     * 4 %; NAN unknown. */
    double detectable;
    size_t pairs;          /* used; unpaired: invocations of the smaller side */
    size_t dropped;        /* pairs of unequal batch or number of samples */
    double lag1, position; /* as pb_pair_summary; NAN unpaired */
    double old_ns, new_ns; /* estimates of each side; NAN unknown */
    char *next;            /* owned; what to do, in plain words, or NULL: nothing */
};

enum pb_crossing_change {
    PB_CROSSING_MOVED,    /* its interval does not meet the old one */
    PB_CROSSING_APPEARED, /* the old file has another verdict, without a crossing */
    PB_CROSSING_GONE,
};

struct pb_crossing { /* a crossover that is not where it was; information only */
    enum pb_crossing_change change;
    char *kernel, *dtype, *cache, *from_label, *to_label; /* owned */
    char *old_text, *new_text; /* owned: "n = 20.1 Ki [16 Ki .. 32 Ki]", or the verdict */
    struct pb_estimate old_n, new_n; /* NAN: no crossing */
};

enum pb_compare_result {
    PB_COMPARE_PASS,
    PB_COMPARE_REGRESSION,
    PB_COMPARE_INCONCLUSIVE
};

struct pb_compare_tally {
    size_t slower, faster, same, unresolved; /* judged */
    size_t broken, lost, mended, not_ok, only_old, only_new;
};

struct pb_comparison {
    enum pb_compare_mode mode;
    double threshold; /* that was used */
    /* Owned; worst first: broken, slower by ratio, unresolved, lost, faster, same,
     * mended, not ok; then in the file's order. */
    struct pb_row *rows;
    size_t nrows;
    const struct pb_point **only_old, **only_new; /* owned arrays of borrowed points */
    struct pb_compare_tally tally;
    /* Geometric mean of the ratios of the judged points; the limits, paired only, from
     * the means of the pairs. */
    struct pb_estimate suite;
    struct pb_crossing *crossings; /* owned */
    size_t ncrossings;
    char **warnings; /* owned; each a sentence without full stop */
    size_t nwarnings;
    enum pb_compare_result result;
    char *reason; /* owned; why, in one sentence without full stop */
    const struct pb_record *old_record, *new_record; /* borrowed */
};

/* NAN threshold, not strict, unpaired allowed. */
extern const struct pb_compare_options pb_compare_defaults;

/* Compares. PB_OK also where the result is inconclusive: two machines, nothing in common.
 * PB_ERR_MEMORY. */
enum pb_status pb_compare(const struct pb_record *old_record,
                          const struct pb_record *new_record,
                          const struct pb_compare_options *options,
                          struct pb_comparison *out, struct pb_error *err);
void pb_comparison_release(struct pb_comparison *comparison);

/* For the driver of a paired session: stage 1 so far. out has one entry per point of
 * old_record, in its order; a point that new_record lacks, or that is not ok in both, is
 * PB_SCREEN_NONE. Measure on while an entry wants more pairs (closed and NONE never do),
 * then keep the number of rounds in screen_pairs of both records, and give the suspects
 * and two controls confirm_pairs fresh rounds. */
enum pb_status pb_compare_screen(const struct pb_record *old_record,
                                 const struct pb_record *new_record,
                                 const struct pb_compare_options *options,
                                 struct pb_screen *out, struct pb_error *err);

/* Are the two records one session: does each name the other's id? */
bool pb_compare_is_paired(const struct pb_record *old_record,
                          const struct pb_record *new_record);

const char *pb_change_name(enum pb_change change);    /* "slower", "same", ... */
const char *pb_row_verdict(const struct pb_row *row); /* that, or "broken", "lost", ... */

#endif
