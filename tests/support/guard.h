/*
 * Octets with nothing behind them, or nothing before them: who reads or writes
 * one too many is ended by the system, with or without a sanitizer. They stay
 * until the program ends. May use libc with _DEFAULT_SOURCE (for mmap) and
 * Check.
 */
#ifndef TESTS_SUPPORT_GUARD_H
#define TESTS_SUPPORT_GUARD_H

#include <check.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Pages that nobody may touch around some that are zero. */
static inline char *guard_pages(size_t size, size_t *room)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *at;

	*room = (size / page + 1) * page;
	at = mmap(NULL, *room + 2 * page, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert(at != MAP_FAILED);
	ck_assert_int_eq(mprotect(at + page, *room, PROT_READ | PROT_WRITE), 0);
	return at + page;
}

/* A copy that ends where memory does; octets NULL: zeros. */
static inline void *guard_end(const void *octets, size_t size)
{
	size_t room;
	char *at = guard_pages(size, &room);

	if (octets != NULL)
		memcpy(at + room - size, octets, size);
	return at + room - size;
}

/* A copy that begins where memory does. */
static inline void *guard_begin(const void *octets, size_t size)
{
	size_t room;

	return memcpy(guard_pages(size, &room), octets, size);
}

#endif
