/*
 * A message is one file, so that it appears and disappears as one: a line
 * "from MAILBOX", a line "to MAILBOX" for each recipient, one with the time,
 * an empty one, then the content as it goes over the wire, but for the dots.
 */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "envelope.h"

void envelope_write(FILE *file, const char *from, char *const *to,
	size_t count)
{
	size_t i;

	fprintf(file, "from %s\n", from);
	for (i = 0; i < count; i++)
		fprintf(file, "to %s\n", to[i]);
	fprintf(file, "arrived %.3f\n\n", now());
}

/* Every line ends with CRLF (RFC 5321 2.3.8); other CRs are left out. */
static size_t copy_lines(FILE *in, FILE *out)
{
	size_t n = 0;
	int c, last = '\n';

	while ((c = getc(in)) != EOF) {
		n++;
		if (c == '\r')
			continue;
		if (c == '\n')
			putc('\r', out);
		putc(c, out);
		last = c;
	}
	if (last != '\n')
		fputs("\r\n", out);
	return ferror(in) ? 0 : n;
}

int envelope_submit(const struct spool *spool, const char *id,
	const char *from, char **to, size_t count, FILE *in)
{
	FILE *file = spool_begin(spool, id);
	size_t n;

	if (file == NULL)
		return -1;
	envelope_write(file, from, to, count);
	n = copy_lines(in, file);
	if (spool_finish(spool, file) == 0 && n > 0)
		return spool_publish(spool, id);
	unlinkat(spool->tmp, id, 0);
	return -1;
}

/* One line of the head: 1; 0 at its end; -1: it is none. */
static int read_line(struct envelope *e, char *line)
{
	char *end = strchr(line, '\n');

	if (end == NULL)
		return -1;
	*end = '\0';
	if (strncmp(line, "from ", 5) == 0 && e->from == NULL)
		return (e->from = strdup(line + 5)) != NULL ? 1 : -1;
	if (strncmp(line, "to ", 3) == 0 && e->count < RECIPIENTS_MAX) {
		e->to[e->count] = strdup(line + 3);
		return e->to[e->count] != NULL ? (e->count++, 1) : -1;
	}
	if (strncmp(line, "arrived ", 8) == 0) {
		e->arrived = strtod(line + 8, NULL);
		return 1;
	}
	return line[0] == '\0' ? 0 : -1;
}

int envelope_open(struct envelope *e, const struct spool *spool,
	const char *id)
{
	/* Whatever else lies there is no message: a pipe would be waited for,
	   a link leads to the file of somebody else. */
	int fd = openat(spool->queue, id,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char line[600];
	int r = -1;

	memset(e, 0, sizeof *e);
	e->file = fd < 0 ? NULL : fdopen(fd, "r");
	if (e->file == NULL)
		return -1;
	while (fgets(line, sizeof line, e->file) != NULL &&
		(r = read_line(e, line)) == 1)
		;
	e->content = ftell(e->file);
	if (r != 0 || e->from == NULL || e->count == 0 || e->content < 0)
		return -1;
	return 0;
}

void envelope_close(struct envelope *e)
{
	size_t i;

	if (e->file != NULL)
		fclose(e->file);
	for (i = 0; i < e->count; i++)
		free(e->to[i]);
	free(e->from);
}
