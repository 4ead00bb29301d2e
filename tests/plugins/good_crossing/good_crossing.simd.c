#define CHAIN(length) (30000 + (length))
#include "good_crossing.scalar.c"
