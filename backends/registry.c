#include "backends/registry.h"

#include "backends/registry_table.h"
#include "measure/text.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The backends whose ops are in use, the latest first: the registry's only state. */
struct started {
    const struct pb_backend *backend;
    const struct pb_backend_ops *ops;
    struct started *next; /* owned */
};
static struct started *started_list;

static const struct pb_registry_backend *entry_of(const struct pb_backend *backend)
{
    const struct pb_registry_backend *entry = pb_registry_backends;
    while (entry->backend && entry->backend != backend)
        entry++;
    return entry->backend ? entry : NULL;
}

size_t pb_backend_count(void)
{
    size_t count = 0;
    while (pb_registry_backends[count].backend)
        count++;
    return count;
}

/* Where the backend at table index i stands by level; equal levels keep the table's
 * order, which is that of the names. */
static size_t place_of(size_t i)
{
    const unsigned level = pb_registry_backends[i].backend->level;
    size_t before = 0;
    for (size_t j = 0; pb_registry_backends[j].backend; j++) {
        const unsigned other = pb_registry_backends[j].backend->level;
        before += other < level || (other == level && j < i);
    }
    return before;
}

const struct pb_backend *pb_backend_at(size_t index)
{
    for (size_t i = 0; pb_registry_backends[i].backend; i++)
        if (place_of(i) == index)
            return pb_registry_backends[i].backend;
    return NULL;
}

const struct pb_backend *pb_backend_find(const char *name)
{
    for (size_t i = 0; pb_registry_backends[i].backend; i++)
        if (strcmp(pb_registry_backends[i].backend->name, name) == 0)
            return pb_registry_backends[i].backend;
    return NULL;
}

/* Is there a kernels/KERNEL/KERNEL.FORM.c for the backend? */
static bool has_form(const struct pb_backend *backend, const char *kernel,
                     const char *form)
{
    const struct pb_registry_backend *entry = entry_of(backend);
    const size_t len = strlen(kernel);
    for (size_t i = 0; entry && entry->overrides[i]; i++) {
        const char *name = entry->overrides[i];
        if (strncmp(name, kernel, len) == 0 && name[len] == '.' &&
            strcmp(name + len + 1, form) == 0)
            return true;
    }
    return false;
}

bool pb_backend_has_override(const struct pb_backend *backend, const char *kernel)
{
    return has_form(backend, kernel, backend->name);
}

const struct pb_backend_variant *pb_backend_variant_find(const struct pb_backend *backend,
                                                         const char *name)
{
    for (size_t i = 0; i < backend->nvariants; i++)
        if (strcmp(backend->variants[i].name, name) == 0)
            return &backend->variants[i];
    return NULL;
}

bool pb_backend_has_variant(const struct pb_backend *backend, const char *kernel,
                            const char *variant)
{
    if (!variant || strcmp(variant, "default") == 0)
        return true;
    const struct pb_backend_variant *found = pb_backend_variant_find(backend, variant);
    return found &&
           has_form(backend, kernel, found->in_override ? backend->name : variant);
}

const char *pb_backend_library(const struct pb_backend *backend)
{
    const struct pb_registry_backend *entry = entry_of(backend);
    return entry ? entry->library : NULL;
}

/* "FOLDER/SUFFIX/FILE" if it is there, else NULL. The caller frees it. */
static char *file_in(const char *folder, const char *suffix, const char *file)
{
    char *path = pb_text_format("%s%s/%s", folder, suffix, file);
    if (path && access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/* The folder of the running program, symbolic links resolved. False: not known. */
static bool program_folder(char *buf, size_t bytes)
{
    const ssize_t len = readlink("/proc/self/exe", buf, bytes - 1);
    if (len <= 0 || (size_t)len >= bytes - 1)
        return false;
    buf[len] = '\0';
    char *slash = strrchr(buf, '/');
    if (slash)
        *slash = '\0';
    return slash;
}

/* The path of a module: in $PARBENCH_MODULES, beside the program as make leaves it, or
 * where make install puts it. NULL: nowhere. The caller frees it. */
static char *find_module(const char *module)
{
    const char *set = getenv("PARBENCH_MODULES");
    char *path = set ? file_in(set, "", module) : NULL;
    char folder[4096];
    if (path || !program_folder(folder, sizeof folder))
        return path;
    path = file_in(folder, "", module);
    return path ? path : file_in(folder, "/../lib/parbench", module);
}

static void fail_missing(const char *module, struct pb_error *err)
{
    (void)pb_fail(err, PB_ERR_ENVIRONMENT,
                  "module %s is neither in $PARBENCH_MODULES nor beside the program nor "
                  "in ../lib/parbench: run make, or set PARBENCH_MODULES to its folder",
                  module);
}

bool pb_backend_usable(const struct pb_backend *backend, char *why, size_t why_bytes)
{
    const struct pb_registry_backend *entry = entry_of(backend);
    if (entry && entry->absent) {
        (void)snprintf(why, why_bytes, "%s", entry->absent);
        return false;
    }
    if (entry && entry->module) {
        char *path = find_module(entry->module);
        if (!path) {
            struct pb_error err;
            fail_missing(entry->module, &err);
            (void)snprintf(why, why_bytes, "%s", err.text);
            return false;
        }
        free(path);
    }
    return !backend->look || backend->look(why, why_bytes);
}

bool pb_backend_variant_usable(const struct pb_backend *backend,
                               const struct pb_backend_variant *variant, char *why,
                               size_t why_bytes)
{
    return pb_backend_usable(backend, why, why_bytes) &&
           (!variant->look || variant->look(why, why_bytes));
}

/* NULL: err says why. RTLD_LOCAL keeps the libraries behind two modules (LLVM in an
 * OpenCL driver, a BLAS) from binding to each other's symbols. */
static const struct pb_backend_ops *load_module(const struct pb_registry_backend *entry,
                                                struct pb_error *err)
{
    char *path = find_module(entry->module);
    if (!path) {
        fail_missing(entry->module, err);
        return NULL;
    }
    char symbol[128];
    (void)snprintf(symbol, sizeof symbol, "pb_backend_ops_%s", entry->backend->name);
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct pb_backend_ops *ops = module ? dlsym(module, symbol) : NULL;
    if (!module) {
        (void)pb_fail(err, PB_ERR_ENVIRONMENT, "cannot load %s: %s", path, dlerror());
    } else if (!ops) {
        (void)pb_fail(err, PB_ERR_ENVIRONMENT,
                      "%s does not define %s: rebuild it with make", path, symbol);
        (void)dlclose(module);
    }
    free(path);
    return ops;
}

/* NULL: err says why. */
static const struct pb_backend_ops *find_ops(const struct pb_registry_backend *entry,
                                             struct pb_error *err)
{
    const struct pb_backend *backend = entry->backend;
    if (entry->absent) {
        (void)pb_fail(err, PB_ERR_ENVIRONMENT, "backend %s was not built: %s",
                      backend->name, entry->absent);
        return NULL;
    }
    const struct pb_backend_ops *ops = entry->ops ? entry->ops : load_module(entry, err);
    if (ops && (ops->abi != PB_BACKEND_ABI || backend->abi != PB_BACKEND_ABI)) {
        (void)pb_fail(err, PB_ERR_ENVIRONMENT,
                      "backend %s was built for backend ABI %u, this parbench has %u: "
                      "rebuild both with make",
                      backend->name, ops->abi, PB_BACKEND_ABI);
        return NULL;
    }
    return ops;
}

enum pb_status pb_backend_load(const struct pb_backend *backend,
                               const struct pb_backend_ops **out, struct pb_error *err)
{
    for (const struct started *s = started_list; s; s = s->next)
        if (s->backend == backend) {
            *out = s->ops;
            return PB_OK;
        }
    const struct pb_registry_backend *entry = entry_of(backend);
    if (!entry)
        return pb_fail(err, PB_ERR_INTERNAL, "backend %s is not registered",
                       backend->name);
    const struct pb_backend_ops *ops = find_ops(entry, err);
    if (!ops)
        return PB_ERR_ENVIRONMENT;
    struct started *node = malloc(sizeof *node);
    if (!node)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for backend %s", backend->name);
    const enum pb_status status = ops->start ? ops->start(err) : PB_OK;
    if (status) {
        free(node);
        return status;
    }
    *node = (struct started){ .backend = backend, .ops = ops, .next = started_list };
    started_list = node;
    *out = ops;
    return PB_OK;
}

void pb_backends_stop(void)
{
    while (started_list) {
        struct started *node = started_list;
        started_list = node->next;
        if (node->ops->stop)
            node->ops->stop();
        free(node);
    }
}
