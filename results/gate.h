/* gate.h - the paired decision: screen all points, confirm the suspects on fresh pairs.
 *
 * Pure functions of the log ratios, so that tests/simulate/gate.c can put them through
 * thousands of sessions. Stage 1 is the columns whose round is below screen_rounds, stage
 * 2 the others. docs/measuring.md says why; docs/evidence/gate.md what it reaches.
 */
#ifndef PB_RESULTS_GATE_H
#define PB_RESULTS_GATE_H

#include "results/paired.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_gate_rule {
    double threshold;     /* delta, as a ratio - 1: 0.03 */
    double screen_level;  /* stage 1: a suspect's adjusted p is at most this */
    double confirm_level; /* stage 2: likewise, over the suspects */
    double single_level;  /* of a session without stages; of a control, to be a veto */
    double target;        /* the change that must not be missed: 0.05 */
    double margin;        /* on the spread, when pairs are planned */
    size_t close_pairs;   /* all within the threshold: closed as the same; 0: none */
    size_t screen_pairs;  /* of stage 1 at least */
    size_t confirm_pairs; /* of stage 2 at least */
    size_t most_pairs;    /* of a stage, however noisy */
    size_t most_flips;    /* of a test; 0: as results/flips.h says */
};
extern const struct pb_gate_rule pb_gate_rule_default;

enum pb_screen_state {
    PB_SCREEN_NONE, /* no pairs that can be used */
    /* The first close_pairs all lie within the threshold: the same. Needs
     * no more pairs. */
    PB_SCREEN_CLOSED,
    PB_SCREEN_CLEAR,   /* not suspect */
    PB_SCREEN_SUSPECT, /* looks slower or faster: to be confirmed on fresh pairs */
};

struct pb_screen { /* of one point */
    enum pb_screen_state state;
    size_t pairs; /* that stage 1 has */
    /* More pairs that stage 1 should have; 0: enough. Known from |d| alone: asking again
     * after more pairs is no second look. */
    size_t wanted;
    /* That stage 2 should have, should this be a suspect. All of stage 2 takes the most
     * that a suspect wants. */
    size_t confirm_pairs;
    double p; /* the smaller of p_slower and p_faster; NAN where not tested */
};

/* What stage 1 knows without a look at the signs, over the first `columns` columns: all
 * of struct pb_screen but the suspects and p. out has one entry per row. */
void pb_gate_plan(const struct pb_pairs *pairs, size_t columns,
                  const struct pb_gate_rule *rule, struct pb_screen *out);
/* Stage 1 over the first `columns` columns; out has one entry per row. */
enum pb_status pb_gate_screen(const struct pb_pairs *pairs, size_t columns,
                              const struct pb_gate_rule *rule, struct pb_screen *out,
                              struct pb_error *err);

enum pb_change {
    PB_CHANGE_SLOWER,
    PB_CHANGE_UNRESOLVED, /* cannot tell: too few pairs for the noise */
    PB_CHANGE_FASTER,
    PB_CHANGE_SAME, /* within the threshold, or precise enough to have shown `target` */
};

struct pb_gate_verdict { /* of one point */
    enum pb_change change;
    enum pb_screen_state screen;
    bool is_control;            /* not suspect, but measured again in stage 2 */
    bool is_small;              /* real, but below the threshold: SAME */
    bool is_pending;            /* suspect, but stage 2 has no pairs of it */
    struct pb_pair_summary all; /* both stages */
    /* Of the last stage that judged it, towards its median; NAN: not tested. */
    double p;
    /* Change of the ratio that would very likely have been seen; NAN unknown. */
    double detectable;
    size_t needed; /* UNRESOLVED: pairs in all that should tell; 0: unknown */
};

struct pb_gate_session {
    size_t screen_columns; /* columns of stage 1 */
    bool has_stages;       /* false: all pairs judged at once, at single_level */
    bool control_tripped;  /* a control looks changed too: the session proves nothing */
};

/* screen_rounds 0: no stages. out has one entry per row. */
enum pb_status pb_gate_decide(const struct pb_pairs *pairs, unsigned screen_rounds,
                              const struct pb_gate_rule *rule,
                              struct pb_gate_verdict *out,
                              struct pb_gate_session *session, struct pb_error *err);

#endif
