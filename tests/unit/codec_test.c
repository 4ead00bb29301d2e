/* Result files: the exact text, the round trip, and refusals with their place. */
#include "results/codec.h"

#include "record_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_a_record_is_written_as_agreed(void **state)
{
    (void)state;
    struct pb_record record;
    fill_record(&record);
    char *text = print(&record, true);
    assert_string_equal(text, golden);
    free(text);
    pb_record_release(&record);
}

static void test_a_record_survives_the_round_trip(void **state)
{
    (void)state;
    struct pb_record record;
    struct pb_error err;
    assert_int_equal(decode(golden, sizeof golden - 1, true, &record, &err), PB_OK);
    assert_int_equal(record.seed, 9007199254740991u);
    assert_int_equal(record.machine.numa_nodes, 0);
    assert_int_equal(record.npoints, 2);
    const struct pb_point *dot = &record.points[0], *saxpy = &record.points[1];
    assert_int_equal(dot->status, PB_OUTCOME_TIMEOUT);
    assert_true(isnan(dot->max_error) && isnan(dot->time.ns.estimate));
    assert_null(dot->host_memory);
    assert_int_equal(saxpy->ninvocations, 2);
    assert_int_equal(saxpy->invocations[1].steal_ticks, -1);
    assert_true(saxpy->invocations[1].in_process);
    assert_true(saxpy->invocations[0].in_turn);
    assert_false(saxpy->invocations[1].in_turn);
    assert_true(isnan(saxpy->phases.compile) && saxpy->phases.kernel == 80.5);
    char *text = print(&record, true); /* every field is in the text */
    assert_string_equal(text, golden);
    free(text);
    pb_record_release(&record);
}

static void test_a_paired_run_keeps_its_partner_and_stages(void **state)
{
    (void)state;
    struct pb_record record, again;
    struct pb_error err;
    fill_record(&record);
    set(&record.paired_with, "decade");
    record.screen_pairs = 12;
    char *text = print(&record, true);
    assert_non_null(strstr(text, "\"paired_with\":\"decade\",\"screen_pairs\":12,"));
    assert_int_equal(decode(text, strlen(text), true, &again, &err), PB_OK);
    assert_string_equal(again.paired_with, "decade");
    assert_int_equal(again.screen_pairs, 12);
    free(text);
    pb_record_release(&record);
    pb_record_release(&again);
}

static void test_the_head_alone_needs_no_points(void **state)
{
    (void)state;
    struct pb_record record, again;
    struct pb_error err;
    fill_record(&record);
    char *text = print(&record, false);
    assert_null(strstr(text, "points"));
    assert_int_equal(decode(text, strlen(text), true, &again, &err), PB_ERR_INPUT);
    assert_string_equal(err.text, "F:1:1: \"points\" is missing: expected an array");
    assert_int_equal(decode(text, strlen(text), false, &again, &err), PB_OK);
    assert_string_equal(again.absent[0].reason, "no mpirun");
    free(text);
    pb_record_release(&record);
    pb_record_release(&again);
}

/* A file that this parbench writes must be one that it reads. */
static void test_a_bad_end_always_has_a_reason(void **state)
{
    (void)state;
    struct pb_point point;
    pb_point_init(&point);
    point.status = PB_OUTCOME_FAILED;
    struct pb_json *json = pb_point_encode(&point);
    char *text = pb_json_print(json, false);
    assert_non_null(strstr(text, "\"reason\":\"not recorded\""));
    free(text);
    pb_json_free(json);
}

static void test_little_is_required(void **state)
{
    (void)state;
    static const char text[] =
        "{\"schema\":1,\"later\":{\"x\":[1]},\"machine\":{\"cpu\":null,\"new\":true},"
        "\"points\":[{\"kernel\":\"k\",\"dtype\":\"f16\",\"n\":1,\"backend\":\"b\","
        "\"worker_kind\":\"core\",\"residency\":\"host\",\"status\":\"ok\",\"new\":{}}]}";
    struct pb_record record;
    struct pb_error err;
    assert_int_equal(decode(text, sizeof text - 1, true, &record, &err), PB_OK);
    const struct pb_point *point = &record.points[0];
    assert_int_equal(point->workers, 1);
    assert_int_equal(point->reuse, 1);
    assert_string_equal(point->variant, "default");
    assert_string_equal(point->cache, "hot");
    assert_true(isnan(record.machine.clock_resolution_ns));
    assert_false(record.complete);
    pb_record_release(&record);
}

/* ---- refusals ---------------------------------------------------------------------- */

#define POINT_HEAD                                                                       \
    "\"kernel\":\"k\",\"dtype\":\"f32\",\"n\":1,\"backend\":\"b\",\n"                    \
    "\"worker_kind\":\"core\",\"residency\":\"host\""
#define FILE_HEAD "{\"schema\":1,\"points\":[\n"
#define POINT     FILE_HEAD "{" POINT_HEAD ",\"status\":\"ok\",\n"
#define ROUND     POINT "\"invocations\":[\n"

static void test_refusals_name_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        { "[]", "1:1: not a parbench result: no object" },
        { "{}", "1:1: not a parbench result: it has no \"schema\"" },
        { "{ \"schema\": 2}", "1:13: this file has schema 2, this parbench reads schema "
                              "1: update parbench" },
        { "{\"schema\":2,\"points\":7}", "1:11: this file has schema 2, this parbench "
                                         "reads schema 1: update parbench" },
        { "{\"schema\":0}", "1:11: expected a whole number from 1 to 9007199254740991 "
                            "for \"schema\", found 0" },
        { "{\"schema\":\"1\"}",
          "1:11: expected a number for \"schema\", found a string" },
        { "{\"schema\":1,\"points\":{}}",
          "1:22: expected an array for \"points\", found an object" },
        { "{\"schema\":1,\"run\":{\"seed\":9007199254740992}}",
          "1:27: expected a whole number from 0 to 9007199254740991 for \"seed\", found "
          "9007199254740992" },
        { "{\"schema\":1,\"run\":{\"command\":[\"a\",\n1]}}",
          "2:1: expected a string, found a number" },
        { "{\"schema\":1,\"machine\":[]}",
          "1:23: expected an object for \"machine\", found an array" },
        { "{\"schema\":1,\"machine\":{\"cores\":0}}",
          "1:32: expected a whole number from 1 to 4294967295 for \"cores\", found 0" },
        { "{\"schema\":1,\"machine\":{\"devices\":[\n{\"type\":\"tpu\"}]}}",
          "2:9: \"type\" is \"tpu\": expected one of \"gpu\", \"cpu\", \"accelerator\"" },
        { "{\"schema\":1,\"machine\":{\"devices\":[1]}}",
          "1:35: expected an object: a device" },
        { "{\"schema\":1,\"absent\":[null]}",
          "1:23: expected an object: an absent backend" },
        { "{\"schema\":1,\"fitness\":[7]}",
          "1:24: expected an object: a fact of the machine's fitness" },
        { "{\"schema\":1,\"fitness\":[{\"id\":\"a\",\"seen\":\"b\",\n\"level\":\"bad\"}]"
          "}",
          "2:9: \"level\" is \"bad\": expected one of \"ok\", \"note\", \"warn\", "
          "\"unknown\"" },
        { FILE_HEAD "7]}", "2:1: expected an object: a point" },
        { FILE_HEAD "{\"dtype\":\"f32\"}]}",
          "2:1: \"kernel\" is missing here: expected a string" },
        { FILE_HEAD "{\"kernel\":null}]}",
          "2:11: expected a string for \"kernel\", found null" },
        { FILE_HEAD "{\"kernel\":\"\"}]}", "2:11: \"kernel\" is empty: expected a name" },
        { FILE_HEAD "{\"kernel\":\"k\",\"dtype\":\"f32\",\"n\":0}]}",
          "2:33: expected a whole number from 1 to 9007199254740991 for \"n\", found 0" },
        { FILE_HEAD "{\"kernel\":\"k\",\"dtype\":\"f32\",\"n\":-1}]}",
          "2:33: expected a whole number from 1 to 9007199254740991 for \"n\", found "
          "-1" },
        { FILE_HEAD "{\"kernel\":\"k\",\"dtype\":\"f32\",\"n\":1.5}]}",
          "2:33: expected a whole number from 1 to 9007199254740991 for \"n\", found "
          "1.5" },
        { FILE_HEAD "{" POINT_HEAD "}]}",
          "2:1: \"status\" is missing here: expected a string" },
        { FILE_HEAD "{" POINT_HEAD ",\n\"status\":\"good\"}]}",
          "4:10: \"status\" is \"good\": expected one of \"ok\", \"wrong\", \"failed\", "
          "\"timeout\", \"skipped\"" },
        { FILE_HEAD "{" POINT_HEAD ",\n\"status\":\"failed\"}]}",
          "4:10: \"status\" is \"failed\", but no \"reason\" is given" },
        { FILE_HEAD "{" POINT_HEAD ",\n\"workers\":0}]}",
          "4:11: expected a whole number from 1 to 4294967295 for \"workers\", found 0" },
        { FILE_HEAD "{" POINT_HEAD ",\n\"reuse\":4294967296}]}",
          "4:9: expected a whole number from 1 to 4294967295 for \"reuse\", found "
          "4294967296" },
        { FILE_HEAD "{" POINT_HEAD ",\n\"cache\":\"warm\"}]}",
          "4:9: \"cache\" is \"warm\": expected one of \"hot\", \"cold\"" },
        { POINT "\"verify\":{\"max_error\":-1}}]}",
          "4:23: \"max_error\" is negative: -1" },
        { POINT "\"work\":[]}]}",
          "4:8: expected an object for \"work\", found an array" },
        { POINT "\"phases_ns\":{\"h2d\":-0.5}}]}", "4:20: \"h2d\" is negative: -0.5" },
        { POINT "\"phases_ns\":{\"h2d\":1e999}}]}", "4:20: a number beyond 1.8e+308" },
        { POINT "\"time_ns\":{\"estimate\":-5}}]}",
          "4:23: \"estimate\" is negative: -5" },
        { POINT "\"time_ns\":{\"estimate\":0}}]}",
          "4:11: \"estimate\" is not above 0 ns" },
        { POINT "\"time_ns\":{\"estimate\":5,\"low\":6,\"high\":7}}]}",
          "4:11: expected low <= estimate <= high, found 6, 5, 7" },
        { POINT "\"time_ns\":{\"estimate\":5,\"low\":4,\"high\":4.5}}]}",
          "4:11: expected low <= estimate <= high, found 4, 5, 4.5" },
        { POINT "\"time_ns\":{\"estimate\":5,\"confidence\":95}}]}",
          "4:11: \"confidence\" is above 1: 95" },
        { POINT "\"time_ns\":{\"estimator\":\"mean\"}}]}",
          "4:24: \"estimator\" is \"mean\": expected one of \"q25\", \"median\"" },
        { POINT "\"invocations\":{}}]}",
          "4:15: expected an array for \"invocations\", found an object" },
        { ROUND "[]]}]}", "5:1: expected an object: an invocation" },
        { ROUND "{}]}]}", "5:1: \"samples_ns\" is missing here: expected an array" },
        { ROUND "{\"batch\":0,\"samples_ns\":[]}]}]}",
          "5:10: expected a whole number from 1 to 9007199254740991 for \"batch\", found "
          "0" },
        { ROUND "{\"samples_ns\":[1,2,\n-3]}]}]}",
          "6:1: a sample is not above 0 ns: -3" },
        { ROUND "{\"samples_ns\":[1,0]}]}]}", "5:18: a sample is not above 0 ns: 0" },
        { ROUND "{\"samples_ns\":[null]}]}]}", "5:16: expected a number, found null" },
        { ROUND "{\"samples_ns\":[1e999]}]}]}", "5:16: a number beyond 1.8e+308" },
        { ROUND "{\"samples_ns\":[],\"in_process\":0}]}]}",
          "5:31: expected true or false for \"in_process\", found a number" },
        { ROUND "{\"samples_ns\":[],\"steal_ticks\":-1}]}]}",
          "5:32: expected a whole number from 0 to 9007199254740991 for \"steal_ticks\", "
          "found -1" },
        { FILE_HEAD "{" POINT_HEAD ",\"status\":\"ok\"},\n"
                    "{" POINT_HEAD ",\"status\":\"ok\"}]}",
          "4:1: this point stands in the file for the second time" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pb_record record;
        struct pb_error err = { 0 };
        const char *text = cases[i].text;
        if (decode(text, strlen(text), false, &record, &err) != PB_ERR_INPUT)
            fail_msg("not refused: %s", text);
        assert_memory_equal(err.text, "F:", 2);
        assert_string_equal(err.text + 2, cases[i].message);
        assert_int_equal(record.npoints, 0); /* left empty: nothing to release */
        assert_null(record.points);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_record_is_written_as_agreed),
        cmocka_unit_test(test_a_record_survives_the_round_trip),
        cmocka_unit_test(test_a_paired_run_keeps_its_partner_and_stages),
        cmocka_unit_test(test_the_head_alone_needs_no_points),
        cmocka_unit_test(test_a_bad_end_always_has_a_reason),
        cmocka_unit_test(test_little_is_required),
        cmocka_unit_test(test_refusals_name_line_and_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
