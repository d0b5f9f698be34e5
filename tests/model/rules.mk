# Order and verdict beside an independent reference; needs python3.
MODEL := obj/tests/model/drive
$(MODEL): $(MODEL).o libmxsel-mock.a libmxsel.a
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ -pthread $(LIBS)
model: $(MODEL)
	@if command -v python3 > /dev/null; \
		then MODEL_RANDOM="$(or $(MODEL_RANDOM),40000)" \
		python3 -B $(srcdir)/tests/model/model.py $(MODEL); \
		else echo 'figure|model|skipped: python3|0 differences|skipped'; fi
.PHONY: model
