/*
 * The lines of a record, read strictly: whoever changed a byte of it hears of
 * it. May use the public headers and libc.
 */
#define _POSIX_C_SOURCE 200809L

#include "mock/replay.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/memory.h>

/* What is left of a line, and where what is read goes. */
struct scan {
	const char *at, *end;
	char *out;
	int bad;
};

static size_t fail(struct scan *s)
{
	s->bad = 1;
	s->at = s->end;
	return 0;
}

/* Words are separated by one blank each. */
static size_t word(const struct scan *s)
{
	const char *blank = memchr(s->at, ' ', (size_t)(s->end - s->at));

	return (size_t)((blank == NULL ? s->end : blank) - s->at);
}

static void skip(struct scan *s, size_t length)
{
	s->at += length;
	if (s->at < s->end) {
		s->at++;
		if (s->at == s->end)
			fail(s); /* a blank with nothing behind it */
	}
}

static uint64_t number(struct scan *s, uint64_t most)
{
	size_t length = word(s), i;
	uint64_t n = 0;

	if (length == 0 || (length > 1 && s->at[0] == '0'))
		return fail(s);
	for (i = 0; i < length; i++) {
		/* '0' to '9', and nothing else, become 0 to 9. */
		unsigned digit = (unsigned char)s->at[i] ^ (unsigned)'0';

		if (digit > 9 || digit > most || n > (most - digit) / 10)
			return fail(s);
		n = n * 10 + digit;
	}
	skip(s, length);
	return n;
}

static int octet(struct scan *s, const char *end, unsigned char *out)
{
	const unsigned char *at = (const unsigned char *)s->at;
	unsigned n = 0, i;

	if (at[0] <= 0x20 || at[0] >= 0x7f)
		return -1;
	*out = at[0];
	s->at++;
	if (at[0] != '\\')
		return 0;
	if (end - s->at < 3)
		return -1;
	for (i = 1; i <= 3; i++) {
		if (at[i] < '0' || at[i] > '9')
			return -1;
		n = n * 10 + (at[i] - '0');
	}
	if (n > 255)
		return -1;
	*out = (unsigned char)n;
	s->at += 3;
	return 0;
}

/* Escaped octets up to the next blank; NULs only where they may be. */
static char *text(struct scan *s, size_t *size, int nul_allowed)
{
	const char *end = s->at + word(s);
	char *begin = s->out;
	unsigned char c;

	while (s->at < end) {
		if (octet(s, end, &c) != 0 || (c == 0 && !nul_allowed)) {
			fail(s);
			break;
		}
		*s->out++ = (char)c;
	}
	*size = (size_t)(s->out - begin);
	*s->out++ = '\0';
	skip(s, 0);
	return begin;
}

static char *name(struct scan *s)
{
	size_t size;
	char *begin = text(s, &size, 0);

	if (size == 0)
		fail(s);
	return begin;
}

/* Below 0: none. */
static int nibble(char c)
{
	if (c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *octets(struct scan *s, size_t *size)
{
	size_t length = word(s), i;
	char *begin = s->out;

	*size = length / 2;
	if (length % 2 != 0)
		fail(s);
	for (i = 0; i + 1 < length && !s->bad; i += 2) {
		int high = nibble(s->at[i]), low = nibble(s->at[i + 1]);

		if (high < 0 || low < 0)
			fail(s);
		else
			*s->out++ = (char)(high << 4 | low);
	}
	*s->out++ = '\0';
	if (!s->bad)
		skip(s, length);
	return begin;
}

static uint16_t type(struct scan *s)
{
	static const struct {
		const char *text;
		uint16_t type;
	} types[] = {
		{ "A", MXSEL_TYPE_A }, { "AAAA", MXSEL_TYPE_AAAA },
		{ "MX", MXSEL_TYPE_MX }, { "CNAME", MXSEL_TYPE_CNAME },
		{ "TLSA", MXSEL_TYPE_TLSA },
	};
	size_t length = word(s), i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].text) == length &&
			memcmp(types[i].text, s->at, length) == 0) {
			skip(s, length);
			return types[i].type;
		}
	fail(s);
	return 0;
}

/* --- kinds of lines ------------------------------------------------------ */

static void read_destination(struct scan *s, struct mxsel__mock_line *l)
{
	l->data = text(s, &l->size, 1);
}

static void read_seed(struct scan *s, struct mxsel__mock_line *l)
{
	l->seed = number(s, UINT64_MAX);
}

static void read_mx(struct scan *s, struct mxsel__mock_line *l)
{
	l->name = name(s);
	l->type = MXSEL_TYPE_MX;
	l->preference = (uint16_t)number(s, UINT16_MAX);
	l->data = name(s);
	l->ttl = (uint32_t)number(s, UINT32_MAX);
}

static void read_alias(struct scan *s, struct mxsel__mock_line *l)
{
	l->name = name(s);
	l->type = type(s);
	l->data = name(s);
	l->ttl = (uint32_t)number(s, UINT32_MAX);
}

static void read_address(struct scan *s, struct mxsel__mock_line *l)
{
	const char *address;
	unsigned char bytes[16];
	int family;

	l->name = name(s);
	l->type = type(s);
	l->data = name(s);
	address = l->data;
	l->size = l->type == MXSEL_TYPE_A ? 4 : 16;
	family = l->type == MXSEL_TYPE_A ? AF_INET : AF_INET6;
	if ((l->type != MXSEL_TYPE_A && l->type != MXSEL_TYPE_AAAA) ||
		inet_pton(family, address, bytes) != 1) {
		fail(s);
		return;
	}
	/* "::" is shorter than what it means. */
	s->out = l->data + l->size;
	memcpy(l->data, bytes, l->size);
	l->ttl = (uint32_t)number(s, UINT32_MAX);
}

/* "tlsa NAME USAGE SELECTOR MATCHING HEX|- TTL" */
static void read_tlsa(struct scan *s, struct mxsel__mock_line *l)
{
	size_t i;

	l->name = name(s);
	l->type = MXSEL_TYPE_TLSA;
	for (i = 0; i < sizeof(l->tlsa); i++)
		l->tlsa[i] = (uint8_t)number(s, UINT8_MAX);
	if (word(s) == 1 && *s->at == '-') {
		l->data = s->out;
		*s->out++ = '\0';
		skip(s, 1);
	} else {
		l->data = octets(s, &l->size);
		if (l->size == 0)
			fail(s);
	}
	l->ttl = (uint32_t)number(s, UINT32_MAX);
}

static void read_negative(struct scan *s, struct mxsel__mock_line *l)
{
	l->name = name(s);
	l->type = type(s);
	l->ttl = (uint32_t)number(s, UINT32_MAX);
}

static void read_end(struct scan *s, struct mxsel__mock_line *l)
{
	l->name = name(s);
	l->type = type(s);
	l->outcome = (int)number(s, MXSEL_DNS_REFERRAL);
	l->security = (int)number(s, MXSEL_SECURITY_BOGUS);
}

static void read_packet(struct scan *s, struct mxsel__mock_line *l)
{
	l->name = name(s);
	l->type = type(s);
	l->security = (int)number(s, MXSEL_SECURITY_BOGUS);
	l->data = octets(s, &l->size);
}

static void read_report(struct scan *s, struct mxsel__mock_line *l)
{
	l->name = name(s);
	l->address = name(s);
	if (strcmp(l->address, "-") == 0)
		l->address = "";
	l->outcome = (int)number(s, MXSEL_OUTCOME_REQUIRETLS);
	l->code = (int)number(s, 999);
	if (s->at < s->end)
		l->data = text(s, &l->size, 0);
}

/* "memory ENTRY" */
static void read_memory(struct scan *s, struct mxsel__mock_line *l)
{
	struct mxsel_memory_entry entry;

	l->size = (size_t)(s->end - s->at);
	l->data = s->out;
	memcpy(l->data, s->at, l->size);
	l->data[l->size] = '\0';
	s->at = s->end;
	if (mxsel_memory_parse(&entry, l->data, l->size) != MXSEL_OK)
		fail(s);
}

/* By enum mxsel__mock_kind. */
static const struct {
	const char *word;
	void (*read)(struct scan *s, struct mxsel__mock_line *l);
} kinds[] = {
	[MXSEL__MOCK_DESTINATION] = { "destination", read_destination },
	[MXSEL__MOCK_SEED] = { "seed", read_seed },
	[MXSEL__MOCK_MX] = { "mx", read_mx },
	[MXSEL__MOCK_CNAME] = { "alias", read_alias },
	[MXSEL__MOCK_ADDRESS] = { "address", read_address },
	[MXSEL__MOCK_TLSA] = { "tlsa", read_tlsa },
	[MXSEL__MOCK_NEGATIVE] = { "negative", read_negative },
	[MXSEL__MOCK_END] = { "end", read_end },
	[MXSEL__MOCK_PACKET] = { "packet", read_packet },
	[MXSEL__MOCK_REPORT] = { "report", read_report },
	[MXSEL__MOCK_MEMORY] = { "memory", read_memory },
};

static int find_kind(const struct scan *s)
{
	size_t length = word(s), i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].word) == length &&
			memcmp(kinds[i].word, s->at, length) == 0)
			return (int)i;
	return -1;
}

int mxsel__mock_line_read(struct mxsel__mock_line **out, const char *line,
	size_t length)
{
	struct scan s = { line, line + length, NULL, 0 };
	int kind = find_kind(&s);
	struct mxsel__mock_line *l;

	if (kind < 0 || length == strlen(kinds[kind].word))
		return MXSEL_ESYNTAX;
	/* What is read is never longer than what is written, but for the NULs
	 * of three texts and an address. */
	l = malloc(sizeof(*l) + length + 32);
	if (l == NULL)
		return MXSEL_ENOMEM;
	memset(l, 0, sizeof(*l));
	l->kind = kind;
	l->address = "";
	s.out = l->room;
	s.at += strlen(kinds[kind].word) + 1;
	kinds[kind].read(&s, l);
	if (!s.bad && s.at == s.end) {
		*out = l;
		return MXSEL_OK;
	}
	free(l);
	return MXSEL_ESYNTAX;
}
