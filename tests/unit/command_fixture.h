/* command_fixture.h - command lines carried out in a child, and what they print. */
#ifndef PB_TESTS_UNIT_COMMAND_FIXTURE_H
#define PB_TESTS_UNIT_COMMAND_FIXTURE_H

#include "cmd/command.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What `parbench LINE` prints and returns, in a child. */
struct outcome {
    int code;
    char out[16384], err[2048];
};

static inline void read_back(FILE *file, char *buf, size_t bytes)
{
    rewind(file);
    buf[fread(buf, 1, bytes - 1, file)] = '\0';
    fclose(file);
}

static inline void child_of(const char *line, int out, int err)
{
    char text[512], *argv[32] = { NULL }, *rest = NULL;
    int argc = 0;
    (void)snprintf(text, sizeof text, "parbench %s", line);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    (void)signal(SIGPIPE, SIG_IGN); /* as main() does */
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    _exit(pb_finish(pb_dispatch(argc, argv)));
}

static inline int wait_for(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static inline struct outcome run(const char *line)
{
    struct outcome outcome;
    FILE *out = tmpfile(), *err = tmpfile();
    assert_true(out && err);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        child_of(line, fileno(out), fileno(err));
    outcome.code = wait_for(pid);
    read_back(out, outcome.out, sizeof outcome.out);
    read_back(err, outcome.err, sizeof outcome.err);
    return outcome;
}

#endif
