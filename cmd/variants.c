#include "cmd/variants.h"

#include "cmd/lists.h"

#include <stdlib.h>
#include <string.h>

/* Each name once, "default" in front. */
static size_t list_all(const struct pb_kernel *const *kernels, size_t nkernels,
                       const char *out[PB_VARIANTS_MAX])
{
    size_t count = 0;
    out[count++] = "default";
    for (size_t k = 0; k < nkernels; k++)
        for (size_t v = 0; v < kernels[k]->nvariants; v++) {
            const char *name = kernels[k]->variants[v].name;
            size_t at = 0;
            while (at < count && strcmp(out[at], name) != 0)
                at++;
            if (at == count && count < PB_VARIANTS_MAX)
                out[count++] = name;
        }
    return count;
}

static enum pb_status take(const char *name, const char *const *all, size_t nall,
                           const char *out[PB_VARIANTS_MAX], size_t *count,
                           struct pb_error *err)
{
    for (size_t i = 0; i < nall; i++) {
        if (strcmp(all[i], name) != 0)
            continue;
        for (size_t o = 0; o < *count; o++)
            if (out[o] == all[i])
                return PB_OK;
        out[(*count)++] = all[i];
        return PB_OK;
    }
    return pb_fail(err, PB_ERR_USAGE,
                   "--variant: none of the kernels has a variant \"%s\"; `parbench list "
                   "kernels` shows those they have",
                   name);
}

enum pb_status pb_variants_choose(const char *text,
                                  const struct pb_kernel *const *kernels, size_t nkernels,
                                  const char *out[PB_VARIANTS_MAX], size_t *count,
                                  struct pb_error *err)
{
    const char *all[PB_VARIANTS_MAX], *pieces[PB_VARIANTS_MAX];
    const size_t nall = list_all(kernels, nkernels, all);
    char *storage = NULL;
    size_t npieces = 0;
    *count = 0;
    if (!text || strcmp(text, "all") == 0) {
        *count = text ? nall : 1;
        memcpy(out, all, *count * sizeof *all);
        return PB_OK;
    }
    enum pb_status status = pb_list_split("--variant", text, &storage, pieces,
                                          PB_VARIANTS_MAX, &npieces, err);
    for (size_t i = 0; i < npieces && !status; i++)
        status = take(pieces[i], all, nall, out, count, err);
    free(storage);
    return status;
}
