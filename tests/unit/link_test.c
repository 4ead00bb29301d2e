/* The link model on made-up times: what was put in comes out, whatever disturbs it; zero
 * copy is a word and no rate; all of it survives a file. */
#include "results/link.h"

#include "measure/link.h"
#include "results/codec_link.h"
#include "results/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 9, SIZES = 6 };
static const uint64_t sizes[SIZES] = { 64, 4096, 65536, 1 << 20, 4 << 20, 16 << 20 };

struct line {
    double latency_ns, bytes_per_s, noise;
};

static void draw(const struct line *line, double ns[ROUNDS][SIZES])
{
    uint64_t state = 42;
    for (size_t r = 0; r < ROUNDS; r++)
        for (size_t i = 0; i < SIZES; i++) {
            const double share = (double)(pb_random_next(&state) >> 11) / 0x1p53;
            ns[r][i] = (line->latency_ns + (double)sizes[i] / line->bytes_per_s * 1e9) *
                       (1 + line->noise * share);
        }
}

static struct pb_link_path fit(double ns[ROUNDS][SIZES])
{
    struct pb_link_path path = { .name = NULL };
    const struct pb_link_times times = {
        .bytes = sizes, .nsizes = SIZES, .rounds = ROUNDS, .stride = SIZES, .ns = ns[0]
    };
    assert_int_equal(pb_link_fit(&times, &path, NULL), PB_OK);
    return path;
}

static void assert_near(double value, double wanted, double share)
{
    if (!(fabs(value / wanted - 1) <= share))
        fail_msg("%g is not within %g of %g", value, share, wanted);
}

static void test_a_line_is_found_under_noise(void **state)
{
    (void)state;
    static const struct line lines[] = {
        { 10e3, 12e9, 0 }, { 10e3, 12e9, 0.05 }, { 300, 3e9, 0.05 }, { 80e3, 25e9, 0.02 }
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        double ns[ROUNDS][SIZES];
        draw(&lines[i], ns);
        struct pb_link_path path = fit(ns);
        const double slack = 0.001 + 1.5 * lines[i].noise;
        assert_string_equal(path.status, "fitted");
        assert_near(path.latency_ns.estimate, lines[i].latency_ns, 0.05 + slack);
        assert_near(path.bytes_per_s.estimate, lines[i].bytes_per_s, slack);
        assert_true(path.latency_ns.low <= path.latency_ns.estimate &&
                    path.latency_ns.estimate <= path.latency_ns.high);
        assert_true(path.bytes_per_s.low <= path.bytes_per_s.estimate &&
                    path.bytes_per_s.estimate <= path.bytes_per_s.high);
        assert_true(path.spread <= 0.05 + slack);
        assert_true(isnan(path.queued_ns.estimate));
        free(path.status);
    }
}

static void test_single_disturbances_do_not_tilt_it(void **state)
{
    (void)state;
    double ns[ROUNDS][SIZES];
    draw(&(struct line){ 10e3, 12e9, 0.01 }, ns);
    for (size_t r = 0; r < ROUNDS; r += 3)
        ns[r][r % SIZES] *= 50; /* a preemption */
    struct pb_link_path path = fit(ns);
    assert_near(path.latency_ns.estimate, 10e3, 0.1);
    assert_near(path.bytes_per_s.estimate, 12e9, 0.1);
    free(path.status);
}

static void test_a_bend_shows_as_spread_and_is_followed(void **state)
{
    (void)state;
    double ns[ROUNDS][SIZES];
    draw(&(struct line){ 1e3, 5e9, 0 }, ns);
    for (size_t r = 0; r < ROUNDS; r++)
        ns[r][2] /= 4; /* 64 KiB fit into a cache */
    struct pb_link_path path = fit(ns);
    assert_near(path.spread, 0.75, 0.01);
    assert_near(pb_link_path_ns(&path, 65536), ns[0][2], 1e-9);
    assert_near(pb_link_path_ns(&path, (65536 + (1 << 20)) / 2.0),
                (ns[0][2] + ns[0][3]) / 2, 1e-9);
    assert_near(pb_link_path_ns(&path, 1), ns[0][0], 1e-9);
    assert_near(pb_link_path_ns(&path, 1e9), 1e9 / 5e9 * 1e9, 0.01);
    free(path.status);
}

static void test_times_that_do_not_rise_are_no_bandwidth(void **state)
{
    (void)state;
    double ns[ROUNDS][SIZES];
    for (size_t r = 0; r < ROUNDS; r++)
        for (size_t i = 0; i < SIZES; i++)
            ns[r][i] = 5000 - (double)i;
    struct pb_link_path path = fit(ns);
    assert_string_equal(path.status, "unclear");
    assert_true(isnan(path.bytes_per_s.estimate));
    assert_true(isnan(pb_link_path_ns(&path, 4096)));
    free(path.status);
}

static void test_nonsense_is_refused(void **state)
{
    (void)state;
    struct pb_link_path path = { .name = NULL };
    const double ns[SIZES] = { 1, 2, 3, 4, 5, 6 };
    const struct pb_link_times one_size = {
        .bytes = sizes, .nsizes = 1, .rounds = 1, .stride = SIZES, .ns = ns
    };
    const struct pb_link_times no_round = {
        .bytes = sizes, .nsizes = SIZES, .rounds = 0, .stride = SIZES, .ns = ns
    };
    assert_int_equal(pb_link_fit(&one_size, &path, NULL), PB_ERR_INTERNAL);
    assert_int_equal(pb_link_fit(&no_round, &path, NULL), PB_ERR_INTERNAL);
}

/* ---- zero copy --------------------------------------------------------------------- */

static void add_path(struct pb_link *link, const char *host_memory, double bytes_per_s)
{
    const struct pb_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };
    struct pb_link_path *path = &link->paths[link->npaths++];
    *path = (struct pb_link_path){
        .latency_ns = { 2000, 1900, 2100 },
        .queued_ns = unknown,
        .bytes_per_s = { bytes_per_s, bytes_per_s, (double)NAN },
        .spread = 0.25,
        .ladder = { { 64, 2000 }, { 4096, 2100.5 } },
        .nsteps = 2,
    };
    assert_true(pb_set(&path->name, "h2d") && pb_set(&path->host_memory, host_memory) &&
                pb_set(&path->status, "fitted"));
}

static struct pb_link link_with_map(double map_bytes_per_s, bool shares_memory)
{
    struct pb_link link = { .workers = 1,
                            .rounds = 9,
                            .shares_memory = shares_memory,
                            .enqueue_ns = { 500, 400, 600 },
                            .round_trip_ns = { 9000, 8000, 10000 } };
    link.paths = calloc(3, sizeof *link.paths);
    assert_non_null(link.paths);
    assert_true(pb_set(&link.backend, "opencl") && pb_set(&link.device, "Some GPU"));
    add_path(&link, "pageable", 5e9);
    add_path(&link, "pinned", 12e9);
    add_path(&link, "mapped", map_bytes_per_s);
    assert_int_equal(pb_link_find_zero_copy(&link, NULL), PB_OK);
    return link;
}

static void assert_map(double map_bytes_per_s, bool shares_memory, const char *status)
{
    struct pb_link link = link_with_map(map_bytes_per_s, shares_memory);
    const struct pb_link_path *map = pb_link_path_find(&link, "h2d", "mapped");
    assert_string_equal(map->status, status);
    assert_true(isnan(map->bytes_per_s.estimate) == (strcmp(status, "fitted") != 0));
    assert_string_equal(pb_link_path_find(&link, "h2d", "pinned")->status, "fitted");
    pb_link_release(&link);
}

static void test_an_absurd_rate_is_called_zero_copy(void **state)
{
    (void)state;
    assert_map(3e12, false, "zero copy");
    assert_map(3e12, true, "zero copy");
    assert_map((double)NAN, false, "zero copy"); /* no rise at all */
    assert_map(13e9, false, "fitted");           /* a copy, a little faster than pinned */
    assert_map(13e9, true, "zero copy");
    assert_map(4e9, true, "fitted"); /* claims to share memory, and copies all the same */
    assert_map(4e9, false, "fitted");
}

/* ---- in a file, and over a pipe ---------------------------------------------------- */

static void assert_same_path(const struct pb_link_path *a, const struct pb_link_path *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->host_memory, b->host_memory);
    assert_string_equal(a->status, b->status);
    assert_true(a->latency_ns.low == b->latency_ns.low);
    assert_true(isnan(b->queued_ns.estimate));
    assert_true(isnan(a->bytes_per_s.high) && isnan(b->bytes_per_s.high));
    assert_true(isnan(a->bytes_per_s.low) == isnan(b->bytes_per_s.low));
    assert_int_equal(a->nsteps, b->nsteps);
    assert_int_equal(a->ladder[1].bytes, b->ladder[1].bytes);
    assert_true(a->ladder[1].ns == b->ladder[1].ns);
}

static void test_an_answer_comes_back_as_it_was(void **state)
{
    (void)state;
    struct pb_link sent = link_with_map(3e12, true), got;
    char *line = pb_answer_encode_link(&sent);
    assert_non_null(line);
    assert_int_equal(pb_answer_decode_link(line, &got, NULL), PB_OK);
    assert_string_equal(got.backend, "opencl");
    assert_string_equal(got.device, "Some GPU");
    assert_true(got.shares_memory && got.rounds == 9 && got.workers == 1 && !got.reason);
    assert_true(got.enqueue_ns.high == 600 && got.round_trip_ns.estimate == 9000);
    assert_int_equal(got.npaths, 3);
    for (size_t i = 0; i < 3; i++)
        assert_same_path(&sent.paths[i], &got.paths[i]);
    free(line);
    pb_link_release(&sent);
    pb_link_release(&got);
}

static void must_refuse(const char *line, const char *word)
{
    struct pb_link link;
    struct pb_error err = { "" };
    assert_int_not_equal(pb_answer_decode_link(line, &link, &err), PB_OK);
    if (!strstr(err.text, word))
        fail_msg("'%s' does not say '%s'", err.text, word);
}

static void test_broken_answers_are_refused(void **state)
{
    (void)state;
    must_refuse("{\"error\":\"no such device\"}", "no such device");
    must_refuse("{\"probe\":{}}", "lacks \"link\"");
    must_refuse("{\"link\":{\"backend\":\"x\",\"paths\":[3]}}", "a path of a link");
    must_refuse("{\"link\":{\"backend\":\"x\",\"paths\":[{\"name\":\"h2d\","
                "\"status\":\"fast\"}]}}",
                "status");
    must_refuse(
        "{\"link\":{\"backend\":\"x\",\"paths\":[{\"name\":\"h2d\",\"status\":"
        "\"fitted\",\"ladder\":[{\"bytes\":2,\"ns\":1},{\"bytes\":2,\"ns\":1}]}]}}",
        "have to rise");
}

static void test_an_order_comes_back_as_it_was(void **state)
{
    (void)state;
    struct pb_order order = { .kind = PB_ORDER_LINK }, got;
    pb_point_init(&order.point);
    order.point.workers = 7;
    order.sampling.time_limit_ns = 5e8;
    assert_true(pb_set(&order.point.device, "a \"device\""));
    char *line = pb_order_encode(&order);
    assert_int_equal(pb_order_decode(line, &got, NULL), PB_OK);
    assert_int_equal(got.kind, PB_ORDER_LINK);
    assert_int_equal(got.point.workers, 7);
    assert_string_equal(got.point.device, "a \"device\"");
    assert_true(got.sampling.time_limit_ns == 5e8);
    free(line);
    pb_order_release(&order);
    pb_order_release(&got);
}

static void test_links_are_found_by_what_they_join(void **state)
{
    (void)state;
    struct pb_machine machine = { .cpu = NULL };
    struct pb_link link = link_with_map(3e12, true);
    assert_int_equal(pb_link_add(&machine, &link, NULL), PB_OK);
    assert_null(link.paths);
    assert_non_null(pb_link_find(&machine, "opencl", "Some GPU", 1));
    assert_null(pb_link_find(&machine, "opencl", "Other GPU", 1));
    assert_null(pb_link_find(&machine, "opencl", NULL, 1));
    assert_null(pb_link_find(&machine, "opencl", "Some GPU", 2));
    assert_null(pb_link_path_find(&machine.links[0], "d2h", "pinned"));
    assert_null(pb_link_path_find(NULL, "h2d", "pinned"));
    pb_machine_release(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_is_found_under_noise),
        cmocka_unit_test(test_single_disturbances_do_not_tilt_it),
        cmocka_unit_test(test_a_bend_shows_as_spread_and_is_followed),
        cmocka_unit_test(test_times_that_do_not_rise_are_no_bandwidth),
        cmocka_unit_test(test_nonsense_is_refused),
        cmocka_unit_test(test_an_absurd_rate_is_called_zero_copy),
        cmocka_unit_test(test_an_answer_comes_back_as_it_was),
        cmocka_unit_test(test_broken_answers_are_refused),
        cmocka_unit_test(test_an_order_comes_back_as_it_was),
        cmocka_unit_test(test_links_are_found_by_what_they_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
