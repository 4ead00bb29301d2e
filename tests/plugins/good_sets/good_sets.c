/* Right, unless its OpenCL form is built with the parameters that are not: for parbench
 * tune, which has to tell them apart. The default does its work 64 times over. */
#include "../blend.h"

extern const char good_sets_cl[]; /* good_sets.cl, embedded by make */

static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    (void)dtype, (void)limits;
    launch[0] = (struct pb_cl_launch){
        .entry = "good_sets", .dims = 1, .global = { n, 1, 1 }, .local = { 1, 1, 1 }
    };
    return 1;
}

#define SET(name_, type_, options_)                                                      \
    {                                                                                    \
        .name = (name_), .type = (type_), .options = (options_)                          \
    }
#define SETS(type, suffix)                                                               \
    SET("slow-" suffix, type, "-DPASSES=64"), SET("fast-" suffix, type, "-DPASSES=1"),   \
        SET("wrong-" suffix, type, "-DPASSES=1 -DOFF=1"),                                \
        SET("tail-" suffix, type, "-DPASSES=1 -DTAIL"),                                  \
        SET("broken-" suffix, type, "-DPASSES=undeclared")

static const struct pb_cl_set sets[] = { SETS(PB_CL_CPU, "cpu"), SETS(PB_CL_GPU, "gpu") };

static const struct pb_cl cl = {
    .source = good_sets_cl,
    .launches = launches,
    .sets = sets,
    .nsets = sizeof sets / sizeof sets[0],
};

PB_BODIES(good_sets);

extern const struct pb_kernel pb_kernel_good_sets;
const struct pb_kernel pb_kernel_good_sets = {
    BLEND_FIELDS,
    .name = "good_sets",
    .summary = "z = x/3 + y, with OpenCL parameters to choose",
    .args = BLEND_ARGS(blend_len),
    .bodies = good_sets_bodies,
    .cl = &cl,
};
