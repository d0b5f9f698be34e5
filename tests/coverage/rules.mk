# Lines, branches and conditions (MC/DC) of lib/ that the tests reach; needs
# clang and llvm 18 or newer. COVERAGE_SUITES: targets run beside `check`.
COVERAGE_CC ?= clang-19
COVERAGE_SUITES ?=
coverage:
	@COVERAGE_CC='$(COVERAGE_CC)' COVERAGE_SUITES='$(COVERAGE_SUITES)' \
		sh $(srcdir)/tests/coverage/run.sh $(abspath $(srcdir)) \
		$(CURDIR)/obj/coverage
.PHONY: coverage
