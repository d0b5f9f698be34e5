/*
 * A small text that is replaced by renaming, so that whatever happens there
 * is a whole one: the old or the new. May use libc and complain().
 */
#define _POSIX_C_SOURCE 200809L

#include "bulk_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "complain.h"
#include "settings.h"

static const char first_line[] = "mxsel-bulk 1";

/* What follows "word " at *p, up to its newline; NULL: something else. */
static char *take_line(char **p, const char *word)
{
	size_t length = strlen(word);
	char *value, *newline;

	if (*p == NULL || strncmp(*p, word, length) != 0)
		return NULL;
	value = *p + length;
	newline = strchr(value, '\n');
	if (newline == NULL)
		return NULL;
	*newline = '\0';
	*p = newline + 1;
	return value;
}

static int take_number(char **p, const char *word, int base, uint64_t *out)
{
	char *text = take_line(p, word), *end;

	if (text == NULL || *text < '0' || (*text > '9' && base == 10))
		return -1;
	errno = 0;
	*out = strtoull(text, &end, base);
	return *end == '\0' && errno == 0 ? 0 : -1;
}

/* 0, or -1 when the text is none of ours. */
static int parse(struct state *s, char *text)
{
	char *p = text, *bits;
	uint64_t status, complete;
	size_t length;

	if (take_line(&p, first_line) == NULL ||
	    take_number(&p, "lines ", 10, &s->place.lines) != 0 ||
	    take_number(&p, "octets ", 10, &s->place.octets) != 0 ||
	    take_number(&p, "sum ", 16, &s->place.sum) != 0 ||
	    take_number(&p, "status ", 10, &status) != 0 || status > 255 ||
	    take_number(&p, "complete ", 10, &complete) != 0)
		return -1;
	s->status = (int)status;
	s->is_complete = complete != 0;
	bits = take_line(&p, "beyond ");
	if (bits == NULL ||
	    take_number(&p, "last octets ", 10, &s->last.octets) != 0 ||
	    take_number(&p, "last sum ", 16, &s->last.sum) != 0 ||
	    take_line(&p, "end") == NULL)
		return -1;
	length = strspn(bits, "0123456789abcdef");
	buffer_add(&s->bits, bits, length);
	if (length > 0 && s->last.octets <= s->place.octets)
		return -1;
	return bits[length] == '\0' && !s->bits.failed ? 0 : -1;
}

/* All of the file, with a NUL behind it. 0, or errno. */
static int read_all(struct buffer *text, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	ssize_t n = 1;
	char *room;

	if (fd < 0)
		return errno;
	while (n > 0) {
		room = buffer_room(text, 4096);
		n = room != NULL ? read(fd, room, 4096) : 0;
		if (n > 0)
			text->length += (size_t)n;
	}
	if (n < 0)
		error = errno;
	close(fd);
	buffer_octet(text, '\0');
	return text->failed ? ENOMEM : error;
}

int state_read(struct state *s, const char *path)
{
	struct buffer text = { NULL, 0, 0, 0 };
	int error, r;

	memset(s, 0, sizeof(*s));
	s->path = path;
	error = read_all(&text, path);
	r = error == 0 ? parse(s, text.bytes) : 0;
	buffer_free(&text);
	if (error == ENOENT)
		return 1;
	if (error != 0)
		return complain_system("--resume", path, error, EX_NOINPUT);
	if (r != 0) {
		complain("--resume", path,
			"this is not a file of mxsel bulk --resume",
			"name another one, or remove it");
		return EX_DATAERR;
	}
	return 0;
}

int state_is_done(const struct state *s, uint64_t number)
{
	char digit;
	int four;

	if (number / 4 >= s->bits.length)
		return 0;
	digit = s->bits.bytes[number / 4];
	four = digit <= '9' ? digit - '0' : digit - 'a' + 10;
	return four >> (3 - (number & 3)) & 1;
}

static void add_line(struct buffer *b, const char *word, uint64_t number)
{
	buffer_add(b, word, strlen(word));
	buffer_number(b, number);
	buffer_octet(b, '\n');
}

static void add_sum(struct buffer *b, const char *word, uint64_t number)
{
	char sum[24];

	snprintf(sum, sizeof(sum), "%016" PRIx64 "\n", number);
	buffer_add(b, word, strlen(word));
	buffer_add(b, sum, strlen(sum));
}

static void put_text(const struct state *s, struct buffer *b)
{
	buffer_add(b, first_line, strlen(first_line));
	buffer_octet(b, '\n');
	add_line(b, "lines ", s->place.lines);
	add_line(b, "octets ", s->place.octets);
	add_sum(b, "sum ", s->place.sum);
	add_line(b, "status ", (uint64_t)s->status);
	add_line(b, "complete ", s->is_complete ? 1 : 0);
	buffer_constant(b, "beyond ");
	buffer_add(b, s->bits.bytes, s->bits.length);
	buffer_octet(b, '\n');
	add_line(b, "last octets ", s->last.octets);
	add_sum(b, "last sum ", s->last.sum);
	buffer_constant(b, "end\n");
}

/* 0, or -1 with errno. */
static int write_all(int fd, const struct buffer *b)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < b->length) {
		n = write(fd, b->bytes + sent, b->length - sent);
		if (n < 0 && errno != EINTR)
			return -1;
		sent += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd);
}

/* The name is as safe as the file only when its folder is written, too. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	char *folder = malloc(length + 2);
	int fd;

	if (folder == NULL)
		return;
	memcpy(folder, path, length);
	memcpy(folder + length, ".", 2);
	fd = open(folder, O_RDONLY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* The text as a file of this name. 0, or -1 with errno. */
static int write_new(const char *name, const struct buffer *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int r, error;

	if (fd < 0)
		return -1;
	r = write_all(fd, text);
	error = errno;
	if (close(fd) != 0 && r == 0)
		return -1;
	errno = error;
	return r;
}

int state_write(const struct state *s)
{
	struct buffer text = { NULL, 0, 0, 0 }, name = { NULL, 0, 0, 0 };
	int r, error;

	put_text(s, &text);
	buffer_add(&name, s->path, strlen(s->path));
	buffer_add(&name, ".new", sizeof(".new"));
	errno = ENOMEM;
	r = text.failed || name.failed ? -1 : write_new(name.bytes, &text);
	if (r == 0)
		r = rename(name.bytes, s->path);
	error = errno;
	buffer_free(&text);
	buffer_free(&name);
	if (r == 0)
		sync_folder(s->path);
	errno = error;
	return r;
}

void state_free(struct state *s)
{
	buffer_free(&s->bits);
}
