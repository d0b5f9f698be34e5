/*
 * What it all means (R74-R76): delivered, temporary, permanent is the order
 * of strength, and one temporary thing in the way makes the whole temporary.
 */
#include "select/select.h"

#include <stdio.h>
#include <string.h>

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

const char *mxsel__room_text(struct mxsel *m, struct room **room,
	const char *text, size_t length)
{
	size_t size = (length + 64) / 64 * 64;
	struct room *at = *room;

	if (at == NULL || size > at->size) {
		at = mxsel__arena_get(&m->arena, sizeof(*at) + size);
		if (at == NULL)
			return NULL;
		at->size = (uint16_t)size;
		*room = at;
	}
	memcpy(at->text, text, length);
	at->text[length] = '\0';
	return at->text;
}

static int fill_text(struct mxsel *m, const char *text)
{
	char domain[DOMAIN_SHOWN + 4], sentence[512];
	unsigned length;
	const char *made;

	show_domain(m, domain);
	length = mxsel__verdict_sentence(sentence, sizeof(sentence), text,
		domain);
	made = mxsel__room_text(m, &m->sentence_room, sentence, length);
	if (made == NULL)
		return MXSEL_ENOMEM;
	m->verdict_text = made;
	return MXSEL_OK;
}

/* The sentence, made once for each verdict a selection comes to. */
static int make_text(struct mxsel *m, int verdict)
{
	if (m->concluded == verdict)
		return MXSEL_OK;
	if (verdict == MXSEL__V_BAD_DESTINATION) {
		m->verdict_text = m->bad;
		return MXSEL_OK;
	}
	if (m->custom && m->name_filter->text != NULL) {
		m->verdict_text = m->name_filter->text;
		return MXSEL_OK;
	}
	return fill_text(m, mxsel__verdict_row(verdict)->text);
}

static int trace_verdict(struct mxsel *m, const char *rule)
{
	static const char *const actions[] = {
		"try", "delivered", "defer", "bounce"
	};
	const char *domain = m->domain[0] != '\0' ? m->domain
	                                           : m->destination;
	char detail[64];

	if (!m->options->values[MXSEL_OPT_TRACE])
		return MXSEL_OK;
	snprintf(detail, sizeof(detail), "%s %d %s %s",
		actions[mxsel_verdict_action(m)], mxsel_verdict_code(m),
		mxsel_verdict_status(m),
		mxsel_reason_name(mxsel_verdict_reason(m)));
	return mxsel__trace(m, MXSEL_TRACE_VERDICT, domain, detail, rule);
}

static int end(struct mxsel *m, int verdict, const char *rule)
{
	m->concluded = (uint8_t)verdict;
	m->verdict = (uint8_t)verdict;
	if (trace_verdict(m, rule) != MXSEL_OK) {
		m->verdict = MXSEL__V_TRY;
		return MXSEL_ENOMEM;
	}
	m->state = STATE_END;
	return MXSEL_END;
}

int mxsel__conclude(struct mxsel *m, int verdict)
{
	m->by_report = 0;
	if (make_text(m, verdict) != MXSEL_OK)
		return MXSEL_ENOMEM;
	return end(m, verdict, mxsel__verdict_row(verdict)->rule);
}

/* The strongest of what was reported decides. */
static int conclude_reported(struct mxsel *m)
{
	m->by_report = 1;
	m->custom = 0;
	if (fill_text(m, m->row->text) != MXSEL_OK)
		return MXSEL_ENOMEM;
	return end(m, MXSEL__V_COUNT, m->row->rule);
}

/* Nothing of the DNS is temporary; a setting may make it so. */
static int judge_refused(const struct mxsel *m)
{
	const int *values = m->options->values;
	int filters = m->met & (MET_FILTERED | MET_NAME_FILTER |
		MET_REQUIRETLS);

	if ((m->met & MET_NAME_FILTER) && m->name_filter->code < 500)
		return MXSEL__V_FILTERED_LATER;
	if ((m->met & MET_FILTERED) && values[MXSEL_OPT_DEFER_FILTERED])
		return MXSEL__V_FILTERED_LATER;
	if (values[MXSEL_OPT_DEFER_NO_HOST] &&
		((m->met & MET_NO_ADDRESS) ||
		(!filters && m->attempt_count == 0)))
		return MXSEL__V_NO_HOST_LATER;
	if (m->met & MET_REQUIRETLS)
		return MXSEL__V_REQUIRETLS;
	return filters ? MXSEL__V_FILTERED : MXSEL__V_NO_HOST;
}

/* What the hosts that were not handed out come to. */
static int judge_hosts(const struct mxsel *m)
{
	if ((m->met & MET_TEMPORARY) || (m->flags & MXSEL_FLAG_INCOMPLETE))
		return MXSEL__V_HOST_DNS;
	if (m->met & MET_TLSA)
		return MXSEL__V_TLSA;
	if (m->met & MET_STS)
		return MXSEL__V_STS;
	if (m->flags & MXSEL_FLAG_LIMITED)
		return MXSEL__V_LIMITED;
	if (m->met & MET_FAMILY_OFF)
		return MXSEL__V_FAMILY_OFF;
	if (m->met & MET_LOCAL)
		return MXSEL__V_NO_HOST_LATER;
	return judge_refused(m);
}

static int judge(const struct mxsel *m)
{
	/* Handed out, and how it ended is not known: temporary (R74). */
	if (m->unreported)
		return MXSEL__V_UNREACHABLE;
	if (!(m->met & MET_SELF) || (m->attempt_count > 0 &&
		!(m->met & MET_NO_ADDRESS)))
		return judge_hosts(m);
	if (!(m->met & MET_BETTER))
		return MXSEL__V_LOOP;
	/* A better MX without address now: we are its backup (R54). */
	return m->met & (MET_TLSA | MET_STS | MET_REQUIRETLS)
		? judge_hosts(m) : MXSEL__V_BACKUP;
}

/*
 * Delivered > final > temporary > permanent, whoever of reports and DNS says
 * so (R74): permanent only when nothing at all is temporary.
 */
int mxsel__conclude_met(struct mxsel *m)
{
	int verdict;

	if (m->strength >= MXSEL__S_TEMPORARY)
		return conclude_reported(m);
	verdict = judge(m);
	if (m->strength == MXSEL__S_PERMANENT &&
		mxsel__verdict_row(verdict)->action != MXSEL_ACTION_DEFER)
		return conclude_reported(m);
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

static int is_reported(const mxsel *m)
{
	return m != NULL && m->verdict != MXSEL__V_TRY && m->by_report;
}

int mxsel_verdict_action(const mxsel *m)
{
	static const unsigned char actions[] = {
		[MXSEL__S_NONE] = MXSEL_ACTION_TRY,
		[MXSEL__S_PERMANENT] = MXSEL_ACTION_BOUNCE,
		[MXSEL__S_TEMPORARY] = MXSEL_ACTION_DEFER,
		[MXSEL__S_FINAL] = MXSEL_ACTION_BOUNCE,
		[MXSEL__S_DELIVERED] = MXSEL_ACTION_DELIVERED,
	};

	return is_reported(m) ? actions[m->strength] : row_of(m)->action;
}

int mxsel_verdict_reason(const mxsel *m)
{
	return is_reported(m) ? m->row->reason : row_of(m)->reason;
}

int mxsel_verdict_code(const mxsel *m)
{
	if (is_reported(m))
		return m->reply_code;
	return is_custom(m) ? m->name_filter->code : row_of(m)->code;
}

const char *mxsel_verdict_status(const mxsel *m)
{
	if (is_reported(m))
		return m->status[0] != '\0' ? m->status : m->row->status;
	return is_custom(m) ? m->name_filter->status : row_of(m)->status;
}

const char *mxsel_verdict_text(const mxsel *m)
{
	if (m == NULL || m->verdict == MXSEL__V_TRY)
		return "";
	return m->verdict_text;
}
