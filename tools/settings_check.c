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
	char why[80];

	if (name == NULL)
		return 0;
	if (help_find(name, strlen(name))->commands == OF_BULK) {
		snprintf(why, sizeof(why), "--%s goes with 'mxsel bulk' only",
			name);
		return refuse(why, "use 'mxsel bulk', or leave it out");
	}
	snprintf(why, sizeof(why), "'mxsel %s' has no use for --%s",
		settings_command_word(s->command), name);
	return refuse(why, "leave it out, or use 'mxsel plan'");
}

static int check_destinations(const struct settings *s)
{
	if (s->command == SETTINGS_BULK && s->destination_count > 0)
		return refuse("bulk reads its destinations from standard "
			"input, one a line", "write 'mxsel bulk < FILE'");
	if (s->command != SETTINGS_BULK && s->destination_count == 0 &&
	    !s->demo)
		return refuse("no destination is given", "give one, as in "
			"'mxsel example.com', or see mxsel --help");
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
		status = check_security(s);
	if (status == 0)
		status = check_command(s);
	return status != 0 ? status : check_destinations(s);
}
