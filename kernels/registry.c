#include "kernels/registry.h"

#include "kernels/registry_table.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kernels of loaded plugins: the registry's only state. */
static struct {
    const struct pb_kernel **list; /* owned */
    size_t count;
} plugins;

static size_t tree_count(void)
{
    size_t count = 0;
    while (pb_registry_kernels[count])
        count++;
    return count;
}

size_t pb_kernel_count(void)
{
    return tree_count() + plugins.count;
}

const struct pb_kernel *pb_kernel_at(size_t index)
{
    const size_t in_tree = tree_count();
    return index < in_tree ? pb_registry_kernels[index] : plugins.list[index - in_tree];
}

const struct pb_kernel *pb_kernel_find(const char *name)
{
    for (size_t i = 0; i < pb_kernel_count(); i++)
        if (strcmp(pb_kernel_at(i)->name, name) == 0)
            return pb_kernel_at(i);
    return NULL;
}

const char *pb_kernel_names(char *buf, size_t bytes)
{
    size_t used = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < pb_kernel_count() && used < bytes; i++)
        used += (size_t)snprintf(buf + used, bytes - used, "%s%s", i ? ", " : "",
                                 pb_kernel_at(i)->name);
    return buf;
}

static bool is_identifier(const char *name)
{
    if (!name || !(isalpha((unsigned char)name[0]) || name[0] == '_'))
        return false;
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            return false;
    return true;
}

/* What is wrong with an array's record; NULL: nothing. */
static const char *arg_fault(const struct pb_arg *arg, const struct pb_kernel *kernel)
{
    if (!arg->name || !arg->len)
        return "an array without name or len";
    if (arg->spread == PB_WHOLE && arg->access != PB_IN)
        return "a PB_WHOLE array that is not PB_IN";
    if (arg->spread == PB_PARTIAL && arg->access != PB_OUT)
        return "a PB_PARTIAL array that is not PB_OUT";
    if (arg->spread == PB_PARTIAL && !kernel->merge)
        return "a PB_PARTIAL array but no merge";
    return NULL;
}

static const char *variants_fault(const struct pb_kernel *kernel)
{
    for (size_t v = 0; v < kernel->nvariants; v++)
        if (!is_identifier(kernel->variants[v].name) || !kernel->variants[v].bodies ||
            strcmp(kernel->variants[v].name, "default") == 0)
            return "a variant without a name of its own or without bodies";
    return NULL;
}

static const char *args_fault(const struct pb_kernel *kernel)
{
    const char *what = NULL;
    for (size_t a = 0; a < kernel->nargs && !what; a++)
        what = arg_fault(&kernel->args[a], kernel);
    return what;
}

static const char *fault(const struct pb_kernel *kernel)
{
    if (!kernel->summary || !kernel->size_noun)
        return "no summary or size_noun";
    if (!kernel->args || kernel->nargs < 1 || kernel->nargs > PB_ARGS_MAX)
        return "no arrays, or more than PB_ARGS_MAX";
    if (!kernel->dtypes || kernel->dtypes >> PB_DTYPE_COUNT)
        return "no data types, or unknown ones";
    if (!kernel->items || !kernel->flops || !kernel->bytes)
        return "no items, flops or bytes";
    if (!kernel->error || !kernel->tolerance)
        return "no error or tolerance: nobody could tell whether it is right";
    if (!kernel->bodies && !kernel->cl)
        return "neither bodies nor an OpenCL form";
    const char *what = variants_fault(kernel);
    return what ? what : args_fault(kernel);
}

enum pb_status pb_kernel_validate(const struct pb_kernel *kernel, struct pb_error *err)
{
    if (!is_identifier(kernel->name))
        return pb_fail(err, PB_ERR_INPUT, "'%.64s' is no kernel name: use a C identifier",
                       kernel->name ? kernel->name : "");
    const char *what = fault(kernel);
    if (what)
        return pb_fail(err, PB_ERR_INPUT,
                       "kernel %s has %s (see the contract in kernels/kernel.h)",
                       kernel->name, what);
    return PB_OK;
}

/* Nothing but the ABI number may be read before that number is known to be ours. */
static enum pb_status check_new(const struct pb_kernel *const *list, size_t index,
                                struct pb_error *err)
{
    const struct pb_kernel *kernel = list[index];
    if (kernel->abi != PB_KERNEL_ABI)
        return pb_fail(err, PB_ERR_INPUT,
                       "built for kernel ABI %u, this parbench has %u; rebuild it with "
                       "make plugin DIR=<its folder>",
                       kernel->abi, PB_KERNEL_ABI);
    const enum pb_status status = pb_kernel_validate(kernel, err);
    if (status)
        return status;
    bool is_twice = pb_kernel_find(kernel->name);
    for (size_t i = 0; i < index; i++)
        is_twice = is_twice || strcmp(list[i]->name, kernel->name) == 0;
    if (is_twice)
        return pb_fail(err, PB_ERR_INPUT,
                       "there is a kernel named %s already; give this one another name",
                       kernel->name);
    return PB_OK;
}

static enum pb_status adopt(const struct pb_kernel *const *list, struct pb_error *err)
{
    size_t count = 0;
    for (; list[count]; count++) {
        const enum pb_status status = check_new(list, count, err);
        if (status)
            return status;
    }
    if (count == 0)
        return pb_fail(err, PB_ERR_INPUT, "no kernel in it");
    const struct pb_kernel **grown = reallocarray(plugins.list, plugins.count + count,
                                                  sizeof(const struct pb_kernel *));
    if (!grown)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %zu kernels", count);
    memcpy(grown + plugins.count, list, count * sizeof(const struct pb_kernel *));
    plugins.list = grown;
    plugins.count += count;
    return PB_OK;
}

/* dlopen looks a name without a slash up in the library path; a user means a file. */
static void *open_file(const char *file)
{
    char path[4096];
    if (strchr(file, '/') || strlen(file) > sizeof path - 3)
        return dlopen(file, RTLD_NOW | RTLD_LOCAL);
    (void)snprintf(path, sizeof path, "./%s", file);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

enum pb_status pb_kernel_load_plugin(const char *file, struct pb_error *err)
{
    void *handle = open_file(file);
    if (!handle)
        return pb_fail(err, PB_ERR_INPUT, "cannot load plugin %s: %s", file, dlerror());
    const struct pb_kernel *const *list = dlsym(handle, "pb_plugin_kernels");
    enum pb_status status =
        list ? adopt(list, err)
             : pb_fail(err, PB_ERR_INPUT,
                       "no parbench plugin, pb_plugin_kernels is missing; build it with "
                       "make plugin DIR=<its folder>");
    if (!status)
        return PB_OK;
    (void)dlclose(handle);
    return pb_fail_prefix(err, status, "plugin %s", file);
}
