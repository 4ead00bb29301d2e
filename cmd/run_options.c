#include "cmd/run_options.h"

#include <stddef.h>

#define AT(field) offsetof(struct pb_run_options, field)
const struct pb_option pb_run_options[] = {
    { PB_WISH_KERNEL(AT(wish)), .group = "What to run",
      .help =
          "Kernels by name. Without it: all but probes (see `parbench list kernels`)." },
    { PB_WISH_BACKEND(AT(wish)),
      .help = "Backends by name: scalar, simd, openmp, blas, opencl, mpi; gpu is opencl "
              "on devices of type GPU alone. Without it: every one that is usable here, "
              "but blas, the yardstick, not with --quick." },
    { PB_WISH_SIZE(AT(wish)),
      .help = "Sizes: 4096, 4Ki, a range 1Ki..64Mi*2 (the step is a factor), or one list "
              "per kernel: "
              "saxpy=4Ki..64Mi*4,matmul=32..2048*2. n counts elements of vectors, rows "
              "of square matrices. Without it: "
              "powers of two that suit each kernel." },
    { PB_WISH_DTYPE(AT(wish)),
      .help = "Data types: f32, f64 or all. Without it: f32 with --quick, else all." },
    { PB_WISH_THREADS(AT(wish)),
      .help = "Thread counts for openmp and blas, or all: powers of two up to the "
              "machine's cores. Without it: the machine's cores with --quick, else "
              "all." },
    { PB_WISH_RANKS(AT(wish)),
      .help = "The same for mpi. 2x4 is two ranks of four OpenMP threads each; --ranks 2 "
              "--threads 1,4 is 2x1,2x4, where both options are given. Without threads: "
              "one in each rank." },
    { PB_WISH_ISA(AT(wish)),
      .help = "Instruction sets for the bodies of simd, openmp and mpi, or all that this "
              "CPU has. Without it: the widest." },
    { PB_WISH_VARIANT(AT(wish)),
      .help = "Variants of the kernels' bodies and of opencl (`parbench list kernels` "
              "shows them), or all. Without it: default; where --backend leaves the "
              "choice to parbench also clblast, the yardstick, but not with --quick." },
    { PB_WISH_DEVICE(AT(wish)),
      .help = "OpenCL devices by type, name or part of a name, or all. Without it: the "
              "first of each type." },
    { PB_WISH_RESIDENCY(AT(wish)),
      .help = "For opencl and mpi. always: every call moves inputs in and results out; "
              "once:K: K calls share one move (once:8,once:64); resident: data stays "
              "where it is computed on. Without it: always and resident." },
    { PB_WISH_HOST_MEMORY(AT(wish)),
      .help = "For data that moves to an OpenCL device and back. pageable: as programs "
              "allocate it; pinned: a device can fetch from it by itself; mapped: the "
              "device's buffer in the host's memory, which shared memory need not copy "
              "(zero copy). Or all. Without it: pageable." },
    { PB_WISH_PLUGIN(AT(wish)), .help = "A kernel built by `make plugin DIR=..`." },

    { .name = "quick",
      .kind = PB_FLAG,
      .offset = AT(quick),
      .group = "How carefully",
      .help =
          "A first look, about a minute on two cores: f32, few sizes, three rounds." },
    { .name = "normal",
      .kind = PB_FLAG,
      .offset = AT(normal),
      .help =
          "The default: six rounds, all types, 1 %, a quarter of an hour at the most." },
    { .name = "thorough",
      .kind = PB_FLAG,
      .offset = AT(thorough),
      .help = "For publication: ten rounds, every size doubled up to 1 GiB, 0.5 %, no "
              "time limit." },
    { .name = "rounds",
      .kind = PB_COUNT,
      .offset = AT(rounds),
      .metavar = "N",
      .min = 1,
      .max = 64,
      .help = "Fresh worker processes per point; what varies between them is part of "
              "every interval." },
    { .name = "precision",
      .kind = PB_PERCENT,
      .offset = AT(precision),
      .metavar = "P",
      .help = "Stop sampling a point when its interval's half-width falls to this share, "
              "e.g. 2%." },
    { .name = "time-limit",
      .kind = PB_SECONDS,
      .offset = AT(time_limit_s),
      .metavar = "S",
      .help = "For the whole run. It ends before a round that would not fit; points that "
              "got no time are marked skipped." },
    { PB_WISH_POINT_TIMEOUT(AT(wish)),
      .help = "A worker that has not answered by then is killed, its point marked "
              "timeout, and the run goes on." },
    { .name = "crossover-precision",
      .kind = PB_PERCENT,
      .offset = AT(crossover_precision),
      .metavar = "P",
      .fallback = "5%",
      .help =
          "How precisely to place a crossing: by how much of its size chance may still "
          "move it. Behind the sweep the two arms are measured in turn at the sizes that "
          "tell, until this or the time limit is reached." },
    { .name = "no-refine",
      .kind = PB_FLAG,
      .offset = AT(no_refine),
      .help = "The sweep alone: crossings are placed between its sizes." },
    { .name = "no-canaries",
      .kind = PB_FLAG,
      .offset = AT(no_canaries),
      .help =
          "Leave out the three kernels that every round measures beside what was asked "
          "for, canary_fma, canary_issue and canary_triad: they show the clock of a "
          "core, its neighbours and the "
          "memory, and compare trusts two sessions only where these stayed the "
          "same." },
    { .name = "no-links",
      .kind = PB_FLAG,
      .offset = AT(no_links),
      .help = "Leave out what starting work and moving data costs on each device and "
              "between ranks, which is measured first (2 s each, half a second with "
              "--quick) and which parbench transfers predicts from." },
    { .name = "peaks",
      .kind = PB_FLAG,
      .offset = AT(peaks),
      .help = "Measure first what the machine does at most (parbench peaks), some "
              "seconds. Without it: with --normal and --thorough alone, as they stand." },
    { .name = "no-peaks",
      .kind = PB_FLAG,
      .offset = AT(no_peaks),
      .help = "Leave that out." },
    { .name = "no-tune",
      .kind = PB_FLAG,
      .offset = AT(no_tune),
      .help = "On a GPU for which parbench tune has kept nothing, measure with the "
              "default parameters of the kernels, instead of choosing some first." },
    { PB_WISH_SEED(AT(wish)),
      .help = "For input data and the order of points. Without it: a new one, stored "
              "with the result." },

    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      .offset = AT(output),
      .metavar = "FILE",
      .group = "Where and how",
      .help = "The result file, replaced when the run is through; - is standard output. "
              "Without it: "
              "parbench-DATE-TIME.json. Until then FILE.journal holds every finished "
              "point." },
    { .name = "resume",
      .kind = PB_FLAG,
      .offset = AT(resume),
      .help = "Continue what was interrupted, from FILE.journal of -o FILE, with the "
              "options it was started with." },
    { PB_WISH_LAUNCHER(AT(wish)),
      .help = "How to start MPI ranks, e.g. \"srun -n {ranks}\" or \"mpirun --hostfile "
              "hosts\". Without it: mpirun." },
    { PB_WISH_IN_PROCESS(AT(wish)),
      .help =
          "No worker processes: for gdb, perf and valgrind. A crash then ends the run." },
    { .name = NULL },
};
