#include "cmd/signals.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

static volatile sig_atomic_t stop_requested;
static atomic_uint_fast64_t first_ns; /* lock-free: a handler may use it */

/* clock_gettime is async-signal-safe; pb_clock_now promises no such thing. */
static uint64_t now_ns(void)
{
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Two signals at once are one wish: `timeout` signals its child and then the whole group,
 * a closed terminal sends SIGHUP along. Somebody who repeats it later means it. */
static void request_stop(int signal_number)
{
    uint_fast64_t first = 0;
    const uint64_t now = now_ns();
    stop_requested = signal_number;
    if (atomic_compare_exchange_strong(&first_ns, &first, now))
        return;
    if (now > first && now - first >= 1000000000u) {
        (void)signal(signal_number, SIG_DFL);
        (void)raise(signal_number); /* arrives when this handler returns */
    }
}

bool pb_signals_stop(void)
{
    return stop_requested != 0;
}

void pb_signals_watch(void)
{
    /* No SA_RESTART: a blocking wait ends. */
    const struct sigaction action = { .sa_handler = request_stop };
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}
