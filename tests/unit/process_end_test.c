/* How a child ends: by itself, by a signal, told to, forced to, with its children and
 * with us; and what is said about it. */
#include "measure/process.h"

#include "process_fixture.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the script to its own end. */
static const char *obituary_of(const char *script)
{
    static char text[700];
    struct pb_process process;
    start(&process, script, NULL);
    expect(&process, patience_s, PB_WAIT_END);
    pb_process_stop(&process, patience_s);
    return pb_process_obituary(&process, text, sizeof text);
}

/* ---- the end, and its words -------------------------------------------------------- */

static void test_obituary_of_a_status(void **state)
{
    (void)state;
    assert_string_equal(obituary_of("exit 3"), "ended with status 3");
    assert_string_equal(obituary_of("exit 0"), "ended with status 0");
    assert_string_equal(obituary_of("echo no licence >&2; exit 2"),
                        "ended with status 2; its last words: no licence");
}

static void test_obituary_of_a_signal(void **state)
{
    (void)state;
    assert_string_equal(obituary_of("ulimit -c 0; kill -SEGV $$"),
                        "was killed by signal 11 (Segmentation fault)");
    assert_string_equal(obituary_of("echo oops >&2; kill -KILL $$"),
                        "was killed by signal 9 (Killed); its last words: oops");
    assert_string_equal(
        obituary_of("kill -PIPE $$"),
        "was killed by signal 13 (Broken pipe)"); /* not ignored in a child */
}

static void test_obituary_is_one_line_without_control_bytes(void **state)
{
    (void)state;
    const char *text = obituary_of("printf 'one\\ntwo\\033[31m\\ttab\\n\\n' >&2; exit 1");
    assert_string_equal(text, "ended with status 1; its last words: one two [31m tab");
}

static void test_last_words_are_the_last(void **state)
{
    (void)state;
    const char *text = obituary_of(
        "head -c 300000 /dev/zero | tr '\\0' x >&2; printf 'the very end' >&2; exit 4");
    assert_non_null(strstr(text, "xxx"));
    assert_string_equal(text + strlen(text) - 12, "the very end");
    char small[24];
    const struct pb_process process = { .last_words = "many words",
                                        .last_words_len = 10 };
    assert_string_equal(pb_process_obituary(&process, small, sizeof small),
                        "ended with status 0; it");
}

static void test_program_that_is_not_there(void **state)
{
    (void)state;
    struct pb_process process;
    char text[700], name[] = "/no/such/program";
    char *const argv[] = { name, NULL };
    assert_int_equal(pb_process_start(&process, argv, NULL, NULL), PB_OK);
    expect(&process, patience_s, PB_WAIT_END);
    pb_process_stop(&process, patience_s);
    assert_string_equal(
        pb_process_obituary(&process, text, sizeof text),
        "ended with status 127; its last words: No such file or directory");
}

/* ---- stopping ---------------------------------------------------------------------- */

static void test_closed_input_is_a_request_to_end(void **state)
{
    (void)state;
    struct pb_process process;
    char text[700];
    start(&process, "while read -r x; do :; done; exit 5", NULL);
    pb_process_stop(&process, patience_s);
    assert_int_equal(process.pid, 0);
    assert_string_equal(pb_process_obituary(&process, text, sizeof text),
                        "ended with status 5");
    pb_process_stop(&process, patience_s); /* a second time: nothing */
    expect(&process, patience_s, PB_WAIT_END);
    assert_false(pb_process_send(&process, "hello?"));
}

static void test_stopping_what_never_ran(void **state)
{
    (void)state;
    struct pb_process process = {
        .in = -1, .out = -1, .err = -1, .pending = PB_TEXT_INIT
    };
    pb_process_stop(&process, patience_s);
    assert_int_equal(process.pid, 0);
}

static void test_one_that_does_not_end_is_told_to(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "trap 'exit 7' TERM; sleep 600 & echo ready; wait", NULL);
    expect_line(&process, "ready");
    pb_process_stop(&process, 0);
    char text[700]; /* a shell may add a word about its sleep */
    pb_process_obituary(&process, text, sizeof text);
    assert_memory_equal(text, "ended with status 7", 19);
}

static void test_one_that_ignores_being_told_is_killed(void **state)
{
    (void)state;
    struct pb_process process;
    start(&process, "trap '' TERM; echo ready; while :; do sleep 1; done", NULL);
    expect_line(&process, "ready");
    pb_process_stop(&process, 0);
    char text[700];
    assert_string_equal(pb_process_obituary(&process, text, sizeof text),
                        "was killed by signal 9 (Killed)");
}

/* A pipe whose writing end lives on in every descendant: it ends when the last of them
 * does. */
struct leash {
    int read_end, write_end;
};

static struct leash new_leash(void)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    return (struct leash){ .read_end = fds[0], .write_end = fds[1] };
}

static void assert_all_gone(struct leash leash)
{
    char byte;
    struct pollfd wait = { .fd = leash.read_end, .events = POLLIN };
    (void)close(leash.write_end);
    assert_int_equal(poll(&wait, 1, (int)(patience_s * 1000)), 1);
    assert_int_equal(read(leash.read_end, &byte, 1), 0);
    (void)close(leash.read_end);
}

static void test_grandchildren_die_too(void **state)
{
    (void)state;
    struct pb_process process;
    const struct leash leash = new_leash();
    start(&process, "sleep 600 & (trap '' TERM; sleep 600 & wait) & echo ready; wait",
          NULL);
    expect_line(&process, "ready");
    assert_int_equal(getpgid(process.pid),
                     process.pid); /* Ctrl-C on the terminal passes them by */
    pb_process_stop(&process, 0);
    assert_all_gone(leash);
}

static void test_grandchildren_die_when_the_child_ended_by_itself(void **state)
{
    (void)state;
    struct pb_process process;
    const struct leash leash = new_leash();
    start(&process, "sleep 600 >/dev/null 2>&1 & echo ready", NULL);
    expect_line(&process, "ready");
    expect(&process, patience_s, PB_WAIT_END);
    pb_process_stop(&process, patience_s);
    assert_all_gone(leash);
}

static void test_child_dies_with_us(void **state)
{
    (void)state;
    const struct leash leash = new_leash();
    const pid_t driver = fork();
    assert_true(driver >= 0);
    if (driver == 0) { /* a driver that ends without a word */
        struct pb_process process;
        char name[] = "sleep", seconds[] = "600";
        char *const argv[] = { name, seconds, NULL };
        _exit(pb_process_start(&process, argv, NULL, NULL) ? 1 : 0);
    }
    int status = -1;
    assert_int_equal(waitpid(driver, &status, 0), driver);
    assert_int_equal(status, 0);
    assert_all_gone(leash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_obituary_of_a_status),
        cmocka_unit_test(test_obituary_of_a_signal),
        cmocka_unit_test(test_obituary_is_one_line_without_control_bytes),
        cmocka_unit_test(test_last_words_are_the_last),
        cmocka_unit_test(test_program_that_is_not_there),
        cmocka_unit_test(test_closed_input_is_a_request_to_end),
        cmocka_unit_test(test_stopping_what_never_ran),
        cmocka_unit_test(test_one_that_does_not_end_is_told_to),
        cmocka_unit_test(test_one_that_ignores_being_told_is_killed),
        cmocka_unit_test(test_grandchildren_die_too),
        cmocka_unit_test(test_grandchildren_die_when_the_child_ended_by_itself),
        cmocka_unit_test(test_child_dies_with_us),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as main() does: who died is noticed by silence */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
