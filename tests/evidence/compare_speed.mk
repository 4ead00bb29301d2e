# compare_speed.mk - how long parbench compare takes for large files, and how much memory: a table in Markdown.

# ROUNDSxSAMPLES of each of the POINTS points; REPEATS runs of each, in turn.
POINTS ?= 10000
SHAPES ?= 3x3 12x15 12x31
REPEATS ?= 7
COMPARE_FILES := $(BUILD)/tests/evidence/compare_files

.PHONY: bench-compare
bench-compare: $(BUILD)/parbench $(COMPARE_FILES)
	@PARBENCH=$(BUILD)/parbench COMPARE_FILES=$(COMPARE_FILES) POINTS=$(POINTS) REPEATS=$(REPEATS) \
	  tests/evidence/compare_speed.sh $(SHAPES)

$(COMPARE_FILES).o: tests/evidence/compare_files.c | $(GENERATED_HEADERS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(PB_CPPFLAGS) $(BASE_CFLAGS) -MMD -MP -c -o $@ $<
$(COMPARE_FILES): $(COMPARE_FILES).o $(OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $< $(filter-out $(BUILD)/cmd/main.o,$(OBJECTS)) $(LIBS)
