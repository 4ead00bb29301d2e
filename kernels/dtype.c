#include "kernels/kernel.h"

#include <string.h>

static const struct {
    const char *name;
    size_t bytes;
    double roundoff;
} dtypes[] = {
    [PB_DTYPE_f32] = { "f32", sizeof(float), 0x1p-24 },
    [PB_DTYPE_f64] = { "f64", sizeof(double), 0x1p-53 },
};

_Static_assert(sizeof dtypes / sizeof dtypes[0] == PB_DTYPE_COUNT, "one row per type");
_Static_assert(sizeof(float) == 4 && sizeof(double) == 8, "f32 and f64 are IEEE formats");

size_t pb_dtype_bytes(enum pb_dtype dtype)
{
    return dtypes[dtype].bytes;
}

const char *pb_dtype_name(enum pb_dtype dtype)
{
    return dtypes[dtype].name;
}

bool pb_dtype_find(const char *name, enum pb_dtype *out)
{
    for (size_t i = 0; i < PB_DTYPE_COUNT; i++) {
        if (strcmp(name, dtypes[i].name) == 0) {
            *out = (enum pb_dtype)i;
            return true;
        }
    }
    return false;
}

double pb_dtype_roundoff(enum pb_dtype dtype)
{
    return dtypes[dtype].roundoff;
}
