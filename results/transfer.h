/* transfer.h - what moving data costs: predicted from the link, compared with what was
 * measured, and set against what staying with the CPU costs.
 *
 * A call that moves its data takes what a call on resident data takes, and the move:
 *
 *     time(always) = resident + move,  time(once:K) = resident + move / K
 *     move = sum over the arrays, in and out, of what one more transfer costs + its bytes
 *
 * Predictions take the move from the link model (link.h) and `resident` from the file.
 * Break-evens take both from measured times alone. Pure functions of a record, which must
 * be sorted and outlive what is made from it: points are borrowed.
 */
#ifndef PB_RESULTS_TRANSFER_H
#define PB_RESULTS_TRANSFER_H

#include "results/json.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- the fixed cost of a call: what it costs however little is computed and moved -- */

struct pb_fixed_cost {
    const char *host_memory;   /* of the copies; NULL between ranks; borrowed */
    struct pb_estimate launch; /* ns to hand a kernel over; NAN between ranks */
    /* ns more until it is known to have ended; between ranks a barrier. */
    struct pb_estimate synchronise;
    /* ns for the transfers of one move of `like`, if they were empty; NAN where nothing
     * is known of them. */
    struct pb_estimate copies;
    /* Of those that are known: what a call with transfers has to win back. */
    double total_ns;
};

/* For the device or ranks and the arrays of `like`, which moves its data (always, once).
 * false: its link was not measured. */
bool pb_fixed_cost_of(const struct pb_machine *machine, const struct pb_point *like,
                      struct pb_fixed_cost *out);

/* ---- prediction -------------------------------------------------------------------- */

struct pb_transfer_prediction {
    const struct pb_point *point;    /* always or once; it counts */
    const struct pb_point *resident; /* the same with resident data; NULL: not measured */
    double move_ns;                  /* of one move, by the link; NAN unknown */
    double predicted_ns;             /* per call; NAN unknown */
    double error;                    /* predicted / measured - 1; NAN unknown */
    const char *reason; /* why there is no prediction; NULL where there is one */
};

/* ns of one move of the point's data, by the link model; NAN: the link, or what is moved,
 * is not known. */
double pb_move_predict(const struct pb_machine *machine, const struct pb_point *point);

struct pb_transfer_prediction pb_transfer_predict(const struct pb_record *record,
                                                  const struct pb_point *point);

/* ---- break-even of reuse ----------------------------------------------------------- */

enum pb_reuse_verdict {
    PB_REUSE_FROM,  /* wins from so many calls per move on */
    PB_REUSE_NEVER, /* even resident data does not win */
    PB_REUSE_UNMEASURED,
    PB_REUSE_VERDICTS,
};
/* "from", "never", .. */
const char *pb_reuse_verdict_name(enum pb_reuse_verdict verdict);

struct pb_break_even {
    const struct pb_point *always;
    /* NULL: not measured; cpu: the fastest of scalar, simd, openmp and blas. */
    const struct pb_point *resident, *cpu;
    enum pb_reuse_verdict verdict;
    /* The least K that wins; 1: even with every call's own move; NAN: none. */
    double calls;
    /* By the ends of the three intervals. high NAN: perhaps never. low beside
     * PB_REUSE_NEVER: perhaps from so many on; NAN: surely not. */
    double low, high;
};

/* The least K >= 1 with (always - resident) / K + resident < cpu. */
void pb_break_even_solve(const struct pb_estimate *always,
                         const struct pb_estimate *resident,
                         const struct pb_estimate *cpu, struct pb_break_even *out);

/* ---- all of a file ----------------------------------------------------------------- */

struct pb_transfer_report {
    /* Owned; of all points always and once that count, in the record's order. */
    struct pb_transfer_prediction *predictions;
    size_t npredictions;
    struct pb_break_even *break_evens; /* owned; of all points `always` that count */
    size_t nbreak_evens;
    double median_error, worst_error; /* of |error|; NAN: no prediction */
};

enum pb_status pb_transfer_analyse(const struct pb_record *record,
                                   struct pb_transfer_report *out, struct pb_error *err);
void pb_transfer_report_release(struct pb_transfer_report *report);

/* {"links": [..], "predictions": [..], "break_evens": [..]}; NULL when out of memory. */
struct pb_json *pb_transfer_encode(const struct pb_record *record,
                                   const struct pb_transfer_report *report);

#endif
