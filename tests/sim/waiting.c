/*
 * Waiting: epoll and poll(), level-triggered. Time passes nowhere else. May
 * use libc only.
 */
#define _GNU_SOURCE

#include "sim/kernel_file.h"

#include <errno.h>

#include "sim/calls.h"

static uint64_t limit_of(int milliseconds)
{
	return milliseconds < 0 ? UINT64_MAX
		: sim_kernel.now + (unsigned)milliseconds * SIM_MILLISECOND;
}

int __wrap_epoll_ctl(int epoll, int what, int fd, struct epoll_event *event)
{
	struct file *e = sim_file(epoll), *f = sim_file(fd);

	if (sim_injected(SIM_EPOLL_CTL) < 0)
		return -1;
	if (e == NULL || e->kind != EPOLL || f == NULL || f->kind == EPOLL) {
		errno = EBADF;
		return -1;
	}
	if ((f->epoll >= 0) == (what == EPOLL_CTL_ADD)) {
		errno = what == EPOLL_CTL_ADD ? EEXIST : ENOENT;
		return -1;
	}
	if (what == EPOLL_CTL_DEL) {
		sim_file_calm((int)(f - sim_kernel.files));
		f->epoll = -1;
		return 0;
	}
	f->epoll = (int)(e - sim_kernel.files);
	f->wanted = event->events | (uint32_t)(EPOLLERR | EPOLLHUP);
	f->data = event->data.u64;
	sim_file_touch((int)(f - sim_kernel.files));
	return 0;
}

struct watched {
	struct file *epoll;
	struct epoll_event *events;
	int most, found;
};

/* Who is ready stays in the list: it is told again (level-triggered). */
static int look(void *user)
{
	struct watched *w = user;
	int place = w->epoll->ready_first, next;
	struct file *f;
	uint32_t events;

	w->found = 0;
	for (; place >= 0 && w->found < w->most; place = next) {
		f = &sim_kernel.files[place];
		next = f->ready_next;
		events = sim_file_events(f) & f->wanted;
		if (events == 0) {
			sim_file_calm((int)(f - sim_kernel.files));
			continue;
		}
		w->events[w->found].events = events;
		w->events[w->found].data.u64 = f->data;
		w->found++;
	}
	return w->found > 0;
}

int __wrap_epoll_wait(int epoll, struct epoll_event *events, int most,
	int milliseconds)
{
	struct watched w = { sim_file(epoll), events, most, 0 };

	if (sim_injected(SIM_EPOLL_WAIT) < 0)
		return -1;
	if (w.epoll == NULL || w.epoll->kind != EPOLL) {
		errno = EBADF;
		return -1;
	}
	sim_wait(look, &w, limit_of(milliseconds));
	return w.found;
}

struct polled {
	struct pollfd *fds;
	nfds_t count;
	int found;
};

/* The flags of both have the same values on Linux. */
static int look_all(void *user)
{
	struct polled *p = user;
	struct file *f;
	nfds_t i;
	short always = POLLERR | POLLHUP;

	p->found = 0;
	for (i = 0; i < p->count; i++) {
		p->fds[i].revents = 0;
		if (p->fds[i].fd < 0)
			continue;
		f = sim_file(p->fds[i].fd);
		p->fds[i].revents = f == NULL ? (short)POLLNVAL :
			(short)((short)sim_file_events(f) &
				(p->fds[i].events | always));
		if (p->fds[i].revents != 0)
			p->found++;
	}
	return p->found > 0;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
	struct polled p = { fds, count, 0 };

	if (count > 0 && fds[0].fd >= 0 && sim_file(fds[0].fd) == NULL)
		return __real_poll(fds, count, milliseconds);
	if (sim_injected(SIM_POLL) < 0)
		return -1;
	sim_wait(look_all, &p, limit_of(milliseconds));
	return p.found;
}
