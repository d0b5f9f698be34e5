# Debian packages of this tree, tried in a root of their own; see README.md.
# PACKAGES_SHORT=yes: without the tests at build time and without the second
# build; PACKAGES_BASE=FOLDER: keeps the base root there.
packages: $(TOOL)
	@BUILD=$(CURDIR) MAKE='$(MAKE)' NAME='$(NAME)' CC=$(call quote,$(CC)) \
		PACKAGES_SHORT='$(PACKAGES_SHORT)' \
		PACKAGES_BASE='$(PACKAGES_BASE)' \
		sh $(srcdir)/tests/packages/run.sh $(abspath $(srcdir))

# Source and binary packages in obj/deb.
deb: dist
	sh $(srcdir)/docs/packaging/build-deb.sh $(NAME).tar.gz obj/deb
.PHONY: packages deb
