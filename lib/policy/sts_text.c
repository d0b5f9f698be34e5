/*
 * The TXT record that announces an MTA-STS policy (RFC 8461 3.1), and the
 * names of fields, which are of one form here and in the policy. May use base
 * and name.
 */
#include "policy/sts.h"

#include <string.h>

#define NAME_MAX_OCTETS 32u
#define ID_MAX 32u
#define BEGIN "v=STSv1;"
#define BEGIN_LENGTH (sizeof(BEGIN) - 1)

int mxsel__sts_is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z');
}

/* sts-ext-name = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".") */
size_t mxsel__sts_field_name(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && n < NAME_MAX_OCTETS &&
		(mxsel__sts_is_alphanumeric(text[n]) || (n > 0 &&
		(text[n] == '_' || text[n] == '-' || text[n] == '.'))))
		n++;
	return n;
}

/* What is left of a record. */
struct rest {
	const char *at;
	const char *end;
};

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* sts-field-delim = *WSP ";" *WSP. 0: there is none, and nothing is taken. */
static int take_delimiter(struct rest *r)
{
	const char *mark = skip_space(r->at, r->end);

	if (mark == r->end || *mark != ';')
		return 0;
	r->at = skip_space(mark + 1, r->end);
	return 1;
}

/* sts-ext-value = 1*(%x21-3A / %x3C / %x3E-7E); 0: there is none. */
static size_t value_length(const struct rest *r)
{
	const char *c = r->at;

	while (c < r->end && *c > ' ' && *c < 0x7f && *c != ';' && *c != '=')
		c++;
	return (size_t)(c - r->at);
}

/* sts-id = %s"id=" 1*32(ALPHA / DIGIT); not empty, as no value is. */
static int is_id(const char *value, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (!mxsel__sts_is_alphanumeric(value[i]))
			return 0;
	}
	return length <= ID_MAX;
}

/* One field; the first that is called "id" goes to id. 0, or -1. */
static int take_field(struct rest *r, char *id)
{
	const char *name = r->at;
	size_t length = mxsel__sts_field_name(name, (size_t)(r->end - name));
	size_t value;

	r->at += length;
	if (length == 0 || r->at == r->end || *r->at != '=')
		return -1;
	r->at++;
	value = value_length(r);
	if (value == 0)
		return -1;
	/* RFC 8461 3.2, of TXT records too: of duplicates the first counts. */
	if (length == 2 && memcmp(name, "id", 2) == 0 && id[0] == '\0') {
		if (!is_id(r->at, value))
			return -1;
		memcpy(id, r->at, value);
		id[value] = '\0';
	}
	r->at += value;
	return 0;
}

/*
 * sts-text-record = sts-version 1*(sts-field-delim sts-field)
 * [sts-field-delim]; that it is an announcement is known.
 */
static int read_record(const char *text, size_t length, char *id)
{
	const char *end = text + length;
	struct rest r = { skip_space(text + BEGIN_LENGTH, end), end };

	id[0] = '\0';
	do {
		if (take_field(&r, id) != 0)
			return -1;
	} while (take_delimiter(&r) && r.at < r.end);
	return r.at == r.end && id[0] != '\0' ? 0 : -1;
}

/*
 * The grammar would let blanks stand before the first ";", the text of 3.1
 * does not: what does not begin with "v=STSv1;" is discarded.
 */
static int is_announcement(const char *text, size_t length)
{
	return length >= BEGIN_LENGTH &&
		memcmp(text, BEGIN, BEGIN_LENGTH) == 0;
}

int mxsel_sts_id(char id[33], const char *const *texts, const size_t *lengths,
	size_t count)
{
	char found[ID_MAX + 1];
	size_t only = count;
	size_t i;

	if (id == NULL || texts == NULL || lengths == NULL)
		return MXSEL_EUSAGE;
	for (i = 0; i < count; i++) {
		if (texts[i] == NULL)
			return MXSEL_EUSAGE;
		if (!is_announcement(texts[i], lengths[i]))
			continue;
		/* RFC 8461 3.1: not one means that there is no policy. */
		if (only < count)
			return MXSEL_ESYNTAX;
		only = i;
	}
	if (only == count ||
		read_record(texts[only], lengths[only], found) != 0)
		return MXSEL_ESYNTAX;
	memcpy(id, found, strlen(found) + 1);
	return MXSEL_OK;
}
