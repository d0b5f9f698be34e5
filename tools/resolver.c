/*
 * Who answers the questions of a run: name servers, libunbound with a trust
 * anchor, master files, or the built-in zone. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "resolver.h"

#include <sysexits.h>

#include <mxsel/ldns.h>

#include "bulk.h"
#include "demo_zone.h"

/* For people only: a script is told in each answer why a host has no DANE. */
static void say_whom_not_to_trust(const struct settings *s)
{
	if (!s->dane || s->validates || s->json || s->dot || s->quiet ||
	    s->command == SETTINGS_LINT)
		return;
	settings_complain("--dane", NULL, "what these name servers say of "
		"DNSSEC does not count, so no host is reached by DANE; use "
		"--anchor FILE, or --trust-ad if they are your own");
}

static int open_servers(mxsel_resolver **r, struct settings *s)
{
	int error = mxsel_ldns_new(r, s->server_count > 0 ? "" : NULL);
	size_t i;

	if (error != 0)
		return settings_fail("cannot use the name servers of",
			"/etc/resolv.conf", error, EX_TEMPFAIL);
	for (i = 0; i < s->server_count; i++) {
		error = mxsel_ldns_add_server(*r, s->servers[i]);
		if (error != 0)
			return settings_fail("--server", s->servers[i], error,
				EX_USAGE);
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
			return settings_fail("--anchor", s->anchors[i], error,
				EX_USAGE);
	}
	for (i = 0; i < s->server_count; i++) {
		error = mxsel_unbound_add_server(u, s->servers[i]);
		if (error != 0)
			return settings_fail("--server", s->servers[i], error,
				EX_USAGE);
	}
	if (s->mix_case)
		error = mxsel_unbound_set_option(u, "use-caps-for-id:", "yes");
	return error != 0 ? settings_fail("--mix-case", NULL, error,
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
			return settings_fail("--zone", s->zones[i], error,
				EX_USAGE);
	}
	return settings_fail("--zone", NULL, error, EX_USAGE);
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
	return error != 0 ? settings_fail("--demo", NULL, error,
		EX_SOFTWARE) : 0;
}

static int use(const struct settings *s, mxsel_resolver *r)
{
	int error = mxsel_options_set_resolver(s->options, r);

	return error != 0 ? settings_fail("resolver", NULL, error,
		EX_SOFTWARE) : 0;
}

int resolver_validator(mxsel_unbound **u, const struct settings *s)
{
#ifdef HAVE_UNBOUND
	int error = mxsel_unbound_new(u);

	return error != 0 ? settings_fail("--anchor", NULL, error,
		EX_TEMPFAIL) : set_up_validator(*u, s);
#else
	*u = NULL;
	settings_complain("--anchor", s->anchors[0],
		"this mxsel was built without libunbound");
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
