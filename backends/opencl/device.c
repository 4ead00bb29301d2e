#include "backends/opencl/device.h"

#include "measure/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longest name kept, so that " #32" still fits behind it. */
#define NAME_MAX_BYTES 120

/* "gpu" or "cpu": all devices run the kernels' forms for that type, whatever they are. So
 * the forms for GPUs can be tested where there is only a CPU. */
#define FORM_VARIABLE "PARBENCH_OPENCL_FORM"

/* Copies str into buf on one line, without spaces at either end. */
static char *tidy(char *str, char *buf, size_t bytes)
{
    pb_text_one_line(str);
    str += strspn(str, " ");
    snprintf(buf, bytes, "%s", str);
    size_t len = strlen(buf);
    while (len > 0 && buf[len - 1] == ' ')
        buf[--len] = '\0';
    return buf;
}

char *pb_opencl_platform_text(cl_platform_id platform, cl_platform_info what, char *buf,
                              size_t bytes)
{
    size_t len = 0;
    char *str = NULL;
    buf[0] = '\0';
    if (clGetPlatformInfo(platform, what, 0, NULL, &len) == CL_SUCCESS)
        str = calloc(1, len + 1);
    if (str != NULL && clGetPlatformInfo(platform, what, len, str, NULL) == CL_SUCCESS)
        tidy(str, buf, bytes);
    free(str);
    return buf;
}

/* A string of a device, to free(); NULL: not told. */
static char *device_text(cl_device_id id, cl_device_info what)
{
    size_t len = 0;
    if (clGetDeviceInfo(id, what, 0, NULL, &len) != CL_SUCCESS)
        return NULL;
    char *str = calloc(1, len + 1);
    if (str != NULL && clGetDeviceInfo(id, what, len, str, NULL) != CL_SUCCESS) {
        free(str);
        str = NULL;
    }
    return str;
}

static void device_line(cl_device_id id, cl_device_info what, char *buf, size_t bytes)
{
    char *str = device_text(id, what);
    buf[0] = '\0';
    if (str != NULL)
        tidy(str, buf, bytes);
    free(str);
}

/* A number of a device, cl_uint, cl_ulong, size_t or cl_bool alike: the driver says how
 * many bytes it is. 0: not told. */
static uint64_t device_number(cl_device_id id, cl_device_info what)
{
    union {
        cl_uint u32;
        cl_ulong u64;
    } value = { .u64 = 0 };
    size_t len = 0;
    if (clGetDeviceInfo(id, what, sizeof value, &value, &len) != CL_SUCCESS)
        return 0;
    return len == sizeof value.u64 ? value.u64 : value.u32;
}

/* Is `word` one of the blank-separated words of `list`? */
static bool has_word(const char *list, const char *word)
{
    const size_t len = strlen(word);
    for (const char *at = list; at != NULL && *at != '\0'; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (strncmp(at, word, len) == 0 && (at[len] == ' ' || at[len] == '\0'))
            return true;
    }
    return false;
}

static bool has_extension(cl_device_id id, const char *name)
{
    char *extensions = device_text(id, CL_DEVICE_EXTENSIONS);
    const bool found = extensions != NULL && has_word(extensions, name);
    free(extensions);
    return found;
}

/* CL_DEVICE_TYPE is a mask, and a simulator (oclgrind) sets every bit of it. Such a
 * device is called an accelerator: it is no GPU, and kernels shall treat it as one, which
 * is what a simulator is there to check. */
static void set_type(struct pb_opencl_device *d)
{
    const cl_device_type mask = device_number(d->id, CL_DEVICE_TYPE);
    const bool gpu = (mask & CL_DEVICE_TYPE_GPU) != 0;
    const bool cpu = (mask & CL_DEVICE_TYPE_CPU) != 0;
    d->is_simulator = gpu && cpu;
    const char *type = gpu == cpu ? "accelerator" : gpu ? "gpu" : "cpu";
    snprintf(d->card.type, sizeof d->card.type, "%s", type);
    d->limits.type = cpu && !gpu ? PB_CL_CPU : PB_CL_GPU;
    const char *form = getenv(FORM_VARIABLE);
    if (form != NULL && (strcmp(form, "cpu") == 0 || strcmp(form, "gpu") == 0)) {
        d->limits.type = strcmp(form, "cpu") == 0 ? PB_CL_CPU : PB_CL_GPU;
        d->is_forced = true;
    }
}

/* A vector register of a CPU: between what the least of them has and the widest vector of
 * OpenCL C in floats. Drivers of GPUs say one element, or nothing. */
static void set_vector(struct pb_opencl_device *d)
{
    const size_t least = 16, most = 16 * sizeof(cl_float);
    const size_t bytes =
        (size_t)device_number(d->id, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT) *
        sizeof(cl_float);
    d->limits.vector_bytes = bytes < least ? least : bytes > most ? most : bytes;
}

static void set_limits(struct pb_opencl_device *d)
{
    d->limits.compute_units = (size_t)device_number(d->id, CL_DEVICE_MAX_COMPUTE_UNITS);
    d->limits.max_group = (size_t)device_number(d->id, CL_DEVICE_MAX_WORK_GROUP_SIZE);
    d->limits.local_bytes = (size_t)device_number(d->id, CL_DEVICE_LOCAL_MEM_SIZE);
    if (d->limits.compute_units == 0)
        d->limits.compute_units = 1;
    if (d->limits.max_group == 0)
        d->limits.max_group = 1;

    d->limits.cache_bytes = (size_t)device_number(d->id, CL_DEVICE_GLOBAL_MEM_CACHE_SIZE);
    d->limits.has_sub_groups = has_extension(d->id, "cl_khr_subgroups");
    set_vector(d);

    size_t items[16] = { 0 }; /* a device may have more than three dimensions */
    if (clGetDeviceInfo(d->id, CL_DEVICE_MAX_WORK_ITEM_SIZES, sizeof items, items,
                        NULL) != CL_SUCCESS)
        items[0] = items[1] = items[2] = d->limits.max_group;
    memcpy(d->max_items, items, sizeof d->max_items);
}

/* dtypes 0 keeps a device that cannot compute in the list, with the reason. */
static void set_dtypes(struct pb_opencl_device *d)
{
    if (device_number(d->id, CL_DEVICE_AVAILABLE) == 0 ||
        device_number(d->id, CL_DEVICE_COMPILER_AVAILABLE) == 0)
        return;
    d->card.dtypes = PB_DTYPE_BIT(PB_DTYPE_f32);
    if (has_extension(d->id, "cl_khr_fp64"))
        d->card.dtypes |= PB_DTYPE_BIT(PB_DTYPE_f64);
}

static void add_note(struct pb_device *card, const char *note)
{
    const size_t len = strlen(card->note);
    snprintf(card->note + len, sizeof card->note - len, "%s%s", len > 0 ? "; " : "",
             note);
}

static void set_notes(struct pb_opencl_device *d)
{
    if (d->is_forced)
        add_note(&d->card, d->limits.type == PB_CL_GPU
                               ? "runs the forms for GPUs (" FORM_VARIABLE ")"
                               : "runs the forms for CPUs (" FORM_VARIABLE ")");
    if (d->is_simulator)
        add_note(&d->card, "a simulator: its times mean nothing");
    if (d->card.dtypes == 0)
        add_note(&d->card, "not available, or without a compiler");
    else if ((d->card.dtypes & PB_DTYPE_BIT(PB_DTYPE_f64)) == 0)
        add_note(&d->card, "no double precision");
    if (!d->has_timer)
        add_note(&d->card, "profiling timestamps not usable");
}

void pb_opencl_device_describe(struct pb_opencl_device *out, cl_platform_id platform,
                               cl_device_id id)
{
    *out = (struct pb_opencl_device){ .platform = platform, .id = id };
    struct pb_device *card = &out->card;
    char platform_name[64], version[60];

    device_line(id, CL_DEVICE_NAME, card->name, NAME_MAX_BYTES);
    if (card->name[0] == '\0')
        snprintf(card->name, sizeof card->name, "unnamed");
    pb_opencl_platform_text(platform, CL_PLATFORM_NAME, platform_name,
                            sizeof platform_name);
    device_line(id, CL_DRIVER_VERSION, version, sizeof version);
    snprintf(card->driver, sizeof card->driver, "%s %s", platform_name, version);

    card->compute_units = (unsigned)device_number(id, CL_DEVICE_MAX_COMPUTE_UNITS);
    card->memory_bytes = device_number(id, CL_DEVICE_GLOBAL_MEM_SIZE);
    out->max_buffer_bytes = device_number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
    /* Deprecated by OpenCL 2.0, and still the only word for it. */
    out->shares_memory = device_number(id, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0;
    out->has_timer = device_number(id, CL_DEVICE_PROFILING_TIMER_RESOLUTION) != 0;
    set_type(out);
    set_limits(out);
    set_dtypes(out);
    set_notes(out);
}
