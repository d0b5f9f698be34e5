/*
 * Is this still the process that it was? Asked before every question (S44),
 * so without a system call where the kernel helps: a page of memory that the
 * child of a fork finds wiped. May use libc only.
 */
#ifndef MXSEL_LDNS_PROCESS_H
#define MXSEL_LDNS_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

struct mxsel__process {
	volatile uint32_t *mark; /* NULL: there is no such memory */
	pid_t owner;
};

void mxsel__process_init(struct mxsel__process *p);
void mxsel__process_destroy(struct mxsel__process *p);

/* Was it initialised by another one, whose child this is? */
int mxsel__process_is_child(const struct mxsel__process *p);

/* From now on it is this one's. */
void mxsel__process_settle(struct mxsel__process *p);

#endif
