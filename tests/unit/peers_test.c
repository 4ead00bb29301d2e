/* Ratios of neighbours, their means, and the files that tests/evidence/peers.sh keeps. */
#include "tests/evidence/peers_file.h"
#include "tests/evidence/peers_pairs.h"
#include "tests/evidence/peers_words.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within))
        fail_msg("%.17g, not %.17g", value, wanted);
}

/* ---- ratios ------------------------------------------------------------------------ */

enum { PAIRS = 25 };

/* A machine that is now and then slower, for both alike; the peer takes `ratio` times as
 * long. */
static struct pb_peers_pieces made_up(double ratio, double ours[PAIRS],
                                      double theirs[PAIRS])
{
    for (size_t i = 0; i < PAIRS; i++) {
        const double weather = i % 10 < 5 ? 1 : 1.35;
        ours[i] = 100 * weather;
        theirs[i] = 100 * weather * ratio * (1 + 0.001 * (double)(i % 3));
    }
    return (struct pb_peers_pieces){
        .ours = ours, .theirs = theirs, .count = PAIRS, .ours_work = 1, .theirs_work = 1
    };
}

static void test_neighbours_share_the_weather(void **state)
{
    (void)state;
    double ours[PAIRS], theirs[PAIRS];
    struct pb_peers_ratio ratio;
    const struct pb_peers_pieces pieces = made_up(1.2, ours, theirs);
    pb_peers_compare(&pieces, &ratio);
    assert_near(ratio.ratio, 1.2 * 1.001, 1e-9);
    assert_near(ratio.low, 1.2, 1e-9);
    assert_near(ratio.high, 1.2 * 1.002, 1e-9);
    assert_near(ratio.best, 1.2 * 1.001, 0.0013);
    assert_int_equal(ratio.pairs, PAIRS);
}

/* One piece in five of the peer's stalls: median and quartile do not mind. */
static void test_stalls_do_not_count(void **state)
{
    (void)state;
    double ours[PAIRS], theirs[PAIRS];
    struct pb_peers_ratio ratio;
    const struct pb_peers_pieces pieces = made_up(1, ours, theirs);
    for (size_t i = 0; i < PAIRS; i += 5)
        theirs[i] *= 50;
    pb_peers_compare(&pieces, &ratio);
    assert_near(ratio.ratio, 1, 0.0025);
    assert_near(ratio.best, 1, 0.0025);
    assert_true(ratio.high < 1.01);
}

/* A call that does twice the work in the same time is twice as fast. */
static void test_work_counts(void **state)
{
    (void)state;
    const double ns[] = { 10, 10, 10 };
    struct pb_peers_ratio ratio;
    struct pb_peers_pieces pieces = {
        .ours = ns, .theirs = ns, .count = 3, .ours_work = 4, .theirs_work = 2
    };
    pb_peers_compare(&pieces, &ratio);
    assert_near(ratio.ratio, 2, 1e-12);
    assert_near(ratio.best, 2, 1e-12);
}

static void test_mean_is_geometric(void **state)
{
    (void)state;
    double ours[2][PAIRS], theirs[2][PAIRS];
    struct pb_peers_ratio mean, again;
    const struct pb_peers_pieces sets[] = { made_up(0.5, ours[0], theirs[0]),
                                            made_up(2, ours[1], theirs[1]) };
    pb_peers_mean(sets, 2, &mean);
    assert_near(mean.ratio, 1.001, 1e-9);
    assert_true(mean.low <= mean.ratio && mean.ratio <= mean.high);
    assert_true(mean.low >= 1 - 1e-9 && mean.high <= 1.002 + 1e-9);
    assert_int_equal(mean.pairs, 2 * PAIRS);
    pb_peers_mean(sets, 2, &again);
    assert_memory_equal(&mean, &again, sizeof mean);
}

/* Of noise on both sides the interval is as wide as the noise asks for, not more. */
static void test_interval_of_a_mean(void **state)
{
    (void)state;
    double ours[PAIRS], theirs[PAIRS];
    struct pb_peers_pieces pieces = made_up(1, ours, theirs);
    struct pb_peers_ratio mean;
    for (size_t i = 0; i < PAIRS; i++) {
        ours[i] = 100;
        theirs[i] = 90 + 20 * (double)i / (PAIRS - 1);
    }
    pb_peers_mean(&pieces, 1, &mean);
    assert_near(mean.ratio, 1, 1e-9);
    assert_true(mean.low < 0.99 && mean.low > 0.92);
    assert_true(mean.high > 1.01 && mean.high < 1.08);
}

/* Six lives of four pairs, one of them unlucky by a factor of two. Its pairs agree with
 * one another, and tell less than six medians do. */
static void test_a_life_has_one_say(void **state)
{
    (void)state;
    static const size_t begins[] = { 0, 4, 8, 12, 16, 20 };
    double ours[24], theirs[24];
    struct pb_peers_ratio ratio, mean;
    for (size_t i = 0; i < 24; i++) {
        ours[i] = 100;
        theirs[i] = (i / 4 == 5 ? 50 : 100 + (double)(i / 4)) * (i % 4 == 3 ? 9 : 1);
    }
    const struct pb_peers_pieces pieces = { .ours = ours,
                                            .theirs = theirs,
                                            .count = 24,
                                            .ours_work = 1,
                                            .theirs_work = 1,
                                            .lives = begins,
                                            .nlives = 6 };
    pb_peers_compare(&pieces, &ratio);
    assert_near(ratio.ratio, 1.015, 1e-9);
    assert_near(ratio.low, 0.5, 1e-9);
    assert_near(ratio.high, 1.04, 1e-9);
    assert_int_equal(ratio.pairs, 24);
    pb_peers_mean(&pieces, 1, &mean);
    assert_near(mean.ratio, 1.015, 1e-9);
    assert_true(mean.low < 1.01 && mean.high <= 1.04 + 1e-9);
}

static void test_verdicts(void **state)
{
    (void)state;
    const struct pb_peers_ratio ratio = { .ratio = 1, .low = 0.95, .high = 1.05 };
    assert_string_equal(pb_peers_verdict(&ratio, 0.9), "yes");
    assert_string_equal(pb_peers_verdict(&ratio, 0.95), "yes");
    assert_string_equal(pb_peers_verdict(&ratio, 1.0), "open");
    assert_string_equal(pb_peers_verdict(&ratio, 1.06), "no");
    assert_string_equal(pb_peers_verdict(&ratio, (double)NAN), "");
}

/* ---- files ------------------------------------------------------------------------- */

static void write_text(const char *file, const char *text)
{
    FILE *to = fopen(file, "w");
    assert_non_null(to);
    assert_true(fputs(text, to) >= 0);
    assert_int_equal(fclose(to), 0);
}

#define HEAD "machine\ta\nname\tb c\nunit\tflops\n"
#define ARMS "arm\tours\t-\t2\tsimd\narm\tpeer\t0.9\t3.5\tits name\n"

static void test_file_comes_back(void **state)
{
    (void)state;
    char file[] = "/tmp/parbench-peers.XXXXXX";
    struct pb_peers_group group;
    struct pb_error err = { "" };
    (void)close(mkstemp(file));
    write_text(file, HEAD "mean\tall\n" ARMS "absent\tother\tnot there\n"
                          "life\nround\t10.25\t20\nlife\nround\t11\t21\n");
    for (int pass = 0; pass < 2; pass++) {
        assert_int_equal(pb_peers_group_read(file, &group, &err), PB_OK);
        assert_string_equal(group.name, "b c");
        assert_string_equal(group.mean, "all");
        assert_int_equal(group.narms, 2);
        assert_int_equal(group.nabsent, 1);
        assert_int_equal(group.rounds, 2);
        assert_true(isnan(group.arms[0].wanted));
        assert_near(group.arms[1].wanted, 0.9, 0);
        assert_near(group.arms[1].work, 3.5, 0);
        assert_string_equal(group.arms[1].what, "its name");
        assert_string_equal(group.absent[0].what, "not there");
        const struct pb_peers_pieces pieces = pb_peers_group_pieces(&group, 1);
        assert_near(pieces.ours[0], 10.25, 0);
        assert_near(pieces.theirs[1], 21, 0);
        assert_int_equal(pieces.nlives, 2);
        assert_int_equal(pieces.lives[0], 0);
        assert_int_equal(pieces.lives[1], 1);
        assert_int_equal(pb_peers_group_write(&group, file, &err), PB_OK);
        pb_peers_group_release(&group);
    }
    (void)unlink(file);
}

static void test_damaged_files_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "name\tb\nunit\tflops\n",
        HEAD "nonsense\t1\n",
        HEAD ARMS,
        HEAD ARMS "round\t1\n",
        HEAD ARMS "round\t1\t2\t3\n",
        HEAD ARMS "round\t1\t-2\n",
        HEAD ARMS "round\t1\tnan\n",
        HEAD ARMS "round\t1\t2\narm\tlate\t-\t1\tx\n",
        HEAD "round\t1\n",
        HEAD "life\n" ARMS "round\t1\t2\n",
        HEAD ARMS "life\nround\t1\t2\nlife\n",
        HEAD ARMS "life\nlife\nround\t1\t2\n",
        HEAD ARMS "round\t1\t2\nlife\nround\t1\t2\n",
        HEAD "name\ttwice\n" ARMS "round\t1\t2\n",
        HEAD "arm\tours\tx\t2\tsimd\nround\t1\n",
        HEAD "arm\tours\t-\t0\tsimd\nround\t1\n",
    };
    char file[] = "/tmp/parbench-peers.XXXXXX";
    (void)close(mkstemp(file));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct pb_peers_group group;
        struct pb_error err = { "" };
        write_text(file, texts[i]);
        if (pb_peers_group_read(file, &group, &err) != PB_ERR_INPUT)
            fail_msg("text %zu was taken", i);
        assert_non_null(strstr(err.text, "remove"));
        pb_peers_group_release(&group);
    }
    (void)unlink(file);
}

/* ---- words ------------------------------------------------------------------------- */

static void test_words(void **state)
{
    (void)state;
    char n[] = "n=12", kernel[] = "kernel=saxpy", type[] = "type=f64", bad[] = "m=-1",
         nn[] = "nn=3";
    char *const words[] = { nn, n, kernel, type, bad, NULL };
    struct pb_peers_what what;
    char why[80];
    assert_string_equal(pb_peers_word(words, "kernel"), "saxpy");
    assert_null(pb_peers_word(words, "ker"));
    assert_int_equal(pb_peers_count(words, "n", 1), 12);
    assert_int_equal(pb_peers_count(words, "k", 7), 7);
    assert_int_equal(pb_peers_count(words, "m", 7), 0);
    assert_true(pb_peers_what(words, &what, why, sizeof why));
    assert_int_equal(what.n, 12);
    assert_int_equal(what.dtype, PB_DTYPE_f64);
    assert_near(pb_peers_work(&what, "bytes"), 12 * 3 * 8, 0);
    assert_near(pb_peers_work(&what, "calls"), 1, 0);
}

static void test_words_that_say_nothing(void **state)
{
    (void)state;
    char none[] = "kernel=none", kernel[] = "kernel=saxpy", type[] = "type=f16",
         n[] = "n=4";
    char *const unknown[] = { none, n, NULL }, *const untyped[] = { kernel, type, n,
                                                                    NULL };
    struct pb_peers_what what;
    char why[80];
    assert_false(pb_peers_what(unknown, &what, why, sizeof why));
    assert_non_null(strstr(why, "no kernel none"));
    assert_false(pb_peers_what(untyped, &what, why, sizeof why));
    assert_non_null(strstr(why, "type="));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours_share_the_weather),
        cmocka_unit_test(test_stalls_do_not_count),
        cmocka_unit_test(test_work_counts),
        cmocka_unit_test(test_mean_is_geometric),
        cmocka_unit_test(test_interval_of_a_mean),
        cmocka_unit_test(test_a_life_has_one_say),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_file_comes_back),
        cmocka_unit_test(test_damaged_files_are_refused),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_words_that_say_nothing),
    };
    return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
