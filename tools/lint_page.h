/*
 * What is found about one domain, until it is printed. May use the public
 * headers.
 */
#ifndef TOOLS_LINT_PAGE_H
#define TOOLS_LINT_PAGE_H

#include <stddef.h>
#include <stdio.h>

#include "lint_table.h"

struct lint_finding {
	enum lint_code code;
	char *subject; /* a name */
	char *text;    /* the row's, with what was found in it */
};

struct lint_page {
	const char *domain;     /* as given; the caller's */
	struct lint_finding *findings;
	size_t count;
	size_t room;
	int error;              /* MXSEL_E* that ended the search, or 0 */
	int is_no_domain;       /* what was given is none */
	int is_unanswered;      /* the question for MX got no answer */
};

/* Say something of subject; detail stands for "{}" and may be "". */
void lint_page_add(struct lint_page *page, enum lint_code code,
	const char *subject, const char *detail);

/* 1 when there is an error among the findings. */
int lint_page_has_error(const struct lint_page *page);

void lint_page_free(struct lint_page *page);

/* Errors first. color: 1 to use the terminal's colours. */
void lint_print_human(FILE *out, const struct lint_page *page, int color);

/* The same as one line of JSON. 0, or MXSEL_ENOMEM. */
int lint_print_json(FILE *out, const struct lint_page *page);

#endif
