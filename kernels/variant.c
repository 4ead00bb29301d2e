#include "kernels/kernel.h"

#include <string.h>

static bool is_default(const char *variant)
{
    return !variant || strcmp(variant, "default") == 0;
}

static const struct pb_variant *find(const struct pb_kernel *kernel, const char *variant)
{
    for (size_t i = 0; i < kernel->nvariants; i++)
        if (strcmp(kernel->variants[i].name, variant) == 0)
            return &kernel->variants[i];
    return NULL;
}

bool pb_kernel_has_variant(const struct pb_kernel *kernel, const char *variant)
{
    return is_default(variant) || find(kernel, variant);
}

pb_body_fn *pb_kernel_body(const struct pb_kernel *kernel, const char *variant,
                           enum pb_dtype dtype, enum pb_isa isa)
{
    if (is_default(variant))
        return kernel->bodies ? kernel->bodies[dtype][isa] : NULL;
    const struct pb_variant *found = find(kernel, variant);
    return found ? found->bodies[dtype][isa] : NULL;
}
