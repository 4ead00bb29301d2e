/* cgroup.h - the memory that the limits of this process's control groups leave. */
#ifndef PB_RESULTS_CGROUP_H
#define PB_RESULTS_CGROUP_H

#include <stdint.h>

/* Bytes until the tightest memory limit over this process, versions 1 and 2, every level
 * of the hierarchy; the page cache that the kernel would give up counts as free.
 * UINT64_MAX: no limit. root: see results/sysfile.h. */
uint64_t pb_cgroup_free_bytes(const char *root);

#endif
