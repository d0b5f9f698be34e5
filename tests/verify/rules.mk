# Every piece of verification in its short form, and one table; see README.md.
# PIECES="fuzz proof": these only.
verify:
	@if command -v python3 > /dev/null; then \
		MXSEL_SRCDIR=$(abspath $(srcdir)) python3 -B \
		$(srcdir)/tests/verify/verify.py --make '$(MAKE)' $(PIECES); \
	else \
		echo 'skipped: python3'; \
		echo '0 passed, 0 failed, 1 skipped'; \
	fi
.PHONY: verify
