/*
 * One question, see engine_question.h. May use public headers and libc only.
 */
#include "ldns/engine_question.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/ldns.h>

#include "ldns/sys.h"
#include "ldns/tcp.h"
#include "ldns/udp.h"

#define ROUNDS_MAX 3u        /* tries per server (S47) */
#define SHARE_MAX 1750u      /* ms: a slow recursion is given that much */
#define SHARE_WANTED 1000u   /* ms: rather fewer rounds than less */
#define STRAYS_MAX 4u        /* S4 */
#define READS_AT_A_TIME 32   /* messages, then others have their turn */
#define SOCKET_PAUSE 10u     /* ms, when all sockets are in use */
#define SHORTAGE_PAUSE 50u   /* ms, when the machine is short of something */

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * As many rounds as leave every try a fair time: a try of the second round
 * has twice the time of the first, one of the third four times.
 */
static void plan_rounds(struct mxsel__question *q, uint32_t milliseconds)
{
	uint32_t wanted = (uint32_t)earlier(SHARE_WANTED, milliseconds / 7u);
	unsigned rounds = ROUNDS_MAX + 1;
	uint32_t share;

	if (q->count == 0)
		return;
	do {
		rounds--;
		share = milliseconds / (q->count * ((1u << rounds) - 1u));
	} while (share < wanted && rounds > 1);
	q->turns = rounds * q->count;
	q->share = (uint32_t)earlier(share, SHARE_MAX);
}

int mxsel__question_new(struct mxsel__question **out,
	struct mxsel__servers *servers, mxsel_query *query, uint64_t now,
	uint32_t milliseconds)
{
	struct mxsel__question *q = calloc(1, sizeof *q);

	if (q == NULL)
		return MXSEL_ENOMEM;
	mxsel__exchange_init(&q->exchange);
	q->servers = servers;
	q->query = query;
	q->state = MXSEL__QUESTION_DUE;
	q->outcome = MXSEL_DNS_NETWORK;
	q->deadline = now + milliseconds;
	q->wake = now;
	q->count = mxsel__servers_order(servers, now, q->order);
	plan_rounds(q, milliseconds);
	*out = q;
	return 0;
}

static unsigned server_of(const struct mxsel__question *q)
{
	return q->order[q->turn % q->count];
}

static struct mxsel__standing *standing_of(struct mxsel__question *q)
{
	return &q->standings[server_of(q)];
}

static void hang_up(struct mxsel__question *q)
{
	if (q->exchange.fd >= 0)
		mxsel__servers_give_socket(q->servers);
	mxsel__exchange_close(&q->exchange);
}

void mxsel__question_cancel(struct mxsel__question *q)
{
	hang_up(q);
	q->query = NULL;
	q->state = MXSEL__QUESTION_OVER;
}

void mxsel__question_free(struct mxsel__question *q)
{
	hang_up(q);
	free(q);
}

/* Detached first: answering may call back into the engine (S38). */
static void finish(struct mxsel__question *q, int outcome)
{
	mxsel_query *query = q->query;

	mxsel__question_cancel(q);
	q->error = mxsel_answer_finish(query, outcome,
		MXSEL_SECURITY_INDETERMINATE);
}

/* How much a failure tells; the most telling one is the question's. */
static int rank_of(int outcome)
{
	switch (outcome) {
	case MXSEL_DNS_SERVFAIL:
		return 5;
	case MXSEL_DNS_TRUNCATED:
	case MXSEL_DNS_MALFORMED:
		return 4;
	case MXSEL_DNS_NETWORK:
		return 1;
	case MXSEL_DNS_TIMEOUT:
		return 2;
	default:
		return 3;
	}
}

static void note_failure(struct mxsel__question *q, int outcome)
{
	if (rank_of(outcome) > rank_of(q->outcome))
		q->outcome = outcome;
}

/* The next turn of a server that may still be of use; turns: none. */
static unsigned later_turn(const struct mxsel__question *q)
{
	const struct mxsel__standing *standing;
	unsigned turn;

	for (turn = q->turn + 1; turn < q->turns; turn++) {
		standing = &q->standings[q->order[turn % q->count]];
		if (!standing->useless && standing->tries < ROUNDS_MAX)
			break;
	}
	return turn;
}

static void go_on_at(struct mxsel__question *q, uint64_t time)
{
	hang_up(q);
	q->state = MXSEL__QUESTION_DUE;
	q->wake = earlier(time, q->deadline);
}

static void next_server(struct mxsel__question *q, uint64_t time)
{
	q->turn = later_turn(q);
	if (q->turn < q->turns)
		go_on_at(q, time);
	else
		finish(q, q->outcome);
}

static void give_up_server(struct mxsel__question *q, int outcome,
	uint64_t now)
{
	note_failure(q, outcome);
	standing_of(q)->useless = 1;
	next_server(q, now);
}

static void go_on_over_tcp(struct mxsel__question *q, uint64_t now)
{
	standing_of(q)->tcp = 1;
	q->goes_on = 1;
	go_on_at(q, now);
}

static void take_fault(struct mxsel__question *q, enum mxsel__fault fault,
	uint64_t now)
{
	if (fault == MXSEL__FAULT_BROKEN) {
		mxsel__servers_count(q->servers, MXSEL_LDNS_MALFORMED);
		give_up_server(q, MXSEL_DNS_MALFORMED, now);
	} else if (fault == MXSEL__FAULT_LOCAL) {
		next_server(q, now + SHORTAGE_PAUSE);
	} else {
		if (!standing_of(q)->tcp)
			mxsel__servers_blame(q->servers, server_of(q), now);
		give_up_server(q, MXSEL_DNS_NETWORK, now);
	}
}

/* ------------------------------------------------------------- asking */

/*
 * Jittered by an eighth either way, so that many askers do not come back at
 * the same time. The last try has all the time that is left.
 */
static uint64_t end_of_try(const struct mxsel__question *q, uint64_t now,
	uint16_t jitter)
{
	uint64_t span = (uint64_t)q->share << (q->turn / q->count);

	if (later_turn(q) >= q->turns)
		return q->deadline;
	span = span * 7 / 8 + span * jitter / (4u * 65536u);
	return earlier(now + (span > 0 ? span : 1), q->deadline);
}

/* The last try of a server goes without EDNS: something may drop it. */
static int wants_edns(const struct mxsel__question *q,
	const struct mxsel__standing *standing)
{
	unsigned rounds = q->turns / q->count;

	return !standing->plain && (rounds == 1 || standing->tries < rounds);
}

/* A new id each time, and the end of the try. 0 or an error. */
static int write_question(struct mxsel__question *q, uint64_t now)
{
	uint16_t random[2];
	int result;

	result = mxsel__sys_random(random, sizeof random);
	if (result != 0)
		return result;
	q->wake = end_of_try(q, now, random[1]);
	return mxsel__exchange_write(&q->exchange, q->query, random[0],
		wants_edns(q, standing_of(q)));
}

static enum mxsel__fault send_question(struct mxsel__question *q)
{
	const struct mxsel__server *server = &q->servers->list[server_of(q)];

	if (standing_of(q)->tcp) {
		q->state = MXSEL__QUESTION_TCP;
		mxsel__servers_count(q->servers, MXSEL_LDNS_SENT_TCP);
		return mxsel__tcp_open(&q->exchange, server);
	}
	q->state = MXSEL__QUESTION_UDP;
	mxsel__servers_count(q->servers, MXSEL_LDNS_SENT_UDP);
	return mxsel__udp_open(&q->exchange, server);
}

static void ask(struct mxsel__question *q, uint64_t now)
{
	enum mxsel__fault fault;

	if (!mxsel__servers_take_socket(q->servers)) {
		q->wake = earlier(now + SOCKET_PAUSE, q->deadline);
		return;
	}
	if (!q->goes_on)
		standing_of(q)->tries++;
	q->goes_on = 0;
	if (write_question(q, now) != 0) {
		mxsel__servers_give_socket(q->servers);
		finish(q, MXSEL_DNS_NETWORK);
		return;
	}
	fault = send_question(q);
	if (fault != MXSEL__FAULT_NONE) {
		mxsel__servers_give_socket(q->servers);
		take_fault(q, fault, now);
	}
}

/* ----------------------------------------------------------- hearing */

static void take_stray(struct mxsel__question *q, uint64_t now)
{
	mxsel__servers_count(q->servers, MXSEL_LDNS_MISMATCHED);
	if (++q->exchange.strays < STRAYS_MAX)
		return;
	if (q->state == MXSEL__QUESTION_UDP)
		go_on_over_tcp(q, now);
	else
		give_up_server(q, MXSEL_DNS_MALFORMED, now);
}

static void take_truncated(struct mxsel__question *q, uint64_t now)
{
	mxsel__servers_count(q->servers, MXSEL_LDNS_TRUNCATED);
	note_failure(q, MXSEL_DNS_TRUNCATED);
	if (q->state == MXSEL__QUESTION_UDP)
		go_on_over_tcp(q, now);
	else
		give_up_server(q, MXSEL_DNS_TRUNCATED, now);
}

/* Over UDP a better one may come (S3); over TCP it is the server's word. */
static void take_malformed(struct mxsel__question *q, uint64_t now)
{
	mxsel__servers_count(q->servers, MXSEL_LDNS_MALFORMED);
	note_failure(q, MXSEL_DNS_MALFORMED);
	if (q->state == MXSEL__QUESTION_TCP)
		give_up_server(q, MXSEL_DNS_MALFORMED, now);
}

static void take_answer(struct mxsel__question *q,
	const struct mxsel__reply *reply, uint64_t now)
{
	int result = mxsel_answer_packet(q->query, reply->packet, reply->size,
		MXSEL_SECURITY_INDETERMINATE);

	if (q->state == MXSEL__QUESTION_OVER)
		return;
	if (result == MXSEL_EMISMATCH)
		take_stray(q, now);
	else if (result == MXSEL_EMALFORMED)
		take_malformed(q, now);
	else if (result == MXSEL_ENOMEM)
		finish(q, MXSEL_DNS_NETWORK);
	else
		mxsel__question_cancel(q);
}

static int outcome_of(unsigned code)
{
	switch (code) {
	case MXSEL__RCODE_FORMERR:
		return MXSEL_DNS_FORMERR;
	case MXSEL__RCODE_SERVFAIL:
		return MXSEL_DNS_SERVFAIL;
	case MXSEL__RCODE_NOTIMP:
		return MXSEL_DNS_NOTIMP;
	case MXSEL__RCODE_REFUSED:
		return MXSEL_DNS_REFUSED;
	default:
		return MXSEL_DNS_RCODE;
	}
}

/* What servers say that know no OPT record, or no such version of it. */
static int speaks_of_edns(unsigned code)
{
	return code == MXSEL__RCODE_FORMERR || code == MXSEL__RCODE_NOTIMP ||
		code == MXSEL__RCODE_BADVERS;
}

/* RFC 6891 7: once again without OPT, then the next server. */
static void take_failure(struct mxsel__question *q, unsigned code,
	uint64_t now)
{
	struct mxsel__standing *standing = standing_of(q);
	int had_edns = q->exchange.packet[MXSEL__PREFIX_SIZE + 11] != 0;

	if (!speaks_of_edns(code) || !had_edns ||
			standing->tries >= ROUNDS_MAX) {
		give_up_server(q, outcome_of(code), now);
		return;
	}
	note_failure(q, outcome_of(code));
	standing->plain = 1;
	go_on_at(q, now);
}

static void take_reply(struct mxsel__question *q,
	const struct mxsel__reply *reply, uint64_t now)
{
	unsigned code;

	if (!mxsel__reply_matches(reply, &q->exchange)) {
		take_stray(q, now);
		return;
	}
	mxsel__servers_forgive(q->servers, server_of(q));
	if (reply->cut || mxsel__reply_is_truncated(reply)) {
		take_truncated(q, now);
		return;
	}
	code = mxsel__reply_code(reply);
	if (code == MXSEL__RCODE_NOERROR || code == MXSEL__RCODE_NXDOMAIN)
		take_answer(q, reply, now);
	else
		take_failure(q, code, now);
}

static int is_open(const struct mxsel__question *q)
{
	return q->state == MXSEL__QUESTION_UDP ||
		q->state == MXSEL__QUESTION_TCP;
}

static void listen_to(struct mxsel__question *q, uint64_t now)
{
	uint8_t room[MXSEL__UDP_SIZE];
	struct mxsel__reply reply;
	enum mxsel__fault fault;
	int reads;

	for (reads = 0; reads < READS_AT_A_TIME && is_open(q); reads++) {
		if (q->state == MXSEL__QUESTION_UDP)
			fault = mxsel__udp_receive(&q->exchange, room, &reply);
		else
			fault = mxsel__tcp_step(&q->exchange, &reply);
		if (fault == MXSEL__FAULT_AGAIN)
			return;
		if (fault == MXSEL__FAULT_NONE)
			take_reply(q, &reply, now);
		else
			take_fault(q, fault, now);
	}
}

static void time_out(struct mxsel__question *q, uint64_t now)
{
	mxsel__servers_count(q->servers, MXSEL_LDNS_TIMEOUTS);
	note_failure(q, MXSEL_DNS_TIMEOUT);
	if (!standing_of(q)->tcp)
		mxsel__servers_blame(q->servers, server_of(q), now);
	next_server(q, now);
}

/* Heard first: an answer that is there counts, however late we look. */
void mxsel__question_visit(struct mxsel__question *q, uint64_t now)
{
	listen_to(q, now);
	if (is_open(q) && now >= q->wake)
		time_out(q, now);
	while (q->state == MXSEL__QUESTION_DUE && now >= q->wake) {
		if (q->count == 0)
			finish(q, MXSEL_DNS_NETWORK);
		else if (now >= q->deadline)
			finish(q, q->outcome);
		else
			ask(q, now);
	}
}

void mxsel__question_restart(struct mxsel__question *q, uint64_t now)
{
	if (!is_open(q))
		return;
	go_on_at(q, now);
	q->goes_on = 1;
}

void mxsel__question_limit(struct mxsel__question *q, uint64_t deadline)
{
	q->deadline = earlier(q->deadline, deadline);
	q->wake = earlier(q->wake, q->deadline);
}

int mxsel__question_descriptor(const struct mxsel__question *q,
	struct pollfd *out)
{
	if (!is_open(q))
		return 0;
	out->fd = q->exchange.fd;
	out->events = q->state == MXSEL__QUESTION_TCP ?
		mxsel__tcp_events(&q->exchange) : POLLIN;
	out->revents = 0;
	return 1;
}
