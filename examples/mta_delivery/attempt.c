/*
 * One attempt for the recipients of a group, and what it means for each of
 * them. What may have happened is in the journal before it happens.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "try.h"

static int intend(const struct members *accepted, void *user)
{
	struct try *t = user;

	return journal_intent(&t->j, accepted);
}

static int answered(const struct members *accepted, int has_it, void *user)
{
	struct try *t = user;
	int r = has_it ? journal_delivered(&t->j, accepted) :
		journal_refused(&t->j, accepted);

	if (r != 0)
		printf("%s: the journal cannot be written: it may be "
			"delivered twice\n", t->id);
	return r;
}

static void transact(struct try *t, const struct members *who, mxsel *m)
{
	t->t.settings = t->settings;
	t->t.envelope = &t->e;
	t->t.who = who;
	t->t.m = m;
	t->t.intent = intend;
	t->t.answered = answered;
	t->t.user = t;
	smtp_send(&t->t);
}

/* Of whom it is not known whether an attempt before this one succeeded. */
static void warn(struct try *t, const struct members *who)
{
	size_t i;

	for (i = 0; i < who->count; i++) {
		if (t->j.to[who->to[i]].is_open)
			printf("%s <%s> may get it twice\n", t->id,
				t->e.to[who->to[i]]);
		t->j.to[who->to[i]].is_open = 0;
	}
}

static void print_attempt(const struct try *t, const mxsel *m,
	const struct answer *a)
{
	printf("%s %d %s [%s]:%d %s", t->id, mxsel_host_preference(m),
		mxsel_host_name(m), mxsel_address(m), mxsel_port(m),
		mxsel_outcome_name(a->outcome));
	if (a->code != 0)
		printf(" (%d %s)", a->code, a->text);
	printf("\n");
}

static int is_same(const struct answer *a, const struct answer *b)
{
	return a->outcome == b->outcome && a->code == b->code &&
		strcmp(a->text, b->text) == 0;
}

/* A copy of the selection, at the same attempt. */
static mxsel *copy(const struct try *t, const mxsel *m)
{
	size_t size = 0;
	uint8_t *bytes;
	mxsel *other = NULL;

	mxsel_save(m, NULL, &size);
	bytes = malloc(size + 1);
	if (bytes != NULL && mxsel_save(m, bytes, &size) == 0)
		mxsel_resume(&other, bytes, size, t->options);
	free(bytes);
	return other;
}

/* guide: split */
/* Leave in g those who were answered as the first one was, and put the others
   into groups of their own, before anything is reported. */
static int split(struct try *t, struct group *g)
{
	struct members who = g->who;
	size_t first = t->count, i, k;
	struct group *other;
	size_t speaks[RECIPIENTS_MAX]; /* for each new group, whose answer */

	g->who.count = 0;
	for (i = 0; i < who.count; i++) {
		if (is_same(&t->t.each[i], &t->t.each[0])) {
			g->who.to[g->who.count++] = who.to[i];
			continue;
		}
		for (k = first; k < t->count; k++)
			if (is_same(&t->t.each[i], &t->t.each[speaks[k]]))
				break;
		other = &t->groups[k];
		if (k == t->count) {
			speaks[t->count++] = i;
			if ((other->m = copy(t, g->m)) == NULL)
				return MXSEL_ENOMEM;
		}
		other->who.to[other->who.count++] = who.to[i];
	}
	for (k = first; k < t->count; k++) {
		print_attempt(t, g->m, &t->t.each[speaks[k]]);
		if (mxsel_report(t->groups[k].m, t->t.each[speaks[k]].outcome,
			t->t.each[speaks[k]].code,
			t->t.each[speaks[k]].text) != 0)
			return MXSEL_ENOMEM;
	}
	return 0;
}
/* guide: end */

/* guide: attempt */
/* Try the address reached, and say what became of it. */
int try_attempt(struct try *t, struct group *g)
{
	const struct answer *a = &t->t.each[0];
	struct members who = g->who;
	int r;

	warn(t, &who);
	if (journal_cursor(&t->j, &who, g->m) != 0)
		return MXSEL_ESYSTEM;
	transact(t, &who, g->m);
	if ((r = split(t, g)) != 0)
		return r;
	print_attempt(t, g->m, a);
	return mxsel_report(g->m, a->outcome, a->code, a->text);
}
/* guide: end */
