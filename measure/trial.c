#include "measure/trial.h"

#include "backends/check_reuse.h"
#include "backends/open.h"
#include "measure/bare.h"
#include "measure/guard.h"
#include "measure/pin.h"
#include "measure/slowdown.h"
#include "results/machine.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct trial {
    const struct pb_worker *worker;
    const struct pb_order *order;
    const struct pb_case *c;
    struct pb_opened opened;
    struct pb_bare bare; /* instead of opened's arrays, where the order is bare */
    struct pb_operation operation;
    struct pb_pin pin;
    struct pb_guard guard;
    double slowdown; /* measure/slowdown.h; 0 but in a self-test */
    struct pb_point *point;
    struct pb_invocation invocation;
};

static enum pb_status run_session(void *context, size_t calls, struct pb_error *err)
{
    struct trial *t = context;
    if (t->slowdown <= 0)
        return t->worker->ops->run(t->opened.session, calls, err);
    const struct pb_slowdown slow =
        pb_slowdown_of(t->slowdown, calls, t->c->config.reuse);
    const uint64_t start_ns = pb_clock_now(t->worker->clock);
    const enum pb_status status =
        t->worker->ops->run(t->opened.session, calls + slow.extra, err);
    if (!status && slow.wait > 0)
        pb_slowdown_wait(t->worker->clock, start_ns, slow.wait);
    return status;
}

static enum pb_status fetch_session(void *context, size_t calls, struct pb_error *err)
{
    struct trial *t = context;
    (void)calls;
    return t->worker->ops->fetch(t->opened.session, t->opened.arrays, err);
}

/* A failure that only one rank may have seen becomes everybody's. */
static enum pb_status agree(const struct trial *t, enum pb_status status,
                            struct pb_error *err)
{
    const struct pb_backend_ops *ops = t->worker->ops;
    if (ops->agree && ops->agree(status ? 1 : 0) && !status)
        return pb_fail(err, PB_ERR_INTERNAL, "another rank failed");
    return status;
}

static enum pb_status set_up(struct trial *t, struct pb_error *err)
{
    const enum pb_status status =
        pb_open(t->worker->ops, t->c, t->order->seed, &t->opened, err);
    if (!status && t->opened.arrays)
        pb_problem_fill(&t->opened.problem);
    return status;
}

/* One call on fresh arrays, judged. PB_ERR_WRONG only from the leader, and only it has to
 * know. */
static enum pb_status verify(struct trial *t, struct pb_error *err)
{
    enum pb_status status =
        t->worker->ops->load(t->opened.session, t->opened.arrays, err);
    if (!status)
        status = pb_time_once(t->worker->clock, &t->operation, t->c->config.reuse,
                              &t->invocation.first_call_ns, err);
    if (!status)
        status = t->worker->ops->fetch(t->opened.session, t->opened.arrays, err);
    if (status)
        return status;
    const enum pb_status judged =
        t->opened.arrays ? pb_problem_check(&t->opened.problem, &t->point->max_error,
                                            &t->point->tolerance, err)
                         : PB_OK;
    /* A wrong result goes on to be timed; if it could not be judged, all ranks have to
     * stop. */
    status = agree(t, judged == PB_ERR_WRONG ? PB_OK : judged, err);
    return status ? status : judged;
}

/* Where one move serves several calls that change an array in place: one call is judged
 * by the reference, and so many are compared with as many on resident data. */
static enum pb_status verify_in_place(struct trial *t, struct pb_error *err)
{
    const struct pb_worker *w = t->worker;
    const struct pb_case *whole = t->c;
    struct pb_case single = *whole;
    single.config.reuse = 1;
    t->c = &single;
    enum pb_status status = set_up(t, err);
    if (!status)
        status = verify(t, err);
    t->c = whole;
    pb_opened_release(w->ops, &t->opened);
    /* Only the leader knows of a wrong result, and all ranks have to leave it at that. */
    const bool is_over = w->ops->agree ? w->ops->agree(status ? 1 : 0) != 0 : status != 0;
    return is_over ? status
                   : pb_check_reuse(w->ops, w->backend, whole, t->order->seed, err);
}

static enum pb_status set_up_and_verify(struct trial *t, struct pb_error *err)
{
    const bool is_apart = pb_reuse_needs_check(t->c);
    enum pb_status status = is_apart ? verify_in_place(t, err) : PB_OK;
    if (status && status != PB_ERR_WRONG)
        return status;
    struct pb_error ignored = { "" };
    const enum pb_status ready = set_up(t, status ? &ignored : err);
    if (ready)
        return status ? status : ready;
    return is_apart ? status : verify(t, err);
}

static int64_t involuntary_switches(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) ? -1 : usage.ru_nivcsw;
}

static int64_t difference(int64_t before, int64_t after)
{
    return before < 0 || after < 0 ? -1 : after - before;
}

/* A call longer than this refills the caches in a part of its time that does not show. */
#define LONG_CALL_NS 5e6

/* Waits for its turn. The other side has used the core since the last one: some calls
 * that are not timed bring data and predictors back. */
static enum pb_status take_turn(void *context, uint64_t batch, struct pb_error *err)
{
    struct trial *t = context;
    const struct pb_turns_desk *turns = &t->worker->turns;
    pb_guard_after(&t->guard);
    enum pb_status status = turns->await(turns->context, t->pin.cpu, err);
    if (!status && (batch > 1 || t->invocation.first_call_ns <= LONG_CALL_NS))
        status = run_session(t, batch / 8 + 1, err);
    if (!status)
        pb_guard_before(&t->guard);
    return status;
}

/* Both sides on one core: on two of them, each with neighbours of its own, they would not
 * share what the machine does. */
static void begin_turns(struct trial *t)
{
    t->invocation.in_turn = true;
    t->operation.prepare = take_turn;
    if (t->worker->backend->worker_kind == PB_CORE)
        pb_pin_take(t->order->cpu, &t->pin);
    if (t->order->is_guarded)
        pb_guard_open(t->worker->ops, t->worker->clock, t->worker->backend, &t->c->config,
                      t->order->sampling.max_samples, t->order->quiet_ns, &t->guard);
}

/* What verification has changed is filled and loaded anew; bare arrays are loaded since
 * they were opened. */
static enum pb_status reload(struct trial *t, struct pb_error *err)
{
    if (t->order->is_bare)
        return PB_OK;
    if (t->opened.arrays)
        pb_problem_fill(&t->opened.problem);
    return t->worker->ops->load(t->opened.session, t->opened.arrays, err);
}

static enum pb_status sample(struct trial *t, struct pb_error *err)
{
    /* Not before: more calls than were asked for would have failed verification. */
    t->slowdown =
        pb_slowdown_share(getenv("PARBENCH_SLOWDOWN"), t->worker->backend->name, t->c);
    enum pb_status status = reload(t, err);
    if (status)
        return status;
    struct pb_sampling sampling = t->order->sampling;
    sampling.multiple = t->c->config.reuse;
    const int64_t steal = pb_machine_steal_ticks(), switches = involuntary_switches();
    struct pb_samples samples;
    if (t->order->takes_turns && t->worker->turns.await)
        begin_turns(t);
    status = pb_sample(t->worker->clock, &t->operation, &sampling, &samples, err);
    if (status)
        return status;
    t->invocation.steal_ticks = difference(steal, pb_machine_steal_ticks());
    t->invocation.involuntary_switches = difference(switches, involuntary_switches());
    t->invocation.batch = samples.batch;
    t->invocation.samples_ns = samples.ns; /* now the invocation's */
    t->invocation.nsamples = samples.count;
    t->invocation.guards_ns = pb_guard_times(&t->guard, samples.count);
    return pb_set(&t->invocation.stopped, samples.stopped)
               ? PB_OK
               : pb_fail(err, PB_ERR_MEMORY, "out of memory");
}

/* Whatever was asked for: what the session was built with. */
static enum pb_status tell_tuning(struct trial *t, struct pb_error *err)
{
    const struct pb_backend_ops *ops = t->worker->ops;
    return !ops->tuning || pb_set(&t->point->tuning, ops->tuning(t->opened.session))
               ? PB_OK
               : pb_fail(err, PB_ERR_MEMORY, "out of memory");
}

static double known(double ns)
{
    return ns < 0 ? (double)NAN : ns;
}

static enum pb_status account(struct trial *t, struct pb_error *err)
{
    struct pb_point_phases *to = &t->point->phases;
    to->first_call = t->invocation.first_call_ns;
    if (!t->worker->ops->phases || t->order->is_lean)
        return PB_OK;
    struct pb_phases phases = PB_PHASES_UNKNOWN;
    const enum pb_status status = t->worker->ops->phases(t->opened.session, &phases, err);
    if (status)
        return status;
    to->compile = known(phases.compile_ns);
    to->h2d = known(phases.h2d_ns);
    to->launch = known(phases.launch_ns);
    to->kernel = known(phases.kernel_ns);
    to->d2h = known(phases.d2h_ns);
    return !phases.note[0] || pb_set(&to->note, phases.note)
               ? PB_OK
               : pb_fail(err, PB_ERR_MEMORY, "out of memory");
}

/* How much longer fetching takes straight after a batch than when all is quiet, and how
 * much longer it may for other reasons: an interruption, or caches that the batch has
 * filled with something else (a fetch of many MiB takes thrice as long then). Work left
 * undone is more than that: a batch that seems to last long enough holds hundreds of
 * calls if they return early. */
static enum pb_status time_fetch_after_batch(struct trial *t, double *excess_ns,
                                             double *allowed_ns, struct pb_error *err)
{
    const double noise_ns = 1e6;
    const struct pb_clock *clock = t->worker->clock;
    const struct pb_operation fetch = { .run = fetch_session,
                                        .context = t,
                                        .agree = t->operation.agree };
    double quiet_ns, batch_ns, busy_ns;
    enum pb_status status = pb_time_once(clock, &fetch, 1, &quiet_ns, err);
    if (!status)
        status = pb_time_once(clock, &t->operation, t->invocation.batch, &batch_ns, err);
    if (!status)
        status = pb_time_once(clock, &fetch, 1, &busy_ns, err);
    if (status)
        return status;
    *excess_ns = busy_ns - quiet_ns;
    *allowed_ns = fmax(fmax(batch_ns, noise_ns), 2 * quiet_ns);
    return PB_OK;
}

/* A backend that returns before the work has ended shows quick calls, and then a slow
 * fetch that waits for them. An interruption can look like that once; three times in a
 * row, by more than the batch itself, it does not. */
static enum pb_status check_completion(struct trial *t, struct pb_error *err)
{
    enum { LOOKS = 3 };
    /* What the samples left undone ends here, or the first quiet fetch would wait for it
     * and hide all that follows. */
    const enum pb_status settled = fetch_session(t, 1, err);
    if (settled)
        return settled;
    for (int look = 0; look < LOOKS; look++) {
        double excess_ns = 0, allowed_ns = 0;
        const enum pb_status status =
            time_fetch_after_batch(t, &excess_ns, &allowed_ns, err);
        if (status)
            return status;
        if (excess_ns <= allowed_ns)
            return PB_OK;
    }
    return pb_fail(err, PB_ERR_WRONG,
                   "calls return before their work is done: fetching the result after "
                   "%llu calls takes longer than the calls",
                   (unsigned long long)t->invocation.batch);
}

static enum pb_status stages(struct trial *t, struct pb_error *err)
{
    struct pb_error wrong = { "" };
    enum pb_status verdict = PB_OK;
    enum pb_status status =
        t->order->is_bare
            ? pb_bare_open(&t->bare, t->worker->ops, t->c, &t->opened.session, err)
            : set_up_and_verify(t, err);
    if (status == PB_ERR_WRONG && t->opened.session) { /* goes on to be timed */
        verdict = status;
        wrong = *err;
        status = PB_OK;
    }
    if (!status)
        status = sample(t, err);
    if (!status)
        status = tell_tuning(t, err);
    if (!status)
        status = account(t, err);
    if (!status && !t->order->is_lean)
        status = check_completion(t, err);
    if (!status && verdict) {
        status = verdict;
        *err = wrong;
    }
    return status;
}

enum pb_status pb_trial_run(const struct pb_worker *worker, const struct pb_order *order,
                            const struct pb_case *c, struct pb_point *point,
                            struct pb_error *err)
{
    struct trial t = {
        .worker = worker,
        .order = order,
        .c = c,
        .point = point,
        .pin = { .cpu = PB_CPU_ANY },
        .invocation = { .round = order->round,
                        .order = order->position,
                        .first_call_ns = (double)NAN,
                        .steal_ticks = -1,
                        .involuntary_switches = -1,
                        .in_process = worker->in_process },
    };
    t.operation = (struct pb_operation){ .run = run_session,
                                         .context = &t,
                                         .agree = worker->ops->agree };
    enum pb_status status = stages(&t, err);
    pb_pin_release(&t.pin);
    pb_guard_close(&t.guard);
    pb_opened_release(worker->ops, &t.opened);
    pb_bare_release(&t.bare);
    if (t.invocation.nsamples) {
        const enum pb_status added = pb_point_add(point, &t.invocation, err);
        status = status ? status : added;
        pb_point_estimate(point);
    }
    pb_invocation_release(&t.invocation);
    return status;
}
