/*
 * Reads scenario files (README.md): lines to cases. What is common to a file
 * stands before its first case. May use libc only.
 */
#include "scenarios/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_ROOM 8192

enum section {
	NOWHERE, ZONE, FAULTS, EXTRA, OPTIONS, POLICY, MEMORY, EXPECT
};

struct reader {
	const char *file;
	struct scenario *first, *now;
	struct text_line *common_zone, *common_options, *common_faults;
	struct text_line *common_policy, *common_memory;
	int remembers;       /* all cases */
	char *common_domain; /* of the policy */
	int line;
	enum section section;
	char origin[NAME_ROOM];
	char owner[NAME_ROOM];
};

static void add_line(struct text_line **list, const char *text, int line)
{
	struct text_line *new;

	while (*list != NULL)
		list = &(*list)->next;
	new = calloc(1, sizeof(*new));
	if (new == NULL) {
		puts("no memory");
		exit(EXIT_FAILURE);
	}
	new->next = NULL;
	new->text = keep_bytes(text, strlen(text));
	new->line = line;
	*list = new;
}

static void free_lines(struct text_line *list)
{
	struct text_line *next;

	for (; list != NULL; list = next) {
		next = list->next;
		free(list->text);
		free(list);
	}
}

static int complain(const struct reader *r, const char *why)
{
	printf("%s:%d: %s\n", r->file, r->line, why);
	return -1;
}

static void begin_zone(struct reader *r)
{
	r->origin[0] = '\0';
	r->owner[0] = '\0';
}

static const char *add_common(struct reader *r)
{
	const struct text_line *l;
	const char *why = NULL;

	begin_zone(r);
	for (l = r->common_zone; l != NULL && why == NULL; l = l->next)
		why = zone_line(&r->now->zone, l->text, r->origin, r->owner);
	for (l = r->common_faults; l != NULL && why == NULL; l = l->next)
		why = zone_fault(&r->now->zone, l->text);
	for (l = r->common_options; l != NULL; l = l->next)
		add_line(&r->now->options, l->text, l->line);
	for (l = r->common_policy; l != NULL; l = l->next)
		add_line(&r->now->policy, l->text, l->line);
	for (l = r->common_memory; l != NULL; l = l->next)
		add_line(&r->now->memory, l->text, l->line);
	r->now->remembers = r->remembers;
	if (r->common_domain != NULL)
		r->now->policy_domain = keep_bytes(r->common_domain,
			strlen(r->common_domain));
	begin_zone(r);
	return why;
}

static const char *begin_case(struct reader *r, const char *title)
{
	struct scenario *new = calloc(1, sizeof(*new));

	if (new == NULL)
		return "no memory";
	new->file = r->file;
	new->line = r->line;
	new->title = keep_bytes(title, strlen(title));
	if (r->now == NULL)
		r->first = new;
	else
		r->now->next = new;
	r->now = new;
	r->section = NOWHERE;
	return add_common(r);
}

static const char *set_destination(struct reader *r, const char *text)
{
	char room[LINE_ROOM];

	if (r->now == NULL)
		return "a destination belongs to a case";
	if (r->now->destination != NULL)
		return "this case has a destination already";
	snprintf(room, sizeof(room), "%s", text);
	r->now->destination_length = unescape_text(room);
	r->now->destination = keep_bytes(room, r->now->destination_length);
	return NULL;
}

/* A case's own policy stands for the one of the file. */
static void begin_policy(struct reader *r, const char *domain)
{
	char **kept = r->now == NULL ? &r->common_domain
		: &r->now->policy_domain;
	struct text_line **lines = r->now == NULL ? &r->common_policy
		: &r->now->policy;

	free_lines(*lines);
	*lines = NULL;
	free(*kept);
	*kept = domain[0] == '\0' ? NULL : keep_bytes(domain, strlen(domain));
	r->section = POLICY;
}

/* A case's own memory stands for the one of the file. */
static void begin_memory(struct reader *r)
{
	struct text_line **lines = r->now == NULL ? &r->common_memory
		: &r->now->memory;

	free_lines(*lines);
	*lines = NULL;
	*(r->now == NULL ? &r->remembers : &r->now->remembers) = 1;
	r->section = MEMORY;
}

static const char *after(const char *text, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(text, key, length) != 0)
		return NULL;
	text += length;
	return text + strspn(text, " \t");
}

/* A heading? *why says what is wrong with it. */
static int heading(struct reader *r, const char *text, const char **why)
{
	static const struct {
		const char *word;
		enum section section;
	} headings[] = {
		{ "zone:", ZONE }, { "faults:", FAULTS }, { "extra:", EXTRA },
		{ "options:", OPTIONS }, { "expect:", EXPECT },
	};
	const char *rest;
	size_t i;

	*why = NULL;
	if ((rest = after(text, "case:")) != NULL) {
		*why = begin_case(r, rest);
		return 1;
	}
	if ((rest = after(text, "destination:")) != NULL) {
		*why = set_destination(r, rest);
		return 1;
	}
	if (strcmp(text, "memory:") == 0) {
		begin_memory(r);
		return 1;
	}
	if ((rest = after(text, "policy:")) != NULL) {
		begin_policy(r, rest);
		return 1;
	}
	for (i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		if (strcmp(text, headings[i].word) == 0) {
			r->section = headings[i].section;
			begin_zone(r);
			return 1;
		}
	return 0;
}

static const char *common_line(struct reader *r, const char *text)
{
	switch (r->section) {
	case ZONE:
		add_line(&r->common_zone, text, r->line);
		return NULL;
	case FAULTS:
		add_line(&r->common_faults, text, r->line);
		return NULL;
	case OPTIONS:
		add_line(&r->common_options, text, r->line);
		return NULL;
	case POLICY:
		add_line(&r->common_policy, text, r->line);
		return NULL;
	case MEMORY:
		add_line(&r->common_memory, text, r->line);
		return NULL;
	default:
		return "this needs a case above it";
	}
}

static const char *take_line(struct reader *r, const char *text)
{
	const char *why;

	if (heading(r, text, &why))
		return why;
	if (r->now == NULL)
		return common_line(r, text);
	switch (r->section) {
	case ZONE:
		return zone_line(&r->now->zone, text, r->origin, r->owner);
	case FAULTS:
		return zone_fault(&r->now->zone, text);
	case EXTRA:
		return zone_extra(&r->now->zone, text);
	case OPTIONS:
		add_line(&r->now->options, text, r->line);
		return NULL;
	case POLICY:
		add_line(&r->now->policy, text, r->line);
		return NULL;
	case MEMORY:
		add_line(&r->now->memory, text, r->line);
		return NULL;
	case EXPECT:
		add_line(&r->now->expect, text, r->line);
		return NULL;
	case NOWHERE:
		break;
	}
	return "this line belongs to no section";
}

static int check(struct reader *r)
{
	const struct scenario *s;

	for (s = r->first; s != NULL; s = s->next) {
		r->line = s->line;
		if (s->destination == NULL)
			return complain(r, "this case has no destination");
		if (s->expect == NULL)
			return complain(r, "this case expects nothing");
	}
	return r->first == NULL ? complain(r, "there is no case") : 0;
}

static int read_lines(struct reader *r, FILE *in)
{
	char line[LINE_ROOM];
	const char *why;

	while (fgets(line, sizeof(line), in) != NULL) {
		size_t length = strcspn(line, "\r\n");

		r->line++;
		if (line[length] == '\0' && !feof(in))
			return complain(r, "the line is too long");
		while (length > 0 && (line[length - 1] == ' ' ||
			line[length - 1] == '\t'))
			length--;
		line[length] = '\0';
		if (line[strspn(line, " \t")] == '\0' || line[0] == '#')
			continue;
		why = take_line(r, line);
		if (why != NULL)
			return complain(r, why);
	}
	return check(r);
}

int scenario_read(const char *file, struct scenario **out)
{
	struct reader r;
	FILE *in = fopen(file, "r");
	int rc;

	memset(&r, 0, sizeof(r));
	r.file = file;
	*out = NULL;
	if (in == NULL)
		return complain(&r, "cannot be opened");
	rc = read_lines(&r, in);
	fclose(in);
	free_lines(r.common_zone);
	free_lines(r.common_faults);
	free_lines(r.common_options);
	free_lines(r.common_policy);
	free_lines(r.common_memory);
	free(r.common_domain);
	*out = r.first;
	return rc;
}

void scenario_free(struct scenario *list)
{
	struct scenario *next;

	for (; list != NULL; list = next) {
		next = list->next;
		zone_free(&list->zone);
		free_lines(list->options);
		free_lines(list->expect);
		free_lines(list->policy);
		free_lines(list->memory);
		free(list->policy_domain);
		free(list->title);
		free(list->destination);
		free(list);
	}
}
