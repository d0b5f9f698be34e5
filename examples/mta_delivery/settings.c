/*
 * From the command line to the options of a selection: which DNS is asked,
 * who we are, what may be reached. Uses libmxsel-ldns for the resolver.
 */
#include <stdlib.h>
#include <string.h>

#include <mxsel/ldns.h>

#include "settings.h"

static int make_resolver(mxsel_resolver **dns, const struct settings *settings)
{
	int r;

	if (settings->zone != NULL)
		return mxsel_ldns_zone_new(dns, &settings->zone, 1);
	r = mxsel_ldns_new(dns, settings->server != NULL ? "" : NULL);
	if (r == 0 && settings->server != NULL)
		r = mxsel_ldns_add_server(*dns, settings->server);
	return r;
}

/* A name or an address, whichever it is. */
static int add_self(mxsel_options *options, const char *self)
{
	int r = mxsel_options_add_self_address(options, self);

	return r == MXSEL_ESYNTAX ?
		mxsel_options_add_self_name(options, self) : r;
}

int settings_options(mxsel_options **out, const struct settings *settings)
{
	const int numbers[][2] = {
		{ MXSEL_OPT_PORT, settings->port },
		{ MXSEL_OPT_ALLOW_LOOPBACK, settings->loopback },
		{ MXSEL_OPT_DANE, settings->dane },
		{ MXSEL_OPT_TRACE, settings->trace }
	};
	mxsel_resolver *dns = NULL;
	mxsel_options *options = NULL;
	size_t k;
	int r, i;

	r = make_resolver(&dns, settings);
	if (r == 0)
		r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options, dns);
	for (i = 0; i < settings->selves && r == 0; i++)
		r = add_self(options, settings->self[i]);
	for (k = 0; k < sizeof numbers / sizeof numbers[0] && r == 0; k++)
		r = mxsel_options_set(options, numbers[k][0], numbers[k][1]);
	mxsel_resolver_free(dns); /* the options keep it alive */
	if (r != 0)
		mxsel_options_free(options);
	else
		*out = options;
	return r;
}

const char *settings_name(const struct settings *settings)
{
	return settings->name != NULL ? settings->name : "";
}

/* It goes into a command: no controls, blanks or angle brackets. Without an
   at sign it would be a destination of another kind, such as HOST:PORT. */
int is_mailbox(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '<' ||
			text[i] == '>')
			return 0;
	return i == 0 || (i <= 500 && strchr(text, '@') != NULL);
}

static int read_number(const char *text, int *value)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end != '\0' || n < 1 || n > 65535)
		return 0;
	*value = (int)n;
	return 1;
}

static int read_seconds(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end != text && *end == '\0' && *value >= 0.001 && *value <= 1e8;
}

static int read_self(struct settings *s, const char *self)
{
	mxsel_options *options;
	int r;

	if (s->selves == SELF_MAX || mxsel_options_new(&options) != 0)
		return 0;
	if (s->name == NULL && mxsel_options_add_self_address(options, self)
		== MXSEL_ESYNTAX)
		s->name = self;
	r = add_self(options, self);
	mxsel_options_free(options);
	s->self[s->selves++] = self;
	return r == 0;
}

/* An option with an argument: 1 when it is one, and the argument is good. */
static int read_option(struct settings *s, const char *name, const char *value)
{
	const struct { const char *name; const char **text; } texts[] = {
		{ "--server", &s->server }, { "--zone", &s->zone },
		{ "--ca", &s->ca }, { "--policies", &s->policies },
		{ "--memory", &s->memory }
	};
	const struct { const char *name; double *seconds; } times[] = {
		{ "--timeout", &s->timeout }, { "--poll", &s->poll },
		{ "--retry", &s->retry }, { "--retry-max", &s->retry_max },
		{ "--give-up", &s->give_up }
	};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (strcmp(name, texts[i].name) == 0) {
			*texts[i].text = value;
			return 1;
		}
	for (i = 0; i < sizeof times / sizeof times[0]; i++)
		if (strcmp(name, times[i].name) == 0)
			return read_seconds(value, times[i].seconds);
	if (strcmp(name, "--self") == 0)
		return read_self(s, value);
	if (strcmp(name, "--port") == 0)
		return read_number(value, &s->port);
	return strcmp(name, "--processes") == 0 &&
		read_number(value, &s->processes);
}

int settings_read(struct settings *s, int argc, char **argv)
{
	const struct { const char *name; int *flag; } flags[] = {
		{ "--once", &s->once }, { "--dane", &s->dane },
		{ "--allow-loopback", &s->loopback }, { "--trace", &s->trace }
	};
	const size_t count = sizeof flags / sizeof flags[0];
	size_t k;
	int i;

	for (i = 0; i < argc; i++) {
		for (k = 0; k < count; k++)
			if (strcmp(argv[i], flags[k].name) == 0)
				break;
		if (k < count)
			*flags[k].flag = 1;
		else if (i + 1 < argc && read_option(s, argv[i], argv[i + 1]))
			i++;
		else
			return 0;
	}
	return s->server == NULL || s->zone == NULL;
}
