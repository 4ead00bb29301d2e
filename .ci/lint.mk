# lint.mk - make lint: the rules of the house, the form of the code, and what static checkers find.
#
# Each part can be run alone: make lint-rules, lint-headers, lint-format, lint-tidy, lint-cppcheck, lint-shell.

# What clang-tidy reads: the product. Tests, and kernel bodies (they mean nothing without one ISA's flags), are held to
# the compilers' warnings and to the form.
LINT_SOURCES = $(SOURCES) $(foreach b,$(MODULES),$(call backend_sources,$(b))) \
	$(foreach k,$(KERNELS),$(call kernel_dir,$(k))/$(k).c) \
	$(foreach b,$(PRESENT),$(foreach o,$(call overrides,$(b)),$(call override_source,$(o))))
LINT_TEXT = $(filter-out build/%,$(wildcard */*.[ch] */*/*.[ch] tests/plugins/*/*.[ch] docs/examples/*/*.[ch]))
LINT_HEADERS = $(filter-out backends/simd/vec_%.h,$(wildcard */*.h kernels/*/*.h backends/*/*.h))
# mpicc knows where mpi.h is; the linters want it in words (Open MPI says so with one option, MPICH with another).
LINT_MPI = $(shell mpicc --showme:compile 2>/dev/null || mpicc -compile_info 2>/dev/null | tr ' ' '\n' | grep '^-I')
LINT_FLAGS = $(PB_CPPFLAGS) -std=c11 -ffp-contract=off $(WARNINGS) $(CJSON_CFLAGS) $(CMOCKA_CFLAGS)

.PHONY: lint lint-rules lint-headers lint-format lint-tidy lint-cppcheck lint-shell
lint: lint-rules lint-headers lint-format lint-shell lint-cppcheck lint-tidy
	@echo "lint: clean"

lint-rules:
	.ci/lint-rules

# Every header compiles alone: whoever includes it needs to know of no other.
lint-headers: $(GENERATED_HEADERS)
	@for h in $(LINT_HEADERS); do \
	  extra=; case $$h in backends/mpi/*) extra="$(LINT_MPI)";; backends/opencl/*) extra="$(opencl_CFLAGS)";; \
	  backends/blas/override.h) [ -z "$(blas_ABSENT)" ] || continue; extra="$(blas_CFLAGS)";; \
	  *.simd.h|*/vec.h) extra="-DPB_VEC_generic=1 -DPB_REAL_BITS=32 -DREAL=float";; \
	  kernels/*/*) extra="-I$$(dirname $$h)";; esac; \
	  printf '#include "%s"\nextern int pb_translation_unit;\n' $$h | \
	    $(CC) $(LINT_FLAGS) -Werror -Wno-unused-function $$extra -fsyntax-only -x c - || exit 1; done

# It leaves comments as they are, so their width is looked at apart.
lint-format:
	clang-format --dry-run -Werror $(LINT_TEXT)
	@! LC_ALL=C.UTF-8 grep -nE '^.{91,}' $(LINT_TEXT)

lint-shell:
	shellcheck quickstart tests/run-tests .ci/run .ci/lint-rules .ci/perf-check $(wildcard tests/cli/*.sh tests/*.sh tests/evidence/*.sh)

lint-cppcheck: $(GENERATED_HEADERS)
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -j 2 -D_GNU_SOURCE -I. -I$(GEN) \
	  --enable=warning,performance,portability --suppress=missingIncludeSystem --suppress=unmatchedSuppression \
	  --suppress=internalAstError cmd measure kernels/*.c backends results plots

# One file per call: with several, clang-tidy 14 takes every va_list of the second one for uninitialised. Its count of
# warnings in system headers is no finding; all else it says is shown when it fails, a missing tool included.
lint-tidy: $(GENERATED_HEADERS)
	@printf '%s\n' $(LINT_SOURCES) | xargs -P 2 -n 1 sh -c 'said=$$(clang-tidy --quiet "$$1" -- $(LINT_FLAGS) \
	  $(LINT_MPI) $(opencl_CFLAGS) $(blas_CFLAGS) -fopenmp -I"$${1%/*}" 2>&1) || { echo "$$said" | grep -v "^[0-9]* warnings* generated" >&2; exit 1; }' lint
