#include "backends/opencl/clblast.h"

#include "backends/opencl/clblast_file.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct pb_override_clblast *pb_clblast_form(const char *kernel)
{
    for (size_t i = 0; pb_overrides_clblast[i] != NULL; i++) {
        if (strcmp(pb_overrides_clblast[i]->kernel, kernel) == 0)
            return pb_overrides_clblast[i];
    }
    return NULL;
}

#define AT(field) offsetof(struct pb_clblast, field)
static const struct symbol {
    const char *name;
    size_t offset;
} symbols[] = {
    { "CLBlastSgemmWithTempBuffer", AT(sgemm) },
    { "CLBlastDgemmWithTempBuffer", AT(dgemm) },
    { "CLBlastSGemmTempBufferSize", AT(sgemm_bytes) },
    { "CLBlastDGemmTempBufferSize", AT(dgemm_bytes) },
    { "CLBlastSaxpy", AT(saxpy) },
    { "CLBlastDaxpy", AT(daxpy) },
    { "CLBlastSsum", AT(ssum) },
    { "CLBlastDsum", AT(dsum) },
};

/* The file's own name, whatever links lead there. */
static void describe(const void *address, char *buf, size_t bytes)
{
    Dl_info info = { 0 };
    char *path = dladdr(address, &info) != 0 && info.dli_fname != NULL
                     ? realpath(info.dli_fname, NULL)
                     : NULL;
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    snprintf(buf, bytes, "%s", slash != NULL ? slash + 1 : "unknown");
    free(path);
}

/* RTLD_NODELETE: it keeps compiled programs from one session to the next, and is not made
 * for being unloaded. RTLD_LOCAL: as a backend's module (backends/registry.c). */
enum pb_status pb_clblast_load(struct pb_clblast *out, struct pb_error *err)
{
    void *library = dlopen(pb_clblast_file(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == NULL)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "cannot load CLBlast: %s: apt-get install libclblast1, or set "
                       "PARBENCH_CLBLAST to the library's path",
                       dlerror());
    const struct symbol *missing = NULL;
    void *address = NULL;
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        address = dlsym(library, symbols[i].name);
        if (address == NULL)
            missing = &symbols[i];
        memcpy((char *)out + symbols[i].offset, &address, sizeof address);
    }
    dlclose(library); /* stays all the same */
    if (missing != NULL)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "%s has no function %s: parbench needs CLBlast 1.5 or newer",
                       pb_clblast_file(), missing->name);
    describe(address, out->name, sizeof out->name);
    return PB_OK;
}

void pb_clblast_forget(void)
{
    void *library = dlopen(pb_clblast_file(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    if (library == NULL)
        return;
    union {
        void *address;
        int (*function)(void);
    } clear = { .address = dlsym(library, "CLBlastClearCache") };
    if (clear.address != NULL)
        (void)clear.function();
    dlclose(library);
}
