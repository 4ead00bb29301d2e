#include "backends/opencl/clock.h"
#include "backends/opencl/session.h"
#include "backends/opencl/status.h"

#include <stdio.h>

#define PASSES 5 /* after one that warms up */

/* What is timed of the commands of one kind. */
enum {
    WALL,   /* host clock, from the first enqueue until the queue has finished */
    LAUNCH, /* device clock, the first command's way from being queued to its start */
    BUSY,   /* device clock, sum over the commands, start to end */
    TIMES,
};

/* A call is taken apart into the transfers in, the kernels and the transfers out,
 * each waited for before the next: so a kernel's launch does not hold the
 * transfers before it. */
enum { LEG_IN, LEG_KERNEL, LEG_OUT, LEGS };

struct leg {
    double ns[TIMES];
    bool is_believable; /* LAUNCH and BUSY */
};

struct pass {
    struct leg legs[LEGS];
};

struct stamps {
    cl_ulong queued, start, end;
};

static bool read_stamps(cl_event event, struct stamps *out)
{
    return clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_QUEUED, sizeof out->queued,
                                   &out->queued, NULL) == CL_SUCCESS &&
           clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_START, sizeof out->start,
                                   &out->start, NULL) == CL_SUCCESS &&
           clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, sizeof out->end,
                                   &out->end, NULL) == CL_SUCCESS &&
           out->queued <= out->start && out->start <= out->end;
}

/* Do the device's times fit the host's? Mesa 22.3 stamps 0, 1, 2, 3 and calls that
 * success. The device saw the commands for at most as long as the host waited (10 % for
 * clocks that run differently, 1 us for coarse ones) and for no less than a hundredth. */
static bool is_plausible(double busy_ns, double span_ns, double wall_ns)
{
    const double most_ns = 1.1 * wall_ns + 1000;
    return busy_ns > 0 && busy_ns <= most_ns && span_ns <= most_ns &&
           span_ns >= 0.01 * wall_ns;
}

/* Fills in what the lane's events tell; leg->ns[WALL] is there already. */
static void read_events(const struct pb_opencl_lane *lane, struct leg *leg)
{
    struct stamps first = { .queued = 0 }, last = { .queued = 0 };
    double busy_ns = 0;
    for (size_t i = 0; i < lane->nevents; i++) {
        if (!read_stamps(lane->events[i], &last))
            return;
        if (i == 0)
            first = last;
        busy_ns += (double)(last.end - last.start);
    }
    const double span_ns = (double)last.end - (double)first.queued;
    leg->ns[LAUNCH] = (double)(first.start - first.queued);
    leg->ns[BUSY] = busy_ns;
    leg->is_believable = is_plausible(busy_ns, span_ns, leg->ns[WALL]);
}

static void release_events(struct pb_opencl_lane *lane)
{
    for (size_t i = 0; i < lane->nevents; i++) {
        if (lane->events[i] != NULL)
            clReleaseEvent(lane->events[i]);
    }
}

static enum pb_status time_leg(struct pb_session *s, cl_command_queue queue,
                               pb_opencl_enqueue_fn *enqueue, struct leg *out,
                               struct pb_error *err)
{
    struct pb_opencl_lane lane = { .queue = queue, .keeps_events = true };
    const double start_ns = pb_opencl_now_ns();
    enum pb_status status = enqueue(s, &lane, err);
    if (status == PB_OK)
        status = pb_opencl_finish(s, queue, err);
    else
        clFinish(queue);
    *out = (struct leg){ .ns = { [WALL] = pb_opencl_now_ns() - start_ns } };
    if (status == PB_OK)
        read_events(&lane, out);
    release_events(&lane);
    return status;
}

/* Does a call of this session have such commands? */
static bool has_leg(const struct pb_session *s, size_t leg)
{
    if (leg == LEG_KERNEL)
        return true;
    if (s->c.config.residency != PB_ALWAYS)
        return false;
    if (s->c.config.host_memory == PB_MAPPED)
        return true; /* kernels may not run on mapped arrays */
    const enum pb_access other_way = leg == LEG_IN ? PB_OUT : PB_IN;
    for (size_t i = 0; i < s->c.kernel->nargs; i++) {
        if (s->c.kernel->args[i].access != other_way)
            return true;
    }
    return false;
}

static enum pb_status time_pass(struct pb_session *s, cl_command_queue queue,
                                struct pass *out, struct pb_error *err)
{
    static pb_opencl_enqueue_fn *const enqueue[LEGS] = {
        [LEG_IN] = pb_opencl_enqueue_inputs,
        [LEG_KERNEL] = pb_opencl_enqueue_kernels,
        [LEG_OUT] = pb_opencl_enqueue_outputs,
    };
    enum pb_status status = PB_OK;
    for (size_t leg = 0; leg < LEGS && status == PB_OK; leg++) {
        if (has_leg(s, leg))
            status = time_leg(s, queue, enqueue[leg], &out->legs[leg], err);
    }
    return status;
}

static double median(const struct pass passes[PASSES], size_t leg, size_t time)
{
    double sorted[PASSES] = { 0 };
    for (size_t i = 0; i < PASSES; i++) {
        size_t at = i;
        for (; at > 0 && sorted[at - 1] > passes[i].legs[leg].ns[time]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = passes[i].legs[leg].ns[time];
    }
    return sorted[PASSES / 2];
}

static bool are_believable(const struct pb_session *s, const struct pass passes[PASSES])
{
    bool all = s->device->has_timer;
    for (size_t i = 0; i < PASSES; i++) {
        for (size_t leg = 0; leg < LEGS; leg++)
            all = all && (!has_leg(s, leg) || passes[i].legs[leg].is_believable);
    }
    return all;
}

static void summarise(const struct pb_session *s, const struct pass passes[PASSES],
                      struct pb_phases *out)
{
    const bool timer = are_believable(s, passes);
    const size_t time = timer ? BUSY : WALL;
    if (has_leg(s, LEG_IN))
        out->h2d_ns = median(passes, LEG_IN, time);
    if (has_leg(s, LEG_OUT))
        out->d2h_ns = median(passes, LEG_OUT, time);
    out->kernel_ns = median(passes, LEG_KERNEL, time);
    const double launch_ns = median(passes, LEG_KERNEL, LAUNCH);
    if (timer && launch_ns > 0)
        out->launch_ns = launch_ns;
    if (!timer && s->clblast != NULL)
        snprintf(out->note, sizeof out->note,
                 "CLBlast (%s) does not tell the times of its kernels: times by the "
                 "host's clock, launch and wait included",
                 s->clblast_library.name);
    else if (!timer)
        snprintf(out->note, sizeof out->note,
                 "the driver's profiling timestamps are not usable: times by the host's "
                 "clock, launch and wait included");
}

enum pb_status pb_opencl_phases(struct pb_session *s, struct pb_phases *out,
                                struct pb_error *err)
{
    struct pass passes[PASSES];
    cl_int code;
    cl_command_queue queue =
        clCreateCommandQueue(s->context, s->device->id, CL_QUEUE_PROFILING_ENABLE, &code);
    if (queue == NULL)
        return pb_opencl_fail(err, code, s->device->card.name,
                              "clCreateCommandQueue with profiling");

    enum pb_status status = time_pass(s, queue, &passes[0], err); /* warms up */
    for (size_t i = 0; i < PASSES && status == PB_OK; i++)
        status = time_pass(s, queue, &passes[i], err);
    clReleaseCommandQueue(queue);
    if (status != PB_OK)
        return status;

    struct pb_phases phases = PB_PHASES_UNKNOWN;
    if (s->clblast == NULL) /* it compiles at the first call */
        phases.compile_ns = s->program.build_ns;
    summarise(s, passes, &phases);
    *out = phases;
    return PB_OK;
}
