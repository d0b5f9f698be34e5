/*
 * Running and judging faults, see host_judge.h.
 */
#define _DEFAULT_SOURCE

#include "faults/host_judge.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONGEST 60000 /* ms for a fault, then it hangs */
#define TRIES 3

enum end { PASSED = 0, FAILED = 1, LATE = 2, SKIPPED = 77 };

static int report = -1; /* pipe to who judges */

void judge_report_to(int fd)
{
	report = fd;
}

long judge_now(void)
{
	struct timespec now = { 0, 0 };

	/* The true time: clock_gettime() may be failing just now. */
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- inside the fault's process ------------------------------------------ */

__attribute__((format(printf, 1, 0)))
static void tell(const char *format, va_list arguments)
{
	char text[512];
	int n = vsnprintf(text, sizeof text, format, arguments);

	if (n > (int)sizeof text - 1)
		n = (int)sizeof text - 1;
	if (n > 0)
		(void)!write(report, text, (size_t)n);
}

#define TELL_AND_EXIT(end) \
	do { \
		va_list arguments; \
		va_start(arguments, format); \
		wrap_off(); \
		heap_fail(0, 0, HEAP_ALL); \
		tell(format, arguments); \
		va_end(arguments); \
		_exit(end); \
	} while (0)

void judge_fail(const char *format, ...)
{
	TELL_AND_EXIT(FAILED);
}

void judge_skip(const char *format, ...)
{
	TELL_AND_EXIT(SKIPPED);
}

void judge_late(const char *format, ...)
{
	TELL_AND_EXIT(LATE);
}

void judge_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tell(format, arguments);
	va_end(arguments);
}

int judge_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	if (dir == NULL)
		return -1;
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

void judge_base(struct base *base)
{
	base->descriptors = judge_descriptors();
	base->blocks = heap_blocks();
}

void judge_same(const struct base *base, const char *what)
{
	size_t blocks = heap_blocks();
	int descriptors = judge_descriptors();

	if (descriptors != base->descriptors)
		judge_fail("%s: %d descriptors have become %d", what,
			base->descriptors, descriptors);
	if (blocks != base->blocks)
		judge_fail("%s: %zu blocks have become %zu", what,
			base->blocks, blocks);
}

/* --- the judge ----------------------------------------------------------- */

static int run_one(const struct fault *fault, char *text, size_t room)
{
	size_t length = 0;
	int ends[2], status = 0;
	ssize_t got = 0;
	struct pollfd watched;
	pid_t child;

	text[0] = '\0';
	fflush(stdout);
	if (pipe(ends) != 0 || (child = fork()) < 0)
		return FAILED;
	if (child == 0) {
		close(ends[0]);
		report = ends[1];
		wrap_off();
		fault->run();
		_exit(PASSED);
	}
	close(ends[1]);
	watched.fd = ends[0];
	watched.events = POLLIN;
	while (length + 1 < room && poll(&watched, 1, LONGEST) > 0 && (got =
			read(ends[0], text + length, room - length - 1)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(ends[0]);
	if (got != 0) {
		kill(child, SIGKILL);
		snprintf(text, room, "it hangs");
	}
	waitpid(child, &status, 0);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (got == 0)
		snprintf(text, room, "killed by signal %d", WTERMSIG(status));
	return FAILED;
}

static const char *state_of(int end)
{
	return end == PASSED ? "passed" : end == SKIPPED ? "skipped" :
		"failed";
}

static int is_wanted(const char *number, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], number) == 0)
			return 1;
	return argc < 2;
}

int judge_all(const struct fault *faults, size_t count, int argc, char **argv)
{
	char text[600];
	int failed = 0, end, tries;
	long began;
	size_t i;

	for (i = 0; i < count; i++) {
		tries = 0;
		if (!is_wanted(faults[i].number, argc, argv))
			continue;
		do {
			began = judge_now();
			end = run_one(&faults[i], text, sizeof text);
		} while (end == LATE && ++tries < TRIES);
		printf("fault|%s|%s|%ld|%s\n", faults[i].number,
			state_of(end), judge_now() - began,
			text[0] != '\0' ? text : faults[i].shown);
		failed += end != PASSED && end != SKIPPED;
	}
	fflush(stdout);
	return failed;
}
