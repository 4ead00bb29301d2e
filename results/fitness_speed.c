#include "results/fitness_speed.h"

#include "results/cpulist.h"
#include "results/sysfile.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPU_FOLDER "/sys/devices/system/cpu"

static bool read_of_cpu(const char *root, unsigned long cpu, const char *file, char *buf,
                        size_t bytes)
{
    char path[128];
    (void)snprintf(path, sizeof path, CPU_FOLDER "/cpu%lu/%s", cpu, file);
    return pb_sysfile_read(root, path, buf, bytes);
}

static bool read_number(const char *root, const char *path, uint64_t *out)
{
    char text[64];
    if (!pb_sysfile_read(root, path, text, sizeof text) ||
        !isdigit((unsigned char)text[0]))
        return false;
    *out = strtoull(text, NULL, 10);
    return true;
}

/* ---- the frequency of CPUs --------------------------------------------------------- */

/* The common governor, "mixed" where they differ, "" where none tells. */
static void common_governor(const char *root, const char *cpus, char *buf, size_t bytes)
{
    struct pb_cpulist at = { .rest = cpus };
    char found[64];
    buf[0] = '\0';
    while (pb_cpulist_next(&at)) {
        if (!read_of_cpu(root, at.cpu, "cpufreq/scaling_governor", found, sizeof found))
            continue;
        const bool differs = buf[0] && strcmp(buf, found) != 0;
        (void)snprintf(buf, bytes, "%s", differs ? "mixed" : found);
        if (differs)
            return;
    }
}

static void read_governor(const char *root, const char *cpus, struct pb_fitness *fitness)
{
    char governor[64], driver[64] = "";
    struct pb_cpulist first = { .rest = cpus };
    common_governor(root, cpus, governor, sizeof governor);
    if (!governor[0]) {
        pb_fitness_add_unknown(fitness, "governor");
        return;
    }
    if (pb_cpulist_next(&first))
        (void)read_of_cpu(root, first.cpu, "cpufreq/scaling_driver", driver,
                          sizeof driver);
    const bool is_steady = strcmp(governor, "performance") == 0;
    pb_fitness_add(fitness, "governor", is_steady ? PB_FITNESS_OK : PB_FITNESS_WARN,
                   "%s%s%s%s", governor, driver[0] ? " (driver " : "", driver,
                   driver[0] ? ")" : "");
    pb_fitness_advise(fitness, "the frequency follows the load, so a point depends on "
                               "what ran before it: sudo cpupower frequency-set -g "
                               "performance");
}

static void read_turbo(const char *root, struct pb_fitness *fitness)
{
    static const char no_turbo[] = CPU_FOLDER "/intel_pstate/no_turbo";
    static const char boost[] = CPU_FOLDER "/cpufreq/boost";
    uint64_t value;
    const bool is_intel = read_number(root, no_turbo, &value);
    if (!is_intel && !read_number(root, boost, &value)) {
        pb_fitness_add_unknown(fitness, "turbo");
        return;
    }
    const bool is_on = is_intel ? value == 0 : value != 0;
    pb_fitness_add(fitness, "turbo", is_on ? PB_FITNESS_NOTE : PB_FITNESS_OK, "%s",
                   is_on ? "on" : "off");
    pb_fitness_advise(
        fitness,
        "the frequency depends on temperature and on how many cores work, "
        "so threads seem to scale worse than they do: echo %d | sudo tee %s",
        is_intel ? 1 : 0, is_intel ? no_turbo : boost);
}

bool pb_fitness_throttle_count(const char *root, const char *cpus, uint64_t *out)
{
    static const char *const files[] = { "thermal_throttle/core_throttle_count",
                                         "thermal_throttle/package_throttle_count" };
    struct pb_cpulist at = { .rest = cpus };
    char text[64];
    bool found = false;
    *out = 0;
    while (pb_cpulist_next(&at))
        for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
            if (read_of_cpu(root, at.cpu, files[i], text, sizeof text)) {
                *out += strtoull(text, NULL, 10);
                found = true;
            }
    return found;
}

static void read_throttling(const char *root, const char *cpus,
                            struct pb_fitness *fitness)
{
    uint64_t count;
    if (!pb_fitness_throttle_count(root, cpus, &count)) {
        pb_fitness_add_unknown(fitness, "throttling");
        return;
    }
    if (count == 0) {
        pb_fitness_add(fitness, "throttling", PB_FITNESS_OK, "never since boot");
        return;
    }
    pb_fitness_add(fitness, "throttling", PB_FITNESS_NOTE,
                   "slowed down for heat since boot (counters of the CPUs: %llu)",
                   (unsigned long long)count);
    pb_fitness_advise(fitness, "long runs may slow down: better cooling, or a lower "
                               "fixed frequency (cpupower frequency-set -u)");
}

/* ---- the clock --------------------------------------------------------------------- */

static bool is_one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(text, *list) == 0)
            return true;
    return false;
}

static void read_clock_source(const char *root, struct pb_fitness *fitness)
{
    /* Read through a device or counted in interrupts: microseconds per reading, or a
     * step of milliseconds. All others are read from user space in some 20 ns. */
    static const char *const slow[] = { "hpet",    "acpi_pm",         "pit",
                                        "jiffies", "refined-jiffies", NULL };
    char source[64];
    if (!pb_sysfile_read(root,
                         "/sys/devices/system/clocksource/clocksource0/"
                         "current_clocksource",
                         source, sizeof source)) {
        pb_fitness_add_unknown(fitness, "clock_source");
        return;
    }
    pb_fitness_add(fitness, "clock_source",
                   is_one_of(source, slow) ? PB_FITNESS_WARN : PB_FITNESS_OK, "%s",
                   source);
    pb_fitness_advise(fitness,
                      "reading this clock takes microseconds: see why the kernel gave "
                      "up a better one (dmesg | grep -i clocksource), or boot with "
                      "clocksource=tsc tsc=reliable");
}

/* ---- threads that share a core ----------------------------------------------------- */

static void read_smt(const char *root, struct pb_fitness *fitness)
{
    uint64_t active;
    if (!read_number(root, CPU_FOLDER "/smt/active", &active)) {
        pb_fitness_add_unknown(fitness, "smt");
        return;
    }
    pb_fitness_add(fitness, "smt", active ? PB_FITNESS_NOTE : PB_FITNESS_OK, "%s",
                   active ? "on: two threads share a core" : "off");
    pb_fitness_advise(
        fitness, "a busy sibling takes up to half of a core: run up to as "
                 "many threads as there are cores, or echo off | sudo tee " CPU_FOLDER
                 "/smt/control");
}

/* ---- GPUs -------------------------------------------------------------------------- */

#define CARDS_MAX 16u

/* AMD: a performance level other than auto holds the clocks. */
static bool read_amd(const char *root, unsigned card, struct pb_fitness *fitness)
{
    char path[128], level[64];
    (void)snprintf(path, sizeof path,
                   "/sys/class/drm/card%u/device/power_dpm_force_performance_level",
                   card);
    if (!pb_sysfile_read(root, path, level, sizeof level))
        return false;
    const bool varies = strcmp(level, "auto") == 0;
    pb_fitness_add(fitness, "gpu_clock", varies ? PB_FITNESS_NOTE : PB_FITNESS_OK,
                   "card%u: performance level %s", card, level);
    pb_fitness_advise(fitness,
                      "the clock follows load and heat: echo profile_standard | "
                      "sudo tee %s",
                      path);
    return true;
}

/* Intel: the clock is held where the least and the most are the same. */
static bool read_intel(const char *root, unsigned card, struct pb_fitness *fitness)
{
    char least_path[128], most_path[128];
    uint64_t least, most;
    (void)snprintf(least_path, sizeof least_path, "/sys/class/drm/card%u/gt_min_freq_mhz",
                   card);
    (void)snprintf(most_path, sizeof most_path, "/sys/class/drm/card%u/gt_max_freq_mhz",
                   card);
    if (!read_number(root, least_path, &least) || !read_number(root, most_path, &most))
        return false;
    pb_fitness_add(fitness, "gpu_clock", least < most ? PB_FITNESS_NOTE : PB_FITNESS_OK,
                   "card%u: %llu to %llu MHz", card, (unsigned long long)least,
                   (unsigned long long)most);
    pb_fitness_advise(fitness,
                      "the clock follows load and heat: write one frequency "
                      "into %s and gt_min_freq_mhz beside it",
                      most_path);
    return true;
}

static void read_gpus(const char *root, struct pb_fitness *fitness)
{
    char text[128];
    bool found = false;
    for (unsigned card = 0; card < CARDS_MAX && !found; card++)
        found = read_amd(root, card, fitness) || read_intel(root, card, fitness);
    if (found)
        return;
    if (!pb_sysfile_read(root, "/proc/driver/nvidia/version", text, sizeof text)) {
        pb_fitness_add_unknown(fitness, "gpu_clock");
        return;
    }
    pb_fitness_add(fitness, "gpu_clock", PB_FITNESS_UNKNOWN,
                   "not available: this NVIDIA driver tells no clocks in /sys");
    pb_fitness_advise(fitness, "nvidia-smi -q -d CLOCK shows them, sudo nvidia-smi "
                               "--lock-gpu-clocks=MHZ holds them");
}

void pb_fitness_read_speed(const char *root, const char *cpus, struct pb_fitness *fitness)
{
    read_governor(root, cpus, fitness);
    read_turbo(root, fitness);
    read_throttling(root, cpus, fitness);
    read_clock_source(root, fitness);
    read_smt(root, fitness);
    read_gpus(root, fitness);
}
