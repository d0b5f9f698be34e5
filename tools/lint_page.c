/*
 * Keeps findings: each with its subject and its sentence, made here from the
 * row of the table. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "lint_page.h"

#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

/* The text of a row with detail in the place of its "{}". */
static char *fill_in(const char *text, const char *detail)
{
	const char *gap = strstr(text, "{}");
	size_t size = strlen(text) + strlen(detail) + 1;
	char *filled;

	if (gap == NULL)
		return strdup(text);
	filled = malloc(size);
	if (filled != NULL)
		snprintf(filled, size, "%.*s%s%s", (int)(gap - text), text,
			detail, gap + 2);
	return filled;
}

static int make_room(struct lint_page *page)
{
	size_t more = page->room == 0 ? 16 : page->room * 2;
	void *moved;

	if (page->count < page->room)
		return 0;
	moved = realloc(page->findings, more * sizeof(*page->findings));
	if (moved == NULL)
		return MXSEL_ENOMEM;
	page->findings = moved;
	page->room = more;
	return 0;
}

static int is_known(const struct lint_page *page, const struct lint_finding *f)
{
	size_t i;

	for (i = 0; i < page->count; i++)
		if (page->findings[i].code == f->code &&
		    strcmp(page->findings[i].subject, f->subject) == 0 &&
		    strcmp(page->findings[i].text, f->text) == 0)
			return 1;
	return 0;
}

void lint_page_add(struct lint_page *page, enum lint_code code,
	const char *subject, const char *detail)
{
	struct lint_finding f = { code, NULL, NULL };

	f.subject = strdup(subject);
	f.text = fill_in(lint_rows[code].text, detail);
	if (f.subject == NULL || f.text == NULL || make_room(page) != 0)
		page->error = MXSEL_ENOMEM;
	else if (!is_known(page, &f)) {
		page->findings[page->count++] = f;
		return;
	}
	free(f.subject);
	free(f.text);
}

int lint_page_has_error(const struct lint_page *page)
{
	size_t i;

	for (i = 0; i < page->count; i++)
		if (lint_rows[page->findings[i].code].severity == LINT_ERROR)
			return 1;
	return 0;
}

void lint_page_free(struct lint_page *page)
{
	size_t i;

	for (i = 0; i < page->count; i++) {
		free(page->findings[i].subject);
		free(page->findings[i].text);
	}
	free(page->findings);
	memset(page, 0, sizeof(*page));
}
