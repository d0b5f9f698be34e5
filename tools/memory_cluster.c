/*
 * mxsel memory --store SERVER: what a cluster knows of hosts, by name. May use
 * the public headers.
 */
#include "memory.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <mxsel/ldns.h>

#include "buffer.h"
#include "complain.h"
#include "history.h"
#include "memory_list.h"
#include "memory_print.h"
#include "store.h"
#include "text.h"

/* Names that a server is asked for at a time. */
#define NAMES_AT_A_TIME 64


static int refuse_away(const struct store *t)
{
	store_say_away(t, "see that the server runs, takes the login and lets "
		"it run scripts, and run it again");
	return EX_TEMPFAIL;
}

/*
 * The name as a memory writes it: there it must be put, and is found again.
 */
static int name_entry(struct mxsel_memory_entry *e, mxsel_memory *scratch,
	const struct settings *s, const char *name)
{
	int r;

	if (strlen(name) >= sizeof(e->name))
		return list_refuse_name("memory", name, MXSEL_ESYNTAX);
	list_ask_for(e, s, name);
	r = mxsel_memory_put(scratch, e);
	if (r == 0)
		r = mxsel_memory_get(scratch, name, e->port, e);
	return r < 0 ? list_refuse_name("memory", name, r) : 0;
}

/* Those from here on, as many as are asked at a time. */
static int ask(struct list *l, struct store *t, mxsel_memory *scratch,
	size_t first)
{
	const struct settings *s = l->settings;
	struct mxsel_memory_entry entries[NAMES_AT_A_TIME];
	size_t count = s->destination_count - first, i;
	int status = 0;

	if (count > NAMES_AT_A_TIME)
		count = NAMES_AT_A_TIME;
	for (i = 0; i < count && status == 0; i++)
		status = name_entry(&entries[i], scratch, s,
			s->destinations[first + i]);
	if (status == 0 && store_get(t, entries, count) != 0)
		status = refuse_away(t);
	for (i = 0; i < count && status == 0; i++) {
		l->unknown |= !memory_is_known(&entries[i]);
		status = list_add(l, &entries[i]);
	}
	return status;
}

static int show_cluster(const struct settings *s, struct store *t,
	mxsel_memory *scratch)
{
	struct list l = { s, NULL, 0, 0, 0, 0 };
	int status = 0;
	size_t i;

	for (i = 0; i < s->destination_count && status == 0;
	    i += NAMES_AT_A_TIME)
		status = ask(&l, t, scratch, i);
	if (status == 0)
		status = list_print(&l);
	list_free(&l);
	return status != 0 ? status : l.unknown;
}

static void say_told(const struct settings *s, const char *name)
{
	struct buffer line = { NULL, 0, 0, 0 };

	if (s->quiet)
		return;
	if (!s->json) {
		text_plain(stdout, name);
		puts(": the cluster is told to forget it");
		return;
	}
	buffer_constant(&line, "{\"name\":");
	text_json_string(&line, name);
	buffer_constant(&line, ",\"told\":true}\n");
	if (!line.failed)
		fwrite(line.bytes, 1, line.length, stdout);
	buffer_free(&line);
}

static int forget_names(const struct settings *s, mxsel_memory *memory)
{
	size_t i;
	int r;

	for (i = 0; i < s->forget_count; i++) {
		r = mxsel_memory_forget(memory, s->forgets[i]);
		if (r != 0)
			return list_refuse_name("--forget", s->forgets[i], r);
	}
	return 0;
}

/* It is there, and does not do it. Nothing is said of those that it did. */
static int refuse_forgetting(const struct settings *s, const struct store *t)
{
	char next[160];

	snprintf(next, sizeof(next), "it forgot %zu of %zu: let the user of "
		"the login run scripts with HGETALL and HDEL on these keys, "
		"and run it again", s->forget_count - t->refused,
		s->forget_count);
	store_say_away(t, next);
	return EX_TEMPFAIL;
}

/* All names or none: first without the cluster, to see that they are some. */
static int forget_in_cluster(const struct settings *s, struct store *t,
	mxsel_memory *memory)
{
	int r, status = forget_names(s, memory);
	size_t i;

	if (status != 0)
		return status;
	r = mxsel_memory_set_store(memory, t->shared);
	if (r != 0)
		return complain_error("--store", s->store, r, EX_SOFTWARE);
	status = forget_names(s, memory);
	if (status != 0)
		return status;
	if (store_flush(t) != 0)
		return refuse_away(t);
	if (t->refused > 0)
		return refuse_forgetting(s, t);
	for (i = 0; i < s->forget_count; i++)
		say_told(s, s->forgets[i]);
	return 0;
}

int memory_run_cluster(const struct settings *s)
{
	mxsel_memory *memory = NULL;
	struct store t;
	int status = store_open(&t, s);

	if (status == 0 && t.is_away)
		status = refuse_away(&t);
	if (status == 0)
		status = history_load(&memory, "memory", NULL,
			mxsel_ldns_time_of_day, NULL);
	if (status == 0)
		status = s->forget_count > 0 ?
			forget_in_cluster(s, &t, memory) :
			show_cluster(s, &t, memory);
	mxsel_memory_free(memory);
	store_close(&t);
	return status;
}
