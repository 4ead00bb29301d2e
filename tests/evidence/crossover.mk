# crossover.mk - make bench-crossover: the evidence for crossovers, as tables in docs/evidence/crossover.md.
#
# Half an hour to an hour, on a machine that does nothing else. Each part can be run alone, and takes up where it was
# interrupted: a run that is in CROSSOVER_DIR is not measured again. make bench-crossover-agree N=2 is a quick look.

CROSSOVER_DIR ?= $(EVIDENCE_DIR)/crossover
CROSSOVER_PAGE ?= docs/evidence/crossover.md
CROSSOVER_PARTS := sim agree exhaustive recommend report
CROSSOVER_SIMULATOR := $(BUILD)/tests/simulate/crossover
SIM_RUNS ?= 1000
AGREE_KERNELS ?= saxpy reduce matmul
AGREE_ARGS ?= -b scalar,simd,openmp -t f32 --quick --rounds 3 --time-limit 4min --no-canaries
REPEATS ?= 2
# Every size: step, last; the search: where its sweep looks.
SAXPY_STEP ?= 64
SAXPY_LAST ?= 262144
SAXPY_SWEEP ?= 64..256Ki*4
MATMUL_STEP ?= 1
MATMUL_LAST ?= 1024
MATMUL_SWEEP ?= 1..1024*4
# What is recommended from the first run of agree, at so many random sizes of each kernel.
ADVICE_SIZES ?= 50
ADVICE_SEED ?= 1

empty :=
agree_list = $(subst $(empty) $(empty),$(comma),$(strip $(AGREE_KERNELS)))
KEEP_RUN := tests/evidence/keep_run.sh

.PHONY: bench-crossover $(addprefix bench-crossover-,$(CROSSOVER_PARTS))
# One after the other, whatever -j says: they would measure each other.
bench-crossover:
	+@for part in $(CROSSOVER_PARTS); do $(MAKE) --no-print-directory bench-crossover-$$part || exit; done

# The search on arms of known cost: nothing is measured.
bench-crossover-sim: $(CROSSOVER_SIMULATOR)
	@mkdir -p $(CROSSOVER_DIR)
	@file=$(CROSSOVER_DIR)/sim-$(SIM_RUNS).md; [ -s $$file ] || \
	  { nice -n 19 $< --runs $(SIM_RUNS) --seed 1 >$$file.part && mv $$file.part $$file; } && cat $$file

# The same run again and again.
bench-crossover-agree: all
	@for i in $$(seq -f %04g $(or $(N),8)); do \
	  $(KEEP_RUN) $(CROSSOVER_DIR)/agree/$$i $(BUILD)/parbench -k $(agree_list) $(AGREE_ARGS) || exit; done

# Against trying every size, as GPU-BLOB does.
every = tests/evidence/exhaustive.sh $(CROSSOVER_DIR)/exhaustive-$(1) $(REPEATS) $(BUILD)/parbench $(1) simd,openmp
bench-crossover-exhaustive: all
	@$(call every,saxpy) $(SAXPY_STEP) $(SAXPY_LAST) '$(SAXPY_SWEEP)'
	@$(call every,matmul) $(MATMUL_STEP) $(MATMUL_LAST) '$(MATMUL_SWEEP)'

# What parbench recommend says, measured afterwards.
ADVICE_FROM := $(CROSSOVER_DIR)/agree/0001.json
bench-crossover-recommend: all $(EVIDENCE)/crossover-advice
	@[ -s $(ADVICE_FROM) ] || { echo "$(ADVICE_FROM) is missing: make bench-crossover-agree" >&2; exit 2; }
	@for kernel in $(AGREE_KERNELS); do \
	  sizes=$$($(EVIDENCE)/crossover-advice sizes $(ADVICE_FROM) $$kernel $(ADVICE_SIZES) $(ADVICE_SEED)) || exit; \
	  $(KEEP_RUN) $(CROSSOVER_DIR)/recommend/$$kernel $(BUILD)/parbench -k $$kernel $(AGREE_ARGS) --no-refine -s $$sizes || exit; \
	done

bench-crossover-report: $(addprefix $(EVIDENCE)/crossover-,agree exhaustive advice)
	@tests/evidence/crossover_report.sh $(CROSSOVER_DIR) $(BUILD) $(CROSSOVER_PAGE)

# ---- its programs ----------------------------------------------------------------------------------

$(EVIDENCE)/crossover-agree: $(addprefix $(EVIDENCE)/,crossings.o runs.o kept.o binomial.o)
$(EVIDENCE)/crossover-exhaustive: $(addprefix $(EVIDENCE)/,exhaustive.o runs.o kept.o)
$(EVIDENCE)/crossover-advice: $(addprefix $(EVIDENCE)/,advice.o runs.o kept.o binomial.o)
$(CROSSOVER_SIMULATOR): $(CROSSOVER_SIMULATOR).o
CROSSOVER_TOOLS := $(addprefix $(EVIDENCE)/crossover-,agree exhaustive advice) $(CROSSOVER_SIMULATOR)
$(CROSSOVER_TOOLS): $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LIBS)

# They are tested with the rest.
test: $(CROSSOVER_TOOLS)

-include $(addprefix $(EVIDENCE)/,crossings.d exhaustive.d advice.d runs.d) $(CROSSOVER_SIMULATOR).d
