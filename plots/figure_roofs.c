/* figure_roofs.c - the lines above the marks of a roofline, and what they are called. */
#include "plots/roofline_parts.h"

#include "plots/figure_parts.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_HEIGHT = 16, TAG_BYTES = 128 };

double pb_roofline_across(const struct pb_roofline_axes *axes)
{
    return PB_ROOFLINE_PLOT_WIDTH / log(axes->x_high / axes->x_low);
}

double pb_roofline_up(const struct pb_roofline_axes *axes)
{
    return PB_ROOFLINE_PLOT_HEIGHT / log(axes->y_high / axes->y_low);
}

/* ---- lines ------------------------------------------------------------------------- */

/* From one end to the other; a roof that another one hides altogether has none. */
struct line {
    double x0, y0, x1, y1;
};

/* Of all places the roofs meet at their own: a bandwidth ends at the highest rate of
 * computing, a rate of computing begins at the highest bandwidth. */
static struct line line_of(const struct pb_roofs *roofs, const struct pb_roof *roof,
                           const struct pb_roofline_axes *axes)
{
    const double other = pb_roofs_highest(roofs, roof->place, !roof->is_bandwidth);
    struct line line = { .x0 = axes->x_low, .x1 = axes->x_high };
    if (roof->is_bandwidth) {
        line.x0 = fmax(axes->x_low, axes->y_low / roof->per_ns);
        if (other > 0)
            line.x1 = fmin(axes->x_high, other / roof->per_ns);
        line.y0 = line.x0 * roof->per_ns;
        line.y1 = line.x1 * roof->per_ns;
    } else {
        if (other > 0)
            line.x0 = fmax(axes->x_low, roof->per_ns / other);
        line.y0 = line.y1 = roof->per_ns;
    }
    return line;
}

static enum pb_status write_line(struct line line, size_t number,
                                 const struct pb_gnuplot *gnuplot, struct pb_error *err)
{
    char name[40], data[128];
    (void)snprintf(name, sizeof name, "roof-%zu.dat", number);
    (void)snprintf(data, sizeof data, "%.9g %.9g\n%.9g %.9g\n", line.x0, line.y0, line.x1,
                   line.y1);
    return pb_gnuplot_write(gnuplot, name, data, err);
}

/* gnuplot's dashtypes, as style.gp defines them. */
static int dash_of(const struct pb_roof *roof)
{
    const bool is_cpu = strcmp(roof->place, "CPU") == 0;
    if (roof->is_peak)
        return is_cpu ? 1 : 4;
    return is_cpu ? 2 : 3;
}

/* ---- tags -------------------------------------------------------------------------- */

struct tag {
    double x, y;
    char text[TAG_BYTES];
};

struct tags {
    struct tag items[PB_ROOFS_MOST];
    size_t count;
};

/* "L2 283 GB/s", "GPU memory 3900 GB/s", "f32 avx512 x2: 377 GFLOP/s" */
static struct tag tag_of(const struct pb_roof *roof, double x, double y)
{
    struct tag tag = { .x = x, .y = y };
    const bool is_cpu = strcmp(roof->place, "CPU") == 0;
    const char *name = roof->name[0] ? roof->name : "";
    (void)snprintf(tag.text, sizeof tag.text,
                   roof->per_ns < 1000 ? "%s%s%s%s%.3g %s" : "%s%s%s%s%.0f %s",
                   is_cpu ? "" : roof->place, !is_cpu && name[0] ? " " : "", name,
                   is_cpu && !name[0] ? "" : (roof->is_bandwidth ? " " : ": "),
                   roof->per_ns, roof->is_bandwidth ? "GB/s" : "GFLOP/s");
    return tag;
}

static int by_height(const void *left, const void *right)
{
    const struct tag *a = left, *b = right;
    return (a->y < b->y) - (a->y > b->y);
}

/* At the right end of the level roofs, outside of the axes: from the top, each low enough
 * not to cover the one above. */
static void find_tags(const struct pb_roofs *roofs, const struct pb_roofline_axes *axes,
                      struct tags *out)
{
    const double step = exp(-TAG_HEIGHT / pb_roofline_up(axes));
    out->count = 0;
    for (size_t i = 0; i < roofs->count; i++)
        if (!roofs->items[i].is_bandwidth)
            out->items[out->count++] =
                tag_of(&roofs->items[i], axes->x_high, roofs->items[i].per_ns);
    qsort(out->items, out->count, sizeof out->items[0], by_height);
    for (size_t i = 1; i < out->count; i++)
        out->items[i].y = fmin(out->items[i].y, out->items[i - 1].y * step);
}

/* At the left end of the slanted roofs, along them. One that starts right above another
 * goes further up its line. */
static void find_slants(const struct pb_roofs *roofs, const struct pb_roofline_axes *axes,
                        struct tags *out)
{
    const double room = exp(TAG_HEIGHT * 1.5 / pb_roofline_up(axes));
    const double aside = exp(130 / pb_roofline_across(axes));
    out->count = 0;
    for (size_t i = 0; i < roofs->count; i++) {
        const struct pb_roof *roof = &roofs->items[i];
        if (!roof->is_bandwidth)
            continue;
        struct line line = line_of(roofs, roof, axes);
        for (size_t k = 0; k < i; k++) {
            const struct pb_roof *other = &roofs->items[k];
            const double ratio = other->per_ns / roof->per_ns;
            if (other->is_bandwidth && ratio < room && ratio > 1 / room)
                line.x0 *= aside;
        }
        out->items[out->count++] = tag_of(roof, line.x0, line.x0 * roof->per_ns);
    }
}

static void add_tags(const struct tags *tags, const char *array, struct pb_text *script)
{
    pb_text_addf(script, "N%sS = %zu\narray %s[%zu]\narray %s_X[%zu]\narray %s_Y[%zu]\n",
                 array, tags->count, array, tags->count + 1, array, tags->count + 1,
                 array, tags->count + 1);
    for (size_t i = 0; i < tags->count; i++) {
        pb_text_addf(script, "%s_X[%zu] = %.9g\n%s_Y[%zu] = %.9g\n", array, i + 1,
                     tags->items[i].x, array, i + 1, tags->items[i].y);
        pb_figure_element(script, array, i + 1, tags->items[i].text);
    }
}

/* ---- legend ------------------------------------------------------------------------ */

/* One entry per place: its roofs are all measured, or all the best seen. */
static void add_keys(const struct pb_roofs *roofs, struct pb_text *script)
{
    size_t count = 0;
    pb_text_addf(script, "array KEY[%d]\narray KEY_DASH[%d]\n", PB_ROOFS_MOST,
                 PB_ROOFS_MOST);
    for (size_t i = 0; i < roofs->count; i++) {
        const struct pb_roof *roof = &roofs->items[i];
        char name[96];
        if (i && !strcmp(roof->place, roofs->items[i - 1].place))
            continue;
        (void)snprintf(name, sizeof name, "%s: %s", roof->place,
                       roof->is_peak ? "measured peaks" : "best seen, no limit");
        pb_text_addf(script, "KEY_DASH[%zu] = %d\n", ++count, dash_of(roof));
        pb_figure_element(script, "KEY", count, name);
    }
    pb_text_addf(script, "NKEYS = %zu\n", count);
}

enum pb_status pb_roofs_write(const struct pb_roofs *roofs,
                              const struct pb_roofline_axes *axes,
                              const struct pb_gnuplot *gnuplot, struct pb_text *script,
                              struct pb_error *err)
{
    struct tags tags;
    enum pb_status status = PB_OK;
    size_t count = 0;
    pb_text_addf(script, "array ROOF_DASH[%d]\n", PB_ROOFS_MOST);
    for (size_t i = 0; !status && i < roofs->count; i++) {
        const struct line line = line_of(roofs, &roofs->items[i], axes);
        if (line.x0 >= line.x1)
            continue;
        status = write_line(line, ++count, gnuplot, err);
        pb_text_addf(script, "ROOF_DASH[%zu] = %d\n", count, dash_of(&roofs->items[i]));
    }
    pb_text_addf(script, "NROOFS = %zu\nANGLE = %.4g\n", count,
                 atan2(pb_roofline_up(axes), pb_roofline_across(axes)) * 180 / acos(-1));
    find_tags(roofs, axes, &tags);
    add_tags(&tags, "TAG", script);
    find_slants(roofs, axes, &tags);
    add_tags(&tags, "SLANT", script);
    add_keys(roofs, script);
    return status;
}

/* ---- notes ------------------------------------------------------------------------- */

/* "CPU best seen: 64.3 GB/s by simd avx512 (saxpy f32, n = 16 Ki)." */
static void explain_seen(const struct pb_roof *roof, struct pb_text *out)
{
    char label[256], n[32];
    const struct pb_point *at = roof->seen_at;
    pb_text_addf(out, "%s best seen%s%s: ", roof->place, roof->name[0] ? ", " : "",
                 roof->name);
    pb_text_addf(out, roof->per_ns < 1000 ? "%.3g %s" : "%.0f %s", roof->per_ns,
                 roof->is_bandwidth ? "GB/s" : "GFLOP/s");
    pb_text_addf(out, " by %s (%s %s, n = %s). ", pb_point_label(at, label, sizeof label),
                 at->kernel, at->dtype, pb_units_size((double)at->n, n, sizeof n));
}

/* A note for each place whose roofs were seen. */
static bool explain_all_seen(const struct pb_roofs *roofs, struct pb_notes *notes)
{
    struct pb_text note = PB_TEXT_INIT;
    bool has_any = false;
    for (size_t i = 0; i < roofs->count; i++) {
        const struct pb_roof *roof = &roofs->items[i];
        if (!roof->seen_at)
            continue;
        explain_seen(roof, &note);
        has_any = true;
        if (i + 1 < roofs->count && !strcmp(roof->place, roofs->items[i + 1].place))
            continue;
        pb_notes_add(notes, note.str);
        pb_text_clear(&note);
    }
    pb_text_release(&note);
    return has_any;
}

void pb_roofs_explain(const struct pb_roofs *roofs, struct pb_notes *notes)
{
    bool has_peaks = false;
    for (size_t i = 0; i < roofs->count; i++)
        has_peaks |= roofs->items[i].is_peak;
    if (has_peaks)
        pb_notes_add(notes,
                     "Measured peaks: what probes reached on this machine (parbench "
                     "peaks). x2: by two threads.");
    if (explain_all_seen(roofs, notes))
        pb_notes_add(notes, "\u201cBest seen\u201d is what some kernel of this file "
                            "reached, not a limit of the machine; parbench run --peaks "
                            "measures those.");
}
