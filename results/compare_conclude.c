/* compare_conclude.c - from the rows to one result: pass, regression or inconclusive. */
#include "measure/text.h"
#include "results/compare_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Worst first. */
static unsigned rank_of(const struct pb_row *row)
{
    static const unsigned of_kind[] = {
        [PB_ROW_BROKEN] = 0, [PB_ROW_LOST] = 3, [PB_ROW_MENDED] = 6, [PB_ROW_NOT_OK] = 7
    };
    static const unsigned of_change[] = { [PB_CHANGE_SLOWER] = 1,
                                          [PB_CHANGE_UNRESOLVED] = 2,
                                          [PB_CHANGE_FASTER] = 4,
                                          [PB_CHANGE_SAME] = 5 };
    return row->kind == PB_ROW_JUDGED ? of_change[row->change] : of_kind[row->kind];
}

static int compare_rows(const void *va, const void *vb)
{
    const struct pb_row *a = va, *b = vb;
    const unsigned rank_a = rank_of(a), rank_b = rank_of(b);
    if (rank_a != rank_b)
        return rank_a < rank_b ? -1 : 1;
    const bool by_ratio = rank_a == 1 || rank_a == 2 || rank_a == 4;
    const double x = a->ratio.estimate, y = b->ratio.estimate;
    if (by_ratio && x != y && !isnan(x) && !isnan(y))
        return x > y ? -1 : 1;
    if (by_ratio && isnan(x) != isnan(y))
        return isnan(x) ? 1 : -1;
    return (a->old_point > b->old_point) - (a->old_point < b->old_point);
}

static void count_row(const struct pb_row *row, struct pb_compare_tally *tally)
{
    switch (row->kind) {
    case PB_ROW_JUDGED:
        tally->slower += row->change == PB_CHANGE_SLOWER;
        tally->unresolved += row->change == PB_CHANGE_UNRESOLVED;
        tally->faster += row->change == PB_CHANGE_FASTER;
        tally->same += row->change == PB_CHANGE_SAME;
        break;
    case PB_ROW_BROKEN:
        tally->broken++;
        break;
    case PB_ROW_LOST:
        tally->lost++;
        break;
    case PB_ROW_MENDED:
        tally->mended++;
        break;
    case PB_ROW_NOT_OK:
        tally->not_ok++;
        break;
    }
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static char *conclude_regression(struct pb_comparison *c)
{
    const struct pb_compare_tally *t = &c->tally;
    struct pb_text text = PB_TEXT_INIT;
    c->result = PB_COMPARE_REGRESSION;
    if (t->slower)
        pb_text_addf(&text, "%zu point%s slower by %.3g %% or more", t->slower,
                     t->slower == 1 ? " is" : "s are", 100.0 * c->threshold);
    if (t->broken)
        pb_text_addf(&text, "%s%zu point%s ok before and %s not now",
                     t->slower ? ", and " : "", t->broken,
                     t->broken == 1 ? " was" : "s were", t->broken == 1 ? "is" : "are");
    return pb_text_take(&text);
}

static char *conclude_inconclusive(struct pb_comparison *c, const char *reason)
{
    c->result = PB_COMPARE_INCONCLUSIVE;
    return strdup(reason);
}

/* Nothing was learnt: silence must not look like success. NULL: something was. */
static char *conclude_nothing(struct pb_comparison *c)
{
    const struct pb_compare_tally *t = &c->tally;
    if (c->old_record->npoints == 0 || c->new_record->npoints == 0)
        return conclude_inconclusive(c, "nothing was measured: a file has no points");
    if (c->nrows == 0)
        return conclude_inconclusive(c, "the files have no point in common");
    if (t->slower + t->faster + t->same + t->unresolved == 0)
        return conclude_inconclusive(c, "no point is ok in both files");
    if (t->slower + t->faster + t->same == 0)
        return conclude_inconclusive(
            c, "no point could be resolved: the rows say what it takes");
    return NULL;
}

static char *conclude_pass(struct pb_comparison *c, bool is_strict)
{
    const struct pb_compare_tally *t = &c->tally;
    const size_t lost = t->lost + t->only_old;
    c->result = PB_COMPARE_PASS;
    if (is_strict && t->unresolved + lost > 0) {
        c->result = PB_COMPARE_INCONCLUSIVE;
        return pb_text_format("--strict: %zu point%s unresolved, %zu lost", t->unresolved,
                              plural(t->unresolved), lost);
    }
    return pb_text_format("no point is slower by %.3g %% or more%s", 100.0 * c->threshold,
                          t->unresolved ? ", as far as could be resolved" : "");
}

static char *conclude(struct pb_comparison *c, bool is_strict, const char *mismatch,
                      const char *veto)
{
    if (mismatch)
        return conclude_inconclusive(c, mismatch);
    if (c->tally.broken)
        return conclude_regression(c);
    if (veto)
        return conclude_inconclusive(c, veto);
    if (c->tally.slower)
        return conclude_regression(c);
    char *nothing = conclude_nothing(c);
    return nothing || c->result == PB_COMPARE_INCONCLUSIVE ? nothing
                                                           : conclude_pass(c, is_strict);
}

enum pb_status pb_compare_conclude(struct pb_comparison *c, bool is_strict,
                                   const char *mismatch, const char *veto,
                                   struct pb_error *err)
{
    for (size_t i = 0; i < c->nrows; i++)
        count_row(&c->rows[i], &c->tally);
    if (c->nrows > 1)
        qsort(c->rows, c->nrows, sizeof *c->rows, compare_rows);
    c->reason = conclude(c, is_strict, mismatch, veto);
    return c->reason ? PB_OK : pb_compare_out_of_memory(err);
}
