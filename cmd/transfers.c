/* transfers.c - parbench transfers: what moving data costs, and from how much reuse on it
 * pays. */
#include "cmd/analyse.h"
#include "cmd/command.h"
#include "cmd/json_out.h"
#include "cmd/transfers_text.h"
#include "results/transfer.h"

#include <stddef.h>

struct transfers_options {
    struct pb_load load;
    const char *format;
};

#define AT(field) offsetof(struct transfers_options, field)
static const struct pb_option options[] = {
    { PB_TEXT_OR_JSON(AT(format)),
      .help = "text for people; json: {\"links\": [..], \"predictions\": [..], "
              "\"break_evens\": [..]}." },
    PB_LOAD_OPTIONS(AT(load)),
    { .name = NULL },
};

static enum pb_status print(const void *given, const struct pb_record *record,
                            const char **nothing, struct pb_error *err)
{
    const struct transfers_options *o = given;
    struct pb_transfer_report report;
    enum pb_status status = pb_transfer_analyse(record, &report, err);
    if (status)
        return status;
    if (pb_json_is_wanted(o->format))
        status = pb_json_put(pb_transfer_encode(record, &report), true, stdout, err);
    else
        pb_transfers_print(record, &report, stdout);
    if (!report.npredictions)
        *nothing = "no point of the files moves its data: measure opencl or mpi with "
                   "--residency always,resident";
    pb_transfer_report_release(&report);
    return status;
}

static int run(int argc, char **argv)
{
    struct transfers_options o = { 0 };
    const struct pb_analysis analysis = {
        .command = &pb_command_transfers, .options = &o, .load = &o.load, .work = print
    };
    return pb_analyse(&analysis, argc, argv);
}

const struct pb_command pb_command_transfers = {
    .name = "transfers",
    .summary = "what moving data costs, and how much reuse makes it pay",
    .synopsis = "[OPTION].. FILE..",
    .description =
        "Shows the link of each OpenCL device and between MPI ranks, measured once when "
        "the run began: what it costs to hand work over and wait for it, and to move "
        "data as latency and bandwidth. Predicts from it and from the time on resident "
        "data what calls with transfers take, beside what they did take. And tells from "
        "how many calls per move on the device or the ranks beat the best CPU "
        "version.\n\n"
        "Where a device works in the host's memory a hand-over copies nothing: that is "
        "called zero copy, and has no bandwidth.\n\n"
        "The exit code is 3 where no point of the files moves its data.",
    .examples =
        "parbench transfers gpu.json                      # in words\n"
        "parbench transfers --format json gpu.json        # for programs\n"
        "parbench run --residency always,once:8,resident --host-memory all    # a file\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
