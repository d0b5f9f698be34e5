/*
 * NULL for every function of <mxsel/ldns.h>, <mxsel/idn2.h>,
 * <mxsel/unbound.h> and <mxsel/redis.h>: F100. May use host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <limits.h>

#include <mxsel/idn2.h>
#include <mxsel/redis.h>
#include <mxsel/unbound.h>

#include "faults/api.h"
#include "faults/host_judge.h"

static void ldns_of_nobody(void)
{
	static const char *const files[1] = { NULL };
	mxsel_resolver *r = NULL;
	mxsel *m = NULL;

	USAGE(mxsel_ldns_new, (NULL, ""));
	USAGE(mxsel_ldns_add_server, (NULL, "::1"));
	USAGE(mxsel_ldns_set_query_time, (NULL, 1));
	USAGE(mxsel_ldns_set_mix_case, (NULL, 1));
	USAGE(mxsel_ldns_set_trust_ad, (NULL, 1));
	ZERO(mxsel_ldns_trusts_ad, (NULL));
	USAGE(mxsel_ldns_select, (NULL, "a", "::1"));
	USAGE(mxsel_ldns_select, (&m, NULL, "::1"));
	ZERO(mxsel_ldns_statistic, (NULL, 0));
	SURVIVES(mxsel_ldns_clock, (NULL));
	SURVIVES(mxsel_ldns_time_of_day, (NULL));
	USAGE(mxsel_ldns_zone_new, (NULL, files, 1));
	USAGE(mxsel_ldns_zone_new, (&r, NULL, 1));
	USAGE(mxsel_ldns_zone_new, (&r, files, 0));
	USAGE(mxsel_ldns_zone_new, (&r, files, 1));
	USAGE(mxsel_ldns_zone_text_new, (NULL, ""));
	USAGE(mxsel_ldns_zone_text_new, (&r, NULL));
	USAGE(mxsel_ldns_add_interfaces, (NULL));
	EXPECT(r == NULL && m == NULL);
}

static void ldns_of_nothing(void)
{
	mxsel_resolver *r;

	EXPECT(mxsel_ldns_new(&r, "") == 0);
	USAGE(mxsel_ldns_add_server, (r, NULL));
	GIVES(mxsel_ldns_add_server, (r, ""), MXSEL_ESYNTAX);
	GIVES(mxsel_ldns_add_server, (r, "127.0.0.1@0"), MXSEL_ESYNTAX);
	GIVES(mxsel_ldns_set_query_time, (r, 0), MXSEL_ERANGE);
	GIVES(mxsel_ldns_set_mix_case, (r, 2), MXSEL_ERANGE);
	GIVES(mxsel_ldns_set_trust_ad, (r, -2), MXSEL_ERANGE);
	ZERO(mxsel_ldns_statistic, (r, -1));
	ZERO(mxsel_ldns_statistic, (r, INT_MAX));
	mxsel_resolver_free(r);
	EXPECT(mxsel_ldns_zone_text_new(&r, ". SOA a b 1 2 3 4 5\n") == 0);
	USAGE(mxsel_ldns_add_server, (r, "::1")); /* another's resolver */
	USAGE(mxsel_ldns_set_query_time, (r, 1));
	mxsel_resolver_free(r);
}

static void engine_of_nobody(void)
{
	mxsel_engine *e = NULL;
	mxsel *m;

	EXPECT(mxsel_new(&m, "example.com", NULL) == 0);
	USAGE(mxsel_engine_new, (NULL, ""));
	USAGE(mxsel_engine_add_server, (NULL, "::1"));
	USAGE(mxsel_engine_set, (NULL, MXSEL_ENGINE_IN_FLIGHT, 1));
	USAGE(mxsel_engine_next, (NULL, m));
	NOTHING(mxsel_engine_ready, (NULL));
	USAGE(mxsel_engine_cancel, (NULL, m));
	GIVES(mxsel_engine_fd, (NULL), -1);
	GIVES(mxsel_engine_timeout, (NULL), -1);
	USAGE(mxsel_engine_process, (NULL));
	USAGE(mxsel_engine_wait, (NULL, 0));
	ZERO(mxsel_engine_count, (NULL));
	ZERO(mxsel_engine_queued, (NULL));
	ZERO(mxsel_engine_statistic, (NULL, 0));
	SURVIVES(mxsel_engine_free, (NULL));
	EXPECT(mxsel_engine_new(&e, "") == 0);
	USAGE(mxsel_engine_add_server, (e, NULL));
	GIVES(mxsel_engine_add_server, (e, "x"), MXSEL_ESYNTAX);
	GIVES(mxsel_engine_set, (e, 0, 1), MXSEL_ERANGE);
	USAGE(mxsel_engine_next, (e, NULL));
	USAGE(mxsel_engine_cancel, (e, NULL));
	ZERO(mxsel_engine_cancel, (e, m));
	ZERO(mxsel_engine_statistic, (e, INT_MIN));
	ZERO(mxsel_engine_wait, (e, INT_MIN));
	mxsel_engine_free(e);
	mxsel_free(m);
}

#ifdef HAVE_IDN2
static void idn2(void)
{
	char out[254];
	size_t size = sizeof out;

	USAGE(mxsel_idn2_use, (NULL));
	USAGE(mxsel_idn2_to_ascii, (NULL, 1, out, NULL));
	USAGE(mxsel_idn2_to_ascii, ("a", 1, NULL, NULL));
	GIVES(mxsel_idn2_to_ascii, ("\xff", 1, out, NULL), MXSEL_ESYNTAX);
	GIVES(mxsel_idn2_to_ascii, ("", 0, out, NULL), MXSEL_ESYNTAX);
	USAGE(mxsel_idn2_to_display, (NULL, out, &size));
	USAGE(mxsel_idn2_to_display, ("a", NULL, NULL));
	USAGE(mxsel_idn2_to_display, ("a", out, NULL));
	size = 0;
	GIVES(mxsel_idn2_to_display, ("a", out, &size), MXSEL_ESPACE);
}
#endif

#ifdef HAVE_UNBOUND
static void unbound_of_nobody(void)
{
	mxsel *m;

	EXPECT(mxsel_new(&m, "example.com", NULL) == 0);
	USAGE(mxsel_unbound_new, (NULL));
	USAGE(mxsel_unbound_add_anchor, (NULL, "a"));
	USAGE(mxsel_unbound_add_anchor_file, (NULL, "a"));
	USAGE(mxsel_unbound_add_server, (NULL, "::1"));
	USAGE(mxsel_unbound_add_stub, (NULL, "a", "::1"));
	USAGE(mxsel_unbound_set_option, (NULL, "verbosity:", "0"));
	USAGE(mxsel_unbound_set_query_time, (NULL, 1));
	NOTHING(mxsel_unbound_resolver, (NULL));
	USAGE(mxsel_unbound_next, (NULL, m));
	NOTHING(mxsel_unbound_ready, (NULL));
	GIVES(mxsel_unbound_fd, (NULL), -1);
	GIVES(mxsel_unbound_timeout, (NULL), -1);
	USAGE(mxsel_unbound_process, (NULL));
	USAGE(mxsel_unbound_wait, (NULL, 0));
	USAGE(mxsel_unbound_cancel, (NULL, m));
	SURVIVES(mxsel_unbound_free, (NULL));
	mxsel_free(m);
}

static void unbound_of_nothing(void)
{
	mxsel_unbound *u;

	EXPECT(mxsel_unbound_new(&u) == 0);
	USAGE(mxsel_unbound_add_anchor, (u, NULL));
	GIVES(mxsel_unbound_add_anchor, (u, "no anchor"), MXSEL_ESYNTAX);
	USAGE(mxsel_unbound_add_anchor_file, (u, NULL));
	GIVES(mxsel_unbound_add_anchor_file, (u, "/nowhere/at/all"),
		MXSEL_EFILE);
	USAGE(mxsel_unbound_add_server, (u, NULL));
	GIVES(mxsel_unbound_add_server, (u, "x"), MXSEL_ESYNTAX);
	USAGE(mxsel_unbound_add_stub, (u, NULL, "::1"));
	USAGE(mxsel_unbound_add_stub, (u, "a", NULL));
	USAGE(mxsel_unbound_set_option, (u, NULL, "0"));
	USAGE(mxsel_unbound_set_option, (u, "verbosity:", NULL));
	GIVES(mxsel_unbound_set_option, (u, "no-option:", "0"),
		MXSEL_ESYNTAX);
	GIVES(mxsel_unbound_set_query_time, (u, 0), MXSEL_ERANGE);
	USAGE(mxsel_unbound_next, (u, NULL));
	USAGE(mxsel_unbound_cancel, (u, NULL));
	NOTHING(mxsel_unbound_ready, (u));
	mxsel_unbound_free(u);
}
#endif

#ifdef HAVE_REDIS
static void redis_of_nobody(void)
{
	char text[8];

	USAGE(mxsel_redis_new, (NULL, "a"));
	USAGE(mxsel_redis_set, (NULL, MXSEL_REDIS_KEEP, 60));
	USAGE(mxsel_redis_set_login, (NULL, "a", "b"));
	USAGE(mxsel_redis_set_prefix, (NULL, "a"));
	NOTHING(mxsel_redis_store, (NULL));
	ZERO(mxsel_redis_statistic, (NULL, MXSEL_REDIS_GETS));
	NO_TEXT(mxsel_redis_error, (NULL, text, sizeof text));
	USAGE(mxsel_redis_flush, (NULL, 0));
	SURVIVES(mxsel_redis_free, (NULL));
}

static void redis_of_nothing(void)
{
	mxsel_redis *r;

	USAGE(mxsel_redis_new, (&r, NULL));
	GIVES(mxsel_redis_new, (&r, "::1"), MXSEL_ESYNTAX);
	EXPECT(mxsel_redis_new(&r, "/nowhere/at/all") == 0);
	GIVES(mxsel_redis_set, (r, 0, 0), MXSEL_ERANGE);
	GIVES(mxsel_redis_set, (r, MXSEL_REDIS_KEEP, 59), MXSEL_ERANGE);
	USAGE(mxsel_redis_set_prefix, (r, NULL));
	GIVES(mxsel_redis_set_prefix, (r, "a b"), MXSEL_ESYNTAX);
	ZERO(mxsel_redis_set_login, (r, "a", NULL));
	ZERO(mxsel_redis_statistic, (r, -1));
	NO_TEXT(mxsel_redis_error, (r, NULL, 1));
	ZERO(mxsel_redis_flush, (r, 0));
	mxsel_redis_free(r);
}
#endif

void api_null_adapters(void)
{
	ldns_of_nobody();
	ldns_of_nothing();
	engine_of_nobody();
#ifdef HAVE_IDN2
	idn2();
#endif
#ifdef HAVE_UNBOUND
	unbound_of_nobody();
	unbound_of_nothing();
#endif
#ifdef HAVE_REDIS
	redis_of_nobody();
	redis_of_nothing();
#endif
}
