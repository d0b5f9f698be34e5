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
	const char *c;
	unsigned value;

	if (*at >= length)
		return -1;
	if (!is_digit(text[*at])) {
		*octet = (unsigned char)text[*at];
		*at += 1;
		return 0;
	}
	if (*at + 3 > length)
		return -1;
	c = text + *at;
	if (!is_digit(c[1]) || !is_digit(c[2]))
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

	mxsel__text_begin(&name, out);
	out[0] = '\0';
	*out_length = 0;
	if (length == 1 && text[0] == '.')
		return MXSEL__NAME_ROOT;
	while (at < length) {
		if (mxsel__text_run(&name, text, length, &at) != 0)
			return MXSEL__NAME_BROKEN;
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

	return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
}

int mxsel__name_equal(const char *a, const char *b)
{
	size_t length = strlen(a);
	size_t i = 0;

	if (strlen(b) != length)
		return 0;
	while (i < length && lower(a[i]) == lower(b[i]))
		i++;
	return i == length;
}

/* Is the dot at name[at] one between labels? An escaped one is not. */
static int is_border(const char *name, size_t at)
{
	size_t slashes = at;

	while (slashes > 0 && name[slashes - 1] == '\\')
		slashes--;
	return name[at] == '.' && (at - slashes) % 2 == 0;
}

int mxsel__name_under(const char *name, const char *suffix)
{
	size_t have = strlen(name);
	size_t want = strlen(suffix);

	if (want == 0)
		return 1;
	while (have > 0 && want > 0 && name[have - 1] == suffix[want - 1]) {
		have--;
		want--;
	}
	return want == 0 && (have == 0 || is_border(name, have - 1));
}

/* Is the last label, name[begin..end-1], this one? */
static int is_last(const char *name, size_t begin, size_t end,
	const char *label, size_t length)
{
	return begin + length == end &&
		memcmp(name + begin, label, length) == 0;
}

/* By the last label alone; most names are told by its length. */
enum mxsel__special mxsel__name_special(const char *name)
{
	size_t length = strlen(name);
	size_t begin = length;
	char last = length > 0 ? name[length - 1] : '\0';

	/* Most names do not end as any of these does. */
	if (last != 'd' && last != 't' && last != 'n' && last != 'l')
		return MXSEL__SPECIAL_NONE;
	while (begin > 0 && begin + 10 > length && name[begin - 1] != '.')
		begin--;
	if (is_last(name, begin, length, "invalid", 7)) /* RFC 6761 6.4 */
		return MXSEL__SPECIAL_INVALID;
	if (is_last(name, begin, length, "localhost", 9)) /* RFC 6761 6.3 */
		return MXSEL__SPECIAL_LOCALHOST;
	if (is_last(name, begin, length, "onion", 5)) /* RFC 7686 2 */
		return MXSEL__SPECIAL_ONION;
	if (is_last(name, begin, length, "local", 5)) /* RFC 6762 3 */
		return MXSEL__SPECIAL_LOCAL;
	return MXSEL__SPECIAL_NONE;
}

/*
 * The label name[at..] to out[at..], its length octet first. Returns its end
 * in name, where in out the next one begins, or at: it is none.
 */
static size_t label_to_wire(uint8_t *out, const char *name, size_t at,
	size_t length)
{
	size_t end = at;

	while (end < length && name[end] != '.') {
		unsigned char c = mxsel__name_fold[(unsigned char)name[end]];

		if (c == 0 || end - at == 63) /* RFC 1035 2.3.4 */
			return at;
		out[++end] = c;
	}
	out[at] = (uint8_t)(end - at);
	return end;
}

size_t mxsel__name_to_wire(uint8_t *out, const char *name)
{
	size_t length = strlen(name);
	size_t at = 0, end;

	if (length > MXSEL__NAME_MAX)
		return 0;
	while (at < length) {
		end = label_to_wire(out, name, at, length);
		if (end == at || end + 1 == length)
			return 0;
		at = end + 1;
	}
	out[at] = 0;
	return at + 1;
}
