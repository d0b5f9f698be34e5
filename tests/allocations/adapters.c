/*
 * The same for what takes its memory from malloc(): the socket resolver, the
 * engine, zones, the mock with its records, libidn2's and libunbound's
 * adapters, the cache (S39, F84). Whatever request of ours fails, mail goes
 * where it goes on a quiet day or waits, nobody bounces, nothing is left, and
 * the same objects do it right when memory is back. May use jobs.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocations/heap.h"
#include "allocations/jobs.h"
#include "support/figure.h"

enum mode { ONCE, ON, GONE, MODES };

static const char *const mode_names[MODES] = {
	"once", "from there on", "for good"
};

static enum mode mode;
static int refusals; /* MXSEL_ENOMEM in a row */
static int gave_up, relieved;
static char quiet[8192], said[8192];
static size_t length;
static const char *bad;
static unsigned long runs[MODES], wrong, waited;

int job_again(int rc)
{
	if (rc != MXSEL_ENOMEM) {
		refusals = 0;
		return 0;
	}
	if (heap.failed == 0 || relieved)
		bad = "MXSEL_ENOMEM, and there is memory";
	if (mode == GONE || bad != NULL) {
		gave_up = 1;
		return 0;
	}
	refusals++;
	if (mode == ON && refusals == 3)
		heap.fail_at = MEMORY_NEVER;
	if (refusals > 3)
		bad = "MXSEL_ENOMEM again and again";
	return bad == NULL;
}

void job_hush(void)
{
	length = 0;
	said[0] = '\0';
}

void job_say(const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(said + length, sizeof(said) - length, format,
		arguments);
	va_end(arguments);
	if (n < 0 || (size_t)n >= sizeof(said) - length)
		bad = "more was said than there is room for";
	else
		length += (size_t)n;
}

void job_relieve(void)
{
	relieved = 1;
	gave_up = 0;
	refusals = 0;
	heap.fail_at = MEMORY_NEVER;
}

int job_is_relieved(void)
{
	return relieved;
}

void job_judge(void)
{
	if (quiet[0] == '\0' || strcmp(said, quiet) == 0)
		return;
	waited++;
	if (relieved)
		bad = "not right when memory is back";
	else if (strstr(said, "verdict 3 ") != NULL &&
		strstr(quiet, "verdict 3 ") == NULL)
		bad = "a bounce for want of memory";
	else if (strstr(said, " 451 ") == NULL &&
		strstr(said, "- dns") == NULL)
		bad = "another route, and no failure shown";
}

static int try_one(const struct job *job, size_t n)
{
	int rc;

	heap_fail_at(n, mode != ONCE);
	refusals = gave_up = relieved = 0;
	bad = NULL;
	job_hush();
	heap_enter();
	rc = job->run();
	heap_leave();
	if (rc != MXSEL_OK && bad == NULL)
		bad = mxsel_strerror(rc);
	if (heap.blocks != 0 && bad == NULL)
		bad = "memory is left";
	if (bad != NULL) {
		wrong++;
		printf("%s, request %zu fails %s: %s (%d)\n%s", job->name, n,
			mode_names[mode], bad, rc, said);
	}
	return heap.failed > 0;
}

static void try_job(const struct job *job)
{
	unsigned long before = runs[ONCE] + runs[ON] + runs[GONE];
	unsigned long waited_before = waited, once = runs[ONCE];
	size_t n;

	if (job->begin != NULL)
		job->begin();
	quiet[0] = '\0';
	mode = ONCE;
	(void)try_one(job, MEMORY_NEVER); /* what libc makes once and keeps */
	(void)try_one(job, MEMORY_NEVER);
	memcpy(quiet, said, sizeof(quiet));
	for (mode = ONCE; mode < MODES; mode++)
		for (n = 0; try_one(job, n); n++)
			runs[mode]++;
	if (job->end != NULL)
		job->end();
	if (runs[ONCE] == once) {
		wrong++;
		printf("%s: no request was refused\n", job->name);
	}
	printf("%-28s %3lu requests, %4lu runs, %3lu known to have failed\n",
		job->name, runs[ONCE] - once, runs[ONCE] + runs[ON] +
		runs[GONE] - before, waited - waited_before);
	fflush(stdout);
}

int main(void)
{
	enum figure_state state;
	size_t i;

	if (!heap_has_malloc()) {
		figure_print("allocations of the adapters", FIGURE_SKIPPED,
			"all, 0 wrong", "skipped: a malloc() of our own");
		return EXIT_SUCCESS;
	}
	for (i = 0; i < job_count; i++)
		try_job(&jobs[i]);
	state = wrong > 0 ? FIGURE_FAILED : FIGURE_REACHED;
	printf("%lu requests of ours for memory, %lu runs, %lu wrong\n",
		runs[ONCE], runs[ONCE] + runs[ON] + runs[GONE], wrong);
	figure_print("allocations of the adapters failed", state,
		"all, 0 wrong", "%lu once, %lu from there on, %lu wrong",
		runs[ONCE], runs[ON] + runs[GONE], wrong);
	return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
