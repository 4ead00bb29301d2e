# tests.mk - make test: every tests/unit/*_test.c is a program, every tests/cli/*.sh a script.

CMOCKA_CFLAGS := $(shell pkg-config --cflags cmocka 2>/dev/null)
CMOCKA_LIBS := $(or $(shell pkg-config --libs cmocka 2>/dev/null),-lcmocka)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*_test.c))
TEST_PLUGINS := $(notdir $(patsubst %/,%,$(wildcard tests/plugins/*/)))

# The longest first: two run at a time, and the last one should not run alone.
LONG_TESTS := $(wildcard $(addprefix tests/cli/,$(addsuffix _test.sh,verify tune run clblast absent extend ab ci_example)))
CLI_TESTS := $(LONG_TESTS) $(filter-out $(LONG_TESTS),$(sort $(wildcard tests/cli/*.sh)))

test: all $(UNIT_TESTS) test-plugins
	@BUILD=$(BUILD) CC='$(CC)' tests/run-tests $(CLI_TESTS) $(UNIT_TESTS)

unit-test: all $(UNIT_TESTS)
	@BUILD=$(BUILD) CC='$(CC)' tests/run-tests $(UNIT_TESTS)

# Kernels that are wrong on purpose; each has to be caught.
.PHONY: test-plugins
test-plugins: $(foreach p,$(TEST_PLUGINS),test-plugin-$(p))
test-plugin-%: | $(BUILD)/parbench $(GENERATED_HEADERS)
	+@$(call build_plugin,tests/plugins/$*) >/dev/null

$(BUILD)/tests/%.o: tests/unit/%.c | $(GENERATED_HEADERS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(PB_CPPFLAGS) $(BASE_CFLAGS) $(CMOCKA_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/tests/%_test: $(BUILD)/tests/%_test.o $(OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter-out $(BUILD)/cmd/main.o,$(filter %.o,$^)) $(CMOCKA_LIBS) $(LIBS)

-include $(UNIT_TESTS:=.d)

# 64-bit Arm under an emulator; apart from make test, since it needs a cross compiler.
.PHONY: test-aarch64
test-aarch64:
	tests/aarch64.sh

# Is parbench itself slower than at the revision BASE? PERF_ARGS: options of parbench ab. make ends with 2 whatever went
# wrong; the last line, or the script's own exit status, says which.
.PHONY: perf-check
perf-check:
	+@BUILD='$(BUILD)/perf-check' CC='$(CC)' CFLAGS='$(CFLAGS)' WITHOUT='$(WITHOUT)' .ci/perf-check '$(BASE)' $(PERF_ARGS)
