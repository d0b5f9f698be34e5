/*
 * A selection's birth, second life and end. All it ever allocates is itself
 * with a first room for its arena, and the arena's blocks.
 */
#include "select/select.h"

#include <string.h>

#include "policy/verdict.h"
#include "select/security.h"

int mxsel__seed_draw(struct mxsel *m)
{
	int rc;

	if (m->seeded)
		return MXSEL_OK;
	if (m->options->has_seed) {
		m->seed = m->options->seed;
	} else {
		/* The system is asked now and then, not for each mail. */
		rc = m->drawn > 0 ? MXSEL_OK : mxsel__random_seed(&m->seeds);
		if (rc != MXSEL_OK)
			return rc;
		/* 255 more after a new one. */
		m->drawn = (uint8_t)(m->drawn - 1);
		m->seed = mxsel__random_step(&m->seeds);
	}
	mxsel__random_init(&m->random, m->seed);
	m->seeded = 1;
	mxsel__record_seed(m);
	return MXSEL_OK;
}

static int keep_literal(struct mxsel *m, const struct destination *d)
{
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	size_t length = mxsel__address_format(text, &d->address);

	const char *kept = mxsel__arena_text(&m->arena, text, length);

	if (kept == NULL)
		return MXSEL_ENOMEM;
	m->address = kept;
	return MXSEL_OK;
}

/* A domain as we write it ourselves is there already. */
static int keep_domain(struct mxsel *m, const struct destination *d)
{
	const char *kept = m->destination;

	if (strcmp(kept, d->name) != 0)
		kept = mxsel__arena_text(&m->arena, d->name, d->name_length);
	if (kept == NULL)
		return MXSEL_ENOMEM;
	m->original = m->domain = kept;
	mxsel__cached_expect(m, kept, d->name_length);
	return MXSEL_OK;
}

static int keep(struct mxsel *m, const struct destination *d,
	const char *text, size_t length)
{
	const char *kept;
	int rc = MXSEL_OK;

	if (d->kind == DESTINATION_NONE)
		return MXSEL_ENOMEM;
	kept = mxsel__arena_text(&m->arena, text, length);
	if (kept == NULL)
		return MXSEL_ENOMEM;
	m->destination = kept;
	if (d->kind == DESTINATION_LITERAL)
		rc = keep_literal(m, d);
	else if (d->kind == DESTINATION_DOMAIN || d->kind == DESTINATION_HOST)
		rc = keep_domain(m, d);
	if (rc != MXSEL_OK)
		return rc;
	m->bad = d->why;
	m->kind = (uint8_t)d->kind;
	m->port = (uint16_t)(d->port != 0 ? d->port
		: m->options->values[MXSEL_OPT_PORT]);
	return MXSEL_OK;
}

/* All that is of one destination, as it is before the first question. */
static int begin(struct mxsel *m, const char *text, size_t length)
{
	const size_t first = offsetof(struct mxsel, seeded);
	struct destination d;
	char kept[DESTINATION_MAX];
	int recorded = mxsel__record_destination(m, text, length);

	/* The text may be one of the selection's own: read it first. */
	mxsel__destination_parse(&d, text, length, m->options);
	if (length > sizeof(kept))
		length = sizeof(kept);
	memcpy(kept, text, length);
	mxsel__security_drop(m);
	memset((char *)m + first, 0, sizeof(*m) - first);
	mxsel__arena_empty(&m->arena);
	m->destination = m->original = m->domain = m->address = "";
	m->ttl = TTL_MAX;
	m->kind = DESTINATION_NONE;
	return recorded != MXSEL_OK ? recorded : keep(m, &d, kept, length);
}

int mxsel_new_bytes(mxsel **out, const char *destination, size_t length,
	const mxsel_options *options)
{
	const struct mxsel__allocator *allocator;
	struct mxsel *m;

	if (out == NULL || destination == NULL)
		return MXSEL_EUSAGE;
	allocator = options == NULL ? &mxsel__malloc : &options->allocator;
	m = mxsel__alloc(allocator, sizeof(*m) + ROOM_SIZE);
	if (m == NULL)
		return MXSEL_ENOMEM;
	memset(m, 0, sizeof(*m));
	mxsel__arena_init(&m->arena, allocator, m + 1, ROOM_SIZE);
	m->options = mxsel__options_hold(options);
	if (begin(m, destination, length) != MXSEL_OK) {
		mxsel__destroy(m);
		return MXSEL_ENOMEM;
	}
	*out = m;
	return MXSEL_OK;
}

int mxsel_new(mxsel **out, const char *destination,
	const mxsel_options *options)
{
	if (destination == NULL)
		return MXSEL_EUSAGE;
	return mxsel_new_bytes(out, destination, strlen(destination), options);
}

/* Whoever answers its questions forgets the selection, too. */
static void take_leave(struct mxsel *m)
{
	mxsel__abandon_all(m);
	if (m->cancel == NULL)
		return;
	m->busy = 1;
	m->cancel(NULL, m->cancel_user);
	m->busy = 0;
}

int mxsel_reset_bytes(mxsel *m, const char *destination, size_t length)
{
	if (m == NULL || destination == NULL || m->busy)
		return MXSEL_EUSAGE;
	take_leave(m);
	if (m->doomed) {
		mxsel__destroy(m);
		return MXSEL_ECANCELED;
	}
	return begin(m, destination, length);
}

int mxsel_reset(mxsel *m, const char *destination)
{
	if (destination == NULL)
		return MXSEL_EUSAGE;
	return mxsel_reset_bytes(m, destination, strlen(destination));
}

void mxsel__destroy(struct mxsel *m)
{
	const struct mxsel_options *options = m->options;
	struct mxsel__allocator allocator = m->arena.allocator;

	m->doomed = 1;
	take_leave(m);
	mxsel__security_drop(m);
	mxsel__arena_free(&m->arena);
	mxsel__release(&allocator, m);
	mxsel__options_drop(options);
}

int mxsel_set_cancel(mxsel *m, void (*cancel)(mxsel_query *query, void *user),
	void *user)
{
	if (m == NULL)
		return MXSEL_EUSAGE;
	m->cancel = cancel;
	m->cancel_user = user;
	return MXSEL_OK;
}

void *mxsel_cancel_user(const mxsel *m,
	void (*cancel)(mxsel_query *query, void *user))
{
	return m != NULL && cancel != NULL && m->cancel == cancel
		? m->cancel_user : NULL;
}

int mxsel_set_user(mxsel *m, void *user)
{
	if (m == NULL)
		return MXSEL_EUSAGE;
	m->user = user;
	return MXSEL_OK;
}

void *mxsel_user(const mxsel *m)
{
	return m == NULL ? NULL : m->user;
}

void mxsel_free(mxsel *m)
{
	if (m == NULL)
		return;
	if (m->busy)
		m->doomed = 1; /* whoever is busy with it ends it */
	else
		mxsel__destroy(m);
}
