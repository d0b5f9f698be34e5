/*
 * The list of what was dropped, in the order it was judged; bounded, since a
 * hostile answer must not make it long. And the mark to which a step that
 * ran out of memory is taken back.
 */
#include "select/select.h"
#include "select/remember.h"

#include <string.h>

void mxsel__mark(const struct mxsel *m, struct mark *mark)
{
	mark->random = m->random;
	mark->name_filter = m->name_filter;
	mark->last_rejected = m->last_rejected;
	mark->last_attempt = m->last_attempt;
	mark->last_event = m->last_event;
	mark->event_count = m->event_count;
	mark->event_octets = m->event_octets;
	mark->events_lost = m->events_lost;
	mark->flags = m->flags;
	mark->rejected_count = m->rejected_count;
	mark->attempt_count = m->attempt_count;
	mark->host_count = m->host_count;
	mark->lines = m->lines;
	mark->line_count = m->line_count;
	mark->told = m->told;
	mark->met = m->met;
	mark->seeded = m->seeded;
}

void mxsel__take_back(struct mxsel *m, const struct mark *mark)
{
	m->random = mark->random;
	m->name_filter = mark->name_filter;
	m->last_rejected = mark->last_rejected;
	if (m->last_rejected == NULL)
		m->rejected = NULL;
	else
		m->last_rejected->next = NULL;
	m->last_attempt = mark->last_attempt;
	if (m->last_attempt == NULL)
		m->attempts = NULL;
	else
		m->last_attempt->after = NULL;
	mxsel__trace_take_back(m, mark->last_event, mark->event_count);
	m->event_octets = mark->event_octets;
	m->events_lost = mark->events_lost;
	mxsel__memory_take_back(m, mark->told);
	m->lines = mark->lines;
	m->line_count = mark->line_count;
	m->flags = mark->flags;
	m->rejected_count = mark->rejected_count;
	m->attempt_count = mark->attempt_count;
	m->host_count = mark->host_count;
	m->met = mark->met;
	m->seeded = mark->seeded;
}

int mxsel__reject(struct mxsel *m, int reason, int preference,
	const char *subject)
{
	struct rejection *r;
	size_t length;

	if (mxsel__trace(m, MXSEL_TRACE_REJECT, subject,
		mxsel_reject_name(reason), mxsel_reject_rule(reason)) !=
		MXSEL_OK)
		return MXSEL_ENOMEM;
	if (m->rejected_count >= REJECTED_MAX)
		return MXSEL_OK;
	r = mxsel__arena_get(&m->arena, sizeof(*r));
	if (r == NULL)
		return MXSEL_ENOMEM;
	length = strlen(subject);
	if (length > MXSEL__NAME_MAX)
		length = MXSEL__NAME_MAX;
	r->subject = mxsel__arena_text(&m->arena, subject, length);
	if (r->subject == NULL)
		return MXSEL_ENOMEM;
	r->next = NULL;
	r->preference = (uint16_t)preference;
	r->reason = (uint8_t)reason;
	if (m->last_rejected == NULL)
		m->rejected = r;
	else
		m->last_rejected->next = r;
	m->last_rejected = r;
	m->rejected_count++;
	return MXSEL_OK;
}

int mxsel__reject_address(struct mxsel *m, int reason, int preference,
	const struct candidate *c)
{
	char text[MXSEL__ADDRESS_TEXT_SIZE];

	/* An .onion host has no address: its name says who it is. */
	if (c->length == 0)
		return mxsel__reject(m, reason, preference,
			m->hosts[c->host].name);
	mxsel__candidate_text(text, c);
	return mxsel__reject(m, reason, preference, text);
}

size_t mxsel_rejected_count(const mxsel *m)
{
	return m == NULL ? 0 : m->rejected_count;
}

int mxsel_rejected(const mxsel *m, size_t index, int *reason, int *preference,
	const char **subject)
{
	const struct rejection *r;

	if (m == NULL)
		return MXSEL_EUSAGE;
	if (index >= m->rejected_count)
		return MXSEL_ERANGE;
	for (r = m->rejected; index > 0; index--)
		r = r->next;
	if (reason != NULL)
		*reason = r->reason;
	if (preference != NULL)
		*preference = r->preference;
	if (subject != NULL)
		*subject = r->subject;
	return MXSEL_OK;
}
