/*
 * One answer as it lies in memory, as small as it goes: a section. Sections
 * know nothing of the names they belong to, nor of what lies beside them.
 * May use libc only.
 */
#ifndef MXSEL_CACHE_PACK_H
#define MXSEL_CACHE_PACK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cache/cache.h"

/*
 * A section begins with a word, from its low end: 42 bits of end, 12 of size
 * (octets behind the word), 2 of class, 4 of outcome, 2 of security, one for
 * a denial with its SOA, one for an alias. Its data follow.
 */
#define MXSEL__SECTION_HEAD 8u
enum {
	MXSEL__SIZE_AT = 42,
	MXSEL__CLASS_AT = 54,
	MXSEL__OUTCOME_AT = 56,
	MXSEL__SECURITY_AT = 60,
	MXSEL__NEGATIVE_AT = 62,
	MXSEL__ALIAS_AT = 63
};
/* Types that are written in the data are of the class OTHER. */
enum {
	MXSEL__CLASS_A,
	MXSEL__CLASS_AAAA,
	MXSEL__CLASS_MX,
	MXSEL__CLASS_OTHER
};
#define MXSEL__SECTION_MAX (MXSEL__SECTION_HEAD + MXSEL__CACHED_MAX + 8u)

/* The last moment there is, in milliseconds: 139 years. */
#define MXSEL__END_MAX ((UINT64_C(1) << 42) - 1)

/* Anything but a failure, which neither COMPLETE nor NXDOMAIN is. */
int mxsel__cached_is_answer(const struct mxsel__cached *answer);

/*
 * Pack an answer about name, without its end. Returns the octets; 0 for an
 * answer that does not hold what it says it does.
 */
size_t mxsel__section_pack(unsigned char out[MXSEL__SECTION_MAX],
	const char *name, size_t length, uint16_t type,
	const struct mxsel__cached *answer);

/* Once; up to MXSEL__END_MAX. */
void mxsel__section_set_end(unsigned char *section, uint64_t end);

/*
 * The same back; ttl and stale stay as they are. Behind the section
 * MXSEL__SLACK octets must be readable.
 */
#define MXSEL__SLACK 16u
void mxsel__section_unpack(const unsigned char *section, const char *name,
	size_t length, struct mxsel__cached *out);

static inline uint64_t mxsel__section_word(const unsigned char *section)
{
	uint64_t word;

	memcpy(&word, section, sizeof(word));
	return word;
}

static inline unsigned mxsel__section_bits(uint64_t word, int at,
	unsigned mask)
{
	return (unsigned)(word >> at) & mask;
}

static inline size_t mxsel__section_size(const unsigned char *section)
{
	return MXSEL__SECTION_HEAD + mxsel__section_bits(
		mxsel__section_word(section), MXSEL__SIZE_AT, 0xfff);
}

static inline uint64_t mxsel__section_end(const unsigned char *section)
{
	return mxsel__section_word(section) & MXSEL__END_MAX;
}

static inline unsigned mxsel__class_of(uint16_t type)
{
	switch (type) {
	case MXSEL_TYPE_A: return MXSEL__CLASS_A;
	case MXSEL_TYPE_AAAA: return MXSEL__CLASS_AAAA;
	case MXSEL_TYPE_MX: return MXSEL__CLASS_MX;
	default: return MXSEL__CLASS_OTHER;
	}
}

/* Is it of this type? */
static inline int mxsel__section_is(const unsigned char *section,
	uint16_t type)
{
	unsigned class = mxsel__section_bits(mxsel__section_word(section),
		MXSEL__CLASS_AT, 3);

	return class == mxsel__class_of(type) && (class != MXSEL__CLASS_OTHER ||
		(section[MXSEL__SECTION_HEAD] == type >> 8 &&
		section[MXSEL__SECTION_HEAD + 1] == (type & 0xff)));
}

int mxsel__section_is_answer(const unsigned char *section);

#endif
