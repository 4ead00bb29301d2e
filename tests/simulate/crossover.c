/* crossover.c - the search for a crossing, on arms whose cost is known: how often the
 * true size lies in the interval, whether the verdict is right, and how many measurements
 * that took. The functions are the product's own (measure/seek.h, results/look.h); only
 * the times are made here. `make bench-crossover-sim`; writes Markdown to stdout.
 *
 *   crossover-sim [--runs N] [--seed S]
 */
#include "measure/seek.h"
#include "results/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SWEEP = 17, ROUNDS = 3, SAMPLES = 31 };

static double uniform(uint64_t *state)
{
    return ((double)(pb_random_next(state) >> 12) + 0.5) * 0x1p-52;
}

static double gaussian(uint64_t *state)
{
    const double radius = sqrt(-2.0 * log(uniform(state)));
    return radius * cos(6.283185307179586 * uniform(state));
}

/* ---- two arms ---------------------------------------------------------------------- */

struct arms {
    double a_fixed, a_slope, b_fixed, b_slope; /* ns, ns per element */
    double a_step, b_step;                     /* from this size on ... */
    double a_after, b_after; /* ... an element takes that many times as long */
    double stall;            /* share of A's processes that take 41 times as long */
};

static double cost(double fixed, double slope, double step, double after, double n)
{
    const double beyond = step > 0 && n > step ? n - step : 0;
    return fixed + slope * (n + beyond * (after - 1));
}

static double cost_a(const struct arms *m, double n)
{
    return cost(m->a_fixed, m->a_slope, m->a_step, m->a_after, n);
}

static double cost_b(const struct arms *m, double n)
{
    return cost(m->b_fixed, m->b_slope, m->b_step, m->b_after, n);
}

static double log_uniform(uint64_t *state, double low, double high)
{
    return exp(log(low) + (log(high) - log(low)) * uniform(state));
}

#define N_MIN 256.0
#define N_MAX 16777216.0

/* A is linear, B has a fixed cost and is faster per element. */
static void make_fixed(uint64_t *state, struct arms *m)
{
    const double speedup = log_uniform(state, 1.3, 20);
    const double n = log_uniform(state, N_MIN * 8, N_MAX / 8);
    *m = (struct arms){ .a_fixed = 20, .a_slope = 0.5, .b_slope = 0.5 / speedup };
    m->b_fixed = cost_a(m, n) - m->b_slope * n;
}

/* A falls out of a cache, before or after the crossing. */
static void make_step(uint64_t *state, struct arms *m)
{
    make_fixed(state, m);
    m->a_step = log_uniform(state, N_MIN * 16, N_MAX / 16);
    m->a_after = 1.5 + 2 * uniform(state);
}

/* B overtakes, falls out of its memory, and is overtaken. */
static void make_two(uint64_t *state, struct arms *m)
{
    const double speedup = 3 + 5 * uniform(state);
    const double n = log_uniform(state, N_MIN * 8, N_MIN * 256);
    *m = (struct arms){ .a_fixed = 20, .a_slope = 0.5, .b_slope = 0.5 / speedup };
    m->b_fixed = cost_a(m, n) - m->b_slope * n;
    m->b_step = n * 32;
    m->b_after = 4 * speedup;
}

static void make_always_a(uint64_t *state, struct arms *m)
{
    *m = (struct arms){ .a_fixed = 20, .a_slope = 0.5, .b_fixed = 1e3 };
    m->b_slope = 0.5 * (1.2 + uniform(state));
}

static void make_always_b(uint64_t *state, struct arms *m)
{
    *m = (struct arms){ .a_fixed = 200, .a_slope = 0.5, .b_fixed = 20 };
    m->b_slope = 0.5 / (1.2 + 4 * uniform(state));
}

/* GPU-BLOB's data: a CPU arm that stalls for a scheduler's tick, 41 times its time. */
static void make_stall(uint64_t *state, struct arms *m)
{
    make_fixed(state, m);
    m->stall = 0.3 + 0.4 * uniform(state);
}

struct law {
    const char *name;
    void (*make)(uint64_t *state, struct arms *arms);
    enum pb_verdict verdict;
};
static const struct law laws[] = {
    { "fixed cost + linear", make_fixed, PB_CROSSING },
    { "with a step", make_step, PB_CROSSING },
    { "two crossings", make_two, PB_SEVERAL },
    { "always A", make_always_a, PB_ALWAYS_A },
    { "always B", make_always_b, PB_ALWAYS_B },
    { "an arm that stalls", make_stall, PB_UNSTABLE },
};
enum { NLAWS = sizeof laws / sizeof laws[0] };

/* ---- noise ------------------------------------------------------------------------- */

struct noise {
    const char *name;
    double process; /* sd of a process's luck, as a share */
    double sample;  /* sd of a sample, beside what two neighbours share */
    /* sd of what changes slowly: neighbours share it, the sweep does not. */
    double weather;
    double spikes; /* share of the samples that take up to three times as long */
};
static const struct noise noises[] = {
    { "quiet", 0.005, 0.01, 0.01, 0.01 },
    { "shared", 0.015, 0.05, 0.10, 0.05 },
    { "rough", 0.03, 0.15, 0.30, 0.15 },
};
enum { NNOISES = sizeof noises / sizeof noises[0] };

static double process_factor(const struct noise *noise, double stall, uint64_t *state)
{
    const double luck = exp(noise->process * gaussian(state));
    return stall > 0 && uniform(state) < stall ? 41 * luck : luck;
}

static double sample_factor(const struct noise *noise, uint64_t *state)
{
    const double f = exp(noise->sample * fabs(gaussian(state)));
    return uniform(state) < noise->spikes ? f * (1 + 2 * uniform(state)) : f;
}

/* ---- the sweep --------------------------------------------------------------------- */

static struct pb_estimate sweep_arm(const struct arms *m, const struct noise *noise,
                                    double ns, bool is_a, uint64_t *state)
{
    double rounds[ROUNDS], low = INFINITY, high = 0;
    for (int r = 0; r < ROUNDS; r++) {
        const double weather = exp(noise->weather * fabs(gaussian(state)));
        rounds[r] = ns * weather * process_factor(noise, is_a ? m->stall : 0, state);
        low = fmin(low, rounds[r]);
        high = fmax(high, rounds[r]);
    }
    const double sum = rounds[0] + rounds[1] + rounds[2];
    return (struct pb_estimate){ sum - low - high, low, high };
}

static void sweep(const struct arms *m, const struct noise *noise, uint64_t *state,
                  struct pb_duel *duels, struct pb_seek_size *sizes)
{
    for (int i = 0; i < SWEEP; i++) {
        const double n = round(N_MIN * pow(N_MAX / N_MIN, i / (SWEEP - 1.0)));
        struct pb_duel *d = &duels[i];
        d->n = (uint64_t)n;
        d->a = sweep_arm(m, noise, cost_a(m, n), true, state);
        d->b = sweep_arm(m, noise, cost_b(m, n), false, state);
        sizes[i].n = d->n;
        sizes[i].width = fmax(d->a.high / d->a.low, d->b.high / d->b.low);
        sizes[i].winner = d->a.high < d->b.low ? 'a' : d->b.high < d->a.low ? 'b' : '=';
    }
}

/* ---- looks ------------------------------------------------------------------------- */

static void take_look(const struct arms *m, const struct noise *noise, uint64_t n,
                      const double luck[2], uint64_t *state, struct pb_look *look)
{
    double a[SAMPLES], b[SAMPLES];
    const bool stalls = m->stall > 0 && uniform(state) < m->stall;
    for (int i = 0; i < SAMPLES; i++) {
        a[i] = cost_a(m, (double)n) * luck[0] * sample_factor(noise, state) *
               (stalls ? 41 : 1);
        b[i] = cost_b(m, (double)n) * luck[1] * sample_factor(noise, state);
    }
    pb_look_take(a, b, SAMPLES, look);
}

static size_t search(const struct arms *m, const struct noise *noise, uint64_t *state,
                     struct pb_seek *seek)
{
    struct pb_seek_step step;
    double luck[2] = { 1, 1 };
    unsigned round = 1u << 20;
    size_t looks = 0;
    while (pb_seek_next(seek, &step)) {
        if (step.round != round)
            for (int side = 0; side < 2; side++)
                luck[side] = process_factor(noise, 0, state);
        round = step.round;
        for (size_t i = 0; i < step.count; i++) {
            struct pb_look look = { .n = step.n[i], .round = round };
            take_look(m, noise, step.n[i], luck, state, &look);
            pb_seek_add(seek, &look);
            looks++;
        }
    }
    return looks;
}

/* ---- the score --------------------------------------------------------------------- */

struct score {
    unsigned runs, right, crossings, covered, narrow;
    double looks, width;
};

/* By bisection: where B becomes faster for the first time. */
static double true_crossing(const struct arms *m)
{
    double low = N_MIN, high = N_MAX;
    for (int i = 0; i < 200; i++) {
        const double mid = sqrt(low * high);
        if (cost_a(m, mid) < cost_b(m, mid))
            low = mid;
        else
            high = mid;
    }
    return low;
}

static void run_once(const struct law *law, const struct noise *noise, uint64_t *state,
                     struct score *score)
{
    struct arms arms;
    struct pb_duel duels[SWEEP];
    struct pb_seek_size sizes[SWEEP];
    struct pb_crossover c = { .from_label = (char[]){ "A" },
                              .to_label = (char[]){ "B" } };
    static struct pb_seek seek;
    law->make(state, &arms);
    sweep(&arms, noise, state, duels, sizes);
    pb_seek_begin(&seek, sizes, SWEEP, &pb_seek_rule_default);
    score->looks += (double)search(&arms, noise, state, &seek);
    if (pb_verdict_refine(duels, SWEEP, seek.looks, seek.nlooks, &c, NULL))
        exit(2);
    score->runs++;
    score->right += c.verdict == law->verdict;
    if (c.verdict == PB_CROSSING && law->verdict == PB_CROSSING) {
        const double n = true_crossing(&arms);
        const double half = log(c.n.high / c.n.low) / 2;
        score->crossings++;
        score->covered += c.n.low <= n && n <= c.n.high;
        score->narrow += half <= pb_seek_rule_default.precision;
        score->width += half;
    }
    if (getenv("SHOW_WRONG") && c.verdict != law->verdict)
        fprintf(stderr, "%s/%s: %s (%s)\n", law->name, noise->name,
                pb_verdict_name(c.verdict), c.reason ? c.reason : "");
    free(c.reason);
    free(c.stretches);
}

static void print(const struct law *law, const struct noise *noise, const struct score *s)
{
    printf("| %s | %s | %.1f %% |", law->name, noise->name,
           100.0 * s->right / (double)s->runs);
    if (s->crossings)
        printf(" %.1f %% | +-%.1f %% | %.0f %% |", 100.0 * s->covered / s->crossings,
               100.0 * s->width / s->crossings, 100.0 * s->narrow / s->crossings);
    else
        printf(" | | |");
    printf(" %.0f |\n", s->looks / s->runs);
}

int main(int argc, char **argv)
{
    unsigned runs = 1000;
    uint64_t seed = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--runs") == 0)
            runs = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 10);
        else
            return 2;
    }
    printf("| arms | noise | verdict right | n* in its interval | half width, mean | "
           "within 5 %% | looks |\n|---|---|---:|---:|---:|---:|---:|\n");
    for (size_t n = 0; n < NNOISES; n++)
        for (size_t l = 0; l < NLAWS; l++) {
            struct score score = { 0 };
            uint64_t state = seed * 1000003 + n * 101 + l;
            for (unsigned r = 0; r < runs; r++)
                run_once(&laws[l], &noises[n], &state, &score);
            print(&laws[l], &noises[n], &score);
            fflush(stdout);
        }
    return 0;
}
