#include "cmd/signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stop_requested;

static void request_stop(int signal_number)
{
    stop_requested = signal_number;
}

bool pb_signals_stop(void)
{
    return stop_requested != 0;
}

void pb_signals_watch(void)
{
    /* No SA_RESTART: a blocking wait ends. */
    const struct sigaction action = { .sa_handler = request_stop,
                                      .sa_flags = (int)SA_RESETHAND };
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}
