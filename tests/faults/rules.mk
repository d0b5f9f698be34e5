# A lying server on loopback, F1 to F100, and the same beside other libraries;
# see README.md.
FAULTS := obj/tests/faults
faults_objects = $(addprefix $(FAULTS)/,$(addsuffix .o,$(1)))
FAULTS_CELL := $(call faults_objects,cell lie server lies_udp lies_tcp \
	lies_meaning lies_numbers lies_wire) obj/tests/support/liar.o
$(FAULTS)/wire: $(FAULTS_CELL) $(call faults_objects,mxsel_client heap) \
	$(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LOCAL_LIBS)
$(FAULTS)/heavy: $(FAULTS)/heavy.o libmxsel.a
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ -pthread $(LIBS)
# Those of the libraries that are here.
FAULTS_BASE := $(if $(LDNS),ldns) \
	$(if $(filter yes,$(HAVE_RESOLV)),resolv) \
	$(if $(filter yes,$(HAVE_CARES)),cares) $(if $(UNBOUND),unbound)
# A stem has at least a letter.
$(FAULTS)/bas%.o: private DEFINE = $(LDNS_CFLAGS) -DNDEBUG $(CARES_CFLAGS) \
	$(UNBOUND_CFLAGS) $(if $(LDNS),-DHAVE_LDNS=1) \
	$(if $(UNBOUND),-DHAVE_UNBOUND=1) \
	$(if $(filter yes,$(HAVE_CARES)),-DHAVE_CARES=1) \
	$(if $(filter yes,$(HAVE_RESOLV)),-DHAVE_RESOLV=1)
$(FAULTS)/base: $(FAULTS_CELL) \
	$(call faults_objects,base $(addprefix base_,$(FAULTS_BASE)))
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(if $(LDNS),$(LDNS_LIBS)) $(CARES_LIBS) \
		$(if $(UNBOUND),$(UNBOUND_LIBS)) $(RESOLV_LIBS) -pthread \
		$(LIBS)

# F74 to F100 have rules beside the calls that they wrap, tests/syscalls.
FAULTS_NEED := $(addprefix $(FAULTS)/,wire heavy \
	$(foreach p,host api,$(if $(call found,tests/faults/$(p)*.c),$(p))))
# FLAGS=--baseline: the same lies to other libraries.
FAULTS_FLAGS ?= $(if $(filter command,$(firstword $(origin FLAGS))),$(FLAGS))
ifneq ($(LDNS),)
faults: $(FAULTS_NEED) $(if $(findstring --baseline,$(FAULTS_FLAGS)), \
	$(FAULTS)/base)
	@if command -v python3 > /dev/null; \
		then cd $(srcdir) && python3 -B tests/faults/run.py \
		--build $(CURDIR)/$(FAULTS) $(FAULTS_FLAGS); \
		else echo 'figure|faults|skipped: python3|100/100|skipped'; fi
else
faults:
	@echo 'figure|faults|skipped: ldns|100/100|skipped'
endif
.PHONY: faults
