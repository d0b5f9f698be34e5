/*
 * SipHash by Aumasson and Bernstein, in its form with one round for each
 * word and three at the end: made for tables whose keys are foreign. May use
 * libc only.
 */
#include "cache/hash.h"

#include <string.h>

static uint64_t rotate(uint64_t x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

/* One round; the four words stay in registers. */
static inline void mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d)
{
	*a += *b;
	*c += *d;
	*b = rotate(*b, 13) ^ *a;
	*d = rotate(*d, 16) ^ *c;
	*a = rotate(*a, 32);
	*c += *b;
	*a += *d;
	*b = rotate(*b, 17) ^ *c;
	*d = rotate(*d, 21) ^ *a;
	*c = rotate(*c, 32);
}

/* Up to seven octets and the length, as the last word wants them. */
static uint64_t last_word(const char *text, size_t left, size_t length)
{
	uint64_t word = (uint64_t)length << 56;
	uint32_t four;
	uint16_t two;
	int at = 0;

	if (left & 4) {
		memcpy(&four, text, 4);
		word |= four;
		text += 4;
		at = 32;
	}
	if (left & 2) {
		memcpy(&two, text, 2);
		word |= (uint64_t)two << at;
		text += 2;
		at += 16;
	}
	if (left & 1)
		word |= (uint64_t)(unsigned char)*text << at;
	return word;
}

/* Words are read as they lie: hashes are compared within a process only. */
uint64_t mxsel__cache_hash(const uint64_t key[2], const char *text,
	size_t length)
{
	uint64_t a = key[0] ^ UINT64_C(0x736f6d6570736575);
	uint64_t b = key[1] ^ UINT64_C(0x646f72616e646f6d);
	uint64_t c = key[0] ^ UINT64_C(0x6c7967656e657261);
	uint64_t d = key[1] ^ UINT64_C(0x7465646279746573);
	uint64_t word;
	size_t left;

	for (left = length; left >= 8; left -= 8, text += 8) {
		memcpy(&word, text, 8);
		d ^= word;
		mix(&a, &b, &c, &d);
		a ^= word;
	}
	word = last_word(text, left, length);
	d ^= word;
	mix(&a, &b, &c, &d);
	a ^= word;
	c ^= 0xff;
	mix(&a, &b, &c, &d);
	mix(&a, &b, &c, &d);
	mix(&a, &b, &c, &d);
	return a ^ b ^ c ^ d;
}
