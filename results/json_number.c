#include "results/json_number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strtod takes four times as long as all else that is done for a sample: it is made for
 * numbers of any length, with multiple precision. What a result file holds is
 * [-]digits[.digits] with at most 17 significant digits, the integer w divided by 10^k.
 * Where w and 5^k fit into 64 bits, one division of 128 by 64 bits gives 63 or 64 bits of
 * the quotient, and its remainder tells whether anything follows them: all that rounding
 * needs to know (W. D. Clinger, "How to Read Floating Point Numbers Accurately", PLDI
 * 1990, section 3, with integers in place of his exact powers of ten, since 17 digits
 * exceed 2^53). The rest is left to strtod. */
#define DIGITS_MOST 19 /* 10^19 - 1 < 2^64 */

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide;

#define FIVES 28 /* 5^27 < 2^64 */
static const uint64_t powers_of_5[FIVES] = {
    1,
    5,
    25,
    125,
    625,
    3125,
    15625,
    78125,
    390625,
    1953125,
    9765625,
    48828125,
    244140625,
    1220703125,
    6103515625,
    30517578125,
    152587890625,
    762939453125,
    3814697265625,
    19073486328125,
    95367431640625,
    476837158203125,
    2384185791015625,
    11920928955078125,
    59604644775390625,
    298023223876953125,
    1490116119384765625,
    7450580596923828125,
};

/* 2^exponent, which is a normal double. */
static double power_of_2(int exponent)
{
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* w / 10^k, rounded once; k < FIVES. Both are shifted until their highest bit is set, so
 * that the quotient lies between 2^62 and 2^64. */
static double divide(uint64_t w, unsigned k)
{
    if (w == 0)
        return 0.0;
    const int shift_w = __builtin_clzll(w), shift_5 = __builtin_clzll(powers_of_5[k]);
    const wide dividend = (wide)(w << shift_w) << 63;
    const uint64_t divisor = powers_of_5[k] << shift_5;
    const uint64_t quotient = (uint64_t)(dividend / divisor);
    const bool is_exact = quotient * divisor == (uint64_t)dividend; /* modulo 2^64 */
    /* the lowest bit is far below those of a double: it only says that more follows */
    const double rounded = (double)(quotient | !is_exact);
    return rounded * power_of_2(shift_5 - shift_w - 63 - (int)k);
}

static bool is_divisible(unsigned k)
{
    return k < FIVES;
}
#else
/* Without such a division: what takes none. */
static double divide(uint64_t w, unsigned k)
{
    (void)k;
    return (double)w;
}

static bool is_divisible(unsigned k)
{
    return k == 0;
}
#endif

/* strtod expects the decimal point of the program's locale. */
static double parse_any(const char *text, const char **end)
{
    char copy[PB_JSON_NUMBER_MAX + 1];
    const size_t len = strspn(text, "+-.0123456789eE");
    const size_t count = len < sizeof copy ? len : sizeof copy - 1;
    memcpy(copy, text, count);
    copy[count] = '\0';
    char *point = strchr(copy, '.');
    if (point)
        *point = localeconv()->decimal_point[0];
    *end = text + len;
    return strtod(copy, NULL);
}

/* Appends the digits at p to *w and returns where they end. */
static const char *add_digits(const char *p, uint64_t *w)
{
    uint64_t sum = *w;
    for (; *p >= '0' && *p <= '9'; p++)
        sum = sum * 10 + (uint64_t)(*p - '0');
    *w = sum;
    return p;
}

double pb_json_parse_number(const char *text, const char **end)
{
    const bool is_negative = *text == '-';
    const char *digits = text + is_negative;
    uint64_t w = 0; /* meaningless beyond DIGITS_MOST */
    const char *p = add_digits(digits, &w);
    size_t count = (size_t)(p - digits), k = 0;
    if (*p == '.') {
        const char *fraction = p + 1;
        p = add_digits(fraction, &w);
        k = (size_t)(p - fraction);
        count += k;
    }
    if (*p == 'e' || *p == 'E' || count > DIGITS_MOST || !is_divisible((unsigned)k))
        return parse_any(text, end);
    *end = p;
    const double value = k ? divide(w, (unsigned)k) : (double)w;
    return is_negative ? -value : value;
}

void pb_json_print_number(char *text, size_t bytes, double value)
{
    if (value == floor(value) && fabs(value) < 9007199254740992.0) /* 2^53 */
        (void)snprintf(text, bytes, "%.0f", value);
    else
        (void)snprintf(text, bytes, "%.15g", value);
    if (strtod(text, NULL) != value)
        (void)snprintf(text, bytes, "%.*g", DBL_DECIMAL_DIG, value);
    char *comma = strchr(text, ','); /* the decimal point of some locales */
    if (comma)
        *comma = '.';
}
