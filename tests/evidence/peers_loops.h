/* peers_loops.h - the kernels as anybody would write them with OpenMP: plain loops, left
 * to the compiler. Called from C and from google/benchmark. */
#ifndef PB_TESTS_EVIDENCE_PEERS_LOOPS_H
#define PB_TESTS_EVIDENCE_PEERS_LOOPS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One call on arrays of n elements, in the order of the kernel's own table. */
typedef void pb_loop_fn(void *const *arrays, size_t n);

/* NULL: no loop is written for that kernel ("saxpy", "triad", "reduce") and type ("f32",
 * "f64"). */
pb_loop_fn *pb_loop_find(const char *kernel, const char *type);

/* Copies count elements of `bytes` each, or zeros where from is NULL, split as the loops
 * split theirs: every thread touches first what it will work on. */
void pb_loop_copy(void *to, const void *from, size_t count, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
