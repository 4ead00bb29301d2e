#include "kernels/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A page on each side: room for any vector that runs over the end, and for a good many
 * rows. The zone behind starts right at the last element's end. */
#define ALIGN       64
#define GUARD_BYTES 4096

static const struct pb_caches small_caches = { .l1d_bytes = 4096,
                                               .l2_bytes = 65536,
                                               .last_bytes = 65536 };

static const char pattern[16] = "parbench guard! "; /* easy to spot in a memory dump */
_Static_assert(GUARD_BYTES % ALIGN == 0, "the array behind the guard stays aligned");

/* ---- sizes ------------------------------------------------------------------------- */

/* Bytes of array arg; SIZE_MAX where they overflow. */
static size_t array_bytes(const struct pb_kernel *kernel, size_t arg, size_t n,
                          enum pb_dtype dtype)
{
    size_t bytes;
    if (__builtin_mul_overflow(kernel->args[arg].len(n), pb_dtype_bytes(dtype), &bytes))
        return SIZE_MAX;
    return bytes;
}

size_t pb_problem_bytes(const struct pb_kernel *kernel, size_t n, enum pb_dtype dtype)
{
    size_t sum = 0;
    for (size_t arg = 0; arg < kernel->nargs; arg++) {
        if (__builtin_add_overflow(sum, array_bytes(kernel, arg, n, dtype), &sum))
            return SIZE_MAX;
    }
    return sum;
}

/* ---- guard zones ------------------------------------------------------------------- */

static void guard_fill(char *zone)
{
    for (size_t i = 0; i < GUARD_BYTES; i += sizeof pattern)
        memcpy(zone + i, pattern, sizeof pattern);
}

/* How many bytes of the zone differ, and where the first one is. */
static size_t guard_damage(const char *zone, size_t *first)
{
    size_t count = 0;
    for (size_t i = 0; i < GUARD_BYTES; i++) {
        if (zone[i] == pattern[i % sizeof pattern])
            continue;
        if (count++ == 0)
            *first = i;
    }
    return count;
}

static enum pb_status check_zone(const struct pb_problem *problem, size_t arg,
                                 bool behind, struct pb_error *err)
{
    const char *base = problem->base[arg];
    const char *zone = behind ? base + GUARD_BYTES + problem->bytes[arg] : base;
    size_t first = 0;
    const size_t count = guard_damage(zone, &first);
    if (count == 0)
        return PB_OK;
    return pb_fail(
        err, PB_ERR_WRONG,
        "%s wrote outside array %s: %zu bytes changed in the guard zone %s it, "
        "the first %zu bytes from the array's %s",
        problem->kernel->name, problem->kernel->args[arg].name, count,
        behind ? "behind" : "in front of", behind ? first : GUARD_BYTES - first,
        behind ? "end" : "start");
}

enum pb_status pb_problem_check_guards(const struct pb_problem *problem,
                                       struct pb_error *err)
{
    for (size_t arg = 0; arg < problem->kernel->nargs; arg++) {
        enum pb_status status = check_zone(problem, arg, false, err);
        if (status == PB_OK)
            status = check_zone(problem, arg, true, err);
        if (status != PB_OK)
            return status;
    }
    return PB_OK;
}

/* ---- life cycle -------------------------------------------------------------------- */

static enum pb_status heap_lend(void *context, size_t arg, size_t bytes, void **out,
                                struct pb_error *err)
{
    (void)context, (void)arg;
    *out = aligned_alloc(ALIGN, bytes);
    return *out != NULL ? PB_OK : pb_fail(err, PB_ERR_MEMORY, "out of memory");
}

static enum pb_status allocate(struct pb_problem *problem, size_t arg,
                               const struct pb_problem_lender *lender,
                               struct pb_error *err)
{
    const size_t bytes =
        array_bytes(problem->kernel, arg, problem->task.n, problem->task.dtype);
    size_t total;
    if (__builtin_add_overflow(bytes, 2 * GUARD_BYTES + ALIGN - 1, &total) ||
        total > PTRDIFF_MAX)
        return PB_ERR_MEMORY;
    void *memory;
    const enum pb_status status =
        lender->lend(lender->context, arg, total / ALIGN * ALIGN, &memory, err);
    if (status != PB_OK)
        return status;

    char *base = memory;
    problem->base[arg] = base;
    problem->buf[arg] = base + GUARD_BYTES;
    problem->bytes[arg] = bytes;
    guard_fill(base);
    guard_fill(base + GUARD_BYTES + bytes);
    return PB_OK;
}

/* Exactly as long as the kernel says, so that tools which watch the heap see what runs
 * over its end, and full of NaN. */
static enum pb_status allocate_scratch(struct pb_problem *problem)
{
    const struct pb_kernel *kernel = problem->kernel;
    struct pb_task *task = &problem->task;
    const size_t bytes = kernel->scratch_bytes
                             ? kernel->scratch_bytes(task->n, task->dtype, &task->caches)
                             : 0;
    if (bytes == 0)
        return PB_OK;
    if (posix_memalign(&problem->scratch, ALIGN, bytes) != 0)
        return PB_ERR_MEMORY;
    memset(problem->scratch, 0xff, bytes);
    task->scratch = problem->scratch;
    return PB_OK;
}

static enum pb_status fail_memory(const struct pb_kernel *kernel, size_t n,
                                  enum pb_dtype dtype, struct pb_error *err)
{
    const size_t bytes = pb_problem_bytes(kernel, n, dtype);
    if (bytes == SIZE_MAX)
        return pb_fail(err, PB_ERR_MEMORY,
                       "the arrays of %s at n = %zu (%s) are larger than any memory can "
                       "be: choose a smaller --size",
                       kernel->name, n, pb_dtype_name(dtype));
    return pb_fail(err, PB_ERR_MEMORY,
                   "no memory for the arrays of %s at n = %zu (%s), %.1f MiB: choose a "
                   "smaller --size",
                   kernel->name, n, pb_dtype_name(dtype), (double)bytes / 0x1p20);
}

enum pb_status pb_problem_init_lent(struct pb_problem *problem,
                                    const struct pb_kernel *kernel, size_t n,
                                    enum pb_dtype dtype, uint64_t seed,
                                    const struct pb_problem_lender *lender,
                                    struct pb_error *err)
{
    enum pb_status status = PB_OK;
    *problem = (struct pb_problem){
        .kernel = kernel,
        .seed = seed,
        .task = { .n = n,
                  .dtype = dtype,
                  .buf = problem->buf,
                  .columns = { 0, kernel->columns ? kernel->columns(n) : 0 },
                  .caches = small_caches },
        .is_lent = lender->lend != heap_lend,
    };
    for (size_t arg = 0; arg < kernel->nargs && status == PB_OK; arg++)
        status = allocate(problem, arg, lender, err);
    if (status == PB_OK)
        status = allocate_scratch(problem);
    if (status == PB_OK)
        return PB_OK;
    pb_problem_release(problem);
    return status == PB_ERR_MEMORY ? fail_memory(kernel, n, dtype, err) : status;
}

enum pb_status pb_problem_init(struct pb_problem *problem, const struct pb_kernel *kernel,
                               size_t n, enum pb_dtype dtype, uint64_t seed,
                               struct pb_error *err)
{
    const struct pb_problem_lender heap = { .lend = heap_lend };
    return pb_problem_init_lent(problem, kernel, n, dtype, seed, &heap, err);
}

void pb_problem_release(struct pb_problem *problem)
{
    for (size_t arg = 0; arg < PB_ARGS_MAX && !problem->is_lent; arg++)
        free(problem->base[arg]);
    free(problem->scratch);
    *problem = (struct pb_problem){ 0 };
}

/* ---- contents ---------------------------------------------------------------------- */

typedef double value_fn(uint64_t seed, size_t arg, size_t i);

static double not_a_number(uint64_t seed, size_t arg, size_t i)
{
    (void)seed, (void)arg, (void)i;
    return (double)NAN;
}

static value_fn *value_of(const struct pb_kernel *kernel, size_t arg)
{
    if (kernel->args[arg].access == PB_OUT)
        return not_a_number;
    return kernel->value != NULL ? kernel->value : pb_value;
}

void pb_problem_fill_slice(const struct pb_kernel *kernel, enum pb_dtype dtype,
                           uint64_t seed, size_t arg, size_t begin, size_t end, void *dst)
{
    value_fn *const value = value_of(kernel, arg);
    float *f32 = dst;
    double *f64 = dst;
    switch (dtype) {
    case PB_DTYPE_f32:
        for (size_t i = begin; i < end; i++)
            *f32++ = (float)value(seed, arg, i);
        return;
    case PB_DTYPE_f64:
        for (size_t i = begin; i < end; i++)
            *f64++ = value(seed, arg, i);
        return;
    case PB_DTYPE_COUNT:
        return;
    }
}

void pb_problem_fill(struct pb_problem *problem)
{
    const struct pb_kernel *kernel = problem->kernel;
    const enum pb_dtype dtype = problem->task.dtype;
    for (size_t arg = 0; arg < kernel->nargs; arg++)
        pb_problem_fill_slice(kernel, dtype, problem->seed, arg, 0,
                              problem->bytes[arg] / pb_dtype_bytes(dtype),
                              problem->buf[arg]);
}

/* ---- judgement --------------------------------------------------------------------- */

static enum pb_status check_input(const struct pb_problem *problem, size_t arg,
                                  struct pb_error *err)
{
    const enum pb_dtype dtype = problem->task.dtype;
    value_fn *const value = value_of(problem->kernel, arg);
    const size_t len = problem->bytes[arg] / pb_dtype_bytes(dtype);
    for (size_t i = 0; i < len; i++) {
        const double exact = value(problem->seed, arg, i);
        const double expected = dtype == PB_DTYPE_f32 ? (double)(float)exact : exact;
        const double found = pb_get(&problem->task, arg, i);
        if (found != expected)
            return pb_fail(err, PB_ERR_WRONG,
                           "%s changed its input %s: element %zu was %.9g and is %.9g",
                           problem->kernel->name, problem->kernel->args[arg].name, i,
                           expected, found);
    }
    return PB_OK;
}

enum pb_status pb_problem_check_inputs(const struct pb_problem *problem,
                                       struct pb_error *err)
{
    for (size_t arg = 0; arg < problem->kernel->nargs; arg++) {
        if (problem->kernel->args[arg].access != PB_IN)
            continue;
        const enum pb_status status = check_input(problem, arg, err);
        if (status != PB_OK)
            return status;
    }
    return PB_OK;
}

enum pb_status pb_problem_check(const struct pb_problem *problem, double *error,
                                double *tolerance, struct pb_error *err)
{
    const struct pb_kernel *kernel = problem->kernel;
    const struct pb_task *task = &problem->task;
    *error = kernel->error(task, problem->seed);
    *tolerance = kernel->tolerance(task->n, task->dtype);
    if (*error <= *tolerance) /* false for NaN too */
        return PB_OK;
    return pb_fail(err, PB_ERR_WRONG,
                   "%s at n = %zu (%s) is wrong: error %.3g, tolerance %.3g%s",
                   kernel->name, task->n, pb_dtype_name(task->dtype), *error, *tolerance,
                   isinf(*error) ? " (an output is not a finite number, or was never "
                                   "written)"
                                 : "");
}
