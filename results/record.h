/* record.h - what was measured, in memory: the result file's shape (results/schema.json)
 * as structs.
 *
 * Strings, not enums or pointers into a registry: a result outlives the binary that made
 * it and may come from any machine and version. Every char * is owned (freed by the
 * matching release) and may be NULL where the schema says null. Every time is in ns; a
 * double that is not known is NAN in memory and null in the file. Life cycle:
 * zero-initialise (or pb_*_init), fill, pb_*_release. Nothing here is thread-safe.
 */
#ifndef PB_RESULTS_RECORD_H
#define PB_RESULTS_RECORD_H

#include "measure/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PB_SCHEMA 1

/* How a point ended. The names in the file: "ok", "wrong", "failed", "timeout",
 * "skipped". */
enum pb_outcome {
    PB_OUTCOME_OK,
    /* Differs from the reference: keeps its times, never wins, never a baseline. */
    PB_OUTCOME_WRONG,
    PB_OUTCOME_FAILED,  /* crashed, ran out of memory, a library said no */
    PB_OUTCOME_TIMEOUT, /* hung: its worker was killed at the point's time limit */
    PB_OUTCOME_SKIPPED, /* not run: does not fit into memory, unsupported, no time left */
    PB_OUTCOME_COUNT,
};
const char *pb_outcome_name(enum pb_outcome outcome);
bool pb_outcome_find(const char *name, enum pb_outcome *out);

/* One fresh process's measurement of a point. */
struct pb_invocation {
    unsigned round;     /* 0.. */
    unsigned order;     /* position in the round's random order, over all points */
    uint64_t batch;     /* calls per sample */
    double *samples_ns; /* owned; ns per call, in the order taken */
    size_t nsamples;
    /* Owned; what the guard took beside sample k (measure/guard.h), the longer one of
     * before and after; NULL: there was none. */
    double *guards_ns;
    char *stopped; /* "precision", "time_limit", "max_samples" */
    /* The first call of the process, compiling included; NAN unknown. */
    double first_call_ns;
    /* 10 ms ticks that the hypervisor took during sampling; -1 unknown. */
    int64_t steal_ticks;
    int64_t involuntary_switches; /* -1 unknown */
    /* Not a process of its own (--in-process, or ranks of a running job). */
    bool in_process;
    /* 0: none; else shared, in this file, by two invocations of two arms that took their
     * samples in turn: the search for a crossing. */
    unsigned bout;
    /* Sample k was taken right before or after sample k of the invocation that it is
     * compared with (`parbench ab`): they are to be compared one by one. */
    bool in_turn;
};

/* An estimate with its interval. NAN where not known. */
struct pb_estimate {
    double estimate, low, high;
};

struct pb_point_time {
    struct pb_estimate ns;
    char *estimator; /* "q25" or "median": see results/stats.h */
    /* Reached by low..high: 0.75 for three rounds, 0.97 for six; NAN after one round,
     * which says nothing about other processes. */
    double confidence;
};

struct pb_point_phases {
    /* In ns; NAN: does not apply or not known. */
    double first_call, compile, h2d, launch, kernel, d2h;
    char *note; /* why one is missing, or NULL */
};

/* What one move of a point's data consists of: bytes, and arrays, each of which is a
 * transfer of its own. NAN: nothing moves, or not known. */
struct pb_moved {
    double in_bytes, in_arrays;         /* to a device; to ranks, each its share */
    double shared_bytes, shared_arrays; /* to ranks, all of it to each */
    double out_bytes, out_arrays;
};

struct pb_point {
    /* identity */
    char *kernel, *dtype;
    uint64_t n;
    char *backend;
    char *isa; /* NULL where the backend does not choose one */
    /* NULL for backends without devices; type "gpu", "cpu", "accelerator". */
    char *device, *device_type;
    unsigned workers;
    unsigned threads_per_rank; /* 1 but for ranks that have several */
    char *worker_kind;         /* "core", "thread", "device", "rank" */
    char *variant;             /* "default" */
    char *residency;           /* "host", "always", "once", "resident" */
    unsigned reuse;            /* calls per move of the data */
    char *host_memory; /* "pageable", "pinned", "mapped"; NULL for residency host */
    char *cache;       /* "hot", "cold" */
    /* Parameters that the kernel's OpenCL form was built with ("64x64x16-4x4-v4"); NULL:
     * none, or not known. In an order: those to build it with. No part of the identity:
     * points are compared across them. */
    char *tuning;
    /* outcome */
    enum pb_outcome status;
    char *reason;                /* NULL when ok */
    double max_error, tolerance; /* NAN: not verified */
    double flops, bytes;         /* per call; NAN unknown */
    struct pb_moved moved;       /* per move, for all residencies but host */
    struct pb_point_time time;
    struct pb_point_phases phases;
    struct pb_invocation *invocations; /* owned */
    size_t ninvocations;
    /* Not in the file: pb_quiet_limit() of results/bouts.h among all points of the file,
     * for when some of them are left out. 0: to be worked out. */
    double quiet_ns;
};

void pb_point_init(struct pb_point *point); /* all NULL and NAN, workers and reuse 1 */
/* Frees what it owns and leaves it initialised. */
void pb_point_release(struct pb_point *point);
void pb_invocation_release(struct pb_invocation *invocation);
/* Sets an owned string field: frees the old, copies value (NULL allowed). false: out of
 * memory, field NULL. */
bool pb_set(char **field, const char *value);
/* Moves *invocation to the end of the point's list; *invocation is empty afterwards, also
 * on failure. */
enum pb_status pb_point_add(struct pb_point *point, struct pb_invocation *invocation,
                            struct pb_error *err);
/* Copies identity and work, not the outcome, times or invocations. */
enum pb_status pb_point_copy_identity(struct pb_point *to, const struct pb_point *from,
                                      struct pb_error *err);
/* Order by identity: kernel, dtype, backend, isa, device, workers and their threads,
 * variant, residency, reuse, host_memory, cache, then n; 0: the same point. */
int pb_point_compare(const struct pb_point *a, const struct pb_point *b);
/* The same without n: the points of one curve compare equal. */
int pb_point_compare_curve(const struct pb_point *a, const struct pb_point *b);
/* May this point win or be a baseline? ok, with a positive finite estimate. */
bool pb_point_counts(const struct pb_point *point);
/* What a reader calls its curve, in buf: "scalar", "simd avx512", "openmp x2", "opencl
 * gpu resident", "mpi x2 always", "mpi x2x4 always": two ranks of four threads. An OpenCL
 * device that is a CPU is always named as such ("opencl cpu ..."). Returns buf. */
const char *pb_point_label(const struct pb_point *point, char *buf, size_t bytes);

#define PB_LINK_LADDER_MAX 16

/* One way for data: time(bytes) = latency_ns + bytes / bytes_per_s. */
struct pb_link_path {
    /* "h2d", "d2h"; between ranks "p2p", "scatter", "gather", "bcast", "allreduce". */
    char *name;
    char *host_memory; /* "pageable", "pinned", "mapped"; NULL between ranks */
    /* "fitted"; "zero copy": handed over, in a time that does not depend on the bytes;
     * "unclear": the times do not rise with the bytes. */
    char *status;
    struct pb_estimate latency_ns;  /* of one small transfer that is waited for */
    struct pb_estimate queued_ns;   /* of one more in a queue; NAN: not measured */
    struct pb_estimate bytes_per_s; /* NAN unless fitted */
    double spread; /* largest deviation of a measured size from the line, relative */
    struct pb_link_step {
        uint64_t bytes;
        double ns;
    } ladder[PB_LINK_LADDER_MAX]; /* what was measured, medians over the rounds; rising */
    size_t nsteps;
};

/* What it costs to start work and to move data, measured once in a run. */
struct pb_link {
    char *backend, *device; /* device NULL between ranks */
    unsigned workers;
    char *reason;                  /* why there are no numbers; NULL where there are */
    unsigned rounds;               /* that the intervals are taken over */
    bool shares_memory;            /* the device says that its memory is the host's */
    struct pb_estimate enqueue_ns; /* handing an empty kernel over; NAN between ranks */
    /* ... until it is known to have ended; between ranks a barrier. */
    struct pb_estimate round_trip_ns;
    struct pb_link_path *paths; /* owned */
    size_t npaths;
};

/* How much of one thing the machine does, measured by a probe. */
struct pb_peak {
    char *what;        /* "fma": operations; "read", "copy", "triad": bytes */
    char *where;       /* of the bytes: "l1d", "l2", "l3", "memory"; NULL for fma */
    bool is_streaming; /* stored past the caches */
    char *dtype, *backend;
    char *isa, *device; /* NULL where the backend has none */
    unsigned workers;
    uint64_t bytes;           /* of all arrays together; 0 unknown */
    struct pb_estimate per_s; /* NAN: not measured */
    char *reason;             /* why there is no number; NULL where there is */
};

struct pb_device_facts {
    char *name, *type, *driver;
};

struct pb_machine {
    char *cpu;
    /* Usable by this process; 0 unknown. */
    unsigned cores, logical_cpus, sockets, numa_nodes;
    /* Per cache, not summed; 0 unknown. */
    uint64_t l1d_bytes, l2_bytes, l3_bytes, memory_bytes;
    char *os, *governor, *mpi, *blas; /* NULL unknown or absent */
    double clock_resolution_ns;
    struct pb_device_facts *devices; /* owned */
    size_t ndevices;
    struct pb_link *links; /* owned; see results/link.h */
    size_t nlinks;
    struct pb_peak *peaks; /* owned; see results/peaks.h */
    size_t npeaks;
};
void pb_machine_release(struct pb_machine *machine);

/* A backend that this run could not use, and why. */
struct pb_absence {
    char *backend, *reason;
};

/* What stood for or against measuring on the machine when the run began; the ids and
 * levels of results/fitness.h. */
struct pb_fitness_fact {
    char *id, *seen, *level;
};
/* Frees an array of facts and what they own; accepts NULL with count 0. */
void pb_fitness_facts_free(struct pb_fitness_fact *facts, size_t count);

struct pb_record {
    char *version, *git, *compiler, *cflags; /* of the parbench that measured */
    char *id, *started;                      /* random; ISO 8601 UTC */
    char **command;                          /* owned strings: argv */
    size_t ncommand;
    uint64_t seed;     /* below 2^53, so that JSON keeps it exactly */
    unsigned rounds;   /* rounds finished */
    char *rigor;       /* "quick", "normal", "thorough", "custom" */
    bool complete;     /* every planned point was dealt with */
    char *paired_with; /* NULL, or the id of the run measured in turn with this one */
    /* Of a paired run: rounds below it screened all points, those from it on confirmed
     * the suspects; 0: no stages. */
    unsigned screen_pairs;
    struct pb_machine machine;
    struct pb_absence *absent; /* owned */
    size_t nabsent;
    struct pb_fitness_fact *fitness; /* owned; empty: not looked at */
    size_t nfitness;
    struct pb_point *points; /* owned, sorted by pb_point_compare */
    size_t npoints;
    size_t points_capacity; /* of pb_record_add; 0 for points allocated by hand */
};

void pb_record_init(struct pb_record *record);
void pb_record_release(struct pb_record *record);
/* Moves *point to the end; it is empty afterwards, also on failure. */
enum pb_status pb_record_add(struct pb_record *record, struct pb_point *point,
                             struct pb_error *err);
void pb_record_sort(struct pb_record *record);
/* The point of a sorted record that has the identity of `like`; NULL: none. Borrowed. */
struct pb_point *pb_record_find(const struct pb_record *record,
                                const struct pb_point *like);
/* The number of a point that has the identity of an earlier one, or npoints; SIZE_MAX
 * when out of memory. The record need not be sorted. */
size_t pb_record_find_duplicate(const struct pb_record *record);

#endif
