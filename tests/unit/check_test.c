/* Backends and bodies that are wrong on purpose must be caught, and right ones must pass.
 */
#include "backends/check.h"

#include "backends/host.h"
#include "toy_kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a backend that runs its workers one after the other, with a fault on demand --- */

enum fault {
    NO_FAULT,
    LOADS_ONCE,        /* keeps the first inputs for ever */
    STALE_RESULT,      /* hands out the first result for ever */
    DROPS_LAST_WORKER, /* never runs the last slice */
    MERGES_TWICE,      /* counts private results double */
    FORGETS_FETCH,     /* leaves the results where they are */
    FETCHES_TOO_MUCH,  /* writes behind the host's array */
    CLOBBERS_INPUT,    /* writes into the host's input */
    KEEPS_RESULTS,     /* PB_ALWAYS: a call does not bring its results */
    KEEPS_INPUTS,      /* PB_ALWAYS: a call does not take its inputs */
};
static enum fault fault;

struct pb_session {
    struct pb_host host;
    const struct pb_task *from;
    unsigned loads, runs;
};

static bool is_always(const struct pb_session *s)
{
    return s->host.c.config.residency == PB_ALWAYS;
}

static enum pb_status fake_open(const struct pb_case *c, struct pb_session **out,
                                struct pb_error *err)
{
    struct pb_session *s = calloc(1, sizeof *s);
    assert_non_null(s);
    const enum pb_status status = pb_host_init(&s->host, c, err);
    if (status)
        free(s);
    else
        *out = s;
    return status;
}

static void copy_in(struct pb_session *s)
{
    if (fault == LOADS_ONCE && s->loads++ > 0)
        return;
    for (unsigned w = 0; w < s->host.workers; w++)
        pb_host_load_slice(&s->host, s->from, w);
}

static enum pb_status fake_load(struct pb_session *s, const struct pb_task *host,
                                struct pb_error *err)
{
    (void)err;
    s->from = host;
    copy_in(s);
    return PB_OK;
}

static void run_once(struct pb_session *s)
{
    struct pb_host *host = &s->host;
    const unsigned workers = host->workers - (fault == DROPS_LAST_WORKER);
    for (unsigned w = 0; w < workers; w++) {
        const struct pb_task task = pb_host_task_of(host, w);
        const struct pb_slice mine = pb_host_slice(host->items, host->workers, w);
        host->body(&task, mine.begin, mine.end);
    }
    pb_host_merge(host);
    if (fault == MERGES_TWICE)
        pb_host_merge(host);
}

static enum pb_status fake_run(struct pb_session *s, size_t calls, struct pb_error *err)
{
    (void)err;
    if (fault == STALE_RESULT && s->runs++ > 0)
        return PB_OK;
    if (is_always(s) && fault != KEEPS_INPUTS)
        copy_in(s);
    for (size_t call = 0; call < calls; call++)
        run_once(s);
    if (is_always(s) && fault != KEEPS_RESULTS)
        pb_host_fetch(&s->host, s->from);
    return PB_OK;
}

static enum pb_status fake_fetch(struct pb_session *s, const struct pb_task *to,
                                 struct pb_error *err)
{
    (void)err;
    if (fault == FORGETS_FETCH)
        return PB_OK;
    pb_host_fetch(&s->host, to);
    if (fault == FETCHES_TOO_MUCH)
        memset((char *)to->buf[TOY_Y] + s->host.bytes[TOY_Y], 0, sizeof(double));
    if (fault == CLOBBERS_INPUT)
        ((double *)to->buf[TOY_X])[s->host.c.n - 1] += 1;
    return PB_OK;
}

static void fake_close(struct pb_session *s)
{
    if (s)
        pb_host_release(&s->host);
    free(s);
}

static const struct pb_backend_ops fake_ops = {
    .abi = PB_BACKEND_ABI,
    .open = fake_open,
    .load = fake_load,
    .run = fake_run,
    .fetch = fake_fetch,
    .close = fake_close,
};
static const struct pb_backend fake = { .name = "fake", .uses_isa = true };

/* ---- how to try it ----------------------------------------------------------------- */

struct how {
    enum fault fault;
    size_t n;
    unsigned workers, reuse;
    enum pb_residency residency;
};

static enum pb_status try_it(const struct pb_kernel *kernel, struct how how,
                             struct pb_error *err)
{
    const struct pb_case c = {
        .kernel = kernel,
        .dtype = PB_DTYPE_f64,
        .n = how.n,
        .config = { .isa = PB_ISA_scalar,
                    .workers = how.workers,
                    .residency = how.residency,
                    .reuse = how.reuse },
    };
    struct pb_check_result result;
    fault = how.fault;
    const enum pb_status status = pb_check_case(&fake_ops, &fake, &c, 42, &result, err);
    fault = NO_FAULT;
    if (!status) {
        assert_true(result.max_error >= 0 && result.max_error <= result.tolerance);
        assert_true(result.tolerance > 0);
    }
    return status;
}

static void must_catch(const struct pb_kernel *kernel, struct how how, const char *word)
{
    struct pb_error err = { "" };
    assert_int_equal(try_it(kernel, how, &err), PB_ERR_WRONG);
    if (!strstr(err.text, word))
        fail_msg("'%s' does not say '%s'", err.text, word);
}

static const struct how usual = { .n = 10, .workers = 3, .reuse = 1 };

static struct how with(enum fault f)
{
    struct how how = usual;
    how.fault = f;
    return how;
}

static struct how always(enum fault f)
{
    struct how how = with(f);
    how.residency = PB_ALWAYS;
    return how;
}

/* ---- backends ---------------------------------------------------------------------- */

static void test_right_backends_pass(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body), sum = TOY_SUM(toy_sum_body);
    for (size_t n = 1; n < 12; n++)
        for (unsigned workers = 1; workers < 5; workers++)
            for (unsigned reuse = 1; reuse < 3; reuse++)
                for (int r = PB_HOST; r < PB_RESIDENCY_COUNT; r++) {
                    const struct how how = { .n = n,
                                             .workers = workers,
                                             .reuse = reuse,
                                             .residency = (enum pb_residency)r };
                    assert_int_equal(try_it(&axpy, how, NULL), PB_OK);
                    assert_int_equal(try_it(&sum, how, NULL), PB_OK);
                }
}

static void test_wrong_backends_are_caught(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body), sum = TOY_SUM(toy_sum_body);
    must_catch(&axpy, with(LOADS_ONCE), "second inputs");
    must_catch(&sum, with(LOADS_ONCE), "second inputs");
    must_catch(&sum, with(STALE_RESULT), "second inputs");
    must_catch(&axpy, with(DROPS_LAST_WORKER), "toy_axpy");
    must_catch(&sum, with(DROPS_LAST_WORKER), "toy_sum");
    must_catch(&sum, with(MERGES_TWICE), "toy_sum");
    must_catch(&axpy, with(FORGETS_FETCH), "toy_axpy");
    must_catch(&sum, with(FORGETS_FETCH), "not a finite number");
    must_catch(&axpy, with(FETCHES_TOO_MUCH), "guard");
    must_catch(&axpy, with(CLOBBERS_INPUT), "input x");
}

static void test_wrong_moves_are_caught(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body), sum = TOY_SUM(toy_sum_body);
    must_catch(&axpy, always(KEEPS_RESULTS), "toy_axpy");
    must_catch(&sum, always(KEEPS_RESULTS), "not a finite number");
    must_catch(&axpy, always(KEEPS_INPUTS), "second inputs");
    must_catch(&sum, always(KEEPS_INPUTS), "second inputs");
    must_catch(&sum, always(FORGETS_FETCH), "not a finite number");
}

static void test_a_declined_case_is_no_error_of_the_kernel(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(NULL);
    struct pb_error err = { "" };
    assert_int_equal(try_it(&axpy, usual, &err), PB_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.text, "no scalar body"));
}

static void body_overruns(const struct pb_task *task, size_t begin, size_t end)
{
    toy_axpy_body(task, begin, end + (end > begin));
}

/* Adds to what the last call left, where the contract says: overwrites. */
static void sum_accumulates(const struct pb_task *task, size_t begin, size_t end)
{
    double *sum = task->buf[TOY_Y], before = *sum;
    toy_sum_body(task, begin, end);
    if (isfinite(before))
        *sum += before;
}

/* The rest: check_slices_test.c. */
static void test_a_wrong_body_is_caught_behind_any_backend(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(body_overruns);
    must_catch(&axpy, usual, "guard zone behind");
    const struct pb_kernel accumulates = TOY_SUM(sum_accumulates);
    must_catch(&accumulates, usual, "second inputs");
}

/* ---- several processes ------------------------------------------------------------- */

static bool follows(void)
{
    return false;
}

static bool leads(void)
{
    return true;
}

static uint64_t alone(uint64_t mine)
{
    return mine;
}

/* What the other rank says: its results are wrong. */
static uint64_t with_a_wrong_leader(uint64_t mine)
{
    return mine > PB_ERR_WRONG ? mine : PB_ERR_WRONG;
}

static unsigned loads_without_host;

static enum pb_status follower_load(struct pb_session *s, const struct pb_task *host,
                                    struct pb_error *err)
{
    (void)s;
    (void)err;
    assert_null(host);
    loads_without_host++;
    return PB_OK;
}

static enum pb_status follower_run(struct pb_session *s, size_t calls,
                                   struct pb_error *err)
{
    (void)s;
    (void)calls;
    (void)err;
    return PB_OK;
}

static enum pb_status follower_fetch(struct pb_session *s, const struct pb_task *host,
                                     struct pb_error *err)
{
    return follower_load(s, host, err);
}

static void test_a_follower_has_no_arrays_and_shares_the_verdict(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    const struct pb_case c = { .kernel = &axpy,
                               .dtype = PB_DTYPE_f64,
                               .n = 10,
                               .config = { .workers = 2, .reuse = 1 } };
    struct pb_backend_ops ops = fake_ops;
    ops.is_leader = follows;
    ops.agree = alone;
    ops.load = follower_load;
    ops.run = follower_run;
    ops.fetch = follower_fetch;
    struct pb_check_result result;
    struct pb_error err = { "" };
    assert_int_equal(pb_check_case(&ops, &fake, &c, 1, &result, &err), PB_OK);
    assert_int_equal(loads_without_host, 4);
    assert_true(isnan(result.max_error));
    ops.agree = with_a_wrong_leader;
    assert_int_equal(pb_check_case(&ops, &fake, &c, 1, &result, &err), PB_ERR_WRONG);
}

static void test_a_leader_judges(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    const struct pb_case c = { .kernel = &axpy,
                               .dtype = PB_DTYPE_f64,
                               .n = 10,
                               .config = { .workers = 2, .reuse = 1 } };
    struct pb_backend_ops ops = fake_ops;
    ops.is_leader = leads;
    ops.agree = alone;
    struct pb_check_result result;
    struct pb_error err = { "" };
    assert_int_equal(pb_check_case(&ops, &fake, &c, 1, &result, &err), PB_OK);
    fault = DROPS_LAST_WORKER;
    assert_int_equal(pb_check_case(&ops, &fake, &c, 1, &result, &err), PB_ERR_WRONG);
    fault = NO_FAULT;
    assert_true(result.max_error > result.tolerance);
}

/* ---- sizes ------------------------------------------------------------------------- */

static double cubic(size_t n)
{
    return 2 * pow((double)n, 3);
}

static void test_sizes_are_awkward_and_affordable(void **state)
{
    (void)state;
    struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    size_t sizes[PB_CHECK_SIZES_MAX];
    const size_t all = pb_check_sizes(&axpy, sizes);
    assert_int_equal(sizes[0], 1);
    for (size_t i = 1; i < all; i++)
        assert_true(sizes[i] > sizes[i - 1]);
    axpy.flops = cubic;
    const size_t few = pb_check_sizes(&axpy, sizes);
    assert_true(few > 10 && few < all);
    assert_true(cubic(sizes[few - 1]) < 1e8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_backends_pass),
        cmocka_unit_test(test_wrong_backends_are_caught),
        cmocka_unit_test(test_wrong_moves_are_caught),
        cmocka_unit_test(test_a_declined_case_is_no_error_of_the_kernel),
        cmocka_unit_test(test_a_wrong_body_is_caught_behind_any_backend),
        cmocka_unit_test(test_a_follower_has_no_arrays_and_shares_the_verdict),
        cmocka_unit_test(test_a_leader_judges),
        cmocka_unit_test(test_sizes_are_awkward_and_affordable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
