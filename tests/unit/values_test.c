/* Values of options: counts, times and shares with their units, and the nearest name. */
#include "cmd/values.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_close(double got, double expected)
{
    assert_true(fabs(got - expected) <= 1e-12 * fabs(expected));
}

static void counts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t count;
    } good[] = {
        { "0", 0 },
        { "64", 64 },
        { "007", 7 },
        { "4Ki", 4096 },
        { "3Mi", 3145728 },
        { "2Gi", UINT64_C(2147483648) },
        { "5k", 5000 },
        { "1M", 1000000 },
        { "1G", 1000000000 },
        { "18446744073709551615", UINT64_MAX },
        { "17179869183Gi", UINT64_C(17179869183) << 30 },
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t count = 99;
        assert_int_equal(pb_parse_count(good[i].text, &count, NULL), PB_OK);
        assert_true(count == good[i].count);
    }
    static const char *const bad[] = { "",
                                       "Ki",
                                       "-1",
                                       "+1",
                                       "1.5k",
                                       "1e3",
                                       " 1",
                                       "1 ",
                                       "0x1",
                                       "1K",
                                       "1KiB",
                                       "1ki",
                                       "4 Ki",
                                       "18446744073709551616",
                                       "17179869184Gi" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t count = 99;
        assert_int_equal(pb_parse_count(bad[i], &count, NULL), PB_ERR_USAGE);
        assert_int_equal(count, 99); /* untouched */
    }
}

static void seconds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double seconds;
    } good[] = { { "10", 10 },    { "500ms", 0.5 }, { "1.5s", 1.5 },
                 { "2min", 120 }, { "1h", 3600 },   { ".5", 0.5 } };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double s = -1;
        assert_int_equal(pb_parse_seconds(good[i].text, &s, NULL), PB_OK);
        assert_close(s, good[i].seconds);
    }
    static const char *const bad[] = { "",    "0",     "0s", "-1", "+1", "inf", "nan",
                                       "0x8", "1e999", "ms", ".",  "1m", "1 s", " 1" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double s = -1;
        assert_int_equal(pb_parse_seconds(bad[i], &s, NULL), PB_ERR_USAGE);
        assert_true(s < 0);
    }
}

static void percents(void **state)
{
    (void)state;
    double share = -1;
    assert_int_equal(pb_parse_percent("2%", &share, NULL), PB_OK);
    assert_close(share, 0.02);
    assert_int_equal(pb_parse_percent("0.02", &share, NULL), PB_OK);
    assert_close(share, 0.02);
    assert_int_equal(pb_parse_percent("150%", &share, NULL), PB_OK);
    assert_close(share, 1.5);
    static const char *const bad[] = {
        "", "%", "0", "0%", "2", "1", "-2%", "2 %", "2%%"
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(pb_parse_percent(bad[i], &share, NULL), PB_ERR_USAGE);
    assert_close(share, 1.5);
}

static void nearest(void **state)
{
    (void)state;
    static const char *const names[] = { "kernels", "backends", "devices", "run" };
    static const struct {
        const char *text, *name;
    } cases[] = {
        { "kernel", "kernels" },  { "krenels", "kernels" },
        { "KERNELS", "kernels" }, { "backedns", "backends" },
        { "dev", "devices" },     { "device", "devices" },
        { "rum", "run" },         { "runn", "run" },
        { "urn", "run" },         { "de", NULL },
        { "xyz", NULL },          { "", NULL },
        { "completely", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = pb_nearest(cases[i].text, names, 4);
        if (cases[i].name)
            assert_string_equal(name ? name : "none", cases[i].name);
        else if (name)
            fail_msg("\"%s\" is not near %s", cases[i].text, name);
    }
    char endless[3000];
    memset(endless, 'k', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(pb_nearest(endless, names, 4));
    const char *const one[] = { endless };
    assert_null(pb_nearest("kkk", one, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),
        cmocka_unit_test(seconds),
        cmocka_unit_test(percents),
        cmocka_unit_test(nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
