# Hosts that die and come back, with and without a memory of them, in virtual
# time (tests/bench/outages/README.md): OUTAGES_HOURS of a day and
# OUTAGES_SEEDS worlds; other settings of a memory beside the defaults with
# OUTAGES_SETTINGS=yes. What a memory costs a selection: memory-cost.
OUTAGES_HOURS ?= 24
OUTAGES_SEEDS ?= 5
OUTAGES_SETTINGS ?= no
OUTAGES := obj/tests/bench/outages/outages

$(OUTAGES): $(call objects,$(call found,tests/bench/outages/*.c)) libmxsel.a
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ -pthread $(LIBS) -lm
outages: $(OUTAGES)
	@failed=0; for part in three fair day; do \
		./$(OUTAGES) $$part $(OUTAGES_HOURS) $(OUTAGES_SEEDS) || \
		failed=1; done; \
	if test '$(OUTAGES_SETTINGS)' = yes; then ./$(OUTAGES) settings \
		$(OUTAGES_HOURS) $(OUTAGES_SEEDS); fi; exit $$failed
memory-cost: obj/tests/bench/remember
	@./obj/tests/bench/remember
.PHONY: outages memory-cost
