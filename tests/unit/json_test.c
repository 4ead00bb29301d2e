/* Strict JSON: what is accepted, and what is refused and where. */
#include "results/json.h"

#include "measure/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct pb_json_doc *parse(const char *text)
{
    struct pb_json_doc *doc = NULL;
    struct pb_error err = { 0 };
    if (pb_json_parse("T", text, strlen(text), &doc, &err) != PB_OK)
        fail_msg("%s refused: %s", text, err.text);
    return doc;
}

/* bytes counts, so that a text may hold a NUL */
static void assert_refused(const char *text, size_t bytes, const char *message)
{
    struct pb_json_doc *doc = NULL;
    struct pb_error err = { 0 };
    const enum pb_status status = pb_json_parse("T", text, bytes, &doc, &err);
    if (status != PB_ERR_INPUT)
        fail_msg("%s: status %d", text, (int)status);
    assert_string_equal(err.text, message);
    assert_null(doc);
}

/* ---- strictness -------------------------------------------------------------------- */

static void test_accepts_every_form_of_json(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "1e5",
        "1E+5",
        "-12.50e-3",
        "true",
        "false",
        "null",
        "\"\"",
        "[]",
        "{}",
        " \t\r\n[ 1 , 2 ]\n",
        "{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
        "\"\x7f\"",
        "{\"a\":1,\"A\":2,\"\":3}",
        "[[[[[[]]]]]]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        pb_json_doc_free(parse(texts[i]));
}

static void test_refuses_with_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        { "", "T:1:1: expected a value, found the end: the text is cut short" },
        { " \n ", "T:2:2: expected a value, found the end: the text is cut short" },
        { "1 2", "T:1:3: expected the end of the text, found '2'" },
        { "{}\n}", "T:2:1: expected the end of the text, found '}'" },
        { "[1,]", "T:1:4: expected a value, found ']'" },
        { "[1\n 2]", "T:2:2: expected ',' or ']', found '2'" },
        { "[,1]", "T:1:2: expected a value, found ','" },
        { "{\"a\":1,}", "T:1:8: expected a key in quotes, found '}'" },
        { "{a:1}", "T:1:2: expected a key in quotes, found 'a'" },
        { "{\"a\" 1}", "T:1:6: expected ':', found '1'" },
        { "{\"a\":1;}", "T:1:7: expected ',' or '}', found ';'" },
        { "[NaN]", "T:1:2: NaN is not a JSON value (an unknown number is null)" },
        { "Infinity", "T:1:1: Infinity is not a JSON value (an unknown number is null)" },
        { "-Infinity", "T:1:2: expected a digit, found 'I'" },
        { "True", "T:1:1: True is not a JSON value (an unknown number is null)" },
        { "nul", "T:1:1: nul is not a JSON value (an unknown number is null)" },
        { "[01]", "T:1:2: a number must not start with a zero" },
        { "-012", "T:1:1: a number must not start with a zero" },
        { "+1", "T:1:1: expected a value, found '+'" },
        { ".5", "T:1:1: expected a value, found '.'" },
        { "1.", "T:1:3: expected a digit, found the end: the text is cut short" },
        { "[1.e5]", "T:1:4: expected a digit, found 'e'" },
        { "1e", "T:1:3: expected a digit, found the end: the text is cut short" },
        { "0x10", "T:1:2: expected the end of the text, found 'x'" },
        { "'a'", "T:1:1: expected a value, found '''" },
        { "\"a", "T:1:3: expected the '\"' that ends a string, found the end: the text "
                 "is cut short" },
        { "\"a\nb\"", "T:1:3: control byte 0x0a in a string: it must be escaped" },
        { "\"\\x41\"", "T:1:2: a backslash that starts no JSON escape" },
        { "\"\\", "T:1:2: a backslash that starts no JSON escape" },
        { "\"\\u12g4\"", "T:1:2: \\u must be followed by four hexadecimal digits" },
        { "\"\\u12", "T:1:2: \\u must be followed by four hexadecimal digits" },
        { "\"\\u0000\"", "T:1:2: a NUL character (\\u0000) cannot stand in a string" },
        { "\"\\ud83d\"", "T:1:2: half of a surrogate pair" },
        { "\"\\ud83d\\u0041\"", "T:1:2: half of a surrogate pair" },
        { "\"\\ude00\"", "T:1:2: half of a surrogate pair" },
        { "\"\xff\"", "T:1:2: byte 0xff is not valid UTF-8" },
        { "\"\xc0\xaf\"", "T:1:2: byte 0xc0 is not valid UTF-8" },         /* overlong */
        { "\"\xe0\x80\xaf\"", "T:1:2: byte 0xe0 is not valid UTF-8" },     /* overlong */
        { "\"\xed\xa0\x80\"", "T:1:2: byte 0xed is not valid UTF-8" },     /* surrogate */
        { "\"\xf4\x90\x80\x80\"", "T:1:2: byte 0xf4 is not valid UTF-8" }, /* too big */
        { "\"\xc3\"", "T:1:2: byte 0xc3 is not valid UTF-8" },             /* cut short */
        { "\xef\xbb\xbf{}", "T:1:1: expected a value, found byte 0xef" },
        { "[1]\v", "T:1:4: expected the end of the text, found byte 0x0b" },
        { "{\"a\":1,\n \"a\":2}",
          "T:2:2: this key stands in its object for the second time" },
        { "{\"n\":1,\"\\u006e\":2}",
          "T:1:8: this key stands in its object for the second time" },
        { "{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}",
          "T:1:11: this key stands in its object for the second time" },
        { "// comment\n1", "T:1:1: expected a value, found '/'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
    assert_refused("[1\0]", 4, "T:1:3: expected ',' or ']', found byte 0x00");
    assert_refused("\"a\0\"", 4,
                   "T:1:3: control byte 0x00 in a string: it must be escaped");
    assert_refused("1\0", 2, "T:1:2: expected the end of the text, found byte 0x00");
}

static void test_nests_to_a_limit(void **state)
{
    (void)state;
    char text[200];
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    text[128] = '\0';
    pb_json_doc_free(parse(text));
    memset(text, '[', 199);
    assert_refused(text, 199, "T:1:65: nested more than 64 deep");
}

static void test_long_numbers_have_a_limit(void **state)
{
    (void)state;
    char text[65] = "0.";
    memset(text + 2, '1', 61);
    text[63] = '\0';
    pb_json_doc_free(parse(text));
    text[63] = '1';
    assert_refused(text, 64, "T:1:1: a number of more than 63 characters");
}

/* Larger than what is compared pair by pair. */
static void test_finds_a_duplicate_among_many_keys(void **state)
{
    (void)state;
    struct pb_text text = PB_TEXT_INIT;
    for (unsigned i = 0; i < 100000; i++)
        pb_text_addf(&text, "%s\"key%u\":0", i ? ",\n" : "{", i);
    const size_t len = text.len;
    pb_text_add(&text, "}");
    pb_json_doc_free(parse(text.str));
    text.len = len;
    pb_text_add(&text, ",\n\"key77777\":1}");
    assert_refused(text.str, text.len,
                   "T:100001:1: this key stands in its object for the second time");
    pb_text_release(&text);
}

/* ---- access ------------------------------------------------------------------------ */

static void test_members_have_kinds(void **state)
{
    (void)state;
    struct pb_json_doc *doc = parse(
        "{\"s\":\"x\",\"n\":2.5,\"i\":7,\"b\":true,\"z\":null,\n \"o\":{},\"a\":[]}");
    const struct pb_json *root = pb_json_root(doc), *value = root;
    struct pb_error err;
    const char *text = "?";
    double number = 0;
    uint64_t integer = 0;
    bool flag = false;
    assert_true(pb_json_is_object(root));
    assert_int_equal(pb_json_get_string(doc, root, "s", &text, &err), PB_OK);
    assert_string_equal(text, "x");
    assert_int_equal(pb_json_get_string_or_null(doc, root, "z", &text, &err), PB_OK);
    assert_null(text);
    assert_int_equal(pb_json_get_number_or_nan(doc, root, "n", &number, &err), PB_OK);
    assert_true(number == 2.5);
    assert_int_equal(pb_json_get_number_or_nan(doc, root, "none", &number, &err), PB_OK);
    assert_true(isnan(number));
    assert_int_equal(pb_json_get_integer(doc, root, "i", 7, 7, &integer, &err), PB_OK);
    assert_int_equal(integer, 7);
    assert_int_equal(pb_json_get_integer_or(doc, root, "z", 1, 2, 99, &integer, &err),
                     PB_OK);
    assert_int_equal(integer, 99);
    assert_int_equal(pb_json_get_bool_or(doc, root, "b", false, &flag, &err), PB_OK);
    assert_true(flag);
    assert_int_equal(pb_json_get_bool_or(doc, root, "z", true, &flag, &err), PB_OK);
    assert_true(flag);
    assert_int_equal(pb_json_get_object(doc, root, "z", &value, &err), PB_OK);
    assert_null(value);
    assert_int_equal(pb_json_get_object(doc, root, "o", &value, &err), PB_OK);
    assert_true(pb_json_is_object(value));
    assert_int_equal(pb_json_get_array(doc, root, "a", &value, &err), PB_OK);
    assert_int_equal(pb_json_count(value), 0);
    assert_null(pb_json_first(NULL));
    assert_int_equal(pb_json_count(NULL), 0);
    pb_json_doc_free(doc);
}

static void test_complaints_name_the_place(void **state)
{
    (void)state;
    struct pb_json_doc *doc = parse("\n{\"s\":\"\\\"{[,:\", \"n\":[1,\n{\"k\":\"v\"},3], "
                                    "\"z\":null,\"f\":1.5,\"big\":1e999}");
    const struct pb_json *root = pb_json_root(doc), *array = NULL;
    struct pb_error err;
    const char *text;
    double number;
    uint64_t integer;
    bool flag;
    assert_int_equal(pb_json_get_string(doc, root, "n", &text, &err), PB_ERR_INPUT);
    assert_string_equal(err.text, "T:2:20: expected a string for \"n\", found an array");
    (void)pb_json_get_number_or_nan(doc, root, "s", &number, &err);
    assert_string_equal(err.text, "T:2:6: expected a number for \"s\", found a string");
    (void)pb_json_get_string(doc, root, "z", &text, &err);
    assert_string_equal(err.text, "T:3:19: expected a string for \"z\", found null");
    (void)pb_json_get_string(doc, root, "none", &text, &err);
    assert_string_equal(err.text, "T:2:1: \"none\" is missing here: expected a string");
    (void)pb_json_get_integer(doc, root, "f", 1, 9, &integer, &err);
    assert_string_equal(
        err.text, "T:3:28: expected a whole number from 1 to 9 for \"f\", found 1.5");
    (void)pb_json_get_bool_or(doc, root, "f", true, &flag, &err);
    assert_string_equal(err.text,
                        "T:3:28: expected true or false for \"f\", found a number");
    (void)pb_json_get_number_or_nan(doc, root, "big", &number, &err);
    assert_string_equal(err.text, "T:3:38: a number beyond 1.8e+308");
    (void)pb_json_get_object(doc, root, "s", &array, &err);
    assert_string_equal(err.text, "T:2:6: expected an object for \"s\", found a string");
    assert_int_equal(pb_json_get_array(doc, root, "n", &array, &err), PB_OK);
    const struct pb_json *second = pb_json_next(pb_json_first(array));
    (void)pb_json_as_number(doc, second, &number, &err);
    assert_string_equal(err.text, "T:3:1: expected a number, found an object");
    (void)pb_json_complain(doc, pb_json_next(second), &err, "an %s\x1b", "oddity");
    assert_string_equal(err.text, "T:3:11: an oddity ");
    assert_null(pb_json_next(pb_json_next(second)));
    pb_json_doc_free(doc);
}

/* ---- files and large arrays -------------------------------------------------------- */

static char *write_file(const char *text, size_t bytes)
{
    char *path = strdup("/tmp/pb-json-test-XXXXXX");
    assert_non_null(path);
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, bytes), bytes);
    assert_int_equal(close(fd), 0);
    return path;
}

static enum pb_status sum_up(const struct pb_json_doc *doc, const struct pb_json *element,
                             void *context, struct pb_error *err)
{
    double number = 0;
    const enum pb_status status =
        pb_json_get_number_or_nan(doc, element, "x", &number, err);
    *(double *)context += number;
    return status;
}

static void test_a_large_array_is_walked_as_any_other(void **state)
{
    (void)state;
    static const char text[] = "{\"before\":[1],\n \"points\" : [ {\"x\":1} ,\n{\"x\":2},"
                               "\n  {\"x\":\"bad\"}, {\"x\":4} ],\n\"after\":true}";
    char *path = write_file(text, sizeof text - 1);
    for (int large = 0; large < 2; large++) {
        struct pb_json_doc *doc = NULL;
        struct pb_error err;
        const struct pb_json *array = NULL;
        assert_int_equal(
            pb_json_read_large_file(path, large ? "points" : NULL, &doc, &err), PB_OK);
        const struct pb_json *root = pb_json_root(doc);
        assert_int_equal(pb_json_get_array(doc, root, "points", &array, &err), PB_OK);
        assert_int_equal(pb_json_count(array), large ? 0 : 4);
        double sum = 0;
        assert_int_equal(pb_json_each(doc, array, sum_up, &sum, &err), PB_ERR_INPUT);
        assert_true(sum == 3.0); /* stopped at the bad one */
        char wanted[200];
        (void)snprintf(wanted, sizeof wanted,
                       "%s:4:8: expected a number for \"x\", found a string", path);
        assert_string_equal(err.text, wanted);
        const char *string; /* a place behind the array */
        (void)pb_json_get_string(doc, root, "after", &string, &err);
        (void)snprintf(wanted, sizeof wanted,
                       "%s:5:9: expected a string for \"after\", found true or false",
                       path);
        assert_string_equal(err.text, wanted);
        pb_json_doc_free(doc);
    }
    (void)unlink(path);
    free(path);
}

static void test_unreadable_files_are_named(void **state)
{
    (void)state;
    struct pb_json_doc *doc = NULL;
    struct pb_error err;
    assert_int_equal(pb_json_read_file("/none/such", &doc, &err), PB_ERR_INPUT);
    assert_string_equal(err.text, "cannot read /none/such: No such file or directory");
    assert_int_equal(pb_json_read_file("/", &doc, &err), PB_ERR_INPUT);
    assert_string_equal(err.text, "cannot read /: Is a directory");
    assert_int_equal(pb_json_read_file("/dev/null", &doc, &err), PB_ERR_INPUT);
    assert_string_equal(err.text, "/dev/null is empty: expected JSON");
    assert_null(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts_every_form_of_json),
        cmocka_unit_test(test_refuses_with_the_place),
        cmocka_unit_test(test_nests_to_a_limit),
        cmocka_unit_test(test_long_numbers_have_a_limit),
        cmocka_unit_test(test_finds_a_duplicate_among_many_keys),
        cmocka_unit_test(test_members_have_kinds),
        cmocka_unit_test(test_complaints_name_the_place),
        cmocka_unit_test(test_a_large_array_is_walked_as_any_other),
        cmocka_unit_test(test_unreadable_files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
