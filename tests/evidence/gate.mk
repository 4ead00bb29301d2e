# gate.mk - make bench-gate: the evidence for the regression gate, as tables in docs/evidence/gate.md.
#
# Hours, on a machine that does nothing else. Each part can be run alone, and takes up where it was interrupted: a session
# that is in EVIDENCE_DIR is not measured again. make bench-gate-aa N=2 is a quick look.

EVIDENCE_DIR ?= $(BUILD)/evidence
SESSIONS ?= 10000
REBUILDS ?= 10
N ?=
GATE_PAGE ?= docs/evidence/gate.md
EVIDENCE := $(BUILD)/tests/evidence
SIMULATOR := $(BUILD)/tests/simulate/gate
GATE_PARTS := sim aa planted rebuild same unpaired report
LIBRARY_OBJECTS := $(filter-out $(BUILD)/cmd/main.o,$(OBJECTS))

.PHONY: bench-gate $(addprefix bench-gate-,$(GATE_PARTS))
# One after the other, whatever -j says: they would measure each other.
bench-gate:
	+@for part in $(GATE_PARTS); do $(MAKE) --no-print-directory bench-gate-$$part || exit; done

# The rule on simulated sessions: JOBS=1 keeps to one core.
bench-gate-sim: $(SIMULATOR)
	@tests/evidence/simulate.sh $(EVIDENCE_DIR)/sim $(SESSIONS) $(SIMULATOR)

sessions = HOG=$(EVIDENCE)/hog tests/evidence/sessions.sh $(EVIDENCE_DIR)/$(1)
# One binary twice, beside a neighbour that keeps a core half busy.
bench-gate-aa: all $(EVIDENCE)/hog
	@$(call sessions,aa) $(or $(N),100) $(BUILD)/parbench $(BUILD)/parbench

# The same, with one point of the new side made slower.
bench-gate-planted: all $(EVIDENCE)/hog
	@$(call sessions,planted-5) $(or $(N),60) $(BUILD)/parbench $(BUILD)/parbench 0.05
	@$(call sessions,planted-10) $(or $(N),60) $(BUILD)/parbench $(BUILD)/parbench 0.10

# The same objects, linked in another order: the code lies elsewhere, and nothing is slower.
bench-gate-rebuild: all $(EVIDENCE)/hog $(foreach i,$(shell seq $(REBUILDS)),$(EVIDENCE)/order-$(i)/parbench)
	@$(call sessions,rebuild) $(REBUILDS) $(BUILD)/parbench $(EVIDENCE)/order-@/parbench

$(EVIDENCE)/order-%/parbench: $(OBJECTS) $(BUILD)/parbench
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $$(printf '%s\n' $(OBJECTS) | \
	  awk -v seed=$* 'BEGIN { srand(seed) } { print rand(), $$0 }' | sort -n | cut -d ' ' -f 2) $(LIBS)
	@! cmp -s $@ $(BUILD)/parbench || { echo "$@: the order of the objects made no difference" >&2; exit 1; }

bench-gate-same: all
	@mkdir -p $(EVIDENCE_DIR)
	@tests/evidence/same.sh $(BUILD)/parbench $(addprefix $(EVIDENCE_DIR)/,aa planted-5 planted-10 rebuild) \
	  >$(EVIDENCE_DIR)/same.md.part && mv $(EVIDENCE_DIR)/same.md.part $(EVIDENCE_DIR)/same.md && \
	  cat $(EVIDENCE_DIR)/same.md

bench-gate-unpaired: all
	@mkdir -p $(EVIDENCE_DIR)
	@tests/evidence/unpaired.sh $(BUILD)/parbench $(EVIDENCE_DIR)/aa \
	  >$(EVIDENCE_DIR)/unpaired.md.part && mv $(EVIDENCE_DIR)/unpaired.md.part $(EVIDENCE_DIR)/unpaired.md && \
	  cat $(EVIDENCE_DIR)/unpaired.md

bench-gate-report: $(EVIDENCE)/gate-summary $(EVIDENCE)/gate-rivals $(SIMULATOR)
	@tests/evidence/report.sh $(EVIDENCE_DIR) $(BUILD) $(GATE_PAGE)

# ---- its programs ----------------------------------------------------------------------------------

$(EVIDENCE)/gate-summary: $(addprefix $(EVIDENCE)/,summary.o kept.o binomial.o)
$(EVIDENCE)/gate-rivals: $(addprefix $(EVIDENCE)/,rivals.o kept.o binomial.o ranks.o)
$(SIMULATOR): $(SIMULATOR).o
$(EVIDENCE)/gate-summary $(EVIDENCE)/gate-rivals $(SIMULATOR): $(LIBRARY_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LIBS)
$(EVIDENCE)/hog: $(EVIDENCE)/hog.o
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $<

# They are tested with the rest.
test: $(addprefix $(EVIDENCE)/,gate-summary gate-rivals hog)
$(BUILD)/tests/evidence_test: $(addprefix $(EVIDENCE)/,binomial.o ranks.o)

-include $(addprefix $(EVIDENCE)/,summary.d rivals.d kept.d binomial.d ranks.d hog.d) $(SIMULATOR).d
