/*
 * Thousands of destinations at once, on one thread: the engine of
 * <mxsel/ldns.h> in a loop of poll(2). Destinations come from standard
 * input, one a line; every address is printed instead of connected to, and
 * then the verdict.
 *
 *     many [--server ADDRESS[@PORT]] [--seed N] < DESTINATIONS
 *
 * The servers of /etc/resolv.conf are asked unless one is given. The order
 * among equal hosts is random unless a seed fixes it. Exit: 0, 64 wrong
 * usage, 75 no memory or a failure of the system.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <unistd.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

/* guide: state */
enum {
	AT_ONCE = 1000,     /* selections at most */
	CACHE_BYTES = 16 << 20
};

struct many {
	mxsel_engine *engine;
	mxsel_options *options;
	mxsel *all[AT_ONCE];
	size_t made;
	mxsel *idle[AT_ONCE]; /* those that have no destination now */
	size_t resting;
};
/* guide: end */

/* ------------------------------------------------------------------- input */

/* Lines of a descriptor that poll() watches; a longer one comes in parts. */
struct input {
	char text[8192];
	size_t start, end;
	int closed;
};

/* The next whole line, without its newline; NULL: none has come yet. */
static char *take_line(struct input *in)
{
	char *line = in->text + in->start;
	size_t have = in->end - in->start;
	char *newline = memchr(line, '\n', have);

	if (newline == NULL) {
		memmove(in->text, line, have);
		in->start = 0;
		in->end = have;
		if (have == 0 || (!in->closed && have + 1 < sizeof in->text))
			return NULL;
		line = in->text;
		newline = in->text + have;
	}
	*newline = '\0';
	in->start = (size_t)(newline - in->text) + 1;
	if (in->start > in->end)
		in->start = in->end;
	return line;
}

static void read_more(struct input *in)
{
	size_t room = sizeof in->text - 1 - in->end;
	ssize_t n = read(STDIN_FILENO, in->text + in->end, room);

	if (n > 0)
		in->end += (size_t)n;
	else if (n == 0 || errno != EINTR)
		in->closed = 1;
}

/* ------------------------------------------------------------ destinations */

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

/* guide: advance */
/*
 * Go as far as the answers reach. A mail server starts to connect at
 * MXSEL_ATTEMPT, and calls mxsel_engine_next() again when that has failed.
 */
static void advance(struct many *many, mxsel *m)
{
	int r;

	while ((r = mxsel_engine_next(many->engine, m)) == MXSEL_ATTEMPT)
		print_attempt(m);
	if (r == MXSEL_LOOKUP)
		return; /* mxsel_engine_ready() brings it back */
	print_end(m, r);
	many->idle[many->resting++] = m;
}
/* guide: end */

/* guide: begin */
/* More than the servers take would only wait here instead of in the input. */
static int has_room(const struct many *many)
{
	return (many->resting > 0 || many->made < AT_ONCE) &&
		mxsel_engine_queued(many->engine) == 0;
}

/* A selection that has ended begins again: a reset allocates nothing. */
static int begin(struct many *many, const char *destination)
{
	mxsel *m;
	int r;

	if (many->resting > 0) {
		m = many->idle[--many->resting];
		r = mxsel_reset(m, destination);
	} else {
		r = mxsel_new(&m, destination, many->options);
		if (r == 0)
			many->all[many->made++] = m;
	}
	if (r == 0)
		advance(many, m);
	return r;
}
/* guide: end */

/* guide: turn */
/* Both what was waiting for an answer and what waits for its turn. */
static int advance_all(struct many *many, struct input *in)
{
	char *line;
	mxsel *m;
	int r = 0;

	while ((m = mxsel_engine_ready(many->engine)) != NULL)
		advance(many, m);
	while (r == 0 && has_room(many) && (line = take_line(in)) != NULL)
		if (*line != '\0')
			r = begin(many, line);
	return r;
}
/* guide: end */

/* guide: loop */
static int run(struct many *many, struct input *in)
{
	mxsel_engine *engine = many->engine;
	struct pollfd watched[2] = { { 0, POLLIN, 0 }, { 0, POLLIN, 0 } };
	int r;

	for (;;) {
		r = advance_all(many, in);
		if (r != 0)
			return r;
		if (in->closed && in->start == in->end &&
		    many->resting == many->made)
			return 0;
		fflush(stdout); /* whoever reads it need not wait */
		watched[0].fd = mxsel_engine_fd(engine);
		watched[1].fd = in->closed || !has_room(many) ?
			-1 : STDIN_FILENO;
		watched[1].revents = 0;
		poll(watched, 2, mxsel_engine_timeout(engine));
		if (watched[1].revents != 0)
			read_more(in);
		r = mxsel_engine_process(engine);
		if (r != 0)
			return r;
	}
}
/* guide: end */

/* ------------------------------------------------------------------ set-up */

/* guide: settings */
/* The engine answers: these options have no resolver. */
static int make_options(mxsel_options **out, const char *seed)
{
	mxsel_options *options = NULL;
	mxsel_cache *cache = NULL;
	int r;

	r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_cache_new(&cache, CACHE_BYTES, mxsel_ldns_clock,
			NULL);
	if (r == 0)
		r = mxsel_options_set_cache(options, cache);
	if (r == 0)
		r = mxsel_options_set(options, MXSEL_OPT_PREFETCH, 1);
	if (r == 0 && seed != NULL)
		r = mxsel_options_set_seed(options, strtoull(seed, NULL, 10));
	mxsel_cache_free(cache); /* the options keep it alive */
	if (r != 0)
		mxsel_options_free(options);
	else
		*out = options;
	return r;
}

static int make_engine(mxsel_engine **out, const char *server)
{
	mxsel_engine *engine;
	int r;

	r = mxsel_engine_new(&engine, server != NULL ? "" : NULL);
	if (r != 0)
		return r;
	if (server != NULL)
		r = mxsel_engine_add_server(engine, server);
	if (r != 0)
		mxsel_engine_free(engine);
	else
		*out = engine;
	return r;
}
/* guide: end */

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
	static struct many many;
	static struct input in;
	const char *server = NULL, *seed = NULL;
	size_t i;
	int r;

	if (!read_arguments(argc, argv, &server, &seed)) {
		fprintf(stderr, "usage: many [--server ADDRESS[@PORT]] "
			"[--seed N] < DESTINATIONS\n");
		return 64;
	}
	r = make_options(&many.options, seed);
	if (r == 0)
		r = make_engine(&many.engine, server);
	if (r == 0)
		r = run(&many, &in);
	for (i = 0; i < many.made; i++)
		mxsel_free(many.all[i]);
	mxsel_engine_free(many.engine);
	mxsel_options_free(many.options);
	if (r != 0)
		fprintf(stderr, "many: %s\n", mxsel_strerror(r));
	return r == 0 ? 0 : r == MXSEL_ESYNTAX ? 64 : 75;
}
