/* The leaf helpers: growable text, and messages of errors. */
#include "measure/error.h"
#include "measure/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_an_empty_text_is_a_string(void **state)
{
    (void)state;
    struct pb_text text = PB_TEXT_INIT;
    assert_string_equal(text.str, "");
    assert_int_equal(text.len, 0);
    pb_text_release(&text);
    pb_text_release(&text); /* a released one is fine */
    assert_string_equal(text.str, "");
}

static void test_appends_keep_length_and_terminator(void **state)
{
    (void)state;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, "ab");
    pb_text_add_bytes(&text, "cdXX", 2);
    pb_text_addf(&text, "%d-%s", 42, "e");
    pb_text_add(&text, "");
    assert_string_equal(text.str, "abcd42-e");
    assert_int_equal(text.len, 8);
    assert_false(text.failed);
    pb_text_release(&text);
}

static void test_grows_over_many_appends(void **state)
{
    (void)state;
    struct pb_text text = PB_TEXT_INIT;
    for (int i = 0; i < 10000; i++)
        pb_text_addf(&text, "%04d,", i);
    assert_int_equal(text.len, 50000);
    assert_memory_equal(text.str + 5 * 9999, "9999,", 6);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(atoi(text.str + 5 * i), i);
    pb_text_release(&text);
}

static void test_formats_more_than_a_line_at_once(void **state)
{
    (void)state;
    char *text = pb_text_format("%5000s|", "x");
    assert_non_null(text);
    assert_int_equal(strlen(text), 5001);
    assert_string_equal(text + 4999, "x|");
    free(text);
}

static void test_bytes_may_hold_a_nul(void **state)
{
    (void)state;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add_bytes(&text, "a\0b", 3);
    assert_int_equal(text.len, 3);
    assert_memory_equal(text.str, "a\0b", 4);
    pb_text_release(&text);
}

static void test_clear_empties_and_can_go_on(void **state)
{
    (void)state;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_clear(&text); /* nothing there yet */
    pb_text_add(&text, "first");
    const size_t cap = text.cap;
    pb_text_clear(&text);
    assert_string_equal(text.str, "");
    assert_int_equal(text.cap, cap);
    pb_text_add(&text, "2nd");
    assert_string_equal(text.str, "2nd");
    pb_text_release(&text);
}

static void test_take_hands_over_and_empties(void **state)
{
    (void)state;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, "mine");
    char *taken = pb_text_take(&text);
    assert_string_equal(taken, "mine");
    assert_string_equal(text.str, "");
    assert_int_equal(text.cap, 0);
    free(taken);
    taken = pb_text_take(&text); /* of an empty one: "", owned too */
    assert_string_equal(taken, "");
    free(taken);
}

static void test_a_failed_text_stays_and_takes_as_null(void **state)
{
    (void)state;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, "kept");
    text.failed = true; /* as an append that ran out of memory leaves it */
    pb_text_add(&text, "lost");
    pb_text_addf(&text, "%d", 1);
    assert_string_equal(text.str, "kept");
    assert_null(pb_text_take(&text));
    assert_false(text.failed);
    pb_text_release(&text);
}

static void test_one_line_has_no_control_bytes(void **state)
{
    (void)state;
    char text[] = "a\tb\nc\x1b[31m\x7f\xc3\xa9";
    assert_string_equal(pb_text_one_line(text), "a b c [31m \xc3\xa9");
}

static void test_fail_formats_and_returns_its_status(void **state)
{
    (void)state;
    struct pb_error err;
    assert_int_equal(pb_fail(&err, PB_ERR_INPUT, "file %s, line %d", "x", 3),
                     PB_ERR_INPUT);
    assert_string_equal(err.text, "file x, line 3");
    assert_int_equal(pb_fail(NULL, PB_ERR_MEMORY, "nobody %s", "listens"), PB_ERR_MEMORY);
}

static void test_fail_cuts_what_is_too_long(void **state)
{
    (void)state;
    struct pb_error err;
    (void)pb_fail(&err, PB_ERR_INPUT, "%600s", "x");
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void test_prefixes_stack_up(void **state)
{
    (void)state;
    struct pb_error err;
    (void)pb_fail(&err, PB_ERR_INPUT, "cause");
    assert_int_equal(pb_fail_prefix(&err, PB_ERR_INPUT, "line %d", 7), PB_ERR_INPUT);
    assert_int_equal(pb_fail_prefix(&err, PB_ERR_USAGE, "file"), PB_ERR_USAGE);
    assert_string_equal(err.text, "file: line 7: cause");
    assert_int_equal(pb_fail_prefix(NULL, PB_ERR_INPUT, "x"), PB_ERR_INPUT);
}

static void test_a_prefix_that_fills_the_buffer_cuts_the_cause(void **state)
{
    (void)state;
    struct pb_error err;
    (void)pb_fail(&err, PB_ERR_INPUT, "cause");
    (void)pb_fail_prefix(&err, PB_ERR_INPUT, "%508s", "p"); /* leaves ": c" */
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_string_equal(err.text + 507, "p: c");
    (void)pb_fail_prefix(&err, PB_ERR_INPUT, "%600s", "q");
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_text_is_a_string),
        cmocka_unit_test(test_appends_keep_length_and_terminator),
        cmocka_unit_test(test_grows_over_many_appends),
        cmocka_unit_test(test_formats_more_than_a_line_at_once),
        cmocka_unit_test(test_bytes_may_hold_a_nul),
        cmocka_unit_test(test_clear_empties_and_can_go_on),
        cmocka_unit_test(test_take_hands_over_and_empties),
        cmocka_unit_test(test_a_failed_text_stays_and_takes_as_null),
        cmocka_unit_test(test_one_line_has_no_control_bytes),
        cmocka_unit_test(test_fail_formats_and_returns_its_status),
        cmocka_unit_test(test_fail_cuts_what_is_too_long),
        cmocka_unit_test(test_prefixes_stack_up),
        cmocka_unit_test(test_a_prefix_that_fills_the_buffer_cuts_the_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
