/* In-place arrays under calls that share a move: a backend that makes a call too few, or
 * moves in between, is caught; a right one passes. */
#include "backends/check_reuse.h"

#include "backends/check.h"
#include "backends/host.h"
#include "tests/unit/toy_kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static enum fault { NO_FAULT, RUNS_ONCE, RUNS_ONE_MORE, RELOADS_BETWEEN } fault;

struct pb_session {
    struct pb_host host;
    const struct pb_task *from;
};

static enum pb_status open_fake(const struct pb_case *c, struct pb_session **out,
                                struct pb_error *err)
{
    struct pb_session *s = calloc(1, sizeof *s);
    assert_non_null(s);
    assert_int_equal(pb_host_init(&s->host, c, err), PB_OK);
    *out = s;
    return PB_OK;
}

static enum pb_status load_fake(struct pb_session *s, const struct pb_task *from,
                                struct pb_error *err)
{
    (void)err;
    s->from = from;
    pb_host_load_slice(&s->host, from, 0);
    return PB_OK;
}

static void call(struct pb_session *s)
{
    s->host.body(&s->host.whole, 0, s->host.items);
}

static size_t calls_per_move(const struct pb_session *s)
{
    const size_t reuse = s->host.c.config.reuse;
    if (reuse > 1 && fault == RUNS_ONCE)
        return 1;
    return reuse > 1 && fault == RUNS_ONE_MORE ? reuse + 1 : reuse;
}

static enum pb_status run_fake(struct pb_session *s, size_t calls, struct pb_error *err)
{
    (void)err;
    if (s->host.c.config.residency != PB_ALWAYS) {
        for (size_t i = 0; i < calls; i++)
            call(s);
        return PB_OK;
    }
    for (size_t done = 0; done < calls; done += s->host.c.config.reuse) {
        pb_host_load_slice(&s->host, s->from, 0);
        for (size_t i = 0; i < calls_per_move(s); i++) {
            if (i > 0 && fault == RELOADS_BETWEEN)
                pb_host_load_slice(&s->host, s->from, 0);
            call(s);
        }
        pb_host_fetch(&s->host, s->from);
    }
    return PB_OK;
}

static enum pb_status fetch_fake(struct pb_session *s, const struct pb_task *to,
                                 struct pb_error *err)
{
    (void)err;
    pb_host_fetch(&s->host, to);
    return PB_OK;
}

static void close_fake(struct pb_session *s)
{
    if (s)
        pb_host_release(&s->host);
    free(s);
}

static const struct pb_backend_ops ops = {
    .abi = PB_BACKEND_ABI,
    .open = open_fake,
    .load = load_fake,
    .run = run_fake,
    .fetch = fetch_fake,
    .close = close_fake,
};
static const struct pb_backend keeper = {
    .name = "keeper",
    .residencies = 1u << PB_ALWAYS | 1u << PB_RESIDENT,
};
static const struct pb_backend mover = { .name = "mover",
                                         .residencies = 1u << PB_ALWAYS };

static struct pb_case in_place(const struct pb_kernel *kernel, unsigned reuse)
{
    return (struct pb_case){
        .kernel = kernel,
        .dtype = PB_DTYPE_f64,
        .n = 13,
        .config = { .workers = 1, .residency = PB_ALWAYS, .reuse = reuse },
    };
}

static enum pb_status check(const struct pb_backend *backend, enum fault with,
                            struct pb_error *err)
{
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body);
    const struct pb_case c = in_place(&axpy, 3);
    struct pb_check_result result;
    fault = with;
    const enum pb_status status = pb_check_case(&ops, backend, &c, 7, &result, err);
    fault = NO_FAULT;
    return status;
}

static void test_right_backends_pass(void **state)
{
    (void)state;
    assert_int_equal(check(&keeper, NO_FAULT, NULL), PB_OK);
    assert_int_equal(check(&mover, NO_FAULT, NULL), PB_OK);
}

static void must_catch(const struct pb_backend *backend, enum fault with)
{
    struct pb_error err = { "" };
    assert_int_equal(check(backend, with, &err), PB_ERR_WRONG);
    assert_non_null(strstr(err.text, "3 calls around one move leave array y"));
}

static void test_wrong_numbers_of_calls_and_moves_are_caught(void **state)
{
    (void)state;
    for (int with = RUNS_ONCE; with <= RELOADS_BETWEEN; with++) {
        must_catch(&keeper, (enum fault)with);
        must_catch(&mover, (enum fault)with);
    }
}

static void test_only_in_place_arrays_that_share_a_move_need_it(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body), sum = TOY_SUM(toy_sum_body);
    struct pb_case c = in_place(&axpy, 2);
    assert_true(pb_reuse_needs_check(&c));
    c.config.reuse = 1;
    assert_false(pb_reuse_needs_check(&c));
    c = in_place(&axpy, 2);
    c.config.residency = PB_RESIDENT;
    assert_false(pb_reuse_needs_check(&c));
    c = in_place(&sum, 2);
    assert_false(pb_reuse_needs_check(&c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_backends_pass),
        cmocka_unit_test(test_wrong_numbers_of_calls_and_moves_are_caught),
        cmocka_unit_test(test_only_in_place_arrays_that_share_a_move_need_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
