/*
 * How the scenario runner speaks: failures with file and line, and the record
 * of a play that is compared with others. May use libc only.
 */
#include "scenarios/play.h"

#include <stdarg.h>
#include <stdio.h>

int play_fail(struct play *p, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	if (p->quiet) {
		vsnprintf(p->failure, sizeof(p->failure), format, list);
	} else {
		printf("%s:%d: %s: ", p->s->file, p->at != NULL ? p->at->line
			: p->s->line, p->s->title);
		vprintf(format, list);
		printf(" (seed %llu; %s)\n", p->seed, p->way->name);
	}
	va_end(list);
	p->failed = 1;
	return 1;
}

void play_tell(struct play *p, const char *format, ...)
{
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(p->tell + p->told, TOLD_MAX - p->told, format, list);
	va_end(list);
	p->told += (size_t)n;
	if (p->told >= TOLD_MAX)
		p->told = TOLD_MAX - 1;
}

const char *source_name(int source)
{
	static const char *const names[] = {
		"none", "mx", "implicit", "literal", "static"
	};

	return source >= 0 && source <= 4 ? names[source] : "?";
}

const char *action_name(int action)
{
	static const char *const names[] = {
		"try", "delivered", "defer", "bounce"
	};

	return action >= 0 && action <= 3 ? names[action] : "?";
}
