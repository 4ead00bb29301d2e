/* The OpenCL backend through its contract, with small kernels of its own: devices, which
 * data moves when, two stages, phases. */
#include "tests/unit/opencl_fixture.h"

static size_t one(size_t n)
{
    (void)n;
    return 1;
}

/* Four partial sums, then one work-item adds them. */
static size_t launch_two(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                         struct pb_cl_launch launches[2])
{
    (void)n;
    (void)dtype;
    (void)limits;
    launches[0] = line("partial", 4, 1);
    launches[1] = line("total", 1, 1);
    launches[1].on_scratch = true;
    return 2;
}

static size_t four(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits)
{
    (void)n;
    (void)dtype;
    (void)limits;
    return 4;
}

static const struct pb_arg x_to_y[] = {
    { .name = "x", .access = PB_IN, .len = identity },
    { .name = "y", .access = PB_OUT, .len = identity },
};
static const struct pb_arg in_place[] = {
    { .name = "y", .access = PB_INOUT, .len = identity },
};
static const struct pb_arg x_to_sum[] = {
    { .name = "x", .access = PB_IN, .len = identity },
    { .name = "sum", .access = PB_OUT, .spread = PB_PARTIAL, .len = one },
};

static const char twice_cl[] =
    "__kernel void f(__global const REAL *x, __global REAL *y, ulong n)\n{\n" ITEM
    "        y[i] = 2 * x[i];\n}\n";
static const char next_cl[] =
    "__kernel void f(__global REAL *y, ulong n)\n{\n" ITEM "        y[i] += 1;\n}\n";
static const char sum_cl[] =
    "__kernel void partial(__global const REAL *x, __global REAL *scratch, ulong n)\n{\n"
    "    REAL s = 0;\n"
    "    for (ulong i = get_global_id(0); i < n; i += get_global_size(0))\n"
    "        s += x[i];\n"
    "    scratch[get_global_id(0)] = s;\n}\n"
    "__kernel void total(__global const REAL *scratch, __global REAL *sum, ulong count)\n"
    "{\n    REAL s = 0;\n"
    "    for (ulong i = 0; i < count; i++)\n"
    "        s += scratch[i];\n"
    "    sum[0] = s;\n}\n";

static const struct pb_cl twice_form = { .source = twice_cl, .launches = launch_one };
static const struct pb_cl next_form = { .source = next_cl, .launches = launch_one };
static const struct pb_cl sum_form = { .source = sum_cl,
                                       .launches = launch_two,
                                       .scratch_len = four };

static void test_probe(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    static struct pb_probe probe;
    struct pb_error err;
    assert_int_equal(ops->probe(&probe, &err), PB_OK);
    assert_in_range(probe.ndevices, 1, PB_DEVICES_MAX);
    assert_int_equal(probe.max_workers, 1);
    for (size_t i = 0; i < probe.ndevices; i++) {
        const struct pb_device *d = &probe.devices[i];
        assert_true(d->name[0] != '\0');
        assert_true(strcmp(d->type, "gpu") == 0 || strcmp(d->type, "cpu") == 0 ||
                    strcmp(d->type, "accelerator") == 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(d->name, probe.devices[j].name);
        struct pb_kernel k = kernel(x_to_y, 2, &twice_form);
        struct pb_case c = f32_case(&k, PB_RESIDENT);
        c.config.device = d->name;
        if ((d->dtypes & PB_DTYPE_BIT(PB_DTYPE_f32)) != 0)
            ops->close(must_open(ops, &c));
    }
}

static void test_always_moves_every_call(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(x_to_y, 2, &twice_form);
    const struct pb_case c = f32_case(&k, PB_ALWAYS);
    float x[N], y[N];
    const struct pb_task host = { .n = N, .dtype = c.dtype, .buf = (void *[]){ x, y } };
    struct pb_session *s = must_open(ops, &c);
    fill(x, 0);
    fill(y, -1);
    assert_int_equal(ops->load(s, &host, NULL), PB_OK);
    fill(x, 5); /* after load: only a call that moves its inputs can see it */
    assert_int_equal(ops->run(s, 1, NULL), PB_OK);
    assert_line(y, 10, 2); /* without fetch: the call moved its results */
    fill(x, 7);
    assert_int_equal(ops->run(s, 2, NULL), PB_OK);
    assert_line(y, 14, 2);
    ops->close(s);
}

static void test_resident_moves_nothing(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(x_to_y, 2, &twice_form);
    const struct pb_case c = f32_case(&k, PB_RESIDENT);
    float x[N], y[N];
    const struct pb_task host = { .n = N, .dtype = c.dtype, .buf = (void *[]){ x, y } };
    struct pb_session *s = must_open(ops, &c);
    fill(x, 3);
    fill(y, -1);
    assert_int_equal(ops->load(s, &host, NULL), PB_OK);
    fill(x, 100);
    assert_int_equal(ops->run(s, 3, NULL), PB_OK);
    assert_line(y, -1, 1);
    assert_int_equal(ops->fetch(s, &host, NULL), PB_OK);
    assert_line(y, 6, 2);
    ops->close(s);
}

/* Six calls that share a move by threes add six, whatever is moved in between. */
static void test_reuse_runs_every_call(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(in_place, 1, &next_form);
    struct pb_case c = f32_case(&k, PB_ALWAYS);
    c.config.reuse = 3;
    float y[N];
    const struct pb_task host = { .n = N, .dtype = c.dtype, .buf = (void *[]){ y } };
    struct pb_session *s = must_open(ops, &c);
    fill(y, 0);
    assert_int_equal(ops->load(s, &host, NULL), PB_OK);
    assert_int_equal(ops->run(s, 6, NULL), PB_OK);
    assert_line(y, 6, 1);
    ops->close(s);
}

static void test_two_stages(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(x_to_sum, 2, &sum_form);
    const struct pb_case c = f32_case(&k, PB_ALWAYS);
    float x[N], sum[1] = { -1 };
    const struct pb_task host = { .n = N, .dtype = c.dtype, .buf = (void *[]){ x, sum } };
    struct pb_session *s = must_open(ops, &c);
    fill(x, 1);
    assert_int_equal(ops->load(s, &host, NULL), PB_OK);
    assert_int_equal(ops->run(s, 1, NULL), PB_OK);
    assert_true(sum[0] == N * (N + 1) / 2); /* below 2^24: exact in any order */
    ops->close(s);
}

static void test_phases(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    const struct pb_kernel k = kernel(x_to_y, 2, &twice_form);
    float x[N], y[N];
    const struct pb_task host = { .n = N, .buf = (void *[]){ x, y } };
    fill(x, 0);
    fill(y, 0);
    for (int moves = 0; moves <= 1; moves++) {
        const struct pb_case c = f32_case(&k, moves ? PB_ALWAYS : PB_RESIDENT);
        struct pb_phases phases = PB_PHASES_UNKNOWN;
        struct pb_session *s = must_open(ops, &c);
        assert_int_equal(ops->load(s, &host, NULL), PB_OK);
        assert_int_equal(ops->phases(s, &phases, NULL), PB_OK);
        assert_true(phases.compile_ns > 0);
        assert_true(phases.kernel_ns > 0);
        assert_int_equal(phases.h2d_ns > 0, moves);
        assert_int_equal(phases.d2h_ns > 0, moves);
        ops->close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probe),
        cmocka_unit_test(test_always_moves_every_call),
        cmocka_unit_test(test_resident_moves_nothing),
        cmocka_unit_test(test_reuse_runs_every_call),
        cmocka_unit_test(test_two_stages),
        cmocka_unit_test(test_phases),
    };
    setenv("POCL_DEVICES", "pthread pthread", 0); /* PoCL: two devices of one name */
    return cmocka_run_group_tests(tests, NULL, stop_backends);
}
