/* recommend.c - parbench recommend: which backend for this kernel at this size. */
#include "cmd/command.h"
#include "cmd/here.h"
#include "cmd/json_out.h"
#include "cmd/load.h"
#include "cmd/recommend_print.h"
#include "cmd/sizes.h"

#include <stdlib.h>
#include <string.h>

#define SETTINGS_MOST 16

struct recommend_options {
    struct pb_load load;
    struct pb_texts files, sizes;
    const char *residencies, *cache, *format;
    bool force;
};

static const char *const caches[] = { "hot", "cold", NULL };

#define AT(field) offsetof(struct recommend_options, field)
static const struct pb_option options[] = {
    { .name = "from",
      .kind = PB_TEXTS,
      .offset = AT(files),
      .metavar = "FILE",
      .help =
          "A result file of parbench run. Of a point that several files have, the one of "
          "the run with the most rounds counts." },
    { .name = "size",
      .letter = 's',
      .kind = PB_TEXTS,
      .offset = AT(sizes),
      .metavar = "N,..",
      .help = "The size, or several as 4Ki,64Ki or 1Ki..64Mi*2: a table. Default: the "
              "sizes measured." },
    { .name = "sizes", /* the same, for whoever asks for many */
      .kind = PB_TEXTS,
      .offset = AT(sizes) },
    { PB_LOAD_AT(AT(load), dtypes), .name = "dtype", .letter = 't', .metavar = "T",
      .help = "The data type. Default: f32 where the files have it, else their first." },
    { PB_LOAD_BACKEND(AT(load)),
      .help = "Choose among these backends only. Default: all in the files." },
    { .name = "residency",
      .kind = PB_TEXT,
      .offset = AT(residencies),
      .metavar = "R,..",
      .help = "Where the data is: always (every call moves it), resident (it is already "
              "there), once:K, or host for no backend that moves data. The first one "
              "leads. Default: always, then what else was measured." },
    { .name = "cache",
      .kind = PB_CHOICE,
      .offset = AT(cache),
      .metavar = "C",
      .fallback = "hot",
      .choices = caches,
      .help = "hot: the data was just used; cold: it was not." },
    { PB_TEXT_OR_JSON(AT(format)),
      .help = "text for people; json for programs (docs/recommend.md)." },
    { .name = "force",
      .kind = PB_FLAG,
      .offset = AT(force),
      .help = "Answer also from a file of another machine." },
    { .name = NULL },
};

/* What one call of the command holds. */
struct job {
    struct recommend_options options;
    const char *kernel, *dtype;
    struct pb_record record;
    struct pb_slices slices;
    struct pb_crossover_report report;
    struct pb_adviser adviser;
    struct pb_here here;
    struct pb_setting settings[SETTINGS_MOST + 1]; /* with "host" */
    size_t nsettings;
    struct pb_sizes sizes;
};

static void release(struct job *job)
{
    if (job->adviser.slice)
        pb_adviser_release(&job->adviser);
    pb_crossover_report_release(&job->report);
    pb_slices_release(&job->slices);
    pb_here_release(&job->here);
    pb_record_release(&job->record);
}

static enum pb_status load(struct job *job, struct pb_error *err)
{
    const struct recommend_options *o = &job->options;
    struct pb_load wanted = o->load;
    if (o->files.count == 0)
        return pb_fail(err, PB_ERR_USAGE,
                       "--from FILE is missing: measure with parbench run -o FILE first");
    wanted.files = o->files.text;
    wanted.nfiles = o->files.count;
    wanted.kernels = job->kernel;
    return pb_load_records(&wanted, &job->record, err);
}

/* f32 where there is one: it is what --quick measures. */
static const char *usual_dtype(const struct pb_record *record)
{
    for (size_t i = 0; i < record->npoints; i++)
        if (strcmp(record->points[i].dtype, "f32") == 0)
            return "f32";
    return record->npoints ? record->points[0].dtype : "f32";
}

static enum pb_status find_slice(struct job *job, const struct pb_slice **out,
                                 struct pb_error *err)
{
    const char *cache = job->options.cache, *dtype = job->options.load.dtypes;
    job->dtype = dtype ? dtype : usual_dtype(&job->record);
    enum pb_status status = pb_slices_make(&job->record, &job->slices, err);
    if (!status)
        status = pb_crossover_analyse(&job->record, &job->report, err);
    for (size_t i = 0; !status && i < job->slices.count; i++) {
        const struct pb_slice *slice = &job->slices.items[i];
        if (!strcmp(slice->kernel, job->kernel) && !strcmp(slice->dtype, job->dtype) &&
            !pb_strings_compare(slice->cache, cache)) {
            *out = slice;
            return PB_OK;
        }
    }
    return status
               ? status
               : pb_fail(err, PB_ERR_USAGE,
                         "the files have no points of %s %s with a %s cache%s",
                         job->kernel, job->dtype, cache,
                         job->options.load.backends ? " and the backends asked for" : "");
}

/* ---- settings: which, and in which order ------------------------------------------- */

static bool has_setting(const struct job *job, const struct pb_setting *setting)
{
    for (size_t i = 0; i < job->nsettings; i++)
        if (!strcmp(job->settings[i].residency, setting->residency) &&
            job->settings[i].reuse == setting->reuse)
            return true;
    return false;
}

static enum pb_status add_setting(struct job *job, const char *wish,
                                  const struct pb_setting *all, size_t count,
                                  struct pb_error *err)
{
    char name[32];
    struct pb_text known = PB_TEXT_INIT;
    const struct pb_setting host = { .residency = "host", .reuse = 1 };
    bool is_known = !strcmp(wish, host.residency);
    if (is_known && !has_setting(job, &host))
        job->settings[job->nsettings++] = host;
    for (size_t i = 0; i < count; i++) {
        pb_setting_name(&all[i], name, sizeof name);
        pb_text_addf(&known, ", %s", name);
        if (strcmp(name, wish) != 0 && strcmp(all[i].residency, wish) != 0)
            continue;
        is_known = true;
        if (!has_setting(job, &all[i]))
            job->settings[job->nsettings++] = all[i];
    }
    enum pb_status status = PB_OK;
    if (!is_known)
        status = pb_fail(err, PB_ERR_USAGE,
                         "--residency: nothing was measured for \"%s\": there is host%s",
                         wish, known.str);
    pb_text_release(&known);
    return status;
}

static enum pb_status choose_settings(struct job *job, struct pb_error *err)
{
    struct pb_setting all[SETTINGS_MOST];
    const size_t count = pb_adviser_settings(&job->adviser, all, SETTINGS_MOST);
    if (!job->options.residencies) {
        memcpy(job->settings, all, count * sizeof *all);
        job->nsettings = count;
        return PB_OK;
    }
    char *copy = strdup(job->options.residencies), *rest = copy;
    enum pb_status status = copy ? PB_OK : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    for (char *wish; !status && (wish = strsep(&rest, ","));)
        status = add_setting(job, wish, all, count, err);
    free(copy);
    return status;
}

/* ---- sizes ------------------------------------------------------------------------- */

static bool has_size(const struct pb_sizes *sizes, uint64_t n)
{
    for (size_t i = 0; i < sizes->count; i++)
        if (sizes->n[i] == n)
            return true;
    return false;
}

static int by_value(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Those that fit; false: there are more. */
static bool add_sizes(struct pb_sizes *sizes, const uint64_t *n, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has_size(sizes, n[i]))
            continue;
        if (sizes->count == PB_SIZES_MAX)
            return false;
        sizes->n[sizes->count++] = n[i];
    }
    return true;
}

static enum pb_status choose_sizes(struct job *job, struct pb_error *err)
{
    const struct pb_texts *wishes = &job->options.sizes;
    struct pb_sizes more;
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < wishes->count; i++) {
        status = pb_sizes_parse(wishes->text[i], job->kernel, &more, err);
        if (!status && !add_sizes(&job->sizes, more.n, more.count))
            status = pb_fail(err, PB_ERR_USAGE,
                             "--size gives more than %d sizes: ask for fewer at a time",
                             PB_SIZES_MAX);
    }
    for (size_t i = 0; !wishes->count && i < job->adviser.slice->ncurves; i++) {
        const struct pb_predictor *p = &job->adviser.predictors[i];
        for (size_t k = 0; k < p->nknown; k++)
            (void)add_sizes(&job->sizes, &p->known[k]->n, 1);
    }
    if (!status && wishes->count && !job->sizes.count)
        return pb_fail(err, PB_ERR_USAGE, "--size gives no size for %s", job->kernel);
    qsort(job->sizes.n, job->sizes.count, sizeof *job->sizes.n, by_value);
    return status;
}

/* ---- answers ----------------------------------------------------------------------- */

/* Points whose backend was asked for, on a machine that is another: no number from there
 * is one from here. */
static bool is_refused(const struct job *job)
{
    if (!job->here.machine.len || job->options.force)
        return false;
    fprintf(stderr,
            "parbench recommend: %s was measured on another machine, which differs in "
            "(there and here) %s: measure here with parbench run, or take its word with "
            "--force\n",
            job->options.files.text[0], job->here.machine.str);
    return true;
}

static enum pb_status print(const struct job *job, const struct pb_answers *answers,
                            struct pb_error *err)
{
    if (pb_json_is_wanted(job->options.format))
        return pb_recommend_print_json(answers, stdout, err);
    pb_recommend_print_text(answers, stdout);
    return PB_OK;
}

static enum pb_status answer(const struct job *job, int *code, struct pb_error *err)
{
    const size_t count = job->sizes.count * job->nsettings;
    struct pb_answers answers = {
        .record = &job->record,
        .kernel = job->kernel,
        .dtype = job->dtype,
        .cache = job->options.cache,
        .is_dtype_assumed = !job->options.load.dtypes,
        .machine_differs = job->here.machine.str,
        .build_differs = job->here.build.str,
        .advices = calloc(count + 1, sizeof *answers.advices),
        .nsizes = job->sizes.count,
        .nsettings = job->nsettings,
    };
    enum pb_status status = PB_OK;
    if (!answers.advices)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    *code = PB_EXIT_INCONCLUSIVE;
    for (size_t i = 0; !status && i < count; i++) {
        status =
            pb_adviser_ask(&job->adviser, &job->settings[i % job->nsettings],
                           job->sizes.n[i / job->nsettings], &answers.advices[i], err);
        if (!status && answers.advices[i].nequals)
            *code = PB_EXIT_OK;
    }
    if (!status)
        status = print(job, &answers, err);
    for (size_t i = 0; i < count; i++)
        pb_advice_release(&answers.advices[i]);
    free(answers.advices);
    return status;
}

/* What a list would be for the commands over whole files is one thing here. */
static enum pb_status check_single(const struct job *job, struct pb_error *err)
{
    const char *dtype = job->options.load.dtypes;
    if (strchr(job->kernel, ','))
        return pb_fail(err, PB_ERR_USAGE, "one kernel at a time, found \"%.60s\"",
                       job->kernel);
    if (dtype && strchr(dtype, ','))
        return pb_fail(err, PB_ERR_USAGE,
                       "--dtype: one data type at a time, found \"%.60s\"", dtype);
    return PB_OK;
}

static enum pb_status recommend(struct job *job, int *code, struct pb_error *err)
{
    const struct pb_slice *slice = NULL;
    enum pb_status status = check_single(job, err);
    if (!status)
        status = load(job, err);
    if (!status)
        status = pb_here_compare(&job->record, &job->here, err);
    if (status)
        return status;
    *code = PB_EXIT_INCONCLUSIVE;
    if (is_refused(job))
        return PB_OK;
    status = find_slice(job, &slice, err);
    if (!status)
        status = pb_adviser_init(slice, &job->report, &job->adviser, err);
    if (!status)
        status = choose_settings(job, err);
    if (!status)
        status = choose_sizes(job, err);
    return status ? status : answer(job, code, err);
}

static int run(int argc, char **argv)
{
    struct job job = { .here = { .machine = PB_TEXT_INIT, .build = PB_TEXT_INIT } };
    struct pb_error err = { .text = "" };
    char **operands;
    size_t noperands;
    int code = PB_EXIT_OK;
    pb_record_init(&job.record);
    enum pb_status status = pb_options_parse(&pb_command_recommend, argc, argv,
                                             &job.options, &operands, &noperands, &err);
    if (!status) {
        job.kernel = operands[0];
        status = recommend(&job, &code, &err);
    }
    release(&job);
    return status ? pb_command_fail(argv[0], status, &err) : code;
}

const struct pb_command pb_command_recommend = {
    .name = "recommend",
    .summary = "which backend for a kernel at a size, how long, and how sure",
    .synopsis = "[OPTION].. KERNEL --size N --from FILE",
    .description =
        "From what was measured on this machine: which backend to take for a kernel at a "
        "size, what it takes, how that is known, and what is lost if it is wrong. "
        "\"use\" stands for a choice that is certain; \"either\" where the intervals of "
        "several overlap, or the size lies in the grey zone of a crossover, with what "
        "the wrong one costs at worst.\n\n"
        "A time is known because the size was measured, or it is interpolated between "
        "the two sizes around it, with an interval that widens with the distance to "
        "them. Beyond the sizes measured, by more than a tenth, nothing is known, and "
        "the answer is that. Points that failed or gave a wrong result never win, nor do "
        "sizes next to them.\n\n"
        "Devices and MPI ranks are charged for moving the data, unless the answer says "
        "otherwise. A file of another machine is refused. The exit code is 3 where that "
        "is so and where nothing is known.",
    .examples =
        "parbench recommend saxpy --size 1Mi --from saxpy.json             # one size\n"
        "parbench recommend saxpy --size 1Ki..4Mi*2 --from saxpy.json      # a table\n"
        "parbench recommend matmul --size 500 --dtype f64 --from all.json --format json\n"
        "parbench recommend saxpy --size 1Mi --from cpu.json --from gpu.json\n",
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
