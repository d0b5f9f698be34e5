/*
 * One try to deliver one message. Recipients of one domain share a selection
 * and a transaction while the hosts treat them alike; where answers differ,
 * the selection is doubled (saved and resumed), so that each gets the verdict
 * that is his. Where a selection is, stands in the journal before each
 * attempt: after a crash the next process goes on there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bounce.h"
#include "deliver.h"
#include "tls.h"
#include "try.h"

/* ------------------------------------------------------------- into groups */

/* guide: resume */
/* Go on where the journal says that the last process was, unless what was
   known then may be known no longer. */
static mxsel *resume(const struct try *t, size_t cursor)
{
	const struct cursor *c = &t->j.cursors[cursor - 1];
	mxsel *m = NULL;

	if (mxsel_resume(&m, c->bytes, c->size, t->options) != 0)
		return NULL; /* other options than then: begin anew */
	if (mxsel_address(m) != NULL &&
		now() - c->saved <= (double)mxsel_ttl(m))
		return m;
	mxsel_free(m);
	return NULL;
}
/* guide: end */

static mxsel *begin(const struct try *t, size_t i)
{
	mxsel *m = NULL;

	if (mxsel_new(&m, t->e.to[i], t->options) == 0 &&
		t->settings->policies != NULL)
		tls_use_policy(m, t->settings->policies);
	return m;
}

/* Whom does the recipient go with? Those of the same cursor, or domain. What
   has none, a literal or no mailbox at all, goes alone. */
static struct group *find_group(struct try *t, size_t cursor,
	const char *domain)
{
	struct group *g;

	for (g = t->groups; g < t->groups + t->count; g++)
		if (t->j.to[g->who.to[0]].cursor == cursor && (cursor != 0 ||
			(domain[0] != '\0' && strcmp(domain,
				mxsel_original_domain(g->m)) == 0)))
			return g;
	return NULL;
}

static int add_recipient(struct try *t, size_t i)
{
	size_t cursor = t->j.to[i].cursor;
	mxsel *m = cursor == 0 ? begin(t, i) : NULL;
	struct group *g = find_group(t, cursor, mxsel_original_domain(m));

	if (g != NULL) {
		mxsel_free(m);
	} else {
		g = &t->groups[t->count++];
		g->m = cursor == 0 ? m : resume(t, cursor);
		g->is_resumed = cursor != 0 && g->m != NULL;
		if (g->m == NULL && (g->m = begin(t, i)) == NULL)
			return -1;
	}
	g->who.to[g->who.count++] = i;
	return 0;
}

static int make_groups(struct try *t)
{
	size_t i;
	int r = 0;

	for (i = 0; i < t->e.count && r == 0; i++)
		if (t->j.to[i].fate == PENDING)
			r = add_recipient(t, i);
	return r;
}

/* -------------------------------------------------------------- its verdict */

/* guide: trace */
static void print_trace(const mxsel *m)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	for (i = 0; i < mxsel_trace_count(m); i++) {
		mxsel_trace_event(m, i, &code, &subject, &detail, &rule);
		printf("trace: %s %s: %s (%s)\n", mxsel_trace_name(code),
			subject, detail, rule);
	}
}
/* guide: end */

/* They failed: with what a host said, or with what we have to say. */
static int fail(struct try *t, const struct group *g, const char *status)
{
	const mxsel *m = g->m;
	const char *reply = mxsel_verdict_reply(m);
	char said[800];

	if (reply[0] != '\0') {
		snprintf(said, sizeof said, "%d %s", mxsel_verdict_code(m),
			reply);
		return journal_failed(&t->j, &g->who, status,
			mxsel_verdict_host(m), said);
	}
	snprintf(said, sizeof said, "%d %s %s", mxsel_verdict_code(m),
		mxsel_verdict_status(m), mxsel_verdict_text(m));
	return journal_failed(&t->j, &g->who, status, "-", said);
}

static void print_verdict(const struct try *t, const struct group *g,
	const char *what)
{
	const mxsel *m = g->m;
	size_t i;

	for (i = 0; i < g->who.count; i++) {
		printf("%s <%s> %s: %d %s %s\n", t->id,
			t->e.to[g->who.to[i]], what, mxsel_verdict_code(m),
			mxsel_verdict_status(m), mxsel_verdict_text(m));
		if (mxsel_verdict_reply(m)[0] != '\0')
			printf("%s <%s> %s said: %s\n", t->id,
				t->e.to[g->who.to[i]], mxsel_verdict_host(m),
				mxsel_verdict_reply(m));
	}
}

/* guide: walk */
static int walk(struct try *t, struct group *g)
{
	int is_old = now() - t->e.arrived > t->settings->give_up;
	int r = g->is_resumed ? MXSEL_ATTEMPT : mxsel_next(g->m);

	while (r == MXSEL_ATTEMPT) {
		if ((r = try_attempt(t, g)) == 0)
			r = mxsel_next(g->m);
	}
	print_trace(g->m);
	if (r != MXSEL_END) {
		/* The call failed, not the mail: keep it. */
		printf("%s defer: %s\n", t->id, mxsel_strerror(r));
		return r;
	}
	switch (mxsel_verdict_action(g->m)) {
	case MXSEL_ACTION_DELIVERED:
		print_verdict(t, g, "delivered");
		return 0; /* in the journal since the reply came */
	case MXSEL_ACTION_BOUNCE:
		print_verdict(t, g, "bounce");
		return fail(t, g, mxsel_verdict_status(g->m));
	default:
		print_verdict(t, g, is_old ? "bounce" : "defer");
		/* RFC 3463, 3.5: it has waited long enough. */
		return is_old ? fail(t, g, "4.4.7") : 0;
	}
}
/* guide: end */

/* ------------------------------------------------------------- and the rest */

static size_t count_of(const struct try *t, enum fate fate)
{
	size_t i, n = 0;

	for (i = 0; i < t->e.count; i++)
		if (t->j.to[i].fate == fate && (fate != FAILED ||
			!t->j.to[i].failure.is_bounced))
			n++;
	return n;
}

static double pause_after(const struct try *t)
{
	double seconds = t->settings->retry;
	unsigned i;

	for (i = 1; i < t->j.tries && seconds < t->settings->retry_max; i++)
		seconds *= 2;
	return seconds < t->settings->retry_max ? seconds :
		t->settings->retry_max;
}

/* guide: finish */
/* What failed is returned; what waits, waits; and when nobody waits any more
   the message is gone. A bounce that fails is not returned to anybody. */
static int finish(struct try *t)
{
	int is_bounce = t->e.from[0] == '\0';

	if (count_of(t, FAILED) > 0 && !is_bounce && bounce_write(t->spool,
		t->id, &t->e, &t->j, t->settings) != 0)
		return -1;
	if (count_of(t, PENDING) > 0)
		return journal_tried(&t->j);
	return count_of(t, FAILED) > 0 ? spool_bury(t->spool, t->id) :
		spool_remove(t->spool, t->id);
}
/* guide: end */

/* NULL; or why the message stays as it is, for the postmaster. */
static const char *go(struct try *t, int lock)
{
	size_t i;
	int r;

	t->j.fd = -1;
	if (envelope_open(&t->e, t->spool, t->id) != 0)
		return "it cannot be read, or is no message";
	if (journal_read(&t->j, lock, t->e.count) != 0)
		return "its journal cannot be read";
	if (bounce_finish(t->spool, t->id, &t->j) != 0)
		return "its bounce cannot be moved to the queue";
	if ((r = settings_options(&t->options, t->settings)) != 0)
		return mxsel_strerror(r);
	t->memory = hosts_attach(t->options, t->settings->memory);
	if (make_groups(t) != 0)
		return mxsel_strerror(MXSEL_ENOMEM);
	/* Groups are added while this goes on; those that cannot go on wait. */
	for (i = 0; i < t->count; i++)
		(void)walk(t, &t->groups[i]);
	return finish(t) != 0 ? "the spool cannot be written" : NULL;
}

void deliver(const struct spool *spool, const char *id, int lock,
	const struct settings *settings)
{
	struct try *t = calloc(1, sizeof *t);
	const char *why;
	size_t i;

	if (t == NULL)
		return;
	t->spool = spool;
	t->settings = settings;
	t->id = id;
	why = go(t, lock);
	if (why != NULL)
		printf("%s: it stays for now: %s\n", id, why);
	/* When it is still there. */
	spool_set_due(spool, id, pause_after(t));
	for (i = 0; i < t->count; i++)
		mxsel_free(t->groups[i].m);
	mxsel_options_free(t->options);
	hosts_save(t->memory, settings->memory);
	envelope_close(&t->e);
	journal_free(&t->j);
	free(t);
}
