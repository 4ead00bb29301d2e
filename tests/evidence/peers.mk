# peers.mk - make bench-peers: parbench beside what Debian's packages offer, as tables in docs/evidence/peers.md.
#
# About an hour, on a machine that does nothing else. Each part can be run alone, and takes up where it was interrupted:
# a group that is in PEERS_DIR is not measured again; remove the folder to begin anew. What is not installed is named in the
# tables: make bench-peers-install says how to get it. make bench-peers-mpi QUICK=yes is a quick look, which leaves folder and
# page alone.

QUICK ?=
PEERS_DIR ?= $(EVIDENCE_DIR)/peers$(if $(QUICK),-quick)
PEERS_PAGE ?= docs/evidence/peers.md
PEERS_PARTS := matmul isa stream opencl mpi
PEERS_PACKAGES := libopenblas-dev libblis-dev libclblast-dev likwid libbenchmark-dev g++ pocl-opencl-icd openmpi-bin

.PHONY: bench-peers bench-peers-install bench-peers-overhead bench-peers-report $(addprefix bench-peers-,$(PEERS_PARTS))
# One after the other, whatever -j says: they would measure each other.
bench-peers:
	+@for part in $(PEERS_PARTS) overhead; do $(MAKE) --no-print-directory bench-peers-$$part || exit; done

bench-peers-install:
	@echo 'apt-get install $(PEERS_PACKAGES), then make clean and make'

PEERS_TOOLS := $(addprefix $(EVIDENCE)/peers-,measure side table)
# Those that need more than a C compiler; where it lacks, the tables say so.
PEERS_OPTIONAL := $(if $(shell pkg-config --exists benchmark 2>/dev/null && command -v $(CXX)),$(EVIDENCE)/peers-gbench) \
	$(if $(mpi_ABSENT),,$(EVIDENCE)/peers-mpi)

$(addprefix bench-peers-,$(PEERS_PARTS)): bench-peers-%: all $(PEERS_TOOLS) $(PEERS_OPTIONAL)
	@QUICK='$(QUICK)' tests/evidence/peers.sh $* $(PEERS_DIR) $(BUILD)
	@$(if $(QUICK),$(EVIDENCE)/peers-table $(PEERS_DIR)/$*/*.group,tests/evidence/peers_report.sh $(PEERS_DIR) $(BUILD) $(PEERS_PAGE) $*)

# What the empty kernel costs: tests/evidence/overhead.mk.
bench-peers-overhead: all $(OVERHEAD_TOOLS) $(PEERS_TOOLS)
	@mkdir -p $(PEERS_DIR)
	+@[ -s $(PEERS_DIR)/overhead.md ] || { $(MAKE) -s --no-print-directory bench-overhead >$(PEERS_DIR)/overhead.md.part && \
	  mv $(PEERS_DIR)/overhead.md.part $(PEERS_DIR)/overhead.md; }
	@tests/evidence/peers_report.sh $(PEERS_DIR) $(BUILD) $(PEERS_PAGE)

bench-peers-report: $(PEERS_TOOLS)
	@tests/evidence/peers_report.sh $(PEERS_DIR) $(BUILD) $(PEERS_PAGE) $(PEERS_PARTS)

# ---- its programs ----------------------------------------------------------------------------------

peers_objects = $(patsubst %,$(EVIDENCE)/peers_%.o,$(1))
$(EVIDENCE)/peers-measure: $(call peers_objects,measure arm arm_parbench arm_side words file)
$(EVIDENCE)/peers-side: $(call peers_objects,side blas loop_side likwid gbench output words loops)
$(EVIDENCE)/peers-table: $(call peers_objects,table file pairs)
$(PEERS_TOOLS): $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LIBS)

# As anybody would build them, whether the compiler finds vectors in them or not (clang says so). Not every compiler knows
# -march=native everywhere; it is asked only when they are built.
PEERS_LOOPS_CFLAGS = -O3 $(shell $(CC) -march=native -E -x c /dev/null >/dev/null 2>&1 && echo -march=native) \
	$(if $(openmp_ABSENT),-Wno-unknown-pragmas,-fopenmp)
$(EVIDENCE)/peers_loops.o: tests/evidence/peers_loops.c | $(GENERATED_HEADERS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=c11 $(PB_CPPFLAGS) $(WARNINGS) -Wno-pass-failed $(PEERS_LOOPS_CFLAGS) -MMD -MP -c -o $@ $<
$(EVIDENCE)/peers_loop_side.o: EXTRA_CFLAGS = -DPB_LOOP_COMPILER='"$(COMPILER) $(strip $(PEERS_LOOPS_CFLAGS))"'
$(EVIDENCE)/peers_gbench_loops.o: tests/evidence/peers_gbench_loops.cpp
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) -std=c++17 -O2 -Wall -Wextra -I. -MMD -MP -c -o $@ $<
# The compiler of the loops knows which OpenMP they want.
$(EVIDENCE)/peers-gbench: $(call peers_objects,gbench_loops loops)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(if $(openmp_ABSENT),,$(openmp_LDLIBS)) -lbenchmark -lstdc++ -lm -pthread
$(EVIDENCE)/peers-mpi: tests/evidence/peers_mpi.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(mpi_CC) -std=c11 -D_GNU_SOURCE -O2 $(WARNINGS) -o $@ $<

# They are tested with the rest.
test: $(PEERS_TOOLS)
$(BUILD)/tests/peers_test: $(call peers_objects,pairs file words)

-include $(patsubst %.o,%.d,$(call peers_objects,measure arm arm_parbench arm_side words file side blas loop_side likwid gbench output \
	gbench_loops loops table pairs))
