/* fake_backend.h - a backend whose every call costs what a test says, on a fake clock,
 * with real results of a real kernel's scalar body. It can misbehave in the ways that
 * backends do.
 */
#ifndef PB_TESTS_UNIT_FAKE_BACKEND_H
#define PB_TESTS_UNIT_FAKE_BACKEND_H

#include "backends/backend.h"
#include "backends/host.h"
#include "fake_clock.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Ops get a session and nothing else: what the backend is to do stands here. */
static struct {
    struct fake_clock clock;
    double call_ns, first_call_ns, load_ns, fetch_ns;
    /* run() returns at once; the work is done, and paid for, in fetch(). */
    bool is_asynchronous;
    bool is_wrong;        /* an output element is off */
    bool runs_every_call; /* the body as often as asked, not once per run() */
    unsigned slow_fetch;  /* this fetch, from 1, is interrupted for slow_fetch_ns */
    double slow_fetch_ns;
    double stale_fetch_ns; /* more for a fetch straight after a run */
    enum pb_status open_status, load_status, fetch_status, phases_status;
    unsigned failing_run; /* from 1; 0: none */
    bool fails_silently;  /* gives no reason */
    struct pb_phases phases;
    unsigned opens, closes, runs, fetches;
    uint64_t other_rank; /* what another rank contributes to agree() */
} fake;

static inline void fake_backend_reset(void)
{
    memset(&fake, 0, sizeof fake);
    fake_clock_init(&fake.clock, 10);
    fake.call_ns = fake.first_call_ns = 500;
    fake.phases = (struct pb_phases)PB_PHASES_UNKNOWN;
}

struct pb_session {
    struct pb_host host;
    double owed_ns;
    bool is_stale;
};

static inline enum pb_status fake_say(enum pb_status status, struct pb_error *err)
{
    if (!status || fake.fails_silently)
        return status;
    return pb_fail(err, status, "the fake backend was told to fail");
}

static inline enum pb_status fake_open(const struct pb_case *c, struct pb_session **out,
                                       struct pb_error *err)
{
    if (fake.open_status)
        return fake_say(fake.open_status, err);
    struct pb_session *s = calloc(1, sizeof *s);
    if (!s)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    const enum pb_status status = pb_host_init(&s->host, c, err);
    if (status) {
        free(s);
        return status;
    }
    fake.opens++;
    *out = s;
    return PB_OK;
}

static inline enum pb_status fake_load(struct pb_session *s, const struct pb_task *host,
                                       struct pb_error *err)
{
    fake.clock.now_ns += fake.load_ns;
    pb_host_load_slice(&s->host, host, 0);
    return fake_say(fake.load_status, err);
}

static inline enum pb_status fake_run(struct pb_session *s, size_t calls,
                                      struct pb_error *err)
{
    const bool is_first = fake.runs == 0;
    if (++fake.runs == fake.failing_run)
        return fake_say(PB_ERR_ENVIRONMENT, err);
    const double cost_ns = (double)calls * (is_first ? fake.first_call_ns : fake.call_ns);
    if (fake.is_asynchronous) {
        fake.clock.now_ns += 20 * (double)calls;
        s->owed_ns += cost_ns;
    } else {
        fake.clock.now_ns += cost_ns;
    }
    s->is_stale = true;
    for (size_t call = 0; call < (fake.runs_every_call ? calls : 1); call++)
        s->host.body(&s->host.whole, 0, s->host.items);
    return PB_OK;
}

static inline void fake_spoil(const struct pb_session *s, const struct pb_task *host)
{
    for (size_t arg = 0; arg < s->host.c.kernel->nargs; arg++)
        if (s->host.c.kernel->args[arg].access != PB_IN) {
            if (host->dtype == PB_DTYPE_f32)
                *(float *)host->buf[arg] += 1;
            else
                *(double *)host->buf[arg] += 1;
        }
}

static inline enum pb_status fake_fetch(struct pb_session *s, const struct pb_task *host,
                                        struct pb_error *err)
{
    fake.clock.now_ns += fake.fetch_ns + s->owed_ns;
    s->owed_ns = 0;
    if (++fake.fetches == fake.slow_fetch)
        fake.clock.now_ns += fake.slow_fetch_ns;
    if (s->is_stale)
        fake.clock.now_ns += fake.stale_fetch_ns;
    s->is_stale = false;
    pb_host_fetch(&s->host, host);
    if (fake.is_wrong)
        fake_spoil(s, host);
    return fake_say(fake.fetch_status, err);
}

static inline enum pb_status fake_phases(struct pb_session *s, struct pb_phases *out,
                                         struct pb_error *err)
{
    (void)s;
    *out = fake.phases;
    return fake_say(fake.phases_status, err);
}

static inline void fake_close(struct pb_session *s)
{
    if (!s)
        return;
    fake.closes++;
    pb_host_release(&s->host);
    free(s);
}

static inline uint64_t fake_agree(uint64_t local)
{
    return local > fake.other_rank ? local : fake.other_rank;
}

static const struct pb_backend fake_card = {
    .abi = PB_BACKEND_ABI,
    .name = "fake",
    .summary = "a test's own",
    .worker_kind = PB_CORE,
    .uses_isa = true,
    .residencies = 1u << PB_HOST | 1u << PB_ALWAYS,
};

static const struct pb_backend_ops fake_ops = {
    .abi = PB_BACKEND_ABI,
    .open = fake_open,
    .load = fake_load,
    .run = fake_run,
    .fetch = fake_fetch,
    .phases = fake_phases,
    .close = fake_close,
};

#endif
