/* compare_junit.c - a comparison as JUnit XML: slower and broken points are failures,
 * unresolved and lost ones are skipped, and the comparison itself is a test case that is
 * an error where it is inconclusive: a report of skipped tests alone would look green. */
#include "cmd/compare_names.h"
#include "cmd/compare_print.h"
#include "results/utf8.h"

#include <stdint.h>
#include <string.h>

/* May the character stand in XML 1.0 at all (section 2.2 of the standard), and is it no
 * C1 control, which XML allows but a terminal that shows the report obeys? */
static bool is_xml_character(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0x7f) ||
           (c >= 0xa0 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
}

static const char *entity_of(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
    case '\n':
    case '\r':
        return " ";
    default:
        return is_xml_character(c) ? NULL : "\xef\xbf\xbd"; /* U+FFFD */
    }
}

/* For an attribute's value in double quotes. */
static void print_escaped(const char *text, FILE *out)
{
    const char *end = text + strlen(text);
    while (text < end) {
        uint32_t character = 0xffff; /* of bytes that are no UTF-8: becomes U+FFFD */
        const size_t bytes = pb_utf8_next(text, (size_t)(end - text), &character);
        const char *entity = entity_of(bytes ? character : 0xffff);
        if (entity)
            fputs(entity, out);
        else
            fwrite(text, 1, bytes, out);
        text += bytes ? bytes : 1;
    }
}

static void print_attribute(const char *name, const char *value, FILE *out)
{
    fprintf(out, " %s=\"", name);
    print_escaped(value, out);
    fputs("\"", out);
}

/* NULL: the test passed. */
static const char *element_of(const struct pb_row *row)
{
    if (row->kind == PB_ROW_BROKEN ||
        (row->kind == PB_ROW_JUDGED && row->change == PB_CHANGE_SLOWER))
        return "failure";
    if (row->kind == PB_ROW_LOST || row->kind == PB_ROW_NOT_OK ||
        (row->kind == PB_ROW_JUDGED && row->change == PB_CHANGE_UNRESOLVED))
        return "skipped";
    return NULL;
}

static void print_case(const struct pb_comparison *c, const struct pb_row *row, FILE *out)
{
    const char *element = element_of(row);
    struct pb_text key = PB_TEXT_INIT, sentence = PB_TEXT_INIT;
    pb_compare_add_key(&key, row->new_point);
    pb_compare_add_sentence(&sentence, c, row);
    fputs("    <testcase", out);
    print_attribute("classname", "parbench", out);
    print_attribute("name", key.str, out);
    if (element) {
        fprintf(out, ">\n      <%s", element);
        if (element[0] == 'f')
            print_attribute("type", pb_row_verdict(row), out);
        print_attribute("message", sentence.str, out);
        fputs("/>\n    </testcase>\n", out);
    } else {
        fputs("/>\n", out);
    }
    pb_text_release(&key);
    pb_text_release(&sentence);
}

static void print_whole(const struct pb_comparison *c, FILE *out)
{
    fputs("    <testcase classname=\"parbench\" name=\"comparison\"", out);
    if (c->result != PB_COMPARE_INCONCLUSIVE) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n      <error type=\"inconclusive\"", out);
    print_attribute("message", c->reason, out);
    fputs("/>\n    </testcase>\n", out);
}

static size_t count_elements(const struct pb_comparison *c, char first_letter)
{
    size_t count = 0;
    for (size_t i = 0; i < c->nrows; i++) {
        const char *element = element_of(&c->rows[i]);
        count += element && element[0] == first_letter;
    }
    return count;
}

enum pb_status pb_compare_print_junit(const struct pb_comparison *comparison, FILE *out,
                                      struct pb_error *err)
{
    (void)err;
    const struct pb_comparison *c = comparison;
    const size_t failures = count_elements(c, 'f'), skipped = count_elements(c, 's');
    const unsigned errors = c->result == PB_COMPARE_INCONCLUSIVE;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
    fprintf(out,
            "  <testsuite name=\"parbench compare\" tests=\"%zu\" failures=\"%zu\" "
            "errors=\"%u\" skipped=\"%zu\">\n",
            c->nrows + 1, failures, errors, skipped);
    print_whole(c, out);
    for (size_t i = 0; i < c->nrows; i++)
        print_case(c, &c->rows[i], out);
    fputs("  </testsuite>\n</testsuites>\n", out);
    return PB_OK;
}
