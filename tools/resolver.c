/*
 * Who answers the questions of a run: name servers, libunbound with a trust
 * anchor, master files, or the built-in zone. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "resolver.h"

#include <sysexits.h>

#include <mxsel/ldns.h>

#include "bulk.h"
#include "complain.h"
#include "demo_zone.h"
#include "file.h"

/* For people only: a script is told in each answer why a host has no DANE. */
static void say_whom_not_to_trust(const struct settings *s)
{
	if (!s->dane || s->validates || s->json || s->dot || s->quiet ||
	    s->command == SETTINGS_LINT)
		return;
	complain("--dane", NULL, "what these name servers say of DNSSEC does "
		"not count, so no host is reached by DANE",
		"use --anchor FILE, or --trust-ad if they are your own");
}

int resolver_refuse_system(int error)
{
	if (error == MXSEL_ENOMEM)
		return complain_error("name servers", NULL, error,
			EX_TEMPFAIL);
	complain("cannot use the name servers of", "/etc/resolv.conf",
		mxsel_strerror(error), "name one with --server ADDR");
	return EX_TEMPFAIL;
}

int resolver_refuse_server(const char *server, int error)
{
	if (error == MXSEL_ENOMEM)
		return complain_error("--server", server, error, EX_TEMPFAIL);
	complain("--server", server, mxsel_strerror(error),
		"it takes an IP address, with @PORT where that is not 53");
	return EX_USAGE;
}

/* Why the library did not take this file: the system, or what is in it. */
static int refuse_file(const char *option, const char *name, int error,
	const char *why, const char *next)
{
	int reason;

	if (error == MXSEL_ENOMEM)
		return complain_error(option, name, error, EX_TEMPFAIL);
	reason = file_error(name);
	if (reason != 0)
		return complain_system(option, name, reason, EX_USAGE);
	complain(option, name, why, next);
	return EX_USAGE;
}

static int open_servers(mxsel_resolver **r, struct settings *s)
{
	int error = mxsel_ldns_new(r, s->server_count > 0 ? "" : NULL);
	size_t i;

	if (error != 0)
		return resolver_refuse_system(error);
	for (i = 0; i < s->server_count; i++) {
		error = mxsel_ldns_add_server(*r, s->servers[i]);
		if (error != 0)
			return resolver_refuse_server(s->servers[i], error);
	}
	mxsel_ldns_set_mix_case(*r, s->mix_case);
	mxsel_ldns_set_trust_ad(*r, s->trust_ad);
	s->validates = mxsel_ldns_trusts_ad(*r);
	say_whom_not_to_trust(s);
	return 0;
}

#ifdef HAVE_UNBOUND
/* Which option had a value that is no good? 0, or the exit status. */
static int set_up_validator(mxsel_unbound *u, const struct settings *s)
{
	int error = 0;
	size_t i;

	for (i = 0; i < s->anchor_count; i++) {
		error = mxsel_unbound_add_anchor_file(u, s->anchors[i]);
		if (error != 0)
			return refuse_file("--anchor", s->anchors[i], error,
				"there is no DS or DNSKEY record in it that "
				"can be used",
				"write one, as unbound-anchor does");
	}
	for (i = 0; i < s->server_count; i++) {
		error = mxsel_unbound_add_server(u, s->servers[i]);
		if (error != 0)
			return resolver_refuse_server(s->servers[i], error);
	}
	if (s->mix_case)
		error = mxsel_unbound_set_option(u, "use-caps-for-id:", "yes");
	return error != 0 ? complain_error("--mix-case", NULL, error,
		EX_SOFTWARE) : 0;
}

#endif

/* Which of the files is to blame? One by one, until one fails alone. */
static int complain_zone(const struct settings *s, int error)
{
	mxsel_resolver *r;
	size_t i;

	for (i = 0; i < s->zone_count; i++) {
		r = NULL;
		error = mxsel_ldns_zone_new(&r, &s->zones[i], 1);
		mxsel_resolver_free(r);
		if (error != 0)
			return refuse_file("--zone", s->zones[i], error,
				"this is no zone (RFC 1035, section 5)",
				"see what ldns-read-zone says of it");
	}
	return complain_error("--zone", NULL, error, EX_USAGE);
}

static int open_zones(mxsel_resolver **r, const struct settings *s)
{
	int error = mxsel_ldns_zone_new(r, s->zones, s->zone_count);

	return error != 0 ? complain_zone(s, error) : 0;
}

/* The built-in zone, and what it calls this machine. */
static int open_demo(mxsel_resolver **r, const struct settings *s)
{
	int error = mxsel_ldns_zone_text_new(r, demo_zone_text);

	if (error == 0 && s->self_count == 0 && !s->self_interfaces)
		error = mxsel_options_add_self_name(s->options,
			demo_zone_self);
	return error != 0 ? complain_error("--demo", NULL, error,
		EX_SOFTWARE) : 0;
}

static int use(const struct settings *s, mxsel_resolver *r)
{
	int error = mxsel_options_set_resolver(s->options, r);

	return error != 0 ? complain_error("resolver", NULL, error,
		EX_SOFTWARE) : 0;
}

int resolver_validator(mxsel_unbound **u, const struct settings *s)
{
#ifdef HAVE_UNBOUND
	int error = mxsel_unbound_new(u);

	return error != 0 ? complain_error("--anchor", NULL, error,
		EX_TEMPFAIL) : set_up_validator(*u, s);
#else
	*u = NULL;
	complain("--anchor", s->anchors[0],
		"this mxsel was built without libunbound",
		"build it with libunbound, or use --trust-ad");
	return EX_USAGE;
#endif
}

/* The options keep it alive. */
static int open_validator(struct settings *s)
{
	mxsel_unbound *u = NULL;
	int status = resolver_validator(&u, s);

#ifdef HAVE_UNBOUND
	if (status == 0)
		status = use(s, mxsel_unbound_resolver(u));
	mxsel_unbound_free(u);
#endif
	s->validates = 1;
	return status;
}

int resolver_open(struct settings *s)
{
	mxsel_resolver *r = NULL;
	int status;

	if (s->replay != NULL || bulk_asks_servers(s))
		return 0;
	if (s->anchor_count > 0)
		return open_validator(s);
	if (s->demo)
		status = open_demo(&r, s);
	else if (s->zone_count > 0)
		status = open_zones(&r, s);
	else
		status = open_servers(&r, s);
	if (status == 0)
		status = use(s, r);
	mxsel_resolver_free(r);
	return status;
}
