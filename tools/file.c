/*
 * A whole file in memory, of pipes also, whose size nobody knows before. May
 * use libc.
 */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define ROOM_FIRST 65536u

static char *read_all(FILE *file, size_t max, size_t *length)
{
	size_t room = 0, got = 1;
	char *text = NULL, *more;

	for (*length = 0; got > 0; *length += got) {
		if (*length == room) {
			room = room == 0 ? ROOM_FIRST : 2 * room;
			more = *length > max ? NULL : realloc(text, room);
			if (more == NULL) {
				errno = *length > max ? EFBIG : ENOMEM;
				free(text);
				return NULL;
			}
			text = more;
		}
		got = fread(text + *length, 1, room - *length, file);
	}
	if (!ferror(file) && *length <= max)
		return text;
	if (!ferror(file))
		errno = EFBIG;
	free(text);
	return NULL;
}

char *file_read(const char *name, size_t max, size_t *length)
{
	FILE *file = fopen(name, "r");
	char *text;
	int error;

	if (file == NULL)
		return NULL;
	text = read_all(file, max, length);
	error = errno;
	(void)fclose(file);
	errno = error;
	return text;
}

int file_error(const char *name)
{
	FILE *file = fopen(name, "r");
	int error;

	if (file == NULL)
		return errno;
	errno = 0;
	error = getc(file) == EOF && ferror(file) ? errno : 0;
	(void)fclose(file);
	return error;
}
