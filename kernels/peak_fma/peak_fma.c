/* peak_fma: x[i] = a x[i] + b, 1024 times over, i = 0 .. n-1; a = 1 - 2^-10, b = 2^-9.
 *
 * A probe of the machine: an element's steps wait for one another, but the elements do
 * not, and as many of them are under way at once as registers hold. So the time tells how
 * many multiply-adds the arithmetic units do, and nothing else: no memory is touched
 * between the first step and the last. `parbench peaks` measures it.
 *
 * Arrays   start, IN, and end, OUT: n elements each, SPLIT: every element is independent.
 * Cost     2048 n operations; 2 n elements of traffic.
 * Result   good is lanes * 2 operations * units a cycle: 64 in f32 with AVX-512 on cores
 *          of two units. The scalar body, and the sets without a fused multiply-add
 *          (sse2, generic), take two instructions a step.
 *
 * Error    kernels/chains.h derives error and tolerance, and states the reference: 1.2e-4
 *          in f32.
 *
 * A body that leaves out one step is off by 2^-10 (2 - x_k) / 2, more than 1.79e-4: above
 * the tolerance of both types.
 */
#include "peak_fma.h"

#include "kernels/chains.h"
#include "kernels/vector_launch.h"

static size_t len(size_t n)
{
    return n;
}

static double flops(size_t n)
{
    return 2.0 * PEAK_FMA_STEPS * (double)n;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 2.0 * (double)n * (double)pb_dtype_bytes(dtype);
}

static double error(const struct pb_task *got, uint64_t seed)
{
    return pb_chains_error(got, seed,
                           &(struct pb_chains){ .start = PEAK_FMA_START,
                                                .end = PEAK_FMA_END,
                                                .count = got->n,
                                                .steps = PEAK_FMA_STEPS,
                                                .gap = PEAK_FMA_GAP });
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return pb_chains_tolerance(PEAK_FMA_STEPS, dtype);
}

static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    (void)dtype;
    static const struct pb_vector_form gpu = { "peak_fma_gpu", 4, 256, 0 },
                                       cpu = { "peak_fma_cpu", 96, 1, 4 };
    launch[0] = pb_vector_launch(n, limits, limits->type == PB_CL_CPU ? &cpu : &gpu);
    return 1;
}

static const struct pb_arg args[] = {
    [PEAK_FMA_START] = { .name = "start",
                         .access = PB_IN,
                         .spread = PB_SPLIT,
                         .len = len },
    [PEAK_FMA_END] = { .name = "end", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

static const struct pb_cl cl = { .source = peak_fma_cl, .launches = launches };

PB_BODIES(peak_fma);

const struct pb_kernel pb_kernel_peak_fma = {
    .abi = PB_KERNEL_ABI,
    .name = "peak_fma",
    .summary = "x = a*x + b, 1024 times for each x: the multiply-adds of a core",
    .size_noun = "elements",
    .is_probe = true,
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = len,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = peak_fma_bodies,
    .cl = &cl,
};
