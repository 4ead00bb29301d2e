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

/* ---- running text ------------------------------------------------------------------ */

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

/* ---- tables ------------------------------------------------------------------------ */

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

/* ---- units ------------------------------------------------------------------------- */

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
