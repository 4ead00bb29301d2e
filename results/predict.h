/* predict.h - what a curve takes at a size, measured or not, and how that is known.
 *
 * Between two measured sizes the time is interpolated, and its interval is as wide as the
 * curves that could lie there: the straight line in logarithms, the form of results/fit.h
 * through the neighbours, and what the slopes on both sides would allow. It is as narrow
 * as the measured ones at the measured sizes. Beyond them nobody knows: only 10 % of the
 * size is bridged.
 */
#ifndef PB_RESULTS_PREDICT_H
#define PB_RESULTS_PREDICT_H

#include "results/curves.h"
#include "results/fit.h"
#include "results/record.h"

#include <stdbool.h>
#include <stdint.h>

/* How far beyond the measured sizes a time is extrapolated, as a share of the size. */
#define PB_PREDICT_REACH 0.1

enum pb_knowledge {
    PB_UNKNOWN,
    PB_EXTRAPOLATED, /* at most PB_PREDICT_REACH beyond the sizes measured */
    PB_INTERPOLATED,
    PB_MEASURED,
    PB_KNOWLEDGE_COUNT,
};
const char *pb_knowledge_name(enum pb_knowledge knowledge); /* "measured", ... */

/* Why a time is unknown. */
enum pb_gap {
    PB_GAP_NONE,
    PB_GAP_OUTSIDE, /* too far beyond the sizes measured, or too few of them */
    PB_GAP_BROKEN,  /* here, or at the next size, it was wrong, failed or hung */
    PB_GAP_EMPTY,   /* no point counts */
};

struct pb_prediction {
    enum pb_knowledge knowledge;
    enum pb_gap gap;
    /* NAN: unknown; low and high also where a neighbour has none. */
    struct pb_estimate ns;
    /* The measured sizes that it rests on; both n where measured; both below or above
     * n where extrapolated. */
    uint64_t below, above;
    const struct pb_point *broken; /* borrowed; PB_GAP_BROKEN */
};

/* Everything about a curve that does not depend on n. */
struct pb_predictor {
    const struct pb_curve *curve;  /* borrowed */
    const struct pb_point **known; /* owned array: its points that count, n rising */
    size_t nknown;
    bool has_fit;
    struct pb_fit fit;
};
/* false: out of memory, and nothing to release. */
bool pb_predictor_init(const struct pb_curve *curve, struct pb_predictor *out);
void pb_predictor_release(struct pb_predictor *predictor);

void pb_predict(const struct pb_predictor *predictor, uint64_t n,
                struct pb_prediction *out);

#endif
