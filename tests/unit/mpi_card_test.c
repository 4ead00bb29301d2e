/* How ranks are started: the words of --launcher, the flags for each kind of mpirun, and
 * when a process is a rank already. The launchers here are scripts that only tell their
 * version; no MPI is needed. */
#include "backends/backend.h"
#include "backends/host.h"
#include "backends/launcher.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

extern const struct pb_backend pb_backend_mpi;

/* ---- a world of our own: PATH holds one directory, the environment no job ---------- */

static const char *const touched[] = {
    "OMPI_COMM_WORLD_RANK",
    "OMPI_COMM_WORLD_SIZE",
    "PMI_RANK",
    "PMI_SIZE",
    "PMIX_RANK",
    "MV2_COMM_WORLD_RANK",
    "MV2_COMM_WORLD_SIZE",
    "SLURM_STEP_ID",
    "SLURM_PROCID",
    "SLURM_NTASKS",
    "SLURM_STEP_NUM_TASKS",
    "SLURM_JOB_ID",
    "PBS_NODEFILE",
    "LSB_DJOB_HOSTFILE",
    "PE_HOSTFILE",
    "HWLOC_COMPONENTS",
    "OMPI_MCA_mpi_yield_when_idle",
};

struct world {
    char dir[64];
    char *path; /* owned: PATH as it was */
};

static void file_in(const struct world *w, const char *name, char *out, size_t bytes)
{
    (void)snprintf(out, bytes, "%s/%s", w->dir, name);
}

static int enter(void **state)
{
    for (size_t i = 0; i < sizeof touched / sizeof *touched; i++)
        (void)unsetenv(touched[i]);
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    (void)snprintf(w->dir, sizeof w->dir, "/tmp/parbench-card-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->path = strdup(getenv("PATH"));
    (void)setenv("PATH", w->dir, 1);
    *state = w;
    return 0;
}

static int leave(void **state)
{
    static const char *const made[] = { "mpirun", "mpiexec", "srun", "my run" };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        char file[128];
        file_in(w, made[i], file, sizeof file);
        (void)unlink(file);
    }
    (void)rmdir(w->dir);
    (void)setenv("PATH", w->path, 1);
    free(w->path);
    free(w);
    return 0;
}

static void make_program(const struct world *w, const char *name, const char *says)
{
    char file[128];
    file_in(w, name, file, sizeof file);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    (void)fprintf(out, "#!/bin/sh\necho '%s'\n", says);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(file, 0755), 0);
}

/* The command in one string, so that a test reads as what a user would type. */
static const char *command_of(const struct pb_launch *launch, char *out, size_t bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < launch->nargv && used < bytes; i++)
        used += (size_t)snprintf(out + used, bytes - used, "%s[%s]", i ? " " : "",
                                 launch->argv[i]);
    return out;
}

static const char *env_of(const struct pb_launch *launch, const char *name)
{
    const size_t len = strlen(name);
    for (size_t i = 0; i < launch->nenv; i++)
        if (strncmp(launch->env[i], name, len) == 0 && launch->env[i][len] == '=')
            return launch->env[i] + len + 1;
    return NULL;
}

static struct pb_launch launched(unsigned ranks, const char *launcher)
{
    const struct pb_config config = { .workers = ranks };
    struct pb_launch launch;
    struct pb_error err = { "" };
    if (pb_backend_mpi.launch(&config, launcher, &launch, &err))
        fail_msg("%s", err.text);
    return launch;
}

/* ---- --launcher -------------------------------------------------------------------- */

static void check_split(const char *launcher, const char *expected)
{
    struct pb_launch launch = { 0 };
    struct pb_error err = { "" };
    char command[512];
    assert_int_equal(pb_launcher_split(&launch, launcher, 12, &err), PB_OK);
    assert_string_equal(command_of(&launch, command, sizeof command), expected);
    pb_launch_release(&launch);
}

static void test_launcher_words(void **state)
{
    make_program(*state, "srun", "");
    make_program(*state, "my run", "");
    check_split("srun -n {ranks}", "[srun] [-n] [12]");
    check_split("  srun\t--ntasks={ranks}  ", "[srun] [--ntasks=12]");
    check_split("srun --host a,b", "[srun] [--host] [a,b] [-n] [12]");
    check_split("srun {ranks}x{ranks}", "[srun] [12x12]");
    check_split("srun '-x $A \"b' {ranks}", "[srun] [-x $A \"b] [12]");
    check_split("srun \"a \\\"b\\\" 'c\" '' {ranks}", "[srun] [a \"b\" 'c] [] [12]");
    check_split("my\\ run a\\'b {ranks}", "[my run] [a'b] [12]");
    check_split("srun {rank} {ranks", "[srun] [{rank}] [{ranks] [-n] [12]");
}

static void check_refused(const char *launcher, enum pb_status expected,
                          const char *names)
{
    struct pb_launch launch = { 0 };
    struct pb_error err = { "" };
    assert_int_equal(pb_launcher_split(&launch, launcher, 2, &err), expected);
    assert_non_null(strstr(err.text, names));
    pb_launch_release(&launch);
}

static void test_launcher_refused(void **state)
{
    make_program(*state, "srun", "");
    check_refused("", PB_ERR_USAGE, "empty");
    check_refused(" \t", PB_ERR_USAGE, "empty");
    check_refused("srun 'a", PB_ERR_USAGE, "quote");
    check_refused("srun \"a\\\"", PB_ERR_USAGE, "quote");
    check_refused("nosuch -n {ranks}", PB_ERR_ENVIRONMENT, "'nosuch'");
    check_refused("srun 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24",
                  PB_ERR_INTERNAL, "no room");
}

/* ---- mpirun's flags ---------------------------------------------------------------- */

static void test_open_mpi_oversubscribed(void **state)
{
    make_program(*state, "mpirun", "mpirun (Open MPI) 4.1.4");
    const unsigned ranks = pb_host_cores() + 1;
    struct pb_launch launch = launched(ranks, NULL);
    char command[512], expected[512];
    (void)snprintf(expected, sizeof expected,
                   "[mpirun] [-n] [%u]%s [--bind-to] [none] [--oversubscribe]", ranks,
                   geteuid() == 0 ? " [--allow-run-as-root]" : "");
    assert_string_equal(command_of(&launch, command, sizeof command), expected);
    assert_string_equal(env_of(&launch, "OMPI_MCA_mpi_yield_when_idle"), "1");
    assert_string_equal(env_of(&launch, "HWLOC_COMPONENTS"), "-opencl");
    assert_string_equal(env_of(&launch, "OMP_NUM_THREADS"), "1");
    assert_non_null(strstr(launch.note, "MPI ranks share"));
    assert_int_equal(strstr(launch.note, "root") != NULL, geteuid() == 0);
    pb_launch_release(&launch);
}

static void test_open_mpi_one_rank(void **state)
{
    make_program(*state, "mpirun", "mpirun (Open MPI) 5.0.3");
    struct pb_launch launch = launched(1, NULL);
    char command[512];
    const bool is_pinned = pb_host_cores() < (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    (void)command_of(&launch, command, sizeof command);
    assert_non_null(
        strstr(command, is_pinned ? "[--bind-to] [none]" : "[--bind-to] [core]"));
    assert_null(strstr(command, "oversubscribe"));
    assert_null(env_of(&launch, "OMPI_MCA_mpi_yield_when_idle"));
    pb_launch_release(&launch);
}

/* Under taskset, binding would take a rank to a core that the user has ruled out. */
static void test_pinned_is_not_bound(void **state)
{
    cpu_set_t before, one;
    if (sysconf(_SC_NPROCESSORS_ONLN) < 2 || sched_getaffinity(0, sizeof before, &before))
        skip();
    make_program(*state, "mpirun", "mpirun (Open MPI) 4.1.4");
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    struct pb_launch launch = launched(1, NULL);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    char command[512];
    assert_non_null(
        strstr(command_of(&launch, command, sizeof command), "[--bind-to] [none]"));
    pb_launch_release(&launch);
}

static void test_hydra(void **state)
{
    make_program(*state, "mpirun", "HYDRA build details:");
    const unsigned ranks = pb_host_cores() + 1;
    struct pb_launch launch = launched(ranks, NULL);
    char command[512], expected[128];
    (void)snprintf(expected, sizeof expected, "[mpirun] [-n] [%u] [--bind-to] [none]",
                   ranks);
    assert_string_equal(command_of(&launch, command, sizeof command), expected);
    assert_null(strstr(launch.note, "root"));
    pb_launch_release(&launch);
}

static void test_unknown_gets_what_all_take(void **state)
{
    make_program(*state, "mpiexec", "Acme MPI 1.0");
    struct pb_launch launch = launched(3, NULL);
    char command[512];
    assert_string_equal(command_of(&launch, command, sizeof command),
                        "[mpiexec] [-n] [3]");
    pb_launch_release(&launch);
}

/* Slots and places are then the batch system's business. */
static void test_allocation_is_left_alone(void **state)
{
    make_program(*state, "mpirun", "HYDRA build details:");
    (void)setenv("SLURM_JOB_ID", "17", 1);
    struct pb_launch launch = launched(64, NULL);
    char command[512];
    assert_string_equal(command_of(&launch, command, sizeof command),
                        "[mpirun] [-n] [64]");
    pb_launch_release(&launch);
}

static void test_user_has_the_last_word(void **state)
{
    make_program(*state, "mpirun", "mpirun (Open MPI) 4.1.4");
    (void)setenv("HWLOC_COMPONENTS", "-gl", 1);
    struct pb_launch launch = launched(2, "mpirun --host a,b");
    char command[512];
    assert_string_equal(command_of(&launch, command, sizeof command),
                        "[mpirun] [--host] [a,b] [-n] [2]");
    assert_null(env_of(&launch, "HWLOC_COMPONENTS"));
    assert_string_equal(launch.note, "");
    pb_launch_release(&launch);
}

static void test_nothing_to_start_with(void **state)
{
    (void)state;
    const struct pb_config config = { .workers = 2 };
    struct pb_launch launch = { 0 };
    struct pb_error err = { "" };
    char why[256] = "";
    assert_false(pb_backend_mpi.look(why, sizeof why));
    assert_non_null(strstr(why, "mpirun"));
    assert_non_null(strstr(why, "apt-get install"));
    assert_int_equal(pb_backend_mpi.launch(&config, NULL, &launch, &err),
                     PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "--launcher"));
    make_program(*state, "srun", "slurm 22.05");
    assert_true(pb_backend_mpi.look(why, sizeof why));
}

/* ---- a rank already? --------------------------------------------------------------- */

static void check_job(bool is_inside, unsigned rank, unsigned size)
{
    unsigned r = 77, n = 77;
    assert_int_equal(pb_backend_mpi.inside_job(&r, &n), is_inside);
    if (is_inside) {
        assert_int_equal(r, rank);
        assert_int_equal(n, size);
    }
}

static void test_inside_mpirun(void **state)
{
    (void)state;
    check_job(false, 0, 0);
    (void)setenv("OMPI_COMM_WORLD_RANK", "3", 1);
    check_job(false, 0, 0);
    (void)setenv("OMPI_COMM_WORLD_SIZE", "4", 1);
    check_job(true, 3, 4);
    (void)setenv("OMPI_COMM_WORLD_RANK", "4", 1);
    check_job(false, 0, 0);
    (void)setenv("OMPI_COMM_WORLD_RANK", "-1", 1);
    check_job(false, 0, 0);
    (void)setenv("OMPI_COMM_WORLD_RANK", "1x", 1);
    check_job(false, 0, 0);
    (void)setenv("PMI_RANK", "0", 1);
    (void)setenv("PMI_SIZE", "1", 1);
    check_job(true, 0, 1);
}

static void test_inside_srun(void **state)
{
    (void)state;
    (void)setenv("SLURM_JOB_ID", "17", 1);
    (void)setenv("SLURM_NTASKS", "4", 1);
    check_job(false, 0, 0); /* salloc's shell */
    (void)setenv("SLURM_PROCID", "0", 1);
    check_job(false, 0, 0); /* sbatch's script */
    (void)setenv("SLURM_STEP_ID", "4294967291", 1);
    check_job(false, 0, 0); /* the same, where Slurm numbers the script as a step */
    (void)setenv("SLURM_STEP_ID", "0", 1);
    check_job(true, 0, 4);
    (void)setenv("SLURM_STEP_NUM_TASKS", "2", 1);
    check_job(true, 0, 2); /* the step's tasks, not the job's */
    (void)setenv("PMIX_RANK", "1", 1);
    check_job(true, 1, 2);
}

static void test_srun_shell_is_no_job(void **state)
{
    (void)state;
    (void)setenv("SLURM_STEP_ID", "0", 1);
    (void)setenv("SLURM_PROCID", "0", 1);
    (void)setenv("SLURM_NTASKS", "1", 1);
    (void)setenv("SLURM_STEP_NUM_TASKS", "1", 1);
    check_job(false, 0, 0);
}

#define CARD_TEST(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(test_launcher_words),
        CARD_TEST(test_launcher_refused),
        CARD_TEST(test_open_mpi_oversubscribed),
        CARD_TEST(test_open_mpi_one_rank),
        CARD_TEST(test_pinned_is_not_bound),
        CARD_TEST(test_hydra),
        CARD_TEST(test_unknown_gets_what_all_take),
        CARD_TEST(test_allocation_is_left_alone),
        CARD_TEST(test_user_has_the_last_word),
        CARD_TEST(test_nothing_to_start_with),
        CARD_TEST(test_inside_mpirun),
        CARD_TEST(test_inside_srun),
        CARD_TEST(test_srun_shell_is_no_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
