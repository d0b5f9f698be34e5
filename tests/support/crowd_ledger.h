/*
 * How often a server heard each question: name and type. May use libc only.
 */
#ifndef TESTS_SUPPORT_CROWD_LEDGER_H
#define TESTS_SUPPORT_CROWD_LEDGER_H

#include "support/crowd_zone.h"

#define CROWD_QUESTIONS 65536u /* a power of two, never half full */

struct crowd_question {
	char name[CROWD_NAME_SIZE]; /* "": a free place */
	unsigned type;
	unsigned udp, tcp, lost;
};

struct crowd_ledger {
	unsigned distinct;
	struct crowd_question questions[CROWD_QUESTIONS];
};

/* Its place, perhaps a free one. */
struct crowd_question *crowd_find(struct crowd_ledger *ledger,
	const char *name, unsigned type);

/* Its place, with its name. */
struct crowd_question *crowd_enter(struct crowd_ledger *ledger,
	const char *name, unsigned type);

/* How often the one heard most came. */
unsigned crowd_most(const struct crowd_ledger *ledger, int tcp);

#endif
