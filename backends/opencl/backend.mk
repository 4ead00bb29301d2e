# OpenCL: a loadable module, because a driver behind the loader may take seconds and hundreds of megabytes to come up.
opencl_MODULE := yes
opencl_ABSENT :=
opencl_CFLAGS := -DCL_TARGET_OPENCL_VERSION=120
opencl_LDLIBS := -lOpenCL

# pkg-config knows where the headers are; a vendor's kit without a .pc file is found by compiling and linking.
ifeq ($(shell pkg-config --exists OpenCL 2>/dev/null && echo yes),yes)
opencl_CFLAGS += $(shell pkg-config --cflags OpenCL)
opencl_LDLIBS := $(shell pkg-config --libs OpenCL)
else ifneq ($(shell echo 'int main(void) { return 0; }' | $(CC) $(CPPFLAGS) $(CFLAGS) -Wno-error \
        $(opencl_CFLAGS) -include CL/cl.h -x c - $(LDFLAGS) -lOpenCL -o /dev/null 2>/dev/null && echo yes),yes)
opencl_ABSENT := CL/cl.h or libOpenCL not found when parbench was built: apt-get install ocl-icd-opencl-dev, then make
endif

# Variants: kernels/K/K.clblast.c. The library behind them is looked for at run time (clblast.h), so nothing is asked here.
opencl_VARIANTS := clblast
