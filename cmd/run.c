/* parbench run: measures, and writes a result file. */
#include "cmd/command.h"

#include "cmd/canaries.h"
#include "cmd/choose.h"
#include "cmd/facts.h"
#include "cmd/rigor.h"
#include "cmd/run_options.h"
#include "cmd/run_measure.h"
#include "cmd/plugins.h"
#include "cmd/resume.h"
#include "cmd/run_report.h"
#include "cmd/signals.h"
#include "cmd/tuned.h"
#include "backends/registry.h"
#include "measure/driver.h"
#include "measure/link.h"
#include "measure/peaks.h"
#include "measure/text.h"
#include "measure/worker.h"
#include "results/codec.h"
#include "results/json.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- from options to settings ------------------------------------------------------ */

struct job {
    struct pb_run_options options;
    struct pb_rigor rigor;    /* as overridden by single options */
    struct pb_record record;  /* the plan, then the result */
    struct pb_record resumed; /* the journal's facts and points */
    struct pb_journal *journal;
    char *output;       /* owned; NULL: standard output */
    unsigned job_ranks; /* inside mpirun or srun */
    bool is_leader;     /* ... and the first of its ranks: the others follow */
};

static enum pb_status choose_rigor(struct job *job, struct pb_error *err)
{
    const struct pb_run_options *o = &job->options;
    if (o->quick + o->normal + o->thorough > 1)
        return pb_fail(err, PB_ERR_USAGE,
                       "--quick, --normal and --thorough exclude one another");
    job->rigor = o->quick      ? pb_rigor_quick
                 : o->thorough ? pb_rigor_thorough
                               : pb_rigor_normal;
    struct pb_rigor *r = &job->rigor;
    if (o->rounds)
        r->rounds = (unsigned)o->rounds;
    if (o->precision > 0)
        r->sampling.precision = o->precision;
    if (o->time_limit_s > 0)
        r->time_limit_s = o->time_limit_s;
    if (o->rounds || o->precision > 0)
        r->name = "custom";
    return PB_OK;
}

static enum pb_status parse(struct job *job, int argc, char **argv, struct pb_error *err)
{
    char **operands;
    size_t noperands;
    enum pb_status status = pb_options_parse(&pb_command_run, argc, argv, &job->options,
                                             &operands, &noperands, err);
    if (!status)
        status = choose_rigor(job, err);
    return status;
}

/* Reads the journal and takes the options from the command that began it. */
static enum pb_status resume(struct job *job, struct pb_error *err)
{
    if (!job->options.output)
        return pb_fail(err, PB_ERR_USAGE,
                       "--resume needs -o FILE: the result file of the run to continue");
    char *output = strdup(job->options.output),
         *file = pb_journal_name(job->options.output);
    enum pb_status status =
        output && file ? pb_journal_resume(file, &job->resumed, &job->journal, err)
                       : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    free(file);
    job->output = output;
    if (!status && job->resumed.ncommand < 2)
        status = pb_fail(err, PB_ERR_INPUT,
                         "the journal does not tell the command that began it");
    if (!status)
        status =
            parse(job, (int)job->resumed.ncommand - 1, job->resumed.command + 1, err);
    return status;
}

/* In a job that mpirun or srun started, the ranks that are there are used, and only mpi
 * can run. */
static enum pb_status look_for_job(struct job *job, unsigned *rank, struct pb_error *err)
{
    *rank = 0;
    for (size_t i = 0; i < pb_backend_count(); i++) {
        const struct pb_backend *b = pb_backend_at(i);
        if (!b->inside_job || !b->inside_job(rank, &job->job_ranks))
            continue;
        struct pb_wish *wish = &job->options.wish;
        if (wish->backends && strcmp(wish->backends, b->name) == 0) {
            wish->in_process = true;
            return PB_OK;
        }
        return pb_fail(err, PB_ERR_USAGE,
                       "started as one of %u ranks of a running job: here only --backend "
                       "%s can run; start parbench without mpirun for the other "
                       "backends, it starts ranks by itself",
                       job->job_ranks, b->name);
    }
    return PB_OK;
}

static enum pb_status make_plan(struct job *job, struct pb_choice *choice,
                                struct pb_error *err)
{
    const struct pb_run_options *o = &job->options;
    struct pb_wish wish = o->wish;
    wish.dtypes = wish.dtypes ? wish.dtypes : job->rigor.dtypes;
    wish.sweep = job->rigor.sweep;
    wish.no_yardsticks = o->quick;
    wish.few_workers = job->rigor.few_workers;
    wish.job_ranks = job->job_ranks;
    enum pb_status status = pb_choose(&wish, &job->record, choice, err);
    if (!status)
        status = pb_choice_plan(choice, &wish, &job->record, err);
    if (!status && job->record.npoints == 0)
        status = pb_fail(err, PB_ERR_USAGE,
                         "nothing to measure: no kernel, backend and size are left of "
                         "what was asked for");
    /* not in a job: its other ranks may spin while they wait, beside the scalar code */
    if (!status && !o->no_canaries && !job->job_ranks)
        status = pb_canaries_plan(&job->record, err);
    return status;
}

/* Before the links: they are measured as the machine is left. In one process, or a job of
 * ranks, there is nobody to try parameters in. */
static enum pb_status tune(struct job *job, struct pb_error *err)
{
    const struct pb_run_options *o = &job->options;
    const struct pb_tuned_wish wish = {
        .command = "run",
        .pool = pb_wish_pool(&o->wish),
        .point_timeout_s = o->wish.point_timeout_s,
        .may_tune = !o->no_tune && !o->wish.in_process && !job->job_ranks,
    };
    pb_signals_watch();
    return pb_tuned_apply(&job->record, &wish, err);
}

/* A run that continues keeps the links that it began with. */
static enum pb_status measure_links(struct job *job, struct pb_error *err)
{
    const struct pb_run_options *o = &job->options;
    struct pb_machine *then = &job->resumed.machine, *now = &job->record.machine;
    if (job->resumed.id) {
        now->links = then->links;
        now->nlinks = then->nlinks;
        then->links = NULL;
        then->nlinks = 0;
        return PB_OK;
    }
    const struct pb_links_settings settings = {
        .pool = pb_wish_pool(&o->wish),
        .budget_ns = o->quick ? 0.5e9 : 2e9,
        .should_stop = pb_signals_stop,
    };
    pb_signals_watch();
    return o->no_links ? PB_OK : pb_links_measure(&job->record, &settings, err);
}

/* A run that is quick, or whose care was set by hand, measures what it was asked for. */
static enum pb_status measure_peaks(struct job *job, struct pb_error *err)
{
    const struct pb_run_options *o = &job->options;
    struct pb_machine *then = &job->resumed.machine, *now = &job->record.machine;
    const struct pb_peaks_settings settings = {
        .pool = { .in_process = o->wish.in_process, .start_timeout_s = 60 },
        .point_timeout_s = o->wish.point_timeout_s,
        .should_stop = pb_signals_stop,
    };
    const bool by_itself = !o->quick && strcmp(job->rigor.name, "custom") != 0 &&
                           !o->wish.in_process && !job->job_ranks;
    if (job->resumed.id) {
        now->peaks = then->peaks;
        now->npeaks = then->npeaks;
        then->peaks = NULL;
        then->npeaks = 0;
        return PB_OK;
    }
    if (o->no_peaks || !(o->peaks || by_itself))
        return PB_OK;
    pb_signals_watch();
    fputs("parbench run: first, for some seconds, what this machine does at most "
          "(--no-peaks leaves it out)\n",
          stderr);
    return pb_peaks_measure_used(&job->record, &settings, err);
}

/* ---- the run ----------------------------------------------------------------------- */

/* Before anything is measured: the result must be able to get there. */
static enum pb_status check_output(const char *file, struct pb_error *err)
{
    struct stat found;
    const size_t len = strlen(file);
    if (len == 0 || file[len - 1] == '/' ||
        (stat(file, &found) == 0 && S_ISDIR(found.st_mode)))
        return pb_fail(err, PB_ERR_USAGE,
                       "-o %s names a folder: give the file's name too", file);
    return PB_OK;
}

static enum pb_status open_journal(struct job *job, struct pb_error *err)
{
    if (job->journal || !job->output)
        return PB_OK;
    const enum pb_status possible = check_output(job->output, err);
    if (possible)
        return possible;
    char *file = pb_journal_name(job->output);
    const enum pb_status status =
        file ? pb_journal_create(file, &job->record, &job->journal, err)
             : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    free(file);
    return status;
}

/* The journal goes only when the result stands complete: an interrupted run can be
 * continued. */
static enum pb_status write_result(struct job *job, struct pb_error *err)
{
    if (job->output) {
        const enum pb_status status = pb_record_write(job->output, &job->record, err);
        pb_journal_close(job->journal, !status && job->record.complete);
        job->journal = NULL;
        return status ? pb_fail_prefix(err, status,
                                       "everything measured is in %s.journal, but",
                                       job->output)
                      : PB_OK;
    }
    struct pb_json *json = pb_record_encode(&job->record, true);
    char *text = pb_json_print(json, true);
    pb_json_free(json);
    const bool ok = text && printf("%s\n", text) > 0;
    free(text);
    return ok ? PB_OK
              : pb_fail(err, PB_ERR_ENVIRONMENT,
                        "cannot write the result to standard output");
}

/* What the record says of the run as a whole. */
static enum pb_status describe(struct job *job, int argc, char **argv,
                               struct pb_error *err)
{
    enum pb_status status = pb_facts_fill(&job->record, argc, argv, err);
    if (!status && job->resumed.id)
        status = pb_resume_check(&job->resumed, &job->record, err);
    if (status)
        return status;
    pb_facts_warn("run", &job->record, stderr);
    if (job->resumed.id)
        job->record.seed = job->resumed.seed;
    else if (job->options.wish.seed)
        job->record.seed = job->options.wish.seed;
    return pb_set(&job->record.rigor, job->rigor.name)
               ? PB_OK
               : pb_fail(err, PB_ERR_MEMORY, "out of memory");
}

/* Even after an error what was measured goes to the file, and the journal stays;
 * but a journal that does not fit this run must not replace the file that an
 * earlier one wrote. */
static enum pb_status drive_and_write(struct job *job, struct pb_error *err)
{
    struct pb_error ignored; /* the first error is the one to tell */
    const enum pb_status status = pb_run_measure(&job->options, &job->rigor, &job->record,
                                                 &job->resumed, job->journal, err);
    if (!status)
        return write_result(job, err);
    if (status == PB_ERR_USAGE)
        return status;
    job->record.complete = false;
    (void)write_result(job, &ignored);
    return status;
}

static enum pb_status measure(struct job *job, int argc, char **argv, int *code,
                              struct pb_error *err)
{
    struct pb_choice choice = { 0 };
    enum pb_status status = describe(job, argc, argv, err);
    if (!status)
        status = make_plan(job, &choice, err);
    if (!status)
        status = tune(job, err);
    if (!status)
        status = measure_links(job, err);
    if (!status)
        status = measure_peaks(job, err);
    if (!status)
        status = open_journal(job, err);
    if (!status)
        status = drive_and_write(job, err);
    if (!status)
        *code = pb_run_report(&job->record, job->options.wish.kernels, job->output,
                              job->output ? stdout : stderr);
    if (!status && pb_signals_stop())
        *code = PB_EXIT_INCONCLUSIVE;
    pb_choice_release(&choice);
    return status;
}

static enum pb_status prepare(struct job *job, int argc, char **argv, unsigned *rank,
                              struct pb_error *err)
{
    enum pb_status status = parse(job, argc, argv, err);
    const bool to_stdout =
        !status && job->options.output && strcmp(job->options.output, "-") == 0;
    if (!status && job->options.resume && to_stdout)
        status = pb_fail(err, PB_ERR_USAGE, "--resume needs a file, not standard output");
    else if (!status && job->options.resume)
        status = resume(job, err);
    else if (!status && !to_stdout)
        job->output =
            job->options.output ? strdup(job->options.output) : pb_facts_file_name();
    if (!status)
        status = pb_plugins_load(&job->options.wish.plugins, err);
    return status ? status : look_for_job(job, rank, err);
}

static int run(int argc, char **argv)
{
    struct job job = { 0 };
    struct pb_error err = { "" };
    unsigned rank = 0;
    int code = PB_EXIT_OK;
    pb_record_init(&job.record);
    pb_record_init(&job.resumed);
    /* parsing permutes argv, and the file tells the command as it was typed */
    char **typed = pb_facts_copy_command(argc, argv);
    enum pb_status status = typed ? prepare(&job, argc, argv, &rank, &err)
                                  : pb_fail(&err, PB_ERR_MEMORY, "out of memory");
    job.is_leader = !status && job.job_ranks > 1 && rank == 0;
    if (!status && rank > 0)
        code = pb_worker_follow(job.options.wish.backends);
    else if (!status && job.resumed.id)
        status = measure(&job, (int)job.resumed.ncommand - 1, job.resumed.command + 1,
                         &code, &err);
    else if (!status)
        status = measure(&job, argc, typed, &code, &err);
    if (status)
        code = pb_command_fail("run", status, &err);
    if (job.is_leader) /* however this ends, the other ranks wait for orders */
        pb_worker_dismiss(job.options.wish.backends);
    pb_journal_close(job.journal, false);
    pb_record_release(&job.record);
    pb_record_release(&job.resumed);
    pb_facts_free_command(typed);
    free(job.output);
    pb_backends_stop();
    return code;
}

const struct pb_command pb_command_run = {
    .name = "run",
    .summary = "measure kernels on backends and write a result file",
    .synopsis = "[OPTION]..",
    .description =
        "Runs every combination of kernel, data type, size and backend configuration, "
        "verifies each result against a "
        "double-precision reference, and writes one JSON file with every sample.\n\n"
        "Each round starts fresh worker processes, one per backend configuration, and "
        "visits the points in random order, so "
        "that drift of the machine meets all backends alike. A worker that crashes or "
        "hangs costs one point, not the run.\n\n"
        "Ctrl-C stops after the present point and keeps everything; --resume continues.",
    .examples =
        "parbench run --quick                                   # every level, a first "
        "look\n"
        "parbench run --backend gpu --kernel matmul             # one kernel on the GPU\n"
        "parbench run -k saxpy -s 1Ki..64Mi*2 -b simd,openmp    # from which size on do "
        "threads pay?\n"
        "parbench run --resume -o night.json                    # continue after "
        "Ctrl-C\n",
    .options = pb_run_options,
    .run = run,
};
