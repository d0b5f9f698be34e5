/*
 * Waiting for sockets, see poller.h. epoll and kqueue differ in two places
 * only: how a watch is told to the kernel, and how the kernel's finds become
 * the batch. A watch that wants nothing is not told at all, so that no error
 * on its socket can wake anybody. May use libc only.
 */
#define _GNU_SOURCE

#include "ldns/poller.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#if defined __linux__
#include <sys/epoll.h>
#elif defined __FreeBSD__ || defined __NetBSD__ || defined __OpenBSD__ || \
	defined __DragonFly__ || defined __APPLE__
#define POLLER_KQUEUE
#include <sys/types.h>
#include <sys/event.h>
#include <sys/time.h>
#endif

#include <mxsel/mxsel.h>

#include "ldns/sys.h"

static void found(struct mxsel__poller *p, struct mxsel__watch *w,
	unsigned events)
{
	p->ready[p->ready_count] = w;
	p->ready_events[p->ready_count] = events;
	p->ready_count++;
}

#if defined __linux__

static int kernel_open(void)
{
	return epoll_create1(EPOLL_CLOEXEC);
}

static unsigned epoll_events(unsigned wanted)
{
	return (wanted & MXSEL__READABLE ? (unsigned)EPOLLIN : 0u) |
		(wanted & MXSEL__WRITABLE ? (unsigned)EPOLLOUT : 0u);
}

static int kernel_tell(int fd, struct mxsel__watch *w, unsigned before,
	unsigned after)
{
	struct epoll_event event = { .events = epoll_events(after),
		.data = { .ptr = w } };
	int what = before == 0 ? EPOLL_CTL_ADD :
		after == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;

	return epoll_ctl(fd, what, w->fd, &event);
}

static int kernel_wait(struct mxsel__poller *p, int milliseconds)
{
	struct epoll_event events[MXSEL__POLLER_BATCH];
	int i, n;

	n = epoll_wait(p->fd, events, MXSEL__POLLER_BATCH, milliseconds);
	for (i = 0; i < n; i++)
		found(p, events[i].data.ptr,
			(events[i].events & (EPOLLERR | EPOLLHUP) ? ~0u : 0u) |
			(events[i].events & EPOLLIN ? MXSEL__READABLE : 0u) |
			(events[i].events & EPOLLOUT ? MXSEL__WRITABLE : 0u));
	return n;
}

/* -1: poll() has none. */
static void kernel_forget(int fd)
{
	/* The parent has its own descriptor of the same epoll. */
	mxsel__sys_close(&fd);
}

#elif defined POLLER_KQUEUE

static int kernel_open(void)
{
	int fd = kqueue();

	if (fd >= 0)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* One filter each for reading and writing, put in or taken out. */
static int kernel_tell(int fd, struct mxsel__watch *w, unsigned before,
	unsigned after)
{
	struct kevent changes[2];
	unsigned changed = before ^ after;
	int n = 0;

	if (changed & MXSEL__READABLE) {
		EV_SET(&changes[n], (uintptr_t)w->fd, EVFILT_READ,
			after & MXSEL__READABLE ? EV_ADD : EV_DELETE,
			0, 0, (void *)w);
		n++;
	}
	if (changed & MXSEL__WRITABLE) {
		EV_SET(&changes[n], (uintptr_t)w->fd, EVFILT_WRITE,
			after & MXSEL__WRITABLE ? EV_ADD : EV_DELETE,
			0, 0, (void *)w);
		n++;
	}
	if (n == 0 || kevent(fd, changes, n, NULL, 0, NULL) == 0)
		return 0;
	/* One of two may be in by now, and would point to nobody's watch. */
	while (before == 0 && n-- > 0) {
		changes[n].flags = EV_DELETE;
		(void)kevent(fd, &changes[n], 1, NULL, 0, NULL);
	}
	return -1;
}

static int kernel_wait(struct mxsel__poller *p, int milliseconds)
{
	struct kevent events[MXSEL__POLLER_BATCH];
	struct timespec limit;
	int i, n;

	limit.tv_sec = milliseconds / 1000;
	limit.tv_nsec = milliseconds % 1000 * 1000000L;
	n = kevent(p->fd, NULL, 0, events, MXSEL__POLLER_BATCH,
		milliseconds < 0 ? NULL : &limit);
	for (i = 0; i < n; i++)
		found(p, (void *)events[i].udata,
			events[i].flags & (EV_EOF | EV_ERROR) ? ~0u :
			events[i].filter == EVFILT_READ ? MXSEL__READABLE :
			MXSEL__WRITABLE);
	return n;
}

static void kernel_forget(int fd)
{
	/* No child inherits a kqueue: the number is another file's by now. */
	(void)fd;
}

#else

static int kernel_open(void)
{
	errno = ENOSYS;
	return -1;
}

static int kernel_tell(int fd, struct mxsel__watch *w, unsigned before,
	unsigned after)
{
	(void)fd, (void)w, (void)before, (void)after;
	return -1;
}

static int kernel_wait(struct mxsel__poller *p, int milliseconds)
{
	(void)p, (void)milliseconds;
	return -1;
}

static void kernel_forget(int fd)
{
	(void)fd;
}

#endif

static int open_kind(struct mxsel__poller *p)
{
	p->fd = -1;
	p->owner = getpid();
	if (p->kind == MXSEL__POLLER_POLL)
		return 0;
	p->fd = mxsel__sys_above_standard(kernel_open());
	if (p->fd >= 0)
		return 0;
	if (errno != ENOSYS)
		return MXSEL_ESYSTEM;
	/* No such call here, or none for this sandbox. */
	p->kind = MXSEL__POLLER_POLL;
	return 0;
}

int mxsel__poller_init(struct mxsel__poller *p, enum mxsel__poller_kind kind)
{
	p->kind = kind;
	p->count = 0;
	p->turn = 0;
	p->ready_count = p->ready_next = 0;
	return open_kind(p);
}

static void forget_all(struct mxsel__poller *p)
{
	while (p->count > 0)
		p->watched[--p->count]->fd = -1;
	p->ready_count = p->ready_next = 0;
}

void mxsel__poller_destroy(struct mxsel__poller *p)
{
	forget_all(p);
	if (p->owner == getpid())
		mxsel__sys_close(&p->fd);
	else
		kernel_forget(p->fd);
	p->fd = -1;
}

int mxsel__poller_fd(const struct mxsel__poller *p)
{
	return p->fd;
}

int mxsel__poller_restart(struct mxsel__poller *p)
{
	forget_all(p);
	kernel_forget(p->fd);
	return open_kind(p);
}

/* The kernel hears of it where it keeps the watches itself. */
static int tell(struct mxsel__poller *p, struct mxsel__watch *w,
	unsigned before, unsigned after)
{
	if (p->kind == MXSEL__POLLER_POLL || before == after)
		return 0;
	return kernel_tell(p->fd, w, before, after) == 0 ? 0 : MXSEL_ESYSTEM;
}

int mxsel__poller_add(struct mxsel__poller *p, struct mxsel__watch *w, int fd,
	unsigned wanted)
{
	int error;

	w->fd = -1;
	if (p->count == MXSEL__POLLER_MAX)
		return MXSEL_ELIMIT;
	w->fd = fd;
	error = tell(p, w, 0, wanted);
	if (error != 0) {
		w->fd = -1;
		return error;
	}
	w->wanted = wanted;
	w->place = p->count;
	p->watched[p->count++] = w;
	return 0;
}

int mxsel__poller_change(struct mxsel__poller *p, struct mxsel__watch *w,
	unsigned wanted)
{
	int error = tell(p, w, w->wanted, wanted);

	if (error == 0)
		w->wanted = wanted;
	return error;
}

void mxsel__poller_remove(struct mxsel__poller *p, struct mxsel__watch *w)
{
	struct mxsel__watch *last;
	unsigned i;

	if (w->fd < 0)
		return;
	/* The child of a fork has its parent's epoll still. */
	if (p->owner == getpid())
		(void)tell(p, w, w->wanted, 0);
	w->fd = -1;
	last = p->watched[--p->count];
	p->watched[w->place] = last;
	last->place = w->place;
	for (i = p->ready_next; i < p->ready_count; i++)
		if (p->ready[i] == w)
			p->ready[i] = NULL;
}

static short poll_events(unsigned wanted)
{
	return (short)((wanted & MXSEL__READABLE ? POLLIN : 0) |
		(wanted & MXSEL__WRITABLE ? POLLOUT : 0));
}

/* Begin where the last wait ended, lest the first ones starve the rest. */
static void pick(struct mxsel__poller *p, const struct pollfd *fds)
{
	unsigned i, at = p->turn;

	for (i = 0; i < p->count; i++, at++) {
		if (at >= p->count)
			at = 0;
		if (fds[at].revents == 0)
			continue;
		if (p->ready_count == MXSEL__POLLER_BATCH)
			break;
		found(p, p->watched[at],
			(fds[at].revents & POLLIN ? MXSEL__READABLE : 0u) |
			(fds[at].revents & POLLOUT ? MXSEL__WRITABLE : 0u) |
			(fds[at].revents & ~(POLLIN | POLLOUT) ? ~0u : 0u));
	}
	p->turn = at;
}

static int poll_wait(struct mxsel__poller *p, int milliseconds)
{
	struct pollfd fds[MXSEL__POLLER_MAX];
	unsigned i;
	int n;

	for (i = 0; i < p->count; i++) {
		fds[i].fd = p->watched[i]->wanted == 0 ? -1 :
			p->watched[i]->fd;
		fds[i].events = poll_events(p->watched[i]->wanted);
		fds[i].revents = 0;
	}
	n = poll(fds, p->count, milliseconds);
	if (n > 0)
		pick(p, fds);
	return n;
}

int mxsel__poller_wait(struct mxsel__poller *p, int milliseconds)
{
	int n;

	p->ready_count = p->ready_next = 0;
	if (p->kind == MXSEL__POLLER_POLL)
		n = poll_wait(p, milliseconds);
	else
		n = kernel_wait(p, milliseconds);
	return n >= 0 || errno == EINTR ? 0 : MXSEL_ESYSTEM;
}

struct mxsel__watch *mxsel__poller_ready(struct mxsel__poller *p,
	unsigned *events)
{
	struct mxsel__watch *w;
	unsigned i;

	while (p->ready_next < p->ready_count) {
		i = p->ready_next++;
		w = p->ready[i];
		/* It may want less than when it was found. */
		if (w == NULL || (p->ready_events[i] & w->wanted) == 0)
			continue;
		*events = p->ready_events[i] & w->wanted;
		return w;
	}
	return NULL;
}
