/* Which form of matmul.cl runs on a device, with which sizes, over how many work-items.
 */
#include "matmul.h"

/* What the values of a set are. A set for GPUs without a tile is the plain kernel. */
enum { TILE_M, TILE_N, TILE_K, EACH_M, EACH_N };
enum { ROWS, VECTORS, DEPTH, BLOCK_KIB };

#define GPU(m, n, k, each_m, each_n, width)                                              \
    {                                                                                    \
        .name = #m "x" #n "x" #k "-" #each_m "x" #each_n "-v" #width, .type = PB_CL_GPU, \
        .options = "-DTILE_M=" #m " -DTILE_N=" #n " -DTILE_K=" #k " -DEACH_M=" #each_m   \
                   " -DEACH_N=" #each_n " -DWIDTH=" #width,                              \
        .values = { m, n, k, each_m, each_n },                                           \
    }
#define CPU(rows, vectors, depth, block_kib)                                             \
    {                                                                                    \
        .name = #rows "x" #vectors "-d" #depth "-b" #block_kib, .type = PB_CL_CPU,       \
        .options = "-DROWS=" #rows " -DVECTORS=" #vectors " -DDEPTH=" #depth             \
                   " -DBLOCK_KIB=" #block_kib,                                           \
        .values = { rows, vectors, depth, block_kib },                                   \
    }

/* For GPUs: bigger tiles read less and keep fewer groups in flight; more sums per item
 * take more registers. For CPUs: sums for 32 vector registers and for 16; deeper panels
 * touch C less often and take more of L1. */
const struct pb_cl_set matmul_cl_sets[MATMUL_CL_SETS] = {
    GPU(64, 64, 16, 4, 4, 4),
    GPU(128, 128, 16, 8, 8, 4),
    GPU(128, 128, 8, 8, 8, 4),
    GPU(128, 64, 16, 8, 4, 4),
    GPU(64, 64, 16, 8, 8, 4),
    GPU(64, 64, 32, 4, 4, 4),
    GPU(64, 64, 16, 4, 4, 2),
    GPU(64, 64, 16, 4, 4, 1),
    GPU(32, 32, 16, 4, 4, 4),
    GPU(32, 32, 16, 2, 2, 1),
    { .name = "plain", .type = PB_CL_GPU, .options = "" },
    CPU(8, 3, 192, 448),
    CPU(8, 3, 128, 320),
    CPU(8, 3, 256, 640),
    CPU(12, 2, 192, 448),
    CPU(14, 2, 192, 448),
    CPU(6, 4, 192, 448),
    CPU(6, 2, 192, 192),
    CPU(6, 2, 256, 448),
    CPU(4, 3, 192, 192),
    CPU(4, 2, 128, 64),
    CPU(4, 1, 64, 8),
};

static bool is_plain(const struct pb_cl_set *set)
{
    return set->values[TILE_M] == 0;
}

static size_t gpu_local_bytes(const size_t *values, size_t real_bytes)
{
    return real_bytes * values[TILE_K] * (values[TILE_M] + 1 + values[TILE_N]);
}

static bool fits_gpu(const struct pb_cl_set *set, size_t real_bytes,
                     const struct pb_cl_limits *limits)
{
    const size_t *v = set->values;
    return is_plain(set) ||
           (v[TILE_M] / v[EACH_M] * (v[TILE_N] / v[EACH_N]) <= limits->max_group &&
            gpu_local_bytes(v, real_bytes) <= limits->local_bytes);
}

/* Sums, a row of the panel and one element of A want a register each; x86 has as many as
 * that from 64 bytes on. The last set takes what every CPU has. */
static bool fits_cpu(const struct pb_cl_set *set, const struct pb_cl_limits *limits)
{
    const size_t *v = set->values;
    const size_t registers = limits->vector_bytes >= 64 ? 32 : 16;
    const size_t local_bytes =
        v[DEPTH] * v[VECTORS] * limits->vector_bytes + v[BLOCK_KIB] * 1024;
    return v[ROWS] * v[VECTORS] + v[VECTORS] < registers &&
           local_bytes <= limits->local_bytes;
}

bool matmul_cl_fits(const struct pb_cl_set *set, enum pb_dtype dtype,
                    const struct pb_cl_limits *limits)
{
    return set->type == PB_CL_CPU ? fits_cpu(set, limits)
                                  : fits_gpu(set, pb_dtype_bytes(dtype), limits);
}

/* A group per tile of C. */
static struct pb_cl_launch tiled_launch(size_t n, const size_t *v)
{
    const size_t group_n = v[TILE_N] / v[EACH_N], group_m = v[TILE_M] / v[EACH_M];
    return (struct pb_cl_launch){
        .entry = "matmul_gpu",
        .dims = 2,
        .global = { pb_parts(n, v[TILE_N]) * group_n, pb_parts(n, v[TILE_M]) * group_m,
                    1 },
        .local = { group_n, group_m, 1 },
    };
}

/* An item per element of C: for a device whose groups or local memory are too small. */
static struct pb_cl_launch plain_launch(size_t n, const struct pb_cl_limits *limits)
{
    const size_t group = pb_min(64, limits->max_group);
    return (struct pb_cl_launch){
        .entry = "matmul_gpu_plain",
        .dims = 2,
        .global = { pb_parts(n, group) * group, n, 1 },
        .local = { group, 1, 1 },
    };
}

/* Single-item groups, each of which packs its rows of A and its columns of B for itself:
 * as few as give every unit work, and for large matrices, where packing is little, two
 * per unit, so that one that was held up gets fewer. Stretches of rows first, which fit
 * in finer steps; columns where rows would become too short to pay for packing B. */
static struct pb_cl_launch cpu_launch(size_t n, enum pb_dtype dtype,
                                      const struct pb_cl_limits *limits)
{
    enum { ROWS_LEAST = 64, LARGE = 1024, ROWS_LARGE = 512 };
    const size_t *v = limits->set->values;
    const size_t lanes = limits->vector_bytes / pb_dtype_bytes(dtype);
    const size_t column_tiles = pb_parts(n, v[VECTORS] * lanes);
    const size_t wanted = limits->compute_units * (n >= LARGE ? 2 : 1);
    const size_t least = n >= LARGE ? ROWS_LARGE : ROWS_LEAST;
    const size_t rows = pb_min(pb_max(n / least, 1), wanted);
    const size_t columns = pb_min(pb_parts(wanted, rows), column_tiles);
    return (struct pb_cl_launch){
        .entry = "matmul_cpu",
        .dims = 2,
        .global = { columns, rows, 1 },
        .local = { 1, 1, 1 },
    };
}

size_t matmul_cl_launches(size_t n, enum pb_dtype dtype,
                          const struct pb_cl_limits *limits,
                          struct pb_cl_launch launch[2])
{
    if (limits->type == PB_CL_CPU)
        launch[0] = cpu_launch(n, dtype, limits);
    else if (is_plain(limits->set))
        launch[0] = plain_launch(n, limits);
    else
        launch[0] = tiled_launch(n, limits->set->values);
    return 1;
}
