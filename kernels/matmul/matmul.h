/* matmul.h - C = A * B, square matrices, row by row in memory. */
#ifndef PB_KERNELS_MATMUL_MATMUL_H
#define PB_KERNELS_MATMUL_MATMUL_H

#include "kernels/kernel.h"

enum { MATMUL_A, MATMUL_B, MATMUL_C };

/* How matmul.simd.c cuts the matrices, and what room for that matmul.c asks for. */
enum {
    MATMUL_ROWS_MOST = 8,     /* of a tile */
    MATMUL_STRIP_BYTES = 64,  /* the widest strip's column, copies counted */
    MATMUL_PANEL_BYTES = 256, /* the widest panel's row */
    MATMUL_DEPTH_LEAST = 64,  /* for caches too small to matter */
    MATMUL_PAD_BYTES = 64,    /* behind each row of a copied strip */
};

/* Blocks of three matrices, for those who have the matrices in pieces (matmul.mpi.c). */
struct matmul_block {
    const void *a,
        *b;  /* rows x depth, depth x columns; of the data type of the function */
    void *c; /* rows x columns; touches neither a nor b */
    size_t lda, ldb, ldc; /* elements from row to row, at least a row's length */
    size_t rows, columns, depth;
    bool adds;     /* c += a * b; false: c = a * b */
    void *scratch; /* scratch_bytes() of a problem that is as large in every direction */
    struct pb_caches caches;
};

/* matmul_block_f32_avx2 and so on; depth is not 0. Calls that add up depths in their
 * order leave the same bits as one call for all of them. */
typedef void matmul_block_fn(const struct matmul_block *block);

/* matmul.launch.c, for struct pb_cl. */
enum { MATMUL_CL_SETS = 22 };
extern const struct pb_cl_set matmul_cl_sets[MATMUL_CL_SETS];
bool matmul_cl_fits(const struct pb_cl_set *set, enum pb_dtype dtype,
                    const struct pb_cl_limits *limits);
size_t matmul_cl_launches(size_t n, enum pb_dtype dtype,
                          const struct pb_cl_limits *limits,
                          struct pb_cl_launch launch[2]);

extern const struct pb_kernel pb_kernel_matmul;
extern const char matmul_cl[]; /* matmul.cl, embedded by make */

#endif
