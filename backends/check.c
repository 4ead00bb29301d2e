#include "backends/check.h"

#include "backends/check_reuse.h"
#include "backends/check_slices.h"
#include "backends/open.h"

#include <math.h>

/* Above these a case is left out, so that checking everything takes seconds: about what
 * the fp64 reference and a scalar body do in 50 ms. */
#define FLOPS_MAX 4e7
#define BYTES_MAX 4e7
/* pb_check_slices holds three copies. */
#define SLICES_BYTES_MAX ((size_t)64 << 20)

size_t pb_check_sizes(const struct pb_kernel *kernel, size_t sizes[PB_CHECK_SIZES_MAX])
{
    /* Lane counts are powers of two up to 32, times the unrolling of a body: each with
     * its neighbours. Then primes, sizes that end inside a block of matmul or a
     * work-group, and many groups. */
    static const size_t awkward[] = {
        1,  2,  3,  4,  5,  7,   8,   9,   15,   16,   17,   31,
        33, 63, 64, 65, 67, 127, 129, 257, 1000, 1009, 4099, 100003,
    };
    _Static_assert(sizeof awkward / sizeof *awkward <= PB_CHECK_SIZES_MAX,
                   "every size has a place");
    /* Probes are many, and their bodies simple. */
    const size_t step = kernel->is_probe ? 4 : 1;
    size_t count = 0;
    for (size_t i = 0; i < sizeof awkward / sizeof *awkward; i += step) {
        const size_t n = awkward[i];
        if (n == 1 || (kernel->flops(n) <= FLOPS_MAX &&
                       kernel->bytes(n, PB_DTYPE_f64) <= BYTES_MAX))
            sizes[count++] = n;
    }
    return count;
}

/* One case under test. On a rank that does not lead, the problem stays empty. */
struct trial {
    const struct pb_backend_ops *ops;
    struct pb_case c;
    bool is_leader, is_in_place;
    struct pb_opened opened;
    struct pb_check_result *out;
};

/* The worst status of all ranks, the same on all: agree() gives the largest number. */
static enum pb_status agree(const struct trial *t, enum pb_status mine,
                            struct pb_error *err)
{
    if (!t->ops->agree)
        return mine;
    const enum pb_status worst = (enum pb_status)t->ops->agree((uint64_t)mine);
    return worst == mine ? mine : pb_fail(err, worst, "another rank failed at this case");
}

static enum pb_status judge(struct trial *t, struct pb_error *err)
{
    if (!t->is_leader)
        return PB_OK;
    double error = (double)NAN, tolerance = (double)NAN;
    enum pb_status status = pb_problem_check_guards(&t->opened.problem, err);
    if (!status)
        status = pb_problem_check_inputs(&t->opened.problem, err);
    if (!status)
        status = pb_problem_check(&t->opened.problem, &error, &tolerance, err);
    t->out->max_error = fmax(t->out->max_error, error);
    t->out->tolerance = fmax(t->out->tolerance, tolerance);
    return status;
}

/* NaN into every output, so that what fetch() does not bring shows. In-place arrays are
 * inputs too and keep what they hold. */
static void poison(struct trial *t)
{
    const struct pb_kernel *kernel = t->c.kernel;
    for (size_t a = 0; t->is_leader && a < kernel->nargs; a++)
        if (kernel->args[a].access == PB_OUT)
            pb_problem_fill_slice(kernel, t->c.dtype, t->opened.problem.seed, a, 0,
                                  kernel->args[a].len(t->c.n), t->opened.problem.buf[a]);
}

/* From inputs of `seed` to judged outputs. */
static enum pb_status pass(struct trial *t, uint64_t seed, bool is_first,
                           struct pb_error *err)
{
    const bool is_always = t->c.config.residency == PB_ALWAYS;
    const size_t repeats = is_first || t->is_in_place ? 1 : 2;
    enum pb_status status = PB_OK;
    if (t->is_leader) {
        t->opened.problem.seed = seed;
        pb_problem_fill(&t->opened.problem);
    }
    if (is_first || !is_always)
        status = t->ops->load(t->opened.session, t->opened.arrays, err);
    if (!status)
        status = t->ops->run(t->opened.session, repeats * t->c.config.reuse, err);
    if (status)
        return status;
    if (is_always) {
        status = agree(t, judge(t, err), err);
        /* Mapped arrays are the device's own: there is no other copy to fetch. */
        if (status || t->c.config.host_memory == PB_MAPPED)
            return status;
    }
    poison(t);
    status = t->ops->fetch(t->opened.session, t->opened.arrays, err);
    return status ? status : agree(t, judge(t, err), err);
}

static bool has_array(const struct pb_kernel *kernel, enum pb_access access)
{
    for (size_t a = 0; a < kernel->nargs; a++)
        if (kernel->args[a].access == access)
            return true;
    return false;
}

/* The body that the backend's workers run, on its own: first, because it says more
 * exactly what is wrong than a backend's results do. */
static enum pb_status check_body(const struct trial *t, const struct pb_backend *backend,
                                 uint64_t seed, struct pb_error *err)
{
    struct pb_case c = t->c;
    if (!backend->uses_isa || !t->is_leader)
        return PB_OK;
    if (backend->only_scalar)
        c.config.isa = PB_ISA_scalar;
    if (!pb_kernel_has_variant(c.kernel, c.config.variant))
        c.config.variant = NULL; /* one of the backend: how it runs the kernel's body */
    if (pb_problem_bytes(c.kernel, c.n, c.dtype) > SLICES_BYTES_MAX)
        return PB_OK;
    return pb_check_slices(&c, seed, err);
}

/* Opened, because an open session says that the backend takes the case. */
static enum pb_status check_opened(struct trial *t, const struct pb_backend *backend,
                                   uint64_t seed, struct pb_error *err)
{
    enum pb_status status = agree(t, check_body(t, backend, seed, err), err);
    if (!status)
        status = pass(t, seed, true, err);
    if (status)
        return status;
    status = pass(t, seed + 1, false, err);
    return status ? pb_fail_prefix(err, status, "second inputs in one session") : PB_OK;
}

enum pb_status pb_check_case(const struct pb_backend_ops *ops,
                             const struct pb_backend *backend, const struct pb_case *c,
                             uint64_t seed, struct pb_check_result *out,
                             struct pb_error *err)
{
    *out = (struct pb_check_result){ .max_error = (double)NAN, .tolerance = (double)NAN };
    struct trial t = {
        .ops = ops,
        .c = *c,
        .is_leader = !ops->is_leader || ops->is_leader(),
        .is_in_place = has_array(c->kernel, PB_INOUT),
        .out = out,
    };
    if (t.is_in_place)
        t.c.config.reuse = 1;
    enum pb_status status = pb_open(ops, &t.c, seed, &t.opened, err);
    if (!status)
        status = check_opened(&t, backend, seed, err);
    pb_opened_release(ops, &t.opened);
    if (!status && pb_reuse_needs_check(c))
        status = pb_check_reuse(ops, backend, c, seed, err);
    return status;
}
