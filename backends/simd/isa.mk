# isa.mk - the instruction sets that NAME.simd.c is compiled for, and the flags of each. This is the only list.
#
# Per architecture, in rising width; make puts scalar in front and writes the list to isa_list.h. A new set takes its
# name here, a vec_<isa>.h, a line in vec.h, and three in isa.c (how wide, whether it streams, how to ask for it): the compiler asks for all.
# "generic" uses the compiler's vector types with the flags that the whole program has, so that it runs everywhere.

ISAS_x86_64 := generic sse2 avx2 avx512
ISAS_aarch64 := generic neon
ISAS_default := generic

CFLAGS_generic :=
CFLAGS_sse2 := -msse2
CFLAGS_avx2 := -mavx2 -mfma
# Foundation only: the rest (VL, DQ, BW) would exclude machines and is not used.
CFLAGS_avx512 := -mavx512f -mavx2 -mfma
# Part of every aarch64.
CFLAGS_neon :=
