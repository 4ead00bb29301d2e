/* Strings and file names as a plot's script may hold them, whatever they are. */
#include "plots/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_quoted(const char *str, const char *want)
{
    struct pb_text script = PB_TEXT_INIT;
    pb_script_string(&script, str, 40);
    assert_string_equal(script.str, want);
    pb_text_release(&script);
}

static void strings_are_single_quoted(void **state)
{
    (void)state;
    assert_quoted("plain", "'plain'");
    assert_quoted(NULL, "''");
    assert_quoted("it's", "'it\u2019s'");
    assert_quoted("'; system('x') #", "'\u2019; system(\u2019x\u2019) #'");
    assert_quoted("a\nb\rc\td\033e\177f", "'a b c d e f'");
    assert_quoted("`x` $(x) \"x\" @x \\x", "'`x` $(x) \"x\" @x \\x'");
    assert_quoted("\u00b5s \u20ac \U0001f600", "'\u00b5s \u20ac \U0001f600'");
}

static void what_is_not_text_becomes_a_question_mark(void **state)
{
    (void)state; /* question marks apart: two and a quote would be a trigraph */
    assert_quoted("a\xff\xfe", "'a?"
                               "?'");
    assert_quoted("\xc0\xa7", "'?"
                              "?'"); /* an overlong quote */
    assert_quoted("\xe2\x82", "'?"
                              "?'"); /* cut short */
    assert_quoted("\xed\xa0\x80", "'?"
                                  "?"
                                  "?'"); /* a surrogate */
    assert_quoted("\xef\xbf\xbf", "'?"
                                  "?"
                                  "?'"); /* U+FFFF: not in XML */
    assert_quoted("\xc2\x85x", "'?"
                               "?x'"); /* a control character above 0x7f */
    assert_quoted("\xf5\x80\x80\x80", "'?"
                                      "?"
                                      "?"
                                      "?'"); /* above U+10FFFF */
}

static void a_string_never_ends_a_cdata_section(void **state)
{
    (void)state;
    assert_quoted("a]]>b", "'a]]?b'");
    assert_quoted("]>]", "']>]'");
}

static void long_strings_are_cut_at_characters(void **state)
{
    (void)state;
    struct pb_text script = PB_TEXT_INIT;
    pb_script_string(&script, "\u00b5\u00b5\u00b5\u00b5", 3);
    assert_string_equal(script.str, "'\u00b5\u00b5\u00b5\u2026'");
    pb_text_clear(&script);
    pb_script_string(&script, "\u00b5\u00b5\u00b5", 3);
    assert_string_equal(script.str, "'\u00b5\u00b5\u00b5'");
    pb_text_release(&script);
}

static void file_names_hold_nothing_special(void **state)
{
    (void)state;
    struct pb_text name = PB_TEXT_INIT;
    pb_script_file_name(&name, "../a b/'c'|<\u00b5>-d_9");
    assert_string_equal(name.str, "___a_b__c______-d_9");
    pb_text_release(&name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_single_quoted),
        cmocka_unit_test(what_is_not_text_becomes_a_question_mark),
        cmocka_unit_test(a_string_never_ends_a_cdata_section),
        cmocka_unit_test(long_strings_are_cut_at_characters),
        cmocka_unit_test(file_names_hold_nothing_special),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
