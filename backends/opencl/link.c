#include "backends/opencl/link.h"

#include "backends/opencl/bench.h"
#include "backends/opencl/clock.h"
#include "backends/opencl/platform.h"
#include "backends/opencl/status.h"

#include <math.h>
#include <string.h>

/* Up to these sizes single times are so short that one disturbance decides: the median of
 * a few stands for each. */
#define SMALL_BYTES ((size_t)64 << 10)
#define REPEATS     5
#define LAUNCHES    9

/* The first two show the latency; the largest are well beyond the caches of a host. */
static const size_t ladder[] = { 64, 4096, 65536, 1 << 20, 4 << 20, 16 << 20, 64 << 20 };
enum { STEPS = sizeof ladder / sizeof *ladder, LEAST_STEPS = 4 };

static double median(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t at = i; at > 0 && values[at - 1] > values[at]; at--) {
            const double swap = values[at];
            values[at] = values[at - 1];
            values[at - 1] = swap;
        }
    return values[count / 2];
}

/* How many steps of the ladder the device has room for. */
static size_t steps_for(const struct pb_opencl_device *device)
{
    size_t steps = STEPS;
    while (steps > LEAST_STEPS && (ladder[steps - 1] > device->max_buffer_bytes ||
                                   ladder[steps - 1] > device->card.memory_bytes / 8))
        steps--;
    return steps;
}

static enum pb_host_memory memory_of(size_t way)
{
    return (enum pb_host_memory)(way / PB_OPENCL_DIRECTIONS);
}

static enum pb_opencl_direction direction_of(size_t way)
{
    return (enum pb_opencl_direction)(way % PB_OPENCL_DIRECTIONS);
}

static void describe(const struct pb_opencl_device *device, size_t steps,
                     struct pb_link_samples *out)
{
    _Static_assert(PB_HOST_MEMORY_COUNT * PB_OPENCL_DIRECTIONS <= PB_LINK_PATHS_MAX &&
                       STEPS <= PB_LINK_SIZES_MAX,
                   "every way and size has a place");
    out->shares_memory = device->shares_memory;
    out->nways = (size_t)PB_HOST_MEMORY_COUNT * PB_OPENCL_DIRECTIONS;
    for (size_t w = 0; w < out->nways; w++) {
        struct pb_link_way *way = &out->ways[w];
        way->name = direction_of(w) == PB_OPENCL_IN ? "h2d" : "d2h";
        way->host_memory = pb_host_memory_name(memory_of(w));
        way->may_be_zero_copy = memory_of(w) == PB_MAPPED;
        way->nsizes = steps;
        for (size_t i = 0; i < steps; i++)
            way->bytes[i] = ladder[i];
    }
}

static double time_move(struct pb_opencl_bench *bench, size_t way, size_t bytes,
                        unsigned times)
{
    double ns[REPEATS] = { 0 };
    const size_t repeats = bytes <= SMALL_BYTES ? REPEATS : 1;
    for (size_t i = 0; i < repeats; i++)
        ns[i] =
            pb_opencl_bench_move(bench, memory_of(way), direction_of(way), bytes, times);
    return median(ns, repeats);
}

static double time_queued(struct pb_opencl_bench *bench, size_t way, double one_ns)
{
    const double all_ns = time_move(bench, way, ladder[0], PB_OPENCL_QUEUED_MAX);
    return fmax(0, (all_ns - one_ns) / (PB_OPENCL_QUEUED_MAX - 1));
}

static void time_launch(struct pb_opencl_bench *bench, double *enqueue_ns,
                        double *round_trip_ns)
{
    double enqueue[LAUNCHES] = { 0 }, round_trip[LAUNCHES] = { 0 };
    for (size_t i = 0; i < LAUNCHES; i++)
        pb_opencl_bench_launch(bench, &enqueue[i], &round_trip[i]);
    *enqueue_ns = median(enqueue, LAUNCHES);
    *round_trip_ns = median(round_trip, LAUNCHES);
}

static void time_round(struct pb_opencl_bench *bench, size_t round,
                       struct pb_link_samples *out)
{
    time_launch(bench, &out->enqueue_ns[round], &out->round_trip_ns[round]);
    for (size_t w = 0; w < out->nways; w++) {
        struct pb_link_way *way = &out->ways[w];
        for (size_t i = 0; i < way->nsizes; i++)
            way->ns[round][i] = time_move(bench, w, (size_t)way->bytes[i], 1);
        way->queued_ns[round] = time_queued(bench, w, way->ns[round][0]);
    }
}

/* The first round warms up and is thrown away. It also tells how long a round takes: the
 * largest sizes are left out where the least number of rounds would not fit. */
static void warm_up(struct pb_opencl_bench *bench, double budget_ns,
                    struct pb_link_samples *out)
{
    time_round(bench, 0, out);
    const double start_ns = pb_opencl_now_ns();
    time_round(bench, 0, out);
    double round_ns = pb_opencl_now_ns() - start_ns;
    size_t steps = out->ways[0].nsizes;
    for (; steps > LEAST_STEPS && round_ns * PB_LINK_ROUNDS_MIN > budget_ns; steps--)
        for (size_t w = 0; w < out->nways; w++)
            round_ns -= out->ways[w].ns[0][steps - 1];
    for (size_t w = 0; w < out->nways; w++)
        out->ways[w].nsizes = steps;
}

enum pb_status pb_opencl_link(const struct pb_config *config, double budget_ns,
                              struct pb_link_samples *out, struct pb_error *err)
{
    const struct pb_opencl_device *device;
    struct pb_opencl_bench bench = { .device = NULL };
    enum pb_status status = pb_opencl_device_find(config->device, &device, err);
    if (status != PB_OK)
        return status;
    size_t steps = steps_for(device);
    if (budget_ns < 1e9 && steps == STEPS)
        steps--; /* 64 MiB take a quarter of a second for a slow bus, over all ways */
    describe(device, steps, out);
    status = pb_opencl_bench_init(&bench, device, ladder[steps - 1], err);
    if (status == PB_OK) {
        const double start_ns = pb_opencl_now_ns();
        warm_up(&bench, budget_ns, out);
        while (out->rounds < PB_LINK_ROUNDS_MIN ||
               (out->rounds < PB_LINK_ROUNDS_MAX &&
                pb_opencl_now_ns() - start_ns < budget_ns * 0.8))
            time_round(&bench, out->rounds++, out);
        if (bench.code != CL_SUCCESS)
            status = pb_opencl_fail(err, bench.code, device->card.name, "%s", bench.call);
    }
    pb_opencl_bench_release(&bench);
    return status;
}
