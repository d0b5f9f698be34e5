/*
 * Both ways in which this library asks, as clients of a lying server: one
 * blocking look-up after another, and all at once in an engine. Through the
 * public interface only.
 */
#define _DEFAULT_SOURCE

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#include "faults/cell.h"
#include "faults/heap.h"
#include "faults/server.h"

/* One selection and what came of it. */
struct story {
	mxsel *m;
	struct outcome *outcome; /* NULL: the honest look-up */
	unsigned variant;
	int began, took;
	int is_done;
	int attempts;
	size_t length;
	char host[256];
	char text[sizeof(((struct outcome *)NULL)->said)];
	char domain[64];
};

/* All of them, of one process. */
struct asker {
	struct cell *cell;
	mxsel_resolver *resolver;
	mxsel_engine *engine;
	mxsel_options *options;
	char server[32];
};

static void must(int rc, const char *what)
{
	if (rc == 0)
		return;
	fprintf(stderr, "%s: %s\n", what, mxsel_strerror(rc));
	exit(99);
}

__attribute__((format(printf, 2, 3)))
static void tell(struct story *s, const char *format, ...)
{
	size_t room = sizeof s->text - s->length;
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(s->text + s->length, room, format, arguments);
	va_end(arguments);
	if (n > 0)
		s->length += (size_t)n < room ? (size_t)n : room - 1;
}

static void tell_attempt(struct story *s)
{
	const char *host = mxsel_host_name(s->m);

	if (s->attempts++ == 0 || strcmp(host, s->host) != 0)
		tell(s, "%s%s %d %s", s->attempts == 1 ? "" : ", ",
			mxsel_host_source(s->m) == MXSEL_SOURCE_MX ? "mx" :
			"implicit", mxsel_host_preference(s->m), host);
	snprintf(s->host, sizeof s->host, "%s", host);
	tell(s, " %s", mxsel_address(s->m));
}

/* With attempts nobody reported, it must be to defer. */
static void tell_end(struct story *s, const struct fault *fault)
{
	int action = mxsel_verdict_action(s->m);

	s->took = cell_now() - s->began;
	s->is_done = 1;
	if (s->attempts == 0 || action != MXSEL_ACTION_DEFER)
		tell(s, "%s%s %d %s %s", s->attempts == 0 ? "" : ", ",
			action == MXSEL_ACTION_DEFER ? "defer" : "bounce",
			mxsel_verdict_code(s->m), mxsel_verdict_status(s->m),
			mxsel_reason_name(mxsel_verdict_reason(s->m)));
	if ((fault->flags & LIE_SHOW_TTL) != 0 && s->outcome != NULL)
		tell(s, " ttl %lu", (unsigned long)mxsel_ttl(s->m));
}

static void begin(struct asker *a, struct story *s, unsigned variant,
	struct outcome *outcome)
{
	memset(s, 0, sizeof *s);
	s->outcome = outcome;
	s->variant = variant;
	server_name(s->domain, a->cell->fault, variant, a->cell->kind,
		outcome == NULL);
	must(mxsel_new(&s->m, s->domain, a->options), "mxsel_new");
	mxsel_set_user(s->m, s);
	s->began = cell_now();
}

/* 1: it is over. */
static int go_on(struct asker *a, struct story *s)
{
	int rc;

	for (;;) {
		rc = a->engine != NULL ? mxsel_engine_next(a->engine, s->m) :
			mxsel_next(s->m);
		if (rc == MXSEL_LOOKUP)
			return 0;
		if (rc != MXSEL_ATTEMPT)
			break;
		tell_attempt(s);
	}
	if (rc < 0)
		tell(s, "error %s", mxsel_strerror(rc));
	tell_end(s, a->cell->fault);
	return 1;
}

static void end(struct asker *a, struct story *s)
{
	struct outcome *o = s->outcome;

	cell_shorten(s->text, s->domain);
	if (o == NULL) {
		o = &a->cell->outcomes[s->variant];
		o->next_is_right = strcmp(s->text, LIE_PLAN) == 0;
		o->next_is_late = cell_is_late(a->cell, s->text, s->took);
		if (!o->next_is_right)
			fprintf(stderr, "F%d, %s, the next of %u: %s, %d ms\n",
				a->cell->fault->number, a->engine != NULL ?
				"engine" : "blocking", s->variant, s->text,
				s->took);
	} else {
		snprintf(o->said, sizeof o->said, "%s", s->text);
		o->took = s->took;
		o->is_done = 1;
	}
	mxsel_free(s->m);
}

/* ----------------------------------------------------------- the libraries */

static void make_options(struct asker *a)
{
	int time = fault_time(a->cell->fault);

	snprintf(a->server, sizeof a->server, "127.0.0.1@%d", a->cell->port);
	must(mxsel_options_new(&a->options), "mxsel_options_new");
	must(mxsel_options_set(a->options, MXSEL_OPT_TIME_LIMIT, 2 * time),
		"mxsel_options_set");
	must(mxsel_options_set_seed(a->options, 1), "mxsel_options_set_seed");
}

static void open_blocking(struct asker *a, struct cell *cell)
{
	memset(a, 0, sizeof *a);
	a->cell = cell;
	make_options(a);
	must(mxsel_ldns_new(&a->resolver, ""), "mxsel_ldns_new");
	must(mxsel_ldns_add_server(a->resolver, a->server),
		"mxsel_ldns_add_server");
	must(mxsel_ldns_set_query_time(a->resolver, fault_time(cell->fault)),
		"mxsel_ldns_set_query_time");
	must(mxsel_options_set_resolver(a->options, a->resolver),
		"mxsel_options_set_resolver");
}

static void open_engine(struct asker *a, struct cell *cell)
{
	memset(a, 0, sizeof *a);
	a->cell = cell;
	make_options(a);
	must(mxsel_engine_new(&a->engine, ""), "mxsel_engine_new");
	must(mxsel_engine_add_server(a->engine, a->server),
		"mxsel_engine_add_server");
	must(mxsel_engine_set(a->engine, MXSEL_ENGINE_QUERY_TIME,
		fault_time(cell->fault)), "mxsel_engine_set");
}

static void close_asker(struct asker *a)
{
	mxsel_engine_free(a->engine);
	mxsel_options_free(a->options);
	mxsel_resolver_free(a->resolver);
}

/* ------------------------------------------------------ what must be level */

static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	if (dir == NULL)
		return 0;
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static void measure(struct cell *cell, int sockets, long blocks)
{
	sockets = descriptors() - sockets;
	blocks = heap_blocks() - blocks;
	if (sockets != 0)
		cell->sockets_left = sockets;
	if (blocks != 0)
		cell->blocks_left = blocks;
}

/* ------------------------------------------------------------------- runs */

static void wait_for_port(struct cell *cell)
{
	if ((cell->fault->flags & LIE_NO_PORT) == 0)
		return;
	atomic_store(&cell->open, 1);
	lie_pause(20);
}

static void ask_one(struct asker *a, unsigned variant,
	struct outcome *outcome)
{
	struct story *s = calloc(1, sizeof *s);

	must(s == NULL ? MXSEL_ENOMEM : 0, "calloc");
	begin(a, s, variant, outcome);
	while (!go_on(a, s)) {
		while (a->engine != NULL && !s->is_done &&
			mxsel_engine_ready(a->engine) == NULL)
			must(mxsel_engine_wait(a->engine, -1), "wait");
	}
	end(a, s);
	free(s);
}

static void ask_in_turn(struct asker *a, unsigned first, unsigned step)
{
	unsigned i;

	for (i = first; i < fault_variants(a->cell->fault); i += step) {
		ask_one(a, i, &a->cell->outcomes[i]);
		wait_for_port(a->cell);
		ask_one(a, i, NULL);
	}
}

static void ask_at_once(struct asker *a, struct story *stories, int honest)
{
	unsigned i, count = fault_variants(a->cell->fault);
	mxsel *m;

	for (i = 0; i < count; i++) {
		begin(a, &stories[i], i, honest ? NULL :
			&a->cell->outcomes[i]);
		if (go_on(a, &stories[i]))
			end(a, &stories[i]);
	}
	while (mxsel_engine_count(a->engine) > 0) {
		must(mxsel_engine_wait(a->engine, -1), "mxsel_engine_wait");
		while ((m = mxsel_engine_ready(a->engine)) != NULL)
			if (go_on(a, mxsel_user(m)))
				end(a, mxsel_user(m));
	}
}

/* Once without a lie, so that what is made once for all is made. */
static void warm_up(struct cell *cell, void (*open)(struct asker *a,
	struct cell *cell))
{
	struct asker a;
	struct story s;

	if ((cell->fault->flags & LIE_NO_PORT) != 0)
		return;
	open(&a, cell);
	begin(&a, &s, 0, NULL);
	while (!go_on(&a, &s))
		while (mxsel_engine_ready(a.engine) == NULL)
			must(mxsel_engine_wait(a.engine, -1), "wait");
	mxsel_free(s.m);
	close_asker(&a);
}

static void run_blocking(struct cell *cell, unsigned first, unsigned step)
{
	struct asker a;
	int sockets;
	long blocks;

	warm_up(cell, open_blocking);
	sockets = descriptors();
	blocks = heap_blocks();
	open_blocking(&a, cell);
	ask_in_turn(&a, first, step);
	close_asker(&a);
	measure(cell, sockets, blocks);
}

static void run_engine(struct cell *cell, unsigned first, unsigned step)
{
	struct story *stories;
	struct asker a;
	int sockets;
	long blocks;

	warm_up(cell, open_engine);
	sockets = descriptors();
	blocks = heap_blocks();
	open_engine(&a, cell);
	stories = calloc(fault_variants(cell->fault), sizeof *stories);
	must(stories == NULL ? MXSEL_ENOMEM : 0, "calloc");
	if ((cell->fault->flags & (LIE_SOLO | LIE_NO_PORT)) != 0) {
		ask_in_turn(&a, first, step);
	} else {
		ask_at_once(&a, stories, 0);
		ask_at_once(&a, stories, 1);
	}
	free(stories);
	close_asker(&a);
	measure(cell, sockets, blocks);
}

const struct client clients[] = {
	{ .name = "blocking", .kind = 0, .shards = 16, .run = run_blocking },
	{ .name = "engine", .kind = 1, .shards = 1, .run = run_engine },
	{ .name = NULL }
};
