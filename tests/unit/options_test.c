/* Parsing of command lines, and its messages to the letter. */
#include "cmd/options.h"

#include "cmd/command.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct fields {
    bool quick, verbose;
    const char *output, *format;
    uint64_t rounds, seed;
    double limit_s, precision;
    struct pb_texts plugins, backends;
};

#define AT(field) .offset = offsetof(struct fields, field)

static const char *const formats[] = { "text", "json", "csv", NULL };

static const struct pb_option options[] = {
    { .name = "quick", .letter = 'q', .kind = PB_FLAG, AT(quick), .help = "-" },
    { .name = "verbose", .letter = 'v', .kind = PB_FLAG, AT(verbose), .help = "-" },
    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      AT(output),
      .metavar = "FILE",
      .help = "-" },
    { .name = "format",
      .kind = PB_CHOICE,
      AT(format),
      .metavar = "F",
      .help = "-",
      .choices = formats,
      .fallback = "text" },
    { .name = "rounds",
      .letter = 'r',
      .kind = PB_COUNT,
      AT(rounds),
      .metavar = "N",
      .help = "-",
      .fallback = "3",
      .min = 1,
      .max = 100 },
    { .name = "seed", .kind = PB_COUNT, AT(seed), .metavar = "S", .help = "-", .min = 5 },
    { .name = "time-limit",
      .kind = PB_SECONDS,
      AT(limit_s),
      .metavar = "S",
      .help = "-",
      .fallback = "1min" },
    { .name = "precision",
      .kind = PB_PERCENT,
      AT(precision),
      .metavar = "P",
      .help = "-",
      .fallback = "2%" },
    { .name = "plugin", .kind = PB_TEXTS, AT(plugins), .metavar = "SO", .help = "-" },
    { .name = "backend",
      .letter = 'b',
      .kind = PB_TEXTS,
      AT(backends),
      .metavar = "B,..",
      .help = "-",
      .fallback = "all" },
    { .name = "hiddenness", .kind = PB_FLAG, AT(verbose) },
    { .name = NULL },
};

static const struct pb_command command = {
    .name = "test",
    .synopsis = "[OPTION].. OLD NEW",
    .options = options,
    .max_operands = 2,
};

/* A command line, its words parted by blanks. */
struct line {
    char text[4096];
    char *argv[256];
    int argc;
    char **operands;
    size_t noperands;
    struct fields fields;
    struct pb_error err;
};

static void split(struct line *line, const char *text)
{
    memset(line, 0, sizeof *line);
    memset(&line->fields, 0x5a, sizeof line->fields); /* nothing may rely on zeroes */
    (void)snprintf(line->text, sizeof line->text, "test %s", text);
    char *rest = NULL;
    for (char *word = strtok_r(line->text, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest))
        line->argv[line->argc++] = word;
}

static enum pb_status parse_as(const struct pb_command *as, struct line *line,
                               const char *text)
{
    split(line, text);
    return pb_options_parse(as, line->argc, line->argv, &line->fields, &line->operands,
                            &line->noperands, &line->err);
}

static void parses(struct line *line, const char *text)
{
    const enum pb_status status = parse_as(&command, line, text);
    if (status != PB_OK)
        fail_msg("\"%s\": %s", text, line->err.text);
}

static void refuses(const char *text, const char *message)
{
    struct line line;
    assert_int_equal(parse_as(&command, &line, text), PB_ERR_USAGE);
    assert_string_equal(line.err.text, message);
}

static void assert_close(double got, double expected)
{
    assert_true(fabs(got - expected) <= 1e-12 * fabs(expected));
}

static void fallbacks_are_parsed_like_values(void **state)
{
    (void)state;
    struct line line;
    parses(&line, "");
    assert_false(line.fields.quick);
    assert_null(line.fields.output);
    assert_string_equal(line.fields.format, "text");
    assert_int_equal(line.fields.rounds, 3);
    assert_int_equal(line.fields.seed, 0); /* no fallback: min does not apply */
    assert_close(line.fields.limit_s, 60);
    assert_close(line.fields.precision, 0.02);
    assert_int_equal(line.fields.plugins.count, 0);
    assert_int_equal(line.fields.backends.count, 1);
    assert_string_equal(line.fields.backends.text[0], "all");
    assert_int_equal(line.noperands, 0);
}

static void every_spelling_sets_the_field(void **state)
{
    (void)state;
    static const char *const spellings[] = { "--output=x", "--output x", "-o x",
                                             "-ox",        "-qvo x",     "-qox" };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        struct line line;
        parses(&line, spellings[i]);
        assert_string_equal(line.fields.output, "x");
        assert_int_equal(line.noperands, 0);
        assert_int_equal(line.fields.quick, i >= 4);
    }
}

static void operands_may_stand_anywhere(void **state)
{
    (void)state;
    struct line line;
    parses(&line, "old --rounds 7 new -q --format=json");
    assert_int_equal(line.noperands, 2);
    assert_string_equal(line.operands[0], "old");
    assert_string_equal(line.operands[1], "new");
    assert_true(line.fields.quick);
    assert_int_equal(line.fields.rounds, 7);
    assert_string_equal(line.fields.format, "json");
    parses(&line, "a -q -- --rounds");
    assert_string_equal(line.operands[0], "a");
    assert_string_equal(line.operands[1], "--rounds");
    parses(&line, "- --output -");
    assert_string_equal(line.operands[0], "-");
    assert_string_equal(line.fields.output, "-");
}

static void the_last_of_two_counts_but_lists_grow(void **state)
{
    (void)state;
    struct line line;
    parses(&line, "-r 4 --rounds=5 -b simd --backend openmp --plugin a.so");
    assert_int_equal(line.fields.rounds, 5);
    assert_int_equal(line.fields.backends.count, 2); /* the fallback made way */
    assert_string_equal(line.fields.backends.text[0], "simd");
    assert_string_equal(line.fields.backends.text[1], "openmp");
    assert_int_equal(line.fields.plugins.count, 1);
}

static void a_full_list_is_refused(void **state)
{
    (void)state;
    char text[1024] = "";
    for (int i = 0; i <= PB_TEXTS_MAX; i++)
        strcat(text, "--plugin x ");
    refuses(text, "--plugin: given more than 32 times");
}

static void unknown_options_name_the_nearest(void **state)
{
    (void)state;
    refuses("--bakend simd", "unknown option --bakend: did you mean --backend?");
    refuses("--bakend=simd", "unknown option --bakend: did you mean --backend?");
    refuses("--prec 2%", "unknown option --prec: did you mean --precision?");
    refuses("--hlep", "unknown option --hlep: did you mean --help?");
    refuses("--nothing-like-it", "unknown option --nothing-like-it");
    refuses("--hiddennes", "unknown option --hiddennes"); /* hidden stays hidden */
    refuses("-x", "unknown option -x");
    refuses("-qx", "unknown option -x");
    refuses("-output", "unknown option -output: did you mean --output?");
    refuses("---", "unknown option ---");
}

static void missing_and_needless_values_are_named(void **state)
{
    (void)state;
    refuses("--output", "--output needs a value FILE");
    refuses("-qo", "--output needs a value FILE");
    refuses("--backend --quick", "--backend needs a value B,.., found --quick");
    refuses("--output=", "--output: an empty value: expected FILE");
    refuses("--quick=yes", "--quick takes no value, found \"yes\"");
}

static void bad_values_say_what_was_expected(void **state)
{
    (void)state;
    refuses("--format jsn",
            "--format: expected text, json or csv, found \"jsn\": did you mean json?");
    refuses("--format xml", "--format: expected text, json or csv, found \"xml\"");
    refuses(
        "--rounds many",
        "--rounds: \"many\" is not a count: expected a whole number like 64, 4Ki (Ki, "
        "Mi, Gi: powers of 1024) or 1M (k, M, G: of 1000)");
    refuses("--rounds 0", "--rounds: 0 is out of range: expected 1 to 100");
    refuses("--rounds 1Ki", "--rounds: 1Ki is out of range: expected 1 to 100");
    refuses("--seed 4", "--seed: 4 is too small: expected at least 5");
    refuses("--seed 99999999999999999999",
            "--seed: \"99999999999999999999\" is too large: expected less than 2^64");
    refuses("--time-limit 5x",
            "--time-limit: \"5x\" is not a time: expected a number of seconds above 0, "
            "like 10, 500ms, 2min or 1h");
    refuses(
        "--precision wide",
        "--precision: \"wide\" is not a share: expected a percentage above 0 like 2%, "
        "or a fraction like 0.02");
    refuses("--precision 2", "--precision: \"2\" has no percent sign: expected 2%, or a "
                             "fraction below 1 like 0.02");
}

static void wrong_numbers_of_operands_show_the_synopsis(void **state)
{
    (void)state;
    struct line line;
    refuses("a b c", "unexpected argument \"c\": expected [OPTION].. OLD NEW");
    struct pb_command other = command;
    other.min_operands = 2;
    assert_int_equal(parse_as(&other, &line, "a"), PB_ERR_USAGE);
    assert_string_equal(line.err.text, "too few arguments: expected [OPTION].. OLD NEW");
    other.min_operands = other.max_operands = 0;
    assert_int_equal(parse_as(&other, &line, "a"), PB_ERR_USAGE);
    assert_string_equal(line.err.text,
                        "unexpected argument \"a\": only options are expected");
}

static void a_bad_fallback_is_our_own_fault(void **state)
{
    (void)state;
    static const struct pb_option bad[] = {
        { .name = "rounds",
          .kind = PB_COUNT,
          AT(rounds),
          .metavar = "N",
          .min = 2,
          .fallback = "1" },
        { .name = NULL },
    };
    const struct pb_command other = { .name = "test", .synopsis = "", .options = bad };
    struct line line;
    assert_int_equal(parse_as(&other, &line, ""), PB_ERR_INTERNAL);
    assert_string_equal(line.err.text, "the default of this program: --rounds: 1 is too "
                                       "small: expected at least 2");
}

static void a_command_without_options_parses(void **state)
{
    (void)state;
    const struct pb_command bare = { .name = "bare", .synopsis = "", .max_operands = 1 };
    struct line line;
    assert_int_equal(parse_as(&bare, &line, "x"), PB_OK);
    assert_string_equal(line.operands[0], "x");
    assert_int_equal(parse_as(&bare, &line, "--jsn"), PB_ERR_USAGE);
    assert_string_equal(line.err.text, "unknown option --jsn");
}

static void long_input_keeps_the_message_readable(void **state)
{
    (void)state;
    char text[2100] = "--rounds ";
    memset(text + 9, 'y', 2000);
    text[2009] = '\0';
    struct line line;
    assert_int_equal(parse_as(&command, &line, text), PB_ERR_USAGE);
    assert_non_null(strstr(line.err.text, "of 1000)")); /* the end was not cut off */
    memset(text, '-', 2000);
    assert_int_equal(parse_as(&command, &line, text), PB_ERR_USAGE);
}

static void help_is_wanted_only_before_the_operands(void **state)
{
    (void)state;
    struct line line;
    split(&line, "a --help");
    assert_true(pb_command_wants_help(line.argc, line.argv));
    split(&line, "-h");
    assert_true(pb_command_wants_help(line.argc, line.argv));
    split(&line, "-- --help");
    assert_false(pb_command_wants_help(line.argc, line.argv));
    split(&line, "--helpful");
    assert_false(pb_command_wants_help(line.argc, line.argv));
}

static bool given(const char *text, const char *name)
{
    struct line line;
    split(&line, text);
    const bool before = pb_option_given(&command, line.argc, line.argv, name);
    parses(&line, text);
    assert_int_equal(pb_option_given(&command, line.argc, line.argv, name), before);
    return before;
}

static void given_tells_options_from_fallbacks_and_values(void **state)
{
    (void)state;
    assert_true(given("--rounds 4", "rounds"));
    assert_true(given("a b --rounds=4", "rounds"));
    assert_true(given("-r4", "rounds"));
    assert_true(given("-qr 4", "rounds"));
    assert_true(given("-vq", "quick"));
    assert_false(given("", "rounds"));
    assert_false(given("-o -r4", "rounds")); /* a file of that name */
    assert_false(given("-or", "rounds"));    /* "r" is a file */
    assert_false(given("-- --rounds", "rounds"));
    assert_false(given("--output -q", "quick"));
    assert_false(given("--seed 9", "no-such-option"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fallbacks_are_parsed_like_values),
        cmocka_unit_test(every_spelling_sets_the_field),
        cmocka_unit_test(operands_may_stand_anywhere),
        cmocka_unit_test(the_last_of_two_counts_but_lists_grow),
        cmocka_unit_test(a_full_list_is_refused),
        cmocka_unit_test(unknown_options_name_the_nearest),
        cmocka_unit_test(missing_and_needless_values_are_named),
        cmocka_unit_test(bad_values_say_what_was_expected),
        cmocka_unit_test(wrong_numbers_of_operands_show_the_synopsis),
        cmocka_unit_test(a_bad_fallback_is_our_own_fault),
        cmocka_unit_test(a_command_without_options_parses),
        cmocka_unit_test(long_input_keeps_the_message_readable),
        cmocka_unit_test(help_is_wanted_only_before_the_operands),
        cmocka_unit_test(given_tells_options_from_fallbacks_and_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
