/*
 * Files of memories, and plans that are ordered by them. May use the public
 * headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "history.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <mxsel/ldns.h>

#include "complain.h"
#include "memory_lines.h"

/* Octets of a memory: of an empty one, and at most. */
#define ROOM_MIN 65536u
#define ROOM_MAX (UINT64_C(1) << 32)
/* Hardly a file takes more than so many times its octets in memory: one whose
   lines say little, or whose names are long. */
#define ROOM_FACTOR 8u

/* Milliseconds that a plan for people waits for a server, instead of 5. */
#define BUDGET 1000

uint64_t history_moment(void *user)
{
	return *(const uint64_t *)user;
}

/* Room for all that a file says, at a guess. */
static uint64_t room_for(const char *file)
{
	struct stat st;

	if (file == NULL || stat(file, &st) != 0 || !S_ISREG(st.st_mode))
		return ROOM_MIN; /* the library refuses anything else */
	return st.st_size < 0 || (uint64_t)st.st_size >
		(ROOM_MAX - ROOM_MIN) / ROOM_FACTOR ? ROOM_MAX :
		ROOM_MIN + ROOM_FACTOR * (uint64_t)st.st_size;
}

static int make(mxsel_memory **memory, uint64_t room, mxsel_clock_fn clock,
	void *user)
{
	int r = room > SIZE_MAX ? MXSEL_ENOMEM : mxsel_memory_new(memory,
		(size_t)room, clock, user);

	return r != 0 ? r : mxsel_memory_set(*memory, MXSEL_MEMORY_KEEP,
		STORE_KEEP);
}

/* All of it: where there was no room for something, with more room. */
static int read_all(mxsel_memory **memory, const char *file,
	mxsel_clock_fn clock, void *user)
{
	uint64_t room = room_for(file);
	int r;

	for (;;) {
		r = make(memory, room, clock, user);
		if (r == 0 && file != NULL)
			r = mxsel_memory_load(*memory, file);
		if (r != 0 || room == ROOM_MAX ||
		    mxsel_memory_statistic(*memory, MXSEL_MEMORY_EVICTED) == 0)
			return r;
		mxsel_memory_free(*memory);
		*memory = NULL;
		room = room > ROOM_MAX / 4 ? ROOM_MAX : 4 * room;
	}
}

/* Which line is bad, and what to do with it. */
static int refuse_line(const char *option, const char *file)
{
	struct memory_lines lines;
	char why[80];

	if (memory_lines_read(&lines, file) != 0 || lines.bad <= 1) {
		complain(option, file, lines.bad == 1 ?
			"this is no file of a memory: line 1 is not "
			"'mxsel-memory 1 TIME'" : "this is no file of a memory",
			"give the one that the mail server keeps");
		return EX_DATAERR;
	}
	snprintf(why, sizeof(why), "line %zu of this file of a memory %s",
		lines.bad, lines.is_cut ? "has no end" : "is no entry");
	complain(option, file, why,
		"mend that line, or take it out: nothing was read");
	return EX_DATAERR;
}

static int refuse(const char *option, const char *file, int error, int system)
{
	if (error == MXSEL_ESYNTAX)
		return refuse_line(option, file);
	if (error != MXSEL_EFILE)
		return complain_error(option, file, error, EX_TEMPFAIL);
	if (system == EINVAL) {
		complain(option, file, "this is no file of a memory",
			"give the one that the mail server keeps");
		return EX_DATAERR;
	}
	if (system != EFBIG)
		return complain_system(option, file, system, EX_NOINPUT);
	complain(option, file, "a file of a memory has 64 MiB at most",
		"have the mail server keep less of hosts, or take lines out");
	return EX_NOINPUT;
}

int history_load(mxsel_memory **memory, const char *option, const char *file,
	mxsel_clock_fn clock, void *user)
{
	int r = read_all(memory, file, clock, user);

	return r == 0 ? 0 : refuse(option, file, r, errno);
}

size_t history_say_stale(const struct settings *s, const mxsel_memory *memory,
	const char *option, const char *file)
{
	struct memory_lines lines;
	char why[120];

	if (file == NULL ||
	    mxsel_memory_statistic(memory, MXSEL_MEMORY_ENTRIES) > 0 ||
	    memory_lines_read(&lines, file) != 0)
		return 0;
	if (s->quiet || lines.entries == 0)
		return lines.entries;
	snprintf(why, sizeof(why), "%s %zu %s too old: nothing is known any "
		"more", lines.entries == 1 ? "the" : "all", lines.entries,
		lines.entries == 1 ? "entry is" : "entries are");
	complain(option, file, why, "see that the mail server still writes "
		"it, and dates it by the time of day");
	return lines.entries;
}

/* 0, or the exit status. */
static int use_store(struct history *h)
{
	const struct settings *s = h->settings;
	int status = store_open(&h->store, s);
	int r;

	if (status != 0)
		return status;
	r = store_reader(&h->reader, &h->store);
	if (r == 0)
		r = mxsel_memory_set_store(h->memory, h->reader);
	/* Many destinations at a time share one thread. */
	if (r == 0 && s->command != SETTINGS_BULK)
		r = mxsel_memory_set(h->memory, MXSEL_MEMORY_BUDGET, BUDGET);
	return r == 0 ? 0 : complain_error("--store", s->store, r,
		EX_TEMPFAIL);
}

int history_open(struct history *h, const struct settings *s)
{
	/* What is recorded of one plan is of one moment; a long run goes on. */
	mxsel_clock_fn clock = s->command == SETTINGS_BULK ?
		mxsel_ldns_time_of_day : history_moment;
	int r, status;

	memset(h, 0, sizeof(*h));
	h->settings = s;
	h->now = mxsel_ldns_time_of_day(NULL);
	if (s->memory == NULL && s->store == NULL)
		return 0;
	status = history_load(&h->memory, "--memory", s->memory, clock,
		&h->now);
	if (status == 0)
		(void)history_say_stale(s, h->memory, "--memory",
			s->memory);
	if (status == 0 && s->store != NULL)
		status = use_store(h);
	if (status != 0)
		return status;
	/* Nobody connects: what is planned twice is the same plan twice. */
	r = mxsel_memory_set(h->memory, MXSEL_MEMORY_READ_ONLY, 1);
	if (r == 0)
		r = mxsel_options_set_memory(s->options, h->memory);
	return r == 0 ? 0 : complain_error("--memory", s->memory, r,
		EX_SOFTWARE);
}

static void say_what_is_missing(const struct history *h)
{
	if (h->reader == NULL || h->settings->quiet)
		return;
	if (h->store.is_away || mxsel_memory_statistic(h->memory,
		MXSEL_MEMORY_UNANSWERED) > 0)
		store_say_away(&h->store, "this was made without what the "
			"cluster knows: see that the server runs, takes the "
			"login and lets it run scripts");
}

void history_close(struct history *h)
{
	say_what_is_missing(h);
	if (h->memory != NULL)
		(void)mxsel_options_set_memory(h->settings->options, NULL);
	mxsel_memory_free(h->memory);
	mxsel_store_free(h->reader);
	store_close(&h->store);
}
