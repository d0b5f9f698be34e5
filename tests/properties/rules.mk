# What holds for every input of a kind; see README.md. The player comes from
# tests/allocations, with its calls announced.
PROPERTIES := obj/tests/properties
STACK := $(addprefix $(PROPERTIES)/,stack.o \
	$(if $(LDNS),stack_sockets.o))
$(STACK): private DEFINE = -include $(srcdir)/tests/allocations/calls.h \
	$(if $(LDNS),-DHAVE_LDNS=1)
$(PROPERTIES)/stack: $(STACK) $(PROPERTIES)/depth.o \
	$(patsubst tests/scenarios/%.c,obj/tests/allocations/player/%.o, \
	$(filter-out %/run.c,$(SCENARIO_SRC))) $(if $(LDNS),$(CROWD)) $(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LOCAL_LIBS)

PROPERTY_TESTS := $(addprefix obj/tests/unit/check_,rank_order \
	rank_shuffle rank_family policy_tlsa bounds_select select_callback \
	select_property select_lattice select_fair select_save dane_property \
	cache_model)
properties-programs: $(PROPERTIES)/stack $(if $(CHECK),$(PROPERTY_TESTS))
properties: properties-programs
	@./$(PROPERTIES)/stack $(SCENARIOS:%=$(srcdir)/%)
	$(if $(CHECK),@$(TEST_ENV) sh $(srcdir)/tests/properties/run.sh \
		$(PROPERTY_TESTS),@echo 'skipped: check')
.PHONY: properties properties-programs
