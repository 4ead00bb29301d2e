/* doctor.c - parbench doctor: is this machine fit to measure on, and what to change. */
#include "cmd/command.h"
#include "cmd/json_out.h"

#include "backends/launcher.h"
#include "backends/registry.h"
#include "cmd/terminal.h"
#include "measure/clock.h"
#include "measure/jitter.h"
#include "results/fitness.h"
#include "results/fitness_change.h"
#include "results/fitness_read.h"
#include "results/json.h"

#include <stddef.h>

struct doctor_options {
    const char *format, *root;
    bool json, quick;
};

#define AT(field) offsetof(struct doctor_options, field)
static const struct pb_option options[] = {
    { .name = "quick",
      .kind = PB_FLAG,
      .offset = AT(quick),
      .help = "Only what can be read: leave out the measurement of half a second." },
    { PB_TEXT_OR_JSON(AT(format)),
      .help = "text for people; json: {\"verdict\": \"fit|care|unfit\", \"summary\", "
              "\"findings\": [{\"id\", \"level\", \"seen\", \"advice\"}], "
              "\"clock_resolution_ns\", \"jitter\"}." },
    { .name = "json",
      .kind = PB_FLAG,
      .offset = AT(json),
      .help = "The same as --format json." },
    /* Hidden: read /proc and /sys under this folder, for the tests. */
    { .name = "root", .kind = PB_TEXT, .offset = AT(root), .metavar = "DIR" },
    { .name = NULL },
};

struct examination {
    struct pb_fitness fitness;
    double clock_resolution_ns;
    struct pb_jitter jitter; /* loops 0: not measured */
};

/* ---- examining --------------------------------------------------------------------- */

static enum pb_status measure(const char *root, struct examination *e,
                              struct pb_error *err)
{
    struct pb_fitness_counters before, after;
    pb_fitness_count(root, &before);
    const enum pb_status status =
        pb_jitter_measure(pb_clock_monotonic(), &pb_jitter_default, &e->jitter, err);
    if (status)
        return status;
    pb_fitness_count(root, &after);
    pb_fitness_judge_change(&before, &after, &e->fitness);
    pb_jitter_judge(&e->jitter, &e->fitness);
    return PB_OK;
}

static void look_for_variants(const struct pb_backend *backend,
                              struct pb_fitness *fitness)
{
    char why[512], id[32];
    for (size_t v = 0; v < backend->nvariants; v++) {
        const struct pb_backend_variant *variant = &backend->variants[v];
        if (pb_backend_variant_usable(backend, variant, why, sizeof why))
            continue;
        (void)snprintf(id, sizeof id, "variant_%.20s", variant->name);
        pb_fitness_add(fitness, id, PB_FITNESS_UNKNOWN, "cannot be used here");
        pb_fitness_advise(fitness, "%s", why);
    }
}

/* What lacks here costs no measurement its truth: never more than "not available". */
static void look_for_tools(struct pb_fitness *fitness)
{
    char why[512], id[32];
    for (size_t i = 0; i < pb_backend_count(); i++) {
        const struct pb_backend *backend = pb_backend_at(i);
        if (pb_backend_usable(backend, why, sizeof why)) {
            look_for_variants(backend, fitness);
            continue;
        }
        (void)snprintf(id, sizeof id, "backend_%.20s", backend->name);
        pb_fitness_add(fitness, id, PB_FITNESS_UNKNOWN, "cannot be used here");
        pb_fitness_advise(fitness, "%s", why);
    }
    if (pb_launcher_has("gnuplot"))
        return;
    pb_fitness_add(fitness, "gnuplot", PB_FITNESS_UNKNOWN, "not in PATH");
    pb_fitness_advise(fitness, "parbench plot draws with it: apt-get install "
                               "gnuplot-nox");
}

static enum pb_status examine(const struct doctor_options *o, struct examination *e,
                              struct pb_error *err)
{
    *e = (struct examination){ .clock_resolution_ns =
                                   pb_clock_monotonic()->resolution_ns };
    const char *root = o->root ? o->root : "";
    pb_fitness_read(root, &e->fitness);
    pb_fitness_judge_clock(&e->fitness, e->clock_resolution_ns);
    const enum pb_status status = o->quick ? PB_OK : measure(root, e, err);
    if (!status)
        look_for_tools(&e->fitness);
    return status;
}

/* ---- telling ----------------------------------------------------------------------- */

#define LEVEL_COLUMNS 5
#define TITLE_COLUMNS 17
#define INDENT        (LEVEL_COLUMNS + TITLE_COLUMNS + 2)

static enum pb_colour colour_of(enum pb_fitness_level level)
{
    switch (level) {
    case PB_FITNESS_OK:
        return PB_GREEN;
    case PB_FITNESS_NOTE:
        return PB_YELLOW;
    case PB_FITNESS_WARN:
        return PB_RED;
    case PB_FITNESS_UNKNOWN:
    case PB_FITNESS_LEVEL_COUNT:
        break;
    }
    return PB_DIM;
}

/* A finding, and indented below it what to do. */
static void print_finding(const struct pb_finding *finding)
{
    char title[sizeof finding->id];
    const bool is_known = finding->level != PB_FITNESS_UNKNOWN;
    struct pb_flow flow = { .out = stdout,
                            .indent = INDENT,
                            .columns = pb_terminal_columns(stdout),
                            .column = INDENT };
    printf("%s%-*s%s %-*s ", pb_colour_start(stdout, colour_of(finding->level)),
           LEVEL_COLUMNS, is_known ? pb_fitness_levels[finding->level] : "-",
           pb_colour_start(stdout, PB_PLAIN), TITLE_COLUMNS,
           pb_fitness_title(finding->id, title, sizeof title));
    pb_flow_words(&flow, finding->seen);
    pb_flow_end(&flow);
    if (!finding->advice[0])
        return;
    printf("%*s", INDENT, "");
    flow.column = INDENT;
    pb_flow_words(&flow, "->");
    pb_flow_words(&flow, finding->advice);
    pb_flow_end(&flow);
}

static void print_text(const struct pb_fitness *fitness)
{
    static const enum pb_colour colours[PB_FITNESS_VERDICT_COUNT] = {
        [PB_FIT] = PB_GREEN,
        [PB_FIT_WITH_CARE] = PB_YELLOW,
        [PB_NOT_FIT] = PB_RED,
    };
    char summary[1024];
    for (size_t i = 0; i < fitness->count; i++)
        print_finding(&fitness->findings[i]);
    printf("\n%s%s%s\n", pb_colour_start(stdout, colours[pb_fitness_judge(fitness)]),
           pb_fitness_summary(fitness, summary, sizeof summary),
           pb_colour_start(stdout, PB_PLAIN));
}

/* NULL (not measured, or out of memory) is written as null. */
static struct pb_json *jitter_json(const struct pb_jitter *jitter)
{
    struct pb_json *object = jitter->loops ? pb_json_new_object() : NULL;
    if (pb_json_add_number(object, "loops", (double)jitter->loops) &&
        pb_json_add_number(object, "median_ns", jitter->median_ns) &&
        pb_json_add_number(object, "q25_ns", jitter->q25_ns) &&
        pb_json_add_number(object, "p99_ns", jitter->p99_ns) &&
        pb_json_add_number(object, "worst_ns", jitter->worst_ns) &&
        pb_json_add_number(object, "slow_share", jitter->slow_share))
        return object;
    pb_json_free(object);
    return NULL;
}

static enum pb_status print_json(const struct examination *e, struct pb_error *err)
{
    struct pb_json *root = pb_fitness_encode(&e->fitness);
    bool done = pb_json_add_number(root, "clock_resolution_ns", e->clock_resolution_ns);
    done = (e->jitter.loops ? pb_json_add(root, "jitter", jitter_json(&e->jitter))
                            : pb_json_add_null(root, "jitter")) &&
           done;
    return pb_json_put(root, done, stdout, err);
}

static int run(int argc, char **argv)
{
    struct doctor_options o;
    struct examination e;
    struct pb_error err;
    char **operands;
    size_t noperands;
    enum pb_status status =
        pb_options_parse(&pb_command_doctor, argc, argv, &o, &operands, &noperands, &err);
    if (!status)
        status = examine(&o, &e, &err);
    if (!status && (o.json || pb_json_is_wanted(o.format)))
        status = print_json(&e, &err);
    else if (!status)
        print_text(&e.fitness);
    if (status)
        return pb_command_fail("doctor", status, &err);
    return pb_fitness_judge(&e.fitness) == PB_NOT_FIT ? PB_EXIT_INCONCLUSIVE : PB_EXIT_OK;
}

const struct pb_command pb_command_doctor = {
    .name = "doctor",
    .summary = "is this machine fit to measure on, and what to change",
    .synopsis = "[OPTION]..",
    .description =
        "Looks at all that makes times differ from one minute to the next: other work, "
        "time that a hypervisor takes, quotas, the frequency of CPUs and GPUs, the "
        "clock, memory. Then it runs one fixed loop of 0.1 ms over and over for half a "
        "second: as evenly as that runs, so evenly can anything be measured here.\n\n"
        "Each finding is ok, a note (it costs precision, or changes the question: bear "
        "it in mind), warn (times cannot be trusted as they are), or - where the machine "
        "does not tell or a tool lacks, which counts neither way. What to do about it "
        "stands below it. Nothing is changed by parbench itself.\n\n"
        "The last line is the verdict: fit to measure, fit with care, or not fit and "
        "what to change first. The exit code is 0 for the first two and 3 for the "
        "last.\n\n"
        "parbench run looks at the same facts, without the loop, stores them in its "
        "file, and says so in one line where one of them is a warning.",
    .examples =
        "parbench doctor                                  # before measuring\n"
        "parbench doctor && parbench run -o night.json    # only on a quiet machine\n"
        "parbench doctor --json | jq -r .verdict          # in a script\n",
    .options = options,
    .run = run,
};
