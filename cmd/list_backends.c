/* list_backends.c - `parbench list backends`: what can be used, what cannot, and why. */
#include "cmd/list.h"

#include "backends/registry.h"
#include "backends/simd/isa.h"

#include <stdio.h>

static void cell_residencies(struct pb_table *table, unsigned residencies)
{
    struct pb_text text = PB_TEXT_INIT;
    for (int r = 0; r < PB_RESIDENCY_COUNT; r++)
        if (residencies & 1u << r)
            pb_list_word(&text, " ", pb_residency_name((enum pb_residency)r));
    pb_table_cell(table, PB_PLAIN, text.str);
    pb_text_release(&text);
}

static void print_isas(void)
{
    struct pb_text here = PB_TEXT_INIT, lacking = PB_TEXT_INIT;
    const enum pb_isa best = pb_isa_best();
    for (int isa = PB_ISA_scalar + 1; isa < PB_ISA_COUNT; isa++) {
        const bool has = pb_isa_supported((enum pb_isa)isa);
        pb_list_word(has ? &here : &lacking, ", ", pb_isa_name((enum pb_isa)isa));
        if (isa == (int)best)
            pb_text_add(&here, " (best, the default of simd)");
    }
    struct pb_text note = PB_TEXT_INIT;
    pb_text_addf(&note, "Instruction sets here: %s.", here.len ? here.str : "none");
    if (lacking.len)
        pb_text_addf(&note, " Built, but not for this CPU: %s.", lacking.str);
    fputc('\n', stdout);
    pb_list_note(note.str);
    pb_text_release(&note);
    pb_text_release(&here);
    pb_text_release(&lacking);
}

static void print_reason(const char *backend, const char *trouble, const char *reason)
{
    struct pb_flow flow = pb_list_flow();
    char text[600];
    (void)snprintf(text, sizeof text, "%s %s: %s", backend, trouble, reason);
    pb_flow_words(&flow, pb_text_one_line(text));
    pb_flow_end(&flow);
}

/* Of a backend that can be used: what of its variants cannot. */
static void print_absent_variants(const struct pb_backend *backend, bool *is_first)
{
    char why[512];
    for (size_t v = 0; v < backend->nvariants; v++) {
        const struct pb_backend_variant *variant = &backend->variants[v];
        if (pb_backend_variant_usable(backend, variant, why, sizeof why))
            continue;
        fputs(*is_first ? "\n" : "", stdout);
        *is_first = false;
        print_reason(variant->name, "cannot be used here", why);
    }
}

static void print_absent_backends(void)
{
    char why[512];
    bool is_first = true;
    for (size_t i = 0; i < pb_backend_count(); i++) {
        const struct pb_backend *backend = pb_backend_at(i);
        if (pb_backend_usable(backend, why, sizeof why)) {
            print_absent_variants(backend, &is_first);
            continue;
        }
        fputs(is_first ? "\n" : "", stdout);
        is_first = false;
        print_reason(backend->name, "cannot be used here", why);
    }
}

static void add_variants(struct pb_table *table, const struct pb_backend *backend)
{
    char why[512];
    for (size_t v = 0; v < backend->nvariants; v++) {
        const struct pb_backend_variant *variant = &backend->variants[v];
        const bool usable = pb_backend_variant_usable(backend, variant, why, sizeof why);
        pb_table_cellf(table, PB_CYAN, "  %s", variant->name);
        pb_table_cell(table, usable ? PB_GREEN : PB_YELLOW, usable ? "yes" : "no");
        pb_table_cell(table, PB_PLAIN, "");
        pb_table_cell(table, PB_PLAIN, "");
        pb_table_cell(table, PB_PLAIN, variant->summary);
    }
}

void pb_list_backends(void)
{
    static const char *const headings[] = { "BACKEND", "USABLE", "WORKER", "DATA",
                                            "WHAT" };
    struct pb_table *table = pb_table_new(5, headings, "lllll");
    char why[512];
    for (size_t i = 0; i < pb_backend_count(); i++) {
        const struct pb_backend *backend = pb_backend_at(i);
        const bool usable = pb_backend_usable(backend, why, sizeof why);
        pb_table_cell(table, PB_CYAN, backend->name);
        pb_table_cell(table, usable ? PB_GREEN : PB_YELLOW, usable ? "yes" : "no");
        pb_table_cell(table, PB_PLAIN, pb_worker_kind_name(backend->worker_kind));
        cell_residencies(table, backend->residencies);
        const char *library = pb_backend_library(backend);
        pb_table_cellf(table, PB_PLAIN, "%s%s%s", backend->summary, library ? ": " : "",
                       library ? library : "");
        add_variants(table, backend);
    }
    pb_list_table(table);
    print_absent_backends();
    print_isas();
}
