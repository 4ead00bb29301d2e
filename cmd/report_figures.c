/* report_figures.c - the figures of a report, each in the page itself. */
#include "cmd/html.h"
#include "cmd/report_parts.h"
#include "plots/inline_svg.h"

#include <stdlib.h>

static enum pb_status add_picture(const struct pb_page *page,
                                  const struct pb_picture *picture, unsigned number,
                                  struct pb_text *out, struct pb_error *err)
{
    char *svg = NULL;
    struct pb_text title = PB_TEXT_INIT;
    enum pb_status status =
        pb_gnuplot_read(&page->album->gnuplot, picture->name, &svg, err);
    if (status)
        return status;
    pb_figure_title(&picture->figure, &title);
    const char *description = pb_figure_description(picture->figure.kind);
    const struct pb_inline_svg how = { .number = number,
                                       .title = title.str,
                                       .description = description };
    pb_text_add(out, "<figure>\n<div class=\"scroll\" tabindex=\"0\">\n");
    status = pb_inline_svg(svg, &how, out, err);
    pb_text_add(out, "</div>\n");
    pb_html_elementf(out, "figcaption", NULL, "Figure %u. %s", number, description);
    pb_text_add(out, "\n</figure>\n");
    pb_text_release(&title);
    free(svg);
    return status;
}

enum pb_status pb_page_figures(const struct pb_page *page, const struct pb_slice *slice,
                               unsigned *number, struct pb_text *out,
                               struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; page->album && !status && i < page->album->count; i++) {
        const struct pb_picture *picture = &page->album->pictures[i];
        if (picture->figure.slice == slice)
            status = add_picture(page, picture, ++*number, out, err);
    }
    return status;
}

enum pb_status pb_page_figure(const struct pb_page *page, enum pb_figure_kind kind,
                              unsigned *number, struct pb_text *out, struct pb_error *err)
{
    for (size_t i = 0; page->album && i < page->album->count; i++)
        if (page->album->pictures[i].figure.kind == kind)
            return add_picture(page, &page->album->pictures[i], ++*number, out, err);
    return PB_OK;
}
