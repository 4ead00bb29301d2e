#include "results/fitness_change.h"

#include "results/fitness_speed.h"
#include "results/sysfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- counting ---------------------------------------------------------------------- */

/* "user nice system idle iowait irq softirq steal ..", proc_stat(5); guests' time behind
 * them is part of user. */
enum { IDLE = 3, IOWAIT = 4, STEAL = 7, TICK_KINDS = 8 };

static void count_cpu(const char *root, struct pb_fitness_counters *out)
{
    char line[512], *rest = line;
    uint64_t ticks[TICK_KINDS];
    if (!pb_sysfile_find(root, "/proc/stat", "cpu", line, sizeof line))
        return;
    for (size_t i = 0; i < TICK_KINDS; i++) {
        char *end;
        ticks[i] = strtoull(rest, &end, 10);
        if (end == rest)
            return;
        rest = end;
        out->total += ticks[i];
    }
    out->idle = ticks[IDLE] + ticks[IOWAIT];
    out->steal = ticks[STEAL];
    out->has_cpu = true;
}

/* /proc/self/stat: utime and stime are fields 14 and 15. The second is the program's name
 * in parentheses, in which anything may stand; counting goes on behind its end. */
static void count_own(const char *root, struct pb_fitness_counters *out)
{
    char text[1024];
    if (!pb_sysfile_read(root, "/proc/self/stat", text, sizeof text))
        return;
    char *at = strrchr(text, ')');
    for (int field = 2; at && field < 14; field++)
        if ((at = strchr(at, ' ')))
            at++;
    if (!at)
        return;
    out->own = strtoull(at, &at, 10);
    out->own += strtoull(at, NULL, 10);
    out->has_own = true;
}

void pb_fitness_count(const char *root, struct pb_fitness_counters *out)
{
    char cpus[4096];
    uint64_t in, out_pages;
    *out = (struct pb_fitness_counters){ .has_cpu = false };
    count_cpu(root, out);
    count_own(root, out);
    if (pb_sysfile_find_number(root, "/proc/vmstat", "pswpin", &in) &&
        pb_sysfile_find_number(root, "/proc/vmstat", "pswpout", &out_pages)) {
        out->swapped = in + out_pages;
        out->has_swapped = true;
    }
    if (pb_sysfile_read(root, "/sys/devices/system/cpu/online", cpus, sizeof cpus))
        out->has_throttled = pb_fitness_throttle_count(root, cpus, &out->throttled);
}

/* ---- judging ----------------------------------------------------------------------- */

/* The kernel's idle time may run backwards by a tick. */
static uint64_t grown(uint64_t before, uint64_t after)
{
    return after > before ? after - before : 0;
}

static void judge_other_work(const struct pb_fitness_counters *before,
                             const struct pb_fitness_counters *after,
                             struct pb_fitness *fitness)
{
    const uint64_t total = grown(before->total, after->total);
    if (!before->has_cpu || !after->has_cpu || !before->has_own || !after->has_own ||
        total == 0) {
        pb_fitness_add_unknown(fitness, "other_work");
        return;
    }
    const uint64_t not_other = grown(before->idle, after->idle) +
                               grown(before->steal, after->steal) +
                               grown(before->own, after->own);
    const double share = (double)grown(not_other, total) / (double)total;
    pb_fitness_add(fitness, "other_work", pb_fitness_level_of(share, 0.05, 0.25),
                   "%.0f %% of all CPU time went to other programs meanwhile",
                   100 * share);
    pb_fitness_advise(fitness, "end what else runs: top shows it");
}

static void judge_steal(const struct pb_fitness_counters *before,
                        const struct pb_fitness_counters *after,
                        struct pb_fitness *fitness)
{
    const uint64_t total = grown(before->total, after->total);
    if (!before->has_cpu || !after->has_cpu || total == 0) {
        pb_fitness_add_unknown(fitness, "steal_now");
        return;
    }
    const uint64_t steal = grown(before->steal, after->steal);
    const double share = (double)steal / (double)total;
    const enum pb_fitness_level level = pb_fitness_level_of(share, 0.0, 0.02);
    pb_fitness_add(fitness, "steal_now", steal ? level : PB_FITNESS_OK,
                   "the hypervisor took %.1f %% of all CPU time meanwhile", 100 * share);
    pb_fitness_advise(fitness, "other guests compete for these CPUs: take a dedicated "
                               "machine, measure at another time, or trust only runs in "
                               "pairs (parbench ab)");
}

static void judge_count(const char *id, uint64_t count, const char *what,
                        struct pb_fitness *fitness)
{
    if (count == 0)
        pb_fitness_add(fitness, id, PB_FITNESS_OK, "none meanwhile");
    else
        pb_fitness_add(fitness, id, PB_FITNESS_WARN, "%llu %s meanwhile",
                       (unsigned long long)count, what);
}

void pb_fitness_judge_change(const struct pb_fitness_counters *before,
                             const struct pb_fitness_counters *after,
                             struct pb_fitness *fitness)
{
    judge_other_work(before, after, fitness);
    judge_steal(before, after, fitness);
    if (before->has_swapped && after->has_swapped) {
        judge_count("swapping_now", grown(before->swapped, after->swapped),
                    "pages moved to or from disk", fitness);
        pb_fitness_advise(fitness, "memory is short: end what holds it");
    } else {
        pb_fitness_add_unknown(fitness, "swapping_now");
    }
    if (before->has_throttled && after->has_throttled) {
        judge_count("throttling_now", grown(before->throttled, after->throttled),
                    "slow-downs for heat", fitness);
        pb_fitness_advise(fitness, "let the machine cool down, or hold a lower frequency "
                                   "(cpupower frequency-set -u)");
    } else {
        pb_fitness_add_unknown(fitness, "throttling_now");
    }
}
