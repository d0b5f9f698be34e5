/*
 * How hosts and addresses behaved: what the state machine looks up before it
 * orders equals, and tells when an attempt is reported. What an order is, is
 * no business of this room. May use base and name.
 */
#ifndef MXSEL_CACHE_MEMORY_H
#define MXSEL_CACHE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/memory.h>

#define MXSEL__SCORE_ONE 1000u  /* of one failure; from here on it is certain */
#define MXSEL__SCORE_MAX 4000u
#define MXSEL__SCORE_BAD 500u   /* from here on it counts as failed */
#define MXSEL__KNOWN_MAX 18u    /* looked up at a time; they are on stacks */
#define MXSEL__V4 1u            /* bits of doubt */
#define MXSEL__V6 2u

/* One host or address, looked up. Unknown: all 0 behind port. */
struct mxsel__known {
	const char *name;  /* in: folded text; or the octets of the address */
	uint16_t length;   /* in: its octets; of an address 4 or 16 */
	uint16_t port;     /* in */
	uint8_t kind;      /* in: MXSEL_MEMORY_HOST, _ADDRESS */
	uint8_t is_known;
	uint8_t last;      /* MXSEL_OUTCOME_* */
	uint8_t works;     /* 0, 4, 6 */
	uint8_t turn;      /* 0, 4, 6 */
	uint8_t doubt;
	uint8_t again_length; /* 0, 4, 16 */
	uint8_t again[16];
	uint8_t version;   /* for mxsel__memory_probe() */
	uint32_t score;    /* now, thousandths; under 1/16 it is 0 */
	uint32_t age;      /* milliseconds since the last outcome */
};

/*
 * What is known of n <= MXSEL__KNOWN_MAX, by the store too where there is one:
 * then it may take MXSEL_MEMORY_BUDGET, and allocates, without need of it.
 * Nothing at all known: 0.
 */
int mxsel__memory_look(struct mxsel_memory *memory, struct mxsel__known *k,
	size_t n);

/*
 * The same for one who has waited for the store before: so much is taken off
 * the budget, and what this takes is added to it. NULL: no store is asked.
 */
int mxsel__memory_look_on(struct mxsel_memory *memory, struct mxsel__known *k,
	size_t n, uint32_t *waited);

/*
 * This one failed (score > 0), and would go before equals that did not: count
 * it as failed once more until it is reported. 1: do so; 0: somebody else did
 * since it was looked up, and it goes behind; 2: do so, for it
 * talks by now, or is forgotten.
 */
int mxsel__memory_probe(struct mxsel_memory *memory,
	const struct mxsel__known *k);

/* May a selection look at it only? */
int mxsel__memory_is_read_only(const struct mxsel_memory *memory);

/* Its turn, which is not 0, is taken: this family goes first, now and not
   again. 1; 0: somebody else took it since it was looked up. */
int mxsel__memory_turned(struct mxsel_memory *memory,
	const struct mxsel__known *k);

/* Whoever did so made a step that is taken back: as if it had not been. */
void mxsel__memory_unprobe(struct mxsel_memory *memory,
	const struct mxsel__known *k);
void mxsel__memory_unturned(struct mxsel_memory *memory,
	const struct mxsel__known *k);

/* So many went behind their equals. */
void mxsel__memory_count_behind(struct mxsel_memory *memory, unsigned count);

/*
 * What became of an attempt. host and address as in struct mxsel__known;
 * length 0: not known. rejected: by a 5.7.x.
 */
struct mxsel__memory_attempt {
	const char *host;
	const uint8_t *address;
	uint16_t host_length, port, code;
	uint8_t address_length;
	uint8_t outcome;
	uint8_t rejected;
};
void mxsel__memory_tell(struct mxsel_memory *memory,
	const struct mxsel__memory_attempt *attempt);

/* MXSEL_MEMORY_EXPLORE. */
uint32_t mxsel__memory_explore(const struct mxsel_memory *memory);

/* An entry of one that was looked up, for the recorder. */
void mxsel__memory_entry(struct mxsel_memory_entry *out,
	const struct mxsel__known *k);

/* One more owner. */
void mxsel__memory_hold(struct mxsel_memory *memory);

#endif
