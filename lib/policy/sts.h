/*
 * MTA-STS (RFC 8461): the text of a policy, the TXT record that announces
 * it, and which hosts it lists. The object with its owners is sts_object.c;
 * what it means for a host is decided in select. Pure but for that object's
 * memory. May use base and name.
 */
#ifndef MXSEL_POLICY_STS_H
#define MXSEL_POLICY_STS_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/security.h>

#include "base/arena.h"
#include "name/name.h"

#define MXSEL__STS_BODY_MAX 65536u /* octets of a policy */
#define MXSEL__STS_MX_MAX 1000u    /* its mx fields */
#define MXSEL__STS_AGE_MAX 31557600u /* RFC 8461 3.2, a year */

/* Room for what is tried as a pattern; one that is sound has 253 octets. */
#define MXSEL__STS_PATTERN_SIZE (2 + MXSEL__NAME_TEXT_SIZE)

/* What a policy's text says. */
struct mxsel__sts_body {
	int mode;         /* MXSEL_STS_* */
	uint32_t max_age; /* seconds */
	size_t mx_count;
	size_t mx_octets; /* of its patterns, each with its NUL */
	size_t line;      /* at fault, from 1; 0: none in particular */
	const char *why;  /* a sentence; NULL: nothing is wrong */
};

/*
 * Read a policy's text: 0, MXSEL_ESYNTAX or MXSEL_ELIMIT, then *out says
 * where and why. mx is NULL, or room for the mx_octets that reading the same
 * text gave: the patterns, folded, one after the other. Touches nothing but
 * *out and that room: what a fuzzer would call.
 */
int mxsel__sts_read(struct mxsel__sts_body *out, const char *body,
	size_t size, char *mx);

/*
 * The octets of the name of a field that text begins with, at most 32; 0: it
 * begins with none (sts-ext-name, RFC 8461 3.1; the same in 3.2).
 */
size_t mxsel__sts_field_name(const char *text, size_t length);

/* Letters and digits of ASCII, whatever the locale. */
int mxsel__sts_is_alphanumeric(char c);

/*
 * Is this text of size octets a pattern? NULL, then it is in out, folded,
 * *length octets and a NUL; else a sentence that says why not.
 */
const char *mxsel__sts_pattern(char out[MXSEL__STS_PATTERN_SIZE],
	size_t *length, const char *text, size_t size);

/* Both folded, pattern from a policy, host a host's name (RFC 8461 4.1). */
int mxsel__sts_pattern_matches(const char *pattern, const char *host);

/* mxsel_sts_new() with memory from elsewhere. */
int mxsel__sts_make(mxsel_sts **out, const struct mxsel__allocator *allocator,
	const char *domain, const char *body, size_t size, uint64_t fetched);

/* One more owner; the policy does not change. NULL gives NULL. */
const mxsel_sts *mxsel__sts_hold(const mxsel_sts *policy);

/* One owner less, as mxsel_sts_free(), for those who only hold it. */
void mxsel__sts_release(const mxsel_sts *policy);

#endif
