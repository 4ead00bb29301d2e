/* library.h - which BLAS this is, and how many threads it computes with.
 *
 * Every library has its own calls for that; they are looked up when the module is loaded,
 * so that it runs with whatever stands behind libblas.so.3 on the machine.
 */
#ifndef PB_BACKENDS_BLAS_LIBRARY_H
#define PB_BACKENDS_BLAS_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/* Has an OpenBLAS that does not know this CPU take the code for its instruction set
 * instead of its oldest. Before the first call. */
void pb_blas_choose_code(void);
/* "OpenBLAS 0.3.21 (SkylakeX)", or the file's name where the library does not tell. */
void pb_blas_describe(char *buf, size_t bytes);
/* Can it use several threads at all? */
bool pb_blas_has_threads(void);
/* Asks for so many threads; returns how many it will compute with. */
unsigned pb_blas_set_threads(unsigned threads);

#endif
