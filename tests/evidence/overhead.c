/* overhead-.. BACKEND [WORKERS] - what parbench's null kernel costs on a backend, beside
 * what a program that does nothing pays there without parbench: a row of a table.
 *
 * Both are measured in this process, in the same threads or ranks, started and placed as
 * parbench does it, in batches as its worker makes them: a ratio is that of two
 * neighbouring batches, and the order is turned around each time.
 */
#include "tests/evidence/overhead.h"

#include "backends/host.h"
#include "backends/open.h"
#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "kernels/registry.h"
#include "measure/clock.h"
#include "results/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TURNS = 400, SEED = 1, SIZE = 1024 };
#define BATCH_NS 5e5

struct bench {
    const struct pb_backend_ops *ops;
    struct pb_opened opened;
    struct pb_probe probe;
};

static int fail(const char *backend, const struct pb_error *err)
{
    (void)fprintf(stderr, "overhead: %s: %s\n", backend, err->text);
    return 2;
}

/* Becomes a process that was started as parbench starts a worker of this backend. */
static enum pb_status become_worker(const struct pb_backend *backend,
                                    const struct pb_config *config, char **argv,
                                    struct pb_error *err)
{
    struct pb_launch launch = { 0 };
    char workers[16], *command[PB_LAUNCH_MAX + 5];
    const enum pb_status status =
        backend->launch ? backend->launch(config, NULL, &launch, err) : PB_OK;
    if (status)
        return status;
    for (size_t i = 0; i < launch.nenv; i++)
        (void)putenv(launch.env[i]);
    (void)snprintf(workers, sizeof workers, "%u", config->workers);
    size_t count = 0;
    for (; count < launch.nargv; count++)
        command[count] = launch.argv[count];
    char here[] = "here";
    char *const own[] = { argv[0], argv[1], workers, here, NULL };
    memcpy(command + count, own, sizeof own);
    (void)execvp(command[0], command);
    return pb_fail(err, PB_ERR_ENVIRONMENT, "cannot start %s", command[0]);
}

static enum pb_status open_null(const struct pb_backend *backend,
                                struct pb_config *config, struct bench *out,
                                struct pb_error *err)
{
    enum pb_status status = pb_backend_load(backend, &out->ops, err);
    if (!status)
        status = out->ops->probe(&out->probe, err);
    if (status)
        return status;
    if (backend->worker_kind == PB_DEVICE)
        config->device = out->probe.devices[0].name;
    const struct pb_case c = { .kernel = pb_kernel_find("null"),
                               .dtype = PB_DTYPE_f32,
                               .n = SIZE,
                               .config = *config };
    status = pb_open(out->ops, &c, SEED, &out->opened, err);
    if (status)
        return status;
    if (out->opened.arrays)
        pb_problem_fill(&out->opened.problem);
    return out->ops->load(out->opened.session, out->opened.arrays, err);
}

/* ns of one call: the slowest rank's, from a common start. */
static double time_calls(const struct bench *b, bool is_bare, size_t calls)
{
    struct pb_error err;
    pb_bare.run(1);
    const uint64_t start = pb_clock_now(pb_clock_monotonic());
    if (is_bare)
        pb_bare.run(calls);
    else if (b->ops->run(b->opened.session, calls, &err))
        exit(fail("null", &err));
    const uint64_t ns = pb_clock_now(pb_clock_monotonic()) - start;
    return (double)(b->ops->agree ? b->ops->agree(ns) : ns) / (double)calls;
}

static void print_row(const char *backend, unsigned workers, double *const sorted[2],
                      const double *ratios)
{
    printf("| %s | %u | %s | %.4g | %.4g | %.4g | %.3f | %.3f .. %.3f |\n", backend,
           workers, pb_bare.what, pb_quantile(sorted[0], TURNS, 0.5),
           pb_quantile(sorted[1], TURNS, 0.5), pb_quantile(sorted[1], TURNS, 0),
           pb_quantile(ratios, TURNS, 0.5), pb_quantile(ratios, TURNS, 0.25),
           pb_quantile(ratios, TURNS, 0.75));
}

static void measure(const struct bench *b, const char *backend, unsigned workers)
{
    static double bare[TURNS], null[TURNS], ratios[TURNS];
    double *const ns[2] = { bare, null };
    size_t calls = 1;
    while (calls < 1u << 24 && time_calls(b, true, calls) * (double)calls < BATCH_NS)
        calls *= 2;
    for (size_t turn = 0; turn < TURNS; turn++) {
        for (size_t half = 0; half < 2; half++) {
            const size_t side = (turn + half) % 2;
            ns[side][turn] = time_calls(b, side == 0, calls);
        }
        ratios[turn] = null[turn] / bare[turn];
    }
    if (!b->ops->is_leader || b->ops->is_leader())
        print_row(backend, workers, ns, ratios);
}

static enum pb_status work(const struct pb_backend *backend, struct pb_config *config,
                           struct pb_error *err)
{
    struct bench b = { 0 };
    enum pb_status status = open_null(backend, config, &b, err);
    if (!status && pb_bare.open)
        status = pb_bare.open(config, err);
    if (!status)
        measure(&b, backend->name, config->workers);
    if (!status && pb_bare.close)
        pb_bare.close();
    if (b.ops)
        pb_opened_release(b.ops, &b.opened);
    pb_backends_stop();
    return status;
}

int main(int argc, char **argv)
{
    struct pb_error err = { "" };
    const struct pb_backend *backend = argc > 1 ? pb_backend_find(argv[1]) : NULL;
    if (!backend) {
        (void)fprintf(stderr, "usage: overhead-.. BACKEND [WORKERS]\n");
        return 2;
    }
    struct pb_config config = {
        .isa = strcmp(backend->name, "scalar") == 0 ? PB_ISA_scalar : pb_isa_best(),
        .workers = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1,
        .reuse = 1,
        .residency = backend->residencies & 1u << PB_HOST ? PB_HOST : PB_RESIDENT,
    };
    if (config.workers == 0)
        config.workers = pb_host_cores();
    const enum pb_status status = argc > 3 ? work(backend, &config, &err)
                                           : become_worker(backend, &config, argv, &err);
    return status ? fail(backend->name, &err) : 0;
}
