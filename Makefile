# The whole build of libmxsel, for GNU make 3.82 or newer. What ./configure
# found stands in config.mk, the sources of each library in lib/sources.mk.
# Nothing is searched through VPATH, so builds in and out of the source tree
# do not see each other.
srcdir ?= .

default: all
include $(srcdir)/lib/sources.mk

# These work before ./configure; where nothing was made nothing is to clean.
BARE := configure help $(if $(wildcard config.status),,clean distclean)
ifneq ($(filter-out $(BARE),$(or $(MAKECMDGOALS),all)),)
include config.mk
endif

config.mk: $(srcdir)/lib/config.mk.in config.status
	@./config.status --quiet config.mk && touch $@
ifeq ($(wildcard config.status),)
config.status:
	@echo 'Run $(srcdir)/configure first (from git: make configure).' >&2
	@exit 1
else
config.status: $(srcdir)/configure
	@./config.status --quiet --recheck && touch $@
endif
ifneq ($(MAINTAINER),no)
$(srcdir)/configure: $(srcdir)/configure.ac $(srcdir)/include/mxsel/version.h
	cd $(srcdir) && autoconf
endif
ifneq ($(srcdir),.)
configure: $(srcdir)/configure
.PHONY: configure
endif

# ------------------------------------------------------------------- commands
INSTALL ?= install
V ?= $(if $(filter no,$(SILENT_RULES)),1,0)
Q := $(if $(filter 1,$(V)),,@)
short := $(filter-out --%,$(firstword $(MAKEFLAGS)))
mute := $(if $(findstring s,$(short)),yes,$(filter 1,$(V)))
say = $(if $(mute),,@printf '  %-5s %s\n' '$(1)' '$(2)')
quote = '$(subst ','\'',$(1))'

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wwrite-strings \
	-Wvla -Wundef -Wformat=2 -Wpointer-arith
WERROR := $(if $(filter yes,$(ENABLE_WERROR)),-Werror)
DEPS := $(if $(filter no,$(TRACK_DEPS)),,-MMD -MP)
PUBLIC := -I$(srcdir)/include
# One compilation serves shared and static libraries alike.
COMPILE = $(CC) $(INCLUDE) $(DEFINE) $(CPPFLAGS) -std=c11 -fPIC $(HIDDEN) \
	$(WARN) $(WERROR) $(HARDEN_CFLAGS) $(SANITIZE) $(CFLAGS)
LINK = $(CC) $(SANITIZE) $(CFLAGS) $(HARDEN_LDFLAGS) $(LDFLAGS)

# Which adapters there are. Programs ask HAVE_IDN2, HAVE_UNBOUND and HAVE_REDIS
# whether to use them.
LDNS := $(filter yes,$(HAVE_LDNS))
IDN2 := $(filter yes,$(HAVE_IDN2))
UNBOUND := $(filter yes,$(HAVE_UNBOUND))
REDIS := $(filter yes,$(HAVE_REDIS))
HAVE := $(if $(IDN2),-DHAVE_IDN2=1) $(if $(UNBOUND),-DHAVE_UNBOUND=1) \
	$(if $(REDIS),-DHAVE_REDIS=1)
UV := $(filter yes,$(HAVE_UV))
CURL := $(filter yes,$(HAVE_CURL))

# "private": what a program needs is no concern of what it is made of.
INCLUDE = $(PUBLIC)
obj/lib/%.o: private HIDDEN = -fvisibility=hidden
obj/lib/%.o: private INCLUDE = $(PUBLIC) -I$(srcdir)/lib
# Without NDEBUG inline functions of ldns' headers would bring assert() in.
obj/lib/ldns/%.o: private DEFINE = $(LDNS_CFLAGS) -DNDEBUG
obj/lib/ldns/%.o: private INCLUDE = $(PUBLIC) -I$(srcdir)/lib
obj/lib/idn2/%.o: private DEFINE = $(IDN2_CFLAGS)
obj/lib/idn2/%.o: private INCLUDE = $(PUBLIC) -I$(srcdir)/lib
obj/lib/unbound/%.o: private DEFINE = $(UNBOUND_CFLAGS)
obj/lib/unbound/%.o: private INCLUDE = $(PUBLIC) -I$(srcdir)/lib
obj/lib/redis/%.o: private DEFINE = $(REDIS_CFLAGS)
obj/lib/redis/%.o: private INCLUDE = $(PUBLIC) -I$(srcdir)/lib
obj/tools/%.o: private DEFINE = $(HAVE)
obj/examples/%.o: private DEFINE = $(UV_CFLAGS) $(CURL_CFLAGS)
obj/tests/%.o: private INCLUDE = $(PUBLIC) -I$(srcdir)/lib -I$(srcdir)/tests
obj/tests/%.o: private DEFINE = $(CHECK_CFLAGS) $(LDNS_CFLAGS) $(HAVE)
obj/tests/api/%.o: private INCLUDE = $(PUBLIC) -I$(srcdir)/tests
obj/tests/api/%.o: private DEFINE = $(CHECK_CFLAGS) $(HAVE)
obj/tests/fuzz/%.o: private DEFINE = $(FUZZ_HAVE)
obj/tests/bench/%.o: private INCLUDE = $(PUBLIC) -I$(srcdir)/lib -I$(srcdir)/tests
obj/tests/bench/%.o: private DEFINE = $(LDNS_CFLAGS) $(CARES_CFLAGS) \
	$(ADNS_CFLAGS) $(UDNS_CFLAGS) $(UNBOUND_CFLAGS) \
	$(if $(filter yes,$(HAVE_LDNS)),-DHAVE_LDNS=1) \
	$(if $(filter yes,$(HAVE_CARES)),-DHAVE_CARES=1) \
	$(if $(filter yes,$(HAVE_RESOLV)),-DHAVE_RESOLV=1)

obj/%.o: $(srcdir)/%.c obj/flags
	@mkdir -p $(@D)
	$(call say,CC,$*.c)
	$(Q)$(COMPILE) $(DEPS) -c $< -o $@

# Other flags than last time: compile again.
BUILT_WITH := $(call quote,$(COMPILE) $(HAVE) $(LINK))
obj/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(BUILT_WITH) | cmp -s - $@ || \
		printf '%s\n' $(BUILT_WITH) > $@

# ------------------------------------------------------------------ libraries
SO_MAJOR := 0
SO_MINOR := 1
# File names of the shared library $(1): the one that programs load, the one
# that the linker looks for.
ifeq ($(SHLIB_FORMAT),macho)
so = $(1).$(SO_MAJOR).dylib
so_dev = $(1).dylib
so_flags = -dynamiclib -install_name $(libdir)/$(call so,$(1)) \
	-current_version $(VERSION) -compatibility_version $(SO_MAJOR) \
	-exported_symbols_list $(1).exp
so_needs = $(1).exp
RUN_PATH = DYLD_LIBRARY_PATH=$(CURDIR)
else
ifeq ($(SHLIB_FORMAT),elf-openbsd)
so = $(1).so.$(SO_MAJOR).$(SO_MINOR)
so_dev =
else
so = $(1).so.$(SO_MAJOR)
so_dev = $(1).so
endif
so_flags = -shared -Wl,-soname,$(call so,$(1)) \
	$(if $(SANITIZE),,-Wl,-z,defs) \
	-Wl,--version-script=$(srcdir)/lib/$(1).map
so_needs = $(srcdir)/lib/$(1).map
RUN_PATH = LD_LIBRARY_PATH=$(CURDIR)
endif

LIBRARIES := libmxsel libmxsel-mock $(if $(LDNS),libmxsel-ldns) \
	$(if $(IDN2),libmxsel-idn2) $(if $(UNBOUND),libmxsel-unbound) \
	$(if $(REDIS),libmxsel-redis)
SHARED := $(if $(filter yes,$(ENABLE_SHARED)), \
	$(foreach l,$(LIBRARIES),$(call so,$(l))))
ARCHIVES := $(LIBRARIES:=.a)
STATIC := $(if $(filter yes,$(ENABLE_STATIC)),$(ARCHIVES))
PC := $(LIBRARIES:=.pc)
objects = $(patsubst %.c,obj/%.o,$(1))

$(call so,libmxsel): $(call objects,$(CORE_SRC))
$(call so,libmxsel): private LIBS += -pthread
$(call so,libmxsel-mock): $(call objects,$(MOCK_SRC)) $(call so,libmxsel)
$(call so,libmxsel-ldns): $(call objects,$(LDNS_SRC)) $(call so,libmxsel)
$(call so,libmxsel-ldns): private LIBS += $(LDNS_LIBS) -pthread
$(call so,libmxsel-idn2): $(call objects,$(IDN2_SRC)) $(call so,libmxsel)
$(call so,libmxsel-idn2): private LIBS += $(IDN2_LIBS)
$(call so,libmxsel-unbound): $(call objects,$(UNBOUND_SRC)) $(call so,libmxsel)
$(call so,libmxsel-unbound): private LIBS += $(UNBOUND_LIBS) -pthread
$(call so,libmxsel-redis): $(call objects,$(REDIS_SRC)) $(call so,libmxsel)
$(call so,libmxsel-redis): private LIBS += $(REDIS_LIBS) -pthread
define shared_rule
$(call so,$(1)): $(call so_needs,$(1))
	$$(call say,LD,$$@)
	$$(Q)$$(LINK) $$(call so_flags,$(1)) -o $$@ \
		$$(filter %.o,$$^) $$(filter $$(SHARED),$$^) $$(LIBS)
endef
$(foreach l,$(LIBRARIES),$(eval $(call shared_rule,$(l))))

libmxsel.a: $(call objects,$(CORE_SRC))
libmxsel-mock.a: $(call objects,$(MOCK_SRC))
libmxsel-ldns.a: $(call objects,$(LDNS_SRC))
libmxsel-idn2.a: $(call objects,$(IDN2_SRC))
libmxsel-unbound.a: $(call objects,$(UNBOUND_SRC))
libmxsel-redis.a: $(call objects,$(REDIS_SRC))
$(ARCHIVES):
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) cr $@ $^ && $(RANLIB) $@

%.exp: $(srcdir)/lib/%.map
	@sed -n 's/^[[:space:]]*\(mxsel_[a-z0-9_]*\);.*/_\1/p' $< > $@

# The .pc files follow "make prefix=... install" also.
INSTALLED_IN = '$(prefix) $(exec_prefix) $(libdir) $(includedir) $(datadir) \
	$(VERSION)'
obj/directories: FORCE
	@mkdir -p $(@D)
	@echo $(INSTALLED_IN) | cmp -s - $@ || echo $(INSTALLED_IN) > $@
below = $(patsubst $(prefix)/%,$${prefix}/%,$(1))
$(PC): %.pc: $(srcdir)/pkgconfig/%.pc.in obj/directories
	$(call say,GEN,$@)
	$(Q)sed -e 's|@prefix@|$(prefix)|' \
		-e 's|@exec_prefix@|$(patsubst $(prefix),$${prefix},$(exec_prefix))|' \
		-e 's|@libdir@|$(call below,$(libdir))|' \
		-e 's|@includedir@|$(call below,$(includedir))|' \
		-e 's|@datadir@|$(call below,$(datadir))|' \
		-e 's|@VERSION@|$(VERSION)|' $< > $@

# ------------------------------------------------------- the command, examples
# Sources of a folder, relative to srcdir. Without ldns, libidn2, libunbound,
# hiredis, libuv or libcurl, without those that need it; who asks HAVE_IDN2,
# HAVE_UNBOUND or HAVE_REDIS does not.
found = $(sort $(patsubst $(srcdir)/%,%,$(wildcard $(srcdir)/$(1))))
naming = $(shell cd $(srcdir) && grep -ls '$(1)' $(2) /dev/null)
with_ldns = $(call naming,mxsel/ldns\.h\|<ldns/,$(1))
with_idn2 = $(filter-out $(call naming,HAVE_IDN2,$(1)), \
	$(call naming,mxsel/idn2\.h\|<idn2\.h\|"idn2/,$(1)))
with_unbound = $(filter-out $(call naming,HAVE_UNBOUND,$(1)), \
	$(call naming,mxsel/unbound\.h\|<unbound\.h\|"unbound/,$(1)))
with_redis = $(filter-out $(call naming,HAVE_REDIS,$(1)), \
	$(call naming,mxsel/redis\.h\|<hiredis/\|"redis/,$(1)))
usable = $(filter-out $(if $(LDNS),,$(call with_ldns,$(1))) \
	$(if $(IDN2),,$(call with_idn2,$(1))) \
	$(if $(UNBOUND),,$(call with_unbound,$(1))) \
	$(if $(REDIS),,$(call with_redis,$(1))) \
	$(if $(UV),,$(call naming,<uv\.h>,$(1))) \
	$(if $(CURL),,$(call naming,<curl/,$(1))),$(1))

TOOL_SRC := $(call found,tools/*.c)
TOOL := $(if $(LDNS),$(if $(TOOL_SRC),mxsel))
SMALL_EXAMPLES := $(patsubst %.c,obj/%, \
	$(call usable,$(call found,examples/*.c)))
# Examples of several files have a folder each: examples/N/*.c make
# obj/examples/N/N.
PARTS := $(call found,examples/*/*.c)
parts_of = $(filter examples/$(1)/%,$(PARTS))
complete = $(if $(filter-out $(call usable,$(1)),$(1)),,$(1))
FOLDERS := $(foreach f,$(sort $(patsubst examples/%/,%,$(dir $(PARTS)))), \
	$(if $(call complete,$(call parts_of,$(f))),$(f)))
LARGE_EXAMPLES := $(foreach f,$(FOLDERS),obj/examples/$(f)/$(f))
EXAMPLES := $(SMALL_EXAMPLES) $(LARGE_EXAMPLES)
# What a statically linked program needs, in the order of need.
LOCAL := $(if $(LDNS),libmxsel-ldns.a) $(if $(IDN2),libmxsel-idn2.a) \
	$(if $(UNBOUND),libmxsel-unbound.a) $(if $(REDIS),libmxsel-redis.a) \
	libmxsel-mock.a libmxsel.a
LOCAL_LIBS = $(if $(LDNS),$(LDNS_LIBS)) $(if $(IDN2),$(IDN2_LIBS)) \
	$(if $(UNBOUND),$(UNBOUND_LIBS)) $(if $(REDIS),$(REDIS_LIBS)) \
	-pthread $(LIBS)

# ./mxsel runs where it is built; obj/mxsel, with the shared libraries, is
# what is installed.
mxsel: $(call objects,$(TOOL_SRC)) $(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LOCAL_LIBS)
obj/mxsel: $(call objects,$(TOOL_SRC)) $(SHARED)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS)
TOOL_INSTALLED := $(if $(SHARED),$(TOOL:%=obj/%),$(TOOL))

obj/examples/many_libuv: private LIBS += $(UV_LIBS)
obj/examples/mta_delivery/mta_delivery: private LIBS += $(CURL_LIBS)
$(SMALL_EXAMPLES): %: %.o
$(foreach f,$(FOLDERS),$(eval obj/examples/$(f)/$(f): \
	$(call objects,$(call parts_of,$(f)))))
$(EXAMPLES): $(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LOCAL_LIBS)

all: $(SHARED) $(STATIC) $(PC) $(TOOL) $(TOOL_INSTALLED)
examples: $(EXAMPLES)

# ---------------------------------------------------------------------- tests
CHECK := $(filter yes,$(HAVE_CHECK))
UNIT := $(patsubst %.c,obj/%,$(call usable,$(call found,tests/unit/check_*.c)))
API := $(if $(SHARED), \
	$(patsubst %.c,obj/%,$(call usable,$(call found,tests/api/*.c))))
SCENARIO_SRC := $(call found,tests/scenarios/*.c)
SCENARIOS := $(call found,tests/scenarios/*.scn)
SCENARIO := $(if $(SCENARIO_SRC),obj/tests/scenarios/run)
SUPPORT := $(call objects,$(call usable,$(call found,tests/support/*.c)))
# Fuzz targets, each with the files it is made of; see tests/fuzz/README.md.
FUZZ := packet name answers state conf memory
FUZZ_HAVE = $(if $(LDNS),$(LDNS_CFLAGS) -DNDEBUG -DHAVE_LDNS=1)
fuzz_src = tests/fuzz/$(1).c $(call found,tests/fuzz/$(1)_*.c) \
	$(if $(and $(filter packet,$(1)),$(LDNS)),tests/support/ldns_opinion.c)
REPLAY := $(FUZZ:%=obj/tests/fuzz/replay_%)
# Its rules, and what it is, stand in tests/sim.
SIMULATOR := $(if $(LDNS),obj/tests/sim/run)
PROGRAMS := $(if $(CHECK),$(UNIT) $(API) $(SCENARIO)) $(SIMULATOR) $(REPLAY)
TEST_LIBS = $(CHECK_LIBS) $(LOCAL_LIBS) -lm

$(UNIT): %: %.o $(SUPPORT) $(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(TEST_LIBS)
$(SCENARIO): $(call objects,$(SCENARIO_SRC)) $(SUPPORT) $(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(TEST_LIBS)
# Black box: the shared libraries and nothing else of ours, but a server to
# ask.
CROWD := $(call objects,$(call found,tests/support/crowd*.c))
$(filter obj/tests/api/check_engine%,$(API)): $(CROWD)
$(filter obj/tests/api/check_unbound%,$(API)): obj/tests/support/liar.o
$(API): %: %.o $(SHARED)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(CHECK_LIBS) -pthread $(LIBS) -lm

# Every corpus file through its target, without a fuzzer.
define replay_rule
obj/tests/fuzz/replay_$(1): obj/tests/fuzz/replay.o \
	$(call objects,$(call fuzz_src,$(1))) $(LOCAL)
obj/tests/fuzz/replay_$(1).log: ARGUMENTS = \
	$(addprefix $(srcdir)/,$(call found,tests/fuzz/corpus/$(1)/*.hex))
endef
$(foreach t,$(FUZZ),$(eval $(call replay_rule,$(t))))
$(REPLAY):
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LOCAL_LIBS)

TEST_ENV = $(RUN_PATH) CK_DEFAULT_TIMEOUT=60 CK_TIMEOUT_MULTIPLIER=5 \
	MXSEL_SRCDIR=$(abspath $(srcdir)) MXSEL_BUILDDIR=$(CURDIR)
LOGS := $(PROGRAMS:=.log)
obj/tests/scenarios/run.log: ARGUMENTS = $(SCENARIOS:%=$(srcdir)/%)
obj/tests/sim/run.log: ARGUMENTS = $(SIM_FILES:%=$(srcdir)/%)
$(LOGS): %.log: % FORCE
	@$(TEST_ENV) sh $(srcdir)/tests/support/run-one.sh $@ $< $(ARGUMENTS)
check: all $(EXAMPLES) $(LOGS)
	$(if $(CHECK),,@echo 'check(3) is not there: skipped' > obj/none.log)
	@sh $(srcdir)/tests/support/totals.sh $(LOGS) \
		$(if $(CHECK),,obj/none.log)
programs: $(PROGRAMS) $(EXAMPLES)

# The headers for other languages, after a change of theirs.
declarations:
	@CC=$(call quote,$(CC)) sh $(srcdir)/include/declarations/generate.sh \
		$(srcdir)/include/declarations

lint: all $(EXAMPLES)
	@cd $(srcdir) && CC=$(call quote,$(CC)) CXX=$(call quote,$(CXX)) \
		NM=$(call quote,$(NM)) OBJDUMP=$(call quote,$(OBJDUMP)) \
		BUILD=$(CURDIR) SANITIZE='$(SANITIZE)' WARN='$(WARN)' \
		LDNS_CFLAGS='$(LDNS_CFLAGS)' CHECK_CFLAGS='$(CHECK_CFLAGS)' \
		HAVE_IDN2='$(IDN2)' IDN2_CFLAGS='$(IDN2_CFLAGS)' \
		HAVE_UNBOUND='$(UNBOUND)' \
		UNBOUND_CFLAGS='$(UNBOUND_CFLAGS)' \
		HAVE_REDIS='$(REDIS)' REDIS_CFLAGS='$(REDIS_CFLAGS)' \
		HAVE_UV='$(UV)' UV_CFLAGS='$(UV_CFLAGS)' \
		HAVE_CURL='$(CURL)' CURL_CFLAGS='$(CURL_CFLAGS)' \
		LIBRARIES='$(LIBRARIES)' SHARED='$(strip $(SHARED))' \
		sh tests/lint/all.sh

# Figures per operation; never part of check.
BENCH := $(patsubst %.c,obj/%,$(call usable,$(call found,tests/bench/*.c)))
$(BENCH): %: %.o $(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(CARES_LIBS) $(RESOLV_LIBS) $(LOCAL_LIBS) -lm
bench: $(BENCH)
	@set -e; for b in $(BENCH); do ./$$b; done

# Many destinations at once, against NSD and beside other libraries; needs
# Linux, NSD and python3. FLAGS: see tests/bench/dns/run.py --help.
DNS_BENCH := $(addprefix obj/tests/bench/dns/,zone verify launch bare \
	$(if $(LDNS),engine warm) \
	$(if $(filter yes,$(HAVE_CARES)),cares) \
	$(if $(filter yes,$(HAVE_ADNS)),adns) \
	$(if $(filter yes,$(HAVE_UDNS)),udns) \
	$(if $(filter yes,$(HAVE_UNBOUND)),unbound) \
	$(if $(filter yes,$(HAVE_RESOLV)),resolv))
dns_objects = $(addprefix obj/tests/bench/dns/,$(addsuffix .o,$(1)))
obj/tests/bench/dns/zone: $(call dns_objects,check)
obj/tests/bench/dns/verify: $(call dns_objects,check)
$(filter-out %/zone %/verify %/launch,$(DNS_BENCH)): \
	$(call dns_objects,check load)
$(filter %/cares %/udns %/unbound,$(DNS_BENCH)): $(call dns_objects,hosts)
obj/tests/bench/dns/cares: private DNS_LIBS = $(CARES_LIBS)
obj/tests/bench/dns/adns: private DNS_LIBS = $(ADNS_LIBS) -ldl
obj/tests/bench/dns/udns: private DNS_LIBS = $(UDNS_LIBS)
obj/tests/bench/dns/unbound: private DNS_LIBS = $(UNBOUND_LIBS) $(RESOLV_LIBS)
obj/tests/bench/dns/resolv: private DNS_LIBS = $(RESOLV_LIBS) -pthread
$(filter %/engine %/warm,$(DNS_BENCH)): private DNS_LIBS = $(LOCAL_LIBS)
$(filter %/engine %/warm,$(DNS_BENCH)): $(LOCAL)
$(DNS_BENCH): %: %.o
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(DNS_LIBS) \
		$(LIBS)
obj/tests/bench/dns/lossy.so: obj/tests/bench/dns/lossy.o
	$(call say,LD,$@)
	$(Q)$(LINK) -shared -o $@ $^ -ldl
bench-dns: $(DNS_BENCH) obj/tests/bench/dns/lossy.so $(TOOL)
	@python3 -B $(srcdir)/tests/bench/dns/run.py --build $(CURDIR) $(FLAGS)

# No run-time error in what reads hostile input; needs Frama-C (S22).
proof:
	@sh $(srcdir)/tests/proof/run.sh || test $$? = 77

# What else is verified, each piece with rules of its own; `make verify` runs
# them all and prints one table.
include $(sort $(wildcard $(srcdir)/tests/*/rules.mk))

# -------------------------------------------------------------------- install
DECLARATIONS := $(LIBRARIES:%=include/declarations/%.cdef)
HEADERS := $(filter-out $(if $(LDNS),,%/ldns.h) $(if $(IDN2),,%/idn2.h) \
	$(if $(UNBOUND),,%/unbound.h) $(if $(REDIS),,%/redis.h), \
	$(call found,include/mxsel/*.h))
# There when `make docs` made it.
HTML = $(patsubst %/index.html,%,$(wildcard obj/docs/html/index.html))
MAN1 := $(if $(TOOL),$(call found,docs/man/*.1))
MAN3 := $(filter-out $(if $(LDNS),,%/mxsel_ldns.3 %/mxsel_engine.3) \
	$(if $(IDN2),,%/mxsel_idn2.3) $(if $(UNBOUND),,%/mxsel_unbound.3) \
	$(if $(REDIS),,%/mxsel_redis.3), \
	$(call found,docs/man/*.3))
# "NAME PAGE": pages that are to be found under the names of functions also.
MAN_LINKS := $(srcdir)/docs/man/links.txt
man_links = $(shell sed \
	$(if $(LDNS),,-e '/mxsel_ldns$$/d' -e '/mxsel_engine$$/d') \
	$(if $(IDN2),,-e '/mxsel_idn2$$/d') \
	$(if $(UNBOUND),,-e '/mxsel_unbound$$/d') \
	$(if $(REDIS),,-e '/mxsel_redis$$/d') -e 's/ /:/' $(MAN_LINKS))
link_name = $(firstword $(subst :, ,$(1))).3
link_page = $(lastword $(subst :, ,$(1))).3
install_in = $(INSTALL) -d $(DESTDIR)$(1)
# "FILE:WHERE", of tools/completion, below datadir.
COMPLETIONS := $(if $(TOOL),mxsel.bash:bash-completion/completions/mxsel \
	_mxsel:zsh/site-functions/_mxsel \
	mxsel.fish:fish/vendor_completions.d/mxsel.fish)
completion_to = $(datadir)/$(lastword $(subst :, ,$(1)))

install: all
	$(call install_in,$(libdir)/pkgconfig)
	$(call install_in,$(includedir)/mxsel)
	$(INSTALL) -m 644 $(HEADERS:%=$(srcdir)/%) $(DESTDIR)$(includedir)/mxsel
	$(INSTALL) -m 644 $(PC) $(DESTDIR)$(libdir)/pkgconfig
	$(call install_in,$(datadir)/libmxsel)
	$(INSTALL) -m 644 $(DECLARATIONS:%=$(srcdir)/%) \
		$(DESTDIR)$(datadir)/libmxsel
	$(if $(STATIC),$(INSTALL) -m 644 $(STATIC) $(DESTDIR)$(libdir))
	$(if $(SHARED),$(INSTALL) -m 755 $(SHARED) $(DESTDIR)$(libdir))
	$(if $(SHARED),$(if $(so_dev),$(foreach l,$(LIBRARIES), \
		ln -sf $(call so,$(l)) $(DESTDIR)$(libdir)/$(call so_dev,$(l));)))
	$(if $(HTML),$(call install_in,$(docdir)))
	$(if $(HTML),rm -rf $(DESTDIR)$(docdir)/html && \
		cp -R $(HTML) $(DESTDIR)$(docdir)/html)
	$(if $(TOOL),$(call install_in,$(bindir)))
	$(if $(TOOL),$(INSTALL) -m 755 $(TOOL_INSTALLED) $(DESTDIR)$(bindir))
	$(foreach c,$(COMPLETIONS),$(call install_in,$(dir \
		$(call completion_to,$(c)))) && $(INSTALL) -m 644 \
		$(srcdir)/tools/completion/$(firstword $(subst :, ,$(c))) \
		$(DESTDIR)$(call completion_to,$(c)) &&) :
	$(if $(MAN1),$(call install_in,$(mandir)/man1))
	$(if $(MAN1),$(INSTALL) -m 644 $(MAN1:%=$(srcdir)/%) \
		$(DESTDIR)$(mandir)/man1)
	$(if $(MAN3),$(call install_in,$(mandir)/man3))
	$(if $(MAN3),$(INSTALL) -m 644 $(MAN3:%=$(srcdir)/%) \
		$(DESTDIR)$(mandir)/man3)
	$(if $(MAN3),@cd $(DESTDIR)$(mandir)/man3 && $(foreach l,$(man_links), \
		ln -sf $(call link_page,$(l)) $(call link_name,$(l)) &&) :)

uninstall:
	cd $(DESTDIR)$(libdir) && rm -f $(SHARED) $(STATIC) $(PC:%=pkgconfig/%) \
		$(foreach l,$(LIBRARIES),$(call so_dev,$(l)))
	cd $(DESTDIR)$(includedir)/mxsel && rm -f $(notdir $(HEADERS))
	-rmdir $(DESTDIR)$(includedir)/mxsel
	cd $(DESTDIR)$(datadir)/libmxsel && rm -f $(notdir $(DECLARATIONS))
	-rmdir $(DESTDIR)$(datadir)/libmxsel
	$(if $(wildcard $(DESTDIR)$(docdir)/html), \
		rm -rf $(DESTDIR)$(docdir)/html && \
		rmdir $(DESTDIR)$(docdir))
	$(if $(TOOL),rm -f $(DESTDIR)$(bindir)/mxsel $(foreach c, \
		$(COMPLETIONS),$(DESTDIR)$(call completion_to,$(c))))
	$(if $(MAN1),cd $(DESTDIR)$(mandir)/man1 && rm -f $(notdir $(MAN1)))
	$(if $(MAN3),cd $(DESTDIR)$(mandir)/man3 && rm -f $(notdir $(MAN3)) \
		$(foreach l,$(man_links),$(call link_name,$(l))))

# -------------------------------------------------------------------- release
NAME := libmxsel-$(VERSION)
EPOCH = $(or $(SOURCE_DATE_EPOCH), \
	$(shell cd $(srcdir) && git log -1 --format=%ct 2>/dev/null),0)
TAR_SAME := --format=ustar --sort=name --owner=0 --group=0 --numeric-owner \
	--mode=u+rwX,go+rX,go-w

# What git tracks, and configure; the same bytes from the same commit.
dist: $(srcdir)/configure
	@cd $(srcdir) && git rev-parse HEAD > /dev/null
	rm -rf obj/dist && mkdir -p obj/dist/$(NAME)
	cd $(srcdir) && { git ls-files -z; printf 'configure\0'; } | \
		tar --null -T - -cf $(CURDIR)/obj/dist/all.tar
	tar xf obj/dist/all.tar -C obj/dist/$(NAME)
	tar $(TAR_SAME) --mtime=@$(strip $(EPOCH)) -C obj/dist \
		-cf obj/dist/$(NAME).tar $(NAME)
	gzip -n9 < obj/dist/$(NAME).tar > $(NAME).tar.gz
	rm -rf obj/dist

# A build elsewhere from a read-only copy of the tarball: everything passes,
# everything that is installed is uninstalled, nothing stays after distclean.
DC := obj/distcheck
distcheck: dist
	if test -d $(DC); then chmod -R u+w $(DC); rm -rf $(DC); fi
	mkdir -p $(DC)/build && tar xzf $(NAME).tar.gz -C $(DC)
	chmod -R a-w $(DC)/$(NAME)
	cd $(DC)/build && ../$(NAME)/configure --quiet --prefix=/usr \
		--enable-werror
	cd $(DC)/build && $(MAKE) && $(MAKE) check
	cd $(DC)/build && $(MAKE) install DESTDIR=$(CURDIR)/$(DC)/root
	cd $(DC)/build && $(MAKE) uninstall DESTDIR=$(CURDIR)/$(DC)/root
	@left=$$(find $(DC)/root ! -type d); test -z "$$left" || \
		{ echo "uninstall left $$left" >&2; exit 1; }
	cd $(DC)/build && $(MAKE) distclean
	@left=$$(find $(DC)/build ! -type d ! -path '*/build/Makefile'); \
		test -z "$$left" || { echo "distclean left $$left" >&2; exit 1; }
	chmod -R u+w $(DC) && rm -rf $(DC)
	@echo '$(NAME).tar.gz is ready.'

clean:
	rm -rf obj
	rm -f $(SHARED) $(ARCHIVES) $(PC) $(LIBRARIES:=.exp) mxsel
distclean: clean
	rm -rf autom4te.cache
	rm -f config.mk config.log config.status

help:
	@echo 'all         libraries, .pc files, the mxsel command'
	@echo 'check       all tests; the last line counts them'
	@echo 'declarations  the headers for other languages, after a change'
	@echo 'lint        the rules of the house (CONTRIBUTING.md)'
	@echo 'fuzz        fuzz targets with clang, FUZZ_TIME=150 seconds in all'
	@echo 'bench       figures per operation'
	@echo 'bench-dns   figures for many destinations at once, with NSD'
	@echo 'model       order and verdict beside a reference in Python'
	@echo 'proof       Frama-C over names, messages and order'
	@echo 'verify      every piece of verification; ten minutes, one table'
	@echo 'examples    the programs of examples/, in obj/examples'
	@echo 'programs    examples and test programs, without running them'
	@echo 'docs        guide, reference and manual as HTML, in obj/docs/html'
	@echo 'deb         Debian packages, in obj/deb'
	@echo 'packages    the packages, tried in a root of their own'
	@echo 'docs-check  its links, its code, its looks'
	@echo 'install     under prefix, into DESTDIR; uninstall undoes it'
	@echo 'dist        the tarball; distcheck also builds and tests it'
	@echo 'clean       what make made; distclean also what configure made'
	@echo 'configure   make ./configure with autoconf (from git)'
	@echo 'V=1 shows whole commands, -s none.'

FORCE:
.PHONY: proof fuzz fuzz-programs
.PHONY: default all examples check programs declarations lint bench bench-dns \
	model install uninstall dist distcheck clean distclean help FORCE
.SECONDARY:
.DELETE_ON_ERROR:
# What `make distcheck` left when it failed is a tree of its own.
-include $(shell find obj -path obj/distcheck -prune -o -name '*.d' -print \
	2>/dev/null)
