/*
 * The locks of the parts that a cache, or a memory of hosts, is divided into.
 * May use libc only.
 */
#ifndef MXSEL_CACHE_LOCKS_H
#define MXSEL_CACHE_LOCKS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The locks of n parts of stride octets each, in which they stand first. 0
 * or MXSEL_ENOMEM: then there is none.
 */
int mxsel__locks_make(void *parts, size_t stride, uint32_t n);
void mxsel__locks_destroy(void *parts, size_t stride, uint32_t n);

#endif
