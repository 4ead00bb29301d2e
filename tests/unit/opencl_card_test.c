/* The OpenCL backend's card: does it tell a machine with a driver from one without, by
 * files and environment alone? */
#include "backends/registry.h"

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

/* A folder with or without a file driver.icd; removed by remove_vendors. */
static void make_vendors(char folder[], bool with_icd)
{
    char path[PATH_MAX];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/driver.icd", folder);
    FILE *file = with_icd ? fopen(path, "w") : NULL;
    assert_true(!with_icd || file != NULL);
    if (file != NULL)
        fclose(file);
}

static void remove_vendors(const char *folder)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/driver.icd", folder);
    unlink(path);
    rmdir(folder);
}

static bool look_with(const char *vendors, char why[256])
{
    const char *before = getenv("OCL_ICD_VENDORS");
    char *kept = before != NULL ? strdup(before) : NULL;
    setenv("OCL_ICD_VENDORS", vendors, 1);
    why[0] = '\0';
    const bool usable = pb_backend_find("opencl")->look(why, 256);
    if (kept != NULL)
        setenv("OCL_ICD_VENDORS", kept, 1);
    else
        unsetenv("OCL_ICD_VENDORS");
    free(kept);
    return usable;
}

static void test_look_without_driver(void **state)
{
    (void)state;
    char folder[] = "/tmp/parbench-test-XXXXXX", why[256];
    make_vendors(folder, false);
    const bool usable = look_with(folder, why);
    remove_vendors(folder);
    assert_false(usable);
    assert_non_null(strstr(why, "apt-get install"));
    assert_false(look_with("/nonexistent/driver.icd", why));
    assert_false(look_with("/nonexistent/driver.so", why));
}

static void test_look_with_driver(void **state)
{
    (void)state;
    char folder[] = "/tmp/parbench-test-XXXXXX", why[256], file[PATH_MAX];
    make_vendors(folder, true);
    snprintf(file, sizeof file, "%s/driver.icd", folder);
    const bool in_folder = look_with(folder, why);
    const bool as_file = look_with(file, why);
    remove_vendors(folder);
    if (!in_folder && strstr(why, "libOpenCL") != NULL)
        skip(); /* the loader itself is not installed */
    assert_true(in_folder);
    assert_true(as_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_look_without_driver),
        cmocka_unit_test(test_look_with_driver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
