/* The protocol between driver and worker: what one side writes the other reads unchanged,
 * and damage is told, never guessed around. */
#include "measure/order.h"

#include "record_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct pb_sampling sampling = {
    .batch = 12345,
    .multiple = 8,
    .min_batch_ns = 1e6,
    .warmup_ns = 20e6 / 3, /* a number without a short decimal form */
    .warmup_batches = 3,
    .floor_samples = 2,
    .min_samples = 13,
    .max_samples = 31,
    .time_limit_ns = 60e6,
    .precision = 0.1,
    .quantile = 0.25,
    .confidence = 0.95,
};

static void fill_order(struct pb_order *order)
{
    *order = (struct pb_order){ .kind = PB_ORDER_MEASURE,
                                .round = 5,
                                .position = 17,
                                .seed = (UINT64_C(1) << 53) - 1,
                                .sampling = sampling };
    fill_point(&order->point);
}

/* ---- orders ---- */

static void test_measure_order_survives(void **state)
{
    (void)state;
    struct pb_order order, got;
    struct pb_error err = { "" };
    fill_order(&order);
    char *line = pb_order_encode(&order);
    assert_non_null(line);
    assert_null(strchr(line, '\n'));
    assert_int_equal(pb_order_decode(line, &got, &err), PB_OK);
    assert_int_equal(got.kind, PB_ORDER_MEASURE);
    assert_int_equal(got.round, 5);
    assert_int_equal(got.position, 17);
    assert_int_equal(got.seed, order.seed);
    assert_memory_equal(&got.sampling, &order.sampling, sizeof sampling);
    assert_int_equal(pb_point_compare(&got.point, &order.point), 0);
    free(line);
    pb_order_release(&order);
    pb_order_release(&got);
}

static void test_check_order_needs_no_sampling(void **state)
{
    (void)state;
    struct pb_order order, got;
    fill_order(&order);
    order.kind = PB_ORDER_CHECK;
    order.sampling = (struct pb_sampling){ 0 };
    char *line = pb_order_encode(&order);
    assert_null(strstr(line, "sampling"));
    assert_int_equal(pb_order_decode(line, &got, NULL), PB_OK);
    assert_int_equal(got.kind, PB_ORDER_CHECK);
    assert_int_equal(got.seed, order.seed);
    assert_int_equal(pb_point_compare(&got.point, &order.point), 0);
    free(line);
    pb_order_release(&order);
    pb_order_release(&got);
}

static void test_turns_survive(void **state)
{
    (void)state;
    struct pb_order order, got;
    int cpu = 0;
    fill_order(&order);
    order.takes_turns = true;
    for (order.cpu = PB_CPU_ANY; order.cpu < 2; order.cpu++) {
        char *line = pb_order_encode(&order);
        assert_int_equal(pb_order_decode(line, &got, NULL), PB_OK);
        assert_true(got.takes_turns);
        assert_int_equal(got.cpu, order.cpu);
        pb_order_release(&got);
        free(line);
        line = pb_answer_encode_turn(order.cpu);
        assert_true(pb_answer_is_turn(line));
        assert_int_equal(pb_answer_decode_turn(line, &cpu, NULL), PB_OK);
        assert_int_equal(cpu, order.cpu);
        free(line);
    }
    char *line = pb_answer_encode_point(&order.point);
    assert_false(pb_answer_is_turn(line));
    free(line);
    pb_order_release(&order);
}

static void test_go_is_its_name(void **state)
{
    (void)state;
    struct pb_order got;
    char *line = pb_order_encode(&(struct pb_order){ .kind = PB_ORDER_GO });
    assert_string_equal(line, "{\"order\":\"go\"}");
    assert_int_equal(pb_order_decode(line, &got, NULL), PB_OK);
    assert_int_equal(got.kind, PB_ORDER_GO);
    free(line);
    pb_order_release(&got);
}

static void test_probe_order_is_its_name(void **state)
{
    (void)state;
    struct pb_order got;
    char *line = pb_order_encode(&(struct pb_order){ .kind = PB_ORDER_PROBE });
    assert_string_equal(line, "{\"order\":\"probe\"}");
    assert_int_equal(pb_order_decode(line, &got, NULL), PB_OK);
    assert_int_equal(got.kind, PB_ORDER_PROBE);
    pb_order_release(&got);
    free(line);
}

static void refuses_order(const char *line, enum pb_status status, const char *says)
{
    struct pb_order got;
    struct pb_error err = { "" };
    memset(&got, 0x5a, sizeof got);
    const struct pb_order untouched = got;
    assert_int_equal(pb_order_decode(line, &got, &err), status);
    assert_memory_equal(&got, &untouched, sizeof got);
    if (!strstr(err.text, says))
        fail_msg("%s: \"%s\" does not say \"%s\"", line, err.text, says);
}

static void test_damaged_orders_are_refused(void **state)
{
    (void)state;
    refuses_order("", PB_ERR_INPUT, "order");
    refuses_order("not json", PB_ERR_INPUT, "order:1:");
    refuses_order("{\"order\":\"probe\"", PB_ERR_INPUT, "order:1:");
    refuses_order("{}", PB_ERR_INPUT, "\"order\"");
    refuses_order("{\"order\":7}", PB_ERR_INPUT, "\"order\"");
    refuses_order("{\"order\":\"dance\"}", PB_ERR_INTERNAL, "unknown order \"dance\"");
    refuses_order("{\"order\":\"measure\"}", PB_ERR_INTERNAL,
                  "without sampling or point");
    refuses_order("{\"order\":\"check\"}", PB_ERR_INTERNAL, "without sampling or point");
    refuses_order("{\"order\":\"check\",\"point\":[]}", PB_ERR_INPUT, "point");
    refuses_order("{\"order\":\"check\",\"point\":{}}", PB_ERR_INPUT, "");
    refuses_order("{\"order\":\"measure\",\"round\":-1}", PB_ERR_INPUT, "round");
}

/* A whole order up to every byte but the last is no order; nothing crashes on the way. */
static void test_cut_orders_are_refused(void **state)
{
    (void)state;
    struct pb_order order, got;
    fill_order(&order);
    char *line = pb_order_encode(&order);
    for (size_t len = strlen(line); len-- > 0;) {
        line[len] = '\0';
        assert_int_equal(pb_order_decode(line, &got, NULL), PB_ERR_INPUT);
    }
    free(line);
    pb_order_release(&order);
}

/* The order with one piece of its text replaced. */
static void refuses_changed(const char *from, const char *to, const char *says)
{
    struct pb_order order;
    fill_order(&order);
    char *line = pb_order_encode(&order), changed[8192];
    const char *at = strstr(line, from);
    if (!at)
        fail_msg("%s is not in %s", from, line);
    (void)snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - line), line, to,
                   at + strlen(from));
    refuses_order(changed, PB_ERR_INPUT, says);
    free(line);
    pb_order_release(&order);
}

static void test_sampling_that_cannot_be_carried_out_is_refused(void **state)
{
    (void)state;
    refuses_changed("\"multiple\":8,", "", "multiple >= 1");
    refuses_changed("\"multiple\":8", "\"multiple\":0", "multiple >= 1");
    refuses_changed("\"max_samples\":31,", "", "max_samples in 1..4096");
    refuses_changed("\"max_samples\":31", "\"max_samples\":4097",
                    "max_samples in 1..4096");
    refuses_changed("\"quantile\":0.25", "\"quantile\":null", "quantile and confidence");
    refuses_changed("\"quantile\":0.25", "\"quantile\":1", "quantile and confidence");
    refuses_changed("\"confidence\":0.95", "\"confidence\":0", "quantile and confidence");
    refuses_changed("\"confidence\":0.95", "\"confidenze\":0.95",
                    "quantile and confidence");
    refuses_changed("\"batch\":12345", "\"batch\":1.5", "batch");
    refuses_changed("\"batch\":12345", "\"batch\":\"many\"", "batch");
    refuses_changed("\"seed\":9007199254740991", "\"seed\":9007199254740994", "seed");
}

/* ---- answers ---- */

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

/* ---- probes ---- */

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
        cmocka_unit_test(test_measure_order_survives),
        cmocka_unit_test(test_check_order_needs_no_sampling),
        cmocka_unit_test(test_turns_survive),
        cmocka_unit_test(test_go_is_its_name),
        cmocka_unit_test(test_probe_order_is_its_name),
        cmocka_unit_test(test_damaged_orders_are_refused),
        cmocka_unit_test(test_cut_orders_are_refused),
        cmocka_unit_test(test_sampling_that_cannot_be_carried_out_is_refused),
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
