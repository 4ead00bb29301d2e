/* peers-mpi what=scatter|gather type= n= [piece_ns=]: MPI without parbench, as a bare
 * loop: n elements, shared out by the first rank or collected by it. Answers as
 * peers-side does (peers_side.h): the slowest rank's time of one call, from a common
 * start. */
#include <mpi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEADER = 0, CALLS = 5, SLEEP_NS = 200000 };

struct job {
    int rank, size, count; /* elements of each rank */
    MPI_Datatype type;
    bool is_gather;
    void *whole, *part; /* owned; whole only on the leader */
};

static const char *word(char *const words[], const char *key)
{
    const size_t len = strlen(key);
    for (; *words; words++)
        if (strncmp(*words, key, len) == 0 && (*words)[len] == '=')
            return *words + len + 1;
    return "";
}

static bool make_job(char *const words[], struct job *job)
{
    const long n = strtol(word(words, "n"), NULL, 10);
    const bool is_f32 = strcmp(word(words, "type"), "f32") == 0;
    const size_t bytes = is_f32 ? sizeof(float) : sizeof(double);
    MPI_Comm_rank(MPI_COMM_WORLD, &job->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &job->size);
    job->count = (int)(n / job->size);
    job->type = is_f32 ? MPI_FLOAT : MPI_DOUBLE;
    job->is_gather = strcmp(word(words, "what"), "gather") == 0;
    job->part = calloc((size_t)job->count + 1, bytes);
    job->whole = calloc(job->rank == LEADER ? (size_t)n + 1 : 1, bytes);
    if (!job->part || !job->whole || job->count <= 0)
        return false;
    /* its pages are made now, not in the first message */
    memset(job->part, 0, ((size_t)job->count + 1) * bytes);
    memset(job->whole, 0, (job->rank == LEADER ? (size_t)n + 1 : 1) * bytes);
    return true;
}

static double time_move(const struct job *job, bool is_gather)
{
    double slowest = 0;
    MPI_Barrier(MPI_COMM_WORLD);
    const double start_s = MPI_Wtime();
    if (is_gather)
        MPI_Gather(job->part, job->count, job->type, job->whole, job->count, job->type,
                   LEADER, MPI_COMM_WORLD);
    else
        MPI_Scatter(job->whole, job->count, job->type, job->part, job->count, job->type,
                    LEADER, MPI_COMM_WORLD);
    const double own = MPI_Wtime() - start_s;
    MPI_Allreduce(&own, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return slowest * 1e9;
}

/* Out and back, as a kernel's data goes, so that the caches hold what they hold there. */
static double time_call(const struct job *job)
{
    const double out = time_move(job, false), back = time_move(job, true);
    return job->is_gather ? back : out;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double piece(const struct job *job)
{
    double ns[CALLS];
    for (int i = 0; i < CALLS; i++)
        ns[i] = time_call(job);
    qsort(ns, CALLS, sizeof ns[0], compare_doubles);
    return ns[CALLS / 2];
}

/* Whether to go on: the leader reads it, the others are told, and sleep until then, for
 * MPI's own waiting spins while another arm measures. */
static bool next(const struct job *job)
{
    const struct timespec nap = { .tv_nsec = SLEEP_NS };
    char line[32];
    int goes_on = 0, is_done = 0;
    MPI_Request request;
    if (job->rank == LEADER)
        goes_on = fgets(line, sizeof line, stdin) != NULL;
    MPI_Ibcast(&goes_on, 1, MPI_INT, LEADER, MPI_COMM_WORLD, &request);
    while (!MPI_Test(&request, &is_done, MPI_STATUS_IGNORE) && !is_done)
        (void)nanosleep(&nap, NULL);
    /* The checker knows MPI_Wait alone: MPI_Test is called until it is done. */
    return goes_on != 0; /* NOLINT(clang-analyzer-optin.mpi.MPI-Checker) */
}

static void say(const struct job *job, const char *text)
{
    if (job->rank == LEADER) {
        (void)printf("%s\n", text);
        (void)fflush(stdout);
    }
}

static void serve(const struct job *job)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING + 32],
        version[MPI_MAX_LIBRARY_VERSION_STRING];
    int len;
    MPI_Get_library_version(version, &len);
    version[strcspn(version, ",\n")] = '\0';
    (void)piece(job); /* buffers and connections */
    (void)snprintf(text, sizeof text, "ready %s, MPI_%s", version,
                   job->is_gather ? "Gather" : "Scatter");
    say(job, text);
    while (next(job)) {
        (void)snprintf(text, sizeof text, "%.9g", piece(job));
        say(job, text);
    }
}

int main(int argc, char **argv)
{
    struct job job = { .rank = LEADER };
    MPI_Init(&argc, &argv);
    if (make_job(argv + 1, &job))
        serve(&job);
    else
        say(&job, "absent no memory, or n= is too small");
    free(job.part);
    free(job.whole);
    MPI_Finalize();
    return 0;
}
