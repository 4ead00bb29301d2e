/* fitness_tree.h - a made-up /proc and /sys under a folder of their own. */
#ifndef PB_TESTS_UNIT_FITNESS_TREE_H
#define PB_TESTS_UNIT_FITNESS_TREE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char root[64];

static inline int make_root(void **state)
{
    (void)state;
    (void)snprintf(root, sizeof root, "/tmp/fitness_test.XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int kind,
                             struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static inline int remove_root(void **state)
{
    (void)state;
    return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes root/path, with all the folders on the way. */
static inline void put(const char *path, const char *text)
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

#define CPU           "/sys/devices/system/cpu"
#define GOVERNOR(cpu) CPU "/cpu" #cpu "/cpufreq/scaling_governor"

/* A machine of two CPUs on which everything is as one would wish. */
static inline void put_good_machine(void)
{
    put(CPU "/online", "0-1\n");
    put("/proc/self/status", "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n");
    put("/proc/loadavg", "0.02 1.00 2.00 1/100 1234\n");
    put("/proc/self/cgroup", "0::/\n");
    put(GOVERNOR(0), "performance\n");
    put(GOVERNOR(1), "performance\n");
    put(CPU "/cpu0/cpufreq/scaling_driver", "intel_pstate\n");
    put(CPU "/intel_pstate/no_turbo", "1\n");
    put(CPU "/cpu0/thermal_throttle/core_throttle_count", "0\n");
    put(CPU "/smt/active", "0\n");
    put("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    put("/sys/class/drm/card1/gt_min_freq_mhz", "900\n");
    put("/sys/class/drm/card1/gt_max_freq_mhz", "900\n");
    put("/proc/stat", "cpu  1000 0 500 8500 0 0 0 0 0 0\ncpu0 1 2 3 4 5 6 7 8\n");
    put("/proc/self/stat", "7 (a ) b) R 1 1 1 0 -1 4 5 6 7 8 30 20 0 0 20\n");
    put("/proc/vmstat", "pswpin 5\npswpout 6\n");
    put("/proc/meminfo", "SwapTotal: 4096 kB\nSwapFree: 4096 kB\n");
    put("/proc/cpuinfo", "model name : A CPU\nflags : fpu hypervisor_not avx2\n");
    put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    put("/proc/sys/kernel/randomize_va_space", "2\n");
    put("/proc/self/personality", "00000000\n");
    put("/proc/sys/kernel/numa_balancing", "1\n");
    put("/sys/devices/system/node/online", "0\n");
}

#endif
