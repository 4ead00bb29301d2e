/* report_facts.c - what a report's numbers rest on: verification, failures, the machine,
 * and how to do it again. */
#include "cmd/html.h"
#include "cmd/report_parts.h"
#include "cmd/version.h"
#include "plots/xml.h"
#include "results/fitness.h"
#include "results/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- verification ------------------------------------------------------------------ */

static void add_verified_slice(const struct pb_slice *slice, struct pb_text *out)
{
    char text[48];
    size_t checked = 0;
    size_t wrong = 0;
    double worst = (double)NAN;
    struct pb_text name = PB_TEXT_INIT;
    for (size_t c = 0; c < slice->ncurves; c++)
        for (size_t i = 0; i < slice->curves[c].npoints; i++) {
            const struct pb_point *point = slice->curves[c].points[i];
            wrong += point->status == PB_OUTCOME_WRONG;
            if (isnan(point->max_error) || !(point->tolerance > 0))
                continue;
            checked++;
            if (point->status == PB_OUTCOME_OK)
                worst = fmax(worst, point->max_error / point->tolerance);
        }
    pb_page_subject(slice->kernel, slice->dtype, slice->cache, &name);
    pb_html_row(out, name.str);
    (void)snprintf(text, sizeof text, "%zu", checked);
    pb_html_number(out, text);
    (void)snprintf(text, sizeof text, "%zu", wrong);
    pb_html_element(out, "td", wrong ? "class=\"n bad\"" : "class=\"n\"", text);
    (void)snprintf(text, sizeof text, "%.2g %%", 100 * worst);
    pb_html_number(out, isnan(worst) ? NULL : text);
    pb_html_row_end(out);
    pb_text_release(&name);
}

void pb_page_verification(const struct pb_page *page, struct pb_text *out)
{
    static const char *const headings[] = { "kernel", "#results checked", "#wrong",
                                            "#largest error, of its tolerance", NULL };
    pb_text_add(out, "<h2 id=\"verification\">Verification</h2>\n<p>Every point\u2019s "
                     "result is compared with the kernel\u2019s reference before it is "
                     "timed. Wrong ones never win.</p>\n");
    pb_html_table(out, "Results against the reference", headings);
    for (size_t i = 0; i < page->slices->count; i++)
        add_verified_slice(&page->slices->items[i], out);
    pb_html_table_end(out);
}

static void add_failure(const struct pb_point *point, struct pb_text *out)
{
    char text[256];
    struct pb_text name = PB_TEXT_INIT;
    pb_page_subject(point->kernel, point->dtype, point->cache, &name);
    pb_html_row(out, name.str);
    pb_html_number(out, pb_units_count((double)point->n, text, sizeof text));
    pb_html_cell(out, pb_point_label(point, text, sizeof text));
    pb_html_element(out, "td", "class=\"bad\"", pb_outcome_name(point->status));
    pb_html_element(out, "td", "class=\"words\"", point->reason);
    pb_html_row_end(out);
    pb_text_release(&name);
}

static void add_absences(const struct pb_record *record, struct pb_text *out)
{
    static const char *const headings[] = { "backend", "why", NULL };
    if (!record->nabsent)
        return;
    pb_html_table(out, "Backends that were absent", headings);
    for (size_t i = 0; i < record->nabsent; i++) {
        pb_html_row(out, record->absent[i].backend);
        pb_html_element(out, "td", "class=\"words\"", record->absent[i].reason);
        pb_html_row_end(out);
    }
    pb_html_table_end(out);
}

void pb_page_failures(const struct pb_page *page, struct pb_text *out)
{
    static const char *const headings[] = { "kernel", "#n",  "backend",
                                            "ended",  "why", NULL };
    const struct pb_record *record = page->record;
    size_t count = 0;
    pb_text_add(out, "<h2 id=\"missing\">What is missing</h2>\n");
    for (size_t i = 0; i < record->npoints; i++) {
        if (record->points[i].status == PB_OUTCOME_OK)
            continue;
        if (!count++)
            pb_html_table(out, "Points without a number that counts", headings);
        add_failure(&record->points[i], out);
    }
    if (count)
        pb_html_table_end(out);
    add_absences(record, out);
    if (!count && !record->nabsent)
        pb_text_add(out, "<p>Nothing: every backend was there and every point gave a "
                         "right result.</p>\n");
    if (!record->complete)
        pb_text_add(out, "<p>The run did not reach its end: parbench run --resume goes "
                         "on where it stopped.</p>\n");
}

/* ---- machine ----------------------------------------------------------------------- */

static void add_fact(struct pb_text *out, const char *name, const char *value)
{
    pb_html_row(out, name);
    pb_html_element(out, "td", "class=\"words\"", value ? value : "unknown");
    pb_html_row_end(out);
}

static void add_bytes(struct pb_text *out, const char *name, uint64_t bytes)
{
    char size[32];
    char text[40];
    (void)snprintf(text, sizeof text, "%sB",
                   pb_units_size((double)bytes, size, sizeof size));
    add_fact(out, name, bytes ? text : NULL);
}

static void add_count(struct pb_text *out, const char *name, unsigned count)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%u", count);
    add_fact(out, name, count ? text : NULL);
}

static void add_devices(const struct pb_machine *machine, struct pb_text *out)
{
    struct pb_text text = PB_TEXT_INIT;
    for (size_t i = 0; i < machine->ndevices; i++) {
        const struct pb_device_facts *device = &machine->devices[i];
        pb_text_clear(&text);
        pb_text_addf(&text, "%s (%s), driver %s", device->name ? device->name : "?",
                     device->type ? device->type : "type unknown",
                     device->driver ? device->driver : "unknown");
        add_fact(out, "OpenCL device", text.str);
    }
    pb_text_release(&text);
}

static void add_fitness(const struct pb_record *record, struct pb_text *out)
{
    static const char *const headings[] = { "fact", "level", "seen", NULL };
    char title[40];
    if (!record->nfitness) {
        pb_text_add(out, "<p>Whether the machine was fit to measure was not looked "
                         "at.</p>\n");
        return;
    }
    pb_html_table(out, "Was it fit to measure?", headings);
    for (size_t i = 0; i < record->nfitness; i++) {
        const struct pb_fitness_fact *fact = &record->fitness[i];
        const bool is_bad = pb_text_same(fact->level, pb_fitness_levels[PB_FITNESS_WARN]);
        const bool is_note =
            pb_text_same(fact->level, pb_fitness_levels[PB_FITNESS_NOTE]);
        pb_html_row(out, pb_fitness_title(fact->id, title, sizeof title));
        pb_html_element(out, "td",
                        is_bad    ? "class=\"bad\""
                        : is_note ? "class=\"care\""
                                  : NULL,
                        fact->level);
        pb_html_element(out, "td", "class=\"words\"", fact->seen);
        pb_html_row_end(out);
    }
    pb_html_table_end(out);
}

void pb_page_machine(const struct pb_page *page, struct pb_text *out)
{
    static const char *const headings[] = { "fact", "value", NULL };
    const struct pb_machine *machine = &page->record->machine;
    char text[32];
    pb_text_add(out, "<h2 id=\"machine\">Machine</h2>\n");
    pb_html_table(out, "The machine", headings);
    add_fact(out, "CPU", machine->cpu);
    add_count(out, "cores", machine->cores);
    add_count(out, "logical CPUs", machine->logical_cpus);
    add_count(out, "sockets", machine->sockets);
    add_count(out, "NUMA nodes", machine->numa_nodes);
    add_bytes(out, "L1d", machine->l1d_bytes);
    add_bytes(out, "L2", machine->l2_bytes);
    add_bytes(out, "L3", machine->l3_bytes);
    add_bytes(out, "memory", machine->memory_bytes);
    add_fact(out, "operating system", machine->os);
    add_fact(out, "governor", machine->governor);
    add_fact(out, "MPI", machine->mpi);
    add_devices(machine, out);
    add_fact(out, "resolution of the clock",
             pb_units_ns(machine->clock_resolution_ns, text, sizeof text));
    pb_html_table_end(out);
    add_fitness(page->record, out);
}

/* ---- how to do it again ------------------------------------------------------------ */

/* The command line as a shell takes it: words that need it in single quotes. */
static void add_command(const struct pb_record *record, struct pb_text *out)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789_-./,:=%+@";
    for (size_t i = 0; i < record->ncommand; i++) {
        const char *word = record->command[i];
        pb_text_add(out, i ? " " : "");
        if (*word && word[strspn(word, plain)] == '\0') {
            pb_text_add(out, word);
            continue;
        }
        pb_text_add(out, "'");
        for (; *word; word++)
            if (*word == '\'')
                pb_text_add(out, "'\\''");
            else
                pb_text_add_bytes(out, word, 1);
        pb_text_add(out, "'");
    }
}

static void add_build(const struct pb_record *record, struct pb_text *out)
{
    static const char *const headings[] = { "fact", "value", NULL };
    char seed[32];
    pb_html_table(out, "The run", headings);
    add_fact(out, "parbench", record->version);
    add_fact(out, "commit", record->git);
    add_fact(out, "compiler", record->compiler);
    add_fact(out, "flags", record->cflags);
    add_fact(out, "started", record->started);
    add_fact(out, "id", record->id);
    (void)snprintf(seed, sizeof seed, "%" PRIu64, record->seed);
    add_fact(out, "seed", seed);
    add_count(out, "rounds", record->rounds);
    add_fact(out, "rigour", record->rigor);
    pb_html_table_end(out);
}

void pb_page_reproduce(const struct pb_page *page, struct pb_text *out)
{
    const struct pb_record *record = page->record;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(out, "<h2 id=\"reproduce\">How to do it again</h2>\n<p>The command that "
                     "measured, on the commit, compiler and flags below; the seed makes "
                     "the same data and the same order:</p>\n");
    add_command(record, &text);
    pb_html_element(out, "pre", "tabindex=\"0\"", text.str);
    pb_text_add(out, "\n");
    add_build(record, out);
    pb_text_clear(&text);
    for (size_t i = 0; i < page->nfiles; i++)
        pb_text_addf(&text, "%s%s", i ? ", " : "", page->files[i]);
    pb_html_elementf(out, "p", "class=\"pale\"",
                     "Made by parbench report (%s, %s) from %s. The raw samples are in "
                     "the result file; parbench crossover prints the crossings as text "
                     "or JSON.",
                     pb_version.version, pb_version.git, text.str);
    pb_text_release(&text);
}
