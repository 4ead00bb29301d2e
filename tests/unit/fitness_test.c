/* Findings read from made-up /proc and /sys folders, and the verdict on all of them. */
#include "results/fitness.h"

#include "results/cpulist.h"
#include "results/fitness_change.h"
#include "tests/unit/fitness_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- as a whole -------------------------------------------------------------------- */

static void a_good_machine_is_fit(void **state)
{
    (void)state;
    char summary[256];
    put_good_machine();
    read_again();
    assert_int_equal(fitness.count, 15);
    for (size_t i = 0; i < fitness.count; i++)
        expect(fitness.findings[i].id, PB_FITNESS_OK, "");
    assert_int_equal(pb_fitness_judge(&fitness), PB_FIT);
    assert_string_equal(pb_fitness_summary(&fitness, summary, sizeof summary),
                        "fit to measure");
}

static void a_machine_that_tells_nothing_is_not_blamed(void **state)
{
    (void)state;
    read_again();
    assert_int_equal(fitness.count, 15);
    for (size_t i = 0; i < fitness.count; i++)
        expect(fitness.findings[i].id, PB_FITNESS_UNKNOWN, "not available");
    assert_int_equal(pb_fitness_judge(&fitness), PB_FIT);
}

static void files_full_of_nonsense_do_no_harm(void **state)
{
    (void)state;
    static const char *const paths[] = {
        CPU "/online",
        "/proc/self/status",
        "/proc/loadavg",
        "/proc/self/cgroup",
        GOVERNOR(0),
        CPU "/intel_pstate/no_turbo",
        CPU "/smt/active",
        "/proc/stat",
        "/proc/self/stat",
        "/proc/vmstat",
        "/proc/meminfo",
        "/proc/cpuinfo",
        "/sys/kernel/mm/transparent_hugepage/enabled",
        "/sys/class/drm/card0/gt_min_freq_mhz",
        "/sys/devices/system/clocksource/clocksource0/current_clocksource",
    };
    static const char *const texts[] = {
        "",           "\n", "-", "cpu", "cpu 1 2 x", "[", ")", "999999999999999999999999",
        "Swap\033[2J"
    };
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        struct pb_fitness_counters counters;
        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
            put(paths[i], texts[t]);
        read_again();
        pb_fitness_count(root, &counters);
        pb_fitness_judge_change(&counters, &counters, &fitness);
        assert_int_equal(fitness.count, 19);
        for (size_t i = 0; i < fitness.count; i++)
            assert_null(strchr(fitness.findings[i].seen, '\033'));
    }
}

/* ---- one by one -------------------------------------------------------------------- */

static void only_a_steady_governor_is_good(void **state)
{
    (void)state;
    put_good_machine();
    read_again();
    expect("governor", PB_FITNESS_OK, "performance (driver intel_pstate)");
    put(GOVERNOR(1), "powersave\n");
    read_again();
    expect("governor", PB_FITNESS_WARN, "mixed");
    put(GOVERNOR(0), "powersave\n");
    read_again();
    expect("governor", PB_FITNESS_WARN, "powersave");
    /* a CPU that we may not use does not count */
    put("/proc/self/status", "Cpus_allowed_list:\t1\n");
    put(GOVERNOR(1), "performance\n");
    read_again();
    expect("governor", PB_FITNESS_OK, "performance");
}

static void turbo_is_noted_as_intel_and_as_others_tell_it(void **state)
{
    (void)state;
    put(CPU "/cpufreq/boost", "1\n");
    read_again();
    expect("turbo", PB_FITNESS_NOTE, "on");
    put(CPU "/cpufreq/boost", "0\n");
    read_again();
    expect("turbo", PB_FITNESS_OK, "off");
    put(CPU "/intel_pstate/no_turbo", "0\n");
    read_again();
    expect("turbo", PB_FITNESS_NOTE, "on");
    assert_non_null(strstr(pb_fitness_find(&fitness, "turbo")->advice,
                           "echo 1 | sudo tee " CPU "/intel_pstate/no_turbo"));
}

static void load_counts_per_cpu(void **state)
{
    (void)state;
    put_good_machine();
    put("/proc/loadavg", "8.00 1.00 2.00 1/100 1234\n");
    read_again();
    expect("load", PB_FITNESS_WARN, "8.00 over the last minute, on 2 CPUs");
    put("/proc/self/status", "Cpus_allowed_list:\t0-31\n");
    read_again();
    expect("load", PB_FITNESS_NOTE, "on 32 CPUs");
    put("/proc/self/status", "Cpus_allowed_list:\t0-99\n");
    read_again();
    expect("load", PB_FITNESS_OK, "8.00");
}

static void a_quota_below_the_cpus_warns(void **state)
{
    (void)state;
    put_good_machine();
    put("/proc/self/cgroup", "0::/pod/box\n");
    put("/sys/fs/cgroup/pod/box/cpu.max", "max 100000\n");
    read_again();
    expect("quota", PB_FITNESS_OK, "none");
    put("/sys/fs/cgroup/pod/cpu.max", "150000 100000\n"); /* a level above */
    read_again();
    expect("quota", PB_FITNESS_WARN, "1.50 CPUs' worth of time for 2 CPUs");
    put("/sys/fs/cgroup/pod/cpu.max", "200000 100000\n");
    read_again();
    expect("quota", PB_FITNESS_OK, "2.00 CPUs'");
}

static void a_quota_is_found_in_version_1(void **state)
{
    (void)state;
    put_good_machine();
    put("/proc/self/cgroup", "5:cpu,cpuacct:/job\n4:memory:/\n");
    put("/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
    put("/sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
    read_again();
    expect("quota", PB_FITNESS_OK, "none");
    put("/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "50000\n");
    read_again();
    expect("quota", PB_FITNESS_WARN, "0.50 CPUs'");
}

static void fewer_cpus_than_the_machine_has_are_noted(void **state)
{
    (void)state;
    put_good_machine();
    put(CPU "/online", "0-3,8\n");
    read_again();
    expect("cpus", PB_FITNESS_NOTE, "2 of 5 CPUs usable");
    put(CPU "/online", "0\n");
    put("/proc/self/status", "Cpus_allowed_list:\t0\n");
    read_again();
    expect("cpus", PB_FITNESS_NOTE, "1 of 1 CPU usable");
}

struct change {
    const char *path, *text;
    const char *id;
    enum pb_fitness_level level;
    const char *seen;
};

static void each_fact_has_its_level(void **state)
{
    (void)state;
    static const struct change changes[] = {
        { CPU "/smt/active", "1\n", "smt", PB_FITNESS_NOTE, "on" },
        { "/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n",
          "clock_source", PB_FITNESS_WARN, "hpet" },
        { "/sys/devices/system/clocksource/clocksource0/current_clocksource",
          "kvm-clock\n", "clock_source", PB_FITNESS_OK, "kvm-clock" },
        { CPU "/cpu1/thermal_throttle/package_throttle_count", "12\n", "throttling",
          PB_FITNESS_NOTE, "12" },
        { "/sys/class/drm/card1/gt_max_freq_mhz", "1500\n", "gpu_clock", PB_FITNESS_NOTE,
          "card1: 900 to 1500 MHz" },
        { "/sys/class/drm/card0/device/power_dpm_force_performance_level", "auto\n",
          "gpu_clock", PB_FITNESS_NOTE, "card0: performance level auto" },
        { "/sys/class/drm/card0/device/power_dpm_force_performance_level", "high\n",
          "gpu_clock", PB_FITNESS_OK, "high" },
        { "/proc/stat", "cpu 900 0 60 8500 0 0 0 40\n", "steal", PB_FITNESS_NOTE,
          "4.0 %" },
        { "/proc/stat", "cpu 900 0 99 8500 0 0 0 1\n", "steal", PB_FITNESS_OK, "0.1 %" },
        { "/proc/meminfo", "SwapTotal: 4096 kB\nSwapFree: 1024 kB\n", "swap",
          PB_FITNESS_NOTE, "3 of 4 MiB" },
        { "/proc/meminfo", "SwapTotal: 0 kB\nSwapFree: 0 kB\n", "swap", PB_FITNESS_OK,
          "none" },
        { "/proc/cpuinfo", "flags\t\t: fpu hypervisor\n", "virtual_machine",
          PB_FITNESS_NOTE, "yes" },
        { "/sys/hypervisor/type", "xen\n", "virtual_machine", PB_FITNESS_NOTE,
          "yes: xen" },
        { "/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n",
          "huge_pages", PB_FITNESS_NOTE, "never" },
        { "/proc/self/personality", "00040000\n", "aslr", PB_FITNESS_NOTE,
          "off for this process" },
        { "/proc/sys/kernel/randomize_va_space", "0\n", "aslr", PB_FITNESS_NOTE, "off" },
        { "/sys/devices/system/node/online", "0-1\n", "numa_balancing", PB_FITNESS_NOTE,
          "on, 2 nodes" },
    };
    put_good_machine();
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        put(changes[i].path, changes[i].text);
        read_again();
        expect(changes[i].id, changes[i].level, changes[i].seen);
    }
}

static void an_nvidia_driver_is_not_asked(void **state)
{
    (void)state;
    put("/proc/driver/nvidia/version", "NVRM version: 1\n");
    read_again();
    expect("gpu_clock", PB_FITNESS_UNKNOWN, "not available");
    assert_non_null(strstr(pb_fitness_find(&fitness, "gpu_clock")->advice, "nvidia-smi"));
}

static void the_clock_must_be_fine(void **state)
{
    (void)state;
    static const struct {
        double ns;
        enum pb_fitness_level level;
    } cases[] = { { 20, PB_FITNESS_OK },
                  { 1000, PB_FITNESS_OK },
                  { 2e3, PB_FITNESS_NOTE },
                  { 1e6, PB_FITNESS_WARN },
                  { -1, PB_FITNESS_UNKNOWN } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fitness = (struct pb_fitness){ .count = 0 };
        pb_fitness_judge_clock(&fitness, cases[i].ns);
        expect("clock_resolution", cases[i].level, "");
    }
}

static void lists_of_cpus_are_counted(void **state)
{
    (void)state;
    assert_int_equal(pb_cpulist_count("0-3,8,10-11"), 7);
    assert_int_equal(pb_cpulist_count("5"), 1);
    assert_int_equal(pb_cpulist_count("3-1"), 1);
    assert_int_equal(pb_cpulist_count(""), 0);
    assert_int_equal(pb_cpulist_count("-1"), 0);
    struct pb_cpulist at = { .rest = "2-3,7" };
    for (unsigned long cpu = 2; cpu <= 7; cpu += cpu == 3 ? 4 : 1) {
        assert_true(pb_cpulist_next(&at));
        assert_int_equal(at.cpu, cpu);
    }
    assert_false(pb_cpulist_next(&at));
}

/* ---- the verdict ------------------------------------------------------------------- */

static void the_verdict_names_what_to_change_first(void **state)
{
    (void)state;
    char summary[512];
    fitness = (struct pb_fitness){ .count = 0 };
    pb_fitness_add(&fitness, "aslr", PB_FITNESS_OK, "on");
    pb_fitness_advise(&fitness, "none is kept where all is well");
    expect("aslr", PB_FITNESS_OK, "on");
    pb_fitness_add(&fitness, "virtual_machine", PB_FITNESS_NOTE, "yes");
    pb_fitness_add(&fitness, "smt", PB_FITNESS_NOTE, "on");
    assert_int_equal(pb_fitness_judge(&fitness), PB_FIT_WITH_CARE);
    assert_string_equal(pb_fitness_summary(&fitness, summary, sizeof summary),
                        "fit with care: virtual machine, smt");
    pb_fitness_add(&fitness, "load", PB_FITNESS_WARN, "9");
    pb_fitness_advise(&fitness, "end what else runs");
    pb_fitness_add(&fitness, "jitter", PB_FITNESS_WARN, "9 %%");
    pb_fitness_advise(&fitness, "something else");
    assert_int_equal(pb_fitness_judge(&fitness), PB_NOT_FIT);
    assert_string_equal(pb_fitness_summary(&fitness, summary, sizeof summary),
                        "not fit: load, jitter; first: end what else runs");
    assert_string_equal(pb_fitness_summary(&fitness, summary, 12), "not fit: lo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOTED(a_good_machine_is_fit),
        ROOTED(a_machine_that_tells_nothing_is_not_blamed),
        ROOTED(files_full_of_nonsense_do_no_harm),
        ROOTED(only_a_steady_governor_is_good),
        ROOTED(turbo_is_noted_as_intel_and_as_others_tell_it),
        ROOTED(load_counts_per_cpu),
        ROOTED(a_quota_below_the_cpus_warns),
        ROOTED(a_quota_is_found_in_version_1),
        ROOTED(fewer_cpus_than_the_machine_has_are_noted),
        ROOTED(each_fact_has_its_level),
        ROOTED(an_nvidia_driver_is_not_asked),
        cmocka_unit_test(the_clock_must_be_fine),
        cmocka_unit_test(lists_of_cpus_are_counted),
        cmocka_unit_test(the_verdict_names_what_to_change_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
