/*
 * The journal of one message: a line for each thing that happened, only ever
 * appended to, and brought to the disk before the next step. Read again, it
 * says where to go on. A line is "WORD RECIPIENTS REST", recipients being
 * numbers; one without its end was never promised to anybody, and is cut off.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal.h"

/* ------------------------------------------------------------------ writing */

static int put(int fd, const char *line, size_t size)
{
	size_t done = 0;
	ssize_t n = 0;

	while (done < size && (n >= 0 || errno == EINTR)) {
		n = write(fd, line + done, size - done);
		done += n > 0 ? (size_t)n : 0;
	}
	return done == size ? fsync(fd) : -1;
}

static int add(struct journal *j, const char *word, const struct members *who,
	const char *rest)
{
	char *line = NULL;
	size_t size = 0, i;
	FILE *f = j->is_broken ? NULL : open_memstream(&line, &size);

	if (f == NULL)
		return -1;
	fprintf(f, "%s ", word);
	for (i = 0; who != NULL && i < who->count; i++)
		fprintf(f, "%s%zu", i > 0 ? "," : "", who->to[i]);
	fprintf(f, " %s\n", rest);
	j->is_broken = fclose(f) != 0 || put(j->fd, line, size) != 0;
	free(line);
	return j->is_broken ? -1 : 0;
}

int journal_cursor(struct journal *j, const struct members *who,
	const mxsel *m)
{
	size_t size = 0, i, at;
	uint8_t *bytes;
	char *text;
	int r = -1;

	mxsel_save(m, NULL, &size); /* how much it is */
	bytes = malloc(size + 1);
	text = malloc(2 * size + 32);
	if (bytes != NULL && text != NULL && mxsel_save(m, bytes, &size) == 0) {
		at = (size_t)snprintf(text, 32, "%.3f ", now());
		for (i = 0; i < size; i++, at += 2)
			snprintf(text + at, 3, "%02x", bytes[i]);
		r = add(j, "cursor", who, text);
	}
	free(bytes);
	free(text);
	return r;
}

static void set_open(struct journal *j, const struct members *who, int is_open)
{
	size_t i;

	for (i = 0; i < who->count; i++)
		j->to[who->to[i]].is_open = is_open;
}

int journal_intent(struct journal *j, const struct members *who)
{
	set_open(j, who, 1);
	return add(j, "intent", who, "");
}

int journal_refused(struct journal *j, const struct members *who)
{
	set_open(j, who, 0);
	return add(j, "refused", who, "");
}

int journal_delivered(struct journal *j, const struct members *who)
{
	size_t i;

	for (i = 0; i < who->count; i++)
		j->to[who->to[i]].fate = DELIVERED;
	return add(j, "delivered", who, "");
}

static int set_failure(struct recipient *r, const char *status,
	const char *host, const char *said)
{
	r->fate = FAILED;
	free(r->failure.status);
	free(r->failure.host);
	free(r->failure.said);
	r->failure.status = strdup(status);
	r->failure.host = strdup(host);
	r->failure.said = strdup(said);
	return r->failure.status != NULL && r->failure.host != NULL &&
		r->failure.said != NULL ? 0 : -1;
}

int journal_failed(struct journal *j, const struct members *who,
	const char *status, const char *host, const char *said)
{
	char text[1024];
	size_t i;

	snprintf(text, sizeof text, "%s %s %s", status, host, said);
	if (add(j, "failed", who, text) != 0)
		return -1;
	for (i = 0; i < who->count; i++)
		if (set_failure(&j->to[who->to[i]], status, host, said) != 0)
			return -1;
	return 0;
}

int journal_bounced(struct journal *j)
{
	size_t i;

	for (i = 0; i < RECIPIENTS_MAX; i++)
		if (j->to[i].fate == FAILED)
			j->to[i].failure.is_bounced = 1;
	j->bounces++;
	return add(j, "bounced", NULL, "");
}

int journal_tried(struct journal *j)
{
	j->tries++;
	return add(j, "tried", NULL, "");
}

/* ------------------------------------------------------------------ reading */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_cursor(struct journal *j, const char *rest)
{
	const char *digits = strchr(rest, ' ');
	struct cursor *more, *c;

	if (digits == NULL)
		return -1;
	more = realloc(j->cursors, (j->count + 1) * sizeof *more);
	if (more == NULL)
		return -1;
	j->cursors = more;
	c = &j->cursors[j->count++];
	c->saved = strtod(rest, NULL);
	c->size = 0;
	c->bytes = malloc(strlen(++digits) / 2 + 1);
	if (c->bytes == NULL)
		return -1;
	for (; hex(digits[0]) >= 0 && hex(digits[1]) >= 0; digits += 2)
		c->bytes[c->size++] = (uint8_t)(hex(digits[0]) * 16 +
			hex(digits[1]));
	return 0;
}

static int read_failure(struct recipient *r, char *rest)
{
	char *host = strchr(rest, ' ');
	char *said = host != NULL ? strchr(host + 1, ' ') : NULL;
	int result;

	if (said == NULL)
		return -1;
	*host = *said = '\0';
	result = set_failure(r, rest, host + 1, said + 1);
	*host = *said = ' ';
	return result;
}

/* What a record says of one recipient. */
static int read_one(struct journal *j, struct recipient *r, const char *word,
	char *rest)
{
	if (strcmp(word, "failed") == 0)
		return read_failure(r, rest);
	if (strcmp(word, "delivered") == 0)
		r->fate = DELIVERED;
	if (strcmp(word, "cursor") == 0)
		r->cursor = j->count;
	r->is_open = strcmp(word, "intent") == 0;
	return 0;
}

static void read_all(struct journal *j, const char *word)
{
	size_t i;

	for (i = 0; i < RECIPIENTS_MAX; i++) {
		if (strcmp(word, "tried") == 0)
			j->to[i].cursor = 0;
		else if (j->to[i].fate == FAILED)
			j->to[i].failure.is_bounced = 1;
	}
	if (strcmp(word, "tried") == 0)
		j->tries++;
	else
		j->bounces++;
}

static int read_record(struct journal *j, char *line, size_t recipients)
{
	char *who = strchr(line, ' '), *rest, *end;
	unsigned long n;

	if (who == NULL || (rest = strchr(who + 1, ' ')) == NULL)
		return -1;
	*who++ = '\0';
	*rest++ = '\0';
	if (strcmp(line, "cursor") == 0 && read_cursor(j, rest) != 0)
		return -1;
	if (strcmp(line, "tried") == 0 || strcmp(line, "bounced") == 0)
		read_all(j, line);
	for (; *who != '\0'; who = *end == ',' ? end + 1 : end) {
		n = strtoul(who, &end, 10);
		if (end == who || n >= recipients ||
			read_one(j, &j->to[n], line, rest) != 0)
			return -1;
	}
	return 0;
}

int journal_read(struct journal *j, int fd, size_t recipients)
{
	int copy = dup(fd), r = 0;
	FILE *f = copy < 0 ? NULL : fdopen(copy, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	off_t whole = 0;

	memset(j, 0, sizeof *j);
	j->fd = fd;
	if (f == NULL)
		return -1;
	rewind(f);
	while (r == 0 && (n = getline(&line, &room, f)) > 0 &&
		line[n - 1] == '\n') {
		line[n - 1] = '\0';
		whole += n;
		r = read_record(j, line, recipients);
	}
	if (ferror(f))
		r = -1;
	free(line);
	fclose(f);
	return r != 0 ? r : ftruncate(fd, whole);
}

void journal_free(struct journal *j)
{
	size_t i;

	for (i = 0; i < RECIPIENTS_MAX; i++) {
		free(j->to[i].failure.status);
		free(j->to[i].failure.host);
		free(j->to[i].failure.said);
	}
	for (i = 0; i < j->count; i++)
		free(j->cursors[i].bytes);
	free(j->cursors);
	close(j->fd);
}
