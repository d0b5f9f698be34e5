/*
 * What the trace of a selection tells of its questions and aliases. May use
 * the public headers.
 */
#include "lint_look.h"

#include <stdlib.h>
#include <string.h>

static const char *word_end(const char *s)
{
	return s + strcspn(s, " ,");
}

static unsigned long number_after(const char *detail, const char *key)
{
	const char *at = strstr(detail, key);

	return at == NULL ? 0 : strtoul(at + strlen(key), NULL, 10);
}

static enum lint_end end_of(const char *outcome)
{
	if (*outcome == '\0' || strcmp(outcome, "complete") == 0 ||
	    strcmp(outcome, "nxdomain") == 0)
		return LINT_ANSWERED;
	if (strcmp(outcome, "timeout") == 0 || strcmp(outcome, "network") == 0)
		return LINT_UNANSWERED;
	if (strcmp(outcome, "refused") == 0 ||
	    strcmp(outcome, "referral") == 0)
		return LINT_LAME;
	return LINT_FAILED;
}

/* "AAAA complete records 2 ttl 300" */
static void read_detail(struct lint_answer *answer, const char *detail)
{
	const char *outcome = word_end(detail);
	size_t length;

	outcome += strspn(outcome, " ");
	length = (size_t)(word_end(outcome) - outcome);
	if (length >= sizeof(answer->outcome))
		length = sizeof(answer->outcome) - 1;
	memcpy(answer->outcome, outcome, length);
	answer->outcome[length] = '\0';
	answer->records = number_after(detail, "records ");
	answer->ttl = number_after(detail, "ttl ");
}

void lint_answer_read(struct lint_answer *answer, const mxsel *m,
	const char *type)
{
	size_t i, length = strlen(type);
	const char *detail;
	int code;

	memset(answer, 0, sizeof(*answer));
	for (i = 0; mxsel_trace_event(m, i, &code, NULL, &detail, NULL) == 0;
	     i++)
		if (code == MXSEL_TRACE_ANSWER &&
		    strncmp(detail, type, length) == 0 &&
		    detail[length] == ' ')
			read_detail(answer, detail);
	answer->end = end_of(answer->outcome);
}

const char *lint_alias_of(const mxsel *m, const char *name)
{
	const char *subject, *detail, *end = NULL;
	size_t i;
	int code;

	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail,
			NULL) == 0; i++)
		if (code == MXSEL_TRACE_ALIAS &&
		    strcmp(subject, end != NULL ? end : name) == 0)
			end = detail;
	return end;
}

void lint_answer_ttl(struct lint_page *page, const struct lint_answer *answer,
	const char *subject, const char *what)
{
	char text[64];

	if (answer->records == 0 || answer->ttl >= LINT_TTL_USUAL)
		return;
	snprintf(text, sizeof(text), "%s records, %lu", what, answer->ttl);
	lint_page_add(page, answer->ttl < LINT_TTL_LEAST ? LINT_TTL_TINY :
		LINT_TTL_SHORT, subject, text);
}

int lint_alias_is_broken(struct lint_page *page, const mxsel *m,
	const char *subject)
{
	uint32_t flags = mxsel_flags(m);

	if (flags & MXSEL_FLAG_ALIAS_LOOP)
		lint_page_add(page, LINT_ALIAS_LOOP, subject, "");
	else if (flags & MXSEL_FLAG_ALIAS_CHAIN)
		lint_page_add(page, LINT_ALIAS_LONG, subject, "");
	else
		return 0;
	return 1;
}

void lint_alias_chain(struct lint_page *page, mxsel_options *flat,
	const char *destination, const char *subject)
{
	struct plan plan;
	mxsel *m;

	if (lint_walk(page, &m, &plan, destination, flat) == 0 &&
	    (mxsel_flags(m) & MXSEL_FLAG_ALIAS_CHAIN))
		lint_page_add(page, LINT_ALIAS_CHAIN, subject, "");
	plan_free(&plan);
	mxsel_free(m);
}

int lint_walk(struct lint_page *page, mxsel **m, struct plan *plan,
	const char *destination, mxsel_options *options)
{
	int r;

	*m = NULL;
	memset(plan, 0, sizeof(*plan));
	r = mxsel_new(m, destination, options);
	if (r == 0)
		r = plan_collect(plan, *m, destination, 0);
	if (r != 0)
		page->error = r;
	return r;
}
