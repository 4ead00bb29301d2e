/* A call through a pointer, which no compiler can leave out. */
#include "tests/evidence/overhead.h"

static void nothing(const struct pb_task *task, size_t begin, size_t end)
{
    (void)task, (void)begin, (void)end;
}

static void run(size_t calls)
{
    pb_body_fn *volatile unknown = nothing;
    pb_body_fn *const body = unknown;
    for (size_t call = 0; call < calls; call++)
        body(NULL, 0, 0);
}

const struct pb_bare pb_bare = {
    .what = "a call through a pointer",
    .run = run,
};
