/*
 * What is said of each option: by --help, by complaints about a value, and in
 * the completions of shells, which are made from this table. May use the
 * public headers.
 */
#ifndef TOOLS_HELP_H
#define TOOLS_HELP_H

#include <stddef.h>
#include <stdio.h>

/* Of which commands an option is: bits, by the SETTINGS_* of settings.h. */
enum {
	OF_PLAN = 1,
	OF_EXPLAIN = 2,
	OF_LINT = 4,
	OF_BULK = 8,
	OF_MANY = OF_PLAN | OF_EXPLAIN | OF_BULK, /* all that plan */
	OF_ALL = OF_MANY | OF_LINT,               /* all that ask the DNS */
	OF_MEMORY = 16,
	OF_ANY = OF_ALL | OF_MEMORY
};

enum help_group {
	HELP_ANSWERS,
	HELP_ORDER,
	HELP_OURSELVES,
	HELP_SECURITY,
	HELP_ADDRESSES,
	HELP_EXCHANGES,
	HELP_VERDICT,
	HELP_LIMITS,
	HELP_OUTPUT,
	HELP_MANY,
	HELP_GROUPS
};

struct help_option {
	const char *name;  /* without the two hyphens */
	int group;         /* HELP_* */
	int commands;      /* OF_* */
	const char *value; /* what stands for it: "FILE"; NULL: takes none */
	const char *takes; /* "a file of ..."; NULL: words of the option */
	const char *about; /* what it does */
};

/* In the order of the pages; ends with a NULL name. */
extern const struct help_option help_options[];

/* The option of this name, without its hyphens, or NULL. */
const struct help_option *help_find(const char *name, size_t length);

/* The option, or one of words, that was meant by it; NULL: who knows. */
const char *help_near_option(const char *name, size_t length);

/*
 * The page of a command (SETTINGS_PLAN and so on; -1: of all), or of a group
 * of options by its name when there is one of that name.
 */
void help_print(FILE *out, int command, const char *group);

#endif
