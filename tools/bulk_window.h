/*
 * What lies between the first destination that is not printed yet and the
 * last one that was begun: in which order they stand, what is finished, and
 * its text. Bounded in number, and in octets by whoever asks window_held().
 * May use libc.
 */
#ifndef TOOLS_BULK_WINDOW_H
#define TOOLS_BULK_WINDOW_H

#include "buffer.h"
#include "bulk_input.h"
#include "bulk_state.h"

struct window;

/* Room for so many destinations at a time; NULL: no memory. */
struct window *window_new(size_t room);

void window_free(struct window *w);

int window_is_full(const struct window *w);
int window_is_empty(const struct window *w);

/* Begin a destination that ends at this place of the input: its number. */
uint64_t window_open(struct window *w, const struct place *place);

/* The number of the first one that is there, and of the one to come. */
uint64_t window_head(const struct window *w);
uint64_t window_tail(const struct window *w);

/* It is printed, or need not be. */
void window_done(struct window *w, uint64_t number);

/*
 * It is finished, and this is its text, and the exit status it stands for. 0,
 * or -1: there is no memory.
 */
int window_keep(struct window *w, uint64_t number, const char *text,
	size_t length, int status);

/* It is finished; whoever knows keeps its text. */
void window_lend(struct window *w, uint64_t number, void *keeper);

/* Octets of memory that texts take. */
size_t window_held(const struct window *w);

enum { WINDOW_WAITS, WINDOW_DONE, WINDOW_KEPT, WINDOW_LENT };

/* What is known of the first one. */
int window_look(const struct window *w, void **keeper);

/* Add the text of the first one, which is WINDOW_KEPT, to out: its status. */
int window_text(struct window *w, struct buffer *out);

/* The first one is over: place is where it ends. */
void window_pass(struct window *w, struct place *place);

/*
 * Which of those behind the first are done already: to->bits, as hexadecimal
 * digits, four a digit, the first one's in the highest bit, without trailing
 * zeros; and to->last, where the last of them ends. What an earlier run has
 * done beyond all that was begun in this one is still done.
 */
void window_bits(const struct window *w, const struct state *earlier,
	struct state *to);

#endif
