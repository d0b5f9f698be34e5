/*
 * An allocator that counts what it gives, knows the most that was ever in
 * use, and fails when it is told to: for tests and for figures. May use libc
 * only.
 */
#ifndef TESTS_BENCH_MEMORY_H
#define TESTS_BENCH_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

#define MEMORY_NEVER ((size_t)-1)

struct memory {
	size_t calls;    /* requests for memory, those that failed too */
	size_t failed;
	size_t blocks;   /* in use */
	size_t bytes;
	size_t peak;     /* the most bytes ever */
	size_t fail_at;  /* the request that fails; MEMORY_NEVER: none */
	int fail_on;     /* and every one after it */
};

/* The size stands before the block; a union keeps it aligned. */
union memory_head {
	size_t size;
	max_align_t align;
};

static inline int memory_fails(struct memory *m)
{
	size_t call = m->calls++;

	if (m->fail_at == MEMORY_NEVER || call < m->fail_at ||
		(call > m->fail_at && !m->fail_on))
		return 0;
	m->failed++;
	return 1;
}

static inline void *memory_give(void *pointer, size_t size, void *user)
{
	struct memory *m = user;
	union memory_head *head = NULL;
	size_t before = 0;

	if (pointer != NULL) {
		head = (union memory_head *)pointer - 1;
		before = head->size;
	}
	if (size == 0) {
		m->blocks -= head != NULL;
		m->bytes -= before;
		free(head);
		return NULL;
	}
	if (memory_fails(m))
		return NULL;
	m->blocks += head == NULL;
	m->bytes += size - before;
	if (m->bytes > m->peak)
		m->peak = m->bytes;
	head = realloc(head, sizeof(*head) + size);
	if (head == NULL)
		abort();
	head->size = size;
	return head + 1;
}

static inline void memory_begin(struct memory *m)
{
	m->calls = m->failed = m->blocks = m->bytes = m->peak = 0;
	m->fail_at = MEMORY_NEVER;
	m->fail_on = 0;
}

#endif
