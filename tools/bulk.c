/*
 * mxsel bulk: what a run needs, taken and given back. May use the public
 * headers.
 */
#include "bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "bulk_work.h"
#include "complain.h"
#include "plan.h"

/* Destinations in a window, at least: that many may wait for a slow one. */
#define WINDOW_ORDERED ((size_t)16384)
/* Without order only marks wait, for --resume. */
#define WINDOW_UNORDERED ((size_t)131072)
/* What a shell adds to the number of the signal that ended a command. */
#define STATUS_OF_SIGNAL 128

int bulk_asks_servers(const struct settings *s)
{
	return s->command == SETTINGS_BULK && !s->demo && s->zone_count == 0;
}

static int no_memory(void)
{
	complain("bulk", NULL, mxsel_strerror(MXSEL_ENOMEM),
		"lower --concurrency and --cache-size, or raise the limit "
		"(ulimit -v)");
	return EX_TEMPFAIL;
}

/* Name servers, and what is known of them already. 0, or exit status. */
static int open_network(struct bulk *b)
{
	const struct settings *s = b->settings;
	int status = asker_open(&b->asker, s), error = 0;

	if (status != 0)
		return status;
	if (s->cache_size > 0)
		error = mxsel_cache_new(&b->cache, s->cache_size,
			mxsel_ldns_clock, NULL);
	if (error == MXSEL_ENOMEM)
		return no_memory();
	if (error != 0)
		return complain_error("--cache-size", NULL, error, EX_USAGE);
	if (b->cache != NULL)
		error = mxsel_options_set_cache(s->options, b->cache);
	/* All is asked for: then all at once. */
	if (error == 0 && b->walks_all)
		error = mxsel_options_set(s->options, MXSEL_OPT_PREFETCH, 128);
	return error == 0 ? 0 : error == MXSEL_ENOMEM ? no_memory() :
		complain_error("bulk", NULL, error, EX_TEMPFAIL);
}

/* 0, or the exit status. */
static int open_jobs(struct bulk *b)
{
	size_t count = b->settings->concurrency, i, room;

	b->held_end = &b->held;
	b->jobs = calloc(count, sizeof(*b->jobs));
	if (b->jobs == NULL)
		return no_memory();
	for (i = count; i > 0; i--) {
		b->jobs[i - 1].next = b->idle;
		b->idle = &b->jobs[i - 1];
	}
	room = b->is_ordered ? WINDOW_ORDERED : WINDOW_UNORDERED;
	if (room < 2 * count)
		room = 2 * count;
	if (b->is_ordered || b->resume != NULL) {
		b->window = window_new(room);
		if (b->window == NULL)
			return no_memory();
	}
	return 0;
}

static int told_it_is_done(const struct bulk *b)
{
	if (!b->settings->quiet)
		complain("--resume", b->resume, "all is done already",
			"remove the file to begin anew");
	return b->earlier.status;
}

/*
 * Pass over what an earlier run has done: 1 when it is this input, up to the
 * last line that it has printed. Nothing is printed before that is known.
 */
static int pass_over(struct input *in, const struct state *e)
{
	if (input_skip(in, &e->place) != 0)
		return 0;
	if (in->is_in_line || e->is_complete)
		input_need(in);
	if (!input_is_at_line(in))
		return 0;
	return e->bits.length == 0 || input_compare(in, &e->last) == 0;
}

/*
 * Go on where an earlier run ended. 0; 1: that was all, with the exit status;
 * else -1, likewise.
 */
static int go_on_from(struct bulk *b, int *status)
{
	const struct state *e = &b->earlier;
	struct input *in = &b->input;
	int is_same;

	*status = state_read(&b->earlier, b->resume);
	if (*status == 1) {
		*status = 0;
		return 0;
	}
	if (*status != 0)
		return -1;
	is_same = pass_over(in, e);
	if (in->error != 0) {
		*status = complain_system("cannot read standard input", NULL,
			in->error, EX_IOERR);
		return -1;
	}
	if (!is_same) {
		complain("--resume", b->resume,
			"standard input is not what it was written for",
			"give the same input, or remove the file");
		*status = EX_DATAERR;
		return -1;
	}
	if (e->is_complete && in->at_end && in->begin == in->end) {
		*status = told_it_is_done(b);
		return 1;
	}
	if (!b->settings->quiet)
		fprintf(stderr, "mxsel: %s: going on after line %llu\n",
			b->resume, (unsigned long long)e->place.lines);
	b->printed = e->place;
	b->worst = e->status;
	return 0;
}

static void close_all(struct bulk *b)
{
	size_t i;

	for (i = 0; b->jobs != NULL && i < b->settings->concurrency; i++)
		mxsel_free(b->jobs[i].m);
	free(b->jobs);
	asker_close(&b->asker);
	mxsel_cache_free(b->cache);
	window_free(b->window);
	json_free(&b->json);
	buffer_free(&b->line);
	input_close(&b->input);
	output_close(&b->output);
	state_free(&b->earlier);
	state_free(&b->next);
}

static int work(struct bulk *b)
{
	const struct settings *s = b->settings;
	int by_signal;

	progress_begin(&b->progress,
		s->quiet ? SETTINGS_COLOR_NEVER : s->progress, bulk_now());
	by_signal = bulk_loop(b);
	progress_end(&b->progress, &b->tally, bulk_now(), by_signal != 0 ?
		"interrupted: " : b->failed != 0 ? "ended early: " : "");
	if (b->failed != 0)
		return b->failed;
	return by_signal != 0 ? STATUS_OF_SIGNAL + by_signal : b->worst;
}

int bulk_run(const struct settings *s)
{
	struct bulk b;
	int status, earlier = 0;

	memset(&b, 0, sizeof(b));
	b.settings = s;
	b.resume = s->resume;
	b.is_ordered = !s->unordered;
	b.json.keys = s->keys;
	b.json.shows_tls = s->shows_tls;
	b.walks_all = !s->quiet && json_wants_all(s->keys);
	output_open(&b.output, STDOUT_FILENO);
	status = input_open(&b.input, STDIN_FILENO, s->resume != NULL) != 0 ?
		no_memory() : 0;
	b.printed = b.input.place;
	if (status == 0)
		status = open_jobs(&b);
	if (status == 0 && b.resume != NULL)
		earlier = go_on_from(&b, &status);
	if (status == 0 && earlier == 0 && bulk_asks_servers(s))
		status = open_network(&b);
	if (status == 0 && earlier == 0)
		status = work(&b);
	close_all(&b);
	return status;
}
