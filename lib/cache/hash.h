/*
 * A keyed hash. Names come from whoever owns a domain, so without the key
 * nobody may be able to choose names that meet in one bucket. May use libc
 * only.
 */
#ifndef MXSEL_CACHE_HASH_H
#define MXSEL_CACHE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t mxsel__cache_hash(const uint64_t key[2], const char *text,
	size_t length);

#endif
