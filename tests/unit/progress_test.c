/* progress_test.c - the estimate of the time left, and when a line is shown. */
#include "cmd/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static double left_s(struct pb_progress progress)
{
    return pb_progress_left_s(&progress);
}

static void nothing_measured_tells_nothing(void **state)
{
    (void)state;
    assert_true(isnan(left_s((struct pb_progress){ .total = 10 })));
    /* a journal brought 4 back; nobody knows how long they took */
    assert_true(
        isnan(left_s((struct pb_progress){ .done = 4, .total = 10, .limit_s = 9 })));
}

static void the_rest_takes_as_long_each(void **state)
{
    (void)state;
    struct pb_progress p = { .done = 2, .measured = 2, .total = 10, .elapsed_s = 3 };
    assert_true(left_s(p) == 12);
    p.done = 6; /* 4 of them from a journal */
    assert_true(left_s(p) == 6);
    p.done = p.total;
    assert_true(left_s(p) == 0);
}

static void a_limit_ends_it_earlier(void **state)
{
    (void)state;
    struct pb_progress p = { .done = 2, .measured = 2, .total = 10, .elapsed_s = 3 };
    p.limit_s = 10;
    assert_true(left_s(p) == 7);
    p.limit_s = 100;
    assert_true(left_s(p) == 12);
    p.limit_s = (double)INFINITY;
    assert_true(left_s(p) == 12);
    p.limit_s = 2; /* over already */
    assert_true(left_s(p) == 0);
}

/* What is written to a standard error that is a file, while reports come after these
 * many seconds; NAN: a stage ends. */
static const char *lines_of(struct pb_progress_line *line, const double *seconds,
                            size_t count, char *buf, size_t bytes)
{
    char kernel[] = "saxpy", dtype[] = "f32", backend[] = "scalar", kind[] = "core";
    const struct pb_point now = { .kernel = kernel,
                                  .dtype = dtype,
                                  .backend = backend,
                                  .n = 1024,
                                  .workers = 1,
                                  .worker_kind = kind };
    FILE *file = tmpfile();
    const int kept = dup(STDERR_FILENO);
    assert_non_null(file);
    assert_true(kept >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    for (size_t i = 0; i < count; i++)
        pb_progress_show(line, &(struct pb_progress){
                                   .now = isnan(seconds[i]) ? NULL : &now,
                                   .round = 1,
                                   .rounds = 3,
                                   .done = 5,
                                   .measured = 5,
                                   .total = 10,
                                   .elapsed_s = seconds[i],
                               });
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(kept);
    rewind(file);
    buf[fread(buf, 1, bytes - 1, file)] = '\0';
    (void)fclose(file);
    return buf;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

static void off_a_terminal_there_is_a_line_per_minute(void **state)
{
    (void)state;
    char text[1000];
    struct pb_progress_line line = { .columns = 80, .last_s = -HUGE_VAL };
    const double seconds[] = { 0, 30, 59, 61, 90, 120, 122 };
    lines_of(&line, seconds, sizeof seconds / sizeof *seconds, text, sizeof text);
    assert_int_equal(count_of(text, "\n"), 2);
    assert_non_null(strstr(
        text, "parbench: round 1/3  5 of 10 points, 61 s left: saxpy f32 n=1 Ki scalar"));
    assert_int_equal(count_of(text, "122 s left") + count_of(text, "2 min left"), 1);
}

static void on_a_terminal_the_line_is_rewritten(void **state)
{
    (void)state;
    char text[1000];
    struct pb_progress_line line = { .is_terminal = true,
                                     .columns = 20,
                                     .last_s = -HUGE_VAL };
    const double seconds[] = { 0, 0.05, 0.2 };
    lines_of(&line, seconds, sizeof seconds / sizeof *seconds, text, sizeof text);
    assert_string_equal(text, "\r\033[Kround 1/3  5 of 10 \r\033[Kround 1/3  5 of 10 ");
}

/* The search behind a sweep of 500 s counts its seconds from 0. */
static void the_next_stage_is_shown_at_once(void **state)
{
    (void)state;
    char text[1000];
    struct pb_progress_line line = { .is_terminal = true,
                                     .columns = 20,
                                     .last_s = -HUGE_VAL };
    const double seconds[] = { 500, (double)NAN, 1 };
    lines_of(&line, seconds, sizeof seconds / sizeof *seconds, text, sizeof text);
    assert_int_equal(count_of(text, "5 of 10"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_measured_tells_nothing),
        cmocka_unit_test(the_rest_takes_as_long_each),
        cmocka_unit_test(a_limit_ends_it_earlier),
        cmocka_unit_test(off_a_terminal_there_is_a_line_per_minute),
        cmocka_unit_test(on_a_terminal_the_line_is_rewritten),
        cmocka_unit_test(the_next_stage_is_shown_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
