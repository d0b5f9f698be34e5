/*
 * Between the two halves of the command line: the table of options and how
 * each takes its value, and the reader that goes by it. May use the public
 * headers.
 */
#ifndef TOOLS_SETTINGS_TABLE_H
#define TOOLS_SETTINGS_TABLE_H

#include "settings.h"

/* A word and the number it stands for; a list ends with a NULL word. */
struct word {
	const char *text;
	int value;
};

struct knob;

/*
 * Take an option's value. NULL, or why it is no good: settings_no_memory, ""
 * when it is none of the entry's words, else the end of a sentence.
 */
typedef const char *(*knob_take_fn)(struct settings *s,
	const struct knob *e, const char *value);

struct knob {
	const char *name; /* without the two hyphens */
	knob_take_fn take;
	int number;       /* MXSEL_OPT_*, or what take wants */
	const struct word *words; /* NULL: no value, or any */
	int has_value;    /* 2: words of the list, with commas between */
};

extern const char settings_no_memory[];

/* The option of this name, without its hyphens, or NULL. */
const struct knob *settings_find(const char *name, size_t length);

#endif
