/*
 * Every request for memory that the library makes, by the allocator it is
 * given and by malloc(), counted; one of them, or all from it on, refused.
 * Requests of the program itself, outside calls of the library, are neither;
 * nor are those that other libraries (libc, ldns, libunbound) make inside
 * themselves, nor those of other threads. May use bench/memory.h.
 */
#ifndef TESTS_ALLOCATIONS_HEAP_H
#define TESTS_ALLOCATIONS_HEAP_H

#include "bench/memory.h"

extern struct memory heap;

/* Inside a call of the library, and out again; they nest. */
void heap_enter(void);
void heap_leave(void);
/* An allocator for mxsel_options_new_with_allocator(). */
void *heap_give(void *pointer, size_t size, void *user);
/* Refuse the n-th request, counted from 0, and with on all after it. */
void heap_fail_at(size_t n, int on);
/* Are requests made of malloc() seen, too? */
int heap_has_malloc(void);

#endif
