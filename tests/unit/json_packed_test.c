/* Arrays of numbers in large files: no node, and next to no memory, for each number. */
#include "results/json_packed.h"

#include "results/json.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_packed(const char *text, const char *wanted, size_t count)
{
    struct pb_json_packed packed = { .text = PB_TEXT_INIT };
    size_t end = 0;
    assert_true(pb_json_pack(&packed, text, 0, &end));
    assert_string_equal(packed.text.str, wanted);
    assert_int_equal(packed.count, count);
    for (size_t i = 0; i < count; i++) /* every text below counts from 1 */
        assert_true(packed.numbers[i] == (double)(i + 1));
    assert_true(text[end] == ',' || text[end] == '\0');
    pb_json_packed_release(&packed);
}

static void test_arrays_of_numbers_are_taken_out(void **state)
{
    (void)state;
    assert_packed("{\"a\":[1,2,3],\"b\":4},{}", "{\"a\":[[0,3]],\"b\":4}", 3);
    assert_packed("{\"a\":[ 1 ,\n2.0 ],\"b\":[3]}", "{\"a\":[[0,2]],\"b\":[[2,1]]}", 3);
    assert_packed("[1]", "[[0,1]]", 1);
    assert_packed("[[1,2],[30e-1]]", "[[[0,2]],[[2,1]]]", 3);
    assert_packed("[{\"x\":[1]},[2]]", "[{\"x\":[[0,1]]},[[1,1]]]", 2);
}

static void test_all_else_stays(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",   "[]",        "[ ]",    "7",        "\"[1,2]\"",
        "null", "[1,\"x\"]", "[1,[]]", "[true,1]", "{\"[1]\":\"\\\"[2]\\\\\",\"b\":[]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_packed(texts[i], texts[i], 0);
    /* What a mixed array began with is dropped. */
    assert_packed("[9,[1]]", "[9,[[0,1]]]", 1);
}

static void test_the_buffers_are_used_again(void **state)
{
    (void)state;
    struct pb_json_packed packed = { .text = PB_TEXT_INIT };
    size_t end = 0;
    assert_true(pb_json_pack(&packed, "[1,2,3]", 0, &end));
    const double *numbers = packed.numbers;
    assert_true(pb_json_pack(&packed, "[4]", 0, &end));
    assert_ptr_equal(packed.numbers, numbers);
    assert_string_equal(packed.text.str, "[[0,1]]");
    assert_true(packed.count == 1 && packed.numbers[0] == 4.0);
    pb_json_packed_release(&packed);
}

/* ---- through a file ---------------------------------------------------------------- */

static struct pb_json_doc *read_text(const char *text)
{
    char path[] = "/tmp/pb-json-packed-test-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
    struct pb_json_doc *doc = NULL;
    struct pb_error err;
    assert_int_equal(pb_json_read_large_file(path, "points", &doc, &err), PB_OK);
    (void)unlink(path);
    return doc;
}

struct visit {
    size_t points; /* visited */
    double sum;
    char message[256]; /* of the last complaint, from the line on */
    size_t most_heap;  /* bytes in use */
};

static size_t heap_bytes(void)
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* Sums up the samples; complains of the first below 0. */
static enum pb_status sum_up(const struct pb_json_doc *doc, const struct pb_json *element,
                             void *context, struct pb_error *err)
{
    struct visit *visit = context;
    const struct pb_json *array = NULL;
    struct pb_json_numbers numbers;
    visit->points++;
    assert_int_equal(pb_json_get_array(doc, element, "x", &array, err), PB_OK);
    enum pb_status status = pb_json_read_numbers(doc, array, &numbers, err);
    if (status)
        return status;
    if (heap_bytes() > visit->most_heap)
        visit->most_heap = heap_bytes();
    for (size_t i = 0; !status && i < numbers.count; i++) {
        visit->sum += numbers.values[i];
        if (numbers.values[i] < 0.0)
            status = pb_json_complain_number(doc, array, i, err, "below 0");
    }
    free(numbers.values);
    const char *name = NULL; /* behind the array */
    return status ? status : pb_json_get_string(doc, element, "name", &name, err);
}

static enum pb_status walk(const struct pb_json_doc *doc, struct visit *visit)
{
    const struct pb_json *points = NULL;
    struct pb_error err = { .text = "" };
    assert_int_equal(pb_json_get_array(doc, pb_json_root(doc), "points", &points, &err),
                     PB_OK);
    const enum pb_status status = pb_json_each(doc, points, sum_up, visit, &err);
    const char *place = strchr(err.text, ':'); /* behind the random name */
    (void)snprintf(visit->message, sizeof visit->message, "%s", place ? place : "");
    return status;
}

static void test_numbers_are_read(void **state)
{
    (void)state;
    struct pb_json_doc *doc = read_text("{\"points\":[{\"x\":[1,2.5],\"name\":\"a\"},\n"
                                        "{\"x\":[],\"name\":\"b\"},"
                                        "{\"x\":[4e0],\"name\":\"c\"}],\"y\":[1,2]}");
    struct visit visit = { .sum = 0.0 };
    assert_int_equal(walk(doc, &visit), PB_OK);
    assert_true(visit.points == 3 && visit.sum == 7.5);
    pb_json_doc_free(doc);
}

static void test_complaints_name_the_number(void **state)
{
    (void)state;
    static const struct {
        const char *point, *message;
    } cases[] = {
        { "{\"u\":[1,2],\n\"x\":[1,2, -3]}", ":2:11: below 0" },
        { "{\"x\":[1,\n 1e999]}", ":2:2: a number beyond 1.8e+308" },
        { "{\"x\":[1,\n\"2\"]}", ":2:1: expected a number, found a string" },
        { "{\"u\":[1,[2,3,4],5],\"x\":[1,2,3],\n\"name\":1}",
          ":2:8: expected a string for \"name\", found a number" },
        { "{\"v\":0,\n \"x\":[1,2]}",
          ":1:12: \"name\" is missing here: expected a string" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200];
        (void)snprintf(text, sizeof text, "{\"points\":[%s]}", cases[i].point);
        struct pb_json_doc *doc = read_text(text);
        struct visit visit = { .sum = 0.0 };
        assert_int_equal(walk(doc, &visit), PB_ERR_INPUT);
        assert_string_equal(visit.message, cases[i].message);
        pb_json_doc_free(doc);
    }
}

/* The text, the element's numbers twice (the buffer has room for as many again), the
 * visitor's copy: as a tree they would take 64 bytes each and more. */
static void test_a_long_array_takes_no_node_per_number(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, "{\"points\":[{\"x\":[1");
    for (size_t i = 1; i < COUNT; i++)
        pb_text_add(&text, ",1");
    pb_text_add(&text, "],\"name\":\"a\"}]}");
    const size_t len = text.len, before = heap_bytes();
    struct pb_json_doc *doc = read_text(text.str);
    struct visit visit = { .sum = 0.0 };
    assert_int_equal(walk(doc, &visit), PB_OK);
    assert_true(visit.sum == (double)COUNT);
    pb_json_doc_free(doc);
    pb_text_release(&text);
    if (before == 0)
        skip(); /* an allocator that does not count, as under a sanitiser */
    const size_t allowed = 3 * len + 4 * COUNT * sizeof(double);
    if (visit.most_heap > before + allowed)
        fail_msg("%zu bytes, %zu allowed", visit.most_heap - before, allowed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arrays_of_numbers_are_taken_out),
        cmocka_unit_test(test_all_else_stays),
        cmocka_unit_test(test_the_buffers_are_used_again),
        cmocka_unit_test(test_numbers_are_read),
        cmocka_unit_test(test_complaints_name_the_number),
        cmocka_unit_test(test_a_long_array_takes_no_node_per_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
