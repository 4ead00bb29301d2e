/* Answers: what the worker writes the driver reads unchanged, and damage is told, never
 * guessed around. */
#include "measure/order.h"

#include "record_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- answers ----------------------------------------------------------------------- */

static const char awkward[] =
    "a \"GPU\"\n\t\\ \x01 \xc2\xb5\xe2\x82\xac\xf0\x9f\x98\x80 {\"error\":\"no\"}";

static void test_point_survives_whatever_its_strings_hold(void **state)
{
    (void)state;
    struct pb_point point, got;
    struct pb_error err = { "" };
    fill_point(&point);
    set(&point.device, awkward);
    set(&point.reason, awkward);
    set(&point.phases.note, awkward);
    point.status = PB_OUTCOME_FAILED;
    char *line = pb_answer_encode_point(&point);
    assert_null(strchr(line, '\n')); /* or it would be two answers */
    assert_int_equal(pb_answer_decode_point(line, &got, &err), PB_OK);
    assert_string_equal(got.device, awkward);
    assert_string_equal(got.reason, awkward);
    assert_string_equal(got.phases.note, awkward);
    assert_int_equal(got.status, PB_OUTCOME_FAILED);
    assert_int_equal(pb_point_compare(&point, &got), 0);
    char *again = pb_answer_encode_point(&got);
    assert_string_equal(line, again); /* invocations, samples, times: everything */
    free(line);
    free(again);
    pb_point_release(&point);
    pb_point_release(&got);
}

static void test_unknown_numbers_travel_as_null(void **state)
{
    (void)state;
    struct pb_point point, got;
    fill_point(&point);
    point.max_error = (double)INFINITY;
    point.tolerance = (double)NAN;
    char *line = pb_answer_encode_point(&point);
    assert_null(strstr(line, "nan"));
    assert_null(strstr(line, "inf"));
    assert_int_equal(pb_answer_decode_point(line, &got, NULL), PB_OK);
    assert_true(isnan(got.max_error));
    assert_true(isnan(got.tolerance));
    free(line);
    pb_point_release(&point);
    pb_point_release(&got);
}

static void test_error_answer_keeps_its_text(void **state)
{
    (void)state;
    struct pb_point point;
    struct pb_probe probe;
    struct pb_error err = { "" };
    char *line = pb_answer_encode_error("no \"driver\"\nfor it");
    assert_int_equal(pb_answer_decode_point(line, &point, &err), PB_ERR_ENVIRONMENT);
    assert_string_equal(err.text, "no \"driver\"\nfor it");
    assert_int_equal(pb_answer_decode_probe(line, &probe, &err), PB_ERR_ENVIRONMENT);
    free(line);
}

static void test_damaged_answers_are_the_worker_s_fault(void **state)
{
    (void)state;
    static const char *const lines[] = { "", "computing...",
                                         "{\"point\":", "{\"point\":{}} x",
                                         "{\"error\":1}" };
    struct pb_point point;
    struct pb_probe probe;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct pb_error err = { "" };
        assert_int_equal(pb_answer_decode_point(lines[i], &point, &err), PB_ERR_INTERNAL);
        assert_non_null(strstr(err.text, "a worker broke the protocol: "));
        assert_int_equal(pb_answer_decode_probe(lines[i], &probe, &err), PB_ERR_INTERNAL);
    }
    struct pb_error err = { "" };
    assert_int_equal(pb_answer_decode_point("[1]", &point, &err), PB_ERR_INTERNAL);
    assert_int_equal(pb_answer_decode_point("{\"probe\":{}}", &point, &err),
                     PB_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "lacks \"point\""));
    assert_int_equal(pb_answer_decode_probe("{\"point\":{}}", &probe, &err),
                     PB_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "lacks \"probe\""));
    assert_int_equal(
        pb_answer_decode_point("{\"point\":{\"kernel\":\"x\"}}", &point, &err),
        PB_ERR_INPUT);
}

/* ---- probes ------------------------------------------------------------------------ */

static struct pb_probe some_probe(void)
{
    return (struct pb_probe){
        .devices = { { .name = "A \"GPU\" #2",
                       .type = "gpu",
                       .driver = "1.2\n3",
                       .compute_units = 132,
                       .memory_bytes = UINT64_C(150754820096),
                       .dtypes = 3,
                       .note = "no timestamps" },
                     { .name = "pocl", .type = "cpu", .dtypes = 1 } },
        .ndevices = 2,
        .max_workers = 2,
        .version = "Open MPI 4.1.4",
    };
}

static void test_probe_survives(void **state)
{
    (void)state;
    const struct pb_probe probe = some_probe();
    struct pb_probe got;
    struct pb_error err = { "" };
    char *line = pb_answer_encode_probe(&probe);
    assert_null(strchr(line, '\n'));
    assert_int_equal(pb_answer_decode_probe(line, &got, &err), PB_OK);
    assert_int_equal(got.ndevices, 2);
    assert_int_equal(got.max_workers, 2);
    assert_string_equal(got.version, "Open MPI 4.1.4");
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(got.devices[i].name, probe.devices[i].name);
        assert_string_equal(got.devices[i].type, probe.devices[i].type);
        assert_string_equal(got.devices[i].driver, probe.devices[i].driver);
        assert_string_equal(got.devices[i].note, probe.devices[i].note);
        assert_int_equal(got.devices[i].compute_units, probe.devices[i].compute_units);
        assert_int_equal(got.devices[i].memory_bytes, probe.devices[i].memory_bytes);
        assert_int_equal(got.devices[i].dtypes, probe.devices[i].dtypes);
    }
    free(line);
}

static void test_longest_probe_fits(void **state)
{
    (void)state;
    static struct pb_probe probe, got;
    for (probe.ndevices = 0; probe.ndevices < PB_DEVICES_MAX; probe.ndevices++)
        memset(probe.devices[probe.ndevices].name, 'x', sizeof probe.devices[0].name - 1);
    char *line = pb_answer_encode_probe(&probe);
    assert_int_equal(pb_answer_decode_probe(line, &got, NULL), PB_OK);
    assert_int_equal(got.ndevices, PB_DEVICES_MAX);
    assert_string_equal(got.devices[PB_DEVICES_MAX - 1].name, probe.devices[0].name);
    free(line);
}

/* Names beyond the buffer are cut, devices beyond the table are left out: nothing is
 * written past them. */
static void test_oversized_probe_is_cut(void **state)
{
    (void)state;
    char line[32768] = "{\"probe\":{\"devices\":[", device[400], name[300];
    memset(name, 'y', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    (void)snprintf(device, sizeof device, "{\"name\":\"%s\"}", name);
    for (int i = 0; i < PB_DEVICES_MAX + 8; i++) {
        strcat(line, i ? "," : "");
        strcat(line, device);
    }
    strcat(line, "]}}");
    static struct pb_probe got;
    assert_int_equal(pb_answer_decode_probe(line, &got, NULL), PB_OK);
    assert_int_equal(got.ndevices, PB_DEVICES_MAX);
    assert_int_equal(strlen(got.devices[0].name), sizeof got.devices[0].name - 1);
}

static void test_damaged_probes_are_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "{\"probe\":{\"devices\":7}}",
        "{\"probe\":{\"devices\":[{\"name\":7}]}}",
        "{\"probe\":{\"devices\":[{\"memory_bytes\":-1}]}}",
        "{\"probe\":{\"max_workers\":1e30}}",
        "{\"probe\":{\"version\":1}}",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct pb_probe got;
        struct pb_error err = { "" };
        if (pb_answer_decode_probe(lines[i], &got, &err) != PB_ERR_INPUT)
            fail_msg("%s was accepted", lines[i]);
        assert_true(err.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_point_survives_whatever_its_strings_hold),
        cmocka_unit_test(test_unknown_numbers_travel_as_null),
        cmocka_unit_test(test_error_answer_keeps_its_text),
        cmocka_unit_test(test_damaged_answers_are_the_worker_s_fault),
        cmocka_unit_test(test_probe_survives),
        cmocka_unit_test(test_longest_probe_fits),
        cmocka_unit_test(test_oversized_probe_is_cut),
        cmocka_unit_test(test_damaged_probes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
