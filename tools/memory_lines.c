/*
 * The lines of a memory's file, see memory_lines.h: the rules are those of
 * mxsel_memory_load(). May use the public headers.
 */
#include "memory_lines.h"

#include <stdlib.h>
#include <string.h>

#include <mxsel/memory.h>

#include "file.h"

#define FIRST "mxsel-memory 1 "
#define LATEST "18446744073709551615" /* 2^64 - 1 */

/* A time that is written in one way only. */
static int is_time(const char *text, size_t length)
{
	size_t most = sizeof(LATEST) - 1, i;

	for (i = 0; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return 0;
	if (length == 0 || length > most || (length > 1 && *text == '0'))
		return 0;
	return length < most || memcmp(text, LATEST, most) <= 0;
}

static int is_first(const char *line, size_t length)
{
	size_t before = sizeof(FIRST) - 1;

	return length > before && memcmp(line, FIRST, before) == 0 &&
		is_time(line + before, length - before);
}

/* A line behind the first one. 1 when it is good. */
static int take(struct memory_lines *out, const char *line, size_t length)
{
	struct mxsel_memory_entry e;

	if (length == 0 || *line == '#')
		return 1;
	if (mxsel_memory_parse(&e, line, length) != 0)
		return 0;
	out->entries++;
	return 1;
}

static void read_lines(struct memory_lines *out, const char *text,
	size_t length)
{
	const char *at = text, *end = text + length, *newline;
	size_t number = 0;
	int is_good;

	do {
		number++;
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL) {
			out->is_cut = number > 1;
			is_good = 0;
		} else {
			length = (size_t)(newline - at);
			is_good = number == 1 ? is_first(at, length) :
				take(out, at, length);
			at = newline + 1;
		}
	} while (is_good && at < end);
	if (!is_good)
		out->bad = number;
}

int memory_lines_read(struct memory_lines *out, const char *file)
{
	size_t length;
	char *text = file_read(file, MEMORY_LINES_MAX, &length);

	memset(out, 0, sizeof(*out));
	if (text == NULL)
		return -1;
	read_lines(out, text, length);
	free(text);
	return 0;
}
