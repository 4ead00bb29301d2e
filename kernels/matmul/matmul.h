/* matmul.h - C = A * B, square matrices, row by row in memory. */
#ifndef PB_KERNELS_MATMUL_MATMUL_H
#define PB_KERNELS_MATMUL_MATMUL_H

#include "kernels/kernel.h"

enum { MATMUL_A, MATMUL_B, MATMUL_C };

/* How matmul.simd.c cuts the matrices, and what room for that matmul.c asks for. */
enum {
    MATMUL_ROWS_MOST = 8,     /* of a tile */
    MATMUL_PANEL_BYTES = 192, /* the widest panel's row */
    MATMUL_DEPTH_LEAST = 64,  /* for caches too small to matter */
    MATMUL_PAD_BYTES = 64,    /* behind each row of a copied strip */
};

extern const struct pb_kernel pb_kernel_matmul;
extern const char matmul_cl[]; /* matmul.cl, embedded by make */

#endif
