# The fuzz targets under libFuzzer, twice: with the sanitizers, and without
# them for numbers. Then only the library is instrumented, and what a target
# does not need is not linked. FUZZ_TIME: seconds of processor time in all.
FUZZ_CC ?= clang
FUZZ_AR ?= ar
FUZZ_TIME ?= 150
FUZZ_CFLAGS := -std=c11 -g $(PUBLIC) -I$(srcdir)/lib -I$(srcdir)/tests
FUZZ_SAN := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
FUZZ_COUNT := -fsanitize-coverage=inline-8bit-counters
FUZZ_LIB := $(CORE_SRC) $(MOCK_SRC) \
	$(if $(LDNS),lib/ldns/conf.c lib/ldns/server.c)

# $(1): san or fast; $(2): its flags.
define fuzz_rules
obj/fuzz/$(1)/lib/%.o: $$(srcdir)/lib/%.c
	@mkdir -p $$(@D)
	$$(call say,CC,fuzz $(1) lib/$$*.c)
	$$(Q)$$(FUZZ_CC) $$(FUZZ_CFLAGS) $$(FUZZ_HAVE) $(2) $(3) -MMD -MP \
		-c $$< -o $$@
obj/fuzz/$(1)/tests/%.o: $$(srcdir)/tests/%.c
	@mkdir -p $$(@D)
	$$(call say,CC,fuzz $(1) tests/$$*.c)
	$$(Q)$$(FUZZ_CC) $$(FUZZ_CFLAGS) $$(FUZZ_HAVE) $(2) $(4) -MMD -MP \
		-c $$< -o $$@
obj/fuzz/$(1)/lib.a: $$(FUZZ_LIB:%.c=obj/fuzz/$(1)/%.o)
	$$(Q)rm -f $$@ && $$(FUZZ_AR) cr $$@ $$^
$(foreach t,$(FUZZ),
obj/fuzz/$(1)/$(t): $(patsubst %.c,obj/fuzz/$(1)/%.o,$(call fuzz_src,$(t))))
$$(FUZZ:%=obj/fuzz/$(1)/%): obj/fuzz/$(1)/lib.a
	$$(call say,LD,$$@)
	$$(Q)$$(FUZZ_CC) $(2) -fsanitize=fuzzer -o $$@ $$(filter %.o,$$^) \
		$$(filter %.a,$$^) $$(if $$(LDNS),$$(LDNS_LIBS)) -pthread
FUZZ_PROGRAMS += $$(FUZZ:%=obj/fuzz/$(1)/%)
endef
$(eval $(call fuzz_rules,san,$(FUZZ_SAN),-fsanitize=fuzzer-no-link,-fsanitize=fuzzer-no-link))
$(eval $(call fuzz_rules,fast,-O2,$(FUZZ_COUNT),))
-include $(wildcard obj/fuzz/*/lib/*/*.d obj/fuzz/*/tests/*/*.d)

fuzz-programs: $(FUZZ_PROGRAMS) $(REPLAY)
fuzz:
	@if sh $(srcdir)/tests/fuzz/run.sh --can '$(FUZZ_CC)'; then \
		$(MAKE) fuzz-programs && FUZZ_TIME='$(FUZZ_TIME)' \
		sh $(srcdir)/tests/fuzz/run.sh $(srcdir) $(FUZZ); \
	else \
		echo 'figure|fuzz executions|skipped: clang|>= 40,000,000 in' \
			'a CI run|skipped'; \
	fi
.PHONY: fuzz fuzz-programs
