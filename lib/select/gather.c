/*
 * The MX records of a message, as the order wants them: names as text, in
 * memory that is bounded for any message. Ourselves are looked for among all
 * of them, whatever is kept (R51).
 */
#include "select/select.h"

#include <string.h>

#include "policy/self.h"

/* So many names always fit, whatever octets they are of. */
#define SURE_RECORDS (NAMES_MAX / MXSEL__NAME_TEXT_SIZE)

#define ROOM 2048u
_Static_assert((SURE_RECORDS + 1u) * sizeof(struct mxsel__mx) <= ROOM,
	"the best that surely fit need no memory of their own");

struct gathering {
	struct mxsel__arena scratch;
	struct mxsel__mx *v;
	size_t n;
	size_t octets;  /* of names kept */
	size_t most;    /* records to keep */
	size_t equals;  /* of the worst preference that are kept */
	uint16_t worst; /* preference to keep */
	int self;
	uint32_t ttl;
};

int mxsel__plan_is_self(const struct mxsel *m, const struct mxsel__mx *mx)
{
	const struct mxsel_options *o = m->options;
	struct mxsel__address address;

	/* Not a host name; but ours it is, if it is ours (R51). */
	if (mx->kind == MXSEL__NAME_ADDRESS) {
		(void)mxsel__address_from_name(&address, mx->name,
			mx->length);
		return mxsel__candidate_is_self(m, &address);
	}
	if (mx->kind != MXSEL__NAME_GOOD)
		return 0;
	return mx->mark == MXSEL__SPECIAL_LOCALHOST ||
		(o->self_names.count > 0 && mxsel__self_is_name(
			o->self_names.items, o->self_names.count, mx->name));
}

void mxsel__plan_fill(struct mxsel__mx *mx, const char *name, size_t length,
	int kind, uint16_t preference)
{
	mx->key = mxsel__order_key(name, length);
	mx->name = name;
	mx->preference = preference;
	mx->length = (uint16_t)length;
	mx->kind = (uint8_t)kind;
	mx->mark = kind == MXSEL__NAME_GOOD
		? (uint8_t)mxsel__name_special(name) : MXSEL__SPECIAL_NONE;
	mx->plain = 0;
}

int mxsel__plan_self(const struct mxsel *m, const struct mxsel__mx *mx,
	int self)
{
	if ((self >= 0 && self <= mx->preference) ||
		!mxsel__plan_is_self(m, mx))
		return self;
	return mx->preference;
}

/*
 * The preference up to which most records are kept, and how many of that very
 * one: over the high octet first, then over the low one.
 */
static void find_worst(struct gathering *g, struct mxsel__message *message)
{
	struct mxsel__record record;
	uint16_t counts[256];
	unsigned high = 0, low = 0;
	size_t sum = 0;

	memset(counts, 0, sizeof(counts));
	for (mxsel__wire_rewind(message); mxsel__wire_next(message, &record);)
		counts[record.preference >> 8]++;
	for (; high < 255 && sum + counts[high] < g->most; high++)
		sum += counts[high];
	memset(counts, 0, sizeof(counts));
	for (mxsel__wire_rewind(message); mxsel__wire_next(message, &record);)
		if (record.preference >> 8 == high)
			counts[record.preference & 255]++;
	for (; low < 255 && sum + counts[low] < g->most; low++)
		sum += counts[low];
	g->worst = (uint16_t)(high << 8 | low);
	g->equals = g->most - sum;
}

/* Is there room for it? Better records never wait for worse ones (R19). */
static int has_room(const struct gathering *g, uint16_t preference)
{
	return preference < g->worst ||
		(preference == g->worst && g->equals > 0);
}

/* 0; 1: the names are too long to keep them all; MXSEL_ENOMEM. */
static int gather(struct gathering *g, const struct mxsel *m,
	struct mxsel__message *message)
{
	struct mxsel__record record;
	char name[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__mx *mx;
	size_t length;
	int kind;

	mxsel__wire_rewind(message);
	while (mxsel__wire_next(message, &record)) {
		int room = has_room(g, record.preference);

		if (record.ttl < g->ttl)
			g->ttl = record.ttl;
		/* Neither kept nor ourselves: time for it is lost (S14). */
		if (!room && mxsel__wire_is_no_host(message, record.exchange))
			continue;
		kind = (int)mxsel__wire_name(message, record.exchange, name,
			&length);
		mx = &g->v[g->n];
		mxsel__plan_fill(mx, name, length, kind, record.preference);
		g->self = mxsel__plan_self(m, mx, g->self);
		if (!room)
			continue;
		g->equals -= record.preference == g->worst;
		mx->name = mxsel__arena_text(&g->scratch, name, length);
		if (mx->name == NULL)
			return MXSEL_ENOMEM;
		g->octets += length + 1;
		if (g->octets > NAMES_MAX)
			return 1;
		g->n++;
	}
	return 0;
}

/* Keep the best that surely fit; equals beyond that in message order. */
static int gather_best(struct gathering *g, const struct mxsel *m,
	struct mxsel__message *message)
{
	mxsel__arena_free(&g->scratch);
	g->n = 0;
	g->octets = 0;
	g->most = SURE_RECORDS;
	find_worst(g, message);
	/* They fit into the room that is there. */
	g->v = mxsel__arena_get(&g->scratch, (g->most + 1) * sizeof(*g->v));
	return gather(g, m, message);
}

int mxsel__plan_packet(struct mxsel_query *q, struct mxsel__message *message)
{
	struct mxsel *m = q->selection;
	_Alignas(8) unsigned char room[ROOM];
	struct gathering g;
	int rc;

	mxsel__arena_init(&g.scratch, &m->arena.allocator, room, sizeof(room));
	g.n = 0;
	g.octets = 0;
	g.most = message->records;
	g.equals = SIZE_MAX;
	g.worst = UINT16_MAX;
	g.self = -1;
	g.ttl = TTL_MAX;
	/* One more: a record that is not kept is looked at there. */
	g.v = mxsel__arena_get(&g.scratch, (g.most + 1) * sizeof(*g.v));
	rc = g.v == NULL ? MXSEL_ENOMEM : gather(&g, m, message);
	if (rc == 1)
		rc = gather_best(&g, m, message);
	if (g.ttl < q->ttl)
		q->ttl = g.ttl;
	if (rc == 0)
		rc = mxsel__plan_build(m, g.v, g.n, g.self,
			g.n < message->records);
	mxsel__arena_free(&g.scratch);
	return rc;
}
