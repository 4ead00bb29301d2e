#include "backends/serial.h"

#include "backends/host.h"

#include <stdlib.h>

struct pb_session {
    struct pb_host host;
};

enum pb_status pb_serial_probe(struct pb_probe *out, struct pb_error *err)
{
    (void)err;
    *out = (struct pb_probe){ .max_workers = 1 };
    return PB_OK;
}

enum pb_status pb_serial_open(const struct pb_case *c, struct pb_session **out,
                              struct pb_error *err)
{
    if (c->config.workers != 1)
        return pb_fail(err, PB_ERR_UNSUPPORTED, "one core runs it all, not %u workers",
                       c->config.workers);
    struct pb_session *s = calloc(1, sizeof *s);
    if (!s)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a session");
    const enum pb_status status = pb_host_init(&s->host, c, err);
    if (status) {
        free(s);
        return status;
    }
    *out = s;
    return PB_OK;
}

enum pb_status pb_serial_load(struct pb_session *s, const struct pb_task *host,
                              struct pb_error *err)
{
    (void)err;
    pb_host_load_slice(&s->host, host, 0);
    return PB_OK;
}

enum pb_status pb_serial_run(struct pb_session *s, size_t calls, struct pb_error *err)
{
    (void)err;
    const struct pb_host *host = &s->host;
    for (size_t call = 0; call < calls; call++)
        host->body(&host->whole, 0, host->items);
    return PB_OK;
}

enum pb_status pb_serial_fetch(struct pb_session *s, const struct pb_task *host,
                               struct pb_error *err)
{
    (void)err;
    pb_host_fetch(&s->host, host);
    return PB_OK;
}

void pb_serial_close(struct pb_session *s)
{
    if (!s)
        return;
    pb_host_release(&s->host);
    free(s);
}
