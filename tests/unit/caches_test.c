/* What is read of a machine's caches, on folders made up like those of Linux. */
#include "backends/caches.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* One cache of the CPU that this process is held on. */
struct made {
    const char *type, *level, *size, *shared;
};

static void write_text(const char *folder, const char *name, const char *text)
{
    char path[300];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fprintf(file, "%s\n", text) > 0);
    assert_int_equal(fclose(file), 0);
}

static void stay_on_one_cpu(int cpu)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
}

static void remove_tree(const char *dir)
{
    char command[300];
    (void)snprintf(command, sizeof command, "rm -r '%s'", dir);
    assert_int_equal(system(command), 0);
}

static struct pb_caches caches_of(const struct made *caches, size_t count,
                                  unsigned workers)
{
    char dir[] = "/tmp/caches_test.XXXXXX", folder[200];
    assert_non_null(mkdtemp(dir));
    const int cpu = sched_getcpu();
    stay_on_one_cpu(cpu);
    (void)snprintf(folder, sizeof folder, "%s/cpu%d", dir, cpu);
    assert_int_equal(mkdir(folder, 0755), 0);
    (void)snprintf(folder, sizeof folder, "%s/cpu%d/cache", dir, cpu);
    assert_int_equal(mkdir(folder, 0755), 0);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(folder, sizeof folder, "%s/cpu%d/cache/index%zu", dir, cpu, i);
        assert_int_equal(mkdir(folder, 0755), 0);
        write_text(folder, "type", caches[i].type);
        write_text(folder, "level", caches[i].level);
        write_text(folder, "size", caches[i].size);
        if (caches[i].shared)
            write_text(folder, "shared_cpu_list", caches[i].shared);
    }
    const struct pb_caches got = pb_caches_of_worker(dir, workers);
    remove_tree(dir);
    return got;
}

static void test_sizes_are_read(void **state)
{
    (void)state;
    const struct made caches[] = { { "Data", "1", "48K", "0,2" },
                                   { "Instruction", "1", "32K", "0,2" },
                                   { "Unified", "2", "2048K", "0,2" },
                                   { "Unified", "3", "260M", "0-127" } };
    const struct pb_caches got = caches_of(caches, 4, 128);
    assert_int_equal(got.l1d_bytes, 48 << 10);
    assert_int_equal(got.l2_bytes, 2 << 20); /* two threads of one core */
    assert_int_equal(got.last_bytes, (260 << 20) / 64);
    assert_int_equal(caches_of(caches, 4, 2).last_bytes, 8 << 20); /* not 130 MiB */
}

static void test_a_shared_cache_is_divided_among_the_busy(void **state)
{
    (void)state;
    const struct made caches[] = { { "Data", "1", "64K", "0" },
                                   { "Unified", "2", "12M", "0-3" } };
    assert_int_equal(caches_of(caches, 2, 1).l2_bytes, 12 << 20);
    assert_int_equal(caches_of(caches, 2, 2).l2_bytes, 6 << 20);
    assert_int_equal(caches_of(caches, 2, 64).l2_bytes, 3 << 20);
    assert_int_equal(caches_of(caches, 2, 2).last_bytes, 6 << 20); /* there is no third */
}

static void test_what_is_not_told_is_assumed(void **state)
{
    (void)state;
    const struct pb_caches none = caches_of(NULL, 0, 4);
    assert_int_equal(none.l1d_bytes, 32 << 10);
    assert_int_equal(none.l2_bytes, 256 << 10);
    assert_int_equal(none.last_bytes, 256 << 10);
    const struct made odd[] = { { "Data", "1", "lots", "0" },
                                { "Unified", "2", "1024K", NULL } };
    const struct pb_caches got = caches_of(odd, 2, 4);
    assert_int_equal(got.l1d_bytes, 32 << 10);
    assert_int_equal(got.l2_bytes, 1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_are_read),
        cmocka_unit_test(test_a_shared_cache_is_divided_among_the_busy),
        cmocka_unit_test(test_what_is_not_told_is_assumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
