#include "cmd/transfers_text.h"

#include "cmd/terminal.h"
#include "measure/text.h"
#include "results/link.h"
#include "results/units.h"

#include <math.h>
#include <string.h>

/* ---- links ------------------------------------------------------------------------- */

/* "6.16 GB/s": powers of ten, as makers of buses count. */
static const char *rate(double bytes_per_s, char *buf, size_t bytes)
{
    static const char *const units[] = { "B/s", "kB/s", "MB/s", "GB/s", "TB/s" };
    size_t unit = 0;
    double value = bytes_per_s;
    for (; value >= 999.5 && unit + 1 < sizeof units / sizeof *units; unit++)
        value /= 1000;
    if (isnan(bytes_per_s))
        (void)snprintf(buf, bytes, "-");
    else
        (void)snprintf(buf, bytes, "%.*f %s",
                       value < 9.995   ? 2
                       : value < 99.95 ? 1
                                       : 0,
                       value, units[unit]);
    return buf;
}

static void cell_times(struct pb_table *table, const struct pb_estimate *e)
{
    char ns[32], low[32], high[32];
    if (isnan(e->estimate))
        pb_table_cell(table, PB_DIM, NULL);
    else
        pb_table_cellf(table, PB_PLAIN, "%s [%s .. %s]",
                       pb_units_ns(e->estimate, ns, sizeof ns),
                       pb_units_ns(e->low, low, sizeof low),
                       pb_units_ns(e->high, high, sizeof high));
}

static void cell_rates(struct pb_table *table, const struct pb_link_path *path)
{
    char one[32], low[32], high[32];
    const struct pb_estimate *e = &path->bytes_per_s;
    if (isnan(e->estimate))
        pb_table_cell(table, PB_CYAN, path->status);
    else
        pb_table_cellf(table, PB_PLAIN, "%s [%s .. %s]",
                       rate(e->estimate, one, sizeof one), rate(e->low, low, sizeof low),
                       rate(e->high, high, sizeof high));
}

static void add_path(struct pb_table *table, const struct pb_link_path *path)
{
    pb_table_cell(table, PB_PLAIN, path->name);
    pb_table_cell(table, PB_PLAIN, path->host_memory);
    cell_times(table, &path->latency_ns);
    cell_times(table, &path->queued_ns);
    cell_rates(table, path);
    if (isnan(path->spread))
        pb_table_cell(table, PB_DIM, NULL);
    else
        pb_table_cellf(table, PB_PLAIN, "%.0f %%", 100 * path->spread);
}

static void print_start_cost(const struct pb_link *link, FILE *out)
{
    char enqueue[32], round_trip[32];
    if (isnan(link->enqueue_ns.estimate))
        (void)fprintf(
            out, "a barrier takes %s",
            pb_units_ns(link->round_trip_ns.estimate, round_trip, sizeof round_trip));
    else
        (void)fprintf(
            out, "an empty kernel is handed over in %s and waited for in %s",
            pb_units_ns(link->enqueue_ns.estimate, enqueue, sizeof enqueue),
            pb_units_ns(link->round_trip_ns.estimate, round_trip, sizeof round_trip));
    (void)fprintf(out, "%s\n",
                  link->shares_memory ? "; it shares the host's memory, as it says" : "");
}

static void print_link(const struct pb_link *link, FILE *out)
{
    static const char *const headings[] = {
        "way", "host memory", "latency", "each of many", "bandwidth", "off by up to"
    };
    char name[200];
    if (link->device)
        (void)snprintf(name, sizeof name, "%s %s", link->backend, link->device);
    else
        (void)snprintf(name, sizeof name, "%s x%u", link->backend, link->workers);
    (void)fprintf(out, "%s%s%s: ", pb_colour_start(out, PB_BOLD), pb_text_one_line(name),
                  pb_colour_start(out, PB_PLAIN));
    if (link->reason) {
        char reason[600];
        (void)snprintf(reason, sizeof reason, "%s", link->reason);
        (void)fprintf(out, "link not measured: %s\n\n", pb_text_one_line(reason));
        return;
    }
    print_start_cost(link, out);
    struct pb_table *table = pb_table_new(6, headings, "llrrrr");
    for (size_t i = 0; i < link->npaths; i++)
        add_path(table, &link->paths[i]);
    pb_table_print(table, out);
    pb_table_free(table);
    (void)fputc('\n', out);
}

static void print_links(const struct pb_machine *machine, FILE *out)
{
    for (size_t i = 0; i < machine->nlinks; i++)
        print_link(&machine->links[i], out);
    if (!machine->nlinks)
        (void)fputs(
            "No link was measured: there was no device and no second rank, the run "
            "had --no-links, or it is of an older parbench.\n\n",
            out);
}

/* ---- predictions ------------------------------------------------------------------- */

static void cell_point(struct pb_table *table, const struct pb_point *p)
{
    char label[160], n[32];
    pb_table_cellf(table, PB_PLAIN, "%s %s", p->kernel, p->dtype);
    pb_table_cell(table, PB_PLAIN, pb_units_count((double)p->n, n, sizeof n));
    pb_table_cell(table, PB_PLAIN, pb_point_label(p, label, sizeof label));
}

static void cell_ns(struct pb_table *table, double ns)
{
    char text[32];
    pb_table_cell(table, isnan(ns) ? PB_DIM : PB_PLAIN,
                  pb_units_ns(ns, text, sizeof text));
}

static void add_prediction(struct pb_table *table, const struct pb_transfer_prediction *p)
{
    cell_point(table, p->point);
    cell_ns(table, p->point->time.ns.estimate);
    cell_ns(table, p->predicted_ns);
    if (p->reason)
        pb_table_cell(table, PB_DIM, p->reason);
    else
        pb_table_cellf(table, fabs(p->error) > 0.25 ? PB_YELLOW : PB_PLAIN, "%+.0f %%",
                       100 * p->error);
}

static void print_predictions(const struct pb_transfer_report *report, FILE *out)
{
    static const char *const headings[] = { "kernel",   "n",         "with transfers",
                                            "measured", "predicted", "off by" };
    if (!report->npredictions)
        return;
    struct pb_table *table = pb_table_new(6, headings, "lrlrrr");
    for (size_t i = 0; i < report->npredictions; i++)
        add_prediction(table, &report->predictions[i]);
    pb_table_print(table, out);
    pb_table_free(table);
    if (!isnan(report->median_error))
        (void)fprintf(out,
                      "Predicted from resident data and the link: off by %.0f %% in the "
                      "median, %.0f %% at worst.\n",
                      100 * report->median_error, 100 * report->worst_error);
    (void)fputc('\n', out);
}

/* ---- break-even -------------------------------------------------------------------- */

/* Limits without a number: see struct pb_break_even. */
static void cell_calls(struct pb_table *table, const struct pb_break_even *b)
{
    char low[32], high[32] = "never";
    if (b->verdict == PB_REUSE_UNMEASURED) {
        pb_table_cell(table, PB_DIM,
                      b->resident ? "no CPU version measured"
                                  : "not measured with resident data");
        return;
    }
    if (!isnan(b->high))
        (void)snprintf(high, sizeof high, "%.0f", b->high);
    (void)snprintf(low, sizeof low, "%.0f", b->low);
    if (b->verdict == PB_REUSE_FROM)
        pb_table_cellf(table, PB_GREEN, "%.0f [%s .. %s]", b->calls, low, high);
    else if (isnan(b->low))
        pb_table_cell(table, PB_PLAIN, "never");
    else
        pb_table_cellf(table, PB_PLAIN, "never, or from %s on", low);
}

static void add_break_even(struct pb_table *table, const struct pb_break_even *b)
{
    char label[160];
    cell_point(table, b->always);
    cell_ns(table, b->always->time.ns.estimate);
    cell_ns(table, b->resident ? b->resident->time.ns.estimate : (double)NAN);
    cell_ns(table, b->cpu ? b->cpu->time.ns.estimate : (double)NAN);
    pb_table_cell(table, PB_DIM,
                  b->cpu ? pb_point_label(b->cpu, label, sizeof label) : NULL);
    cell_calls(table, b);
}

static void print_break_evens(const struct pb_transfer_report *report, FILE *out)
{
    static const char *const headings[] = { "kernel",
                                            "n",
                                            "with transfers",
                                            "measured",
                                            "resident",
                                            "best CPU",
                                            "",
                                            "wins from so many calls per move" };
    if (!report->nbreak_evens)
        return;
    struct pb_table *table = pb_table_new(8, headings, "lrlrrrlr");
    for (size_t i = 0; i < report->nbreak_evens; i++)
        add_break_even(table, &report->break_evens[i]);
    pb_table_print(table, out);
    pb_table_free(table);
    (void)fputs(
        "From so many calls per move on: (always - resident) / calls + resident is "
        "less than the best CPU version takes.\n",
        out);
}

void pb_transfers_print(const struct pb_record *record,
                        const struct pb_transfer_report *report, FILE *out)
{
    print_links(&record->machine, out);
    print_predictions(report, out);
    print_break_evens(report, out);
}
