/*
 * Answers until their TTL ends, by name and type: what the state machine
 * looks up before it asks, and keeps after it was told. How an answer comes
 * to be, and what it means, is no business of this room. May use base and
 * name.
 */
#ifndef MXSEL_CACHE_CACHE_H
#define MXSEL_CACHE_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/cache.h>

#define MXSEL__CACHED_MAX 2048u /* larger answers are not kept */
#define MXSEL__STALE_TTL 30u    /* seconds, RFC 8767 4 */

/*
 * One answer, as it goes in and comes out. data: the canonical name as text
 * with its NUL when canonical_length > 0; then the records in the order of
 * the message:
 *   A     4 octets each
 *   AAAA  16 octets each
 *   MX    preference (2, high octet first), length of the text (1), kind
 *         (1, enum mxsel__name_kind), the text and its NUL; a longer text
 *         than 255 is not kept
 *   TLSA  octets of the RDATA (2), the RDATA
 *   CNAME nothing, for only their number matters
 */
struct mxsel__cached {
	uint32_t ttl;              /* seconds; out: what is left */
	uint16_t records;
	uint16_t size;             /* octets of data */
	uint8_t canonical_length;  /* 0: no alias */
	uint8_t outcome;           /* MXSEL_DNS_* */
	uint8_t security;          /* MXSEL_SECURITY_* */
	uint8_t links;             /* aliases to the canonical name */
	uint8_t has_negative;      /* a denial with its SOA */
	uint8_t stale;             /* out: its time is over */
	uint8_t data[MXSEL__CACHED_MAX];
};

/*
 * name is lower-case text without final dot, length its octets. stale: also
 * what ended within the time that MXSEL_CACHE_STALE allows. 1, and the answer
 * copied to out; 0: not known. Never allocates.
 */
int mxsel__cache_find(struct mxsel_cache *cache, const char *name,
	size_t length, uint16_t type, int stale, struct mxsel__cached *out);

/*
 * The same for both addresses of a host at once, fresh ones only: 1 for AAAA
 * (v6) and 2 for A (v4), or their sum. NULL: that one is not wanted.
 */
int mxsel__cache_find_host(struct mxsel_cache *cache, const char *name,
	size_t length, struct mxsel__cached *v6, struct mxsel__cached *v4);

/*
 * Keep an answer, in place of an older one. One of TTL 0, or for which there
 * is no room, is not kept; a failure (neither COMPLETE nor NXDOMAIN) never
 * takes the place of an answer that may still be served stale. Never
 * allocates.
 */
void mxsel__cache_keep(struct mxsel_cache *cache, const char *name,
	size_t length, uint16_t type, const struct mxsel__cached *answer);

/*
 * This name will be looked for soon: begin to fetch the memory where it is
 * looked for, and a little later what is there. Changes nothing, needs no
 * lock, and need not be right. Worth the trouble in a large cache only, which
 * is not in the processor's own.
 */
int mxsel__cache_is_large(const struct mxsel_cache *cache);
uint64_t mxsel__cache_expect(const struct mxsel_cache *cache,
	const char *name, size_t length);
void mxsel__cache_expect_more(const struct mxsel_cache *cache,
	uint64_t expected);

/* One more owner. */
void mxsel__cache_hold(struct mxsel_cache *cache);

#endif
