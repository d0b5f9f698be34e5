# The ABI of the shared libraries beside the one that is kept here; `make
# abi-renew` writes it anew. See README.md.
abi abi-renew: all
	@SHARED='$(strip $(SHARED))' SANITIZE='$(SANITIZE)' \
		sh $(srcdir)/tests/abi/run.sh $@ $(abspath $(srcdir))
.PHONY: abi abi-renew
