/* potts.h - a series as pieces of constant level: the weighted L1 Potts functional.
 *
 * For a penalty gamma the pieces that minimise gamma * jumps + sum w_i |y_i - mu_piece|,
 * found exactly by dynamic programming. A piece has two values or more: a single value
 * that is off has its place in the piece around it, where it costs what it costs. The
 * numbers behind results/steps.h, which says what they are for. Life cycle: open ..
 * release; values and weights are borrowed in between. Not thread-safe: solving uses
 * scratch memory inside.
 */
#ifndef PB_RESULTS_POTTS_H
#define PB_RESULTS_POTTS_H

#include "measure/error.h"

#include <stddef.h>

struct pb_potts {
    const double *values, *weights; /* borrowed; finite, and positive */
    size_t count;                   /* at least 1 */
    size_t *order;                  /* owned; indices, values rising */
    double *distances;              /* owned; of every piece: see pb_potts_distance */
    double *best;                   /* owned; scratch, count + 1 */
    size_t *starts;                 /* owned; scratch, count */
};

struct pb_potts_piece {
    double median;   /* weighted; between two values where both halves weigh the same */
    double distance; /* sum w |y - median| */
};

/* Sets all but values, weights and count, which the caller has. Time and memory: count
 * squared. PB_ERR_MEMORY. */
enum pb_status pb_potts_open(struct pb_potts *potts, struct pb_error *err);
void pb_potts_release(struct pb_potts *potts); /* accepts a zeroed one */

/* The piece of values [first, first + count). */
struct pb_potts_piece pb_potts_piece(const struct pb_potts *potts, size_t first,
                                     size_t count);
/* Its distance alone, from the table. */
double pb_potts_distance(const struct pb_potts *potts, size_t first, size_t count);

/* The best pieces for gamma > 0: writes the end (exclusive) of each to ends, which has
 * room for count, and returns their number. A series of one value is one piece. */
size_t pb_potts_solve(struct pb_potts *potts, double gamma, size_t *ends);

/* The best pieces for the gamma, searched by golden section, whose solution has the least
 * information criterion 4 ln(n)/n * pieces + ln(floor + S/n). S is what remains of the
 * residuals when each is expected to be rho times the one before it, with the rho that
 * leaves the least: noise that hangs together needs no pieces to explain it. floor: the
 * least residual that means anything. Writes as pb_potts_solve does. PB_ERR_MEMORY. */
enum pb_status pb_potts_choose(struct pb_potts *potts, double floor, size_t *ends,
                               size_t *pieces, struct pb_error *err);

#endif
