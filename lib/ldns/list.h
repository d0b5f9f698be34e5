/*
 * Lists of structures that carry their own links: to enter and to leave one
 * takes the same few instructions wherever a member stands. May use libc
 * only.
 */
#ifndef MXSEL_LDNS_LIST_H
#define MXSEL_LDNS_LIST_H

#include <stddef.h>

/* The head of a list, or a member's place in it; circular. */
struct mxsel__link {
	struct mxsel__link *next;
	struct mxsel__link *previous;
};

/* The structure of this type that has the link as this member. */
#define MXSEL__OWNER(link, type, member) \
	((type *)(void *)((char *)(link) - offsetof(type, member)))

/* An empty list, or a member of none. */
static inline void mxsel__list_init(struct mxsel__link *link)
{
	link->next = link->previous = link;
}

/* For a head: no members. For a member: in no list. */
static inline int mxsel__list_is_empty(const struct mxsel__link *link)
{
	return link->next == link;
}

static inline void mxsel__list_add_last(struct mxsel__link *head,
	struct mxsel__link *link)
{
	link->next = head;
	link->previous = head->previous;
	head->previous->next = link;
	head->previous = link;
}

static inline void mxsel__list_add_first(struct mxsel__link *head,
	struct mxsel__link *link)
{
	mxsel__list_add_last(head->next, link);
}

/* Also when it is in none. */
static inline void mxsel__list_remove(struct mxsel__link *link)
{
	link->previous->next = link->next;
	link->next->previous = link->previous;
	mxsel__list_init(link);
}

/* The first member, out of the list now; NULL: there is none. */
static inline struct mxsel__link *mxsel__list_take(struct mxsel__link *head)
{
	struct mxsel__link *first = head->next;

	if (first == head)
		return NULL;
	mxsel__list_remove(first);
	return first;
}

#endif
