/* Opening a session of the OpenCL backend: launches are fitted to the device, and what
 * cannot run is refused in words. */
#include "tests/unit/opencl_fixture.h"

/* Wants more local memory than there is, unless the group is at most 8. */
static size_t launch_greedy(size_t n, enum pb_dtype dtype,
                            const struct pb_cl_limits *limits,
                            struct pb_cl_launch launches[2])
{
    (void)dtype;
    const size_t group = limits->max_group;
    launches[0] = line("f", n, group);
    launches[0].local_mem_bytes = group * (limits->local_bytes / 8);
    return 1;
}

static size_t launch_impossible(size_t n, enum pb_dtype dtype,
                                const struct pb_cl_limits *limits,
                                struct pb_cl_launch launches[2])
{
    launch_one(n, dtype, limits, launches);
    launches[0].local_mem_bytes = 2 * limits->local_bytes;
    return 1;
}

static size_t launch_uneven(size_t n, enum pb_dtype dtype,
                            const struct pb_cl_limits *limits,
                            struct pb_cl_launch launches[2])
{
    launch_one(n, dtype, limits, launches);
    launches[0].local[0] = 2;
    launches[0].global[0] = 3;
    return 1;
}

static size_t launch_missing(size_t n, enum pb_dtype dtype,
                             const struct pb_cl_limits *limits,
                             struct pb_cl_launch launches[2])
{
    launch_one(n, dtype, limits, launches);
    launches[0].entry = "no_such_entry";
    return 1;
}

static const struct pb_arg in_place[] = {
    { .name = "y", .access = PB_INOUT, .len = identity },
};

static const char next_cl[] =
    "__kernel void f(__global REAL *y, ulong n)\n{\n" ITEM "        y[i] += 1;\n}\n";
static const char local_cl[] =
    "__kernel void f(__global REAL *y, ulong n, __local REAL *tile)\n{\n"
    "    tile[get_local_id(0)] = 1;\n" ITEM "        y[i] += tile[get_local_id(0)];\n}\n";

static const struct pb_cl next_form = { .source = next_cl, .launches = launch_one };
static const struct pb_cl greedy_form = { .source = local_cl, .launches = launch_greedy };
static const struct pb_cl impossible_form = { .source = local_cl,
                                              .launches = launch_impossible };
static const struct pb_cl uneven_form = { .source = next_cl, .launches = launch_uneven };
static const struct pb_cl missing_form = { .source = next_cl,
                                           .launches = launch_missing };
static const struct pb_cl broken_form = {
    .source = "__kernel void f(__global REAL *y, ulong n)\n{\n    y[0] = "
              "undeclared_thing;\n}\n",
    .launches = launch_one,
};

/* open must fail with this status, and say `text`. */
static void refuses(const struct pb_backend_ops *ops, const struct pb_case *c,
                    enum pb_status status, const char *text)
{
    struct pb_session *s = NULL;
    struct pb_error err = { "" };
    assert_int_equal(ops->open(c, &s, &err), status);
    assert_null(s);
    if (strstr(err.text, text) == NULL)
        fail_msg("'%s' is not in: %s", text, err.text);
}

static void test_group_shrinks_until_it_fits(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    struct pb_kernel k = kernel(in_place, 1, &greedy_form);
    const struct pb_case c = f32_case(&k, PB_ALWAYS);
    float y[N];
    const struct pb_task host = { .n = N, .dtype = c.dtype, .buf = (void *[]){ y } };
    struct pb_session *s = must_open(ops, &c);
    fill(y, 0);
    assert_int_equal(ops->load(s, &host, NULL), PB_OK);
    assert_int_equal(ops->run(s, 1, NULL), PB_OK);
    assert_line(y, 1, 1);
    ops->close(s);

    k.cl = &impossible_form;
    refuses(ops, &c, PB_ERR_UNSUPPORTED, "does not fit");
}

static void test_refusals(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = ops_or_skip();
    struct pb_kernel k = kernel(in_place, 1, &broken_form);
    struct pb_case c = f32_case(&k, PB_RESIDENT);
    refuses(ops, &c, PB_ERR_ENVIRONMENT,
            "undeclared_thing"); /* from the compiler's log */
    k.cl = &missing_form;
    refuses(ops, &c, PB_ERR_ENVIRONMENT, "no_such_entry");
    k.cl = &uneven_form;
    refuses(ops, &c, PB_ERR_INTERNAL, "multiple");
    k.cl = NULL;
    refuses(ops, &c, PB_ERR_UNSUPPORTED, "no OpenCL form");
    k.cl = &next_form;
    c.n = SIZE_MAX / 16;
    refuses(ops, &c, PB_ERR_UNSUPPORTED, "smaller size");
    c.n = SIZE_MAX; /* overflows in bytes */
    refuses(ops, &c, PB_ERR_UNSUPPORTED, "smaller size");
    c.n = N;
    c.config.residency = PB_HOST;
    refuses(ops, &c, PB_ERR_UNSUPPORTED, "residency");
    c.config.residency = PB_RESIDENT;
    c.config.device = "no such device";
    refuses(ops, &c, PB_ERR_USAGE, "no such device");
    ops->close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_group_shrinks_until_it_fits),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, stop_backends);
}
