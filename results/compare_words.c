/* compare_words.c - what a verdict is called, and what to do about it, in plain words. */
#include "measure/text.h"
#include "results/compare_parts.h"

#include <math.h>

static const char *const change_names[] = {
    [PB_CHANGE_SLOWER] = "slower",
    [PB_CHANGE_UNRESOLVED] = "unresolved",
    [PB_CHANGE_FASTER] = "faster",
    [PB_CHANGE_SAME] = "same",
};

const char *pb_change_name(enum pb_change change)
{
    return change_names[change];
}

const char *pb_row_verdict(const struct pb_row *row)
{
    switch (row->kind) {
    case PB_ROW_JUDGED:
        return pb_change_name(row->change);
    case PB_ROW_BROKEN:
        return "broken";
    case PB_ROW_LOST:
        return "lost";
    case PB_ROW_MENDED:
        return "mended";
    case PB_ROW_NOT_OK:
        return "not ok";
    }
    return "not ok"; /* not reached */
}

static double percent_of(double ratio)
{
    return 100.0 * (ratio - 1.0);
}

static const char *reason_of(const struct pb_point *point)
{
    return point->reason ? point->reason : "no reason recorded";
}

static char *say_unresolved_paired(const struct pb_row *row, size_t needed,
                                   bool is_pending)
{
    if (row->pairs == 0 && row->dropped > 0)
        return pb_text_format("no pair is left: batch or number of samples differ in all "
                              "%zu; parbench ab keeps them equal",
                              row->dropped);
    if (row->pairs == 0)
        return pb_text_format("no pair was measured: run parbench ab to its end");
    if (is_pending)
        return pb_text_format("suspect, but not measured again on fresh pairs: run "
                              "parbench ab to its end");
    if (needed > 200)
        return pb_text_format("too noisy: no affordable number of pairs would tell; "
                              "quiet the machine first (parbench doctor)");
    if (needed > 0)
        return pb_text_format("too noisy for %zu pairs: about %zu would tell, or a "
                              "quieter machine (parbench doctor)",
                              row->pairs, needed);
    return pb_text_format("too noisy to tell: quiet the machine (parbench doctor)");
}

static char *say_unresolved_unpaired(const struct pb_row *row, size_t needed)
{
    if (needed > row->pairs)
        return pb_text_format("%zu rounds are too few for two sessions: %zu are needed "
                              "in each file; better: parbench ab",
                              row->pairs, needed);
    return pb_text_format("two sessions cannot tell: measure both builds in turn with "
                          "parbench ab");
}

static char *say_judged(const struct pb_comparison *c, const struct pb_row *row,
                        size_t needed, bool is_pending)
{
    switch (row->change) {
    case PB_CHANGE_SLOWER:
        return c->mode == PB_COMPARE_PAIRED
                   ? pb_text_format("find the change that did it; parbench ab on this "
                                    "point alone checks a remedy")
                   : pb_text_format(
                         "confirm with parbench ab, which measures both builds "
                         "in turn");
    case PB_CHANGE_UNRESOLVED:
        return c->mode == PB_COMPARE_PAIRED
                   ? say_unresolved_paired(row, needed, is_pending)
                   : say_unresolved_unpaired(row, needed);
    case PB_CHANGE_FASTER:
        return pb_text_format("nothing: it is faster");
    case PB_CHANGE_SAME:
        return row->is_small
                   ? pb_text_format("nothing: the change of %+.1f %% is real, but below "
                                    "the threshold of %.3g %%",
                                    percent_of(row->ratio.estimate), 100.0 * c->threshold)
                   : pb_text_format("nothing");
    }
    return NULL; /* not reached */
}

bool pb_compare_say_next(const struct pb_comparison *c, struct pb_row *row, size_t needed,
                         bool is_pending)
{
    switch (row->kind) {
    case PB_ROW_JUDGED:
        row->next = say_judged(c, row, needed, is_pending);
        break;
    case PB_ROW_BROKEN:
        row->next = pb_text_format("mend it, it is now %s: %s",
                                   pb_outcome_name(row->new_point->status),
                                   reason_of(row->new_point));
        break;
    case PB_ROW_LOST:
        row->next =
            pb_text_format("see why it was skipped: %s", reason_of(row->new_point));
        break;
    case PB_ROW_MENDED:
        row->next = pb_text_format("nothing: it was %s, and is ok now",
                                   pb_outcome_name(row->old_point->status));
        break;
    case PB_ROW_NOT_OK:
        row->next =
            pb_text_format("not ok in either file: %s", reason_of(row->new_point));
        break;
    }
    return row->next != NULL;
}
