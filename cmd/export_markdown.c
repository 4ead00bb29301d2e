/* export_markdown.c - a result file as Markdown: a table per kernel, data type and cache
 * mode, a row per size, a column per curve, the fastest in bold. */
#include "cmd/export_print.h"
#include "cmd/markdown.h"
#include "results/curves.h"
#include "results/units.h"

#include <string.h>

/* The curve's point at n, whether it counts or not; NULL: none. */
static const struct pb_point *point_at(const struct pb_curve *curve, uint64_t n)
{
    for (size_t i = 0; i < curve->npoints; i++)
        if (curve->points[i]->n == n)
            return curve->points[i];
    return NULL;
}

/* The smallest size above `after` in any curve; 0: there is none. */
static uint64_t next_size(const struct pb_slice *slice, uint64_t after)
{
    uint64_t next = 0;
    for (size_t c = 0; c < slice->ncurves; c++)
        for (size_t i = 0; i < slice->curves[c].npoints; i++) {
            const uint64_t n = slice->curves[c].points[i]->n;
            if (n > after && (!next || n < next))
                next = n;
        }
    return next;
}

static double fastest_at(const struct pb_slice *slice, uint64_t n)
{
    double fastest = 0.0;
    for (size_t c = 0; c < slice->ncurves; c++) {
        const struct pb_point *point = pb_curve_at(&slice->curves[c], n);
        const double ns = point ? point->time.ns.estimate : 0.0;
        if (point && (fastest <= 0.0 || ns < fastest))
            fastest = ns;
    }
    return fastest;
}

static void add_head(struct pb_text *out, const struct pb_slice *slice)
{
    struct pb_text title = PB_TEXT_INIT;
    pb_text_addf(&title, "%s %s", slice->kernel, slice->dtype);
    if (slice->cache && strcmp(slice->cache, "hot") != 0)
        pb_text_addf(&title, ", cache %s", slice->cache);
    pb_text_add(out, "### ");
    pb_markdown_add(out, title.str);
    pb_text_add(out, "\n\n| n |");
    for (size_t c = 0; c < slice->ncurves; c++) {
        pb_text_add(out, " ");
        pb_markdown_add(out, slice->curves[c].label);
        pb_text_add(out, " |");
    }
    pb_text_add(out, "\n|--:|");
    for (size_t c = 0; c < slice->ncurves; c++)
        pb_text_add(out, "--:|");
    pb_text_add(out, "\n");
    out->failed |= title.failed;
    pb_text_release(&title);
}

static void add_cell(struct pb_text *out, const struct pb_point *point, double fastest)
{
    char time[32];
    if (!point) {
        pb_text_add(out, " |");
        return;
    }
    if (!pb_point_counts(point)) {
        pb_text_addf(out, " %s |", pb_outcome_name(point->status));
        return;
    }
    const bool is_fastest = point->time.ns.estimate <= fastest;
    pb_text_addf(out, is_fastest ? " **%s** |" : " %s |",
                 pb_units_ns(point->time.ns.estimate, time, sizeof time));
}

static void add_slice(struct pb_text *out, const struct pb_slice *slice)
{
    char size[32];
    add_head(out, slice);
    for (uint64_t n = next_size(slice, 0); n; n = next_size(slice, n)) {
        const double fastest = fastest_at(slice, n);
        pb_text_addf(out, "| %s |", pb_units_count((double)n, size, sizeof size));
        for (size_t c = 0; c < slice->ncurves; c++)
            add_cell(out, point_at(&slice->curves[c], n), fastest);
        pb_text_add(out, "\n");
    }
    pb_text_add(out, "\n");
}

static void add_source(struct pb_text *out, const struct pb_record *record)
{
    struct pb_text line = PB_TEXT_INIT;
    pb_text_addf(
        &line, "%s, %u cores, %s; parbench %s, %s, %u rounds",
        record->machine.cpu ? record->machine.cpu : "an unknown CPU",
        record->machine.cores, record->started ? record->started : "at an unknown time",
        record->version ? record->version : "?",
        record->compiler ? record->compiler : "an unknown compiler", record->rounds);
    pb_markdown_add(out, line.str);
    pb_text_add(out, "\n");
    out->failed |= line.failed;
    pb_text_release(&line);
}

enum pb_status pb_export_print_markdown(const struct pb_record *record, FILE *out,
                                        struct pb_error *err)
{
    struct pb_slices slices;
    struct pb_text text = PB_TEXT_INIT;
    const enum pb_status status = pb_slices_make(record, &slices, err);
    if (status)
        return status;
    for (size_t i = 0; i < slices.count; i++)
        add_slice(&text, &slices.items[i]);
    add_source(&text, record);
    pb_slices_release(&slices);
    const bool good = !text.failed;
    if (good)
        fputs(text.str, out);
    pb_text_release(&text);
    return good ? PB_OK
                : pb_fail(err, PB_ERR_MEMORY, "out of memory while writing Markdown");
}
