/*
 * One selection of a domain with five hosts, all of it in the cache: how long
 * it takes, how much memory it asks for, whether it makes a system call (a
 * process that may make none goes through it), and what a selection takes
 * that is planned and kept. May use Linux and the public headers.
 */
#define _DEFAULT_SOURCE

#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>

#include "bench/dns/load.h"
#include "bench/memory.h"

#define TURNS 20000
#define ATTEMPTS 10

static struct memory memory;
static mxsel_engine *engine;
static mxsel_options *options;
static mxsel_cache *cache;
static mxsel *selection;

static void set_up(void)
{
	char server[32];

	memory_begin(&memory);
	(void)snprintf(server, sizeof(server), "127.0.0.1@%u", load.port);
	if (mxsel_engine_new(&engine, "") != MXSEL_OK ||
		mxsel_engine_add_server(engine, server) != MXSEL_OK ||
		mxsel_cache_new(&cache, 1 << 20, mxsel_ldns_clock, NULL) !=
		MXSEL_OK || mxsel_options_new_with_allocator(&options,
		memory_give, &memory) != MXSEL_OK ||
		mxsel_options_set_cache(options, cache) != MXSEL_OK)
		load_die("no engine");
}

/* Addresses handed out; -1: it has to wait, or fails. */
static int walk(void)
{
	int rc, n = 0;

	while ((rc = mxsel_engine_next(engine, selection)) == MXSEL_ATTEMPT)
		n++;
	return rc == MXSEL_END ? n : -1;
}

static int walk_waiting(void)
{
	int rc, n = 0;

	while ((rc = mxsel_engine_next(engine, selection)) != MXSEL_END) {
		if (rc == MXSEL_LOOKUP) {
			while (mxsel_engine_ready(engine) == NULL)
				(void)mxsel_engine_wait(engine, 1000);
		} else if (rc == MXSEL_ATTEMPT) {
			n++;
		} else {
			load_die(mxsel_strerror(rc));
		}
	}
	return n;
}

/* A domain with ten addresses, all of them in the cache from now on. */
static const char *find(void)
{
	struct load_job job;
	const char *domain = NULL;

	while (domain == NULL && load_next(&job)) {
		if (selection == NULL ? mxsel_new(&selection,
			load_domain(&job), options) != MXSEL_OK :
			mxsel_reset(selection, load_domain(&job)) != MXSEL_OK)
			load_die("no selection");
		if (walk_waiting() == ATTEMPTS)
			domain = load_domain(&job);
		load_done_unchecked(&job);
	}
	if (domain == NULL)
		load_die("no domain with ten addresses");
	return domain;
}

static void turn(const char *domain)
{
	if (mxsel_reset(selection, domain) != MXSEL_OK || walk() != ATTEMPTS)
		load_die("the cache has forgotten");
}

/* 1: none was made. */
static int makes_no_call(const char *domain)
{
	int status, i;
	pid_t pid = fork();

	if (pid == 0) {
		/* After fork() an engine renews itself once. */
		turn(domain);
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
			_exit(EXIT_FAILURE);
		for (i = 0; i < 100; i++)
			if (mxsel_reset(selection, domain) != MXSEL_OK ||
				walk() != ATTEMPTS)
				(void)syscall(SYS_exit, EXIT_FAILURE);
		(void)syscall(SYS_exit, EXIT_SUCCESS);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		load_die("fork");
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

static double nanoseconds(const char *domain)
{
	uint64_t start = load_now();
	int i;

	for (i = 0; i < TURNS; i++)
		turn(domain);
	return (double)(load_now() - start) / TURNS;
}

/* Octets of a selection of its own that was walked to its end. */
static size_t held(const char *domain)
{
	size_t before = memory.bytes;
	mxsel *m = selection;

	if (mxsel_new(&selection, domain, options) != MXSEL_OK)
		load_die("no selection");
	(void)walk();
	before = memory.bytes - before;
	mxsel_free(selection);
	selection = m;
	return before;
}

int main(int argc, char **argv)
{
	const char *domain;
	size_t calls;
	double ns;

	load_begin(argc, argv, "warm");
	set_up();
	domain = find();
	turn(domain);
	calls = memory.calls;
	ns = nanoseconds(domain);
	calls = memory.calls - calls;
	printf("{\"ns\":%.1f,\"allocations\":%zu,\"held\":%zu,", ns, calls,
		held(domain));
	(void)fflush(stdout);
	printf("\"no_call\":%d}\n", makes_no_call(domain));
	mxsel_free(selection);
	mxsel_options_free(options);
	mxsel_cache_free(cache);
	mxsel_engine_free(engine);
	return EXIT_SUCCESS;
}
