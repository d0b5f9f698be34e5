/*
 * TLSA records as they came. The library has judged the message before it
 * tells of it; what is read here again is bounded all the same. May use the
 * public headers.
 */
#include "tlsa_answer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#define HEADER 12  /* RFC 1035 4.1.1 */
#define FIXED 10   /* type, class, TTL and length: RFC 1035 4.1.3 */
#define FIELDS 3   /* before the data: RFC 6698 2.1 */

static unsigned two_octets(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* Behind the name at this place; 0: it does not end. */
static size_t skip_name(const uint8_t *p, size_t size, size_t at)
{
	while (at < size) {
		if (p[at] == 0)
			return at + 1;
		if (p[at] >= 0xc0) /* a pointer ends it (RFC 1035 4.1.4) */
			return at + 2;
		at += (size_t)p[at] + 1;
	}
	return 0;
}

static void add_record(struct tlsa_answer *a, const uint8_t *data,
	size_t length)
{
	struct tlsa_record *r = &a->records[a->count];

	if (length < FIELDS || a->count == TLSA_RECORDS_MAX)
		return;
	r->usage = data[0];
	r->selector = data[1];
	r->matching = data[2];
	r->length = length - FIELDS;
	a->count++;
}

static void read_message(struct tlsa_answer *a, const uint8_t *p, size_t size)
{
	unsigned records, i;
	size_t at, length;

	if (size < HEADER)
		return;
	records = two_octets(p + 6);
	at = skip_name(p, size, HEADER);
	if (at == 0)
		return;
	at += 4;
	for (i = 0; i < records; i++) {
		at = skip_name(p, size, at);
		if (at == 0 || size - at < FIXED || at > size)
			return;
		length = two_octets(p + at + 8);
		if (size - at - FIXED < length)
			return;
		if (two_octets(p + at) == MXSEL_TYPE_TLSA)
			add_record(a, p + at + FIXED, length);
		at += FIXED + length;
	}
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ?
		c - 'a' + 10 : -1;
}

static void read_hex(struct tlsa_answer *a, const char *hex)
{
	size_t size = strlen(hex) / 2, i;
	uint8_t *p = malloc(size + 1);

	if (p == NULL) {
		a->failed = 1;
		return;
	}
	for (i = 0; i < size && digit_of(hex[2 * i]) >= 0 &&
	     digit_of(hex[2 * i + 1]) >= 0; i++)
		p[i] = (uint8_t)(digit_of(hex[2 * i]) << 4 |
			digit_of(hex[2 * i + 1]));
	read_message(a, p, i);
	free(p);
}

/* "packet NAME TLSA SECURITY HEX" */
void tlsa_answer_hear(const char *line, void *user)
{
	struct tlsa_answer *a = user;
	const char *words[4];
	int security, i;

	if (strncmp(line, "packet ", 7) != 0)
		return;
	for (i = 0; i < 4; i++) {
		line = strchr(line, ' ');
		if (line == NULL)
			return;
		words[i] = ++line;
	}
	if (strncmp(words[1], "TLSA ", 5) != 0)
		return;
	security = (int)strtol(words[2], NULL, 10);
	if (a->count == 0)
		a->is_secure = 1;
	a->is_secure = a->is_secure && security == MXSEL_SECURITY_SECURE;
	read_hex(a, words[3]);
}

const char *tlsa_record_fault(const struct tlsa_record *r)
{
	static const size_t digests[] = { 0, 32, 64 };

	if (r->usage != 2 && r->usage != 3)
		return r->usage < 2 ? "mail has no use for usages 0 and 1" :
			"unknown usage";
	if (r->selector > 1)
		return "unknown selector";
	if (r->matching > 2)
		return "unknown matching type";
	if (r->matching > 0 && r->length != digests[r->matching])
		return r->matching == 1 ? "SHA-256 has 32 octets" :
			"SHA-512 has 64 octets";
	return r->length == 0 ? "no data" : NULL;
}
