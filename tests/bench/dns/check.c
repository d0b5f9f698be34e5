/*
 * Checksums of an answer: the sum over its addresses does not depend on their
 * order. The generator writes them, the drivers compare. May use libc only.
 */
#include <string.h>

#include "bench/dns/load.h"

uint64_t load_hash(const char *name)
{
	size_t left = strlen(name);
	uint64_t hash = left, word;

	for (; left >= 8; left -= 8, name += 8) {
		memcpy(&word, name, 8);
		hash = load_mix(hash ^ word);
	}
	word = 0;
	memcpy(&word, name, left);
	return load_mix(hash ^ word);
}

uint64_t load_entry(uint64_t host, unsigned preference, const void *address,
	size_t size)
{
	uint64_t words[2] = { 0, 0 };

	memcpy(words, address, size <= 16 ? size : 16);
	return load_mix(host ^ words[0] ^ load_mix(words[1] + preference));
}

uint64_t load_check(uint64_t sum, enum load_status status)
{
	return load_mix(sum + (uint64_t)status) | 1;
}
