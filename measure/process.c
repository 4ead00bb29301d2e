#include "measure/process.h"

#include "measure/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- start ------------------------------------------------------------------------- */

struct pipes {
    int in[2], out[2], err[2];
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void close_pipes(struct pipes *p)
{
    for (int i = 0; i < 2; i++) {
        close_fd(&p->in[i]);
        close_fd(&p->out[i]);
        close_fd(&p->err[i]);
    }
}

static bool open_pipes(struct pipes *p)
{
    *p = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
    if (pipe2(p->in, O_CLOEXEC) || pipe2(p->out, O_CLOEXEC) || pipe2(p->err, O_CLOEXEC)) {
        close_pipes(p);
        return false;
    }
    return true;
}

/* In the child: never returns. A failed exec is told through standard error and status
 * 127, as a shell does. */
static void become(const struct pipes *p, char *const argv[], char *const env[],
                   pid_t parent)
{
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* the driver died before the line above */
        _exit(127);
    (void)dup2(p->in[0], STDIN_FILENO);
    (void)dup2(p->out[1], STDOUT_FILENO);
    (void)dup2(p->err[1], STDERR_FILENO);
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGPIPE, SIG_DFL);
    for (size_t i = 0; env && env[i]; i++)
        (void)putenv(env[i]);
    (void)execvp(argv[0], argv);
    const char *why = strerror(errno);
    (void)!write(STDERR_FILENO, why, strlen(why));
    _exit(127);
}

enum pb_status pb_process_start(struct pb_process *process, char *const argv[],
                                char *const env[], struct pb_error *err)
{
    struct pipes p;
    if (!open_pipes(&p))
        return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot open a pipe to %s: %s", argv[0],
                       strerror(errno));
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
        close_pipes(&p);
        return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot start a process for %s: %s",
                       argv[0], strerror(errno));
    }
    if (pid == 0)
        become(&p, argv, env, parent);
    (void)setpgid(pid, pid); /* in both, whichever comes first */
    *process = (struct pb_process){ .pid = pid,
                                    .in = p.in[1],
                                    .out = p.out[0],
                                    .err = p.err[0],
                                    .pending = PB_TEXT_INIT };
    p.in[1] = p.out[0] = p.err[0] = -1;
    close_pipes(&p);
    (void)fcntl(process->out, F_SETFL, O_NONBLOCK);
    (void)fcntl(process->err, F_SETFL, O_NONBLOCK);
    return PB_OK;
}

/* ---- talk -------------------------------------------------------------------------- */

bool pb_process_send(struct pb_process *process, const char *line)
{
    char *text = pb_text_format("%s\n", line);
    bool ok = text && process->in >= 0;
    for (size_t done = 0, len = ok ? strlen(text) : 0; ok && done < len;) {
        const ssize_t count = write(process->in, text + done, len - done);
        if (count > 0)
            done += (size_t)count;
        else if (errno != EINTR)
            ok = false;
    }
    free(text);
    return ok;
}

static void keep_last_words(struct pb_process *process, const char *bytes, size_t count)
{
    const size_t room = sizeof process->last_words - 1;
    if (count > room) {
        bytes += count - room;
        count = room;
    }
    if (process->last_words_len + count > room) {
        const size_t keep = room - count;
        memmove(process->last_words, process->last_words + process->last_words_len - keep,
                keep);
        process->last_words_len = keep;
    }
    memcpy(process->last_words + process->last_words_len, bytes, count);
    process->last_words_len += count;
    process->last_words[process->last_words_len] = '\0';
}

/* Reads what is there from *fd; closes it at its end. A chunk per call: a child that
 * floods its standard error must not keep us from looking at the clock. */
static void drain(struct pb_process *process, int *fd)
{
    char bytes[65536];
    const ssize_t count = read(*fd, bytes, sizeof bytes);
    if (count > 0 && fd == &process->out)
        pb_text_add_bytes(&process->pending, bytes, (size_t)count);
    else if (count > 0)
        keep_last_words(process, bytes, (size_t)count);
    else if (count == 0 || (errno != EINTR && errno != EAGAIN))
        close_fd(fd);
}

static char *take_line(struct pb_text *pending)
{
    const char *end = memchr(pending->str, '\n', pending->len);
    if (!end)
        return NULL;
    const size_t len = (size_t)(end - pending->str);
    char *line = strndup(pending->str, len);
    memmove(pending->str, end + 1, pending->len - len); /* with the NUL */
    pending->len -= len + 1;
    return line;
}

static double seconds_now(void)
{
    return (double)pb_clock_now(pb_clock_monotonic()) * 1e-9;
}

/* Reads what comes within a fifth of a second, or what is left of the time. A signal ends
 * the wait; one that came just before it is noticed at its end. */
static void listen_for(struct pb_process *process, double left_s)
{
    struct pollfd fds[2] = { { .fd = process->out, .events = POLLIN },
                             { .fd = process->err, .events = POLLIN } };
    if (poll(fds, 2, left_s < 0.2 ? (int)(left_s * 1000) + 1 : 200) <= 0)
        return;
    if (fds[0].revents)
        drain(process, &process->out);
    if (fds[1].revents)
        drain(process, &process->err);
}

enum pb_wait pb_process_receive(struct pb_process *process, double timeout_s,
                                bool (*should_stop)(void), char **line)
{
    const double deadline_s = seconds_now() + timeout_s;
    for (;;) {
        *line = take_line(&process->pending);
        if (*line)
            return PB_WAIT_LINE;
        if (process->out < 0)
            return PB_WAIT_END;
        if (should_stop && should_stop())
            return PB_WAIT_STOPPED;
        const double left_s = deadline_s - seconds_now();
        if (left_s <= 0)
            return PB_WAIT_TIMEOUT;
        listen_for(process, left_s);
    }
}

void pb_process_pause(const struct pb_process *process)
{
    if (process->pid > 0)
        (void)kill(-process->pid, SIGSTOP);
}

void pb_process_continue(const struct pb_process *process)
{
    if (process->pid > 0)
        (void)kill(-process->pid, SIGCONT);
}

/* ---- end --------------------------------------------------------------------------- */

static bool has_ended(struct pb_process *process, double within_s)
{
    const double deadline_s = seconds_now() + within_s;
    for (;;) {
        const pid_t pid = waitpid(process->pid, &process->wait_status, WNOHANG);
        if (pid == process->pid || (pid < 0 && errno == ECHILD))
            return true;
        if (seconds_now() >= deadline_s)
            return false;
        if (process->err >= 0)
            drain(process, &process->err); /* else it may be stuck writing to us */
        if (process->out >= 0)
            drain(process, &process->out);
        pb_text_clear(&process->pending); /* nobody asks for more lines */
        (void)nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
    }
}

void pb_process_stop(struct pb_process *process, double grace_s)
{
    if (process->pid <= 0)
        return;
    pb_process_continue(process); /* a paused one could not end by itself */
    close_fd(&process->in);
    bool ended = has_ended(process, grace_s);
    if (!ended) {
        (void)kill(-process->pid, SIGTERM); /* mpirun passes it on to its ranks */
        ended = has_ended(process, 2);
    }
    (void)kill(-process->pid, SIGKILL); /* whatever is left of the group */
    if (!ended)
        (void)waitpid(process->pid, &process->wait_status, 0);
    if (process->err >= 0)
        drain(process, &process->err);
    close_fd(&process->out);
    close_fd(&process->err);
    pb_text_release(&process->pending);
    process->pid = 0;
}

const char *pb_process_obituary(const struct pb_process *process, char *buf, size_t bytes)
{
    const int status = process->wait_status;
    int used;
    if (WIFSIGNALED(status))
        used = snprintf(buf, bytes, "was killed by signal %d (%s)", WTERMSIG(status),
                        strsignal(WTERMSIG(status)));
    else
        used = snprintf(buf, bytes, "ended with status %d", WEXITSTATUS(status));
    if (process->last_words_len && used >= 0 && (size_t)used < bytes) {
        const char *words = process->last_words;
        const size_t room = bytes - (size_t)used, len = strlen(words);
        const char *tail = len > 300 ? words + len - 300 : words;
        (void)snprintf(buf + used, room, "; its last words: %s", tail);
    }
    pb_text_one_line(buf);
    for (size_t len = strlen(buf); len && buf[len - 1] == ' '; len--)
        buf[len - 1] = '\0';
    return buf;
}
