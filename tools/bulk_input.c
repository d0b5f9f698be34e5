/*
 * Lines of standard input. LF or CRLF ends one, blanks around it go away, and
 * so do empty lines, lines that begin with '#', and the mark that some editors
 * put before UTF-8. May use libc.
 */
#define _POSIX_C_SOURCE 200809L

#include "bulk_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM ((size_t)65536)

/* FNV-1a, 64 bits. */
#define SUM_BEGIN UINT64_C(0xcbf29ce484222325)
#define SUM_PRIME UINT64_C(0x100000001b3)

static const char mark[] = "\xef\xbb\xbf";
#define MARK_LENGTH (sizeof(mark) - 1)

int input_open(struct input *in, int fd, int sums)
{
	struct stat st;
	off_t at;

	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->sums = sums;
	in->place.sum = SUM_BEGIN;
	in->bytes = malloc(ROOM + 1);
	if (in->bytes == NULL)
		return -1;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	in->is_file = 1;
	at = in->begun = lseek(fd, 0, SEEK_CUR);
	if (at >= 0 && at < st.st_size)
		in->size = (uint64_t)(st.st_size - at);
	return 0;
}

/* Keep what was read. */
static void copy(struct input *in, size_t at)
{
	if (fwrite(in->bytes + at, 1, in->end - at, in->copy) == in->end - at)
		return;
	in->error = errno;
	in->at_end = 1;
}

/* The copy first, the pipe when it is over. */
static ssize_t read_some(struct input *in)
{
	size_t room = ROOM - in->end;
	ssize_t n;

	if (in->copy != NULL && !in->is_copied) {
		n = read(fileno(in->copy), in->bytes + in->end, room);
		if (n != 0)
			return n;
		fclose(in->copy);
		in->copy = NULL;
	}
	return read(in->fd, in->bytes + in->end, room);
}

void input_read(struct input *in)
{
	ssize_t n;

	if (in->begin > 0) {
		memmove(in->bytes, in->bytes + in->begin, in->end - in->begin);
		in->end -= in->begin;
		in->begin = 0;
	}
	n = read_some(in);
	if (n > 0)
		in->end += (size_t)n;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0)
		in->error = errno;
	in->at_end = n <= 0;
	if (n > 0 && in->is_copied)
		copy(in, in->end - (size_t)n);
}

/* So many octets are done with. */
static void pass(struct input *in, size_t n)
{
	const unsigned char *p = (const unsigned char *)in->bytes + in->begin;
	uint64_t sum = in->place.sum;
	size_t i;

	if (in->sums)
		for (i = 0; i < n; i++)
			sum = (sum ^ p[i]) * SUM_PRIME;
	in->place.sum = sum;
	in->place.octets += n;
	in->begin += n;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Without the blanks around it, and ended by a NUL. */
static void trim(struct input_line *line, char *text, size_t length)
{
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	while (length > 0 && is_blank(*text)) {
		text++;
		length--;
	}
	line->is_odd = length > INPUT_LINE_MAX;
	if (line->is_odd)
		length = INPUT_LINE_MAX;
	text[length] = '\0';
	line->text = text;
	line->length = length;
}

/* A line that does not fit into the buffer: its beginning is kept. */
static void cut(struct input *in)
{
	char *text = in->bytes + in->begin;
	size_t length = in->end - in->begin;
	struct input_line line;

	pass(in, length);
	if (in->is_cutting)
		return;
	in->is_cutting = 1;
	in->is_comment = *text == '#';
	trim(&line, text, length - 1);
	memcpy(in->head, line.text, line.length + 1);
	in->head_length = line.length;
}

/* The line of this length in the buffer is over: is it a destination? */
static int take(struct input *in, size_t length, int has_newline,
	struct input_line *line)
{
	char *text = in->bytes + in->begin;
	int is_first = in->place.octets == 0, is_comment;

	pass(in, length + (has_newline ? 1 : 0));
	in->place.lines++;
	if (in->is_cutting) {
		in->is_cutting = 0;
		line->text = in->head;
		line->length = in->head_length;
		line->is_odd = 1;
		return !in->is_comment;
	}
	if (is_first && length >= MARK_LENGTH &&
	    memcmp(text, mark, MARK_LENGTH) == 0) {
		text += MARK_LENGTH;
		length -= MARK_LENGTH;
	}
	is_comment = length > 0 && *text == '#';
	trim(line, text, length);
	if (memchr(line->text, '\0', line->length) != NULL)
		line->is_odd = 1;
	return line->length > 0 && !is_comment;
}

int input_next(struct input *in, struct input_line *line)
{
	char *text, *newline;
	size_t left;

	for (;;) {
		text = in->bytes + in->begin;
		left = in->end - in->begin;
		newline = left > 0 ? memchr(text, '\n', left) : NULL;
		if (newline != NULL) {
			if (take(in, (size_t)(newline - text), 1, line))
				return INPUT_LINE;
			continue;
		}
		if (left == ROOM)
			cut(in);
		if (!in->at_end)
			return INPUT_MORE;
		if (in->error != 0) { /* what is left may be half a line */
			in->begin = in->end;
			in->is_cutting = 0;
		}
		if (in->end == in->begin && !in->is_cutting)
			return INPUT_END;
		/* A last line without newline counts. */
		if (take(in, in->end - in->begin, 0, line))
			return INPUT_LINE;
	}
}

int input_skip(struct input *in, const struct place *to)
{
	uint64_t left;
	size_t n;

	while (in->place.octets < to->octets) {
		if (in->begin == in->end)
			input_read(in);
		n = in->end - in->begin;
		if (n == 0 && in->at_end)
			return -1;
		left = to->octets - in->place.octets;
		pass(in, left < n ? (size_t)left : n);
		if (in->begin > 0)
			in->is_in_line = in->bytes[in->begin - 1] != '\n';
	}
	in->place.lines = to->lines;
	return in->place.sum == to->sum ? 0 : -1;
}

/* Begin to keep what comes. */
static void open_copy(struct input *in)
{
	in->copy = tmpfile();
	in->is_copied = in->copy != NULL;
	if (in->is_copied) {
		copy(in, in->begin);
		return;
	}
	in->error = errno;
	in->at_end = 1;
}

/* What comes next is again what came there. */
static void go_back(struct input *in, const struct place *to)
{
	off_t at = in->begun + (off_t)to->octets;

	in->is_copied = 0;
	if (in->is_file ? lseek(in->fd, at, SEEK_SET) < 0 :
	    fflush(in->copy) != 0 ||
	    lseek(fileno(in->copy), 0, SEEK_SET) < 0)
		in->error = errno;
	in->place = *to;
	in->begin = in->end = 0;
	in->at_end = in->error != 0;
}

int input_compare(struct input *in, const struct place *to)
{
	struct place here = in->place;
	int is_same;

	if (!in->is_file)
		open_copy(in);
	is_same = in->error == 0 && input_skip(in, to) == 0;
	if (is_same && in->is_in_line)
		input_need(in);
	if (is_same && input_is_at_line(in))
		go_back(in, &here);
	else
		is_same = 0;
	return is_same && in->error == 0 ? 0 : -1;
}

int input_may_wait(const struct input *in)
{
	return !in->is_file && in->copy == NULL;
}

void input_need(struct input *in)
{
	while (in->begin == in->end && !in->at_end)
		input_read(in);
}

int input_is_at_line(const struct input *in)
{
	char next = in->begin < in->end ? in->bytes[in->begin] : '\n';

	return !in->is_in_line || next == '\n' || next == '\r';
}

void input_close(struct input *in)
{
	free(in->bytes);
	in->bytes = NULL;
	if (in->copy != NULL)
		fclose(in->copy);
	in->copy = NULL;
}
