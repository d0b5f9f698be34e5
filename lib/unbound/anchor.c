/*
 * Reading trust anchors, see anchor.h. libunbound passes over records that
 * are no anchors, and over anchors it cannot use, and without any it says of
 * every answer that it need not be signed; so they are counted here, and only
 * what was counted is given to it. May use the public headers and libc.
 */
#define _POSIX_C_SOURCE 200809L

#include "unbound/anchor.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#define RECORD_MAX 8192 /* octets: four times the longest key in use */
#define NAME_TEXT 1024  /* 255 octets, each of them escaped */

/* An entry of a master file (RFC 1035 5.1), in one line: one blank between
   words, no comments, no parentheses. */
struct entry {
	char text[RECORD_MAX];
	size_t length;
	int inherits; /* it begins with a blank: the owner is the last one's */
};

struct reader {
	FILE *file;
	struct entry entry;
	char origin[NAME_TEXT];
	char owner[NAME_TEXT]; /* "": none yet */
};

/* ------------------------------------------------------------- entries */

struct place {
	int depth, quoted, comment, blank;
};

/* What is left of it in the line; 0: nothing. */
static int weigh(struct place *p, int c)
{
	if (c == '\n')
		p->comment = 0;
	if (p->comment)
		return 0;
	if (c == '"')
		p->quoted = !p->quoted;
	if (!p->quoted && c == ';')
		p->comment = 1;
	else if (!p->quoted && c == '(')
		p->depth++;
	else if (!p->quoted && c == ')')
		p->depth--;
	else if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
		return c;
	p->blank = 1;
	return 0;
}

/* 1; 0: it does not fit, or is no text. */
static int append(struct entry *e, struct place *p, int c)
{
	if (e->length + 3 > sizeof e->text || c < ' ')
		return 0;
	if (p->blank && e->length > 0)
		e->text[e->length++] = ' ';
	else if (p->blank)
		e->inherits = 1;
	p->blank = 0;
	e->text[e->length++] = (char)c;
	e->text[e->length] = '\0';
	return 1;
}

/* 1; 0: no more; MXSEL_ESYNTAX; MXSEL_EFILE. Empty ones are passed over. */
static int next_entry(struct reader *r)
{
	struct place p = { 0, 0, 0, 0 };
	struct entry *e = &r->entry;
	int c, kept, escaped = 0;

	e->length = 0;
	e->inherits = 0;
	while ((c = fgetc(r->file)) != EOF) {
		kept = escaped && c != '\n' ? c : weigh(&p, c);
		escaped = kept == '\\' && !escaped;
		if ((kept != 0 || c == 0) && !append(e, &p, kept))
			return MXSEL_ESYNTAX;
		if (c != '\n' || p.depth > 0 || p.quoted)
			continue;
		if (e->length > 0)
			return 1;
		p.blank = 0;
	}
	if (ferror(r->file)) /* a folder can be opened, not read */
		return MXSEL_EFILE;
	return e->length > 0;
}

/* --------------------------------------------------------------- words */

/* Letters in either case are the same (RFC 1035 2.3.3). */
static int same_letters(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (a[i] != b[i] && ((a[i] ^ b[i]) != ('a' ^ 'A') ||
				(a[i] | 0x20) < 'a' || (a[i] | 0x20) > 'z'))
			return 0;
	return 1;
}

static size_t word_length(const char *text)
{
	return strcspn(text, " ");
}

static const char *next_word(const char *text)
{
	text += word_length(text);
	return text + (*text == ' ');
}

static int is_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	return word_length(text) == length &&
		same_letters(text, word, length);
}

static int is_one_of(const char *text, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (is_word(text, words[i]))
			return 1;
	return 0;
}

#define IS_ONE_OF(text, words) \
	is_one_of(text, words, sizeof words / sizeof *words)

/* ------------------------------------------------------------- records */

/* An anchor that cannot be used is none: libunbound would take all below it
   for insecure. These are what signatures are made with (RFC 8624 3.1). */
static int is_usable_algorithm(const char *text)
{
	static const char *const known[] = {
		"5", "RSASHA1", "7", "RSASHA1-NSEC3-SHA1", "8", "RSASHA256",
		"10", "RSASHA512", "13", "ECDSAP256SHA256",
		"14", "ECDSAP384SHA384", "15", "ED25519", "16", "ED448"
	};

	return IS_ONE_OF(text, known);
}

/* RFC 8624 3.3. */
static int is_usable_digest(const char *text)
{
	static const char *const known[] = {
		"1", "SHA1", "SHA-1", "2", "SHA256", "SHA-256",
		"4", "SHA384", "SHA-384"
	};

	return IS_ONE_OF(text, known);
}

/* DS: tag, algorithm, digest's type (RFC 4034 5.3); DNSKEY: flags, protocol,
   algorithm (RFC 4034 2.2). */
static int is_usable(const char *type)
{
	const char *second = next_word(next_word(type));
	const char *third = next_word(second);

	if (is_word(type, "DS"))
		return is_usable_algorithm(second) && is_usable_digest(third);
	return is_word(type, "DNSKEY") && is_usable_algorithm(third);
}

/* From the type on, if it is an anchor; before it stand a TTL, a class, both
   or none. */
static const char *find_anchor(const char *text)
{
	while (*text >= '0' && *text <= '9')
		text = next_word(text);
	if (is_word(text, "IN") || is_word(text, "CLASS1"))
		text = next_word(text);
	while (*text >= '0' && *text <= '9')
		text = next_word(text);
	return is_usable(text) ? text : NULL;
}

/* The word as a name from the root. */
static int qualify(char name[NAME_TEXT], const char *word, const char *origin)
{
	size_t length = word_length(word), more = strlen(origin);
	int whole;

	if (length == 0 || length + 1 + more >= NAME_TEXT)
		return 0;
	whole = word[length - 1] == '.';
	if (is_word(word, "@")) {
		memmove(name, origin, more + 1);
		return 1;
	}
	memcpy(name, word, length);
	name[length] = '\0';
	if (whole)
		return 1;
	name[length] = '.';
	/* Of the root nothing comes after that dot. */
	if (strcmp(origin, ".") == 0)
		more = 0;
	memcpy(name + length + 1, origin, more);
	name[length + 1 + more] = '\0';
	return 1;
}

static int set_origin(struct reader *r, const char *word)
{
	char before[NAME_TEXT];

	memcpy(before, r->origin, sizeof before);
	return qualify(r->origin, word, before);
}

static int add(struct mxsel__ub_anchor **list, const char *owner,
	const char *record)
{
	size_t room = strlen(owner) + sizeof " IN " + strlen(record);
	struct mxsel__ub_anchor *anchor = malloc(sizeof *anchor + room);

	if (anchor == NULL)
		return MXSEL_ENOMEM;
	(void)snprintf(anchor->record, room, "%s IN %s", owner, record);
	anchor->next = *list;
	*list = anchor;
	return 0;
}

static int add_entry(struct reader *r, struct mxsel__ub_anchor **list)
{
	const char *text = r->entry.text;

	if (!r->entry.inherits && is_word(text, "$ORIGIN"))
		return set_origin(r, next_word(text)) ? 0 : MXSEL_ESYNTAX;
	if (*text == '$')
		return 0;
	if (!r->entry.inherits) {
		if (!qualify(r->owner, text, r->origin))
			return MXSEL_ESYNTAX;
		text = next_word(text);
	}
	text = find_anchor(text);
	if (text == NULL || r->owner[0] == '\0')
		return 0;
	return add(list, r->owner, text);
}

/* ---------------------------------------------------------------- read */

/* Before the list, and all of them or none. */
static int read_all(struct mxsel__ub_anchor **list, FILE *file, int *entries)
{
	struct reader r = { .file = file, .origin = "." };
	struct mxsel__ub_anchor *found = NULL, **last = &found;
	int result;

	*entries = 0;
	while ((result = next_entry(&r)) > 0) {
		++*entries;
		result = add_entry(&r, last);
		if (result != 0)
			break;
		if (*last != NULL)
			last = &(*last)->next;
	}
	if (result == 0 && found == NULL)
		result = MXSEL_ESYNTAX;
	if (result != 0) {
		mxsel__ub_anchors_free(found);
		return result;
	}
	*last = *list;
	*list = found;
	return 0;
}

int mxsel__ub_anchors_of_text(struct mxsel__ub_anchor **list,
	const char *text)
{
	struct mxsel__ub_anchor *found = NULL;
	int entries, result;
	FILE *file;

	text += strspn(text, " \t\r\n");
	if (*text == '\0')
		return MXSEL_ESYNTAX;
	/* It is only read. */
	file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	if (file == NULL)
		return MXSEL_ENOMEM;
	result = read_all(&found, file, &entries);
	fclose(file);
	if (result == 0 && entries != 1) {
		mxsel__ub_anchors_free(found);
		result = MXSEL_ESYNTAX;
	}
	if (result != 0)
		return result;
	found->next = *list;
	*list = found;
	return 0;
}

int mxsel__ub_anchors_of_file(struct mxsel__ub_anchor **list,
	const char *file)
{
	FILE *f = fopen(file, "r");
	int entries, result;

	if (f == NULL)
		return MXSEL_EFILE;
	result = read_all(list, f, &entries);
	fclose(f);
	return result;
}

void mxsel__ub_anchors_free(struct mxsel__ub_anchor *list)
{
	struct mxsel__ub_anchor *next;

	for (; list != NULL; list = next) {
		next = list->next;
		free(list);
	}
}

/* --------------------------------------------------------------- names */

/* An odd number of backslashes before it: a part of a label. */
static int is_escaped(const char *name, size_t at)
{
	size_t n = 0;

	while (n < at && name[at - n - 1] == '\\')
		n++;
	return n % 2 == 1;
}

int mxsel__ub_is_below(const char *name, const char *zone)
{
	size_t n = strlen(name), z = strlen(zone);

	if (n > 0 && name[n - 1] == '.')
		n--;
	if (z > 0 && zone[z - 1] == '.')
		z--;
	if (z == 0)
		return 1;
	if (n < z || !same_letters(name + n - z, zone, z))
		return 0;
	return n == z || (name[n - z - 1] == '.' &&
		!is_escaped(name, n - z - 1));
}
