/*
 * What it all means (R74-R76): delivered, temporary, permanent is the order
 * of strength, and one temporary thing in the way makes the whole temporary.
 */
#include "select/select.h"

#include <string.h>

#include "policy/verdict.h"

#define DOMAIN_SHOWN MXSEL__NAME_MAX

/* Who the sentence speaks of; a destination may be longer than is good. */
static void show_domain(const struct mxsel *m, char out[DOMAIN_SHOWN + 4])
{
	const char *text = m->domain;
	size_t length;

	if (text[0] == '\0')
		text = m->address[0] != '\0' ? m->address : m->destination;
	length = strlen(text);
	if (length > DOMAIN_SHOWN) {
		memcpy(out, text, DOMAIN_SHOWN);
		memcpy(out + DOMAIN_SHOWN, "...", 4);
	} else {
		memcpy(out, text, length + 1);
	}
}

/* The sentence, made once for each verdict a selection comes to. */
static int make_text(struct mxsel *m, int verdict)
{
	const struct mxsel__verdict_row *row = mxsel__verdict_row(verdict);
	const char *text = row->text;
	char domain[DOMAIN_SHOWN + 4], sentence[512];
	unsigned length;

	if (m->verdict_text != NULL && m->concluded == verdict)
		return MXSEL_OK;
	if (verdict == MXSEL__V_BAD_DESTINATION) {
		m->verdict_text = m->bad;
		return MXSEL_OK;
	}
	if (m->custom && m->name_filter->text != NULL) {
		m->verdict_text = m->name_filter->text;
		return MXSEL_OK;
	}
	show_domain(m, domain);
	length = mxsel__verdict_sentence(sentence, sizeof(sentence), text,
		domain);
	m->verdict_text = mxsel__arena_text(&m->arena, sentence, length);
	return m->verdict_text == NULL ? MXSEL_ENOMEM : MXSEL_OK;
}

int mxsel__conclude(struct mxsel *m, int verdict)
{
	if (make_text(m, verdict) != MXSEL_OK)
		return MXSEL_ENOMEM;
	m->concluded = (uint8_t)verdict;
	m->verdict = (uint8_t)verdict;
	m->state = STATE_END;
	return MXSEL_END;
}

/* Nothing of the DNS is temporary; a setting may make it so. */
static int judge_refused(const struct mxsel *m)
{
	const int *values = m->options->values;
	int filters = m->met & (MET_FILTERED | MET_NAME_FILTER);

	if ((m->met & MET_NAME_FILTER) && m->name_filter->code < 500)
		return MXSEL__V_FILTERED_LATER;
	if ((m->met & MET_FILTERED) && values[MXSEL_OPT_DEFER_FILTERED])
		return MXSEL__V_FILTERED_LATER;
	if (values[MXSEL_OPT_DEFER_NO_HOST] &&
		((m->met & MET_NO_ADDRESS) || !filters))
		return MXSEL__V_NO_HOST_LATER;
	return filters ? MXSEL__V_FILTERED : MXSEL__V_NO_HOST;
}

static int judge(const struct mxsel *m)
{
	/* Handed out, and how it ended is not known: temporary (R74). */
	if (m->attempt_count > 0)
		return MXSEL__V_UNREACHABLE;
	if (m->met & MET_SELF)
		return m->met & MET_BETTER ? MXSEL__V_BACKUP : MXSEL__V_LOOP;
	if (m->met & MET_TEMPORARY)
		return MXSEL__V_HOST_DNS;
	if (m->flags & MXSEL_FLAG_LIMITED)
		return MXSEL__V_LIMITED;
	if (m->met & MET_FAMILY_OFF)
		return MXSEL__V_FAMILY_OFF;
	if (m->met & MET_LOCAL)
		return MXSEL__V_NO_HOST_LATER;
	return judge_refused(m);
}

int mxsel__conclude_met(struct mxsel *m)
{
	int verdict = judge(m);

	/* The filter's own words, where they are of the verdict's class. */
	m->custom = (m->met & MET_NAME_FILTER) != 0 &&
		(verdict == MXSEL__V_FILTERED ||
		(verdict == MXSEL__V_FILTERED_LATER &&
		m->name_filter->code < 500));
	return mxsel__conclude(m, verdict);
}

static const struct mxsel__verdict_row *row_of(const mxsel *m)
{
	return mxsel__verdict_row(m == NULL ? MXSEL__V_TRY : m->verdict);
}

static int is_custom(const mxsel *m)
{
	return m != NULL && m->verdict != MXSEL__V_TRY && m->custom;
}

int mxsel_verdict_action(const mxsel *m)
{
	return row_of(m)->action;
}

int mxsel_verdict_reason(const mxsel *m)
{
	return row_of(m)->reason;
}

int mxsel_verdict_code(const mxsel *m)
{
	return is_custom(m) ? m->name_filter->code : row_of(m)->code;
}

const char *mxsel_verdict_status(const mxsel *m)
{
	return is_custom(m) ? m->name_filter->status : row_of(m)->status;
}

const char *mxsel_verdict_text(const mxsel *m)
{
	if (m == NULL || m->verdict == MXSEL__V_TRY)
		return "";
	return m->verdict_text;
}
