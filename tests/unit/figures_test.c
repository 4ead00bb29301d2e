/* The numbers behind the figures of a whole file: who wins where, rooflines, reuse. */
#include "plots/map.h"
#include "plots/reuse.h"
#include "plots/roofline.h"
#include "tests/unit/curves_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct pb_record record;
    struct pb_crossover_report report;
    struct pb_slices slices;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ .slices.count = 0 };
    pb_record_init(&fixture.record);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    pb_slices_release(&f->slices);
    pb_crossover_report_release(&f->report);
    pb_record_release(&f->record);
    return 0;
}

static void analyse(struct fixture *f)
{
    pb_record_sort(&f->record);
    assert_int_equal(pb_crossover_analyse(&f->record, &f->report, NULL), PB_OK);
    assert_int_equal(pb_slices_make(&f->record, &f->slices, NULL), PB_OK);
}

static void add_line(struct fixture *f, const struct fixture_curve *curve, double fixed,
                     double slope, double spread)
{
    for (uint64_t n = 256; n <= 1 << 20; n *= 4)
        assert_non_null(
            fixture_add(&f->record, curve, n, fixed + slope * (double)n, spread));
}

static const char *winner(const struct pb_map_row *row, size_t cell)
{
    assert_int_equal(row->cells[cell].nwinners, 1);
    return row->slice->curves[row->cells[cell].winners[0]].label;
}

static void assert_close(double seen, double want)
{
    if (!(fabs(seen - want) <= 1e-9 * fabs(want)))
        fail_msg("%.12g, wanted %.12g", seen, want);
}

/* ---- map --------------------------------------------------------------------------- */

static void cells_meet_at_the_crossing(void **state)
{
    struct fixture *f = *state;
    struct pb_map map;
    add_line(f, &fixture_simd, 1, 1, 1.01);
    add_line(f, &fixture_openmp, 3000, 0.5, 1.01);
    analyse(f);
    assert_int_equal(pb_map_make(&f->slices, &f->report, &map, NULL), PB_OK);
    assert_int_equal(map.nrows, 1);
    const struct pb_map_row *row = &map.rows[0];
    assert_false(row->is_resident);
    assert_int_equal(row->nmarks, 1);
    assert_int_equal(row->ncells, 2);
    assert_string_equal(winner(row, 0), "simd avx2");
    assert_string_equal(winner(row, 1), "openmp x2");
    assert_close(row->cells[0].to_n, row->marks[0]->n.estimate);
    assert_close(row->cells[1].from_n, row->cells[0].to_n);
    /* half a step of 4 beyond the sizes measured */
    assert_close(row->cells[0].from_n, 128);
    assert_close(row->cells[1].to_n, 2 << 20);
    pb_map_release(&map);
}

static void where_nobody_can_tell_all_are_named(void **state)
{
    struct fixture *f = *state;
    struct pb_map map;
    add_line(f, &fixture_simd, 1, 1, 1.2);
    add_line(f, &fixture_openmp, 1, 1.1, 1.2);
    analyse(f);
    assert_int_equal(pb_map_make(&f->slices, &f->report, &map, NULL), PB_OK);
    assert_int_equal(map.nrows, 1);
    assert_int_equal(map.rows[0].ncells, 1);
    assert_int_equal(map.rows[0].cells[0].nwinners, 2);
    assert_int_equal(map.rows[0].nmarks, 0);
    pb_map_release(&map);
}

static void resident_data_has_rows_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct pb_map map;
    struct fixture_curve resident = fixture_gpu;
    resident.residency = "resident";
    add_line(f, &fixture_simd, 1, 1, 1.01);
    add_line(f, &fixture_gpu, 1e7, 1, 1.01);
    add_line(f, &resident, 5000, 0.01, 1.01);
    analyse(f);
    assert_int_equal(pb_map_make(&f->slices, &f->report, &map, NULL), PB_OK);
    assert_int_equal(map.nrows, 2);
    assert_false(map.rows[0].is_resident);
    assert_true(map.rows[1].is_resident);
    assert_int_equal(map.rows[0].ncells, 1);
    assert_string_equal(winner(&map.rows[0], 0), "simd avx2");
    const size_t last = map.rows[1].ncells - 1;
    assert_non_null(strstr(winner(&map.rows[1], last), "opencl gpu"));
    pb_map_release(&map);
}

static void a_wrong_result_wins_nowhere(void **state)
{
    struct fixture *f = *state;
    struct pb_map map;
    add_line(f, &fixture_scalar, 1, 2, 1.01);
    for (uint64_t n = 256; n <= 1 << 20; n *= 4)
        fixture_add(&f->record, &fixture_simd, n, 1, 1.01)->status = PB_OUTCOME_WRONG;
    analyse(f);
    assert_int_equal(pb_map_make(&f->slices, &f->report, &map, NULL), PB_OK);
    for (size_t i = 0; i < map.rows[0].ncells; i++)
        assert_string_equal(winner(&map.rows[0], i), "scalar");
    pb_map_release(&map);
}

/* ---- roofline ---------------------------------------------------------------------- */

static void a_mark_is_the_best_size_and_the_largest(void **state)
{
    struct fixture *f = *state;
    struct pb_roofline r;
    /* 12 bytes and 2 operations per item */
    assert_non_null(fixture_add(&f->record, &fixture_simd, 1000, 100, 1.01));
    assert_non_null(fixture_add(&f->record, &fixture_simd, 1000000, 1200000, 1.01));
    assert_non_null(fixture_add(&f->record, &fixture_gpu, 1000000, 12000, 1.01));
    fixture_add(&f->record, &fixture_scalar, 1000, 1, 1.01)->status = PB_OUTCOME_WRONG;
    analyse(f);
    assert_int_equal(pb_roofline_make(&f->slices, &r, NULL), PB_OK);
    assert_int_equal(r.nmarks, 2);
    assert_int_equal(r.marks[1].best->n, 1000);
    assert_int_equal(r.marks[1].largest->n, 1000000);
    assert_close(pb_roofline_intensity(r.marks[1].best), 1.0 / 6);
    pb_roofline_release(&r);
}

static void what_does_not_compute_has_no_mark(void **state)
{
    struct fixture *f = *state;
    struct pb_roofline r;
    add_line(f, &fixture_simd, 1, 1, 1.01);
    for (size_t i = 0; i < f->record.npoints; i++)
        f->record.points[i].flops = i % 2 ? 0 : (double)NAN;
    analyse(f);
    assert_int_equal(pb_roofline_make(&f->slices, &r, NULL), PB_OK);
    assert_int_equal(r.nmarks, 0);
    assert_int_equal(r.nleft_out, 1);
    pb_roofline_release(&r);
}

/* ---- reuse ------------------------------------------------------------------------- */

static void reuse_meets_the_cpu_between_both_ends(void **state)
{
    struct fixture *f = *state;
    struct pb_reuse reuse;
    struct fixture_curve resident = fixture_gpu;
    resident.residency = "resident";
    assert_non_null(fixture_add(&f->record, &fixture_simd, 1024, 300, 1.001));
    assert_non_null(fixture_add(&f->record, &fixture_gpu, 1024, 1100, 1.001));
    assert_non_null(fixture_add(&f->record, &resident, 1024, 100, 1.001));
    analyse(f);
    assert_true(pb_reuse_find(&f->slices.items[0], &reuse));
    assert_int_equal(reuse.npanels, 1);
    assert_string_equal(reuse.panels[0].cpu_label, "simd avx2");
    assert_close(reuse.panels[0].meet, 5);
    assert_int_equal(reuse.panels[0].even.verdict, PB_REUSE_FROM);
    assert_close(pb_reuse_ns(&reuse.panels[0], 1), 1100);
    assert_close(pb_reuse_ns(&reuse.panels[0], 5), 300);
}

static void what_never_pays_meets_nobody(void **state)
{
    struct fixture *f = *state;
    struct pb_reuse reuse;
    struct fixture_curve resident = fixture_gpu;
    resident.residency = "resident";
    add_line(f, &fixture_simd, 1, 1, 1.01);
    add_line(f, &fixture_gpu, 1e9, 1, 1.01);
    add_line(f, &resident, 1e8, 1, 1.01);
    analyse(f);
    assert_true(pb_reuse_find(&f->slices.items[0], &reuse));
    assert_int_equal(reuse.npanels, PB_REUSE_PANELS); /* of 7 sizes, with both ends */
    assert_int_equal(reuse.panels[0].n, 256);
    assert_int_equal(reuse.panels[PB_REUSE_PANELS - 1].n, 1 << 20);
    for (size_t i = 0; i < reuse.npanels; i++) {
        assert_true(isnan(reuse.panels[i].meet));
        assert_int_equal(reuse.panels[i].even.verdict, PB_REUSE_NEVER);
        assert_true(!i || reuse.panels[i].n > reuse.panels[i - 1].n);
    }
}

static void without_a_device_there_is_no_reuse(void **state)
{
    struct fixture *f = *state;
    struct pb_reuse reuse;
    add_line(f, &fixture_simd, 1, 1, 1.01);
    add_line(f, &fixture_gpu, 1, 1, 1.01); /* always alone */
    analyse(f);
    assert_false(pb_reuse_find(&f->slices.items[0], &reuse));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells_meet_at_the_crossing, setup, teardown),
        cmocka_unit_test_setup_teardown(where_nobody_can_tell_all_are_named, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(resident_data_has_rows_of_its_own, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_wrong_result_wins_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown(a_mark_is_the_best_size_and_the_largest, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_does_not_compute_has_no_mark, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(reuse_meets_the_cpu_between_both_ends, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_never_pays_meets_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_device_there_is_no_reuse, setup,
                                        teardown),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
