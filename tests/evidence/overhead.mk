# overhead.mk - make bench-overhead: what the empty kernel costs beside doing nothing without parbench, as a table in Markdown.
#
# A minute or two. Workers: those of OVERHEAD_WORKERS, 0 for as many as there are cores.

OVERHEAD_WORKERS ?= 0
overhead_pairs := core:scalar core:simd $(if $(openmp_ABSENT),,openmp:openmp) $(if $(opencl_ABSENT),,opencl:opencl) \
	$(if $(mpi_ABSENT),,mpi:mpi)
OVERHEAD_TOOLS := $(addprefix $(EVIDENCE)/overhead-,$(sort $(foreach p,$(overhead_pairs),$(firstword $(subst :, ,$(p))))))

# The threads of OpenMP spin on both sides; what a region costs where they sleep is the operating system's.
.PHONY: bench-overhead
bench-overhead: all $(OVERHEAD_TOOLS)
	@echo '| backend | workers | bare | bare, ns | null, ns | least | null / bare | quartiles |'
	@echo '|---|---|---|---|---|---|---|---|'
	@for pair in $(overhead_pairs); do backend=$${pair#*:}; workers=1; \
	  case $$backend in openmp|mpi) workers=$(OVERHEAD_WORKERS) ;; esac; \
	  OMP_WAIT_POLICY=active PARBENCH_MODULES=$(abspath $(BUILD)) \
	    $(EVIDENCE)/overhead-$${pair%:*} $$backend $$workers || exit; done

$(EVIDENCE)/overhead-%: $(EVIDENCE)/overhead.o $(EVIDENCE)/overhead_%.o $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(or $(OWN_CC),$(CC)) $(SAN_FLAGS) $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $(filter %.o,$^) $(LIBS) $(OWN_LIBS)
# Private: what they are made of, the library's objects above all, is compiled as ever.
$(EVIDENCE)/overhead_openmp.o: EXTRA_CFLAGS := $(openmp_CFLAGS)
$(EVIDENCE)/overhead_opencl.o: EXTRA_CFLAGS := $(opencl_CFLAGS)
$(EVIDENCE)/overhead-opencl: private OWN_LIBS := $(opencl_LDLIBS)
$(EVIDENCE)/overhead_mpi.o $(EVIDENCE)/overhead-mpi: private OWN_CC := $(mpi_CC)

# They are tested with the rest.
test: $(OVERHEAD_TOOLS)

-include $(addprefix $(EVIDENCE)/,overhead.d $(foreach o,core openmp opencl mpi,overhead_$(o).d))
