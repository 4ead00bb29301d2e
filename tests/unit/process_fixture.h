/* process_fixture.h - shell scripts as children, and what is expected of them.
 *
 * Waits that have to end on their own get a minute, which none needs; only waits that
 * must run out are short. */
#ifndef PB_TESTS_UNIT_PROCESS_FIXTURE_H
#define PB_TESTS_UNIT_PROCESS_FIXTURE_H

#include "measure/process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double patience_s = 60, instant_s = 0.03;

static inline void start(struct pb_process *process, const char *script,
                         char *const env[])
{
    char shell[] = "sh", option[] = "-c", *text = strdup(script);
    assert_non_null(text);
    char *const argv[] = { shell, option, text, NULL };
    struct pb_error err = { "" };
    assert_int_equal(pb_process_start(process, argv, env, &err), PB_OK);
    free(text);
}

static inline void expect_line(struct pb_process *process, const char *want)
{
    char *line = NULL;
    assert_int_equal(pb_process_receive(process, patience_s, NULL, &line), PB_WAIT_LINE);
    assert_string_equal(line, want);
    free(line);
}

static inline void expect(struct pb_process *process, double timeout_s, enum pb_wait want)
{
    char *line = NULL;
    assert_int_equal(pb_process_receive(process, timeout_s, NULL, &line), want);
    assert_null(line);
}

#endif
