/*
 * Many datagrams in one system call, see sys.h; on Linux those of one size as
 * one message that the kernel takes apart (UDP_SEGMENT), which spares most of
 * the way through it. MXSEL__ONE_BY_ONE, defined by the builder, does without
 * sendmmsg() and recvmmsg() where they are. May use libc only.
 */
#define _GNU_SOURCE

#include "ldns/sys.h"

#include <errno.h>
#include <netinet/in.h>
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

#if defined __linux__

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* Linux 4.18; the C library may be older */
#endif

/* What says into how large pieces a message is to be taken apart. */
struct slice {
	_Alignas(struct cmsghdr)
	unsigned char room[CMSG_SPACE(sizeof(uint16_t))];
};

int mxsel__sys_can_slice(int fd)
{
	int none = 0;

	return setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &none, sizeof none) ==
		0;
}

/* So many from the first on may go as one: of a size, but for the last. */
static size_t run_of(const struct mxsel__datagram *batch, size_t count)
{
	size_t n = 1;

	while (n < count && batch[n].size == batch[0].size)
		n++;
	return n > 1 && n < count && batch[n].size < batch[0].size ? n + 1 : n;
}

static void slice(struct msghdr *message, struct slice *room, size_t size)
{
	uint16_t octets = (uint16_t)size;
	struct cmsghdr *header;

	message->msg_control = room->room;
	message->msg_controllen = sizeof room->room;
	/* CMSG_FIRSTHDR() would ask whether there is room for one. */
	header = (struct cmsghdr *)(void *)room->room;
	header->cmsg_level = IPPROTO_UDP;
	header->cmsg_type = UDP_SEGMENT;
	header->cmsg_len = CMSG_LEN(sizeof octets);
	memcpy(CMSG_DATA(header), &octets, sizeof octets);
}

/* What it says when the device, not the server, is in the way. */
static int cannot_slice(int error)
{
	return error == EIO || error == EINVAL || error == EOPNOTSUPP ||
		error == EMSGSIZE;
}

enum mxsel__fault mxsel__sys_send_sliced(int fd,
	const struct mxsel__datagram *batch, size_t count, size_t *done,
	int *can)
{
	struct slice slices[MXSEL__BATCH_MAX];
	struct envelopes e;
	unsigned all = wrap(&e, batch, count), n = 0;
	size_t at, run;
	int sent, i;

	*done = 0;
	memset(slices, 0, sizeof slices);
	for (at = 0; at < all; at += run, n++) {
		run = run_of(batch + at, all - at);
		e.messages[n].msg_hdr.msg_iov = &e.rooms[at];
		e.messages[n].msg_hdr.msg_iovlen = run;
		if (run > 1)
			slice(&e.messages[n].msg_hdr, &slices[n],
				batch[at].size);
	}
	do
		sent = (int)sendmmsg(fd, e.messages, n,
			MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	if (sent < 0 && cannot_slice(errno)) {
		*can = 0;
		return mxsel__sys_send_batch(fd, batch, count, done);
	}
	if (sent < 0)
		return mxsel__sys_fault(errno);
	for (i = 0; i < sent; i++)
		*done += e.messages[i].msg_hdr.msg_iovlen;
	return MXSEL__FAULT_NONE;
}

#endif

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

#if !defined __linux__ || defined MXSEL__ONE_BY_ONE

int mxsel__sys_can_slice(int fd)
{
	(void)fd;
	return 0;
}

enum mxsel__fault mxsel__sys_send_sliced(int fd,
	const struct mxsel__datagram *batch, size_t count, size_t *done,
	int *can)
{
	*can = 0;
	return mxsel__sys_send_batch(fd, batch, count, done);
}

#endif
