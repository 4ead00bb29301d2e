#include "kernels/kernel.h"

/* splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014) is a counter times the golden ratio, mixed: so element i costs no walk
 * through the elements before it. */
#define GOLDEN 0x9e3779b97f4a7c15u
#define SEED   0xd1342543de82ef95u /* odd, and unrelated to GOLDEN */

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double pb_value(uint64_t seed, size_t arg, size_t i)
{
    /* Arrays of up to 2^56 elements take disjoint runs of the counter. */
    const uint64_t counter = ((uint64_t)arg << 56) + i + 1;
    const uint64_t bits = mix(seed * SEED + counter * GOLDEN);
    /* A multiple of 2^-23 in [-1, 1) has at most 23 significant bits: exact in f32. */
    return (double)((int64_t)(bits >> 40) - 0x800000) * 0x1p-23;
}

double pb_get(const struct pb_task *task, size_t arg, size_t i)
{
    switch (task->dtype) {
    case PB_DTYPE_f32:
        return (double)((const float *)task->buf[arg])[i];
    case PB_DTYPE_f64:
        return ((const double *)task->buf[arg])[i];
    case PB_DTYPE_COUNT:
        break;
    }
    return 0.0; /* no such type */
}
