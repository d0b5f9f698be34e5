/*
 * The entries that mxsel memory shows: kept, sorted, printed. May use the
 * public headers.
 */
#include "memory_list.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "complain.h"
#include "memory_print.h"

#define SMTP 25

/* No host name can pass for one (RFC 1123 2.1). */
static int is_address(const char *text)
{
	return strchr(text, ':') != NULL ||
		text[strspn(text, "0123456789.")] == '\0';
}

int list_refuse_name(const char *option, const char *name, int error)
{
	if (error != MXSEL_ESYNTAX)
		return complain_error(option, name, error, EX_SOFTWARE);
	complain(option, name, "this is neither a host name nor an IP address",
		"give one as 'mxsel' shows it");
	return EX_USAGE;
}

static int no_memory(void)
{
	return complain_error("memory", NULL, MXSEL_ENOMEM, EX_TEMPFAIL);
}


int list_add(struct list *l, const struct mxsel_memory_entry *e)
{
	size_t more = l->room == 0 ? 64 : l->room * 2;
	void *moved;

	if (l->count == l->room) {
		if (more > SIZE_MAX / sizeof(*e))
			return no_memory();
		moved = realloc(l->entries, more * sizeof(*e));
		if (moved == NULL)
			return no_memory();
		l->entries = moved;
		l->room = more;
	}
	l->entries[l->count++] = *e;
	l->known += (size_t)memory_is_known(e);
	return 0;
}

void list_ask_for(struct mxsel_memory_entry *e, const struct settings *s,
	const char *name)
{
	memset(e, 0, sizeof(*e));
	snprintf(e->name, sizeof(e->name), "%.*s", (int)sizeof(e->name) - 1,
		name);
	e->kind = is_address(name) ? MXSEL_MEMORY_ADDRESS : MXSEL_MEMORY_HOST;
	e->port = s->port != 0 ? s->port : SMTP;
}

int list_add_unknown(struct list *l, const char *name)
{
	struct mxsel_memory_entry e;

	list_ask_for(&e, l->settings, name);
	return list_add(l, &e);
}

/* The worst first; then hosts before addresses, by name and port. */
static int compare(const void *a, const void *b)
{
	const struct mxsel_memory_entry *x = a, *y = b;
	int order;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	order = strcmp(x->name, y->name);
	return order != 0 ? order : x->port - y->port;
}

static int print_json(const struct list *l)
{
	struct buffer line = { NULL, 0, 0, 0 };
	size_t i;

	for (i = 0; i < l->count && !line.failed; i++) {
		buffer_empty(&line);
		memory_print_json(&line, &l->entries[i]);
		if (!line.failed)
			fwrite(line.bytes, 1, line.length, stdout);
	}
	i = (size_t)line.failed;
	buffer_free(&line);
	return i != 0 ? no_memory() : 0;
}

int list_print(struct list *l)
{
	const struct settings *s = l->settings;
	int color = settings_want_color(s);
	size_t i;

	if (s->quiet)
		return 0;
	if (l->count > 0)
		qsort(l->entries, l->count, sizeof(*l->entries), compare);
	if (s->json)
		return print_json(l);
	for (i = 0; i < l->count; i++)
		memory_print_human(stdout, &l->entries[i], color);
	if (l->count == 0)
		puts("nothing is known");
	return 0;
}

void list_free(struct list *l)
{
	free(l->entries);
	l->entries = NULL;
}
