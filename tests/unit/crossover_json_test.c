/* A report of crossovers as JSON, against a file that was checked by hand. */
#include "results/crossover.h"

#include "measure/text.h"
#include "results/codec.h"
#include "results/json.h"
#include "tests/unit/crossover_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *read_whole(const char *file)
{
    FILE *in = fopen(file, "rb");
    struct pb_text text = PB_TEXT_INIT;
    char chunk[4096];
    size_t got;
    assert_non_null(in);
    while ((got = fread(chunk, 1, sizeof chunk, in)) > 0)
        pb_text_add_bytes(&text, chunk, got);
    (void)fclose(in);
    return pb_text_take(&text);
}

/* The same text, but for numbers that differ in their last digits: log() and exp() are
 * not the same everywhere. */
static void assert_same_json(const char *got, const char *want)
{
    while (*got && *want) {
        char *got_end;
        char *want_end;
        const double got_number = strtod(got, &got_end);
        const double want_number = strtod(want, &want_end);
        if (got_end != got && want_end != want) {
            if (!(fabs(got_number - want_number) <= 1e-9 * fabs(want_number)))
                fail_msg("%.60s... differs from %.60s...", got, want);
            got = got_end;
            want = want_end;
        } else if (*got++ != *want++) {
            fail_msg("%.60s... differs from %.60s...", got - 1, want - 1);
        }
    }
    assert_int_equal(*got, *want);
}

/* To look at a difference: parbench crossover --format json on the same file. */
static void json_is_as_documented(void **state)
{
    struct fixture *f = *state;
    struct pb_error err = { .text = "" };
    pb_record_release(&f->record);
    const enum pb_status status =
        pb_record_read("tests/data/synthetic_crossover.json", &f->record, &err);
    if (status)
        fail_msg("%s", err.text);
    analyse(f);
    struct pb_json *json = pb_crossover_encode(&f->report);
    char *got = pb_json_print(json, true);
    char *want = read_whole("tests/data/synthetic_crossover_expected.json");
    pb_json_free(json);
    assert_non_null(got);
    assert_non_null(want);
    want[strlen(want) - 1] = '\0'; /* the file's last newline */
    assert_same_json(got, want);
    free(got);
    free(want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(json_is_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
