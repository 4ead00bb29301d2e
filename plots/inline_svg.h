/* inline_svg.h - gnuplot's SVG as a part of a page.
 *
 * Several pictures in one page must not share ids, may load nothing, and take the page's
 * colours, so that they can be read on dark paper too. What is not known to be harmless
 * does not get through: elements and attributes that drawings do not need are left out.
 */
#ifndef PB_PLOTS_INLINE_SVG_H
#define PB_PLOTS_INLINE_SVG_H

#include "measure/error.h"
#include "measure/text.h"

struct pb_inline_svg {
    unsigned number; /* ids become "fNUMBER-..."; different for every picture of a page */
    const char *title, *description; /* for those who do not see it */
};

/* Appends the picture as an <svg> element without namespaces, prologue and fixed size;
 * well-formed where svg is. The neutral colours become var(--ink), var(--deep),
 * var(--pale), var(--paper) and var(--rule), which the page sets. PB_ERR_ENVIRONMENT: svg
 * is not an SVG picture as gnuplot writes them. PB_ERR_MEMORY. */
enum pb_status pb_inline_svg(const char *svg, const struct pb_inline_svg *how,
                             struct pb_text *out, struct pb_error *err);

#endif
