/* Slices, private copies, merging: what the host backends rest on. */
#include "backends/host.h"

#include "kernels/registry.h"
#include "toy_kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

static struct pb_case case_of(const struct pb_kernel *kernel, size_t n, unsigned workers)
{
    return (struct pb_case){
        .kernel = kernel,
        .dtype = PB_DTYPE_f64,
        .n = n,
        .config = { .isa = PB_ISA_scalar, .workers = workers, .reuse = 1 },
    };
}

static void test_slices_cover_all_items_once_in_order(void **state)
{
    (void)state;
    for (size_t items = 0; items < 40; items++)
        for (unsigned workers = 1; workers < 12; workers++) {
            size_t next = 0;
            for (unsigned w = 0; w < workers; w++) {
                const struct pb_slice slice = pb_host_slice(items, workers, w);
                assert_int_equal(slice.begin, next);
                assert_in_range(slice.end - slice.begin, items / workers,
                                items / workers + 1);
                next = slice.end;
            }
            assert_int_equal(next, items);
        }
}

/* Each worker's first item, in bytes of an array of doubles, lies at the start of a cache
 * line, where there are many items; few are dealt one by one. */
static void check_cuts(const struct pb_host *host, size_t n, unsigned workers)
{
    const bool is_many = n / workers >= 128;
    size_t next = 0;
    for (unsigned w = 0; w < workers; w++) {
        const struct pb_slice items = pb_host_items_of(host, w);
        assert_int_equal(items.begin, next);
        assert_true(items.begin <= items.end);
        if (is_many)
            assert_int_equal(items.begin * sizeof(double) % 64, 0);
        assert_in_range(items.end - items.begin, n / workers - (is_many ? 16 : 0),
                        n / workers + (is_many ? 8 : 1));
        next = items.end;
    }
    assert_int_equal(next, n);
}

static void test_slices_end_with_cache_lines_where_items_are_many(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    for (size_t n = 1; n < 3000; n += n < 20 ? 1 : 13)
        for (unsigned workers = 1; workers < 6; workers++) {
            const struct pb_case c = case_of(&axpy, n, workers);
            struct pb_host host;
            assert_int_equal(pb_host_init(&host, &c, NULL), PB_OK);
            check_cuts(&host, n, workers);
            pb_host_release(&host);
        }
}

static size_t forty(size_t n)
{
    (void)n;
    return 40;
}

/* Every column of every item belongs to exactly one worker, however many there are. */
static void test_tiles_cover_all_items_and_columns_once(void **state)
{
    (void)state;
    enum { ITEMS = 30, COLUMNS = 40 };
    struct pb_error err;
    struct pb_kernel kernel = TOY_AXPY(toy_axpy_body);
    kernel.columns = forty;
    for (unsigned workers = 1; workers < 50; workers++) {
        unsigned char times[ITEMS][COLUMNS] = { { 0 } };
        const struct pb_case c = case_of(&kernel, ITEMS, workers);
        struct pb_host host;
        assert_int_equal(pb_host_init(&host, &c, &err), PB_OK);
        for (unsigned w = 0; w < workers; w++) {
            const struct pb_task task = pb_host_task_of(&host, w);
            const struct pb_slice items = pb_host_items_of(&host, w);
            for (size_t i = items.begin; i < items.end; i++)
                for (size_t j = task.columns.begin; j < task.columns.end; j++)
                    times[i][j]++;
        }
        for (size_t at = 0; at < (size_t)ITEMS * COLUMNS; at++)
            assert_int_equal(times[at / COLUMNS][at % COLUMNS], 1);
        pb_host_release(&host);
    }
}

static void test_grids_are_nearly_square(void **state)
{
    (void)state;
    const struct pb_kernel *matmul = pb_kernel_find("matmul");
    const struct pb_grid many = pb_host_grid(matmul, 2048, 128);
    assert_int_equal(many.rows * many.columns, 128);
    assert_in_range(many.rows, 8, 16);
    /* 127 in a row would be 16 columns each, and each of them would read all of A. */
    assert_in_range(pb_host_grid(matmul, 2048, 127).columns, 8, 16);
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    assert_int_equal(pb_host_grid(&axpy, 2048, 128).rows, 128);
}

static size_t hundred_bytes(size_t n, enum pb_dtype dtype, const struct pb_caches *caches)
{
    (void)n, (void)dtype;
    assert_true(caches->l1d_bytes > 0 && caches->l2_bytes > 0);
    return 100;
}

static void test_each_worker_has_scratch_of_its_own(void **state)
{
    (void)state;
    struct pb_error err;
    struct pb_kernel kernel = TOY_AXPY(toy_axpy_body);
    kernel.scratch_bytes = hundred_bytes;
    const struct pb_case c = case_of(&kernel, 10, 3);
    struct pb_host host;
    assert_int_equal(pb_host_init(&host, &c, &err), PB_OK);
    for (unsigned w = 0; w < 3; w++) {
        char *mine = pb_host_task_of(&host, w).scratch;
        assert_int_equal((uintptr_t)mine % 64, 0);
        memset(mine, (int)w, 100);
    }
    for (unsigned w = 0; w < 3; w++) {
        const char *mine = pb_host_task_of(&host, w).scratch;
        assert_true(mine[0] == (char)w && mine[99] == (char)w);
    }
    assert_ptr_equal(host.whole.scratch, pb_host_task_of(&host, 0).scratch);
    pb_host_release(&host);
}

static void test_slices_of_huge_counts_do_not_overflow(void **state)
{
    (void)state;
    const struct pb_slice last = pb_host_slice(SIZE_MAX, 7, 6);
    assert_true(last.end == SIZE_MAX);
    assert_true(last.end - last.begin >= SIZE_MAX / 7);
}

static void test_elements_follow_items_only_where_split(void **state)
{
    (void)state;
    const struct pb_kernel sum = TOY_SUM(toy_sum_body);
    const struct pb_slice items = { .begin = 3, .end = 5 };
    const struct pb_slice x = pb_host_elements(&sum, TOY_X, 10, items);
    const struct pb_slice y = pb_host_elements(&sum, TOY_Y, 10, items);
    assert_int_equal(x.begin, 3);
    assert_int_equal(x.end, 5);
    assert_int_equal(y.begin, 0);
    assert_int_equal(y.end, 1);
}

static void test_init_touches_no_page(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    const struct pb_case c = case_of(&axpy, 1 << 15, 2);
    struct pb_host host;
    assert_int_equal(pb_host_init(&host, &c, NULL), PB_OK);
    unsigned char resident[1024] = { 0 };
    assert_true(host.arena_bytes / 4096 < sizeof resident);
    assert_int_equal(mincore(host.arena, host.arena_bytes, resident), 0);
    for (size_t page = 0; page < host.arena_bytes / 4096; page++)
        assert_int_equal(resident[page] & 1, 0);
    pb_host_release(&host);
}

static void test_arrays_are_apart_and_do_not_alias(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    static const size_t sizes[] = { 1, 512, 1 << 20 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct pb_case c = case_of(&axpy, sizes[i], 1);
        struct pb_host host;
        assert_int_equal(pb_host_init(&host, &c, NULL), PB_OK);
        const uintptr_t x = (uintptr_t)host.buf[TOY_X], y = (uintptr_t)host.buf[TOY_Y];
        assert_int_equal(x % 64, 0);
        assert_int_equal(y % 64, 0);
        assert_true(y >= x + sizes[i] * sizeof(double));
        assert_true(x % 4096 != y % 4096);
        memset(host.buf[TOY_Y], 0, sizes[i] * sizeof(double));
        pb_host_release(&host);
    }
}

static void test_private_copies_share_no_cache_line(void **state)
{
    (void)state;
    const struct pb_kernel sum = TOY_SUM(toy_sum_body);
    const struct pb_case c = case_of(&sum, 10, 5);
    struct pb_host host;
    assert_int_equal(pb_host_init(&host, &c, NULL), PB_OK);
    for (unsigned w = 1; w < 5; w++) {
        const char *before = pb_host_task_of(&host, w - 1).buf[TOY_Y];
        const char *mine = pb_host_task_of(&host, w).buf[TOY_Y];
        assert_true(mine - before >= 128);
    }
    assert_ptr_equal(pb_host_task_of(&host, 0).buf[TOY_Y], host.buf[TOY_Y]);
    assert_ptr_equal(pb_host_task_of(&host, 3).buf[TOY_X], host.buf[TOY_X]);
    pb_host_release(&host);
}

static void test_load_run_merge_fetch(void **state)
{
    (void)state;
    enum { N = 11, WORKERS = 4 };
    const struct pb_kernel sum = TOY_SUM(toy_sum_body);
    const struct pb_case c = case_of(&sum, N, WORKERS);
    double x[N], total = (double)NAN;
    for (int i = 0; i < N; i++)
        x[i] = i;
    void *buf[] = { x, &total };
    const struct pb_task task = { .n = N, .dtype = PB_DTYPE_f64, .buf = buf };
    struct pb_host host;
    assert_int_equal(pb_host_init(&host, &c, NULL), PB_OK);
    for (unsigned w = 0; w < WORKERS; w++)
        pb_host_load_slice(&host, &task, w);
    assert_memory_equal(host.buf[TOY_X], x, sizeof x);
    for (int repeat = 0; repeat < 2; repeat++) {
        for (unsigned w = 0; w < WORKERS; w++) {
            const struct pb_task mine = pb_host_task_of(&host, w);
            const struct pb_slice slice = pb_host_slice(host.items, WORKERS, w);
            host.body(&mine, slice.begin, slice.end);
        }
        pb_host_merge(&host);
    }
    memset(x, 0, sizeof x);
    pb_host_fetch(&host, &task);
    assert_true(total == 55);
    assert_true(x[5] == 0); /* inputs stay behind */
    pb_host_release(&host);
    pb_host_release(&host);
}

static size_t absurd_len(size_t n)
{
    return n << 44;
}

static void test_absurd_sizes_are_refused(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1 << 10, SIZE_MAX >> 44 };
    const struct pb_arg args[] = { { "x", PB_INOUT, PB_SPLIT, absurd_len },
                                   { "y", PB_INOUT, PB_SPLIT, absurd_len } };
    struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    axpy.args = args;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct pb_case c = case_of(&axpy, sizes[i], 1);
        struct pb_host host;
        struct pb_error err = { "" };
        assert_int_equal(pb_host_init(&host, &c, &err), PB_ERR_MEMORY);
        assert_non_null(strstr(err.text, "toy_axpy"));
        pb_host_release(&host);
    }
}

static void test_a_missing_body_is_unsupported(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(NULL);
    struct pb_kernel only_cl = axpy;
    only_cl.bodies = NULL;
    struct pb_case c = case_of(&axpy, 10, 1);
    struct pb_host host;
    struct pb_error err = { "" };
    assert_int_equal(pb_host_init(&host, &c, &err), PB_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.text, "scalar"));
    c.kernel = &only_cl;
    assert_int_equal(pb_host_init(&host, &c, &err), PB_ERR_UNSUPPORTED);
    c.dtype = PB_DTYPE_f32;
    assert_int_equal(pb_host_init(&host, &c, &err), PB_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.text, "f32"));
}

static void test_there_is_a_core(void **state)
{
    (void)state;
    assert_true(pb_host_cores() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices_cover_all_items_once_in_order),
        cmocka_unit_test(test_slices_end_with_cache_lines_where_items_are_many),
        cmocka_unit_test(test_tiles_cover_all_items_and_columns_once),
        cmocka_unit_test(test_grids_are_nearly_square),
        cmocka_unit_test(test_each_worker_has_scratch_of_its_own),
        cmocka_unit_test(test_slices_of_huge_counts_do_not_overflow),
        cmocka_unit_test(test_elements_follow_items_only_where_split),
        cmocka_unit_test(test_init_touches_no_page),
        cmocka_unit_test(test_arrays_are_apart_and_do_not_alias),
        cmocka_unit_test(test_private_copies_share_no_cache_line),
        cmocka_unit_test(test_load_run_merge_fetch),
        cmocka_unit_test(test_absurd_sizes_are_refused),
        cmocka_unit_test(test_a_missing_body_is_unsupported),
        cmocka_unit_test(test_there_is_a_core),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
