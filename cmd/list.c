/* list.c - `parbench list`: what is here, what is absent and why. Only `list devices`
 * loads a library, and that in a process of its own. */
#include "cmd/list.h"

#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "cmd/command.h"
#include "cmd/terminal.h"
#include "cmd/plugins.h"
#include "kernels/registry.h"
#include "measure/probe.h"
#include "measure/text.h"

#include <stddef.h>
#include <string.h>

bool pb_list_has_body(const struct pb_kernel *kernel, enum pb_isa isa)
{
    for (int dtype = 0; kernel->bodies && dtype < PB_DTYPE_COUNT; dtype++)
        if (kernel->dtypes & PB_DTYPE_BIT(dtype) && kernel->bodies[dtype][isa])
            return true;
    return false;
}

enum pb_status pb_list_probe(const struct pb_backend *backend, struct pb_probe *out,
                             struct pb_error *err)
{
    char why[sizeof err->text];
    if (!pb_backend_usable(backend, why, sizeof why))
        return pb_fail(err, PB_ERR_UNSUPPORTED, "%s", why);
    const enum pb_status status = pb_probe_backend(backend, NULL, out, err);
    if (status == PB_OK && out->ndevices == 0)
        return pb_fail(err, PB_ERR_UNSUPPORTED, "its library knows no device");
    return status;
}

struct pb_flow pb_list_flow(void)
{
    return (struct pb_flow){ .out = stdout, .columns = pb_terminal_columns(stdout) };
}

void pb_list_note(const char *text)
{
    struct pb_flow flow = pb_list_flow();
    pb_flow_words(&flow, text);
    pb_flow_end(&flow);
}

void pb_list_word(struct pb_text *text, const char *between, const char *word)
{
    pb_text_addf(text, "%s%s", text->len ? between : "", word);
}

void pb_list_table(struct pb_table *table)
{
    pb_table_print(table, stdout);
    pb_table_free(table);
}

static void cell_dtypes(struct pb_table *table, unsigned dtypes)
{
    struct pb_text text = PB_TEXT_INIT;
    for (int dtype = 0; dtype < PB_DTYPE_COUNT; dtype++)
        if (dtypes & PB_DTYPE_BIT(dtype))
            pb_list_word(&text, " ", pb_dtype_name((enum pb_dtype)dtype));
    pb_table_cell(table, PB_PLAIN, text.str);
    pb_text_release(&text);
}

/* ---- kernels ----------------------------------------------------------------------- */

/* " blas"; " opencl variant clblast". */
static void add_own_forms(struct pb_text *text, const struct pb_backend *backend,
                          const struct pb_kernel *kernel)
{
    bool is_first = true;
    if (pb_backend_has_override(backend, kernel->name) ||
        (backend->worker_kind == PB_DEVICE && kernel->cl))
        pb_list_word(text, " ", backend->name);
    for (size_t v = 0; v < backend->nvariants; v++) {
        const char *variant = backend->variants[v].name;
        if (!pb_backend_has_variant(backend, kernel->name, variant))
            continue;
        pb_list_word(text, is_first ? " variant " : ",", variant);
        is_first = false;
    }
}

/* "scalar simd opencl"; the ISAs by name where not all of them have a body. */
static void cell_forms(struct pb_table *table, const struct pb_kernel *kernel)
{
    struct pb_text text = PB_TEXT_INIT, isas = PB_TEXT_INIT;
    bool has_all = true;
    for (int isa = PB_ISA_scalar + 1; isa < PB_ISA_COUNT; isa++) {
        if (pb_list_has_body(kernel, (enum pb_isa)isa))
            pb_list_word(&isas, ",", pb_isa_name((enum pb_isa)isa));
        else
            has_all = false;
    }
    if (pb_list_has_body(kernel, PB_ISA_scalar))
        pb_list_word(&text, " ", "scalar");
    if (isas.len)
        pb_list_word(&text, " ", has_all ? "simd" : isas.str);
    for (size_t i = 0; i < kernel->nvariants; i++)
        pb_list_word(&text, i ? "," : " variant ", kernel->variants[i].name);
    for (size_t i = 0; i < pb_backend_count(); i++)
        add_own_forms(&text, pb_backend_at(i), kernel);
    pb_table_cell(table, PB_PLAIN, text.str);
    pb_text_release(&text);
    pb_text_release(&isas);
}

static size_t add_kernels(struct pb_table *table, bool probes)
{
    size_t count = 0;
    for (size_t i = 0; i < pb_kernel_count(); i++) {
        const struct pb_kernel *kernel = pb_kernel_at(i);
        if (kernel->is_probe != probes)
            continue;
        if (probes && count == 0)
            pb_table_rule(table);
        count++;
        pb_table_cell(table, PB_CYAN, kernel->name);
        cell_dtypes(table, kernel->dtypes);
        cell_forms(table, kernel);
        pb_table_cell(table, PB_PLAIN, kernel->size_noun);
        pb_table_cellf(table, PB_PLAIN, "%s%s", probes ? "probe: " : "", kernel->summary);
    }
    return count;
}

static void print_kernels(void)
{
    static const char *const headings[] = { "KERNEL", "TYPES", "FORMS", "N COUNTS",
                                            "WHAT" };
    struct pb_table *table = pb_table_new(5, headings, "lllll");
    add_kernels(table, false);
    const size_t probes = add_kernels(table, true);
    pb_list_table(table);
    if (probes) {
        fputc('\n', stdout);
        pb_list_note(
            "A probe measures the harness or the machine, not a computation: it is "
            "chosen only when --kernel names it. The canaries are part of every "
            "run, so that compare can tell when the machine changed.");
    }
}

/* ---- devices ----------------------------------------------------------------------- */

static void add_device(struct pb_table *table, const struct pb_backend *backend,
                       const struct pb_device *device)
{
    pb_table_cell(table, PB_CYAN, backend->name);
    pb_table_cell(table, PB_PLAIN, device->name);
    pb_table_cell(table, PB_PLAIN, device->type);
    pb_table_cellf(table, PB_PLAIN, "%u", device->compute_units);
    pb_table_cellf(table, PB_PLAIN, "%.1f GiB", (double)device->memory_bytes / 0x1p30);
    cell_dtypes(table, device->dtypes);
    pb_table_cell(table, PB_PLAIN, device->driver);
}

/* One backend's devices: into the table, and what there is to say of them into notes.
 * PB_OK also for a backend that is not usable: that is a fact, no failure. */
static enum pb_status list_devices(struct pb_table *table, struct pb_text *notes,
                                   const struct pb_backend *backend)
{
    struct pb_probe probe = { 0 };
    struct pb_error err;
    const enum pb_status status = pb_list_probe(backend, &probe, &err);
    if (status != PB_OK) {
        pb_text_addf(notes, "%s has no device here: %s\n", backend->name,
                     pb_text_one_line(err.text));
        return status == PB_ERR_UNSUPPORTED ? PB_OK : status;
    }
    for (size_t i = 0; i < probe.ndevices; i++) {
        add_device(table, backend, &probe.devices[i]);
        if (probe.devices[i].note[0])
            pb_text_addf(notes, "%s: %s\n", probe.devices[i].name,
                         pb_text_one_line(probe.devices[i].note));
    }
    return PB_OK;
}

static void print_notes(const char *notes)
{
    struct pb_flow flow = pb_list_flow();
    while (*notes) {
        const size_t len = strcspn(notes, "\n");
        pb_flow_bytes(&flow, notes, len);
        pb_flow_end(&flow);
        notes += len + (notes[len] == '\n');
    }
}

static enum pb_status print_devices(void)
{
    static const char *const headings[] = { "BACKEND", "DEVICE", "TYPE",  "UNITS",
                                            "MEMORY",  "TYPES",  "DRIVER" };
    struct pb_table *table = pb_table_new(7, headings, "lllrrll");
    struct pb_text notes = PB_TEXT_INIT;
    enum pb_status worst = PB_OK;
    for (size_t i = 0; i < pb_backend_count(); i++) {
        const struct pb_backend *backend = pb_backend_at(i);
        const enum pb_status status = backend->worker_kind == PB_DEVICE
                                          ? list_devices(table, &notes, backend)
                                          : PB_OK;
        worst = status != PB_OK ? status : worst;
    }
    pb_list_table(table);
    if (notes.len)
        fputc('\n', stdout);
    print_notes(notes.str);
    pb_text_release(&notes);
    return worst;
}

/* ---- the command ------------------------------------------------------------------- */

struct list_options {
    bool json;
    struct pb_texts plugins;
};

static const struct pb_option list_options[] = {
    { .name = "json",
      .kind = PB_FLAG,
      .offset = offsetof(struct list_options, json),
      .help = "Print one JSON object instead of tables." },
    { .name = "plugin",
      .kind = PB_TEXTS,
      .offset = offsetof(struct list_options, plugins),
      .metavar = "SO",
      .help = "Load the kernels of this shared object too (see make plugin)." },
    { .name = NULL },
};

static enum pb_status choose_parts(const char *what, struct pb_list_parts *parts,
                                   struct pb_error *err)
{
    static const char *const names[] = { "kernels", "backends", "devices" };
    *parts = (struct pb_list_parts){
        .kernels = !what || strcmp(what, names[0]) == 0,
        .backends = !what || strcmp(what, names[1]) == 0,
        .devices = what && strcmp(what, names[2]) == 0,
    };
    if (parts->kernels || parts->backends || parts->devices)
        return PB_OK;
    const char *nearest = pb_nearest(what, names, sizeof names / sizeof *names);
    return nearest ? pb_fail(err, PB_ERR_USAGE, "cannot list \"%.60s\": did you mean %s?",
                             what, nearest)
                   : pb_fail(err, PB_ERR_USAGE,
                             "cannot list \"%.60s\": expected kernels, backends or "
                             "devices",
                             what);
}

static enum pb_status print_text(const struct pb_list_parts *parts)
{
    if (parts->kernels)
        print_kernels();
    if (parts->kernels && parts->backends)
        fputc('\n', stdout);
    if (parts->backends)
        pb_list_backends();
    if (parts->devices)
        return print_devices();
    if (parts->backends)
        pb_list_note("What the device libraries find is told by: parbench list devices");
    return PB_OK;
}

static int run_list(int argc, char **argv)
{
    struct list_options options;
    struct pb_list_parts parts;
    struct pb_error err;
    char **operands;
    size_t noperands;
    enum pb_status status = pb_options_parse(&pb_command_list, argc, argv, &options,
                                             &operands, &noperands, &err);
    if (status == PB_OK)
        status = choose_parts(noperands ? operands[0] : NULL, &parts, &err);
    if (status == PB_OK)
        status = pb_plugins_load(&options.plugins, &err);
    if (status != PB_OK)
        return pb_command_fail("list", status, &err);
    if (!options.json) /* a failed probe stands in the list, with its reason */
        return print_text(&parts) == PB_OK ? PB_EXIT_OK : PB_EXIT_USAGE;
    status = pb_list_print_json(&parts, &err);
    return status == PB_OK ? PB_EXIT_OK : pb_command_fail("list", status, &err);
}

const struct pb_command pb_command_list = {
    .name = "list",
    .summary = "what is here, what is absent and why",
    .synopsis = "[kernels|backends|devices] [OPTION]..",
    .description =
        "Lists the kernels and backends of this parbench and says of each backend "
        "whether it can be used on this machine, or what lacks and how to get it. This "
        "loads no library and asks no device, so it takes a few milliseconds "
        "everywhere.\n\n"
        "`list devices` does ask: it starts each backend that has devices in a process "
        "of its own, so that a driver that crashes or hangs is told of and does no "
        "harm. The type of a device (gpu, cpu, accelerator) is what its driver says; a "
        "CPU that OpenCL offers as a device is not a GPU.\n\n"
        "As a form, simd stands for one body per instruction set; where a kernel lacks "
        "some, those that it has are named. Data says where a kernel's arrays may lie: "
        "in the host's memory, moved on every call (always), or kept where they are "
        "computed on (resident). What stands indented below a backend is a variant of it "
        "(--variant): the same data and devices, another library that computes.",
    .examples = "parbench list                             # kernels, backends, "
                "instruction sets\n"
                "parbench list devices                     # asks the OpenCL drivers\n"
                "parbench list kernels --json | jq -r '.kernels[].name'\n",
    .options = list_options,
    .max_operands = 1,
    .run = run_list,
};
