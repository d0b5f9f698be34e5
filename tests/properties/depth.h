/*
 * How much of the stack a call of the library takes, measured: what lies
 * below the caller is painted before and looked at after. For programs that
 * are compiled with allocations/calls.h before them. May use libc and
 * pthread.
 */
#ifndef TESTS_PROPERTIES_DEPTH_H
#define TESTS_PROPERTIES_DEPTH_H

#include <stddef.h>

/* S40 */
#define DEPTH_MOST 8192u

/* Run it in a thread in which calls are measured. 0; -1: no such thread. */
int depth_run(void (*run)(void *user), void *user);
/* The names of the calls and what each took, the most first; the most. */
size_t depth_print(const char **most);
/* Calls that were measured. */
unsigned long depth_calls(void);

#endif
