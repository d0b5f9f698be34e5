/*
 * malloc() of the test program itself: it counts the blocks that are in use,
 * whoever has them, and fails in the thread that asked for it. May use libc
 * only.
 */
#ifndef TESTS_SYSCALLS_HEAP_H
#define TESTS_SYSCALLS_HEAP_H

#include <stddef.h>

/* 0: a build whose malloc() cannot be replaced (a sanitizer's): nothing is
   counted and nothing fails. */
int heap_is_ours(void);

/* Blocks in use now, of all threads. */
size_t heap_blocks(void);

/* Whose requests fail: everybody's, or only those that the statically linked
   libraries of the project make themselves. */
enum heap_scope { HEAP_ALL, HEAP_OURS };

/* In this thread the how manieth request (from 1) fails; on: and all after
   it. 0: none. */
void heap_fail(size_t request, int on, enum heap_scope scope);

/* Requests that failed since then. */
size_t heap_failed(void);

#endif
