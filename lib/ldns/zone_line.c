/*
 * Entries of a master file, one line each (RFC 1035 5.1). The text is cut
 * into entries here and not by ldns: what ldns reads from a file loses what
 * follows a NUL, splits names at escaped blanks and cannot tell a file that
 * is cut short from one that is over. May use libc only.
 */
#include "ldns/zones.h"

#include <string.h>

#include <mxsel/mxsel.h>

/* What the cutting of one entry has to remember. */
struct cut {
	struct mxsel__zone_lines *lines;
	int depth; /* parentheses open */
	int quoted;
	int full; /* the line is longer than its room */
};

static void put(struct cut *cut, char c)
{
	if (cut->lines->size + 1 >= sizeof(cut->lines->line))
		cut->full = 1;
	else
		cut->lines->line[cut->lines->size++] = c;
}

static void put_code(struct cut *cut, unsigned char octet)
{
	put(cut, '\\');
	put(cut, (char)('0' + octet / 100));
	put(cut, (char)('0' + octet / 10 % 10));
	put(cut, (char)('0' + octet % 10));
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * \DDD stays, and so does \# outside quotes (RFC 3597 5); \X becomes \DDD,
 * so that ldns sees no special character. A line's end cannot be escaped.
 */
static int put_escape(struct cut *cut)
{
	char c = *cut->lines->at;

	if (c == '\0' || c == '\n' || c == '\r')
		return MXSEL_EFILE;
	cut->lines->at++;
	if (is_digit(c) || (c == '#' && !cut->quoted)) {
		put(cut, '\\');
		put(cut, c);
	} else {
		put_code(cut, (unsigned char)c);
	}
	return MXSEL_OK;
}

static void skip_comment(struct mxsel__zone_lines *lines)
{
	lines->at += strcspn(lines->at, "\n");
}

static void put_plain(struct cut *cut, char c)
{
	unsigned char octet = (unsigned char)c;

	if ((octet == '\t' || octet == '\r') && !cut->quoted)
		put(cut, ' ');
	else if (octet < 32 || octet >= 127)
		put_code(cut, octet);
	else
		put(cut, c);
}

/* One character: 0 to go on, 1 at the end of the entry, or an error. */
static int take(struct cut *cut)
{
	char c = *cut->lines->at++;

	if (c == '\n' && cut->quoted)
		return MXSEL_EFILE; /* a quote nobody closed */
	if (c == '\n' && cut->depth == 0)
		return 1;
	if (c == '\\')
		return put_escape(cut);
	if (c == '"')
		cut->quoted = !cut->quoted;
	if (c == ';' && !cut->quoted) {
		skip_comment(cut->lines);
		return 0;
	}
	if ((c == '(' || c == ')') && !cut->quoted) {
		cut->depth += c == '(' ? 1 : -1;
		c = ' ';
	}
	if (cut->depth < 0)
		return MXSEL_EFILE;
	put_plain(cut, c == '\n' ? ' ' : c);
	return 0;
}

int mxsel__zone_line_next(struct mxsel__zone_lines *lines)
{
	struct cut cut = { lines, 0, 0, 0 };
	int result = 0;

	lines->size = 0;
	if (*lines->at == '\0')
		return 0;
	while (result == 0 && *lines->at != '\0')
		result = take(&cut);
	lines->line[lines->size] = '\0';
	if (result < 0 || cut.full || cut.depth != 0 || cut.quoted)
		return MXSEL_EFILE;
	return 1;
}

char *mxsel__zone_line_word(char **cursor)
{
	char *word = *cursor + strspn(*cursor, " ");
	char *end = word + strcspn(word, " ");

	if (word == end)
		return NULL;
	*cursor = end;
	if (*end != '\0') {
		*end = '\0';
		*cursor = end + 1;
	}
	return word;
}

int mxsel__zone_word_is(const char *word, const char *capitals)
{
	for (; *word != '\0'; word++, capitals++) {
		char c = *word;

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		if (c != *capitals)
			return 0;
	}
	return *capitals == '\0';
}

int mxsel__zone_word_number(const char *word, uint32_t max, uint32_t *number)
{
	uint64_t value = 0;

	if (*word == '\0')
		return -1;
	for (; *word != '\0'; word++) {
		if (!is_digit(*word))
			return -1;
		value = value * 10 + (uint64_t)(*word - '0');
		if (value > max)
			return -1;
	}
	*number = (uint32_t)value;
	return 0;
}

static uint32_t unit_seconds(char unit)
{
	switch (unit) {
	case 's':
	case 'S':
		return 1;
	case 'm':
	case 'M':
		return 60;
	case 'h':
	case 'H':
		return 3600;
	case 'd':
	case 'D':
		return 86400;
	case 'w':
	case 'W':
		return 604800;
	default:
		return 0;
	}
}

int mxsel__zone_word_ttl(const char *word, uint32_t *ttl)
{
	uint64_t total = 0, value = 0;

	if (!is_digit(*word))
		return -1;
	for (; *word != '\0'; word++) {
		if (is_digit(*word)) {
			value = value * 10 + (uint64_t)(*word - '0');
		} else if (unit_seconds(*word) != 0 && is_digit(word[-1])) {
			total += value * unit_seconds(*word);
			value = 0;
		} else {
			return -1;
		}
		if (value > UINT32_MAX || total + value > UINT32_MAX)
			return -1;
	}
	*ttl = (uint32_t)(total + value);
	return 0;
}
