/* kernels_test.c - every body of every kernel of the tree that this CPU runs is right, in
 * whole and in slices; every judge sees a result that is wrong; every OpenCL geometry is
 * one that a device can take.
 */
#include "backends/simd/isa.h"
#include "kernels/matmul/matmul.h"
#include "kernels/reduce/reduce.h"
#include "kernels/registry.h"
#include "kernels/saxpy/saxpy.h"
#include "problem_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Around lane counts and tiles of the bodies, several blocks of matmul in the small
 * caches of a problem, and primes. */
static const size_t sizes[] = { 1,  2,  3,  5,   7,   8,   9,   13,  15,
                                16, 17, 31, 32,  33,  47,  48,  49,  63,
                                64, 65, 97, 127, 128, 129, 130, 191, 257 };
enum { SIZES = sizeof sizes / sizeof sizes[0] };

typedef void visit_fn(const struct pb_kernel *kernel, enum pb_dtype dtype,
                      pb_body_fn *body, size_t n);

static void visit_sizes(visit_fn *visit, const struct pb_kernel *kernel,
                        enum pb_dtype dtype, pb_body_fn *body)
{
    for (size_t s = 0; body != NULL && s < SIZES; s++)
        visit(kernel, dtype, body, sizes[s]);
}

/* Calls visit for every kernel, data type, supported body, variants too, and size. */
static void each_body(visit_fn *visit)
{
    for (size_t k = 0; k < pb_kernel_count(); k++) {
        const struct pb_kernel *kernel = pb_kernel_at(k);
        for (size_t slot = 0; slot < PB_DTYPE_COUNT * PB_ISA_COUNT; slot++) {
            const enum pb_dtype dtype = (enum pb_dtype)(slot / PB_ISA_COUNT);
            const enum pb_isa isa = (enum pb_isa)(slot % PB_ISA_COUNT);
            if (!pb_isa_supported(isa))
                continue;
            visit_sizes(visit, kernel, dtype, kernel->bodies[dtype][isa]);
            for (size_t v = 0; v < kernel->nvariants; v++)
                visit_sizes(visit, kernel, dtype, kernel->variants[v].bodies[dtype][isa]);
        }
    }
}

/* ---- bodies ------------------------------------------------------------------------ */

static void check_whole(const struct pb_kernel *kernel, enum pb_dtype dtype,
                        pb_body_fn *body, size_t n)
{
    struct pb_problem p;
    problem_make(&p, kernel, n, dtype);
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
    struct pb_problem whole;
    problem_make(&whole, kernel, n, dtype);
    body(&whole.task, 0, items);
    for (size_t c = 0; c < sizeof cuts / sizeof cuts[0]; c++) {
        struct pb_problem cut;
        problem_make(&cut, kernel, n, dtype);
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

/* Columns [0, cut) of all items, then the rest: nothing else is touched, and the bits are
 * those of the whole. */
static void check_columns(const struct pb_kernel *kernel, enum pb_dtype dtype,
                          pb_body_fn *body, size_t n)
{
    const size_t items = kernel->items(n);
    if (!kernel->columns)
        return;
    const size_t columns = kernel->columns(n);
    const size_t cuts[] = { 0, 1, columns / 3, columns / 2, columns - 1 };
    struct pb_problem whole;
    problem_make(&whole, kernel, n, dtype);
    body(&whole.task, 0, items);
    for (size_t c = 0; c < sizeof cuts / sizeof cuts[0]; c++) {
        struct pb_problem cut;
        struct pb_error err;
        problem_make(&cut, kernel, n, dtype);
        cut.task.columns = (struct pb_range){ 0, cuts[c] };
        body(&cut.task, 0, items);
        for (size_t i = 0; i < items; i++)
            for (size_t j = cuts[c]; j < columns; j++)
                assert_true(isnan(pb_get(&cut.task, kernel->nargs - 1, i * columns + j)));
        cut.task.columns = (struct pb_range){ cuts[c], columns };
        body(&cut.task, 0, items);
        for (size_t arg = 0; arg < kernel->nargs; arg++)
            assert_memory_equal(cut.buf[arg], whole.buf[arg], whole.bytes[arg]);
        assert_int_equal(pb_problem_check_guards(&cut, &err), PB_OK);
        pb_problem_release(&cut);
    }
    pb_problem_release(&whole);
}

static void columns_give_the_bits_of_the_whole(void **state)
{
    (void)state;
    each_body(check_columns);
}

/* Blocking decides where a sum waits, never what is added to it; and a store past the
 * caches stores the same. */
static void check_caches(const struct pb_kernel *kernel, enum pb_dtype dtype,
                         pb_body_fn *body, size_t n)
{
    static const struct pb_caches caches[] = {
        { 1, 1, 1 },
        { 1 << 10, 1 << 12, 1 << 12 },
        { 32 << 10, 256 << 10, 8 << 20 },
        { 128 << 10, 16 << 20, 64 << 20 },
    };
    struct pb_problem small;
    problem_make(&small, kernel, n, dtype);
    body(&small.task, 0, kernel->items(n));
    for (size_t c = 0; c < sizeof caches / sizeof caches[0]; c++) {
        const size_t bytes =
            kernel->scratch_bytes ? kernel->scratch_bytes(n, dtype, &caches[c]) : 0;
        struct pb_problem other;
        void *scratch = NULL;
        assert_int_equal(posix_memalign(&scratch, 64, bytes + 1), 0);
        memset(scratch, 0xff, bytes);
        ((unsigned char *)scratch)[bytes] = 0x5a;
        problem_make(&other, kernel, n, dtype);
        other.task.scratch = scratch;
        other.task.caches = caches[c];
        body(&other.task, 0, kernel->items(n));
        for (size_t arg = 0; arg < kernel->nargs; arg++)
            assert_memory_equal(other.buf[arg], small.buf[arg], small.bytes[arg]);
        assert_int_equal(((unsigned char *)scratch)[bytes], 0x5a);
        pb_problem_release(&other);
        free(scratch);
    }
    pb_problem_release(&small);
}

static void caches_do_not_change_a_bit(void **state)
{
    (void)state;
    each_body(check_caches);
}

static void variants_are_found_by_name(void **state)
{
    (void)state;
    const struct pb_kernel *k = &pb_kernel_matmul;
    assert_true(pb_kernel_has_variant(k, NULL) && pb_kernel_has_variant(k, "default"));
    assert_true(pb_kernel_has_variant(k, "blocked"));
    assert_false(pb_kernel_has_variant(k, "block"));
    assert_ptr_equal(pb_kernel_body(k, NULL, PB_DTYPE_f32, PB_ISA_scalar),
                     k->bodies[PB_DTYPE_f32][PB_ISA_scalar]);
    assert_ptr_equal(pb_kernel_body(k, "blocked", PB_DTYPE_f64, PB_ISA_scalar),
                     k->variants[0].bodies[PB_DTYPE_f64][PB_ISA_scalar]);
    assert_null(pb_kernel_body(k, "blocked", PB_DTYPE_f64, PB_ISA_generic));
    assert_null(pb_kernel_body(k, "block", PB_DTYPE_f64, PB_ISA_scalar));
}

static void check_merge(const struct pb_kernel *kernel, enum pb_dtype dtype,
                        pb_body_fn *body, size_t n)
{
    const size_t items = kernel->items(n), cut = items / 3;
    if (!has_partial(kernel))
        return;
    struct pb_problem first;
    problem_make(&first, kernel, n, dtype);
    struct pb_problem second;
    problem_make(&second, kernel, n, dtype);
    struct pb_problem none;
    problem_make(&none, kernel, n, dtype);
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
    struct pb_problem p;
    problem_make(&p, kernel, n, dtype);
    struct pb_problem untouched;
    problem_make(&untouched, kernel, n, dtype);
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

/* ---- descriptors ------------------------------------------------------------------- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_body_is_right),
        cmocka_unit_test(slices_give_the_bits_of_the_whole),
        cmocka_unit_test(columns_give_the_bits_of_the_whole),
        cmocka_unit_test(caches_do_not_change_a_bit),
        cmocka_unit_test(variants_are_found_by_name),
        cmocka_unit_test(partial_results_merge),
        cmocka_unit_test(an_empty_range_does_nothing),
        cmocka_unit_test(descriptors_keep_the_contract),
        cmocka_unit_test(costs_are_those_of_the_formula),
        cmocka_unit_test(tolerances_are_those_of_the_derivation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
