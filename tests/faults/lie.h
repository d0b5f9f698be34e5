/*
 * The faults of families A to D, as ways for a name server to lie: what the
 * server of this folder, the files of lies and those who judge share. Each
 * question says by its name which variant of the fault it wants, so that a
 * server has nothing to remember between two of them. May use
 * support/liar.h.
 */
#ifndef TESTS_FAULTS_LIE_H
#define TESTS_FAULTS_LIE_H

#include <stddef.h>
#include <stdint.h>

#include "support/liar.h"

#define LIE_VARIANTS 640 /* of one fault, at most */
#define LIE_UDP_LAST 22  /* the last fault of family A */
#define LIE_TIME 300     /* ms for a question, unless a fault says otherwise */

enum { /* what it lies about; what else is asked gets the truth */
	LIE_MX = 1, LIE_A = 2, LIE_AAAA = 4,
	LIE_HOSTS = LIE_A | LIE_AAAA, LIE_ALL = 7
};

enum { /* what else a fault wants of the server, and of those who ask */
	LIE_NO_PORT = 1,  /* nobody is there, until the honest look-up */
	LIE_NO_TCP = 2,   /* the same of TCP, for good */
	LIE_TCP_FULL = 4, /* connections are not answered */
	LIE_SHOW_TTL = 8, /* how long the plan may be kept is part of it */
	LIE_SOLO = 16     /* its variants are not to run at once */
};

struct server;

/* One question that is lied about. */
struct lie {
	struct liar_call call; /* first: the helpers of support/liar.h */
	struct server *server;
	unsigned variant;
	unsigned nth;          /* of this variant and type, from 1 */
	unsigned type;
	int depth;             /* labels before the one with the variant */
	char name[256];        /* what is asked, lower case */
	struct packet packet;
	uint8_t question[600];
};

typedef void (*lie_fn)(struct lie *lie);

/*
 * What may come of a variant: alternatives with '|' between, '*' at the end
 * of one stands for whatever follows, '@' for the domain. As told by
 * mxsel_client.c and by base.c.
 */
#define LIE_PLAN "mx 10 mx.@ 2001:db8::1 192.0.2.1"
#define LIE_DEFER "defer*"
#define LIE_BASE "mx 10 mx.@|temporary*"

struct fault {
	int number;
	const char *what;      /* the table's words for it */
	lie_fn udp;            /* NULL: silence */
	lie_fn tcp;            /* NULL: as udp; of family A the truth */
	unsigned variants;     /* 0: one */
	unsigned lies;         /* 0: LIE_MX */
	unsigned flags;
	int time;              /* ms for a question; 0: LIE_TIME */
	const char *right;     /* NULL: rights says */
	const char *(*rights)(unsigned variant);
	const char *base;      /* for libraries that only look up; NULL: as
	                          LIE_BASE */
	unsigned ask;          /* what those are asked; 0: the MX */
};

extern const struct fault faults_udp[], faults_tcp[], faults_meaning[],
	faults_numbers[], faults_wire[];

/* NULL: no such fault here. */
const struct fault *fault_find(int number);
unsigned fault_variants(const struct fault *fault);
int fault_time(const struct fault *fault);

/* What comes of the variant by right; and for others than this library. */
const char *fault_right(const struct fault *fault, unsigned variant);
const char *fault_base(const struct fault *fault);

/* ------------------------------------------------ for the files of lies */

/* Fill lie->packet: no record; the truth; what must never be believed. */
void lie_begin(struct lie *lie, unsigned flags);
void lie_truth(struct lie *lie);
void lie_false(struct lie *lie);

/* Send lie->packet to who asked. */
void lie_send(struct lie *lie);
void lie_tell_truth(struct lie *lie);
void lie_tell(struct lie *lie, unsigned flags);
/* Send it from another address, or another port, of this machine. */
void lie_send_from(struct lie *lie, int another_address);

/* An MX of what was asked, its exchange a label under that name. */
void lie_mx(struct lie *lie, unsigned preference, const char *label);
/* Where the question ends, and what follows begins. */
size_t lie_end(const struct lie *lie);
void lie_pause(int milliseconds);

/* Numbers that are the same in every run. */
unsigned lie_number(uint32_t *state);

#endif
