/*
 * The command line, read by the table of options. Written out instead of
 * getopt_long(), which is not POSIX, accepts abbreviations and words its
 * errors by locale. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "settings.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <mxsel/security.h>

#include "json.h"
#include "settings_table.h"
#include "text.h"

void settings_complain(const char *what, const char *value, const char *why)
{
	fputs("mxsel: ", stderr);
	text_plain(stderr, what);
	if (value != NULL) {
		fputs(" '", stderr);
		text_plain(stderr, value);
		putc('\'', stderr);
	}
	fprintf(stderr, ": %s\n", why);
}

int settings_fail(const char *what, const char *value, int error, int status)
{
	settings_complain(what, value, mxsel_strerror(error));
	return error == MXSEL_ENOMEM ? EX_TEMPFAIL : status;
}

/* A value that is no good: "mxsel: --port: '0' is out of range". */
static void complain_value(const struct knob *e, const char *value,
	const char *why)
{
	const struct word *w;

	fprintf(stderr, "mxsel: --%s: '", e->name);
	text_plain(stderr, value);
	fprintf(stderr, "' %s", *why != '\0' ? why : e->has_value == 2 ?
		"is not a list of" : "is not one of");
	for (w = e->words; *why == '\0' && w->text != NULL; w++)
		fprintf(stderr, "%s %s", w == e->words ? "" : ",", w->text);
	putc('\n', stderr);
}

int settings_only_tells(const struct settings *s)
{
	return s->command == SETTINGS_HELP || s->command == SETTINGS_VERSION;
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

	if (e == NULL) {
		settings_complain("unknown option", option,
			"see mxsel --help");
		return EX_USAGE;
	}
	if (e->has_value && equals == NULL && *i + 1 < argc)
		value = argv[++*i];
	else if (equals != NULL)
		value = equals + 1;
	if ((e->has_value != 0) != (value != NULL)) {
		fprintf(stderr, "mxsel: --%s: %s\n", e->name, e->has_value ?
			"needs a value" : "takes no value");
		return EX_USAGE;
	}
	why = e->take(s, e, value);
	if (why == NULL)
		return 0;
	complain_value(e, value, why);
	return why == settings_no_memory ? EX_TEMPFAIL : EX_USAGE;
}

struct command {
	const char *word;
	int number; /* SETTINGS_*; -1: kept, so that no script relies on it */
};

static const struct command commands[] = {
	{ "plan", SETTINGS_PLAN },
	{ "explain", SETTINGS_EXPLAIN },
	{ "lint", SETTINGS_LINT },
	{ "bulk", SETTINGS_BULK },
	{ "memory", -1 },
};

/* The first operand may be the name of the command. 0, or exit status. */
static int add_operand(struct settings *s, const char *operand, int *is_first)
{
	const size_t count = sizeof(commands) / sizeof(commands[0]);
	size_t i = 0;

	while (*is_first && i < count && strcmp(commands[i].word, operand) != 0)
		i++;
	if (!*is_first || i == count) {
		*is_first = 0;
		s->destinations[s->destination_count++] = operand;
		return 0;
	}
	*is_first = 0;
	if (commands[i].number >= 0) {
		s->command = commands[i].number;
		return 0;
	}
	fprintf(stderr, "mxsel: there is no command '%s'; a destination of "
		"that name is given as 'mxsel plan %s'\n", operand, operand);
	return EX_USAGE;
}

static int read_arguments(struct settings *s, int argc, char **argv)
{
	int is_first = 1;
	int i, r;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			break;
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			r = add_operand(s, argv[i], &is_first);
			if (r != 0)
				return r;
			continue;
		}
		if (strcmp(argv[i], "-h") == 0) {
			s->command = SETTINGS_HELP;
			return 0;
		}
		if (argv[i][1] != '-') {
			settings_complain("unknown option", argv[i],
				"see mxsel --help");
			return EX_USAGE;
		}
		r = read_option(s, argc, argv, &i);
		if (r != 0)
			return r;
		if (settings_only_tells(s))
			return 0;
	}
	for (i++; i < argc; i++)
		s->destinations[s->destination_count++] = argv[i];
	return 0;
}

static int refuse(const char *why)
{
	fprintf(stderr, "mxsel: %s\n", why);
	return EX_USAGE;
}

/* How securely hosts must be reached, and who knows of DNSSEC. */
static int check_security(const struct settings *s)
{
	if (s->tls_differs)
		return refuse("only one of --requiretls and --tls-optional "
			"can be asked for");
	if (s->tls != MXSEL_TLS_BY_POLICY && s->command == SETTINGS_LINT)
		return refuse("--requiretls and --tls-optional are of a "
			"message, not of a domain");
	if (s->sts != NULL && s->command == SETTINGS_BULK)
		return refuse("--sts-policy goes with 'mxsel plan', "
			"'mxsel explain' and 'mxsel lint'");
	if (s->anchor_count == 0)
		return 0;
	if (s->zone_count > 0 || s->demo || s->replay != NULL)
		return refuse("--anchor goes with name servers, not with "
			"--zone, --demo and --replay");
	return s->trust_ad == 1 ? refuse("only one of --anchor and "
		"--trust-ad can be believed") : 0;
}

/* What bulk takes, and what only bulk takes. */
static int check_bulk(const struct settings *s)
{
	if (s->command != SETTINGS_BULK) {
		if (s->bulk_option == NULL)
			return 0;
		fprintf(stderr, "mxsel: --%s goes with 'mxsel bulk'\n",
			s->bulk_option);
		return EX_USAGE;
	}
	if (s->record != NULL || s->replay != NULL)
		return refuse("--record and --replay go with 'mxsel plan' and "
			"'mxsel explain'");
	if (s->destination_count > 0)
		return refuse("bulk reads its destinations from standard "
			"input, one a line");
	return 0;
}

/* What only the whole line can tell. */
static int check_together(const struct settings *s)
{
	int sources = (s->server_count > 0) + (s->zone_count > 0) + s->demo +
		(s->replay != NULL);
	int status;

	if (settings_only_tells(s))
		return 0;
	if (sources > 1)
		return refuse("only one of --server, --zone, --demo and "
			"--replay can answer the questions");
	if (s->dot && s->command != SETTINGS_EXPLAIN)
		return refuse("--dot goes with 'mxsel explain'");
	if (s->has_keys && s->command != SETTINGS_BULK &&
	    (!s->json || s->command == SETTINGS_LINT))
		return refuse("--fields goes with 'mxsel bulk', and with the "
			"--json of 'mxsel plan' and 'mxsel explain'");
	if (s->dot && s->json)
		return refuse("only one of --dot and --json can be printed");
	if (s->command == SETTINGS_LINT &&
	    (s->record != NULL || s->replay != NULL))
		return refuse("--record and --replay go with 'mxsel plan' and "
			"'mxsel explain'");
	if (s->destination_count == 0 && !s->demo &&
	    s->command != SETTINGS_BULK)
		return refuse("which destination? (see mxsel --help)");
	status = check_security(s);
	return status != 0 ? status : check_bulk(s);
}

int settings_read(struct settings *s, int argc, char **argv)
{
	size_t room = (size_t)(argc > 0 ? argc : 1);
	int r;

	memset(s, 0, sizeof(*s));
	s->keys = JSON_ALL;
	s->trust_ad = -1;
	s->concurrency = 1000;
	s->cache_size = (size_t)16 << 20;
	s->servers = calloc(room, sizeof(*s->servers));
	s->zones = calloc(room, sizeof(*s->zones));
	s->anchors = calloc(room, sizeof(*s->anchors));
	s->destinations = calloc(room, sizeof(*s->destinations));
	if (s->servers == NULL || s->zones == NULL || s->anchors == NULL ||
	    s->destinations == NULL || mxsel_options_new(&s->options) != 0) {
		fprintf(stderr, "mxsel: %s\n", settings_no_memory);
		return EX_TEMPFAIL;
	}
	r = read_arguments(s, argc, argv);
	return r != 0 ? r : check_together(s);
}

void settings_free(struct settings *s)
{
	mxsel_options_free(s->options);
	free(s->servers);
	free(s->zones);
	free(s->anchors);
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
