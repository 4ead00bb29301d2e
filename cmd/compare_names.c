#include "cmd/compare_names.h"

#include "results/units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void pb_compare_add_name(struct pb_text *out, const struct pb_point *point)
{
    char n[32], label[160];
    pb_text_addf(out, "%s %s n=%s %s", point->kernel, point->dtype,
                 pb_units_count((double)point->n, n, sizeof n),
                 pb_point_label(point, label, sizeof label));
}

void pb_compare_add_key(struct pb_text *out, const struct pb_point *point)
{
    const char *const parts[] = { point->kernel,    point->dtype,       point->backend,
                                  point->isa,       point->device,      point->variant,
                                  point->residency, point->host_memory, point->cache };
    const char *const usual[] = { "", "", "", "", "", "default", "host", "", "hot" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i] && strcmp(parts[i], usual[i]) != 0)
            pb_text_addf(out, "%s%s", out->len ? "/" : "", parts[i]);
    if (point->reuse != 1)
        pb_text_addf(out, "/reuse%u", point->reuse);
    pb_text_addf(out, "/x%u", point->workers);
    if (point->threads_per_rank > 1)
        pb_text_addf(out, "x%u", point->threads_per_rank);
    pb_text_addf(out, "/%" PRIu64, point->n);
}

const char *pb_compare_mode_name(enum pb_compare_mode mode)
{
    return mode == PB_COMPARE_PAIRED ? "paired" : "unpaired";
}

const char *pb_compare_result_name(enum pb_compare_result result)
{
    static const char *const names[] = { [PB_COMPARE_PASS] = "pass",
                                         [PB_COMPARE_REGRESSION] = "regression",
                                         [PB_COMPARE_INCONCLUSIVE] = "inconclusive" };
    return names[result];
}

const char *pb_crossing_change_name(enum pb_crossing_change change)
{
    static const char *const names[] = { [PB_CROSSING_MOVED] = "moved",
                                         [PB_CROSSING_APPEARED] = "appeared",
                                         [PB_CROSSING_GONE] = "gone" };
    return names[change];
}

static double percent_of(double ratio)
{
    return 100.0 * (ratio - 1.0);
}

void pb_compare_add_change(struct pb_text *out, const struct pb_estimate *ratio)
{
    if (!isfinite(ratio->estimate)) {
        pb_text_add(out, "-");
        return;
    }
    pb_text_addf(out, "%+.1f %%", percent_of(ratio->estimate));
    if (isfinite(ratio->low) && isfinite(ratio->high))
        pb_text_addf(out, " [%+.1f .. %+.1f]", percent_of(ratio->low),
                     percent_of(ratio->high));
}

void pb_compare_add_p(struct pb_text *out, double p)
{
    if (isnan(p))
        pb_text_add(out, "-");
    else if (p < 0.0001)
        pb_text_add(out, "<0.0001");
    else
        pb_text_addf(out, "%.2g", p);
}

static bool is_measured(const struct pb_row *row)
{
    return row->kind == PB_ROW_JUDGED && isfinite(row->ratio.estimate);
}

void pb_compare_add_sentence(struct pb_text *out, const struct pb_comparison *comparison,
                             const struct pb_row *row)
{
    pb_compare_add_name(out, row->new_point);
    pb_text_addf(out, " is %s", pb_row_verdict(row));
    if (is_measured(row)) {
        pb_text_add(out, ": ");
        pb_compare_add_change(out, &row->ratio);
        pb_text_add(out, ", p ");
        pb_compare_add_p(out, row->p);
        pb_text_addf(out, ", %zu %s", row->pairs,
                     comparison->mode == PB_COMPARE_PAIRED ? "pairs" : "rounds");
    }
    if (row->next)
        pb_text_addf(out, ": %s", row->next);
}

void pb_compare_add_tally(struct pb_text *out, const struct pb_compare_tally *tally)
{
    const struct {
        size_t count;
        const char *what;
    } parts[] = {
        { tally->broken, "broken" },
        { tally->slower, "slower" },
        { tally->unresolved, "unresolved" },
        { tally->lost, "lost" },
        { tally->faster, "faster" },
        { tally->same, "same" },
        { tally->mended, "mended" },
        { tally->not_ok, "not ok in either" },
        { tally->only_old, "only in the old file" },
        { tally->only_new, "only in the new file" },
    };
    size_t said = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].count)
            pb_text_addf(out, "%s%zu %s", said++ ? ", " : "", parts[i].count,
                         parts[i].what);
    if (!said)
        pb_text_add(out, "no points");
}

void pb_compare_add_conditions(struct pb_text *out,
                               const struct pb_comparison *comparison)
{
    size_t most = 0;
    for (size_t i = 0; i < comparison->nrows; i++)
        if (comparison->rows[i].pairs > most)
            most = comparison->rows[i].pairs;
    if (comparison->mode == PB_COMPARE_PAIRED)
        pb_text_addf(out, "paired, up to %zu pairs", most);
    else
        pb_text_addf(out, "two sessions, up to %zu rounds", most);
    pb_text_addf(out, ", threshold %.3g %%", 100.0 * comparison->threshold);
}
