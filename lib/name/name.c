/*
 * Domain names as text: read from master-file text, compared, written to the
 * wire; and the names that the public DNS does not answer. May use base.
 */
#include "name/name.h"

#include <string.h>

#include "name/address.h"
#include "name/text.h"

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * What stands behind a backslash: three digits up to 255, or one octet that
 * is no digit (RFC 1035 5.1). 0, or -1.
 */
static int unescape(const char *text, size_t length, size_t *at,
	unsigned char *octet)
{
	const char *c = text + *at;
	unsigned value;

	if (*at == length)
		return -1;
	if (!is_digit(c[0])) {
		*octet = (unsigned char)c[0];
		*at += 1;
		return 0;
	}
	if (length - *at < 3 || !is_digit(c[1]) || !is_digit(c[2]))
		return -1;
	value = (unsigned)(c[0] - '0') * 100 + (unsigned)(c[1] - '0') * 10 +
		(unsigned)(c[2] - '0');
	*octet = (unsigned char)value;
	*at += 3;
	return value > 255 ? -1 : 0;
}

/* The dot, escape or odd octet of text at *at. 0, or -1. */
static int read_special(struct mxsel__text *out, const char *text,
	size_t length, size_t *at)
{
	unsigned char octet = (unsigned char)text[(*at)++];

	if (octet == '.')
		return mxsel__text_label(out);
	if (octet == '\\' && unescape(text, length, at, &octet) != 0)
		return -1;
	return mxsel__text_octet(out, octet);
}

enum mxsel__name_kind mxsel__name_parse(char out[MXSEL__NAME_TEXT_SIZE],
	size_t *out_length, const char *text, size_t length)
{
	struct mxsel__text name;
	enum mxsel__name_kind kind;
	size_t at = 0;

	/*@ dynamic_split at; */
	mxsel__text_begin(&name, out);
	out[0] = '\0';
	*out_length = 0;
	if (length == 1 && text[0] == '.')
		return MXSEL__NAME_ROOT;
	while (at < length) {
		size_t run;

		if (mxsel__text_run(&name, text + at, length - at, &run) != 0)
			return MXSEL__NAME_BROKEN;
		at += run;
		if (at < length && read_special(&name, text, length, &at) != 0)
			return MXSEL__NAME_BROKEN;
	}
	kind = mxsel__text_end(&name);
	*out_length = name.length;
	return kind;
}

int mxsel__name_is_address(const char *name, size_t length)
{
	struct mxsel__address address;

	return mxsel__address_from_name(&address, name, length) == 0;
}

static unsigned lower(char c)
{
	unsigned octet = (unsigned char)c;

	return octet - 'A' < 26 ? octet | 0x20 : octet;
}

int mxsel__name_equal(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Is the dot at name[at] one between labels? An escaped one is not. */
static int is_border(const char *name, size_t at)
{
	size_t slashes = 0;

	while (at > slashes && name[at - slashes - 1] == '\\')
		slashes++;
	return name[at] == '.' && slashes % 2 == 0;
}

int mxsel__name_under(const char *name, const char *suffix)
{
	size_t have = strlen(name);
	size_t want = strlen(suffix);

	if (want == 0)
		return 1;
	if (have < want || memcmp(name + have - want, suffix, want) != 0)
		return 0;
	return have == want || is_border(name, have - want - 1);
}

/* By the last label alone; most names are told by its length. */
enum mxsel__special mxsel__name_special(const char *name)
{
	size_t length = strlen(name), label = 0;
	/*@ split length; */
	const char *end = name + length;
	char last = length > 0 ? end[-1] : '\0';

	/* Most names do not end as any of these does. */
	if (last != 'd' && last != 't' && last != 'n' && last != 'l')
		return MXSEL__SPECIAL_NONE;
	while (label < length && label < 10 && end[-1 - (long)label] != '.')
		label++;
	/*@ split label; */
	end -= label;
	if (label == 7 && memcmp(end, "invalid", 7) == 0) /* RFC 6761 6.4 */
		return MXSEL__SPECIAL_INVALID;
	if (label == 9 && memcmp(end, "localhost", 9) == 0) /* 6761 6.3 */
		return MXSEL__SPECIAL_LOCALHOST;
	if (label == 5 && memcmp(end, "onion", 5) == 0) /* RFC 7686 2 */
		return MXSEL__SPECIAL_ONION;
	if (label == 5 && memcmp(end, "local", 5) == 0) /* RFC 6762 3 */
		return MXSEL__SPECIAL_LOCAL;
	return MXSEL__SPECIAL_NONE;
}

/* The octets of the label that text begins with; 0: it is none. */
static size_t label_to_wire(uint8_t *out, const char *text)
{
	size_t n = 0;

	/*@ loop unroll 64; */
	while (text[n] != '\0' && text[n] != '.') {
		unsigned char c = mxsel__name_fold[(unsigned char)text[n]];

		if (c == 0 || n == 63) /* RFC 1035 2.3.4 */
			return 0;
		out[1 + n++] = c;
	}
	out[0] = (uint8_t)n;
	return n;
}

size_t mxsel__name_to_wire(uint8_t *out, const char *name)
{
	size_t length = strlen(name);
	size_t at = 0;

	if (length > MXSEL__NAME_MAX)
		return 0;
	/*@ dynamic_split at; */
	while (at < length) {
		size_t label = label_to_wire(out + at, name + at);

		if (label == 0 || at + label + 1 == length)
			return 0;
		at += label + 1;
	}
	out[at] = 0;
	return at + 1;
}
