/* What parbench tune keeps: found by its whole identity, written and read back, and never
 * believed when it is damaged. */
#include "results/tunings.h"

#include "measure/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char backend[] = "opencl", device[] = "a \"fast\" GPU", driver[] = "Vendor 1.2";
static char kernel[] = "matmul", f32[] = "f32", f64[] = "f64", small[] = "8x3",
            large[] = "64x64x16-v4";

static struct pb_tuning entry(char *dtype, char *set)
{
    return (struct pb_tuning){ .backend = backend,
                               .device = device,
                               .driver = driver,
                               .kernel = kernel,
                               .dtype = dtype,
                               .set = set,
                               .speed = 1.25 };
}

static char *new_folder(void)
{
    char *folder = strdup("/tmp/pb-tunings-test-XXXXXX");
    assert_non_null(folder);
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void the_last_of_an_identity_counts(void **state)
{
    (void)state;
    struct pb_tunings tunings = { .count = 0 };
    const struct pb_tuning first = entry(f32, small), second = entry(f32, large),
                           other = entry(f64, small);
    struct pb_error err;
    assert_null(pb_tunings_find(&tunings, &first));
    assert_int_equal(pb_tunings_set(&tunings, &first, &err), PB_OK);
    assert_int_equal(pb_tunings_set(&tunings, &other, &err), PB_OK);
    assert_int_equal(pb_tunings_set(&tunings, &second, &err), PB_OK);
    assert_int_equal(tunings.count, 2);
    assert_string_equal(pb_tunings_find(&tunings, &first)->set, large);
    assert_string_equal(pb_tunings_find(&tunings, &other)->set, small);
    struct pb_tuning newer = first;
    char upgraded[] = "Vendor 1.3";
    newer.driver = upgraded;
    assert_null(pb_tunings_find(&tunings, &newer));
    pb_tunings_release(&tunings);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    char *folder = new_folder(), *file = pb_text_format("%s/a/b/tune.json", folder);
    struct pb_tunings tunings = { .count = 0 }, back;
    const struct pb_tuning one = entry(f32, large), two = entry(f64, small);
    struct pb_error err = { "" };
    assert_int_equal(pb_tunings_read(file, &back, &err), PB_OK); /* not there */
    assert_int_equal(back.count, 0);
    assert_int_equal(pb_tunings_set(&tunings, &one, &err), PB_OK);
    assert_int_equal(pb_tunings_set(&tunings, &two, &err), PB_OK);
    assert_int_equal(pb_tunings_write(file, &tunings, &err), PB_OK);
    assert_int_equal(pb_tunings_read(file, &back, &err), PB_OK);
    assert_int_equal(back.count, 2);
    assert_string_equal(pb_tunings_find(&back, &one)->set, large);
    assert_true(pb_tunings_find(&back, &one)->speed == 1.25);
    assert_null(pb_tunings_find(&back, &one)->measured);
    assert_string_equal(pb_tunings_find(&back, &two)->set, small);
    pb_tunings_release(&back);
    pb_tunings_release(&tunings);
    char *clean = pb_text_format("rm -rf '%s'", folder);
    assert_int_equal(system(clean), 0);
    free(clean);
    free(file);
    free(folder);
}

static void damage_is_told(void **state)
{
    (void)state;
    const struct {
        const char *text, *says;
    } cases[] = {
        { "", "empty" },
        { "{", "1:" },
        { "[]", "expected an object" },
        { "{\"schema\":1,\"points\":[]}", "no file of parbench tune" },
        { "{\"parbench_tune\":2,\"entries\":[]}", "version 2" },
        { "{\"parbench_tune\":1,\"entries\":{}}", "entries" },
        { "{\"parbench_tune\":1,\"entries\":[3]}", "expected an object" },
        { "{\"parbench_tune\":1,\"entries\":[{\"backend\":\"opencl\",\"device\":\"d\","
          "\"kernel\":\"k\",\"dtype\":\"f32\"}]}",
          "set" },
    };
    char *folder = new_folder(), *file = pb_text_format("%s/tune.json", folder);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pb_tunings tunings = { .count = 7 };
        struct pb_error err = { "" };
        FILE *stream = fopen(file, "w");
        assert_non_null(stream);
        (void)fputs(cases[i].text, stream);
        (void)fclose(stream);
        assert_int_equal(pb_tunings_read(file, &tunings, &err), PB_ERR_INPUT);
        assert_int_equal(tunings.count, 0);
        assert_null(tunings.at);
        if (!strstr(err.text, cases[i].says) || !strstr(err.text, "tune.json"))
            fail_msg("'%s' is not told of in: %s", cases[i].says, err.text);
    }
    (void)unlink(file);
    (void)rmdir(folder);
    free(file);
    free(folder);
}

static void the_file_is_where_the_user_says(void **state)
{
    (void)state;
    (void)unsetenv("PARBENCH_TUNE_FILE");
    (void)unsetenv("XDG_CACHE_HOME");
    (void)unsetenv("HOME");
    assert_null(pb_tunings_file());
    const struct {
        const char *name, *value, *file;
    } steps[] = {
        { "HOME", "/h", "/h/.cache/parbench/tune.json" },
        { "XDG_CACHE_HOME", "/x", "/x/parbench/tune.json" },
        { "PARBENCH_TUNE_FILE", "/mine.json", "/mine.json" },
        { "PARBENCH_TUNE_FILE", "", "/x/parbench/tune.json" },
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        (void)setenv(steps[i].name, steps[i].value, 1);
        char *file = pb_tunings_file();
        assert_string_equal(file, steps[i].file);
        free(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_of_an_identity_counts),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(the_file_is_where_the_user_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
