/*
 * What a mock knows: records and rules by name, and what it was asked. May
 * use the public headers and libc.
 */
#ifndef MXSEL_MOCK_SCRIPT_H
#define MXSEL_MOCK_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/mock.h>

struct mxsel__mock_record {
	struct mxsel__mock_record *next;
	uint32_t ttl;
	uint16_t type;
	uint16_t preference;
	uint8_t bytes[16]; /* address; TLSA: usage, selector, matching */
	char *text;        /* exchange or target, as given; TLSA: data */
	size_t size;       /* of text, without the NUL that follows it */
	char owner[];
};

/* What was said about a name and a type; -1 or 0: nothing. */
struct mxsel__mock_rule {
	struct mxsel__mock_rule *next;
	int outcome;
	int security;
	int64_t delay;
	int misbehave;
	uint16_t type; /* 0: every type */
	char name[];
};

struct mxsel__mock_asked {
	struct mxsel__mock_asked *next;
	size_t count;
	uint16_t type;
	char name[];
};

/* A question that is not answered yet. */
struct mxsel__mock_pending {
	struct mxsel__mock_pending *next;
	mxsel_query *query;
	uint64_t due;      /* UINT64_MAX: never */
	uint64_t deadline; /* when the selection's time is used up */
};

struct mxsel_mock {
	mxsel_resolver *resolver;
	struct mxsel__mock_record *records, **last_record;
	struct mxsel__mock_rule *rules;
	struct mxsel__mock_asked *asked;
	struct mxsel__mock_pending *pending, **last_pending;
	uint64_t now;
	size_t cancelled;
	size_t refused;
	struct mxsel__mock_replay *replay; /* NULL: the script answers */
};

/* The size of a name folded and without its final dot, NUL included. */
size_t mxsel__mock_name_size(const char *name);

/* Write it; out has room for that size. */
void mxsel__mock_name_fold(char *out, const char *name);

/* Are two names the same, case and final dot aside? */
int mxsel__mock_name_is(const char *a, const char *b);

/* The next record of a type at a name, after previous (NULL: the first). */
const struct mxsel__mock_record *mxsel__mock_find(const mxsel_mock *mock,
	const struct mxsel__mock_record *previous, const char *name,
	uint16_t type);

/* Was the name ever given as an owner, or to a rule? */
int mxsel__mock_knows(const mxsel_mock *mock, const char *name);

/* What the rules say; a rule for the type goes before one for all. */
int mxsel__mock_outcome(
	const mxsel_mock *mock, const char *name, uint16_t type);
int mxsel__mock_security(
	const mxsel_mock *mock, const char *name, uint16_t type);
uint32_t mxsel__mock_delay(
	const mxsel_mock *mock, const char *name, uint16_t type);
int mxsel__mock_manners(
	const mxsel_mock *mock, const char *name, uint16_t type);

/* Count a question; 0 or MXSEL_ENOMEM. */
int mxsel__mock_count(mxsel_mock *mock, const char *name, uint16_t type);

/* Free what the script holds. */
void mxsel__mock_forget(mxsel_mock *mock);

/* Give the answer the script has, well or badly. */
void mxsel__mock_answer(mxsel_mock *mock, mxsel_query *query);

/* replay.c: the answer the record has; free the record. */
void mxsel__mock_replay_answer(mxsel_mock *mock, mxsel_query *query);
void mxsel__mock_replay_forget(mxsel_mock *mock);

#endif
