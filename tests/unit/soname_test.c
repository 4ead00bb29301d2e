/* Is a shared library there? Told by files and environment, without loading it. */
#include "backends/soname.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "libparbench-testling.so.1"

struct folder {
    char path[PATH_MAX], file[PATH_MAX];
};

static void make_folder(struct folder *f)
{
    char template[] = "/tmp/parbench-test-XXXXXX";
    assert_non_null(mkdtemp(template));
    snprintf(f->path, sizeof f->path, "%s", template);
    snprintf(f->file, sizeof f->file, "%s/" NAME, template);
    FILE *file = fopen(f->file, "w");
    assert_non_null(file);
    fclose(file);
}

static void remove_folder(const struct folder *f)
{
    unlink(f->file);
    rmdir(f->path);
}

static bool is_there_with(const char *dirs)
{
    const char *before = getenv("LD_LIBRARY_PATH");
    char *kept = before != NULL ? strdup(before) : NULL;
    setenv("LD_LIBRARY_PATH", dirs, 1);
    const bool found = pb_soname_is_there(NAME);
    if (kept != NULL)
        setenv("LD_LIBRARY_PATH", kept, 1);
    else
        unsetenv("LD_LIBRARY_PATH");
    free(kept);
    return found;
}

static void test_a_path_is_where_it_says(void **state)
{
    (void)state;
    struct folder f;
    make_folder(&f);
    assert_true(pb_soname_is_there(f.file));
    assert_true(pb_soname_in_dir(f.path, strlen(f.path), NAME));
    remove_folder(&f);
    assert_false(pb_soname_is_there(f.file));
    assert_false(pb_soname_in_dir(f.path, strlen(f.path), NAME));
}

static void test_a_name_is_looked_for_in_the_environments_folders(void **state)
{
    (void)state;
    if (access("/etc/ld.so.cache", R_OK) != 0)
        skip(); /* without the linker's cache the answer is always yes */
    struct folder f;
    char dirs[PATH_MAX + 32];
    make_folder(&f);
    snprintf(dirs, sizeof dirs, "/nonexistent::%s", f.path);
    const bool last = is_there_with(dirs);
    snprintf(dirs, sizeof dirs, "%s:/nonexistent", f.path);
    const bool first = is_there_with(dirs);
    remove_folder(&f);
    assert_true(first);
    assert_true(last);
    assert_false(is_there_with(dirs));
    assert_false(is_there_with(""));
}

/* Every program here is linked against it. */
static void test_a_name_is_looked_for_in_the_linkers_cache(void **state)
{
    (void)state;
    if (access("/etc/ld.so.cache", R_OK) != 0)
        skip();
    assert_true(pb_soname_is_there("libc.so.6"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_path_is_where_it_says),
        cmocka_unit_test(test_a_name_is_looked_for_in_the_environments_folders),
        cmocka_unit_test(test_a_name_is_looked_for_in_the_linkers_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
