/*
 * A memory of hosts in a file that all processes share. Each reads it when its
 * message begins, and when that has ended reads it again and writes it: of two
 * that end at the same moment, one may be forgotten, which costs an attempt
 * and no mail.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "hosts.h"

enum { HOSTS_BYTES = 1 << 20 }; /* some thousand of them */

static uint64_t time_of_day(void *user)
{
	struct timespec now;

	(void)user;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void complain(const char *file, int error)
{
	fprintf(stderr, "mta_delivery: %s: %s\n", file, mxsel_strerror(error));
}

mxsel_memory *hosts_attach(mxsel_options *options, const char *file)
{
	mxsel_memory *memory = NULL;
	int r;

	if (file == NULL)
		return NULL;
	r = mxsel_memory_new(&memory, HOSTS_BYTES, time_of_day, NULL);
	if (r == 0)
		r = mxsel_memory_load(memory, file);
	if (r == MXSEL_EFILE && errno == ENOENT)
		r = 0; /* the first message */
	if (r == 0)
		r = mxsel_options_set_memory(options, memory);
	if (r == 0)
		return memory;
	complain(file, r);
	mxsel_memory_free(memory);
	return NULL;
}

void hosts_save(mxsel_memory *memory, const char *file)
{
	int r;

	if (memory == NULL)
		return;
	/* Of two entries for one host the younger one counts. */
	(void)mxsel_memory_load(memory, file);
	r = mxsel_memory_save(memory, file);
	if (r != 0)
		complain(file, r);
	mxsel_memory_free(memory);
}
