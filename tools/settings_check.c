/*
 * What only the whole command line can tell: options that exclude each other,
 * or that are of another command. May use the public headers.
 */
#include "settings_check.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <mxsel/security.h>

#include "complain.h"
#include "help.h"

static int refuse(const char *why, const char *next)
{
	complain(NULL, NULL, why, next);
	return EX_USAGE;
}

/* How securely hosts must be reached, and who knows of DNSSEC. */
static int check_security(const struct settings *s)
{
	if (s->tls_differs)
		return refuse("only one of --requiretls and --tls-optional "
			"can be asked for", "leave one of them out");
	if (s->tls != MXSEL_TLS_BY_POLICY && s->command == SETTINGS_LINT)
		return refuse("--requiretls and --tls-optional are of a "
			"message, not of a domain",
			"leave them out, or use 'mxsel plan'");
	if (s->sts != NULL && s->command == SETTINGS_BULK)
		return refuse("--sts-policy is the policy of one domain, and "
			"bulk has many", "use it with 'mxsel plan', "
			"'mxsel explain' or 'mxsel lint'");
	if (s->anchor_count == 0)
		return 0;
	if (s->zone_count > 0 || s->demo || s->replay != NULL)
		return refuse("--anchor goes with name servers, not with "
			"--zone, --demo and --replay",
			"leave --anchor or the other one out");
	return s->trust_ad == 1 ? refuse("only one of --anchor and "
		"--trust-ad can be believed", "leave one of them out") : 0;
}

/* Whatever the checks before have not said better. */
static int check_command(const struct settings *s)
{
	const char *name = s->strange[s->command];
	const char *word;
	char why[80], next[80];
	int of;

	if (name == NULL)
		return 0;
	of = help_find(name, strlen(name))->commands;
	if (of == OF_BULK || of == OF_MEMORY) {
		word = settings_command_word(of == OF_BULK ? SETTINGS_BULK :
			SETTINGS_MEMORY);
		snprintf(why, sizeof(why), "--%s goes with 'mxsel %s' only",
			name, word);
		snprintf(next, sizeof(next), "use 'mxsel %s', or leave it out",
			word);
		return refuse(why, next);
	}
	if (s->command == SETTINGS_MEMORY && s->memory != NULL)
		return refuse("'mxsel memory' reads one file, without "
			"--memory", "write 'mxsel memory FILE'");
	snprintf(why, sizeof(why), "'mxsel %s' has no use for --%s",
		settings_command_word(s->command), name);
	return refuse(why, "leave it out, or use 'mxsel plan'");
}

/* What mxsel memory is about: a file and names of it, or names. */
static int check_names(const struct settings *s)
{
	size_t names = s->destination_count;

	if (s->store == NULL && names == 0)
		return refuse("no file is given", "write 'mxsel memory FILE', "
			"or 'mxsel memory --store SERVER NAME'");
	names -= s->store == NULL;
	if (s->forgets_all && (s->store != NULL || s->forget_count > 0))
		return refuse(s->store != NULL ? "a cluster is not made to "
			"forget all: --forget-all is of a file" : "only one "
			"of --forget and --forget-all can be done",
			s->store != NULL ? "use --forget NAME" :
			"leave one of them out");
	if (names > 0 && (s->forgets_all || s->forget_count > 0))
		return refuse("what is forgotten is not shown",
			"leave the names, or --forget and --forget-all, out");
	if (s->store != NULL && names == 0 && s->forget_count == 0)
		return refuse("a cluster is asked for names, not for all that "
			"it knows", "write 'mxsel memory --store SERVER "
			"NAME'");
	return 0;
}

static int check_destinations(const struct settings *s)
{
	if (s->command == SETTINGS_MEMORY)
		return check_names(s);
	if (s->command == SETTINGS_BULK && s->destination_count > 0)
		return refuse("bulk reads its destinations from standard "
			"input, one a line", "write 'mxsel bulk < FILE'");
	if (s->command != SETTINGS_BULK && s->destination_count == 0 &&
	    !s->demo)
		return refuse("no destination is given", "give one, as in "
			"'mxsel example.com', or see mxsel --help");
	return 0;
}

/* How hosts behaved; a record has that in it. */
static int check_memory(const struct settings *s)
{
	if (s->replay != NULL && (s->memory != NULL || s->store != NULL))
		return refuse("--memory and --store do not go with --replay: "
			"the record says how hosts behaved",
			"leave them or --replay out");
	if (s->store_login != NULL && s->store == NULL)
		return refuse("--store-login is of the server of --store",
			"give --store SERVER too, or leave it out");
	return 0;
}

static int check_record(const struct settings *s)
{
	if (s->record == NULL && s->replay == NULL)
		return 0;
	if (s->command != SETTINGS_PLAN && s->command != SETTINGS_EXPLAIN)
		return refuse("--record and --replay go with 'mxsel plan' and "
			"'mxsel explain'", "use one of these, or leave "
			"--record and --replay out");
	return 0;
}

/* What is printed. */
static int check_output(const struct settings *s)
{
	if (s->dot && s->command != SETTINGS_EXPLAIN)
		return refuse("--dot goes with 'mxsel explain'",
			"use 'mxsel explain --dot', or leave --dot out");
	if (s->has_keys && s->command != SETTINGS_BULK &&
	    (!s->json || s->command == SETTINGS_LINT))
		return refuse("--fields goes with 'mxsel bulk', and with the "
			"--json of 'mxsel plan' and 'mxsel explain'",
			s->command == SETTINGS_LINT ? "leave --fields out" :
			"add --json");
	return s->dot && s->json ? refuse("only one of --dot and --json can "
		"be printed", "leave one of them out") : 0;
}

int settings_check(const struct settings *s)
{
	int sources = (s->server_count > 0) + (s->zone_count > 0) + s->demo +
		(s->replay != NULL);
	int status;

	if (sources > 1)
		return refuse("only one of --server, --zone, --demo and "
			"--replay can answer the questions",
			"keep one of them");
	status = check_output(s);
	if (status == 0)
		status = check_record(s);
	if (status == 0)
		status = check_memory(s);
	if (status == 0)
		status = check_security(s);
	if (status == 0)
		status = check_command(s);
	return status != 0 ? status : check_destinations(s);
}
