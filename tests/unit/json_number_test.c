/* Numbers as text: read as strtod reads them, to the last bit. */
#include "results/json_number.h"

#include "results/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_as_strtod(const char *text)
{
    char padded[80];
    (void)snprintf(padded, sizeof padded, "%s,1", text);
    const char *end = NULL;
    char *wanted_end = NULL;
    const double number = pb_json_parse_number(padded, &end);
    const double wanted = strtod(padded, &wanted_end);
    if (memcmp(&number, &wanted, sizeof number) != 0)
        fail_msg("%s: %.17g instead of %.17g", text, number, wanted);
    assert_ptr_equal(end, wanted_end);
}

static void test_every_form_is_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "-0.0",
        "0.000",
        "1",
        "-1.5",
        "3088.5584677419356",
        "0.1",
        "9007199254740992",     /* 2^53 */
        "9007199254740993",     /* half way to the next double, which ends in 4 */
        "9007199254740993.0",   /* the same by division */
        "9007199254740993.001", /* a little above half way */
        "4503599627370496.5",   /* half way, to even: down */
        "4503599627370497.5",   /* half way, to even: up */
        "9999999999999999999",  /* 19 digits */
        "18446744073709551615", /* 20: 2^64 - 1 */
        "123456789012345678901234567890",
        "0.0000000000000000000000000001",      /* 10^-28: 5^28 exceeds 64 bits */
        "1.000000000000000000000000000000001", /* more digits than a double has */
        "1e0",
        "1E+22",
        "12.5e-3",
        "5e-324",
        "2e-324",
        "1.7976931348623157e308",
        "1e999",
        "-1e999",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_as_strtod(texts[i]);
}

/* `count` random digits with a point before the last k. */
static void make_number(char *text, size_t count, size_t k, uint64_t *random)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == count - k && i > 0)
            text[at++] = '.';
        text[at++] = (char)('0' + pb_random_next(random) % (i ? 10 : 9) + (i ? 0 : 1));
    }
    text[at] = '\0';
}

static void test_random_digits(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (size_t i = 0; i < 200000; i++) {
        char text[64];
        const size_t count = 1 + i % 21;
        make_number(text, count, (i / 21) % count, &random);
        assert_as_strtod(text);
    }
}

/* The exact middle between two doubles, where a wrong last bit of the quotient would
 * show. */
static void test_half_way(void **state)
{
    (void)state;
    uint64_t random = 2;
    for (size_t i = 0; i < 50000; i++) {
        char text[64];
        const uint64_t whole = ((uint64_t)1 << 52) | pb_random_next(&random) >> 12;
        (void)snprintf(text, sizeof text, "%llu.5", (unsigned long long)whole);
        assert_as_strtod(text);
        (void)snprintf(text, sizeof text, "%llu.%s", (unsigned long long)(whole / 8),
                       i % 2 ? "062" : "063"); /* beside it */
        assert_as_strtod(text);
    }
}

static void test_what_is_printed_reads_back(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (size_t i = 0; i < 100000; i++) {
        const uint64_t bits = pb_random_next(&random);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!(value - value == 0.0)) /* infinite or no number */
            continue;
        char text[32];
        const char *end = NULL;
        pb_json_print_number(text, sizeof text, value);
        assert_true(pb_json_parse_number(text, &end) == value);
        assert_int_equal(*end, '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form_is_read),
        cmocka_unit_test(test_random_digits),
        cmocka_unit_test(test_half_way),
        cmocka_unit_test(test_what_is_printed_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
