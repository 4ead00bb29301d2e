/* matmul: c[i][j] = sum over k of a[i][k] * b[k][j], for n x n matrices, row by row in
 * memory.
 *
 * Arrays   A, n*n elements, IN, SPLIT; B, n*n, IN, WHOLE; C, n*n, OUT, SPLIT. An item is
 *          a row of A and C: rows are independent, every one needs all of B.
 * Cost     2 n^3 operations; A and B read once, C written once: 3 n^2 elements of
 *          compulsory traffic. n/6 operations per byte in f32: arithmetic decides, given
 *          enough reuse of cached data, which is what separates the forms of this kernel.
 * Result   good is half of the machine's FMA peak or more for vector code from n = 500
 *          on; a vendor's library comes nearer to the peak.
 *
 * Below, u is the roundoff of the data type, v = 2^-53 that of the reference, gamma_k =
 * k u/(1 - k u), and |a_i|, |B| are the 2-norms of row i of A and of all of B.
 *
 * Error to n = 128: max over i, j of |got - exact| / sum over k of |a_ik b_kj|, every
 *   element recomputed. The reference is exact: inputs are multiples of 2^-23 in [-1, 1),
 *   so a sum of 2^7 products is a multiple of 2^-46 up to 2^7 and has 53 bits.
 * Tolerance to n = 128: gamma_n, the worst case over every order, fused or not (Higham,
 *   Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.5).
 *
 * Error above: Freivalds' check (IFIP Congress 1977), n^2 work: for a random vector r of
 *   signs, d = C r - A (B r) would vanish; the error is max over i of
 *   |d_i| / (|a_i| |B|), over 16 vectors r.
 * What it catches. Let e be row i of got - exact, d_i = sum over j of e_j r_j.
 *   A single wrong element: |d_i| >= |e_j| - (what rounding of the others adds up to,
 *   below the tolerance). So an element off by more than twice the tolerance times
 *   |a_i| |B| is caught for certain; that is 2 sqrt(n) tolerances of its own scale
 *   |a_i| |b_j|.
 *   Several: take r and its twin with the sign of the worst element turned. Their d_i
 *   differ by 2 |e_j|, so one of the two is at least |e_j|: each r catches with
 *   probability 1/2 or more, and 16 of them let a wrong row pass with probability 2^-16
 *   or less.
 * Tolerance above: 2.3 L u + 3.8 L^2 v with L = 9. Let rounding errors be random with
 *   mean zero, given what came before (the model of Higham and Mary, SIAM J. Sci. Comput.
 *   41(5), 2019). In any order, d_i is then a sum of errors each at most u |s|, s a
 *   partial sum or product, and by Azuma and Hoeffding |d_i| <= L u sqrt(sum of all s^2
 *   in row i). Entries of B are independent and uniform, with variance 1/3, and a term is
 *   in at most n sums and products: so s^2 over one column adds up to n |a_i|^2/3 on
 *   average, and over the n columns, independent, to 4 times n times that with
 *   probability exp(-0.8 n) at most (the quadratic forms are dominated by a chi-square
 *   variable of one degree: Hsu, Kakade and Zhang, Electron. Commun. Probab. 17, 2012).
 *   Thus |d_i| <= L u (2/sqrt(3)) n |a_i|, and n < (sqrt(3)/0.9) |B|: 2.3 L u.
 *   The reference rounds as well: B r is exact to n = 2^30, the chain C r by Hoeffding
 *   has partial sums below L 2 sqrt(n/3) |a_i|, the chain A (B r) below L sqrt(n/3)
 *   |a_i|, over n and 2 n roundings: L^2 v n |a_i| (2/sqrt(3) + sqrt(2/3)) =
 *   3.8 L^2 v |a_i| |B|.
 * All of this fails with probability 64 n^2 exp(-L^2/2) at most: 3e-9 at n = 4096. A term
 * k left out of every sum shows as |a_ik| sqrt(n/3), against 1.2e-6 n^1.5/3 in f32.
 */
#include "matmul.h"

#include <math.h>
#include <stdlib.h>

enum { EXACT_TO = 128, ROUNDS = 16, SIGNS = 255 /* as an array of pb_value() */ };

static size_t rows(size_t n)
{
    return n;
}

static size_t len(size_t n)
{
    size_t square;
    return __builtin_mul_overflow(n, n, &square) ? SIZE_MAX : square;
}

static double flops(size_t n)
{
    return 2.0 * (double)n * (double)n * (double)n;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 3.0 * (double)n * (double)n * (double)pb_dtype_bytes(dtype);
}

/* What blocks_of() of matmul.simd.c can come to for any ISA: a strip and a panel share
 * L1, and a block of B has half of L2, unless not even one panel fits there. */
static size_t scratch_bytes(size_t n, enum pb_dtype dtype, const struct pb_caches *caches)
{
    const size_t bytes = pb_dtype_bytes(dtype);
    const size_t small = (size_t)MATMUL_DEPTH_LEAST * MATMUL_PANEL_BYTES;
    const size_t strip =
        pb_max(caches->l1d_bytes, (size_t)MATMUL_DEPTH_LEAST * MATMUL_STRIP_BYTES) +
        (size_t)MATMUL_ROWS_MOST * MATMUL_PAD_BYTES;
    const size_t block = pb_max(pb_max(caches->l2_bytes / 2, caches->l1d_bytes), small);
    if (n >= (size_t)1 << 16) /* else B might be smaller than its block */
        return strip + block;
    return strip + pb_min(block, n * (n * bytes + MATMUL_PANEL_BYTES));
}

/* ---- element by element ------------------------------------------------------------ */

static double exact_row_error(const struct pb_task *got, uint64_t seed, size_t i)
{
    const size_t n = got->n;
    double sum[EXACT_TO] = { 0 }, scale[EXACT_TO] = { 0 };
    for (size_t k = 0; k < n; k++) {
        const double a = pb_value(seed, MATMUL_A, i * n + k);
        for (size_t j = 0; j < n; j++) {
            const double product = a * pb_value(seed, MATMUL_B, k * n + j);
            sum[j] += product;
            scale[j] += fabs(product);
        }
    }
    double worst = 0.0;
    for (size_t j = 0; j < n; j++) {
        const double off = fabs(pb_get(got, MATMUL_C, i * n + j) - sum[j]);
        if (off == 0.0)
            continue; /* a zero scale has no other right answer */
        if (!isfinite(off / scale[j]))
            return (double)INFINITY;
        worst = fmax(worst, off / scale[j]);
    }
    return worst;
}

static double exact_error(const struct pb_task *got, uint64_t seed)
{
    double worst = 0.0;
    for (size_t i = 0; i < got->n; i++)
        worst = fmax(worst, exact_row_error(got, seed, i));
    return worst;
}

/* ---- Freivalds' check -------------------------------------------------------------- */

struct freivalds {
    double (*r)[ROUNDS];  /* owned; r[j]: element j of every sign vector */
    double (*br)[ROUNDS]; /* owned; br[k]: element k of B times each of them */
    double b_norm;
};

static void signs_fill(struct freivalds *f, size_t n, uint64_t seed)
{
    for (size_t j = 0; j < n; j++) {
        const double uniform = (pb_value(seed, SIGNS, j) + 1.0) / 2.0;
        const unsigned bits = (unsigned)(uniform * (1u << ROUNDS));
        for (unsigned q = 0; q < ROUNDS; q++)
            f->r[j][q] = (bits >> q & 1u) != 0 ? 1.0 : -1.0;
    }
}

static void br_fill(struct freivalds *f, size_t n, uint64_t seed)
{
    double squares = 0.0;
    for (size_t k = 0; k < n; k++) {
        double sum[ROUNDS] = { 0 };
        for (size_t j = 0; j < n; j++) {
            const double b = pb_value(seed, MATMUL_B, k * n + j);
            squares += b * b;
            for (size_t q = 0; q < ROUNDS; q++)
                sum[q] += b * f->r[j][q];
        }
        for (size_t q = 0; q < ROUNDS; q++)
            f->br[k][q] = sum[q];
    }
    f->b_norm = sqrt(squares);
}

static double freivalds_row_error(const struct freivalds *f, const struct pb_task *got,
                                  uint64_t seed, size_t i)
{
    const size_t n = got->n;
    double d[ROUNDS] = { 0 }, squares = 0.0;
    for (size_t j = 0; j < n; j++) {
        const double c = pb_get(got, MATMUL_C, i * n + j);
        for (size_t q = 0; q < ROUNDS; q++)
            d[q] += c * f->r[j][q];
    }
    for (size_t k = 0; k < n; k++) {
        const double a = pb_value(seed, MATMUL_A, i * n + k);
        squares += a * a;
        for (size_t q = 0; q < ROUNDS; q++)
            d[q] -= a * f->br[k][q];
    }
    double worst = 0.0;
    for (size_t q = 0; q < ROUNDS; q++) {
        if (!isfinite(d[q]))
            return (double)INFINITY;
        worst = fmax(worst, fabs(d[q]));
    }
    return worst / (sqrt(squares) * f->b_norm);
}

static double freivalds_error(const struct pb_task *got, uint64_t seed)
{
    const size_t n = got->n;
    struct freivalds f = {
        .r = calloc(n, sizeof *f.r),
        .br = calloc(n, sizeof *f.br),
    };
    double worst = (double)NAN; /* no memory: nothing was judged */
    if (f.r != NULL && f.br != NULL) {
        signs_fill(&f, n, seed);
        br_fill(&f, n, seed);
        worst = 0.0;
        for (size_t i = 0; i < n; i++)
            worst = fmax(worst, freivalds_row_error(&f, got, seed, i));
    }
    free(f.r);
    free(f.br);
    return worst;
}

static double error(const struct pb_task *got, uint64_t seed)
{
    return got->n <= EXACT_TO ? exact_error(got, seed) : freivalds_error(got, seed);
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    const double u = pb_dtype_roundoff(dtype);
    const double nu = (double)n * u;
    const double lambda = 9.0;
    if (n <= EXACT_TO)
        return nu / (1.0 - nu);
    return 2.3 * lambda * u + 3.8 * lambda * lambda * pb_dtype_roundoff(PB_DTYPE_f64);
}

/* ---- the descriptor ---------------------------------------------------------------- */

static const struct pb_arg args[] = {
    [MATMUL_A] = { .name = "A", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [MATMUL_B] = { .name = "B", .access = PB_IN, .spread = PB_WHOLE, .len = len },
    [MATMUL_C] = { .name = "C", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

static const struct pb_cl cl = {
    .source = matmul_cl,
    .launches = matmul_cl_launches,
    .sets = matmul_cl_sets,
    .nsets = MATMUL_CL_SETS,
    .fits = matmul_cl_fits,
};

PB_BODIES(matmul);
PB_SCALAR_BODIES(matmul_blocked);

static const struct pb_variant variants[] = {
    { .name = "blocked",
      .summary = "scalar code in blocks that stay in cache",
      .bodies = matmul_blocked_bodies },
};

const struct pb_kernel pb_kernel_matmul = {
    .abi = PB_KERNEL_ABI,
    .name = "matmul",
    .summary = "C = A * B, square matrices",
    .size_noun = "rows and columns",
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = rows,
    .columns = rows,
    .scratch_bytes = scratch_bytes,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = matmul_bodies,
    .variants = variants,
    .nvariants = sizeof variants / sizeof variants[0],
    .cl = &cl,
};
