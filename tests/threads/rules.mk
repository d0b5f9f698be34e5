# 64 threads x 100,000 selections under ThreadSanitizer: THREADS_TIME seconds
# at most, THREADS_COUNT threads, THREADS_SELECTIONS each; then the same number
# of threads in one memory of hosts, THREADS_MEMORY_TIME seconds; see README.md.
THREADS_CC ?= $(or $(shell command -v clang-19),clang)
THREADS_TIME ?= 600
THREADS_MEMORY_TIME ?= 20
THREADS_COUNT ?= 64
THREADS_SELECTIONS ?= 100000
THREADS_CFLAGS := -std=c11 -O2 -g -fno-omit-frame-pointer -fsanitize=thread
THREADS_SRC := tests/threads/threads.c tests/support/liar.c $(CORE_SRC) \
	$(LDNS_SRC)
obj/threads/%.o: $(srcdir)/%.c
	@mkdir -p $(@D)
	$(call say,CC,threads $*.c)
	$(Q)$(THREADS_CC) $(PUBLIC) -I$(srcdir)/lib -I$(srcdir)/tests \
		$(LDNS_CFLAGS) -DNDEBUG $(THREADS_CFLAGS) -MMD -MP -c $< -o $@
obj/threads/threads: $(patsubst %.c,obj/threads/%.o,$(THREADS_SRC))
	$(call say,LD,$@)
	$(Q)$(THREADS_CC) $(THREADS_CFLAGS) -o $@ $^ $(LDNS_LIBS) -pthread
obj/threads/memory: $(patsubst %.c,obj/threads/%.o, \
	tests/threads/memory.c $(CORE_SRC))
	$(call say,LD,$@)
	$(Q)$(THREADS_CC) $(THREADS_CFLAGS) -o $@ $^ -pthread
threads-programs: $(if $(LDNS),obj/threads/threads) obj/threads/memory
threads:
	@THREADS_TIME='$(THREADS_TIME)' THREADS_COUNT='$(THREADS_COUNT)' \
		THREADS_SELECTIONS='$(THREADS_SELECTIONS)' \
		THREADS_MEMORY_TIME='$(THREADS_MEMORY_TIME)' MAKE='$(MAKE)' \
		sh $(srcdir)/tests/threads/run.sh '$(THREADS_CC)' '$(LDNS)'
.PHONY: threads threads-programs
