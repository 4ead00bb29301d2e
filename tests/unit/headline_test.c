/* The sentences that a record comes down to. */
#include "results/headline.h"

#include "measure/text.h"
#include "results/link.h"
#include "results/summary.h"
#include "tests/unit/crossover_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

/* Our own code on the device pays from 80 us on, a library's from `library_ns` on. */
static char *headline_beside_a_library(struct fixture *f, const char *device_type,
                                       double library_ns)
{
    struct fixture_curve own = fixture_gpu, library = fixture_gpu;
    own.device_type = library.device_type = device_type;
    library.variant = "clblast";
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], 50 * (double)sizes[i], 1.01);
        fixture_add(&f->record, &own, sizes[i], 80e3, 1.01);
        fixture_add(&f->record, &library, sizes[i], library_ns, 1.01);
    }
    analyse(f);
    return headline(f);
}

static void a_library_that_wins_is_named(void **state)
{
    struct fixture *f = *state;
    char *text = headline_beside_a_library(f, "cpu", 40e3);
    assert_non_null(strstr(text, "pays once the best CPU version takes longer than: "
                                 "saxpy f32 40.0 µs [29.7 µs .. 60.6 µs] (clblast).\n"));
    free(text);
}

static void a_library_that_wins_on_a_gpu_is_named(void **state)
{
    struct fixture *f = *state;
    char *text = headline_beside_a_library(f, "gpu", 40e3);
    assert_non_null(strstr(text, "takes longer than 40.0 µs [29.7 µs .. 60.6 µs] "
                                 "(clblast)"));
    free(text);
}

static void a_library_that_loses_is_not_named(void **state)
{
    struct fixture *f = *state;
    char *text = headline_beside_a_library(f, "cpu", 160e3);
    assert_non_null(strstr(text, "pays once the best CPU version takes longer than: "
                                 "saxpy f32 80.0 µs [59.4 µs .. 121 µs].\n"));
    assert_null(strstr(text, "clblast"));
    free(text);
}

/* Neither pays: then nobody has won. */
static void a_library_that_never_pays_is_not_named(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve own = fixture_gpu, library = fixture_gpu;
    own.device_type = library.device_type = "cpu";
    library.variant = "clblast";
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], 100, 1.01);
        fixture_add(&f->record, &own, sizes[i], 80e3, 1.01);
        fixture_add(&f->record, &library, sizes[i], 40e3, 1.01);
    }
    analyse(f);
    char *text = headline(f);
    assert_non_null(strstr(text, "pays at no size measured: saxpy f32.\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_headline_gives_times_beside_the_folk_rule),
        TEST(the_headline_says_when_threads_pay),
        TEST(the_headline_says_why),
        TEST(without_a_gpu_the_rule_was_not_tested),
        TEST(a_library_that_wins_is_named),
        TEST(a_library_that_wins_on_a_gpu_is_named),
        TEST(a_library_that_loses_is_not_named),
        TEST(a_library_that_never_pays_is_not_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
