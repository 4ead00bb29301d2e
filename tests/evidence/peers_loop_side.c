/* Plain loops, called here. */
#include "tests/evidence/peers_loops.h"
#include "tests/evidence/peers_side.h"

#include <stdio.h>

static bool run_loop(struct pb_side *side, size_t calls)
{
    pb_loop_fn *loop =
        pb_loop_find(side->what.kernel->name, pb_dtype_name(side->what.dtype));
    for (size_t i = 0; i < calls; i++)
        loop(side->problem.buf, side->what.n);
    return true;
}

/* The arrays again, in pages that each thread has touched first: a problem's own are
 * filled by one. */
static bool spread_arrays(struct pb_side *side)
{
    struct pb_problem *p = &side->problem;
    struct pb_problem filled = { .kernel = NULL };
    struct pb_error err = { "" };
    const size_t element = pb_dtype_bytes(side->what.dtype);
    if (pb_problem_init(&filled, side->what.kernel, side->what.n, side->what.dtype, 1,
                        &err) ||
        pb_problem_init(p, side->what.kernel, side->what.n, side->what.dtype, 1, &err)) {
        (void)snprintf(side->text, sizeof side->text, "%.390s", err.text);
        pb_problem_release(&filled);
        return false;
    }
    pb_problem_fill(&filled);
    for (size_t a = 0; a < side->what.kernel->nargs; a++)
        pb_loop_copy(p->buf[a], filled.buf[a], p->bytes[a] / element, element);
    pb_problem_release(&filled);
    return true;
}

bool pb_side_open_loop(struct pb_side *side)
{
    if (!pb_loop_find(side->what.kernel->name, pb_dtype_name(side->what.dtype))) {
        (void)snprintf(side->text, sizeof side->text,
                       "no loop is written for this kernel");
        return false;
    }
    side->run = run_loop;
    if (!spread_arrays(side))
        return false;
    (void)snprintf(side->text, sizeof side->text, PB_LOOP_COMPILER);
    return true;
}
