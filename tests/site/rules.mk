# The documentation as HTML, in obj/docs/html, and its checks; see README.md.
docs:
	@for tool in python3 cmark-gfm doxygen mandoc; do \
		command -v $$tool > /dev/null || { \
			echo "make docs needs $$tool" >&2; exit 1; }; done
	@python3 -B $(srcdir)/docs/site/build.py $(srcdir) obj/docs/html

obj/tests/site/refused: obj/tests/site/refused.o $(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LOCAL_LIBS)

# docs-text: all but what needs a browser; docs-look: what does.
docs-check: docs-text docs-look
docs-text: all $(EXAMPLES) $(if $(LDNS),obj/tests/site/refused)
docs-text docs-look:
	@if command -v python3 > /dev/null; then \
		CC=$(call quote,$(CC) $(SANITIZE)) python3 -B \
		$(srcdir)/tests/site/check.py $(CURDIR) $(@:docs-%=%); \
	else \
		echo 'figure|$@|skipped: python3|all|skipped'; \
	fi
.PHONY: docs docs-check docs-text docs-look
