/* crossover.h - where one curve overtakes another, on the sizes that were measured.
 *
 * For a pair (A, B) of one kernel and data type: at every size measured for both, B is
 * faster, A is faster, or the intervals overlap and nobody can tell. The answer is a
 * verdict, and a number only where there is a crossing.
 */
#ifndef PB_RESULTS_CROSSOVER_H
#define PB_RESULTS_CROSSOVER_H

#include "results/json.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pb_verdict {
    PB_CROSSING, /* A below n*, B above */
    PB_ALWAYS_A,
    PB_ALWAYS_B,
    /* More than one change of winner, or B below and A above: see stretches. */
    PB_SEVERAL,
    PB_UNSTABLE, /* the winner changes with the noise; reason names the noisy arm */
    PB_UNMEASURED,
    PB_VERDICT_COUNT,
};
const char *pb_verdict_name(enum pb_verdict verdict); /* "crossing", "always_a", ... */

/* Sizes in a row with the same winner: 'a', 'b', or '=' where the intervals overlap. */
struct pb_stretch {
    uint64_t from_n, to_n;
    char winner;
};

/* What A and B take at a size measured for both; estimates positive and finite. */
struct pb_duel {
    uint64_t n;
    struct pb_estimate a, b;
};

struct pb_crossover {
    char *kernel, *dtype, *cache; /* cache: hot is compared with hot, cold with cold */
    char *from, *to; /* "scalar", "simd", "openmp", "best-cpu", "opencl", "mpi" */
    char *from_label,
        *to_label; /* as pb_point_label; best-cpu: "best CPU (simd avx512, openmp x2)" */
    char *residency;      /* of `to` */
    unsigned reuse;       /* of `to` */
    char *to_variant;     /* "default", "clblast" */
    char *to_device_type; /* NULL, "gpu", "cpu" */
    enum pb_verdict verdict;
    /* NAN unless PB_CROSSING; time_ns: what A takes at n. */
    struct pb_estimate n, time_ns;
    unsigned sign_changes; /* between sizes whose winner is certain */
    /* Share of the sizes whose winner the threshold predicts, 0..1; NAN unmeasured. Where
     * nobody can tell, it is not wrong. */
    double agreement;
    /* Time lost by the best single threshold, relative to always choosing right. */
    double regret;
    /* Lost at worst by choosing wrongly between n.low and n.high, as a share of the
     * faster time; NAN unless PB_CROSSING. */
    double grey_loss;
    char *reason;                 /* NULL for a crossing */
    struct pb_stretch *stretches; /* owned */
    size_t nstretches;
    /* Owned; the sizes of the sweep, n rising: without those that only the search for
     * a crossing measured. */
    struct pb_duel *duels;
    size_t nduels;
    /* Points of the two arms near the crossing (of best-cpu: the fastest there); borrowed
     * from the record; NULL where an arm was not measured. */
    const struct pb_point *from_point, *to_point;
    bool is_refined;       /* n comes from a search in turn, not from the sweep's grid */
    double confidence;     /* of n; NAN where is_refined is false */
    uint64_t n_min, n_max; /* sizes measured for both */
};

struct pb_winner { /* the fastest verified curve at one size */
    char *kernel, *dtype, *cache;
    uint64_t n;
    const struct pb_point *best;     /* borrowed from the record */
    const struct pb_point *second;   /* NULL: nothing else counts */
    char *best_label, *second_label; /* second_label: NULL where there is none */
    bool is_certain;                 /* the intervals of the two do not overlap */
};

struct pb_crossover_report {
    struct pb_crossover *crossovers; /* owned */
    size_t ncrossovers;
    struct pb_winner *winners; /* owned; by kernel, dtype, cache, n */
    size_t nwinners;
};

/* Analyses scalar->simd, simd->openmp, best-cpu->opencl and best-cpu->mpi for every
 * residency, for each kernel, data type and cache mode, where the file has the second of
 * the two. The arm of simd is its fastest curve, those of openmp and mpi the fastest with
 * the most workers; each device, residency, reuse, host memory and variant of opencl is
 * an arm of its own. A crossover where an arm has no point that counts is
 * PB_UNMEASURED. */
enum pb_status pb_crossover_analyse(const struct pb_record *record,
                                    struct pb_crossover_report *out,
                                    struct pb_error *err);
void pb_crossover_report_release(struct pb_crossover_report *report);
/* The JSON of the design: {"crossovers": [...], "winners": [...]}. NULL when out of
 * memory. */
struct pb_json *pb_crossover_encode(const struct pb_crossover_report *report);

#endif
