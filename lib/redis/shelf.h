/*
 * Answers that came when nobody waited for them any more. Who asks the same
 * within two seconds takes them from here, so that a server that is slower
 * than the budget helps all the same. And keys whose answers are worth nothing
 * for a while. One place per hash: what is in the way goes. All of it is under
 * the lock of the mxsel_redis. May use libc.
 */
#ifndef MXSEL_REDIS_SHELF_H
#define MXSEL_REDIS_SHELF_H

#include <stddef.h>
#include <stdint.h>

#define MXSEL__RD_SHELF 256 /* places */
#define MXSEL__RD_LOST 1024 /* the same, for keys of which one was lost */

struct mxsel__rd_late {
	uint64_t when;       /* it came */
	uint32_t half_life;
	uint16_t port, key_length;
	char *answer;        /* NULL: the server knows nothing */
	char key[];
};

struct mxsel__rd_loss {
	uint64_t until;
	uint32_t hash;
};

struct mxsel__rd_shelf {
	struct mxsel__rd_late *places[MXSEL__RD_SHELF];
	/* The sequence number that was reached when something was told of a
	   key of this place: an answer to an older question is worth nothing
	   any more. */
	uint64_t told[MXSEL__RD_SHELF];
	/* What was told of a key and is lost the server does not know: so long
	   its answers are older than what we know ourselves. */
	struct mxsel__rd_loss lost[MXSEL__RD_LOST];
};

/* What is asked or told. */
struct mxsel__rd_key {
	const char *text;
	uint16_t length, port;
};

void mxsel__rd_shelf_destroy(struct mxsel__rd_shelf *shelf);

/* Something was told of this key (at any port), at that number. */
void mxsel__rd_shelf_told(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key, uint64_t sequence);

/* What was told of it is lost. The half-life is in milliseconds. */
void mxsel__rd_shelf_lost(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key, uint32_t half_life, uint64_t now);
/* The server has taken what was told of it. */
void mxsel__rd_shelf_taken(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key);
/* Does the server lack something of it that counts still? */
int mxsel__rd_shelf_is_behind(const struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key, uint64_t now);

/* Put it there; takes answer, which may be NULL, in any case. */
void mxsel__rd_shelf_put(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key, uint64_t sequence,
	uint32_t half_life, char *answer, uint64_t now);

/* NULL: not there, or too old. */
struct mxsel__rd_late *mxsel__rd_shelf_find(
	const struct mxsel__rd_shelf *shelf, const struct mxsel__rd_key *key,
	uint32_t half_life, uint64_t now);

/* Take from there what was found; free() it and its answer. */
void mxsel__rd_shelf_take(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_late *late);

#endif
