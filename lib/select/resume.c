/*
 * A saved selection brought back to life (R80): what was read must make
 * sense as a whole, and must be what the options allow to be handed out.
 */
#include "select/save.h"

#include <string.h>

#include "policy/self.h"
#include "select/security.h"

/* The verdicts that a destination which is none comes to. */
static int verdict_of_kind(int kind)
{
	switch (kind) {
	case DESTINATION_BAD:
		return MXSEL__V_BAD_DESTINATION;
	case DESTINATION_NO_IDN:
		return MXSEL__V_NO_IDN;
	case DESTINATION_BAD_IDN:
		return MXSEL__V_BAD_IDN;
	default:
		return MXSEL__V_TRY;
	}
}

static int is_named(const struct mxsel *m)
{
	return m->kind == DESTINATION_DOMAIN || m->kind == DESTINATION_HOST;
}

/* A generator of zeros alone would never end. */
static int is_random_sound(const struct mxsel *m)
{
	const uint64_t *s = m->random.state;
	int zero = (s[0] | s[1] | s[2] | s[3]) == 0;

	if (!m->seeded)
		return zero && (!is_named(m) || m->state == SAVED_START);
	return !zero;
}

static int is_start_sound(const struct mxsel *m)
{
	return m->host_count == 0 && /* so there is no attempt, either */
		m->rejected_count == 0 && m->query_count == 0 && m->met == 0 &&
		m->flags == 0 && m->source == MXSEL_SOURCE_NONE &&
		m->mx_security == 0 && m->tlsa_octets == 0 &&
		m->plan == PLAN_HOSTS &&
		m->ttl == TTL_MAX && strcmp(m->original, m->domain) == 0;
}

/* Could it be on its way along its attempts? */
static int has_plan(const struct mxsel *m)
{
	return m->plan == PLAN_HOSTS && m->mx_security !=
		MXSEL_SECURITY_BOGUS && m->source != MXSEL_SOURCE_NONE &&
		verdict_of_kind(m->kind) == MXSEL__V_TRY;
}

static int is_end_sound(const struct mxsel *m)
{
	int verdict = verdict_of_kind(m->kind);

	/* With attempts there is a way back from the end: a rewind. */
	if (m->verdict == MXSEL__V_TRY ||
		(m->attempts != NULL && !has_plan(m)))
		return 0;
	if (m->by_report != (m->verdict == MXSEL__V_COUNT))
		return 0;
	if (m->custom && (m->name_filter == NULL || m->verdict !=
		(m->name_filter->code < 500 ? MXSEL__V_FILTERED_LATER
		: MXSEL__V_FILTERED)))
		return 0;
	return verdict == MXSEL__V_TRY ? m->verdict != MXSEL__V_BAD_DESTINATION
		: m->verdict == verdict;
}

static int is_sound(const struct mxsel *m)
{
	if (!is_random_sound(m))
		return 0;
	if (m->reached && (m->state != SAVED_WALK || m->cursor == NULL))
		return 0;
	if (m->cursor != NULL && !m->hosts[m->cursor->host].reached)
		return 0;
	if (m->state == SAVED_DANE ? !mxsel__dane_step_is_sound(m)
		: m->dane_host != 0 || m->dane_step != 0)
		return 0;
	if (m->state == SAVED_END)
		return is_end_sound(m);
	if (m->verdict != MXSEL__V_TRY || m->custom || m->by_report)
		return 0;
	return m->state == SAVED_START ? is_start_sound(m) : has_plan(m);
}

/* --- what the options say ------------------------------------------------ */

static int is_own_name(const struct mxsel *m, const char *name)
{
	const struct list *own = &m->options->self_names;

	return mxsel__self_is_name(own->items, own->count, name);
}

static int is_address_allowed(const struct mxsel *m,
	const struct candidate *c)
{
	const struct mxsel__filter *filter = &m->options->filter;
	int family = m->options->values[MXSEL_OPT_FAMILY];
	struct mxsel__address address;

	if (c->length == 0)
		return m->options->values[MXSEL_OPT_HAND_OUT_ONION];
	if (family == (c->length == 4 ? MXSEL_FAMILY_V6_ONLY
		: MXSEL_FAMILY_V4_ONLY))
		return 0;
	mxsel__candidate_address(&address, c);
	return !mxsel__candidate_is_self(m, &address) &&
		mxsel__filter_judge(filter, &address) == 0;
}

/*
 * TLSA records were looked for where they are looked for now: a host is
 * neither reached as if it had none, nor by records that do not count.
 */
static int is_path_allowed(const struct mxsel *m, const struct host *host)
{
	struct mxsel__path path;

	if (!host->looked)
		return !host->reached || !mxsel__dane_is_due(m, host);
	mxsel__security_path(m, host, &path);
	return mxsel__path_wants_tlsa(&path);
}

/* A host or an address that may not be tried must not be handed out. */
static int is_allowed(const struct mxsel *m)
{
	const struct candidate *c;
	uint16_t i;

	for (i = 0; i < m->next_host; i++)
		if (!is_path_allowed(m, &m->hosts[i]))
			return 0;
	for (i = 0; i < m->host_count; i++)
		if (is_own_name(m, m->hosts[i].name) || is_own_name(m,
			m->hosts[i].canonical))
			return 0;
	for (c = m->attempts; c != NULL; c = c->after)
		if (!is_address_allowed(m, c))
			return 0;
	return 1;
}

/* --- the selection ------------------------------------------------------- */

_Static_assert((int)MXSEL_END == (int)MXSEL_OK, "what conclude() returns");

/* The verdict's sentence is made again. 0 or MXSEL_ENOMEM. */
static int conclude(struct mxsel *m)
{
	return m->by_report ? mxsel__conclude_met(m)
	                    : mxsel__conclude(m, m->verdict);
}

static int enter(struct mxsel *m)
{
	static const uint8_t states[] = {
		[SAVED_START] = STATE_START, [SAVED_GROUP] = STATE_GROUP,
		[SAVED_WALK] = STATE_WALK, [SAVED_DANE] = STATE_DANE,
		[SAVED_END] = STATE_END,
	};

	if (!is_sound(m))
		return MXSEL_ESYNTAX;
	if (!is_allowed(m))
		return MXSEL_EMISMATCH;
	m->state = states[m->state];
	return m->state == STATE_END ? conclude(m) : MXSEL_OK;
}

static uint64_t number(const uint8_t *at, unsigned octets)
{
	uint64_t n = 0;

	for (; octets > 0; octets--)
		n = n << 8 | *at++;
	return n;
}

static int is_whole(const uint8_t *bytes, size_t size)
{
	if (size < SAVED_HEAD + SAVED_TAIL ||
		memcmp(bytes, SAVED_MAGIC, 4) != 0 ||
		number(bytes + 4, 2) != SAVED_VERSION ||
		number(bytes + 6, 4) != size)
		return 0;
	size -= SAVED_TAIL;
	return number(bytes + size, 4) == mxsel__saved_crc(bytes, size);
}

int mxsel_resume(mxsel **out, const uint8_t *bytes, size_t size,
	const mxsel_options *options)
{
	const struct mxsel__allocator *allocator;
	struct mxsel *m;
	int rc;

	if (out == NULL || bytes == NULL)
		return MXSEL_EUSAGE;
	if (!is_whole(bytes, size))
		return MXSEL_ESYNTAX;
	allocator = options == NULL ? &mxsel__malloc : &options->allocator;
	m = mxsel__alloc(allocator, sizeof(*m) + ROOM_SIZE);
	if (m == NULL)
		return MXSEL_ENOMEM;
	memset(m, 0, sizeof(*m));
	mxsel__arena_init(&m->arena, allocator, m + 1, ROOM_SIZE);
	m->options = mxsel__options_hold(options);
	rc = mxsel__saved_read(m, bytes + SAVED_HEAD,
		size - SAVED_HEAD - SAVED_TAIL);
	if (rc == MXSEL_OK)
		rc = enter(m);
	if (rc == MXSEL_OK)
		*out = m;
	else
		mxsel__destroy(m);
	return rc;
}
