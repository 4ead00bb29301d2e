/* kernels_test.c - every body of every kernel of the tree that this CPU runs is right, in
 * whole and in slices; every judge sees a result that is wrong; every OpenCL geometry is
 * one that a device can take.
 */
#include "backends/simd/isa.h"
#include "kernels/matmul/matmul.h"
#include "kernels/problem.h"
#include "kernels/reduce/reduce.h"
#include "kernels/registry.h"
#include "kernels/saxpy/saxpy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Around lane counts, tiles, blocks (48) and depths (128) of the bodies, and primes. */
static const size_t sizes[] = { 1,  2,  3,  5,   7,   8,   9,   13,  15,
                                16, 17, 31, 32,  33,  47,  48,  49,  63,
                                64, 65, 97, 127, 128, 129, 130, 191, 257 };
enum { SIZES = sizeof sizes / sizeof sizes[0], SEED = 11 };

static struct pb_problem problem_of(const struct pb_kernel *kernel, size_t n,
                                    enum pb_dtype dtype)
{
    struct pb_problem p;
    struct pb_error err;
    if (pb_problem_init(&p, kernel, n, dtype, SEED, &err) != PB_OK)
        fail_msg("%s", err.text);
    pb_problem_fill(&p);
    return p;
}

/* pb_problem_init makes task.buf point into the struct, which a copy has to follow. */
#define PROBLEM(name, kernel, n, dtype)                                                  \
    struct pb_problem name = problem_of(kernel, n, dtype);                               \
    name.task.buf = name.buf

static double error_of(const struct pb_problem *p)
{
    return p->kernel->error(&p->task, p->seed);
}

static double tolerance_of(const struct pb_problem *p)
{
    return p->kernel->tolerance(p->task.n, p->task.dtype);
}

/* Calls visit for every kernel, data type, supported body and size. */
static void each_body(void (*visit)(const struct pb_kernel *kernel, enum pb_dtype dtype,
                                    pb_body_fn *body, size_t n))
{
    for (size_t k = 0; k < pb_kernel_count(); k++) {
        const struct pb_kernel *kernel = pb_kernel_at(k);
        for (size_t slot = 0; slot < PB_DTYPE_COUNT * PB_ISA_COUNT; slot++) {
            const enum pb_dtype dtype = (enum pb_dtype)(slot / PB_ISA_COUNT);
            const enum pb_isa isa = (enum pb_isa)(slot % PB_ISA_COUNT);
            pb_body_fn *const body = kernel->bodies[dtype][isa];
            for (size_t s = 0; body != NULL && pb_isa_supported(isa) && s < SIZES; s++)
                visit(kernel, dtype, body, sizes[s]);
        }
    }
}

/* ---- bodies ---- */

static void check_whole(const struct pb_kernel *kernel, enum pb_dtype dtype,
                        pb_body_fn *body, size_t n)
{
    PROBLEM(p, kernel, n, dtype);
    struct pb_error err;
    double error, tolerance;
    body(&p.task, 0, kernel->items(n));
    if (pb_problem_check(&p, &error, &tolerance, &err) != PB_OK ||
        pb_problem_check_guards(&p, &err) != PB_OK ||
        pb_problem_check_inputs(&p, &err) != PB_OK)
        fail_msg("%s", err.text);
    pb_problem_release(&p);
}

static void every_body_is_right(void **state)
{
    (void)state;
    each_body(check_whole);
}

static bool has_partial(const struct pb_kernel *kernel)
{
    return kernel->merge != NULL;
}

static void check_slices(const struct pb_kernel *kernel, enum pb_dtype dtype,
                         pb_body_fn *body, size_t n)
{
    const size_t items = kernel->items(n);
    const size_t cuts[] = { 0, 1, items / 3, items / 2, items - 1 };
    if (has_partial(kernel))
        return;
    PROBLEM(whole, kernel, n, dtype);
    body(&whole.task, 0, items);
    for (size_t c = 0; c < sizeof cuts / sizeof cuts[0]; c++) {
        PROBLEM(cut, kernel, n, dtype);
        body(&cut.task, 0, cuts[c]);
        body(&cut.task, cuts[c], items);
        for (size_t arg = 0; arg < kernel->nargs; arg++)
            assert_memory_equal(cut.buf[arg], whole.buf[arg], whole.bytes[arg]);
        pb_problem_release(&cut);
    }
    pb_problem_release(&whole);
}

static void slices_give_the_bits_of_the_whole(void **state)
{
    (void)state;
    each_body(check_slices);
}

static void check_merge(const struct pb_kernel *kernel, enum pb_dtype dtype,
                        pb_body_fn *body, size_t n)
{
    const size_t items = kernel->items(n), cut = items / 3;
    if (!has_partial(kernel))
        return;
    PROBLEM(first, kernel, n, dtype);
    PROBLEM(second, kernel, n, dtype);
    PROBLEM(none, kernel, n, dtype);
    body(&first.task, 0, cut);
    body(&second.task, cut, items);
    body(&none.task, items, items);
    kernel->merge(&first.task, &second.task);
    kernel->merge(&first.task, &none.task);
    assert_true(error_of(&first) <= tolerance_of(&first));
    pb_problem_release(&first);
    pb_problem_release(&second);
    pb_problem_release(&none);
}

static void partial_results_merge(void **state)
{
    (void)state;
    each_body(check_merge);
}

static void check_empty(const struct pb_kernel *kernel, enum pb_dtype dtype,
                        pb_body_fn *body, size_t n)
{
    if (has_partial(kernel)) /* overwrites its private copy by contract */
        return;
    PROBLEM(p, kernel, n, dtype);
    PROBLEM(untouched, kernel, n, dtype);
    body(&p.task, 0, 0);
    body(&p.task, n / 2, n / 2);
    for (size_t arg = 0; arg < kernel->nargs; arg++)
        assert_memory_equal(p.buf[arg], untouched.buf[arg], p.bytes[arg]);
    pb_problem_release(&p);
    pb_problem_release(&untouched);
}

static void an_empty_range_does_nothing(void **state)
{
    (void)state;
    each_body(check_empty);
}

/* ---- judges ---- */

static void set(const struct pb_problem *p, size_t arg, size_t i, double value)
{
    if (p->task.dtype == PB_DTYPE_f32)
        ((float *)p->buf[arg])[i] = (float)value;
    else
        ((double *)p->buf[arg])[i] = value;
}

static struct pb_problem solved(const struct pb_kernel *kernel, size_t n,
                                enum pb_dtype dtype)
{
    PROBLEM(p, kernel, n, dtype);
    kernel->bodies[dtype][PB_ISA_scalar](&p.task, 0, kernel->items(n));
    return p;
}

#define SOLVED(name, kernel, n, dtype)                                                   \
    struct pb_problem name = solved(kernel, n, dtype);                                   \
    name.task.buf = name.buf;                                                            \
    assert_true(error_of(&name) <= tolerance_of(&name))

static void assert_caught(struct pb_problem *p)
{
    if (!(error_of(p) > tolerance_of(p)))
        fail_msg("%s %s n = %zu: error %g passes tolerance %g", p->kernel->name,
                 pb_dtype_name(p->task.dtype), p->task.n, error_of(p), tolerance_of(p));
    pb_problem_release(p);
}

static void a_lost_element_of_saxpy_is_caught(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 4096; n += n < 64 ? 1 : 61)
        for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
            SOLVED(p, &pb_kernel_saxpy, n, (enum pb_dtype)d);
            set(&p, SAXPY_Y, n - 1, pb_value(SEED, SAXPY_Y, n - 1));
            assert_caught(&p);
        }
}

static void a_lost_element_of_reduce_is_caught(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 4096; n += n < 64 ? 1 : 61)
        for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
            SOLVED(p, &pb_kernel_reduce, n, (enum pb_dtype)d);
            set(&p, REDUCE_SUM, 0,
                pb_get(&p.task, REDUCE_SUM, 0) - pb_get(&p.task, REDUCE_X, n - 1));
            assert_caught(&p);
        }
}

static void a_large_sum_is_still_judged(void **state)
{
    (void)state;
    SOLVED(p, &pb_kernel_reduce, 1 << 22, PB_DTYPE_f32);
    set(&p, REDUCE_SUM, 0, 0.0);
    assert_caught(&p);
}

/* The last term of every dot product left out, as by a loop that ends early. */
static void a_lost_term_of_matmul_is_caught(void **state)
{
    (void)state;
    const size_t orders[] = { 1, 2, 17, 64, 128, 129, 257, 400 };
    for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++)
        for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
            const size_t n = orders[o], last = n - 1;
            SOLVED(p, &pb_kernel_matmul, n, (enum pb_dtype)d);
            for (size_t i = 0; i < n * n; i++)
                set(&p, MATMUL_C, i,
                    pb_get(&p.task, MATMUL_C, i) -
                        pb_get(&p.task, MATMUL_A, i / n * n + last) *
                            pb_get(&p.task, MATMUL_B, last * n + i % n));
            assert_caught(&p);
        }
}

/* A typical element is about sqrt(n)/3: 0.1 is a small error. */
static void one_wrong_element_of_matmul_is_caught(void **state)
{
    (void)state;
    const size_t orders[] = { 1, 17, 128, 129, 400 };
    for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++)
        for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
            const size_t last = orders[o] * orders[o] - 1;
            SOLVED(p, &pb_kernel_matmul, orders[o], (enum pb_dtype)d);
            set(&p, MATMUL_C, last, pb_get(&p.task, MATMUL_C, last) + 0.1);
            assert_caught(&p);
        }
}

/* Right elements in the wrong places: the error of a row sums to zero, but for the signs.
 */
static void swapped_elements_of_matmul_are_caught(void **state)
{
    (void)state;
    for (size_t n = 2; n <= 200; n += 66) {
        SOLVED(p, &pb_kernel_matmul, n, PB_DTYPE_f64);
        const double first = pb_get(&p.task, MATMUL_C, 0);
        set(&p, MATMUL_C, 0, pb_get(&p.task, MATMUL_C, n - 1));
        set(&p, MATMUL_C, n - 1, first);
        assert_caught(&p);
    }
}

static void f32_results_do_not_pass_as_f64(void **state)
{
    (void)state;
    const size_t orders[] = { 40, 200 };
    for (size_t o = 0; o < 2; o++) {
        SOLVED(p, &pb_kernel_matmul, orders[o], PB_DTYPE_f64);
        for (size_t i = 0; i < orders[o] * orders[o]; i++)
            set(&p, MATMUL_C, i, (double)(float)pb_get(&p.task, MATMUL_C, i));
        assert_caught(&p);
    }
}

static void unwritten_or_infinite_outputs_are_caught(void **state)
{
    (void)state;
    const double bad[] = { (double)NAN, (double)INFINITY, -(double)INFINITY };
    for (size_t k = 0; k < pb_kernel_count() * 3; k++)
        for (size_t n = 1; n <= 150; n += 149) {
            const struct pb_kernel *kernel = pb_kernel_at(k / 3);
            SOLVED(p, kernel, n, PB_DTYPE_f32);
            const size_t out = kernel->nargs - 1; /* in every kernel of the tree */
            assert_true(kernel->args[out].access != PB_IN);
            set(&p, out, kernel->args[out].len(n) - 1, bad[k % 3]);
            assert_true(isinf(error_of(&p)));
            assert_caught(&p);
        }
}

/* ---- descriptors ---- */

static void descriptors_keep_the_contract(void **state)
{
    (void)state;
    for (size_t k = 0; k < pb_kernel_count(); k++) {
        const struct pb_kernel *kernel = pb_kernel_at(k);
        assert_int_equal(kernel->abi, PB_KERNEL_ABI);
        assert_true(kernel->nargs >= 1 && kernel->nargs <= PB_ARGS_MAX);
        bool is_partial = false;
        for (size_t arg = 0; arg < kernel->nargs; arg++) {
            const struct pb_arg *a = &kernel->args[arg];
            is_partial = is_partial || a->spread == PB_PARTIAL;
            assert_true(a->spread != PB_WHOLE || a->access == PB_IN);
            assert_true(a->spread != PB_PARTIAL || a->access == PB_OUT);
            for (size_t s = 0; a->spread == PB_SPLIT && s < SIZES; s++)
                assert_int_equal(a->len(sizes[s]) % kernel->items(sizes[s]), 0);
        }
        assert_true(is_partial == has_partial(kernel));
    }
}

static void costs_are_those_of_the_formula(void **state)
{
    (void)state;
    assert_true(pb_kernel_saxpy.flops(1000) == 2000);
    assert_true(pb_kernel_saxpy.bytes(1000, PB_DTYPE_f32) == 12000);
    assert_true(pb_kernel_reduce.flops(1000) == 999);
    assert_true(pb_kernel_reduce.bytes(1000, PB_DTYPE_f64) == 8008);
    assert_true(pb_kernel_matmul.flops(100) == 2e6);
    assert_true(pb_kernel_matmul.bytes(100, PB_DTYPE_f64) == 240000);
    assert_true(pb_kernel_find("null")->flops(1000) == 0);
    assert_true(pb_kernel_find("null")->is_probe);
}

static void tolerances_are_those_of_the_derivation(void **state)
{
    (void)state;
    const double u = 0x1p-24;
    assert_true(pb_kernel_saxpy.tolerance(1, PB_DTYPE_f32) == 2 * u / (1 - 2 * u));
    assert_true(pb_kernel_reduce.tolerance(1, PB_DTYPE_f32) == 0);
    assert_true(pb_kernel_reduce.tolerance(101, PB_DTYPE_f32) == 100 * u / (1 - 100 * u));
    assert_true(pb_kernel_reduce.tolerance(1 << 30, PB_DTYPE_f32) < 6.9e-6);
    assert_true(pb_kernel_matmul.tolerance(128, PB_DTYPE_f32) == 128 * u / (1 - 128 * u));
    assert_true(pb_kernel_matmul.tolerance(4096, PB_DTYPE_f32) < 1.3e-6);
    assert_true(pb_kernel_matmul.tolerance(4096, PB_DTYPE_f64) < 4e-14);
}

/* ---- OpenCL geometry ---- */

static void check_launch(const struct pb_cl_launch *launch,
                         const struct pb_cl_limits *limits)
{
    size_t group = 1;
    assert_true(launch->dims >= 1 && launch->dims <= 3);
    for (size_t d = 0; d < 3; d++) {
        assert_true(launch->local[d] >= 1 && launch->global[d] >= 1);
        assert_int_equal(launch->global[d] % launch->local[d], 0);
        assert_true(d < launch->dims || launch->global[d] == 1);
        group *= launch->local[d];
    }
    assert_true(group <= limits->max_group);
    /* One element per item is the least that a tree needs, however small the device. */
    assert_true(launch->local_mem_bytes <= limits->local_bytes || group == 1);
}

static void check_geometry(const struct pb_kernel *kernel,
                           const struct pb_cl_limits *limits, size_t n)
{
    for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
        const enum pb_dtype dtype = (enum pb_dtype)d;
        struct pb_cl_launch launches[2];
        const size_t count = kernel->cl->launches(n, dtype, limits, launches);
        assert_true(count >= 1 && count <= 2);
        for (size_t l = 0; l < count; l++) {
            check_launch(&launches[l], limits);
            assert_non_null(strstr(kernel->cl->source, launches[l].entry));
            assert_true(launches[l].on_scratch == (l == 1));
        }
        if (kernel->cl->scratch_len != NULL) /* one partial result per group */
            assert_int_equal(kernel->cl->scratch_len(n, dtype, limits),
                             launches[0].global[0] / launches[0].local[0]);
    }
}

static void launches_fit_any_device(void **state)
{
    (void)state;
    const struct pb_cl_limits limits[] = {
        { PB_CL_CPU, 1, 1, 0 },          { PB_CL_CPU, 128, 8192, 1 << 20 },
        { PB_CL_GPU, 1, 1, 0 },          { PB_CL_GPU, 7, 200, 700 },
        { PB_CL_GPU, 132, 1024, 49152 }, { PB_CL_GPU, 8, 256, 32768 },
    };
    const size_t large[] = { 1000, 4096, 1000003, (size_t)1 << 31 };
    for (size_t k = 0; k < pb_kernel_count(); k++) {
        const struct pb_kernel *kernel = pb_kernel_at(k);
        if (kernel->cl == NULL)
            continue;
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
            for (size_t s = 0; s < SIZES; s++)
                check_geometry(kernel, &limits[i], sizes[s]);
            for (size_t s = 0; s < sizeof large / sizeof large[0]; s++)
                check_geometry(kernel, &limits[i], large[s]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_body_is_right),
        cmocka_unit_test(slices_give_the_bits_of_the_whole),
        cmocka_unit_test(partial_results_merge),
        cmocka_unit_test(an_empty_range_does_nothing),
        cmocka_unit_test(a_lost_element_of_saxpy_is_caught),
        cmocka_unit_test(a_lost_element_of_reduce_is_caught),
        cmocka_unit_test(a_large_sum_is_still_judged),
        cmocka_unit_test(a_lost_term_of_matmul_is_caught),
        cmocka_unit_test(one_wrong_element_of_matmul_is_caught),
        cmocka_unit_test(swapped_elements_of_matmul_are_caught),
        cmocka_unit_test(f32_results_do_not_pass_as_f64),
        cmocka_unit_test(unwritten_or_infinite_outputs_are_caught),
        cmocka_unit_test(descriptors_keep_the_contract),
        cmocka_unit_test(costs_are_those_of_the_formula),
        cmocka_unit_test(tolerances_are_those_of_the_derivation),
        cmocka_unit_test(launches_fit_any_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
