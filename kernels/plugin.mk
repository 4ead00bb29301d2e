# plugin.mk - builds a kernel folder from anywhere on disk into a shared object for `parbench run --plugin FILE`.
#
#   make plugin DIR=~/axpby                                  in parbench's tree (the file goes to build/plugins/)
#   make -f PREFIX/share/parbench/plugin.mk DIR=~/axpby      against an installed parbench (OUT=. by default)
#
# The folder's name is the kernel's name; it defines `const struct pb_kernel pb_kernel_NAME`.

PB_HERE := $(dir $(lastword $(MAKEFILE_LIST)))
ifeq ($(DIR),)
$(error which folder? make plugin DIR=path/to/NAME)
endif
PB_DIR := $(abspath $(DIR))
PB_NAME := $(notdir $(PB_DIR))
ifeq ($(wildcard $(PB_DIR)/$(PB_NAME).c),)
$(error $(PB_DIR)/$(PB_NAME).c not found: a kernel's folder NAME holds NAME.c (see docs/adding-a-kernel.md))
endif

OUT ?= .
Q := $(if $(V),,@)
say = $(if $(V)$(findstring s,$(filter-out -%,$(firstword $(MAKEFLAGS)))),@:,@printf '  %-8s %s\n' $(1) "$(2)")
BUILD ?= $(OUT)/$(PB_NAME).build
CFLAGS ?= -O2 -g
ifneq ($(wildcard $(PB_HERE)isa.mk),)
include $(PB_HERE)isa.mk
PB_CPPFLAGS := -D_GNU_SOURCE -I$(PB_HERE)../../include/parbench
else
include $(PB_HERE)../backends/simd/isa.mk
PB_CPPFLAGS := -D_GNU_SOURCE -I$(PB_HERE).. -I$(PB_TREE_GEN)
endif
PB_ARCH := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
ISAS := $(or $(ISAS_$(PB_ARCH)),$(ISAS_default))
PB_KERNEL_CFLAGS := -std=c11 -ffp-contract=off -fPIC $(CFLAGS)
PB_GENERATED :=
include $(PB_HERE)kernel.mk

PB_OBJECTS := $(call pb_kernel_objects,$(PB_NAME),$(PB_DIR))

$(OUT)/$(PB_NAME).so: $(PB_OBJECTS) $(BUILD)/plugin.c
	$(CC) $(PB_CPPFLAGS) $(PB_KERNEL_CFLAGS) -shared -o $@ $^ $(LDFLAGS)

$(BUILD)/plugin.c: $(MAKEFILE_LIST)
	@mkdir -p $(@D)
	@printf '%s\n' '#include "kernels/kernel.h"' 'extern const struct pb_kernel pb_kernel_$(PB_NAME);' \
	  'extern const struct pb_kernel *const pb_plugin_kernels[];' \
	  'const struct pb_kernel *const pb_plugin_kernels[] = { &pb_kernel_$(PB_NAME), NULL };' >$@

$(eval $(call pb_kernel_rules,$(PB_NAME),$(PB_DIR)))
-include $(PB_OBJECTS:.o=.d)
