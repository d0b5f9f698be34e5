/*
 * A process that forks, clocks that jump and a kernel without entropy: F82,
 * F83, F87. May use host_judge.h.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mxsel/cache.h>

#include "faults/host.h"
#include "faults/host_judge.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

#define DAYS_400 (INT64_C(400) * 86400 * 1000) /* ms */

/* --- F82 ----------------------------------------------------------------- */

static void slow(struct liar_call *call)
{
	if (call->nth <= 4)
		(void)liar_pause(call, 50);
	liar_tell_truth(call);
}

/* What was begun before the fork, then the same objects again. */
static void go_on_with(struct trial *t, struct many *all)
{
	EXPECT(trial_many_run(t, all) == 0);
	EXPECT(trial_is_right(t) && all->ended == all->count);
	trial_many_end(all);
	trial_expect_right(t);
}

static void wait_for(pid_t child)
{
	int status = 0;

	EXPECT(waitpid(child, &status, 0) == child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		judge_fail("the child of the fork: %x", (unsigned)status);
}

void F82_fork(void)
{
	struct trial t;
	struct many all;
	pid_t child;

	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, slow, NULL);
	EXPECT(trial_many_begin(&t, &all, "example.com", 20) == 0);
	EXPECT(all.ended == 0);
	EXPECT(mxsel_engine_process(t.engine) == 0);
	child = fork();
	EXPECT(child >= 0);
	go_on_with(&t, &all);
	if (child == 0)
		_exit(0);
	wait_for(child);
	trial_end(&t);
}

/* --- F83 ----------------------------------------------------------------- */

/* While questions are open, then for good. */
static void jump(struct trial *t, liar_fn udp, int64_t by)
{
	struct many all;
	long began;

	trial_begin(t, JUDGE_TIME);
	trial_server(t, udp, NULL);
	EXPECT(trial_many_begin(t, &all, "example.com", 5) == 0);
	EXPECT(mxsel_engine_process(t->engine) == 0);
	began = judge_now();
	wrap.shift += by;
	EXPECT(trial_many_run(t, &all) == 0);
	EXPECT(trial_is_sane(t));
	if (judge_now() - began > JUDGE_TIME + JUDGE_GRACE)
		judge_late("%ld ms in a jump", judge_now() - began);
	trial_many_end(&all);
}

static void forward(void)
{
	struct trial t;

	jump(&t, silent, DAYS_400);
	trial_end(&t);
	jump(&t, honest, DAYS_400);
	t.time = JUDGE_LONG;
	trial_expect_right(&t);
	/* 400 days more with every look at the clock. */
	wrap.shift_later = DAYS_400;
	EXPECT(trial_look(&t, "example.com") == 0 && trial_is_sane(&t));
	EXPECT(trial_look_engine(&t, "example.com", 5) == 0);
	EXPECT(trial_is_sane(&t));
	wrap.shift_later = 0;
	trial_expect_right(&t);
	trial_end(&t);
}

/* CLOCK_MONOTONIC never does; where it did, answers would still count. */
static void back(void)
{
	struct trial t;

	wrap_off();
	wrap.shift = DAYS_400;
	jump(&t, honest, -DAYS_400);
	t.time = JUDGE_LONG;
	trial_expect_right(&t);
	trial_end(&t);
}

/* A question more than the cache could answer. */
static unsigned asks(struct trial *t)
{
	unsigned before = liar_heard_udp(t->liars[0]);

	trial_expect_right(t);
	return liar_heard_udp(t->liars[0]) - before;
}

static void cached(void)
{
	mxsel_cache *cache;
	struct trial t;

	wrap_off();
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	EXPECT(mxsel_cache_new(&cache, 65536, mxsel_ldns_clock, NULL) == 0);
	EXPECT(mxsel_options_set_cache(t.options, cache) == 0);
	EXPECT(mxsel_options_set_cache(t.pull, cache) == 0);
	EXPECT(asks(&t) == 3);
	EXPECT(asks(&t) == 0);
	wrap.shift = DAYS_400;
	EXPECT(asks(&t) == 3);
	wrap.shift = 0;
	EXPECT(asks(&t) == 0); /* a step back is no time passed */
	mxsel_cache_free(cache);
	trial_end(&t);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text);
}

/* The real clocks of another time namespace, where that is allowed. */
static int in_another_time(void)
{
	struct trial t;
	pid_t child;

	wrap_off();
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	trial_expect_right(&t);
	if (unshare(CLONE_NEWTIME) != 0 || !write_file(
			"/proc/self/timens_offsets", "monotonic 34560000 0\n"))
		return 0;
	child = fork();
	EXPECT(child >= 0);
	trial_expect_right(&t);
	if (child == 0)
		_exit(0);
	wait_for(child);
	trial_end(&t);
	return 1;
}

void F83_clocks(void)
{
	wrap_off();
	forward();
	back();
	cached();
	EXPECT(wrap.made[CALL_CLOCK_GETTIME] > 0 && wrap.wall_clocks == 0);
	if (in_another_time())
		judge_say("400 days forward (also a time namespace) or back: "
			"in time, then right, no look at the wall clock");
}

/* --- F87 ----------------------------------------------------------------- */

static unsigned long long sent(const struct trial *t)
{
	return (unsigned long long)(
		mxsel_ldns_statistic(t->resolver, MXSEL_LDNS_SENT_UDP) +
		mxsel_ldns_statistic(t->resolver, MXSEL_LDNS_SENT_TCP) +
		mxsel_engine_statistic(t->engine, MXSEL_LDNS_SENT_UDP) +
		mxsel_engine_statistic(t->engine, MXSEL_LDNS_SENT_TCP));
}

/* Even the order of the plan needs it; then mxsel_next() says so. */
static void no_seed(void)
{
	uint64_t seed;
	mxsel *m;

	EXPECT(mxsel_new(&m, "example.com", NULL) == 0);
	EXPECT(mxsel_seed(m, &seed) == MXSEL_EENTROPY);
	mxsel_free(m);
}

void F87_no_entropy(void)
{
	struct trial t;

	trial_begin(&t, JUDGE_TIME);
	trial_server(&t, honest, honest);
	wrap_fail(CALL_GETRANDOM, ENOSYS, 1, 0);
	trial_expect_temporary(&t);
	EXPECT(sent(&t) == 0);
	no_seed();
	wrap_fail(CALL_GETRANDOM, EINTR, 1, 50);
	t.time = JUDGE_LONG;
	trial_expect_right(&t);
	EXPECT(wrap.failed == 50);
	trial_end(&t);
	wrap_off();
	wrap.most_random = 1;
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	trial_expect_right(&t);
	EXPECT(wrap.made[CALL_GETRANDOM] > 100);
	wrap_off();
	trial_end(&t);
}
