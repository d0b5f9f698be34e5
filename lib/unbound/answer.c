/*
 * From what libunbound found to an answer, see answer.h: always by the raw
 * message and libmxsel's own decoder. The summary that libunbound makes of a
 * message says "no data" of one that was cut short, and nothing of its TTLs.
 * May use the public headers, libc and libunbound.
 */
#include "unbound/answer.h"

#include <stddef.h>
#include <stdint.h>

/* A message's header, RFC 1035 4.1.1. */
#define HEADER 12
enum {
	RCODE_NOERROR = 0, RCODE_FORMERR = 1, RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3, RCODE_NOTIMP = 4, RCODE_REFUSED = 5
};

static int security_of(const struct ub_result *result, int proves)
{
	/* Whatever else it says, and with whatever response code. */
	if (result->bogus)
		return MXSEL_SECURITY_BOGUS;
	if (result->secure)
		return MXSEL_SECURITY_SECURE;
	/* Nothing is proven of a name whose look-up failed. */
	if (!proves || (result->rcode != RCODE_NOERROR &&
			result->rcode != RCODE_NXDOMAIN))
		return MXSEL_SECURITY_INDETERMINATE;
	return MXSEL_SECURITY_INSECURE;
}

/* What libunbound says itself, when it found nobody to say it, has a header
   and no question. */
static int has_question(const struct ub_result *result)
{
	const uint8_t *packet = result->answer_packet;

	return packet != NULL && result->answer_len >= HEADER &&
		(packet[4] != 0 || packet[5] != 0);
}

static int outcome_of(const struct ub_result *result)
{
	switch (result->rcode) {
	case RCODE_FORMERR:
		return MXSEL_DNS_FORMERR;
	case RCODE_SERVFAIL:
		return MXSEL_DNS_SERVFAIL;
	case RCODE_NOTIMP:
		return MXSEL_DNS_NOTIMP;
	case RCODE_REFUSED:
		return MXSEL_DNS_REFUSED;
	case RCODE_NOERROR:
	case RCODE_NXDOMAIN:
		/* Good or bad news that nothing stands behind. */
		return MXSEL_DNS_MALFORMED;
	default:
		return MXSEL_DNS_RCODE;
	}
}

static void finish(mxsel_query *query, int outcome, int security)
{
	/* It is a failure, and that needs no memory. */
	(void)mxsel_answer_finish(query, outcome, security);
}

static void answer(mxsel_query *query, const struct ub_result *result,
	int proves)
{
	int security = security_of(result, proves);
	int failure = security == MXSEL_SECURITY_BOGUS ? security :
		MXSEL_SECURITY_INDETERMINATE;
	int error;

	if (!has_question(result)) {
		finish(query, outcome_of(result), failure);
		return;
	}
	error = mxsel_answer_packet(query, result->answer_packet,
		(size_t)result->answer_len, security);
	if (error == MXSEL_EMISMATCH || error == MXSEL_EMALFORMED)
		finish(query, MXSEL_DNS_MALFORMED, failure);
	else if (error != 0)
		finish(query, MXSEL_DNS_NETWORK, failure);
}

void mxsel__ub_answer(mxsel_query *query, int error, struct ub_result *result,
	int proves)
{
	if (error != 0 || result == NULL)
		mxsel__ub_answer_failed(query, MXSEL_DNS_NETWORK);
	else
		answer(query, result, proves);
	ub_resolve_free(result);
}

void mxsel__ub_answer_failed(mxsel_query *query, int outcome)
{
	finish(query, outcome, MXSEL_SECURITY_INDETERMINATE);
}
