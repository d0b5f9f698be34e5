/*
 * What a selection holds in memory: for five MX, and at most for answers made
 * to use it up, with every limit switched off. Uses the layout of the room
 * select.
 */
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/answers.h"
#include "bench/example_com.h"
#include "bench/hostile.h"
#include "bench/memory.h"
#include "select/select.h"

#define BOUND 262144u /* octets, for any answer */

static struct memory memory;
static struct packet packet;

static void fail(const char *what)
{
	fprintf(stderr, "%s failed\n", what);
	exit(EXIT_FAILURE);
}

static void answer(mxsel *m)
{
	mxsel_query *q;

	while ((q = mxsel_query_take(m)) != NULL) {
		answer_message(&packet, zone, mxsel_query_name(q),
			mxsel_query_type(q));
		if (mxsel_answer_packet(q, packet.octets, packet.size, 0) !=
			MXSEL_OK)
			fail("mxsel_answer_packet");
	}
}

static size_t plan_octets(const mxsel *m)
{
	size_t octets = m->host_count * sizeof(m->hosts[0]), i;

	for (i = 0; i < m->host_count; i++)
		octets += strlen(m->hosts[i].name) + 1;
	return octets;
}

static mxsel *begin(mxsel_options **options)
{
	mxsel *m;

	memory_begin(&memory);
	if (mxsel_options_new_with_allocator(options, memory_give,
		&memory) != MXSEL_OK || hostile_unlimit(*options) != 0)
		fail("mxsel_options_new_with_allocator");
	memory.bytes = memory.peak = 0; /* options are shared */
	if (mxsel_new(&m, "example.com", *options) != MXSEL_OK)
		fail("mxsel_new");
	return m;
}

/* Every host's questions open at the same time. */
static void show_five_at_once(void)
{
	mxsel_options *options;
	mxsel *m = begin(&options);
	int rc;

	mxsel_free(m);
	if (mxsel_options_set(options, MXSEL_OPT_PREFETCH, 128) != MXSEL_OK ||
		mxsel_new(&m, "example.com", options) != MXSEL_OK)
		fail("MXSEL_OPT_PREFETCH");
	while ((rc = mxsel_next(m)) != MXSEL_END)
		if (rc == MXSEL_LOOKUP)
			answer(m);
	printf("  %-44s %9zu\n", "the same, all asked at once", memory.bytes);
	mxsel_free(m);
	mxsel_options_free(options);
}

static void show_five(void)
{
	mxsel_options *options;
	mxsel *m = begin(&options);
	int rc;

	printf("\nMemory of a selection of five MX; octets\n");
	printf("  %-44s %9zu\n", "new", memory.bytes);
	if (mxsel_next(m) != MXSEL_LOOKUP)
		fail("mxsel_next");
	answer(m);
	printf("  %-44s %9zu\n", "MX answered, all in all", memory.bytes);
	printf("  %-44s %9zu\n", "of that hosts and their names",
		plan_octets(m));
	while ((rc = mxsel_next(m)) != MXSEL_END)
		if (rc == MXSEL_LOOKUP)
			answer(m);
	printf("  %-44s %9zu\n", "all addresses known", memory.bytes);
	mxsel_free(m);
	mxsel_options_free(options);
}

static void show_row(const char *name)
{
	printf("  %-44s %9zu %9zu%s\n", name, memory.peak, memory.bytes,
		memory.peak > BOUND ? "  beyond 256 KiB" : "");
}

static void show_hostile(void)
{
	mxsel_options *options;
	mxsel *m;
	int i;

	printf("\nMemory for hostile answers, nothing limited; octets\n");
	printf("  %-44s %9s %9s\n", "", "most", "kept");
	for (i = 0; i < HOSTILE_COUNT; i++) {
		enum hostile kind = (enum hostile)i;

		m = begin(&options);
		if (hostile_walk(m, kind, hostile_count(kind)) < 0)
			fail(hostile_names[kind]);
		show_row(hostile_names[kind]);
		mxsel_free(m);
		mxsel_options_free(options);
	}
}

static void show_reused(void)
{
	mxsel_options *options;
	mxsel *m = begin(&options);
	unsigned round;
	int i;

	for (round = 0; round < 40; round++)
		for (i = 0; i < HOSTILE_COUNT; i++) {
			enum hostile kind = (enum hostile)i;

			if (mxsel_reset(m, "example.com") != MXSEL_OK ||
				hostile_walk(m, kind, hostile_count(kind) *
				(round + 1) / 40) < 0)
				fail("mxsel_reset");
		}
	show_row("all of them in turns, one selection reset");
	mxsel_free(m);
	mxsel_options_free(options);
}

int main(void)
{
	show_five();
	show_five_at_once();
	show_hostile();
	show_reused();
	return EXIT_SUCCESS;
}
