# gcc brings <omp.h> and its runtime along; clang takes both from libomp.
openmp_TRY := $(shell echo 'int main(void) { return omp_get_max_threads() < 1; }' | \
	$(CC) -fopenmp -include omp.h -x c -fsyntax-only - 2>/dev/null && echo yes)
openmp_ABSENT := $(if $(openmp_TRY),,$(CC) finds no <omp.h> for -fopenmp: with clang install libomp-dev, or build with CC=gcc)
openmp_CFLAGS := -fopenmp
openmp_LDLIBS := -fopenmp
