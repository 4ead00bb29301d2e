/* That nothing from a file, or of the user, becomes a command of a plot. */
#include "plots/plot.h"

#include "plots/gnuplot.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(strings_of_a_file_are_never_commands),
        TEST(the_canary_sings),
        TEST(the_users_own_settings_are_not_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
