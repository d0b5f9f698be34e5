/*
 * What a store does that knows nothing and keeps nothing. May use the public
 * headers only.
 */
#ifndef TESTS_SUPPORT_IDLE_STORE_H
#define TESTS_SUPPORT_IDLE_STORE_H

#include <mxsel/memory.h>

static inline int idle_get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	(void)entries;
	(void)count;
	(void)half_life;
	(void)budget;
	(void)user;
	return 0;
}

static inline void idle_record(const struct mxsel_memory_entry *entry,
	int change, uint32_t half_life, void *user)
{
	(void)entry;
	(void)change;
	(void)half_life;
	(void)user;
}

#endif
