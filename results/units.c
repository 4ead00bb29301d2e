#include "results/units.h"

#include <math.h>
#include <stdio.h>

/* Decimals that leave three significant digits of a value in [1, 1000). */
static int decimals(double value)
{
    return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

struct scaled {
    double value;
    const char *unit;
};

static struct scaled scale_ns(double ns)
{
    /* 999.5 would print as "1000": it belongs to the next unit */
    if (ns < 999.5)
        return (struct scaled){ ns, "ns" };
    if (ns < 999.5e3)
        return (struct scaled){ ns / 1e3, "\u00b5s" };
    if (ns < 999.5e6)
        return (struct scaled){ ns / 1e6, "ms" };
    return (struct scaled){ ns / 1e9, "s" };
}

const char *pb_units_ns(double ns, char *buf, size_t bytes)
{
    const struct scaled s = scale_ns(ns);
    if (!isfinite(ns))
        (void)snprintf(buf, bytes, "-");
    else
        (void)snprintf(buf, bytes, "%.*f %s", decimals(s.value), s.value, s.unit);
    return buf;
}

const char *pb_units_ns_short(double ns, char *buf, size_t bytes)
{
    const struct scaled s = scale_ns(ns);
    if (!isfinite(ns))
        (void)snprintf(buf, bytes, "-");
    else
        (void)snprintf(buf, bytes, "%.3g %s", s.value, s.unit);
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
    const int digits = n == floor(n) ? 0 : decimals(n);
    (void)snprintf(buf, bytes, "%.*f%s", digits, n, units[unit]);
    return buf;
}
