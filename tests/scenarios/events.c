/*
 * Lines about how an attempt ended, and about the decisions that can be read
 * back afterwards (R71, R78). May use <mxsel/mxsel.h> only.
 */
#include "scenarios/play.h"

#include <stdio.h>
#include <string.h>

/* What comes behind so many words of a line; its own text. */
static const char *behind(const char *line, int words)
{
	line += strspn(line, " \t");
	for (; words > 0; words--) {
		line += strcspn(line, " \t");
		line += strspn(line, " \t");
	}
	return line;
}

static int outcome_of(const char *word)
{
	int outcome;

	for (outcome = 1; mxsel_outcome_name(outcome) != NULL; outcome++)
		if (strcmp(mxsel_outcome_name(outcome), word) == 0)
			return outcome;
	return 0;
}

int step_report(struct play *p, char *words[], size_t n)
{
	char text[2 * NAME_ROOM];
	unsigned long long code = 0;
	int rc;

	if (n < 2 || outcome_of(words[1]) == 0 ||
		(n > 2 && word_number(words[2], 999, &code) != 0))
		return play_fail(p, "report wants OUTCOME [CODE [TEXT]]");
	snprintf(text, sizeof(text), "%s", behind(p->at->text, 3));
	text[unescape_text(text)] = '\0';
	rc = mxsel_report(p->m, outcome_of(words[1]), (int)code,
		n > 3 ? text : NULL);
	play_tell(p, "%s: %d\n", p->at->text, rc);
	if (outcome_of(words[1]) == MXSEL_OUTCOME_TLS ||
		outcome_of(words[1]) == MXSEL_OUTCOME_POLICY ||
		outcome_of(words[1]) == MXSEL_OUTCOME_REQUIRETLS)
		p->by_name = 1;
	if (rc != MXSEL_OK)
		return play_fail(p, "mxsel_report() says: %s",
			mxsel_strerror(rc));
	return 0;
}

/* "CODE SUBJECT DETAIL", an empty subject or detail left out. */
static void tell_event(const struct play *p, size_t i, char *out, size_t size)
{
	const char *subject, *detail;
	int code;

	mxsel_trace_event(p->m, i, &code, &subject, &detail, NULL);
	snprintf(out, size, "%s%s%s%s%s", mxsel_trace_name(code),
		subject[0] != '\0' ? " " : "", subject,
		detail[0] != '\0' ? " " : "", detail);
}

/* Further on; next to the one before when "trace" stands above. */
int check_event(struct play *p, const char *want)
{
	char got[2 * NAME_ROOM];
	size_t count = mxsel_trace_count(p->m), i;

	if (!p->way->trace)
		return 0;
	got[0] = '\0';
	for (i = p->event; i < count; i++) {
		tell_event(p, i, got, sizeof(got));
		if (strcmp(got, want) == 0) {
			p->event = i + 1;
			return 0;
		}
		if (p->every_event)
			break;
	}
	if (i < count)
		return play_fail(p, "expected event \"%s\", got \"%s\"", want,
			got);
	return play_fail(p, "no event \"%s\" from the %zuth of %zu on", want,
		p->event + 1, count);
}

int check_no_event(struct play *p, const char *want)
{
	char got[2 * NAME_ROOM];
	size_t i;

	for (i = 0; i < mxsel_trace_count(p->m); i++) {
		tell_event(p, i, got, sizeof(got));
		if (strcmp(got, want) == 0)
			return play_fail(p, "there is an event \"%s\"", want);
	}
	return 0;
}

int check_trace(struct play *p)
{
	p->event = 0;
	p->every_event = 1;
	return 0;
}

/* With "trace" the lines name every event there is. */
int check_all_events(struct play *p)
{
	char got[2 * NAME_ROOM];

	if (!p->every_event || p->event >= mxsel_trace_count(p->m))
		return 0;
	tell_event(p, p->event, got, sizeof(got));
	return play_fail(p, "there is an event \"%s\", which no line has", got);
}

/* All of them with their clauses, to be compared between ways. */
void tell_events(struct play *p)
{
	const char *rule;
	char got[2 * NAME_ROOM];
	size_t i;

	for (i = 0; i < mxsel_trace_count(p->m); i++) {
		tell_event(p, i, got, sizeof(got));
		mxsel_trace_event(p->m, i, NULL, NULL, NULL, &rule);
		p->traced += (size_t)snprintf(p->trace + p->traced,
			TOLD_MAX - p->traced, "%s (%s)\n", got, rule);
		if (p->traced >= TOLD_MAX)
			p->traced = TOLD_MAX - 1;
	}
}
