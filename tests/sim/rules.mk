# The simulator (tests/sim/README.md): scenario files, random pairs of faults,
# a virtual day, forged datagrams.
SIM_SRC := $(call found,tests/sim/*.c)
SIM := $(if $(LDNS),obj/tests/sim/run)
SIM_FILES := $(call found,tests/sim/*.sim)
SIM_CALLS := socket connect close fcntl send sendmmsg recvmsg recvmmsg \
	getsockopt setsockopt poll epoll_create1 epoll_ctl epoll_wait \
	clock_gettime getrandom malloc calloc realloc free
# Real seconds: pairs of faults, the day (0: to its end), forgeries.
SIM_PAIRS_SECONDS ?= 15
SIM_DAY_SECONDS ?= 40
SIM_SPOOF_SECONDS ?= 15
SIM_SEED ?= 1

$(SIM): $(call objects,$(SIM_SRC)) libmxsel-ldns.a libmxsel.a
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(SIM_CALLS:%=-Wl,--wrap=%) $(LDNS_LIBS) \
		-pthread $(LIBS)

sim: $(SIM)
ifeq ($(SIM),)
	@echo 'figure|simulator scenarios|skipped: ldns|all pass|skipped'
else
	@sh $(srcdir)/tests/sim/all.sh ./$(SIM) $(SIM_PAIRS_SECONDS) \
		$(SIM_DAY_SECONDS) $(SIM_SPOOF_SECONDS) $(SIM_SEED) \
		$(SIM_FILES:%=$(srcdir)/%)
endif
.PHONY: sim
