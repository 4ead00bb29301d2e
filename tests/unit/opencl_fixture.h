/* opencl_fixture.h - what the tests of the OpenCL backend share: the backend or a skip,
 * the make of a small kernel, lines of numbers. Included once by each program. */
#ifndef PB_TESTS_OPENCL_FIXTURE_H
#define PB_TESTS_OPENCL_FIXTURE_H

#include "backends/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N 1000u

/* The start of a __kernel's body: the next line is for item i alone. */
#define ITEM "    const size_t i = get_global_id(0);\n    if (i < n)\n"

static inline size_t identity(size_t n)
{
    return n;
}

/* A one-dimensional launch of enough groups for n items. */
static inline struct pb_cl_launch line(const char *entry, size_t n, size_t group)
{
    const size_t groups = n / group + (n % group != 0);
    return (struct pb_cl_launch){
        .entry = entry,
        .dims = 1,
        .global = { groups * group, 1, 1 },
        .local = { group, 1, 1 },
    };
}

static inline size_t launch_one(size_t n, enum pb_dtype dtype,
                                const struct pb_cl_limits *limits,
                                struct pb_cl_launch launches[2])
{
    (void)dtype;
    launches[0] = line("f", n, limits->max_group < 64 ? limits->max_group : 64);
    return 1;
}

static inline struct pb_kernel kernel(const struct pb_arg *args, size_t nargs,
                                      const struct pb_cl *cl)
{
    return (struct pb_kernel){
        .abi = PB_KERNEL_ABI,
        .name = "testling",
        .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
        .args = args,
        .nargs = nargs,
        .items = identity,
        .cl = cl,
    };
}

static inline struct pb_case f32_case(const struct pb_kernel *k,
                                      enum pb_residency residency)
{
    return (struct pb_case){
        .kernel = k,
        .dtype = PB_DTYPE_f32,
        .n = N,
        .config = { .workers = 1, .residency = residency, .reuse = 1 },
    };
}

/* Modules lie one folder above the tests' programs. */
static inline void find_modules(void)
{
    char path[4096];
    const ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    for (int up = 0; len > 0 && up < 2; up++) {
        path[up == 0 ? len : (ssize_t)strlen(path)] = '\0';
        *strrchr(path, '/') = '\0';
    }
    if (len > 0)
        setenv("PARBENCH_MODULES", path, 0);
}

/* The backend's ops. Where no device is there, the test skips itself. */
static inline const struct pb_backend_ops *ops_or_skip(void)
{
    const struct pb_backend *backend = pb_backend_find("opencl");
    const struct pb_backend_ops *ops = NULL;
    struct pb_error err = { "" };
    char why[sizeof err.text];
    find_modules();
    bool usable = pb_backend_usable(backend, why, sizeof why);
    if (usable && pb_backend_load(backend, &ops, &err) != PB_OK) {
        usable = false;
        memcpy(why, err.text, sizeof why);
    }
    if (!usable) {
        print_message("skipped: %s\n", why);
        skip();
    }
    return ops;
}

static inline struct pb_session *must_open(const struct pb_backend_ops *ops,
                                           const struct pb_case *c)
{
    struct pb_session *s = NULL;
    struct pb_error err = { "" };
    if (ops->open(c, &s, &err) != PB_OK)
        fail_msg("open: %s", err.text);
    return s;
}

/* x = first, first + 1, ... */
static inline void fill(float *x, float first)
{
    for (size_t i = 0; i < N; i++)
        x[i] = first + (float)i;
}

static inline void assert_line(const float *y, float first, float slope)
{
    for (size_t i = 0; i < N; i++)
        assert_true(y[i] == first + slope * (float)i);
}

static inline int stop_backends(void **state)
{
    (void)state;
    pb_backends_stop();
    return 0;
}

#endif
