/*
 * Zone data as lines of a master file (RFC 1035 5.1). A subset: $ORIGIN,
 * $GENERATE, one record a line, IN or CH. May use libc only.
 */
#include "scenarios/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TTL_DEFAULT 300u

int zone_type(const char *word)
{
	static const struct {
		const char *word;
		int type;
	} types[] = {
		{ "A", MXSEL_TYPE_A }, { "AAAA", MXSEL_TYPE_AAAA },
		{ "MX", MXSEL_TYPE_MX }, { "CNAME", MXSEL_TYPE_CNAME },
		{ "TLSA", MXSEL_TYPE_TLSA }, { "SOA", TYPE_SOA },
		{ "NS", TYPE_NS }, { "TXT", TYPE_TXT },
		{ "*", TYPE_ANY },
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (same_word(word, types[i].word))
			return types[i].type;
	return -1;
}

static int is_final_dot(const char *word, size_t length)
{
	size_t slashes = 0;

	if (length == 0 || word[length - 1] != '.')
		return 0;
	while (slashes + 1 < length && word[length - 2 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 0;
}

/* A name without final dot, lower case; relative names end in the origin. */
void zone_name(char out[NAME_ROOM], const char *word, const char *origin)
{
	size_t length = strlen(word), i;

	if (strcmp(word, "@") == 0)
		snprintf(out, NAME_ROOM, "%s", origin);
	else if (is_final_dot(word, length))
		snprintf(out, NAME_ROOM, "%.*s", (int)(length - 1), word);
	else if (origin[0] == '\0' || word[0] == '\0')
		snprintf(out, NAME_ROOM, "%s", word);
	else
		snprintf(out, NAME_ROOM, "%s.%s", word, origin);
	for (i = 0; out[i] != '\0'; i++)
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] | 0x20);
}

/* An exchange or target keeps its case: letters are the library's matter. */
static void target_name(char out[NAME_ROOM], const char *word,
	const char *origin)
{
	size_t length = strlen(word);

	if (strcmp(word, "@") == 0)
		snprintf(out, NAME_ROOM, "%s", origin);
	else if (strcmp(word, ".") == 0 || is_final_dot(word, length) ||
		origin[0] == '\0')
		snprintf(out, NAME_ROOM, "%s", word);
	else
		snprintf(out, NAME_ROOM, "%s.%s", word, origin);
}

/* "TLSA USAGE SELECTOR MATCHING DATA" (RFC 6698 2.2) */
static const char *read_tlsa(struct record *r, char *words[], size_t n)
{
	static uint8_t octets[OCTETS_MAX];
	unsigned long long number;
	size_t i, length;

	for (i = 0; i < 3 && n == 5; i++) {
		if (word_number(words[1 + i], 255, &number) != 0)
			break;
		r->tlsa[i] = (unsigned char)number;
	}
	if (i < 3 || word_octets(words[4], octets, sizeof(octets), &length) !=
		0)
		return "a TLSA has three numbers and its data";
	snprintf(r->data, sizeof(r->data), "%s", words[4]);
	return NULL;
}

/* The words from type on: what the record says. */
static const char *read_data(struct record *r, char *words[], size_t n,
	const char *origin)
{
	unsigned long long number;

	if (n == 0)
		return "the record has no type";
	r->type = zone_type(words[0]);
	if (r->type <= 0)
		return "the type is none of A AAAA MX CNAME TLSA SOA NS TXT";
	switch (r->type) {
	case MXSEL_TYPE_MX:
		if (n != 3 || word_number(words[1], 65535, &number) != 0)
			return "an MX has a preference and an exchange";
		r->preference = (unsigned)number;
		target_name(r->data, strcmp(words[2], "\"\"") == 0 ? ""
			: words[2], words[2][0] == '"' ? "" : origin);
		return NULL;
	case MXSEL_TYPE_TLSA:
		return read_tlsa(r, words, n);
	case TYPE_SOA:
		if (n != 8 || word_number(words[7], UINT32_MAX, &number) != 0)
			return "an SOA has two names and five numbers";
		r->minimum = (uint32_t)number;
		return NULL;
	case MXSEL_TYPE_A:
	case MXSEL_TYPE_AAAA:
		if (n != 2)
			return "an address record has one address";
		snprintf(r->data, sizeof(r->data), "%s", words[1]);
		return NULL;
	default:
		if (n < 2)
			return "the record has no data";
		target_name(r->data, words[1], origin);
		return NULL;
	}
}

/* [TTL] [IN|CH] TYPE DATA, TTL and class in any order. */
static const char *read_record(struct record *r, char *words[], size_t n,
	const char *origin)
{
	unsigned long long number;

	r->ttl = TTL_DEFAULT;
	r->class = CLASS_IN;
	while (n > 0) {
		if (word_number(words[0], UINT32_MAX, &number) == 0)
			r->ttl = (uint32_t)number;
		else if (same_word(words[0], "CH"))
			r->class = CLASS_CH;
		else if (!same_word(words[0], "IN"))
			break;
		words++;
		n--;
	}
	return read_data(r, words, n, origin);
}

static const char *add_record(struct zone *zone, char *line, char *origin,
	char *owner)
{
	char *words[WORDS_MAX];
	int same_owner = line[0] == ' ' || line[0] == '\t';
	struct record *r = calloc(1, sizeof(*r));
	const char *why;
	size_t n, at = 0;

	if (r == NULL)
		return "no memory";
	n = split_words(line, words);
	if (!same_owner)
		zone_name(owner, words[at++], origin);
	memcpy(r->owner, owner, NAME_ROOM);
	why = read_record(r, words + at, n - at, origin);
	if (why != NULL) {
		free(r);
		return why;
	}
	if (zone->last == NULL)
		zone->records = r;
	else
		zone->last->next = r;
	zone->last = r;
	return NULL;
}

/* "$GENERATE 1-20 mx$ A 192.0.2.$": the line with each number put in. */
static const char *generate(struct zone *zone, const char *text,
	char *origin, char *owner)
{
	char line[2 * NAME_ROOM];
	unsigned long from, to;
	char *end;
	const char *why = NULL;

	from = strtoul(text, &end, 10);
	if (*end != '-')
		return "$GENERATE wants from-to";
	to = strtoul(end + 1, &end, 10);
	end += strspn(end, " \t");
	if (to < from || to - from > 5000)
		return "$GENERATE wants from-to";
	for (; from <= to && why == NULL; from++) {
		const char *in = end;
		size_t n = 0;

		for (; *in != '\0' && n + 24 < sizeof(line); in++)
			if (*in == '$')
				n += (size_t)snprintf(line + n,
					sizeof(line) - n, "%lu", from);
			else
				line[n++] = *in;
		line[n] = '\0';
		why = add_record(zone, line, origin, owner);
	}
	return why;
}

const char *zone_line(struct zone *zone, const char *text, char *origin,
	char *owner)
{
	char line[2 * NAME_ROOM];

	if (strlen(text) >= sizeof(line))
		return "the line is too long";
	snprintf(line, sizeof(line), "%s", text);
	cut_comment(line);
	if (line[strspn(line, " \t")] == '\0')
		return NULL;
	if (strncmp(line, "$GENERATE ", 10) == 0)
		return generate(zone, line + 10, origin, owner);
	if (strncmp(line, "$ORIGIN ", 8) == 0) {
		char *word = line + 8 + strspn(line + 8, " \t");

		word[strcspn(word, " \t")] = '\0';
		zone_name(origin, word, "");
		return NULL;
	}
	return add_record(zone, line, origin, owner);
}

const char *zone_extra(struct zone *zone, const char *text)
{
	static const char *const sections[] = {
		"", "answer", "authority", "additional"
	};
	char line[2 * NAME_ROOM];
	char *words[WORDS_MAX];
	struct extra *x, **end = &zone->extras;
	const char *why;
	size_t n;

	snprintf(line, sizeof(line), "%s", text);
	n = split_words(line, words);
	if (n < 5 || zone_type(words[1]) < 0)
		return "an extra record is NAME TYPE SECTION RECORD";
	x = calloc(1, sizeof(*x));
	if (x == NULL)
		return "no memory";
	zone_name(x->name, words[0], "");
	x->type = zone_type(words[1]);
	for (x->section = 3; x->section > 0; x->section--)
		if (same_word(words[2], sections[x->section]))
			break;
	zone_name(x->record.owner, words[3], "");
	why = read_record(&x->record, words + 4, n - 4, "");
	if (why == NULL && x->section == 0)
		why = "a section is answer, authority or additional";
	if (why != NULL) {
		free(x);
		return why;
	}
	while (*end != NULL)
		end = &(*end)->next;
	*end = x;
	return NULL;
}

#define FREE_LIST(list, type) \
	do { \
		type *at = (list), *next; \
		for (; at != NULL; at = next) { \
			next = at->next; \
			free(at); \
		} \
	} while (0)

void zone_free(struct zone *zone)
{
	FREE_LIST(zone->records, struct record);
	FREE_LIST(zone->faults, struct fault);
	FREE_LIST(zone->extras, struct extra);
}
