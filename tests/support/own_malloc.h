/*
 * For test programs that have a malloc() of their own, to make requests fail:
 * where that works, and what the C library's own is called. Include it after
 * a header of the C library. May use libc only.
 */
#ifndef TESTS_SUPPORT_OWN_MALLOC_H
#define TESTS_SUPPORT_OWN_MALLOC_H

#include <stddef.h>

#include "support/sanitized.h"

#if SANITIZED || !defined(__GLIBC__)
#define MALLOC_IS_TAKEN 1
#endif

#ifndef MALLOC_IS_TAKEN
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void __libc_free(void *pointer);
#endif

#endif
