/*
 * One destination of mxsel bulk: from its line to its line of JSON. Lines are
 * written where they go at once; those that must wait for others are kept as
 * text while there is room, and else as the selection they are, which then
 * begins no other: so everything stands still, and nothing grows, when the
 * first is slow or nobody reads. May use the public headers.
 */
#include "bulk_work.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <mxsel/security.h>

#include "complain.h"
#include "plan.h"

static int begin_to_fail(struct bulk *b)
{
	if (b->failed != 0)
		return 0;
	progress_erase(&b->progress);
	return 1;
}

void bulk_fail(struct bulk *b, const char *what, int error, int status)
{
	if (begin_to_fail(b))
		b->failed = complain_error(what, NULL, error, status);
}

void bulk_fail_system(struct bulk *b, const char *what, const char *file,
	int error, int status)
{
	if (!begin_to_fail(b))
		return;
	complain(what, file, strerror(error), complain_next_system(error));
	b->failed = status;
}

static void fail_by_library(struct bulk *b, const struct job *job, int error)
{
	bulk_fail(b, job->m != NULL ? mxsel_destination(job->m) : "bulk",
		error, EX_TEMPFAIL);
}

static int takes_lines(const struct bulk *b)
{
	return output_pending(&b->output) < BULK_OUTPUT_MAX;
}

int bulk_has_room(const struct bulk *b)
{
	return b->idle != NULL && b->failed == 0 && takes_lines(b) &&
		(b->window == NULL || (!window_is_full(b->window) &&
		window_held(b->window) < BULK_TEXTS_MAX));
}

static void put_back(struct bulk *b, struct job *job)
{
	job->next = b->idle;
	b->idle = job;
	b->busy--;
}

static void line_of(struct bulk *b, const struct job *job,
	struct buffer *out)
{
	const char *destination = mxsel_destination(job->m);

	if (b->settings->quiet)
		return;
	json_end(&b->json, job->m, destination, strlen(destination), out);
	if (out->failed)
		fail_by_library(b, job, MXSEL_ENOMEM);
}

/*
 * The same of a selection that is at its end, but whose hosts are written no
 * more: once more over what it knows.
 */
static void walk_again(struct bulk *b, const struct job *job)
{
	int r = mxsel_rewind(job->m);

	json_begin(&b->json);
	while (r == 0) {
		r = mxsel_next(job->m);
		if (r == MXSEL_ATTEMPT)
			json_attempt(&b->json, job->m);
		if (r != MXSEL_ATTEMPT || !b->walks_all)
			break;
		r = 0;
	}
	if (r < 0 || r == MXSEL_LOOKUP)
		fail_by_library(b, job, r < 0 ? r : MXSEL_EUSAGE);
}

/* It is told what to do with the mail: count it. */
static void count(struct bulk *b, struct job *job)
{
	int action = b->json.attempts > 0 ? MXSEL_ACTION_TRY :
		mxsel_verdict_action(job->m);

	if (action == MXSEL_ACTION_TRY)
		b->tally.try++;
	else if (action == MXSEL_ACTION_BOUNCE)
		b->tally.bounce++;
	else
		b->tally.defer++;
	job->status = plan_exit(action);
	if (!asker_has_tally(&b->asker))
		b->asked += mxsel_query_count(job->m);
}

/* Its line is added to the output: only now it is told. */
static void tell(struct bulk *b, int status)
{
	b->worst = plan_worse(b->worst, status);
}

static void hold(struct bulk *b, struct job *job)
{
	job->next = NULL;
	*b->held_end = job;
	b->held_end = &job->next;
}

static void print_held(struct bulk *b, struct job *job)
{
	walk_again(b, job);
	line_of(b, job, &b->output.lines);
	tell(b, job->status);
	put_back(b, job);
}

static void print_in_order(struct bulk *b)
{
	void *keeper;
	int state;

	while (b->failed == 0 && takes_lines(b)) {
		state = window_look(b->window, &keeper);
		if (state == WINDOW_WAITS)
			break;
		if (state == WINDOW_KEPT)
			tell(b, window_text(b->window, &b->output.lines));
		else if (state == WINDOW_LENT)
			print_held(b, keeper);
		window_pass(b->window, &b->printed);
	}
}

/* Its line is written now, or must be written later: by the walk now over. */
static void finish(struct bulk *b, struct job *job)
{
	int is_next = !b->is_ordered ||
		job->number == window_head(b->window);

	count(b, job);
	if (is_next && takes_lines(b)) {
		line_of(b, job, &b->output.lines);
		tell(b, job->status);
		if (b->window != NULL)
			window_done(b->window, job->number);
		put_back(b, job);
		if (b->is_ordered)
			print_in_order(b);
	} else if (!b->is_ordered) {
		hold(b, job);
	} else if (window_held(b->window) < BULK_TEXTS_MAX) {
		buffer_empty(&b->line);
		line_of(b, job, &b->line);
		if (window_keep(b->window, job->number, b->line.bytes,
				b->line.length, job->status) != 0)
			fail_by_library(b, job, MXSEL_ENOMEM);
		put_back(b, job);
	} else {
		window_lend(b->window, job->number, job);
	}
}

/* Walk on: 1 when it is over, 0 when it waits for the DNS. */
static int walk(struct bulk *b, struct job *job)
{
	struct json *j = &b->json;
	int r;

	json_begin(j);
	for (;;) {
		r = asker_next(&b->asker, job->m);
		if (r == MXSEL_END)
			break;
		if (r == MXSEL_LOOKUP) {
			job->was_left |= j->attempts > 0;
			return 0;
		}
		if (r != MXSEL_ATTEMPT) {
			fail_by_library(b, job, r);
			return 0;
		}
		if (job->was_left)
			j->attempts++;
		else
			json_attempt(j, job->m);
		if (!b->walks_all)
			return 1;
	}
	if (job->was_left)
		walk_again(b, job);
	return b->failed == 0;
}

void bulk_go_on(struct bulk *b, struct job *job)
{
	if (walk(b, job))
		finish(b, job);
}

/* A selection for this text. 0, or -1: said. */
static int set_out(struct bulk *b, struct job *job, const char *text)
{
	int r;

	if (job->m != NULL) {
		r = mxsel_reset(job->m, text);
	} else {
		r = mxsel_new(&job->m, text, b->settings->options);
		if (r == 0)
			r = mxsel_set_user(job->m, job);
	}
	if (r == 0)
		r = mxsel_set_tls(job->m, b->settings->tls);
	if (r == 0)
		return 0;
	fail_by_library(b, job, r);
	return -1;
}

/* What no destination can be: judged as such, and shown as it is. */
static void refuse(struct bulk *b, struct job *job,
	const struct input_line *line)
{
	struct buffer *out = &b->line;

	if (set_out(b, job, "\001") != 0 || !walk(b, job))
		return;
	count(b, job);
	buffer_empty(out);
	if (!b->settings->quiet)
		json_end(&b->json, job->m, line->text, line->length, out);
	if (b->is_ordered) {
		if (out->failed || window_keep(b->window, job->number,
				out->bytes, out->length, job->status) != 0)
			fail_by_library(b, job, MXSEL_ENOMEM);
	} else {
		buffer_add(&b->output.lines, out->bytes, out->length);
		tell(b, job->status);
		if (b->window != NULL)
			window_done(b->window, job->number);
	}
	put_back(b, job);
}

void bulk_begin(struct bulk *b, const struct input_line *line)
{
	struct job *job = b->idle;

	b->idle = job->next;
	b->busy++;
	job->was_left = 0;
	if (b->window != NULL)
		job->number = window_open(b->window, &b->input.place);
	if (line->is_odd)
		refuse(b, job, line);
	else if (set_out(b, job, line->text) == 0)
		bulk_go_on(b, job);
}

void bulk_print(struct bulk *b)
{
	struct job *job;

	while (b->held != NULL && b->failed == 0 && takes_lines(b)) {
		job = b->held;
		b->held = job->next;
		if (b->held == NULL)
			b->held_end = &b->held;
		if (b->window != NULL)
			window_done(b->window, job->number);
		print_held(b, job);
	}
	if (b->window != NULL)
		print_in_order(b);
	if (b->output.lines.failed)
		bulk_fail(b, "bulk", MXSEL_ENOMEM, EX_TEMPFAIL);
}
