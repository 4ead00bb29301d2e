# POSIX threads are part of every C library that parbench runs on.
pthreads_ABSENT :=
pthreads_CFLAGS := -pthread
pthreads_LDLIBS := -pthread
