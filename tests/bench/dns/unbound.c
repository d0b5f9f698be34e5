/*
 * libunbound: events on one thread, its cache, and the server as what it
 * forwards to; no DNSSEC. Its own asynchronous interface with a thread or a
 * process passes every answer through a pipe and takes five times as long.
 * The event base it needs is here, on epoll. May use Linux, libresolv (to
 * read messages) and libunbound.
 */
#define _DEFAULT_SOURCE

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/time.h>

#include <unbound.h>
#include <unbound-event.h>

#include "bench/dns/hosts.h"

/*
 * Timers stand in the slot of their tick, for 16 seconds a turn; the last
 * slot is for those that are due at once.
 */
#define TICK 4000000 /* ns */
#define SLOTS 4096
#define READY 64

struct event {
	struct ub_event head; /* first */
	struct event *next, **link; /* of a timer that runs */
	uint64_t tick;
	void (*call)(int, short, void *);
	void *user;
	int fd, watched;
	short bits;
};

static struct event *slots[SLOTS + 1];
static uint64_t ticks;
static int poller = -1;
static struct ub_ctx *context;

static struct event *of(struct ub_event *e)
{
	return (struct event *)e;
}

static void stop_timer(struct event *e)
{
	if (e->link == NULL)
		return;
	*e->link = e->next;
	if (e->next != NULL)
		e->next->link = e->link;
	e->link = NULL;
}

static void start_timer(struct event *e, const struct timeval *after)
{
	struct event **slot;

	stop_timer(e);
	e->tick = ticks + 1 + (uint64_t)after->tv_sec * (1000000000 / TICK) +
		(uint64_t)after->tv_usec * 1000 / TICK;
	slot = after->tv_sec == 0 && after->tv_usec == 0 ? &slots[SLOTS] :
		&slots[e->tick % SLOTS];
	e->next = *slot;
	e->link = slot;
	if (e->next != NULL)
		e->next->link = &e->next;
	*slot = e;
}

static int del(struct ub_event *head)
{
	struct event *e = of(head);

	stop_timer(e);
	if (e->watched)
		(void)epoll_ctl(poller, EPOLL_CTL_DEL, e->fd, NULL);
	e->watched = 0;
	return 0;
}

static int add(struct ub_event *head, struct timeval *after)
{
	struct event *e = of(head);
	struct epoll_event what;

	(void)del(head);
	if ((e->bits & UB_EV_TIMEOUT) != 0 && after != NULL)
		start_timer(e, after);
	if (e->fd < 0 || (e->bits & (UB_EV_READ | UB_EV_WRITE)) == 0)
		return 0;
	what.data.ptr = e;
	what.events = (e->bits & UB_EV_READ ? EPOLLIN : 0u) |
		(e->bits & UB_EV_WRITE ? EPOLLOUT : 0u);
	if (epoll_ctl(poller, EPOLL_CTL_ADD, e->fd, &what) != 0)
		return -1;
	e->watched = 1;
	return 0;
}

static void add_bits(struct ub_event *head, short bits)
{
	of(head)->bits = (short)(of(head)->bits | bits);
}

static void del_bits(struct ub_event *head, short bits)
{
	of(head)->bits = (short)(of(head)->bits & ~bits);
}

static void set_fd(struct ub_event *head, int fd)
{
	of(head)->fd = fd;
}

static void free_event(struct ub_event *head)
{
	(void)del(head);
	free(head);
}

static int add_timer(struct ub_event *head, struct ub_event_base *base,
	void (*call)(int, short, void *), void *user, struct timeval *after)
{
	(void)base;
	of(head)->call = call;
	of(head)->user = user;
	start_timer(of(head), after);
	return 0;
}

static int del_timer(struct ub_event *head)
{
	stop_timer(of(head));
	return 0;
}

static struct ub_event *new_event(struct ub_event_base *base, int fd,
	short bits, void (*call)(int, short, void *), void *user)
{
	static struct ub_event_vmt functions = {
		.add_bits = add_bits, .del_bits = del_bits, .set_fd = set_fd,
		.free = free_event, .add = add, .del = del,
		.add_timer = add_timer, .del_timer = del_timer
	};
	struct event *e = calloc(1, sizeof(*e));

	(void)base;
	if (e == NULL)
		return NULL;
	e->head.magic = UB_EVENT_MAGIC;
	e->head.vmt = &functions;
	e->fd = fd;
	e->bits = bits;
	e->call = call;
	e->user = user;
	return &e->head;
}

static void fire_timers(void)
{
	uint64_t now = load_now() / TICK;
	struct event *due;

	while ((due = slots[SLOTS]) != NULL) {
		stop_timer(due);
		due->call(-1, UB_EV_TIMEOUT, due->user);
	}
	while (ticks < now) {
		struct event *e = slots[++ticks % SLOTS], *next;

		for (; e != NULL; e = next) {
			next = e->next;
			if (e->tick > ticks)
				continue;
			stop_timer(e);
			e->call(-1, UB_EV_TIMEOUT, e->user);
			/* The call may have changed the list. */
			next = slots[ticks % SLOTS];
		}
	}
}

/* One at a time: a call may end the event of another. */
static void wait_for_events(void)
{
	struct epoll_event ready[1];
	int wait = slots[SLOTS] != NULL ? 0 : 4, i;

	for (i = 0; i < READY; i++, wait = 0) {
		struct event *e;
		short bits;

		if (epoll_wait(poller, ready, 1, wait) <= 0)
			break;
		e = ready[0].data.ptr;
		bits = (short)((ready[0].events & EPOLLOUT ?
			UB_EV_WRITE : 0) | (ready[0].events &
			(EPOLLIN | EPOLLERR | EPOLLHUP) ? UB_EV_READ : 0));
		if ((e->bits & UB_EV_PERSIST) == 0)
			(void)del(&e->head);
		e->call(e->fd, bits, e->user);
	}
	fire_timers();
}

static int is_answer(ns_msg *message, int error, void *packet, int size)
{
	int rcode;

	if (error != 0 || packet == NULL ||
		ns_initparse(packet, size, message) != 0)
		return 0;
	rcode = ns_msg_getflag(*message, ns_f_rcode);
	return rcode == ns_r_noerror || rcode == ns_r_nxdomain;
}

static void mx_answer(void *user, int error, void *packet, int size,
	int security, char *why, int limited)
{
	struct lookup *l = user;
	unsigned char copy[4096];
	char name[NS_MAXDNAME];
	int i, n = 0;
	ns_msg m;
	ns_rr rr;

	(void)security, (void)why, (void)limited;
	/* To ask may end in another call like this one, with its buffer. */
	if (size > 0 && (size_t)size <= sizeof(copy))
		packet = memcpy(copy, packet, (size_t)size);
	if (!is_answer(&m, error, packet, size)) {
		hosts_end(l, LOAD_LOST);
		return;
	}
	if (ns_msg_getflag(m, ns_f_rcode) == ns_r_nxdomain) {
		hosts_end(l, LOAD_NO_DOMAIN);
		return;
	}
	for (i = 0; i < ns_msg_count(m, ns_s_an); i++) {
		if (ns_parserr(&m, ns_s_an, i, &rr) != 0 ||
			ns_rr_type(rr) != ns_t_mx ||
			dn_expand(ns_msg_base(m), ns_msg_end(m),
			ns_rr_rdata(rr) + 2, name, sizeof(name)) < 0)
			continue;
		if (name[0] == '\0' && n == 0) {
			hosts_end(l, LOAD_NULL_MX);
			return;
		}
		hosts_mx(l, name, ns_get16(ns_rr_rdata(rr)));
		n++;
	}
	if (n == 0)
		hosts_implicit(l);
	else
		hosts_mx_end(l);
}

static void address_answer(struct host *h, int type, int error,
	void *packet, int size)
{
	int lost, i;
	ns_msg m;
	ns_rr rr;

	lost = !is_answer(&m, error, packet, size);
	for (i = 0; !lost && i < ns_msg_count(m, ns_s_an); i++)
		if (ns_parserr(&m, ns_s_an, i, &rr) == 0 &&
			(int)ns_rr_type(rr) == type)
			hosts_address(h, type, ns_rr_rdata(rr));
	hosts_address_end(h, lost);
}

static void a_answer(void *user, int error, void *packet, int size,
	int security, char *why, int limited)
{
	(void)security, (void)why, (void)limited;
	address_answer(user, 1, error, packet, size);
}

static void aaaa_answer(void *user, int error, void *packet, int size,
	int security, char *why, int limited)
{
	(void)security, (void)why, (void)limited;
	address_answer(user, 28, error, packet, size);
}

static void ask_mx(struct lookup *l, const char *domain)
{
	int id;

	if (ub_resolve_event(context, domain, 15, 1, l, mx_answer, &id) != 0)
		load_die("ub_resolve_event");
}

static void ask_address(struct host *h, int type)
{
	int id;

	if (ub_resolve_event(context, h->name, type, 1, h,
		type == 1 ? a_answer : aaaa_answer, &id) != 0)
		load_die("ub_resolve_event");
}

static void open_context(struct ub_event_base *base)
{
	static const char *const options[][2] = {
		{ "module-config:", "iterator" },
		{ "do-not-query-localhost:", "no" },
		{ "outgoing-range:", "4096" },
		{ "num-queries-per-thread:", "16384" },
		{ "msg-cache-size:", "64m" },
		{ "rrset-cache-size:", "128m" }
	};
	char server[32];
	size_t i;

	context = ub_ctx_create_ub_event(base);
	if (context == NULL)
		load_die("ub_ctx_create_ub_event");
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (ub_ctx_set_option(context, options[i][0],
			options[i][1]) != 0)
			load_die(options[i][0]);
	(void)snprintf(server, sizeof(server), "127.0.0.1@%u", load.port);
	if (ub_ctx_set_fwd(context, server) != 0)
		load_die("ub_ctx_set_fwd");
}

int main(int argc, char **argv)
{
	static const struct asker asker = { ask_mx, ask_address };
	static struct ub_event_base_vmt functions = {
		.new_event = new_event
	};
	static struct ub_event_base base = { UB_EVENT_MAGIC, &functions };

	load_begin(argc, argv, "libunbound");
	poller = epoll_create1(0);
	ticks = load_now() / TICK;
	open_context(&base);
	hosts_begin(&asker, 0);
	for (hosts_fill(); load_busy(); hosts_fill())
		wait_for_events();
	return load_end();
}
