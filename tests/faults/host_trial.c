/*
 * Look-ups of a domain with one host and two addresses, blocking and on an
 * engine, see host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include "faults/host_judge.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define RIGHT "2001:db8::1 192.0.2.1 "

#define MORE_TIME 8 /* ms that another question may be away */

static int read_all(struct liar_call *call, uint8_t *at, size_t size)
{
	struct pollfd more = { .fd = call->fd, .events = POLLIN };
	ssize_t got;

	for (; size > 0; at += got, size -= (size_t)got) {
		if (poll(&more, 1, MORE_TIME) <= 0)
			return 0;
		got = recv(call->fd, at, size, 0);
		if (got <= 0)
			return 0;
	}
	return 1;
}

/* An end with something unread would be a reset, and the answer lost. */
static void answer_more(struct liar_call *call)
{
	uint8_t prefix[2], question[512];

	while (read_all(call, prefix, sizeof prefix)) {
		call->size = (size_t)prefix[0] << 8 | prefix[1];
		if (call->size < 12 || call->size > sizeof question ||
				!read_all(call, question, call->size))
			return;
		call->question = question;
		liar_tell_truth(call);
	}
}

void honest(struct liar_call *call)
{
	liar_tell_truth(call);
	if (call->is_tcp)
		answer_more(call);
}

void truncated(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | PACKET_TC);
}

/* Over TCP: nothing, without an end. */
void holding(struct liar_call *call)
{
	while (liar_pause(call, 1000))
		;
}

void silent(struct liar_call *call)
{
	(void)call;
}

static mxsel_options *new_options(int milliseconds)
{
	mxsel_options *o;

	EXPECT(mxsel_options_new(&o) == 0);
	EXPECT(mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, milliseconds) == 0);
	EXPECT(mxsel_options_set_seed(o, 1) == 0);
	return o;
}

static void make(struct trial *t)
{
	EXPECT(mxsel_ldns_new(&t->resolver, "") == 0);
	EXPECT(mxsel_ldns_set_query_time(t->resolver, t->time) == 0);
	t->options = new_options(t->time);
	EXPECT(mxsel_options_set_resolver(t->options, t->resolver) == 0);
	EXPECT(mxsel_engine_new(&t->engine, "") == 0);
	EXPECT(mxsel_engine_set(t->engine, MXSEL_ENGINE_QUERY_TIME,
		t->time) == 0);
	t->pull = new_options(t->time);
}

static void give_back(struct trial *t)
{
	unsigned i;

	mxsel_options_free(t->options);
	mxsel_options_free(t->pull);
	mxsel_resolver_free(t->resolver);
	mxsel_engine_free(t->engine);
	for (i = 0; i < t->count; i++)
		liar_stop(t->liars[i]);
	t->count = 0;
}

/* The first time through it all, the C library keeps something for later, and
   so it does for as many threads as there ever were. */
static void warm_up(struct trial *t)
{
	make(t);
	trial_server(t, honest, honest);
	trial_server(t, honest, honest);
	trial_expect_right(t);
	give_back(t);
}

void trial_begin(struct trial *t, int milliseconds)
{
	memset(t, 0, sizeof *t);
	t->limit = t->time = JUDGE_LONG;
	warm_up(t);
	t->limit = t->time = milliseconds;
	judge_base(&t->base);
	make(t);
}

void trial_end(struct trial *t)
{
	give_back(t);
	judge_same(&t->base, "at the end");
}

struct liar *trial_server(struct trial *t, liar_fn udp, liar_fn tcp)
{
	struct liar *liar = liar_start(udp, tcp);

	t->liars[t->count++] = liar;
	EXPECT(mxsel_ldns_add_server(t->resolver, liar_address(liar)) == 0);
	EXPECT(mxsel_engine_add_server(t->engine, liar_address(liar)) == 0);
	return liar;
}

void trial_add_text(char *out, size_t room, const char *text)
{
	size_t used = strlen(out), more = strlen(text);

	if (used + more < room)
		memcpy(out + used, text, more + 1);
}

static void add_attempt(char *said, size_t room, const mxsel *m)
{
	trial_add_text(said, room, mxsel_address(m));
	trial_add_text(said, room, " ");
}

static void note_end(struct trial *t, const mxsel *m)
{
	t->code = mxsel_verdict_code(m);
	t->partly = (mxsel_flags(m) & MXSEL_FLAG_INCOMPLETE) != 0 ||
		mxsel_verdict_reason(m) == MXSEL_REASON_DNS_TEMPORARY;
}

int trial_look(struct trial *t, const char *destination)
{
	long began = judge_now();
	int result;
	mxsel *m;

	t->said[0] = '\0';
	t->code = t->partly = t->insane = 0;
	result = mxsel_new(&m, destination, t->options);
	if (result != 0)
		return result;
	while ((result = mxsel_next(m)) == MXSEL_ATTEMPT)
		add_attempt(t->said, sizeof t->said, m);
	t->took = judge_now() - began;
	if (result == MXSEL_END)
		note_end(t, m);
	mxsel_free(m);
	return result;
}

/* --- on the engine ------------------------------------------------------- */

/* As far as it goes; MXSEL_LOOKUP, MXSEL_END or an error. */
static int go_on(struct trial *t, struct many *all, mxsel *m)
{
	char *said = mxsel_user(m);
	int result;

	while ((result = mxsel_engine_next(t->engine, m)) == MXSEL_ATTEMPT)
		add_attempt(said, sizeof all->said[0], m);
	if (result != MXSEL_END)
		return result;
	all->ended++;
	note_end(t, m);
	if (all->ended > 1 && !t->may_differ && strcmp(t->said, said) != 0)
		judge_fail("two selections of the same: \"%s\", \"%s\"",
			t->said, said);
	t->said[0] = '\0';
	trial_add_text(t->said, sizeof t->said, said);
	t->insane |= !trial_is_sane(t);
	return result;
}

int trial_many_begin(struct trial *t, struct many *all,
	const char *destination, int times)
{
	int result = 0;
	mxsel *m;

	memset(all, 0, sizeof *all);
	t->said[0] = '\0';
	t->code = t->partly = t->insane = 0;
	while (all->count < times && result >= 0) {
		result = mxsel_new(&m, destination, t->pull);
		if (result != 0)
			break;
		mxsel_set_user(m, all->said[all->count]);
		all->m[all->count++] = m;
		result = go_on(t, all, m);
	}
	return result < 0 ? result : 0;
}

int trial_many_run(struct trial *t, struct many *all)
{
	int result = 0;
	mxsel *m;

	while (all->ended < all->count && result >= 0) {
		result = mxsel_engine_wait(t->engine, -1);
		while (result >= 0 &&
				(m = mxsel_engine_ready(t->engine)) != NULL)
			result = go_on(t, all, m);
	}
	return result < 0 ? result : 0;
}

void trial_many_end(struct many *all)
{
	while (all->count > 0)
		mxsel_free(all->m[--all->count]);
}

int trial_look_engine(struct trial *t, const char *destination, int times)
{
	long began = judge_now();
	struct many all;
	int result;

	result = trial_many_begin(t, &all, destination, times);
	if (result == 0)
		result = trial_many_run(t, &all);
	t->took = judge_now() - began;
	trial_many_end(&all);
	return result;
}

/* --- verdicts ------------------------------------------------------------ */

int trial_is_right(const struct trial *t)
{
	return strcmp(t->said, RIGHT) == 0 && t->code == 451 && !t->partly;
}

int trial_is_temporary(const struct trial *t)
{
	return t->said[0] == '\0' && t->code == 451 && t->partly;
}

/* All, or some and the selection says that it knows. */
int trial_is_sane(const struct trial *t)
{
	if (trial_is_right(t))
		return 1;
	return t->code == 451 && t->partly && (t->said[0] == '\0' ||
		strcmp(t->said, "192.0.2.1 ") == 0 ||
		strcmp(t->said, "2001:db8::1 ") == 0 ||
		strcmp(t->said, RIGHT) == 0);
}

void trial_in_time(const struct trial *t)
{
	if (t->took > t->time + JUDGE_GRACE)
		judge_late("%ld ms where %d were given", t->took, t->time);
}

/* Temporary at the end of its time: a machine that is busy, perhaps. */
static void must_be_right(const struct trial *t, int result, const char *how)
{
	if (result == 0 && trial_is_temporary(t) && t->took >= t->limit)
		judge_late("%s: no answer in %ld ms", how, t->took);
	if (result != 0 || !trial_is_right(t))
		judge_fail("%s: \"%s\" %d", how, t->said, t->code);
	trial_in_time(t);
}

void trial_expect_right(struct trial *t)
{
	must_be_right(t, trial_look(t, "example.com"), "blocking");
	must_be_right(t, trial_look_engine(t, "example.com", 5), "engine");
}

void trial_expect_temporary(struct trial *t)
{
	if (trial_look(t, "example.com") != 0 || !trial_is_temporary(t))
		judge_fail("blocking: \"%s\" %d", t->said, t->code);
	trial_in_time(t);
	if (trial_look_engine(t, "example.com", 5) != 0 ||
			!trial_is_temporary(t))
		judge_fail("engine: \"%s\" %d", t->said, t->code);
	trial_in_time(t);
}
