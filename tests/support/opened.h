/*
 * A reply is written into p and taken apart as m, in memory that ends where
 * the message ends. May use check, support/packet.h and lib/wire.
 */
#ifndef TESTS_SUPPORT_OPENED_H
#define TESTS_SUPPORT_OPENED_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"
#include "wire/message.h"

static struct packet p;
static struct mxsel__message m;
static uint8_t *memory;

/* For the end of each test. */
static inline void forget(void)
{
	free(memory);
	memory = NULL;
}

static inline int open_as(const char *name, uint16_t type, size_t size)
{
	forget();
	memory = malloc(size == 0 ? 1 : size);
	ck_assert_ptr_nonnull(memory);
	memcpy(memory, p.octets, size);
	memset(&m, 0xa5, sizeof(m));
	return mxsel__wire_open(&m, memory, size, name, type, 10);
}

static inline int open_mx(void)
{
	return open_as("example.com", MXSEL_TYPE_MX, p.size);
}

static inline void begin(unsigned flags)
{
	packet_begin(&p, PACKET_REPLY | flags, "example.com", PACKET_MX);
}

static inline void assert_outcome(int outcome)
{
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	ck_assert_uint_eq(m.outcome, (unsigned)outcome);
}

#endif
