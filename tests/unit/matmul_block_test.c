/* matmul_block: blocks of matrices, added up piece by piece as ranks do, leave the bits
 * of one call, and these are right. */
#include "backends/simd/isa.h"
#include "kernels/matmul/matmul.h"
#include "kernels/problem.h"
#include "kernels/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BLOCK_DECLARE(kernel, dtype, isa) matmul_block_fn kernel##_##dtype##_##isa;
PB_ISA_EACH(BLOCK_DECLARE, matmul_block, f32)
PB_ISA_EACH(BLOCK_DECLARE, matmul_block, f64)

static matmul_block_fn *const blocks[PB_DTYPE_COUNT][PB_ISA_COUNT] = {
    [PB_DTYPE_f32] = { PB_ISA_EACH(PB_BODY_SLOT, matmul_block, f32) },
    [PB_DTYPE_f64] = { PB_ISA_EACH(PB_BODY_SLOT, matmul_block, f64) },
};

/* Rows [rows) and columns [columns) of C, `depth` of k at a time. */
static void multiply(struct pb_problem *p, enum pb_isa isa, struct pb_range rows,
                     struct pb_range columns, size_t depth)
{
    const size_t n = p->task.n, width = pb_dtype_bytes(p->task.dtype);
    char *a = p->buf[MATMUL_A], *b = p->buf[MATMUL_B], *c = p->buf[MATMUL_C];
    for (size_t k = 0; k < n; k += depth) {
        const struct matmul_block block = {
            .a = a + (rows.begin * n + k) * width,
            .b = b + (k * n + columns.begin) * width,
            .c = c + (rows.begin * n + columns.begin) * width,
            .lda = n,
            .ldb = n,
            .ldc = n,
            .rows = rows.end - rows.begin,
            .columns = columns.end - columns.begin,
            .depth = depth < n - k ? depth : n - k,
            .adds = k > 0,
            .scratch = p->task.scratch,
            .caches = p->task.caches,
        };
        blocks[p->task.dtype][isa](&block);
    }
}

/* Four quarters, cut off the middle, of k in pieces. */
static void check(enum pb_dtype dtype, enum pb_isa isa, size_t n)
{
    const struct pb_kernel *kernel = pb_kernel_find("matmul");
    struct pb_problem whole, pieces;
    struct pb_error err = { "" };
    const size_t depths[] = { 1, n / 3 + 1, n }, cut = n / 3;
    const struct pb_range parts[] = { { 0, cut }, { cut, n } };
    assert_int_equal(pb_problem_init(&whole, kernel, n, dtype, 7, &err), PB_OK);
    assert_int_equal(pb_problem_init(&pieces, kernel, n, dtype, 7, &err), PB_OK);
    double error, tolerance;
    pb_problem_fill(&whole);
    multiply(&whole, isa, (struct pb_range){ 0, n }, (struct pb_range){ 0, n }, n);
    assert_int_equal(pb_problem_check(&whole, &error, &tolerance, &err), PB_OK);
    for (size_t d = 0; d < sizeof depths / sizeof *depths; d++) {
        pb_problem_fill(&pieces);
        for (size_t i = 0; i < 4; i++)
            multiply(&pieces, isa, parts[i / 2], parts[i % 2], depths[d]);
        assert_int_equal(pb_problem_check_guards(&pieces, &err), PB_OK);
        assert_memory_equal(pieces.buf[MATMUL_C], whole.buf[MATMUL_C],
                            whole.bytes[MATMUL_C]);
    }
    pb_problem_release(&whole);
    pb_problem_release(&pieces);
}

static void test_pieces_have_the_bits_of_the_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1, 2, 7, 33, 64, 97, 200 };
    for (unsigned isa = 0; isa < PB_ISA_COUNT; isa++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            if (pb_isa_supported((enum pb_isa)isa)) {
                check(PB_DTYPE_f32, (enum pb_isa)isa, sizes[s]);
                check(PB_DTYPE_f64, (enum pb_isa)isa, sizes[s]);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_have_the_bits_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
