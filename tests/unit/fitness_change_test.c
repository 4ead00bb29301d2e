/* What happened to the machine between two looks at it. */
#include "results/fitness_change.h"

#include "results/fitness.h"
#include "tests/unit/fitness_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void judge(const struct pb_fitness_counters *before,
                  const struct pb_fitness_counters *after)
{
    fitness = (struct pb_fitness){ .count = 0 };
    pb_fitness_judge_change(before, after, &fitness);
}

static void what_happened_meanwhile_is_told(void **state)
{
    (void)state;
    struct pb_fitness_counters before, after;
    put_good_machine();
    pb_fitness_count(root, &before);
    assert_int_equal(before.own, 50);
    assert_int_equal(before.total, 10000);
    /* 100 ticks: 45 idle, 50 our own, 5 others' */
    put("/proc/stat", "cpu  1050 0 505 8545 0 0 0 0 0 0\n");
    put("/proc/self/stat", "7 (a ) b) R 1 1 1 0 -1 4 5 6 7 8 75 25 0 0 20\n");
    pb_fitness_count(root, &after);
    judge(&before, &after);
    expect("other_work", PB_FITNESS_NOTE, "5 %");
    expect("steal_now", PB_FITNESS_OK, "0.0 %");
    expect("swapping_now", PB_FITNESS_OK, "none");
    expect("throttling_now", PB_FITNESS_OK, "none");
    /* 100 ticks: 20 stolen, 50 our own, 30 others' */
    put("/proc/stat", "cpu  1080 0 500 8500 0 0 0 20 0 0\n");
    put("/proc/vmstat", "pswpin 5\npswpout 9\n");
    put(CPU "/cpu0/thermal_throttle/core_throttle_count", "2\n");
    pb_fitness_count(root, &after);
    judge(&before, &after);
    expect("other_work", PB_FITNESS_WARN, "30 %");
    expect("steal_now", PB_FITNESS_WARN, "20.0 %");
    expect("swapping_now", PB_FITNESS_WARN, "3 pages");
    expect("throttling_now", PB_FITNESS_WARN, "2 slow-downs");
}

static void counters_that_stand_still_tell_nothing(void **state)
{
    (void)state;
    struct pb_fitness_counters before, after;
    put_good_machine();
    pb_fitness_count(root, &before);
    judge(&before, &before);
    expect("other_work", PB_FITNESS_UNKNOWN, "");
    expect("steal_now", PB_FITNESS_UNKNOWN, "");
    after = before;
    after.total += 100;
    after.idle -= 1; /* the kernel does that */
    after.own += 99;
    judge(&before, &after);
    expect("other_work", PB_FITNESS_OK, "1 %");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOTED(what_happened_meanwhile_is_told),
        ROOTED(counters_that_stand_still_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
