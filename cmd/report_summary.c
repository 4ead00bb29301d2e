/* report_summary.c - the top of a report: the answer, how far to trust it, and every
 * crossing. */
#include "cmd/html.h"
#include "cmd/report_parts.h"
#include "plots/xml.h"
#include "results/fitness.h"
#include "results/headline.h"
#include "results/summary.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *pb_page_limits(const struct pb_estimate *ns, char *buf, size_t bytes)
{
    char low[32];
    char high[32];
    if (!isfinite(ns->low) || !isfinite(ns->high))
        return NULL;
    (void)snprintf(buf, bytes, "%s .. %s", pb_units_ns(ns->low, low, sizeof low),
                   pb_units_ns(ns->high, high, sizeof high));
    return buf;
}

void pb_page_subject(const char *kernel, const char *dtype, const char *cache,
                     struct pb_text *out)
{
    pb_text_addf(out, "%s %s", kernel, dtype);
    if (cache && strcmp(cache, "hot") != 0)
        pb_text_addf(out, ", cache %s", cache);
}

/* ---- the answer -------------------------------------------------------------------- */

/* The sentences with which parbench crossover ends. */
static void add_headline(const struct pb_page *page, struct pb_text *out)
{
    struct pb_text text = PB_TEXT_INIT;
    pb_headline(page->crossovers, &page->record->machine, &text);
    pb_text_add(out, "<section class=\"headline\" aria-label=\"The answer\">\n");
    for (const char *line = text.str; *line;) {
        const size_t length = strcspn(line, "\n");
        pb_text_add(out, "<p>");
        pb_xml_bytes(out, line, length);
        pb_text_add(out, "</p>\n");
        line += length + (line[length] != '\0');
    }
    pb_text_add(out, "</section>\n");
    pb_text_release(&text);
}

/* ---- how far to trust it ----------------------------------------------------------- */

static void add_verified(const struct pb_record *record, struct pb_text *out)
{
    size_t counts[PB_OUTCOME_COUNT] = { 0 };
    for (size_t i = 0; i < record->npoints; i++)
        counts[record->points[i].status]++;
    pb_html_elementf(out, "li",
                     counts[PB_OUTCOME_WRONG] ? "class=\"bad\"" : "class=\"good\"",
                     "%zu of %zu results right, %zu wrong", counts[PB_OUTCOME_OK],
                     record->npoints, counts[PB_OUTCOME_WRONG]);
    const size_t lost = counts[PB_OUTCOME_FAILED] + counts[PB_OUTCOME_TIMEOUT];
    if (lost)
        pb_html_elementf(out, "li", "class=\"bad\"", "%zu failed or hung", lost);
    if (counts[PB_OUTCOME_SKIPPED])
        pb_html_elementf(out, "li", "class=\"care\"", "%zu skipped",
                         counts[PB_OUTCOME_SKIPPED]);
}

static void add_fitness(const struct pb_record *record, struct pb_text *out)
{
    size_t warnings = 0;
    size_t notes = 0;
    for (size_t i = 0; i < record->nfitness; i++) {
        const char *level = record->fitness[i].level;
        warnings += pb_text_same(level, pb_fitness_levels[PB_FITNESS_WARN]);
        notes += pb_text_same(level, pb_fitness_levels[PB_FITNESS_NOTE]);
    }
    if (!record->nfitness)
        pb_html_element(out, "li", "class=\"care\"",
                        "fitness of the machine: not looked at");
    else if (warnings)
        pb_html_elementf(out, "li", "class=\"bad\"",
                         "machine not fit to measure: %zu warning%s", warnings,
                         warnings == 1 ? "" : "s");
    else if (notes)
        pb_html_elementf(out, "li", "class=\"care\"", "machine fit with care: %zu note%s",
                         notes, notes == 1 ? "" : "s");
    else
        pb_html_element(out, "li", "class=\"good\"", "machine fit to measure");
}

void pb_page_summary(const struct pb_page *page, struct pb_text *out)
{
    const struct pb_record *record = page->record;
    add_headline(page, out);
    pb_text_add(out, "<ul class=\"states\">");
    add_verified(record, out);
    add_fitness(record, out);
    pb_html_elementf(out, "li", NULL, "%u round%s of fresh processes", record->rounds,
                     record->rounds == 1 ? "" : "s");
    if (!record->complete)
        pb_html_element(out, "li", "class=\"care\"", "the run did not reach its end");
    if (record->nabsent)
        pb_html_elementf(out, "li", "class=\"care\"", "%zu backend%s absent",
                         record->nabsent, record->nabsent == 1 ? "" : "s");
    pb_text_add(out, "</ul>\n");
}

/* ---- crossings --------------------------------------------------------------------- */

static const char *verdict_words(enum pb_verdict verdict)
{
    switch (verdict) {
    case PB_CROSSING:
        return "crossing";
    case PB_ALWAYS_A:
        return "never pays";
    case PB_ALWAYS_B:
        return "always pays";
    case PB_SEVERAL:
        return "several";
    case PB_UNSTABLE:
        return "unstable";
    case PB_UNMEASURED:
    case PB_VERDICT_COUNT:
        break;
    }
    return "not measured";
}

static void add_size_cell(const struct pb_crossover *c, struct pb_text *out)
{
    char n[32];
    char low[32];
    char high[32];
    char limits[80];
    (void)snprintf(limits, sizeof limits, "%s .. %s",
                   pb_units_size(c->n.low, low, sizeof low),
                   pb_units_size(c->n.high, high, sizeof high));
    pb_html_interval(out, pb_units_size(c->n.estimate, n, sizeof n), limits);
}

/* What a wrong choice costs, or why there is no number. */
static void add_remark(const struct pb_crossover *c, struct pb_text *out)
{
    struct pb_text text = PB_TEXT_INIT;
    if (c->verdict == PB_CROSSING)
        pb_text_addf(&text, "%s; the wrong choice takes up to %.3g times as long",
                     c->is_refined ? "searched for, both arms in turn"
                                   : "between two sizes of the sweep",
                     1 + c->grey_loss);
    else
        pb_text_add(&text, c->reason ? c->reason : "");
    pb_html_element(out, "td", "class=\"words\"", text.str);
    pb_text_release(&text);
}

static void add_crossover(const struct pb_crossover *c, struct pb_text *out)
{
    char time[32];
    char limits[80];
    struct pb_text name = PB_TEXT_INIT;
    pb_page_subject(c->kernel, c->dtype, c->cache, &name);
    pb_html_row(out, name.str);
    pb_text_release(&name);
    pb_html_cell(out, strcmp(c->from, "best-cpu") ? c->from_label : "best CPU");
    pb_html_cell(out, c->to_label);
    pb_html_cell(out, verdict_words(c->verdict));
    if (c->verdict == PB_CROSSING) {
        add_size_cell(c, out);
        pb_html_interval(out, pb_units_ns(c->time_ns.estimate, time, sizeof time),
                         pb_page_limits(&c->time_ns, limits, sizeof limits));
    } else {
        pb_html_number(out, NULL);
        pb_html_number(out, NULL);
    }
    add_remark(c, out);
    pb_html_row_end(out);
}

void pb_page_crossings(const struct pb_page *page, struct pb_text *out)
{
    static const char *const headings[] = { "kernel", "from",        "to",     "verdict",
                                            "#at n",  "#time there", "remark", NULL };
    const struct pb_crossover_report *report = page->crossovers;
    if (!report->ncrossovers)
        return;
    pb_text_add(out, "<h2 id=\"crossings\">Crossings</h2>\n<p>From which size on the one "
                     "beats the other, and how long the slower one takes there. The time "
                     "is what carries over to other kernels. Limits: within them either "
                     "may be the faster one.</p>\n");
    pb_html_table(out, "Where one backend overtakes another", headings);
    for (size_t i = 0; i < report->ncrossovers; i++)
        add_crossover(&report->crossovers[i], out);
    pb_html_table_end(out);
}
