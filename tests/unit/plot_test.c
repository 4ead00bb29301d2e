/* The figures of a file: that gnuplot draws them, and what is told where it cannot. */
#include "plots/plot.h"

#include "plots/gnuplot.h"
#include "results/codec.h"
#include "tests/unit/plot_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void without_gnuplot_nothing_is_left(void **state)
{
    struct fixture *f = *state;
    struct pb_error err = { .text = "" };
    struct pb_plot_list made;
    const struct pb_plot_options options = { .folder = f->pictures,
                                             .svg = true,
                                             .gnuplot = "no-such-gnuplot" };
    add_line(&f->record, &fixture_scalar, 1, 1);
    assert_int_equal(draw(f, &options, &made, &err), PB_ERR_ENVIRONMENT);
    assert_string_equal(err.text,
                        "no-such-gnuplot not found: apt-get install gnuplot-nox");
    assert_int_equal(access(f->pictures, F_OK), -1);
    assert_int_equal(count_files(f->temporary), 0);
    assert_int_equal(made.count, 0);
}

static void a_failing_gnuplot_is_reported(void **state)
{
    struct fixture *f = *state;
    struct pb_error err = { .text = "" };
    struct pb_gnuplot gnuplot;
    if (!have("gnuplot"))
        skip();
    assert_int_equal(pb_gnuplot_open(NULL, &gnuplot, &err), PB_OK);
    assert_int_equal(pb_gnuplot_write(&gnuplot, "bad.gp", "plot nonsense(\n", &err),
                     PB_OK);
    assert_int_equal(pb_gnuplot_run(&gnuplot, "bad.gp", &err), PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "gnuplot failed"));
    assert_non_null(strstr(err.text, "bad.gp"));
    assert_null(strchr(err.text, '\n'));
    pb_gnuplot_close(&gnuplot);
    assert_int_equal(count_files(f->temporary), 0);
}

static void the_figures_of_a_file_are_drawn(void **state)
{
    struct fixture *f = *state;
    static const char *const figures[] = {
        "matmul-f32-time",      "matmul-f32-speedup",    "matmul-f32-gflops",
        "matmul-f32-phases",    "matmul-f32-break-even", "saxpy-f32-time",
        "saxpy-f32-speedup",    "saxpy-f32-bandwidth",   "saxpy-f32-phases",
        "saxpy-f32-break-even", "crossover-map",         "roofline",
    };
    enum { FIGURES = sizeof figures / sizeof *figures };
    struct pb_error err = { .text = "" };
    struct pb_plot_list made;
    const struct pb_plot_options options = { .folder = f->pictures,
                                             .svg = true,
                                             .png = true };
    if (!have("gnuplot"))
        skip();
    pb_record_release(&f->record);
    assert_int_equal(pb_record_read("tests/data/synthetic_gpu.json", &f->record, &err),
                     PB_OK);
    if (draw(f, &options, &made, &err))
        fail_msg("%s", err.text);
    assert_int_equal(made.count, 2 * FIGURES);
    for (size_t i = 0; i < FIGURES; i++) {
        char want[512];
        (void)snprintf(want, sizeof want, "%s/%s.svg", f->pictures, figures[i]);
        assert_string_equal(made.files[2 * i], want);
        (void)snprintf(want, sizeof want, "%s/%s.png", f->pictures, figures[i]);
        assert_string_equal(made.files[2 * i + 1], want);
        char *png = read_whole(made.files[2 * i + 1]);
        assert_memory_equal(png, "\x89PNG", 4);
        free(png);
    }
    assert_int_equal(count_files(f->pictures), 2 * FIGURES);
    assert_int_equal(count_files(f->temporary), 0);
    char *svg = read_whole(made.files[0]);
    assert_non_null(strstr(svg, "matmul f32: time per call"));
    assert_non_null(strstr(svg, "Synthetic CPU, 2 cores"));
    assert_non_null(strstr(svg, "opencl gpu resident"));
    assert_non_null(strstr(svg, "openmp x2 pays from n = "));
    assert_non_null(strstr(svg, "folk rule for GPUs: 50\u2013100 \u00b5s"));
    assert_non_null(strstr(svg, "10 \u00b5s"));
    free(svg);
    pb_plot_list_release(&made);
}

/* Two kernels whose names become the same file name must not share a file. */
static void no_figure_replaces_another(void **state)
{
    struct fixture *f = *state;
    struct pb_error err = { .text = "" };
    struct pb_plot_list made;
    const struct pb_plot_options options = { .folder = f->pictures, .svg = true };
    if (!have("gnuplot"))
        skip();
    add_line(&f->record, &fixture_scalar, 1, 1);
    add_line(&f->record, &fixture_scalar, 1, 1);
    for (size_t i = 0; i < f->record.npoints; i++)
        assert_true(pb_set(&f->record.points[i].kernel,
                           i < f->record.npoints / 2 ? "a b" : "a/b"));
    if (draw(f, &options, &made, &err))
        fail_msg("%s", err.text);
    assert_int_equal(made.count, 5); /* time and bandwidth of each, and roofline */
    assert_int_equal(count_files(f->pictures), 5);
    assert_non_null(strstr(made.files[0], "/a_b-f32-time.svg"));
    assert_non_null(strstr(made.files[2], "/a_b-f32-2-time.svg"));
    pb_plot_list_release(&made);
}

static void a_record_without_points_has_no_figures(void **state)
{
    struct fixture *f = *state;
    struct pb_error err = { .text = "" };
    struct pb_plot_list made;
    const struct pb_plot_options options = { .folder = f->pictures, .svg = true };
    if (!have("gnuplot"))
        skip();
    assert_int_equal(draw(f, &options, &made, &err), PB_OK);
    assert_int_equal(made.count, 0);
    assert_int_equal(access(f->pictures, F_OK), -1);
    pb_plot_list_release(&made);
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    struct fixture *f = *state;
    struct pb_error err = { .text = "" };
    struct pb_plot_list made;
    const struct pb_plot_options options = { .folder = "/dev/null/x", .svg = true };
    if (!have("gnuplot"))
        skip();
    add_line(&f->record, &fixture_scalar, 1, 1);
    assert_int_equal(draw(f, &options, &made, &err), PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "/dev/null"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_gnuplot_nothing_is_left),
        TEST(a_failing_gnuplot_is_reported),
        TEST(the_figures_of_a_file_are_drawn),
        TEST(no_figure_replaces_another),
        TEST(a_record_without_points_has_no_figures),
        TEST(a_folder_that_cannot_be_made_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
