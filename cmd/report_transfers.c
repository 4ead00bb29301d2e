/* report_transfers.c - what moving data costs, in a report: links, break-evens, and how
 * well the model predicts. */
#include "cmd/html.h"
#include "cmd/report_parts.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>

/* ---- links ------------------------------------------------------------------------- */

static void add_rate(const struct pb_link_path *path, struct pb_text *out)
{
    char number[32];
    char limits[80];
    const struct pb_estimate *e = &path->bytes_per_s;
    if (isnan(e->estimate)) {
        pb_html_number(out, path->status);
        return;
    }
    (void)snprintf(number, sizeof number, "%.3g GB/s", e->estimate / 1e9);
    (void)snprintf(limits, sizeof limits, "%.3g .. %.3g", e->low / 1e9, e->high / 1e9);
    pb_html_interval(out, number, isfinite(e->low) && isfinite(e->high) ? limits : NULL);
}

static void add_latency(const struct pb_estimate *ns, struct pb_text *out)
{
    char number[32];
    char limits[80];
    if (isnan(ns->estimate))
        pb_html_number(out, NULL);
    else
        pb_html_interval(out, pb_units_ns(ns->estimate, number, sizeof number),
                         pb_page_limits(ns, limits, sizeof limits));
}

static void add_path(const struct pb_link *link, const struct pb_link_path *path,
                     struct pb_text *out)
{
    char ranks[80];
    (void)snprintf(ranks, sizeof ranks, "%s x%u", link->backend ? link->backend : "ranks",
                   link->workers);
    pb_html_row(out, link->device ? link->device : ranks);
    pb_html_cell(out, path->name);
    pb_html_cell(out, path->host_memory);
    add_latency(&path->latency_ns, out);
    add_rate(path, out);
    pb_html_row_end(out);
}

static void add_links(const struct pb_machine *machine, struct pb_text *out)
{
    static const char *const headings[] = { "link",     "way",        "host memory",
                                            "#latency", "#bandwidth", NULL };
    if (!machine->nlinks)
        return;
    pb_html_table(out, "What it costs to move data, measured once in the run", headings);
    for (size_t i = 0; i < machine->nlinks; i++)
        for (size_t p = 0; p < machine->links[i].npaths; p++)
            add_path(&machine->links[i], &machine->links[i].paths[p], out);
    pb_html_table_end(out);
    for (size_t i = 0; i < machine->nlinks; i++)
        if (machine->links[i].reason)
            pb_html_elementf(out, "p", "class=\"care\"", "%s: link not measured: %s.",
                             machine->links[i].backend, machine->links[i].reason);
}

/* ---- break-evens ------------------------------------------------------------------- */

static void add_point_cells(const struct pb_point *point, struct pb_text *out)
{
    char text[256];
    struct pb_text name = PB_TEXT_INIT;
    pb_page_subject(point->kernel, point->dtype, point->cache, &name);
    pb_html_row(out, name.str);
    pb_text_release(&name);
    pb_html_number(out, pb_units_count((double)point->n, text, sizeof text));
    pb_html_cell(out, pb_point_label(point, text, sizeof text));
}

static void add_ns(double ns, struct pb_text *out)
{
    char text[32];
    pb_html_number(out, isnan(ns) ? NULL : pb_units_ns(ns, text, sizeof text));
}

/* "from 4 calls per move [4 .. 5]"; a low beside never: the intervals allow it. */
static void add_verdict(const struct pb_break_even *even, struct pb_text *out)
{
    struct pb_text text = PB_TEXT_INIT;
    const bool is_never = even->verdict == PB_REUSE_NEVER;
    if (is_never)
        pb_text_add(&text, "never");
    else if (even->calls <= 1)
        pb_text_add(&text, "with every call\u2019s own move");
    else
        pb_text_addf(&text, "from %g calls per move", even->calls);
    if (is_never && isfinite(even->low))
        pb_text_addf(&text, ", perhaps from %g on", even->low);
    else if (!is_never && !isfinite(even->high))
        pb_text_addf(&text, " [%g .. perhaps never]", even->low);
    else if (!is_never && even->high > even->low)
        pb_text_addf(&text, " [%g .. %g]", even->low, even->high);
    pb_html_cell(out, text.str);
    pb_text_release(&text);
}

static void add_break_even(const struct pb_break_even *even, struct pb_text *out)
{
    add_point_cells(even->always, out);
    add_ns(even->always->time.ns.estimate, out);
    add_ns(even->resident->time.ns.estimate, out);
    add_ns(even->cpu->time.ns.estimate, out);
    add_verdict(even, out);
    pb_html_row_end(out);
}

static bool is_solved(const struct pb_break_even *even)
{
    return even->verdict != PB_REUSE_UNMEASURED && even->resident && even->cpu;
}

static bool has_break_evens(const struct pb_transfer_report *report)
{
    for (size_t i = 0; i < report->nbreak_evens; i++)
        if (is_solved(&report->break_evens[i]))
            return true;
    return false;
}

static void add_break_evens(const struct pb_transfer_report *report, struct pb_text *out)
{
    static const char *const headings[] = { "kernel",    "#n",
                                            "backend",   "#moved every time",
                                            "#resident", "#best CPU",
                                            "pays",      NULL };
    if (!has_break_evens(report))
        return;
    pb_text_add(out, "<details><summary>How often data must be used again, at each "
                     "size</summary>\n");
    pb_html_table(out,
                  "Times per call, and from how many calls per move on the device or the "
                  "ranks beat the best CPU version",
                  headings);
    for (size_t i = 0; i < report->nbreak_evens; i++)
        if (is_solved(&report->break_evens[i]))
            add_break_even(&report->break_evens[i], out);
    pb_html_table_end(out);
    pb_text_add(out, "</details>\n");
}

/* ---- predictions ------------------------------------------------------------------- */

static void add_predictions(const struct pb_transfer_report *report, struct pb_text *out)
{
    static const char *const headings[] = { "kernel",    "#n",         "backend",
                                            "#measured", "#predicted", "#off by",
                                            NULL };
    char text[32];
    if (isnan(report->median_error))
        return;
    pb_html_elementf(
        out, "p", NULL,
        "Predicted from the link and the time on resident data, calls with "
        "transfers are off by %.0f %% in the median and by %.0f %% at worst.",
        100 * report->median_error, 100 * report->worst_error);
    pb_text_add(out, "<details><summary>All predictions</summary>\n");
    pb_html_table(out, "Calls with transfers: measured and predicted", headings);
    for (size_t i = 0; i < report->npredictions; i++) {
        if (isnan(report->predictions[i].predicted_ns))
            continue;
        add_point_cells(report->predictions[i].point, out);
        add_ns(report->predictions[i].point->time.ns.estimate, out);
        add_ns(report->predictions[i].predicted_ns, out);
        (void)snprintf(text, sizeof text, "%+.0f %%", 100 * report->predictions[i].error);
        pb_html_number(out, text);
        pb_html_row_end(out);
    }
    pb_html_table_end(out);
    pb_text_add(out, "</details>\n");
}

void pb_page_transfers(const struct pb_page *page, struct pb_text *out)
{
    const struct pb_machine *machine = &page->record->machine;
    if (!machine->nlinks && !has_break_evens(page->transfers))
        return;
    pb_text_add(out, "<h2 id=\"transfers\">Moving data</h2>\n");
    add_links(machine, out);
    add_predictions(page->transfers, out);
    add_break_evens(page->transfers, out);
}
