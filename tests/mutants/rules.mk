# Mutants of every branch of lib/, all in one build, and who kills them; see
# README.md here. Needs Linux, clang's Python module and Check.
MUTANTS ?=
MUTANTS_SECONDS ?=
MUTANTS_JOBS ?= 2
mutants_sh := $(srcdir)/tests/mutants/run.sh
MUTANTS_SRC := $(CORE_SRC) $(MOCK_SRC) $(if $(LDNS),$(LDNS_SRC)) \
	$(if $(IDN2),$(IDN2_SRC)) $(if $(UNBOUND),$(UNBOUND_SRC)) \
	$(if $(REDIS),$(REDIS_SRC))
# The library's code alone; leaks count.
MUTANTS_SANITIZE ?=
mutants_sanitize := $(if $(MUTANTS_SANITIZE),-fsanitize=address \
	-fsanitize=undefined -fno-sanitize-recover=all)
mutants_dir := obj/mutants$(if $(MUTANTS_SANITIZE),-sanitized)
MUTANTS_SEES := $(patsubst $(srcdir)/%,%,$(wildcard $(srcdir)/lib/*/*.[ch] \
	$(srcdir)/include/mxsel/*.h))

# One run of the parser writes all of them; what did not change is not
# touched.
$(mutants_dir)/stamp: $(MUTANTS_SEES:%=$(srcdir)/%) \
	$(srcdir)/tests/mutants/instrument.py
	@mkdir -p $(@D)
	$(call say,GEN,$(mutants_dir)/lib)
	$(Q)sh $(mutants_sh) --write $(srcdir) $(mutants_dir) -DNDEBUG \
		$(LDNS_CFLAGS) $(IDN2_CFLAGS) $(UNBOUND_CFLAGS) \
		$(REDIS_CFLAGS)
	@touch $@
$(MUTANTS_SRC:%=$(mutants_dir)/%): $(mutants_dir)/stamp ;

# hiredis asks for large files, which the other libraries do without: their
# tests have an open() of their own, and no open64().
mutants_redis = $(filter-out -D_FILE_OFFSET_BITS=%,$(REDIS_CFLAGS))
mutants_objects = $(patsubst %.c,$(mutants_dir)/%.o,$(1))
mutants_cc = $(CC) $(PUBLIC) -std=c11 -O1 -g -w $(SANITIZE) -MMD \
	-MP $(mutants_sanitize)
$(call mutants_objects,$(MUTANTS_SRC)): %.o: %.c
	$(call say,CC,$<)
	$(Q)$(mutants_cc) -I$(mutants_dir)/lib -I$(srcdir)/lib -DNDEBUG \
		$(LDNS_CFLAGS) $(IDN2_CFLAGS) $(UNBOUND_CFLAGS) \
		$(mutants_redis) -include $(srcdir)/tests/mutants/mutant.h \
		-c $< -o $@
$(mutants_dir)/serve.o: $(srcdir)/tests/mutants/serve.c $(mutants_dir)/stamp
	$(call say,CC,tests/mutants/serve.c)
	$(Q)$(mutants_cc) -I$(srcdir)/tests $(CHECK_CFLAGS) \
		-DMUTANTS_SIZE="$$(sed -n 's/^size.//p' \
		$(mutants_dir)/conditions.txt)" -c $< -o $@

# The test programs, with the mutants in place of the library.
MUTANTS_LIB := $(mutants_dir)/lib.a
$(MUTANTS_LIB): $(call mutants_objects,$(MUTANTS_SRC))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) cr $@ $^ && $(RANLIB) $@
MUTANTS_PROGRAMS := $(patsubst obj/tests/%,$(mutants_dir)/%,$(if $(CHECK), \
	$(UNIT) $(API) $(SCENARIO) $(REPLAY) $(ALLOCATIONS)/scenarios))
mutants_link = $(LINK) $(mutants_sanitize) -Wl,--wrap=main \
	-Wl,--wrap=_tcase_add_test,--wrap=srunner_run_all \
	-Wl,--wrap=_ck_assert_failed
mutants_end = $(mutants_dir)/serve.o $(MUTANTS_LIB)
$(UNIT:obj/tests/%=$(mutants_dir)/%): $(mutants_dir)/%: obj/tests/%.o \
	$(SUPPORT) $(mutants_end)
$(API:obj/tests/%=$(mutants_dir)/%): $(mutants_dir)/%: obj/tests/%.o \
	$(SUPPORT) $(mutants_end)
$(mutants_dir)/scenarios/run: $(call objects,$(SCENARIO_SRC)) $(SUPPORT) \
	$(mutants_end)
$(mutants_dir)/allocations/scenarios: $(addprefix $(ALLOCATIONS)/, \
	scenarios.o heap.o) $(PLAYER) $(mutants_end)
define mutants_replay_rule
$(mutants_dir)/fuzz/replay_$(1): obj/tests/fuzz/replay.o \
	$(call objects,$(call fuzz_src,$(1))) $(mutants_end)
endef
$(foreach t,$(FUZZ),$(eval $(call mutants_replay_rule,$(t))))
$(MUTANTS_PROGRAMS):
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(mutants_link) -o $@ $^ $(TEST_LIBS)

mutants-programs: $(MUTANTS_PROGRAMS)
mutants:
	@if missing=$$(sh $(mutants_sh) --missing '$(CHECK)'); then \
		echo "figure|branch mutants killed|skipped: $$missing|>= 95" \
			"%|skipped"; \
	else \
		$(MAKE) mutants-programs && $(TEST_ENV) CK_FORK=no \
		MUTANTS_SECONDS='$(MUTANTS_SECONDS)' \
		MUTANTS_JOBS='$(MUTANTS_JOBS)' \
		sh $(mutants_sh) --try $(srcdir) $(mutants_dir) \
		obj/mutants.results '$(MUTANTS)'; \
	fi
.PHONY: mutants mutants-programs
-include $(wildcard $(mutants_dir)/*.d $(mutants_dir)/lib/*/*.d)
