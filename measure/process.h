/* process.h - a child process spoken to in lines: started, asked, waited for, killed, and
 * its end explained.
 *
 * The child gets pipes as descriptors 0, 1 and 2. Its standard error is drained while we
 * wait, and its last words are kept for the obituary; nothing that it prints reaches the
 * user's terminal. It dies with us (PR_SET_PDEATHSIG) and runs in a process group of its
 * own, so that Ctrl-C reaches the driver alone. Not thread-safe.
 */
#ifndef PB_MEASURE_PROCESS_H
#define PB_MEASURE_PROCESS_H

#include "measure/error.h"
#include "measure/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pb_process {
    pid_t pid;              /* 0: not running */
    int in, out, err;       /* our ends; -1: closed */
    struct pb_text pending; /* bytes read from out, beyond the last line handed over */
    char last_words[600];   /* end of its standard error */
    size_t last_words_len;
    int wait_status; /* of waitpid, once it has ended */
};

enum pb_wait {
    PB_WAIT_LINE, /* a line arrived */
    PB_WAIT_END,  /* the process closed its output: it ended or will */
    PB_WAIT_TIMEOUT,
    PB_WAIT_STOPPED, /* should_stop() said so */
};

/* Starts argv[0] (looked up in PATH) with env ("NAME=value", ended by NULL) added to the
 * environment. */
enum pb_status pb_process_start(struct pb_process *process, char *const argv[],
                                char *const env[], struct pb_error *err);
/* Sends line and a newline; false: the process does not read any more. */
bool pb_process_send(struct pb_process *process, const char *line);
/* Waits at most timeout_s seconds for a line; *line (without newline) is to free().
 * should_stop may be NULL. */
enum pb_wait pb_process_receive(struct pb_process *process, double timeout_s,
                                bool (*should_stop)(void), char **line);
/* Stops all its threads where they are, and lets them go on. Safe when not running. */
void pb_process_pause(const struct pb_process *process);
void pb_process_continue(const struct pb_process *process);
/* Ends it: closes its input, gives it grace_s seconds, then SIGTERM to its group, then
 * SIGKILL. Safe when not running. */
void pb_process_stop(struct pb_process *process, double grace_s);
/* How it ended, in words, after pb_process_stop: "was killed by signal 11 (Segmentation
 * fault); its last words: ...". */
const char *pb_process_obituary(const struct pb_process *process, char *buf,
                                size_t bytes);

#endif
