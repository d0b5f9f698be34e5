# Faults of machine and caller (F74..F100), and every system call of the
# libraries failing in turn; see README.md here. Both wrap the calls, which
# only works where the libraries are linked statically.
WRAPPED := clock_gettime close connect epoll_create1 epoll_ctl epoll_wait \
	fchmod fchown fcntl ferror fclose fgetc fmemopen fopen fstat fsync \
	getifaddrs getrandom getsockopt madvise mkostemp mmap munmap open poll pthread_condattr_init \
	pthread_condattr_setclock pthread_cond_init pthread_mutex_init \
	pthread_sigmask read readlink recvmmsg recvmsg rename send sendmmsg \
	setsockopt socket stat sysconf write malloc calloc realloc
wrap_objects := $(addprefix obj/tests/,syscalls/wrap.o syscalls/heap.o \
	faults/host_judge.o faults/host_trial.o support/liar.o)
own_objects = $(patsubst %.c,obj/%.o,$(filter-out \
	tests/faults/host_judge.c tests/faults/host_trial.c, \
	$(call found,$(1))))

FAULTS_HOST := obj/tests/faults/host
FAULTS_API := obj/tests/faults/api
SYSCALLS := obj/tests/syscalls/run
$(FAULTS_HOST): $(call own_objects,tests/faults/host*.c)
$(FAULTS_API): $(call own_objects,tests/faults/api*.c)
$(SYSCALLS): $(filter-out $(wrap_objects), \
	$(call own_objects,tests/syscalls/*.c))
$(FAULTS_HOST) $(FAULTS_API) $(SYSCALLS): $(wrap_objects) $(LOCAL)
	$(call say,LD,$@)
	$(Q)$(LINK) $(WRAPPED:%=-Wl,--wrap=%) -o $@ $(filter %.o,$^) \
		$(filter %.a,$^) $(LOCAL_LIBS)

# Where the lists of exported names are.
obj/tests/faults/api_null.o: private DEFINE = $(HAVE) \
	-DSOURCE_TREE='"$(abspath $(srcdir))"'

ifeq ($(LDNS),)
syscalls:
	@echo 'figure|system calls x errno|skipped: ldns|all|skipped'
else
syscalls: $(SYSCALLS)
	@NM=$(call quote,$(NM)) sh $(srcdir)/tests/syscalls/run.sh \
		$(SYSCALLS) '$(WRAPPED)' \
		$(filter-out libmxsel-redis.a,$(filter %.a,$(LOCAL)))
endif
.PHONY: syscalls
