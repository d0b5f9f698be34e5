/*
 * The nodes of a story: adding and finding them. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "story_build.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct story_node *story_add(struct story *s, enum story_kind kind,
	const struct story_event *e, size_t parent)
{
	size_t more = s->room == 0 ? 64 : s->room * 2;
	struct story_node *n;

	if (s->count == s->room) {
		if (more > SIZE_MAX / sizeof(*n))
			return NULL;
		n = realloc(s->nodes, more * sizeof(*n));
		if (n == NULL)
			return NULL;
		s->nodes = n;
		s->room = more;
	}
	n = &s->nodes[s->count++];
	memset(n, 0, sizeof(*n));
	n->kind = kind;
	n->event = e->code;
	n->preference = -1;
	n->subject = e->subject;
	n->detail = e->detail;
	n->rule = e->rule;
	n->parent = parent;
	n->first = n->next = STORY_NONE;
	return n;
}

int story_added(const struct story_node *n)
{
	return n != NULL ? 0 : MXSEL_ENOMEM;
}

struct story_node *story_find(const struct story *s, enum story_kind kind,
	const char *subject)
{
	size_t i;

	for (i = s->count; i > 0; i--)
		if (s->nodes[i - 1].kind == kind &&
		    strcmp(s->nodes[i - 1].subject, subject) == 0)
			return &s->nodes[i - 1];
	return NULL;
}

size_t story_place(const struct story *s, const struct story_node *n)
{
	return (size_t)(n - s->nodes);
}
