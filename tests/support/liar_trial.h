/*
 * One look-up through the socket resolver against lying servers: what the
 * tests of the transport share. The question is the A of a host that the
 * destination names, so that there is exactly one. May use the public
 * headers, check and support/liar.h.
 */
#ifndef TESTS_SUPPORT_LIAR_TRIAL_H
#define TESTS_SUPPORT_LIAR_TRIAL_H

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#include "support/liar.h"

#define TRIAL_TIME 300  /* ms for a question, unless a test says otherwise */
#define TRIAL_LONG 1000 /* the same where nothing waits for its end */
#define TRIAL_GRACE 50  /* ms that a deadline may be missed by (S7) */
#define TRIAL_HOST "[mx.example.net]"

struct trial {
	struct liar *liars[4];
	unsigned count;
	mxsel_resolver *resolver;
	mxsel_options *options;
	long took;              /* ms, of the last look-up */
	int code;               /* of its verdict; 0 when it gave an address */
	char address[64];
};

static inline long trial_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void trial_begin(struct trial *t, int query_time)
{
	memset(t, 0, sizeof *t);
	ck_assert_int_eq(mxsel_ldns_new(&t->resolver, ""), 0);
	ck_assert_int_eq(mxsel_ldns_set_query_time(t->resolver, query_time),
		0);
	ck_assert_int_eq(mxsel_options_new(&t->options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(t->options, t->resolver),
		0);
	ck_assert_int_eq(mxsel_options_set(t->options, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_V4_ONLY), 0);
}

static inline void trial_add(struct trial *t, const char *server)
{
	ck_assert_int_eq(mxsel_ldns_add_server(t->resolver, server), 0);
}

static inline struct liar *trial_server(struct trial *t, liar_fn udp,
	liar_fn tcp)
{
	struct liar *liar = liar_start(udp, tcp);

	t->liars[t->count++] = liar;
	trial_add(t, liar_address(liar));
	return liar;
}

static inline int trial_next(struct trial *t, const char *destination)
{
	long began = trial_now();
	mxsel *m;
	int result;

	ck_assert_int_eq(mxsel_new(&m, destination, t->options), 0);
	result = mxsel_next(m);
	t->took = trial_now() - began;
	t->code = mxsel_verdict_code(m);
	snprintf(t->address, sizeof t->address, "%s", result == MXSEL_ATTEMPT ?
		mxsel_address(m) : "");
	mxsel_free(m);
	return result;
}

/* The true address came. */
static inline int trial_believes(struct trial *t)
{
	return trial_next(t, TRIAL_HOST) == MXSEL_ATTEMPT &&
		strcmp(t->address, "192.0.2.1") == 0;
}

/* No address, and the mail is to be kept: never a bounce (R14). */
static inline int trial_defers(struct trial *t)
{
	return trial_next(t, TRIAL_HOST) == MXSEL_END && t->code == 451;
}

static inline unsigned trial_counted(const struct trial *t, int which)
{
	return (unsigned)mxsel_ldns_statistic(t->resolver, which);
}

static inline void trial_end(struct trial *t)
{
	unsigned i;

	mxsel_options_free(t->options);
	mxsel_resolver_free(t->resolver);
	for (i = 0; i < t->count; i++)
		liar_stop(t->liars[i]);
}

/* One server, one look-up that must give the true address. */
static inline void trial_of_truth(struct trial *t, liar_fn udp, liar_fn tcp)
{
	trial_begin(t, TRIAL_LONG);
	trial_server(t, udp, tcp);
	ck_assert(trial_believes(t));
}

/* One server, one look-up that must end in time without an address. */
static inline void trial_of_failure(struct trial *t, liar_fn udp, liar_fn tcp)
{
	trial_begin(t, TRIAL_TIME);
	trial_server(t, udp, tcp);
	ck_assert(trial_defers(t));
	ck_assert_int_le(t->took, TRIAL_TIME + TRIAL_GRACE);
}

/* Descriptors that are open in this process. */
static inline int trial_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	if (dir == NULL)
		dir = opendir("/dev/fd");
	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

#endif
