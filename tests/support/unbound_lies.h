/*
 * A libunbound, a system and a clock that do not keep their word, for the
 * unit tests of lib/unbound: the functions of them that are used stand here,
 * in the program itself, and fail, answer and stop time as world has it.
 * Include it in one file of a program. May use libc, check, libunbound's
 * header and support/packet.h.
 */
#ifndef TESTS_SUPPORT_UNBOUND_LIES_H
#define TESTS_SUPPORT_UNBOUND_LIES_H

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <unbound.h>

#include "support/packet.h"

#define QUESTIONS 8

struct asked {
	struct ub_ctx *context;
	ub_callback_type heard;
	void *user;
	char name[64];
	int type, id;
};

struct ub_ctx {
	int fd;
};

static struct {
	/* The call of ub_ctx_*() that fails, from 1, and with what. */
	int fails, error;
	int calls;
	int contexts, results; /* that are there */
	/* What was set: "FD OPTION VALUE\n", and in other words. */
	char told[8192];
	int last_fd;
	/* Of questions: */
	int ask_says, ask_leaves, ask_is_quiet; /* no signal can come */
	int process_says, cancel_says;
	int last_cancelled;
	const char *silent;    /* no answer where the name begins so */
	int silent_type;
	int refused_type;      /* such a question cannot be asked */
	struct asked asked[QUESTIONS];
	int id;
	/* Of the system: */
	int poll_error, mutex_says, condition_says, mask_says;
	int destroyed;         /* locks and conditions */
	int woken;             /* conditions */
	int woken_sleepers;    /* of them, who sleeps */
	const pthread_cond_t *bed;
	void (*others)(void);  /* what they do while this one sleeps */
	long now;              /* milliseconds */
} world;

static int turn(void)
{
	return ++world.calls == world.fails ? world.error : UB_NOERROR;
}

static void note(const struct ub_ctx *context, const char *option,
	const char *value)
{
	size_t used = strlen(world.told);

	(void)snprintf(world.told + used, sizeof world.told - used,
		"%d %s %s\n", context->fd, option, value);
}

struct ub_ctx *ub_ctx_create(void)
{
	struct ub_ctx *context;

	errno = turn() == UB_NOERROR ? 0 : ENOMEM;
	if (errno != 0) {
		if (world.error == UB_SOCKET)
			errno = EMFILE;
		if (world.error == UB_PIPE)
			errno = ENFILE;
		return NULL;
	}
	context = calloc(1, sizeof *context);
	if (context == NULL)
		return NULL;
	world.contexts++;
	context->fd = ++world.last_fd;
	return context;
}

void ub_ctx_delete(struct ub_ctx *context)
{
	ck_assert_ptr_nonnull(context);
	world.contexts--;
	free(context);
}

int ub_ctx_debugout(struct ub_ctx *context, void *out)
{
	(void)context;
	ck_assert_ptr_null(out);
	return turn();
}

int ub_ctx_debuglevel(struct ub_ctx *context, int level)
{
	ck_assert_int_eq(level, 0);
	note(context, "debuglevel", "0");
	return turn();
}

int ub_ctx_async(struct ub_ctx *context, int thread)
{
	ck_assert_int_eq(thread, 1);
	note(context, "async", "1");
	return turn();
}

int ub_ctx_set_option(struct ub_ctx *context, const char *option,
	const char *value)
{
	ck_assert_ptr_nonnull(option);
	ck_assert_ptr_nonnull(value);
	note(context, option, value);
	return turn();
}

int ub_ctx_set_fwd(struct ub_ctx *context, const char *address)
{
	(void)context;
	(void)address;
	return turn();
}

int ub_ctx_set_stub(struct ub_ctx *context, const char *zone,
	const char *address, int primes)
{
	(void)context;
	(void)zone;
	(void)address;
	(void)primes;
	return turn();
}

int ub_ctx_zone_remove(struct ub_ctx *context, const char *zone)
{
	note(context, "remove", zone);
	return turn();
}

int ub_fd(struct ub_ctx *context)
{
	return context->fd;
}

int ub_resolve_async(struct ub_ctx *context, const char *name, int type,
	int class, void *user, ub_callback_type heard, int *id)
{
	struct asked *a = world.asked;
	sigset_t mask;

	(void)class;
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	world.ask_is_quiet = sigismember(&mask, SIGPIPE);
	*id = world.ask_says == UB_NOERROR || world.ask_leaves ?
		++world.id : 0;
	if (world.ask_says != UB_NOERROR)
		return world.ask_says;
	if (type == world.refused_type)
		return UB_PIPE;
	while (a->context != NULL)
		a++;
	ck_assert(a < world.asked + QUESTIONS);
	a->context = context;
	a->heard = heard;
	a->user = user;
	a->type = type;
	a->id = *id;
	strncpy(a->name, name, sizeof a->name - 1);
	return UB_NOERROR;
}

int ub_cancel(struct ub_ctx *context, int id)
{
	struct asked *a;

	world.last_cancelled = id;
	if (world.cancel_says != UB_NOERROR)
		return world.cancel_says;
	for (a = world.asked; a < world.asked + QUESTIONS; a++)
		if (a->context == context && a->id == id)
			a->context = NULL;
	return UB_NOERROR;
}

void ub_resolve_free(struct ub_result *result)
{
	if (result == NULL)
		return;
	world.results--;
	free(result->answer_packet);
	free(result);
}

/* Two hosts, A 192.0.2.1, no AAAA; three of a name that begins with 3. */
static void say(struct packet *p, const struct asked *a)
{
	static const uint8_t address[4] = { 192, 0, 2, 1 };

	packet_begin(p, PACKET_REPLY, a->name, (unsigned)a->type);
	if (a->type == PACKET_MX) {
		packet_mx(p, PACKET_ANSWER, NULL, 300, 10, "a.example");
		packet_mx(p, PACKET_ANSWER, NULL, 300, 20, "b.example");
		if (a->name[0] == '3')
			packet_mx(p, PACKET_ANSWER, NULL, 300, 30,
				"c.example");
	}
	if (a->type == PACKET_A)
		packet_address(p, PACKET_ANSWER, NULL, 300, address, 4);
}

/* NULL: no memory. */
static struct ub_result *result_of(const struct asked *a)
{
	static struct packet packet;
	struct ub_result *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	say(&packet, a);
	r->answer_packet = malloc(packet.size);
	if (r->answer_packet == NULL) {
		free(r);
		return NULL;
	}
	memcpy(r->answer_packet, packet.octets, packet.size);
	r->answer_len = (int)packet.size;
	world.results++;
	return r;
}

static int answers(const struct asked *a)
{
	if (a->type == world.silent_type)
		return 0;
	return world.silent == NULL || strncmp(a->name, world.silent,
		strlen(world.silent)) != 0;
}

int ub_process(struct ub_ctx *context)
{
	struct ub_result *result;
	struct asked *a, was;

	if (world.process_says != UB_NOERROR)
		return world.process_says;
	for (a = world.asked; a < world.asked + QUESTIONS; a++) {
		was = *a;
		if (was.context != context || !answers(&was))
			continue;
		a->context = NULL;
		result = result_of(&was);
		was.heard(was.user, result == NULL ? UB_NOMEM : UB_NOERROR,
			result);
	}
	return UB_NOERROR;
}

static int is_readable(int fd)
{
	const struct asked *a;

	for (a = world.asked; a < world.asked + QUESTIONS; a++)
		if (a->context != NULL && a->context->fd == fd && answers(a))
			return 1;
	return 0;
}

/* Time goes by while somebody waits in vain, and only then. */
int poll(struct pollfd *watched, nfds_t count, int milliseconds)
{
	/* gcc believes that poll() does not read it. */
	const struct pollfd *volatile first = watched;

	ck_assert_uint_eq(count, 1);
	if (world.poll_error != 0) {
		errno = world.poll_error;
		return -1;
	}
	if (is_readable(first->fd))
		return 1;
	ck_assert_int_ge(milliseconds, 0);
	world.now += milliseconds;
	return 0;
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
	(void)clock;
	t->tv_sec = world.now / 1000;
	t->tv_nsec = world.now % 1000 * 1000000;
	return 0;
}

int pthread_sigmask(int how, const sigset_t *restrict set,
	sigset_t *restrict before)
{
	return world.mask_says != 0 ? world.mask_says :
		sigprocmask(how, set, before);
}

int pthread_mutex_init(pthread_mutex_t *mutex,
	const pthread_mutexattr_t *attributes)
{
	static const pthread_mutex_t made = PTHREAD_MUTEX_INITIALIZER;

	(void)attributes;
	*mutex = made;
	return world.mutex_says;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	(void)mutex;
	world.destroyed++;
	return 0;
}

int pthread_cond_destroy(pthread_cond_t *condition)
{
	(void)condition;
	world.destroyed++;
	return 0;
}

int pthread_cond_signal(pthread_cond_t *condition)
{
	world.woken++;
	world.woken_sleepers += condition == world.bed;
	return 0;
}

/* There is one thread. While it sleeps it does what others would. */
int pthread_cond_timedwait(pthread_cond_t *restrict condition,
	pthread_mutex_t *restrict lock, const struct timespec *restrict until)
{
	(void)condition;
	if (world.others == NULL) {
		world.now = until->tv_sec * 1000 + until->tv_nsec / 1000000;
		return ETIMEDOUT;
	}
	ck_assert_int_eq(pthread_mutex_unlock(lock), 0);
	world.bed = condition;
	world.others();
	world.bed = NULL;
	ck_assert_int_eq(pthread_mutex_lock(lock), 0);
	return 0;
}

int pthread_cond_init(pthread_cond_t *restrict condition,
	const pthread_condattr_t *restrict attributes)
{
	static const pthread_cond_t made = PTHREAD_COND_INITIALIZER;

	(void)attributes;
	*condition = made;
	return world.condition_says;
}

/* All that libunbound gave was given back. */
static inline void nothing_is_left(void)
{
	ck_assert_int_eq(world.contexts, 0);
	ck_assert_int_eq(world.results, 0);
}

static inline void world_begins(void)
{
	memset(&world, 0, sizeof world);
	world.now = 1000;
}

#endif
