/*
 * Many destinations inside libuv: its loop watches the engine's descriptor
 * and keeps its clock. Any event library that can do these two serves as
 * well.
 *
 *     many_libuv [--server ADDRESS[@PORT]] [--seed N] < DESTINATIONS
 *
 * Prints what many.c prints. Input is read a line at a time and may block
 * the loop: give it a file. Exit: 0, 64 wrong usage, 75 no memory or a
 * failure of the system.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

enum {
	AT_ONCE = 1000, /* selections at most */
	CACHE_BYTES = 16 << 20
};

/* guide: state */
struct app {
	uv_loop_t *loop;
	uv_poll_t answers; /* the engine's descriptor */
	uv_timer_t clock;  /* the engine's timeout */
	mxsel_engine *engine;
	mxsel_options *options;
	int input_ended;
	int error;
};
/* guide: end */

static void print_attempt(const mxsel *m)
{
	printf("%s: %d %s [%s]\n", mxsel_destination(m),
		mxsel_host_preference(m), mxsel_host_name(m),
		mxsel_address(m));
}

static void print_end(const mxsel *m, int r)
{
	if (r == MXSEL_END)
		printf("%s: %d %s %s\n", mxsel_destination(m),
			mxsel_verdict_code(m), mxsel_verdict_status(m),
			mxsel_verdict_text(m));
	else
		printf("%s: %s\n", mxsel_destination(m), mxsel_strerror(r));
}

/* Here a selection lives as long as its destination: the simplest way. */
static void advance(struct app *app, mxsel *m)
{
	int r;

	while ((r = mxsel_engine_next(app->engine, m)) == MXSEL_ATTEMPT)
		print_attempt(m);
	if (r == MXSEL_LOOKUP)
		return; /* mxsel_engine_ready() brings it back */
	print_end(m, r);
	mxsel_free(m);
}

static int begin_one(struct app *app)
{
	char line[1100];
	mxsel *m;
	int r;

	if (fgets(line, sizeof line, stdin) == NULL) {
		app->input_ended = 1;
		return 0;
	}
	line[strcspn(line, "\n")] = '\0';
	if (line[0] == '\0')
		return 0;
	r = mxsel_new(&m, line, app->options);
	if (r == 0)
		advance(app, m);
	return r;
}

static int begin_more(struct app *app)
{
	int r = 0;

	while (r == 0 && !app->input_ended &&
	       mxsel_engine_count(app->engine) < AT_ONCE &&
	       mxsel_engine_queued(app->engine) == 0)
		r = begin_one(app);
	return r;
}

/* guide: work */
static void on_answers(uv_poll_t *poll, int status, int events);
static void on_clock(uv_timer_t *timer);

/* The loop ends when nothing is watched any more. */
static void end(struct app *app, int error)
{
	app->error = error;
	uv_close((uv_handle_t *)&app->answers, NULL);
	uv_close((uv_handle_t *)&app->clock, NULL);
}

/* All that can be done now; then say when to come again. */
static void work(struct app *app)
{
	mxsel *m;
	int r, wait;

	r = mxsel_engine_process(app->engine);
	while (r == 0 && (m = mxsel_engine_ready(app->engine)) != NULL)
		advance(app, m);
	if (r == 0)
		r = begin_more(app);
	if (r != 0 ||
	    (app->input_ended && mxsel_engine_count(app->engine) == 0)) {
		end(app, r);
		return;
	}
	wait = mxsel_engine_timeout(app->engine);
	if (wait < 0)
		uv_timer_stop(&app->clock);
	else
		uv_timer_start(&app->clock, on_clock, (uint64_t)wait, 0);
}

static void on_answers(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	work(poll->data);
}

static void on_clock(uv_timer_t *timer)
{
	work(timer->data);
}
/* guide: end */

/* guide: start */
static int start(struct app *app)
{
	int fd = mxsel_engine_fd(app->engine);

	app->loop = uv_default_loop();
	app->answers.data = app;
	app->clock.data = app;
	if (uv_poll_init(app->loop, &app->answers, fd) != 0 ||
	    uv_timer_init(app->loop, &app->clock) != 0 ||
	    uv_poll_start(&app->answers, UV_READABLE, on_answers) != 0 ||
	    uv_timer_start(&app->clock, on_clock, 0, 0) != 0)
		return MXSEL_ESYSTEM;
	return 0;
}
/* guide: end */

static int make_options(struct app *app, const char *seed)
{
	mxsel_cache *cache = NULL;
	int r;

	r = mxsel_options_new(&app->options);
	if (r == 0)
		r = mxsel_cache_new(&cache, CACHE_BYTES, mxsel_ldns_clock,
			NULL);
	if (r == 0)
		r = mxsel_options_set_cache(app->options, cache);
	if (r == 0)
		r = mxsel_options_set(app->options, MXSEL_OPT_PREFETCH, 1);
	if (r == 0 && seed != NULL)
		r = mxsel_options_set_seed(app->options,
			strtoull(seed, NULL, 10));
	mxsel_cache_free(cache); /* the options keep it alive */
	return r;
}

static int make_engine(struct app *app, const char *server)
{
	int r = mxsel_engine_new(&app->engine, server != NULL ? "" : NULL);

	if (r == 0 && server != NULL)
		r = mxsel_engine_add_server(app->engine, server);
	return r;
}

/* 1 when the usage is right. */
static int read_arguments(int argc, char **argv, const char **server,
	const char **seed)
{
	int i;

	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--server") == 0)
			*server = argv[i + 1];
		else if (strcmp(argv[i], "--seed") == 0)
			*seed = argv[i + 1];
		else
			return 0;
	}
	return i == argc;
}

int main(int argc, char **argv)
{
	static struct app app;
	const char *server = NULL, *seed = NULL;
	int r;

	if (!read_arguments(argc, argv, &server, &seed)) {
		fprintf(stderr, "usage: many_libuv [--server ADDRESS[@PORT]] "
			"[--seed N] < DESTINATIONS\n");
		return 64;
	}
	r = make_options(&app, seed);
	if (r == 0)
		r = make_engine(&app, server);
	if (r == 0)
		r = start(&app);
	if (r == 0) {
		uv_run(app.loop, UV_RUN_DEFAULT);
		uv_loop_close(app.loop);
		r = app.error;
	}
	mxsel_engine_free(app.engine);
	mxsel_options_free(app.options);
	if (r != 0)
		fprintf(stderr, "many_libuv: %s\n", mxsel_strerror(r));
	return r == 0 ? 0 : r == MXSEL_ESYNTAX ? 64 : 75;
}
