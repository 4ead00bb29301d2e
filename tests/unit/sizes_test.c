/* The text of --size: every form, and complaints that quote what was written. */
#include "cmd/sizes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pb_sizes parsed(const char *text, const char *kernel)
{
    struct pb_sizes sizes = { .count = 77 };
    struct pb_error err = { "" };
    const enum pb_status status = pb_sizes_parse(text, kernel, &sizes, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, PB_OK);
    return sizes;
}

static void assert_sizes(const char *text, size_t count, const uint64_t *want)
{
    const struct pb_sizes sizes = parsed(text, "saxpy");
    assert_int_equal(sizes.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sizes.n[i], want[i]);
}
/* clang-format off */
#define GIVES(text, ...)                                                                 \
    assert_sizes(text, sizeof(uint64_t[]){ __VA_ARGS__ } / sizeof(uint64_t),             \
                 (uint64_t[]){ __VA_ARGS__ })
/* clang-format on */

static void test_single_sizes_and_lists(void **state)
{
    (void)state;
    GIVES("4096", 4096);
    GIVES("1", 1);
    GIVES("4Ki", 4096);
    GIVES("3k", 3000);
    GIVES("1Mi,1M", 1000000, 1048576);
    GIVES("64,128,256", 64, 128, 256);
    GIVES("256,64,128", 64, 128, 256);
}

static void test_ranges(void **state)
{
    (void)state;
    GIVES("1..8", 1, 2, 4, 8);
    GIVES("1Ki..8Ki*2", 1024, 2048, 4096, 8192);
    GIVES("1..100*10", 1, 10, 100);
    GIVES("3..20*2", 3, 6, 12); /* 24 is beyond */
    GIVES("5..5", 5);
    GIVES("7..9*1000", 7);
    GIVES("10,1..4", 1, 2, 4, 10);
}

static void test_fractional_factors(void **state)
{
    (void)state;
    GIVES("100..200*1.5", 100, 150);
    GIVES("1..4*1.2", 1, 2, 3, 4); /* rounds to whole sizes, each once */
    GIVES("1000..2000*1.4142135623730951", 1000, 1414, 2000);
    const struct pb_sizes fine = parsed("1..100*1.01", "saxpy");
    assert_int_equal(fine.n[0], 1);
    for (size_t i = 1; i < fine.count; i++)
        assert_true(fine.n[i] > fine.n[i - 1]);
    assert_true(fine.n[fine.count - 1] <= 100);
}

static void test_duplicates_are_merged(void **state)
{
    (void)state;
    GIVES("8,8,4,8", 4, 8);
    GIVES("1..8,2..16", 1, 2, 4, 8, 16);
    GIVES("1Ki,1024", 1024);
}

static void test_lists_per_kernel(void **state)
{
    (void)state;
    const char *text = "saxpy=4,8,matmul=32..128,saxpy=16";
    struct pb_sizes sizes = parsed(text, "saxpy");
    assert_int_equal(sizes.count, 3);
    assert_int_equal(sizes.n[2], 16);
    sizes = parsed(text, "matmul");
    assert_int_equal(sizes.count, 3);
    assert_int_equal(sizes.n[0], 32);
    assert_int_equal(parsed(text, "reduce").count, 0);
    assert_int_equal(parsed("saxpy=4", "sax").count, 0); /* a whole name, not its start */
    /* What comes before a name is everybody's. */
    sizes = parsed("64,matmul=32", "matmul");
    assert_int_equal(sizes.count, 2);
    sizes = parsed("64,matmul=32", "saxpy");
    assert_int_equal(sizes.count, 1);
}

static void refuses(const char *text, const char *quoted)
{
    struct pb_sizes sizes;
    struct pb_error err = { "" };
    assert_int_equal(pb_sizes_parse(text, "saxpy", &sizes, &err), PB_ERR_USAGE);
    if (strncmp(err.text, "--size", 6) != 0 || !strstr(err.text, quoted))
        fail_msg("%s: \"%s\" does not quote %s", text, err.text, quoted);
}

static void test_complaints_quote_the_piece(void **state)
{
    (void)state;
    refuses("12Q", "\"12Q\"");
    refuses("64,128,12Q", "\"12Q\"");
    refuses("saxpy=12Q", "\"12Q\"");
    refuses("", "\"\"");
    refuses("0", "\"0\"");
    refuses("-4", "\"-4\"");
    refuses("1.5", "\"1.5\"");
    refuses("1e6", "\"1e6\"");
    refuses("4Ki,,8Ki", "\"\"");
    refuses("4Ki,", "\"\"");
    refuses("1..", "\"1..\"");
    refuses("..8", "\"..8\"");
    refuses("1...8", "\"1...8\"");
    refuses("0..8", "\"0..8\"");
    refuses("8..1", "\"8..1\" runs backwards");
    refuses("1..8Q*2", "\"8Q\" in \"1..8Q*2\"");
}

static void test_complaints_about_the_factor(void **state)
{
    (void)state;
    refuses("1..8*", "\"1..8*\"");
    refuses("1..8*1", "\"*1\" in \"1..8*1\"");
    refuses("1..8*0.5", "\"*0.5\"");
    refuses("1..8*-2", "\"*-2\"");
    refuses("1..8*0", "\"*0\"");
    refuses("1..8*2x", "\"*2x\"");
    refuses("1..8*nan", "\"*nan\"");
    refuses("1..8*inf", "\"*inf\"");
    refuses("1..8*1e999", "\"*1e999\"");
}

static void test_too_many_sizes(void **state)
{
    (void)state;
    struct pb_sizes sizes = parsed("1..512*1.001", "saxpy");
    assert_int_equal(sizes.count, PB_SIZES_MAX);
    refuses("1..513*1.001", "more than 512 sizes");
}

/* A size is a whole number up to 2^53: what a result file holds exactly. */
static void test_large_sizes(void **state)
{
    (void)state;
    GIVES("9007199254740992", UINT64_C(9007199254740992));
    refuses("9007199254740993", "\"9007199254740993\"");
    refuses("18446744073709551615", "\"18446744073709551615\"");
    refuses("99999999999999999999999", "\"99999999999999999999999\"");
    refuses("1..18446744073709551615", "\"18446744073709551615\"");
    const struct pb_sizes sizes = parsed("1..9007199254740992", "saxpy");
    assert_int_equal(sizes.count, 54);
    assert_int_equal(sizes.n[53], UINT64_C(9007199254740992));
}

static void test_names_are_checked(void **state)
{
    (void)state;
    const char *const names[] = { "saxpy", "matmul" };
    struct pb_error err = { "" };
    assert_int_equal(pb_sizes_check_names("64,128..1Ki*2", names, 2, NULL), PB_OK);
    assert_int_equal(pb_sizes_check_names("saxpy=64,128,matmul=4", names, 2, NULL),
                     PB_OK);
    assert_int_equal(pb_sizes_check_names("saxpy=64,matmull=4", names, 2, &err),
                     PB_ERR_USAGE);
    assert_non_null(strstr(err.text, "\"matmull\""));
    assert_int_equal(pb_sizes_check_names("sax=64", names, 2, &err), PB_ERR_USAGE);
    assert_non_null(strstr(err.text, "\"sax\""));
    assert_int_equal(pb_sizes_check_names("=64", names, 2, &err), PB_ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_sizes_and_lists),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_fractional_factors),
        cmocka_unit_test(test_duplicates_are_merged),
        cmocka_unit_test(test_lists_per_kernel),
        cmocka_unit_test(test_complaints_quote_the_piece),
        cmocka_unit_test(test_complaints_about_the_factor),
        cmocka_unit_test(test_too_many_sizes),
        cmocka_unit_test(test_large_sizes),
        cmocka_unit_test(test_names_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
