#include "backends/mpi/window.h"

#include "backends/mpi/world.h"

#include <stdint.h>

#define PAGE ((size_t)4096)

/* The leader has it all; each rank maps it wherever it likes, but at the same place in a
 * page. */
static int find_base(struct pb_mpi_window *window)
{
    MPI_Aint bytes;
    int unit;
    void *start = NULL;
    const int code =
        MPI_Win_shared_query(window->win, PB_MPI_LEADER, &bytes, &unit, &start);
    if (code == MPI_SUCCESS)
        window->base = (char *)start + (PAGE - (uintptr_t)start % PAGE) % PAGE;
    return code;
}

static enum pb_status refuse(int code, size_t bytes, struct pb_error *err)
{
    struct pb_error said = { "" };
    (void)pb_mpi_check(code, "share memory", &said);
    return pb_fail(err, PB_ERR_MEMORY,
                   "no %zu bytes of memory for the ranks of a node to share: enlarge "
                   "/dev/shm, or use --variant summa or slices (%s)",
                   bytes, said.text);
}

/* One epoch for the window's whole life: loads and stores need no lock of MPI's. */
static int use(struct pb_mpi_window *window)
{
    const int code = MPI_Win_lock_all(MPI_MODE_NOCHECK, window->win);
    return code == MPI_SUCCESS ? find_base(window) : code;
}

enum pb_status pb_mpi_window_open(struct pb_mpi_window *window, size_t bytes,
                                  struct pb_error *err)
{
    void *own;
    *window = (struct pb_mpi_window){ .win = MPI_WIN_NULL };
    const MPI_Aint mine = pb_mpi_is_leader() ? (MPI_Aint)(bytes + PAGE) : 0;
    int code = MPI_Win_allocate_shared(mine, 1, MPI_INFO_NULL, pb_mpi_world()->comm, &own,
                                       &window->win);
    if (code != MPI_SUCCESS)
        return refuse(code, bytes, err);
    (void)MPI_Win_set_errhandler(window->win, MPI_ERRORS_RETURN);
    code = use(window);
    if (code == MPI_SUCCESS)
        return PB_OK;
    (void)MPI_Win_free(&window->win);
    return refuse(code, bytes, err);
}

void pb_mpi_window_close(struct pb_mpi_window *window)
{
    if (!window->base)
        return;
    (void)MPI_Win_unlock_all(window->win);
    (void)MPI_Win_free(&window->win);
    window->base = NULL;
}

enum pb_status pb_mpi_window_meet(const struct pb_mpi_window *window,
                                  struct pb_error *err)
{
    int code = MPI_Win_sync(window->win);
    if (code == MPI_SUCCESS)
        code = MPI_Barrier(pb_mpi_world()->comm);
    if (code == MPI_SUCCESS)
        code = MPI_Win_sync(window->win);
    return pb_mpi_check(code, "wait for all ranks", err);
}
