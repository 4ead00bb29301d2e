#include "results/gate.h"

#include "results/flips.h"

#include <math.h>
#include <stdlib.h>

/* Where the numbers come from: docs/evidence/gate.md, by simulation of the whole rule
 * (make bench-gate-sim). */
const struct pb_gate_rule pb_gate_rule_default = {
    .threshold = 0.03,
    .screen_level = 0.20,
    .confirm_level = 0.05,
    .single_level = 0.01,
    .target = 0.05,
    .margin = 1.25, /* a dozen |d| show too small a spread as often as too large a one */
    .close_pairs = 6,
    .screen_pairs = 12,
    .confirm_pairs = 12,
    .most_pairs = 24,
};

/* A family of rows with room for their results. */
struct family {
    size_t *rows;                   /* owned */
    struct pb_flip_result *results; /* owned */
    size_t count;
    size_t most_flips;
};

static void release_family(struct family *family)
{
    free(family->rows);
    free(family->results);
}

/* false: out of memory, and nothing to release. */
static bool new_family(size_t npoints, const struct pb_gate_rule *rule,
                       struct family *out)
{
    *out = (struct family){ .rows = calloc(npoints + 1, sizeof *out->rows),
                            .results = calloc(npoints + 1, sizeof *out->results),
                            .most_flips = rule->most_flips };
    if (out->rows && out->results)
        return true;
    release_family(out);
    return false;
}

static enum pb_status out_of_memory(size_t npoints, struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory for a test of %zu points", npoints);
}

static enum pb_status test_columns(const struct pb_pairs *pairs, struct family *family,
                                   size_t begin, size_t end, struct pb_error *err)
{
    const struct pb_flip_family flips = { .pairs = pairs,
                                          .rows = family->rows,
                                          .nrows = family->count,
                                          .begin = begin,
                                          .end = end,
                                          .most_flips = family->most_flips };
    return pb_flip_test(&flips, family->results, err);
}

/* ---- stage 1 ----------------------------------------------------------------------- */

/* Do the first close_pairs pairs all lie within the threshold? Never for 0. Their order
 * in time, not the columns, counts: a pair may have been dropped. */
static bool is_closed(const struct pb_pairs *pairs, size_t row, size_t columns,
                      const struct pb_gate_rule *rule)
{
    const double limit = log1p(rule->threshold), *d = pairs->d + row * pairs->npairs;
    size_t count = 0;
    for (size_t column = 0; column < columns && count < rule->close_pairs; column++) {
        if (isnan(d[column]))
            continue;
        if (fabs(d[column]) > limit)
            return false;
        count++;
    }
    return count > 0 && count == rule->close_pairs;
}

/* Pairs that a stage should have for a point of this spread. */
static size_t pairs_for(double spread, size_t least, const struct pb_gate_rule *rule)
{
    const size_t needed = pb_pairs_needed(spread, log1p(rule->target));
    return needed > rule->most_pairs ? rule->most_pairs : needed < least ? least : needed;
}

static void plan_pairs(const struct pb_pairs *pairs, struct pb_pair_range range,
                       const struct pb_gate_rule *rule, struct pb_screen *out)
{
    const double spread = rule->margin * pb_pairs_spread(pairs, range);
    const size_t wanted = pairs_for(spread, rule->screen_pairs, rule);
    out->confirm_pairs = pairs_for(spread, rule->confirm_pairs, rule);
    if (out->state == PB_SCREEN_CLEAR)
        out->wanted = wanted > out->pairs ? wanted - out->pairs : 0;
}

static enum pb_screen_state judge_screen(const struct pb_flip_result *test, double median,
                                         const struct pb_gate_rule *rule, double *p)
{
    *p = median < 0.0 ? test->p_faster : test->p_slower;
    const bool is_large = fabs(median) >= log1p(rule->threshold / 2.0);
    return is_large && *p <= rule->screen_level ? PB_SCREEN_SUSPECT : PB_SCREEN_CLEAR;
}

void pb_gate_plan(const struct pb_pairs *pairs, size_t columns,
                  const struct pb_gate_rule *rule, struct pb_screen *out)
{
    for (size_t row = 0; row < pairs->npoints; row++) {
        const struct pb_pair_range range = { row, 0, columns };
        out[row] = (struct pb_screen){ .state = PB_SCREEN_CLEAR,
                                       .pairs = pb_pairs_count(pairs, range),
                                       .p = (double)NAN };
        if (out[row].pairs == 0)
            out[row].state = PB_SCREEN_NONE;
        else if (is_closed(pairs, row, columns, rule))
            out[row].state = PB_SCREEN_CLOSED;
        plan_pairs(pairs, range, rule, &out[row]);
    }
}

enum pb_status pb_gate_screen(const struct pb_pairs *pairs, size_t columns,
                              const struct pb_gate_rule *rule, struct pb_screen *out,
                              struct pb_error *err)
{
    struct family family;
    if (!new_family(pairs->npoints, rule, &family))
        return out_of_memory(pairs->npoints, err);
    pb_gate_plan(pairs, columns, rule, out);
    for (size_t row = 0; row < pairs->npoints; row++)
        if (out[row].state == PB_SCREEN_CLEAR)
            family.rows[family.count++] = row;
    const enum pb_status status = test_columns(pairs, &family, 0, columns, err);
    for (size_t i = 0; !status && i < family.count; i++) {
        const size_t row = family.rows[i];
        const struct pb_pair_range range = { row, 0, columns };
        out[row].state = judge_screen(&family.results[i], pb_pairs_median(pairs, range),
                                      rule, &out[row].p);
    }
    release_family(&family);
    return status;
}

/* ---- both stages ------------------------------------------------------------------- */

/* Are low and high within limit of 0? Not where they are unknown. */
static bool is_within(const struct pb_estimate *log_ratio, double limit)
{
    return log_ratio->low >= -limit && log_ratio->high <= limit;
}

static bool is_clear_of_zero(const struct pb_estimate *log_ratio)
{
    return log_ratio->low > 0.0 || log_ratio->high < 0.0;
}

static enum pb_change confirmed_change(struct pb_gate_verdict *v,
                                       const struct pb_gate_rule *rule)
{
    const struct pb_estimate *log_ratio = &v->all.log_ratio;
    v->is_small = fabs(log_ratio->estimate) < log1p(rule->threshold);
    if (v->is_small)
        return PB_CHANGE_SAME;
    if (!is_clear_of_zero(log_ratio))
        return PB_CHANGE_UNRESOLVED;
    return log_ratio->estimate > 0.0 ? PB_CHANGE_SLOWER : PB_CHANGE_FASTER;
}

/* Not shown to differ. The same only where a change of `target` would have shown and the
 * interval leaves no room for one. */
static enum pb_change unconfirmed_change(const struct pb_gate_verdict *v,
                                         const struct pb_gate_rule *rule)
{
    const struct pb_estimate *log_ratio = &v->all.log_ratio;
    if (v->screen == PB_SCREEN_CLOSED || is_within(log_ratio, log1p(rule->threshold)))
        return PB_CHANGE_SAME;
    const bool would_show = v->detectable <= rule->target;
    return would_show && is_within(log_ratio, log1p(rule->target)) ? PB_CHANGE_SAME
                                                                   : PB_CHANGE_UNRESOLVED;
}

/* Pairs in all after which a point that is unresolved should be resolved. */
static size_t pairs_to_resolve(const struct pb_gate_verdict *v,
                               const struct pb_gate_rule *rule)
{
    const size_t needed =
        pb_pairs_needed_by_error(v->all.error, v->all.npairs, log1p(rule->target));
    if (needed > v->all.npairs || v->is_pending)
        return needed;
    return 2 * v->all.npairs; /* precise enough, but the interval is off its middle */
}

static void judge(struct pb_gate_verdict *v, bool is_confirmed,
                  const struct pb_gate_rule *rule)
{
    v->detectable = expm1(pb_pairs_detectable(v->all.error));
    v->change = PB_CHANGE_UNRESOLVED;
    if (v->screen == PB_SCREEN_NONE)
        return;
    if (is_confirmed)
        v->change = confirmed_change(v, rule);
    else if (!v->is_pending)
        v->change = unconfirmed_change(v, rule);
    if (v->change == PB_CHANGE_UNRESOLVED)
        v->needed = pairs_to_resolve(v, rule);
}

static double p_towards(const struct pb_flip_result *test, double median)
{
    return median < 0.0 ? test->p_faster : test->p_slower;
}

struct stage2 {
    const struct pb_pairs *pairs;
    size_t begin; /* its first column */
    const struct pb_gate_rule *rule;
    struct pb_gate_verdict *out;
};

static struct pb_pair_range stage2_range(const struct stage2 *stage, size_t row)
{
    return (struct pb_pair_range){ row, stage->begin, stage->pairs->npairs };
}

static bool is_suspected(const struct stage2 *stage, const struct pb_screen *screen,
                         size_t row, bool of_slower)
{
    const struct pb_pair_range first = { row, 0, stage->begin };
    return screen[row].state == PB_SCREEN_SUSPECT &&
           (pb_pairs_median(stage->pairs, first) > 0.0) == of_slower;
}

/* The suspects of one direction, judged in it and on the fresh pairs alone. Which they
 * are was settled by other pairs, so those of the other direction are no part of the
 * family. */
static enum pb_status confirm(const struct stage2 *stage, const struct pb_screen *screen,
                              bool of_slower, struct family *family, struct pb_error *err)
{
    const struct pb_pairs *pairs = stage->pairs;
    family->count = 0;
    for (size_t row = 0; row < pairs->npoints; row++)
        if (is_suspected(stage, screen, row, of_slower))
            family->rows[family->count++] = row;
    const enum pb_status status =
        test_columns(pairs, family, stage->begin, pairs->npairs, err);
    for (size_t i = 0; !status && i < family->count; i++) {
        const struct pb_flip_result *test = &family->results[i];
        struct pb_gate_verdict *v = &stage->out[family->rows[i]];
        v->is_pending = isnan(test->t);
        if (!v->is_pending)
            v->p = of_slower ? test->p_slower : test->p_faster;
        judge(v, !v->is_pending && v->p <= stage->rule->confirm_level, stage->rule);
    }
    return status;
}

/* Points that stage 1 did not suspect and that were measured again all the same: if one
 * of these looks changed, then it is not the builds that differ. */
static enum pb_status check_controls(const struct stage2 *stage,
                                     const struct pb_screen *screen,
                                     struct family *family, bool *tripped,
                                     struct pb_error *err)
{
    const struct pb_pairs *pairs = stage->pairs;
    const double limit = log1p(stage->rule->threshold);
    const double level = stage->rule->single_level;
    family->count = 0;
    for (size_t row = 0; row < pairs->npoints; row++)
        if (screen[row].state != PB_SCREEN_SUSPECT &&
            pb_pairs_count(pairs, stage2_range(stage, row)) >= stage->rule->close_pairs)
            family->rows[family->count++] = row;
    const enum pb_status status =
        test_columns(pairs, family, stage->begin, pairs->npairs, err);
    *tripped = false;
    for (size_t i = 0; !status && i < family->count; i++) {
        const size_t row = family->rows[i];
        const double median = pb_pairs_median(pairs, stage2_range(stage, row));
        stage->out[row].is_control = true;
        *tripped |=
            fabs(median) >= limit && p_towards(&family->results[i], median) <= level;
    }
    return status;
}

static void start_verdicts(const struct pb_pairs *pairs, const struct pb_screen *screen,
                           struct pb_gate_verdict *out)
{
    for (size_t row = 0; row < pairs->npoints; row++) {
        out[row] =
            (struct pb_gate_verdict){ .screen = screen[row].state, .p = screen[row].p };
        pb_pairs_summarise(pairs, (struct pb_pair_range){ row, 0, pairs->npairs },
                           &out[row].all);
    }
}

static void judge_unsuspected(const struct stage2 *stage, bool has_stages)
{
    for (size_t row = 0; row < stage->pairs->npoints; row++) {
        struct pb_gate_verdict *v = &stage->out[row];
        const bool is_suspect = v->screen == PB_SCREEN_SUSPECT;
        if (!has_stages || !is_suspect)
            judge(v, is_suspect && v->p <= stage->rule->single_level, stage->rule);
    }
}

/* screen: room for one per row. */
static enum pb_status decide(const struct stage2 *stage, struct pb_screen *screen,
                             struct pb_gate_session *session, struct pb_error *err)
{
    struct family family;
    struct pb_gate_rule screen_rule = *stage->rule;
    if (!session->has_stages)
        screen_rule.close_pairs = 0; /* nothing was closed: all points have all pairs */
    enum pb_status status =
        pb_gate_screen(stage->pairs, stage->begin, &screen_rule, screen, err);
    if (status)
        return status;
    start_verdicts(stage->pairs, screen, stage->out);
    judge_unsuspected(stage, session->has_stages);
    if (!session->has_stages)
        return PB_OK;
    if (!new_family(stage->pairs->npoints, stage->rule, &family))
        return out_of_memory(stage->pairs->npoints, err);
    status = confirm(stage, screen, true, &family, err);
    if (!status)
        status = confirm(stage, screen, false, &family, err);
    if (!status)
        status = check_controls(stage, screen, &family, &session->control_tripped, err);
    release_family(&family);
    return status;
}

enum pb_status pb_gate_decide(const struct pb_pairs *pairs, unsigned screen_rounds,
                              const struct pb_gate_rule *rule,
                              struct pb_gate_verdict *out,
                              struct pb_gate_session *session, struct pb_error *err)
{
    struct pb_screen *screen = calloc(pairs->npoints + 1, sizeof *screen);
    if (!screen)
        return out_of_memory(pairs->npoints, err);
    *session = (struct pb_gate_session){ .has_stages = screen_rounds > 0 };
    session->screen_columns =
        screen_rounds ? pb_pairs_column(pairs, screen_rounds) : pairs->npairs;
    const struct stage2 stage = { pairs, session->screen_columns, rule, out };
    const enum pb_status status = decide(&stage, screen, session, err);
    free(screen);
    return status;
}
