/*
 * A saved selection in which one thing is not as it was: a zone to walk, and
 * ways to change what is saved, before it is written or in its octets, and to
 * see what becomes of it (R80). For tests/unit; may use lib/select.
 */
#ifndef TESTS_SUPPORT_FORGED_H
#define TESTS_SUPPORT_FORGED_H

#include <string.h>

#include <mxsel/mxsel.h>

#include "select/save.h"
#include "select/security.h"
#include "select/select.h"
#include "support/guard.h"
#include "support/walked.h"

#define HOSTS 4

static mxsel_options *o;
static mxsel *m;

static const struct zone_record zone[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "d.example", MX, ZONE_SECURE, "three.example", 30 },
	{ "one.example", 0, ZONE_SECURE, "far.example", 0 },
	{ "far.example", A, ZONE_SECURE, "1", 0 },
	{ "far.example", AAAA, ZONE_SECURE, "1", 0 },
	{ "_25._tcp.far.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "_25._tcp.far.example", TLSA, ZONE_SECURE, "311b", 0 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ "three.example", A, ZONE_SECURE, "3", 0 },
	/* Nobody there has an address. */
	{ "none.example", MX, ZONE_INSECURE, "mx.none.example", 10 },
	/* The one host is the domain. */
	{ "i.example", A, ZONE_INSECURE, "4", 0 },
	/* A name that is refused. */
	{ "bad.example", MX, ZONE_INSECURE, "spam.example", 10 },
	{ "bad.example", MX, ZONE_INSECURE, "fine.example", 20 },
	{ "fine.example", A, ZONE_INSECURE, "5", 0 },
	{ "onion.example", MX, ZONE_INSECURE, "x.onion", 10 },
	/* An alias that is not signed, to a host without MX. */
	{ "alias.example", 0, ZONE_INSECURE, "led.example", 0 },
	{ "led.example", A, ZONE_INSECURE, "6", 0 },
	/* Its TLSA records cannot be had. */
	{ "fail.example", MX, ZONE_SECURE, "mx.fail.example", 10 },
	{ "mx.fail.example", A, ZONE_SECURE, "7", 0 },
	{ "_25._tcp.mx.fail.example", TLSA, ZONE_SECURE, "!", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static inline void setup(void)
{
	m = NULL;
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, 1);
}

static inline void teardown(void)
{
	mxsel_free(m);
	mxsel_options_free(o);
}

/* --- what was saved, and what is read back -------------------------------- */

static uint8_t bytes[65536];
static size_t size;

static inline void save(void)
{
	size = sizeof(bytes);
	ck_assert_int_eq(mxsel_save(m, bytes, &size), MXSEL_OK);
}

/* Who reads behind the octets is ended. */
static inline int resume(void)
{
	const uint8_t *at = guard_end(bytes, size);
	mxsel *made = NULL;
	int rc = mxsel_resume(&made, at, size, o);

	ck_assert((rc == MXSEL_OK) == (made != NULL));
	mxsel_free(made);
	return rc;
}

static struct mxsel was;
static struct host hosts_were[HOSTS];
static uint64_t were[HOSTS][(sizeof(struct candidate) + 16 + 7) / 8];

/* What an attempt has of its own: all of it, and an address at most. */
static inline size_t octets_of(const struct candidate *c)
{
	return sizeof(*c) + (c->length > 4 ? 16u : c->length);
}

static inline void remember(void)
{
	struct candidate *c;
	size_t i = 0;

	was = *m;
	for (i = 0; i < m->host_count; i++)
		hosts_were[i] = m->hosts[i];
	for (i = 0, c = m->attempts; c != NULL; c = c->after)
		memcpy(were[i++], c, octets_of(c));
}

static inline void restore(void)
{
	struct candidate *c;
	size_t i;

	*m = was;
	for (i = 0; i < m->host_count; i++)
		m->hosts[i] = hosts_were[i];
	for (i = 0, c = m->attempts; c != NULL; c = c->after)
		memcpy(c, were[i++], octets_of(c));
}

/* A change, and what becomes of it; then it is as before. */
#define COMES_TO(code, change) do { \
	remember(); \
	change; \
	save(); \
	restore(); \
	ck_assert_int_eq(resume(), code); \
} while (0)
#define FINE(change) COMES_TO(MXSEL_OK, change)
#define REFUSED(change) COMES_TO(MXSEL_ESYNTAX, change)

static inline void begin(const char *destination)
{
	ck_assert_int_eq(mxsel_new(&m, destination, o), MXSEL_OK);
}

/* So many attempts on. */
static inline void reach(const char *destination, int attempts)
{
	begin(destination);
	for (; attempts > 0; attempts--)
		ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	save();
	ck_assert_int_eq(resume(), MXSEL_OK);
}

static inline void to_the_end(const char *destination)
{
	begin(destination);
	while (zone_next(m, zone, NULL) != MXSEL_END)
		;
	save();
	ck_assert_int_eq(resume(), MXSEL_OK);
}

/* --- octets -------------------------------------------------------------- */

static inline void put(size_t at, uint64_t number, unsigned octets)
{
	while (octets-- > 0) {
		bytes[at + octets] = (uint8_t)number;
		number >>= 8;
	}
}

static inline void seal(void)
{
	put(6, size, 4);
	put(size - 4, mxsel__saved_crc(bytes, size - 4), 4);
}

static inline size_t place_of(size_t offset)
{
	size_t at = SAVED_HEAD, i;

	for (i = 0; i < mxsel__saved_number_count &&
		mxsel__saved_numbers[i].offset != offset; i++)
		at += mxsel__saved_numbers[i].size;
	return at;
}

/* Of the destination, why it is bad, the domain asked, after aliases, the
 * literal, the status; where the length of each stands. */
static inline size_t text_place(int nth)
{
	size_t at = place_of(SIZE_MAX);

	if (nth == 0)
		return at;
	at += 2u + ((size_t)bytes[at] << 8 | bytes[at + 1]);
	for (; nth > 1; nth--)
		at += 1u + bytes[at];
	return at;
}

/* Behind the last place where these letters stand. */
static inline size_t behind(const char *letters)
{
	size_t length = strlen(letters), at = size - length;

	while (memcmp(bytes + at, letters, length) != 0)
		at--;
	return at + length;
}

static inline void insert(size_t at, const void *octets, size_t length)
{
	memmove(bytes + at + length, bytes + at, size - at);
	memcpy(bytes + at, octets, length);
	size += length;
}

static inline int sealed(void)
{
	seal();
	return resume();
}

/* One number, in the octets. */
#define NUMBER_IS(member, number) do { \
	save(); \
	put(place_of(offsetof(struct mxsel, member)), number, \
		sizeof(((struct mxsel *)0)->member)); \
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX); \
} while (0)

#endif
