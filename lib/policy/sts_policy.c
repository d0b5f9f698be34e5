/*
 * The text of an MTA-STS policy, read by the grammar of RFC 8461 3.2 and
 * nothing wider: who is told to read it leniently cannot say what is wrong
 * with it. Case counts in names and values; patterns are sts_pattern.c's.
 * Pure. May use base and name.
 */
#include "policy/sts.h"

#include <string.h>

#define AGE_DIGITS 10u /* sts-policy-max-age-value = 1*10(DIGIT) */

/* Fields that are required, each once. */
enum { VERSION = 1, MODE = 2, MAX_AGE = 4 };

/* Some octets of the text. */
struct piece {
	const char *text;
	size_t length;
};

static int fail(struct mxsel__sts_body *out, const char *why)
{
	out->why = why;
	return MXSEL_ESYNTAX;
}

static int is_text(const struct piece *p, const char *text)
{
	return p->length == strlen(text) &&
		memcmp(p->text, text, p->length) == 0;
}

static int is_space(char c)
{
	return c == ' ' || c == '\t'; /* WSP, RFC 5234 B.1 */
}

/* ------------------------------------------------------------------- octets */

/* The octets of the character that text begins with (RFC 3629 4); 0: none. */
static size_t utf8(const unsigned char *text, size_t length)
{
	unsigned char first = text[0], least = 0x80, most = 0xbf;
	size_t n = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	size_t i;

	if (first < 0xc2 || first > 0xf4 || length < n)
		return 0;
	if (first == 0xe0)
		least = 0xa0; /* else it could be shorter */
	else if (first == 0xed)
		most = 0x9f; /* surrogates */
	else if (first == 0xf0)
		least = 0x90;
	else if (first == 0xf4)
		most = 0x8f; /* beyond U+10FFFF */
	if (text[1] < least || text[1] > most)
		return 0;
	for (i = 2; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	}
	return n;
}

/* What no line may hold, wherever in it; NULL: nothing is wrong. */
static const char *fault_of_octets(const struct piece *line)
{
	const unsigned char *c = (const unsigned char *)line->text;
	size_t i = 0, n;

	while (i < line->length) {
		if (c[i] == 0)
			return "A NUL octet stands in the line.";
		if (c[i] == '\r')
			return "A carriage return stands without a line "
				"feed.";
		if ((c[i] < ' ' && c[i] != '\t') || c[i] == 0x7f)
			return "A control character stands in the line.";
		n = c[i] < 0x80 ? 1 : utf8(c + i, line->length - i);
		if (n == 0)
			return "The line is not UTF-8.";
		i += n;
	}
	return NULL;
}

/* ------------------------------------------------------------------- fields */

static int take_mx(struct mxsel__sts_body *out, const struct piece *value,
	char *mx)
{
	char pattern[MXSEL__STS_PATTERN_SIZE];
	size_t length;
	const char *fault;

	if (out->mx_count == MXSEL__STS_MX_MAX) {
		out->why = "There are more than 1,000 mx fields.";
		return MXSEL_ELIMIT;
	}
	fault = mxsel__sts_pattern(pattern, &length, value->text,
		value->length);
	if (fault != NULL)
		return fail(out, fault);
	if (mx != NULL)
		memcpy(mx + out->mx_octets, pattern, length + 1);
	out->mx_octets += length + 1;
	out->mx_count++;
	return MXSEL_OK;
}

static int take_version(struct mxsel__sts_body *out, const struct piece *value)
{
	if (!is_text(value, "STSv1"))
		return fail(out, "The version is not STSv1.");
	return MXSEL_OK;
}

static int take_mode(struct mxsel__sts_body *out, const struct piece *value)
{
	if (is_text(value, "enforce"))
		out->mode = MXSEL_STS_ENFORCE;
	else if (is_text(value, "testing"))
		out->mode = MXSEL_STS_TESTING;
	else if (is_text(value, "none"))
		out->mode = MXSEL_STS_NONE;
	else
		return fail(out, "The mode is not enforce, testing or none.");
	return MXSEL_OK;
}

static int take_max_age(struct mxsel__sts_body *out, const struct piece *value)
{
	uint64_t age = 0;
	size_t i;

	for (i = 0; i < value->length && i < AGE_DIGITS; i++) {
		if (value->text[i] < '0' || value->text[i] > '9')
			break;
		age = age * 10 + (uint64_t)(value->text[i] - '0');
	}
	if (i < value->length)
		return fail(out, "max_age is not written with 1 to 10 "
			"digits.");
	/* Said in the text of 3.2; ten digits could say more. */
	if (age > MXSEL__STS_AGE_MAX)
		return fail(out, "max_age is more than 31557600.");
	out->max_age = (uint32_t)age;
	return MXSEL_OK;
}

/*
 * sts-policy-ext-value: visible characters, with single or several spaces but
 * no tab between them. Its octets were looked at before.
 */
static int pass_over(struct mxsel__sts_body *out, const struct piece *value)
{
	if (memchr(value->text, '\t', value->length) != NULL)
		return fail(out, "A tab stands within a value.");
	return MXSEL_OK;
}

/* -------------------------------------------------------------------- lines */

static int take_field(struct mxsel__sts_body *out, unsigned *seen,
	const struct piece *name, const struct piece *value, char *mx)
{
	unsigned field = 0;

	if (is_text(name, "mx"))
		return take_mx(out, value, mx);
	if (is_text(name, "version"))
		field = VERSION;
	else if (is_text(name, "mode"))
		field = MODE;
	else if (is_text(name, "max_age"))
		field = MAX_AGE;
	/*
	 * RFC 8461 3.2: unknown fields are ignored, and those after the first
	 * of its name. Of such a field only the form counts.
	 */
	if (field == 0 || (*seen & field) != 0)
		return pass_over(out, value);
	*seen |= field;
	if (field == VERSION)
		return take_version(out, value);
	return field == MODE ? take_mode(out, value)
		: take_max_age(out, value);
}

/* Why a line has no name of a field, and a colon behind it. */
static const char *fault_of_name(const struct piece *line, size_t name)
{
	if (line->length == 0) /* the grammar has no place for it */
		return "The line is empty.";
	if (name == 0 && line->length >= 3 &&
		memcmp(line->text, "\xef\xbb\xbf", 3) == 0)
		return "A byte order mark stands before the name of a field.";
	if (name == 0)
		return is_space(line->text[0])
			? "White space stands before the name of a field."
			: "The line does not begin with the name of a field.";
	if (name < line->length && is_space(line->text[name]))
		return "White space stands before the colon.";
	return "No colon stands after the name of a field of at most 32 "
		"octets.";
}

/*
 * sts-policy-field *WSP, where a field is a name, ":" *WSP, and a value.
 * White space has no other place: not before the name, nor before the colon.
 */
static int take_line(struct mxsel__sts_body *out, unsigned *seen,
	const struct piece *line, char *mx)
{
	struct piece name = { line->text, 0 };
	struct piece value;
	const char *fault = fault_of_octets(line);

	if (fault != NULL)
		return fail(out, fault);
	name.length = mxsel__sts_field_name(line->text, line->length);
	if (name.length == 0 || name.length == line->length ||
		line->text[name.length] != ':')
		return fail(out, fault_of_name(line, name.length));
	value.text = name.text + name.length + 1;
	value.length = line->length - name.length - 1;
	while (value.length > 0 && is_space(value.text[value.length - 1]))
		value.length--;
	while (value.length > 0 && is_space(value.text[0])) {
		value.text++;
		value.length--;
	}
	if (value.length == 0)
		return fail(out, "The field has no value.");
	return take_field(out, seen, &name, &value, mx);
}

/* sts-policy-term = LF / CRLF; the last line may lack it. */
static struct piece cut_line(const char *body, size_t size, size_t *at)
{
	struct piece line = { body + *at, size - *at };
	const char *end = memchr(line.text, '\n', line.length);

	if (end == NULL) {
		*at = size;
		return line;
	}
	line.length = (size_t)(end - line.text);
	*at += line.length + 1;
	if (line.length > 0 && line.text[line.length - 1] == '\r')
		line.length--;
	return line;
}

/* Is everything there that RFC 8461 3.2 requires? */
static int complete(struct mxsel__sts_body *out, unsigned seen)
{
	out->line = 0;
	if ((seen & VERSION) == 0)
		return fail(out, "The field version is missing.");
	if ((seen & MODE) == 0)
		return fail(out, "The field mode is missing.");
	if ((seen & MAX_AGE) == 0)
		return fail(out, "The field max_age is missing.");
	if (out->mx_count == 0 && out->mode != MXSEL_STS_NONE)
		return fail(out, "The mode is not none, and there is no mx "
			"field.");
	return MXSEL_OK;
}

int mxsel__sts_read(struct mxsel__sts_body *out, const char *body,
	size_t size, char *mx)
{
	unsigned seen = 0;
	size_t at = 0;

	memset(out, 0, sizeof(*out));
	if (size > MXSEL__STS_BODY_MAX) {
		out->why = "The policy is larger than 65,536 octets.";
		return MXSEL_ELIMIT;
	}
	if (size == 0)
		return fail(out, "The policy is empty.");
	while (at < size) {
		struct piece line = cut_line(body, size, &at);
		int rc;

		out->line++;
		rc = take_line(out, &seen, &line, mx);
		if (rc != MXSEL_OK)
			return rc;
	}
	return complete(out, seen);
}

int mxsel_sts_check(const char *body, size_t size, size_t *line,
	const char **why)
{
	struct mxsel__sts_body read;
	int rc;

	if (body == NULL)
		return MXSEL_EUSAGE;
	rc = mxsel__sts_read(&read, body, size, NULL);
	if (rc == MXSEL_OK)
		return MXSEL_OK;
	if (line != NULL)
		*line = read.line;
	if (why != NULL)
		*why = read.why;
	return rc;
}
