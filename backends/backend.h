/* backend.h - the contract of a backend: HOW a kernel's items are run.
 *
 * A backend is a folder backends/NAME/ with two faces:
 *
 *   card.c      defines `const struct pb_backend pb_backend_NAME`: what it is called,
 *               what may be swept, how its worker process is started, and a cheap look
 *               at the machine. Always linked into parbench; must not include or load
 *               any heavy library: `parbench list` stays instant on every machine.
 *   *.c         define `const struct pb_backend_ops pb_backend_ops_NAME`: the work.
 *               Linked in, or built as the loadable module parbench-NAME.so when
 *               backend.mk says so; pb_backend_load() (registry.h) finds it either way.
 *   backend.mk  sets, for make:
 *                 NAME_ABSENT  why it cannot be built here and how to change that;
 *                              empty: it can. It becomes a C string: no quotes in it.
 *                 NAME_MODULE  yes: build as a module
 *                 NAME_CC, NAME_CFLAGS, NAME_LDLIBS
 *                 NAME_LIBRARY what it was built with ("openblas 0.3.21"), for `list`
 *   override.h  where a kernel may have a form of its own for this backend, the struct
 *               pb_override_NAME of such a form. kernels/K/K.NAME.c defines `const struct
 *               pb_override_NAME pb_override_K_NAME` and becomes part of the backend;
 *               make lists them in pb_overrides_NAME[], which override.h declares.
 *   V.h         the same for V, a variant of the backend: backend.mk sets NAME_VARIANTS
 *               := V, and kernels/K/K.V.c defines pb_override_K_V for pb_overrides_V[].
 *
 * A backend places, splits, runs, merges, waits and moves data; it contains no
 * mathematics and never includes a specific kernel, another backend, results/, plots/ or
 * cmd/. Shared code stands in host.h.
 */
#ifndef PB_BACKENDS_BACKEND_H
#define PB_BACKENDS_BACKEND_H

#include "kernels/kernel.h"
#include "measure/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PB_BACKEND_ABI 4u

/* Where the data is when a timed call starts and ends. */
enum pb_residency {
    PB_HOST, /* the backend works in host memory: there is nothing to move */
    /* Every call moves the inputs in and the results out; `reuse` calls share one move
     * (1: every call). */
    PB_ALWAYS,
    PB_RESIDENT, /* data stays where it is computed on */
    PB_RESIDENCY_COUNT,
};

/* What memory of the host the data is moved from and to. */
enum pb_host_memory {
    PB_PAGEABLE, /* as any program allocates it */
    /* Lent by the backend (lend), at a fixed physical address: a device can fetch from it
     * by itself. */
    PB_PINNED,
    /* Lent likewise, and the device's own buffer: it is handed over and back, which
     * copies nothing where device and host share memory. */
    PB_MAPPED,
    PB_HOST_MEMORY_COUNT,
};

enum pb_worker_kind { PB_CORE, PB_THREAD, PB_DEVICE, PB_RANK, PB_WORKER_KIND_COUNT };

/* "host", "always", "resident" */
const char *pb_residency_name(enum pb_residency residency);
/* "pageable", "pinned", "mapped" */
const char *pb_host_memory_name(enum pb_host_memory memory);
/* "core", "thread", "device", "rank" */
const char *pb_worker_kind_name(enum pb_worker_kind kind);

/* How to run: one configuration of one backend. */
struct pb_config {
    enum pb_isa isa;    /* the body that workers run; ignored where uses_isa is false */
    unsigned workers;   /* threads or ranks, >= 1 */
    unsigned threads;   /* of each rank; 0 is 1 */
    const char *device; /* its name as probe() spells it, or NULL: the first; borrowed */
    enum pb_residency residency;
    unsigned reuse;                  /* >= 1; kernel runs per move, with PB_ALWAYS */
    enum pb_host_memory host_memory; /* PB_PAGEABLE unless the backend lends others */
    const char *variant; /* of the kernel's bodies; NULL: "default"; borrowed */
    /* Parameters that the kernel's OpenCL form is built with (struct pb_cl_set), by name;
     * NULL: the default of the device; borrowed. */
    const char *tuning;
    unsigned offset_bytes; /* shift of every host array within its page, below 4096 */
};

/* What to run: one point. */
struct pb_case {
    const struct pb_kernel *kernel; /* borrowed */
    enum pb_dtype dtype;
    size_t n; /* >= 1 */
    struct pb_config config;
};

/* ---- what is there ----------------------------------------------------------------- */

struct pb_device {
    char name[128]; /* unique within the backend: a second one of that name gets " #2" */
    char type[16];  /* "gpu", "cpu", "accelerator" */
    char driver[128]; /* platform and driver version */
    unsigned compute_units;
    uint64_t memory_bytes;
    unsigned dtypes; /* PB_DTYPE_BIT(..) that it can compute with */
    char note[160];  /* a limitation worth telling, or "" */
};

#define PB_DEVICES_MAX 32

struct pb_probe {
    struct pb_device devices[PB_DEVICES_MAX];
    size_t ndevices;      /* 0 for a backend whose workers are cores, threads or ranks */
    unsigned max_workers; /* useful threads or ranks on this machine; 1 for devices */
    char version[128];    /* of the library behind it ("Open MPI 4.1.4"), or "" */
};

/* ---- measured along the way -------------------------------------------------------- */

/* Where one call's time goes, in ns: medians over a few calls made for this purpose,
 * apart from the timed samples (so they need not add up to the all-in time). Negative:
 * not applicable or not known. */
struct pb_phases {
    double compile_ns; /* building the device program, once per session */
    double h2d_ns;     /* inputs in: OpenCL writes; MPI scatter and broadcast */
    double launch_ns;  /* from handing a kernel over until it starts */
    double kernel_ns;  /* computing; on MPI the slowest rank */
    double d2h_ns;     /* results back: OpenCL reads; MPI gather and merge */
    /* Why one is missing ("the driver's profiling timestamps are not usable"), or "". */
    char note[160];
};
#define PB_PHASES_UNKNOWN                                                                \
    {                                                                                    \
        .compile_ns = -1, .h2d_ns = -1, .launch_ns = -1, .kernel_ns = -1, .d2h_ns = -1   \
    }

/* ---- the link, measured once per run ----------------------------------------------- */

#define PB_LINK_PATHS_MAX  6
#define PB_LINK_SIZES_MAX  8
#define PB_LINK_ROUNDS_MIN 6 /* the fewest whose range is a 95 % interval of a median */
#define PB_LINK_ROUNDS_MAX 15

/* One way for data: whose memory, in which direction. */
struct pb_link_way {
    const char *name;        /* "h2d", "d2h"; of ranks "p2p", "scatter", "gather", .. */
    const char *host_memory; /* "pageable", ..; NULL: of ranks */
    bool may_be_zero_copy;   /* a hand-over: its time may not depend on the bytes */
    /* Rising; the first so few that they cost only the latency. */
    uint64_t bytes[PB_LINK_SIZES_MAX];
    size_t nsizes;
    double ns[PB_LINK_ROUNDS_MAX][PB_LINK_SIZES_MAX]; /* one transfer, waited for */
    /* What one more of the smallest transfers adds to a queue that is waited for anyway;
     * NAN: not measured. */
    double queued_ns[PB_LINK_ROUNDS_MAX];
};

struct pb_link_samples {
    size_t rounds;
    /* Until an empty kernel is handed over; NAN: nothing is launched. */
    double enqueue_ns[PB_LINK_ROUNDS_MAX];
    /* Until it is known to have ended; of ranks a barrier. */
    double round_trip_ns[PB_LINK_ROUNDS_MAX];
    bool shares_memory; /* the device says that its memory is the host's */
    struct pb_link_way ways[PB_LINK_PATHS_MAX];
    size_t nways;
};

/* ---- the work ---------------------------------------------------------------------- */

struct pb_session; /* each backend defines its own */

/* In a backend of several processes (MPI) every rank calls the same functions with the
 * same arguments; only the leader's `host` arrays exist, the others pass NULL. A failure
 * on one rank must be returned on all of them. */
struct pb_backend_ops {
    unsigned abi; /* PB_BACKEND_ABI */

    /* Joins the library (MPI_Init, platforms); called once per process before any other.
     * May be NULL. */
    enum pb_status (*start)(struct pb_error *err);
    /* Undoes start on every way out of the process; without MPI_Finalize mpirun calls a
     * good run a crash. May be NULL. */
    void (*stop)(void);
    /* Devices and limits. */
    enum pb_status (*probe)(struct pb_probe *out, struct pb_error *err);

    /* Prepares to run c: buffers, program, slices. PB_ERR_UNSUPPORTED with the reason
     * where it cannot. */
    enum pb_status (*open)(const struct pb_case *c, struct pb_session **out,
                           struct pb_error *err);
    /* Memory for the host's array `arg`, of which more than the array itself may be asked
     * for: page-aligned, the session's, valid until close. For every array, between open
     * and the first load, where config.host_memory is not PB_PAGEABLE; the arrays given
     * to load then lie in it. NULL: pageable memory alone. */
    enum pb_status (*lend)(struct pb_session *s, size_t arg, size_t bytes, void **out,
                           struct pb_error *err);
    /* Copies every array, PB_OUT ones too, from host to where it is computed on. `host`
     * must stay valid until close: calls with PB_ALWAYS move data from and to it. */
    enum pb_status (*load)(struct pb_session *s, const struct pb_task *host,
                           struct pb_error *err);
    /* Makes `calls` calls, each complete before the next starts, and all complete on
     * return, results merged. A call is one kernel run, and with PB_ALWAYS the moves that
     * belong to it; `calls` is a multiple of config.reuse. */
    enum pb_status (*run)(struct pb_session *s, size_t calls, struct pb_error *err);
    /* Copies PB_OUT and PB_INOUT arrays from where they were computed to host. */
    enum pb_status (*fetch)(struct pb_session *s, const struct pb_task *host,
                            struct pb_error *err);
    /* Where a call's time goes. NULL: nothing to tell. Leaves the in-place arrays
     * changed. */
    enum pb_status (*phases)(struct pb_session *s, struct pb_phases *out,
                             struct pb_error *err);
    /* The parameters that the session's program was built with, as config.tuning names
     * them; NULL: there was nothing to choose. Borrowed from the kernel. NULL instead of
     * a function: nothing to tell. */
    const char *(*tuning)(const struct pb_session *s);
    void (*close)(struct pb_session *s); /* accepts NULL */

    /* What moving data and starting work costs here, whatever the kernel: at most about
     * budget_ns, but at least PB_LINK_ROUNDS_MIN rounds. config: device and workers;
     * *out is zeroed. PB_ERR_UNSUPPORTED: there is no link (one rank alone). NULL:
     * nothing is moved. Several processes: on all ranks; only the leader has *out. */
    enum pb_status (*link)(const struct pb_config *config, double budget_ns,
                           struct pb_link_samples *out, struct pb_error *err);

    /* For several processes; all NULL otherwise. */
    bool (*is_leader)(void); /* the rank that reads orders and writes answers */
    uint64_t (*agree)(uint64_t local_ns); /* the slowest rank's time, the same on all */
    /* The leader's line reaches all: on the leader *line is borrowed input (NULL: end),
     * elsewhere *line is set to a string to free(), or NULL at the end. Ranks that wait
     * here must not spin. */
    enum pb_status (*share)(char **line, struct pb_error *err);
};

/* ---- the card ---------------------------------------------------------------------- */

#define PB_LAUNCH_MAX 24

/* How to start a worker process: `argv... parbench worker ...` with env added. Strings
 * are owned; see pb_launch_release. */
struct pb_launch {
    /* Put in front of the worker's command; argv[0] NULL: start it directly. */
    char *argv[PB_LAUNCH_MAX];
    size_t nargv;
    char *env[PB_LAUNCH_MAX]; /* "NAME=value", replacing what the environment holds */
    size_t nenv;
    char note[256]; /* something the user should know once, or "" */
};

void pb_launch_release(struct pb_launch *launch);
/* Appends a copy; PB_ERR_MEMORY, or PB_ERR_INTERNAL when full. */
enum pb_status pb_launch_arg(struct pb_launch *launch, const char *arg,
                             struct pb_error *err);
enum pb_status pb_launch_env(struct pb_launch *launch, const char *name_value,
                             struct pb_error *err);

/* What a worker does to the machine between two calls: whether another one can measure
 * while it waits. */
enum pb_idle {
    PB_IDLE_SLEEPS, /* nothing: all its threads and processes wait in the kernel */
    PB_IDLE_SPINS, /* its threads may spin for more work: the process has to be stopped */
};

/* Another way in which a backend computes a whole kernel, beside the kernel's own:
 * `--variant`. Which kernels have a form for it is told by registry.h. */
struct pb_backend_variant {
    const char *name;    /* "clblast": a C identifier, and no other backend's */
    const char *summary; /* one line: what computes */
    bool is_yardstick;   /* as below; others are for whoever asks for them by name */
    bool in_override;    /* part of the kernel's form for the backend, not of its own */
    /* As below: what this variant needs beside what the backend needs. NULL: nothing. */
    bool (*look)(char *why, size_t why_bytes);
};

struct pb_backend {
    unsigned abi;        /* PB_BACKEND_ABI */
    const char *name;    /* "openmp": a C identifier, the folder's name */
    const char *summary; /* one line: what runs where */
    /* How to get what it needs: "apt-get install libopenmpi-dev openmpi-bin". */
    const char *get;
    /* Orders backends from the least parallel (scalar: 0) to the most, by tens. */
    unsigned level;
    enum pb_worker_kind worker_kind;
    enum pb_idle idle;
    bool uses_isa; /* workers run a body of kernel->bodies */
    /* ... and only the scalar one; otherwise never the scalar one by default. */
    bool only_scalar;
    /* Runs only kernels with a form of their own for it (registry.h). */
    bool needs_override;
    /* Not a level of parallelism but what the others are held to: a quick run leaves it
     * out unless it is named. */
    bool is_yardstick;
    unsigned residencies;   /* 1u << enum pb_residency, or'ed */
    unsigned host_memories; /* 1u << enum pb_host_memory, or'ed; 0: pageable alone */
    const struct pb_backend_variant *variants;
    size_t nvariants;

    /* A look that loads nothing and takes under a millisecond: files, PATH, environment.
     * Returns true if the backend seems usable, else false with the reason and the cure
     * in why. NULL: always usable. */
    bool (*look)(char *why, size_t why_bytes);
    /* How to start a worker for `config`; `launcher` is the user's --launcher or NULL.
     * NULL: start it directly. */
    enum pb_status (*launch)(const struct pb_config *config, const char *launcher,
                             struct pb_launch *out, struct pb_error *err);
    /* True in a process that a job launcher started (inside mpirun or srun), with its
     * rank and the job's size; NULL: never. */
    bool (*inside_job)(unsigned *rank, unsigned *size);
};

#endif
