/*
 * The recorder (R79): everything a selection is told, line by line as it
 * comes, so that the same can be told again. Lines are printable ASCII
 * without exception: what strangers wrote is escaped. Nothing here runs and
 * nothing is allocated when no recorder is set.
 */
#include "select/select.h"

#include <string.h>

#include "cache/memory.h"
#include "cache/memory_text.h"
#include "select/remember.h"

#define SMALL 1536u /* holds every line that tells of what was cached */
/* Octets of a name's text above which it is no name for certain. */
#define NAME_SHOWN 1100u
#define REPLY_SHOWN 512u

struct line {
	const struct mxsel *m;
	char *text;
	size_t length;
	char *big; /* from the allocator */
	char small[SMALL];
};

static int is_on(const struct mxsel *m)
{
	return m->options->record != NULL;
}

int mxsel_options_set_recorder(mxsel_options *options, mxsel_record_fn record,
	void *user)
{
	if (options == NULL || atomic_load(&options->owners) != 1)
		return MXSEL_EUSAGE;
	options->record = record;
	options->record_user = user;
	return MXSEL_OK;
}

/* --- a line -------------------------------------------------------------- */

/* more: octets beyond a name and numbers. 0 or MXSEL_ENOMEM. */
static int begin(struct line *l, const struct mxsel *m, size_t more)
{
	l->m = m;
	l->text = l->small;
	l->length = 0;
	l->big = NULL;
	if (more <= SMALL - MXSEL__NAME_SIZE - 100)
		return MXSEL_OK;
	l->big = mxsel__alloc(&m->arena.allocator, SMALL + more);
	if (l->big == NULL)
		return MXSEL_ENOMEM;
	l->text = l->big;
	return MXSEL_OK;
}

static void put(struct line *l, const char *text)
{
	size_t length = strlen(text);

	memcpy(l->text + l->length, text, length);
	l->length += length;
}

/* Octets that are not printable, and the backslash, as \DDD. */
static void put_escaped(struct line *l, const char *text, size_t length)
{
	char *out = l->text + l->length;
	size_t i;

	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c > 0x20 && c < 0x7f && c != '\\') {
			*out++ = (char)c;
			continue;
		}
		*out++ = '\\';
		*out++ = (char)('0' + c / 100);
		*out++ = (char)('0' + c / 10 % 10);
		*out++ = (char)('0' + c % 10);
	}
	l->length = (size_t)(out - l->text);
}

static void put_number(struct line *l, uint64_t number)
{
	char digits[21];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	put(l, " ");
	put(l, digits + at);
}

static void put_question(struct line *l, const struct mxsel_query *q)
{
	put(l, " ");
	put(l, q->name);
	put(l, " ");
	put(l, mxsel__type_name(q->type));
}

static void put_octets(struct line *l, const uint8_t *octets, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	char *out = l->text + l->length;
	size_t i;

	for (i = 0; i < size; i++) {
		*out++ = digits[octets[i] >> 4];
		*out++ = digits[octets[i] & 15];
	}
	l->length += 2 * size;
}

static void tell(struct line *l)
{
	const struct mxsel_options *o = l->m->options;

	l->text[l->length] = '\0';
	o->record(l->text, o->record_user);
	mxsel__release(&l->m->arena.allocator, l->big);
}

/* --- what a selection is told -------------------------------------------- */

int mxsel__record_destination(const struct mxsel *m, const char *text,
	size_t length)
{
	struct line l;

	if (!is_on(m))
		return MXSEL_OK;
	/* One octet too many is as wrong as a thousand. */
	if (length > DESTINATION_MAX + 1)
		length = DESTINATION_MAX + 1;
	if (begin(&l, m, 4 * length) != MXSEL_OK)
		return MXSEL_ENOMEM;
	m->options->record("mxsel-record 1", m->options->record_user);
	put(&l, "destination ");
	put_escaped(&l, text, length);
	tell(&l);
	return MXSEL_OK;
}

void mxsel__record_seed(const struct mxsel *m)
{
	struct line l;

	if (!is_on(m))
		return;
	(void)begin(&l, m, 0);
	put(&l, "seed");
	put_number(&l, m->seed);
	tell(&l);
}

/* "mx NAME PREFERENCE EXCHANGE TTL", "alias NAME TYPE TARGET TTL". */
static int record_name(const struct mxsel_query *q, int preference,
	const char *name, uint32_t ttl)
{
	size_t length = strlen(name);
	struct line l;

	if (length > NAME_SHOWN)
		length = NAME_SHOWN;
	if (begin(&l, q->selection, 4 * length) != MXSEL_OK)
		return MXSEL_ENOMEM;
	put(&l, preference < 0 ? "alias" : "mx");
	if (preference < 0) {
		put_question(&l, q);
	} else {
		put(&l, " ");
		put(&l, q->name);
		put_number(&l, (uint64_t)preference);
	}
	put(&l, length == 0 ? " ." : " ");
	put_escaped(&l, name, length);
	put_number(&l, ttl);
	tell(&l);
	return MXSEL_OK;
}

int mxsel__record_mx(const struct mxsel_query *q, uint16_t preference,
	const char *exchange, uint32_t ttl)
{
	return is_on(q->selection) ? record_name(q, preference, exchange, ttl)
	                           : MXSEL_OK;
}

int mxsel__record_alias(const struct mxsel_query *q, const char *target,
	uint32_t ttl)
{
	return is_on(q->selection) ? record_name(q, -1, target, ttl)
	                           : MXSEL_OK;
}

void mxsel__record_address(const struct mxsel_query *q, const uint8_t *bytes,
	uint32_t ttl)
{
	struct mxsel__address address = { { 0 }, 4 };
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	struct line l;

	if (!is_on(q->selection))
		return;
	if (q->type == MXSEL_TYPE_AAAA)
		address.length = 16;
	memcpy(address.bytes, bytes, address.length);
	mxsel__address_format(text, &address);
	(void)begin(&l, q->selection, 0);
	put(&l, "address");
	put_question(&l, q);
	put(&l, " ");
	put(&l, text);
	put_number(&l, ttl);
	tell(&l);
}

int mxsel__record_tlsa(const struct mxsel_query *q,
	const struct mxsel__tlsa *tlsa, uint32_t ttl)
{
	struct line l;

	if (!is_on(q->selection))
		return MXSEL_OK;
	if (begin(&l, q->selection, 2 * (size_t)tlsa->length) != MXSEL_OK)
		return MXSEL_ENOMEM;
	put(&l, "tlsa ");
	put(&l, q->name);
	put_number(&l, tlsa->usage);
	put_number(&l, tlsa->selector);
	put_number(&l, tlsa->matching);
	put(&l, tlsa->length == 0 ? " -" : " ");
	put_octets(&l, tlsa->data, tlsa->length);
	put_number(&l, ttl);
	tell(&l);
	return MXSEL_OK;
}

void mxsel__record_negative(const struct mxsel_query *q, uint32_t ttl)
{
	struct line l;

	if (!is_on(q->selection))
		return;
	(void)begin(&l, q->selection, 0);
	put(&l, "negative");
	put_question(&l, q);
	put_number(&l, ttl);
	tell(&l);
}

void mxsel__record_end(const struct mxsel_query *q)
{
	struct line l;

	/* At the end of a selection nobody listens any more. */
	if (!is_on(q->selection) || q->selection->doomed)
		return;
	(void)begin(&l, q->selection, 0);
	put(&l, "end");
	put_question(&l, q);
	put_number(&l, q->outcome);
	put_number(&l, q->security);
	tell(&l);
}

int mxsel__record_packet(char **line, const struct mxsel_query *q,
	const uint8_t *packet, size_t size, int security)
{
	struct line l;

	*line = NULL;
	if (!is_on(q->selection))
		return MXSEL_OK;
	if (begin(&l, q->selection, SMALL + 2 * size) != MXSEL_OK)
		return MXSEL_ENOMEM;
	put(&l, "packet");
	put_question(&l, q);
	put_number(&l, (uint64_t)security);
	put(&l, " ");
	put_octets(&l, packet, size);
	l.text[l.length] = '\0';
	*line = l.big;
	return MXSEL_OK;
}

void mxsel__record_close(const struct mxsel *m, char *line, int taken)
{
	if (line == NULL)
		return;
	if (taken)
		m->options->record(line, m->options->record_user);
	mxsel__release(&m->arena.allocator, line);
}

static void record_known(const struct mxsel *m, const struct mxsel__known *k)
{
	struct mxsel_memory_entry entry;
	char line[sizeof("memory") + MXSEL_MEMORY_TEXT_SIZE];

	memcpy(line, "memory ", sizeof("memory"));
	mxsel__memory_entry(&entry, k);
	(void)mxsel__memory_line(line + sizeof("memory"), &entry);
	m->options->record(line, m->options->record_user);
}

/* What the memory knew when it was asked. */
void mxsel__record_memory(const struct mxsel *m, const struct mxsel__known *k,
	size_t n)
{
	size_t i;

	if (!is_on(m))
		return;
	for (i = 0; i < n; i++)
		if (k[i].is_known)
			record_known(m, &k[i]);
}

int mxsel__record_report(const struct mxsel *m, int outcome, int code,
	const char *text)
{
	size_t length = text == NULL ? 0 : strlen(text);
	const char *address;
	const struct host *host;
	struct line l;

	if (!is_on(m))
		return MXSEL_OK;
	if (length > REPLY_SHOWN)
		length = REPLY_SHOWN;
	if (begin(&l, m, 4 * length) != MXSEL_OK)
		return MXSEL_ENOMEM;
	host = &m->hosts[m->cursor->host];
	put(&l, "report ");
	put(&l, host->name);
	address = mxsel__address_text(m);
	put(&l, address[0] == '\0' ? " -" : " ");
	put(&l, address);
	put_number(&l, (uint64_t)outcome);
	put_number(&l, (uint64_t)code);
	if (length > 0) {
		put(&l, " ");
		put_escaped(&l, text, length);
	}
	tell(&l);
	return MXSEL_OK;
}
