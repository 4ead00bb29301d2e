/* crossover.c - parbench crossover: where one backend overtakes another. */
#include "cmd/analyse.h"
#include "cmd/command.h"
#include "cmd/json_out.h"
#include "cmd/crossover_text.h"
#include "results/crossover.h"

struct crossover_options {
    struct pb_load load;
    const char *format;
};

#define AT(field) offsetof(struct crossover_options, field)
static const struct pb_option options[] = {
    { PB_TEXT_OR_JSON(AT(format)),
      .help = "text for people; json: {\"crossovers\": [..], \"winners\": [..]}." },
    PB_LOAD_OPTIONS(AT(load)),
    { .name = NULL },
};

static bool can_compare(const struct pb_crossover_report *report)
{
    for (size_t i = 0; i < report->ncrossovers; i++)
        if (report->crossovers[i].verdict != PB_UNMEASURED)
            return true;
    return false;
}

static enum pb_status print(const void *given, const struct pb_record *record,
                            const char **nothing, struct pb_error *err)
{
    const struct crossover_options *o = given;
    struct pb_crossover_report report;
    enum pb_status status = pb_crossover_analyse(record, &report, err);
    if (status)
        return status;
    if (pb_json_is_wanted(o->format))
        status = pb_json_put(pb_crossover_encode(&report), true, stdout, err);
    else
        pb_crossover_print(&report, &record->machine, stdout);
    if (!can_compare(&report))
        *nothing = "nothing could be compared: measure two backends at two sizes or more";
    pb_crossover_report_release(&report);
    return status;
}

static int run(int argc, char **argv)
{
    struct crossover_options o = { 0 };
    const struct pb_analysis analysis = {
        .command = &pb_command_crossover, .options = &o, .load = &o.load, .work = print
    };
    return pb_analyse(&analysis, argc, argv);
}

const struct pb_command pb_command_crossover = {
    .name = "crossover",
    .summary = "the sizes and times at which one backend overtakes another",
    .synopsis = "[OPTION].. FILE..",
    .description =
        "For each kernel and data type: which backend is the fastest at each size, and "
        "where simd overtakes scalar, openmp overtakes simd, and an OpenCL device or MPI "
        "overtakes the best that the CPU can do on its own. A crossover is given as a "
        "size and as the time that the slower arm takes there, each with an interval.\n\n"
        "A size counts only where the intervals of the two do not overlap. The limits of "
        "a crossing are the last size that the one wins for certain and the first that "
        "the other does. Where the winner changes with the noise there is no number, but "
        "the name of the noisier arm. Points that failed or gave a wrong result take no "
        "part. Points of several files are joined; they must be from one machine.\n\n"
        "The exit code is 3 where nothing could be compared.",
    .examples =
        "parbench crossover saxpy.json                    # in words\n"
        "parbench crossover --format json saxpy.json      # for programs\n"
        "parbench crossover cpu.json gpu.json -k matmul   # two runs of one machine\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
