/*
 * Answers, as records or as the raw message: taken in, bounded, and kept
 * until the machine looks at them. An answer of which any part was lost can
 * never pass for a complete one.
 */
#include "select/select.h"

#include <string.h>

#include "cache/cache.h"
#include "select/security.h"
#include "wire/message.h"

/* Octets a record takes on the wire besides its own name (RFC 1035 3.2.1). */
#define RECORD_WEIGHT 16u
#define MESSAGE_MAX 65535u

static int is_open(const mxsel_query *q)
{
	return q != NULL && q->state != QUERY_DONE;
}

/* TTL above 2^31-1 counts as 0 (RFC 2181 8). */
static void use_ttl(mxsel_query *q, uint32_t ttl)
{
	if (ttl > TTL_MAX)
		ttl = 0;
	if (ttl < q->ttl)
		q->ttl = ttl;
}

static int lose(mxsel_query *q, int error)
{
	q->broken = 1;
	return error;
}

static int weigh(mxsel_query *q, size_t octets)
{
	octets += RECORD_WEIGHT;
	if (octets > MESSAGE_MAX - q->weight)
		return MXSEL_ELIMIT;
	q->weight = (uint16_t)(q->weight + octets);
	return MXSEL_OK;
}

void mxsel__question_mark(struct question_mark *mark, const mxsel_query *q)
{
	mark->question = *q;
	mark->candidates = q->selection->candidate_count;
	mark->tlsa_octets = q->selection->tlsa_octets;
}

void mxsel__question_take_back(mxsel_query *q,
	const struct question_mark *mark)
{
	*q = mark->question;
	q->selection->candidate_count = mark->candidates;
	q->selection->tlsa_octets = mark->tlsa_octets;
}

void mxsel__question_forget(mxsel_query *q)
{
	q->first.addresses = NULL;
	q->has_records = 0;
	q->records = 0;
	q->kept = 0;
	q->refused = 0;
	q->self = 0;
	q->filtered = 0;
	q->cut = 0;
}

void mxsel__question_end(mxsel_query *q)
{
	/* A chain that leads nowhere names nobody. */
	if (q->loop)
		q->aliases = NULL;
	/* A denial without SOA is not to be kept (RFC 2308 5). */
	if (!q->has_records && !q->has_negative && (q->aliases == NULL ||
		q->outcome == MXSEL_DNS_NXDOMAIN))
		q->ttl = 0;
	if (mxsel__question_failed(q)) {
		mxsel__question_forget(q);
		q->ttl = TTL_FAILURE;
	}
	mxsel__question_close(q);
	q->selection->answered++;
}

unsigned mxsel__question_links_left(const mxsel_query *q)
{
	int most = q->selection->options->values[MXSEL_OPT_MAX_ALIASES];

	return most > q->links ? (unsigned)(most - q->links) : 0;
}

/* A text that is no name at all, made fit to be shown. */
static size_t show(char out[MXSEL__NAME_TEXT_SIZE], const char *text,
	size_t length)
{
	size_t i, n = 0;

	for (i = 0; i < length && n < MXSEL__NAME_MAX - 3; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c > 0x20 && c < 0x7f) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '\\';
		out[n++] = (char)('0' + c / 100);
		out[n++] = (char)('0' + c / 10 % 10);
		out[n++] = (char)('0' + c % 10);
	}
	out[n] = '\0';
	return n;
}

/* --- as records ---------------------------------------------------------- */

int mxsel_answer_mx(mxsel_query *q, uint16_t preference, const char *exchange,
	uint32_t ttl)
{
	char name[MXSEL__NAME_TEXT_SIZE];
	size_t length, given;
	struct exchange *x;
	int kind;

	if (!is_open(q) || exchange == NULL || q->type != MXSEL_TYPE_MX)
		return MXSEL_EUSAGE;
	if (mxsel__record_mx(q, preference, exchange, ttl) != MXSEL_OK)
		return lose(q, MXSEL_ENOMEM);
	given = strlen(exchange);
	kind = (int)mxsel__name_parse(name, &length, exchange, given);
	if (kind == MXSEL__NAME_BROKEN) {
		/* No wire name at all: unusable, shown as it was given. */
		kind = MXSEL__NAME_ODD;
		length = show(name, exchange, given);
	}
	if (weigh(q, length) != MXSEL_OK)
		return lose(q, MXSEL_ELIMIT);
	x = mxsel__arena_get(&q->selection->arena, sizeof(*x) + length + 1);
	if (x == NULL)
		return lose(q, MXSEL_ENOMEM);
	x->preference = preference;
	x->length = (uint16_t)length;
	x->kind = (uint8_t)kind;
	memcpy(x->name, name, length + 1);
	x->next = q->first.exchanges;
	q->first.exchanges = x;
	q->has_records = 1;
	q->records++;
	use_ttl(q, ttl);
	return MXSEL_OK;
}

int mxsel_answer_address(mxsel_query *q, const uint8_t *bytes, size_t length,
	uint32_t ttl)
{
	size_t want;

	if (!is_open(q) || bytes == NULL || (q->type != MXSEL_TYPE_A &&
		q->type != MXSEL_TYPE_AAAA))
		return MXSEL_EUSAGE;
	want = q->type == MXSEL_TYPE_A ? 4 : 16;
	if (length != want)
		return MXSEL_EUSAGE;
	mxsel__record_address(q, bytes, ttl);
	if (weigh(q, 0) != MXSEL_OK)
		return lose(q, MXSEL_ELIMIT);
	use_ttl(q, ttl);
	if (mxsel__candidate_add(q, bytes) != MXSEL_OK)
		return lose(q, MXSEL_ENOMEM);
	return MXSEL_OK;
}

int mxsel_answer_address_text(mxsel_query *q, const char *address,
	uint32_t ttl)
{
	struct mxsel__address a;
	size_t length;
	int error;

	if (!is_open(q) || address == NULL || (q->type != MXSEL_TYPE_A &&
		q->type != MXSEL_TYPE_AAAA))
		return MXSEL_EUSAGE;
	length = strlen(address);
	error = q->type == MXSEL_TYPE_A ?
		mxsel__address_parse_v4(&a, address, length) :
		mxsel__address_parse_v6(&a, address, length);
	if (error != MXSEL_OK)
		return lose(q, MXSEL_ESYNTAX);
	return mxsel_answer_address(q, a.bytes, a.length, ttl);
}

static int is_octet(int number)
{
	return number >= 0 && number <= UINT8_MAX;
}

int mxsel_answer_tlsa(mxsel_query *q, int usage, int selector, int matching,
	const uint8_t *data, size_t length, uint32_t ttl)
{
	struct mxsel__tlsa tlsa;

	if (!is_open(q) || (data == NULL && length > 0) ||
		q->type != MXSEL_TYPE_TLSA)
		return MXSEL_EUSAGE;
	if (!is_octet(usage) || !is_octet(selector) || !is_octet(matching))
		return MXSEL_ERANGE;
	if (weigh(q, length) != MXSEL_OK)
		return lose(q, MXSEL_ELIMIT);
	tlsa.usage = (uint8_t)usage;
	tlsa.selector = (uint8_t)selector;
	tlsa.matching = (uint8_t)matching;
	tlsa.length = (uint16_t)length;
	tlsa.data = data;
	if (mxsel__record_tlsa(q, &tlsa, ttl) != MXSEL_OK)
		return lose(q, MXSEL_ENOMEM);
	use_ttl(q, ttl);
	if (mxsel__tlsa_add(q, &tlsa) != MXSEL_OK)
		return lose(q, MXSEL_ENOMEM);
	return MXSEL_OK;
}

/* Was this name asked or met already on the way here (R11)? */
static int is_circle(const mxsel_query *q, const char *target)
{
	const struct alias *a;

	for (; q != NULL; q = q->asker) {
		if (mxsel__name_equal(q->name, target))
			return 1;
		for (a = q->aliases; a != NULL; a = a->next)
			if (mxsel__name_equal(a->name, target))
				return 1;
	}
	return 0;
}

static int add_alias(mxsel_query *q, const char *name, size_t length)
{
	struct mxsel *m = q->selection;
	struct alias *a;

	/* With the aliases of all TLSA names there is no end (S39). */
	if (q->type == MXSEL_TYPE_TLSA) {
		if (length >= (size_t)(TLSA_OCTETS_MAX - m->tlsa_octets)) {
			q->loop = 2;
			return MXSEL_OK;
		}
		m->tlsa_octets = (uint16_t)(m->tlsa_octets + length + 1);
	}
	a = mxsel__arena_get(&m->arena, sizeof(*a) + length + 1);
	if (a == NULL)
		return MXSEL_ENOMEM;
	memcpy(a->name, name, length);
	a->name[length] = '\0';
	a->next = q->aliases;
	q->aliases = a;
	return MXSEL_OK;
}

int mxsel__question_alias(mxsel_query *q, const char *name, size_t length)
{
	if (!is_circle(q, name))
		return add_alias(q, name, length);
	q->loop = 1;
	return MXSEL_OK;
}

int mxsel_answer_alias(mxsel_query *q, const char *target, uint32_t ttl)
{
	char name[MXSEL__NAME_TEXT_SIZE];
	size_t length;

	if (!is_open(q) || target == NULL)
		return MXSEL_EUSAGE;
	if (mxsel__record_alias(q, target, ttl) != MXSEL_OK)
		return lose(q, MXSEL_ENOMEM);
	if (mxsel__name_parse(name, &length, target, strlen(target)) !=
		MXSEL__NAME_GOOD)
		return lose(q, MXSEL_ESYNTAX);
	if (weigh(q, length) != MXSEL_OK)
		return lose(q, MXSEL_ELIMIT);
	use_ttl(q, ttl);
	if (q->type == MXSEL_TYPE_CNAME) {
		/* The alias itself was asked for, and nobody goes there. */
		q->has_records = 1;
		q->records++;
		return MXSEL_OK;
	}
	if (is_circle(q, name))
		q->loop = 1;
	else if (mxsel__question_links_left(q) == 0)
		q->loop = 2;
	if (q->loop)
		return MXSEL_OK;
	q->links++;
	if (add_alias(q, name, length) != MXSEL_OK)
		return lose(q, MXSEL_ENOMEM);
	return MXSEL_OK;
}

int mxsel_answer_negative_ttl(mxsel_query *q, uint32_t ttl)
{
	if (!is_open(q))
		return MXSEL_EUSAGE;
	mxsel__record_negative(q, ttl);
	q->has_negative = 1;
	use_ttl(q, ttl);
	return MXSEL_OK;
}

/* The exchanges that were added, as the order wants them. */
static int plan_exchanges(mxsel_query *q)
{
	struct mxsel *m = q->selection;
	_Alignas(8) unsigned char room[2048];
	struct mxsel__arena scratch;
	struct exchange *x;
	struct mxsel__mx *v;
	size_t n = 0;
	int rc = MXSEL_ENOMEM, self = -1;

	for (x = q->first.exchanges; x != NULL; x = x->next)
		n++;
	mxsel__arena_init(&scratch, &m->arena.allocator, room, sizeof(room));
	v = mxsel__arena_get(&scratch, n * sizeof(*v));
	if (v == NULL)
		goto out;
	for (n = 0, x = q->first.exchanges; x != NULL; x = x->next, n++) {
		mxsel__plan_fill(&v[n], x->name, x->length, x->kind,
			x->preference);
		self = mxsel__plan_self(m, &v[n], self);
	}
	rc = mxsel__plan_build(m, v, n, self, 0);
out:
	mxsel__arena_free(&scratch);
	return rc;
}

int mxsel_answer_finish(mxsel_query *q, int outcome, int security)
{
	if (!is_open(q))
		return MXSEL_EUSAGE;
	if (outcome < 0 || outcome > MXSEL_DNS_REFERRAL || security < 0 ||
		security > MXSEL_SECURITY_BOGUS)
		return MXSEL_ERANGE;
	if (mxsel__cached_stale(q, outcome, security))
		return MXSEL_OK;
	if (outcome != MXSEL_DNS_COMPLETE)
		mxsel__question_forget(q);
	q->outcome = (uint8_t)outcome;
	q->security = (unsigned)security & 3u;
	if (q->type == MXSEL_TYPE_MX && q->has_records &&
		!mxsel__question_failed(q) && plan_exchanges(q) != MXSEL_OK)
		return MXSEL_ENOMEM;
	mxsel__record_end(q);
	mxsel__question_end(q);
	mxsel__cached_keep_told(q);
	return MXSEL_OK;
}

/* --- as the raw message -------------------------------------------------- */

/* name: a room, for the stack is small (S40). */
static int take_alias(mxsel_query *q, const struct mxsel__message *message,
	char name[MXSEL__NAME_TEXT_SIZE])
{
	size_t length;

	if (message->loop) {
		q->loop = message->chain_long ? 2 : 1;
		return MXSEL_OK;
	}
	if (message->links == 0)
		return MXSEL_OK;
	use_ttl(q, message->alias_ttl);
	if (mxsel__wire_name(message, message->owner, name, &length) !=
		MXSEL__NAME_GOOD) {
		q->broken = 1; /* a target that cannot be asked for */
		return MXSEL_OK;
	}
	q->links = (uint8_t)(q->links + message->links);
	return mxsel__question_alias(q, name, length);
}

/* One record that is no MX. */
static int take_record(mxsel_query *q, const struct mxsel__record *record)
{
	struct mxsel__tlsa tlsa;

	if (q->type == MXSEL_TYPE_TLSA) {
		mxsel__tlsa_read(&tlsa, record->rdata, record->rdlength);
		return mxsel__tlsa_add(q, &tlsa);
	}
	if (q->type != MXSEL_TYPE_CNAME)
		return mxsel__candidate_add(q, record->rdata);
	q->has_records = 1;
	q->records++;
	return MXSEL_OK;
}

/*
 * What goes into the cache is read into c first and used from there: *kept
 * says that all of it fitted.
 */
static int take_records(mxsel_query *q, struct mxsel__message *message,
	struct mxsel__cached *c, int *kept)
{
	struct mxsel__record record;

	*kept = mxsel__cached_read(c, q, message);
	if (mxsel__question_failed(q) ||
		message->outcome != MXSEL_DNS_COMPLETE ||
		message->records == 0)
		return MXSEL_OK;
	if (*kept) {
		use_ttl(q, c->ttl);
		return mxsel__cached_use(q, c);
	}
	mxsel__wire_rewind(message);
	if (q->type == MXSEL_TYPE_MX) {
		q->has_records = 1;
		q->records = message->records;
		return mxsel__plan_packet(q, message);
	}
	while (mxsel__wire_next(message, &record)) {
		use_ttl(q, record.ttl);
		if (take_record(q, &record) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}

int mxsel_answer_packet(mxsel_query *q, const uint8_t *packet, size_t size,
	int security)
{
	struct mxsel__message message;
	struct mxsel__cached cached;
	struct question_mark before;
	char *line;
	int rc, kept = 0;

	if (!is_open(q) || packet == NULL)
		return MXSEL_EUSAGE;
	if (security < 0 || security > MXSEL_SECURITY_BOGUS)
		return MXSEL_ERANGE;
	rc = mxsel__wire_open(&message, packet, size, q->name, q->type,
		mxsel__question_links_left(q));
	if (rc == MXSEL_OK)
		rc = mxsel__cached_stale_in(&cached, q, message.outcome,
			security);
	if (rc == 1)
		return MXSEL_OK;
	if (rc == MXSEL_OK)
		rc = mxsel__record_packet(&line, q, packet, size, security);
	if (rc != MXSEL_OK)
		return rc;
	mxsel__question_mark(&before, q);
	mxsel__question_forget(q);
	q->outcome = message.outcome;
	q->security = (unsigned)security & 3u;
	if (message.has_negative) {
		q->has_negative = 1;
		use_ttl(q, message.negative_ttl);
	}
	rc = take_alias(q, &message, (char *)cached.data);
	if (rc == MXSEL_OK)
		rc = take_records(q, &message, &cached, &kept);
	mxsel__record_close(q->selection, line, rc == MXSEL_OK);
	if (rc != MXSEL_OK) {
		mxsel__question_take_back(q, &before);
		return rc;
	}
	mxsel__question_end(q);
	if (kept)
		mxsel__cached_keep(q, &cached);
	return MXSEL_OK;
}
