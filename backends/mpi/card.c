/* The mpi backend's card, and how its ranks are started: mpirun with the flags that fit
 * this machine, or the user's own launcher. */
#include "backends/backend.h"
#include "backends/host.h"
#include "backends/launcher.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

/* ---- inside a job? ----------------------------------------------------------------- */

static bool number_in(const char *name, unsigned long *out)
{
    const char *value = setting(name);
    if (!value || value[0] < '0' || value[0] > '9')
        return false;
    char *end;
    errno = 0;
    const unsigned long number = strtoul(value, &end, 10);
    if (errno || *end)
        return false;
    *out = number;
    return true;
}

/* Slurm numbers its job steps from 0 and keeps the highest numbers for steps that are no
 * srun: sbatch's script, salloc's shell (slurm.h, SLURM_BATCH_SCRIPT and its
 * neighbours). */
static bool in_slurm_step(void)
{
    const unsigned long reserved = 0xfffffff0UL;
    unsigned long step;
    return number_in("SLURM_STEP_ID", &step) && step < reserved;
}

/* Where launchers leave a rank and the number of ranks. Slurm's own come last: under
 * `srun --mpi=pmix` and mpirun inside an allocation they may stand beside the others. */
static const struct {
    const char *rank, *size;
    bool is_slurm;
} launchers[] = {
    { .rank = "OMPI_COMM_WORLD_RANK", .size = "OMPI_COMM_WORLD_SIZE" },
    { .rank = "PMI_RANK", .size = "PMI_SIZE" },
    { .rank = "MV2_COMM_WORLD_RANK", .size = "MV2_COMM_WORLD_SIZE" },
    { .rank = "PMIX_RANK", .size = "SLURM_STEP_NUM_TASKS", .is_slurm = true },
    { .rank = "SLURM_PROCID", .size = "SLURM_STEP_NUM_TASKS", .is_slurm = true },
    { .rank = "SLURM_PROCID", .size = "SLURM_NTASKS", .is_slurm = true },
};

/* A Slurm step of one task is taken for a shell (`srun --pty bash`) rather than for a
 * job of one rank: it may start ranks of its own. */
static bool inside_job(unsigned *rank, unsigned *size)
{
    const bool is_step = in_slurm_step();
    for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++) {
        unsigned long r, n;
        if (!number_in(launchers[i].rank, &r) || !number_in(launchers[i].size, &n))
            continue;
        if (launchers[i].is_slurm && (!is_step || n < 2))
            continue;
        if (r >= n || n > 1u << 30)
            continue;
        *rank = (unsigned)r;
        *size = (unsigned)n;
        return true;
    }
    return false;
}

/* ---- is there a launcher? ---------------------------------------------------------- */

static const char *const starters[] = { "mpirun", "mpiexec", "srun" };

static const char *find_starter(void)
{
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++)
        if (pb_launcher_has(starters[i]))
            return starters[i];
    return NULL;
}

static bool look(char *why, size_t why_bytes)
{
    unsigned rank, size;
    if (find_starter() || inside_job(&rank, &size))
        return true;
    (void)snprintf(why, why_bytes,
                   "none of mpirun, mpiexec, srun is in PATH: apt-get install "
                   "openmpi-bin, or load your cluster's MPI module");
    return false;
}

/* ---- starting ranks ---------------------------------------------------------------- */

enum starter_kind {
    OPEN_MPI, /* takes --oversubscribe, --bind-to, --allow-run-as-root */
    HYDRA,    /* of MPICH, Intel MPI, MVAPICH: takes -bind-to, oversubscribes unasked */
    OTHER,    /* takes -n, as MPI 4.0, section 11.5, recommends */
};

/* Asks the program. That takes some 5 ms, beside the 300 ms that a start of ranks takes:
 * not worth a cache. `starter` is one of starters[], so nothing has to be quoted. */
static enum starter_kind starter_kind(const char *starter)
{
    char command[64], line[256] = "";
    (void)snprintf(command, sizeof command, "%s --version 2>/dev/null </dev/null",
                   starter);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return OTHER;
    enum starter_kind kind = OTHER;
    while (fgets(line, sizeof line, pipe)) { /* to the end: no SIGPIPE for the program */
        if (strstr(line, "Open MPI") || strstr(line, "OpenRTE"))
            kind = OPEN_MPI;
        else if (kind == OTHER && (strstr(line, "HYDRA") || strstr(line, "Intel(R) MPI")))
            kind = HYDRA;
    }
    (void)pclose(pipe);
    return kind;
}

/* Has a batch system given us hosts? Then mpirun knows more about slots than we do. */
static bool in_allocation(void)
{
    return setting("SLURM_JOB_ID") || setting("PBS_NODEFILE") ||
           setting("LSB_DJOB_HOSTFILE") || setting("PE_HOSTFILE");
}

/* Is this hardware thread the first of its core? True where the kernel does not tell. */
static bool is_core(unsigned cpu)
{
    char path[96], siblings[64] = ""; /* "0,8" or "0-1": the first number counts */
    (void)snprintf(path, sizeof path,
                   "/sys/devices/system/cpu/cpu%u/topology/thread_siblings_list", cpu);
    FILE *file = fopen(path, "r");
    if (!file)
        return true;
    const bool is_read = fgets(siblings, sizeof siblings, file) != NULL;
    (void)fclose(file);
    char *end = siblings;
    const unsigned long first = strtoul(siblings, &end, 10);
    return !is_read || end == siblings || first == cpu;
}

/* Cores as mpirun counts slots: hardware threads of one core count once. */
static unsigned physical_cores(void)
{
    cpu_set_t set;
    unsigned count = 0;
    if (sched_getaffinity(0, sizeof set, &set)) /* more CPUs than the set has room for */
        return pb_host_cores();
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &set) && is_core(cpu))
            count++;
    return count ? count : 1;
}

/* mpirun does not see an affinity mask (taskset): binding would leave it. */
static bool is_pinned(void)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 && pb_host_cores() < (unsigned long)online;
}

static enum pb_status add_args(struct pb_launch *launch, const char *const *args,
                               struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (; *args && !status; args++)
        status = pb_launch_arg(launch, *args, err);
    return status;
}

/* The environment overrides nothing that the user has set. */
static enum pb_status add_default(struct pb_launch *launch, const char *name,
                                  const char *value, struct pb_error *err)
{
    char pair[128];
    if (getenv(name))
        return PB_OK;
    (void)snprintf(pair, sizeof pair, "%s=%s", name, value);
    return pb_launch_env(launch, pair, err);
}

static void add_note(struct pb_launch *launch, const char *note)
{
    const size_t used = strlen(launch->note);
    (void)snprintf(launch->note + used, sizeof launch->note - used, "%s%s",
                   used ? "; " : "", note);
}

static unsigned threads_of(const struct pb_config *config)
{
    return config->threads > 1 ? config->threads : 1;
}

/* Each rank to as many cores as it has threads. */
static enum pb_status bind_ranks(struct pb_launch *launch, enum starter_kind kind,
                                 unsigned threads, struct pb_error *err)
{
    char map[32], set[32];
    (void)snprintf(map, sizeof map, "slot:PE=%u", threads);
    (void)snprintf(set, sizeof set, "core:%u", threads);
    const char *const one[] = { "--bind-to", "core", NULL };
    const char *const open_mpi[] = { "--map-by", map, "--bind-to", "core", NULL };
    const char *const hydra[] = { "--bind-to", set, NULL };
    return add_args(launch,
                    threads == 1       ? one
                    : kind == OPEN_MPI ? open_mpi
                                       : hydra,
                    err);
}

/* One thread of a rank per core and staying there, where there are enough; otherwise none
 * is bound, or several would be bound to the same. */
static enum pb_status place_ranks(struct pb_launch *launch, enum starter_kind kind,
                                  const struct pb_config *config, struct pb_error *err)
{
    static const char *const loose[] = { "--bind-to", "none", NULL };
    static const char *const crowd[] = { "--oversubscribe", NULL };
    const unsigned ranks = config->workers, threads = threads_of(config);
    const bool fits = ranks <= physical_cores() / threads;
    const unsigned cores = pb_host_cores();
    enum pb_status status = fits && !is_pinned() ? bind_ranks(launch, kind, threads, err)
                                                 : add_args(launch, loose, err);
    if (!status && !fits && kind == OPEN_MPI)
        status = add_args(launch, crowd, err);
    if (status || ranks <= cores / threads)
        return status;
    char note[96], of[32] = "";
    if (threads > 1)
        (void)snprintf(of, sizeof of, " of %u threads", threads);
    (void)snprintf(note, sizeof note,
                   "%u MPI ranks%s share %u core%s: they are not bound", ranks, of, cores,
                   cores == 1 ? "" : "s");
    add_note(launch, note);
    return kind == OPEN_MPI
               ? add_default(launch, "OMPI_MCA_mpi_yield_when_idle", "1", err)
               : PB_OK;
}

static enum pb_status start_ranks(struct pb_launch *launch,
                                  const struct pb_config *config, struct pb_error *err)
{
    const unsigned ranks = config->workers;
    const char *starter = find_starter();
    if (!starter)
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "cannot start %u MPI ranks: none of mpirun, mpiexec, srun is in "
                       "PATH; install one, or name yours with --launcher",
                       ranks);
    char number[16];
    (void)snprintf(number, sizeof number, "%u", ranks);
    const char *const command[] = { starter, "-n", number, NULL };
    const enum starter_kind kind = starter_kind(starter);
    enum pb_status status = add_args(launch, command, err);
    if (!status && kind == OPEN_MPI && geteuid() == 0) {
        add_note(launch, "running as root: mpirun gets --allow-run-as-root");
        status = pb_launch_arg(launch, "--allow-run-as-root", err);
    }
    if (!status && kind != OTHER && !in_allocation())
        status = place_ranks(launch, kind, config, err);
    return status;
}

/* Containers often forbid one process to read another's memory. Open MPI then complains
 * at every message before it copies through shared memory instead; told in advance, it
 * is quiet. Forbidden means forbidden for our own memory too: a seccomp filter looks at
 * the call only. */
static bool can_read_peers(void)
{
    char from = 1, to = 0;
    const struct iovec local = { .iov_base = &to, .iov_len = 1 };
    const struct iovec remote = { .iov_base = &from, .iov_len = 1 };
    return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == 1;
}

/* A rank is so many workers: a library below a kernel must not start its own threads. The
 * places are those that the launcher leaves a rank. Threads that share cores must not
 * spin. */
static enum pb_status set_threads(struct pb_launch *launch,
                                  const struct pb_config *config, struct pb_error *err)
{
    char number[40];
    const unsigned threads = threads_of(config);
    const bool fits = config->workers <= pb_host_cores() / threads;
    (void)snprintf(number, sizeof number, "OMP_NUM_THREADS=%u", threads);
    enum pb_status status = pb_launch_env(launch, number, err);
    if (threads == 1 || status)
        return status;
    status = pb_launch_env(launch, "OMP_DYNAMIC=false", err);
    if (!status)
        status = add_default(launch, "OMP_PROC_BIND", fits ? "close" : "false", err);
    if (!status && fits)
        status = add_default(launch, "OMP_PLACES", "cores", err);
    if (!status && !fits)
        status = add_default(launch, "OMP_WAIT_POLICY", "passive", err);
    return status;
}

static enum pb_status set_environment(struct pb_launch *launch,
                                      const struct pb_config *config,
                                      struct pb_error *err)
{
    /* Open MPI asks hwloc for the topology, and hwloc would load every OpenCL driver. */
    enum pb_status status = add_default(launch, "HWLOC_COMPONENTS", "-opencl", err);
    if (!status)
        status = set_threads(launch, config, err);
    if (!status && !can_read_peers())
        status =
            add_default(launch, "OMPI_MCA_btl_vader_single_copy_mechanism", "none", err);
    return status;
}

static enum pb_status launch(const struct pb_config *config, const char *launcher,
                             struct pb_launch *out, struct pb_error *err)
{
    struct pb_launch l = { 0 };
    enum pb_status status = launcher
                                ? pb_launcher_split(&l, launcher, config->workers, err)
                                : start_ranks(&l, config, err);
    if (!status)
        status = set_environment(&l, config, err);
    if (status)
        pb_launch_release(&l);
    else
        *out = l;
    return status;
}

/* override.h tells what they are. */
static const struct pb_backend_variant variants[] = {
    { .name = "slices",
      .summary = "items in slices, shared arrays copied to every rank",
      .in_override = true },
    { .name = "shared",
      .summary = "arrays in memory that the ranks of one node share",
      .in_override = true },
    { .name = "summa",
      .summary = "arrays in blocks over a grid of ranks, panels broadcast along it",
      .in_override = true },
};

extern const struct pb_backend pb_backend_mpi; /* found by name, see backend.h */
/* ops is NULL: they are in the module, the only part that is linked against MPI. */
const struct pb_backend pb_backend_mpi = {
    .abi = PB_BACKEND_ABI,
    .name = "mpi",
    .summary = "vector instructions in several processes, on one machine or on many",
    .get = "apt-get install libopenmpi-dev openmpi-bin, then make",
    .level = 40,
    .worker_kind = PB_RANK,
    .uses_isa = true,
    .residencies = 1u << PB_ALWAYS | 1u << PB_RESIDENT,
    .variants = variants,
    .nvariants = sizeof variants / sizeof *variants,
    .look = look,
    .launch = launch,
    .inside_job = inside_job,
};
