#include "backends/mpi/world.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* The library's state is global, and so are its handles. */
static struct pb_mpi_world world = { .comm = MPI_COMM_NULL };

const struct pb_mpi_world *pb_mpi_world(void)
{
    return &world;
}

bool pb_mpi_is_leader(void)
{
    return world.rank == PB_MPI_LEADER;
}

enum pb_status pb_mpi_check(int code, const char *doing, struct pb_error *err)
{
    if (code == MPI_SUCCESS)
        return PB_OK;
    char text[MPI_MAX_ERROR_STRING] = "unknown error";
    int len = 0;
    (void)MPI_Error_string(code, text, &len);
    return pb_fail(err, PB_ERR_ENVIRONMENT, "MPI could not %s: %s", doing, text);
}

enum pb_status pb_mpi_int(size_t value, const char *what, int *out, struct pb_error *err)
{
    if (value > INT_MAX)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "%s: %zu elements, and MPI counts up to %d in one message", what,
                       value, INT_MAX);
    *out = (int)value;
    return PB_OK;
}

static enum pb_status join(struct pb_error *err)
{
    int is_joined = 0, level = 0;
    (void)MPI_Initialized(&is_joined);
    if (is_joined)
        return PB_OK;
    /* hwloc, asked by MPI for the topology, would load every OpenCL driver. The card sets
     * this for ranks on this machine; ranks elsewhere get it here. */
    (void)setenv("HWLOC_COMPONENTS", "-opencl", 0);
    return pb_mpi_check(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level), "start",
                        err);
}

static enum pb_status find_node(struct pb_error *err)
{
    MPI_Comm node;
    int size = 0;
    const enum pb_status status =
        pb_mpi_check(MPI_Comm_split_type(world.comm, MPI_COMM_TYPE_SHARED, world.rank,
                                         MPI_INFO_NULL, &node),
                     "find the ranks of this node", err);
    if (status)
        return status;
    (void)MPI_Comm_size(node, &size);
    (void)MPI_Comm_free(&node);
    world.is_one_node = size == world.size;
    return PB_OK;
}

enum pb_status pb_mpi_start(struct pb_error *err)
{
    enum pb_status status = join(err);
    if (status)
        return status;
    /* Errors come back as codes and are told to the user; the default is to abort. */
    (void)MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    status = pb_mpi_check(MPI_Comm_dup(MPI_COMM_WORLD, &world.comm),
                          "make a communicator", err);
    if (status)
        return status;
    (void)MPI_Comm_set_errhandler(world.comm, MPI_ERRORS_RETURN);
    (void)MPI_Comm_rank(world.comm, &world.rank);
    (void)MPI_Comm_size(world.comm, &world.size);
    return find_node(err);
}

void pb_mpi_stop(void)
{
    int is_joined = 0, is_left = 0;
    (void)MPI_Initialized(&is_joined);
    (void)MPI_Finalized(&is_left);
    if (!is_joined || is_left)
        return;
    if (world.comm != MPI_COMM_NULL)
        (void)MPI_Comm_free(&world.comm);
    (void)MPI_Finalize();
}

/* What the failing rank tells the others. */
struct verdict {
    int status;
    struct pb_error err;
};

static void write_verdict(struct verdict *verdict, enum pb_status mine, bool is_only_mine,
                          const struct pb_error *err)
{
    const char *text = err && err->text[0] ? err->text : "failed";
    char host[MPI_MAX_PROCESSOR_NAME] = "";
    int len = 0;
    verdict->status = (int)mine;
    if (!is_only_mine) {
        (void)pb_fail(&verdict->err, mine, "%s", text);
        return;
    }
    (void)MPI_Get_processor_name(host, &len);
    (void)pb_fail(&verdict->err, mine, "rank %d of %d on %s: %s", world.rank, world.size,
                  host, text);
}

enum pb_status pb_mpi_consensus(enum pb_status mine, struct pb_error *err)
{
    if (world.size == 1)
        return mine;
    /* The lowest rank that failed, and whether all did: the smallest of each. */
    const int said[2] = { mine ? world.rank : world.size, mine ? 1 : 0 };
    int heard[2] = { 0, 0 };
    struct pb_error unmet = { "" };
    enum pb_status status = pb_mpi_meet(&unmet);
    if (status)
        return pb_fail(err, status, "%s", unmet.text);
    status = pb_mpi_check(MPI_Allreduce(said, heard, 2, MPI_INT, MPI_MIN, world.comm),
                          "agree", err);
    if (status || heard[0] == world.size)
        return status;
    struct verdict verdict = { 0 };
    if (heard[0] == world.rank)
        write_verdict(&verdict, mine, heard[1] == 0, err);
    status = pb_mpi_check(
        MPI_Bcast(&verdict, (int)sizeof verdict, MPI_BYTE, heard[0], world.comm), "agree",
        err);
    if (status)
        return status;
    verdict.err.text[sizeof verdict.err.text - 1] = '\0';
    return pb_fail(err, (enum pb_status)verdict.status, "%s", verdict.err.text);
}
