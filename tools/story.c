/*
 * The trace of a selection as a tree. Events say which name or address they
 * are about, not below which other one they belong: that is found here. May
 * use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "story.h"

#include <stdlib.h>
#include <string.h>

#include "phrases.h"
#include "story_build.h"

/* The alias that leads to a name. */
static size_t find_alias_to(const struct story *s, const char *target)
{
	size_t i;

	for (i = s->count; i > 0; i--)
		if (s->nodes[i - 1].kind == STORY_ALIAS &&
		    strcmp(s->nodes[i - 1].detail, target) == 0)
			return i - 1;
	return STORY_NONE;
}

/* No host name can pass for one (RFC 1123 2.1). */
static int is_address(const char *text)
{
	return strchr(text, ':') != NULL ||
		text[strspn(text, "0123456789.")] == '\0';
}

/* The host that a node stands below. */
static size_t host_above(const struct story *s, size_t node)
{
	while (node < s->count && s->nodes[node].kind != STORY_HOST)
		node = s->nodes[node].parent;
	return node < s->count ? node : STORY_NONE;
}

/* Hosts that are asked for together are judged together afterwards. */
static void note_group(struct story *s, size_t host)
{
	if (s->group_is_over) {
		s->group_size = 0;
		s->group_host = STORY_NONE;
		s->group_is_over = 0;
	}
	if (s->group_host != host) {
		s->group_host = host;
		s->group_size++;
	}
}

static int on_destination(struct story *s, const struct story_event *e)
{
	s->nodes[0].detail = e->detail;
	s->nodes[0].rule = e->rule;
	return 0;
}

static int is_mx(const char *type)
{
	return type != NULL && strncmp(type, "MX", 2) == 0 &&
		(type[2] == '\0' || type[2] == ' ');
}

/* An MX question: below the alias it follows, or the destination. */
static int ask_mx(struct story *s, const struct story_event *e)
{
	size_t alias = find_alias_to(s, e->subject);
	struct story_node *n = story_add(s, STORY_QUESTION, e,
		alias != STORY_NONE ? alias : 0);

	if (n == NULL)
		return MXSEL_ENOMEM;
	n->type = e->detail;
	n->detail = NULL;
	s->hosts_below = story_place(s, n);
	return 0;
}

/* An address question: below its host, or below the alias it follows. */
static int on_ask(struct story *s, const struct story_event *e)
{
	struct story_node *n;
	size_t parent;

	if (is_mx(e->detail))
		return ask_mx(s, e);
	if (story_is_of_dane(e->detail))
		return story_ask_dane(s, e, strcmp(e->detail, "TLSA") == 0 ?
			find_alias_to(s, e->subject) : STORY_NONE);
	n = story_find(s, STORY_HOST, e->subject);
	parent = n != NULL ? story_place(s, n) : find_alias_to(s, e->subject);
	if (parent == STORY_NONE) {
		n = story_add(s, STORY_HOST, e, STORY_UNPLACED);
		if (n == NULL)
			return MXSEL_ENOMEM;
		parent = story_place(s, n);
	}
	note_group(s, host_above(s, parent));
	n = story_add(s, STORY_QUESTION, e, parent);
	if (n == NULL)
		return MXSEL_ENOMEM;
	n->type = e->detail;
	n->detail = NULL;
	return 0;
}

/* Is this the question that an answer begins with the type of? */
static int is_answered_by(const struct story_node *n,
	const struct story_event *e)
{
	size_t length;

	if (n->kind != STORY_QUESTION || n->detail != NULL ||
	    strcmp(n->subject, e->subject) != 0)
		return 0;
	length = strlen(n->type);
	return strncmp(e->detail, n->type, length) == 0 &&
		(e->detail[length] == ' ' || e->detail[length] == '\0');
}

static int on_answer(struct story *s, const struct story_event *e)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		struct story_node *n = &s->nodes[i];

		if (!is_answered_by(n, e))
			continue;
		n->detail = e->detail + strlen(n->type);
		n->detail += strspn(n->detail, " ");
		break;
	}
	return 0;
}

/* Two address questions find the same alias: it is told once. */
static int on_alias(struct story *s, const struct story_event *e)
{
	struct story_node *n = story_find(s, STORY_HOST, e->subject);
	size_t parent = find_alias_to(s, e->subject);
	struct story_node *known = story_find(s, STORY_ALIAS, e->subject);

	if (known != NULL && strcmp(known->detail, e->detail) == 0)
		return 0;
	if (n != NULL)
		return story_added(story_add(s, STORY_ALIAS, e,
			story_place(s, n)));
	n = story_find(s, STORY_QUESTION, e->subject);
	if (n != NULL && is_mx(n->type)) {
		s->hosts_below = s->count;
		parent = story_place(s, n);
	} else if (n != NULL && story_is_of_dane(n->type)) {
		parent = story_place(s, n);
	}
	return story_added(story_add(s, STORY_ALIAS, e,
		parent == STORY_NONE ? 0 : parent));
}

/* "preference 10", or the number alone; -1: there is none. */
static int read_preference(const char *text)
{
	const char *number = text + strcspn(text, "0123456789");
	size_t digits = strspn(number, "0123456789");

	if (digits == 0 || digits > 5)
		return -1;
	return (int)strtol(number, NULL, 10);
}

static int on_note(struct story *s, const struct story_event *e)
{
	struct story_node *n = story_add(s, STORY_NOTE, e, STORY_UNPLACED);

	if (n != NULL)
		n->preference = read_preference(e->detail);
	return story_added(n);
}

static int on_host(struct story *s, const struct story_event *e)
{
	struct story_node *n = story_find(s, STORY_HOST, e->subject);

	if (n == NULL || n->reason != 0) {
		n = story_add(s, STORY_HOST, e, STORY_UNPLACED);
		if (n == NULL)
			return MXSEL_ENOMEM;
	}
	n->event = e->code;
	n->rule = e->rule;
	n->preference = read_preference(e->detail);
	return 0;
}

static int on_address(struct story *s, const struct story_event *e)
{
	struct story_node *n = story_find(s, STORY_HOST, e->detail);

	s->group_is_over = 1;
	/* A destination that is an address is its own host. */
	if (n != NULL && mxsel_source(s->plan->m) == MXSEL_SOURCE_LITERAL) {
		n->kind = STORY_ADDRESS;
		return 0;
	}
	return story_added(story_add(s, STORY_ADDRESS, e, n != NULL ?
		story_place(s, n) : STORY_UNPLACED));
}

/* The preference of the rejection that this event is. */
static int find_preference(struct story *s, const struct story_event *e)
{
	const mxsel *m = s->plan->m;
	const char *subject;
	int preference;
	size_t i;

	for (i = s->rejected; mxsel_rejected(m, i, NULL, &preference,
			&subject) == 0; i++) {
		if (strcmp(subject, e->subject) != 0)
			continue;
		s->rejected = i + 1;
		return preference;
	}
	return -1;
}

/*
 * An address that was refused stands below its host, where that is certain:
 * of hosts judged together the trace does not say whose it was.
 */
static struct story_node *add_refused(struct story *s,
	const struct story_event *e)
{
	return story_add(s, STORY_ADDRESS, e, s->group_size == 1 ?
		s->group_host : STORY_UNPLACED);
}

static int on_reject(struct story *s, const struct story_event *e)
{
	int reason = phrase_reject_number(e->detail);
	int preference = find_preference(s, e);
	struct story_node *n = reason == MXSEL_REJECT_INSECURE ?
		story_find_address(s, s->dane_host, e->subject) :
		story_find(s, STORY_HOST, e->subject);

	s->group_is_over = 1;
	if (n != NULL && n->reason == 0 && reason != MXSEL_REJECT_DUPLICATE)
		n->rule = e->rule;
	else if (is_address(e->subject) && reason != MXSEL_REJECT_IS_ADDRESS)
		n = add_refused(s, e);
	else
		n = story_add(s, STORY_HOST, e, STORY_UNPLACED);
	if (n == NULL)
		return MXSEL_ENOMEM;
	n->event = e->code;
	n->reason = reason;
	if (preference >= 0)
		n->preference = preference;
	return 0;
}

static int on_verdict(struct story *s, const struct story_event *e)
{
	s->verdict_rule = e->rule;
	return 0;
}

/* Hosts that were asked about and have nothing that is tried. */
static void mark_useless(struct story *s)
{
	struct story_node *n, *host;

	for (n = s->nodes; n < s->nodes + s->count; n++)
		if (n->kind == STORY_QUESTION && n->detail != NULL &&
		    n->parent != 0 && n->parent < s->count) {
			host = &s->nodes[n->parent];
			if (host->kind == STORY_HOST && host->reason == 0)
				host->reason = STORY_USELESS;
		}
	for (n = s->nodes; n < s->nodes + s->count; n++)
		if (n->kind == STORY_ADDRESS && n->reason == 0 &&
		    n->parent < s->count && s->nodes[n->parent].reason ==
		    STORY_USELESS)
			s->nodes[n->parent].reason = 0;
}

static int on_cut(struct story *s, const struct story_event *e)
{
	(void)e;
	s->is_cut = 1;
	return 0;
}

/* What it is about comes later in the trace: see place_memory(). */
static int on_memory(struct story *s, const struct story_event *e)
{
	return story_added(story_add(s, STORY_MEMORY, e, STORY_UNPLACED));
}

/* Below the host or address that it is about, the next one of that name. */
static void place_memory(struct story *s)
{
	struct story_node *n, *about;

	for (n = s->nodes; n < s->nodes + s->count; n++) {
		if (n->kind != STORY_MEMORY)
			continue;
		about = n;
		while (about < s->nodes + s->count && ((about->kind !=
		    STORY_HOST && about->kind != STORY_ADDRESS) ||
		    strcmp(about->subject, n->subject) != 0))
			about++;
		if (about == s->nodes + s->count)
			about = story_find(s, STORY_HOST, n->subject);
		if (about != NULL)
			n->parent = story_place(s, about);
	}
}

/* The end comes from the plan, which knows what the trace has no room for. */
static int end(struct story *s)
{
	struct story_event e = { MXSEL_TRACE_VERDICT, "", "", s->verdict_rule };
	int tried = plan_action(s->plan) == MXSEL_ACTION_TRY;
	struct story_node *n;
	size_t verdict;

	story_drop_addresses(s);
	place_memory(s);
	if (!s->is_cut)
		mark_useless(s);
	if (story_add_records(s) != 0)
		return MXSEL_ENOMEM;
	if (s->is_cut) {
		n = story_add(s, STORY_CUT, &e, 0);
		if (n == NULL)
			return MXSEL_ENOMEM;
		n->rule = NULL;
	}
	if ((mxsel_flags(s->plan->m) & MXSEL_FLAG_LIMITED) != 0) {
		n = story_add(s, STORY_LIMITED, &e, 0);
		if (n == NULL)
			return MXSEL_ENOMEM;
		n->rule = "local limit";
	}
	n = story_add(s, STORY_VERDICT, &e, 0);
	if (n == NULL)
		return MXSEL_ENOMEM;
	if (tried)
		n->rule = "RFC 5321 5.1";
	verdict = story_place(s, n);
	n = story_add(s, tried ? STORY_LATER : STORY_SENTENCE, &e, verdict);
	if (n != NULL && !tried)
		n->rule = NULL;
	return story_added(n);
}

/* A plan hands everything out and reports nothing: no node for those. */
static int (*const takers[])(struct story *, const struct story_event *) = {
	[MXSEL_TRACE_DESTINATION] = on_destination,
	[MXSEL_TRACE_ASK] = on_ask,
	[MXSEL_TRACE_ANSWER] = on_answer,
	[MXSEL_TRACE_ALIAS] = on_alias,
	[MXSEL_TRACE_IMPLICIT] = on_note,
	[MXSEL_TRACE_NULL_MX] = on_note,
	[MXSEL_TRACE_SELF] = on_note,
	[MXSEL_TRACE_HOST] = on_host,
	[MXSEL_TRACE_ADDRESS] = on_address,
	[MXSEL_TRACE_REJECT] = on_reject,
	[MXSEL_TRACE_VERDICT] = on_verdict,
	[MXSEL_TRACE_CUT] = on_cut,
	[MXSEL_TRACE_TLSA] = story_on_dane,
	[MXSEL_TRACE_POSTURE] = story_on_posture,
	[MXSEL_TRACE_MEMORY] = on_memory,
};

static int take(struct story *s, const struct story_event *e)
{
	size_t code = (size_t)e->code;

	if (e->code < 0 || code >= sizeof(takers) / sizeof(takers[0]) ||
	    takers[code] == NULL)
		return 0;
	if (!s->plan->shows_tls && (e->code == MXSEL_TRACE_TLSA ||
	    e->code == MXSEL_TRACE_POSTURE))
		return 0;
	return takers[code](s, e);
}

/* What comes first among the children of one node. */
static long weight(const struct story *s, const struct story_node *n)
{
	switch (n->kind) {
	case STORY_HOST:
		return n->preference;
	case STORY_ADDRESS: /* beside hosts: behind those it is of */
		return n->parent == s->hosts_below ? n->preference : 0;
	case STORY_CUT:
	case STORY_LIMITED:
	case STORY_VERDICT:
		return 65536;
	default:
		return -2;
	}
}

/* Behind all that weigh as much. */
static void link_child(struct story *s, size_t child)
{
	struct story_node *n = &s->nodes[child];
	size_t *at;

	if (n->parent == STORY_UNPLACED)
		n->parent = s->hosts_below;
	at = &s->nodes[n->parent].first;
	while (*at != STORY_NONE && weight(s, &s->nodes[*at]) <= weight(s, n))
		at = &s->nodes[*at].next;
	n->next = *at;
	*at = child;
}

int story_tell(struct story *s, const struct plan *plan)
{
	struct story_event e = { MXSEL_TRACE_DESTINATION, plan->destination,
		NULL, NULL };
	size_t i;
	int r = 0;

	memset(s, 0, sizeof(*s));
	s->plan = plan;
	s->group_host = STORY_NONE;
	s->dane_host = STORY_NONE;
	r = story_added(story_add(s, STORY_DESTINATION, &e, STORY_NONE));
	for (i = 0; r == 0 && mxsel_trace_event(plan->m, i, &e.code,
			&e.subject, &e.detail, &e.rule) == 0; i++)
		r = take(s, &e);
	if (r == 0)
		r = end(s);
	for (i = 1; r == 0 && i < s->count; i++)
		link_child(s, i);
	return r;
}

void story_free(struct story *s)
{
	free(s->nodes);
	memset(s, 0, sizeof(*s));
}

size_t story_after(const struct story *s, size_t node)
{
	if (s->nodes[node].first != STORY_NONE)
		return s->nodes[node].first;
	while (node != STORY_NONE && s->nodes[node].next == STORY_NONE)
		node = s->nodes[node].parent;
	return node == STORY_NONE ? STORY_NONE : s->nodes[node].next;
}
