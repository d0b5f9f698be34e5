/*
 * Between the target "packet" and its second opinion. Tests only.
 */
#ifndef TESTS_FUZZ_PACKET_H
#define TESTS_FUZZ_PACKET_H

#include <stdint.h>

#include "support/packet.h"
#include "wire/message.h"

/*
 * What mxsel__wire_open() made of p, asking for name and type: does ldns say
 * the same, or is it one of the known differences?
 */
void fuzz_ask_ldns(const struct packet *p, struct mxsel__message *m,
	int result, const char *name, uint16_t type, unsigned max_links);

#endif
