/*
 * Questions counted, see crowd_ledger.h. May use libc only.
 */
#include "support/crowd_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct crowd_question *crowd_find(struct crowd_ledger *ledger,
	const char *name, unsigned type)
{
	size_t at = crowd_hash(name) + type;
	struct crowd_question *q;

	for (;; at++) {
		q = &ledger->questions[at & (CROWD_QUESTIONS - 1)];
		if (q->name[0] == '\0' || (q->type == type &&
				strcmp(q->name, name) == 0))
			return q;
	}
}

struct crowd_question *crowd_enter(struct crowd_ledger *ledger,
	const char *name, unsigned type)
{
	struct crowd_question *q = crowd_find(ledger, name, type);

	if (q->name[0] != '\0')
		return q;
	if (++ledger->distinct > CROWD_QUESTIONS / 2) {
		fputs("more questions than there is room for\n", stderr);
		exit(99);
	}
	snprintf(q->name, sizeof q->name, "%s", name);
	q->type = type;
	return q;
}

unsigned crowd_most(const struct crowd_ledger *ledger, int tcp)
{
	unsigned most = 0, times;
	size_t i;

	for (i = 0; i < CROWD_QUESTIONS; i++) {
		times = tcp ? ledger->questions[i].tcp :
			ledger->questions[i].udp;
		most = times > most ? times : most;
	}
	return most;
}
