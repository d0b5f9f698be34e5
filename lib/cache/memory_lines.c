/*
 * All that a memory knows, as lines in the order of a file. May use base and
 * name.
 */
#include "cache/memory_text.h"

#include <stdlib.h>

#include "cache/memory_inside.h"

int mxsel__memory_grow(void **block, size_t *room, size_t need)
{
	/* Blocks have at most half of SIZE_MAX: this is no more than that. */
	size_t more = *room + need;
	void *new;

	if (need <= *room)
		return 0;
	new = realloc(*block, more);
	if (new == NULL)
		return -1;
	*block = new;
	*room = more;
	return 0;
}

static int make_room(struct mxsel__lines *s)
{
	void *text = s->text, *line = s->line;
	int full = mxsel__memory_grow(&text, &s->room,
		s->length + MXSEL_MEMORY_TEXT_SIZE);

	s->text = text;
	if (full)
		return MXSEL_ENOMEM;
	full = mxsel__memory_grow(&line, &s->line_room,
		(s->count + 1) * sizeof(s->line[0]));
	s->line = line;
	return full ? MXSEL_ENOMEM : MXSEL_OK;
}

static void add(struct mxsel__lines *s, const struct mxsel_memory_entry *e)
{
	struct mxsel__line *l = &s->line[s->count++];
	size_t length = mxsel__memory_line(s->text + s->length, e);

	s->text[s->length + length++] = '\n';
	l->at = s->length;
	l->length = (uint16_t)length;
	l->name = e->kind == MXSEL_MEMORY_HOST ? sizeof("host")
		: sizeof("address");
	l->port = (uint16_t)e->port;
	s->length += length;
}

/* By name and port. A blank, behind each name, is below all its octets. */
static int is_before(const struct mxsel__lines *s, const struct mxsel__line *a,
	const struct mxsel__line *b)
{
	const unsigned char *p = (const unsigned char *)s->text + a->at +
		a->name;
	const unsigned char *q = (const unsigned char *)s->text + b->at +
		b->name;

	while (*p == *q && *p != ' ') {
		p++;
		q++;
	}
	return *p != *q ? *p < *q : a->port < b->port;
}

/* A heap with the last of them on top: one of it goes to its place. */
static void sink(const struct mxsel__lines *s, size_t at, size_t count)
{
	struct mxsel__line *l = s->line, moved = l[at];
	size_t child;

	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count &&
				is_before(s, &l[child], &l[child + 1]))
			child++;
		if (!is_before(s, &moved, &l[child]))
			break;
		l[at] = l[child];
		at = child;
	}
	l[at] = moved;
}

static void sort(const struct mxsel__lines *s)
{
	struct mxsel__line first;
	size_t i;

	for (i = s->count / 2; i > 0; i--)
		sink(s, i - 1, s->count);
	for (i = s->count; i > 1; i--) {
		first = s->line[0];
		s->line[0] = s->line[i - 1];
		s->line[i - 1] = first;
		sink(s, 0, i - 1);
	}
}

int mxsel__lines_take(struct mxsel__lines *s, const mxsel_memory *memory)
{
	struct mxsel_memory_entry e;
	uint64_t place = 0;

	s->time = mxsel__memory_time(memory);
	while (mxsel_memory_next(memory, &place, &e) > 0) {
		if (make_room(s) != MXSEL_OK)
			return MXSEL_ENOMEM;
		add(s, &e);
	}
	sort(s);
	return MXSEL_OK;
}

void mxsel__lines_free(struct mxsel__lines *s)
{
	free(s->text);
	free(s->line);
}
