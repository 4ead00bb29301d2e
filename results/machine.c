#include "results/machine.h"

#include "measure/clock.h"
#include "measure/text.h"
#include "results/cgroup.h"
#include "results/sysfile.h"
#include "results/topology.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define KIB 1024u

/* CPUs that this process may run on, as a set to CPU_FREE; NULL: not known. A machine
 * may have more than the CPU_SETSIZE that a plain cpu_set_t holds. */
static cpu_set_t *allowed_cpus(size_t *ncpus)
{
    for (size_t cpus = CPU_SETSIZE; cpus <= (size_t)CPU_SETSIZE << 8; cpus *= 2) {
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (!set)
            return NULL;
        CPU_ZERO_S(CPU_ALLOC_SIZE(cpus), set);
        if (sched_getaffinity(0, CPU_ALLOC_SIZE(cpus), set) == 0) {
            *ncpus = cpus;
            return set;
        }
        CPU_FREE(set);
    }
    return NULL;
}

static bool read_governor(size_t cpu, char *buf, size_t bytes)
{
    char path[96];
    (void)snprintf(path, sizeof path,
                   "/sys/devices/system/cpu/cpu%zu/cpufreq/scaling_governor", cpu);
    return pb_sysfile_read("", path, buf, bytes);
}

/* Sets logical_cpus and governor: "mixed" where the CPUs do not agree. */
static void read_cpus(struct pb_machine *out, bool *has_memory)
{
    char governor[64] = "", found[64];
    size_t ncpus = 0;
    cpu_set_t *set = allowed_cpus(&ncpus);
    if (!set)
        return;
    const size_t bytes = CPU_ALLOC_SIZE(ncpus);
    out->logical_cpus = (unsigned)CPU_COUNT_S(bytes, set);
    for (size_t cpu = 0; cpu < ncpus; cpu++) {
        if (!CPU_ISSET_S(cpu, bytes, set) || !read_governor(cpu, found, sizeof found))
            continue;
        const bool differs = governor[0] && strcmp(governor, found) != 0;
        (void)snprintf(governor, sizeof governor, "%s", differs ? "mixed" : found);
        if (differs)
            break;
    }
    CPU_FREE(set);
    if (governor[0])
        *has_memory = pb_set(&out->governor, governor) && *has_memory;
}

/* "Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x86_64" */
static char *os_text(void)
{
    struct utsname kernel;
    char name[128];
    if (uname(&kernel) != 0)
        return NULL;
    const bool has_name =
        pb_sysfile_find("", "/etc/os-release", "PRETTY_NAME", name, sizeof name) ||
        pb_sysfile_find("", "/usr/lib/os-release", "PRETTY_NAME", name, sizeof name);
    char *start = name;
    if (has_name && (*start == '"' || *start == '\'')) {
        start++;
        start[strcspn(start, "\"'")] = '\0';
    }
    return pb_text_format("%s%s%s %s %s", has_name ? start : "", has_name ? ", " : "",
                          kernel.sysname, kernel.release, kernel.machine);
}

/* What x86, then what ARM boards call themselves. */
static char *cpu_text(void)
{
    char name[256];
    if (pb_sysfile_find("", "/proc/cpuinfo", "model name", name, sizeof name) ||
        pb_sysfile_find("", "/proc/cpuinfo", "Model", name, sizeof name) ||
        pb_sysfile_read("", "/proc/device-tree/model", name, sizeof name))
        return strdup(name);
    return NULL;
}

enum pb_status pb_machine_read(struct pb_machine *out, struct pb_error *err)
{
    struct pb_topology topology;
    struct pb_machine machine = { .clock_resolution_ns = 0 };
    bool has_memory = true;
    uint64_t total_kib = 0;
    pb_topology_read(&topology);
    read_cpus(&machine, &has_memory);
    (void)pb_sysfile_find_number("", "/proc/meminfo", "MemTotal", &total_kib);
    machine.cpu = topology.cpu ? topology.cpu : cpu_text();
    machine.cores = topology.cores;
    machine.sockets = topology.sockets;
    machine.numa_nodes = topology.numa_nodes;
    machine.l1d_bytes = topology.l1d_bytes;
    machine.l2_bytes = topology.l2_bytes;
    machine.l3_bytes = topology.l3_bytes;
    machine.memory_bytes = total_kib * KIB;
    machine.os = os_text();
    machine.clock_resolution_ns = pb_clock_monotonic()->resolution_ns;
    if (!has_memory || !machine.os) {
        pb_machine_release(&machine);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for the machine's facts");
    }
    *out = machine;
    return PB_OK;
}

uint64_t pb_machine_available_bytes(void)
{
    uint64_t kib;
    if (!pb_sysfile_find_number("", "/proc/meminfo", "MemAvailable", &kib))
        return 0;
    const uint64_t limit = pb_cgroup_free_bytes("");
    return kib * KIB < limit ? kib * KIB : limit;
}

/* The number that stands behind `skipped` others; -1: there is none. */
static int64_t number_behind(const char *line, unsigned skipped)
{
    for (;; skipped--) {
        char *end;
        errno = 0;
        const long long number = strtoll(line, &end, 10);
        if (end == line || errno || number < 0)
            return -1;
        if (skipped == 0)
            return number;
        line = end;
    }
}

/* First line of /proc/stat: user nice system idle iowait irq softirq steal, proc(5). */
int64_t pb_machine_steal_ticks(void)
{
    char line[512];
    if (!pb_sysfile_find("", "/proc/stat", "cpu", line, sizeof line))
        return -1;
    const int64_t steal = number_behind(line, 7);
    const long per_s = sysconf(_SC_CLK_TCK); /* 100 on nearly every machine */
    return steal >= 0 && per_s > 0 ? steal * 100 / per_s : -1;
}
