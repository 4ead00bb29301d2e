# parbench - which level of parallelism pays on this machine?
#
#   make            ./parbench and its modules            make test          unit and command tests
#   make run        measure (quick), tables and plots     make lint          rules, format, static checks
#   make plugin DIR=~/mykernel                            make install PREFIX=/usr/local
#   make SAN=address,undefined test                       make CC=clang BUILD=build/clang
#   make perf-check BASE=origin/main                      is parbench slower than it was there?
#   make KERNEL_PATH='kernels ~/mine'                     make WITHOUT='mpi opencl hwloc'
#
# There is no list of kernels or backends to keep: make reads the folders and generates the registry.

VERSION := 0.1.0
PREFIX ?= /usr/local
KERNEL_PATH ?= kernels
WITHOUT ?=
CFLAGS ?= -O2 -g

ifdef SAN
BUILD ?= build/san
SAN_FLAGS := -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
else
BUILD ?= build
endif
comma := ,
MAKEFLAGS += --no-builtin-rules
# make V=1 shows every command whole.
Q := $(if $(V),,@)
# Silent under make -s, as make itself is.
say = $(if $(V)$(findstring s,$(filter-out -%,$(firstword $(MAKEFLAGS)))),@:,@printf '  %-8s %s\n' $(1) "$(2)")
.SUFFIXES:
# Built-in rules that --no-builtin-rules comes too late for: make would try them on included files.
%: %.o
%: %.c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# "gcc 12.2.0", "clang 14.0.6"
COMPILER := $(shell $(CC) -v 2>&1 | sed -n 's/.*\(gcc\|clang\) version \([0-9.]*\).*/\1 \2/p' | head -n 1)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wwrite-strings -Wcast-qual \
	-Wpointer-arith -Wundef -Wvla -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum -fno-common
ifdef WERROR
WARNINGS += -Werror
endif
GEN := $(BUILD)/gen
PB_CPPFLAGS := -D_GNU_SOURCE -I. -I$(GEN)
# -ffp-contract=off: clang fuses a*b+c on its own, gcc does not; "scalar" must not depend on the compiler.
BASE_CFLAGS := -std=c11 -ffp-contract=off -fPIC $(WARNINGS) $(SAN_FLAGS) $(CFLAGS)
PB_KERNEL_CFLAGS := $(BASE_CFLAGS)

# ---- what is there: architecture, ISAs, kernels, backends, libraries ----------------------------

ARCH := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
include backends/simd/isa.mk
ISAS := $(or $(ISAS_$(ARCH)),$(ISAS_default))

KERNEL_DIRS := $(foreach p,$(KERNEL_PATH),$(foreach c,$(wildcard $(p)/*/*.c),$(if \
	$(filter $(notdir $(c)),$(notdir $(patsubst %/,%,$(dir $(c)))).c),$(patsubst %/,%,$(dir $(c))))))
KERNELS := $(sort $(notdir $(KERNEL_DIRS)))
kernel_dir = $(firstword $(filter %/$(1),$(KERNEL_DIRS)))

BACKENDS := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard backends/*/card.c)))))
include $(wildcard $(addsuffix /backend.mk,$(addprefix backends/,$(BACKENDS))))
$(foreach b,$(filter $(WITHOUT),$(BACKENDS)),$(eval $(b)_ABSENT := left out of this build by make WITHOUT=$(b): build without it))
PRESENT := $(foreach b,$(BACKENDS),$(if $($(b)_ABSENT),,$(b)))
MODULES := $(foreach b,$(PRESENT),$(if $($(b)_MODULE),$(b)))
LINKED := $(filter-out $(MODULES),$(PRESENT))

# cJSON is required; without pkg-config the usual place is tried, and a missing header is the compiler's message.
CJSON_CFLAGS := $(shell pkg-config --cflags libcjson 2>/dev/null)
CJSON_LIBS := $(or $(shell pkg-config --libs libcjson 2>/dev/null),-lcjson)
ifeq ($(filter hwloc,$(WITHOUT)),)
HWLOC_LIBS := $(shell pkg-config --exists hwloc 2>/dev/null && pkg-config --libs hwloc)
endif
TOPOLOGY := $(if $(HWLOC_LIBS),hwloc,none)

# ---- objects --------------------------------------------------------------------------------------

GENERATED_HEADERS := $(GEN)/isa_list.h $(GEN)/version.h
PB_GENERATED := $(GENERATED_HEADERS)
include kernels/kernel.mk

object = $(patsubst %.c,$(BUILD)/%.o,$(1))
backend_sources = $(filter-out %/card.c,$(wildcard backends/$(1)/*.c))
# kernels/K/K.FORM.c, a kernel's own form for a backend that takes such forms, is part of that backend. FORM is the
# backend's name (its override.h says what a form is) or one of its NAME_VARIANTS (VARIANT.h does).
forms = $(if $(wildcard backends/$(1)/override.h),$(1)) $($(1)_VARIANTS)
form_header = backends/$(1)/$(if $(filter $(1),$(2)),override,$(2)).h
form_kernels = $(foreach k,$(KERNELS),$(if $(wildcard $(call kernel_dir,$(k))/$(k).$(1).c),$(k)))
# Of a backend, all of them: K.FORM
overrides = $(foreach f,$(call forms,$(1)),$(foreach k,$(call form_kernels,$(f)),$(k).$(f)))
override_source = $(call kernel_dir,$(basename $(1)))/$(1).c
override_object = $(BUILD)/kernels/$(basename $(1))/$(1).o
backend_objects = $(call object,$(call backend_sources,$(1))) $(foreach o,$(call overrides,$(1)),$(call \
	override_object,$(o))) $(foreach f,$(call forms,$(1)),$(GEN)/overrides_$(f).o)
PLOT_TEMPLATES := $(wildcard plots/*.gp)
STYLE_SHEETS := $(wildcard cmd/*.css)
SOURCES := $(wildcard cmd/*.c measure/*.c kernels/*.c backends/*.c plots/*.c) \
	$(filter-out results/topology.%.c,$(wildcard results/*.c)) results/topology.$(TOPOLOGY).c \
	$(addsuffix /card.c,$(addprefix backends/,$(BACKENDS))) $(foreach b,$(LINKED),$(call backend_sources,$(b)))
OVERRIDES := $(foreach b,$(LINKED),$(filter-out $(call object,$(call backend_sources,$(b))),$(call backend_objects,$(b))))
KERNEL_OBJECTS := $(foreach k,$(KERNELS),$(call pb_kernel_objects,$(k),$(call kernel_dir,$(k))))
OBJECTS := $(call object,$(SOURCES)) $(OVERRIDES) $(KERNEL_OBJECTS) $(GEN)/registry_kernels.o $(GEN)/registry_backends.o \
	$(patsubst plots/%.gp,$(GEN)/plots/%.gp.o,$(PLOT_TEMPLATES)) $(patsubst cmd/%.css,$(GEN)/cmd/%.css.o,$(STYLE_SHEETS))
MODULE_FILES := $(foreach b,$(MODULES),$(BUILD)/parbench-$(b).so)
LIBS := $(CJSON_LIBS) $(HWLOC_LIBS) $(foreach b,$(LINKED),$($(b)_LDLIBS)) -ldl -lm
# -rdynamic: modules and plugins call back into the program.
LINK := $(CC) $(SAN_FLAGS) $(CFLAGS) $(LDFLAGS) -rdynamic

.PHONY: all run test unit-test lint plugin install clean FORCE
all: $(BUILD)/parbench $(MODULE_FILES) $(BUILD)/parbench.1 $(if $(filter build,$(BUILD)),parbench)

# Beside the sources stands a link: modules are found beside the real file.
parbench: $(BUILD)/parbench
	@ln -sf build/parbench $@

$(BUILD)/parbench: $(OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(OBJECTS) $(LIBS)

$(BUILD)/parbench.1: $(BUILD)/parbench
	@$(BUILD)/parbench help --man >$@

$(BUILD)/results/json.o: EXTRA_CFLAGS := $(CJSON_CFLAGS)
$(BUILD)/%.o: %.c | $(GENERATED_HEADERS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(or $(OWN_CC),$(CC)) $(PB_CPPFLAGS) $(BASE_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

$(foreach k,$(KERNELS),$(eval $(call pb_kernel_rules,$(k),$(call kernel_dir,$(k)))))

# A backend's own flags for its own files; a module links against nothing of parbench: the program provides it.
define backend_rules
$(patsubst %.c,$(BUILD)/%.o,$(call backend_sources,$(1))): EXTRA_CFLAGS := $($(1)_CFLAGS)
$(patsubst %.c,$(BUILD)/%.o,$(call backend_sources,$(1))): OWN_CC := $($(1)_CC)
# Another library than last time: made anew.
$(GEN)/library_$(1): FORCE
	@mkdir -p $$(@D)
	@echo '$($(1)_CC) $($(1)_CFLAGS) $($(1)_LDLIBS)' >$$@.new
	$$(replace)
$(call backend_objects,$(1)): $(GEN)/library_$(1)
$(BUILD)/parbench-$(1).so: $(call backend_objects,$(1)) $(GEN)/library_$(1)
	$$(call say,LINK,$$@)
	$$(Q)$(or $($(1)_CC),$(CC)) $(SAN_FLAGS) $(CFLAGS) $(LDFLAGS) -shared -o $$@ $$(filter %.o,$$^) $($(1)_LDLIBS)
endef

# $(call form_rules,BACKEND,FORM): the list of its kernels
define form_rules
$(GEN)/overrides_$(2).c: FORCE
	@mkdir -p $$(@D)
	@{ echo '#include "$(call form_header,$(1),$(2))"'; \
	   for k in $(call form_kernels,$(2)); do echo "extern const struct pb_override_$(2) pb_override_$$$${k}_$(2);"; done; \
	   echo 'const struct pb_override_$(2) *const pb_overrides_$(2)[] = {'; \
	   for k in $(call form_kernels,$(2)); do echo "    &pb_override_$$$${k}_$(2),"; done; echo '    NULL,'; echo '};'; } >$$@.new
	$$(replace)
$(GEN)/overrides_$(2).o: EXTRA_CFLAGS := $($(1)_CFLAGS)
$(GEN)/overrides_$(2).o: OWN_CC := $($(1)_CC)
endef

# $(call override_rule,BACKEND,KERNEL.FORM)
define override_rule
%/$(2).c: ;
$(call override_object,$(2)): $(call override_source,$(2)) $(BUILD)/kernels/$(basename $(2))/from | $(PB_GENERATED)
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$(or $($(1)_CC),$(CC)) $(PB_CPPFLAGS) -I$(dir $(call override_source,$(2))) $(BASE_CFLAGS) $($(1)_CFLAGS) -MMD -MP -c -o $$@ $$<
endef
$(foreach b,$(PRESENT),$(eval $(call backend_rules,$(b))) \
	$(foreach f,$(call forms,$(b)),$(eval $(call form_rules,$(b),$(f)))) \
	$(foreach o,$(call overrides,$(b)),$(eval $(call override_rule,$(b),$(o)))))

# ---- generated files: written anew each time, replaced only where they differ ----------------------

replace = @mkdir -p $(@D); cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(GEN)/isa_list.h: FORCE
	@mkdir -p $(@D)
	@{ printf '#define PB_ISA_LIST(X)'; printf ' X(%s)' scalar $(ISAS); \
	   printf '\n#define PB_ISA_EACH(X, a, b)'; printf ' X(a, b, %s)' scalar $(ISAS); \
	   printf '\n#define PB_SIMD_EACH(X, a, b)'; printf ' X(a, b, %s)' $(ISAS); echo; } >$@.new
	$(replace)

# What the compiler is told: when that changes, every object is made anew, so that the flags in a result file are those of
# the code that ran.
$(GEN)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(COMPILER) $(CFLAGS) $(SAN_FLAGS)' >$@.new
	$(replace)
$(OBJECTS) $(foreach b,$(MODULES),$(call object,$(call backend_sources,$(b)))): $(GEN)/flags

$(GEN)/version.h: FORCE
	@mkdir -p $(@D)
	@printf '#define %s "%s"\n' PB_VERSION '$(VERSION)' \
	  PB_GIT "$$(git describe --always --dirty --abbrev=10 2>/dev/null || echo unknown)" \
	  PB_COMPILER "$(COMPILER)" PB_CFLAGS '$(strip $(CFLAGS) $(SAN_FLAGS))' >$@.new
	$(replace)

$(GEN)/registry_kernels.c: FORCE
	@mkdir -p $(@D)
	@{ echo '#include "kernels/registry_table.h"'; \
	   for k in $(KERNELS); do echo "extern const struct pb_kernel pb_kernel_$$k;"; done; \
	   echo 'const struct pb_kernel *const pb_registry_kernels[] = {'; \
	   for k in $(KERNELS); do echo "    &pb_kernel_$$k,"; done; echo '    NULL,'; echo '};'; } >$@.new
	$(replace)

backend_entry = echo '    { &pb_backend_$(1), $(if $($(1)_ABSENT),"$($(1)_ABSENT)",NULL), $(if \
	$(filter $(1),$(MODULES)),"parbench-$(1).so",NULL), $(if $(filter $(1),$(LINKED)),&pb_backend_ops_$(1),NULL),'; \
	echo '      (const char *const[]){ $(foreach o,$(if $($(1)_ABSENT),,$(call overrides,$(1))),"$(o)",) NULL },' \
	'$(if $($(1)_ABSENT)$(if $($(1)_LIBRARY),,x),NULL,"$($(1)_LIBRARY)") },';
$(GEN)/registry_backends.c: FORCE
	@mkdir -p $(@D)
	@{ echo '#include "backends/registry_table.h"'; \
	   for b in $(BACKENDS); do echo "extern const struct pb_backend pb_backend_$$b;"; done; \
	   for b in $(LINKED); do echo "extern const struct pb_backend_ops pb_backend_ops_$$b;"; done; \
	   echo 'const struct pb_registry_backend pb_registry_backends[] = {'; \
	   $(foreach b,$(BACKENDS),$(call backend_entry,$(b))) echo '    { NULL, NULL, NULL, NULL, NULL, NULL },'; echo '};'; } >$@.new
	$(replace)

$(GEN)/%.o: $(GEN)/%.c | $(GENERATED_HEADERS)
	$(Q)$(or $(OWN_CC),$(CC)) $(PB_CPPFLAGS) $(BASE_CFLAGS) $(EXTRA_CFLAGS) -Wno-overlength-strings -MMD -MP -c -o $@ $<

$(GEN)/plots/%.gp.c: plots/%.gp
	@mkdir -p $(@D)
	@$(call pb_embed,pb_plot_$*_gp,$<,$@)
$(GEN)/plots/%.gp.o: $(GEN)/plots/%.gp.c
	$(Q)$(CC) $(PB_CPPFLAGS) $(BASE_CFLAGS) -Wno-overlength-strings -c -o $@ $<

$(GEN)/cmd/%.css.c: cmd/%.css
	@mkdir -p $(@D)
	@$(call pb_embed,pb_$*_css,$<,$@)
$(GEN)/cmd/%.css.o: $(GEN)/cmd/%.css.c
	$(Q)$(CC) $(PB_CPPFLAGS) $(BASE_CFLAGS) -Wno-overlength-strings -c -o $@ $<

# Kept, so that a second make has nothing to do.
.SECONDARY:

# ---- use ------------------------------------------------------------------------------------------

run: all
	./quickstart --no-install

# $(call build_plugin,FOLDER)
build_plugin = mkdir -p $(BUILD)/plugins && $(MAKE) --no-print-directory -f kernels/plugin.mk DIR='$(1)' \
	OUT=$(BUILD)/plugins PB_TREE_GEN=$(GEN) BUILD=$(BUILD)/plugins/$(notdir $(patsubst %/,%,$(1))).build \
	CFLAGS='$(CFLAGS) $(SAN_FLAGS)'
plugin: $(GENERATED_HEADERS)
	@$(call build_plugin,$(DIR))

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/parbench $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/parbench $(DESTDIR)$(PREFIX)/include/parbench/kernels $(DESTDIR)$(PREFIX)/include/parbench/backends/simd
	install $(BUILD)/parbench $(DESTDIR)$(PREFIX)/bin/parbench
	$(if $(MODULE_FILES),install -m 644 $(MODULE_FILES) $(DESTDIR)$(PREFIX)/lib/parbench)
	install -m 644 $(BUILD)/parbench.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 kernels/kernel.mk kernels/plugin.mk backends/simd/isa.mk results/schema.json results/compare-schema.json $(DESTDIR)$(PREFIX)/share/parbench
	install -m 644 $(GEN)/isa_list.h $(DESTDIR)$(PREFIX)/include/parbench
	install -m 644 kernels/kernel.h $(DESTDIR)$(PREFIX)/include/parbench/kernels
	install -m 644 backends/simd/vec*.h $(DESTDIR)$(PREFIX)/include/parbench/backends/simd

clean:
	rm -rf build parbench

include tests/tests.mk
include tests/evidence/gate.mk
include tests/evidence/crossover.mk
include tests/evidence/compare_speed.mk
include tests/evidence/overhead.mk
include tests/evidence/peers.mk
include .ci/lint.mk

-include $(OBJECTS:.o=.d) $(foreach b,$(MODULES),$(patsubst %.o,%.d,$(call backend_objects,$(b))))
