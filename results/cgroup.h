/* cgroup.h - the memory and the CPU time that the limits of this process's control groups
 * leave. */
#ifndef PB_RESULTS_CGROUP_H
#define PB_RESULTS_CGROUP_H

#include <stdint.h>

/* Bytes until the tightest memory limit over this process, versions 1 and 2, every level
 * of the hierarchy; the page cache that the kernel would give up counts as free.
 * UINT64_MAX: no limit. root: see results/sysfile.h. */
uint64_t pb_cgroup_free_bytes(const char *root);
/* CPUs worth of time that the tightest quota grants, in thousandths of a CPU: 1500 for
 * one and a half. UINT64_MAX: no quota. */
uint64_t pb_cgroup_cpu_thousandths(const char *root);

#endif
