/* A child spoken to in lines, whatever it does: answers in pieces, says nothing, floods.
 */
#include "measure/process.h"

#include "process_fixture.h"

/* ---- lines ------------------------------------------------------------------------- */

static void test_lines_arrive_one_by_one(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "echo one; printf '\\n'; echo three", NULL);
    expect_line(&process, "one");
    expect_line(&process, "");
    expect_line(&process, "three");
    expect(&process, patience_s, PB_WAIT_END);
    expect(&process, patience_s, PB_WAIT_END); /* and stays so */
    pb_process_stop(&process, patience_s);
}

static void test_line_in_pieces_is_waited_for(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "printf he; read x; printf 'llo\\nwor'; read x; echo ld; read x",
          NULL);
    expect(&process, instant_s, PB_WAIT_TIMEOUT);
    assert_true(pb_process_send(&process, "go on"));
    expect_line(&process, "hello");
    expect(&process, instant_s, PB_WAIT_TIMEOUT);
    assert_true(pb_process_send(&process, "go on"));
    expect_line(&process, "world");
    pb_process_stop(&process, patience_s);
}

static void test_half_a_line_at_the_end_is_no_line(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "echo whole; printf '{\"point\":'", NULL);
    expect_line(&process, "whole");
    expect(&process, patience_s, PB_WAIT_END);
    pb_process_stop(&process, patience_s);
}

static void test_long_line_arrives_whole(void **state)
{
    (void)state;
    struct pb_process process;
    char *line = NULL;
    start(&process, "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo next", NULL);
    assert_int_equal(pb_process_receive(&process, patience_s, NULL, &line), PB_WAIT_LINE);
    assert_int_equal(strlen(line), 1000000);
    free(line);
    expect_line(&process, "next");
    pb_process_stop(&process, patience_s);
}

static void test_what_is_sent_is_read(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "while read -r x; do echo \"got $x\"; done", NULL);
    assert_true(pb_process_send(&process, "{\"order\":\"probe\"}"));
    expect_line(&process, "got {\"order\":\"probe\"}");
    assert_true(pb_process_send(&process, "more"));
    expect_line(&process, "got more");
    pb_process_stop(&process, patience_s);
}

static void test_environment_is_added_to(void **state)
{
    (void)state;
    struct pb_process process;
    char first[] = "PB_TEST_A=one", second[] = "PB_TEST_B=two words";
    char *const env[] = { first, second, NULL };
    assert_int_equal(setenv("PB_TEST_A", "replaced", 1), 0);
    start(&process, "echo \"$PB_TEST_A, $PB_TEST_B, ${PATH:+path}\"", env);
    expect_line(&process, "one, two words, path");
    pb_process_stop(&process, patience_s);
    assert_string_equal(getenv("PB_TEST_A"), "replaced"); /* ours is untouched */
}

/* ---- waits that end otherwise ------------------------------------------------------ */

static void test_silence_runs_into_the_timeout(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "read x", NULL);
    expect(&process, 0, PB_WAIT_TIMEOUT);
    expect(&process, instant_s, PB_WAIT_TIMEOUT);
    pb_process_stop(&process, patience_s);
}

static unsigned asked;

static bool stop_at_the_third_question(void)
{
    return ++asked == 3;
}

static void test_wait_ends_when_told_to_stop(void **state)
{
    (void)state;
    struct pb_process process;
    char *line = NULL;
    asked = 0;
    start(&process, "read x", NULL);
    assert_int_equal(
        pb_process_receive(&process, patience_s, stop_at_the_third_question, &line),
        PB_WAIT_STOPPED);
    assert_null(line);
    assert_int_equal(asked, 3);
    pb_process_stop(&process, patience_s);
}

static void test_sending_to_one_that_does_not_read(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "exec <&-; echo ready; exec sleep 600", NULL);
    expect_line(&process, "ready");
    assert_false(pb_process_send(&process, "hello?"));
    pb_process_stop(&process, 0);
}

/* ---- floods ------------------------------------------------------------------------ */

static void test_flood_of_complaints_blocks_nobody(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "head -c 4000000 /dev/zero | tr '\\0' x >&2; echo done", NULL);
    expect_line(&process, "done");
    pb_process_stop(&process, patience_s);
}

static void test_endless_flood_does_not_hide_the_timeout(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "cat /dev/zero >&2", NULL);
    expect(&process, instant_s, PB_WAIT_TIMEOUT);
    pb_process_stop(&process, 0);
}

static void test_flood_of_output_does_not_hinder_the_end(void **state)
{
    (void)state;
    struct pb_process process;
    char text[700];
    /* Stuck in its output until we drain it. */
    start(&process, "yes | head -n 1000000; read x; exit 6", NULL);
    pb_process_stop(&process, patience_s);
    assert_string_equal(pb_process_obituary(&process, text, sizeof text),
                        "ended with status 6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_arrive_one_by_one),
        cmocka_unit_test(test_line_in_pieces_is_waited_for),
        cmocka_unit_test(test_half_a_line_at_the_end_is_no_line),
        cmocka_unit_test(test_long_line_arrives_whole),
        cmocka_unit_test(test_what_is_sent_is_read),
        cmocka_unit_test(test_environment_is_added_to),
        cmocka_unit_test(test_silence_runs_into_the_timeout),
        cmocka_unit_test(test_wait_ends_when_told_to_stop),
        cmocka_unit_test(test_sending_to_one_that_does_not_read),
        cmocka_unit_test(test_flood_of_complaints_blocks_nobody),
        cmocka_unit_test(test_endless_flood_does_not_hide_the_timeout),
        cmocka_unit_test(test_flood_of_output_does_not_hinder_the_end),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as main() does: who died is noticed by silence */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
