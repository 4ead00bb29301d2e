/* gate.c - the whole two-stage rule, put through thousands of sessions whose truth is
 * known: how often it raises a false alarm, what it finds, and whether its intervals hold
 * what they promise. The functions are the product's own (results/gate.h); only the
 * noise is made here. `make bench-gate-sim`; writes Markdown to stdout.
 *
 *   gate-sim [--sessions N] [--points P] [--noise NAME] [--sd PERCENT] [--effect PERCENT]
 */
#include "results/gate.h"
#include "results/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MOST 64
#define CONTROLS    2

/* ---- random numbers ---------------------------------------------------------------- */

static double uniform(uint64_t *state) /* in (0, 1) */
{
    return ((double)(pb_random_next(state) >> 12) + 0.5) * 0x1p-52;
}

static double gaussian(uint64_t *state) /* Box & Muller */
{
    const double radius = sqrt(-2.0 * log(uniform(state)));
    return radius * cos(6.283185307179586 * uniform(state));
}

/* ---- noise: d of all points in the pairs of a session, with standard deviation 1 --- */

struct noise {
    uint64_t random;
    double last[POINTS_MOST]; /* of the pair before */
};

/* Of one pair, into d[npoints]. */
typedef void noise_fn(struct noise *noise, size_t npoints, double *d);

static void gaussian_noise(struct noise *noise, size_t npoints, double *d)
{
    for (size_t i = 0; i < npoints; i++)
        d[i] = gaussian(&noise->random);
}

/* Each run is late by an exponential time. */
static void skewed_noise(struct noise *noise, size_t npoints, double *d)
{
    for (size_t i = 0; i < npoints; i++)
        d[i] = (log(uniform(&noise->random)) - log(uniform(&noise->random))) / sqrt(2.0);
}

/* Each run takes a lognormal time: a long tail on one side. */
static void lognormal_noise(struct noise *noise, size_t npoints, double *d)
{
    const double sd = sqrt(2.0 * (exp(1.0) - 1.0) * exp(1.0));
    for (size_t i = 0; i < npoints; i++)
        d[i] = (exp(gaussian(&noise->random)) - exp(gaussian(&noise->random))) / sd;
}

#define TAIL_SHARE 0.2
#define TAIL_WIDTH 6.0
/* 80 % narrow and 20 % six times wider have a variance of 8 times the narrow part's. */
#define TAIL_SD 2.8284271247461903

static void heavy_noise(struct noise *noise, size_t npoints, double *d)
{
    for (size_t i = 0; i < npoints; i++) {
        const bool is_wide = uniform(&noise->random) < TAIL_SHARE;
        d[i] = gaussian(&noise->random) * (is_wide ? TAIL_WIDTH : 1.0) / TAIL_SD;
    }
}

/* The same where sd is that of the narrow part: the whole is 2.8 times as wide. */
static void heavier_noise(struct noise *noise, size_t npoints, double *d)
{
    heavy_noise(noise, npoints, d);
    for (size_t i = 0; i < npoints; i++)
        d[i] *= TAIL_SD;
}

/* A burst hits all points of a pair, half of it in the same direction. */
static void bursty_noise(struct noise *noise, size_t npoints, double *d)
{
    const bool is_burst = uniform(&noise->random) < TAIL_SHARE;
    const double common = gaussian(&noise->random);
    for (size_t i = 0; i < npoints; i++) {
        const double own = gaussian(&noise->random);
        d[i] = is_burst ? TAIL_WIDTH * (common + own) * sqrt(0.5) : own;
        d[i] /= TAIL_SD;
    }
}

/* Half of the variance is common to all points: a machine that drifts within a pair. */
static void common_noise(struct noise *noise, size_t npoints, double *d)
{
    const double common = gaussian(&noise->random);
    for (size_t i = 0; i < npoints; i++)
        d[i] = sqrt(0.5) * (common + gaussian(&noise->random));
}

/* Pairs resemble their neighbours, lag-1 correlation 0.3. */
static void correlated_noise(struct noise *noise, size_t npoints, double *d)
{
    const double rho = 0.3;
    for (size_t i = 0; i < npoints; i++) {
        d[i] = rho * noise->last[i] + sqrt(1.0 - rho * rho) * gaussian(&noise->random);
        noise->last[i] = d[i];
    }
}

static const struct {
    const char *name;
    noise_fn *fill;
} noises[] = {
    { "gaussian", gaussian_noise },   { "exponential", skewed_noise },
    { "lognormal", lognormal_noise }, { "heavy", heavy_noise },
    { "heavy-core", heavier_noise },  { "bursty", bursty_noise },
    { "common", common_noise },       { "autocorrelated", correlated_noise },
};
#define NOISE_COUNT (sizeof noises / sizeof noises[0])

/* ---- a session, as parbench ab drives it ------------------------------------------- */

struct setting {
    size_t npoints, noise;
    double sd, effect; /* ratio - 1 of point 0; the others have none */
};

struct session {
    const struct setting *setting;
    const struct pb_gate_rule *rule;
    struct noise noise;
    struct pb_pairs pairs;
    size_t column; /* the next pair */
    bool is_active[POINTS_MOST];
    size_t nmeasured; /* pairs x points */
};

/* One more pair of the active points. The noise runs on for the others too. */
static void measure_pair(struct session *s)
{
    double d[POINTS_MOST];
    noises[s->setting->noise].fill(&s->noise, s->setting->npoints, d);
    for (size_t i = 0; i < s->setting->npoints; i++) {
        const double shift = i == 0 ? log1p(s->setting->effect) : 0.0;
        s->pairs.d[i * s->pairs.npairs + s->column] =
            s->is_active[i] ? s->setting->sd * d[i] + shift : (double)NAN;
        s->nmeasured += s->is_active[i];
    }
    s->column++;
}

static bool has_active(const struct session *s)
{
    for (size_t i = 0; i < s->setting->npoints; i++)
        if (s->is_active[i])
            return true;
    return false;
}

static void screen_stage(struct session *s)
{
    struct pb_screen screen[POINTS_MOST];
    for (size_t i = 0; i < s->setting->npoints; i++)
        s->is_active[i] = true;
    while (has_active(s) && s->column < s->rule->most_pairs) {
        measure_pair(s);
        if (s->column < s->rule->close_pairs)
            continue;
        pb_gate_plan(&s->pairs, s->column, s->rule, screen);
        for (size_t i = 0; i < s->setting->npoints; i++)
            s->is_active[i] = s->is_active[i] && screen[i].wanted > 0;
    }
}

/* Fresh pairs of the suspects, and of two others. */
static void confirm_stage(struct session *s)
{
    struct pb_screen screen[POINTS_MOST];
    size_t wanted = 0;
    if (pb_gate_screen(&s->pairs, s->column, s->rule, screen, NULL))
        exit(2);
    for (size_t i = 0; i < s->setting->npoints; i++) {
        s->is_active[i] = screen[i].state == PB_SCREEN_SUSPECT;
        if (s->is_active[i] && screen[i].confirm_pairs > wanted)
            wanted = screen[i].confirm_pairs;
    }
    for (size_t i = 0, found = 0; i < s->setting->npoints && found < CONTROLS; i++) {
        const size_t point = s->setting->npoints - 1 - i; /* noise knows no order */
        if (s->is_active[point])
            continue;
        s->is_active[point] = true;
        found++;
    }
    for (size_t i = 0; i < wanted; i++)
        measure_pair(s);
}

/* ---- what came of many ------------------------------------------------------------- */

struct tally {
    size_t sessions, alarms, others, found, inconclusive; /* sessions */
    size_t intervals, covered, points, unresolved;        /* points */
    double pairs;                                         /* per point */
};

static void count_point(size_t i, const struct setting *setting,
                        const struct pb_gate_verdict *v, struct tally *tally)
{
    const double truth = i == 0 ? log1p(setting->effect) : 0.0;
    tally->points++;
    tally->unresolved += v->change == PB_CHANGE_UNRESOLVED;
    if (isnan(v->all.confidence))
        return;
    tally->intervals++;
    tally->covered += v->all.log_ratio.low <= truth && truth <= v->all.log_ratio.high;
}

static void count_session(const struct setting *setting,
                          const struct pb_gate_verdict *verdicts,
                          const struct pb_gate_session *end, struct tally *tally)
{
    bool is_found = false, is_other = false;
    for (size_t i = 0; i < setting->npoints; i++) {
        const bool is_slower =
            verdicts[i].change == PB_CHANGE_SLOWER && !end->control_tripped;
        is_found |= is_slower && i == 0;
        is_other |= is_slower && i > 0;
        count_point(i, setting, &verdicts[i], tally);
    }
    tally->sessions++;
    tally->found += is_found;
    tally->others += is_other;
    tally->alarms += is_found || is_other;
    tally->inconclusive += end->control_tripped;
}

static void run_session(const struct setting *setting, const struct pb_gate_rule *rule,
                        uint64_t *random, struct tally *tally)
{
    struct session s = { .setting = setting,
                         .rule = rule,
                         .noise = { .random = pb_random_next(random) } };
    struct pb_gate_verdict verdicts[POINTS_MOST];
    struct pb_gate_session end;
    if (pb_pairs_new(setting->npoints, 2 * rule->most_pairs, &s.pairs, NULL))
        exit(2);
    screen_stage(&s);
    const unsigned screen_rounds = (unsigned)s.column;
    confirm_stage(&s);
    if (pb_gate_decide(&s.pairs, screen_rounds, rule, verdicts, &end, NULL))
        exit(2);
    count_session(setting, verdicts, &end, tally);
    tally->pairs += (double)s.nmeasured / (double)setting->npoints;
    pb_pairs_release(&s.pairs);
}

/* ---- the tables -------------------------------------------------------------------- */

static double percent(size_t count, size_t of)
{
    return of ? 100.0 * (double)count / (double)of : (double)NAN;
}

static void print_cell(const struct setting *setting, const struct tally *t)
{
    printf("| %zu | %s | %.1f | %.0f | %.2f | ", setting->npoints,
           noises[setting->noise].name, 100.0 * setting->sd, 100.0 * setting->effect,
           percent(t->alarms, t->sessions));
    if (setting->effect > 0.0)
        printf("%.1f | %.2f | ", percent(t->found, t->sessions),
               percent(t->others, t->sessions));
    else
        printf("- | - | ");
    printf("%.2f | %.1f | %.1f | %.1f |\n", percent(t->inconclusive, t->sessions),
           percent(t->unresolved, t->points), percent(t->covered, t->intervals),
           t->pairs / (double)t->sessions);
    fflush(stdout);
}

static void run_setting(const struct setting *setting, size_t sessions)
{
    uint64_t random = 1 + setting->noise;
    struct tally tally = { 0 };
    struct pb_gate_rule rule = pb_gate_rule_default;
    rule.most_flips = 1024; /* p is coarser than the product's, the level the same */
    for (size_t i = 0; i < sessions; i++)
        run_session(setting, &rule, &random, &tally);
    print_cell(setting, &tally);
}

struct choice { /* NULL: all */
    const char *sessions, *points, *noise, *sd, *effect;
};

/* Is the value the one that was asked for, if any was? */
static bool is_chosen(const char *wish, double value)
{
    return !wish || fabs(strtod(wish, NULL) - value) < 1e-9;
}

static void run_noise(const struct choice *choice, size_t npoints, size_t noise)
{
    static const double sds[] = { 1.5, 2.5, 4.0 };
    static const double effects[] = { 0.0, 3.0, 5.0, 10.0 };
    const size_t sessions = strtoul(choice->sessions, NULL, 10);
    for (size_t s = 0; s < sizeof sds / sizeof sds[0]; s++)
        for (size_t e = 0; e < sizeof effects / sizeof effects[0]; e++)
            if (is_chosen(choice->sd, sds[s]) && is_chosen(choice->effect, effects[e]))
                run_setting(&(struct setting){ .npoints = npoints,
                                               .noise = noise,
                                               .sd = sds[s] / 100.0,
                                               .effect = effects[e] / 100.0 },
                            sessions);
}

static void read_options(int argc, char **argv, struct choice *out)
{
    const struct {
        const char *name;
        const char **into;
    } options[] = {
        { "--sessions", &out->sessions }, { "--points", &out->points },
        { "--noise", &out->noise },       { "--sd", &out->sd },
        { "--effect", &out->effect },
    };
    const size_t count = sizeof options / sizeof options[0];
    for (int i = 1; i < argc; i += 2) {
        size_t k = 0;
        while (k < count && strcmp(argv[i], options[k].name) != 0)
            k++;
        if (k == count || i + 1 == argc) {
            fprintf(stderr, "gate-sim: unknown option, or no value: %s\n", argv[i]);
            exit(2);
        }
        *options[k].into = argv[i + 1];
    }
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = { 12, 20 };
    struct choice choice = { .sessions = "10000" };
    read_options(argc, argv, &choice);
    printf("%s sessions per line; percentages; the effect is in one point.\n\n",
           choice.sessions);
    puts("| points | noise | sd of d | effect | alarms | found | others flagged | "
         "inconclusive | points unresolved | intervals that cover | pairs per point |");
    puts("|--:|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t noise = 0; noise < NOISE_COUNT; noise++)
            if (is_chosen(choice.points, (double)sizes[i]) &&
                (!choice.noise || strcmp(choice.noise, noises[noise].name) == 0))
                run_noise(&choice, sizes[i], noise);
    return 0;
}
