/*
 * What must be so for any mail, whatever a scenario says: no verdict before
 * the end, preferences that never fall (R30), nothing twice (R36, R73),
 * codes that agree (R75), every rejection among the events (R78). May use
 * <mxsel/mxsel.h> only.
 */
#include "scenarios/play.h"

#include <stdio.h>
#include <string.h>

static int is_tried(const struct play *p, const char *what)
{
	size_t i;

	for (i = 0; i < p->tried_count; i++)
		if (strcmp(p->tried[i], what) == 0)
			return 1;
	return 0;
}

int hold_attempt(struct play *p)
{
	char what[TRIED_ROOM];
	int preference = mxsel_host_preference(p->m);

	if (mxsel_verdict_action(p->m) != MXSEL_ACTION_TRY ||
		mxsel_verdict_code(p->m) != 0 ||
		mxsel_verdict_status(p->m)[0] != '\0' ||
		mxsel_verdict_text(p->m)[0] != '\0' ||
		mxsel_verdict_reply(p->m)[0] != '\0' ||
		mxsel_verdict_host(p->m)[0] != '\0')
		return play_fail(p, "there is a verdict before the end");
	if (preference < p->preference)
		return play_fail(p, "preference %d comes after %d", preference,
			p->preference);
	p->preference = preference;
	/* Where TLS goes by the name, one address is two of two names. */
	snprintf(what, sizeof(what), "%s %d %s", mxsel_address(p->m),
		mxsel_port(p->m), p->by_name ? mxsel_host_name(p->m) : "");
	if (!p->keep_duplicates && is_tried(p, what))
		return play_fail(p, "%s comes a second time", what);
	if (p->tried_count < TRIES_MAX)
		memcpy(p->tried[p->tried_count++], what, sizeof(what));
	return hold_security(p);
}

int hold_verdict(struct play *p)
{
	int action = mxsel_verdict_action(p->m);
	int code = mxsel_verdict_code(p->m);
	const char *status = mxsel_verdict_status(p->m);
	const char *text = mxsel_verdict_text(p->m);
	int class = action == MXSEL_ACTION_BOUNCE ? 5
		: action == MXSEL_ACTION_DEFER ? 4 : 2;

	if (action != MXSEL_ACTION_BOUNCE && action != MXSEL_ACTION_DEFER &&
		action != MXSEL_ACTION_DELIVERED)
		return play_fail(p, "the end has action %d", action);
	if (code / 100 != class || status[0] != '0' + class ||
		status[1] != '.')
		return play_fail(p, "action %d, code %d and status %s disagree",
			action, code, status);
	if (text[0] == '\0' || text[strlen(text) - 1] != '.')
		return play_fail(p, "the sentence has no end: \"%s\"", text);
	if (mxsel_host_name(p->m) != NULL || mxsel_address(p->m) != NULL ||
		mxsel_host_preference(p->m) != -1 || mxsel_port(p->m) != 0)
		return play_fail(p, "there is an attempt after the end");
	if (mxsel_next(p->m) != MXSEL_END)
		return play_fail(p, "after the end comes something");
	return hold_no_security(p);
}

static int is_event(const struct play *p, int want, const char *what,
	const char *about)
{
	const char *subject, *detail;
	size_t i;
	int code;

	for (i = 0; i < mxsel_trace_count(p->m); i++) {
		mxsel_trace_event(p->m, i, &code, &subject, &detail, NULL);
		if (code == want && strcmp(subject, about) == 0 &&
			strncmp(detail, what, strlen(what)) == 0)
			return 1;
	}
	return 0;
}

/* R78: nothing is kept unasked; what was rejected is among the events. */
int hold_trace(struct play *p)
{
	size_t count = mxsel_trace_count(p->m), i;
	const char *subject, *rule;
	int reason, code = 0;

	if (!p->way->trace)
		return count == 0 ? 0 : play_fail(p, "%zu events unasked",
			count);
	for (i = 0; i < mxsel_rejected_count(p->m); i++) {
		mxsel_rejected(p->m, i, &reason, NULL, &subject);
		if (!is_event(p, MXSEL_TRACE_REJECT, mxsel_reject_name(reason),
			subject))
			return play_fail(p, "no event says that %s is rejected",
				subject);
	}
	for (i = 0; i < count; i++) {
		mxsel_trace_event(p->m, i, &code, NULL, NULL, &rule);
		if (rule == NULL || rule[0] == '\0')
			return play_fail(p, "event %zu has no clause", i);
	}
	if (p->last == MXSEL_END && code != MXSEL_TRACE_VERDICT)
		return play_fail(p, "the last event is no verdict");
	return 0;
}
