# kernel.mk - how a kernel's folder becomes objects; used by the Makefile for the tree and by plugin.mk for a plugin.
#
# Needs: BUILD, PB_CPPFLAGS (where the headers are), ISAS and CFLAGS_<isa> (backends/simd/isa.mk), PB_KERNEL_CFLAGS.
# The suffix decides how a file is compiled:
#   NAME.c         once
#   NAME.launch.c  once: the geometry of NAME.cl, where that is too much for NAME.c
#   NAME.scalar.c  once per data type, vectorisation off: "scalar" has to mean it
#   NAME.scalar.VARIANT.c  likewise
#   NAME.simd.c    once per ISA and data type
#   NAME.simd.VARIANT.c    likewise
#   NAME.cl        turned into the C string NAME_cl

PB_DTYPES := f32 f64
PB_REAL_f32 := -DREAL=float -DPB_REAL_BITS=32
PB_REAL_f64 := -DREAL=double -DPB_REAL_BITS=64
# gcc -O3 and clang -O2 vectorise plain loops; clang takes gcc's names for these two.
PB_NO_VECTOR := -fno-tree-vectorize -fno-tree-slp-vectorize
# A body starts on a cache line: otherwise the order of linking decides where its loop lies within one, and a short loop
# can be a third slower for that alone (make bench-gate-rebuild).
PB_ALIGN := -falign-functions=64

# A text file as a C string: $(call pb_embed,SYMBOL,IN,OUT)
define pb_embed
{ printf 'extern const char $(1)[];\nconst char $(1)[] =\n'; \
  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/	/\\t/g' -e 's/^/    "/' -e 's/$$/\\n"/' $(2); echo '    "";'; } >$(3)
endef

# $(call pb_kernel_variants,NAME,FOLDER,KIND): what stands for VARIANT in its NAME.KIND.VARIANT.c; KIND: scalar, simd
pb_kernel_variants = $(sort $(patsubst $(2)/$(1).$(3).%.c,%,$(wildcard $(2)/$(1).$(3).*.c)))

# $(call pb_kernel_objects,NAME,FOLDER): the objects that the folder's files give
pb_kernel_objects = $(BUILD)/kernels/$(1)/$(1).o \
	$(if $(wildcard $(2)/$(1).launch.c),$(BUILD)/kernels/$(1)/$(1).launch.o) \
	$(if $(wildcard $(2)/$(1).scalar.c),$(foreach d,$(PB_DTYPES),$(BUILD)/kernels/$(1)/$(1).$(d).scalar.o)) \
	$(foreach v,$(call pb_kernel_variants,$(1),$(2),scalar),$(foreach d,$(PB_DTYPES),$(BUILD)/kernels/$(1)/$(1).$(d).scalar.$(v).o)) \
	$(if $(wildcard $(2)/$(1).simd.c),$(foreach d,$(PB_DTYPES),$(foreach i,$(ISAS),$(BUILD)/kernels/$(1)/$(1).$(d).$(i).o))) \
	$(foreach v,$(call pb_kernel_variants,$(1),$(2),simd),$(foreach d,$(PB_DTYPES),$(foreach i,$(ISAS),$(BUILD)/kernels/$(1)/$(1).$(d).$(i).$(v).o))) \
	$(if $(wildcard $(2)/$(1).cl),$(BUILD)/kernels/$(1)/$(1).cl.o)

.PHONY: FORCE

# $(eval $(call pb_kernel_rules,NAME,FOLDER)); objects are named by kernel, type and ISA, never by the source's path. The
# file "from" says which folder and flags they were made from: another folder of the same name makes them anew.
#
# A folder that moved or went away is still named in the dependencies that its objects wrote down: the empty rule says that what
# is not there any more needs no making, and the object is then made anew from the place that its own rule names.
define pb_kernel_rules
%/$(1).c %/$(1).h %/$(1).launch.c %/$(1).scalar.c %/$(1).simd.c: ;
$(BUILD)/kernels/$(1)/from: FORCE
	@mkdir -p $$(@D)
	@echo '$(2) $$(CC) $$(CFLAGS) $(SAN_FLAGS)' | cmp -s - $$@ || echo '$(2) $$(CC) $$(CFLAGS) $(SAN_FLAGS)' >$$@
$(call pb_kernel_objects,$(1),$(2)): $(BUILD)/kernels/$(1)/from
$(BUILD)/kernels/$(1)/$(1).o $(BUILD)/kernels/$(1)/$(1).launch.o: $(BUILD)/kernels/$(1)/%.o: $(2)/%.c | $(PB_GENERATED)
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$$(CC) $(PB_CPPFLAGS) -I$(2) $(PB_KERNEL_CFLAGS) -MMD -MP -c -o $$@ $$<
$(foreach d,$(PB_DTYPES),
$(BUILD)/kernels/$(1)/$(1).$(d).scalar.o: $(2)/$(1).scalar.c | $(PB_GENERATED)
	@mkdir -p $$(@D)
	$$(call say,CC,$$< $(d))
	$$(Q)$$(CC) $(PB_CPPFLAGS) -I$(2) $(PB_KERNEL_CFLAGS) $(PB_ALIGN) $(PB_NO_VECTOR) $(PB_REAL_$(d)) -DPB_DTYPE=$(d) -DPB_ISA=scalar -MMD -MP -c -o $$@ $$<
$(foreach v,$(call pb_kernel_variants,$(1),$(2),scalar),
$(BUILD)/kernels/$(1)/$(1).$(d).scalar.$(v).o: $(2)/$(1).scalar.$(v).c | $(PB_GENERATED)
	@mkdir -p $$(@D)
	$$(call say,CC,$$< $(d))
	$$(Q)$$(CC) $(PB_CPPFLAGS) -I$(2) $(PB_KERNEL_CFLAGS) $(PB_ALIGN) $(PB_NO_VECTOR) $(PB_REAL_$(d)) -DPB_DTYPE=$(d) -DPB_ISA=scalar -MMD -MP -c -o $$@ $$<
)
$(foreach i,$(ISAS),
$(BUILD)/kernels/$(1)/$(1).$(d).$(i).o: $(2)/$(1).simd.c | $(PB_GENERATED)
	@mkdir -p $$(@D)
	$$(call say,CC,$$< $(d) $(i))
	$$(Q)$$(CC) $(PB_CPPFLAGS) -I$(2) $(PB_KERNEL_CFLAGS) $(PB_ALIGN) $(CFLAGS_$(i)) $(PB_REAL_$(d)) -DPB_DTYPE=$(d) -DPB_ISA=$(i) -DPB_VEC_$(i)=1 -MMD -MP -c -o $$@ $$<
$(foreach v,$(call pb_kernel_variants,$(1),$(2),simd),
$(BUILD)/kernels/$(1)/$(1).$(d).$(i).$(v).o: $(2)/$(1).simd.$(v).c | $(PB_GENERATED)
	@mkdir -p $$(@D)
	$$(call say,CC,$$< $(d) $(i))
	$$(Q)$$(CC) $(PB_CPPFLAGS) -I$(2) $(PB_KERNEL_CFLAGS) $(PB_ALIGN) $(CFLAGS_$(i)) $(PB_REAL_$(d)) -DPB_DTYPE=$(d) -DPB_ISA=$(i) -DPB_VEC_$(i)=1 -MMD -MP -c -o $$@ $$<
)))
$(BUILD)/kernels/$(1)/$(1).cl.c: $(2)/$(1).cl $(BUILD)/kernels/$(1)/from
	@mkdir -p $$(@D)
	@$$(call pb_embed,$(1)_cl,$$<,$$@)
$(BUILD)/kernels/$(1)/$(1).cl.o: $(BUILD)/kernels/$(1)/$(1).cl.c
	$$(Q)$$(CC) $(PB_CPPFLAGS) $(PB_KERNEL_CFLAGS) -Wno-overlength-strings -c -o $$@ $$<
endef
