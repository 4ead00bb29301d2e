#include "backends/opencl/platform.h"

#include "backends/opencl/status.h"
#include "measure/text.h"

#include <stdio.h>
#include <string.h>

#define PLATFORMS_MAX 16

static struct pb_opencl_devices cache;      /* count 0: not looked up */
static cl_context contexts[PB_DEVICES_MAX]; /* owned; of cache.at[] */

static bool name_is_taken(const struct pb_opencl_devices *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->at[i].card.name, name) == 0)
            return true;
    }
    return false;
}

/* Two equal cards, or one that two platforms offer: "#2" behind the second. */
static void make_unique(const struct pb_opencl_devices *list, struct pb_device *card)
{
    char base[sizeof card->name];
    memcpy(base, card->name, sizeof base);
    for (unsigned nth = 2; name_is_taken(list, card->name); nth++)
        snprintf(card->name, sizeof card->name, "%.120s #%u", base, nth);
}

/* "OpenCL 3.0 (Portable Computing Language)": what the platform says, without the
 * vendor's part of its version, which begins at the second space. */
static void add_version(struct pb_text *versions, cl_platform_id platform)
{
    char name[64], version[64];
    pb_opencl_platform_text(platform, CL_PLATFORM_NAME, name, sizeof name);
    pb_opencl_platform_text(platform, CL_PLATFORM_VERSION, version, sizeof version);
    char *space = strchr(version, ' ');
    space = space != NULL ? strchr(space + 1, ' ') : NULL;
    if (space != NULL)
        *space = '\0';
    pb_text_addf(versions, "%s%s (%s)", versions->len > 0 ? ", " : "", version, name);
}

static void add_platform(struct pb_opencl_devices *list, struct pb_text *versions,
                         cl_platform_id platform)
{
    cl_device_id ids[PB_DEVICES_MAX];
    cl_uint count = 0;
    /* Mesa lists platforms without a device (CL_DEVICE_NOT_FOUND): not an error. */
    if (clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, PB_DEVICES_MAX, ids, &count) !=
        CL_SUCCESS)
        return;
    if (count > PB_DEVICES_MAX)
        count = PB_DEVICES_MAX;
    for (cl_uint i = 0; i < count && list->count < PB_DEVICES_MAX; i++) {
        struct pb_opencl_device *device = &list->at[list->count];
        pb_opencl_device_describe(device, platform, ids[i]);
        make_unique(list, &device->card);
        list->count++;
    }
    add_version(versions, platform);
}

static enum pb_status look_up(struct pb_opencl_devices *list, struct pb_error *err)
{
    cl_platform_id platforms[PLATFORMS_MAX];
    cl_uint count = 0;
    const cl_int code = clGetPlatformIDs(PLATFORMS_MAX, platforms, &count);
    if (code != CL_SUCCESS)
        return pb_opencl_fail(err, code, NULL, "clGetPlatformIDs");
    if (count > PLATFORMS_MAX)
        count = PLATFORMS_MAX;
    struct pb_text versions = PB_TEXT_INIT;
    for (cl_uint i = 0; i < count; i++)
        add_platform(list, &versions, platforms[i]);
    snprintf(list->version, sizeof list->version, "%s", versions.str);
    pb_text_release(&versions);
    if (list->count > 0)
        return PB_OK;
    return pb_fail(err, PB_ERR_ENVIRONMENT,
                   "OpenCL is installed (%u platforms), but no platform offers a device: "
                   "apt-get install pocl-opencl-icd runs OpenCL on the CPU; for a GPU "
                   "install the vendor's driver",
                   count);
}

enum pb_status pb_opencl_devices_get(const struct pb_opencl_devices **out,
                                     struct pb_error *err)
{
    if (cache.count == 0) {
        pb_opencl_devices_forget();
        const enum pb_status status = look_up(&cache, err);
        if (status != PB_OK)
            return status;
    }
    *out = &cache;
    return PB_OK;
}

enum pb_status pb_opencl_device_context(const struct pb_opencl_device *device,
                                        cl_context *out, struct pb_error *err)
{
    cl_context *kept = &contexts[device - cache.at];
    if (*kept == NULL) {
        const cl_context_properties properties[] = {
            CL_CONTEXT_PLATFORM,
            (cl_context_properties)device->platform,
            0,
        };
        cl_int code;
        *kept = clCreateContext(properties, 1, &device->id, NULL, NULL, &code);
        if (*kept == NULL)
            return pb_opencl_fail(err, code, device->card.name, "clCreateContext");
    }
    *out = *kept;
    return PB_OK;
}

void pb_opencl_devices_forget(void)
{
    for (size_t i = 0; i < PB_DEVICES_MAX; i++) {
        if (contexts[i] != NULL)
            clReleaseContext(contexts[i]);
        contexts[i] = NULL;
    }
    memset(&cache, 0, sizeof cache);
}

/* How gladly a device is taken when the user names none; smaller is better. */
static unsigned rank(const struct pb_opencl_device *device)
{
    if (device->card.dtypes == 0)
        return 4;
    if (device->is_simulator)
        return 3;
    if (strcmp(device->card.type, "gpu") == 0)
        return 0;
    return strcmp(device->card.type, "accelerator") == 0 ? 1 : 2;
}

static const struct pb_opencl_device *best(const struct pb_opencl_devices *list)
{
    const struct pb_opencl_device *found = &list->at[0];
    for (size_t i = 1; i < list->count; i++) {
        if (rank(&list->at[i]) < rank(found))
            found = &list->at[i];
    }
    return found;
}

static enum pb_status no_such_device(const struct pb_opencl_devices *list,
                                     const char *name, struct pb_error *err)
{
    struct pb_text names = PB_TEXT_INIT;
    for (size_t i = 0; i < list->count; i++)
        pb_text_addf(&names, "%s'%s'", i > 0 ? ", " : "", list->at[i].card.name);
    pb_fail(err, PB_ERR_USAGE, "there is no OpenCL device named '%s'; there is %s", name,
            names.str);
    pb_text_release(&names);
    return PB_ERR_USAGE;
}

enum pb_status pb_opencl_device_find(const char *name,
                                     const struct pb_opencl_device **out,
                                     struct pb_error *err)
{
    const struct pb_opencl_devices *list;
    const enum pb_status status = pb_opencl_devices_get(&list, err);
    if (status != PB_OK)
        return status;
    if (name == NULL) {
        *out = best(list);
        return PB_OK;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->at[i].card.name, name) == 0) {
            *out = &list->at[i];
            return PB_OK;
        }
    }
    return no_such_device(list, name, err);
}
