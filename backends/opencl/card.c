#include "backends/backend.h"
#include "backends/opencl/clblast_file.h"
#include "backends/soname.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOADER  "libOpenCL.so.1"
#define VENDORS "/etc/OpenCL/vendors"

/* The environment variable, or NULL where it is unset or empty. */
static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool ends_with(const char *str, const char *end)
{
    const size_t len = strlen(str), end_len = strlen(end);
    return len >= end_len && strcmp(str + len - end_len, end) == 0;
}

static bool is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool has_icd_file(const char *dir)
{
    DIR *stream = opendir(dir);
    if (stream == NULL)
        return false;
    bool found = false;
    for (struct dirent *entry; !found && (entry = readdir(stream)) != NULL;)
        found = ends_with(entry->d_name, ".icd");
    closedir(stream);
    return found;
}

/* A driver's own name: a path can be looked for, a bare name only the dynamic linker can
 * find. */
static bool may_be_library(const char *name)
{
    return strchr(name, '/') == NULL || access(name, R_OK) == 0;
}

/* Is a driver (ICD) registered where the loader will look? The rules are those of
 * ocl-icd's libOpenCL(7) and of the Khronos loader's README. */
static bool has_driver(void)
{
    const char *vendors = setting("OCL_ICD_VENDORS");
    const char *path = setting("OPENCL_VENDOR_PATH");
    const char *dir = path != NULL ? path : VENDORS;

    if (setting("OCL_ICD_FILENAMES") != NULL)
        return true; /* drivers that the Khronos loader adds to the rest */
    if (vendors == NULL)
        return has_icd_file(dir);
    if (is_dir(vendors))
        return has_icd_file(vendors);
    if (!ends_with(vendors, ".icd"))
        return may_be_library(vendors);
    return access(vendors, R_OK) == 0 ||
           (strchr(vendors, '/') == NULL && pb_soname_in_dir(dir, strlen(dir), vendors));
}

/* Looks for the two things that OpenCL needs at run time, without loading either: the
 * loader and a driver registered with it. In doubt the answer is true: loading then finds
 * out, and a machine that works must not be turned away. */
static bool look(char *why, size_t why_bytes)
{
    if (!pb_soname_is_there(LOADER)) {
        snprintf(why, why_bytes,
                 LOADER ", the OpenCL loader, is not installed: "
                        "apt-get install ocl-icd-libopencl1");
        return false;
    }
    if (!has_driver()) {
        snprintf(why, why_bytes,
                 "no OpenCL driver: apt-get install pocl-opencl-icd runs OpenCL on the "
                 "CPU; for a GPU install the vendor's driver");
        return false;
    }
    return true;
}

static bool look_for_clblast(char *why, size_t why_bytes)
{
    if (pb_soname_is_there(pb_clblast_file()))
        return true;
    snprintf(why, why_bytes,
             "CLBlast (%s) is not there: apt-get install libclblast1, or set "
             "PARBENCH_CLBLAST to the library's path",
             pb_clblast_file());
    return false;
}

static const struct pb_backend_variant variants[] = {
    { .name = "clblast",
      .summary = "CLBlast, a tuned library's own form of a kernel, as the yardstick",
      .is_yardstick = true,
      .look = look_for_clblast },
};

extern const struct pb_backend pb_backend_opencl; /* found by name, see backend.h */
/* ops is NULL: they are in the module, the only part that is linked against libOpenCL. */
const struct pb_backend pb_backend_opencl = {
    .abi = PB_BACKEND_ABI,
    .name = "opencl",
    .summary = "an OpenCL device: a GPU above all, a CPU where its driver is installed",
    .get =
        "apt-get install ocl-icd-opencl-dev pocl-opencl-icd, then make; for a GPU also "
        "the vendor's driver",
    .level = 30,
    .worker_kind = PB_DEVICE,
    .residencies = 1u << PB_ALWAYS | 1u << PB_RESIDENT,
    .host_memories = 1u << PB_PAGEABLE | 1u << PB_PINNED | 1u << PB_MAPPED,
    .variants = variants,
    .nvariants = sizeof variants / sizeof variants[0],
    .look = look,
};
