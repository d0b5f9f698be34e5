/*
 * How the parts of a story put it together. May use the public headers.
 */
#ifndef TOOLS_STORY_BUILD_H
#define TOOLS_STORY_BUILD_H

#include <stddef.h>

#include "story.h"

/* Where hosts stand until it is known what named them. */
#define STORY_UNPLACED ((size_t)-2)

struct story_event {
	int code;
	const char *subject, *detail, *rule;
};

/* story_build.c */

/* Another node; NULL: no memory. Earlier ones may move. */
struct story_node *story_add(struct story *s, enum story_kind kind,
	const struct story_event *e, size_t parent);

/* 0, or MXSEL_ENOMEM for NULL. */
int story_added(const struct story_node *n);

/* The newest node of a kind and subject; NULL: there is none. */
struct story_node *story_find(const struct story *s, enum story_kind kind,
	const char *subject);

size_t story_place(const struct story *s, const struct story_node *n);

/* story_dane.c */

/* Is this type asked for on account of DANE (RFC 7672)? */
int story_is_of_dane(const char *type);

/*
 * Such a question: below the alias it follows, if that is one. Whose it is
 * tells the event that ends the search.
 */
int story_ask_dane(struct story *s, const struct story_event *e,
	size_t alias);

/* An address below this host that is used so far; NULL. */
struct story_node *story_find_address(const struct story *s, size_t host,
	const char *address);

/* MXSEL_TRACE_TLSA: what was asked was for this host. */
int story_on_dane(struct story *s, const struct story_event *e);
/* MXSEL_TRACE_POSTURE */
int story_on_posture(struct story *s, const struct story_event *e);

/* At the end: no address of a host that is passed over is tried. */
void story_drop_addresses(struct story *s);
/* The TLSA records, each below what DANE comes to for its host. */
int story_add_records(struct story *s);

#endif
