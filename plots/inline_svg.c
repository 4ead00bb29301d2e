#include "plots/inline_svg.h"

#include "plots/xml.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A piece of the SVG's text; not terminated. */
struct piece {
    const char *at;
    size_t length;
};

static bool is(struct piece piece, const char *word)
{
    return strlen(word) == piece.length && !memcmp(piece.at, word, piece.length);
}

static bool is_any(struct piece piece, const char *const *words)
{
    while (*words && !is(piece, *words))
        words++;
    return *words != NULL;
}

/* What gnuplot draws with. */
static const char *const elements[] = {
    "g",           "path",     "circle",  "rect",     "use",    "text",  "tspan",
    "polygon",     "polyline", "line",    "defs",     "filter", "title", "feFlood",
    "feComposite", "pattern",  "ellipse", "clipPath", NULL,
};

static const char *const attributes[] = {
    "id",
    "class",
    "d",
    "points",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "width",
    "height",
    "dx",
    "dy",
    "transform",
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "color",
    "opacity",
    "stroke-dasharray",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "shape-rendering",
    "filterUnits",
    "flood-color",
    "flood-opacity",
    "in",
    "in2",
    "result",
    "operator",
    "patternUnits",
    "patternTransform",
    "clip-path",
    "filter",
    NULL,
};

/* The neutral colours of style.gp, which the page decides on. */
static const struct {
    unsigned rgb;
    const char *name;
} page_colours[] = {
    { 0xffffff, "var(--paper)" }, { 0x222222, "var(--ink)" },
    { 0x000000, "var(--ink)" },   { 0x6b6b6b, "var(--pale)" },
    { 0xe6e6e6, "var(--rule)" },  { 0x4d4d4d, "var(--deep)" },
};

/* "rgb( 34, 34, 34)" or "#222222". */
static bool parse_colour(struct piece value, unsigned *rgb)
{
    char text[40];
    unsigned red;
    unsigned green;
    unsigned blue;
    int end = 0;
    if (value.length >= sizeof text)
        return false;
    memcpy(text, value.at, value.length);
    text[value.length] = '\0';
    if (is(value, "black")) {
        *rgb = 0;
        return true;
    }
    /* NOLINTNEXTLINE(cert-err34-c): a number too large is no colour of ours */
    if (sscanf(text, "rgb( %3u , %3u , %3u )%n", &red, &green, &blue, &end) != 3 &&
        /* NOLINTNEXTLINE(cert-err34-c) */
        sscanf(text, "#%2x%2x%2x%n", &red, &green, &blue, &end) != 3)
        return false;
    *rgb = red << 16 | green << 8 | blue;
    return (size_t)end == value.length;
}

struct scan {
    const char *at; /* what is left */
    const struct pb_inline_svg *how;
    struct pb_text *out;
};

/* "#gpPt6", and "url(#pattern)": what other elements are called. */
static bool add_reference(const struct scan *scan, struct piece value)
{
    const bool is_url = value.length > 5 && !strncmp(value.at, "url(#", 5);
    const size_t skipped = is_url ? 5 : 1;
    if (!is_url && !(value.length > 1 && *value.at == '#'))
        return false;
    pb_text_addf(scan->out, "%s#f%u-", is_url ? "url(" : "", scan->how->number);
    pb_xml_bytes(scan->out, value.at + skipped, value.length - skipped);
    return true;
}

static void add_value(const struct scan *scan, struct piece name, struct piece value)
{
    unsigned rgb;
    if (is(name, "id")) {
        pb_text_addf(scan->out, "f%u-", scan->how->number);
    } else if (value.length > 5 && !strncmp(value.at, "url(#", 5)) {
        (void)add_reference(scan, value);
        return;
    } else if (parse_colour(value, &rgb)) {
        for (size_t i = 0; i < sizeof page_colours / sizeof *page_colours; i++)
            if (page_colours[i].rgb == rgb) {
                pb_text_add(scan->out, page_colours[i].name);
                return;
            }
    }
    pb_xml_bytes(scan->out, value.at, value.length);
}

static void add_attribute(const struct scan *scan, struct piece name, struct piece value)
{
    if (is(name, "xlink:href") || is(name, "href")) {
        if (!(value.length > 1 && *value.at == '#'))
            return;
        pb_text_add(scan->out, " href=\"");
        (void)add_reference(scan, value);
        pb_text_add(scan->out, "\"");
    } else if (is_any(name, attributes)) {
        pb_text_addf(scan->out, " %.*s=\"", (int)name.length, name.at);
        add_value(scan, name, value);
        pb_text_add(scan->out, "\"");
    }
}

static const char space[] = " \t\r\n";

/* The next name="value" of a tag, in *name and *value; false: the tag ends here. */
static bool next_attribute(const char **at, struct piece *name, struct piece *value)
{
    const char *c = *at + strspn(*at, space);
    *name = (struct piece){ .at = c, .length = strcspn(c, " \t\r\n=/>") };
    if (!name->length)
        return false;
    c += name->length;
    c += strspn(c, space);
    if (*c != '=')
        return false;
    c += 1 + strspn(c + 1, space);
    if (*c != '"' && *c != '\'')
        return false;
    const char *end = strchr(c + 1, *c);
    if (!end)
        return false;
    *value = (struct piece){ .at = c + 1, .length = (size_t)(end - c - 1) };
    *at = end + 1;
    return true;
}

/* scan->at is behind the '<'. false: this is no tag. */
static bool add_tag(struct scan *scan)
{
    const bool is_end = *scan->at == '/';
    const char *at = scan->at + is_end;
    const struct piece element = { .at = at, .length = strcspn(at, " \t\r\n/>") };
    const bool is_known = is_any(element, elements);
    struct piece name;
    struct piece value;
    at += element.length;
    if (is_known)
        pb_text_addf(scan->out, "<%s%.*s", is_end ? "/" : "", (int)element.length,
                     element.at);
    while (next_attribute(&at, &name, &value))
        if (is_known)
            add_attribute(scan, name, value);
    at += strspn(at, space);
    const bool is_empty = *at == '/';
    at += is_empty;
    if (!element.length || *at != '>')
        return false;
    if (is_known)
        pb_text_add(scan->out, is_empty ? "/>" : ">");
    scan->at = at + 1;
    return true;
}

/* A comment, a declaration or a CDATA section at scan->at, behind "<!". */
static bool skip_declaration(struct scan *scan)
{
    const bool is_comment = !strncmp(scan->at, "!--", 3);
    const bool is_cdata = !strncmp(scan->at, "![CDATA[", 8);
    const char *ending = is_comment ? "-->" : is_cdata ? "]]>" : ">";
    const char *end = strstr(scan->at, ending);
    if (!end)
        return false;
    if (is_cdata)
        pb_xml_bytes(scan->out, scan->at + 8, (size_t)(end - scan->at - 8));
    scan->at = end + strlen(ending);
    return true;
}

/* Text between tags is gnuplot's own XML; only what HTML would stumble on changes. */
static void add_text(struct scan *scan)
{
    const size_t length = strcspn(scan->at, "<");
    for (size_t i = 0; i < length; i++)
        if (scan->at[i] == '>')
            pb_text_add(scan->out, "&gt;");
        else
            pb_text_add_bytes(scan->out, scan->at + i, 1);
    scan->at += length;
}

/* All from the first <g> on to </svg>. */
static bool add_body(struct scan *scan)
{
    while (*scan->at) {
        if (*scan->at != '<') {
            add_text(scan);
            continue;
        }
        scan->at++;
        if (!strncmp(scan->at, "/svg", 4))
            return true;
        const bool good = *scan->at == '!' ? skip_declaration(scan) : add_tag(scan);
        if (!good)
            return false;
    }
    return false;
}

static void add_root(const struct scan *scan, int width, int height)
{
    const unsigned number = scan->how->number;
    pb_text_addf(scan->out,
                 "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"f%u-title "
                 "f%u-description\">\n<title id=\"f%u-title\">",
                 width, height, number, number, number);
    pb_xml_text(scan->out, scan->how->title);
    pb_text_addf(scan->out, "</title>\n<desc id=\"f%u-description\">", number);
    pb_xml_text(scan->out, scan->how->description);
    pb_text_add(scan->out, "</desc>\n");
}

enum pb_status pb_inline_svg(const char *svg, const struct pb_inline_svg *how,
                             struct pb_text *out, struct pb_error *err)
{
    int width = 0;
    int height = 0;
    const char *box = strstr(svg, "viewBox=\"");
    const char *body = strstr(svg, "<g ");
    /* NOLINTNEXTLINE(cert-err34-c): sizes that style.gp sets */
    if (!body || !box || sscanf(box, "viewBox=\"0 0 %d %d\"", &width, &height) != 2)
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "gnuplot wrote no SVG picture: see what gnuplot --version says");
    struct scan scan = { .at = body, .how = how, .out = out };
    add_root(&scan, width, height);
    if (!add_body(&scan))
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "gnuplot's SVG picture is cut short or not as expected");
    pb_text_add(out, "</svg>\n");
    return out->failed ? pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing")
                       : PB_OK;
}
