/* Two workers in lockstep: who measures when, on which CPU, and what becomes of the other
 * one when a worker ends, takes no turns or the user stops.
 *
 * As in pool_test, the pool starts "its own file": this program. With PB_TEST_SCRIPT it
 * plays a worker of that name that measures nothing and notes every step in a file.
 */
#include "measure/turns.h"

#include "backends/registry.h"
#include "measure/worker.h"
#include "record_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- the worker -------------------------------------------------------------------- */

static const char log_variable[] = "PB_TEST_LOG", script_variable[] = "PB_TEST_SCRIPT";

static void note(const char *text)
{
    const char *file = getenv(log_variable);
    const int fd = file ? open(file, O_WRONLY | O_APPEND | O_CREAT, 0600) : -1;
    if (fd >= 0) {
        (void)!write(fd, text, strlen(text));
        (void)close(fd);
    }
}

static void say(char *line)
{
    (void)puts(line ? line : "");
    (void)fflush(stdout);
    free(line);
}

static bool hear(struct pb_order *out)
{
    char line[16384];
    return fgets(line, sizeof line, stdin) && !pb_order_decode(line, out, NULL);
}

/* The script: its name, then a step per sample: "g": takes its turn, "x": dies. A script
 * without steps takes no turns. */
static int play(const char *script)
{
    char name[3] = { script[0], '\0' }, cpu[32];
    struct pb_order order = { 0 }, go = { 0 };
    if (!hear(&order))
        return 4;
    say(pb_answer_encode_probe(&(struct pb_probe){ .max_workers = 1 }));
    if (!hear(&order) || order.kind != PB_ORDER_MEASURE || !order.takes_turns)
        return 4;
    (void)snprintf(cpu, sizeof cpu, "%s%d ", name, order.cpu);
    note(cpu);
    for (const char *step = script + 1; *step; step++) {
        say(pb_answer_encode_turn(name[0] == 'a' ? 5 : 6));
        if (!hear(&go) || go.kind != PB_ORDER_GO)
            return 4;
        note(name);
        if (*step == 'x')
            (void)raise(SIGKILL);
    }
    say(pb_answer_encode_point(&order.point));
    pb_order_release(&order);
    (void)hear(&go); /* the end */
    return 0;
}

/* ---- the tests --------------------------------------------------------------------- */

struct fixture {
    char folder[64], file[128], env[2][64];
    const char *env_list[2][1];
    struct pb_pool *pools[2];
    struct pb_order orders[2];
    struct pb_point points[2];
    struct pb_turns_side sides[2];
};

static const double patience_s = 60;

static void start(struct fixture *f, const char *a, const char *b)
{
    const char *const scripts[] = { a, b };
    for (int i = 0; i < 2; i++) {
        struct pb_pool_settings settings = { .start_timeout_s = patience_s };
        if (scripts[i]) {
            (void)snprintf(f->env[i], sizeof f->env[i], "%s=%s", script_variable,
                           scripts[i]);
            f->env_list[i][0] = f->env[i];
            settings.env = f->env_list[i];
            settings.nenv = 1;
        }
        assert_int_equal(pb_pool_new(&settings, &f->pools[i], NULL), PB_OK);
        f->sides[i] = (struct pb_turns_side){ f->pools[i], &f->orders[i], &f->points[i] };
    }
}

static void make_order(struct pb_order *order)
{
    *order = (struct pb_order){ .kind = PB_ORDER_MEASURE,
                                .seed = 7,
                                .is_lean = true,
                                .sampling = { .batch = 1,
                                              .multiple = 1,
                                              .floor_samples = 4,
                                              .min_samples = 4,
                                              .max_samples = 4,
                                              .time_limit_ns = 1e9,
                                              .precision = 1e-9,
                                              .quantile = 0.25,
                                              .confidence = 0.95 } };
    struct pb_point *point = &order->point;
    pb_point_init(point);
    set(&point->kernel, "reduce");
    set(&point->dtype, "f32");
    point->n = 4096;
    set(&point->backend, "scalar");
    set(&point->isa, "scalar");
    set(&point->worker_kind, "core");
    set(&point->variant, "default");
    set(&point->residency, "host");
    set(&point->cache, "hot");
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/parbench-test-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    (void)snprintf(f->file, sizeof f->file, "%s/log", f->folder);
    if (setenv(log_variable, f->file, 1))
        return -1;
    for (int i = 0; i < 2; i++) {
        make_order(&f->orders[i]);
        pb_point_init(&f->points[i]);
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        pb_pool_free(f->pools[i]);
        pb_order_release(&f->orders[i]);
        pb_point_release(&f->points[i]);
    }
    (void)unlink(f->file);
    (void)rmdir(f->folder);
    free(f);
    return 0;
}

static void assert_log(const struct fixture *f, const char *wanted)
{
    char text[256] = "";
    FILE *in = fopen(f->file, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    assert_int_equal(fclose(in), 0);
    assert_string_equal(text, wanted);
}

static void execute(struct fixture *f, unsigned first)
{
    assert_true(pb_turns_execute(f->sides, first, patience_s, NULL));
}

static void test_samples_alternate_abba(void **state)
{
    struct fixture *f = *state;
    start(f, "agggg", "bgggg");
    execute(f, 0);
    assert_log(f, "a-1 b5 abbaabba");
    for (int i = 0; i < 2; i++)
        assert_int_equal(f->points[i].status, PB_OUTCOME_OK);
}

static void test_the_second_may_begin(void **state)
{
    struct fixture *f = *state;
    start(f, "aggg", "bggg");
    execute(f, 1);
    assert_log(f, "b-1 a6 baabba");
}

static void test_one_that_takes_no_turns_is_measured_all_the_same(void **state)
{
    struct fixture *f = *state;
    start(f, "a", "bgg");
    execute(f, 0);
    assert_log(f, "a-1 b-1 bb");
    assert_int_equal(f->points[0].status, PB_OUTCOME_OK);
    assert_int_equal(f->points[1].status, PB_OUTCOME_OK);
}

static void test_death_of_one_costs_its_point_alone(void **state)
{
    struct fixture *f = *state;
    start(f, "agxg", "bggg");
    execute(f, 0);
    assert_log(f, "a-1 b5 abbab");
    assert_int_equal(f->points[0].status, PB_OUTCOME_FAILED);
    assert_non_null(strstr(f->points[0].reason, "killed by signal 9"));
    assert_int_equal(f->points[1].status, PB_OUTCOME_OK);
}

static unsigned questions;

/* The user loses patience while both are half-way. */
static bool after_some_questions(void)
{
    return ++questions > 8;
}

static void test_stop_ends_both(void **state)
{
    struct fixture *f = *state;
    char script[64];
    memset(script, 'g', sizeof script);
    script[0] = 'a';
    script[sizeof script - 1] = '\0';
    start(f, script, script);
    questions = 0;
    assert_false(pb_turns_execute(f->sides, 0, patience_s, after_some_questions));
    for (int i = 0; i < 2; i++) {
        assert_null(f->points[i].kernel);
        assert_int_equal(f->points[i].ninvocations, 0);
    }
}

static void test_real_workers_take_the_same_samples(void **state)
{
    struct fixture *f = *state;
    start(f, NULL, NULL);
    execute(f, 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(f->points[i].status, PB_OUTCOME_OK);
        assert_int_equal(f->points[i].ninvocations, 1);
        assert_int_equal(f->points[i].invocations[0].nsamples, 4);
        assert_true(f->points[i].invocations[0].in_turn);
    }
}

/* Its threads would spin while the other one measures: it is stopped, goes on, and ends
 * when told to. */
static void test_workers_that_spin_are_stopped_and_go_on(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        set(&f->orders[i].point.backend, "openmp");
        set(&f->orders[i].point.worker_kind, "thread");
    }
    if (!pb_backend_find("openmp"))
        skip();
    start(f, NULL, NULL);
    execute(f, 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(f->points[i].status, PB_OUTCOME_OK);
        assert_true(f->points[i].invocations[0].in_turn);
    }
}

static int act_as_worker(const char *backend)
{
    const char *script = getenv(script_variable);
    return script ? play(script) : pb_worker_serve(backend);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_samples_alternate_abba),
        TEST(test_the_second_may_begin),
        TEST(test_one_that_takes_no_turns_is_measured_all_the_same),
        TEST(test_death_of_one_costs_its_point_alone),
        TEST(test_stop_ends_both),
        TEST(test_real_workers_take_the_same_samples),
        TEST(test_workers_that_spin_are_stopped_and_go_on),
    };
    if (argc == 4 && strcmp(argv[1], "worker") == 0) /* worker --backend NAME */
        return act_as_worker(argv[3]);
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
