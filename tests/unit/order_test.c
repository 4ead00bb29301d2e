/* Orders: what the driver writes the worker reads unchanged, and damage is told, never
 * guessed around. */
#include "measure/order.h"

#include "record_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
