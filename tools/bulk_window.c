/*
 * The window: a ring of marks, and texts in small pieces that are used again,
 * so that one slow destination among fast ones costs no allocation for each
 * line that must wait behind it. May use libc.
 */
#include "bulk_window.h"

#include <stdlib.h>

#define PIECE_ROOM 252
#define BLOCK_PIECES 1024
#define BLOCKS_MAX 4096 /* 1 GiB; whoever asks window_held() stops before */

struct piece {
	uint32_t next; /* its number plus 1; 0: the last one */
	char bytes[PIECE_ROOM];
};

struct mark {
	struct place place;
	void *keeper;
	uint32_t first;  /* piece */
	uint32_t length; /* of the text */
	int state;       /* WINDOW_* */
	int status;      /* of a text */
};

struct window {
	struct mark *marks;
	size_t room;         /* a power of two */
	uint64_t head, tail; /* numbers: first, and the one to come */
	struct piece **blocks;
	size_t block_count;
	uint32_t free;       /* as piece.next */
	size_t pieces;       /* in use */
};

struct window *window_new(size_t room)
{
	struct window *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	for (w->room = 64; w->room < room; w->room *= 2)
		;
	w->marks = calloc(w->room, sizeof(*w->marks));
	w->blocks = calloc(BLOCKS_MAX, sizeof(struct piece *));
	if (w->marks == NULL || w->blocks == NULL) {
		window_free(w);
		return NULL;
	}
	return w;
}

void window_free(struct window *w)
{
	if (w == NULL)
		return;
	while (w->block_count > 0)
		free(w->blocks[--w->block_count]);
	free(w->blocks);
	free(w->marks);
	free(w);
}

static struct mark *mark_of(const struct window *w, uint64_t number)
{
	return &w->marks[number & (w->room - 1)];
}

static struct piece *piece_of(const struct window *w, uint32_t number)
{
	return &w->blocks[(number - 1) / BLOCK_PIECES][(number - 1) %
		BLOCK_PIECES];
}

int window_is_full(const struct window *w)
{
	return w->tail - w->head == w->room;
}

int window_is_empty(const struct window *w)
{
	return w->tail == w->head;
}

uint64_t window_head(const struct window *w)
{
	return w->head;
}

uint64_t window_tail(const struct window *w)
{
	return w->tail;
}

uint64_t window_open(struct window *w, const struct place *place)
{
	struct mark *m = mark_of(w, w->tail);

	m->place = *place;
	m->state = WINDOW_WAITS;
	return w->tail++;
}

void window_done(struct window *w, uint64_t number)
{
	mark_of(w, number)->state = WINDOW_DONE;
}

void window_lend(struct window *w, uint64_t number, void *keeper)
{
	mark_of(w, number)->state = WINDOW_LENT;
	mark_of(w, number)->keeper = keeper;
}

size_t window_held(const struct window *w)
{
	return w->pieces * sizeof(struct piece);
}

/* Another block of free pieces. 0 or -1. */
static int add_block(struct window *w)
{
	struct piece *block;
	uint32_t i, base = (uint32_t)(w->block_count * BLOCK_PIECES);

	if (w->block_count == BLOCKS_MAX)
		return -1;
	block = malloc(BLOCK_PIECES * sizeof(*block));
	if (block == NULL)
		return -1;
	w->blocks[w->block_count++] = block;
	for (i = BLOCK_PIECES; i > 0; i--) {
		block[i - 1].next = w->free;
		w->free = base + i;
	}
	return 0;
}

static void drop_pieces(struct window *w, uint32_t number)
{
	uint32_t next;

	for (; number != 0; number = next) {
		next = piece_of(w, number)->next;
		piece_of(w, number)->next = w->free;
		w->free = number;
		w->pieces--;
	}
}

int window_keep(struct window *w, uint64_t number, const char *text,
	size_t length, int status)
{
	struct mark *m = mark_of(w, number);
	uint32_t *link = &m->first;
	struct piece *p;
	size_t n;

	m->first = 0;
	m->length = (uint32_t)length;
	m->status = status;
	for (; length > 0; text += n, length -= n) {
		if (w->free == 0 && add_block(w) != 0) {
			drop_pieces(w, m->first);
			return -1;
		}
		p = piece_of(w, w->free);
		*link = w->free;
		w->free = p->next;
		p->next = 0;
		w->pieces++;
		n = length < PIECE_ROOM ? length : PIECE_ROOM;
		memcpy(p->bytes, text, n);
		link = &p->next;
	}
	m->state = WINDOW_KEPT;
	return 0;
}

int window_look(const struct window *w, void **keeper)
{
	const struct mark *m = mark_of(w, w->head);

	if (w->head == w->tail)
		return WINDOW_WAITS;
	*keeper = m->keeper;
	return m->state;
}

int window_text(struct window *w, struct buffer *out)
{
	const struct mark *m = mark_of(w, w->head);
	size_t left = m->length, n;
	const struct piece *p;
	uint32_t i;

	for (i = m->first; i != 0; i = p->next) {
		p = piece_of(w, i);
		n = left < PIECE_ROOM ? left : PIECE_ROOM;
		buffer_add(out, p->bytes, n);
		left -= n;
	}
	drop_pieces(w, m->first);
	return m->status;
}

void window_pass(struct window *w, struct place *place)
{
	*place = mark_of(w, w->head)->place;
	w->head++;
}

/* Both count from the place where the earlier run ended. */
static int is_done(const struct window *w, const struct state *earlier,
	uint64_t i)
{
	return i < w->tail ? mark_of(w, i)->state == WINDOW_DONE :
		state_is_done(earlier, i);
}

void window_bits(const struct window *w, const struct state *earlier,
	struct state *to)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t i, last = w->head, end = 4 * (uint64_t)earlier->bits.length;
	unsigned four = 0, bit;

	end = end > w->tail ? end : w->tail;
	for (i = w->head; i != end; i++)
		if (is_done(w, earlier, i))
			last = i + 1;
	memset(&to->last, 0, sizeof(to->last));
	if (last > w->head)
		to->last = last > w->tail ? earlier->last :
			mark_of(w, last - 1)->place;
	for (i = w->head; i != last; i++) {
		bit = 3 - (unsigned)((i - w->head) & 3);
		if (is_done(w, earlier, i))
			four |= 1U << bit;
		if (bit == 0 || i + 1 == last) {
			buffer_octet(&to->bits, digits[four]);
			four = 0;
		}
	}
}
