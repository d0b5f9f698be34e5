/*
 * Lists of structures that carry their own links. May use libc only.
 */
#ifndef MXSEL_REDIS_LIST_H
#define MXSEL_REDIS_LIST_H

#include <stddef.h>

/* The head of a list, or a member's place in it; circular. */
struct mxsel__rd_link {
	struct mxsel__rd_link *next;
	struct mxsel__rd_link *previous;
};

/* The structure of this type that has the link as this member. */
#define MXSEL__RD_OWNER(link, type, member) \
	((type *)(void *)((char *)(link) - offsetof(type, member)))

/* An empty list, or a member of none. */
static inline void mxsel__rd_list_init(struct mxsel__rd_link *link)
{
	link->next = link->previous = link;
}

/* For a head: no members. For a member: in no list. */
static inline int mxsel__rd_list_is_empty(const struct mxsel__rd_link *link)
{
	return link->next == link;
}

static inline void mxsel__rd_list_add(struct mxsel__rd_link *head,
	struct mxsel__rd_link *link)
{
	link->next = head;
	link->previous = head->previous;
	head->previous->next = link;
	head->previous = link;
}

/* The first one of a list that is not empty. */
static inline struct mxsel__rd_link *mxsel__rd_list_first(
	const struct mxsel__rd_link *head)
{
	return head->next;
}

/* All members of one list go before those of another one. */
static inline void mxsel__rd_list_prepend(struct mxsel__rd_link *head,
	struct mxsel__rd_link *others)
{
	others->previous->next = head->next;
	head->next->previous = others->previous;
	others->next->previous = head;
	head->next = others->next;
	mxsel__rd_list_init(others);
}

/* Also when it is in none. */
static inline void mxsel__rd_list_remove(struct mxsel__rd_link *link)
{
	link->previous->next = link->next;
	link->next->previous = link->previous;
	mxsel__rd_list_init(link);
}

#endif
