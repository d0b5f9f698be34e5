/*
 * How the child of a fork() ends in a test: as programs do, so that what
 * measures coverage hears of it. Where leaks are looked for it ends without
 * more ado: the threads of its parent, which hold much, are not there. May use
 * libc only.
 */
#ifndef TESTS_SUPPORT_CHILD_H
#define TESTS_SUPPORT_CHILD_H

#include <stdlib.h>
#include <unistd.h>

#include "support/sanitized.h"

static inline _Noreturn void end_child(int status)
{
#if SANITIZED
	_exit(status);
#else
	exit(status);
#endif
}

#endif
