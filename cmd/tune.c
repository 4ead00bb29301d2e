/* parbench tune: the parameters of OpenCL kernels that suit a device best. */
#include "cmd/command.h"

#include "cmd/choose.h"
#include "cmd/facts.h"
#include "cmd/plugins.h"
#include "cmd/progress.h"
#include "cmd/signals.h"
#include "cmd/terminal.h"
#include "cmd/tuned.h"
#include "cmd/wish.h"
#include "backends/registry.h"
#include "measure/clock.h"
#include "measure/tune.h"
#include "results/units.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 5 };

struct tune_options {
    struct pb_wish wish;
    double time_limit_s;
    bool force, dry_run;
};

#define AT(field) offsetof(struct tune_options, field)
static const struct pb_option options[] = {
    { PB_WISH_KERNEL(AT(wish)), .group = "What to tune",
      .help = "Kernels by name. Without it: all that have parameters, but probes." },
    { PB_WISH_DTYPE(AT(wish)), .fallback = "all",
      .help = "Data types: f32, f64 or all." },
    { PB_WISH_DEVICE(AT(wish)),
      .help = "OpenCL devices by type, name or part of a name, or all. Without it: the "
              "first of each type." },
    { PB_WISH_PLUGIN(AT(wish)), .help = "A kernel built by `make plugin DIR=..`." },
    { .name = "force",
      .kind = PB_FLAG,
      .offset = AT(force),
      .group = "How",
      .help = "Measure again what the file already holds." },
    { .name = "time-limit",
      .kind = PB_SECONDS,
      .offset = AT(time_limit_s),
      .metavar = "T",
      .fallback = "60s",
      .help =
          "For each kernel, data type and device: what is measured by then decides." },
    { .name = "dry-run",
      .kind = PB_FLAG,
      .offset = AT(dry_run),
      .help = "Measure and show, but keep nothing." },
    { PB_WISH_POINT_TIMEOUT(AT(wish)),
      .help = "A candidate that has not answered by then is out." },
    { .name = NULL },
};

struct job {
    struct tune_options options;
    struct pb_record record; /* what the choice notes of the machine */
    struct pb_tuned tuned;
    struct pb_progress_line line;
    struct pb_tune_request request;
    struct pb_tune_result result;
    uint64_t started_ns; /* of the request */
    size_t ndone, nkept, nfailed;
};

/* ---- what it says ------------------------------------------------------------------ */

static void show_progress(void *context, const struct pb_point *now, size_t done,
                          size_t total)
{
    struct job *job = context;
    pb_progress_show(&job->line, &(struct pb_progress){
                                     .now = now,
                                     .round = 1 + (unsigned)(done * ROUNDS / (total + 1)),
                                     .rounds = ROUNDS,
                                     .done = done,
                                     .total = total,
                                     .measured = done,
                                     .elapsed_s = pb_clock_seconds_since(job->started_ns),
                                     .limit_s = job->request.time_limit_s,
                                 });
}

static void ratio_cell(struct pb_table *table, enum pb_colour colour, double ratio)
{
    if (isnan(ratio))
        pb_table_cell(table, PB_PLAIN, NULL);
    else
        pb_table_cellf(table, colour, "%.2f", ratio);
}

static const char *remark(const struct pb_tune_result *result, size_t i)
{
    const struct pb_tune_candidate *c = &result->candidates[i];
    if (c->reason[0])
        return c->reason;
    if (i == result->best)
        return i == 0 ? "the default, kept" : "kept";
    return i == 0 ? "the default" : "";
}

static void print_table(const struct job *job)
{
    const struct pb_tune_request *r = &job->request;
    const char *headings[PB_TUNE_SIZES_MAX + 3] = { "parameters" };
    char names[PB_TUNE_SIZES_MAX][40], align[PB_TUNE_SIZES_MAX + 4] = "l", count[24];
    size_t ncolumns = 1;
    for (size_t s = 0; s < r->sizes.count && s < PB_TUNE_SIZES_MAX; s++) {
        (void)snprintf(names[s], sizeof names[s], "n=%s",
                       pb_units_count((double)r->sizes.n[s], count, sizeof count));
        align[ncolumns] = 'r';
        headings[ncolumns++] = names[s];
    }
    memcpy(align + ncolumns, "rl", 3);
    headings[ncolumns] = "all";
    headings[ncolumns + 1] = "";
    struct pb_table *table = pb_table_new(ncolumns + 2, headings, align);
    for (size_t i = 0; i < job->result.count; i++) {
        const struct pb_tune_candidate *c = &job->result.candidates[i];
        const enum pb_colour colour = i == job->result.best ? PB_GREEN : PB_PLAIN;
        if (c->is_foreign)
            continue;
        pb_table_cell(table, colour, c->name);
        for (size_t s = 0; s + 1 < ncolumns; s++)
            ratio_cell(table, PB_PLAIN, pb_tune_speed(&job->result, i, s));
        ratio_cell(table, colour, c->speed);
        pb_table_cell(table, PB_PLAIN, remark(&job->result, i));
    }
    pb_table_print(table, stdout);
    pb_table_free(table);
}

static void print_result(const struct job *job)
{
    const struct pb_tune_request *r = &job->request;
    (void)printf("%s %s on %s: speed, 1 is the default's\n", r->kernel->name,
                 pb_dtype_name(r->dtype), r->device->name);
    print_table(job);
    if (!job->result.is_complete)
        (void)puts("(out of time: not all rounds were measured)");
    (void)putchar('\n');
}

/* ---- the run ----------------------------------------------------------------------- */

static enum pb_status tune(struct job *job, struct pb_error *err)
{
    const struct pb_tune_hooks hooks = { .context = job,
                                         .progress = show_progress,
                                         .should_stop = pb_signals_stop };
    const struct pb_pool_settings settings = pb_wish_pool(&job->options.wish);
    struct pb_pool *pool = NULL;
    job->started_ns = pb_clock_now(pb_clock_monotonic());
    pb_progress_begin(&job->line);
    enum pb_status status = pb_pool_new(&settings, &pool, err);
    if (!status)
        status = pb_tune_run(pool, &job->request, &hooks, &job->result, err);
    pb_progress_clear(&job->line);
    pb_pool_free(pool);
    if (status)
        return status;
    print_result(job);
    job->ndone++;
    if (job->options.dry_run)
        return PB_OK;
    job->nkept++;
    return pb_tuned_keep(&job->tuned, &job->request, &job->result, err);
}

/* One kernel that cannot be tuned does not keep the others from it. */
static enum pb_status tune_or_tell(struct job *job, struct pb_error *err)
{
    const struct pb_tune_request *r = &job->request;
    const struct pb_tuning *known = pb_tuned_find(&job->tuned, r);
    if (known && !job->options.force) {
        (void)printf("%s %s on %s: %s, %.2f times the default's speed, kept from %s "
                     "(--force measures again)\n",
                     r->kernel->name, pb_dtype_name(r->dtype), r->device->name,
                     known->set, known->speed,
                     known->measured ? known->measured : "an earlier time");
        job->ndone++;
        return PB_OK;
    }
    const enum pb_status status = tune(job, err);
    if (status != PB_ERR_UNSUPPORTED)
        return status;
    (void)fprintf(stderr, "parbench tune: %s\n", err->text);
    job->nfailed++;
    return PB_OK;
}

static enum pb_status tune_device(struct job *job, const struct pb_choice *choice,
                                  struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t k = 0; k < choice->nkernels && !status; k++)
        for (size_t d = 0; d < choice->ndtypes && !status && !pb_signals_stop(); d++) {
            struct pb_tune_request *r = &job->request;
            r->kernel = choice->kernels[k];
            r->dtype = choice->dtypes[d];
            if (!r->kernel->cl || !r->kernel->cl->nsets ||
                !(r->kernel->dtypes & r->device->dtypes & PB_DTYPE_BIT(r->dtype)))
                continue;
            pb_tune_sizes(r->kernel, r->dtype, r->device, &r->sizes);
            status = tune_or_tell(job, err);
        }
    return status;
}

static enum pb_status tune_all(struct job *job, struct pb_error *err)
{
    const struct tune_options *o = &job->options;
    struct pb_choice choice = { 0 };
    enum pb_status status = pb_choose(&o->wish, &job->record, &choice, err);
    job->request = (struct pb_tune_request){ .rounds = ROUNDS,
                                             .time_limit_s = o->time_limit_s,
                                             .point_timeout_s = o->wish.point_timeout_s,
                                             .seed = pb_facts_random_seed() };
    for (size_t b = 0; b < choice.nbackends && !status; b++) {
        const struct pb_chosen *c = &choice.backends[b];
        job->request.backend = c->backend;
        for (size_t d = 0; d < c->probe.ndevices && !status; d++) {
            job->request.device = &c->probe.devices[d];
            status = tune_device(job, &choice, err);
        }
    }
    pb_choice_release(&choice);
    return status;
}

/* Before anything is measured. */
static enum pb_status check_file(const struct job *job, struct pb_error *err)
{
    if (job->options.dry_run)
        return PB_OK;
    if (!job->tuned.file)
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "there is nowhere to keep what is found: set HOME, XDG_CACHE_HOME "
                       "or PARBENCH_TUNE_FILE, or choose --dry-run");
    return job->tuned.is_foreign
               ? pb_fail(err, PB_ERR_INPUT,
                         "%s would be overwritten: remove it, or name another file in "
                         "PARBENCH_TUNE_FILE",
                         job->tuned.file)
               : PB_OK;
}

static int report(const struct job *job)
{
    if (pb_signals_stop())
        return PB_EXIT_INCONCLUSIVE;
    if (!job->ndone && !job->nfailed)
        (void)fputs("parbench tune: none of these kernels has parameters to choose on "
                    "these devices\n",
                    stderr);
    else if (job->nkept)
        (void)printf("Kept in %s; parbench run uses it.\n", job->tuned.file);
    return job->ndone && !job->nfailed ? PB_EXIT_OK : PB_EXIT_INCONCLUSIVE;
}

static int run(int argc, char **argv)
{
    struct pb_error err = { "" };
    char **operands;
    size_t noperands;
    int code = PB_EXIT_USAGE;
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return pb_command_fail("tune", pb_fail(&err, PB_ERR_MEMORY, "out of memory"),
                               &err);
    pb_record_init(&job->record);
    enum pb_status status = pb_options_parse(&pb_command_tune, argc, argv, &job->options,
                                             &operands, &noperands, &err);
    job->options.wish.backends = "opencl";
    if (!status)
        status = pb_plugins_load(&job->options.wish.plugins, &err);
    if (!status) {
        pb_signals_watch();
        pb_tuned_open(&job->tuned, "tune");
        status = check_file(job, &err);
    }
    if (!status)
        status = tune_all(job, &err);
    code = status ? pb_command_fail("tune", status, &err) : report(job);
    pb_tuned_release(&job->tuned);
    pb_record_release(&job->record);
    free(job);
    pb_backends_stop();
    return code;
}

const struct pb_command pb_command_tune = {
    .name = "tune",
    .summary = "find the parameters of OpenCL kernels that suit a device best",
    .synopsis = "[OPTION]..",
    .description =
        "OpenCL kernels have sizes that depend on the device: of tiles, of vectors, of "
        "work-groups. This measures every set of them that fits the device, in turn, at "
        "a few sizes, and keeps the best per device and driver, kernel and data type. "
        "What computes wrong is out, and said so; what is not clearly faster than the "
        "default leaves the default.\n\n"
        "parbench run uses what is kept, and notes in its result which parameters a "
        "point ran with. On a GPU it makes a first choice by itself, in some seconds, "
        "where nothing is kept (--no-tune: the defaults).\n\n"
        "The file is parbench/tune.json in $XDG_CACHE_HOME or ~/.cache, or what "
        "PARBENCH_TUNE_FILE names; it can be removed at any time.",
    .examples = "parbench tune                        # every kernel, every device\n"
                "parbench tune -k matmul -t f32 --device gpu --force\n"
                "parbench tune -k matmul --dry-run    # only look\n",
    .options = options,
    .run = run,
};
