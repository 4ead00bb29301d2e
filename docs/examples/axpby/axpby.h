/* axpby.h - z = a*x + b*y: array indices and constants. */
#ifndef PB_AXPBY_H
#define PB_AXPBY_H

enum { AXPBY_X, AXPBY_Y, AXPBY_Z, AXPBY_ARRAYS };

/* Exact in binary, so that every body and the reference multiply by the same numbers. */
#define AXPBY_A 1.5
#define AXPBY_B (-0.75)

#endif
