/*
 * The part of a story that is about how a host is reached: questions for its
 * TLSA records, what DANE comes to, which records there are, the posture. May
 * use the public headers.
 */
#include "story_build.h"

#include <string.h>

int story_is_of_dane(const char *type)
{
	return strcmp(type, "TLSA") == 0 || strcmp(type, "CNAME") == 0;
}

int story_ask_dane(struct story *s, const struct story_event *e,
	size_t alias)
{
	struct story_node *n = story_add(s, STORY_QUESTION, e,
		alias != STORY_NONE ? alias : STORY_UNPLACED);

	if (n == NULL)
		return MXSEL_ENOMEM;
	n->type = e->detail;
	n->detail = NULL;
	return 0;
}

struct story_node *story_find_address(const struct story *s, size_t host,
	const char *address)
{
	struct story_node *n;

	for (n = s->nodes; n < s->nodes + s->count; n++)
		if (n->kind == STORY_ADDRESS && n->parent == host &&
		    n->reason == 0 && strcmp(n->subject, address) == 0)
			return n;
	return NULL;
}

int story_on_dane(struct story *s, const struct story_event *e)
{
	struct story_node *n, *host = story_find(s, STORY_HOST, e->subject);

	s->dane_host = host != NULL ? story_place(s, host) : STORY_NONE;
	for (n = s->nodes; host != NULL && n < s->nodes + s->count; n++)
		if (n->kind == STORY_QUESTION && n->parent == STORY_UNPLACED)
			n->parent = s->dane_host;
	return story_added(story_add(s, STORY_DANE, e, host != NULL ?
		s->dane_host : STORY_UNPLACED));
}

int story_on_posture(struct story *s, const struct story_event *e)
{
	struct story_node *n = story_find(s, STORY_HOST, e->subject);

	return n == NULL ? 0 : story_added(story_add(s, STORY_POSTURE, e,
		story_place(s, n)));
}

void story_drop_addresses(struct story *s)
{
	struct story_node *n;
	const struct story_node *host;

	for (n = s->nodes; n < s->nodes + s->count; n++) {
		if (n->kind != STORY_ADDRESS || n->reason != 0 ||
		    n->parent >= s->count)
			continue;
		host = &s->nodes[n->parent];
		if (host->kind == STORY_HOST && host->reason > 0) {
			n->reason = host->reason;
			n->rule = host->rule;
		}
	}
}

/* The TLSA records that can be used, below what DANE comes to. */
static int add_records(struct story *s, size_t node)
{
	struct story_event e = { MXSEL_TRACE_TLSA, "", "", "RFC 6698 2.1" };
	const char *name = s->nodes[node].subject;
	const struct plan_tls *t = NULL;
	struct story_node *n;
	size_t i;

	for (i = 0; i < s->plan->host_count && t == NULL; i++)
		if (strcmp(s->plan->hosts[i].name, name) == 0)
			t = &s->plan->hosts[i].tls;
	for (i = 0; t != NULL && i < t->record_count; i++) {
		n = story_add(s, STORY_TLSA, &e, node);
		if (n == NULL)
			return MXSEL_ENOMEM;
		n->record = &t->records[i];
	}
	return 0;
}

int story_add_records(struct story *s)
{
	size_t i, count = s->count;
	int r = 0;

	for (i = 0; i < count && r == 0; i++)
		if (s->nodes[i].kind == STORY_DANE)
			r = add_records(s, i);
	return r;
}
