/*
 * Plays one case: the same destination and zone in several ways that must all
 * come to the same (R32) - answers as records and as messages, in either
 * order, at once and one by one, with the decisions kept and without, with a
 * memory that knows nothing and without one (R85) - and, where no seed is
 * given, with several seeds. May use <mxsel/mxsel.h> only.
 */
#include "scenarios/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS 8

const struct way play_ways[WAYS] = {
	{ "records, at once", AS_RECORDS, 0, 0, 0, 1, 0 },
	{ "messages, at once", AS_PACKET, 0, 0, 0, 1, 1 },
	{ "messages, at once, no trace", AS_PACKET, 0, 0, 0, 0, 0 },
	{ "records reversed, newest first", AS_RECORDS | REVERSED, 1, 1, 0, 1,
		0 },
	{ "messages reversed, one by one", AS_PACKET | REVERSED, 1, 0, 1, 1,
		1 },
	{ "messages, newest first, one by one", AS_PACKET, 1, 1, 1, 1, 0 },
};

static void answer(struct play *p, mxsel_query *q)
{
	const char *why;

	if (p->asked_count < ASKED_MAX) {
		struct asked *a = &p->asked[p->asked_count++];

		snprintf(a->name, sizeof(a->name), "%s", mxsel_query_name(q));
		a->type = mxsel_query_type(q);
	}
	why = zone_answer(&p->s->zone, q, p->way->form);
	if (why != NULL && p->quiet)
		p->lost = p->asked_count;
	else if (why != NULL && p->trouble == NULL)
		p->trouble = why;
	if (why != NULL)
		mxsel_answer_finish(q, MXSEL_DNS_MALFORMED, 0);
}

static void resolve(mxsel_query *q, void *user)
{
	answer(user, q);
}

/* Questions taken, in this way's order. */
static void answer_open(struct play *p)
{
	mxsel_query *q;
	size_t i;

	while (p->open_count < ASKED_MAX &&
		(q = mxsel_query_take(p->m)) != NULL)
		p->open[p->open_count++] = q;
	while (p->open_count > 0) {
		i = p->way->newest ? p->open_count - 1 : 0;
		q = p->open[i];
		p->open_count--;
		memmove(&p->open[i], &p->open[i + 1],
			(p->open_count - i) * sizeof(p->open[0]));
		answer(p, q);
		if (p->way->single)
			return;
	}
}

int play_next(struct play *p)
{
	int rc, before = -1;

	rc = p->skip_host ? mxsel_next_host(p->m) : mxsel_next(p->m);
	p->skip_host = 0;
	while (rc == MXSEL_LOOKUP) {
		if (!p->way->pull || (int)p->asked_count == before)
			return MXSEL_LOOKUP;
		before = (int)p->asked_count;
		answer_open(p);
		rc = mxsel_next(p->m);
	}
	return rc;
}

void play_tell_state(struct play *p)
{
	size_t i, count = mxsel_rejected_count(p->m);
	int reason, preference;
	const char *subject;

	play_tell(p, "%s %s %s flags %x ttl %u questions %zu secure %d\n",
		mxsel_original_domain(p->m), mxsel_domain(p->m),
		source_name(mxsel_source(p->m)), (unsigned)mxsel_flags(p->m),
		(unsigned)mxsel_ttl(p->m), mxsel_query_count(p->m),
		mxsel_is_secure(p->m));
	for (i = 0; i < count; i++) {
		mxsel_rejected(p->m, i, &reason, &preference, &subject);
		play_tell(p, "rejected %s %s %d\n", subject,
			mxsel_reject_name(reason), preference);
	}
}

/* Lines that a set has taken are passed over. */
static const struct text_line *after_line(const struct text_line *list,
	int line)
{
	while (list != NULL && list->line <= line)
		list = list->next;
	return list;
}

/* Lines that do not hold are no reason not to see what comes. */
static void play_rest(struct play *p)
{
	while (play_next(p) == MXSEL_ATTEMPT)
		play_tell(p, "then %s %s\n", mxsel_host_name(p->m),
			mxsel_address(p->m));
	play_tell(p, "%d %s %s\n", mxsel_verdict_code(p->m),
		mxsel_verdict_status(p->m), mxsel_verdict_text(p->m));
}

void play_lines(struct play *p)
{
	char line[2 * NAME_ROOM];
	char *words[WORDS_MAX];
	const char *rest;
	size_t n;

	p->at = p->s->expect;
	while (p->at != NULL && !p->failed) {
		snprintf(line, sizeof(line), "%s", p->at->text);
		rest = p->at->text + strspn(p->at->text, " \t");
		rest += strcspn(rest, " \t");
		rest += strspn(rest, " \t");
		n = split_words(line, words);
		if (check_line(p, words, n, rest) != 0)
			break;
		p->at = after_line(p->s->expect, p->at->line);
	}
	if (p->failed && !p->quiet)
		return;
	if (p->failed)
		play_rest(p);
	if (!p->failed && check_all_rejected(p) == 0 &&
		check_all_reported(p) == 0 && check_all_events(p) == 0)
		hold_trace(p);
	play_tell_state(p);
	tell_tls_report(p);
	tell_events(p);
}

static int apply_options(struct play *p, mxsel_options *o, int *seeded)
{
	const struct text_line *l;
	const char *why;
	char line[2 * NAME_ROOM];

	for (l = p->s->options; l != NULL; l = l->next) {
		const char *text = l->text + strspn(l->text, " \t");

		snprintf(line, sizeof(line), "%s", text);
		*seeded |= strncmp(text, "seed ", 5) == 0;
		p->at = l;
		why = scenario_option(o, line);
		if (why != NULL)
			return play_fail(p, "option \"%s\": %s", text, why);
	}
	p->at = NULL;
	scenario_hooks(o, p->s->options);
	mxsel_options_set(o, MXSEL_OPT_TRACE, p->way->trace);
	p->keep_duplicates = mxsel_options_get(o, MXSEL_OPT_KEEP_DUPLICATES);
	p->dane = mxsel_options_get(o, MXSEL_OPT_DANE);
	return 0;
}

int play_begin(struct play *p, int *seeded)
{
	mxsel_resolver *r = NULL;
	mxsel_options *o;
	int rc = MXSEL_OK;

	p->preference = -1;
	if (mxsel_options_new(&o) != MXSEL_OK)
		return play_fail(p, "no memory");
	p->options = o;
	mxsel_options_set_seed(o, p->seed);
	if (apply_options(p, o, seeded) != 0 || play_memory(p) != 0)
		return 1;
	if (!p->way->pull) {
		rc = mxsel_resolver_new(&r, resolve, NULL, p);
		if (rc == MXSEL_OK)
			rc = mxsel_options_set_resolver(o, r);
		mxsel_resolver_free(r);
	}
	if (rc == MXSEL_OK)
		rc = mxsel_new_bytes(&p->m, p->s->destination,
			p->s->destination_length, o);
	return rc == MXSEL_OK ? play_secure(p)
		: play_fail(p, "%s", mxsel_strerror(rc));
}

void play_end(struct play *p)
{
	mxsel_free(p->m);
	mxsel_sts_free(p->sts);
	mxsel_options_free(p->options);
	mxsel_memory_free(p->memory);
}

/* Play it once, in this way and with this seed; *seeded: the case has one. */
static int play_once(struct play *p, int *seeded)
{
	if (play_begin(p, seeded) == 0)
		play_lines(p);
	play_end(p);
	return p->failed;
}

/* What was told before is not worth to be wiped out. */
void play_reset(struct play *p, const struct scenario *s,
	const struct way *way, unsigned long long seed)
{
	memset(p, 0, offsetof(struct play, asked));
	memset(p->used, 0, sizeof(p->used));
	p->tell[0] = p->trace[0] = '\0';
	p->s = s;
	p->way = way;
	p->seed = seed;
}

/* What two ways told must be the same, and what they kept of the why. */
static int compare(const struct play *first, struct play *now)
{
	const char *a = first->tell, *b = now->tell;

	if (strcmp(a, b) == 0 && first->way->trace && now->way->trace) {
		a = first->trace;
		b = now->trace;
	}
	if (strcmp(a, b) == 0)
		return 0;
	now->at = NULL;
	return play_fail(now, "not the same as with \"%s\":\n%s--- but\n%s",
		first->way->name, a, b);
}

int play_suits(const struct scenario *s, const struct way *way)
{
	return s->zone.extras == NULL || (way->form & AS_PACKET) != 0;
}

/* All ways with one seed (R32); one of them without a trace (R78). */
static int play_seed(const struct scenario *s, unsigned long long seed,
	int *seeded)
{
	static struct play first, now;
	size_t i, from = !play_suits(s, &play_ways[0]);

	play_reset(&first, s, &play_ways[from], seed);
	if (play_once(&first, seeded) != 0)
		return 1;
	for (i = from + 1; i < WAYS; i++) {
		if (!play_suits(s, &play_ways[i]))
			continue;
		play_reset(&now, s, &play_ways[i], seed);
		if (play_once(&now, seeded) != 0)
			return 1;
		if (compare(&first, &now) != 0)
			return 1;
	}
	return 0;
}

int scenario_play(const struct scenario *s)
{
	unsigned long long seed;
	int seeded = 0;

	for (seed = 1; seed <= SEEDS; seed++) {
		if (play_seed(s, seed, &seeded) != 0)
			return 1;
		if (seeded)
			break;
	}
	return 0;
}
