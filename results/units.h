/* units.h - numbers for people: three significant digits and a unit. A leaf: it knows
 * nothing of records.
 *
 * Each function writes into buf (at least 32 bytes) and returns it. NAN gives "-".
 */
#ifndef PB_RESULTS_UNITS_H
#define PB_RESULTS_UNITS_H

#include <stddef.h>

/* "84.0 ns", "1.90 µs", "12.3 ms", "4.00 s", "1.50 min"; the micro sign is UTF-8. */
const char *pb_units_ns(double ns, char *buf, size_t bytes);
/* The same without trailing zeros, for the ticks of an axis: "50 µs". */
const char *pb_units_ns_short(double ns, char *buf, size_t bytes);
/* A problem size exactly: powers of two as "64 Ki", anything else as the plain number. */
const char *pb_units_count(double n, char *buf, size_t bytes);
/* A problem size, rounded, not necessarily a whole number: "96", "16 Ki", "20.1 Ki", "4
 * Mi". */
const char *pb_units_size(double n, char *buf, size_t bytes);

#endif
