/* parbench verify: is everything that is registered right? */
#include "cmd/command.h"

#include "backends/check.h"
#include "backends/registry.h"
#include "cmd/choose.h"
#include "cmd/facts.h"
#include "cmd/progress.h"
#include "cmd/signals.h"
#include "cmd/terminal.h"
#include "cmd/verify_plan.h"
#include "cmd/plugins.h"
#include "kernels/registry.h"
#include "measure/pool.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

struct verify_options {
    struct pb_wish wish;
    bool no_probes;
};

#define AT(field) offsetof(struct verify_options, field)
static const struct pb_option options[] = {
    { PB_WISH_KERNEL(AT(wish)), .group = "What to check",
      .help = "Kernels by name. Without it: every one, probes too." },
    { .name = "no-probes",
      .kind = PB_FLAG,
      .offset = AT(no_probes),
      .help = "Without --kernel: leave out the kernels that only measure the machine." },
    { PB_WISH_BACKEND(AT(wish)),
      .help = "Backends by name, or gpu. Without it: every one that is usable here." },
    { PB_WISH_SIZE(AT(wish)),
      .help = "Sizes, as for run. Without it: awkward ones: 1, around the lane counts, "
              "primes, several blocks." },
    { PB_WISH_DTYPE(AT(wish)), .fallback = "all",
      .help = "Data types: f32, f64 or all." },
    { PB_WISH_THREADS(AT(wish)), .fallback = "1,2,3,7",
      .help = "Thread counts for openmp; more than the machine has cores is fine." },
    { PB_WISH_RANKS(AT(wish)), .fallback = "1,2,3,7,2x2",
      .help = "The same for mpi; 2x2 is two ranks of two threads each." },
    { PB_WISH_ISA(AT(wish)), .fallback = "all",
      .help = "Instruction sets, or all that this CPU has." },
    { PB_WISH_VARIANT(AT(wish)), .fallback = "all",
      .help = "Variants of the kernels' bodies and of opencl, or all." },
    { PB_WISH_DEVICE(AT(wish)), .fallback = "all",
      .help = "OpenCL devices by type, name or part of a name, or all." },
    { PB_WISH_RESIDENCY(AT(wish)),
      .help = "Where data is when a call starts and ends, as for run. Without it: always "
              "and resident; and once:3 at three of the sizes." },
    { PB_WISH_HOST_MEMORY(AT(wish)),
      .help = "What memory opencl moves data from and to, as for run. Without it: "
              "pageable; and all at three of the sizes." },
    { PB_WISH_PLUGIN(AT(wish)), .help = "A kernel built by `make plugin DIR=..`." },
    { PB_WISH_SEED(AT(wish)), .group = "How",
      .help =
          "For the input data. Without it: a new one, printed when something is wrong." },
    { PB_WISH_POINT_TIMEOUT(AT(wish)),
      .help = "A worker that has not answered by then is killed, and its case failed." },
    { PB_WISH_LAUNCHER(AT(wish)), .help = "How to start MPI ranks." },
    { PB_WISH_IN_PROCESS(AT(wish)),
      .help = "No worker processes: for a debugger, a sanitizer or an emulator." },
    { .name = NULL },
};

/* One kernel on one backend: a row of the table. */
struct row {
    const struct pb_kernel *kernel;
    const struct pb_backend *backend;
    size_t ok, declined, wrong;
    double worst; /* largest error as a share of its tolerance */
};

/* ---- the rows ---------------------------------------------------------------------- */

static void tell_wrong(const struct pb_point *p, uint64_t seed)
{
    char label[160];
    (void)printf("%s: %s %s n=%llu %s%s%s: %s (--seed %llu)\n",
                 pb_outcome_name(p->status), p->kernel, p->dtype,
                 (unsigned long long)p->n, pb_point_label(p, label, sizeof label),
                 p->isa ? ", isa " : "", p->isa ? p->isa : "", p->reason ? p->reason : "",
                 (unsigned long long)seed);
}

static void count_answer(struct row *row, const struct pb_point *answer, uint64_t seed)
{
    if (answer->status == PB_OUTCOME_SKIPPED) {
        row->declined++;
        return;
    }
    if (answer->status == PB_OUTCOME_OK) {
        row->ok++;
        if (answer->max_error > 0)
            row->worst = fmax(row->worst, answer->max_error / answer->tolerance);
        return;
    }
    row->wrong++;
    tell_wrong(answer, seed);
}

static struct row *row_of(struct row *rows, size_t *count, const struct pb_point *p)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(rows[i].kernel->name, p->kernel) == 0 &&
            strcmp(rows[i].backend->name, p->backend) == 0)
            return &rows[i];
    rows[*count] = (struct row){ .kernel = pb_kernel_find(p->kernel),
                                 .backend = pb_backend_find(p->backend) };
    return &rows[(*count)++];
}

/* ---- the answers ------------------------------------------------------------------- */

struct verification {
    struct pb_record record;
    struct pb_pool *pool;
    struct pb_progress_line line;
    struct row rows[PB_CHOICE_MAX * 8];
    size_t nrows;
};

static enum pb_status check_point(struct verification *v, const struct pb_point *point,
                                  double timeout_s, struct pb_error *err)
{
    struct row *row = row_of(v->rows, &v->nrows, point);
    struct pb_order order = { .kind = PB_ORDER_CHECK,
                              .seed = v->record.seed,
                              .sampling = { .multiple = 1, .max_samples = 1 } };
    struct pb_point answer;
    if (point->status == PB_OUTCOME_SKIPPED) {
        row->declined++;
        return PB_OK;
    }
    pb_point_init(&order.point);
    const enum pb_status status = pb_point_copy_identity(&order.point, point, err);
    if (!status &&
        pb_pool_execute(v->pool, &order, timeout_s, pb_signals_stop, &answer)) {
        if (answer.status != PB_OUTCOME_OK && answer.status != PB_OUTCOME_SKIPPED)
            pb_progress_clear(&v->line);
        count_answer(row, &answer, v->record.seed);
        pb_point_release(&answer);
    }
    pb_order_release(&order);
    return status;
}

static enum pb_status check_all(struct verification *v, const struct verify_options *o,
                                struct pb_error *err)
{
    enum pb_status status = PB_OK;
    pb_progress_begin(&v->line);
    const uint64_t start_ns = pb_clock_now(pb_clock_monotonic());
    for (size_t i = 0; i < v->record.npoints && !status && !pb_signals_stop(); i++) {
        pb_progress_show(&v->line, &(struct pb_progress){
                                       .now = &v->record.points[i],
                                       .round = 1,
                                       .rounds = 1,
                                       .done = i,
                                       .total = v->record.npoints,
                                       .measured = i,
                                       .elapsed_s = pb_clock_seconds_since(start_ns),
                                   });
        status = check_point(v, &v->record.points[i], o->wish.point_timeout_s, err);
    }
    pb_progress_clear(&v->line);
    return status;
}

static int report(const struct verification *v)
{
    static const char *const headings[] = { "kernel", "backend",  "ok",
                                            "wrong",  "declined", "worst error" };
    struct pb_table *table = pb_table_new(6, headings, "llrrrr");
    size_t ok = 0, wrong = 0;
    for (size_t i = 0; i < v->nrows; i++) {
        const struct row *r = &v->rows[i];
        pb_table_cell(table, PB_PLAIN, r->kernel->name);
        pb_table_cell(table, PB_PLAIN, r->backend->name);
        pb_table_cellf(table, PB_PLAIN, "%zu", r->ok);
        pb_table_cellf(table, r->wrong ? PB_RED : PB_PLAIN, "%zu", r->wrong);
        pb_table_cellf(table, PB_PLAIN, "%zu", r->declined);
        pb_table_cellf(table, PB_PLAIN, "%.0f %% of tolerance", 100 * r->worst);
        ok += r->ok;
        wrong += r->wrong;
    }
    pb_table_print(table, stdout);
    pb_table_free(table);
    for (size_t i = 0; i < v->record.nabsent; i++)
        (void)printf("absent: %s: %s\n", v->record.absent[i].backend,
                     v->record.absent[i].reason);
    (void)printf("%zu right, %zu wrong%s\n", ok, wrong,
                 pb_signals_stop() ? "; interrupted" : "");
    if (wrong)
        return PB_EXIT_REGRESSION;
    return ok && !pb_signals_stop() ? PB_EXIT_OK : PB_EXIT_INCONCLUSIVE;
}

/* ---- the command ------------------------------------------------------------------- */

/* Every kernel's name, probes included, for the default of --kernel. */
static const char *all_kernels(char *buf, size_t bytes)
{
    buf[0] = '\0';
    for (size_t i = 0; i < pb_kernel_count(); i++)
        (void)snprintf(buf + strlen(buf), bytes - strlen(buf), "%s%s", i ? "," : "",
                       pb_kernel_at(i)->name);
    return buf;
}

static enum pb_status verify(struct verification *v, const struct verify_options *o,
                             struct pb_error *err)
{
    char kernels[1024];
    const char *all = o->no_probes ? NULL : all_kernels(kernels, sizeof kernels);
    struct pb_choice choice = { 0 };
    struct pb_wish wish = o->wish;
    const struct pb_pool_settings settings = pb_wish_pool(&wish);
    wish.kernels = wish.kernels ? wish.kernels : all;
    wish.lists_are_defaults = true;
    pb_signals_watch();
    enum pb_status status = pb_choose(&wish, &v->record, &choice, err);
    if (!status)
        status = pb_verify_plan(&choice, &wish, &v->record, err);
    if (!status)
        status = pb_pool_new(&settings, &v->pool, err);
    if (!status)
        status = check_all(v, o, err);
    pb_choice_release(&choice);
    return status;
}

static int run(int argc, char **argv)
{
    static struct verification v; /* too large for a stack frame of this house */
    struct verify_options o = { .no_probes = false };
    struct pb_error err = { "" };
    char **operands;
    size_t noperands;
    v = (struct verification){ .pool = NULL };
    pb_record_init(&v.record);
    enum pb_status status =
        pb_options_parse(&pb_command_verify, argc, argv, &o, &operands, &noperands, &err);
    if (!status)
        status = pb_plugins_load(&o.wish.plugins, &err);
    if (!status) {
        v.record.seed = o.wish.seed ? o.wish.seed : pb_facts_random_seed();
        status = verify(&v, &o, &err);
    }
    const int code = status ? pb_command_fail("verify", status, &err) : report(&v);
    pb_pool_free(v.pool);
    pb_record_release(&v.record);
    pb_backends_stop();
    return code;
}

const struct pb_command pb_command_verify = {
    .name = "verify",
    .summary = "check every kernel on every backend against the reference",
    .synopsis = "[OPTION]..",
    .description =
        "Runs every kernel on every backend, instruction set, data type and worker count "
        "at awkward sizes, and compares with a "
        "double-precision reference. Guard zones around every array must stay whole, "
        "inputs unchanged, outputs (filled with "
        "NaN before) complete, and slices must add up to the whole, bit for bit.\n\n"
        "Exits 0 when all is right, 1 when something is wrong.",
    .examples =
        "parbench verify                              # everything, as the tests do\n"
        "parbench verify -k matmul -b simd --isa avx2 # one kernel's one form\n"
        "parbench verify --plugin ./axpby.so -k axpby # your own kernel\n",
    .options = options,
    .run = run,
};
