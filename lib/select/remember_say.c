/*
 * What a memory did to an order, in words, for the trace (R78). May use what
 * remember.h may.
 */
#include "select/remember_group.h"

#include <string.h>

#include "cache/memory_text.h"

#define WHY_SIZE (MXSEL__NAME_SIZE + 96) /* a host, and what of it */
#define RULE "RFC 5321 5.1" /* "clear reason to favor one" */

/*
 * A text that is put together: printf() takes more of the stack than all of
 * this (S40).
 */
struct why {
	size_t length;
	char text[WHY_SIZE];
};

/* A name has 253 octets at most, and what is said around it is shorter than
   the rest. */
static void put(struct why *why, const char *text)
{
	size_t length = strlen(text);

	memcpy(why->text + why->length, text, length + 1);
	why->length += length;
}

static void put_number(struct why *why, uint64_t number)
{
	char digits[21];

	digits[mxsel__memory_digits(digits, number)] = '\0';
	put(why, digits);
}

int mxsel__say_memory(struct mxsel *m, const char *subject,
	const char *const *parts)
{
	struct why why;

	if (!mxsel__traces(m))
		return MXSEL_OK;
	why.length = 0;
	for (; *parts != NULL; parts++)
		put(&why, *parts);
	return mxsel__trace(m, MXSEL_TRACE_MEMORY, subject, why.text, RULE);
}

/* "what: score 1.500, refused 12 s ago"; "what of: ..." */
static int say_score(struct mxsel *m, const char *subject, const char *what,
	const char *of, const struct mxsel__known *k)
{
	const char *last = mxsel_outcome_name(k->last);
	struct why why;

	why.length = 0;
	put(&why, what);
	put(&why, of);
	put(&why, ": score ");
	put_number(&why, k->score / MXSEL__SCORE_ONE);
	/* 1000 to 1999 are thousandths with their zeros; the 1 is no more. */
	put_number(&why, MXSEL__SCORE_ONE + k->score % MXSEL__SCORE_ONE);
	why.text[why.length - 4] = '.';
	if (last != NULL) {
		put(&why, ", ");
		put(&why, last);
		put(&why, " ");
		put_number(&why, k->age / 1000);
		put(&why, " s ago");
	}
	return mxsel__trace(m, MXSEL_TRACE_MEMORY, subject, why.text, RULE);
}

static const char *subject_of(char text[MXSEL__ADDRESS_TEXT_SIZE],
	const struct mxsel__known *k)
{
	struct mxsel__address a = { { 0 }, 0 };

	if (k->kind == MXSEL_MEMORY_HOST)
		return k->name;
	a.length = (unsigned char)k->length;
	memcpy(a.bytes, k->name, k->length);
	mxsel__address_format(text, &a);
	return text;
}

int mxsel__say_group(const struct group *g, const char *behind,
	const char *of)
{
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	size_t i;

	if (!mxsel__traces(g->m))
		return MXSEL_OK;
	for (i = 0; i < g->n; i++) {
		const struct mxsel__known *k = g->of[g->order[i]];
		int goes = g->equal[g->order[i]].behind;

		if (!goes && (i > 0 || !g->probes))
			continue;
		if (say_score(g->m, subject_of(text, k), goes ? behind
			: "in its place, to see whether it is well again",
			goes ? of : "", k) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}
