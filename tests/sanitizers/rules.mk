# All of `make check` with ASan, LSan and UBSan, built by clang in
# obj/sanitizers; lib/ is compiled with more (LIB_SANITIZE); see README.md.
SANITIZERS_CC ?= $(or $(shell command -v clang-19),clang)
SANITIZERS_JOBS ?= 2
obj/lib/%.o: private HIDDEN += $(LIB_SANITIZE)
sanitizers:
	@MAKE='$(MAKE)' sh $(srcdir)/tests/sanitizers/run.sh \
		$(abspath $(srcdir)) '$(SANITIZERS_CC)' \
		$(SANITIZERS_JOBS)
.PHONY: sanitizers
