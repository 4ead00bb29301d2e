/* seek.h - which sizes to look at next, to find where arm B overtakes arm A.
 *
 * Begins with what a coarse sweep told and asks for looks (results/look.h), one step at a
 * time:
 *   signs    a look at every size of the sweep whose winner is not certain, or several in
 *            fresh rounds where an arm seems to stall
 *   bisect   the middle (in ln n) of the bracket, until it is narrow or too close to tell
 *   window   three sizes around the crossing in fresh rounds, until the part of the
 *            interval of n* that rounds can narrow is as narrow as asked for
 *   doubt    where the winner changes more than once, or the crossing lies where the
 *            sweep was certain of one: the sizes beside the changes in fresh rounds,
 *            which tell a curve that really crosses twice from an arm that stalls, or
 *            that was disturbed during the sweep
 * The number of rounds follows from how wide the interval is, never from where it lies.
 * No clock, no process, no arm: a pure function of what was seen, so that tests drive it
 * with arms of known cost.
 */
#ifndef PB_MEASURE_SEEK_H
#define PB_MEASURE_SEEK_H

#include "results/look.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PB_SEEK_SWEEP_MAX = 64, PB_SEEK_LOOKS_MAX = 512, PB_SEEK_STEP_MAX = 8 };

struct pb_seek_rule {
    /* Of n*: half the width in ln n that rounds leave to chance, e.g. 0.05. */
    double precision;
    unsigned most_rounds; /* of a window, PB_LEVEL_ROUNDS..64 */
};
extern const struct pb_seek_rule pb_seek_rule_default;

struct pb_seek_size {
    uint64_t n;
    char winner;  /* 'a', 'b', or '=' where the sweep cannot tell */
    double width; /* of the wider arm's interval: high / low */
};

enum pb_seek_phase {
    PB_SEEK_SIGNS,
    PB_SEEK_BISECT,
    PB_SEEK_WINDOW,
    PB_SEEK_DOUBT,
    PB_SEEK_DONE
};

struct pb_seek {
    struct pb_seek_rule rule;
    enum pb_seek_phase phase;
    struct pb_seek_size sweep[PB_SEEK_SWEEP_MAX]; /* n rising */
    size_t nsweep;
    struct pb_look looks[PB_SEEK_LOOKS_MAX];
    size_t nlooks;
    unsigned signs_rounds; /* asked for so far */
    uint64_t low, high;    /* A wins at low, B at high; where phase is BISECT or WINDOW */
    uint64_t window[3];    /* rising */
    unsigned window_round; /* the first of this window */
    unsigned widened;      /* how often */
    unsigned doubt_round;  /* the first of the phase; 0: there was none */
    bool is_reached;       /* once DONE: the precision was */
};

/* What to measure next: these sizes, in this round. */
struct pb_seek_step {
    uint64_t n[PB_SEEK_STEP_MAX];
    size_t count;
    unsigned round; /* a number not seen before means: fresh processes */
};

/* sweep: n rising, at most PB_SEEK_SWEEP_MAX (what is beyond is not looked at). */
void pb_seek_begin(struct pb_seek *seek, const struct pb_seek_size *sweep, size_t count,
                   const struct pb_seek_rule *rule);
/* false: there is nothing more to ask. */
bool pb_seek_next(struct pb_seek *seek, struct pb_seek_step *out);
/* What the step found, look by look; one that could not be measured is left out. */
void pb_seek_add(struct pb_seek *seek, const struct pb_look *look);

/* Half the width in ln n of what is left to chance by now: of the level, or of the
 * bracket; INFINITY where there is neither. For sharing out time. */
double pb_seek_width(const struct pb_seek *seek);

#endif
