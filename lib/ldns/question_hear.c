/*
 * What came for a question, and what it means for the way it goes. May use
 * public headers and libc only.
 */
#include "ldns/question.h"

#include "ldns/engine.h"
#include "ldns/letters.h"
#include "ldns/question_steps.h"
#include "ldns/stream.h"
#include "ldns/task.h"

static void take_truncated(struct mxsel_engine *e, struct mxsel__question *q)
{
	int was_udp = q->state == MXSEL__QUESTION_UDP;

	mxsel__servers_count(e->servers, MXSEL_LDNS_TRUNCATED);
	mxsel__question_note(q, MXSEL_DNS_TRUNCATED);
	mxsel__question_hang_up(e, q, MXSEL__ANSWERED);
	if (was_udp)
		mxsel__question_go_on_over_tcp(e, q);
	else
		mxsel__question_give_up_server(e, q, MXSEL_DNS_TRUNCATED);
}

/* Over UDP a better one may come (S3); over TCP it is the server's word. */
static void take_malformed(struct mxsel_engine *e, struct mxsel__question *q)
{
	mxsel__servers_count(e->servers, MXSEL_LDNS_MALFORMED);
	mxsel__question_note(q, MXSEL_DNS_MALFORMED);
	if (q->state != MXSEL__QUESTION_TCP)
		return;
	mxsel__question_hang_up(e, q, MXSEL__ANSWERED);
	mxsel__question_give_up_server(e, q, MXSEL_DNS_MALFORMED);
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
static void take_failure(struct mxsel_engine *e, struct mxsel__question *q,
	unsigned code)
{
	mxsel__question_hang_up(e, q, MXSEL__ANSWERED);
	/* A server's third try has no OPT record: no fourth will follow. */
	if (!speaks_of_edns(code) || !q->edns) {
		mxsel__question_give_up_server(e, q, outcome_of(code));
		return;
	}
	mxsel__question_note(q, outcome_of(code));
	*mxsel__question_standing(q) |= MXSEL__STANDING_PLAIN;
	mxsel__question_go_on_at(e, q, mxsel__question_now(e));
}

/* The first who waits decides whether it is an answer at all. */
static int take_answer(struct mxsel_engine *e, struct mxsel__question *q,
	const struct mxsel__reply *reply)
{
	struct mxsel__waiter *w = MXSEL__OWNER(q->waiters.next,
		struct mxsel__waiter, place);
	struct mxsel__task *task = w->task;
	int result = mxsel_answer_packet(w->query, reply->packet, reply->size,
		mxsel__reply_security(reply, q->trusting));

	if (result == MXSEL_EMISMATCH)
		return 0;
	if (result == MXSEL_EMALFORMED) {
		take_malformed(e, q);
		return 1;
	}
	/* No memory; or somebody else has answered it, then this fails too. */
	if (result != 0)
		(void)mxsel_answer_finish(w->query, MXSEL_DNS_NETWORK,
			MXSEL_SECURITY_INDETERMINATE);
	mxsel__servers_forgive(e->servers, mxsel__question_server(q));
	mxsel__question_hang_up(e, q, MXSEL__ANSWERED);
	mxsel__waiter_free(e, w);
	e->answered++;
	mxsel__task_answered(e, task);
	mxsel__question_answer_all(e, q, MXSEL_DNS_NETWORK, reply);
	mxsel__question_retire(e, q);
	return 1;
}

/*
 * S6: the question, but not its letters. A guess, or a server that does not
 * keep them: TCP tells, and never mixes.
 */
static int take_other_case(struct mxsel_engine *e, struct mxsel__question *q,
	const struct mxsel__reply *reply)
{
	if (!mxsel__reply_has_question(reply, mxsel__question_query(q)))
		return 0;
	mxsel__servers_count(e->servers, MXSEL_LDNS_MISMATCHED);
	mxsel__question_to_tcp(e, q);
	return 1;
}

int mxsel__question_reply(struct mxsel_engine *e, struct mxsel__question *q,
	const struct mxsel__reply *reply)
{
	unsigned code = mxsel__reply_code(reply);
	int cut = reply->cut || mxsel__reply_is_truncated(reply);

	if (q->mixed && q->state == MXSEL__QUESTION_UDP &&
			!mxsel__letters_repeated(reply,
				mxsel__question_query(q), q->letters))
		return take_other_case(e, q, reply);
	if (!cut && (code == MXSEL__RCODE_NOERROR ||
			code == MXSEL__RCODE_NXDOMAIN))
		return take_answer(e, q, reply);
	if (!mxsel__reply_has_question(reply, mxsel__question_query(q)))
		return 0;
	mxsel__servers_forgive(e->servers, mxsel__question_server(q));
	if (cut)
		take_truncated(e, q);
	else
		take_failure(e, q, code);
	return 1;
}
