/* Writing result files so that nothing is ever lost, and reading large ones. */
#include "results/codec.h"

#include "measure/text.h"
#include "record_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char *new_folder(void)
{
    char *folder = strdup("/tmp/pb-record-test-XXXXXX");
    assert_non_null(folder);
    assert_non_null(mkdtemp(folder));
    return folder;
}

static char *path_in(const char *folder, const char *name)
{
    char *path = pb_text_format("%s/%s", folder, name);
    assert_non_null(path);
    return path;
}

static size_t count_entries(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    assert_int_equal(closedir(dir), 0);
    return count - 2; /* "." and ".." */
}

static void assert_reads_as_golden(const char *path)
{
    struct pb_record record;
    struct pb_error err = { 0 };
    if (pb_record_read(path, &record, &err))
        fail_msg("%s", err.text);
    char *text = print(&record, true);
    assert_string_equal(text, golden);
    free(text);
    pb_record_release(&record);
}

static void test_what_is_written_reads_back(void **state)
{
    (void)state;
    char *folder = new_folder(), *path = path_in(folder, "r.json");
    struct pb_record record;
    struct pb_error err = { 0 };
    fill_record(&record);
    for (int pass = 0; pass < 2; pass++) { /* new, then replaced */
        assert_int_equal(pb_record_write(path, &record, &err), PB_OK);
        assert_reads_as_golden(path);
        assert_int_equal(count_entries(folder), 1); /* nothing temporary is left */
    }
    pb_record_release(&record);
    pb_record_init(&record); /* the empty one too */
    assert_int_equal(pb_record_write(path, &record, &err), PB_OK);
    assert_int_equal(pb_record_read(path, &record, &err), PB_OK);
    assert_int_equal(record.npoints, 0);
    pb_record_release(&record);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    free(path);
    free(folder);
}

static void test_a_missing_folder_is_named_with_the_cure(void **state)
{
    (void)state;
    struct pb_record record;
    struct pb_error err = { 0 };
    fill_record(&record);
    assert_int_equal(pb_record_write("/none/such/r.json", &record, &err),
                     PB_ERR_ENVIRONMENT);
    assert_string_equal(err.text, "cannot write /none/such/r.json: No such file or "
                                  "directory: create its folder first");
    assert_int_equal(pb_record_write("/tmp", &record, &err), PB_ERR_ENVIRONMENT);
    assert_string_equal(err.text,
                        "cannot write /tmp: Is a directory: name a file, not a folder");
    pb_record_release(&record);
}

static void test_a_folder_without_permission_is_named(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* root may write everywhere */
    char *folder = new_folder(), *path = path_in(folder, "r.json");
    struct pb_record record;
    struct pb_error err = { 0 };
    fill_record(&record);
    assert_int_equal(chmod(folder, 0500), 0);
    assert_int_equal(pb_record_write(path, &record, &err), PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "name a file where you may write"));
    assert_int_equal(rmdir(folder), 0);
    pb_record_release(&record);
    free(path);
    free(folder);
}

/* A file size limit of the process stands in for a full disk: both make write() fail in
 * the middle of the file. */
static void test_a_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    char *folder = new_folder(), *path = path_in(folder, "r.json");
    struct pb_record record;
    struct pb_error err = { 0 };
    fill_record(&record);
    assert_int_equal(pb_record_write(path, &record, &err), PB_OK);
    struct rlimit old;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    const struct rlimit small = { .rlim_cur = 1000, .rlim_max = old.rlim_max };
    assert_ptr_not_equal(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum pb_status status = pb_record_write(path, &record, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(status, PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "File too large: name another file"));
    assert_reads_as_golden(path);
    assert_int_equal(count_entries(folder), 1);
    pb_record_release(&record);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    free(path);
    free(folder);
}

static void test_a_device_is_written_to_and_not_replaced(void **state)
{
    (void)state;
    struct pb_record record;
    struct pb_error err = { 0 };
    struct stat facts;
    fill_record(&record);
    assert_int_equal(pb_record_write("/dev/null", &record, &err), PB_OK);
    assert_int_equal(stat("/dev/null", &facts), 0);
    assert_true(S_ISCHR(facts.st_mode));
    assert_int_equal(pb_record_write("/dev/full", &record, &err), PB_ERR_ENVIRONMENT);
    assert_string_equal(err.text, "cannot write /dev/full: No space left on device: free "
                                  "some space, or name a file on another disk");
    pb_record_release(&record);
}

static void test_a_link_stays_and_a_mode_too(void **state)
{
    (void)state;
    char *folder = new_folder(), *path = path_in(folder, "r.json");
    char *link_path = path_in(folder, "latest.json");
    struct pb_record record;
    struct pb_error err = { 0 };
    struct stat facts;
    fill_record(&record);
    assert_int_equal(pb_record_write(path, &record, &err), PB_OK);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(symlink("r.json", link_path), 0);
    assert_int_equal(pb_record_write(link_path, &record, &err), PB_OK);
    assert_int_equal(lstat(link_path, &facts), 0);
    assert_true(S_ISLNK(facts.st_mode));
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_reads_as_golden(path);
    pb_record_release(&record);
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    free(link_path);
    free(path);
    free(folder);
}

/* ---- a large file ------------------------------------------------------------------ */

static void write_large(const char *path, unsigned npoints)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("{\"schema\":1,\"points\":[", file);
    for (unsigned i = 0; i < npoints; i++) {
        (void)fprintf(file,
                      "%s\n{\"kernel\":\"saxpy\",\"dtype\":\"f32\",\"n\":%u,\"backend\":"
                      "\"simd\",\"worker_kind\":\"core\",\"residency\":\"host\","
                      "\"status\":\"ok\",\"invocations\":[",
                      i ? "," : "", npoints - i);
        for (unsigned round = 0; round < 3; round++) {
            (void)fprintf(file, "%s{\"round\":%u,\"batch\":64,\"samples_ns\":[",
                          round ? "," : "", round);
            for (unsigned k = 0; k < 15; k++)
                (void)fprintf(file, "%s%u.%03u", k ? "," : "", 1000 + k, i % 1000);
            (void)fputs("]}", file);
        }
        (void)fputs("]}", file);
    }
    (void)fputs("]}", file);
    assert_int_equal(fclose(file), 0);
}

/* Sanitizers keep freed memory, so its amount says nothing about the program. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||               \
    __has_feature(memory_sanitizer)
static const bool is_sanitized = true;
#else
static const bool is_sanitized = false;
#endif
#else
static const bool is_sanitized = false;
#endif

static void test_a_large_file_takes_little_memory(void **state)
{
    (void)state;
    enum { POINTS = 10000 };
    char *folder = new_folder(), *path = path_in(folder, "large.json");
    write_large(path, POINTS);
    struct rusage before, after;
    assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
    struct pb_record record;
    struct pb_error err = { 0 };
    if (pb_record_read(path, &record, &err))
        fail_msg("%s", err.text);
    assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
    assert_int_equal(record.npoints, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        assert_int_equal(record.points[i].n, i + 1); /* sorted */
        assert_int_equal(record.points[i].ninvocations, 3);
        assert_int_equal(record.points[i].invocations[2].nsamples, 15);
    }
    /* ru_maxrss is in KiB: 17 MiB; with the whole file as a tree 74 MiB. */
    if (!is_sanitized)
        assert_true(after.ru_maxrss - before.ru_maxrss < 40 * 1024);
    pb_record_release(&record);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    free(path);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_reads_back),
        cmocka_unit_test(test_a_missing_folder_is_named_with_the_cure),
        cmocka_unit_test(test_a_folder_without_permission_is_named),
        cmocka_unit_test(test_a_full_disk_leaves_the_old_file),
        cmocka_unit_test(test_a_device_is_written_to_and_not_replaced),
        cmocka_unit_test(test_a_link_stays_and_a_mode_too),
        cmocka_unit_test(test_a_large_file_takes_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
