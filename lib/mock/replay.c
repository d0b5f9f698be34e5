/*
 * A record played back: each question gets the answer that was recorded for
 * it, in the bytes or records it came in, and each attempt its report. May
 * use the public headers and libc.
 */
#include "mock/replay.h"

#include <stdlib.h>
#include <string.h>

#include <mxsel/memory.h>

#define FIRST_LINE "mxsel-record 1"

static void forget(struct mxsel__mock_replay *replay)
{
	struct mxsel__mock_line *next;

	while (replay->lines != NULL) {
		next = replay->lines->next;
		free(replay->lines);
		replay->lines = next;
	}
	free(replay);
}

void mxsel__mock_replay_forget(mxsel_mock *mock)
{
	if (mock->replay != NULL)
		forget(mock->replay);
	mock->replay = NULL;
}

/* --- reading ------------------------------------------------------------- */

static const struct mxsel__mock_line *find_kind(
	const struct mxsel__mock_replay *replay, int kind)
{
	const struct mxsel__mock_line *l = replay->lines;

	while (l != NULL && l->kind != kind)
		l = l->next;
	return l;
}

static int add_line(struct mxsel__mock_replay *replay, const char *text,
	size_t length)
{
	struct mxsel__mock_line *l;
	int rc = mxsel__mock_line_read(&l, text, length);

	if (rc != MXSEL_OK)
		return rc;
	/* The destination first and once, the seed once. */
	if ((l->kind == MXSEL__MOCK_DESTINATION) != (replay->lines == NULL) ||
		(l->kind == MXSEL__MOCK_SEED &&
			find_kind(replay, MXSEL__MOCK_SEED) != NULL)) {
		free(l);
		return MXSEL_ESYNTAX;
	}
	*replay->last = l;
	replay->last = &l->next;
	return MXSEL_OK;
}

static int read_lines(struct mxsel__mock_replay *replay, const char *at,
	const char *end)
{
	const char *newline;
	int rc = MXSEL_OK;

	while (at < end && rc == MXSEL_OK) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL)
			newline = end;
		rc = add_line(replay, at, (size_t)(newline - at));
		at = newline + (newline < end);
	}
	if (rc == MXSEL_OK && replay->lines == NULL)
		rc = MXSEL_ESYNTAX;
	return rc;
}

int mxsel_mock_replay(mxsel_mock *mock, const char *text, size_t length)
{
	static const char first[] = FIRST_LINE "\n";
	size_t begin = sizeof(first) - 1;
	struct mxsel__mock_replay *replay;
	int rc;

	if (mock == NULL || text == NULL || mock->replay != NULL)
		return MXSEL_EUSAGE;
	if (length < begin || memcmp(text, first, begin) != 0)
		return MXSEL_ESYNTAX;
	replay = malloc(sizeof(*replay));
	if (replay == NULL)
		return MXSEL_ENOMEM;
	replay->lines = NULL;
	replay->last = &replay->lines;
	replay->memory = NULL;
	rc = read_lines(replay, text + begin, text + length);
	if (rc == MXSEL_OK)
		mock->replay = replay;
	else
		forget(replay);
	return rc;
}

/* --- answering ----------------------------------------------------------- */

/* Lines that belong to no answer have no type. */
static int is_about(const struct mxsel__mock_line *l, const mxsel_query *q)
{
	return l->type == mxsel_query_type(q) &&
		mxsel__mock_name_is(l->name, mxsel_query_name(q));
}

static int is_last(const struct mxsel__mock_line *l)
{
	return l->kind == MXSEL__MOCK_END || l->kind == MXSEL__MOCK_PACKET;
}

/*
 * The lines of one answer: from *first to the one returned. The same question
 * asked again gets the next answer, or the last one there is.
 */
static struct mxsel__mock_line *find_answer(
	const struct mxsel__mock_replay *replay, const mxsel_query *q,
	struct mxsel__mock_line **first)
{
	struct mxsel__mock_line *l, *begin = replay->lines, *found = NULL;

	for (l = replay->lines; l != NULL; l = l->next) {
		if (!is_about(l, q) || !is_last(l))
			continue;
		*first = begin;
		begin = l->next;
		found = l;
		if (!l->given)
			break;
	}
	return found;
}

static void give_line(mxsel_query *q, const struct mxsel__mock_line *l)
{
	switch (l->kind) {
	case MXSEL__MOCK_MX:
		(void)mxsel_answer_mx(q, l->preference, l->data, l->ttl);
		break;
	case MXSEL__MOCK_CNAME:
		(void)mxsel_answer_alias(q, l->data, l->ttl);
		break;
	case MXSEL__MOCK_ADDRESS:
		(void)mxsel_answer_address(q, (const uint8_t *)l->data,
			l->size, l->ttl);
		break;
	case MXSEL__MOCK_TLSA:
		(void)mxsel_answer_tlsa(q, l->tlsa[0], l->tlsa[1], l->tlsa[2],
			(const uint8_t *)l->data, l->size, l->ttl);
		break;
	default: /* MXSEL__MOCK_NEGATIVE */
		(void)mxsel_answer_negative_ttl(q, l->ttl);
		break;
	}
}

/* The end of an answer; one that cannot be given is a failure. */
static void give_end(mxsel_query *q, const struct mxsel__mock_line *l)
{
	int rc, outcome = MXSEL_DNS_MALFORMED;

	if (l->kind == MXSEL__MOCK_PACKET)
		rc = mxsel_answer_packet(q, (const uint8_t *)l->data, l->size,
			l->security);
	else
		rc = mxsel_answer_finish(q, l->outcome, l->security);
	if (rc == MXSEL_ENOMEM)
		outcome = MXSEL_DNS_SERVFAIL;
	if (rc != MXSEL_OK)
		(void)mxsel_answer_finish(q, outcome,
			MXSEL_SECURITY_INDETERMINATE);
}

void mxsel__mock_replay_answer(mxsel_mock *mock, mxsel_query *q)
{
	struct mxsel__mock_line *l = NULL, *last;

	last = find_answer(mock->replay, q, &l);
	if (last == NULL) {
		(void)mxsel_answer_finish(q, MXSEL_DNS_TIMEOUT,
			MXSEL_SECURITY_INDETERMINATE);
		return;
	}
	last->given = 1;
	for (; l != last; l = l->next)
		if (is_about(l, q))
			give_line(q, l);
	give_end(q, last);
}

/* --- what else is in it -------------------------------------------------- */

const char *mxsel_mock_replay_destination(const mxsel_mock *mock,
	size_t *length)
{
	const struct mxsel__mock_line *l;

	if (mock == NULL || mock->replay == NULL)
		return NULL;
	l = mock->replay->lines;
	if (length != NULL)
		*length = l->size;
	return l->data;
}

int mxsel_mock_replay_seed(const mxsel_mock *mock, uint64_t *seed)
{
	const struct mxsel__mock_line *l;

	if (mock == NULL || seed == NULL || mock->replay == NULL)
		return MXSEL_EUSAGE;
	l = find_kind(mock->replay, MXSEL__MOCK_SEED);
	if (l == NULL)
		return MXSEL_ERANGE;
	*seed = l->seed;
	return MXSEL_OK;
}

/* Octets of "kind name port", which an entry begins with. */
static size_t key_length(const char *text)
{
	size_t length = 0;
	int words;

	for (words = 0; words < 3; words++)
		length += strcspn(text + length, " ") + 1;
	return length - 1;
}

/* Did an earlier one, from first on, say it of the same? */
static int is_said(const struct mxsel__mock_line *first,
	const struct mxsel__mock_line *l)
{
	size_t length = key_length(l->data);

	while (first != l && (first->kind != MXSEL__MOCK_MEMORY ||
			key_length(first->data) != length ||
			memcmp(first->data, l->data, length) != 0))
		first = first->next;
	return first != l;
}

/*
 * What was known when it was looked up between a report and the next one:
 * time went on since it was known before, and others reported as well.
 */
static void put_again(const struct mxsel__mock_line *report,
	mxsel_memory *memory)
{
	const struct mxsel__mock_line *first = report->next, *l;
	struct mxsel_memory_entry entry;

	for (l = first; l != NULL && l->kind != MXSEL__MOCK_REPORT;
		l = l->next) {
		if (l->kind != MXSEL__MOCK_MEMORY || is_said(first, l))
			continue;
		/* Such a line was parsed when it was read. */
		(void)mxsel_memory_parse(&entry, l->data, l->size);
		(void)mxsel_memory_put(memory, &entry);
	}
}

int mxsel_mock_replay_report(mxsel_mock *mock, mxsel *m)
{
	const char *host = mxsel_host_name(m), *address = mxsel_address(m);
	struct mxsel__mock_line *l;
	int rc;

	/* With a host there is an address. */
	if (mock == NULL || mock->replay == NULL || host == NULL)
		return MXSEL_EUSAGE;
	for (l = mock->replay->lines; l != NULL; l = l->next)
		if (l->kind == MXSEL__MOCK_REPORT && !l->given &&
			strcmp(l->name, host) == 0 &&
			strcmp(l->address, address) == 0)
			break;
	if (l == NULL)
		return 0;
	rc = mxsel_report(m, l->outcome, l->code, l->data);
	if (rc != MXSEL_OK)
		return rc;
	l->given = 1;
	if (mock->replay->memory != NULL)
		put_again(l, mock->replay->memory);
	return 1;
}

/* Was something reported of this host or address before that line? */
static int is_reported(const struct mxsel__mock_replay *replay,
	const struct mxsel__mock_line *end, const char *name)
{
	const struct mxsel__mock_line *l = replay->lines;

	while (l != end && (l->kind != MXSEL__MOCK_REPORT ||
			(strcmp(l->name, name) != 0 &&
			strcmp(l->address, name) != 0)))
		l = l->next;
	return l != end;
}

/* What was known at first; what came to be known later, reports bring about. */
static int put_memory(const struct mxsel__mock_replay *replay,
	const struct mxsel__mock_line *l, mxsel_memory *memory)
{
	struct mxsel_memory_entry entry, known;

	/* Such a line was parsed when it was read. */
	(void)mxsel_memory_parse(&entry, l->data, l->size);
	if (is_reported(replay, l, entry.name) || mxsel_memory_get(memory,
			entry.name, entry.port, &known) != 0)
		return 0;
	return mxsel_memory_put(memory, &entry) == MXSEL_OK;
}

int mxsel_mock_replay_memory(mxsel_mock *mock, mxsel_memory *memory)
{
	const struct mxsel__mock_line *l;
	int count = 0;

	if (mock == NULL || mock->replay == NULL || memory == NULL)
		return MXSEL_EUSAGE;
	for (l = mock->replay->lines; l != NULL; l = l->next)
		if (l->kind == MXSEL__MOCK_MEMORY)
			count += put_memory(mock->replay, l, memory);
	mock->replay->memory = memory;
	return count;
}
