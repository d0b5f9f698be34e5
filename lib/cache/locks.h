/*
 * The parts that a cache, or a memory of hosts, is divided into, each with a
 * lock. May use libc only.
 */
#ifndef MXSEL_CACHE_LOCKS_H
#define MXSEL_CACHE_LOCKS_H

#include <stddef.h>
#include <stdint.h>

#define MXSEL__LINE 64u /* parts do not share cache lines */

/* The next place that begins one. */
static inline size_t mxsel__line_after(size_t at)
{
	return (at + MXSEL__LINE - 1) & ~(size_t)(MXSEL__LINE - 1);
}

/* How many parts so many octets make: a power of two, most at most, each of
   least octets where there are several. */
uint32_t mxsel__parts_for(size_t bytes, size_t least, uint32_t most);

/*
 * The locks of n parts of stride octets each, in which they stand first. 0
 * or MXSEL_ENOMEM: then there is none.
 */
int mxsel__locks_make(void *parts, size_t stride, uint32_t n);
void mxsel__locks_destroy(void *parts, size_t stride, uint32_t n);

#endif
