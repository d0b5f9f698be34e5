/*
 * A whole plan from ready messages and out of a warm cache, through the
 * public functions alone: five MX and the ten answers for their addresses,
 * walked to the end; and the requests for memory that this takes.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mxsel/cache.h>
#include <mxsel/mxsel.h>

#include "bench/answers.h"
#include "bench/example_com.h"
#include "bench/measure.h"
#include "bench/memory.h"

#define HOSTS 5
#define ATTEMPTS 10

struct message {
	size_t size;
	uint8_t octets[512];
};

/* By type and host; the host's digit in its name finds its messages. */
static struct message mx, messages[2][HOSTS];
static struct memory memory;
static mxsel *selection;
static mxsel *from_cache;
static volatile unsigned used;

static void keep(struct message *m, const char *name, unsigned type)
{
	static struct packet packet;

	answer_message(&packet, zone, name, type);
	m->size = packet.size;
	memcpy(m->octets, packet.octets, packet.size);
}

static void make_messages(void)
{
	char name[] = "mx0.example.com";
	unsigned i;

	keep(&mx, "example.com", PACKET_MX);
	for (i = 0; i < HOSTS; i++) {
		name[2] = (char)('1' + i);
		keep(&messages[0][i], name, PACKET_A);
		keep(&messages[1][i], name, PACKET_AAAA);
	}
}

static void fail(const char *what)
{
	fprintf(stderr, "%s failed\n", what);
	exit(EXIT_FAILURE);
}

static void answer(void)
{
	mxsel_query *q;

	while ((q = mxsel_query_take(selection)) != NULL) {
		unsigned type = mxsel_query_type(q);
		const struct message *m = &mx;

		if (type != MXSEL_TYPE_MX)
			m = &messages[type == MXSEL_TYPE_AAAA]
				[mxsel_query_name(q)[2] - '1'];
		if (mxsel_answer_packet(q, m->octets, m->size, 0) != MXSEL_OK)
			fail("mxsel_answer_packet");
	}
}

static void plan(void)
{
	int attempts = 0, rc;

	if (mxsel_reset(selection, "example.com") != MXSEL_OK)
		fail("mxsel_reset");
	while ((rc = mxsel_next(selection)) != MXSEL_END) {
		if (rc == MXSEL_LOOKUP) {
			answer();
		} else if (rc == MXSEL_ATTEMPT) {
			used += (unsigned)mxsel_address(selection)[0];
			attempts++;
		} else {
			fail("mxsel_next");
		}
	}
	if (attempts != ATTEMPTS)
		fail("the walk");
}

/* Whoever delivers at the first attempt looks no further. */
static void first_from_cache(void)
{
	if (mxsel_reset(from_cache, "example.com") != MXSEL_OK ||
		mxsel_next(from_cache) != MXSEL_ATTEMPT)
		fail("the first attempt");
	used += (unsigned)mxsel_address(from_cache)[0];
}

static void all_from_cache(void)
{
	int attempts = 0;

	if (mxsel_reset(from_cache, "example.com") != MXSEL_OK)
		fail("mxsel_reset");
	while (mxsel_next(from_cache) == MXSEL_ATTEMPT)
		attempts++;
	if (attempts != ATTEMPTS)
		fail("the walk");
}

static uint64_t tell_time(void *user)
{
	struct timespec now;

	(void)user;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Both selections, and all answers in the cache of the second. */
static int begin(void)
{
	mxsel_options *options, *cached;
	mxsel_cache *cache;

	memory_begin(&memory);
	if (mxsel_options_new_with_allocator(&options, memory_give,
		&memory) != MXSEL_OK || mxsel_options_copy(&cached,
		options) != MXSEL_OK || mxsel_cache_new(&cache, 1u << 20,
		tell_time, NULL) != MXSEL_OK ||
		mxsel_options_set_cache(cached, cache) != MXSEL_OK ||
		mxsel_new(&selection, "example.com", cached) != MXSEL_OK)
		return -1;
	mxsel_cache_free(cache);
	plan();
	from_cache = selection;
	if (mxsel_options_set_seed(options, 1) != MXSEL_OK ||
		mxsel_new(&selection, "example.com", options) != MXSEL_OK)
		return -1;
	mxsel_options_free(options);
	mxsel_options_free(cached);
	return 0;
}

static void show_memory(void)
{
	size_t calls = memory.calls;
	int i;

	for (i = 0; i < 1000; i++) {
		plan();
		all_from_cache();
	}
	printf("  requests for memory in 2000 plans after the first: %zu; "
		"in use %zu octets in %zu blocks\n", memory.calls - calls,
		memory.bytes, memory.blocks);
}

int main(void)
{
	struct contestant c[] = {
		{ .name = "5 MX, 10 address answers, walked to the end",
			.work = plan, .batch = 20 },
		{ .name = "the same, all of it out of a warm cache",
			.work = all_from_cache, .batch = 100 },
		{ .name = "the first attempt, out of a warm cache",
			.work = first_from_cache, .batch = 100 },
	};
	int i;

	make_messages();
	if (begin() != 0)
		return EXIT_FAILURE;
	measure_all(c, 3);
	measure_title("A whole plan after mxsel_reset(); ns");
	for (i = 0; i < 3; i++) {
		measure_row(&c[i]);
		putchar('\n');
	}
	show_memory();
	mxsel_free(selection);
	mxsel_free(from_cache);
	return EXIT_SUCCESS;
}
