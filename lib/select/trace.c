/*
 * Every decision in the order it was taken (R78), when it is wanted; nothing
 * is done or allocated when not. Bounded like everything of a selection.
 */
#include "select/select.h"

#include <stdio.h>
#include <string.h>

#include "select/security.h"

#define EVENTS_MAX 512u
#define DETAIL_MAX 300u
#define OCTETS_MAX 49152u /* of their texts, in all */

struct event {
	struct event *next;
	const char *subject;
	const char *detail;
	const char *rule;
	int code;
	int final; /* an end with no room after it; 2: and it was told so */
};

int mxsel__traces(const struct mxsel *m)
{
	return m->options->values[MXSEL_OPT_TRACE];
}

static const char *keep(struct mxsel *m, const char *text)
{
	size_t length = strlen(text);

	if (length > DETAIL_MAX)
		length = DETAIL_MAX;
	m->event_octets += (uint32_t)length;
	return mxsel__arena_text(&m->arena, text, length);
}

static int append(struct mxsel *m, int code, const char *subject,
	const char *detail, const char *rule)
{
	struct event *e;

	e = mxsel__arena_get(&m->arena, sizeof(*e));
	if (e == NULL)
		return MXSEL_ENOMEM;
	e->next = NULL;
	e->code = code;
	e->final = 0;
	e->rule = rule;
	e->subject = keep(m, subject);
	e->detail = keep(m, detail);
	if (e->subject == NULL || e->detail == NULL)
		return MXSEL_ENOMEM;
	if (m->last_event == NULL)
		m->events = e;
	else
		m->last_event->next = e;
	m->last_event = e;
	m->event_count++;
	return MXSEL_OK;
}

void mxsel__trace_take_back(struct mxsel *m, struct event *last,
	uint16_t count)
{
	m->last_event = last;
	m->event_count = count;
	if (last == NULL)
		m->events = NULL;
	else
		last->next = NULL;
}

static int has_room(const struct mxsel *m)
{
	return m->event_count < EVENTS_MAX && m->event_octets < OCTETS_MAX;
}

/* The end is told even behind so much that there is no room, and that
   something is left out before it; each once, however often one goes back. */
static int append_end(struct mxsel *m, const char *subject,
	const char *detail, const char *rule)
{
	int cut = m->events_lost > 0;
	struct event *last = m->last_event;
	uint16_t count = m->event_count;
	char lost[32];

	if (last->final > cut)
		return MXSEL_OK;
	snprintf(lost, sizeof(lost), "%u or more", (unsigned)m->events_lost);
	if ((cut && append(m, MXSEL_TRACE_CUT, "", lost, "local limit") !=
		MXSEL_OK) || append(m, MXSEL_TRACE_VERDICT, subject, detail,
		rule) != MXSEL_OK) {
		mxsel__trace_take_back(m, last, count);
		return MXSEL_ENOMEM;
	}
	m->last_event->final = 1 + cut;
	return MXSEL_OK;
}

int mxsel__trace(struct mxsel *m, int code, const char *subject,
	const char *detail, const char *rule)
{
	if (!mxsel__traces(m))
		return MXSEL_OK;
	if (has_room(m))
		return append(m, code, subject, detail, rule);
	if (code == MXSEL_TRACE_VERDICT)
		return append_end(m, subject, detail, rule);
	if (m->events_lost < UINT16_MAX)
		m->events_lost++;
	return MXSEL_OK;
}

const char *mxsel__type_name(unsigned type)
{
	switch (type) {
	case MXSEL_TYPE_A:
		return "A";
	case MXSEL_TYPE_AAAA:
		return "AAAA";
	case MXSEL_TYPE_CNAME:
		return "CNAME";
	case MXSEL_TYPE_TLSA:
		return "TLSA";
	default:
		return "MX";
	}
}

int mxsel__trace_ask(struct mxsel *m, const struct mxsel_query *q)
{
	const char *rule = q->type == MXSEL_TYPE_CNAME ? "RFC 7672 2.2.2"
		: q->type == MXSEL_TYPE_TLSA ? "RFC 7672 2.2.3"
		: "RFC 5321 5.1";

	return mxsel__trace(m, MXSEL_TRACE_ASK, q->name,
		mxsel__type_name(q->type), rule);
}

static const char *outcome_name(const struct mxsel_query *q)
{
	static const char *const names[] = {
		"complete", "nxdomain", "servfail", "refused", "formerr",
		"notimp", "rcode", "timeout", "truncated", "malformed",
		"network", "referral"
	};

	if (q->loop)
		return q->loop == 1 ? "aliases in a circle"
		                    : "too many aliases";
	if (q->security == MXSEL_SECURITY_BOGUS)
		return "bogus";
	if (q->broken)
		return "malformed";
	return names[q->outcome];
}

/* "MX complete records 5 ttl 300, cached", and the alias it led to. */
int mxsel__trace_answer(struct mxsel *m, const struct mxsel_query *q)
{
	static const char *const from[] = { "", ", cached", ", stale" };
	char detail[80];

	if (!mxsel__traces(m))
		return MXSEL_OK;
	if (mxsel__question_failed(q))
		snprintf(detail, sizeof(detail), "%s %s%s",
			mxsel__type_name(q->type), outcome_name(q),
			from[q->cached]);
	else
		snprintf(detail, sizeof(detail), "%s %s records %u ttl %lu%s",
			mxsel__type_name(q->type), outcome_name(q),
			(unsigned)q->records, (unsigned long)q->ttl,
			from[q->cached]);
	if (mxsel__trace(m, MXSEL_TRACE_ANSWER, q->name, detail,
		"RFC 1035 4.1") != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (q->aliases == NULL)
		return MXSEL_OK;
	return mxsel__trace(m, MXSEL_TRACE_ALIAS, q->name,
		mxsel__question_canonical(q), "RFC 5321 5.1");
}

static int trace_number(struct mxsel *m, int code, const char *subject,
	int preference, const char *rule)
{
	char detail[32];

	if (!mxsel__traces(m))
		return MXSEL_OK;
	snprintf(detail, sizeof(detail), "preference %d", preference);
	return mxsel__trace(m, code, subject, detail, rule);
}

int mxsel__trace_self(struct mxsel *m, int preference)
{
	return trace_number(m, MXSEL_TRACE_SELF, m->domain, preference,
		"RFC 5321 5.1");
}

int mxsel__trace_host(struct mxsel *m, const struct host *host)
{
	return trace_number(m, MXSEL_TRACE_HOST, host->name,
		host->preference, "RFC 5321 5.1");
}

/* "records 2 at mx1.example.com": what DANE comes to, and where. */
int mxsel__trace_tlsa(struct mxsel *m, const struct host *host)
{
	char detail[MXSEL__NAME_TEXT_SIZE + 32];
	const char *base = mxsel__dane_base(m, host);
	const struct tlsa *t;
	unsigned count = 0;

	if (!mxsel__traces(m))
		return MXSEL_OK;
	for (t = mxsel__dane_tlsa(host); t != NULL; t = t->next)
		count++;
	if (base != NULL)
		snprintf(detail, sizeof(detail), "%s %u at %s",
			mxsel_dane_name(host->dane), count, base);
	else
		snprintf(detail, sizeof(detail), "%s",
			mxsel_dane_name(host->dane));
	return mxsel__trace(m, MXSEL_TRACE_TLSA, host->name, detail,
		"RFC 7672 2.2");
}

/* "dane, tlsa": what is asked of a host, and why. */
int mxsel__trace_posture(struct mxsel *m, const struct host *host)
{
	struct mxsel__path path;
	char detail[64];
	int posture, reason;

	if (!mxsel__traces(m))
		return MXSEL_OK;
	mxsel__security_path(m, host, &path);
	posture = mxsel__path_posture(&path, &reason);
	snprintf(detail, sizeof(detail), "%s, %s",
		mxsel_posture_name(posture),
		mxsel_posture_reason_name(reason));
	return mxsel__trace(m, MXSEL_TRACE_POSTURE, host->name, detail,
		mxsel_posture_rule(reason));
}

int mxsel__trace_candidate(struct mxsel *m, int code,
	const struct candidate *c)
{
	char text[MXSEL__ADDRESS_TEXT_SIZE];

	if (!mxsel__traces(m))
		return MXSEL_OK;
	mxsel__candidate_text(text, c);
	return mxsel__trace(m, code, text, m->hosts[c->host].name,
		"RFC 5321 5.1");
}

size_t mxsel_trace_count(const mxsel *m)
{
	return m == NULL ? 0 : m->event_count;
}

int mxsel_trace_event(const mxsel *m, size_t index, int *code,
	const char **subject, const char **detail, const char **rule)
{
	const struct event *e;

	if (m == NULL)
		return MXSEL_EUSAGE;
	if (index >= m->event_count)
		return MXSEL_ERANGE;
	for (e = m->events; index > 0; index--)
		e = e->next;
	if (code != NULL)
		*code = e->code;
	if (subject != NULL)
		*subject = e->subject;
	if (detail != NULL)
		*detail = e->detail;
	if (rule != NULL)
		*rule = e->rule;
	return MXSEL_OK;
}

const char *mxsel_trace_name(int code)
{
	static const char *const names[] = {
		"destination", "ask", "answer", "alias", "implicit",
		"null_mx", "self", "host", "address", "reject", "attempt",
		"report", "decision", "verdict", "cut", "tlsa", "posture",
		"memory"
	};

	if (code < MXSEL_TRACE_DESTINATION || code > MXSEL_TRACE_MEMORY)
		return NULL;
	return names[code - MXSEL_TRACE_DESTINATION];
}
