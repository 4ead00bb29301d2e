#include "cmd/peaks_text.h"

#include "cmd/terminal.h"
#include "measure/text.h"
#include "results/peaks.h"
#include "results/units.h"

#include <math.h>
#include <string.h>

#define GIGA 1e9

static void print_machine(const struct pb_machine *m, FILE *out)
{
    fprintf(out, "%s, %u core%s\n\n", m->cpu ? m->cpu : "unknown CPU", m->cores,
            m->cores == 1 ? "" : "s");
}

/* ---- peaks ------------------------------------------------------------------------- */

static const char *name_what(const struct pb_peak *p)
{
    if (strcmp(p->what, pb_peak_fma) == 0)
        return "multiply-adds";
    return p->what;
}

/* "simd avx512", "openmp avx512 x2", "opencl NAME". */
static void cell_worker(struct pb_table *table, const struct pb_peak *p)
{
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, p->backend);
    if (p->isa && strcmp(p->isa, p->backend) != 0)
        pb_text_addf(&text, " %s", p->isa);
    if (p->device)
        pb_text_addf(&text, " %s", p->device);
    if (p->workers > 1)
        pb_text_addf(&text, " x%u", p->workers);
    pb_table_cell(table, PB_PLAIN, text.str);
    pb_text_release(&text);
}

static void cell_bytes(struct pb_table *table, const struct pb_peak *p)
{
    char buf[32];
    if (!p->where || !p->bytes)
        pb_table_cell(table, PB_PLAIN, "");
    else
        pb_table_cellf(table, PB_PLAIN, "%sB",
                       pb_units_size((double)p->bytes, buf, sizeof buf));
}

static void add_peak(struct pb_table *table, const struct pb_peak *p)
{
    const char *unit = p->where ? "GB/s" : "GFLOP/s";
    pb_table_cellf(table, PB_CYAN, "%s%s", name_what(p),
                   p->is_streaming ? ", streaming" : "");
    pb_table_cell(table, PB_PLAIN, p->where ? p->where : "");
    cell_bytes(table, p);
    pb_table_cell(table, PB_PLAIN, p->dtype);
    cell_worker(table, p);
    if (isnan(p->per_s.estimate)) {
        pb_table_cell(table, PB_YELLOW, "-");
        pb_table_cell(table, PB_PLAIN, p->reason ? p->reason : "not measured");
        return;
    }
    pb_table_cellf(table, PB_PLAIN, "%.1f %s", p->per_s.estimate / GIGA, unit);
    pb_table_cellf(table, PB_PLAIN, "[%.1f, %.1f]", p->per_s.low / GIGA,
                   p->per_s.high / GIGA);
}

void pb_peaks_print(const struct pb_machine *machine, FILE *out)
{
    static const char *const headings[] = { "WHAT", "WHERE", "ARRAYS",  "TYPE",
                                            "BY",   "PEAK",  "INTERVAL" };
    struct pb_table *table = pb_table_new(7, headings, "llrllrl");
    print_machine(machine, out);
    for (size_t i = 0; i < machine->npeaks; i++)
        add_peak(table, &machine->peaks[i]);
    pb_table_print(table, out);
    pb_table_free(table);
}

/* ---- points ------------------------------------------------------------------------ */

/* What the point did of that which binds it. */
static void cell_rate(struct pb_table *table, const struct pb_point *p,
                      const struct pb_peak_share *share)
{
    const bool computes = strcmp(share->limit, "compute") == 0;
    const double moved = fmax(0, p->moved.in_bytes) + fmax(0, p->moved.out_bytes);
    const double bytes =
        strcmp(share->limit, "link") == 0 ? moved / fmax(1, p->reuse) : p->bytes;
    pb_table_cellf(table, PB_PLAIN, "%.2f %s",
                   (computes ? p->flops : bytes) / p->time.ns.estimate,
                   computes ? "GFLOP/s" : "GB/s");
}

static void add_share(struct pb_table *table, const struct pb_point *p,
                      const struct pb_peak_share *share)
{
    char buf[160];
    pb_table_cell(table, PB_CYAN, p->kernel);
    pb_table_cell(table, PB_PLAIN, p->dtype);
    pb_table_cell(table, PB_PLAIN, pb_units_count((double)p->n, buf, sizeof buf));
    pb_table_cell(table, PB_PLAIN, pb_point_label(p, buf, sizeof buf));
    pb_table_cell(table, PB_PLAIN, pb_units_ns(p->time.ns.estimate, buf, sizeof buf));
    cell_rate(table, p, share);
    pb_table_cell(table, PB_PLAIN, share->limit);
    pb_table_cellf(table, PB_PLAIN, "%.1f %%", 100 * share->share.estimate);
}

void pb_peaks_print_shares(const struct pb_record *record, FILE *out)
{
    static const char *const headings[] = { "KERNEL", "TYPE", "N",     "RUN BY",
                                            "TIME",   "RATE", "LIMIT", "OF PEAK" };
    struct pb_table *table = pb_table_new(8, headings, "llrlrrlr");
    size_t count = 0;
    const char *reason = NULL;
    for (size_t i = 0; i < record->npoints; i++) {
        struct pb_peak_share share;
        pb_peaks_judge(&record->machine, &record->points[i], &share);
        reason = share.reason ? share.reason : reason;
        if (share.reason)
            continue;
        add_share(table, &record->points[i], &share);
        count++;
    }
    print_machine(&record->machine, out);
    if (count)
        pb_table_print(table, out);
    pb_table_free(table);
    if (count < record->npoints)
        fprintf(out, "%s%zu of %zu points have no number: %s\n", count ? "\n" : "",
                record->npoints - count, record->npoints, reason ? reason : "");
}
