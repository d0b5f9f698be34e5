/*
 * The system calls of the socket resolver: every one that may be interrupted
 * is called again (S10), no call raises a signal (S8), and what went wrong is
 * said in four words instead of a hundred errno. May use public headers and
 * libc only.
 */
#ifndef MXSEL_LDNS_SYS_H
#define MXSEL_LDNS_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* What a system call came to. */
enum mxsel__fault {
	MXSEL__FAULT_NONE,
	MXSEL__FAULT_AGAIN,  /* nothing there yet: wait */
	MXSEL__FAULT_LOCAL,  /* this machine is short of something, for now */
	MXSEL__FAULT_PEER,   /* that server cannot be reached */
	MXSEL__FAULT_BROKEN  /* what it sends is no DNS over TCP */
};

/* Monotonic milliseconds. 0, or MXSEL_ESYSTEM. */
int mxsel__sys_clock(uint64_t *milliseconds);

/* All of size octets, or MXSEL_EENTROPY: there is no second best (S2). */
int mxsel__sys_random(void *buffer, size_t size);

/* What this errno comes to. */
enum mxsel__fault mxsel__sys_fault(int error);

/*
 * The same file above the three standard descriptors (S9); a negative one
 * stays as it is. -1, with errno: there is no such descriptor free.
 */
int mxsel__sys_above_standard(int fd);

/*
 * A non-blocking socket that no child inherits, above the three standard
 * descriptors even when those are closed (S9). On a fault *fd is -1.
 */
enum mxsel__fault mxsel__sys_open(int *fd, int family, int type);

/* Close it and forget it: *fd is -1 afterwards. */
void mxsel__sys_close(int *fd);

enum mxsel__fault mxsel__sys_connect(int fd, const struct sockaddr *address,
	socklen_t length);
enum mxsel__fault mxsel__sys_send(int fd, const uint8_t *data, size_t size,
	size_t *sent);

/* cut, when not NULL: 1 when a datagram was larger than size (MSG_TRUNC). */
enum mxsel__fault mxsel__sys_receive(int fd, uint8_t *data, size_t size,
	size_t *got, int *cut);

#define MXSEL__BATCH_MAX 32

/* A datagram of a batch. */
struct mxsel__datagram {
	uint8_t *data;
	size_t size;  /* to send; or the room, then what came */
	int cut;      /* received: it was larger than the room (MSG_TRUNC) */
};

/*
 * Several at once on a connected socket, at most MXSEL__BATCH_MAX: sendmmsg()
 * and recvmmsg() where there are, one by one elsewhere. *done: how many went
 * or came, in order; NONE when at least one did.
 */
enum mxsel__fault mxsel__sys_send_batch(int fd,
	const struct mxsel__datagram *batch, size_t count, size_t *done);

/*
 * The same, where the socket can (asked for once): neighbours of one size go
 * as one message that the kernel takes apart; a smaller one may end it. Where
 * the device cannot, they go as a batch, and *can is set to 0.
 */
int mxsel__sys_can_slice(int fd);
enum mxsel__fault mxsel__sys_send_sliced(int fd,
	const struct mxsel__datagram *batch, size_t count, size_t *done,
	int *can);
enum mxsel__fault mxsel__sys_receive_batch(int fd,
	struct mxsel__datagram *batch, size_t count, size_t *done);

/*
 * Monotonic milliseconds to a few of them, where the system has such a
 * cheaper clock; 0 when it has none at all.
 */
uint64_t mxsel__sys_clock_coarse(void);

/* Milliseconds since 1970; 0 when it cannot be read. */
uint64_t mxsel__sys_time_of_day(void);

/* Monotonic microseconds. 0, or MXSEL_ESYSTEM. */
int mxsel__sys_clock_exact(uint64_t *microseconds);

/* Has this stream socket been connected by now? */
enum mxsel__fault mxsel__sys_connected(int fd);

#endif
