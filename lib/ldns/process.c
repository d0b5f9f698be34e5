/*
 * Who we are, see process.h. Without MADV_WIPEONFORK (Linux 4.14) the process
 * id tells. May use libc only.
 */
#define _DEFAULT_SOURCE

#include "ldns/process.h"

#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#define MARK 0x6d78736cu

#if defined MADV_WIPEONFORK && defined MAP_ANONYMOUS

static size_t mark_size(void)
{
	long size = sysconf(_SC_PAGESIZE);

	return size > 0 ? (size_t)size : 4096u;
}

static volatile uint32_t *make_mark(void)
{
	void *page = mmap(NULL, mark_size(), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return NULL;
	if (madvise(page, mark_size(), MADV_WIPEONFORK) == 0)
		return page;
	(void)munmap(page, mark_size());
	return NULL;
}

static void drop_mark(volatile uint32_t *mark)
{
	(void)munmap((void *)(uintptr_t)mark, mark_size());
}

#else

static volatile uint32_t *make_mark(void)
{
	return NULL;
}

static void drop_mark(volatile uint32_t *mark)
{
	(void)mark;
}

#endif

void mxsel__process_init(struct mxsel__process *p)
{
	p->mark = make_mark();
	mxsel__process_settle(p);
}

void mxsel__process_destroy(struct mxsel__process *p)
{
	if (p->mark != NULL)
		drop_mark(p->mark);
	p->mark = NULL;
}

int mxsel__process_is_child(const struct mxsel__process *p)
{
	return p->mark != NULL ? *p->mark != MARK : p->owner != getpid();
}

void mxsel__process_settle(struct mxsel__process *p)
{
	p->owner = getpid();
	if (p->mark != NULL)
		*p->mark = MARK;
}
