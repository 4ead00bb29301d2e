#include "results/fitness_read.h"

#include "results/cgroup.h"
#include "results/cpulist.h"
#include "results/fitness_change.h"
#include "results/fitness_speed.h"
#include "results/sysfile.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPULIST_BYTES 4096

struct machine_cpus {
    char allowed[CPULIST_BYTES]; /* to this process; "" unknown */
    size_t nallowed, nonline;    /* 0 unknown */
};

static void read_cpus(const char *root, struct machine_cpus *cpus)
{
    char online[CPULIST_BYTES] = "";
    *cpus = (struct machine_cpus){ .allowed = "" };
    (void)pb_sysfile_read(root, "/sys/devices/system/cpu/online", online, sizeof online);
    if (!pb_sysfile_find(root, "/proc/self/status", "Cpus_allowed_list", cpus->allowed,
                         sizeof cpus->allowed))
        (void)snprintf(cpus->allowed, sizeof cpus->allowed, "%s", online);
    cpus->nallowed = pb_cpulist_count(cpus->allowed);
    cpus->nonline = pb_cpulist_count(online);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* ---- who else wants the CPUs ------------------------------------------------------- */

/* Work for a tenth of the CPUs takes turns with a measurement now and then; work for half
 * of them leaves no quiet place to it. */
static void read_load(const char *root, const struct machine_cpus *cpus,
                      struct pb_fitness *fitness)
{
    char text[128];
    if (!pb_sysfile_read(root, "/proc/loadavg", text, sizeof text) ||
        !isdigit((unsigned char)text[0]) || cpus->nallowed == 0) {
        pb_fitness_add_unknown(fitness, "load");
        return;
    }
    const double load = strtod(text, NULL), count = (double)cpus->nallowed;
    pb_fitness_add(fitness, "load", pb_fitness_level_of(load / count, 0.1, 0.5),
                   "%.2f over the last minute, on %zu CPU%s", load, cpus->nallowed,
                   plural(cpus->nallowed));
    pb_fitness_advise(fitness, "end what else runs (top shows it), and wait a minute");
}

static void read_quota(const char *root, const struct machine_cpus *cpus,
                       struct pb_fitness *fitness)
{
    char text[8];
    const uint64_t quota = pb_cgroup_cpu_thousandths(root);
    if (!pb_sysfile_read(root, "/proc/self/cgroup", text, sizeof text)) {
        pb_fitness_add_unknown(fitness, "quota");
        return;
    }
    if (quota == UINT64_MAX) {
        pb_fitness_add(fitness, "quota", PB_FITNESS_OK, "none");
        return;
    }
    const bool is_tight = quota < cpus->nallowed * 1000;
    pb_fitness_add(fitness, "quota", is_tight ? PB_FITNESS_WARN : PB_FITNESS_OK,
                   "%.2f CPUs' worth of time for %zu CPU%s", (double)quota / 1000,
                   cpus->nallowed, plural(cpus->nallowed));
    pb_fitness_advise(fitness, "the control group stops all threads for up to 0.1 s when "
                               "its time is used up: pin whole CPUs instead (docker "
                               "--cpuset-cpus, a Kubernetes pod of class Guaranteed), or "
                               "measure with fewer threads than the quota");
}

static void read_pinning(const struct machine_cpus *cpus, struct pb_fitness *fitness)
{
    if (cpus->nallowed == 0 || cpus->nonline == 0) {
        pb_fitness_add_unknown(fitness, "cpus");
        return;
    }
    const bool is_pinned = cpus->nallowed < cpus->nonline, is_alone = cpus->nallowed == 1;
    pb_fitness_add(
        fitness, "cpus", is_pinned || is_alone ? PB_FITNESS_NOTE : PB_FITNESS_OK,
        "%zu of %zu CPU%s usable", cpus->nallowed, cpus->nonline, plural(cpus->nonline));
    if (is_alone)
        pb_fitness_advise(fitness, "openmp and mpi cannot be faster than one core, and "
                                   "all else that runs takes turns with the measurement");
    else
        pb_fitness_advise(fitness, "a mask (taskset, a cpuset, a batch system) keeps "
                                   "parbench to these CPUs: compare only with results "
                                   "from as many");
}

/* Of the time that this machine wanted to compute since boot: history, so never more than
 * a note; steal_now is what counts. */
static void read_steal(const char *root, struct pb_fitness *fitness)
{
    struct pb_fitness_counters now;
    pb_fitness_count(root, &now);
    if (!now.has_cpu) {
        pb_fitness_add_unknown(fitness, "steal");
        return;
    }
    const uint64_t wanted = now.total > now.idle ? now.total - now.idle : 0;
    const double share = wanted ? (double)now.steal / (double)wanted : 0;
    pb_fitness_add(fitness, "steal", share >= 0.01 ? PB_FITNESS_NOTE : PB_FITNESS_OK,
                   "the hypervisor took %.1f %% of the busy time since boot",
                   100 * share);
    pb_fitness_advise(fitness, "other guests compete for these CPUs: take a dedicated or "
                               "larger machine, or compare in pairs (parbench ab)");
}

/* ---- memory ------------------------------------------------------------------------ */

static void read_swap(const char *root, struct pb_fitness *fitness)
{
    uint64_t total, unused;
    if (!pb_sysfile_find_number(root, "/proc/meminfo", "SwapTotal", &total) ||
        !pb_sysfile_find_number(root, "/proc/meminfo", "SwapFree", &unused)) {
        pb_fitness_add_unknown(fitness, "swap");
        return;
    }
    if (total == 0) {
        pb_fitness_add(fitness, "swap", PB_FITNESS_OK, "none");
        return;
    }
    const uint64_t used = total > unused ? total - unused : 0;
    pb_fitness_add(fitness, "swap", used ? PB_FITNESS_NOTE : PB_FITNESS_OK,
                   "%llu of %llu MiB in use", (unsigned long long)(used >> 10),
                   (unsigned long long)(total >> 10));
    pb_fitness_advise(fitness, "memory has been short: end what holds it, then sudo "
                               "swapoff -a && sudo swapon -a");
}

/* "always [madvise] never": parbench asks for huge pages (madvise) for large arrays. */
static void read_huge_pages(const char *root, struct pb_fitness *fitness)
{
    char text[64];
    if (!pb_sysfile_read(root, "/sys/kernel/mm/transparent_hugepage/enabled", text,
                         sizeof text)) {
        pb_fitness_add_unknown(fitness, "huge_pages");
        return;
    }
    char *chosen = strchr(text, '[');
    chosen = chosen ? chosen + 1 : text;
    chosen[strcspn(chosen, "]")] = '\0';
    const bool never = strcmp(chosen, "never") == 0;
    pb_fitness_add(fitness, "huge_pages", never ? PB_FITNESS_NOTE : PB_FITNESS_OK, "%s",
                   chosen);
    pb_fitness_advise(fitness, "large arrays pay for address translation: echo madvise | "
                               "sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
}

#define ADDR_NO_RANDOMIZE 0x0040000u /* linux/personality.h */

/* The layout of memory can cost or save several percent. Random, it averages out over the
 * rounds; fixed, it is a bias that a change of the code moves (Mytkowicz et al.,
 * Producing Wrong Data Without Doing Anything Obviously Wrong, ASPLOS 2009). */
static void read_aslr(const char *root, struct pb_fitness *fitness)
{
    char text[32], mask[32] = "0";
    if (!pb_sysfile_read(root, "/proc/sys/kernel/randomize_va_space", text,
                         sizeof text)) {
        pb_fitness_add_unknown(fitness, "aslr");
        return;
    }
    (void)pb_sysfile_read(root, "/proc/self/personality", mask, sizeof mask);
    const bool is_off = strtoul(text, NULL, 10) == 0;
    const bool is_off_here = strtoul(mask, NULL, 16) & ADDR_NO_RANDOMIZE;
    pb_fitness_add(fitness, "aslr",
                   is_off || is_off_here ? PB_FITNESS_NOTE : PB_FITNESS_OK, "%s",
                   is_off        ? "off"
                   : is_off_here ? "off for this process"
                                 : "on");
    pb_fitness_advise(fitness,
                      "every process gets the same memory layout, a bias that "
                      "rounds cannot average out: %s",
                      is_off ? "sudo sysctl kernel.randomize_va_space=2"
                             : "start parbench without setarch -R or a debugger");
}

static void read_numa_balancing(const char *root, struct pb_fitness *fitness)
{
    char text[32], nodes[256] = "0";
    if (!pb_sysfile_read(root, "/proc/sys/kernel/numa_balancing", text, sizeof text)) {
        pb_fitness_add_unknown(fitness, "numa_balancing");
        return;
    }
    (void)pb_sysfile_read(root, "/sys/devices/system/node/online", nodes, sizeof nodes);
    const size_t count = pb_cpulist_count(nodes);
    const bool is_on = strtoul(text, NULL, 10) != 0;
    pb_fitness_add(fitness, "numa_balancing",
                   is_on && count > 1 ? PB_FITNESS_NOTE : PB_FITNESS_OK, "%s, %zu node%s",
                   is_on ? "on" : "off", count, plural(count));
    pb_fitness_advise(fitness, "the kernel moves pages between nodes while parbench "
                               "measures: sudo sysctl kernel.numa_balancing=0");
}

/* ---- the machine as a whole -------------------------------------------------------- */

static bool has_flag(const char *flags, const char *flag)
{
    const size_t len = strlen(flag);
    for (const char *at = strstr(flags, flag); at; at = strstr(at + len, flag)) {
        const bool begins = at == flags || at[-1] == ' ';
        if (begins && (at[len] == ' ' || at[len] == '\0'))
            return true;
    }
    return false;
}

/* As systemd-detect-virt looks: the CPU's hypervisor flag (x86), what the kernel knows of
 * Xen, and what the firmware calls the machine. */
static void read_virtual_machine(const char *root, struct pb_fitness *fitness)
{
    char flags[8192] = "", vendor[96] = "";
    const bool has_flags =
        pb_sysfile_find(root, "/proc/cpuinfo", "flags", flags, sizeof flags);
    const bool has_type =
        pb_sysfile_read(root, "/sys/hypervisor/type", vendor, sizeof vendor);
    if (!has_type && !has_flags) {
        pb_fitness_add_unknown(fitness, "virtual_machine");
        return;
    }
    if (!has_type && !has_flag(flags, "hypervisor")) {
        pb_fitness_add(fitness, "virtual_machine", PB_FITNESS_OK, "no");
        return;
    }
    if (!has_type)
        (void)pb_sysfile_read(root, "/sys/class/dmi/id/sys_vendor", vendor,
                              sizeof vendor);
    pb_fitness_add(fitness, "virtual_machine", PB_FITNESS_NOTE, "yes%s%s",
                   vendor[0] ? ": " : "", vendor);
    pb_fitness_advise(fitness, "what other guests do is not to be seen from here: trust "
                               "differences only from runs in pairs (parbench ab)");
}

void pb_fitness_read(const char *root, struct pb_fitness *fitness)
{
    struct machine_cpus cpus;
    read_cpus(root, &cpus);
    read_load(root, &cpus, fitness);
    read_quota(root, &cpus, fitness);
    read_pinning(&cpus, fitness);
    pb_fitness_read_speed(root, cpus.allowed, fitness);
    read_steal(root, fitness);
    read_swap(root, fitness);
    read_virtual_machine(root, fitness);
    read_huge_pages(root, fitness);
    read_aslr(root, fitness);
    read_numa_balancing(root, fitness);
}
