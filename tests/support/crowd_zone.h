/*
 * What the name server for crowds knows, for crowd.c alone.
 */
#ifndef TESTS_SUPPORT_CROWD_ZONE_H
#define TESTS_SUPPORT_CROWD_ZONE_H

#include <stddef.h>
#include <stdint.h>

#include "support/crowd.h"
#include "support/packet.h"

#define CROWD_NAME_SIZE 48

uint32_t crowd_hash(const char *name);

/* The name asked for, as text; where the question ends, 0: it is none. */
size_t crowd_read_question(const uint8_t *q, size_t size,
	char name[CROWD_NAME_SIZE]);

/* The name in lower case, as it is known here; and which of its letters were
   not, as crowd_notes() tells it. */
uint64_t crowd_fold(char *name);

/* What crowd_notes() tells of a question. */
void crowd_take_note(struct crowd_note *note, const uint8_t *question,
	size_t size, uint16_t port);

/* Milliseconds from the question to its answer. */
unsigned crowd_delay(const struct crowd_plan *plan, const char *name);

/* The answer to a question that ends there. */
void crowd_answer(struct packet *p, const uint8_t *question, size_t end,
	const char *name, const struct crowd_plan *plan, int udp);

#endif
