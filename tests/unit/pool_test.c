/* Workers that crash, hang or break the protocol cost the point at hand, and the next one
 * gets a new worker.
 *
 * The pool starts "its own file" as a worker: that is this program, which serves orders
 * as parbench does, but misbehaves once where the test left a file that says how.
 */
#include "measure/pool.h"

#include "backends/registry.h"
#include "measure/worker.h"
#include "record_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- the worker -------------------------------------------------------------------- */

static const char variable[] = "PB_TEST_MISBEHAVE"; /* names the file */

/* What the file says, once: it is gone afterwards. "" where there is none. */
static const char *take_instruction(void)
{
    static char text[64];
    const char *file = getenv(variable);
    FILE *in = file ? fopen(file, "r") : NULL;
    if (in) {
        if (!fgets(text, sizeof text, in))
            text[0] = '\0';
        (void)fclose(in);
        (void)unlink(file);
    }
    return text;
}

static int act_as_worker(const char *backend)
{
    char order[16384];
    const char *how = take_instruction();
    if (!*how)
        return pb_worker_serve(backend);
    if (strcmp(how, "end before the order") == 0)
        return 3;
    /* A new worker is greeted first: that is what goes wrong, or the order behind it. */
    const bool at_greeting = strncmp(how, "greeting: ", 10) == 0;
    how += at_greeting ? 10 : 0;
    if (!fgets(order, sizeof order, stdin))
        return 4;
    if (!at_greeting) {
        (void)puts("{\"probe\":{\"devices\":[],\"max_workers\":1,\"version\":\"\"}}");
        (void)fflush(stdout);
        if (!fgets(order, sizeof order, stdin))
            return 4;
    }
    if (strcmp(how, "crash") == 0)
        (void)raise(SIGKILL);
    else if (strcmp(how, "hang") == 0)
        (void)pause();
    else if (strcmp(how, "end") == 0)
        (void)fprintf(stderr, "no licence\n");
    else /* says that */
        (void)printf("%s\n", how);
    return 5;
}

/* ---- the tests --------------------------------------------------------------------- */

struct fixture {
    char folder[64], file[128];
    struct pb_pool *pool;
    struct pb_order order;
    struct pb_point got;
};

static const double patience_s = 60;

static int set_up(void **state)
{
    const struct pb_pool_settings settings = { .start_timeout_s = patience_s };
    struct fixture *f = calloc(1, sizeof *f);
    if (!f || pb_pool_new(&settings, &f->pool, NULL))
        return -1;
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/parbench-test-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    (void)snprintf(f->file, sizeof f->file, "%s/how", f->folder);
    if (setenv(variable, f->file, 1) != 0)
        return -1;
    f->order = (struct pb_order){ .kind = PB_ORDER_CHECK, .seed = 7 };
    struct pb_point *point = &f->order.point;
    pb_point_init(point);
    set(&point->kernel, "reduce");
    set(&point->dtype, "f32");
    point->n = 100;
    set(&point->backend, "scalar");
    set(&point->isa, "scalar");
    set(&point->worker_kind, "core");
    set(&point->variant, "default");
    set(&point->residency, "host");
    set(&point->cache, "hot");
    pb_point_init(&f->got);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    pb_pool_free(f->pool);
    pb_order_release(&f->order);
    pb_point_release(&f->got);
    (void)unlink(f->file);
    (void)rmdir(f->folder);
    free(f);
    return 0;
}

static void instruct(const struct fixture *f, const char *how)
{
    FILE *out = fopen(f->file, "w");
    assert_non_null(out);
    assert_true(fputs(how, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void execute(struct fixture *f, double timeout_s, enum pb_outcome outcome)
{
    pb_point_release(&f->got);
    assert_true(pb_pool_execute(f->pool, &f->order, timeout_s, NULL, &f->got));
    if (f->got.status != outcome)
        fail_msg("%s (%s)", pb_outcome_name(f->got.status),
                 f->got.reason ? f->got.reason : "");
    assert_int_equal(pb_point_compare(&f->got, &f->order.point), 0);
}

static void misbehaves(struct fixture *f, const char *how, double timeout_s,
                       enum pb_outcome outcome, const char *reason)
{
    instruct(f, how);
    /* So that the next worker is a new one, and finds the instruction. */
    pb_pool_retire(f->pool);
    execute(f, timeout_s, outcome);
    if (!strstr(f->got.reason, reason))
        fail_msg("%s: \"%s\" does not say \"%s\"", how, f->got.reason, reason);
    assert_int_equal(f->got.ninvocations, 0);
    (void)unlink(f->file); /* a worker killed in a hurry has not read it */
    execute(f, patience_s, PB_OUTCOME_OK);
}

static void test_orders_are_carried_out_in_a_process(void **state)
{
    struct fixture *f = *state;
    execute(f, patience_s, PB_OUTCOME_OK);
    assert_true(f->got.max_error <= f->got.tolerance);
    f->order.kind = PB_ORDER_MEASURE;
    f->order.round = 2;
    f->order.position = 9;
    f->order.sampling = (struct pb_sampling){ .multiple = 1,
                                              .floor_samples = 1,
                                              .min_samples = 2,
                                              .max_samples = 2,
                                              .time_limit_ns = 1e6,
                                              .precision = 0.5,
                                              .quantile = 0.25,
                                              .confidence = 0.95 };
    execute(f, patience_s, PB_OUTCOME_OK);
    assert_int_equal(f->got.ninvocations, 1);
    assert_int_equal(f->got.invocations[0].round, 2);
    assert_int_equal(f->got.invocations[0].order, 9);
    assert_false(f->got.invocations[0].in_process);
}

/* The instruction would be obeyed by a new worker: the old one goes on. */
static void test_worker_stays_until_it_is_retired(void **state)
{
    struct fixture *f = *state;
    execute(f, patience_s, PB_OUTCOME_OK);
    instruct(f, "end");
    execute(f, patience_s, PB_OUTCOME_OK);
    assert_int_equal(access(f->file, F_OK), 0);
    f->order.point.workers = 2; /* another configuration: another worker */
    execute(f, patience_s, PB_OUTCOME_FAILED);
    f->order.point.workers = 1;
    execute(f, patience_s, PB_OUTCOME_OK);
}

static void test_crash_costs_its_point(void **state)
{
    misbehaves(*state, "crash", patience_s, PB_OUTCOME_FAILED,
               "its worker was killed by signal 9");
}

static void test_end_costs_its_point(void **state)
{
    misbehaves(*state, "end", patience_s, PB_OUTCOME_FAILED,
               "ended with status 5; its last words: no licence");
    misbehaves(*state, "end before the order", patience_s, PB_OUTCOME_FAILED,
               "ended with status 3");
}

static void test_hang_costs_its_point(void **state)
{
    misbehaves(*state, "hang", 0.05, PB_OUTCOME_TIMEOUT, "no answer within 0.05 s");
}

/* Starting up has a time limit of its own, and says so. */
static void test_hang_at_start_costs_its_point(void **state)
{
    struct fixture *f = *state;
    const struct pb_pool_settings settings = { .start_timeout_s = 0.05 };
    pb_pool_free(f->pool);
    assert_int_equal(pb_pool_new(&settings, &f->pool, NULL), PB_OK);
    instruct(f, "greeting: hang");
    execute(f, patience_s, PB_OUTCOME_TIMEOUT);
    assert_non_null(strstr(f->got.reason, "did not start within 0.05 s"));
}

static void test_broken_protocol_costs_its_point(void **state)
{
    misbehaves(*state, "computing...", patience_s, PB_OUTCOME_FAILED,
               "a worker broke the protocol");
    misbehaves(*state, "{\"point\":{\"kernel\":\"x\"}}", patience_s, PB_OUTCOME_FAILED,
               "answer");
    misbehaves(*state, "{}", patience_s, PB_OUTCOME_FAILED, "lacks \"point\"");
    misbehaves(*state, "{\"error\":\"the driver is too old\"}", patience_s,
               PB_OUTCOME_FAILED, "the driver is too old");
}

static bool at_once(void)
{
    return true;
}

static void test_stop_gives_no_outcome(void **state)
{
    struct fixture *f = *state;
    instruct(f, "hang");
    memset(&f->got, 0x5a, sizeof f->got); /* it says nothing of its own */
    assert_false(pb_pool_execute(f->pool, &f->order, patience_s, at_once, &f->got));
    assert_null(f->got.kernel);
    assert_int_equal(f->got.ninvocations, 0);
    (void)unlink(f->file); /* it may have been stopped before it looked */
    execute(f, patience_s, PB_OUTCOME_OK);
}

static void test_unknown_backend_fails_its_point(void **state)
{
    struct fixture *f = *state;
    set(&f->order.point.backend, "simt");
    execute(f, patience_s, PB_OUTCOME_FAILED);
    assert_non_null(strstr(f->got.reason, "no such backend"));
}

static void test_probe_asks_a_worker(void **state)
{
    struct fixture *f = *state;
    const struct pb_pool_settings settings = { .start_timeout_s = patience_s };
    const struct pb_backend *scalar = pb_backend_find("scalar");
    struct pb_pool *pool = NULL;
    struct pb_probe probe;
    struct pb_error err = { "" };
    assert_int_equal(pb_pool_new(&settings, &pool, NULL), PB_OK);
    assert_int_equal(pb_pool_probe(pool, scalar, &probe, &err), PB_OK);
    assert_int_equal(probe.max_workers, 1);
    assert_int_equal(probe.ndevices, 0);
    instruct(f, "greeting: crash");
    assert_int_equal(pb_pool_probe(pool, scalar, &probe, &err), PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "its worker was killed by signal 9"));
    instruct(f, "greeting: nonsense");
    assert_int_equal(pb_pool_probe(pool, scalar, &probe, &err), PB_ERR_INTERNAL);
    instruct(f, "greeting: {\"error\":\"no libOpenCL\"}");
    assert_int_equal(pb_pool_probe(pool, scalar, &probe, &err), PB_ERR_ENVIRONMENT);
    assert_string_equal(err.text, "no libOpenCL");
    assert_int_equal(pb_pool_probe(pool, scalar, &probe, &err), PB_OK);
    pb_pool_free(pool);
}

static void test_in_process_starts_nobody(void **state)
{
    struct fixture *f = *state;
    const struct pb_pool_settings settings = { .in_process = true };
    struct pb_pool *pool = NULL;
    struct pb_probe probe;
    instruct(f, "crash"); /* for whoever is started */
    assert_int_equal(pb_pool_new(&settings, &pool, NULL), PB_OK);
    assert_true(pb_pool_execute(pool, &f->order, 0, NULL, &f->got));
    assert_int_equal(f->got.status, PB_OUTCOME_OK);
    assert_int_equal(pb_pool_probe(pool, pb_backend_find("scalar"), &probe, NULL), PB_OK);
    pb_point_release(&f->got);
    memset(&f->got, 0x5a, sizeof f->got);
    assert_false(pb_pool_execute(pool, &f->order, 0, at_once, &f->got));
    assert_null(f->got.kernel);
    pb_pool_free(pool);
    assert_int_equal(access(f->file, F_OK), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_orders_are_carried_out_in_a_process),
        TEST(test_worker_stays_until_it_is_retired),
        TEST(test_crash_costs_its_point),
        TEST(test_end_costs_its_point),
        TEST(test_hang_costs_its_point),
        TEST(test_hang_at_start_costs_its_point),
        TEST(test_broken_protocol_costs_its_point),
        TEST(test_stop_gives_no_outcome),
        TEST(test_unknown_backend_fails_its_point),
        TEST(test_probe_asks_a_worker),
        TEST(test_in_process_starts_nobody),
    };
    if (argc == 4 && strcmp(argv[1], "worker") == 0) /* worker --backend NAME */
        return act_as_worker(argv[3]);
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
