/*
 * Many datagrams in one system call, see sys.h. MXSEL__ONE_BY_ONE, defined
 * by the builder, does without sendmmsg() and recvmmsg() where they are. May
 * use libc only.
 */
#define _GNU_SOURCE

#include "ldns/sys.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#if !defined MXSEL__ONE_BY_ONE && (defined __linux__ || \
	defined __FreeBSD__ || defined __NetBSD__ || defined __OpenBSD__)

/* The headers that system calls want round the datagrams. */
struct envelopes {
	struct mmsghdr messages[MXSEL__BATCH_MAX];
	struct iovec rooms[MXSEL__BATCH_MAX];
};

static unsigned wrap(struct envelopes *e, const struct mxsel__datagram *batch,
	size_t count)
{
	size_t i;

	if (count > MXSEL__BATCH_MAX)
		count = MXSEL__BATCH_MAX;
	memset(e->messages, 0, count * sizeof e->messages[0]);
	for (i = 0; i < count; i++) {
		e->rooms[i].iov_base = batch[i].data;
		e->rooms[i].iov_len = batch[i].size;
		e->messages[i].msg_hdr.msg_iov = &e->rooms[i];
		e->messages[i].msg_hdr.msg_iovlen = 1;
	}
	return (unsigned)count;
}

enum mxsel__fault mxsel__sys_send_batch(int fd,
	const struct mxsel__datagram *batch, size_t count, size_t *done)
{
	struct envelopes e;
	unsigned n = wrap(&e, batch, count);
	int sent;

	*done = 0;
	do
		sent = (int)sendmmsg(fd, e.messages, n,
			MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return mxsel__sys_fault(errno);
	*done = (size_t)sent;
	return MXSEL__FAULT_NONE;
}

enum mxsel__fault mxsel__sys_receive_batch(int fd,
	struct mxsel__datagram *batch, size_t count, size_t *done)
{
	struct envelopes e;
	unsigned n = wrap(&e, batch, count);
	int i, got;

	*done = 0;
	do
		got = (int)recvmmsg(fd, e.messages, n, MSG_DONTWAIT, NULL);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return mxsel__sys_fault(errno);
	for (i = 0; i < got; i++) {
		batch[i].size = e.messages[i].msg_len;
		batch[i].cut = (e.messages[i].msg_hdr.msg_flags &
			MSG_TRUNC) != 0;
	}
	*done = (size_t)got;
	return MXSEL__FAULT_NONE;
}

#else

/*
 * A fault after the first datagram ends the batch and is not told: the next
 * call meets it again, or it is over by then.
 */
enum mxsel__fault mxsel__sys_send_batch(int fd,
	const struct mxsel__datagram *batch, size_t count, size_t *done)
{
	enum mxsel__fault fault = MXSEL__FAULT_NONE;
	size_t i, sent;

	for (i = 0; i < count && i < MXSEL__BATCH_MAX; i++) {
		fault = mxsel__sys_send(fd, batch[i].data, batch[i].size,
			&sent);
		if (fault != MXSEL__FAULT_NONE)
			break;
	}
	*done = i;
	return i > 0 ? MXSEL__FAULT_NONE : fault;
}

enum mxsel__fault mxsel__sys_receive_batch(int fd,
	struct mxsel__datagram *batch, size_t count, size_t *done)
{
	enum mxsel__fault fault = MXSEL__FAULT_NONE;
	size_t i;

	for (i = 0; i < count && i < MXSEL__BATCH_MAX; i++) {
		fault = mxsel__sys_receive(fd, batch[i].data, batch[i].size,
			&batch[i].size, &batch[i].cut);
		if (fault != MXSEL__FAULT_NONE)
			break;
	}
	*done = i;
	return i > 0 ? MXSEL__FAULT_NONE : fault;
}

#endif
