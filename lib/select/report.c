/*
 * What became of an attempt, and where to go on (R71-R73). What the strongest
 * outcome was is kept; the rest of the walk does not depend on it.
 */
#include "select/select.h"

#include <string.h>

#include "policy/outcome.h"
#include "select/remember.h"

#define REPLY_MAX 512u

/* How far it came: of two equally strong outcomes the further one speaks. */
static int progress(int outcome)
{
	static const unsigned char by_outcome[] = {
		[MXSEL_OUTCOME_DELIVERED] = 9, [MXSEL_OUTCOME_REFUSED] = 1,
		[MXSEL_OUTCOME_TIMEOUT] = 1, [MXSEL_OUTCOME_GREETING] = 2,
		[MXSEL_OUTCOME_EHLO] = 3, [MXSEL_OUTCOME_TLS] = 4,
		[MXSEL_OUTCOME_POLICY] = 4, [MXSEL_OUTCOME_MAIL] = 6,
		[MXSEL_OUTCOME_RCPT] = 7, [MXSEL_OUTCOME_DATA] = 8,
		[MXSEL_OUTCOME_LOST] = 5, [MXSEL_OUTCOME_OWN_NAME] = 2,
		[MXSEL_OUTCOME_REQUIRETLS] = 5,
	};

	return by_outcome[outcome];
}

static int is_first_of_host(const struct mxsel *m)
{
	const struct candidate *c;

	for (c = m->attempts; c != m->cursor; c = c->after)
		if (c->host == m->cursor->host)
			return 0;
	return 1;
}

static int has_other_family(const struct mxsel *m)
{
	const struct candidate *c;

	for (c = m->cursor->after; c != NULL; c = c->after)
		if (c->host == m->cursor->host &&
			c->length != m->cursor->length)
			return 1;
	return 0;
}

static int is_rejection(const struct mxsel__outcome_row *row, int code,
	const char *text)
{
	return code >= 500 && row->reply != 0 &&
		!mxsel__outcome_is_ours(row->outcome) &&
		mxsel__outcome_status(text, code) > 0 && text[2] == '7' &&
		text[3] == '.';
}

/*
 * A 5.7.x at the first address may be about that address's family alone (no
 * PTR, a block list): the other one is tried, once (R72).
 */
static int is_worth_other_family(const struct mxsel *m,
	const struct mxsel__outcome_row *row, int code, const char *text)
{
	return is_rejection(row, code, text) && is_first_of_host(m) &&
		has_other_family(m);
}

static int is_stronger(const struct mxsel *m, int strength, int outcome)
{
	if (strength != m->strength)
		return strength > m->strength;
	return progress(outcome) > progress(m->outcome);
}

static const char *keep_reply(struct mxsel *m, const char *text)
{
	char kept[REPLY_MAX];
	size_t i;

	if (text == NULL)
		text = "";
	/* One line, whatever the peer sent: it will be logged and quoted. */
	for (i = 0; text[i] != '\0' && i < sizeof(kept); i++)
		kept[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f
			? ' ' : text[i];
	return mxsel__room_text(m, &m->reply_room, kept, i);
}

static int keep_outcome(struct mxsel *m, const struct mxsel__outcome_row *row,
	int strength, int code, const char *text)
{
	const char *reply = keep_reply(m, text);
	unsigned length;

	if (reply == NULL)
		return MXSEL_ENOMEM;
	if (row->reply == 0 || mxsel__outcome_is_ours(row->outcome))
		code = row->code; /* nothing the peer said was the answer */
	length = mxsel__outcome_status(text, code);
	memset(m->status, 0, sizeof(m->status));
	if (length > 0) /* "5.999.999" at most */
		memcpy(m->status, text, length);
	else if (row->outcome == MXSEL_OUTCOME_POLICY && code < 500 &&
		mxsel_tlsrpt_policy(m) == MXSEL_TLSRPT_TLSA)
		memcpy(m->status, "4.7.5", 6); /* DANE, not MTA-STS (R76) */
	m->row = row;
	m->reply = reply;
	m->reply_host = m->hosts[m->cursor->host].name;
	m->strength = (uint8_t)strength;
	m->outcome = (uint8_t)row->outcome;
	m->reply_code = (uint16_t)code;
	return MXSEL_OK;
}

static int note(struct mxsel *m, const struct mxsel__outcome_row *row,
	int code, const char *text)
{
	int family = is_worth_other_family(m, row, code, text);
	int strength = family ? MXSEL__S_PERMANENT : row->strength;
	int go = family ? MXSEL__GO_FAMILY : row->go;
	const char *host = m->hosts[m->cursor->host].name;

	if (mxsel__trace(m, MXSEL_TRACE_REPORT, host,
		mxsel_outcome_name(row->outcome), row->rule) != MXSEL_OK ||
		mxsel__trace(m, MXSEL_TRACE_DECISION, host,
			mxsel__go_name(go), family ? "local policy"
			: row->rule) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (is_stronger(m, strength, row->outcome) &&
		keep_outcome(m, row, strength, code, text) != MXSEL_OK)
		return MXSEL_ENOMEM;
	m->go = (uint8_t)go;
	m->reported = 1;
	return MXSEL_OK;
}

/*
 * At the best MX our own name means that the domain is ours (R71). TLS that a
 * message requires is not for later (R96), unless the host itself says so
 * (RFC 3207 4: 454).
 */
static int own_code(const struct mxsel *m, int outcome, int code)
{
	if (outcome == MXSEL_OUTCOME_OWN_NAME)
		return m->hosts[m->cursor->host].preference == m->best
			? 500 : 400;
	return m->tls == MXSEL_TLS_REQUIRED && code / 100 != 4 ? 500 : 400;
}

int mxsel_report(mxsel *m, int outcome, int reply_code, const char *reply_text)
{
	const struct mxsel__outcome_row *row;
	struct mark mark;

	if (m == NULL || m->busy || !m->reached || m->reported)
		return MXSEL_EUSAGE;
	row = mxsel__outcome_row(outcome, mxsel__outcome_is_ours(outcome)
		? own_code(m, outcome, reply_code) : reply_code);
	if (row == NULL || reply_code < 0 || reply_code > 599 ||
		(reply_code > 0 && reply_code < 200))
		return MXSEL_ERANGE;
	mxsel__mark(m, &mark);
	mxsel__memory_record(m);
	/* Recorded last, so that what is reported again is recorded once. */
	if (note(m, row, reply_code, reply_text) == MXSEL_OK &&
		mxsel__record_report(m, outcome, reply_code, reply_text) ==
		MXSEL_OK) {
		mxsel__memory_reported(m, outcome, reply_code,
			is_rejection(row, reply_code, reply_text));
		return MXSEL_OK;
	}
	m->reported = 0;
	mxsel__take_back(m, &mark);
	return MXSEL_ENOMEM;
}

const char *mxsel_verdict_reply(const mxsel *m)
{
	return m == NULL || m->verdict == MXSEL__V_TRY || !m->by_report
		? "" : m->reply;
}

const char *mxsel_verdict_host(const mxsel *m)
{
	return m == NULL || m->verdict == MXSEL__V_TRY || !m->by_report
		? "" : m->reply_host;
}
