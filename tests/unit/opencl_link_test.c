/* The OpenCL backend's lent memory and its link, on whatever device there is. */
#include "tests/unit/opencl_fixture.h"

#include <math.h>

static const struct pb_arg x_to_y[] = {
    { .name = "x", .access = PB_IN, .len = identity },
    { .name = "y", .access = PB_OUT, .len = identity },
};
static const struct pb_arg in_place[] = {
    { .name = "y", .access = PB_INOUT, .len = identity },
};
static const char twice_cl[] =
    "__kernel void f(__global const REAL *x, __global REAL *y, ulong n)\n{\n" ITEM
    "        y[i] = 2 * x[i];\n}\n";
static const char next_cl[] =
    "__kernel void f(__global REAL *y, ulong n)\n{\n" ITEM "        y[i] += 1;\n}\n";
static const struct pb_cl twice = { .source = twice_cl, .launches = launch_one };
static const struct pb_cl next = { .source = next_cl, .launches = launch_one };

/* Room for N numbers behind a page, as the guard zones of a problem want it. */
static float *lend(const struct pb_backend_ops *ops, struct pb_session *s, size_t arg)
{
    void *memory = NULL;
    struct pb_error err = { "" };
    if (ops->lend(s, arg, 4096 + N * sizeof(float), &memory, &err) != PB_OK)
        fail_msg("lend: %s", err.text);
    assert_int_equal((uintptr_t)memory % 4096, 0);
    return (float *)(void *)((char *)memory + 4096);
}

static void test_lent_arrays_are_moved_from_and_to(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(x_to_y, 2, &twice);
    for (int memory = PB_PINNED; memory <= PB_MAPPED; memory++) {
        struct pb_case c = f32_case(&k, PB_ALWAYS);
        c.config.host_memory = (enum pb_host_memory)memory;
        struct pb_session *s = must_open(ops, &c);
        float *x = lend(ops, s, 0), *y = lend(ops, s, 1);
        void *buf[] = { x, y };
        const struct pb_task host = { .n = N, .dtype = PB_DTYPE_f32, .buf = buf };
        fill(x, 0);
        fill(y, -1);
        assert_int_equal(ops->load(s, &host, NULL), PB_OK);
        assert_int_equal(ops->run(s, 2, NULL), PB_OK);
        assert_line(y, 0, 2);
        fill(x, 5); /* changed in place: every call has to move it anew */
        assert_int_equal(ops->run(s, 1, NULL), PB_OK);
        assert_line(y, 10, 2);
        assert_line(x, 5, 1);
        assert_int_equal(ops->fetch(s, &host, NULL), PB_OK);
        assert_line(y, 10, 2);
        ops->close(s);
    }
}

static void test_calls_share_a_move_from_lent_memory(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(in_place, 1, &next);
    for (int memory = PB_PINNED; memory <= PB_MAPPED; memory++) {
        struct pb_case c = f32_case(&k, PB_ALWAYS);
        c.config.host_memory = (enum pb_host_memory)memory;
        c.config.reuse = 4;
        struct pb_session *s = must_open(ops, &c);
        float *y = lend(ops, s, 0);
        void *buf[] = { y };
        const struct pb_task host = { .n = N, .dtype = PB_DTYPE_f32, .buf = buf };
        fill(y, 0);
        assert_int_equal(ops->load(s, &host, NULL), PB_OK);
        assert_int_equal(ops->run(s, 8, NULL), PB_OK);
        assert_line(y, 8, 1);
        ops->close(s);
    }
}

static void test_phases_of_lent_memory(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(x_to_y, 2, &twice);
    for (int memory = PB_PINNED; memory <= PB_MAPPED; memory++) {
        struct pb_case c = f32_case(&k, PB_ALWAYS);
        struct pb_phases phases = PB_PHASES_UNKNOWN;
        c.config.host_memory = (enum pb_host_memory)memory;
        struct pb_session *s = must_open(ops, &c);
        float *x = lend(ops, s, 0), *y = lend(ops, s, 1);
        void *buf[] = { x, y };
        const struct pb_task host = { .n = N, .dtype = PB_DTYPE_f32, .buf = buf };
        fill(x, 0);
        fill(y, -1);
        assert_int_equal(ops->load(s, &host, NULL), PB_OK);
        assert_int_equal(ops->phases(s, &phases, NULL), PB_OK);
        assert_true(phases.kernel_ns > 0 && phases.h2d_ns >= 0 && phases.d2h_ns >= 0);
        assert_int_equal(ops->run(s, 1, NULL), PB_OK); /* still in order */
        assert_line(y, 0, 2);
        ops->close(s);
    }
}

static void test_resident_data_is_not_mapped(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(x_to_y, 2, &twice);
    struct pb_case c = f32_case(&k, PB_RESIDENT);
    struct pb_session *s = NULL;
    struct pb_error err = { "" };
    c.config.host_memory = PB_MAPPED;
    assert_int_equal(ops->open(&c, &s, &err), PB_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.text, "mapped host memory is for data that moves"));
}

static void test_a_session_that_lent_and_did_no_more_closes(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(x_to_y, 2, &twice);
    for (int memory = PB_PINNED; memory <= PB_MAPPED; memory++) {
        struct pb_case c = f32_case(&k, PB_ALWAYS);
        c.config.host_memory = (enum pb_host_memory)memory;
        struct pb_session *s = must_open(ops, &c);
        (void)lend(ops, s, 0);
        ops->close(s);
    }
}

static void assert_positive(const double *ns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true(isfinite(ns[i]) && ns[i] > 0);
}

static void test_the_link_has_every_way_and_size(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_config config = { .workers = 1 };
    struct pb_link_samples samples = { .rounds = 0 };
    assert_int_equal(ops->link(&config, 1e6, &samples, NULL), PB_OK);
    /* A budget too small for more. */
    assert_int_equal(samples.rounds, PB_LINK_ROUNDS_MIN);
    assert_int_equal(samples.nways, 6);
    assert_positive(samples.enqueue_ns, samples.rounds);
    assert_positive(samples.round_trip_ns, samples.rounds);
    for (size_t w = 0; w < samples.nways; w++) {
        const struct pb_link_way *way = &samples.ways[w];
        assert_string_equal(way->name, w % 2 ? "d2h" : "h2d");
        assert_string_equal(way->host_memory,
                            pb_host_memory_name((enum pb_host_memory)(w / 2)));
        assert_int_equal(way->may_be_zero_copy, w / 2 == PB_MAPPED);
        assert_true(way->nsizes >= 2 && way->bytes[1] > way->bytes[0]);
        for (size_t r = 0; r < samples.rounds; r++) {
            assert_positive(way->ns[r], way->nsizes);
            assert_true(way->queued_ns[r] >= 0);
        }
    }
}

static void test_no_link_to_a_device_that_is_not_there(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_config config = { .workers = 1, .device = "no such device" };
    struct pb_link_samples samples = { .rounds = 0 };
    struct pb_error err = { "" };
    assert_int_equal(ops->link(&config, 1e6, &samples, &err), PB_ERR_USAGE);
    assert_non_null(strstr(err.text, "no such device"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lent_arrays_are_moved_from_and_to),
        cmocka_unit_test(test_calls_share_a_move_from_lent_memory),
        cmocka_unit_test(test_phases_of_lent_memory),
        cmocka_unit_test(test_resident_data_is_not_mapped),
        cmocka_unit_test(test_a_session_that_lent_and_did_no_more_closes),
        cmocka_unit_test(test_the_link_has_every_way_and_size),
        cmocka_unit_test(test_no_link_to_a_device_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, stop_backends);
}
