/* The worker's side of the pipe: orders in, answers out. */
#include "measure/worker.h"

#include "backends/registry.h"
#include "measure/link.h"
#include "measure/text.h"
#include "results/link.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct desk {
    FILE *in, *out;
};

static bool say(FILE *out, const char *text)
{
    return text && fprintf(out, "%s\n", text) >= 0 && fflush(out) == 0;
}

static bool take_descriptors(struct desk *desk)
{
    const int in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
    const int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (in < 0 || out < 0 || nothing < 0)
        return false;
    (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    desk->in = fdopen(in, "r");
    desk->out = fdopen(out, "w");
    return desk->in && desk->out;
}

/* The next line, the same on every rank; *line is NULL at the end. */
static enum pb_status next_line(const struct pb_worker *worker, FILE *in, char **line,
                                struct pb_error *err)
{
    *line = NULL;
    if (pb_worker_leads(worker)) {
        size_t cap = 0;
        const ssize_t len = getline(line, &cap, in);
        if (len <= 0) {
            free(*line);
            *line = NULL;
        } else if ((*line)[len - 1] == '\n') {
            (*line)[len - 1] = '\0';
        }
    }
    return worker->ops->share ? worker->ops->share(line, err) : PB_OK;
}

struct turn_context {
    const struct pb_worker *worker;
    const struct desk *desk;
};

static enum pb_status await_turn(void *context, int cpu, struct pb_error *err)
{
    const struct turn_context *c = context;
    struct pb_order order = { .kind = PB_ORDER_PROBE };
    char *line = NULL;
    if (pb_worker_leads(c->worker)) {
        char *ready = pb_answer_encode_turn(cpu);
        (void)say(c->desk->out, ready); /* nobody there: the line that comes is the end */
        free(ready);
    }
    enum pb_status status = next_line(c->worker, c->desk->in, &line, err);
    if (!status)
        status = line ? pb_order_decode(line, &order, err)
                      : pb_fail(err, PB_ERR_ENVIRONMENT, "the driver went away");
    if (!status && order.kind != PB_ORDER_GO)
        status = pb_fail(err, PB_ERR_INTERNAL, "an order came before its turn");
    pb_order_release(&order);
    free(line);
    return status;
}

static char *probe(const struct pb_worker *worker)
{
    struct pb_probe found = { 0 };
    struct pb_error err = { "" };
    const enum pb_status status = worker->ops->probe(&found, &err);
    return status ? pb_answer_encode_error(err.text) : pb_answer_encode_probe(&found);
}

static char *link_answer(const struct pb_worker *worker, const struct pb_order *order)
{
    struct pb_link link;
    struct pb_error err = { "" };
    if (pb_worker_link(worker, order, &link, &err))
        return pb_answer_encode_error(err.text);
    char *text = pb_answer_encode_link(&link);
    pb_link_release(&link);
    return text;
}

static char *answer(const struct pb_worker *worker, const char *line)
{
    struct pb_order order;
    struct pb_error err = { "" };
    if (pb_order_decode(line, &order, &err))
        return pb_answer_encode_error(err.text);
    char *text;
    if (order.kind == PB_ORDER_PROBE) {
        text = probe(worker);
    } else if (order.kind == PB_ORDER_LINK) {
        text = link_answer(worker, &order);
    } else {
        struct pb_point point;
        pb_worker_execute(worker, &order, &point);
        text = pb_answer_encode_point(&point);
        pb_point_release(&point);
    }
    pb_order_release(&order);
    return text;
}

static int serve(const struct pb_worker *worker, const struct desk *desk)
{
    for (;;) {
        struct pb_error err = { "" };
        char *line;
        if (next_line(worker, desk->in, &line, &err)) {
            (void)fprintf(stderr, "%s\n", err.text);
            return 2;
        }
        if (!line)
            return 0;
        char *text = answer(worker, line);
        const bool ok = !pb_worker_leads(worker) || say(desk->out, text);
        free(text);
        free(line);
        if (!ok)
            return 2;
    }
}

int pb_worker_follow(const char *backend)
{
    struct pb_worker worker;
    struct pb_error err = { "" };
    if (pb_worker_open(&worker, backend, &err)) {
        (void)fprintf(stderr, "parbench: %s\n", err.text);
        return 2;
    }
    const int code = serve(&worker, &(struct desk){ .in = stdin, .out = stdout });
    pb_backends_stop();
    return code;
}

void pb_worker_dismiss(const char *backend)
{
    struct pb_worker worker;
    char *nothing = NULL;
    if (!pb_worker_open(&worker, backend, NULL) && worker.ops->share)
        (void)worker.ops->share(&nothing, NULL);
}

int pb_worker_serve(const char *backend)
{
    struct pb_worker worker;
    struct desk desk;
    struct pb_error err = { "" };
    /* The driver, or mpirun, is gone: nobody waits for an answer. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!take_descriptors(&desk)) {
        perror("parbench worker: cannot set up its descriptors");
        return 2;
    }
    if (pb_worker_open(&worker, backend, &err)) {
        char *text = pb_answer_encode_error(err.text);
        (void)say(desk.out, text);
        free(text);
        pb_backends_stop();
        return 2;
    }
    struct turn_context context = { &worker, &desk };
    worker.turns = (struct pb_turns_desk){ .await = await_turn, .context = &context };
    const int code = serve(&worker, &desk);
    pb_backends_stop();
    return code;
}
