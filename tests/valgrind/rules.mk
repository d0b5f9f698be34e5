# Memcheck over the scenarios and over the programs named in programs.txt;
# needs valgrind. VALGRIND_PROGRAMS: names to take instead; see README.md.
VALGRIND_PROGRAMS ?= $(shell grep -v '^\#' \
	$(srcdir)/tests/valgrind/programs.txt)
valgrind_unknown = $(filter-out $(patsubst tests/unit/check_%.c,%, \
	$(call found,tests/unit/check_*.c)),$(VALGRIND_PROGRAMS))
valgrind: $(SCENARIO) $(filter $(VALGRIND_PROGRAMS:%=obj/tests/unit/check_%), \
	$(UNIT))
	$(if $(valgrind_unknown),@echo 'no test: $(valgrind_unknown)'; exit 1)
	@$(TEST_ENV) sh $(srcdir)/tests/valgrind/run.sh $(abspath $(srcdir)) \
		'$(SANITIZE)' $^
.PHONY: valgrind
