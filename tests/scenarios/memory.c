/*
 * What is known of hosts before a mail, and what is known after it (R85): a
 * memory of the case's own, whose clock stands still but for the lines that
 * let it go on. May use <mxsel/memory.h>.
 */
#include "scenarios/play.h"

#include <stdio.h>
#include <string.h>

#define START UINT64_C(1000000000) /* so that ages can be older than that */

static uint64_t clock_of(void *user)
{
	const struct play *p = user;

	return p->now;
}

/* --- before it ----------------------------------------------------------- */

static int setting_of(const char *word)
{
	static const char *const names[] = {
		"memory-half-life", "memory-explore", "memory-keep"
	};
	int i;

	for (i = 0; i < 3; i++)
		if (strcmp(names[i], word) == 0)
			return i + MXSEL_MEMORY_HALF_LIFE;
	return 0;
}

int is_memory_option(const char *word)
{
	return setting_of(word) != 0;
}

static int set(struct play *p)
{
	const struct text_line *l;
	char line[2 * NAME_ROOM];
	char *words[WORDS_MAX];
	unsigned long long value;
	int rc;

	/* Chance is left to those who ask for it. */
	rc = mxsel_memory_set(p->memory, MXSEL_MEMORY_EXPLORE, 0);
	for (l = p->s->options; l != NULL && rc == MXSEL_OK; l = l->next) {
		snprintf(line, sizeof(line), "%s", l->text);
		if (split_words(line, words) != 2 ||
			!is_memory_option(words[0]))
			continue;
		if (word_number(words[1], INT32_MAX, &value) != 0)
			return play_fail(p, "%s wants a number", words[0]);
		rc = mxsel_memory_set(p->memory, setting_of(words[0]),
			(int)value);
	}
	return rc == MXSEL_OK ? 0 : play_fail(p, "%s", mxsel_strerror(rc));
}

int play_remember(struct play *p)
{
	struct mxsel_memory_entry entry;
	const struct text_line *l;
	int rc;

	if (p->memory == NULL)
		return 0;
	p->now = START;
	(void)mxsel_memory_forget(p->memory, NULL);
	for (l = p->s->memory; l != NULL; l = l->next) {
		p->at = l;
		rc = mxsel_memory_parse(&entry, l->text, strlen(l->text));
		if (rc == MXSEL_OK)
			rc = mxsel_memory_put(p->memory, &entry);
		if (rc != MXSEL_OK)
			return play_fail(p, "memory \"%s\": %s", l->text,
				mxsel_strerror(rc));
	}
	p->at = NULL;
	return 0;
}

int play_memory(struct play *p)
{
	int rc;

	if (!p->s->remembers && !p->way->memory)
		return 0;
	p->now = START;
	rc = mxsel_memory_new(&p->memory, 65536, clock_of, p);
	if (rc == MXSEL_OK)
		rc = mxsel_options_set_memory(p->options, p->memory);
	if (rc != MXSEL_OK)
		return play_fail(p, "%s", mxsel_strerror(rc));
	return set(p) != 0 || play_remember(p) != 0;
}

/* --- after it ------------------------------------------------------------ */

/* "known LINE": that and nothing else is known of that host or address. */
static int check_known(struct play *p, const char *want)
{
	struct mxsel_memory_entry entry, known;
	char line[MXSEL_MEMORY_TEXT_SIZE];

	if (mxsel_memory_parse(&entry, want, strlen(want)) != MXSEL_OK)
		return play_fail(p, "this is no line of a memory");
	if (mxsel_memory_get(p->memory, entry.name, entry.port, &known) != 1)
		return play_fail(p, "nothing is known of %s", entry.name);
	if (mxsel_memory_format(&known, line, sizeof(line)) != MXSEL_OK)
		return play_fail(p, "what is known of %s has no text",
			entry.name);
	return strcmp(line, want) == 0 ? 0
		: play_fail(p, "expected \"%s\", known is \"%s\"", want, line);
}

static int check_unknown(struct play *p, const char *name)
{
	struct mxsel_memory_entry known;
	int rc = mxsel_memory_get(p->memory, name, mxsel_port(p->m) > 0
		? mxsel_port(p->m) : 25, &known);

	return rc == 0 ? 0 : play_fail(p, "%s is known", name);
}

/* The next mail to the same destination: it is asked for anew. */
static int do_again(struct play *p)
{
	play_tell_state(p);
	if (mxsel_reset_bytes(p->m, p->s->destination,
		p->s->destination_length) != MXSEL_OK)
		return play_fail(p, "mxsel_reset_bytes() failed");
	p->open_count = p->asked_count = p->tried_count = 0;
	p->event = p->tls_line = 0;
	p->every_event = 0;
	p->preference = -1;
	memset(p->used, 0, sizeof(p->used));
	play_tell(p, "again\n");
	return play_secure(p);
}

int check_memory(struct play *p, char *words[], size_t n, const char *rest,
	int *failed)
{
	unsigned long long seconds;

	if (p->memory == NULL)
		return 0;
	if (strcmp(words[0], "known") == 0)
		*failed = check_known(p, rest);
	else if (strcmp(words[0], "unknown") == 0 && n == 2)
		*failed = check_unknown(p, words[1]);
	else if (strcmp(words[0], "again") == 0 && n == 1)
		*failed = do_again(p);
	else if (strcmp(words[0], "later") == 0 && n == 2 &&
		word_number(words[1], 31536000, &seconds) == 0)
		p->now += seconds * 1000, *failed = 0;
	else
		return 0;
	return 1;
}
