/*
 * An entry of a memory as a line of text, for files, records and people: there
 * is one line for each entry, and it says the entry exactly. May use base and
 * name.
 */
#define _POSIX_C_SOURCE 200809L

#include "cache/memory_text.h"

#include <string.h>

#include "cache/memory.h"
#include "name/address.h"
#include "name/name.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* ------------------------------------------------------------- what is one */

/* An address as it is written: 0, or MXSEL_ESYNTAX. */
static int check_address(char *out, const char *text, size_t length)
{
	struct mxsel__address address;

	if (mxsel__address_parse(&address, text, length) != MXSEL_OK)
		return MXSEL_ESYNTAX;
	(void)mxsel__address_format(out, &address);
	return MXSEL_OK;
}

static int check_name(struct mxsel_memory_entry *out,
	const struct mxsel_memory_entry *entry)
{
	char text[MXSEL__NAME_TEXT_SIZE];
	/* One without an end is longer than any name. */
	size_t length = strnlen(entry->name, sizeof(entry->name));

	if (entry->kind == MXSEL_MEMORY_ADDRESS)
		return check_address(out->name, entry->name, length);
	if (mxsel__name_parse(text, &length, entry->name, length) !=
			MXSEL__NAME_GOOD)
		return MXSEL_ESYNTAX;
	memcpy(out->name, text, length);
	return MXSEL_OK;
}

static int check_again(struct mxsel_memory_entry *out,
	const struct mxsel_memory_entry *entry)
{
	size_t length = strnlen(entry->again, sizeof(entry->again));

	return length == 0 ? MXSEL_OK
		: check_address(out->again, entry->again, length);
}

static int is_family(int family)
{
	return family == 0 || family == 4 || family == 6;
}

/* Outcomes, and nothing behind the last of them. */
static int are_outcomes(const uint8_t outcomes[MXSEL_MEMORY_OUTCOMES])
{
	int i, most = MXSEL_OUTCOME_REQUIRETLS;

	for (i = 0; i < MXSEL_MEMORY_OUTCOMES; i++) {
		if (outcomes[i] > most)
			return 0;
		if (outcomes[i] == 0)
			most = 0;
	}
	return 1;
}

/* What belongs to a host belongs to no address. */
static int is_in_range(const struct mxsel_memory_entry *e)
{
	if (e->port < 1 || e->port > 65535 || e->score > MXSEL__SCORE_MAX)
		return 0;
	if (e->code != 0 && (e->code < 200 || e->code > 599))
		return 0;
	if (!are_outcomes(e->outcomes))
		return 0;
	if (e->kind == MXSEL_MEMORY_ADDRESS)
		return e->works == 0 && e->turn == 0 && e->doubt == 0 &&
			e->again[0] == '\0';
	return e->kind == MXSEL_MEMORY_HOST && is_family(e->works) &&
		is_family(e->turn) && e->doubt >= 0 &&
		e->doubt <= (int)(MXSEL__V4 | MXSEL__V6);
}

int mxsel__memory_entry_check(struct mxsel_memory_entry *out,
	const struct mxsel_memory_entry *entry)
{
	if (!is_in_range(entry))
		return MXSEL_ERANGE;
	memset(out, 0, sizeof(*out));
	if (check_name(out, entry) != MXSEL_OK ||
			check_again(out, entry) != MXSEL_OK)
		return MXSEL_ESYNTAX;
	out->kind = entry->kind;
	out->port = entry->port;
	out->score = entry->score;
	out->age = entry->age;
	memcpy(out->outcomes, entry->outcomes, sizeof(out->outcomes));
	out->code = entry->code;
	out->works = entry->works;
	out->turn = entry->turn;
	out->doubt = entry->doubt;
	return MXSEL_OK;
}

/* --------------------------------------------------------------- written */

size_t mxsel__memory_digits(char text[20], uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	memcpy(text, digits + at, sizeof(digits) - at);
	return sizeof(digits) - at;
}

static char *put(char *at, const char *text)
{
	size_t length = strlen(text);

	memcpy(at, text, length);
	return at + length;
}

/* What is 0 is not said. */
static char *put_number(char *at, const char *word, uint32_t number)
{
	if (number == 0)
		return at;
	at = put(at, word);
	return at + mxsel__memory_digits(at, number);
}

static char *put_outcomes(char *at, const struct mxsel_memory_entry *e)
{
	int i;

	for (i = 0; i < MXSEL_MEMORY_OUTCOMES && e->outcomes[i] != 0; i++) {
		at = put(at, i == 0 ? " last=" : ",");
		at = put(at, mxsel_outcome_name(e->outcomes[i]));
	}
	return at;
}

/* Families that were rejected, as they are written, by their bits. */
static const uint8_t doubts[] = { 0, 4, 6, 46 };

size_t mxsel__memory_line(char text[MXSEL_MEMORY_TEXT_SIZE],
	const struct mxsel_memory_entry *entry)
{
	char *at = text;

	at = put(at, entry->kind == MXSEL_MEMORY_HOST ? "host " : "address ");
	at = put(at, entry->name);
	at = put_number(at, " ", (uint32_t)entry->port);
	at = put_number(at, " score=", entry->score);
	at = put_number(at, " age=", entry->age);
	at = put_outcomes(at, entry);
	at = put_number(at, " code=", (uint32_t)entry->code);
	at = put_number(at, " works=", (uint32_t)entry->works);
	at = put_number(at, " turn=", (uint32_t)entry->turn);
	at = put_number(at, " doubt=", doubts[entry->doubt]);
	if (entry->again[0] != '\0')
		at = put(put(at, " again="), entry->again);
	*at = '\0';
	return (size_t)(at - text);
}

int mxsel_memory_format(const struct mxsel_memory_entry *entry, char *text,
	size_t size)
{
	char line[MXSEL_MEMORY_TEXT_SIZE];
	struct mxsel_memory_entry sound;
	size_t length;
	int rc;

	if (entry == NULL || text == NULL)
		return MXSEL_EUSAGE;
	rc = mxsel__memory_entry_check(&sound, entry);
	if (rc != MXSEL_OK)
		return rc;
	length = mxsel__memory_line(line, &sound);
	if (length >= size)
		return MXSEL_ESPACE;
	memcpy(text, line, length + 1);
	return MXSEL_OK;
}

/* ------------------------------------------------------------------ read */

struct word {
	const char *text;
	size_t length;
};

int mxsel__memory_number(uint64_t *out, const char *text, size_t length,
	uint64_t most)
{
	uint64_t number = 0;
	size_t i;

	if (length == 0 || (length > 1 && text[0] == '0'))
		return -1;
	for (i = 0; i < length; i++) {
		/* '0' to '9', and nothing else, become 0 to 9. */
		unsigned digit = (unsigned char)text[i] ^ (unsigned)'0';

		if (digit > 9 || digit > most || number > (most - digit) / 10)
			return -1;
		number = number * 10 + digit;
	}
	*out = number;
	return 0;
}

/* A number up to most; 0 when it is none, and *bad is set. */
static uint32_t number(const struct word *value, uint32_t most, int *bad)
{
	uint64_t n = 0;

	if (mxsel__memory_number(&n, value->text, value->length, most) != 0)
		*bad = 1;
	return (uint32_t)n;
}

static int is(const struct word *word, const char *text)
{
	return strlen(text) == word->length &&
		memcmp(word->text, text, word->length) == 0;
}

/* A name that is too long for its place is none. */
static void take_text(char *out, size_t size, const struct word *value,
	int *bad)
{
	if (value->length == 0 || value->length >= size) {
		*bad = 1;
		return;
	}
	memcpy(out, value->text, value->length);
	out[value->length] = '\0';
}

static void read_score(struct mxsel_memory_entry *e, const struct word *value,
	int *bad)
{
	e->score = number(value, MXSEL__SCORE_MAX, bad);
}

static void read_age(struct mxsel_memory_entry *e, const struct word *value,
	int *bad)
{
	e->age = number(value, UINT32_MAX, bad);
}

static uint8_t outcome(const struct word *word)
{
	int i;

	for (i = MXSEL_OUTCOME_REQUIRETLS; i > 0; i--)
		if (is(word, mxsel_outcome_name(i)))
			break;
	return (uint8_t)i;
}

static void read_last(struct mxsel_memory_entry *e, const struct word *value,
	int *bad)
{
	const char *end = value->text + value->length, *comma = value->text;
	struct word word = { value->text, 0 };
	int i;

	for (i = 0; i < MXSEL_MEMORY_OUTCOMES && comma != NULL; i++) {
		comma = memchr(word.text, ',', (size_t)(end - word.text));
		word.length = (size_t)((comma == NULL ? end : comma) -
			word.text);
		e->outcomes[i] = outcome(&word);
		if (e->outcomes[i] == 0)
			*bad = 1;
		word.text += word.length + 1;
	}
	if (comma != NULL)
		*bad = 1;
}

static void read_code(struct mxsel_memory_entry *e, const struct word *value,
	int *bad)
{
	e->code = (int)number(value, 599, bad);
}

static int family(const struct word *value, int *bad)
{
	if (is(value, "4"))
		return 4;
	if (is(value, "6"))
		return 6;
	*bad = 1;
	return 0;
}

static void read_works(struct mxsel_memory_entry *e, const struct word *value,
	int *bad)
{
	e->works = family(value, bad);
}

static void read_turn(struct mxsel_memory_entry *e, const struct word *value,
	int *bad)
{
	e->turn = family(value, bad);
}

static void read_doubt(struct mxsel_memory_entry *e, const struct word *value,
	int *bad)
{
	e->doubt = is(value, "46") ? (int)(MXSEL__V4 | MXSEL__V6)
		: family(value, bad) / 3; /* 4: 1, 6: 2, 0: 0 */
}

static void read_again(struct mxsel_memory_entry *e, const struct word *value,
	int *bad)
{
	take_text(e->again, sizeof(e->again), value, bad);
}

static const struct {
	const char *name;
	void (*read)(struct mxsel_memory_entry *e, const struct word *value,
		int *bad);
} words[] = {
	{ "score", read_score }, { "age", read_age }, { "last", read_last },
	{ "code", read_code }, { "works", read_works }, { "turn", read_turn },
	{ "doubt", read_doubt }, { "again", read_again },
};

/* "name=value"; seen: which ones of words[] there were. */
static void read_word(struct mxsel_memory_entry *e, const struct word *word,
	unsigned *seen, int *bad)
{
	const char *equals = memchr(word->text, '=', word->length);
	struct word name = *word, value;
	size_t i;

	if (equals == NULL || equals == word->text) {
		*bad = 1;
		return;
	}
	name.length = (size_t)(equals - word->text);
	value.text = equals + 1;
	value.length = word->length - name.length - 1;
	for (i = 0; i < ARRAY_SIZE(words) && !is(&name, words[i].name); i++)
		;
	if (i == ARRAY_SIZE(words))
		return; /* of a later version */
	if (*seen & 1u << i)
		*bad = 1;
	*seen |= 1u << i;
	words[i].read(e, &value, bad);
}

/* The next word of a line; its length is 0 at the end. */
static struct word next(const char **at, const char *end)
{
	struct word word;

	while (*at < end && **at == ' ')
		++*at;
	word.text = *at;
	while (*at < end && **at != ' ')
		++*at;
	word.length = (size_t)(*at - word.text);
	return word;
}

static int is_printable(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] >= 0x7f)
			return 0;
	return 1;
}

int mxsel_memory_parse(struct mxsel_memory_entry *entry, const char *line,
	size_t length)
{
	struct mxsel_memory_entry e, sound;
	const char *end;
	struct word word;
	unsigned seen = 0;
	int bad = 0;

	if (entry == NULL || line == NULL)
		return MXSEL_EUSAGE;
	if (!is_printable(line, length))
		return MXSEL_ESYNTAX;
	end = line + length;
	memset(&e, 0, sizeof(e));
	word = next(&line, end);
	e.kind = is(&word, "host") ? MXSEL_MEMORY_HOST
		: is(&word, "address") ? MXSEL_MEMORY_ADDRESS : 0;
	word = next(&line, end);
	take_text(e.name, sizeof(e.name), &word, &bad);
	word = next(&line, end);
	e.port = (int)number(&word, 65535, &bad);
	while ((word = next(&line, end)).length > 0)
		read_word(&e, &word, &seen, &bad);
	if (bad || mxsel__memory_entry_check(&sound, &e) != MXSEL_OK)
		return MXSEL_ESYNTAX;
	*entry = sound;
	return MXSEL_OK;
}
