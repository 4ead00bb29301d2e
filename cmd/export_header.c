/* export_header.c - what was measured as a C header: per kernel, data type and setting a
 * table, a function that chooses by size, and the thresholds as macros. C99 and C++11.
 * docs/recommend.md says how a library uses it. */
#include "cmd/export_header.h"

#include "cmd/export_print.h"
#include "results/dispatch.h"
#include "results/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SETTINGS_MOST 16

/* The levels in rising order; a header from any file names these six. */
static const char *const known_backends[] = { "scalar", "simd", "openmp",
                                              "opencl", "mpi",  "blas" };
#define KNOWN_COUNT (sizeof known_backends / sizeof known_backends[0])

/* One table: its names in both spellings, and what it holds. */
struct table {
    struct pb_text lower, upper; /* "saxpy_f32_resident", "SAXPY_F32_RESIDENT" */
    const struct pb_slice *slice;
    struct pb_dispatch dispatch;
};

struct tables {
    struct table *items; /* owned */
    size_t count;
};

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while writing a C header");
}

static void release_tables(struct tables *tables)
{
    for (size_t i = 0; i < tables->count; i++) {
        pb_text_release(&tables->items[i].lower);
        pb_text_release(&tables->items[i].upper);
        pb_dispatch_release(&tables->items[i].dispatch);
    }
    free(tables->items);
}

/* ---- names ------------------------------------------------------------------------- */

static void add_table_name(struct pb_text *out, const struct pb_slice *slice,
                           const struct pb_setting *setting, bool is_upper)
{
    pb_header_add_name(out, slice->kernel, is_upper);
    pb_text_add(out, "_");
    pb_header_add_name(out, slice->dtype, is_upper);
    if (slice->cache && strcmp(slice->cache, "hot") != 0) {
        pb_text_add(out, "_");
        pb_header_add_name(out, slice->cache, is_upper);
    }
    if (strcmp(setting->residency, "always") != 0) {
        pb_text_add(out, "_");
        pb_header_add_name(out, setting->residency, is_upper);
    }
    if (setting->reuse != 1)
        pb_text_addf(out, "_%u", setting->reuse);
}

/* Two kernels whose names differ only in what C does not allow must not share a name. */
static void make_unique(struct tables *tables, struct table *table)
{
    size_t namesakes = 0;
    for (const struct table *t = tables->items; t < table; t++)
        namesakes += strncmp(t->lower.str, table->lower.str, table->lower.len) == 0 &&
                     (t->lower.len == table->lower.len ||
                      strncmp(t->lower.str + table->lower.len, "__", 2) == 0);
    if (!namesakes)
        return;
    pb_text_addf(&table->lower, "__%zu", namesakes + 1);
    pb_text_addf(&table->upper, "__%zu", namesakes + 1);
}

/* ---- tables ------------------------------------------------------------------------ */

static enum pb_status add_table(const struct pb_adviser *adviser,
                                const struct pb_setting *setting, struct tables *tables,
                                struct pb_error *err)
{
    struct table *grown =
        realloc(tables->items, (tables->count + 1) * sizeof *tables->items);
    if (!grown)
        return out_of_memory(err);
    tables->items = grown;
    struct table *table = &grown[tables->count];
    *table = (struct table){ .lower = PB_TEXT_INIT,
                             .upper = PB_TEXT_INIT,
                             .slice = adviser->slice };
    const enum pb_status status =
        pb_dispatch_make(adviser, setting, &table->dispatch, err);
    if (status || !table->dispatch.nsteps)
        return status;
    tables->count++;
    add_table_name(&table->lower, adviser->slice, setting, false);
    add_table_name(&table->upper, adviser->slice, setting, true);
    make_unique(tables, table);
    return table->lower.failed || table->upper.failed ? out_of_memory(err) : PB_OK;
}

static enum pb_status add_tables_of(const struct pb_slice *slice,
                                    const struct pb_crossover_report *report,
                                    struct tables *tables, struct pb_error *err)
{
    struct pb_setting settings[SETTINGS_MOST];
    struct pb_adviser adviser;
    enum pb_status status = pb_adviser_init(slice, report, &adviser, err);
    if (status)
        return status;
    const size_t count = pb_adviser_settings(&adviser, settings, SETTINGS_MOST);
    for (size_t i = 0; !status && i < count; i++)
        status = add_table(&adviser, &settings[i], tables, err);
    pb_adviser_release(&adviser);
    return status;
}

/* ---- the head: where the numbers are from, and the types --------------------------- */

static void add_fact(struct pb_text *out, const char *what, const char *value)
{
    pb_text_addf(out, " * %-10s", what);
    pb_header_add_comment(out, value);
    pb_text_add(out, "\n");
}

static void add_origin(struct pb_text *out, const struct pb_record *record)
{
    const struct pb_machine *m = &record->machine;
    char cores[64];
    (void)snprintf(cores, sizeof cores, "%u usable; NUMA nodes: %u", m->cores,
                   m->numa_nodes);
    pb_text_add(out, "/* Which backend to take at which size, as measured by parbench on "
                     "this machine:\n *\n");
    add_fact(out, "CPU", m->cpu);
    add_fact(out, "cores", cores);
    add_fact(out, "system", m->os);
    for (size_t i = 0; i < m->ndevices; i++) {
        struct pb_text device = PB_TEXT_INIT;
        pb_text_addf(&device, "%s (%s), %s",
                     m->devices[i].name ? m->devices[i].name : "?",
                     m->devices[i].type ? m->devices[i].type : "?",
                     m->devices[i].driver ? m->devices[i].driver : "unknown driver");
        add_fact(out, "device", device.str);
        out->failed |= device.failed;
        pb_text_release(&device);
    }
    if (m->mpi)
        add_fact(out, "MPI", m->mpi);
    add_fact(out, "measured", record->started);
    add_fact(out, "run", record->id);
    add_fact(out, "rigor", record->rigor);
    add_fact(out, "parbench", record->version);
    add_fact(out, "compiler", record->compiler);
    add_fact(out, "flags", record->cflags);
    pb_text_add(
        out, " *\n"
             " * On another machine the sizes are others: generate it anew there. Sizes "
             "beyond\n"
             " * those measured (.._N_MIN, .._N_MAX) take the nearest choice.\n"
             " */\n");
}

static bool is_known_backend(const char *name)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (strcmp(known_backends[i], name) == 0)
            return true;
    return false;
}

/* Was the name already met, in a step before this one? */
static bool is_new_backend(const struct tables *tables, size_t table, size_t step)
{
    const char *name =
        tables->items[table].dispatch.steps[step].curve->points[0]->backend;
    for (size_t t = 0; t <= table; t++)
        for (size_t s = 0; s < tables->items[t].dispatch.nsteps; s++) {
            if (t == table && s == step)
                return true;
            const struct pb_curve *curve = tables->items[t].dispatch.steps[s].curve;
            if (strcmp(curve->points[0]->backend, name) == 0)
                return false;
        }
    return true;
}

static void add_types(struct pb_text *out, const struct tables *tables)
{
    pb_text_add(out, "#ifndef PARBENCH_BACKENDS /* shared by several such headers */\n"
                     "#define PARBENCH_BACKENDS\nenum parbench_backend {\n");
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        pb_text_add(out, "    PARBENCH_");
        pb_header_add_name(out, known_backends[i], true);
        pb_text_add(out, ",\n");
    }
    for (size_t t = 0; t < tables->count; t++)
        for (size_t s = 0; s < tables->items[t].dispatch.nsteps; s++) {
            const char *name =
                tables->items[t].dispatch.steps[s].curve->points[0]->backend;
            if (is_known_backend(name) || !is_new_backend(tables, t, s))
                continue;
            pb_text_add(out, "    PARBENCH_");
            pb_header_add_name(out, name, true);
            pb_text_add(out, ",\n");
        }
    pb_text_add(out,
                "    PARBENCH_BACKEND_COUNT\n};\n\n"
                "struct parbench_choice {\n"
                "    size_t from; /* the first size it is for */\n"
                "    enum parbench_backend backend;\n"
                "    unsigned workers;   /* threads or ranks */\n"
                "    const char *isa;    /* NULL: the backend does not choose one */\n"
                "    const char *device; /* NULL: no device */\n"
                "    const char *label;  /* as parbench recommend calls it */\n"
                "};\n#endif\n");
}

/* ---- one table --------------------------------------------------------------------- */

static void add_backend(struct pb_text *out, const struct pb_dispatch_step *step)
{
    pb_text_add(out, "PARBENCH_");
    pb_header_add_name(out, step->curve->points[0]->backend, true);
}

/* How often the backend was chosen in earlier steps, the first one left out. */
static size_t earlier_changes(const struct pb_dispatch *d, size_t step)
{
    size_t count = 0;
    for (size_t i = 1; i < step; i++)
        count += strcmp(d->steps[i].curve->points[0]->backend,
                        d->steps[step].curve->points[0]->backend) == 0;
    return count;
}

static void add_macro(struct pb_text *out, const struct table *table, size_t index,
                      const char *end, uint64_t value)
{
    const struct pb_dispatch_step *step = &table->dispatch.steps[index];
    const size_t earlier = earlier_changes(&table->dispatch, index);
    pb_text_addf(out, "#define PARBENCH_%s_", table->upper.str);
    pb_header_add_name(out, step->curve->points[0]->backend, true);
    pb_text_add(out, "_FROM");
    if (earlier)
        pb_text_addf(out, "_%zu", earlier + 1);
    pb_text_addf(out, "%s %" PRIu64 "\n", end, value);
}

static void add_threshold(struct pb_text *out, const struct table *table, size_t index)
{
    const struct pb_dispatch_step *step = &table->dispatch.steps[index];
    char low[32], high[32];
    pb_text_add(out, "/* ");
    pb_header_add_comment(out, step[-1].curve->label);
    pb_text_add(out, " below, ");
    pb_header_add_comment(out, step->curve->label);
    pb_text_addf(out, " from here on; between %s and %s either may be the faster",
                 pb_units_size((double)step->low, low, sizeof low),
                 pb_units_size((double)step->high, high, sizeof high));
    if (isfinite(step->loss))
        pb_text_addf(out, ",\n * and the wrong one costs at most %.1f %%",
                     100.0 * step->loss);
    pb_text_add(out, " */\n");
    add_macro(out, table, index, "", step->from);
    add_macro(out, table, index, "_LOW", step->low);
    add_macro(out, table, index, "_HIGH", step->high);
}

static void add_rows(struct pb_text *out, const struct table *table)
{
    pb_text_addf(out, "static const struct parbench_choice parbench_%s[] = {\n",
                 table->lower.str);
    for (size_t i = 0; i < table->dispatch.nsteps; i++) {
        const struct pb_dispatch_step *step = &table->dispatch.steps[i];
        const struct pb_point *p = step->curve->points[0];
        pb_text_addf(out, "    { %" PRIu64 ", ", step->from);
        add_backend(out, step);
        pb_text_addf(out, ", %u, ", p->workers);
        pb_header_add_literal(out, p->isa);
        pb_text_add(out, ", ");
        pb_header_add_literal(out, p->device);
        pb_text_add(out, ", ");
        pb_header_add_literal(out, step->curve->label);
        pb_text_add(out, " },\n");
    }
    pb_text_add(out, "};\n");
}

static void add_chooser(struct pb_text *out, const struct table *table)
{
    const char *name = table->lower.str;
    pb_text_addf(out,
                 "static inline const struct parbench_choice *parbench_choice_%s(size_t "
                 "n)\n{\n",
                 name);
    for (size_t i = table->dispatch.nsteps; i-- > 1;)
        pb_text_addf(out,
                     "    if (n >= %" PRIu64 ")\n        return &parbench_%s[%zu];\n",
                     table->dispatch.steps[i].from, name, i);
    pb_text_addf(out, "%s    return &parbench_%s[0];\n}\n\n",
                 table->dispatch.nsteps > 1 ? "" : "    (void)n;\n", name);
    pb_text_addf(out,
                 "static inline enum parbench_backend parbench_choose_%s(size_t n)\n{\n"
                 "    return parbench_choice_%s(n)->backend;\n}\n",
                 name, name);
}

static void add_table_text(struct pb_text *out, const struct table *table)
{
    const struct pb_dispatch *d = &table->dispatch;
    pb_text_add(out, "\n/* ---- ");
    pb_header_add_comment(out, table->slice->kernel);
    pb_text_add(out, " ");
    pb_header_add_comment(out, table->slice->dtype);
    if (strcmp(d->setting.residency, "resident") == 0)
        pb_text_add(out, ", the data is already where it is worked on");
    else if (d->setting.reuse != 1)
        pb_text_addf(out, ", the data moves once for %u calls", d->setting.reuse);
    pb_text_add(out, " ---- */\n");
    pb_text_addf(out, "#define PARBENCH_%s_N_MIN %" PRIu64 "\n", table->upper.str,
                 d->n_min);
    pb_text_addf(out, "#define PARBENCH_%s_N_MAX %" PRIu64 "\n", table->upper.str,
                 d->n_max);
    for (size_t i = 1; i < d->nsteps; i++)
        add_threshold(out, table, i);
    add_rows(out, table);
    add_chooser(out, table);
}

/* Headers of several runs, or of several kernels of one, may be included side by side. */
static void add_guard(struct pb_text *out, const struct pb_record *record,
                      const struct tables *tables)
{
    pb_text_add(out, "PARBENCH_");
    if (tables->count)
        pb_text_addf(out, "%s_", tables->items[0].upper.str);
    pb_header_add_name(out, record->id ? record->id : "", true);
    pb_text_add(out, "_H");
}

static enum pb_status print(const struct pb_record *record, const struct tables *tables,
                            FILE *out, struct pb_error *err)
{
    struct pb_text text = PB_TEXT_INIT, guard = PB_TEXT_INIT;
    add_origin(&text, record);
    add_guard(&guard, record, tables);
    pb_text_addf(&text, "#ifndef %s\n#define %s\n\n#include <stddef.h>\n\n", guard.str,
                 guard.str);
    add_types(&text, tables);
    for (size_t i = 0; i < tables->count; i++)
        add_table_text(&text, &tables->items[i]);
    pb_text_add(&text, "\n#endif\n");
    const bool good = !text.failed && !guard.failed;
    if (good)
        fputs(text.str, out);
    pb_text_release(&text);
    pb_text_release(&guard);
    return good ? PB_OK : out_of_memory(err);
}

enum pb_status pb_export_print_header(const struct pb_record *record, FILE *out,
                                      struct pb_error *err)
{
    struct pb_slices slices;
    struct pb_crossover_report report;
    struct tables tables = { .items = NULL };
    enum pb_status status = pb_slices_make(record, &slices, err);
    if (status)
        return status;
    status = pb_crossover_analyse(record, &report, err);
    for (size_t i = 0; !status && i < slices.count; i++)
        status = add_tables_of(&slices.items[i], &report, &tables, err);
    if (!status)
        status = print(record, &tables, out, err);
    release_tables(&tables);
    pb_crossover_report_release(&report);
    pb_slices_release(&slices);
    return status;
}
