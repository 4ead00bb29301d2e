#include "plots/axis.h"

#include "results/units.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

enum { MOST_SIZES = 9, MOST_DOUBLINGS = 12, FEW_DECADES = 2 };

static const char *print_tick(enum pb_axis_unit unit, double value, char *buf,
                              size_t bytes)
{
    switch (unit) {
    case PB_AXIS_SIZE:
        return pb_units_size(value, buf, bytes);
    case PB_AXIS_NS:
        return pb_units_ns_short(value, buf, bytes);
    case PB_AXIS_RATIO:
        (void)snprintf(buf, bytes, "%g\u00d7", value);
        return buf;
    case PB_AXIS_PLAIN:
        (void)snprintf(buf, bytes, "%g", value);
        return buf;
    }
    return "";
}

struct ticks {
    struct pb_text *script;
    const struct pb_axis *axis;
    bool has_any;
};

/* level 0 has a label, level 1 has none. */
static void add_tick(struct ticks *ticks, double value, int level)
{
    char label[32];
    if (value < ticks->axis->low * 0.999 || value > ticks->axis->high * 1.001)
        return;
    pb_text_addf(ticks->script, "%s'%s' %.9g %d", ticks->has_any ? ", " : "",
                 level ? "" : print_tick(ticks->axis->unit, value, label, sizeof label),
                 value, level);
    ticks->has_any = true;
}

/* Powers of two, every `step`-th with a label, counted from the anchor: sizes measured in
 * steps of four get their labels, not the sizes between them. */
static void add_doublings(struct ticks *ticks, int most)
{
    const int anchor = (int)lround(log2(ticks->axis->anchor));
    const int first = (int)floor(log2(ticks->axis->low));
    const int last = (int)ceil(log2(ticks->axis->high));
    int step = 1;
    while ((last - first) / step > most)
        step++;
    for (int power = first; power <= last; power++)
        add_tick(ticks, exp2(power), (power - anchor) % step ? 1 : 0);
}

/* Powers of ten; over few decades 2 and 5 are labelled too. */
static void add_decades(struct ticks *ticks)
{
    const int first = (int)floor(log10(ticks->axis->low));
    const int last = (int)ceil(log10(ticks->axis->high));
    const bool is_short = log10(ticks->axis->high / ticks->axis->low) < FEW_DECADES;
    for (int power = first; power <= last; power++)
        for (int digit = 1; digit < 10; digit++) {
            const bool is_main = digit == 1 || (is_short && (digit == 2 || digit == 5));
            add_tick(ticks, digit * pow(10, power), is_main ? 0 : 1);
        }
}

void pb_axis_ticks(struct pb_text *script, char which, const struct pb_axis *axis)
{
    struct ticks ticks = { .script = script, .axis = axis };
    const bool is_ratio = axis->unit == PB_AXIS_RATIO;
    pb_text_addf(script, "set %ctics (", which);
    if (axis->unit == PB_AXIS_SIZE ||
        (is_ratio && log2(axis->high / axis->low) <= MOST_DOUBLINGS))
        add_doublings(&ticks, MOST_SIZES);
    else
        add_decades(&ticks);
    pb_text_add(script, ")\n");
}
