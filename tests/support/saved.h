/*
 * The octets of a saved selection, to be changed and read back (R80): where
 * a number stands, a new checksum, and what mxsel_resume() says. Whoever
 * reads behind the octets is ended. For programs of unit tests, which include
 * it once; may use lib/select.
 */
#ifndef TESTS_SUPPORT_SAVED_H
#define TESTS_SUPPORT_SAVED_H

#include <string.h>

#include "select/save.h"
#include "select/select.h"
#include "support/guard.h"
#include "support/one_selection.h"

static uint8_t bytes[65536];
static size_t size;

static inline void save(void)
{
	size = sizeof(bytes);
	ck_assert_int_eq(mxsel_save(m, bytes, &size), MXSEL_OK);
}

static inline int resume(void)
{
	const uint8_t *at = guard_end(bytes, size);
	mxsel *made = NULL;
	int rc = mxsel_resume(&made, at, size, o);

	ck_assert((rc == MXSEL_OK) == (made != NULL));
	mxsel_free(made);
	return rc;
}

static inline int save_and_resume(void)
{
	save();
	return resume();
}

static inline void put(size_t at, uint64_t number, unsigned octets)
{
	while (octets-- > 0) {
		bytes[at + octets] = (uint8_t)number;
		number >>= 8;
	}
}

/* After it was changed: a forger knows the checksum, too. */
static inline void seal(void)
{
	put(6, size, 4);
	put(size - 4, mxsel__saved_crc(bytes, size - 4), 4);
}

static inline int sealed(void)
{
	seal();
	return resume();
}

/* Where this number of the selection stands; SIZE_MAX: behind all of them. */
static inline size_t place_of(size_t offset)
{
	size_t at = SAVED_HEAD, i;

	for (i = 0; i < mxsel__saved_number_count &&
		mxsel__saved_numbers[i].offset != offset; i++)
		at += mxsel__saved_numbers[i].size;
	return at;
}

#endif
