/* peaks.c - parbench peaks: what this machine does at most, or how much of it the points
 * of a file reach. */
#include "cmd/command.h"

#include "backends/registry.h"
#include "cmd/facts.h"
#include "cmd/json_out.h"
#include "cmd/load.h"
#include "cmd/peaks_text.h"
#include "cmd/signals.h"
#include "measure/peaks.h"
#include "measure/probe.h"
#include "results/codec.h"
#include "results/json.h"
#include "results/peaks.h"

#include <stddef.h>

struct peaks_options {
    struct pb_load load;
    const char *format;
    bool no_devices;
};

#define AT(field) offsetof(struct peaks_options, field)
static const struct pb_option options[] = {
    { PB_TEXT_OR_JSON(AT(format)),
      .help = "text for people; json: a result file without points, its peaks in "
              "machine.peaks, or for FILE: {\"points\": [{\"kernel\", \"dtype\", \"n\", "
              "\"curve\", \"limit\", \"floor_ns\", \"share\", \"reason\"}]}." },
    { .name = "no-devices",
      .kind = PB_FLAG,
      .offset = AT(no_devices),
      .help = "Measure the host's cores alone." },
    { PB_LOAD_KERNEL(AT(load)),
      .help = "Of FILE only these kernels. Default: all in it." },
    { PB_LOAD_DTYPE(AT(load)),
      .help = "Of FILE only these data types. Default: all in it." },
    { PB_LOAD_BACKEND(AT(load)),
      .help = "Of FILE only these backends. Default: all in it." },
    { .name = NULL },
};

/* ---- measuring --------------------------------------------------------------------- */

/* Each device is one of a backend that is usable; one that cannot be asked is told of by
 * `parbench list devices`. */
static enum pb_status measure_devices(struct pb_record *record,
                                      const struct pb_peaks_settings *settings,
                                      struct pb_error *err)
{
    char why[400];
    enum pb_status status = PB_OK;
    for (size_t b = 0; b < pb_backend_count() && !status; b++) {
        const struct pb_backend *backend = pb_backend_at(b);
        struct pb_probe probe = { .ndevices = 0 };
        if (backend->worker_kind != PB_DEVICE ||
            !pb_backend_usable(backend, why, sizeof why) ||
            pb_probe_backend(backend, NULL, &probe, NULL))
            continue;
        for (size_t d = 0; d < probe.ndevices && !status; d++)
            status = pb_peaks_measure_device(record, backend, probe.devices[d].name,
                                             probe.devices[d].type, settings, err);
    }
    return status;
}

static enum pb_status measure(const struct peaks_options *o, struct pb_record *record,
                              struct pb_error *err)
{
    const struct pb_peaks_settings settings = { .pool = { .start_timeout_s = 60 },
                                                .point_timeout_s = 60,
                                                .should_stop = pb_signals_stop };
    pb_signals_watch();
    const enum pb_status status = pb_peaks_measure_host(record, &settings, err);
    return status || o->no_devices ? status : measure_devices(record, &settings, err);
}

static enum pb_status show_machine(const struct peaks_options *o, int argc, char **argv,
                                   struct pb_error *err)
{
    struct pb_record record;
    pb_record_init(&record);
    enum pb_status status = pb_facts_fill(&record, argc, argv, err);
    if (!status) {
        pb_facts_warn("peaks", &record, stderr);
        status = measure(o, &record, err);
    }
    if (!status && pb_json_is_wanted(o->format))
        status = pb_json_put(pb_record_encode(&record, true), true, stdout, err);
    else if (!status)
        pb_peaks_print(&record.machine, stdout);
    pb_record_release(&record);
    return status;
}

/* ---- of a file --------------------------------------------------------------------- */

static struct pb_json *encode_share(const struct pb_machine *machine,
                                    const struct pb_point *p)
{
    char label[160];
    struct pb_peak_share share;
    pb_peaks_judge(machine, p, &share);
    struct pb_json *json = pb_json_new_object();
    bool ok = pb_json_add_string(json, "kernel", p->kernel) &&
              pb_json_add_string(json, "dtype", p->dtype) &&
              pb_json_add_number(json, "n", (double)p->n) &&
              pb_json_add_string(json, "curve", pb_point_label(p, label, sizeof label)) &&
              pb_json_add_string(json, "limit", share.limit) &&
              pb_json_add_string(json, "reason", share.reason);
    if (!share.limit)
        ok = ok && pb_json_add_null(json, "floor_ns") && pb_json_add_null(json, "share");
    else
        ok = ok && pb_json_add_number(json, "floor_ns", share.floor_ns) &&
             pb_json_add_number(json, "share", share.share.estimate);
    if (ok)
        return json;
    pb_json_free(json);
    return NULL;
}

static struct pb_json *encode_shares(const struct pb_record *record)
{
    struct pb_json *root = pb_json_new_object(), *points = pb_json_new_array();
    bool ok = true;
    for (size_t i = 0; ok && i < record->npoints; i++)
        ok =
            pb_json_add(points, NULL, encode_share(&record->machine, &record->points[i]));
    if (pb_json_add(root, "points", points) && ok)
        return root;
    pb_json_free(root);
    return NULL;
}

/* NULL: a point has a number. Else the reason of the last that has none. */
static const char *why_no_number(const struct pb_record *record)
{
    const char *reason = "the file has no points";
    for (size_t i = 0; i < record->npoints; i++) {
        struct pb_peak_share share;
        pb_peaks_judge(&record->machine, &record->points[i], &share);
        if (!share.reason)
            return NULL;
        reason = share.reason;
    }
    return reason;
}

static enum pb_status show_file(const struct peaks_options *o, int *code,
                                struct pb_error *err)
{
    struct pb_record record;
    enum pb_status status = pb_load_records(&o->load, &record, err);
    if (status)
        return status;
    const bool is_json = pb_json_is_wanted(o->format);
    const char *nothing = why_no_number(&record);
    if (is_json)
        status = pb_json_put(encode_shares(&record), true, stdout, err);
    else
        pb_peaks_print_shares(&record, stdout);
    if (nothing && (is_json || !record.npoints)) /* the text says so of its points */
        fprintf(stderr, "parbench peaks: no point has a number: %s\n", nothing);
    *code = nothing ? PB_EXIT_INCONCLUSIVE : PB_EXIT_OK;
    pb_record_release(&record);
    return status;
}

static int run(int argc, char **argv)
{
    struct peaks_options o = { 0 };
    struct pb_error err = { "" };
    char **files;
    size_t nfiles;
    int code = PB_EXIT_OK;
    char **typed = pb_facts_copy_command(argc, argv);
    if (!typed) {
        (void)pb_fail(&err, PB_ERR_MEMORY, "out of memory");
        return pb_command_fail("peaks", PB_ERR_MEMORY, &err);
    }
    enum pb_status status =
        pb_options_parse(&pb_command_peaks, argc, argv, &o, &files, &nfiles, &err);
    if (!status && !nfiles && (o.load.kernels || o.load.dtypes || o.load.backends))
        status = pb_fail(&err, PB_ERR_USAGE,
                         "--kernel, --dtype and --backend choose points of a FILE: name "
                         "one");
    if (!status && nfiles) {
        o.load.files = (const char *const *)files;
        o.load.nfiles = nfiles;
        status = show_file(&o, &code, &err);
    } else if (!status) {
        status = show_machine(&o, argc, typed, &err);
    }
    pb_facts_free_command(typed);
    if (status)
        return pb_command_fail("peaks", status, &err);
    return pb_signals_stop() ? PB_EXIT_INCONCLUSIVE : code;
}

const struct pb_command pb_command_peaks = {
    .name = "peaks",
    .summary = "what this machine does at most, and how much of it points reach",
    .synopsis = "[OPTION].. [FILE]",
    .description =
        "Without FILE, measures in some seconds: the multiply-adds of every instruction "
        "set and data type, and the bytes per second that each cache and the memory "
        "give to reading, copying and the triad of STREAM, with stores past the caches "
        "too, by one core and by all; of OpenCL devices, multiply-adds and copies in "
        "their memory.\n\n"
        "With FILE, says of each point what binds it and how near it comes. A call "
        "cannot be shorter than its operations at the peak rate of its instruction set, "
        "than its bytes at the bandwidth of the smallest cache that holds them, and "
        "than what it moves at the bandwidth of its link; the longest of these over the "
        "time is the share of the peak. The peaks are those in the file: parbench run "
        "measures them by itself (not with --quick, unless --peaks). The exit code is 3 "
        "where no point has a number.",
    .examples =
        "parbench peaks                         # of this machine\n"
        "parbench peaks night.json -k matmul    # how much of it matmul reaches\n",
    .options = options,
    .max_operands = 1,
    .run = run,
};
