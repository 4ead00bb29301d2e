/* list_json.c - the JSON form of `parbench list`. */
#include "cmd/json_out.h"
#include "cmd/list.h"

#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "kernels/registry.h"
#include "results/json.h"

#include <stdio.h>

/* object if is_complete, else NULL; a parent given NULL becomes incomplete too. */
static struct pb_json *finish(struct pb_json *object, bool is_complete)
{
    if (object && is_complete)
        return object;
    pb_json_free(object);
    return NULL;
}

static struct pb_json *dtypes_json(unsigned dtypes)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (int dtype = 0; dtype < PB_DTYPE_COUNT; dtype++)
        if (dtypes & PB_DTYPE_BIT(dtype))
            ok = ok &&
                 pb_json_add_string(array, NULL, pb_dtype_name((enum pb_dtype)dtype));
    return finish(array, ok);
}

/* The names of the bodies: "scalar", "avx2", ... */
static struct pb_json *bodies_json(const struct pb_kernel *kernel)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (int isa = 0; isa < PB_ISA_COUNT; isa++)
        if (pb_list_has_body(kernel, (enum pb_isa)isa))
            ok = ok && pb_json_add_string(array, NULL, pb_isa_name((enum pb_isa)isa));
    return finish(array, ok);
}

static struct pb_json *variants_json(const struct pb_kernel *kernel)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (size_t i = 0; i < kernel->nvariants; i++)
        ok = ok && pb_json_add_string(array, NULL, kernel->variants[i].name);
    return finish(array, ok);
}

/* The backends that it has a form of its own for. */
/* Of its own forms: for backends, and for variants of backends. */
static bool add_overrides(struct pb_json *array, const struct pb_backend *backend,
                          const char *kernel)
{
    bool ok = !pb_backend_has_override(backend, kernel) ||
              pb_json_add_string(array, NULL, backend->name);
    for (size_t v = 0; v < backend->nvariants; v++)
        if (pb_backend_has_variant(backend, kernel, backend->variants[v].name))
            ok = ok && pb_json_add_string(array, NULL, backend->variants[v].name);
    return ok;
}

static struct pb_json *overrides_json(const struct pb_kernel *kernel)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (size_t i = 0; i < pb_backend_count(); i++)
        ok = ok && add_overrides(array, pb_backend_at(i), kernel->name);
    return finish(array, ok);
}

static struct pb_json *kernel_json(const struct pb_kernel *kernel)
{
    struct pb_json *object = pb_json_new_object();
    return finish(object,
                  pb_json_add_string(object, "name", kernel->name) &&
                      pb_json_add_string(object, "summary", kernel->summary) &&
                      pb_json_add_string(object, "n_counts", kernel->size_noun) &&
                      pb_json_add_bool(object, "probe", kernel->is_probe) &&
                      pb_json_add(object, "dtypes", dtypes_json(kernel->dtypes)) &&
                      pb_json_add(object, "bodies", bodies_json(kernel)) &&
                      pb_json_add(object, "variants", variants_json(kernel)) &&
                      pb_json_add_bool(object, "opencl", kernel->cl) &&
                      pb_json_add(object, "overrides", overrides_json(kernel)));
}

static struct pb_json *kernels_json(void)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (size_t i = 0; i < pb_kernel_count(); i++)
        ok = ok && pb_json_add(array, NULL, kernel_json(pb_kernel_at(i)));
    return finish(array, ok);
}

static struct pb_json *residencies_json(unsigned residencies)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (int r = 0; r < PB_RESIDENCY_COUNT; r++)
        if (residencies & 1u << r)
            ok = ok &&
                 pb_json_add_string(array, NULL, pb_residency_name((enum pb_residency)r));
    return finish(array, ok);
}

static struct pb_json *variant_json(const struct pb_backend *backend,
                                    const struct pb_backend_variant *variant)
{
    struct pb_json *object = pb_json_new_object();
    char why[512];
    const bool usable = pb_backend_variant_usable(backend, variant, why, sizeof why);
    return finish(object, pb_json_add_string(object, "name", variant->name) &&
                              pb_json_add_string(object, "summary", variant->summary) &&
                              pb_json_add_bool(object, "usable", usable) &&
                              pb_json_add_string(object, "reason", usable ? NULL : why));
}

static struct pb_json *backend_variants_json(const struct pb_backend *backend)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (size_t v = 0; v < backend->nvariants; v++)
        ok = ok && pb_json_add(array, NULL, variant_json(backend, &backend->variants[v]));
    return finish(array, ok);
}

static struct pb_json *backend_json(const struct pb_backend *backend)
{
    struct pb_json *object = pb_json_new_object();
    char why[512];
    const bool usable = pb_backend_usable(backend, why, sizeof why);
    return finish(
        object,
        pb_json_add_string(object, "name", backend->name) &&
            pb_json_add_string(object, "summary", backend->summary) &&
            pb_json_add_number(object, "level", backend->level) &&
            pb_json_add_string(object, "worker_kind",
                               pb_worker_kind_name(backend->worker_kind)) &&
            pb_json_add(object, "residencies", residencies_json(backend->residencies)) &&
            pb_json_add_string(object, "library", pb_backend_library(backend)) &&
            pb_json_add_bool(object, "usable", usable) &&
            pb_json_add_string(object, "reason", usable ? NULL : why) &&
            pb_json_add(object, "variants", backend_variants_json(backend)));
}

static struct pb_json *backends_json(void)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (size_t i = 0; i < pb_backend_count(); i++)
        ok = ok && pb_json_add(array, NULL, backend_json(pb_backend_at(i)));
    return finish(array, ok);
}

static struct pb_json *isa_json(enum pb_isa isa)
{
    struct pb_json *object = pb_json_new_object();
    return finish(object, pb_json_add_string(object, "name", pb_isa_name(isa)) &&
                              pb_json_add_bool(object, "usable", pb_isa_supported(isa)) &&
                              pb_json_add_bool(object, "best", isa == pb_isa_best()));
}

static struct pb_json *isas_json(void)
{
    struct pb_json *array = pb_json_new_array();
    bool ok = true;
    for (int isa = 0; isa < PB_ISA_COUNT; isa++)
        ok = ok && pb_json_add(array, NULL, isa_json((enum pb_isa)isa));
    return finish(array, ok);
}

/* ---- devices ----------------------------------------------------------------------- */

static struct pb_json *device_json(const struct pb_backend *backend,
                                   const struct pb_device *device)
{
    struct pb_json *object = pb_json_new_object();
    const double memory = (double)device->memory_bytes;
    return finish(
        object,
        pb_json_add_string(object, "backend", backend->name) &&
            pb_json_add_string(object, "name", device->name) &&
            pb_json_add_string(object, "type", device->type) &&
            pb_json_add_string(object, "driver", device->driver) &&
            pb_json_add_number(object, "compute_units", device->compute_units) &&
            pb_json_add_number(object, "memory_bytes", memory) &&
            pb_json_add(object, "dtypes", dtypes_json(device->dtypes)) &&
            pb_json_add_string(object, "note", device->note[0] ? device->note : NULL));
}

static struct pb_json *absent_json(const struct pb_backend *backend, const char *reason)
{
    struct pb_json *object = pb_json_new_object();
    return finish(object, pb_json_add_string(object, "backend", backend->name) &&
                              pb_json_add_string(object, "reason", reason));
}

struct found {
    struct pb_json *devices, *absent; /* arrays */
    enum pb_status worst;             /* PB_OK, or of a probe that should have worked */
    struct pb_error err;              /* of worst */
};

static bool find_devices(struct found *found, const struct pb_backend *backend)
{
    struct pb_probe probe;
    struct pb_error err;
    const enum pb_status status = pb_list_probe(backend, &probe, &err);
    if (status != PB_OK && status != PB_ERR_UNSUPPORTED) {
        found->worst = status;
        found->err = err;
    }
    if (status != PB_OK)
        return pb_json_add(found->absent, NULL, absent_json(backend, err.text));
    bool ok = true;
    for (size_t i = 0; i < probe.ndevices; i++)
        ok = ok &&
             pb_json_add(found->devices, NULL, device_json(backend, &probe.devices[i]));
    return ok;
}

static bool add_devices(struct pb_json *root, struct found *found)
{
    found->devices = pb_json_new_array();
    found->absent = pb_json_new_array();
    bool ok = pb_json_add(root, "devices", found->devices) &&
              pb_json_add(root, "absent", found->absent);
    for (size_t i = 0; i < pb_backend_count(); i++)
        if (pb_backend_at(i)->worker_kind == PB_DEVICE)
            ok = ok && find_devices(found, pb_backend_at(i));
    return ok;
}

enum pb_status pb_list_print_json(const struct pb_list_parts *parts, struct pb_error *err)
{
    struct found found = { .worst = PB_OK };
    struct pb_json *root = pb_json_new_object();
    bool ok = true;
    if (parts->kernels)
        ok = pb_json_add(root, "kernels", kernels_json());
    if (parts->backends)
        ok = ok && pb_json_add(root, "backends", backends_json()) &&
             pb_json_add(root, "isas", isas_json());
    if (parts->devices)
        ok = ok && add_devices(root, &found);
    const enum pb_status status = pb_json_put(root, ok, stdout, err);
    if (status != PB_OK || found.worst == PB_OK)
        return status;
    return pb_fail(err, found.worst, "%s", found.err.text);
}
