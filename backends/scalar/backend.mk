# Needs nothing but the compiler.
scalar_ABSENT :=
