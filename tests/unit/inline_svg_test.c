/* A picture in a page: its own ids, the page's colours, and nothing that loads or runs.
 */
#include "plots/inline_svg.h"

#include "cmd/html.h"
#include "plots/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                             \
    "<?xml version=\"1.0\"?>\n<svg width=\"9\" viewBox=\"0 0 1000 640\" "                \
    "xmlns=\"http://www.w3.org/2000/svg\">\n<title>Gnuplot</title><g id=\"a\">"

static const struct pb_inline_svg how = { .number = 7,
                                          .title = "a < b",
                                          .description = "\"both\" & 'none'" };

static void assert_inlined(const char *body, const char *want)
{
    struct pb_text svg = PB_TEXT_INIT;
    struct pb_text out = PB_TEXT_INIT;
    struct pb_error err = { .text = "" };
    pb_text_addf(&svg, "%s%s</g></svg>", HEAD, body);
    if (pb_inline_svg(svg.str, &how, &out, &err))
        fail_msg("%s", err.text);
    const char *inside = strstr(out.str, "<g id=\"f7-a\">");
    assert_non_null(inside);
    inside += strlen("<g id=\"f7-a\">");
    assert_memory_equal(inside, want, strlen(want));
    assert_string_equal(inside + strlen(want), "</g></svg>\n");
    pb_text_release(&svg);
    pb_text_release(&out);
}

static void the_root_is_named_for_those_who_do_not_see_it(void **state)
{
    (void)state;
    struct pb_text out = PB_TEXT_INIT;
    assert_int_equal(pb_inline_svg(HEAD "</g></svg>", &how, &out, NULL), PB_OK);
    assert_string_equal(
        out.str,
        "<svg viewBox=\"0 0 1000 640\" role=\"img\" aria-labelledby=\"f7-title "
        "f7-description\">\n<title id=\"f7-title\">a &lt; b</title>\n"
        "<desc id=\"f7-description\">&quot;both&quot; &amp; &#39;none&#39;</desc>\n"
        "<g id=\"f7-a\"></g></svg>\n");
    pb_text_release(&out);
}

static void ids_and_what_refers_to_them_agree(void **state)
{
    (void)state;
    assert_inlined("<circle id='p'/><use xlink:href='#p' x=\"1\"/>",
                   "<circle id=\"f7-p\"/><use href=\"#f7-p\" x=\"1\"/>");
    assert_inlined("<rect fill=\"url(#q)\" clip-path='url(#c)'/>",
                   "<rect fill=\"url(#f7-q)\" clip-path=\"url(#f7-c)\"/>");
}

static void neutral_colours_are_the_pages(void **state)
{
    (void)state;
    assert_inlined("<path fill = 'rgb( 34,  34,  34)' stroke=\"#FFFFFF\"/>",
                   "<path fill=\"var(--ink)\" stroke=\"var(--paper)\"/>");
    assert_inlined("<path fill='rgb(  0, 114, 178)' color=\"black\"/>",
                   "<path fill=\"rgb(  0, 114, 178)\" color=\"var(--ink)\"/>");
    assert_inlined("<text>rgb(34,34,34) fill='#222222'</text>",
                   "<text>rgb(34,34,34) fill='#222222'</text>");
}

static void nothing_loads_or_runs(void **state)
{
    (void)state;
    assert_inlined("<script>x</script>", "x"); /* a text, not a script */
    assert_inlined("<g onload=\"x()\" style=\"y\"></g>", "<g></g>");
    assert_inlined("<use href='http://x/#y'/>", "<use/>");
    assert_inlined("<image xlink:href='#x'/><a href='#x'>t</a>", "t");
    assert_inlined("<!-- <script> --><![CDATA[<b>]]>", "&lt;b&gt;");
    assert_inlined("<text x='\"'>a ]]> b &lt;</text>",
                   "<text x=\"&quot;\">a ]]&gt; b &lt;</text>");
}

static void what_is_no_picture_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "",
                                       "<svg></svg>",
                                       HEAD,
                                       HEAD "<path d=\"M0",
                                       HEAD "<!-- </g></svg>",
                                       HEAD "< /></g></svg>" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pb_text out = PB_TEXT_INIT;
        assert_int_equal(pb_inline_svg(bad[i], &how, &out, NULL), PB_ERR_ENVIRONMENT);
        pb_text_release(&out);
    }
}

static void strings_become_text(void **state)
{
    (void)state;
    struct pb_text out = PB_TEXT_INIT;
    pb_xml_text(&out, "<b a='1' c=\"2\">&\n\x1b\x7f\xc2\x85\xff\xef\xbf\xbf\u00b5");
    assert_string_equal(out.str, "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;    "
                                 "\ufffd\ufffd\u00b5");
    pb_text_clear(&out);
    pb_xml_text(&out, NULL);
    assert_string_equal(out.str, "");
    pb_text_release(&out);
}

static void tables_escape_and_name_their_headings(void **state)
{
    (void)state;
    static const char *const headings[] = { "a<b", "#n", NULL };
    struct pb_text out = PB_TEXT_INIT;
    pb_html_table(&out, "<c>", headings);
    pb_html_row(&out, "&");
    pb_html_interval(&out, "1", "<2");
    pb_html_row_end(&out);
    pb_html_table_end(&out);
    assert_non_null(strstr(out.str, "<caption>&lt;c&gt;</caption>"));
    assert_non_null(strstr(out.str, "<th scope=\"col\">a&lt;b</th>"
                                    "<th scope=\"col\" class=\"n\">n</th>"));
    assert_non_null(strstr(out.str, "<tr><th scope=\"row\">&amp;</th><td class=\"n\">1 "
                                    "<small>&lt;2</small></td></tr>"));
    pb_text_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_is_named_for_those_who_do_not_see_it),
        cmocka_unit_test(ids_and_what_refers_to_them_agree),
        cmocka_unit_test(neutral_colours_are_the_pages),
        cmocka_unit_test(nothing_loads_or_runs),
        cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(strings_become_text),
        cmocka_unit_test(tables_escape_and_name_their_headings),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
