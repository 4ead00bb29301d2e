/* main.c - argv in, exit code out. The commands stand in command.c. */
#include "cmd/command.h"

#include <signal.h>

int main(int argc, char **argv)
{
    /* A worker that died, or a reader that has enough, must not kill us: a write says
     * so, and pb_finish keeps quiet about `parbench list | head -1`. */
    (void)signal(SIGPIPE, SIG_IGN);
    return pb_finish(pb_dispatch(argc, argv));
}
