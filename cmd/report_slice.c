/* report_slice.c - a kernel and data type in a report: the winners, and every time. */
#include "cmd/html.h"
#include "cmd/report_parts.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_of(const struct pb_winner *w, const struct pb_slice *slice)
{
    return !pb_strings_compare(w->kernel, slice->kernel) &&
           !pb_strings_compare(w->dtype, slice->dtype) &&
           !pb_strings_compare(w->cache, slice->cache);
}

static void add_winner(const struct pb_winner *w, struct pb_text *out)
{
    char text[32];
    char limits[80];
    const struct pb_estimate *best = &w->best->time.ns;
    pb_html_row(out, pb_units_count((double)w->n, text, sizeof text));
    pb_html_cell(out, w->best_label);
    pb_html_interval(out, pb_units_ns(best->estimate, text, sizeof text),
                     pb_page_limits(best, limits, sizeof limits));
    pb_html_cell(out, w->second_label);
    if (w->second)
        (void)snprintf(text, sizeof text, "%s%.3g\u00d7", w->is_certain ? "" : "~ ",
                       w->second->time.ns.estimate / best->estimate);
    pb_html_number(out, w->second ? text : NULL);
    pb_html_row_end(out);
}

void pb_page_winners(const struct pb_page *page, const struct pb_slice *slice,
                     struct pb_text *out)
{
    static const char *const headings[] = { "n",         "fastest",        "#time",
                                            "runner-up", "#times as long", NULL };
    const struct pb_crossover_report *report = page->crossovers;
    bool has_any = false;
    bool has_doubt = false;
    for (size_t i = 0; i < report->nwinners; i++) {
        const struct pb_winner *w = &report->winners[i];
        if (!is_of(w, slice))
            continue;
        if (!has_any)
            pb_html_table(out, "The fastest at each size", headings);
        has_any = true;
        has_doubt |= !w->is_certain && w->second;
        add_winner(w, out);
    }
    if (has_any)
        pb_html_table_end(out);
    if (has_doubt)
        pb_text_add(out, "<p class=\"pale\">~ the intervals of the two overlap: either "
                         "may be the faster one.</p>\n");
}

/* ---- every time -------------------------------------------------------------------- */

static int compare_sizes(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* All sizes of the slice, rising, each once; to free(). NULL: out of memory. */
static uint64_t *find_sizes(const struct pb_slice *slice, size_t *count)
{
    size_t most = 1;
    for (size_t c = 0; c < slice->ncurves; c++)
        most += slice->curves[c].npoints;
    uint64_t *sizes = malloc(most * sizeof *sizes);
    size_t all = 0;
    for (size_t c = 0; sizes && c < slice->ncurves; c++)
        for (size_t i = 0; i < slice->curves[c].npoints; i++)
            sizes[all++] = slice->curves[c].points[i]->n;
    if (sizes)
        qsort(sizes, all, sizeof *sizes, compare_sizes);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (!*count || sizes[*count - 1] != sizes[i])
            sizes[(*count)++] = sizes[i];
    return sizes;
}

static const struct pb_point *point_at(const struct pb_curve *curve, uint64_t n)
{
    for (size_t i = 0; i < curve->npoints; i++)
        if (curve->points[i]->n == n)
            return curve->points[i];
    return NULL;
}

static void add_time(const struct pb_point *point, struct pb_text *out)
{
    char text[32];
    char limits[80];
    if (!point)
        pb_html_number(out, NULL);
    else if (!pb_point_counts(point))
        pb_html_element(out, "td", "class=\"n bad\"", pb_outcome_name(point->status));
    else
        pb_html_interval(out, pb_units_ns(point->time.ns.estimate, text, sizeof text),
                         pb_page_limits(&point->time.ns, limits, sizeof limits));
}

static void add_heading_list(const struct pb_slice *slice, const char **headings,
                             char **owned)
{
    headings[0] = "n";
    for (size_t c = 0; c < slice->ncurves; c++) {
        owned[c] = pb_text_format("#%s", slice->curves[c].label);
        headings[c + 1] = owned[c] ? owned[c] : "#";
    }
    headings[slice->ncurves + 1] = NULL;
}

static void add_table(const struct pb_slice *slice, const uint64_t *sizes, size_t count,
                      const char *const *headings, struct pb_text *out)
{
    char n[32];
    pb_html_table(out, "Time per call and its interval", headings);
    for (size_t i = 0; i < count; i++) {
        pb_html_row(out, pb_units_count((double)sizes[i], n, sizeof n));
        for (size_t c = 0; c < slice->ncurves; c++)
            add_time(point_at(&slice->curves[c], sizes[i]), out);
        pb_html_row_end(out);
    }
    pb_html_table_end(out);
}

void pb_page_times(const struct pb_slice *slice, struct pb_text *out)
{
    size_t count = 0;
    uint64_t *sizes = find_sizes(slice, &count);
    const char **headings = calloc(slice->ncurves + 2, sizeof(const char *));
    char **owned = calloc(slice->ncurves + 1, sizeof *owned);
    if (sizes && headings && owned) {
        add_heading_list(slice, headings, owned);
        pb_text_add(out, "<details><summary>All times</summary>\n");
        add_table(slice, sizes, count, headings, out);
        pb_text_add(out, "</details>\n");
    } else {
        out->failed = true;
    }
    for (size_t c = 0; owned && c < slice->ncurves; c++)
        free(owned[c]);
    free(owned);
    free(headings);
    free(sizes);
}
