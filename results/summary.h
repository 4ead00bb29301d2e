/* summary.h - a crossover report in plain words: what the terminal and the plots print.
 *
 * Each function appends to a text; an allocation that fails shows in text->failed. Only
 * what was measured becomes a number, and an OpenCL device that is a CPU is never called
 * a GPU.
 */
#ifndef PB_RESULTS_SUMMARY_H
#define PB_RESULTS_SUMMARY_H

#include "measure/text.h"
#include "results/crossover.h"

#include <stdbool.h>

/* The folk rule: work below this much CPU time is not worth sending to a GPU. */
#define PB_FOLK_RULE_LOW_NS  50e3
#define PB_FOLK_RULE_HIGH_NS 100e3

/* For a PB_CROSSING, a sentence without a full stop: "openmp x2 pays from n = 20.1 Ki
 * [16 Ki .. 32 Ki], i.e. once simd avx512 takes longer than 1.90 µs [1.50 µs .. 3.10
 * µs]". */
void pb_summary_crossing(const struct pb_crossover *crossing, struct pb_text *out);

/* For any verdict: pb_summary_crossing with what a wrong choice costs, or "no crossing:
 * ..." with its reason. */
void pb_summary_crossover(const struct pb_crossover *crossover, struct pb_text *out);

/* "On this machine the GPU pays once the best CPU version takes longer than X [lo .. hi]
 * with transfers, Y [lo .. hi] with resident data" for one kernel, data type and cache
 * mode. Appends nothing where no device of type gpu was measured. */
void pb_summary_gpu(const struct pb_crossover_report *report, const char *kernel,
                    const char *dtype, const char *cache, struct pb_text *out);

/* The GPU's crossover in the slice of `like` where the data moves with every call
 * ("always", reuse 1), or stays ("resident"); of several devices, host memories and
 * variants the one that pays first. NULL: not in the report. Borrowed. */
const struct pb_crossover *pb_summary_find_gpu(const struct pb_crossover_report *report,
                                               const struct pb_crossover *like,
                                               const char *residency);

/* Of two crossovers of a slice to devices under the same conditions (pinned and pageable,
 * two devices, our own code and a library's), does a speak for the machine rather than b?
 * The one that pays does, and of those the one that pays first; where neither is better,
 * our own code. */
bool pb_summary_speaks_better(const struct pb_crossover *a, const struct pb_crossover *b);

/* " (clblast)" where what pays is not the backend's own code, else nothing. */
void pb_summary_variant(const struct pb_crossover *crossover, struct pb_text *out);

/* "2.09 µs [2.08 µs .. 2.11 µs]" */
void pb_summary_time(const struct pb_estimate *ns, struct pb_text *out);

#endif
