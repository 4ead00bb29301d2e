/* caches.h - what the caches of this machine hold, for kernels that go by them.
 *
 * Pure reading of files: any thread may call it.
 */
#ifndef PB_BACKENDS_CACHES_H
#define PB_BACKENDS_CACHES_H

#include "kernels/kernel.h"

#define PB_CACHES_DIR "/sys/devices/system/cpu"

/* The caches that one of `workers` busy cores may count on: those of the core that this
 * thread runs on, one that several cores share divided by those that may be at work. What
 * `dir` does not tell is taken as 32 KiB and 256 KiB, which nearly every core since 2010
 * has. Of a third level nobody may count on more than 8 MiB: hardly a processor has as
 * much for each of its cores, and the others may belong to other programs or, behind a
 * virtual machine's back, to other machines. */
struct pb_caches pb_caches_of_worker(const char *dir, unsigned workers);

#endif
