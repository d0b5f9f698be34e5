/*
 * Other libraries as clients of the lying server: what each of them has to
 * do. They are used as their manuals say, told to give up after a second, and
 * asked for nothing but the look-up itself. May use libc.
 */
#ifndef TESTS_FAULTS_BASE_H
#define TESTS_FAULTS_BASE_H

#include <stddef.h>

#define BASE_WAIT 1000 /* ms */
#define TOLD_MAX 48    /* records kept, the best ones */

/* Records as they come, in the order of the words written in the end. */
struct told {
	char words[TOLD_MAX][280];
	unsigned numbers[TOLD_MAX]; /* preferences */
	int count;
	int is_address;
};

void told_mx(struct told *told, unsigned preference, const char *exchange);
void told_address(struct told *told, int family, const void *octets);

struct library {
	/* An object that asks 127.0.0.1 at this port; NULL: it cannot. */
	void *(*open)(int port);
	/* 0 with records or without any; else why there is no answer, which
	   is "nodata", "nxdomain" or something temporary. */
	const char *(*ask)(void *object, const char *name, unsigned type,
		struct told *told);
	void (*close)(void *object);
};

extern const struct library base_ldns, base_resolv, base_cares, base_unbound;

#endif
