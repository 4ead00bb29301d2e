/* parbench ab: two builds, measured in turn, and the verdict. */
#include "cmd/command.h"

#include "backends/registry.h"
#include "cmd/ab_files.h"
#include "cmd/choose.h"
#include "cmd/compare_print.h"
#include "cmd/facts.h"
#include "cmd/plugins.h"
#include "cmd/program.h"
#include "cmd/progress.h"
#include "cmd/rigor.h"
#include "cmd/run_report.h"
#include "cmd/signals.h"
#include "kernels/registry.h"
#include "measure/paired_run.h"

#include <stddef.h>
#include <string.h>

struct ab_options {
    struct pb_wish wish;
    const char *output, *format;
    struct pb_texts old_args, new_args;
    double threshold;
    bool is_strict;
};

#define AT(field) offsetof(struct ab_options, field)
static const struct pb_option options[] = {
    { PB_WISH_KERNEL(AT(wish)), .group = "What to measure",
      .help = "Kernels by name. Without it: all but probes." },
    { PB_WISH_BACKEND(AT(wish)), .fallback = "scalar,simd,openmp",
      .help = "Backends by name, or gpu." },
    { PB_WISH_SIZE(AT(wish)),
      .help = "Sizes, as for run. Without it: two that suit each kernel." },
    { PB_WISH_DTYPE(AT(wish)), .fallback = "f32",
      .help = "Data types: f32, f64 or all." },
    { PB_WISH_THREADS(AT(wish)),
      .help = "Thread counts for openmp. Without it: the machine's cores." },
    { PB_WISH_RANKS(AT(wish)), .help = "The same for mpi." },
    { PB_WISH_ISA(AT(wish)), .help = "Instruction sets. Without it: the widest." },
    { PB_WISH_VARIANT(AT(wish)),
      .help = "Variants of the kernels' bodies, or all. Without it: default." },
    { PB_WISH_DEVICE(AT(wish)), .help = "OpenCL devices." },
    { PB_WISH_RESIDENCY(AT(wish)),
      .help = "always, once:K, resident, as for run. Without it: always and resident." },
    { PB_WISH_HOST_MEMORY(AT(wish)),
      .help = "pageable, pinned, mapped or all, as for run. Without it: pageable." },
    { PB_WISH_PLUGIN(AT(wish)), .help = "A kernel that both sides load." },

    { .name = "old-arg",
      .kind = PB_TEXTS,
      .offset = AT(old_args),
      .metavar = "A",
      .group = "What differs",
      .help = "For the old side's workers alone: NAME=value sets an environment "
              "variable, anything else is an argument of "
              "`parbench worker`, e.g. --old-arg=--plugin=a.so." },
    { .name = "new-arg",
      .kind = PB_TEXTS,
      .offset = AT(new_args),
      .metavar = "A",
      .help = "The same for the new side." },

    { .name = "threshold",
      .kind = PB_PERCENT,
      .offset = AT(threshold),
      .metavar = "P",
      .group = "How to judge",
      .help = "The smallest slow-down that counts. Without it: 3%." },
    { .name = "strict",
      .kind = PB_FLAG,
      .offset = AT(is_strict),
      .help = "Unresolved and lost points end with exit code 3." },
    { PB_WISH_SEED(AT(wish)),
      .help = "For input data and the order. Without it: a new one, stored with the "
              "results." },
    { PB_WISH_POINT_TIMEOUT(AT(wish)),
      .help = "A worker that has not answered by then is killed." },

    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      .offset = AT(output),
      .metavar = "PREFIX",
      .group = "Where",
      .help = "Writes PREFIX-old.json and PREFIX-new.json, for parbench compare. Without "
              "it: no files." },
    { .name = "format",
      .kind = PB_CHOICE,
      .offset = AT(format),
      .metavar = "F",
      .fallback = "text",
      .choices = pb_compare_formats,
      .help = "How to print the verdicts." },
    { PB_WISH_LAUNCHER(AT(wish)), .help = "How to start MPI ranks." },
    { .name = NULL },
};

struct ab {
    struct ab_options options;
    struct pb_record old_record, new_record;
    struct pb_paired_settings settings;
    const char *env[2][PB_TEXTS_MAX], *args[2][PB_TEXTS_MAX]; /* per side; borrowed */
};

/* ---- settings ---------------------------------------------------------------------- */

static bool sets_environment(const char *text)
{
    const size_t len =
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    return len > 0 && text[len] == '=';
}

static struct pb_pool_settings side_settings(struct ab *ab, int side, const char *program,
                                             const struct pb_texts *texts)
{
    struct pb_pool_settings s = pb_wish_pool(&ab->options.wish);
    s.program = program;
    s.env = ab->env[side];
    s.args = ab->args[side];
    for (size_t i = 0; i < texts->count; i++) {
        if (sets_environment(texts->text[i]))
            ab->env[side][s.nenv++] = texts->text[i];
        else
            ab->args[side][s.nargs++] = texts->text[i];
    }
    return s;
}

static void set_up(struct ab *ab, const char *old_program, const char *new_program)
{
    const struct ab_options *o = &ab->options;
    ab->settings = (struct pb_paired_settings){
        .old_pool = side_settings(ab, 0, old_program, &o->old_args),
        .new_pool = side_settings(ab, 1, new_program, &o->new_args),
        .sampling = pb_rigor_normal.sampling,
        .samples = 31,
        .slow_samples = 9,
        .compare = pb_compare_defaults,
        .point_timeout_s = o->wish.point_timeout_s,
    };
    /* Short batches, many of them: neighbours in turn share what the machine does (the
       less time between them, the more), and their median ratio forgives the rest. */
    ab->settings.sampling.min_batch_ns = 2e5;
    ab->settings.sampling.warmup_ns = 5e6;
    ab->settings.compare.is_strict = o->is_strict;
    if (o->threshold > 0)
        ab->settings.compare.threshold = o->threshold;
}

/* ---- the plan ---------------------------------------------------------------------- */

static enum pb_status plan(struct ab *ab, struct pb_error *err)
{
    struct pb_choice choice = { 0 };
    struct pb_wish wish = ab->options.wish;
    /* small enough for the caches, large enough to leave them: both ends of what a change
       can hit */
    wish.sweep = (struct pb_sweep){
        .min_bytes = 0x1p15, .max_bytes = 0x1p23, .max_flops = 3e7, .max_count = 2
    };
    wish.few_workers = true;
    enum pb_status status = pb_choose(&wish, &ab->old_record, &choice, err);
    if (!status)
        status = pb_choice_plan(&choice, &wish, &ab->old_record, err);
    if (!status && ab->old_record.npoints == 0)
        status = pb_fail(err, PB_ERR_USAGE,
                         "nothing to measure: no kernel, backend and size are left of "
                         "what was asked for");
    if (!status)
        status = pb_plan_copy(&ab->old_record, &ab->new_record, err);
    pb_choice_release(&choice);
    return status;
}

/* ---- the run ----------------------------------------------------------------------- */

static enum pb_status judge(struct ab *ab, int *code, struct pb_error *err)
{
    struct pb_comparison comparison;
    enum pb_status status = pb_compare(&ab->old_record, &ab->new_record,
                                       &ab->settings.compare, &comparison, err);
    if (status)
        return status;
    status = pb_compare_print(&comparison, ab->options.format, stdout, err);
    *code = pb_signals_stop() ? PB_EXIT_INCONCLUSIVE : pb_compare_exit(&comparison);
    pb_comparison_release(&comparison);
    return status;
}

static enum pb_status measure(struct ab *ab, int *code, struct pb_error *err)
{
    struct pb_progress_line line;
    const struct pb_driver_hooks hooks = { .context = &line,
                                           .progress = pb_progress_show,
                                           .note = pb_run_note,
                                           .should_stop = pb_signals_stop };
    pb_progress_begin(&line);
    pb_signals_watch();
    enum pb_status status =
        pb_paired_run(&ab->old_record, &ab->new_record, &ab->settings, &hooks, err);
    pb_progress_clear(&line);
    struct pb_error unwritten = { "" };
    const enum pb_status written = pb_ab_files_write(ab->options.output, &ab->old_record,
                                                     &ab->new_record, &unwritten);
    if (!status) /* files or not: the verdict took minutes */
        status = judge(ab, code, err);
    if (status || !written)
        return status;
    *err = unwritten;
    return written;
}

/* What is to be chosen from: also the old side's own plugins. The new side's hold another
 * version of the same kernels, which a program cannot load beside them. */
static enum pb_status load_plugins(const struct ab_options *o, struct pb_error *err)
{
    static const char own[] = "--plugin=";
    const size_t len = sizeof own - 1;
    enum pb_status status = pb_plugins_load(&o->wish.plugins, err);
    for (size_t i = 0; i < o->old_args.count && !status; i++)
        if (strncmp(o->old_args.text[i], own, len) == 0)
            status = pb_kernel_load_plugin(o->old_args.text[i] + len, err);
    return status;
}

static enum pb_status prepare(struct ab *ab, int argc, char **argv, char **operands,
                              struct pb_error *err)
{
    enum pb_status status = pb_program_check(operands[0], err);
    if (!status)
        status = pb_program_check(operands[1], err);
    if (!status)
        status = pb_ab_files_check(ab->options.output, err);
    if (!status)
        status = load_plugins(&ab->options, err);
    if (!status)
        status = pb_facts_fill(&ab->old_record, argc, argv, err);
    if (!status)
        status = pb_facts_fill(&ab->new_record, argc, argv, err);
    if (status)
        return status;
    if (ab->options.wish.seed)
        ab->old_record.seed = ab->options.wish.seed;
    ab->new_record.seed = ab->old_record.seed;
    set_up(ab, operands[0], operands[1]);
    return plan(ab, err);
}

static int run(int argc, char **argv)
{
    static struct ab ab; /* too large for a stack frame of this house */
    struct pb_error err = { "" };
    char **operands = NULL;
    size_t noperands = 0;
    int code = PB_EXIT_OK;
    pb_record_init(&ab.old_record);
    pb_record_init(&ab.new_record);
    char **typed = pb_facts_copy_command(argc, argv);
    enum pb_status status =
        typed ? pb_options_parse(&pb_command_ab, argc, argv, &ab.options, &operands,
                                 &noperands, &err)
              : pb_fail(&err, PB_ERR_MEMORY, "out of memory");
    if (!status && noperands == 2)
        status = prepare(&ab, argc, typed, operands, &err);
    if (!status)
        status = measure(&ab, &code, &err);
    if (status)
        code = pb_command_fail("ab", status, &err);
    pb_record_release(&ab.old_record);
    pb_record_release(&ab.new_record);
    pb_facts_free_command(typed);
    pb_backends_stop();
    return code;
}

const struct pb_command pb_command_ab = {
    .name = "ab",
    .summary = "measure two builds in turn, and say which points became slower",
    .synopsis = "[OPTION].. OLD_BIN NEW_BIN",
    .description = "OLD_BIN and NEW_BIN are parbench binaries: two builds, or one and "
                   "the same with --old-arg and --new-arg. They are "
                   "measured in pairs of fresh processes, in ABBA/BAAB order, with "
                   "batches and sample counts frozen by a pilot on the old "
                   "side. All points are screened; suspects are confirmed on fresh "
                   "pairs, beside controls that must stay quiet.\n\n"
                   "Exits 0 without a regression, 1 with one, 2 on a mistake, 3 when it "
                   "cannot tell.",
    .examples =
        "parbench ab base/parbench head/parbench            # in CI: fails on a real "
        "slow-down only\n"
        "parbench ab ./parbench ./parbench                  # A/A: must find nothing\n"
        "parbench ab old new -o pr --format markdown        # keeps pr-old.json, "
        "pr-new.json\n"
        "parbench ab -k dot --old-arg=--plugin=a.so --new-arg=--plugin=b.so pb pb  "
        "# two versions of one kernel\n",
    .options = options,
    .min_operands = 2,
    .max_operands = 2,
    .run = run,
};
