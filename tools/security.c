/*
 * What the command line says of the security of hosts. A policy is read once
 * and counts as fetched now, so its time never ends. May use the public
 * headers.
 */
#include "security.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "complain.h"
#include "file.h"

/* More than any policy has: the library says then that it is too much. */
#define POLICY_READ_MAX ((size_t)1 << 20)

/* Seconds of no clock: all that is done here is done at once. */
#define NOW 0

static int refuse(const struct settings *s, const char *why)
{
	complain("--sts-policy", s->sts, why,
		"see RFC 8461, section 3.2 for how it is written");
	return EX_USAGE;
}

/* "line 3: ...", of a sentence without its full stop. */
static int refuse_line(const struct settings *s, size_t line, const char *why)
{
	int length = (int)strcspn(why, ".");
	char text[200];

	if (line == 0)
		snprintf(text, sizeof(text), "%.*s", length, why);
	else
		snprintf(text, sizeof(text), "line %zu: %.*s", line, length,
			why);
	return refuse(s, text);
}

static int open_policy(struct security *sec, const struct settings *s)
{
	const char *why = "";
	size_t line = 0;
	int r;

	sec->policy = file_read(s->sts, POLICY_READ_MAX, &sec->size);
	if (sec->policy == NULL && errno == ENOMEM)
		return complain_error("--sts-policy", s->sts, MXSEL_ENOMEM,
			EX_TEMPFAIL);
	if (sec->policy == NULL)
		return complain_system("--sts-policy", s->sts, errno,
			EX_USAGE);
	r = mxsel_sts_check(sec->policy, sec->size, &line, &why);
	if (r == 0)
		return 0;
	return r == MXSEL_ESYNTAX || (r == MXSEL_ELIMIT && *why != '\0') ?
		refuse_line(s, line, why) :
		complain_error("--sts-policy", s->sts, r, EX_USAGE);
}

int security_open(struct security *sec, const struct settings *s)
{
	memset(sec, 0, sizeof(*sec));
	sec->tls = s->tls;
	return s->sts != NULL ? open_policy(sec, s) : 0;
}

int security_policy(const struct security *sec, mxsel_sts **policy,
	const char *domain)
{
	int r = MXSEL_ESYNTAX;

	*policy = NULL;
	if (sec->policy != NULL)
		r = mxsel_sts_new(policy, domain, sec->policy, sec->size, NOW);
	return r == MXSEL_ESYNTAX ? 0 : r;
}

int security_use(const struct security *sec, mxsel *m)
{
	mxsel_sts *policy;
	int r = mxsel_set_tls(m, sec->tls);

	if (r != 0 || sec->policy == NULL)
		return r;
	r = security_policy(sec, &policy, mxsel_original_domain(m));
	if (policy == NULL)
		return r; /* an address has no policy */
	r = mxsel_set_sts(m, policy, NOW);
	mxsel_sts_free(policy);
	/* With a max_age of 0 it never counts (RFC 8461 3.2). */
	return r == MXSEL_ERANGE ? 0 : r;
}

void security_close(struct security *sec)
{
	free(sec->policy);
	memset(sec, 0, sizeof(*sec));
}
