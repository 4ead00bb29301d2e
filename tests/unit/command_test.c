/* Which command runs, what mistakes are told, exit codes, and lost output. */
#include "cmd/command.h"

#include "tests/unit/command_fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- dispatch ---------------------------------------------------------------------- */

static void prints_and_ends(const char *line, int code, const char *out_start,
                            const char *err)
{
    const struct outcome got = run(line);
    assert_string_equal(got.err, err);
    assert_int_equal(got.code, code);
    if (strncmp(got.out, out_start, strlen(out_start)) != 0 || (!*out_start && *got.out))
        fail_msg("parbench %s printed: %.200s", line, got.out);
}

static void the_overview_is_printed_when_nothing_is_asked(void **state)
{
    (void)state;
    prints_and_ends("", 2, "Usage: parbench COMMAND", "");
    prints_and_ends("--help", 0, "Usage: parbench COMMAND", "");
    prints_and_ends("-h", 0, "Usage: parbench COMMAND", "");
    prints_and_ends("help", 0, "Usage: parbench COMMAND", "");
}

static void commands_and_their_help_are_found(void **state)
{
    (void)state;
    prints_and_ends("list --help", 0, "Usage: parbench list [", "");
    prints_and_ends("help list", 0, "Usage: parbench list [", "");
    prints_and_ends("list --bogus -h", 0, "Usage: parbench list [", "");
    prints_and_ends("help --man", 0, ".\\\" Written by", "");
    prints_and_ends("--version", 0, "parbench ", "");
    prints_and_ends("-V", 0, "parbench ", "");
}

static void mistakes_are_named_with_a_way_out(void **state)
{
    (void)state;
    prints_and_ends("lst", 2, "",
                    "parbench: unknown command lst: did you mean list?\n"
                    "See: parbench --help\n");
    prints_and_ends("zzzzzzzz", 2, "",
                    "parbench: unknown command zzzzzzzz\nSee: parbench --help\n");
    prints_and_ends("help lst", 2, "",
                    "parbench help: unknown command lst: did you mean list?\n"
                    "See: parbench help --help\n");
    prints_and_ends("--versoin", 2, "",
                    "parbench: unknown option --versoin: did you mean --version?\n"
                    "See: parbench --help\n");
    prints_and_ends("-- list", 2, "",
                    "parbench: expected a command as the first word\n"
                    "See: parbench --help\n");
    prints_and_ends("list --jsn", 2, "",
                    "parbench list: unknown option --jsn: did you mean --json?\n"
                    "See: parbench list --help\n");
    prints_and_ends("list kernel", 2, "",
                    "parbench list: cannot list \"kernel\": did you mean kernels?\n"
                    "See: parbench list --help\n");
    prints_and_ends("list xyz", 2, "",
                    "parbench list: cannot list \"xyz\": expected kernels, backends or "
                    "devices\nSee: parbench list --help\n");
}

static void a_message_cannot_move_the_cursor(void **state)
{
    (void)state;
    prints_and_ends("x\033[2J\ny", 2, "",
                    "parbench: unknown command x [2J y\nSee: parbench --help\n");
}

static int code_of(enum pb_status status)
{
    const struct pb_error err = { .text = "a test" };
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        (void)freopen("/dev/null", "w", stderr);
        _exit(pb_command_fail("x", status, &err));
    }
    return wait_for(pid);
}

static void exit_codes_follow_the_status(void **state)
{
    (void)state;
    assert_int_equal(code_of(PB_ERR_WRONG), 1);
    assert_int_equal(code_of(PB_ERR_USAGE), 2);
    assert_int_equal(code_of(PB_ERR_INPUT), 2);
    assert_int_equal(code_of(PB_ERR_ENVIRONMENT), 2);
    assert_int_equal(code_of(PB_ERR_INTERNAL), 2);
}

static void the_list_is_there(void **state)
{
    (void)state;
    prints_and_ends("list kernels", 0, "KERNEL ", "");
    prints_and_ends("list backends", 0, "BACKEND ", "");
    prints_and_ends("list --json", 0, "{", "");
    const struct outcome got = run("list");
    assert_non_null(strstr(got.out, "\nscalar "));
    assert_non_null(strstr(got.out, "parbench list devices"));
}

/* ---- lost output ------------------------------------------------------------------- */

static void a_full_disk_is_reported(void **state)
{
    (void)state;
    const int full = open("/dev/full", O_WRONLY);
    if (full < 0)
        skip();
    FILE *err = tmpfile();
    char message[256];
    assert_non_null(err);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        child_of("list", full, fileno(err));
    assert_int_equal(wait_for(pid), 2);
    read_back(err, message, sizeof message);
    assert_string_equal(message,
                        "parbench: cannot write the output: No space left on device\n");
    close(full);
}

static void a_reader_that_left_is_no_error(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    FILE *err = tmpfile();
    char message[256];
    assert_non_null(err);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        child_of("list", ends[1], fileno(err));
    assert_int_equal(wait_for(pid), 0);
    read_back(err, message, sizeof message);
    assert_string_equal(message, "");
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_overview_is_printed_when_nothing_is_asked),
        cmocka_unit_test(commands_and_their_help_are_found),
        cmocka_unit_test(mistakes_are_named_with_a_way_out),
        cmocka_unit_test(a_message_cannot_move_the_cursor),
        cmocka_unit_test(exit_codes_follow_the_status),
        cmocka_unit_test(the_list_is_there),
        cmocka_unit_test(a_full_disk_is_reported),
        cmocka_unit_test(a_reader_that_left_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
