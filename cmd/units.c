/* units.c - the human units of terminal.h. */
#include "cmd/terminal.h"

#include <math.h>
#include <stdlib.h>

struct unit {
    double factor; /* rising */
    const char *name;
};

/* value to 3 significant digits, by the one thing that rounds decimals right: printf. */
static double round_to_3(double value)
{
    char digits[32];
    (void)snprintf(digits, sizeof digits, "%.2e", value);
    return strtod(digits, NULL);
}

/* The unit is chosen after rounding: 999.9 ns are "1.00 µs", not "1000 ns". Where that
 * makes the difference, *magnitude becomes one of the unit. */
static const struct unit *choose(double *magnitude, const struct unit *units,
                                 size_t count)
{
    const struct unit *unit = units;
    for (; unit + 1 < units + count; unit++) {
        const double next = unit[1].factor;
        if (round_to_3(*magnitude / unit->factor) * unit->factor < next)
            break;
        *magnitude = *magnitude < next ? next : *magnitude;
    }
    return unit;
}

static const char *print_scaled(double value, const struct unit *units, size_t count,
                                const char *suffix, char *buf, size_t bytes)
{
    if (isnan(value)) {
        (void)snprintf(buf, bytes, "-");
        return buf;
    }
    double magnitude = fabs(value);
    const struct unit *unit = choose(&magnitude, units, count);
    magnitude = round_to_3(magnitude / unit->factor);
    const double scaled = copysign(magnitude, value);
    if (scaled == 0 || isinf(scaled))
        (void)snprintf(buf, bytes, "%g %s%s", scaled, unit->name, suffix);
    else if (magnitude < 1e-3 || magnitude >= 1e6)
        (void)snprintf(buf, bytes, "%.2e %s%s", scaled, unit->name, suffix);
    else {
        const int decimals = 2 - (int)floor(log10(magnitude));
        (void)snprintf(buf, bytes, "%.*f %s%s", decimals > 0 ? decimals : 0, scaled,
                       unit->name, suffix);
    }
    return buf;
}

const char *pb_print_ns(double ns, char *buf, size_t bytes)
{
    static const struct unit units[] = {
        { 1, "ns" },  { 1e3, "µs" },   { 1e6, "ms" },
        { 1e9, "s" }, { 60e9, "min" }, { 3600e9, "h" },
    };
    return print_scaled(ns, units, sizeof units / sizeof *units, "", buf, bytes);
}

const char *pb_print_rate(double per_s, const char *unit, char *buf, size_t bytes)
{
    static const struct unit units[] = {
        { 1, "" }, { 1e3, "k" }, { 1e6, "M" }, { 1e9, "G" }, { 1e12, "T" }, { 1e15, "P" },
    };
    char suffix[24];
    (void)snprintf(suffix, sizeof suffix, "%s/s", unit);
    return print_scaled(per_s, units, sizeof units / sizeof *units, suffix, buf, bytes);
}

const char *pb_print_count(double n, char *buf, size_t bytes)
{
    static const char *const prefixes[] = { "", " Ki", " Mi", " Gi", " Ti", " Pi" };
    int exponent;
    if (isnan(n)) {
        (void)snprintf(buf, bytes, "-");
    } else if (n >= 1024 && n < 0x1p60 && frexp(n, &exponent) == 0.5) {
        const int power = exponent - 1;
        (void)snprintf(buf, bytes, "%d%s", 1 << power % 10, prefixes[power / 10]);
    } else {
        (void)snprintf(buf, bytes, fabs(n) < 1e15 ? "%.0f" : "%.3g", n);
    }
    return buf;
}
