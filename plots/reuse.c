#include "plots/reuse.h"

#include <math.h>

double pb_reuse_ns(const struct pb_reuse_panel *panel, double calls)
{
    return panel->resident.estimate +
           (panel->always.estimate - panel->resident.estimate) / calls;
}

static void solve(struct pb_reuse_panel *panel)
{
    const double move = panel->always.estimate - panel->resident.estimate;
    const double gain = panel->cpu.estimate - panel->resident.estimate;
    const bool do_meet = gain > 0 && move > gain;
    pb_break_even_solve(&panel->always, &panel->resident, &panel->cpu, &panel->even);
    panel->meet = do_meet ? move / gain : (double)NAN;
}

static bool is_moved(const struct pb_curve *curve, const char *residency)
{
    const struct pb_point *point = curve->points[0];
    return point->device && !pb_strings_compare(point->residency, residency) &&
           point->reuse <= 1;
}

/* Two curves of one device, which differ in nothing but the residency. */
static bool is_pair(const struct pb_curve *a, const struct pb_curve *b)
{
    const struct pb_point *always = a->points[0];
    const struct pb_point *resident = b->points[0];
    return is_moved(a, "always") && is_moved(b, "resident") &&
           !pb_strings_compare(always->device, resident->device) &&
           !pb_strings_compare(always->variant, resident->variant);
}

static const struct pb_curve *fastest_host(const struct pb_slice *slice, uint64_t n,
                                           struct pb_estimate *ns)
{
    const struct pb_curve *best = NULL;
    for (size_t i = 0; i < slice->ncurves; i++) {
        const struct pb_curve *curve = &slice->curves[i];
        const struct pb_point *point = pb_curve_at(curve, n);
        if (!point || pb_strings_compare(point->residency, "host"))
            continue;
        if (best && point->time.ns.estimate >= ns->estimate)
            continue;
        best = curve;
        *ns = point->time.ns;
    }
    return best;
}

static bool make_panel(const struct pb_reuse *reuse, uint64_t n,
                       struct pb_reuse_panel *out)
{
    const struct pb_slice *slice = reuse->slice;
    const struct pb_point *always = pb_curve_at(&slice->curves[reuse->always], n);
    const struct pb_point *resident = pb_curve_at(&slice->curves[reuse->resident], n);
    *out = (struct pb_reuse_panel){ .n = n };
    const struct pb_curve *host = fastest_host(slice, n, &out->cpu);
    if (!always || !resident || !host)
        return false;
    out->always = always->time.ns;
    out->resident = resident->time.ns;
    out->cpu_label = host->label;
    solve(out);
    return true;
}

/* Sizes of the pair that pass; those with the numbers of `keep` are stored. */
struct choice {
    bool needs_meeting;
    size_t seen, total; /* total 0: only count */
};

/* Of `total` sizes seen one by one, is number `index` among those kept, spread evenly
 * and with both ends? */
static bool is_kept(size_t index, size_t total)
{
    if (total <= PB_REUSE_PANELS)
        return true;
    for (size_t p = 0; p < PB_REUSE_PANELS; p++)
        if (index ==
            (p * (total - 1) + (PB_REUSE_PANELS - 1) / 2) / (PB_REUSE_PANELS - 1))
            return true;
    return false;
}

static void walk(struct pb_reuse *reuse, struct choice *choice)
{
    const struct pb_curve *curve = &reuse->slice->curves[reuse->resident];
    for (size_t i = 0; i < curve->npoints; i++) {
        struct pb_reuse_panel panel;
        if (!make_panel(reuse, curve->points[i]->n, &panel))
            continue;
        if (choice->needs_meeting && isnan(panel.meet))
            continue;
        const size_t index = choice->seen++;
        if (choice->total && is_kept(index, choice->total))
            reuse->panels[reuse->npanels++] = panel;
    }
}

static bool choose_panels(struct pb_reuse *reuse)
{
    struct choice choice = { .needs_meeting = true };
    walk(reuse, &choice);
    if (!choice.seen) {
        choice.needs_meeting = false;
        walk(reuse, &choice);
    }
    choice.total = choice.seen;
    choice.seen = 0;
    if (choice.total)
        walk(reuse, &choice);
    return reuse->npanels > 0;
}

static bool is_gpu(const struct pb_slice *slice, size_t curve)
{
    return !pb_strings_compare(slice->curves[curve].points[0]->device_type, "gpu");
}

bool pb_reuse_find(const struct pb_slice *slice, struct pb_reuse *out)
{
    bool found = false;
    for (size_t a = 0; a < slice->ncurves; a++)
        for (size_t r = 0; r < slice->ncurves; r++) {
            struct pb_reuse reuse = { .slice = slice, .always = a, .resident = r };
            if (!is_pair(&slice->curves[a], &slice->curves[r]) ||
                (found && !(is_gpu(slice, a) && !is_gpu(slice, out->always))))
                continue;
            if (!choose_panels(&reuse))
                continue;
            *out = reuse;
            found = true;
        }
    return found;
}
