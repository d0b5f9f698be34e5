/*
 * Strings on their way out. UTF-8 is checked here by hand (RFC 3629 4), so
 * that no locale decides what a valid character is. May use libc.
 */
#include "text.h"

#include <stdint.h>
#include <string.h>

#define BAD UINT32_MAX

/* One row per kind of first octet: RFC 3629 4, table of well-formed UTF-8. */
struct utf8_lead {
	unsigned char from, to;         /* the first octet */
	unsigned char second, last;     /* what the second may be */
	unsigned char length;
};

static const struct utf8_lead leads[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct utf8_lead *find_lead(unsigned char octet)
{
	size_t i;

	for (i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (octet >= leads[i].from && octet <= leads[i].to)
			return &leads[i];
	return NULL;
}

/*
 * The character at s, which is not at its end: its number or BAD, and how
 * many octets it takes. A bad one takes those that began well (the "maximal
 * subpart" of the Unicode standard), at least one.
 */
static uint32_t next_character(const unsigned char *s, size_t *used)
{
	const struct utf8_lead *lead = find_lead(s[0]);
	unsigned low, high;
	uint32_t c;
	size_t i;

	*used = 1;
	if (lead == NULL)
		return BAD;
	if (lead->length == 1)
		return s[0];
	c = s[0] & (0x7fU >> lead->length);
	low = lead->second;
	high = lead->last;
	for (i = 1; i < lead->length; i++) {
		if (s[i] < low || s[i] > high)
			return BAD;
		c = c << 6 | (s[i] & 0x3fU);
		*used = i + 1;
		low = 0x80;
		high = 0xbf;
	}
	return c;
}

static int is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

/* Marks that reorder or hide what stands beside them on a terminal. */
static int is_invisible(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
		(c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xad;
}

/* Eight octets at once: is there one that JSON does not take as it is? */
static int has_special(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101U, highs = ones << 7;
	uint64_t quote = x ^ ones * '"', escape = x ^ ones * '\\';
	uint64_t delete = x ^ ones * 0x7f;

	/* Borrows make false alarms, but only above a true one. */
	return ((x | (x - ones * 0x20) | (quote - ones) | (escape - ones) |
		(delete - ones)) & highs) != 0;
}

static int is_special(unsigned char c)
{
	return c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
}

/* One character that is special to JSON, or beyond ASCII. */
static char *put_special(char *to, const unsigned char *p, size_t used,
	uint32_t c)
{
	static const char digits[] = "0123456789abcdef";

	if (c == BAD) {
		memcpy(to, "\xef\xbf\xbd", 3);
		return to + 3;
	}
	if (is_control(c)) {
		memcpy(to, "\\u00", 4);
		to[4] = digits[c >> 4];
		to[5] = digits[c & 15];
		return to + 6;
	}
	if (c == '"' || c == '\\')
		*to++ = '\\';
	memcpy(to, p, used);
	return to + used;
}

void text_json(struct buffer *out, const char *s, size_t length)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + length;
	/* Six octets for one at most, and the quotes. */
	char *begin = buffer_room(out, 6 * length + 2), *to = begin;
	uint64_t eight;
	uint32_t c;
	size_t used;

	if (begin == NULL)
		return;
	*to++ = '"';
	while (p < end) {
		if (end - p >= 8) {
			memcpy(&eight, p, 8);
			if (!has_special(eight)) {
				memcpy(to, &eight, 8);
				to += 8;
				p += 8;
				continue;
			}
		}
		if (!is_special(*p)) {
			*to++ = (char)*p++;
			continue;
		}
		c = next_character(p, &used);
		to = put_special(to, p, used, c);
		p += used;
	}
	*to++ = '"';
	out->length += (size_t)(to - begin);
}

void text_json_string(struct buffer *out, const char *s)
{
	if (s == NULL)
		s = "";
	text_json(out, s, strlen(s));
}

void text_plain(FILE *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t used, i;
	uint32_t c;

	for (; *p != '\0'; p += used) {
		c = next_character(p, &used);
		if (c != BAD && !is_control(c) && !is_invisible(c)) {
			fwrite(p, 1, used, out);
			continue;
		}
		for (i = 0; i < used; i++)
			fprintf(out, "\\%03u", (unsigned)p[i]);
	}
}

/* Characters that do not take one column; in the order of their numbers. */
struct span {
	uint32_t from, to;
	unsigned columns;
};

static const struct span spans[] = {
	{ 0x0300, 0x036f, 0 }, { 0x0483, 0x0489, 0 }, { 0x0591, 0x05bd, 0 },
	{ 0x064b, 0x065f, 0 }, { 0x093c, 0x093c, 0 }, { 0x0941, 0x0948, 0 },
	{ 0x094d, 0x094d, 0 }, { 0x0e31, 0x0e31, 0 }, { 0x0e34, 0x0e3a, 0 },
	{ 0x0e47, 0x0e4e, 0 }, { 0x1100, 0x115f, 2 }, { 0x2e80, 0x303e, 2 },
	{ 0x3041, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 }, { 0xf900, 0xfaff, 2 },
	{ 0xfe30, 0xfe6f, 2 }, { 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 },
	{ 0x1f300, 0x1faff, 2 }, { 0x20000, 0x3fffd, 2 },
};

static unsigned columns_of(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		if (c >= spans[i].from && c <= spans[i].to)
			return spans[i].columns;
	return 1;
}

size_t text_columns(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t columns = 0, used;

	for (; *p != '\0'; p += used)
		columns += columns_of(next_character(p, &used));
	return columns;
}
