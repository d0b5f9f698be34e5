/*
 * One run of the command kept in a text file, and played back: the library
 * hands out and takes the lines, the files are the command's. May use the
 * public headers and libc.
 */
#include "replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <mxsel/memory.h>
#include <mxsel/mock.h>

#include "complain.h"
#include "file.h"

#define FILE_MAX ((size_t)64 << 20) /* beyond any 40 answers of 64 KiB in hex */
#define MEMORY_ROOM ((size_t)1 << 20) /* beyond all hosts of one plan */
#define MEMORY_KEEP 2592000 /* seconds: as old as an entry may be */

/* The one record that is written, and the one that is played. */
static FILE *recording;
static mxsel_mock *playing;

static int refuse(const char *option, const char *file, const char *why,
	const char *next, int status)
{
	complain(option, file, why, next);
	return status;
}

static void write_line(const char *line, void *user)
{
	FILE *file = user;

	fputs(line, file);
	putc('\n', file);
}

static int start_record(const struct settings *s, mxsel_options *options)
{
	int r;

	recording = fopen(s->record, "w");
	if (recording == NULL)
		return complain_system("--record", s->record, errno,
			EX_CANTCREAT);
	r = mxsel_options_set_recorder(options, write_line, recording);
	return r == 0 ? 0 : complain_error("--record", s->record, r,
		EX_SOFTWARE);
}

static int is_destination(const char *given)
{
	size_t length;
	const char *recorded = mxsel_mock_replay_destination(playing,
		&length);

	return strlen(given) == length &&
		memcmp(given, recorded, length) == 0;
}

static int start_replay(const struct settings *s, mxsel_options *options)
{
	size_t length;
	char *text = file_read(s->replay, FILE_MAX, &length);
	uint64_t seed;
	int r;

	if (text == NULL)
		return complain_system("--replay", s->replay, errno,
			EX_NOINPUT);
	r = mxsel_mock_new(&playing);
	if (r == 0)
		r = mxsel_mock_replay(playing, text, length);
	free(text);
	if (r == MXSEL_ESYNTAX)
		return refuse("--replay", s->replay,
			"this is no record of one destination",
			"give a file that --record has written", EX_DATAERR);
	if (r != 0)
		return complain_error("--replay", s->replay, r, EX_DATAERR);
	if (!is_destination(s->destinations[0]))
		return refuse("--replay", s->replay,
			"this is the record of another destination",
			"give the one that its second line names", EX_USAGE);
	if (mxsel_mock_replay_seed(playing, &seed) == 0)
		r = mxsel_options_set_seed(options, seed);
	if (r == 0)
		r = mxsel_options_set_resolver(options,
			mxsel_mock_resolver(playing));
	return r == 0 ? 0 : complain_error("--replay", s->replay, r,
		EX_SOFTWARE);
}

/* What the memory of the recorded run knew does not grow older. */
static uint64_t stand_still(void *user)
{
	(void)user;
	return 0;
}

static int replay_memory(const struct settings *s, mxsel_options *options)
{
	mxsel_memory *memory = NULL;
	int r = mxsel_memory_new(&memory, MEMORY_ROOM, stand_still, NULL);

	if (r == 0)
		r = mxsel_memory_set(memory, MXSEL_MEMORY_KEEP, MEMORY_KEEP);
	if (r == 0)
		r = mxsel_mock_replay_memory(playing, memory);
	if (r >= 0)
		r = mxsel_options_set_memory(options, memory);
	mxsel_memory_free(memory);
	return r == 0 ? 0 : complain_error("--replay", s->replay, r,
		EX_DATAERR);
}

int replay_start(const struct settings *s, mxsel_options *options)
{
	int r = 0;

	if (s->record == NULL && s->replay == NULL)
		return 0;
	if (s->destination_count != 1)
		return refuse(s->record != NULL ? "--record" : "--replay",
			NULL, "it goes with one destination",
			"run mxsel once for each", EX_USAGE);
	/* First: the record may be replayed into the same file. */
	if (s->replay != NULL)
		r = start_replay(s, options);
	if (r == 0 && s->replay != NULL)
		r = replay_memory(s, options);
	if (r == 0 && s->record != NULL)
		r = start_record(s, options);
	return r;
}

int replay_end(const struct settings *s)
{
	int r = 0;

	if (recording != NULL) {
		r = ferror(recording);
		if (fclose(recording) != 0 || r != 0)
			r = complain_system("--record", s->record, errno,
				EX_IOERR);
		recording = NULL;
	}
	mxsel_mock_free(playing);
	playing = NULL;
	return r;
}
