/* clblast.h - how a kernel calls CLBlast: kernels/NAME/NAME.clblast.c defines
 * `const struct pb_override_clblast pb_override_NAME_clblast`.
 *
 * The functions are those of the library's C interface, clblast_c.h, which is not needed:
 * the library is looked for when a session wants it, so that parbench is the same program
 * with and without it. They put their work on a queue and return 0, or a code.
 */
#ifndef PB_BACKENDS_OPENCL_CLBLAST_H
#define PB_BACKENDS_OPENCL_CLBLAST_H

#include "kernels/kernel.h"
#include "measure/error.h"

#include <CL/cl.h>

#include <stddef.h>

/* CLBlastLayout and CLBlastTranspose, which have the values of cblas.h. */
enum { PB_CLBLAST_ROW_MAJOR = 101, PB_CLBLAST_NO_TRANSPOSE = 111 };

/* CLBlastSgemmWithTempBuffer, CLBlastSGemmTempBufferSize, CLBlastSaxpy, CLBlastSsum and
 * the same in double precision. An array is a buffer, its first element in it, and its
 * leading dimension or the step from an element to the next. */
typedef int pb_clblast_sgemm_fn(int layout, int a_transpose, int b_transpose, size_t m,
                                size_t n, size_t k, float alpha, cl_mem a, size_t a_first,
                                size_t a_ld, cl_mem b, size_t b_first, size_t b_ld,
                                float beta, cl_mem c, size_t c_first, size_t c_ld,
                                cl_command_queue *queue, cl_event *event, cl_mem scratch);
typedef int pb_clblast_dgemm_fn(int layout, int a_transpose, int b_transpose, size_t m,
                                size_t n, size_t k, double alpha, cl_mem a,
                                size_t a_first, size_t a_ld, cl_mem b, size_t b_first,
                                size_t b_ld, double beta, cl_mem c, size_t c_first,
                                size_t c_ld, cl_command_queue *queue, cl_event *event,
                                cl_mem scratch);
typedef int pb_clblast_gemm_bytes_fn(int layout, int a_transpose, int b_transpose,
                                     size_t m, size_t n, size_t k, size_t a_first,
                                     size_t a_ld, size_t b_first, size_t b_ld,
                                     size_t c_first, size_t c_ld, cl_command_queue *queue,
                                     size_t *bytes);
typedef int pb_clblast_saxpy_fn(size_t n, float alpha, cl_mem x, size_t x_first,
                                size_t x_step, cl_mem y, size_t y_first, size_t y_step,
                                cl_command_queue *queue, cl_event *event);
typedef int pb_clblast_daxpy_fn(size_t n, double alpha, cl_mem x, size_t x_first,
                                size_t x_step, cl_mem y, size_t y_first, size_t y_step,
                                cl_command_queue *queue, cl_event *event);
typedef int pb_clblast_sum_fn(size_t n, cl_mem sum, size_t sum_first, cl_mem x,
                              size_t x_first, size_t x_step, cl_command_queue *queue,
                              cl_event *event);

struct pb_clblast {
    pb_clblast_sgemm_fn *sgemm;
    pb_clblast_dgemm_fn *dgemm;
    pb_clblast_gemm_bytes_fn *sgemm_bytes, *dgemm_bytes; /* what gemm wants as scratch */
    pb_clblast_saxpy_fn *saxpy;
    pb_clblast_daxpy_fn *daxpy;
    pb_clblast_sum_fn *ssum, *dsum;
    char name[40]; /* "libclblast.so.1.5.3": it has no call that tells its version */
};

/* One call of a kernel. */
struct pb_clblast_task {
    size_t n;
    enum pb_dtype dtype;
    const cl_mem *buffers; /* of the kernel's arrays */
    cl_mem scratch;        /* NULL: scratch_bytes() asked for none */
    cl_command_queue queue;
};

struct pb_override_clblast {
    const char *kernel; /* "saxpy" */
    /* Memory of the device that run() uses besides the arrays; *bytes is 0 before. Only
     * n, dtype and queue of the task are there already. NULL: none. */
    int (*scratch_bytes)(const struct pb_clblast *library, struct pb_clblast_task *task,
                         size_t *bytes);
    int (*run)(const struct pb_clblast *library, struct pb_clblast_task *task);
};

/* Written by make: every kernel's, ended by NULL. */
extern const struct pb_override_clblast *const pb_overrides_clblast[];

/* ---- for the sessions of the backend ---- */

/* NULL: the kernel has no form. */
const struct pb_override_clblast *pb_clblast_form(const char *kernel);
/* Loads the library, which stays until the process ends. PB_ERR_UNSUPPORTED: it is not
 * there, or lacks one of the functions. */
enum pb_status pb_clblast_load(struct pb_clblast *out, struct pb_error *err);
/* Gives back what the library keeps of contexts and programs, if it was loaded: before
 * the contexts go. */
void pb_clblast_forget(void);

#endif
