/*
 * mxsel memory FILE: what a mail server keeps of hosts, shown or edited. May
 * use the public headers.
 */
#include "memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <mxsel/ldns.h>

#include "buffer.h"
#include "complain.h"
#include "history.h"
#include "memory_list.h"
#include "text.h"

#define PORTS 65536
#define SMTP 25


/* Every entry of the port that is wanted. 0, or the exit status. */
static int list_all(struct list *l, const mxsel_memory *memory)
{
	struct mxsel_memory_entry e;
	uint64_t place = 0;
	int status = 0;

	while (status == 0 && mxsel_memory_next(memory, &place, &e) > 0)
		if (l->settings->port == 0 || l->settings->port == e.port)
			status = list_add(l, &e);
	return status;
}

/* The ports that something is known at, or the one that is wanted. */
static void note_ports(unsigned char *ports, const struct settings *s,
	const mxsel_memory *memory)
{
	struct mxsel_memory_entry e;
	uint64_t place = 0;

	memset(ports, 0, PORTS);
	ports[s->port != 0 ? s->port : SMTP] = 1;
	while (s->port == 0 && mxsel_memory_next(memory, &place, &e) > 0)
		ports[e.port] = 1;
}

static int list_name(struct list *l, const mxsel_memory *memory,
	const unsigned char *ports, const char *name)
{
	struct mxsel_memory_entry e;
	size_t before = l->count, known = l->known;
	int port, r, status = 0;

	for (port = 1; port < PORTS && status == 0; port++) {
		if (!ports[port])
			continue;
		r = mxsel_memory_get(memory, name, port, &e);
		if (r < 0)
			return list_refuse_name("memory", name, r);
		if (r > 0)
			status = list_add(l, &e);
	}
	if (status == 0 && l->count == before)
		status = list_add_unknown(l, name);
	l->unknown |= l->known == known;
	return status;
}

static int list_names(struct list *l, const mxsel_memory *memory)
{
	const struct settings *s = l->settings;
	unsigned char ports[PORTS];
	int status = 0;
	size_t i;

	note_ports(ports, s, memory);
	for (i = 1; i < s->destination_count && status == 0; i++)
		status = list_name(l, memory, ports, s->destinations[i]);
	return status;
}

static int show_file(const struct settings *s, const mxsel_memory *memory)
{
	struct list l = { s, NULL, 0, 0, 0, 0 };
	int status = s->destination_count > 1 ? list_names(&l, memory) :
		list_all(&l, memory);

	if (status == 0)
		status = list_print(&l);
	list_free(&l);
	return status != 0 ? status : l.unknown || l.known == 0;
}

static size_t count_of(const mxsel_memory *memory)
{
	return (size_t)mxsel_memory_statistic(memory, MXSEL_MEMORY_ENTRIES);
}

/* {"name":"mx.example","forgotten":2}; all have no name. */
static void say_forgotten(const struct settings *s, const char *name,
	size_t count)
{
	struct buffer line = { NULL, 0, 0, 0 };

	if (s->quiet)
		return;
	if (!s->json) {
		if (name != NULL)
			text_plain(stdout, name);
		else
			fputs("the whole file", stdout);
		if (count == 0)
			puts(": nothing was known");
		else
			printf(": forgotten (%zu %s)\n", count, count == 1 ?
				"entry" : "entries");
		return;
	}
	buffer_constant(&line, "{\"name\":");
	text_json_string(&line, name);
	buffer_constant(&line, ",\"forgotten\":");
	buffer_number(&line, count);
	buffer_constant(&line, "}\n");
	if (!line.failed)
		fwrite(line.bytes, 1, line.length, stdout);
	buffer_free(&line);
}

static int save(const mxsel_memory *memory, const char *file)
{
	int r = mxsel_memory_save(memory, file);

	if (r == MXSEL_EFILE)
		return complain_system("memory", file, errno, EX_CANTCREAT);
	return r != 0 ? complain_error("memory", file, r, EX_SOFTWARE) : 0;
}

/*
 * Nothing is said to be forgotten before it is, on the disk. What is too old
 * for us, of which there is this much, a server with another clock may know.
 */
static int forget_in_file(const struct settings *s, mxsel_memory *memory,
	size_t stale)
{
	size_t all = s->forgets_all ? 1 : s->forget_count;
	size_t before = count_of(memory), i;
	size_t *counts = calloc(all, sizeof(*counts));
	int r, status = 0;

	if (counts == NULL)
		return complain_error("memory", NULL, MXSEL_ENOMEM,
			EX_TEMPFAIL);
	stale = s->forgets_all ? stale : 0;
	for (i = 0; i < all && status == 0; i++) {
		counts[i] = count_of(memory) + stale;
		r = mxsel_memory_forget(memory, s->forgets_all ? NULL :
			s->forgets[i]);
		counts[i] -= count_of(memory);
		if (r != 0)
			status = list_refuse_name("--forget", s->forgets[i], r);
	}
	if (status == 0 && (count_of(memory) != before || stale > 0))
		status = save(memory, s->destinations[0]);
	for (i = 0; i < all && status == 0; i++)
		say_forgotten(s, s->forgets_all ? NULL : s->forgets[i],
			counts[i]);
	free(counts);
	return status;
}

static int run_file(const struct settings *s)
{
	uint64_t now = mxsel_ldns_time_of_day(NULL);
	mxsel_memory *memory = NULL;
	int status = history_load(&memory, "memory", s->destinations[0],
		history_moment, &now);
	size_t stale = 0;

	if (status == 0)
		stale = history_say_stale(s, memory, "memory",
			s->destinations[0]);
	if (status == 0)
		status = s->forgets_all || s->forget_count > 0 ?
			forget_in_file(s, memory, stale) : show_file(s, memory);
	mxsel_memory_free(memory);
	return status;
}

int memory_run(const struct settings *s)
{
	return s->store != NULL ? memory_run_cluster(s) : run_file(s);
}
