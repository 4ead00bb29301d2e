# BLAS: a loadable module, because a tuned library brings threads and tens of megabytes along that only its own points need.
#
# Any library with the C interface will do; the first that compiles and links is taken. To choose: make BLAS=blis, a name
# that pkg-config knows, or make BLAS_CFLAGS=-I/opt/lib/include BLAS_LIBS='-L/opt/lib -lname'.
blas_MODULE := yes
BLAS ?= openblas blis mkl-dynamic-lp64-gomp cblas blas
BLAS_CFLAGS ?=
BLAS_LIBS ?=

# $(call blas_links,FLAGS,LIBS): does a call compile and link?
blas_links = $(shell echo 'int main(void) { return cblas_sdsdot(0, 0, 0, 1, 0, 1) > 0; }' | $(CC) $(CFLAGS) -Wno-error $(1) \
	-include cblas.h -x c - $(LDFLAGS) $(2) -o /dev/null 2>/dev/null && echo yes)
# "NAME" of the first of $(BLAS) that pkg-config knows and that links, else nothing.
blas_first = $(firstword $(foreach p,$(BLAS),$(if $(shell pkg-config --exists $(p) 2>/dev/null && echo yes),$(if $(call \
	blas_links,$(shell pkg-config --cflags $(p)),$(shell pkg-config --libs $(p))),$(p)))))

blas_FOUND := $(if $(filter blas,$(WITHOUT))$(BLAS_LIBS),,$(blas_first))
ifneq ($(blas_FOUND),)
blas_CFLAGS := $(shell pkg-config --cflags $(blas_FOUND))
blas_LDLIBS := $(shell pkg-config --libs $(blas_FOUND))
blas_LIBRARY := $(blas_FOUND) $(shell pkg-config --modversion $(blas_FOUND))
else
# Without pkg-config: what usually stands behind the name.
blas_CFLAGS := $(BLAS_CFLAGS)
blas_LDLIBS := $(or $(BLAS_LIBS),-lblas)
blas_LIBRARY := $(strip $(patsubst -l%,%,$(filter -l%,$(blas_LDLIBS))))
blas_ABSENT := $(if $(filter blas,$(WITHOUT)),,$(if $(call blas_links,$(blas_CFLAGS),$(blas_LDLIBS)),,no library \
	with cblas.h found when parbench was built: apt-get install libopenblas-dev, then make))
endif
