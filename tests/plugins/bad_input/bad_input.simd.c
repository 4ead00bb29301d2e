/* The same plain C for every instruction set: the compiler vectorises what it can. */
#include "bad_input.scalar.c"
