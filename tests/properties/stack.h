/*
 * What the files of the stack's measurement share. Compiled with
 * allocations/calls.h before them.
 */
#ifndef TESTS_PROPERTIES_STACK_H
#define TESTS_PROPERTIES_STACK_H

#include "allocations/calls.h"

/* For what a call takes, whatever comes of it. */
#define SHOW(name, call) ((void)CALL(name, call))

/* stack_sockets.c; how many calls did not do what they should. */
unsigned long stack_sockets(void);

#endif
