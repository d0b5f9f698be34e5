# What the libraries were built with, and what of the tree is shipped; see
# README.md.
hardening: all
	@CC=$(call quote,$(CC)) NM=$(call quote,$(NM)) MAKE='$(MAKE)' \
		OBJDUMP=$(call quote,$(OBJDUMP)) BUILD=$(CURDIR) \
		SANITIZE='$(SANITIZE)' LIBRARIES='$(LIBRARIES)' \
		SHARED='$(strip $(SHARED))' NAME='$(NAME)' \
		sh $(srcdir)/tests/hardening/run.sh $(abspath $(srcdir))
.PHONY: hardening
