/* OpenCL forms without a device: whatever it is like, a kernel has a set of parameters
 * for it, and every set gives launches that keep the contract of kernels/kernel.h. */
#include "kernels/kernel.h"
#include "kernels/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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

static void check_launches(const struct pb_cl *cl, enum pb_dtype dtype,
                           const struct pb_cl_limits *limits, size_t n)
{
    struct pb_cl_launch launches[2];
    const size_t count = cl->launches(n, dtype, limits, launches);
    assert_true(count >= 1 && count <= 2);
    for (size_t l = 0; l < count; l++) {
        check_launch(&launches[l], limits);
        assert_non_null(strstr(cl->source, launches[l].entry));
        assert_true(launches[l].on_scratch == (l == 1));
    }
    if (cl->scratch_len != NULL) /* one partial result per group */
        assert_int_equal(cl->scratch_len(n, dtype, limits),
                         launches[0].global[0] / launches[0].local[0]);
}

static void check_sizes(const struct pb_cl *cl, enum pb_dtype dtype,
                        const struct pb_cl_limits *limits)
{
    const size_t sizes[] = {
        1, 2, 7, 8, 15, 16, 17, 63, 129, 1000, 4096, 1000003, (size_t)1 << 31
    };
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        check_launches(cl, dtype, limits, sizes[s]);
}

/* A device without a set that fits would have no default. */
static void check_sets(const struct pb_cl *cl, enum pb_dtype dtype,
                       struct pb_cl_limits limits)
{
    size_t fitting = 0;
    for (size_t i = 0; i < cl->nsets; i++) {
        const struct pb_cl_set *set = &cl->sets[i];
        if (set->type != limits.type || (cl->fits && !cl->fits(set, dtype, &limits)))
            continue;
        fitting++;
        struct pb_cl_limits with = limits;
        with.set = set;
        check_sizes(cl, dtype, &with);
    }
    if (cl->nsets > 0)
        assert_true(fitting > 0);
    else
        check_sizes(cl, dtype, &limits);
}

static void launches_fit_any_device(void **state)
{
    (void)state;
    /* type, units, items of a group, local memory, vector, cache, sub-groups; the least
     * that OpenCL allows a CPU is 32 KiB, while a GPU's may be taken by something else */
    const struct pb_cl_limits limits[] = {
        { PB_CL_CPU, 1, 1, 32768, 16, 1 << 20, false, NULL },
        { PB_CL_CPU, 2, 4096, 2 << 20, 64, 1 << 20, false, NULL },
        { PB_CL_CPU, 128, 8192, 1 << 20, 32, 1 << 20, false, NULL },
        { PB_CL_GPU, 1, 1, 0, 16, 1 << 20, false, NULL },
        { PB_CL_GPU, 7, 200, 700, 16, 1 << 20, false, NULL },
        { PB_CL_GPU, 132, 1024, 49152, 16, 1 << 20, false, NULL },
        { PB_CL_GPU, 8, 256, 32768, 16, 1 << 20, true, NULL },
    };
    for (size_t k = 0; k < pb_kernel_count(); k++) {
        const struct pb_cl *cl = pb_kernel_at(k)->cl;
        for (size_t i = 0; cl && i < sizeof limits / sizeof limits[0]; i++) {
            check_sets(cl, PB_DTYPE_f32, limits[i]);
            check_sets(cl, PB_DTYPE_f64, limits[i]);
        }
    }
}

/* The cache of parbench tune and result files tell sets by their names. */
static void sets_have_names_of_their_own(void **state)
{
    (void)state;
    for (size_t k = 0; k < pb_kernel_count(); k++) {
        const struct pb_cl *cl = pb_kernel_at(k)->cl;
        for (size_t i = 0; cl && i < cl->nsets; i++) {
            const char *name = cl->sets[i].name;
            assert_true(name[0] != '\0' &&
                        name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-")] ==
                            '\0');
            assert_non_null(cl->sets[i].options);
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(name, cl->sets[j].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(launches_fit_any_device),
        cmocka_unit_test(sets_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
