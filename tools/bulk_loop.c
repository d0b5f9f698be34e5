/*
 * What mxsel bulk does next: read, ask, print, or wait for whichever can go
 * on first. One thread; nothing but its poll() ever waits. May use the public
 * headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "bulk_work.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

/* Questions that may wait in the engine: more would gain nothing. */
#define QUEUED_MAX 64
/* Destinations that begin before answers are looked for again. */
#define BEGIN_AT_ONCE 256
/* Octets that are worth a write(), and milliseconds that fewer may wait. */
#define OUTPUT_ENOUGH ((size_t)65536)
#define OUTPUT_LATEST 20
/* Milliseconds: progress, --resume, and for a signal that came just before
   poll(). */
#define TICK 100
#define SAVE_EVERY 1000

static volatile sig_atomic_t caught;

/* The first asks for an end, the second is one, of whatever kind it is. */
static void on_signal(int number)
{
	if (caught != 0)
		raise(number); /* which is no longer caught: SA_RESETHAND */
	caught = number;
}

static void catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action, before;
	size_t i;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	action.sa_flags = (int)SA_RESETHAND;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&action.sa_mask, numbers[i]);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (sigaction(numbers[i], NULL, &before) == 0 &&
		    before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
}

uint64_t bulk_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ----------------------------------------------------------------- resume */

/* Remember how far the output is, to be saved when all of it is written. */
static void mark_place(struct bulk *b)
{
	b->next.path = b->resume;
	b->next.place = b->printed;
	b->next.status = b->worst;
	b->next.is_complete = 0;
	buffer_empty(&b->next.bits);
	window_bits(b->window, &b->earlier, &b->next);
	b->next_place = output_place(&b->output);
	b->next_waits = 1;
}

static void save(struct bulk *b, uint64_t now)
{
	output_sync(&b->output);
	if (state_write(&b->next) != 0)
		bulk_fail_system(b, "--resume", b->resume, errno,
			EX_CANTCREAT);
	else
		b->saved_place = b->next_place;
	b->next_waits = 0;
	b->saved = now;
}

static void tick_resume(struct bulk *b, uint64_t now)
{
	if (b->resume == NULL)
		return;
	if (!b->next_waits && now - b->saved >= SAVE_EVERY)
		mark_place(b);
	if (b->next_waits && b->output.written >= b->next_place)
		save(b, now);
}

/* ------------------------------------------------------------------- steps */

static void count(struct bulk *b)
{
	struct tally *t = &b->tally;

	t->questions = asker_has_tally(&b->asker) ? asker_tally(&b->asker) :
		b->asked;
	t->octets = b->input.place.octets - b->earlier.place.octets;
	t->size = b->input.size > b->earlier.place.octets ?
		b->input.size - b->earlier.place.octets : 0;
}

static int takes_more(const struct bulk *b)
{
	return bulk_has_room(b) && asker_queued(&b->asker) < QUEUED_MAX;
}

/* Was this one printed by an earlier run? Then pass over it. */
static int is_done_already(struct bulk *b)
{
	uint64_t number;

	if (b->earlier.bits.length == 0 ||
	    !state_is_done(&b->earlier, window_tail(b->window)))
		return 0;
	number = window_open(b->window, &b->input.place);
	window_done(b->window, number);
	return 1;
}

/* Why no more destinations begin now. */
enum { MORE_AT_ONCE, MORE_WITH_INPUT, MORE_WITH_ROOM, NO_MORE };

/* Begin as many as may be. */
static int begin_some(struct bulk *b)
{
	struct input_line line;
	int i, r;

	for (i = 0; i < BEGIN_AT_ONCE; i++) {
		if (!takes_more(b))
			return MORE_WITH_ROOM;
		while ((r = input_next(&b->input, &line)) == INPUT_MORE) {
			if (input_may_wait(&b->input))
				return MORE_WITH_INPUT;
			input_read(&b->input);
		}
		if (r == INPUT_END)
			return NO_MORE;
		if (!is_done_already(b))
			bulk_begin(b, &line);
	}
	return MORE_AT_ONCE;
}

/* Take what the engine has. 1 when something went on. */
static int go_on(struct bulk *b)
{
	mxsel *m;
	int any = 0;

	if (!asker_is_open(&b->asker))
		return 0;
	if (asker_process(&b->asker) != 0)
		bulk_fail(b, "bulk", MXSEL_ESYSTEM, EX_OSERR);
	while (b->failed == 0 &&
	       (m = asker_ready(&b->asker)) != NULL) {
		bulk_go_on(b, mxsel_user(m));
		any = 1;
	}
	return any;
}

static int is_over(const struct bulk *b)
{
	return b->input.at_end && b->input.begin == b->input.end &&
		!b->input.is_cutting && b->busy == 0 &&
		(b->window == NULL || window_is_empty(b->window)) &&
		output_pending(&b->output) == 0;
}

/* Write what waits, when it is enough or has waited long enough. */
static void write_some(struct bulk *b, uint64_t now, uint64_t *since)
{
	size_t pending = output_pending(&b->output);

	if (pending == 0) {
		*since = now;
		return;
	}
	if (pending < OUTPUT_ENOUGH && now - *since < OUTPUT_LATEST &&
	    b->busy > 0)
		return;
	progress_clear(&b->progress);
	if (output_flush(&b->output) != 0)
		bulk_fail_system(b, "cannot write", NULL, b->output.error,
			EX_IOERR);
	*since = now;
}

/* Nothing can be done now: until when, and what for? */
static void wait_for_something(struct bulk *b, int wants_input)
{
	struct pollfd p[3];
	size_t pending = output_pending(&b->output);
	int timeout = pending > 0 && b->busy > 0 ? OUTPUT_LATEST : TICK;
	int asker = -1, fd = -1, r;

	if (asker_count(&b->asker) > 0) {
		fd = asker_fd(&b->asker);
		asker = asker_timeout(&b->asker);
		if (asker >= 0 && asker < timeout)
			timeout = asker;
		if (fd < 0) {
			asker_wait(&b->asker, timeout);
			timeout = 0;
		}
	}
	p[0].fd = fd;
	p[0].events = POLLIN;
	p[1].fd = wants_input ? b->input.fd : -1;
	p[1].events = POLLIN;
	p[2].fd = pending >= OUTPUT_ENOUGH || (pending > 0 && b->busy == 0) ?
		b->output.fd : -1;
	p[2].events = POLLOUT;
	p[1].revents = 0;
	r = poll(p, 3, timeout);
	if (r > 0 && p[1].revents != 0)
		input_read(&b->input);
}

static void run(struct bulk *b)
{
	uint64_t now = bulk_now(), since = now;
	int more, went_on;

	while (caught == 0 && b->failed == 0 && !is_over(b)) {
		more = begin_some(b);
		went_on = go_on(b);
		bulk_print(b);
		now = bulk_now();
		write_some(b, now, &since);
		count(b);
		progress_tick(&b->progress, &b->tally, now);
		tick_resume(b, now);
		if (!went_on && more != MORE_AT_ONCE && b->failed == 0 &&
		    caught == 0 && !is_over(b))
			wait_for_something(b, more == MORE_WITH_INPUT);
	}
}

/* A disk that is full may have taken half a line. */
static void lose_output(const struct bulk *b)
{
	if (b->resume != NULL)
		output_take_back(&b->output, b->saved_place);
}

/* What is finished goes out, and is remembered. */
static void end(struct bulk *b)
{
	if (b->output.error != 0) {
		lose_output(b);
		return;
	}
	progress_clear(&b->progress);
	for (;;) {
		bulk_print(b); /* as much as there is room for */
		if (output_pending(&b->output) == 0)
			break;
		if (output_finish(&b->output) != 0) {
			bulk_fail_system(b, "cannot write", NULL,
				b->output.error, EX_IOERR);
			lose_output(b);
			return;
		}
	}
	if (b->resume == NULL)
		return;
	if (is_over(b) && b->input.error == 0)
		b->printed = b->input.place;
	mark_place(b);
	b->next.is_complete = is_over(b) && b->input.error == 0;
	save(b, 0);
	if (b->next_place != b->saved_place)
		lose_output(b); /* what is not remembered comes again */
}

int bulk_loop(struct bulk *b)
{
	catch_signals();
	run(b);
	if (b->input.error != 0)
		bulk_fail_system(b, "cannot read standard input", NULL,
			b->input.error, EX_IOERR);
	end(b);
	count(b);
	return caught;
}
