/*
 * Letters of either case, see letters.h. May use public headers and libc
 * only.
 */
#include "ldns/letters.h"

#include <string.h>

#define HEADER_SIZE 12u
#define CASE 0x20u       /* what A and a differ by */
#define QUESTION_TAIL 4u /* type and class */

static int is_letter(uint8_t octet)
{
	uint8_t lower = (uint8_t)(octet | CASE);

	return lower >= 'a' && lower <= 'z';
}

/* It is our own question: its name is whole and has no pointers. */
void mxsel__letters_mix(uint8_t *question, uint32_t bits)
{
	uint8_t *at = question + HEADER_SIZE, *end;

	while (*at != 0)
		for (end = at + 1 + *at, at++; at < end; at++) {
			if (!is_letter(*at))
				continue;
			if (bits & 1)
				*at ^= CASE;
			bits = bits >> 1 | bits << 31;
		}
}

static size_t question_end(const uint8_t *question)
{
	size_t at = HEADER_SIZE;

	while (question[at] != 0)
		at += 1u + question[at];
	return at + 1 + QUESTION_TAIL;
}

int mxsel__letters_repeated(const struct mxsel__reply *reply,
	const mxsel_query *query, uint32_t bits)
{
	uint8_t asked[MXSEL__QUESTION_SIZE];
	size_t size = sizeof asked, end;

	/* There is room for every question. */
	(void)mxsel_query_packet(query, 0, 0, asked, &size);
	mxsel__letters_mix(asked, bits);
	end = question_end(asked);
	return reply->size >= end && memcmp(reply->packet + HEADER_SIZE,
		asked + HEADER_SIZE, end - HEADER_SIZE) == 0;
}
