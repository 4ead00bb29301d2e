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
    enum pb_axis_unit unit;
    double low, high;
    bool has_any;
};

/* level 0 has a label, level 1 has none. */
static void add_tick(struct ticks *ticks, double value, int level)
{
    char label[32];
    if (value < ticks->low * 0.999 || value > ticks->high * 1.001)
        return;
    pb_text_addf(ticks->script, "%s'%s' %.9g %d", ticks->has_any ? ", " : "",
                 level ? "" : print_tick(ticks->unit, value, label, sizeof label), value,
                 level);
    ticks->has_any = true;
}

/* Powers of two, every `step`-th with a label. */
static void add_doublings(struct ticks *ticks, int most)
{
    const int first = (int)floor(log2(ticks->low));
    const int last = (int)ceil(log2(ticks->high));
    int step = 1;
    while ((last - first) / step > most)
        step++;
    for (int power = first; power <= last; power++)
        add_tick(ticks, exp2(power), power % step ? 1 : 0);
}

/* Powers of ten; over few decades 2 and 5 are labelled too. */
static void add_decades(struct ticks *ticks)
{
    const int first = (int)floor(log10(ticks->low));
    const int last = (int)ceil(log10(ticks->high));
    const bool is_short = log10(ticks->high / ticks->low) < FEW_DECADES;
    for (int power = first; power <= last; power++)
        for (int digit = 1; digit < 10; digit++) {
            const bool is_main = digit == 1 || (is_short && (digit == 2 || digit == 5));
            add_tick(ticks, digit * pow(10, power), is_main ? 0 : 1);
        }
}

void pb_axis_ticks(struct pb_text *script, char which, enum pb_axis_unit unit, double low,
                   double high)
{
    struct ticks ticks = { .script = script, .unit = unit, .low = low, .high = high };
    pb_text_addf(script, "set %ctics (", which);
    if (unit == PB_AXIS_SIZE)
        add_doublings(&ticks, MOST_SIZES);
    else if (unit == PB_AXIS_RATIO && log2(high / low) <= MOST_DOUBLINGS)
        add_doublings(&ticks, MOST_SIZES);
    else
        add_decades(&ticks);
    pb_text_add(script, ")\n");
}
