#include "measure/jitter.h"

#include "results/stats.h"
#include "results/units.h"

#include <stdint.h>
#include <stdlib.h>

const struct pb_jitter_settings pb_jitter_default = { .loop_ns = 100e3,
                                                      .total_ns = 0.5e9 };

#define SLOW           1.05
#define STEPS_AT_FIRST 1000u
#define STEPS_AT_MOST  (UINT64_C(1) << 26) /* 0.1 s or more on any machine */
#define LOOPS_AT_MOST  20000u

/* A chain in which each step needs the one before: integer multiply and add take the
 * same time for all values and touch no memory, so only the machine can make it
 * uneven. (Constants: Knuth's MMIX generator.) Not inlined, so that all calls run
 * the same code. */
__attribute__((noinline)) static uint64_t run_chain(uint64_t x, uint64_t steps)
{
    for (uint64_t i = 0; i < steps; i++)
        x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return x;
}

struct loop {
    const struct pb_clock *clock; /* borrowed */
    uint64_t steps, x;            /* x goes from one loop into the next */
};

static double time_loop(struct loop *loop)
{
    const uint64_t start = pb_clock_now(loop->clock);
    loop->x = run_chain(loop->x, loop->steps);
    return (double)(pb_clock_now(loop->clock) - start);
}

/* Sets the steps that take about loop_ns, also on a CPU that just woke up: the fastest of
 * a few counts. */
static enum pb_status calibrate(struct loop *loop, double loop_ns, struct pb_error *err)
{
    enum { TRIES = 5 };
    double fastest_ns = 0;
    for (loop->steps = STEPS_AT_FIRST; fastest_ns < loop_ns / 2; loop->steps *= 2) {
        if (loop->steps > STEPS_AT_MOST)
            return pb_fail(err, PB_ERR_ENVIRONMENT,
                           "the clock stood still for %llu steps of a loop",
                           (unsigned long long)loop->steps);
        fastest_ns = time_loop(loop);
        for (int i = 1; i < TRIES; i++) {
            const double ns = time_loop(loop);
            fastest_ns = ns < fastest_ns ? ns : fastest_ns;
        }
    }
    const double steps = 0.5 * (double)loop->steps * loop_ns / fastest_ns;
    loop->steps = steps < 1 ? 1 : (uint64_t)steps;
    return PB_OK;
}

static void summarise(const double *ns, size_t count, struct pb_jitter *out)
{
    size_t slow = 0;
    *out = (struct pb_jitter){ .loops = count,
                               .median_ns = pb_quantile(ns, count, 0.5),
                               .q25_ns = pb_quantile(ns, count, 0.25),
                               .p99_ns = pb_quantile(ns, count, 0.99),
                               .worst_ns = pb_quantile(ns, count, 1) };
    for (size_t i = 0; i < count; i++)
        slow += ns[i] > SLOW * out->median_ns;
    out->slow_share = (double)slow / (double)count;
}

enum pb_status pb_jitter_measure(const struct pb_clock *clock,
                                 const struct pb_jitter_settings *settings,
                                 struct pb_jitter *out, struct pb_error *err)
{
    struct loop loop = { .clock = clock, .x = 1 };
    const enum pb_status status = calibrate(&loop, settings->loop_ns, err);
    if (status)
        return status;
    double *ns = malloc(LOOPS_AT_MOST * sizeof *ns);
    if (!ns)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for the times of a loop");
    size_t count = 0;
    double spent_ns = 0;
    while (count == 0 || (count < LOOPS_AT_MOST && spent_ns < settings->total_ns)) {
        ns[count] = time_loop(&loop);
        spent_ns += ns[count++];
    }
    summarise(ns, count, out);
    out->value = loop.x;
    free(ns);
    return PB_OK;
}

/* An undisturbed core spends some microseconds of each hundred on interrupts: below 5 %,
 * so hardly a loop counts as slow. Where one in a hundred does, the tail of every
 * measurement is the machine's; where one in twenty does, quartiles begin to move. */
void pb_jitter_judge(const struct pb_jitter *jitter, struct pb_fitness *fitness)
{
    char median[32], worst[32];
    pb_fitness_add(
        fitness, "jitter", pb_fitness_level_of(jitter->slow_share, 0.01, 0.05),
        "%.1f %% of %zu loops took 1.05 x the median (%s) or more; q25 %.3f x, "
        "p99 %.2f x, worst %s",
        100 * jitter->slow_share, jitter->loops,
        pb_units_ns(jitter->median_ns, median, sizeof median),
        jitter->q25_ns / jitter->median_ns, jitter->p99_ns / jitter->median_ns,
        pb_units_ns(jitter->worst_ns, worst, sizeof worst));
    pb_fitness_advise(fitness, "something takes turns with parbench: see other work, "
                               "steal, governor; then measure with --thorough, and "
                               "compare in pairs (parbench ab)");
}
