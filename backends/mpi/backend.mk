# MPI: a loadable module, because an MPI library brings along a network stack that only ranks need.
mpi_MODULE := yes
# The wrapper knows where its library is; told which compiler to use, it serves Open MPI, MPICH and their kin alike.
MPICC ?= mpicc
mpi_CC := OMPI_CC="$(CC)" MPICH_CC="$(CC)" I_MPI_CC="$(CC)" $(MPICC)
# Threads of a rank. Recursive: openmp's own file, read later, finds out whether the compiler has OpenMP.
mpi_CFLAGS = $(if $(openmp_ABSENT),,-fopenmp)
mpi_LDLIBS = $(if $(openmp_ABSENT),,-fopenmp)
mpi_ABSENT := $(if $(shell command -v $(MPICC) 2>/dev/null),,$(MPICC) not found when parbench was built: apt-get install libopenmpi-dev openmpi-bin, then make)
