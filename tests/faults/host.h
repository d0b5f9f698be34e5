/*
 * The faults of the machine, F74..F90, by file. May use host_judge.h.
 */
#ifndef TESTS_FAULTS_HOST_H
#define TESTS_FAULTS_HOST_H

/* host_calls.c */
void F74_signals(void);
void F75_no_descriptor(void);
void F76_no_buffer(void);
void F77_nothing_after_all(void);
void F78_high_descriptors(void);
void F79_no_way(void);
void F80_broken_pipe(void);
void F81_no_standard_descriptors(void);
void F90_short_sends(void);

/* host_process.c */
void F82_fork(void);
void F83_clocks(void);
void F87_no_entropy(void);

/* host_memory.c */
void F84_no_memory(void);
void F85_little_room(void);

/* host_place.c */
void F86_resolv_conf(void);
void F88_chroot(void);
void F89_turkish(void);

#endif
