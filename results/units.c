#include "results/units.h"

#include <math.h>
#include <stdio.h>
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
                                char *buf, size_t bytes)
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
        (void)snprintf(buf, bytes, "%g %s", scaled, unit->name);
    else if (magnitude < 1e-3 || magnitude >= 1e6)
        (void)snprintf(buf, bytes, "%.2e %s", scaled, unit->name);
    else {
        const int decimals = 2 - (int)floor(log10(magnitude));
        (void)snprintf(buf, bytes, "%.*f %s", decimals > 0 ? decimals : 0, scaled,
                       unit->name);
    }
    return buf;
}

static const struct unit time_units[] = {
    { 1, "ns" },  { 1e3, "\u00b5s" }, { 1e6, "ms" },
    { 1e9, "s" }, { 60e9, "min" },    { 3600e9, "h" },
};
#define TIME_UNITS (sizeof time_units / sizeof *time_units)

const char *pb_units_ns(double ns, char *buf, size_t bytes)
{
    return print_scaled(ns, time_units, TIME_UNITS, buf, bytes);
}

const char *pb_units_ns_short(double ns, char *buf, size_t bytes)
{
    double magnitude = fabs(ns);
    if (!isfinite(ns))
        return pb_units_ns(ns, buf, bytes);
    const struct unit *unit = choose(&magnitude, time_units, TIME_UNITS);
    (void)snprintf(buf, bytes, "%.3g %s", copysign(magnitude, ns) / unit->factor,
                   unit->name);
    return buf;
}

const char *pb_units_size(double n, char *buf, size_t bytes)
{
    static const char *const units[] = { "", " Ki", " Mi", " Gi", " Ti" };
    if (!isfinite(n)) {
        (void)snprintf(buf, bytes, "-");
        return buf;
    }
    size_t unit = 0;
    while (n >= 1023.5 && unit + 1 < sizeof units / sizeof *units) {
        n /= 1024;
        unit++;
    }
    const int digits = n == floor(n) || n >= 99.95 ? 0 : n < 9.995 ? 2 : 1;
    (void)snprintf(buf, bytes, "%.*f%s", digits, n, units[unit]);
    return buf;
}

const char *pb_units_count(double n, char *buf, size_t bytes)
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
