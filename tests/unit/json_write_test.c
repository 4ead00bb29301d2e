/* What is written as JSON reads back as it was. */
#include "results/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pb_json_doc *parse(const char *text)
{
    struct pb_json_doc *doc = NULL;
    struct pb_error err = { 0 };
    if (pb_json_parse("T", text, strlen(text), &doc, &err) != PB_OK)
        fail_msg("%s refused: %s", text, err.text);
    return doc;
}

static void test_numbers_read_back_exactly(void **state)
{
    (void)state;
    static const double numbers[] = {
        0,
        -1,
        0.1,
        1.0 / 3,
        1e-300,
        5e-324,
        1.7976931348623157e308,
        123456789.123456789,
        9007199254740991.0, /* 2^53 - 1: where the library's own printing goes wrong */
        9007199254740990.0,
        1234567890123457.0,
        1e22,
    };
    const size_t count = sizeof numbers / sizeof numbers[0];
    struct pb_json *array = pb_json_new_array();
    for (size_t i = 0; i < count; i++)
        assert_true(pb_json_add_number(array, NULL, numbers[i]));
    char *text = pb_json_print(array, false);
    pb_json_free(array);
    for (int pass = 0; pass < 2; pass++) { /* then what was read is printed again */
        struct pb_json_doc *doc = parse(text);
        const struct pb_json *value = pb_json_first(pb_json_root(doc));
        for (size_t i = 0; i < count; i++, value = pb_json_next(value)) {
            double number = -1;
            assert_int_equal(pb_json_as_number(doc, value, &number, NULL), PB_OK);
            assert_true(number == numbers[i]);
        }
        free(text);
        text = pb_json_print(pb_json_root(doc), pass == 0);
        pb_json_doc_free(doc);
    }
    free(text);
}

static void test_whole_numbers_have_no_exponent(void **state)
{
    (void)state;
    struct pb_json *array = pb_json_new_array();
    assert_true(pb_json_add_number(array, NULL, 1e15));
    assert_true(pb_json_add_number(array, NULL, 8589934592.0));
    assert_true(pb_json_add_number(array, NULL, 0.5));
    char *text = pb_json_print(array, false);
    assert_string_equal(text, "[1000000000000000,8589934592,0.5]");
    free(text);
    pb_json_free(array);
}

static void test_strings_become_valid_utf8(void **state)
{
    (void)state;
    struct pb_json *object = pb_json_new_object();
    assert_true(pb_json_add_string(object, "good", "\xc3\xa9\t\x01\"\\/"));
    assert_true(pb_json_add_string(object, "bad", "a\xff\xc3z\xe2\x82"));
    assert_true(pb_json_add_string(object, "none", NULL));
    assert_true(pb_json_add_number(object, "nan", (double)NAN));
    assert_true(pb_json_add_number(object, "inf", -HUGE_VAL));
    assert_true(pb_json_add_bool(object, "yes", true));
    assert_true(pb_json_add_null(object, "null"));
    char *text = pb_json_print(object, false);
    assert_string_equal(text,
                        "{\"good\":\"\xc3\xa9\\t\\u0001\\\"\\\\/\","
                        "\"bad\":\"a\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\","
                        "\"none\":null,\"nan\":null,\"inf\":null,\"yes\":true,"
                        "\"null\":null}");
    pb_json_doc_free(parse(text));
    free(text);
    pb_json_free(object);
}

static void test_builders_accept_null(void **state)
{
    (void)state;
    assert_false(pb_json_add(NULL, "k", pb_json_new_object())); /* frees the child */
    assert_false(pb_json_add_string(NULL, "k", "v"));
    assert_false(pb_json_add_number(NULL, NULL, 1));
    struct pb_json *array = pb_json_new_array();
    assert_false(pb_json_add(array, NULL, NULL));
    assert_null(pb_json_print(NULL, true));
    pb_json_free(array);
    pb_json_free(NULL);
    pb_json_doc_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_read_back_exactly),
        cmocka_unit_test(test_whole_numbers_have_no_exponent),
        cmocka_unit_test(test_strings_become_valid_utf8),
        cmocka_unit_test(test_builders_accept_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
