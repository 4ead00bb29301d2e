#include "results/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

struct printed {
    double value;
    const char *text;
};

static void times(void **state)
{
    (void)state;
    static const struct printed cases[] = {
        { 0, "0 ns" },           { 0.125, "0.125 ns" },
        { 0.9996, "1.00 ns" },   { 1.25, "1.25 ns" },
        { 9.996, "10.0 ns" },    { 84, "84.0 ns" },
        { 99.96, "100 ns" },     { 999.4, "999 ns" },
        { 999.9, "1.00 µs" },    { 84e3, "84.0 µs" },
        { 999.6e3, "1.00 ms" },  { 1.25e6, "1.25 ms" },
        { 2e9, "2.00 s" },       { 59.94e9, "59.9 s" },
        { 59.96e9, "1.00 min" }, { 90e9, "1.50 min" },
        { 7200e9, "2.00 h" },    { 3.6e14, "100 h" },
        { -1.25e6, "-1.25 ms" }, { 1e-6, "1.00e-06 ns" },
        { (double)NAN, "-" },    { (double)INFINITY, "inf h" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[32];
        assert_ptr_equal(pb_units_ns(cases[i].value, buf, sizeof buf), buf);
        assert_string_equal(buf, cases[i].text);
    }
}

static void sizes(void **state)
{
    (void)state;
    static const struct printed cases[] = {
        { 0, "0" },           { 1, "1" },           { 512, "512" },
        { 1000, "1000" },     { 1024, "1 Ki" },     { 1025, "1025" },
        { 1536, "1536" },     { 65536, "64 Ki" },   { 0x1p20, "1 Mi" },
        { 0x1p29, "512 Mi" }, { 0x1p31, "2 Gi" },   { 51234.7, "51235" },
        { 1e15, "1e+15" },    { (double)NAN, "-" }, { 1000000, "1000000" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[32];
        pb_units_count(cases[i].value, buf, sizeof buf);
        assert_string_equal(buf, cases[i].text);
    }
}

/* Rounded, for estimates that are no whole numbers. */
static void estimates(void **state)
{
    (void)state;
    static const struct printed cases[] = {
        { 96, "96" },         { 16384, "16 Ki" },    { 20582.4, "20.1 Ki" },
        { 0x1p22, "4 Mi" },   { 1023.6, "1.00 Ki" }, { 123.4 * 1024, "123 Ki" },
        { (double)NAN, "-" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[32];
        assert_string_equal(pb_units_size(cases[i].value, buf, sizeof buf),
                            cases[i].text);
    }
}

static void ticks(void **state)
{
    (void)state;
    char buf[32];
    assert_string_equal(pb_units_ns_short(50e3, buf, sizeof buf), "50 \u00b5s");
    assert_string_equal(pb_units_ns_short(1, buf, sizeof buf), "1 ns");
    assert_string_equal(pb_units_ns_short(1e9, buf, sizeof buf), "1 s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times),
        cmocka_unit_test(sizes),
        cmocka_unit_test(estimates),
        cmocka_unit_test(ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
