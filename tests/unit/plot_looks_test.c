/* How curves and axes look: one colour per backend, ticks with units. */
#include "plots/style.h"

#include "plots/axis.h"
#include "tests/unit/plot_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_backend_has_one_colour(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve wide = fixture_simd;
    struct fixture_curve cpu_device = fixture_gpu;
    struct pb_slices slices;
    size_t order[5];
    wide.isa = "avx512";
    cpu_device.device = "Test CPU device";
    cpu_device.device_type = "cpu";
    const struct fixture_curve *const curves[] = { &fixture_scalar, &fixture_simd, &wide,
                                                   &cpu_device, &fixture_gpu };
    for (size_t i = 0; i < 5; i++)
        add_line(&f->record, curves[i], 1, 1);
    assert_int_equal(pb_slices_make(&f->record, &slices, NULL), PB_OK);
    assert_int_equal(slices.count, 1);
    assert_int_equal(slices.items[0].ncurves, 5);
    pb_style_order(&slices.items[0], order);
    const struct pb_style scalar = pb_style_of(&slices.items[0], order[0]);
    const struct pb_style narrow = pb_style_of(&slices.items[0], order[1]);
    const struct pb_style broad = pb_style_of(&slices.items[0], order[2]);
    const struct pb_style gpu = pb_style_of(&slices.items[0], order[3]);
    const struct pb_style cpu = pb_style_of(&slices.items[0], order[4]);
    assert_string_equal(slices.items[0].curves[order[0]].label, "scalar");
    assert_string_equal(narrow.colour, broad.colour);
    assert_int_not_equal(narrow.dash, broad.dash);
    assert_int_not_equal(narrow.shape, broad.shape);
    assert_string_not_equal(scalar.colour, narrow.colour);
    assert_string_not_equal(gpu.colour, cpu.colour);
    pb_slices_release(&slices);
}

static void ticks_carry_units(void **state)
{
    (void)state;
    struct pb_text script = PB_TEXT_INIT;
    const struct pb_axis sizes = { PB_AXIS_SIZE, 500, 9000, 512 };
    const struct pb_axis times = { PB_AXIS_NS, 900, 150e3, 1 };
    pb_axis_ticks(&script, 'x', &sizes);
    assert_string_equal(script.str,
                        "set xtics ('512' 512 0, '1 Ki' 1024 0, '2 Ki' 2048 0, "
                        "'4 Ki' 4096 0, '8 Ki' 8192 0)\n");
    pb_text_clear(&script);
    pb_axis_ticks(&script, 'y', &times);
    assert_non_null(strstr(script.str, "'1 \u00b5s' 1000 0"));
    assert_non_null(strstr(script.str, "'100 \u00b5s' 100000 0"));
    pb_text_release(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_backend_has_one_colour),
        cmocka_unit_test(ticks_carry_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
