/* plot_fixture.h - a record to draw, in a folder of its own. */
#ifndef PB_TESTS_UNIT_PLOT_FIXTURE_H
#define PB_TESTS_UNIT_PLOT_FIXTURE_H

#include "measure/text.h"
#include "plots/plot.h"
#include "results/crossover.h"
#include "tests/unit/curves_fixture.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
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

static inline void remove_all(const char *folder)
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

static inline size_t count_files(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    while (dir && readdir(dir))
        count++;
    if (dir)
        (void)closedir(dir);
    return count > 2 ? count - 2 : 0;
}

static inline int setup(void **state)
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

static inline int teardown(void **state)
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

static inline bool have(const char *program)
{
    char command[64];
    (void)snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    return system(command) == 0;
}

static inline enum pb_status draw(struct fixture *f,
                                  const struct pb_plot_options *options,
                                  struct pb_plot_list *made, struct pb_error *err)
{
    struct pb_crossover_report report;
    pb_record_sort(&f->record);
    assert_int_equal(pb_crossover_analyse(&f->record, &report, err), PB_OK);
    const enum pb_status status = pb_plot_all(&f->record, &report, options, made, err);
    pb_crossover_report_release(&report);
    return status;
}

static inline char *read_whole(const char *file)
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

static inline void add_line(struct pb_record *record, const struct fixture_curve *curve,
                            double fixed_ns, double ns_per_item)
{
    for (uint64_t n = 256; n <= 1 << 20; n *= 16)
        assert_non_null(
            fixture_add(record, curve, n, fixed_ns + ns_per_item * (double)n, 1.05));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
