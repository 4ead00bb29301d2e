/* machine_test.c - the machine's facts, and memory limits read from made-up /proc and
 * /sys folders. */
#include "results/machine.h"

#include "results/cgroup.h"
#include "results/sysfile.h"
#include "results/topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <link.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB (UINT64_C(1) << 20)

static char root[64];

static int make_root(void **state)
{
    (void)state;
    (void)snprintf(root, sizeof root, "/tmp/machine_test.XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static int remove_root(void **state)
{
    (void)state;
    return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes root/path, with all the folders on the way. */
static void put(const char *path, const char *text)
{
    char name[512];
    (void)snprintf(name, sizeof name, "%s%s", root, path);
    for (char *c = strchr(name + strlen(root) + 1, '/'); c; c = strchr(c + 1, '/')) {
        *c = '\0';
        (void)mkdir(name, 0700);
        *c = '/';
    }
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* ---- files ------------------------------------------------------------------------- */

static void a_key_is_found_whole(void **state)
{
    (void)state;
    char buf[32];
    uint64_t number = 0;
    put("/proc/x", "MemTotalAll: 1 kB\nMemTotal:  2048 kB\nEmpty:\nname\t: A  CPU \n"
                   "K=\"v\"\ncpu  1 2\n");
    assert_true(pb_sysfile_find_number(root, "/proc/x", "MemTotal", &number));
    assert_int_equal(number, 2048);
    assert_true(pb_sysfile_find(root, "/proc/x", "name", buf, sizeof buf));
    assert_string_equal(buf, "A  CPU ");
    assert_true(pb_sysfile_find(root, "/proc/x", "K", buf, sizeof buf));
    assert_string_equal(buf, "\"v\"");
    assert_false(pb_sysfile_find(root, "/proc/x", "Mem", buf, sizeof buf));
    assert_false(pb_sysfile_find(root, "/proc/x", "Empty", buf, sizeof buf));
    assert_false(pb_sysfile_find_number(root, "/proc/x", "name", &number));
    assert_false(pb_sysfile_find(root, "/proc/missing", "K", buf, sizeof buf));
    assert_int_equal(number, 2048);
}

static void a_small_file_is_read_as_far_as_it_fits(void **state)
{
    (void)state;
    char buf[6];
    put("/sys/g", "schedutil\n");
    assert_true(pb_sysfile_read(root, "/sys/g", buf, sizeof buf));
    assert_string_equal(buf, "sched");
    put("/sys/empty", "\n");
    assert_false(pb_sysfile_read(root, "/sys/empty", buf, sizeof buf));
    assert_false(pb_sysfile_read(root, "/sys/none", buf, sizeof buf));
}

/* ---- control groups ---------------------------------------------------------------- */

static void without_groups_there_is_no_limit(void **state)
{
    (void)state;
    assert_true(pb_cgroup_free_bytes(root) == UINT64_MAX);
    put("/proc/self/cgroup", "0::/a\n");
    assert_true(pb_cgroup_free_bytes(root) == UINT64_MAX);
    put("/sys/fs/cgroup/a/memory.max", "max\n");
    put("/sys/fs/cgroup/a/memory.current", "4096\n");
    assert_true(pb_cgroup_free_bytes(root) == UINT64_MAX);
    put("/proc/self/cgroup", "garbage\n\n:\n");
    assert_true(pb_cgroup_free_bytes(root) == UINT64_MAX);
}

static void version_2_takes_the_tightest_level(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/job/step\n");
    put("/sys/fs/cgroup/job/step/memory.max", "1073741824\n"); /* 1 GiB */
    put("/sys/fs/cgroup/job/step/memory.current", "104857600\n");
    put("/sys/fs/cgroup/job/step/memory.stat", "anon 1\ninactive_file 52428800\n");
    assert_true(pb_cgroup_free_bytes(root) == (1024 - 100 + 50) * MIB);
    put("/sys/fs/cgroup/job/memory.max", "209715200\n"); /* 200 MiB */
    put("/sys/fs/cgroup/job/memory.current", "157286400\n");
    assert_true(pb_cgroup_free_bytes(root) == 50 * MIB);
    put("/sys/fs/cgroup/job/memory.current", "314572800\n"); /* above its limit */
    assert_true(pb_cgroup_free_bytes(root) == 0);
}

static void a_container_sees_its_group_at_the_top(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/docker/0123\n"); /* the host's path */
    put("/sys/fs/cgroup/memory.max", "104857600\n");
    put("/sys/fs/cgroup/memory.current", "1048576\n");
    assert_true(pb_cgroup_free_bytes(root) == 99 * MIB);
    put("/proc/self/cgroup", "0::/\n");
    assert_true(pb_cgroup_free_bytes(root) == 99 * MIB);
}

static void version_1_is_found_among_the_controllers(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/job\n3:cpuset:/\n0::/\n");
    put("/sys/fs/cgroup/memory/job/memory.limit_in_bytes", "104857600\n");
    put("/sys/fs/cgroup/memory/job/memory.usage_in_bytes", "10485760\n");
    put("/sys/fs/cgroup/memory/job/memory.stat",
        "inactive_file 99999999\ntotal_inactive_file 5242880\n");
    assert_true(pb_cgroup_free_bytes(root) == 95 * MIB);
    /* "not limited" is a number just below 2^63 */
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "1\n");
    assert_true(pb_cgroup_free_bytes(root) == 95 * MIB);
    put("/proc/self/cgroup", "4:cpu,memory2:/job\n");
    assert_true(pb_cgroup_free_bytes(root) == UINT64_MAX);
}

/* ---- this machine ------------------------------------------------------------------ */

static void the_facts_are_plausible(void **state)
{
    (void)state;
    struct pb_machine machine;
    struct pb_error err;
    assert_int_equal(pb_machine_read(&machine, &err), PB_OK);
    assert_true(machine.logical_cpus >= 1);
    assert_true(machine.cores <= machine.logical_cpus);
    assert_true(machine.sockets <= machine.logical_cpus);
    assert_true(machine.l1d_bytes <= 64 * MIB);
    assert_true(machine.memory_bytes >= 16 * MIB);
    assert_non_null(strstr(machine.os, "Linux"));
    assert_true(!machine.cpu || machine.cpu[0]);
    assert_true(!machine.governor || machine.governor[0]);
    assert_true(machine.clock_resolution_ns > 0);
    assert_null(machine.mpi);
    assert_int_equal(machine.ndevices, 0);
    pb_machine_release(&machine);
}

static void available_memory_is_less_than_all(void **state)
{
    (void)state;
    struct pb_machine machine;
    assert_int_equal(pb_machine_read(&machine, NULL), PB_OK);
    const uint64_t available = pb_machine_available_bytes();
    assert_true(available > 0 && available <= machine.memory_bytes);
    pb_machine_release(&machine);
}

static void steal_never_runs_backwards(void **state)
{
    (void)state;
    const int64_t before = pb_machine_steal_ticks();
    assert_true(before >= -1);
    assert_true(pb_machine_steal_ticks() >= before);
}

/* In a child, since affinity and loaded libraries stay. Returns its exit code. */
static int in_child(int (*check)(void))
{
    const pid_t pid = fork();
    if (pid == 0)
        _exit(check());
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int check_one_cpu(void)
{
    cpu_set_t all, one;
    size_t first = 0;
    if (sched_getaffinity(0, sizeof all, &all) != 0)
        return 10;
    while (!CPU_ISSET(first, &all))
        first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    struct pb_machine machine;
    if (sched_setaffinity(0, sizeof one, &one) != 0 ||
        pb_machine_read(&machine, NULL) != PB_OK)
        return 11;
    return machine.logical_cpus == 1 && machine.cores <= 1 && machine.sockets <= 1 &&
                   machine.numa_nodes <= 1
               ? 0
               : 12;
}

static void only_what_this_process_may_use_counts(void **state)
{
    (void)state;
    assert_int_equal(in_child(check_one_cpu), 0);
}

static int copy_adds(struct dl_phdr_info *info, size_t bytes, void *adds)
{
    (void)bytes;
    *(unsigned long long *)adds = info->dlpi_adds;
    return 1;
}

/* Shared objects loaded so far, those that were unloaded again too. */
static unsigned long long loads(void)
{
    unsigned long long adds = 0;
    (void)dl_iterate_phdr(copy_adds, &adds);
    return adds;
}

static int check_no_library(void)
{
    struct pb_machine machine;
    const unsigned long long before = loads();
    if (pb_machine_read(&machine, NULL) != PB_OK)
        return 10;
    return loads() == before ? 0 : 11;
}

/* hwloc's plugins would bring the OpenCL loader and its drivers. */
static void no_library_is_loaded(void **state)
{
    (void)state;
    assert_int_equal(in_child(check_no_library), 0);
}

static void the_environment_is_left_as_it_was(void **state)
{
    (void)state;
    struct pb_topology topology;
    unsetenv("HWLOC_PLUGINS_PATH");
    pb_topology_read(&topology);
    free(topology.cpu);
    assert_null(getenv("HWLOC_PLUGINS_PATH"));
    setenv("HWLOC_PLUGINS_PATH", "/some/where", 1);
    pb_topology_read(&topology);
    free(topology.cpu);
    assert_string_equal(getenv("HWLOC_PLUGINS_PATH"), "/some/where");
    unsetenv("HWLOC_PLUGINS_PATH");
}

#define WITH_ROOT(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ROOT(a_key_is_found_whole),
        WITH_ROOT(a_small_file_is_read_as_far_as_it_fits),
        WITH_ROOT(without_groups_there_is_no_limit),
        WITH_ROOT(version_2_takes_the_tightest_level),
        WITH_ROOT(a_container_sees_its_group_at_the_top),
        WITH_ROOT(version_1_is_found_among_the_controllers),
        cmocka_unit_test(no_library_is_loaded),
        cmocka_unit_test(the_environment_is_left_as_it_was),
        cmocka_unit_test(the_facts_are_plausible),
        cmocka_unit_test(available_memory_is_less_than_all),
        cmocka_unit_test(steal_never_runs_backwards),
        cmocka_unit_test(only_what_this_process_may_use_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
