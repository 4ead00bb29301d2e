/* What a pool's workers are asked, and what becomes of a point whose worker does not
 * answer. */
#include "measure/pool_parts.h"

#include "backends/registry.h"
#include "measure/link.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- orders ------------------------------------------------------------------------ */

static void settle(struct pb_point *out, const struct pb_order *order,
                   enum pb_outcome outcome, const char *reason)
{
    pb_point_init(out);
    (void)pb_point_copy_identity(out, &order->point, NULL);
    out->status = outcome;
    (void)pb_set(&out->reason, reason);
}

static void settle_dead(struct pb_member *m, const struct pb_order *order,
                        struct pb_point *out)
{
    char obituary[600], reason[700];
    pb_member_end(m, 1);
    (void)snprintf(reason, sizeof reason, "its worker %s",
                   pb_process_obituary(&m->process, obituary, sizeof obituary));
    settle(out, order, PB_OUTCOME_FAILED, reason);
}

/* Sends one order and waits for its line, which is to free(). */
static enum pb_wait exchange(struct pb_member *m, const struct pb_order *order,
                             double timeout_s, bool (*should_stop)(void), char **answer)
{
    char *line = pb_order_encode(order);
    const bool sent = line && pb_process_send(&m->process, line);
    free(line);
    *answer = NULL;
    return sent ? pb_process_receive(&m->process, timeout_s, should_stop, answer)
                : PB_WAIT_END;
}

/* Ends a worker that gave no line, and says so in *out; false: the user stopped. */
static bool settle_silent(struct pb_member *m, const struct pb_order *order,
                          enum pb_wait wait, const char *complaint, struct pb_point *out)
{
    switch (wait) {
    case PB_WAIT_STOPPED:
        pb_member_end(m, 0);
        pb_point_init(out);
        return false;
    case PB_WAIT_TIMEOUT:
        pb_member_end(m, 0);
        settle(out, order, PB_OUTCOME_TIMEOUT, complaint);
        return true;
    case PB_WAIT_END:
    case PB_WAIT_LINE:
        break;
    }
    settle_dead(m, order, out);
    return true;
}

/* A new worker is asked what is there before it gets its first point: so that starting up
 * (mpirun, a driver) has a time limit of its own, and the point its own. *ready: it may
 * have the point; otherwise as pb_pool_execute. */
static bool greet(const struct pb_pool *pool, struct pb_member *m,
                  const struct pb_order *order, bool (*should_stop)(void),
                  struct pb_point *out, bool *ready)
{
    char complaint[160], *answer;
    struct pb_probe probe;
    struct pb_error err = { "" };
    const double limit_s = pool->settings.start_timeout_s;
    *ready = m->has_answered;
    if (*ready)
        return true;
    const enum pb_wait wait = exchange(m, &(struct pb_order){ .kind = PB_ORDER_PROBE },
                                       limit_s, should_stop, &answer);
    if (wait != PB_WAIT_LINE) {
        (void)snprintf(complaint, sizeof complaint,
                       "its worker did not start within %g s and was killed", limit_s);
        return settle_silent(m, order, wait, complaint, out);
    }
    *ready = m->has_answered = !pb_answer_decode_probe(answer, &probe, &err);
    free(answer);
    if (!*ready) {
        pb_member_end(m, 1);
        settle(out, order, PB_OUTCOME_FAILED, err.text);
    }
    return true;
}

/* Takes what a worker said: that it waits for its turn, or its answer. */
static bool take_line(struct pb_turn *turn, enum pb_wait wait, char *line)
{
    char complaint[160];
    struct pb_member *m = turn->member;
    struct pb_error err = { "" };
    enum pb_status status;
    turn->is_waiting = false;
    if (wait != PB_WAIT_LINE) {
        (void)snprintf(complaint, sizeof complaint,
                       "no answer within %g s: its worker was killed (--point-timeout)",
                       turn->timeout_s);
        return settle_silent(m, turn->order, wait, complaint, turn->out);
    }
    if (turn->order->takes_turns && pb_answer_is_turn(line)) {
        status = pb_answer_decode_turn(line, &turn->cpu, &err);
        turn->is_waiting = !status;
        if (turn->is_waiting && m->backend->idle == PB_IDLE_SPINS)
            pb_process_pause(&m->process);
    } else {
        status = pb_answer_decode_point(line, turn->out, &err);
    }
    free(line);
    if (status) {
        pb_member_end(m, 1);
        settle(turn->out, turn->order, PB_OUTCOME_FAILED, err.text);
    }
    return true;
}

static bool ask(const struct pb_pool *pool, struct pb_turn *turn)
{
    char *line;
    bool ready;
    const bool goes_on =
        greet(pool, turn->member, turn->order, turn->should_stop, turn->out, &ready);
    if (!ready)
        return goes_on;
    const enum pb_wait wait =
        exchange(turn->member, turn->order, turn->timeout_s, turn->should_stop, &line);
    return take_line(turn, wait, line);
}

/* The other ranks follow. */
static void share_order(const struct pb_member *m, const struct pb_order *order)
{
    char *line = m->here.ops->share ? pb_order_encode(order) : NULL;
    if (line)
        (void)m->here.ops->share(&line, NULL);
    free(line);
}

static void execute_here(const struct pb_member *m, const struct pb_order *order,
                         struct pb_point *out)
{
    share_order(m, order);
    pb_worker_execute(&m->here, order, out);
}

bool pb_pool_begin(struct pb_pool *pool, struct pb_turn *turn)
{
    struct pb_error err = { "" };
    const struct pb_order *order = turn->order;
    const struct pb_backend *backend = pb_backend_find(order->point.backend);
    const struct pb_config config = { .workers = order->point.workers,
                                      .threads = order->point.threads_per_rank,
                                      .device = order->point.device };
    turn->is_waiting = false;
    turn->member = backend ? pb_pool_member(pool, backend, &config, &err) : NULL;
    if (!turn->member) {
        settle(turn->out, order, PB_OUTCOME_FAILED,
               backend ? err.text : "this parbench has no such backend");
        return true;
    }
    if (!turn->member->is_here)
        return ask(pool, turn);
    if (turn->should_stop && turn->should_stop()) {
        pb_point_init(turn->out);
        return false;
    }
    execute_here(turn->member, order, turn->out);
    return true;
}

bool pb_pool_go(struct pb_turn *turn)
{
    char *line;
    struct pb_member *m = turn->member;
    if (m->backend->idle == PB_IDLE_SPINS)
        pb_process_continue(&m->process);
    const enum pb_wait wait = exchange(m, &(struct pb_order){ .kind = PB_ORDER_GO },
                                       turn->timeout_s, turn->should_stop, &line);
    return take_line(turn, wait, line);
}

void pb_pool_abandon(struct pb_turn *turn)
{
    if (!turn->is_waiting)
        return;
    pb_member_end(turn->member, 0);
    pb_point_init(turn->out);
    turn->is_waiting = false;
}

bool pb_pool_execute(struct pb_pool *pool, const struct pb_order *order, double timeout_s,
                     bool (*should_stop)(void), struct pb_point *out)
{
    struct pb_turn turn = {
        .order = order, .timeout_s = timeout_s, .should_stop = should_stop, .out = out
    };
    return pb_pool_begin(pool, &turn);
}

static enum pb_status probe_process(const struct pb_pool *pool, struct pb_member *m,
                                    struct pb_probe *out, struct pb_error *err)
{
    char obituary[600], *answer;
    const double limit_s = pool->settings.start_timeout_s;
    const enum pb_wait wait =
        exchange(m, &(struct pb_order){ .kind = PB_ORDER_PROBE }, limit_s, NULL, &answer);
    enum pb_status status;
    pb_member_end(m, wait == PB_WAIT_TIMEOUT ? 0 : 5);
    if (wait == PB_WAIT_LINE)
        status = pb_answer_decode_probe(answer, out, err);
    else if (wait == PB_WAIT_TIMEOUT)
        status = pb_fail(err, PB_ERR_ENVIRONMENT, "its worker gave no answer within %g s",
                         limit_s);
    else
        status = pb_fail(err, PB_ERR_ENVIRONMENT, "its worker %s",
                         pb_process_obituary(&m->process, obituary, sizeof obituary));
    free(answer);
    return status;
}

enum pb_status pb_pool_probe(struct pb_pool *pool, const struct pb_backend *backend,
                             struct pb_probe *out, struct pb_error *err)
{
    struct pb_member *m =
        pb_pool_member(pool, backend, &(struct pb_config){ .workers = 1 }, err);
    if (!m)
        return PB_ERR_ENVIRONMENT;
    return m->is_here ? m->here.ops->probe(out, err) : probe_process(pool, m, out, err);
}

static enum pb_status link_process(const struct pb_pool *pool, struct pb_member *m,
                                   const struct pb_order *order,
                                   bool (*should_stop)(void), struct pb_link *out,
                                   struct pb_error *err)
{
    char obituary[600], *answer;
    const double patience = 10; /* times the budget, for a first use and a slow bus */
    const double limit_s =
        pool->settings.start_timeout_s + patience * order->sampling.time_limit_ns * 1e-9;
    const enum pb_wait wait = exchange(m, order, limit_s, should_stop, &answer);
    if (wait == PB_WAIT_LINE) {
        const enum pb_status status = pb_answer_decode_link(answer, out, err);
        free(answer);
        return status;
    }
    pb_member_end(m, 0);
    if (wait == PB_WAIT_TIMEOUT)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "its worker gave no answer within %g s",
                       limit_s);
    if (wait == PB_WAIT_STOPPED)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "interrupted");
    return pb_fail(err, PB_ERR_ENVIRONMENT, "its worker %s",
                   pb_process_obituary(&m->process, obituary, sizeof obituary));
}

enum pb_status pb_pool_link(struct pb_pool *pool, const struct pb_order *order,
                            bool (*should_stop)(void), struct pb_link *out,
                            struct pb_error *err)
{
    const struct pb_backend *backend = pb_backend_find(order->point.backend);
    const struct pb_config config = { .workers = order->point.workers,
                                      .threads = order->point.threads_per_rank,
                                      .device = order->point.device };
    if (!backend)
        return pb_fail(err, PB_ERR_UNSUPPORTED, "this parbench has no such backend");
    struct pb_member *m = pb_pool_member(pool, backend, &config, err);
    if (!m)
        return PB_ERR_ENVIRONMENT;
    if (!m->is_here)
        return link_process(pool, m, order, should_stop, out, err);
    share_order(m, order);
    return pb_worker_link(&m->here, order, out, err);
}
