/*
 * Any octets as the answer to a question (S14-S21): what is accepted can be
 * read to its end, says the same when it is read again, and every name in it
 * is one. Where ldns is there, it is asked for its opinion, and a difference
 * must be a known one: see support/ldns_opinion.h. At its end the program says
 * how often there was which.
 *
 * Input: type asked for, aliases followed, name asked for (its high bit: the
 * octets are the whole message, else what follows the question, after two
 * octets of flags and three counts), octets.
 */
#include <mxsel/mxsel.h>

#include "fuzz/fuzz.h"
#ifdef HAVE_LDNS
#include "support/ldns_opinion.h"
#endif
#include "support/packet.h"
#include "wire/message.h"

static const char *const names[] = {
	"example.com", "a", "", "mx.example", "_25._tcp.mx.example",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};
static const uint16_t types[] = {
	PACKET_MX, PACKET_A, PACKET_AAAA, PACKET_CNAME, PACKET_TLSA
};

/* A name that was read is read the same as text; it is the one it is. */
static void try_name(const struct mxsel__message *m, size_t offset)
{
	char text[MXSEL__NAME_TEXT_SIZE], again[MXSEL__NAME_TEXT_SIZE];
	size_t length, length_again, i;
	enum mxsel__name_kind kind;

	kind = mxsel__wire_name(m, offset, text, &length);
	MUST(kind != MXSEL__NAME_BROKEN);
	MUST(length == strlen(text) && length < sizeof(text));
	MUST(mxsel__name_parse(again, &length_again, text, length) == kind);
	MUST(length == length_again && memcmp(text, again, length) == 0);
	for (i = 0; i < length; i++)
		MUST(text[i] > ' ' && text[i] < 0x7f &&
			(text[i] < 'A' || text[i] > 'Z'));
	if (kind != MXSEL__NAME_GOOD)
		return;
	MUST(length <= MXSEL__NAME_MAX);
	MUST(strpbrk(text, "\\ ") == NULL);
	MUST(mxsel__wire_name_is(m, offset, text));
	MUST(!mxsel__wire_name_is(m, offset, "no.such.name.invalid") ||
		strcmp(text, "no.such.name.invalid") == 0);
}

static void try_record(const struct mxsel__message *m,
	const struct mxsel__record *record)
{
	size_t at;

	MUST(record->ttl <= 0x7fffffff);
	if (m->type == PACKET_MX) {
		MUST(record->exchange < m->size);
		try_name(m, record->exchange);
	}
	if (m->type != PACKET_A && m->type != PACKET_AAAA &&
		m->type != PACKET_TLSA)
		return;
	at = (size_t)(record->rdata - m->packet);
	MUST(at < m->size && m->size - at >= record->rdlength);
	MUST(m->type != PACKET_A || record->rdlength == 4);
	MUST(m->type != PACKET_AAAA || record->rdlength == 16);
	MUST(m->type != PACKET_TLSA || record->rdlength >= 3);
}

static void try_message(struct mxsel__message *m, unsigned max_links)
{
	struct mxsel__record record;
	unsigned count = 0, again = 0;

	MUST(m->outcome <= MXSEL_DNS_REFERRAL);
	if (m->outcome != MXSEL_DNS_COMPLETE &&
		m->outcome != MXSEL_DNS_NXDOMAIN)
		return;
	MUST(m->links <= max_links || m->loop);
	try_name(m, m->owner);
	while (mxsel__wire_next(m, &record)) {
		try_record(m, &record);
		count++;
	}
	MUST(count == m->records);
	MUST(count == 0 || m->outcome == MXSEL_DNS_COMPLETE);
	mxsel__wire_rewind(m);
	while (mxsel__wire_next(m, &record))
		again++;
	MUST(count == again);
	mxsel__wire_rewind(m);
}

/* The message whose header and question are as they should be. */
static void build(struct packet *p, struct input *in, const char *name,
	unsigned type)
{
	const uint8_t *octets;
	unsigned i;
	size_t size;

	packet_begin(p, PACKET_QR | (take16(in) & 0x87ff), name, type);
	for (i = 0; i < 3; i++)
		packet_set16(p, 6 + 2 * i, take8(in));
	size = take(in, PACKET_MAX - p->size, &octets);
	packet_bytes(p, octets, size);
}

#ifdef HAVE_LDNS
static unsigned long long opinions[OPINIONS];

static void say_opinions(void)
{
	unsigned long long all = 0;
	enum opinion i;

	for (i = 0; i < OPINIONS; i++)
		if (i != OPINION_THROUGH && i != OPINION_CUT)
			all += opinions[i];
	fprintf(stderr, "ldns: compared %llu, same %llu", all,
		opinions[OPINION_SAME]);
	for (i = 0; i < OPINIONS; i++)
		if (opinions[i] > 0 && ldns_opinion_name(i) != NULL)
			fprintf(stderr, ", %s %llu", ldns_opinion_name(i),
				opinions[i]);
	fprintf(stderr, "\n");
}

static void ask_ldns(const struct packet *p, struct mxsel__message *m,
	int result, const char *name, uint16_t type)
{
	static int is_begun;
	const char *difference = "";
	enum opinion opinion = ldns_opinion(p, m, result, name, type,
		&difference);

	if (!is_begun)
		is_begun = atexit(say_opinions) == 0;
	opinions[opinion]++;
	if (opinion != OPINION_DIFFERS)
		return;
	fprintf(stderr, "ldns reads it in another way: unexplained\n");
	fuzz_broken(__FILE__, __LINE__, difference);
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct packet p;
	struct input in = { data, size, 0 };
	uint16_t type = types[take8(&in) % 5];
	unsigned max_links = take8(&in) % 32, flags = take8(&in);
	const char *name = names[(flags & 0x7f) % 6];
	struct mxsel__message m;
	uint8_t *exact;
	int result;

	if (flags & 0x80) {
		const uint8_t *octets;

		p.size = take(&in, PACKET_MAX, &octets);
		if (p.size > 0)
			memcpy(p.octets, octets, p.size);
	} else {
		build(&p, &in, name, type);
	}
	/* Most of the time ten, for ldns. */
	if (max_links > 16)
		max_links = 10;
	exact = malloc(p.size > 0 ? p.size : 1);
	MUST(exact != NULL);
	memcpy(exact, p.octets, p.size);
	memset(&m, 0, sizeof(m));
	result = mxsel__wire_open(&m, exact, p.size, name, type, max_links);
	MUST(result == MXSEL_OK || result == MXSEL_EMISMATCH ||
		result == MXSEL_EMALFORMED);
	if (result == MXSEL_OK)
		try_message(&m, max_links);
	MUST(memcmp(exact, p.octets, p.size) == 0);
#ifdef HAVE_LDNS
	if (max_links == 10)
		ask_ldns(&p, &m, result, name, type);
#endif
	free(exact);
	return 0;
}
