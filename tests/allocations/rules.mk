# Every request for memory fails; see README.md. The scenario player is
# compiled once more, with its calls announced (calls.h).
ALLOCATIONS := obj/tests/allocations
CALLS := $(srcdir)/tests/allocations/calls.h
PLAYER := $(patsubst tests/scenarios/%.c,$(ALLOCATIONS)/player/%.o, \
	$(filter-out %/run.c,$(SCENARIO_SRC)))
$(ALLOCATIONS)/player/%.o: $(srcdir)/tests/scenarios/%.c obj/flags $(CALLS)
	@mkdir -p $(@D)
	$(call say,CC,player/$*.c)
	$(Q)$(COMPILE) -include $(CALLS) $(DEPS) -c $< -o $@
$(ALLOCATIONS)/scenarios.o: private DEFINE = -include $(CALLS)
$(ALLOCATIONS)/scenarios: $(addprefix $(ALLOCATIONS)/,scenarios.o heap.o) \
	$(PLAYER) libmxsel.a
$(ALLOCATIONS)/adapters: $(addprefix $(ALLOCATIONS)/,adapters.o heap.o jobs.o) \
	$(CROWD) obj/tests/support/liar.o $(LOCAL)
$(addprefix $(ALLOCATIONS)/,scenarios adapters):
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LOCAL_LIBS)

allocations-programs: $(ALLOCATIONS)/scenarios \
	$(if $(LDNS),$(ALLOCATIONS)/adapters) \
	$(if $(CHECK),obj/tests/unit/check_oom_dane)
allocations: allocations-programs
	@./$(ALLOCATIONS)/scenarios $(SCENARIOS:%=$(srcdir)/%)
	$(if $(LDNS),@./$(ALLOCATIONS)/adapters,@echo 'figure|allocations of' \
		'the adapters failed|skipped: ldns|all, 0 wrong|skipped')
	$(if $(CHECK),@MXSEL_THOROUGH=1 ./obj/tests/unit/check_oom_dane)
.PHONY: allocations allocations-programs
