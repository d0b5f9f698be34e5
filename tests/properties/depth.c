/*
 * See depth.h. Calls inside calls, from a callback, are not measured.
 */
#define _DEFAULT_SOURCE

#include "allocations/calls.h"
#include "properties/depth.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define STACK ((size_t)1 << 20)
#define WINDOW (4 * (size_t)DEPTH_MOST) /* what is painted */
#define OWN 512u /* of it, the part that painting itself may use */
#define PAINT 0xa5
#define NAMES 200

static struct {
	const char *name;
	size_t most;
	unsigned long calls;
} found[NAMES];
static size_t names;
static unsigned long calls;

static int depth; /* calls that we are in */
static const char *current;
static unsigned char *caller; /* its stack ends here */
static int measures;

/* A constant is filled in without a function of its own to call. */
static void paint(unsigned char *from, const unsigned char *to)
{
	volatile uint64_t *at = (volatile uint64_t *)(void *)from;

	while ((const volatile unsigned char *)at < to)
		*at++ = UINT64_C(0xa5a5a5a5a5a5a5a5);
}

static size_t lowest(const unsigned char *from)
{
	size_t i = 0;

	while (i < WINDOW && from[i] == PAINT)
		i++;
	return WINDOW - i;
}

__attribute__((noinline)) void call_begin(const char *name)
{
	if (depth++ > 0 || !measures)
		return;
	current = name;
	caller = __builtin_frame_address(0);
	caller -= (uintptr_t)caller % 16;
	paint(caller - WINDOW, caller - OWN);
}

static void note(const char *name, size_t took)
{
	size_t i;

	for (i = 0; i < names && strcmp(found[i].name, name) != 0; i++)
		;
	if (i == names) {
		if (names == NAMES)
			abort();
		found[names++].name = name;
	}
	found[i].calls++;
	if (took > found[i].most)
		found[i].most = took;
	calls++;
}

__attribute__((noinline)) void call_end(void)
{
	size_t took;

	if (--depth > 0 || !measures)
		return;
	took = lowest(caller - WINDOW);
	note(current, took);
}

int call_again(int rc)
{
	(void)rc;
	return 0;
}

void *call_memory(void *pointer, size_t size, void *user)
{
	(void)user;
	if (size > 0)
		return realloc(pointer, size);
	free(pointer);
	return NULL;
}

struct run {
	void (*run)(void *user);
	void *user;
};

static void *begin(void *user)
{
	struct run *r = user;

	measures = 1;
	r->run(r->user);
	measures = 0;
	return NULL;
}

int depth_run(void (*run)(void *user), void *user)
{
	struct run r = { run, user };
	pthread_attr_t attributes;
	pthread_t thread;
	void *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int rc;

	if (stack == MAP_FAILED || pthread_attr_init(&attributes) != 0)
		return -1;
	rc = pthread_attr_setstack(&attributes, stack, STACK);
	if (rc == 0)
		rc = pthread_create(&thread, &attributes, begin, &r);
	if (rc == 0)
		rc = pthread_join(thread, NULL);
	(void)pthread_attr_destroy(&attributes);
	(void)munmap(stack, STACK);
	return rc == 0 ? 0 : -1;
}

static int by_depth(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (found[x].most < found[y].most) -
		(found[x].most > found[y].most);
}

size_t depth_print(const char **most)
{
	size_t order[NAMES], i;

	*most = "nothing";
	for (i = 0; i < names; i++)
		order[i] = i;
	qsort(order, names, sizeof(order[0]), by_depth);
	for (i = 0; i < names; i++)
		printf("%6zu octets  %8lu calls  %s\n", found[order[i]].most,
			found[order[i]].calls, found[order[i]].name);
	if (names == 0)
		return 0;
	*most = found[order[0]].name;
	return found[order[0]].most;
}

unsigned long depth_calls(void)
{
	return calls;
}
