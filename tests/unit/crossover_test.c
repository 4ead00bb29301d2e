/* Crossovers of curves whose answer is known, and of curves that have none. */
#include "results/crossover.h"

#include "results/codec.h"
#include "results/headline.h"
#include "results/link.h"
#include "results/summary.h"
#include "tests/unit/curves_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIZES = 6 };
static const uint64_t sizes[SIZES] = { 150, 300, 600, 1200, 2400, 4800 };

struct fixture {
    struct pb_record record;
    struct pb_crossover_report report;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    pb_record_init(&f->record);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    pb_crossover_report_release(&f->report);
    pb_record_release(&f->record);
    free(f);
    return 0;
}

static void analyse(struct fixture *f)
{
    struct pb_error err = { .text = "" };
    pb_record_sort(&f->record);
    assert_int_equal(pb_crossover_analyse(&f->record, &f->report, &err), PB_OK);
}

/* The only crossover from -> to in the report. */
static const struct pb_crossover *find(const struct fixture *f, const char *from,
                                       const char *to)
{
    const struct pb_crossover *found = NULL;
    for (size_t i = 0; i < f->report.ncrossovers; i++) {
        const struct pb_crossover *c = &f->report.crossovers[i];
        if (strcmp(c->from, from) != 0 || strcmp(c->to, to) != 0)
            continue;
        assert_null(found);
        found = c;
    }
    assert_non_null(found);
    return found;
}

static void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-9 * fabs(want)))
        fail_msg("got %.15g, expected %.15g", got, want);
}

/* scalar takes n ns, simd takes simd_ns[i], with interval factors of `spread`. */
static const struct pb_crossover *duel(struct fixture *f, const double *simd_ns,
                                       double spread)
{
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], (double)sizes[i], 1.01);
        fixture_add(&f->record, &fixture_simd, sizes[i], simd_ns[i], spread);
    }
    analyse(f);
    return find(f, "scalar", "simd");
}

static void assert_no_number(const struct pb_crossover *c)
{
    assert_true(isnan(c->n.estimate) && isnan(c->n.low) && isnan(c->n.high));
    assert_true(isnan(c->time_ns.estimate));
    assert_non_null(c->reason);
}

/* n against 1024 ns: power laws, which interpolation in logarithms meets exactly. */
static void a_crossing_is_found_exactly(void **state)
{
    const double simd[SIZES] = { 1024, 1024, 1024, 1024, 1024, 1024 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_near(c->n.estimate, 1024);
    assert_near(c->n.low, 600);
    assert_near(c->n.high, 1200);
    assert_near(c->time_ns.estimate, 1024);
    assert_near(c->time_ns.low, 600 / 1.01);
    assert_near(c->time_ns.high, 1200 * 1.01);
    assert_int_equal(c->sign_changes, 1);
    assert_near(c->agreement, 1);
    assert_true(c->regret < 1e-12);
    assert_near(c->grey_loss, 1024.0 / 600 - 1);
    assert_null(c->reason);
    assert_int_equal(c->nstretches, 2);
    assert_int_equal(c->stretches[0].winner, 'a');
    assert_int_equal(c->stretches[0].to_n, 600);
    assert_int_equal(c->stretches[1].winner, 'b');
    assert_int_equal(c->stretches[1].from_n, 1200);
}

static void overlapping_sizes_widen_the_limits(void **state)
{
    const double simd[SIZES] = { 1024, 1024, 1024, 1024, 1024, 1024 };
    const struct pb_crossover *c = duel(*state, simd, 1.9); /* 600 and 1200 overlap */
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_near(c->n.estimate, 1024);
    assert_near(c->n.low, 300);
    assert_near(c->n.high, 2400);
}

static void a_crossing_on_a_measured_size(void **state)
{
    const double simd[SIZES] = { 1200, 1200, 1200, 1200, 1200, 1200 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_near(c->n.estimate, 1200);
    assert_near(c->n.low, 600);
    assert_near(c->n.high, 2400);
}

static void always_the_one(void **state)
{
    const double simd[SIZES] = { 300, 600, 1200, 2400, 4800, 9600 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_ALWAYS_A);
    assert_no_number(c);
    assert_string_equal(c->reason,
                        "scalar is faster at every size measured (150 .. 4.69 Ki)");
}

static void always_the_other_with_some_doubt(void **state)
{
    const double simd[SIZES] = { 50, 100, 200, 400, 800, 4790 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_ALWAYS_B);
    assert_no_number(c);
    assert_non_null(strstr(c->reason, "simd avx2 is faster at 5 of the 6 sizes"));
}

static void the_other_way_round_is_not_a_crossing(void **state)
{
    const double simd[SIZES] = { 50, 100, 200, 2400, 4800, 9600 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_SEVERAL);
    assert_no_number(c);
    assert_int_equal(c->sign_changes, 1);
    assert_string_equal(c->reason, "simd avx2 from 150 to 600, scalar from 1.17 Ki to "
                                   "4.69 Ki");
}

static void there_and_back_is_several(void **state)
{
    const double simd[SIZES] = { 300, 600, 100, 200, 4800, 9600 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_SEVERAL);
    assert_int_equal(c->sign_changes, 2);
    assert_int_equal(c->nstretches, 3);
    assert_true(c->regret > 0);
    assert_true(c->agreement < 1);
}

static void three_changes_are_unstable(void **state)
{
    const double simd[SIZES] = { 300, 100, 1200, 400, 1000, 2000 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_int_equal(c->sign_changes, 3);
    assert_no_number(c);
    assert_non_null(strstr(c->reason, "the winner changes 3 times over 6 sizes"));
    assert_non_null(strstr(c->reason, "simd avx2 is the noisier arm"));
}

static void no_certain_size_is_unstable(void **state)
{
    const double simd[SIZES] = { 151, 301, 601, 1201, 2401, 4801 };
    const struct pb_crossover *c = duel(*state, simd, 1.5);
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_int_equal(c->sign_changes, 0);
    assert_non_null(strstr(c->reason, "overlap at all 6 sizes"));
    assert_non_null(strstr(c->reason, "simd avx2 is the noisier arm"));
}

/* scalar wins small sizes for certain; at the end simd may be twice as fast, or not. */
static void a_winner_hidden_by_noise_is_unstable(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        const double n = (double)sizes[i];
        fixture_add(&f->record, &fixture_scalar, sizes[i], n, 1.01);
        fixture_add(&f->record, &fixture_simd, sizes[i], i < 3 ? 2 * n : n / 2,
                    i < 3 ? 1.01 : 2.5);
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_no_number(c);
}

/* One noisy size among five that agree is an outlier, not a reason to give up. */
static void one_outlier_is_forgiven(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        const double n = (double)sizes[i];
        fixture_add(&f->record, &fixture_scalar, sizes[i], n, 1.01);
        fixture_add(&f->record, &fixture_simd, sizes[i], i == 2 ? n / 2 : 2 * n,
                    i == 2 ? 2.5 : 1.01);
    }
    analyse(f);
    assert_int_equal(find(f, "scalar", "simd")->verdict, PB_ALWAYS_A);
}

/* A known sweep of a CPU against a GPU over 128 sizes: the CPU arm stalls to about 40
 * times its time in 19 runs of sizes, 48 in all, so the winner changes 38 times. A rule
 * that looks for the last change gives 103, 107 or nothing, depending on where the sweep
 * ends. `spread` is that of the stalled points. */
static const struct pb_crossover *stalling_sweep(struct fixture *f, double spread)
{
    enum { LAST = 128, RUNS = 19 };
    bool stalls[LAST + 1] = { false };
    for (size_t run = 0; run < RUNS; run++)
        for (size_t i = 0; i < (run < 10 ? 3u : 2u); i++)
            stalls[4 + run * 6 + i] = true;
    for (size_t n = 1; n <= LAST; n++) {
        const double size = (double)n;
        const double cpu = 50 * size * size;
        fixture_add(&f->record, &fixture_scalar, n, stalls[n] ? 41 * cpu : cpu,
                    stalls[n] ? spread : 1.02);
        fixture_add(&f->record, &fixture_gpu, n, 7 * cpu, 1.02);
    }
    analyse(f);
    return find(f, "best-cpu", "opencl");
}

static void a_stalling_arm_is_unstable_and_named(void **state)
{
    const struct pb_crossover *c = stalling_sweep(*state, 1.02);
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_int_equal(c->sign_changes, 38);
    assert_no_number(c);
    assert_non_null(strstr(c->reason, "changes 38 times over 128 sizes"));
    assert_non_null(strstr(c->reason, "the best CPU version is the noisier arm"));
    assert_true(c->agreement < 0.95);
}

static void stalls_with_wide_intervals_are_unstable_too(void **state)
{
    const struct pb_crossover *c = stalling_sweep(*state, 41);
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_no_number(c);
    assert_non_null(strstr(c->reason, "the best CPU version is the noisier arm"));
}

static void wrong_points_never_win(void **state)
{
    struct fixture *f = *state;
    const double n4800[SIZES] = { 300, 600, 1200, 2400, 4800, 9600 };
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], (double)sizes[i], 1.01);
        struct pb_point *p =
            fixture_add(&f->record, &fixture_simd, sizes[i], n4800[i], 1.01);
        if (i >= 4) { /* dazzlingly fast, and wrong */
            p->time.ns = (struct pb_estimate){ 1, 1, 1 };
            p->status = PB_OUTCOME_WRONG;
        }
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_ALWAYS_A);
    assert_int_equal(c->n_max, 2400 / 2);
    for (size_t i = 0; i < f->report.nwinners; i++)
        assert_string_equal(f->report.winners[i].best_label, "scalar");
}

static void an_arm_that_is_all_wrong_is_unmeasured(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], 100, 1.01);
        struct pb_point *p = fixture_add(&f->record, &fixture_simd, sizes[i], 1, 1.01);
        p->status = PB_OUTCOME_WRONG;
        assert_true(pb_set(&p->reason, "differs by 0.5"));
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNMEASURED);
    assert_string_equal(c->reason,
                        "no point of simd avx2 counts: wrong (differs by 0.5)");
    assert_no_number(c);
    assert_true(isnan(c->agreement) && isnan(c->regret));
}

static void one_common_size_is_unmeasured(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_scalar, 100, 100, 1.01);
    fixture_add(&f->record, &fixture_scalar, 200, 200, 1.01);
    fixture_add(&f->record, &fixture_simd, 200, 50, 1.01);
    fixture_add(&f->record, &fixture_simd, 400, 100, 1.01);
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNMEASURED);
    assert_string_equal(c->reason, "1 size was measured for both, two are needed");
}

static void a_missing_lower_arm_is_unmeasured(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_simd, 100, 100, 1.01);
    fixture_add(&f->record, &fixture_simd, 200, 100, 1.01);
    analyse(f);
    assert_int_equal(f->report.ncrossovers, 1); /* nothing about openmp */
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNMEASURED);
    assert_string_equal(c->reason, "scalar was not measured");
}

static void an_empty_record_has_an_empty_report(void **state)
{
    struct fixture *f = *state;
    analyse(f);
    assert_int_equal(f->report.ncrossovers, 0);
    assert_int_equal(f->report.nwinners, 0);
}

/* Three CPU arms take turns; the GPU overtakes the best of them, not the slowest. */
static void the_best_cpu_is_the_rival(void **state)
{
    struct fixture *f = *state;
    const struct fixture_curve blas = { .backend = "blas" };
    const double scalar[SIZES] = { 100, 400, 1600, 6400, 25600, 102400 };
    const double simd[SIZES] = { 200, 200, 800, 3200, 12800, 51200 };
    const double openmp[SIZES] = { 900, 900, 900, 1200, 6400, 25600 };
    const double vendor[SIZES] = { 999, 999, 999, 9999, 9999, 12000 };
    const double gpu[SIZES] = { 5000, 5000, 5000, 5000, 5000, 5000 };
    fixture_curve_add(&f->record, &fixture_scalar, sizes, scalar, SIZES);
    fixture_curve_add(&f->record, &fixture_simd, sizes, simd, SIZES);
    fixture_curve_add(&f->record, &fixture_openmp, sizes, openmp, SIZES);
    fixture_curve_add(&f->record, &blas, sizes, vendor, SIZES);
    fixture_curve_add(&f->record, &fixture_gpu, sizes, gpu, SIZES);
    analyse(f);
    const struct pb_crossover *c = find(f, "best-cpu", "opencl");
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_near(c->n.low, 1200);
    assert_near(c->n.high, 2400);
    assert_string_equal(c->from_label, "best CPU (scalar, simd avx2, openmp x2, blas)");
    assert_string_equal(c->to_device_type, "gpu");
    assert_int_equal(f->report.nwinners, SIZES);
    assert_string_equal(f->report.winners[0].best_label, "scalar");
    assert_string_equal(f->report.winners[0].second_label, "simd avx2");
    assert_true(f->report.winners[0].is_certain);
    assert_string_equal(f->report.winners[5].best_label, "opencl gpu always pinned");
}

static void hot_is_not_compared_with_cold(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve cold = fixture_simd;
    cold.cache = "cold";
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], 100, 1.01);
        fixture_add(&f->record, &cold, sizes[i], 10, 1.01);
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNMEASURED);
    assert_string_equal(c->cache, "cold");
    assert_int_equal(f->report.nwinners, 2 * SIZES);
}

static void arms_are_the_fastest_isa_and_the_most_workers(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve wide = fixture_simd;
    struct fixture_curve four = fixture_openmp;
    wide.isa = "avx512";
    four.workers = 4;
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_simd, sizes[i], 100, 1.01);
        fixture_add(&f->record, &wide, sizes[i], i == 0 ? 110 : 50, 1.01);
        fixture_add(&f->record, &fixture_openmp, sizes[i], 20, 1.01);
        fixture_add(&f->record, &four, sizes[i], 30, 1.01); /* slower, but more */
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "simd", "openmp");
    assert_string_equal(c->from_label, "simd avx512");
    assert_string_equal(c->to_label, "openmp x4");
}

static void every_way_to_use_a_device_is_an_arm(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve pageable = fixture_gpu;
    struct fixture_curve resident = fixture_gpu;
    struct fixture_curve reused = fixture_gpu;
    pageable.host_memory = "pageable";
    resident.residency = "resident";
    reused.reuse = 10;
    const struct fixture_curve *const curves[] = { &fixture_scalar, &fixture_gpu,
                                                   &pageable, &resident, &reused };
    for (size_t c = 0; c < 5; c++)
        for (size_t i = 0; i < SIZES; i++)
            fixture_add(&f->record, curves[c], sizes[i], 10 + (double)c, 1.01);
    analyse(f);
    assert_int_equal(f->report.ncrossovers, 4);
    for (size_t a = 0; a < 4; a++)
        for (size_t b = 0; b < a; b++)
            assert_string_not_equal(f->report.crossovers[a].to_label,
                                    f->report.crossovers[b].to_label);
}

static void overlapping_winners_are_not_certain(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_scalar, 100, 100, 1.2);
    fixture_add(&f->record, &fixture_simd, 100, 110, 1.2);
    fixture_add(&f->record, &fixture_scalar, 200, 100, 1.2);
    analyse(f);
    assert_int_equal(f->report.nwinners, 2);
    assert_false(f->report.winners[0].is_certain);
    assert_true(f->report.winners[1].is_certain);
    assert_null(f->report.winners[1].second);
}

static char *headline(const struct fixture *f)
{
    struct pb_text text = PB_TEXT_INIT;
    pb_headline(&f->report, &f->record.machine, &text);
    char *line = pb_text_take(&text);
    assert_non_null(line);
    return line;
}

static void the_headline_gives_times_beside_the_folk_rule(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve resident = fixture_gpu;
    resident.residency = "resident";
    for (size_t i = 0; i < SIZES; i++) {
        const double n = (double)sizes[i];
        fixture_add(&f->record, &fixture_scalar, sizes[i], 50 * n, 1.01);
        fixture_add(&f->record, &fixture_gpu, sizes[i], 80e3, 1.01);
        fixture_add(&f->record, &resident, sizes[i], 20e3, 1.01);
    }
    analyse(f);
    char *text = headline(f);
    assert_non_null(strstr(text, "saxpy f32: On this machine the GPU pays once the best "
                                 "CPU version takes longer than 80.0 µs [59.4 µs .. 121 "
                                 "µs] with transfers, 20.0 µs [14.9 µs .. 30.3 µs] with "
                                 "resident data"));
    assert_non_null(strstr(text, "50–100 µs"));
    assert_non_null(strstr(text, "of 1 crossing measured, 0 lie below it, 1 inside, 0 "
                                 "above"));
    free(text);
}

/* Threads: one line for all kernels, crossings first, then those without. */
static void the_headline_says_when_threads_pay(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve threads = fixture_scalar, simd = fixture_scalar;
    threads.backend = "openmp";
    threads.workers = 2;
    simd.backend = "simd";
    for (size_t i = 0; i < SIZES; i++) {
        const double n = (double)sizes[i];
        fixture_add(&f->record, &simd, sizes[i], 50 * n, 1.01);
        fixture_add(&f->record, &threads, sizes[i], 80e3, 1.01);
    }
    analyse(f);
    char *text = headline(f);
    assert_non_null(strstr(text,
                           "Threads pay once SIMD code takes longer than: saxpy f32 "
                           "80.0 µs [59.4 µs .. 121 µs].\n"));
    free(text);
}

/* What a call costs before any work: launch, synchronise, copies, from the link. */
static void the_headline_says_why(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], 50 * (double)sizes[i], 1.01);
        fixture_add(&f->record, &fixture_gpu, sizes[i], 80e3, 1.01);
    }
    analyse(f);
    char *text = headline(f);
    assert_null(strstr(text, "before any work")); /* no link was measured */
    free(text);
    struct pb_link link = { .rounds = 3,
                            .enqueue_ns = { 5e3, 4e3, 6e3 },
                            .round_trip_ns = { 25e3, 24e3, 26e3 } };
    assert_true(pb_set(&link.backend, fixture_gpu.backend) &&
                pb_set(&link.device, fixture_gpu.device));
    link.workers = 1;
    assert_int_equal(pb_link_add(&f->record.machine, &link, NULL), PB_OK);
    text = headline(f);
    assert_non_null(strstr(text, "costs 25.0 µs before any work: launch 5.00 µs, "
                                 "synchronise 20.0 µs"));
    free(text);
}

static void without_a_gpu_the_rule_was_not_tested(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve device = fixture_gpu;
    device.device_type = "cpu";
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], 50 * (double)sizes[i], 1.01);
        fixture_add(&f->record, &device, sizes[i], 80e3, 1.01);
    }
    analyse(f);
    char *text = headline(f);
    assert_non_null(
        strstr(text, "No GPU in this file, the 50–100 µs rule was not tested"));
    assert_null(strstr(text, "the GPU pays"));
    assert_non_null(
        strstr(text, "The OpenCL device, a CPU, pays once the best CPU version "
                     "takes longer than: saxpy f32 80.0 µs [59.4 µs .. 121 µs].\n"));
    free(text);
    struct pb_text sentence = PB_TEXT_INIT;
    pb_summary_crossover(find(f, "best-cpu", "opencl"), &sentence);
    assert_non_null(strstr(sentence.str,
                           "the OpenCL CPU device (opencl cpu always pinned) "
                           "pays from n = 1.56 Ki"));
    pb_text_release(&sentence);
}

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

static void verdicts_have_names(void **state)
{
    (void)state;
    assert_string_equal(pb_verdict_name(PB_CROSSING), "crossing");
    assert_string_equal(pb_verdict_name(PB_ALWAYS_A), "always_a");
    assert_string_equal(pb_verdict_name(PB_ALWAYS_B), "always_b");
    assert_string_equal(pb_verdict_name(PB_SEVERAL), "several");
    assert_string_equal(pb_verdict_name(PB_UNSTABLE), "unstable");
    assert_string_equal(pb_verdict_name(PB_UNMEASURED), "unmeasured");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_crossing_is_found_exactly),
        TEST(overlapping_sizes_widen_the_limits),
        TEST(a_crossing_on_a_measured_size),
        TEST(always_the_one),
        TEST(always_the_other_with_some_doubt),
        TEST(the_other_way_round_is_not_a_crossing),
        TEST(there_and_back_is_several),
        TEST(three_changes_are_unstable),
        TEST(no_certain_size_is_unstable),
        TEST(a_winner_hidden_by_noise_is_unstable),
        TEST(one_outlier_is_forgiven),
        TEST(a_stalling_arm_is_unstable_and_named),
        TEST(stalls_with_wide_intervals_are_unstable_too),
        TEST(wrong_points_never_win),
        TEST(an_arm_that_is_all_wrong_is_unmeasured),
        TEST(one_common_size_is_unmeasured),
        TEST(a_missing_lower_arm_is_unmeasured),
        TEST(an_empty_record_has_an_empty_report),
        TEST(the_best_cpu_is_the_rival),
        TEST(hot_is_not_compared_with_cold),
        TEST(arms_are_the_fastest_isa_and_the_most_workers),
        TEST(every_way_to_use_a_device_is_an_arm),
        TEST(overlapping_winners_are_not_certain),
        TEST(the_headline_gives_times_beside_the_folk_rule),
        TEST(the_headline_says_when_threads_pay),
        TEST(the_headline_says_why),
        TEST(without_a_gpu_the_rule_was_not_tested),
        TEST(json_is_as_documented),
        cmocka_unit_test(verdicts_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
