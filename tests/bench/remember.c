/*
 * What a memory of hosts costs a selection that finds everything in the
 * cache: the same selection with one and without, in turns of some 50
 * microseconds, and how much longer it takes, turn by turn. Medians and
 * quartiles are of all turns, so that one that was disturbed does not count;
 * and cache and memories are made anew now and then, so that luck does not.
 * Another thread is there, since locks cost less where there is none. Through
 * the public functions alone.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/memory.h>
#include <mxsel/mxsel.h>

#include "bench/answers.h"
#include "bench/measure.h"
#include "support/figure.h"

#define WANTED 300.0 /* nanoseconds, at most */
#define TURNS 2000
#define BATCH 50     /* selections in a turn */
#define RENEWED 100  /* turns until all is made anew, at other places in
                        memory and with other keys of hashes */

struct row {
	const char *name;
	void (*work)(void);
	double ns[TURNS]; /* of one selection */
};

static const struct answer_record zone[] = {
	{ "one.example", PACKET_MX, 10, "mx.one.example" },
	{ "mx.one.example", PACKET_A, 0, "\xc6\x12\0\1" },
	{ "three.example", PACKET_MX, 10, "mx1.three.example" },
	{ "three.example", PACKET_MX, 10, "mx2.three.example" },
	{ "three.example", PACKET_MX, 10, "mx3.three.example" },
	{ "mx1.three.example", PACKET_A, 0, "\xc6\x12\1\1" },
	{ "mx1.three.example", PACKET_AAAA, 0, "\1" },
	{ "mx2.three.example", PACKET_A, 0, "\xc6\x12\1\2" },
	{ "mx2.three.example", PACKET_AAAA, 0, "\2" },
	{ "mx3.three.example", PACKET_A, 0, "\xc6\x12\1\3" },
	{ "mx3.three.example", PACKET_AAAA, 0, "\3" },
	{ NULL, 0, 0, NULL }
};

enum { WITHOUT, EMPTY, WELL, BAD, MEMORIES }; /* what is known */
enum { ONE, THREE, DESTINATIONS };

static const char *const names[DESTINATIONS] = { "one.example",
	"three.example" };
static mxsel *selections[MEMORIES];
static volatile unsigned used;

static void must(int rc)
{
	if (rc == MXSEL_OK)
		return;
	fprintf(stderr, "%s\n", mxsel_strerror(rc));
	exit(EXIT_FAILURE);
}

/* Some 5 ns, like CLOCK_MONOTONIC_COARSE where that is no system call. */
static uint64_t tell_time(void *user)
{
	struct timespec t;

	(void)user;
#ifdef CLOCK_MONOTONIC_COARSE
	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
#else
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
#endif
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void resolve(mxsel_query *q, void *user)
{
	int outcome;

	(void)user;
	must(answer_records(q, zone, &outcome));
	must(mxsel_answer_finish(q, outcome, MXSEL_SECURITY_INSECURE));
}

/* --------------------------------------------------------- what is measured */

static inline void reach(int known, int destination)
{
	mxsel *m = selections[known];

	if (mxsel_reset(m, names[destination]) != MXSEL_OK ||
		mxsel_next(m) != MXSEL_ATTEMPT)
		exit(EXIT_FAILURE);
	used += (unsigned)mxsel_address(m)[0];
}

static inline void deliver(int known, int destination)
{
	reach(known, destination);
	must(mxsel_report(selections[known], MXSEL_OUTCOME_DELIVERED, 0,
		NULL));
}

static inline void walk(int known, int destination)
{
	reach(known, destination);
	while (mxsel_next(selections[known]) == MXSEL_ATTEMPT)
		used++;
}

#define WORK(what, known, destination) \
	static void what##_##known##_##destination(void) \
	{ \
		what(known, destination); \
	}
#define WORKS(what, destination) \
	WORK(what, WITHOUT, destination) \
	WORK(what, EMPTY, destination) \
	WORK(what, WELL, destination) \
	WORK(what, BAD, destination)
WORKS(reach, ONE)
WORKS(reach, THREE)
WORKS(walk, THREE)
WORK(deliver, WITHOUT, ONE)
WORK(deliver, WELL, ONE)
WORK(deliver, WITHOUT, THREE)
WORK(deliver, WELL, THREE)
WORK(deliver, BAD, THREE)

#define TURN(what, known, destination, text) \
	{ .name = text, .work = what##_##known##_##destination }
/* A row without a memory, then those that are compared with it; and the same
   with a report. */
static struct row one[] = {
	TURN(reach, WITHOUT, ONE, "first attempt: without"),
	TURN(reach, EMPTY, ONE, "  nothing known"),
	TURN(reach, WELL, ONE, "  well"),
	TURN(reach, BAD, ONE, "  failed"),
	TURN(deliver, WITHOUT, ONE, "reported: without"),
	TURN(deliver, WELL, ONE, "  well"),
};
static struct row three[] = {
	TURN(reach, WITHOUT, THREE, "first attempt: without"),
	TURN(reach, EMPTY, THREE, "  nothing known"),
	TURN(reach, WELL, THREE, "  all well"),
	TURN(reach, BAD, THREE, "  one failed"),
	TURN(deliver, WITHOUT, THREE, "reported: without"),
	TURN(deliver, WELL, THREE, "  all well"),
	TURN(deliver, BAD, THREE, "  one failed"),
};
static struct row all[] = {
	TURN(walk, WITHOUT, THREE, "walked to the end: without"),
	TURN(walk, EMPTY, THREE, "  nothing known"),
	TURN(walk, WELL, THREE, "  all well"),
	TURN(walk, BAD, THREE, "  one failed"),
};

/* ----------------------------------------------------------------- prepared */

static void tell(mxsel_memory *memory, const char *host, const char *four,
	const char *six, int outcome)
{
	must(mxsel_memory_report(memory, host, four, 25, outcome, 0, NULL));
	if (six != NULL)
		must(mxsel_memory_report(memory, host, six, 25, outcome, 0,
			NULL));
}

/* Who failed stays so: nobody tries again, and a score takes a day to halve. */
static mxsel_memory *make(int known)
{
	mxsel_memory *memory;
	int first = known == BAD ? MXSEL_OUTCOME_REFUSED :
		MXSEL_OUTCOME_DELIVERED;

	if (known == WITHOUT)
		return NULL;
	must(mxsel_memory_new(&memory, 1u << 20, tell_time, NULL));
	must(mxsel_memory_set(memory, MXSEL_MEMORY_EXPLORE, 0));
	must(mxsel_memory_set(memory, MXSEL_MEMORY_HALF_LIFE, 86400));
	if (known == EMPTY)
		return memory;
	tell(memory, "mx.one.example", "198.18.0.1", NULL, first);
	tell(memory, "mx1.three.example", "198.18.1.1", "2001:db8::1", first);
	tell(memory, "mx2.three.example", "198.18.1.2", "2001:db8::2",
		MXSEL_OUTCOME_DELIVERED);
	tell(memory, "mx3.three.example", "198.18.1.3", "2001:db8::3",
		MXSEL_OUTCOME_DELIVERED);
	return memory;
}

static void begin_one(int known, mxsel_resolver *resolver, mxsel_cache *cache)
{
	mxsel_options *options;
	mxsel_memory *memory = make(known);

	must(mxsel_options_new(&options));
	must(mxsel_options_set_resolver(options, resolver));
	must(mxsel_options_set_cache(options, cache));
	must(mxsel_options_set_memory(options, memory));
	must(mxsel_new(&selections[known], names[ONE], options));
	mxsel_options_free(options);
	mxsel_memory_free(memory);
	walk(known, ONE);
	walk(known, THREE);
}

static void end(void)
{
	int known;

	for (known = 0; known < MEMORIES; known++) {
		mxsel_free(selections[known]);
		selections[known] = NULL;
	}
}

static void begin(void)
{
	mxsel_resolver *resolver;
	mxsel_cache *cache;
	int known;

	end();
	must(mxsel_resolver_new(&resolver, resolve, NULL, NULL));
	must(mxsel_cache_new(&cache, 1u << 20, tell_time, NULL));
	for (known = 0; known < MEMORIES; known++)
		begin_one(known, resolver, cache);
	mxsel_cache_free(cache);
	mxsel_resolver_free(resolver);
}

/* ------------------------------------------------------------------ figures */

static void take_turn(struct row *row, int turn)
{
	double began = measure_now();
	int i;

	for (i = 0; i < BATCH; i++)
		row->work();
	row->ns[turn] = (measure_now() - began) / BATCH;
}

/* Prints the median and the quartiles. */
static double show_spread(const double ns[TURNS])
{
	static double sorted[TURNS];

	memcpy(sorted, ns, sizeof(sorted));
	qsort(sorted, TURNS, sizeof(sorted[0]), measure_compare);
	printf(" %9.1f %9.1f %9.1f", sorted[TURNS / 2], sorted[TURNS / 4],
		sorted[3 * TURNS / 4]);
	return sorted[TURNS / 2];
}

static double show_more(const struct row *with, const struct row *without)
{
	static double more[TURNS];
	int i;

	for (i = 0; i < TURNS; i++)
		more[i] = with->ns[i] - without->ns[i];
	return show_spread(more);
}

/* The most that rows cost more than the one without, of first attempts and of
   reported ones. */
struct cost {
	double first, reported;
};

static struct cost show(const char *title, struct row *rows, size_t n)
{
	struct cost cost = { 0, 0 };
	double *most = &cost.first, more;
	const struct row *without = rows;
	int turn;
	size_t i;

	for (turn = 0; turn < TURNS; turn++) {
		if (turn % RENEWED == 0)
			begin();
		for (i = 0; i < n; i++)
			take_turn(&rows[i], turn);
	}
	measure_title(title);
	for (i = 0; i < n; i++) {
		printf("  %-44s", rows[i].name);
		(void)show_spread(rows[i].ns);
		if (rows[i].name[0] != ' ') {
			most = i == 0 ? &cost.first : &cost.reported;
			without = &rows[i];
		} else {
			more = show_more(&rows[i], without);
			*most = more > *most ? more : *most;
		}
		putchar('\n');
	}
	return cost;
}

static void judge(const char *name, const struct cost *cost)
{
	figure_print(name, cost->first <= WANTED ? FIGURE_REACHED :
		FIGURE_SHORT, "<= 300 ns", "%.0f ns, with a report %.0f ns",
		cost->first, cost->reported);
}

static void measure(void)
{
	struct cost costs[2];

	costs[0] = show("1 host, 1 address, warm cache, ns; then how much more "
		"with a memory", one, sizeof(one) / sizeof(one[0]));
	costs[1] = show("3 equal hosts, 6 addresses, the same", three,
		sizeof(three) / sizeof(three[0]));
	(void)show("3 equal hosts, 6 addresses, the same", all,
		sizeof(all) / sizeof(all[0]));
	putchar('\n');
	judge("a memory's cost, 1 host", &costs[0]);
	judge("a memory's cost, 3 hosts", &costs[1]);
}

static pthread_mutex_t rest = PTHREAD_MUTEX_INITIALIZER;

static void *idle(void *user)
{
	(void)pthread_mutex_lock(&rest);
	(void)pthread_mutex_unlock(&rest);
	return user;
}

int main(void)
{
	pthread_t thread;

	if (pthread_mutex_lock(&rest) != 0 ||
		pthread_create(&thread, NULL, idle, NULL) != 0)
		return EXIT_FAILURE;
	measure();
	end();
	(void)pthread_mutex_unlock(&rest);
	(void)pthread_join(thread, NULL);
	return EXIT_SUCCESS;
}
