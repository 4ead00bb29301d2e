#include "cmd/report_page.h"

#include "cmd/html.h"
#include "cmd/report_parts.h"
#include "plots/xml.h"

extern const char pb_report_css[]; /* embedded by the Makefile */

static const char *cpu_of(const struct pb_page *page)
{
    return page->record->machine.cpu ? page->record->machine.cpu : "unknown CPU";
}

static const char *started_of(const struct pb_page *page)
{
    return page->record->started ? page->record->started : "date unknown";
}

/* Holds even if a string got through unescaped: nothing loads, nothing runs. */
static void add_head(const struct pb_page *page, struct pb_text *out)
{
    pb_text_add(out,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                "'none'; style-src 'unsafe-inline'\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, "
                "initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light "
                "dark\"/>\n");
    pb_html_elementf(out, "title", NULL, "parbench report: %s, %.10s", cpu_of(page),
                     started_of(page));
    pb_text_add(out, "\n<style>\n");
    pb_text_add(out, pb_report_css);
    pb_text_add(out, "</style>\n</head>\n<body>\n");
}

static void add_top(const struct pb_page *page, struct pb_text *out)
{
    struct pb_text text = PB_TEXT_INIT;
    const struct pb_machine *machine = &page->record->machine;
    pb_text_add(out, "<header>\n<h1>Which level of parallelism pays on this "
                     "machine?</h1>\n");
    pb_text_addf(&text, "%s", cpu_of(page));
    if (machine->cores)
        pb_text_addf(&text, ", %u core%s", machine->cores,
                     machine->cores == 1 ? "" : "s");
    for (size_t i = 0; i < machine->ndevices; i++)
        pb_text_addf(&text, " + %s (OpenCL, %s)",
                     machine->devices[i].name ? machine->devices[i].name : "?",
                     machine->devices[i].type ? machine->devices[i].type
                                              : "type unknown");
    pb_text_addf(&text, " \u00b7 %.10s \u00b7 parbench %s", started_of(page),
                 page->record->version ? page->record->version : "?");
    pb_html_element(out, "p", "class=\"facts\"", text.str);
    pb_text_add(out, "\n</header>\n<main>\n");
    pb_text_release(&text);
}

/* Links to the sections; a slice's anchor is its number, never its name. */
static void add_contents(const struct pb_page *page, struct pb_text *out)
{
    struct pb_text name = PB_TEXT_INIT;
    pb_text_add(out, "<nav aria-label=\"Contents\"><ul>\n<li><a "
                     "href=\"#crossings\">Crossings</a></li>\n");
    for (size_t i = 0; i < page->slices->count; i++) {
        const struct pb_slice *slice = &page->slices->items[i];
        pb_text_clear(&name);
        pb_page_subject(slice->kernel, slice->dtype, slice->cache, &name);
        pb_text_addf(out, "<li><a href=\"#kernel-%zu\">", i + 1);
        pb_xml_text(out, name.str);
        pb_text_add(out, "</a></li>\n");
    }
    pb_text_add(out, "<li><a href=\"#verification\">Verification</a></li>\n<li><a "
                     "href=\"#missing\">What is missing</a></li>\n<li><a "
                     "href=\"#machine\">Machine</a></li>\n<li><a "
                     "href=\"#reproduce\">How to do it again</a></li>\n</ul></nav>\n");
    pb_text_release(&name);
}

static enum pb_status add_slice(const struct pb_page *page, size_t index,
                                unsigned *number, struct pb_text *out,
                                struct pb_error *err)
{
    struct pb_text name = PB_TEXT_INIT;
    const struct pb_slice *slice = &page->slices->items[index];
    pb_page_subject(slice->kernel, slice->dtype, slice->cache, &name);
    pb_text_addf(out, "<h2 id=\"kernel-%zu\">", index + 1);
    pb_xml_text(out, name.str);
    pb_text_add(out, "</h2>\n");
    pb_text_release(&name);
    pb_page_winners(page, slice, out);
    const struct pb_slice *drawn = page->album ? &page->album->slices.items[index] : NULL;
    const enum pb_status status = pb_page_figures(page, drawn, number, out, err);
    pb_page_times(slice, out);
    return status;
}

static enum pb_status add_kernels(const struct pb_page *page, unsigned *number,
                                  struct pb_text *out, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < page->slices->count; i++)
        status = add_slice(page, i, number, out, err);
    if (!status)
        status = pb_page_figure(page, PB_FIGURE_ROOFLINE, number, out, err);
    return status;
}

enum pb_status pb_page_write(const struct pb_page *page, struct pb_text *out,
                             struct pb_error *err)
{
    unsigned number = 0;
    add_head(page, out);
    add_top(page, out);
    pb_page_summary(page, out);
    if (!page->album)
        pb_html_elementf(out, "p", "class=\"care\"", "Without figures: %s.",
                         page->no_figures);
    add_contents(page, out);
    enum pb_status status = pb_page_figure(page, PB_FIGURE_MAP, &number, out, err);
    pb_page_crossings(page, out);
    if (!status)
        status = add_kernels(page, &number, out, err);
    pb_page_transfers(page, out);
    if (!status)
        status = pb_page_figure(page, PB_FIGURE_MODEL, &number, out, err);
    pb_page_verification(page, out);
    pb_page_failures(page, out);
    pb_page_machine(page, out);
    pb_page_reproduce(page, out);
    pb_text_add(out, "</main>\n</body>\n</html>\n");
    if (!status && out->failed)
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while writing the report");
    return status;
}
