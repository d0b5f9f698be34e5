/*
 * What a resolver's functions may do to selections: F92, F93, F94. May use
 * host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "faults/api.h"
#include "faults/host_judge.h"

struct stage {
	mxsel_options *options;
	mxsel_query *kept;
	mxsel *other;
	void (*on_resolve)(struct stage *s, mxsel_query *q);
	void (*on_wait)(struct stage *s, mxsel *m);
	void (*on_cancel)(struct stage *s, mxsel_query *q);
	unsigned resolved, cancelled, released;
	int inside[4]; /* what calls said that were made inside */
};

static void answer(mxsel_query *q)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };

	if (mxsel_query_type(q) == MXSEL_TYPE_MX)
		mxsel_answer_mx(q, 10, "mx.example.net", 300);
	else if (mxsel_query_type(q) == MXSEL_TYPE_A)
		mxsel_answer_address(q, v4, 4, 300);
	else
		mxsel_answer_negative_ttl(q, 300);
	EXPECT(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0) == 0);
}

static void resolve(mxsel_query *q, void *user)
{
	struct stage *s = user;

	s->resolved++;
	if (s->on_resolve != NULL)
		s->on_resolve(s, q);
	else
		answer(q);
}

static void cancel(mxsel_query *q, void *user)
{
	struct stage *s = user;

	s->cancelled++;
	if (s->kept == q)
		s->kept = NULL;
	if (s->on_cancel != NULL)
		s->on_cancel(s, q);
}

static int wait(mxsel *m, void *user)
{
	struct stage *s = user;

	if (s->on_wait != NULL)
		s->on_wait(s, m);
	return 0;
}

static void release(void *user)
{
	struct stage *s = user;

	s->released++;
}

/* waits: mxsel_next() blocks. */
static void set(struct stage *s, int waits)
{
	mxsel_resolver *r;

	memset(s, 0, sizeof *s);
	EXPECT(mxsel_resolver_new(&r, resolve, cancel, s) == 0);
	EXPECT(mxsel_resolver_set_release(r, release) == 0);
	if (waits)
		EXPECT(mxsel_resolver_set_wait(r, wait) == 0);
	EXPECT(mxsel_options_new(&s->options) == 0);
	EXPECT(mxsel_options_set_seed(s->options, 1) == 0);
	EXPECT(mxsel_options_set_resolver(s->options, r) == 0);
	mxsel_resolver_free(r);
	EXPECT(s->released == 0);
}

static mxsel *begin(const struct stage *s)
{
	mxsel *m;

	EXPECT(mxsel_new(&m, "example.com", s->options) == 0);
	return m;
}

static void strike(struct stage *s)
{
	mxsel_options_free(s->options);
	EXPECT(s->released == 1);
}

/* The next look-up with the same options is right. */
static void goes_on(struct stage *s)
{
	mxsel *m;

	s->on_resolve = NULL;
	s->on_wait = NULL;
	s->on_cancel = NULL;
	m = begin(s);
	EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
	EXPECT(strcmp(mxsel_address(m), "192.0.2.1") == 0);
	EXPECT(mxsel_next(m) == MXSEL_END);
	mxsel_free(m);
}

static void keep(struct stage *s, mxsel_query *q)
{
	s->kept = q;
}

/* --- F92 ----------------------------------------------------------------- */

static void reset_self(struct stage *s, mxsel_query *q)
{
	mxsel *m = mxsel_query_selection(q);

	s->inside[0] = mxsel_reset(m, "example.org");
	s->inside[1] = mxsel_next(m);
	s->inside[2] = mxsel_rewind(m);
	s->inside[3] = mxsel_next_host(m);
	answer(q);
}

static void cancel_other(struct stage *s, mxsel_query *q)
{
	if (s->other != NULL)
		s->inside[0] = mxsel_reset(s->other, "example.org");
	s->other = NULL;
	answer(q);
}

static void cancel_other_in_cancel(struct stage *s, mxsel_query *q)
{
	mxsel *other = s->other;

	(void)q;
	s->other = NULL;
	mxsel_free(other);
}

static void others_are_cancelled(void)
{
	struct stage s;
	mxsel *m, *other;

	set(&s, 0);
	s.on_resolve = keep;
	other = begin(&s);
	EXPECT(mxsel_next(other) == MXSEL_LOOKUP && s.kept != NULL);
	s.on_resolve = cancel_other;
	s.other = other;
	m = begin(&s);
	EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
	EXPECT(s.cancelled == 1 && s.kept == NULL && s.inside[0] == 0);
	EXPECT(mxsel_next(other) == MXSEL_ATTEMPT);
	mxsel_free(other);
	s.on_resolve = keep;
	other = begin(&s);
	EXPECT(mxsel_next(other) == MXSEL_LOOKUP);
	EXPECT(mxsel_reset(m, "example.net") == 0);
	EXPECT(mxsel_next(m) == MXSEL_LOOKUP);
	s.other = other;
	s.on_cancel = cancel_other_in_cancel;
	mxsel_free(m); /* whose cancellation frees the other */
	EXPECT(s.cancelled == 3);
	goes_on(&s);
	strike(&s);
}

void F92_cancelled_inside(void)
{
	struct stage s;
	struct base base;
	int i;
	mxsel *m;

	judge_base(&base);
	set(&s, 0);
	s.on_resolve = reset_self;
	m = begin(&s);
	EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
	for (i = 0; i < 4; i++)
		EXPECT(s.inside[i] == MXSEL_EUSAGE);
	mxsel_free(m);
	goes_on(&s);
	strike(&s);
	others_are_cancelled();
	judge_same(&base, "at the end");
}

/* --- F93 ----------------------------------------------------------------- */

static void free_self(struct stage *s, mxsel_query *q)
{
	(void)s;
	mxsel_free(mxsel_query_selection(q));
}

/* Even the options go that hold the resolver that is running. */
static void free_all(struct stage *s, mxsel_query *q)
{
	mxsel_options_free(s->options);
	s->options = NULL;
	mxsel_free(mxsel_query_selection(q));
}

static void free_waiting(struct stage *s, mxsel *m)
{
	(void)s;
	mxsel_free(m);
}

static void free_in(void (*on_resolve)(struct stage *, mxsel_query *),
	void (*on_wait)(struct stage *, mxsel *), int waits)
{
	struct stage s;
	mxsel *m;

	set(&s, waits);
	s.on_resolve = on_resolve;
	s.on_wait = on_wait;
	m = begin(&s);
	EXPECT(mxsel_next(m) == MXSEL_ECANCELED);
	if (s.options != NULL) {
		goes_on(&s);
		strike(&s);
	}
	EXPECT(s.released == 1);
}

static void free_in_cancel(void)
{
	struct stage s;
	mxsel *m;

	set(&s, 0);
	s.on_resolve = keep;
	m = begin(&s);
	EXPECT(mxsel_next(m) == MXSEL_LOOKUP);
	s.on_cancel = free_self;
	EXPECT(mxsel_reset(m, "example.org") == MXSEL_ECANCELED);
	goes_on(&s);
	strike(&s);
}

void F93_freed_inside(void)
{
	struct base base;

	judge_base(&base);
	free_in(free_self, NULL, 0);
	free_in(free_self, NULL, 1);
	free_in(free_all, NULL, 0);
	free_in(free_all, NULL, 1);
	free_in(keep, free_waiting, 1);
	free_in_cancel();
	judge_same(&base, "at the end");
}

/* --- F94 ----------------------------------------------------------------- */

#define DEPTH 1000000u
#define HOSTS 128 /* as many as a plan has */

static uintptr_t lowest, highest; /* places on the stack */

static void note_depth(void)
{
	char here;
	uintptr_t at = (uintptr_t)&here;

	if (at < lowest)
		lowest = at;
	if (at > highest)
		highest = at;
}

/* Many hosts, so that each answer is followed by a question. */
static void answer_many(struct stage *s, mxsel_query *q)
{
	char name[32];
	int i;

	(void)s;
	note_depth();
	if (mxsel_query_type(q) != MXSEL_TYPE_MX) {
		answer(q);
		return;
	}
	for (i = 0; i < HOSTS; i++) {
		snprintf(name, sizeof name, "mx%d.example", i);
		EXPECT(mxsel_answer_mx(q, 10, name, 300) == 0);
	}
	EXPECT(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0) == 0);
}

static void no_limits(mxsel_options *o)
{
	mxsel_options_set(o, MXSEL_OPT_MAX_RECORDS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_QUERIES, 0);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_NONE);
	/* Many hosts are looked up before the first is handed out. */
	EXPECT(mxsel_options_add_self_address(o, "192.0.2.99") == 0);
}

static void answers_inside_submit(void)
{
	struct stage s;
	mxsel *m;

	set(&s, 0);
	no_limits(s.options);
	s.on_resolve = answer_many;
	m = begin(&s);
	while (s.resolved < DEPTH) {
		while (mxsel_next(m) == MXSEL_ATTEMPT)
			;
		EXPECT(mxsel_query_count(m) == 2 * HOSTS + 1);
		EXPECT(mxsel_reset(m, "example.com") == 0);
	}
	mxsel_free(m);
	goes_on(&s);
	strike(&s);
}

/* Each begins the next one, which the program goes on with afterwards. */
static void begin_another(struct stage *s, mxsel_query *q)
{
	note_depth();
	if (s->other == NULL)
		s->other = begin(s);
	EXPECT(mxsel_answer_finish(q, MXSEL_DNS_NXDOMAIN, 0) == 0);
}

static void one_begins_the_next(void)
{
	struct stage s;
	mxsel *m;

	set(&s, 0);
	s.on_resolve = begin_another;
	m = begin(&s);
	while (s.resolved < DEPTH) {
		EXPECT(mxsel_next(m) == MXSEL_END);
		mxsel_free(m);
		m = s.other;
		s.other = NULL;
	}
	mxsel_free(m);
	goes_on(&s);
	strike(&s);
}

void F94_begun_inside(void)
{
	struct base base;
	unsigned long first, second;

	judge_base(&base);
	lowest = UINTPTR_MAX;
	highest = 0;
	answers_inside_submit();
	first = (unsigned long)(highest - lowest);
	lowest = UINTPTR_MAX;
	highest = 0;
	one_begins_the_next();
	second = (unsigned long)(highest - lowest);
	EXPECT(first <= 4096 && second <= 4096);
	judge_same(&base, "at the end");
	judge_say("%u questions answered inside submit, %u selections begun "
		"inside it: the stack varies by %lu and %lu octets", DEPTH,
		DEPTH, first, second);
}
