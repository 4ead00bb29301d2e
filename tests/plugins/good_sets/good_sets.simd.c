/* The same plain C for every instruction set: the compiler vectorises what it can. */
#include "good_sets.scalar.c"
