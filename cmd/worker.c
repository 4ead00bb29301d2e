/* parbench worker: started by the driver, spoken to over a pipe (measure/order.h); hidden
 * from --help. */
#include "cmd/command.h"
#include "cmd/plugins.h"

#include "measure/worker.h"

#include <stddef.h>

struct worker_options {
    const char *backend;
    struct pb_texts plugins;
};

static const struct pb_option options[] = {
    { .name = "backend",
      .kind = PB_TEXT,
      .offset = offsetof(struct worker_options, backend),
      .metavar = "B",
      .help = "The backend to carry out orders on." },
    { .name = "plugin",
      .kind = PB_TEXTS,
      .offset = offsetof(struct worker_options, plugins),
      .metavar = "FILE",
      .help = "A kernel's shared object to load." },
    { .name = NULL },
};

static int run(int argc, char **argv)
{
    struct worker_options o;
    struct pb_error err = { "" };
    char **operands;
    size_t noperands;
    enum pb_status status =
        pb_options_parse(&pb_command_worker, argc, argv, &o, &operands, &noperands, &err);
    if (!status && !o.backend)
        status = pb_fail(
            &err, PB_ERR_USAGE,
            "--backend is missing: `parbench run` starts workers, people need not");
    if (!status)
        status = pb_plugins_load(&o.plugins, &err);
    return status ? pb_command_fail("worker", status, &err) : pb_worker_serve(o.backend);
}

const struct pb_command pb_command_worker = {
    .name = "worker",
    .synopsis = "--backend B [--plugin FILE]..",
    .description = "Carries out the orders of a driver: one JSON object per line on "
                   "standard input, one answer per "
                   "line on standard output.",
    .options = options,
    .run = run,
};
