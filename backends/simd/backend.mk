# Needs nothing but the compiler; which instruction sets it builds stands in isa.mk.
simd_ABSENT :=
