/* What a comparison says of crossovers that moved. */
#include "results/compare.h"

#include "compare_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#include <cmocka.h>

/* A point with an estimate and no pairs, as a curve of `backend` needs. */
static void add_curve_point(struct pb_record *record, const char *backend, uint64_t n,
                            double ns)
{
    struct pb_point point;
    make_point(&point, "curve", n);
    set(&point.backend, backend);
    point.time.ns = (struct pb_estimate){ ns, 0.99 * ns, 1.01 * ns };
    assert_int_equal(pb_record_add(record, &point, NULL), PB_OK);
}

/* simd overtakes scalar between crossing and the size above it; 0: nowhere. */
static void add_curves(struct pb_record *record, uint64_t crossing)
{
    for (uint64_t n = 64; n <= 65536; n *= 4) {
        const bool is_above = crossing && n > crossing;
        add_curve_point(record, "scalar", n, (double)n);
        add_curve_point(record, "simd", n, (is_above ? 0.5 : 2.0) * (double)n);
    }
    pb_record_sort(record);
}

static void check_crossing(uint64_t before, uint64_t after, size_t count,
                           enum pb_crossing_change change)
{
    struct session s;
    struct pb_comparison c;
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    add_curves(&s.old_record, before);
    add_curves(&s.new_record, after);
    compare(&s, &c);
    assert_int_equal(c.ncrossings, count);
    if (count) {
        assert_int_equal(c.crossings[0].change, change);
        assert_string_equal(c.crossings[0].kernel, "curve");
        assert_non_null(c.crossings[0].old_text);
    }
    assert_int_equal(c.result, PB_COMPARE_PASS); /* information only */
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_crossovers_that_moved(void **state)
{
    (void)state;
    check_crossing(256, 256, 0, PB_CROSSING_MOVED);
    check_crossing(64, 16384, 1, PB_CROSSING_MOVED);
    check_crossing(256, 0, 1, PB_CROSSING_GONE);
    check_crossing(0, 256, 1, PB_CROSSING_APPEARED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crossovers_that_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
