/*
 * What is tried with each library that stands beside the core: a job makes
 * its objects, routes mail with them while memory fails, routes it again when
 * it is back, and frees them. May use the public headers.
 */
#ifndef TESTS_ALLOCATIONS_JOBS_H
#define TESTS_ALLOCATIONS_JOBS_H

#include <stddef.h>

#include <mxsel/mxsel.h>

struct job {
	const char *name;
	/* What it must be asked for beforehand and after; may be NULL. */
	void (*begin)(void);
	void (*end)(void);
	int (*run)(void); /* MXSEL_*; what it learns it says */
};

extern const struct job jobs[];
extern const size_t job_count;

/* ------------------------------------------------- adapters.c gives these */

/* Was it refused, and shall the call be made again? */
int job_again(int rc);
#define DO(rc, call) do { \
		rc = (call); \
	} while (job_again(rc))

/* Forget what was said. */
void job_hush(void);
void job_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The mail is routed: is it right, or at least known to have failed? */
void job_judge(void);
/* Memory is back, and from here on all must be right. */
void job_relieve(void);
int job_is_relieved(void);

#endif
