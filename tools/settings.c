/*
 * The command line, read by the table of options. Written out instead of
 * getopt_long(), which is not POSIX, accepts abbreviations and words its
 * errors by locale. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "complain.h"
#include "help.h"
#include "json.h"
#include "near.h"
#include "settings_check.h"
#include "settings_table.h"
#include "text.h"

/* A value that is no good: "mxsel: --port: '0' is out of range; it takes". */
static int complain_value(const struct knob *e, const char *value,
	const char *why)
{
	const struct help_option *o = help_find(e->name, strlen(e->name));
	const struct word *w;

	fprintf(stderr, "mxsel: --%s", e->name);
	if (value != NULL) {
		fputs(": '", stderr);
		text_plain(stderr, value);
		putc('\'', stderr);
	}
	fprintf(stderr, " %s; ", *why != '\0' ? why : "is not known");
	if (why == settings_no_memory)
		fprintf(stderr, "%s\n", complain_next_memory);
	else if (o->takes != NULL)
		fprintf(stderr, "it takes %s\n", o->takes);
	for (w = e->words; o->takes == NULL && w->text != NULL; w++)
		fprintf(stderr, "%s%s%s", w == e->words ? e->has_value == 2 ?
			"it takes a list of " : "it takes one of " : ", ",
			w->text, w[1].text == NULL ? "\n" : "");
	return why == settings_no_memory ? EX_TEMPFAIL : EX_USAGE;
}

/* No option is called so; what of it is a name has this length. */
static int complain_unknown(const char *option, size_t length)
{
	const char *meant = length > 2 ?
		help_near_option(option + 2, length - 2) : NULL;
	char next[80];

	if (option[1] != '-')
		snprintf(next, sizeof(next), "see mxsel --help, or write it "
			"after -- if it is a destination");
	else if (meant != NULL)
		snprintf(next, sizeof(next), "did you mean --%s? See "
			"mxsel --help", meant);
	else
		snprintf(next, sizeof(next), "see mxsel --help");
	complain("unknown option", option, NULL, next);
	return EX_USAGE;
}

int settings_only_tells(const struct settings *s)
{
	return s->command == SETTINGS_HELP || s->command == SETTINGS_VERSION;
}

/* Which commands do not have this option? */
static void note_strange(struct settings *s, const struct knob *e)
{
	const struct help_option *o = help_find(e->name, strlen(e->name));
	int command;

	for (command = SETTINGS_PLAN; command < SETTINGS_COMMANDS; command++)
		if ((o->commands & 1 << command) == 0 &&
		    s->strange[command] == NULL)
			s->strange[command] = e->name;
}

/* argv[*i] begins with "--". 0, or the exit status. */
static int read_option(struct settings *s, int argc, char **argv, int *i)
{
	const char *option = argv[*i];
	const char *equals = strchr(option, '=');
	size_t length = equals != NULL ? (size_t)(equals - option) :
		strlen(option);
	const struct knob *e = settings_find(option + 2, length - 2);
	const char *value = NULL;
	const char *why;

	if (e == NULL)
		return complain_unknown(option, length);
	if (e->has_value && equals == NULL && *i + 1 < argc)
		value = argv[++*i];
	else if (equals != NULL)
		value = equals + 1;
	if (e->has_value && value == NULL)
		return complain_value(e, NULL, "needs a value");
	if (!e->has_value && value != NULL) {
		complain(option, NULL, "this option takes no value",
			"leave away what stands behind the =");
		return EX_USAGE;
	}
	note_strange(s, e);
	why = e->take(s, e, value);
	return why == NULL ? 0 : complain_value(e, value, why);
}

static const char *const commands[SETTINGS_COMMANDS] = {
	[SETTINGS_PLAN] = "plan",
	[SETTINGS_EXPLAIN] = "explain",
	[SETTINGS_LINT] = "lint",
	[SETTINGS_BULK] = "bulk",
	[SETTINGS_MEMORY] = "memory",
};

const char *settings_command_word(int command)
{
	return commands[command];
}

/* SETTINGS_* of this name; -1: it is none. */
static int find_command(const char *word)
{
	int i;

	for (i = 0; i < SETTINGS_COMMANDS; i++)
		if (strcmp(commands[i], word) == 0)
			return i;
	return -1;
}

/* A destination it is; but a name without a dot may be a slip. */
static void remember_slip(struct settings *s, const char *operand)
{
	size_t i, length = strlen(operand);

	if (strpbrk(operand, ".@:[") != NULL)
		return;
	for (i = 0; i < SETTINGS_COMMANDS; i++)
		if (near_slips(operand, length, commands[i]) < NEAR_MAX)
			s->meant = commands[i];
}

/* The first operand may be the name of the command. */
static void add_operand(struct settings *s, const char *operand, int *is_first)
{
	int command = *is_first ? find_command(operand) : -1;

	if (*is_first && command < 0)
		remember_slip(s, operand);
	*is_first = 0;
	if (command < 0)
		s->destinations[s->destination_count++] = operand;
	else
		s->command = s->named = command;
}

/* --help, with the command before it or a word behind it. */
static void take_help(struct settings *s, const char *word)
{
	int command = word != NULL ? find_command(word) : -1;

	s->command = SETTINGS_HELP;
	s->help_group = word;
	if (command >= 0)
		s->named = command;
}

/* argv[*i], and its value if it has one. 0, or the exit status. */
static int read_argument(struct settings *s, int argc, char **argv, int *i,
	int *is_first)
{
	const char *argument = argv[*i];

	if (argument[0] != '-' || argument[1] == '\0') {
		add_operand(s, argument, is_first);
		return 0;
	}
	if (argument[1] == '-')
		return read_option(s, argc, argv, i);
	if (strcmp(argument, "-h") != 0)
		return complain_unknown(argument, 0);
	s->command = SETTINGS_HELP;
	return 0;
}

static int read_arguments(struct settings *s, int argc, char **argv)
{
	int is_first = 1;
	int i, r;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		r = read_argument(s, argc, argv, &i, &is_first);
		if (r != 0)
			return r;
		if (s->command == SETTINGS_HELP)
			take_help(s, i + 1 < argc ? argv[i + 1] : NULL);
		if (settings_only_tells(s))
			return 0;
	}
	for (i++; i < argc; i++)
		s->destinations[s->destination_count++] = argv[i];
	return 0;
}

/* For people only: a script knows what it gives. */
static void say_what_was_meant(const struct settings *s)
{
	char next[80];

	if (s->meant == NULL || s->json || s->quiet ||
	    s->command != SETTINGS_PLAN)
		return;
	snprintf(next, sizeof(next), "did you mean 'mxsel %s'? See "
		"mxsel --help", s->meant);
	complain(NULL, s->destinations[0], "this is taken for a destination",
		next);
}

int settings_read(struct settings *s, int argc, char **argv)
{
	size_t room = (size_t)(argc > 0 ? argc : 1);
	int r;

	memset(s, 0, sizeof(*s));
	s->named = -1;
	s->keys = JSON_ALL;
	s->trust_ad = -1;
	s->concurrency = 1000;
	s->cache_size = (size_t)16 << 20;
	s->servers = calloc(room, sizeof(*s->servers));
	s->zones = calloc(room, sizeof(*s->zones));
	s->anchors = calloc(room, sizeof(*s->anchors));
	s->forgets = calloc(room, sizeof(*s->forgets));
	s->destinations = calloc(room, sizeof(*s->destinations));
	if (s->servers == NULL || s->zones == NULL || s->anchors == NULL ||
	    s->forgets == NULL || s->destinations == NULL ||
	    mxsel_options_new(&s->options) != 0) {
		complain(NULL, NULL, settings_no_memory,
			complain_next_memory);
		return EX_TEMPFAIL;
	}
	r = read_arguments(s, argc, argv);
	if (r == 0 && !settings_only_tells(s))
		r = settings_check(s);
	if (r == 0)
		say_what_was_meant(s);
	return r;
}

void settings_free(struct settings *s)
{
	mxsel_options_free(s->options);
	free(s->servers);
	free(s->zones);
	free(s->anchors);
	free(s->forgets);
	free(s->destinations);
	memset(s, 0, sizeof(*s));
}

int settings_want_color(const struct settings *s)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (s->color != SETTINGS_COLOR_AUTO)
		return s->color == SETTINGS_COLOR_ALWAYS;
	if (no_color != NULL && *no_color != '\0')
		return 0;
	if (term == NULL || *term == '\0' || strcmp(term, "dumb") == 0)
		return 0;
	return isatty(STDOUT_FILENO);
}
