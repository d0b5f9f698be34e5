/*
 * One line for each figure that a verification reaches, for `make verify`:
 * figure|NAME|REACHED|WANTED|STATE. May use libc only.
 */
#ifndef TESTS_SUPPORT_FIGURE_H
#define TESTS_SUPPORT_FIGURE_H

#include <stdarg.h>
#include <stdio.h>

enum figure_state { FIGURE_REACHED, FIGURE_SHORT, FIGURE_FAILED,
	FIGURE_SKIPPED };

/* reached: a format and its arguments, without a '|'. */
__attribute__((format(printf, 4, 5)))
static inline void figure_print(const char *name, enum figure_state state,
	const char *wanted, const char *reached, ...)
{
	static const char *const words[] = { "reached", "short", "failed",
		"skipped" };
	va_list arguments;

	printf("figure|%s|", name);
	va_start(arguments, reached);
	vprintf(reached, arguments);
	va_end(arguments);
	printf("|%s|%s\n", wanted, words[state]);
	fflush(stdout);
}

#endif
