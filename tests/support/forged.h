/*
 * A saved selection in which one thing is not as it was: a zone to walk, and
 * ways to change what is saved, before it is written or in its octets, and to
 * see what becomes of it (R80). For tests/unit; may use lib/select.
 */
#ifndef TESTS_SUPPORT_FORGED_H
#define TESTS_SUPPORT_FORGED_H

#include <string.h>

#include "select/security.h"
#include "support/saved.h"

#define HOSTS 4

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

/* --- what is saved, with a change ---------------------------------------- */

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

/* So many attempts on. */
static inline void reach(const char *destination, int attempts)
{
	begin(destination);
	for (; attempts > 0; attempts--)
		ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
}

static inline void to_the_end(const char *destination)
{
	begin(destination);
	while (zone_next(m, zone, NULL) != MXSEL_END)
		;
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
}

/* --- octets -------------------------------------------------------------- */

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

/* One number, in the octets. */
#define NUMBER_IS(member, number) do { \
	save(); \
	put(place_of(offsetof(struct mxsel, member)), number, \
		sizeof(((struct mxsel *)0)->member)); \
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX); \
} while (0)

#endif
