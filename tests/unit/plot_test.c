/* Plots: that gnuplot draws them, and that nothing from a file becomes a command. */
#include "plots/plot.h"

#include "plots/axis.h"
#include "plots/gnuplot.h"
#include "plots/script.h"
#include "plots/style.h"
#include "results/codec.h"
#include "tests/unit/curves_fixture.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char *folder;    /* owned; of this test */
    char *temporary; /* owned; TMPDIR meanwhile */
    char *pictures;  /* owned; does not exist yet */
    char *canary;    /* owned; a file that nothing may make */
    struct pb_record record;
};

static void remove_all(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        (void)closedir(dir);
    (void)rmdir(folder);
}

static size_t count_files(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    while (dir && readdir(dir))
        count++;
    if (dir)
        (void)closedir(dir);
    return count > 2 ? count - 2 : 0;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    *state = f;
    if (!f || !(f->folder = strdup("/tmp/parbench-test-XXXXXX")) || !mkdtemp(f->folder))
        return -1;
    f->temporary = pb_text_format("%s/tmp", f->folder);
    f->pictures = pb_text_format("%s/a/b", f->folder);
    f->canary = pb_text_format("%s/canary", f->folder);
    if (!f->temporary || !f->pictures || !f->canary || mkdir(f->temporary, 0700) != 0)
        return -1;
    pb_record_init(&f->record);
    return setenv("TMPDIR", f->temporary, 1);
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    remove_all(f->pictures);
    f->pictures[strlen(f->pictures) - 2] = '\0'; /* DIR/a */
    remove_all(f->pictures);
    remove_all(f->temporary);
    remove_all(f->folder);
    pb_record_release(&f->record);
    free(f->folder);
    free(f->temporary);
    free(f->pictures);
    free(f->canary);
    free(f);
    return unsetenv("TMPDIR");
}

static bool have(const char *program)
{
    char command[64];
    (void)snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    return system(command) == 0;
}

static enum pb_status draw(struct fixture *f, const struct pb_plot_options *options,
                           struct pb_plot_list *made, struct pb_error *err)
{
    struct pb_crossover_report report;
    pb_record_sort(&f->record);
    assert_int_equal(pb_crossover_analyse(&f->record, &report, err), PB_OK);
    const enum pb_status status = pb_plot_all(&f->record, &report, options, made, err);
    pb_crossover_report_release(&report);
    return status;
}

static char *read_whole(const char *file)
{
    FILE *in = fopen(file, "rb");
    struct pb_text text = PB_TEXT_INIT;
    char chunk[4096];
    size_t got;
    assert_non_null(in);
    while ((got = fread(chunk, 1, sizeof chunk, in)) > 0)
        pb_text_add_bytes(&text, chunk, got);
    (void)fclose(in);
    return pb_text_take(&text);
}

/* ---- strings ---- */

static void assert_quoted(const char *str, const char *want)
{
    struct pb_text script = PB_TEXT_INIT;
    pb_script_string(&script, str, 40);
    assert_string_equal(script.str, want);
    pb_text_release(&script);
}

static void strings_are_single_quoted(void **state)
{
    (void)state;
    assert_quoted("plain", "'plain'");
    assert_quoted(NULL, "''");
    assert_quoted("it's", "'it\u2019s'");
    assert_quoted("'; system('x') #", "'\u2019; system(\u2019x\u2019) #'");
    assert_quoted("a\nb\rc\td\033e\177f", "'a b c d e f'");
    assert_quoted("`x` $(x) \"x\" @x \\x", "'`x` $(x) \"x\" @x \\x'");
    assert_quoted("\u00b5s \u20ac \U0001f600", "'\u00b5s \u20ac \U0001f600'");
}

static void what_is_not_text_becomes_a_question_mark(void **state)
{
    (void)state; /* question marks apart: two and a quote would be a trigraph */
    assert_quoted("a\xff\xfe", "'a?"
                               "?'");
    assert_quoted("\xc0\xa7", "'?"
                              "?'"); /* an overlong quote */
    assert_quoted("\xe2\x82", "'?"
                              "?'"); /* cut short */
    assert_quoted("\xed\xa0\x80", "'?"
                                  "?"
                                  "?'"); /* a surrogate */
    assert_quoted("\xef\xbf\xbf", "'?"
                                  "?"
                                  "?'"); /* U+FFFF: not in XML */
    assert_quoted("\xc2\x85x", "'?"
                               "?x'"); /* a control character above 0x7f */
    assert_quoted("\xf5\x80\x80\x80", "'?"
                                      "?"
                                      "?"
                                      "?'"); /* above U+10FFFF */
}

static void a_string_never_ends_a_cdata_section(void **state)
{
    (void)state;
    assert_quoted("a]]>b", "'a]]?b'");
    assert_quoted("]>]", "']>]'");
}

static void long_strings_are_cut_at_characters(void **state)
{
    (void)state;
    struct pb_text script = PB_TEXT_INIT;
    pb_script_string(&script, "\u00b5\u00b5\u00b5\u00b5", 3);
    assert_string_equal(script.str, "'\u00b5\u00b5\u00b5\u2026'");
    pb_text_clear(&script);
    pb_script_string(&script, "\u00b5\u00b5\u00b5", 3);
    assert_string_equal(script.str, "'\u00b5\u00b5\u00b5'");
    pb_text_release(&script);
}

static void file_names_hold_nothing_special(void **state)
{
    (void)state;
    struct pb_text name = PB_TEXT_INIT;
    pb_script_file_name(&name, "../a b/'c'|<\u00b5>-d_9");
    assert_string_equal(name.str, "___a_b__c______-d_9");
    pb_text_release(&name);
}

/* ---- looks ---- */

static void add_line(struct pb_record *record, const struct fixture_curve *curve,
                     double fixed_ns, double ns_per_item)
{
    for (uint64_t n = 256; n <= 1 << 20; n *= 16)
        assert_non_null(
            fixture_add(record, curve, n, fixed_ns + ns_per_item * (double)n, 1.05));
}

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

/* ---- drawing ---- */

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

/* ---- nothing from a file becomes a command ---- */

/* %s is the canary's path: whoever runs one of these makes that file. */
static const char *const holes[] = {
    "`touch %s`",
    "$(touch %s)",
    "'; system(\"touch %s\") #",
    "x'; system('touch %s'); y='",
    "x''; system('touch %s') #",
    "a\nsystem('touch %s')\n",
    "a\r\n!touch %s\r\n",
    "\n!touch %s\n",
    "'\n!touch %s\n",
    "<touch %s",
    "< touch %s",
    "|touch %s",
    "'|touch %s'",
    "\"; system(\"touch %s\") #",
    "\\\"`touch %s`",
    "\\'; system('touch %s') #",
    "\\140touch %s\\140",
    "@a `touch %s`",
    "\nEOD\n!touch %s\n",
    "\x1b]0;x\x07\n!touch %s",
    "\xff'\n!touch %s\xfe",
    "\xc0\xa7; system('touch %s') #",
    "]]></text><script>%s</script><!-- & \" -->",
    "%%s%%n%%d {/Symbol a}_b^c %s",
    "../../%s",
};

static void poison(struct pb_record *record, const char *text)
{
    struct pb_machine *machine = &record->machine;
    bool good = pb_set(&record->version, text) && pb_set(&record->started, text) &&
                pb_set(&record->git, text) && pb_set(&record->rigor, text) &&
                pb_set(&machine->cpu, text) && pb_set(&machine->os, text);
    for (size_t i = 0; good && i < record->npoints; i++) {
        struct pb_point *p = &record->points[i];
        good = pb_set(&p->kernel, text) && pb_set(&p->dtype, text) &&
               pb_set(&p->cache, text) && pb_set(&p->variant, text) &&
               pb_set(&p->host_memory, text) &&
               (p->device ? pb_set(&p->device, text)
                          : p->workers == 1 || pb_set(&p->backend, text)) &&
               (!p->isa || !strcmp(p->isa, "scalar") || pb_set(&p->isa, text));
    }
    assert_true(good);
}

static void assert_well_formed(const char *file)
{
    char *command = pb_text_format("xmllint --noout '%s'", file);
    assert_non_null(command);
    if (system(command) != 0)
        fail_msg("%s is not well-formed XML", file);
    free(command);
}

static void attack(struct fixture *f, const char *hole, bool has_xmllint)
{
    struct pb_error err = { .text = "" };
    struct pb_plot_list made;
    const struct pb_plot_options options = { .folder = f->pictures, .svg = true };
    struct fixture_curve resident = fixture_gpu;
    char text[512];
    resident.residency = "resident";
    pb_record_release(&f->record);
    pb_record_init(&f->record);
    add_line(&f->record, &fixture_scalar, 10, 1);
    add_line(&f->record, &fixture_simd, 20, 0.25);
    add_line(&f->record, &fixture_openmp, 1000, 0.2); /* becomes a strange backend */
    add_line(&f->record, &fixture_gpu, 20e3, 0.01);
    add_line(&f->record, &resident, 9e3, 0.001);
    for (size_t i = 0; i < f->record.npoints; i++)
        f->record.points[i].phases.launch = 5e3;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)snprintf(text, sizeof text, hole, f->canary);
#pragma GCC diagnostic pop
    poison(&f->record, text);
    if (draw(f, &options, &made, &err))
        fail_msg("%s: %s", hole, err.text);
    if (access(f->canary, F_OK) == 0)
        fail_msg("executed: %s", hole);
    assert_int_equal(made.count, 7); /* all figures, in spite of everything */
    assert_int_equal(count_files(f->pictures), 7);
    for (size_t i = 0; i < made.count; i++) {
        const char *name = made.files[i] + strlen(f->pictures) + 1;
        assert_null(strpbrk(name, "/'\"`$|<> \n"));
        if (has_xmllint)
            assert_well_formed(made.files[i]);
    }
    pb_plot_list_release(&made);
    remove_all(f->pictures);
}

static void strings_of_a_file_are_never_commands(void **state)
{
    struct fixture *f = *state;
    if (!have("gnuplot"))
        skip();
    const bool has_xmllint = have("xmllint");
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++)
        attack(f, holes[i], has_xmllint);
}

/* The test above can fail: a string that is not quoted does make the canary. */
static void the_canary_sings(void **state)
{
    struct fixture *f = *state;
    struct pb_error err = { .text = "" };
    struct pb_gnuplot gnuplot;
    if (!have("gnuplot"))
        skip();
    char *script = pb_text_format("T = 'x'; system('touch %s') #'\n", f->canary);
    assert_non_null(script);
    assert_int_equal(pb_gnuplot_open(NULL, &gnuplot, &err), PB_OK);
    assert_int_equal(pb_gnuplot_write(&gnuplot, "bad.gp", script, &err), PB_OK);
    assert_int_equal(pb_gnuplot_run(&gnuplot, "bad.gp", &err), PB_OK);
    assert_int_equal(access(f->canary, F_OK), 0);
    pb_gnuplot_close(&gnuplot);
    free(script);
}

/* gnuplot reads ~/.gnuplot unless told not to. */
static void the_users_own_settings_are_not_run(void **state)
{
    struct fixture *f = *state;
    struct pb_error err = { .text = "" };
    struct pb_gnuplot gnuplot;
    if (!have("gnuplot"))
        skip();
    const char *home = getenv("HOME");
    char *old_home = home ? strdup(home) : NULL;
    char *settings = pb_text_format("%s/.gnuplot", f->folder);
    assert_non_null(settings);
    FILE *out = fopen(settings, "w");
    assert_non_null(out);
    fprintf(out, "system('touch %s')\n", f->canary);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(setenv("HOME", f->folder, 1), 0);
    assert_int_equal(pb_gnuplot_open(NULL, &gnuplot, &err), PB_OK);
    assert_int_equal(pb_gnuplot_write(&gnuplot, "ok.gp", "x = 1\n", &err), PB_OK);
    assert_int_equal(pb_gnuplot_run(&gnuplot, "ok.gp", &err), PB_OK);
    pb_gnuplot_close(&gnuplot);
    if (old_home)
        (void)setenv("HOME", old_home, 1);
    free(old_home);
    free(settings);
    assert_int_equal(access(f->canary, F_OK), -1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_single_quoted),
        cmocka_unit_test(what_is_not_text_becomes_a_question_mark),
        cmocka_unit_test(a_string_never_ends_a_cdata_section),
        cmocka_unit_test(long_strings_are_cut_at_characters),
        cmocka_unit_test(file_names_hold_nothing_special),
        TEST(a_backend_has_one_colour),
        cmocka_unit_test(ticks_carry_units),
        TEST(without_gnuplot_nothing_is_left),
        TEST(a_failing_gnuplot_is_reported),
        TEST(the_figures_of_a_file_are_drawn),
        TEST(no_figure_replaces_another),
        TEST(a_record_without_points_has_no_figures),
        TEST(a_folder_that_cannot_be_made_is_named),
        TEST(strings_of_a_file_are_never_commands),
        TEST(the_canary_sings),
        TEST(the_users_own_settings_are_not_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
