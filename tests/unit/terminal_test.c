/* terminal_test.c - colours, widths, running text, tables and units. */
#include "cmd/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What was printed into a stream of open_memstream. */
struct output {
    FILE *stream;
    char *text;
    size_t bytes;
};

static void output_open(struct output *out)
{
    *out = (struct output){ .stream = NULL };
    out->stream = open_memstream(&out->text, &out->bytes);
    assert_non_null(out->stream);
}

static void output_expect(struct output *out, const char *expected)
{
    fclose(out->stream);
    assert_string_equal(out->text, expected);
    free(out->text);
}

/* A pseudo-terminal of 123 columns; the stream is its user's side. */
struct pty {
    int host;
    FILE *stream;
};

static void pty_open(struct pty *pty)
{
    pty->host = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(pty->host >= 0);
    assert_int_equal(grantpt(pty->host), 0);
    assert_int_equal(unlockpt(pty->host), 0);
    const int user = open(ptsname(pty->host), O_RDWR | O_NOCTTY);
    assert_true(user >= 0);
    const struct winsize size = { .ws_col = 123, .ws_row = 40 };
    assert_int_equal(ioctl(user, TIOCSWINSZ, &size), 0);
    pty->stream = fdopen(user, "w");
    assert_non_null(pty->stream);
}

static void pty_close(struct pty *pty)
{
    fclose(pty->stream);
    close(pty->host);
}

static void a_pipe_is_no_terminal(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    FILE *stream = fdopen(ends[1], "w");
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_false(pb_terminal_is(stream));
    assert_false(pb_terminal_has_colour(stream));
    assert_int_equal(pb_terminal_columns(stream), 80);
    assert_string_equal(pb_colour_start(stream, PB_RED), "");
    fclose(stream);
    close(ends[0]);
}

static void a_stream_without_descriptor_is_no_terminal(void **state)
{
    (void)state;
    struct output out;
    output_open(&out);
    assert_false(pb_terminal_is(out.stream));
    assert_int_equal(pb_terminal_columns(out.stream), 80);
    output_expect(&out, "");
}

static void a_terminal_has_width_and_colours(void **state)
{
    (void)state;
    struct pty pty;
    pty_open(&pty);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_true(pb_terminal_is(pty.stream));
    assert_int_equal(pb_terminal_columns(pty.stream), 123);
    assert_true(pb_terminal_has_colour(pty.stream));
    assert_string_equal(pb_colour_start(pty.stream, PB_RED), "\033[31m");
    setenv("NO_COLOR", "", 1);
    assert_true(pb_terminal_has_colour(pty.stream));
    setenv("NO_COLOR", "1", 1);
    assert_false(pb_terminal_has_colour(pty.stream));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    assert_false(pb_terminal_has_colour(pty.stream));
    unsetenv("TERM");
    assert_false(pb_terminal_has_colour(pty.stream));
    const struct winsize none = { .ws_col = 0 };
    assert_int_equal(ioctl(fileno(pty.stream), TIOCSWINSZ, &none), 0);
    assert_int_equal(pb_terminal_columns(pty.stream), 80);
    pty_close(&pty);
}

static void a_table_is_coloured_on_a_terminal(void **state)
{
    (void)state;
    struct pty pty;
    char got[256] = "";
    pty_open(&pty);
    setenv("TERM", "xterm", 1);
    struct pb_table *table = pb_table_new(2, (const char *const[]){ "A", "B" }, "ll");
    pb_table_cell(table, PB_GREEN, "yes");
    pb_table_cell(table, PB_PLAIN, "x");
    pb_table_print(table, pty.stream);
    pb_table_free(table);
    fflush(pty.stream);
    for (size_t used = 0; !strchr(got, 'x');) {
        const ssize_t count = read(pty.host, got + used, sizeof got - 1 - used);
        assert_true(count > 0);
        used += (size_t)count;
    }
    /* the padding stands outside of the colour */
    assert_non_null(strstr(got, "\033[1mA\033[0m    \033[1mB\033[0m"));
    assert_non_null(strstr(got, "\033[32myes\033[0m  x"));
    pty_close(&pty);
}

/* ---- running text ---- */

static void words_flow_and_break(void **state)
{
    (void)state;
    struct output out;
    output_open(&out);
    struct pb_flow flow = { .out = out.stream, .indent = 2, .columns = 12 };
    pb_flow_words(&flow, "  one two\n three \t four unbreakable-word  a ");
    pb_flow_words(&flow, "b");
    pb_flow_end(&flow);
    pb_flow_end(&flow); /* nothing more to end */
    output_expect(&out, "  one two\n  three four\n  unbreakable-word\n  a b\n");
}

static void characters_count_not_bytes(void **state)
{
    (void)state;
    struct output out;
    assert_int_equal(pb_text_columns("84 µs ≥ ∞"), 9);
    output_open(&out);
    struct pb_flow flow = { .out = out.stream, .columns = 9 };
    pb_flow_words(&flow, "µµµµ µµµµ µµµµ");
    pb_flow_end(&flow);
    output_expect(&out, "µµµµ µµµµ\nµµµµ\n");
}

static void a_label_hangs(void **state)
{
    (void)state;
    struct output out;
    output_open(&out);
    fputs("key", out.stream);
    struct pb_flow flow = { .out = out.stream, .indent = 6, .columns = 14, .column = 3 };
    pb_flow_words(&flow, "the value of it");
    pb_flow_end(&flow);
    output_expect(&out, "key   the\n      value of\n      it\n");
}

/* ---- tables ---- */

static void columns_are_aligned(void **state)
{
    (void)state;
    struct output out;
    output_open(&out);
    struct pb_table *table =
        pb_table_new(3, (const char *const[]){ "WHAT", "N", "TIME" }, "lrr");
    pb_table_cell(table, PB_CYAN, "saxpy");
    pb_table_cellf(table, PB_PLAIN, "%d", 1024);
    pb_table_cell(table, PB_PLAIN, "1.25 µs");
    pb_table_rule(table);
    pb_table_cell(table, PB_PLAIN, "Straße");
    pb_table_cell(table, PB_PLAIN, "8");
    pb_table_cell(table, PB_PLAIN, NULL);
    pb_table_print(table, out.stream);
    pb_table_free(table);
    output_expect(&out, "WHAT       N     TIME\n"
                        "saxpy   1024  1.25 µs\n"
                        "\n"
                        "Straße     8        -\n");
}

static void no_line_ends_in_blanks(void **state)
{
    (void)state;
    struct output out;
    output_open(&out);
    struct pb_table *table = pb_table_new(3, NULL, "llr");
    pb_table_cell(table, PB_PLAIN, "long text");
    pb_table_cell(table, PB_PLAIN, "x");
    pb_table_cell(table, PB_RED, "");
    pb_table_cell(table, PB_PLAIN, "a");
    pb_table_rule(table); /* completes the row */
    pb_table_cell(table, PB_PLAIN, "b");
    pb_table_print(table, out.stream);
    pb_table_free(table);
    output_expect(&out, "long text  x\na\n\nb\n");
}

static void control_bytes_do_not_reach_the_terminal(void **state)
{
    (void)state;
    struct output out;
    output_open(&out);
    struct pb_table *table = pb_table_new(2, NULL, "ll");
    pb_table_cell(table, PB_PLAIN, "evil\033[31m\r\n\tname\x7f");
    pb_table_cell(table, PB_PLAIN, "x");
    pb_table_print(table, out.stream);
    pb_table_free(table);
    output_expect(&out, "evil [31m   name   x\n");
}

static void empty_tables_and_many_rows(void **state)
{
    (void)state;
    struct output out;
    output_open(&out);
    struct pb_table *table = pb_table_new(1, NULL, "l");
    pb_table_print(table, out.stream);
    output_expect(&out, "");
    output_open(&out);
    for (int i = 0; i < 5000; i++)
        pb_table_cellf(table, PB_PLAIN, "%d", i);
    pb_table_print(table, out.stream);
    fflush(out.stream);
    assert_non_null(strstr(out.text, "\n4999\n"));
    fclose(out.stream);
    free(out.text);
    pb_table_free(table);
    pb_table_free(NULL);
}

/* ---- units ---- */

struct printed {
    double value;
    const char *text;
};

static void times(void **state)
{
    (void)state;
    static const struct printed cases[] = {
        { 0, "0 ns" },           { 0.125, "0.125 ns" },
        { 0.9996, "1.00 ns" },   { 1.25, "1.25 ns" },
        { 9.996, "10.0 ns" },    { 84, "84.0 ns" },
        { 99.96, "100 ns" },     { 999.4, "999 ns" },
        { 999.9, "1.00 µs" },    { 84e3, "84.0 µs" },
        { 999.6e3, "1.00 ms" },  { 1.25e6, "1.25 ms" },
        { 2e9, "2.00 s" },       { 59.94e9, "59.9 s" },
        { 59.96e9, "1.00 min" }, { 90e9, "1.50 min" },
        { 7200e9, "2.00 h" },    { 3.6e14, "100 h" },
        { -1.25e6, "-1.25 ms" }, { 1e-6, "1.00e-06 ns" },
        { (double)NAN, "-" },    { (double)INFINITY, "inf h" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[32];
        assert_ptr_equal(pb_print_ns(cases[i].value, buf, sizeof buf), buf);
        assert_string_equal(buf, cases[i].text);
    }
}

static void sizes(void **state)
{
    (void)state;
    static const struct printed cases[] = {
        { 0, "0" },           { 1, "1" },           { 512, "512" },
        { 1000, "1000" },     { 1024, "1 Ki" },     { 1025, "1025" },
        { 1536, "1536" },     { 65536, "64 Ki" },   { 0x1p20, "1 Mi" },
        { 0x1p29, "512 Mi" }, { 0x1p31, "2 Gi" },   { 51234.7, "51235" },
        { 1e15, "1e+15" },    { (double)NAN, "-" }, { 1000000, "1000000" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[32];
        pb_print_count(cases[i].value, buf, sizeof buf);
        assert_string_equal(buf, cases[i].text);
    }
}

static void rates(void **state)
{
    (void)state;
    static const struct printed cases[] = {
        { 12.5e9, "12.5 GB/s" }, { 999.9e6, "1.00 GB/s" }, { 0, "0 B/s" },
        { 4.8e12, "4.80 TB/s" }, { 2e18, "2000 PB/s" },    { (double)NAN, "-" },
    };
    char buf[32];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pb_print_rate(cases[i].value, "B", buf, sizeof buf);
        assert_string_equal(buf, cases[i].text);
    }
    assert_string_equal(pb_print_rate(3.21e9, "flop", buf, sizeof buf), "3.21 Gflop/s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_is_no_terminal),
        cmocka_unit_test(a_stream_without_descriptor_is_no_terminal),
        cmocka_unit_test(a_terminal_has_width_and_colours),
        cmocka_unit_test(a_table_is_coloured_on_a_terminal),
        cmocka_unit_test(words_flow_and_break),
        cmocka_unit_test(characters_count_not_bytes),
        cmocka_unit_test(a_label_hangs),
        cmocka_unit_test(columns_are_aligned),
        cmocka_unit_test(no_line_ends_in_blanks),
        cmocka_unit_test(control_bytes_do_not_reach_the_terminal),
        cmocka_unit_test(empty_tables_and_many_rows),
        cmocka_unit_test(times),
        cmocka_unit_test(sizes),
        cmocka_unit_test(rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
