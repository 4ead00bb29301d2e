/* bouts.h - what a record holds of two arms measured in turn: its invocations with a
 * bout.
 */
#ifndef PB_RESULTS_BOUTS_H
#define PB_RESULTS_BOUTS_H

#include "results/curves.h"
#include "results/look.h"

struct pb_looks {
    struct pb_look *items; /* owned */
    size_t count;
};
void pb_looks_release(struct pb_looks *looks);

/* What the guard (invocation.guards_ns) may take on each arm's workers for a pair of
 * samples to count as undisturbed; INFINITY where there is none. */
struct pb_quiet {
    double a_ns, b_ns;
};
/* From all guards of an arm: the quickest fiftieth of the moments is taken to be
 * undisturbed, and what takes at most PB_QUIET_SLACK as long as they do likewise. That
 * lets steps of the frequency pass, which both arms share, and not a neighbour on the
 * same physical core, which they do not (a tenth to a half longer). Few moments are quiet
 * on all cores of a team at once: a tenth would hold disturbed ones already. */
#define PB_QUIET_SHARE 0.02
#define PB_QUIET_SLACK 1.12
/* For the workers of `like` (its backend and their number: the guard is the same code
 * whatever is measured), from all that the record holds of them. */
double pb_quiet_limit(const struct pb_record *record, const struct pb_point *like);
/* Keeps the limit in every point that has bouts, before the record is narrowed: what is
 * quiet must not depend on which kernels are asked for. */
void pb_quiet_keep(struct pb_record *record);

/* A look needs so many undisturbed pairs; with fewer it takes all that there are. */
#define PB_QUIET_PAIRS 5

/* The look at A against B in `round`, from the bouts of both points' invocations: all
 * undisturbed pairs of samples, of several bouts too. false: no bout. */
bool pb_bouts_look(const struct pb_point *a, const struct pb_point *b, unsigned round,
                   const struct pb_quiet *quiet, struct pb_look *out);

/* Every look at A against B, by n and round. */
enum pb_status pb_bouts_collect(const struct pb_record *record, const struct pb_curve *a,
                                const struct pb_curve *b, struct pb_looks *out,
                                struct pb_error *err);

/* Was the point measured by the search for a crossing alone? Then it stands between the
 * sizes of the sweep, where not all arms were measured. */
bool pb_bouts_only(const struct pb_point *point);

/* 1 beyond the last bout of the record. */
unsigned pb_bouts_next(const struct pb_record *record);

#endif
