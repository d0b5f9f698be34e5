/*
 * What a postmaster would say, for the numbers of the library. Pure ASCII, so
 * that it can be pasted into a ticket. May use the public headers.
 */
#include "phrases.h"

#include <string.h>

/* What a postmaster would say, by MXSEL_REJECT_*. */
static const char *const phrases[] = {
	[MXSEL_REJECT_BAD_NAME] = "not a host name",
	[MXSEL_REJECT_IS_ADDRESS] = "an address where a name belongs",
	[MXSEL_REJECT_NULL] = "\"no mail\" beside other exchangers",
	[MXSEL_REJECT_DUPLICATE] = "listed twice",
	[MXSEL_REJECT_SELF] = "this is ourselves",
	[MXSEL_REJECT_BEHIND_SELF] = "no better than ourselves",
	[MXSEL_REJECT_LIMIT] = "beyond a limit",
	[MXSEL_REJECT_NAME_FILTER] = "refused by name here",
	[MXSEL_REJECT_ALIAS] = "an alias, refused here",
	[MXSEL_REJECT_SPECIAL_USE] = "a special name, not in the DNS",
	[MXSEL_REJECT_NOT_FOUND] = "does not exist",
	[MXSEL_REJECT_NO_ADDRESS] = "has no address",
	[MXSEL_REJECT_DNS] = "no DNS answer for now",
	[MXSEL_REJECT_FAMILY_OFF] = "out of reach without the other IP version",
	[MXSEL_REJECT_ALIAS_LOOP] = "aliases in a circle or too many",
	[MXSEL_REJECT_UNSPECIFIED] = "unspecified address: ourselves",
	[MXSEL_REJECT_LOOPBACK] = "loopback address",
	[MXSEL_REJECT_LINK_LOCAL] = "link-local address",
	[MXSEL_REJECT_MULTICAST] = "multicast address",
	[MXSEL_REJECT_BROADCAST] = "broadcast address",
	[MXSEL_REJECT_RESERVED] = "reserved address",
	[MXSEL_REJECT_PRIVATE] = "private address, refused here",
	[MXSEL_REJECT_STS] = "not in the MTA-STS policy",
	[MXSEL_REJECT_TLSA] = "no answer about its TLSA records for now",
	[MXSEL_REJECT_INSECURE] = "not secured by DNSSEC, but the host is",
	[MXSEL_REJECT_REQUIRETLS] = "neither DNSSEC nor MTA-STS names it",
};

const char *phrase_reject(int reason)
{
	if (reason <= 0 ||
	    (size_t)reason >= sizeof(phrases) / sizeof(phrases[0]))
		return "not used";
	return phrases[reason] != NULL ? phrases[reason] : "not used";
}

int phrase_reject_number(const char *name)
{
	const char *known;
	int i;

	for (i = 1; (known = mxsel_reject_name(i)) != NULL; i++)
		if (strcmp(known, name) == 0)
			return i;
	return 0;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static const char *source_phrase(const struct plan *p)
{
	switch (mxsel_source(p->m)) {
	case MXSEL_SOURCE_MX:
		return "by MX";
	case MXSEL_SOURCE_IMPLICIT:
		return "no MX: the domain itself";
	case MXSEL_SOURCE_LITERAL:
		return "address literal";
	case MXSEL_SOURCE_STATIC:
		return "host given";
	default:
		return "";
	}
}

static void print_try(FILE *out, const struct plan *p, const char *on,
	const char *off)
{
	size_t count = p->address_count;

	fprintf(out, "%stry%s %zu host%s, %zu address%s (%s)", on, off,
		p->host_count, plural(p->host_count), count,
		count == 1 ? "" : "es", source_phrase(p));
	if (p->port != 25)
		fprintf(out, ", port %d", p->port);
}

void phrase_verdict(FILE *out, const struct plan *p, const char *on,
	const char *off)
{
	int bounce = mxsel_verdict_action(p->m) == MXSEL_ACTION_BOUNCE;

	fprintf(out, "%s%s%s %d %s (%s)", on, bounce ? "bounce" : "defer",
		off, mxsel_verdict_code(p->m), mxsel_verdict_status(p->m),
		mxsel_reason_name(mxsel_verdict_reason(p->m)));
}

void phrase_plan(FILE *out, const struct plan *p, const char *on,
	const char *off)
{
	if (plan_action(p) == MXSEL_ACTION_TRY)
		print_try(out, p, on, off);
	else
		phrase_verdict(out, p, on, off);
}

/* Is the domain what was typed, but for case and the final dot? */
int phrase_says_domain(const char *given, const char *domain)
{
	size_t i;

	for (i = 0; domain[i] != '\0'; i++) {
		int c = (unsigned char)given[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c != (unsigned char)domain[i])
			return 0;
	}
	return given[i] == '\0' || strcmp(given + i, ".") == 0;
}
