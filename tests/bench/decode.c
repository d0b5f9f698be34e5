/*
 * One MX answer of five records, from the octets of the message to its names
 * in order, ready to use: this library against those that mail servers use.
 * All of them get the same octets, in turns. Uses rooms of the library, and
 * ldns, c-ares and libresolv where they are there.
 */
#define _DEFAULT_SOURCE

#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/measure.h"
#include "rank/order.h"
#include "support/packet.h"
#include "wire/message.h"

#ifdef HAVE_LDNS
#include <ldns/ldns.h>
#endif
#ifdef HAVE_CARES
#include <ares.h>
#endif
#ifdef HAVE_RESOLV
#include <arpa/nameser.h>
#include <resolv.h>
#endif

#define COUNT 5
#define DOMAIN "example.com"

static struct packet answer;
static mxsel *selection;
static struct mxsel__random numbers;
static volatile unsigned used; /* so that nothing is optimised away */

static void make_answer(void)
{
	static const unsigned preferences[COUNT] = { 10, 10, 20, 20, 30 };
	char label[] = "mx0";
	unsigned i;

	packet_begin(&answer, PACKET_REPLY, DOMAIN, PACKET_MX);
	for (i = 0; i < COUNT; i++) {
		label[2] = (char)('1' + i);
		packet_pointer(&answer, 12);
		packet_head(&answer, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
		packet_16(&answer, preferences[i]);
		packet_label(&answer, label, 3);
		packet_pointer(&answer, 12);
		packet_end(&answer);
	}
}

static void fail(const char *what)
{
	fprintf(stderr, "%s does not decode the answer\n", what);
	exit(EXIT_FAILURE);
}

static void by_rooms(void)
{
	struct mxsel__message message;
	struct mxsel__record record;
	struct mxsel__mx v[COUNT];
	char names[COUNT * 64 + MXSEL__NAME_TEXT_SIZE];
	size_t n = 0, at = 0, length;

	if (mxsel__wire_open(&message, answer.octets, answer.size, DOMAIN,
		MXSEL_TYPE_MX, 10) != MXSEL_OK || message.records != COUNT)
		fail("libmxsel");
	while (mxsel__wire_next(&message, &record)) {
		char *name = names + at;

		v[n].kind = (uint8_t)mxsel__wire_name(&message,
			record.exchange, name, &length);
		v[n].name = name;
		v[n].key = mxsel__order_key(name, length);
		v[n].length = (uint16_t)length;
		v[n].preference = record.preference;
		at += length + 1;
		n++;
	}
	n = mxsel__order_sort(v, n);
	mxsel__order_shuffle(v, n, &numbers);
	used += (unsigned)v[0].name[2];
}

static void by_selection(void)
{
	mxsel_query *q;

	if (mxsel_reset(selection, DOMAIN) != MXSEL_OK ||
		mxsel_next(selection) != MXSEL_LOOKUP)
		fail("libmxsel");
	q = mxsel_query_take(selection);
	if (mxsel_answer_packet(q, answer.octets, answer.size, 0) != MXSEL_OK)
		fail("libmxsel");
	used += mxsel_flags(selection);
}

#if defined(HAVE_LDNS) || defined(HAVE_RESOLV) || defined(HAVE_CARES)
struct entry {
	unsigned preference;
	const void *name;
};

static int by_preference(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->preference > y->preference) -
		(x->preference < y->preference);
}
#endif

#ifdef HAVE_LDNS
static size_t ldns_entries(struct entry v[COUNT], ldns_pkt *packet)
{
	ldns_rr_list *list = ldns_pkt_answer(packet);
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(list) && i < COUNT; i++) {
		ldns_rr *rr = ldns_rr_list_rr(list, i);

		v[i].preference = ldns_rdf2native_int16(ldns_rr_rdf(rr, 0));
		v[i].name = ldns_rr_rdf(rr, 1);
	}
	qsort(v, i, sizeof(v[0]), by_preference);
	return i;
}

static void by_ldns(void)
{
	struct entry v[COUNT];
	ldns_pkt *packet;

	if (ldns_wire2pkt(&packet, answer.octets, answer.size) !=
		LDNS_STATUS_OK)
		fail("ldns");
	if (ldns_entries(v, packet) != COUNT)
		fail("ldns");
	used += v[0].preference;
	ldns_pkt_free(packet);
}

static void by_ldns_text(void)
{
	struct entry v[COUNT];
	ldns_pkt *packet;
	char *text[COUNT];
	size_t i;

	if (ldns_wire2pkt(&packet, answer.octets, answer.size) !=
		LDNS_STATUS_OK)
		fail("ldns");
	if (ldns_entries(v, packet) != COUNT)
		fail("ldns");
	for (i = 0; i < COUNT; i++)
		text[i] = ldns_rdf2str(v[i].name);
	ldns_pkt_free(packet);
	used += (unsigned)text[0][2];
	for (i = 0; i < COUNT; i++)
		free(text[i]);
}
#endif

#ifdef HAVE_CARES
static void by_cares(void)
{
	struct ares_mx_reply *first, *at;
	struct entry v[COUNT];
	size_t n = 0;

	if (ares_parse_mx_reply(answer.octets, (int)answer.size, &first) !=
		ARES_SUCCESS)
		fail("c-ares");
	for (at = first; at != NULL && n < COUNT; at = at->next, n++) {
		v[n].preference = at->priority;
		v[n].name = at->host;
	}
	qsort(v, n, sizeof(v[0]), by_preference);
	used += (unsigned)((const char *)v[0].name)[2];
	ares_free_data(first);
}
#endif

#ifdef HAVE_RESOLV
static void by_resolv(void)
{
	char names[COUNT][NS_MAXDNAME];
	struct entry v[COUNT];
	ns_msg message;
	ns_rr rr;
	int i;

	if (ns_initparse(answer.octets, (int)answer.size, &message) != 0 ||
		ns_msg_count(message, ns_s_an) != COUNT)
		fail("libresolv");
	for (i = 0; i < COUNT; i++) {
		if (ns_parserr(&message, ns_s_an, i, &rr) != 0 ||
			ns_name_uncompress(ns_msg_base(message),
			ns_msg_end(message), ns_rr_rdata(rr) + 2, names[i],
			sizeof(names[i])) < 0)
			fail("libresolv");
		v[i].preference = ns_get16(ns_rr_rdata(rr));
		v[i].name = names[i];
	}
	qsort(v, COUNT, sizeof(v[0]), by_preference);
	used += (unsigned)((const char *)v[0].name)[2];
}
#endif

static struct contestant contestants[] = {
	{ .name = "libmxsel, rooms wire and rank", .work = by_rooms,
		.batch = 400 },
	{ .name = "libmxsel, reset to mxsel_answer_packet()",
		.work = by_selection, .batch = 200 },
#ifdef HAVE_RESOLV
	{ .name = "libresolv, ns_parserr()", .work = by_resolv,
		.batch = 200 },
#endif
#ifdef HAVE_CARES
	{ .name = "c-ares, ares_parse_mx_reply()", .work = by_cares,
		.batch = 100 },
#endif
#ifdef HAVE_LDNS
	{ .name = "ldns, ldns_wire2pkt()", .work = by_ldns, .batch = 50 },
	{ .name = "ldns, with the names as text", .work = by_ldns_text,
		.batch = 20 },
#endif
};

#define CONTESTANTS (sizeof(contestants) / sizeof(contestants[0]))

static void show(void)
{
	size_t i;

	measure_title("Five MX decoded and ordered, names ready; ns "
		"(then times ours: rooms, whole API)");
	for (i = 0; i < CONTESTANTS; i++) {
		measure_row(&contestants[i]);
		printf(" %6.1f %6.1f\n",
			measure_ratio(&contestants[i], &contestants[0]),
			measure_ratio(&contestants[i], &contestants[1]));
	}
#ifndef HAVE_RESOLV
	puts("  skipped: libresolv");
#endif
#ifndef HAVE_CARES
	puts("  skipped: c-ares");
#endif
#ifndef HAVE_LDNS
	puts("  skipped: ldns");
#endif
	puts("  The second row also resets the selection, opens the question, "
		"looks for\n  ourselves, for null MX and refused names, and "
		"copies the hosts into the plan.");
}

int main(void)
{
	mxsel_options *options;

	make_answer();
	mxsel__random_init(&numbers, 1);
	if (mxsel_options_new(&options) != MXSEL_OK ||
		mxsel_options_set_seed(options, 1) != MXSEL_OK ||
		mxsel_new(&selection, DOMAIN, options) != MXSEL_OK)
		return EXIT_FAILURE;
	measure_all(contestants, CONTESTANTS);
	show();
	mxsel_free(selection);
	mxsel_options_free(options);
	return EXIT_SUCCESS;
}
