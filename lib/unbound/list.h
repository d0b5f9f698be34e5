/*
 * Lists of structures that carry their own links. May use libc only.
 */
#ifndef MXSEL_UNBOUND_LIST_H
#define MXSEL_UNBOUND_LIST_H

#include <stddef.h>

/* The head of a list, or a member's place in it; circular. */
struct mxsel__ub_link {
	struct mxsel__ub_link *next;
	struct mxsel__ub_link *previous;
};

/* The structure of this type that has the link as this member. */
#define MXSEL__UB_OWNER(link, type, member) \
	((type *)(void *)((char *)(link) - offsetof(type, member)))

/* An empty list, or a member of none. */
static inline void mxsel__ub_list_init(struct mxsel__ub_link *link)
{
	link->next = link->previous = link;
}

/* For a head: no members. For a member: in no list. */
static inline int mxsel__ub_list_is_empty(const struct mxsel__ub_link *link)
{
	return link->next == link;
}

static inline void mxsel__ub_list_add(struct mxsel__ub_link *head,
	struct mxsel__ub_link *link)
{
	link->next = head;
	link->previous = head->previous;
	head->previous->next = link;
	head->previous = link;
}

/* Also when it is in none. */
static inline void mxsel__ub_list_remove(struct mxsel__ub_link *link)
{
	link->previous->next = link->next;
	link->next->previous = link->previous;
	mxsel__ub_list_init(link);
}

#endif
