/*
 * The system calls of the libraries, and the few calls of the C library that
 * can fail as these do, each through a function of wrap.c (-Wl,--wrap=CALL)
 * that makes it fail in the thread that asked for it. May use libc only.
 */
#ifndef TESTS_SYSCALLS_WRAP_H
#define TESTS_SYSCALLS_WRAP_H

#include <stdint.h>

enum call {
	CALL_CLOCK_GETTIME, CALL_CLOSE, CALL_CONNECT, CALL_EPOLL_CREATE1,
	CALL_EPOLL_CTL, CALL_EPOLL_WAIT, CALL_FCNTL, CALL_FGETC,
	CALL_FMEMOPEN, CALL_FOPEN, CALL_GETIFADDRS, CALL_GETRANDOM,
	CALL_GETSOCKOPT, CALL_MADVISE, CALL_MMAP, CALL_MUNMAP, CALL_OPEN,
	CALL_POLL, CALL_CONDATTR_INIT, CALL_CONDATTR_SETCLOCK, CALL_COND_INIT,
	CALL_MUTEX_INIT, CALL_SIGMASK, CALL_READ, CALL_RECVMMSG, CALL_RECVMSG,
	CALL_SEND, CALL_SENDMMSG, CALL_SETSOCKOPT, CALL_SOCKET, CALL_SYSCONF,
	CALL_FCHMOD, CALL_FCHOWN, CALL_FSTAT, CALL_FSYNC, CALL_MKOSTEMP,
	CALL_READLINK, CALL_RENAME, CALL_STAT, CALL_WRITE,
	CALL_COUNT
};

/* What becomes of the calls of one thread; all 0 but for call: nothing. */
struct wrap {
	int call;             /* which one fails; -1: none */
	int error;            /* its errno */
	unsigned from;        /* the how manieth, from 1 */
	unsigned times;       /* and so many; 0: all from there on */
	unsigned made[CALL_COUNT];
	unsigned failed;
	unsigned wait;        /* ms that a failing call takes: those that say
	                         at once that there is nothing are made by
	                         programs in a circle */
	int64_t shift;        /* ms that the clocks are wrong by */
	int64_t shift_later;  /* ms more with every call of a clock */
	unsigned most_sent;   /* octets that a stream takes at a time; 0: all */
	unsigned most_random; /* octets that getrandom() gives at a time */
	int no_epoll;         /* epoll_create1() says that there is none */
	int shut_before_send; /* a stream is closed before it is written to */
	unsigned wall_clocks; /* looks at CLOCK_REALTIME */
	int lowest_socket;    /* that was used; begin with a high number */
	unsigned without_nosignal; /* sends that could raise SIGPIPE */
	int blocking_signals; /* calls of pthread_sigmask() less their ends */
};

extern _Thread_local struct wrap wrap;

/* Nothing fails from now on. */
void wrap_off(void);

/* The how manieth (from 1) call fails with error, so often; 0: and all after
   it. Calls are counted anew. */
void wrap_fail(int call, int error, unsigned from, unsigned times);

const char *wrap_name(int call);

#endif
