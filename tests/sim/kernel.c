/*
 * Descriptors, and what is still to come to them, in the order of time; see
 * kernel.h. May use libc only.
 */
#include "sim/kernel_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum event_kind { CAME, ICMP, ACCEPTED, OCTETS, FINISHED, RESET };

struct event {
	uint64_t time, order;
	struct packet *packet;
	uint32_t life;
	int32_t place; /* a file's, or a port */
	int16_t from;
	uint16_t kind;
};

static struct {
	struct event *heap;
	size_t count, room;
	uint64_t order;
	struct packet *spare;
} future;

struct kernel sim_kernel;

/* ---------------------------------------------------------------- numbers */

/* splitmix64: a good number from any state. */
uint64_t sim_number(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint64_t sim_random(uint64_t bound)
{
	return bound == 0 ? 0 : sim_number(&sim_kernel.own_numbers) % bound;
}

uint64_t sim_now(void)
{
	return sim_kernel.now;
}

uint64_t sim_calls(void)
{
	return sim_kernel.calls;
}

uint64_t sim_trace(void)
{
	return sim_kernel.trace;
}

/* FNV-1a over words, with the time. */
void sim_trace_add(const void *data, size_t size)
{
	const uint8_t *at = data;
	uint64_t word = sim_kernel.now, trace = sim_kernel.trace;

	while (!sim_kernel.silent) {
		trace = (trace ^ word) * 0x100000001b3u;
		trace ^= trace >> 29;
		if (size == 0)
			break;
		word = 0;
		memcpy(&word, at, size < 8 ? size : 8);
		at += size < 8 ? size : 8;
		size -= size < 8 ? size : 8;
	}
	sim_kernel.trace = trace;
}

void sim_trace_stop(void)
{
	sim_kernel.silent = 1;
}

/* ---------------------------------------------------------------- packets */

static struct packet *packet_new(const uint8_t *data, size_t size)
{
	struct packet *p = future.spare;
	size_t room = size > PACKET_ROOM ? size : PACKET_ROOM;

	if (p != NULL && size <= PACKET_ROOM)
		future.spare = p->next;
	else
		p = sim_allocate(sizeof *p + room);
	p->next = NULL;
	p->size = (uint32_t)size;
	p->used = 0;
	p->room = (uint32_t)(size > PACKET_ROOM ? size : PACKET_ROOM);
	if (size > 0)
		memcpy(p->data, data, size);
	return p;
}

static void packet_free(struct packet *p)
{
	if (p == NULL)
		return;
	if (p->room > PACKET_ROOM) {
		sim_release(p);
		return;
	}
	p->next = future.spare;
	future.spare = p;
}

void sim_file_shift(struct file *f)
{
	struct packet *p = f->first;

	f->first = p->next;
	packet_free(p);
}

/* ----------------------------------------------------------------- future */

static int sooner(const struct event *a, const struct event *b)
{
	return a->time != b->time ? a->time < b->time : a->order < b->order;
}

static void push(struct event e)
{
	size_t at = future.count++, up;

	if (at == future.room) {
		future.room = future.room ? future.room * 2 : 1024;
		future.heap = sim_reallocate(future.heap,
			future.room * sizeof e);
	}
	e.order = future.order++;
	while (at > 0 && sooner(&e, &future.heap[up = (at - 1) / 2])) {
		future.heap[at] = future.heap[up];
		at = up;
	}
	future.heap[at] = e;
}

static struct event pop(void)
{
	struct event first = future.heap[0], e;
	size_t at = 0, down;

	e = future.heap[--future.count];
	while ((down = 2 * at + 1) < future.count) {
		if (down + 1 < future.count &&
				sooner(&future.heap[down + 1],
					&future.heap[down]))
			down++;
		if (!sooner(&future.heap[down], &e))
			break;
		future.heap[at] = future.heap[down];
		at = down;
	}
	future.heap[at] = e;
	return first;
}

void sim_events_clear(void)
{
	while (future.count > 0)
		packet_free(future.heap[--future.count].packet);
	future.order = 0;
}

void sim_datagram(uint16_t port, int from, const uint8_t *data, size_t size,
	uint64_t delay)
{
	struct event e = { .time = sim_kernel.now + delay, .place = port,
		.from = (int16_t)from, .kind = CAME };

	e.packet = packet_new(data, size);
	push(e);
}

void sim_unreachable(uint16_t port, int from, uint64_t delay)
{
	struct event e = { .time = sim_kernel.now + delay, .place = port,
		.from = (int16_t)from, .kind = ICMP };

	push(e);
}

/* TCP keeps the order: nothing overtakes what was sent before. */
static void push_stream(sim_connection c, enum event_kind kind,
	const uint8_t *data, size_t size, uint64_t delay)
{
	struct event e = { .life = (uint32_t)(c >> 32), .kind = (uint16_t)kind,
		.place = (int32_t)(c & 0xffffffffu) - 1 };
	struct file *f = &sim_kernel.files[e.place];

	e.time = sim_kernel.now + delay;
	if (f->life == e.life && e.time < f->busy_until)
		e.time = f->busy_until;
	if (f->life == e.life)
		f->busy_until = e.time;
	if (kind == OCTETS)
		e.packet = packet_new(data, size);
	push(e);
}

void sim_accept(sim_connection c, uint64_t delay)
{
	push_stream(c, ACCEPTED, NULL, 0, delay);
}

void sim_segment(sim_connection c, const uint8_t *data, size_t size,
	uint64_t delay)
{
	push_stream(c, OCTETS, data, size, delay);
}

void sim_finish(sim_connection c, uint64_t delay)
{
	push_stream(c, FINISHED, NULL, 0, delay);
}

void sim_break(sim_connection c, uint64_t delay)
{
	push_stream(c, RESET, NULL, 0, delay);
}

sim_connection sim_connection_of(const struct file *f)
{
	return (uint64_t)f->life << 32 |
		(uint64_t)(f - sim_kernel.files + 1);
}

/* ------------------------------------------------------------ what happens */

static void keep(struct file *f, struct packet *p)
{
	if (f->first == NULL)
		f->first = p;
	else
		f->last->next = p;
	f->last = p;
	sim_file_touch((int)(f - sim_kernel.files));
}

/* A connected socket hears of its peer only (S1); the kernel sees to it. */
static void take_datagram(struct event *e)
{
	int place = sim_kernel.ports[e->place];
	struct file *f = place < 0 ? NULL : &sim_kernel.files[place];

	if (f == NULL || (f->server >= 0 && f->server != e->from)) {
		packet_free(e->packet);
		return;
	}
	if (e->kind == CAME) {
		keep(f, e->packet);
	} else {
		f->error = ECONNREFUSED;
		sim_file_touch(place);
	}
}

static void take_stream(struct event *e)
{
	struct file *f = &sim_kernel.files[e->place];

	if (f->kind != STREAM || f->life != e->life || f->state == BROKEN) {
		packet_free(e->packet);
		return;
	}
	if (e->kind == ACCEPTED) {
		f->state = CONNECTED;
	} else if (e->kind == FINISHED) {
		f->finished = 1;
	} else if (e->kind == RESET) {
		f->error = f->state == CONNECTING ? ECONNREFUSED : ECONNRESET;
		f->state = BROKEN;
		while (f->first != NULL)
			sim_file_shift(f);
	} else {
		keep(f, e->packet);
	}
	sim_file_touch(e->place);
}

static void happen(void)
{
	struct event e = pop();

	if (e.time > sim_kernel.now)
		sim_kernel.now = e.time;
	if (e.packet != NULL)
		sim_trace_add(e.packet->data, e.packet->size);
	if (e.kind == CAME || e.kind == ICMP)
		take_datagram(&e);
	else
		take_stream(&e);
}

void sim_wait(int (*ready)(void *user), void *user, uint64_t limit)
{
	while (future.count > 0 && future.heap[0].time <= sim_kernel.now)
		happen();
	while (!ready(user)) {
		if (future.count == 0 || future.heap[0].time > limit) {
			if (limit != UINT64_MAX && limit > sim_kernel.now)
				sim_kernel.now = limit;
			return;
		}
		happen();
	}
}

static int never(void *user)
{
	(void)user;
	return 0;
}

void sim_sleep(uint64_t nanoseconds)
{
	sim_wait(never, NULL, sim_kernel.now + nanoseconds);
}

void sim_jump(int64_t real_seconds, int64_t monotonic_seconds)
{
	sim_kernel.real_jump += real_seconds;
	sim_kernel.monotonic_jump += monotonic_seconds;
}

void sim_jump_later(uint64_t nanoseconds, int64_t real_seconds,
	int64_t monotonic_seconds)
{
	sim_kernel.jump_at = sim_kernel.now + nanoseconds;
	sim_kernel.real_later = real_seconds;
	sim_kernel.monotonic_later = monotonic_seconds;
}

/* ------------------------------------------------------------- descriptors */

struct file *sim_file(int fd)
{
	int place = fd - sim_kernel.first;

	if (place < 0 || place >= FILES_MAX ||
			sim_kernel.files[place].kind == FREE)
		return NULL;
	return &sim_kernel.files[place];
}

/* The lowest that is free, as POSIX has it. */
int sim_file_new(enum file_kind kind, int least)
{
	int place = least > sim_kernel.first ? least - sim_kernel.first : 0;
	struct file *f;
	uint32_t life;

	while (place < FILES_MAX && sim_kernel.files[place].kind != FREE)
		place++;
	if (place == FILES_MAX) {
		errno = EMFILE;
		return -1;
	}
	if ((unsigned)place >= sim_kernel.top)
		sim_kernel.top = (unsigned)place + 1;
	f = &sim_kernel.files[place];
	life = f->life + 1;
	memset(f, 0, sizeof *f);
	f->life = life;
	f->kind = (uint8_t)kind;
	f->server = -1;
	f->epoll = -1;
	f->ready_next = f->ready_previous = f->ready_first = -1;
	if (++sim_kernel.open > sim_kernel.most)
		sim_kernel.most = sim_kernel.open;
	return place + sim_kernel.first;
}

void sim_file_bind(struct file *f)
{
	do
		f->port = (uint16_t)(32768 +
			sim_number(&sim_kernel.own_numbers) % 28232);
	while (sim_kernel.ports[f->port] >= 0);
	sim_kernel.ports[f->port] = (int32_t)(f - sim_kernel.files);
}

void sim_file_calm(int place)
{
	struct file *f = &sim_kernel.files[place];

	if (!f->in_ready)
		return;
	if (f->ready_previous >= 0)
		sim_kernel.files[f->ready_previous].ready_next = f->ready_next;
	else
		sim_kernel.files[f->epoll].ready_first = f->ready_next;
	if (f->ready_next >= 0)
		sim_kernel.files[f->ready_next].ready_previous =
			f->ready_previous;
	f->ready_next = f->ready_previous = -1;
	f->in_ready = 0;
}

void sim_file_touch(int place)
{
	struct file *f = &sim_kernel.files[place], *e;

	if (f->epoll < 0 || f->in_ready)
		return;
	e = &sim_kernel.files[f->epoll];
	f->ready_next = e->ready_first;
	f->ready_previous = -1;
	if (e->ready_first >= 0)
		sim_kernel.files[e->ready_first].ready_previous = place;
	e->ready_first = place;
	f->in_ready = 1;
}

void sim_file_close(int fd)
{
	struct file *f = sim_file(fd);
	uint32_t life = f->life;

	if (f->epoll >= 0)
		sim_file_calm(fd - sim_kernel.first);
	if (f->kind == DATAGRAM && f->port != 0)
		sim_kernel.ports[f->port] = -1;
	while (f->first != NULL)
		sim_file_shift(f);
	sim_release(f->out);
	memset(f, 0, sizeof *f);
	f->life = life;
	sim_kernel.open--;
	while (sim_kernel.top > 0 &&
			sim_kernel.files[sim_kernel.top - 1].kind == FREE)
		sim_kernel.top--;
}

uint32_t sim_file_events(const struct file *f)
{
	uint32_t events = 0;

	if (f->kind == DATAGRAM)
		return (uint32_t)EPOLLOUT | (f->error != 0 ?
			(uint32_t)(EPOLLIN | EPOLLERR) : 0u) |
			(f->first != NULL ? (uint32_t)EPOLLIN : 0u);
	if (f->state == BROKEN)
		return (uint32_t)(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP);
	if (f->state == NEW)
		return (uint32_t)(EPOLLOUT | EPOLLHUP);
	if (f->state == CONNECTED)
		events |= (uint32_t)EPOLLOUT;
	if (f->first != NULL || f->finished)
		events |= (uint32_t)EPOLLIN;
	return events;
}

unsigned sim_open_count(void)
{
	return sim_kernel.open;
}

unsigned sim_open_most(void)
{
	return sim_kernel.most;
}

uint16_t sim_open_port(unsigned n)
{
	unsigned i;

	for (i = 0; i < sim_kernel.top; i++)
		if (sim_kernel.files[i].kind == DATAGRAM && n-- == 0)
			return sim_kernel.files[i].port;
	return 0;
}

/* ---------------------------------------------------------------- settings */

void sim_kernel_reset(uint64_t seed)
{
	static int started;
	unsigned i;

	while (sim_kernel.top > 0)
		sim_file_close((int)sim_kernel.top - 1 + sim_kernel.first);
	sim_events_clear();
	sim_fail_never();
	sim_kernel.now = 1000 * 86400 * SIM_SECOND;
	sim_kernel.jump_at = 0;
	sim_kernel.most = 0;
	sim_kernel.real_jump = sim_kernel.monotonic_jump = 0;
	sim_kernel.calls = sim_kernel.trace = 0;
	sim_kernel.own_numbers = seed * 2;
	sim_kernel.given_numbers = seed * 2 + 1;
	sim_kernel.first = 1024; /* F78: beyond what select() can watch */
	sim_kernel.silent = 0;
	sim_kernel.send_most = 0;
	sim_kernel.slices = 1;
	/* Later on those that were closed are free again. */
	for (i = 0; !started && i < 65536; i++)
		sim_kernel.ports[i] = -1;
	started = 1;
}

void sim_kernel_peer(const struct sim_peer *peer)
{
	sim_kernel.peer = *peer;
}

void sim_send_most(size_t octets)
{
	sim_kernel.send_most = octets;
}

void sim_first_descriptor(int fd)
{
	sim_kernel.first = fd;
}

void sim_slices(int can)
{
	sim_kernel.slices = can;
}
