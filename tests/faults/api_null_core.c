/*
 * NULL for every function of <mxsel/mxsel.h> and <mxsel/cache.h>: F100. May
 * use host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <limits.h>
#include <string.h>

#include <mxsel/cache.h>

#include "faults/api.h"
#include "faults/host_judge.h"

static void *allocate(void *pointer, size_t size, void *user)
{
	(void)pointer;
	(void)size;
	(void)user;
	return NULL;
}

static void cancelled(mxsel_query *q, void *user)
{
	(void)q;
	(void)user;
}

static void numbers_and_names(void)
{
	static const int none[] = { INT_MIN, -13, -1, 300, INT_MAX };
	size_t i;

	EXPECT(strlen(mxsel_version()) > 0);
	api_called("mxsel_version");
	for (i = 0; i < sizeof none / sizeof *none; i++) {
		EXPECT(strlen(mxsel_strerror(none[i])) > 0);
		NOTHING(mxsel_reason_name, (none[i]));
		NOTHING(mxsel_reject_name, (none[i]));
		NOTHING(mxsel_reject_rule, (none[i]));
		NOTHING(mxsel_trace_name, (none[i]));
		NOTHING(mxsel_option_name, (none[i]));
		NOTHING(mxsel_action_name, (none[i]));
		NOTHING(mxsel_source_name, (none[i]));
		NOTHING(mxsel_outcome_name, (none[i]));
		NOTHING(mxsel_flag_name, ((uint32_t)none[i]));
	}
	NOTHING(mxsel_flag_name, (0));
	NOTHING(mxsel_flag_name, (3));
	api_called("mxsel_strerror");
}

static void options_of_nobody(void)
{
	mxsel_options *o = NULL;

	USAGE(mxsel_options_new, (NULL));
	USAGE(mxsel_options_new_with_allocator, (NULL, allocate, NULL));
	USAGE(mxsel_options_new_with_allocator, (&o, NULL, NULL));
	GIVES(mxsel_options_new_with_allocator, (&o, allocate, NULL),
		MXSEL_ENOMEM);
	USAGE(mxsel_options_copy, (NULL, NULL));
	USAGE(mxsel_options_copy, (&o, NULL));
	SURVIVES(mxsel_options_free, (NULL));
	USAGE(mxsel_options_set, (NULL, MXSEL_OPT_PORT, 25));
	USAGE(mxsel_options_get, (NULL, MXSEL_OPT_PORT));
	USAGE(mxsel_options_set_seed, (NULL, 1));
	USAGE(mxsel_options_set_resolver, (NULL, NULL));
	USAGE(mxsel_options_set_cache, (NULL, NULL));
	USAGE(mxsel_options_add_self_name, (NULL, "a"));
	USAGE(mxsel_options_add_self_address, (NULL, "::1"));
	USAGE(mxsel_options_allow_network, (NULL, "::/0"));
	USAGE(mxsel_options_add_nat64, (NULL, "2001:db8::/96"));
	USAGE(mxsel_options_refuse_exchange, (NULL, "a", 550, NULL, NULL));
	USAGE(mxsel_options_set_rank, (NULL, NULL, NULL));
	USAGE(mxsel_options_set_idn, (NULL, NULL, NULL));
	USAGE(mxsel_options_set_recorder, (NULL, NULL, NULL));
}

static void options_of_nothing(void)
{
	mxsel_options *o, *copy = NULL;

	EXPECT(mxsel_options_new(&o) == 0);
	USAGE(mxsel_options_copy, (NULL, o));
	USAGE(mxsel_options_add_self_name, (o, NULL));
	USAGE(mxsel_options_add_self_address, (o, NULL));
	USAGE(mxsel_options_allow_network, (o, NULL));
	USAGE(mxsel_options_add_nat64, (o, NULL));
	USAGE(mxsel_options_refuse_exchange, (o, NULL, 550, NULL, NULL));
	GIVES(mxsel_options_set, (o, 0, 1), MXSEL_ERANGE);
	GIVES(mxsel_options_set, (o, MXSEL_OPT_PORT, 0), MXSEL_ERANGE);
	GIVES(mxsel_options_get, (o, INT_MAX), MXSEL_ERANGE);
	GIVES(mxsel_options_add_self_name, (o, ""), MXSEL_ESYNTAX);
	GIVES(mxsel_options_add_self_address, (o, "127.1"), MXSEL_ESYNTAX);
	GIVES(mxsel_options_allow_network, (o, "1.2.3.4/8"), MXSEL_ESYNTAX);
	GIVES(mxsel_options_add_nat64, (o, "2001:db8::/33"), MXSEL_ESYNTAX);
	GIVES(mxsel_options_refuse_exchange, (o, "", 550, NULL, NULL),
		MXSEL_ESYNTAX);
	GIVES(mxsel_options_refuse_exchange, (o, "a", 250, NULL, NULL),
		MXSEL_ERANGE);
	ZERO(mxsel_options_set_resolver, (o, NULL));
	ZERO(mxsel_options_set_cache, (o, NULL));
	ZERO(mxsel_options_set_rank, (o, NULL, NULL));
	ZERO(mxsel_options_set_idn, (o, NULL, NULL));
	ZERO(mxsel_options_set_recorder, (o, NULL, NULL));
	EXPECT(mxsel_options_copy(&copy, o) == 0);
	mxsel_options_free(copy);
	mxsel_options_free(o);
}

static void selection_of_nobody(void)
{
	uint8_t bytes[8];
	size_t size = sizeof bytes;
	mxsel *m = NULL;

	USAGE(mxsel_new, (NULL, "example.com", NULL));
	USAGE(mxsel_new, (&m, NULL, NULL));
	USAGE(mxsel_new_bytes, (NULL, "a", 1, NULL));
	USAGE(mxsel_new_bytes, (&m, NULL, 1, NULL));
	USAGE(mxsel_reset_bytes, (NULL, "a", 1));
	USAGE(mxsel_reset, (NULL, "a"));
	USAGE(mxsel_set_cancel, (NULL, cancelled, NULL));
	NOTHING(mxsel_cancel_user, (NULL, cancelled));
	USAGE(mxsel_set_user, (NULL, NULL));
	NOTHING(mxsel_user, (NULL));
	SURVIVES(mxsel_free, (NULL));
	USAGE(mxsel_next, (NULL));
	USAGE(mxsel_next_host, (NULL));
	USAGE(mxsel_rewind, (NULL));
	USAGE(mxsel_save, (NULL, bytes, &size));
	USAGE(mxsel_resume, (NULL, bytes, 8, NULL));
	USAGE(mxsel_resume, (&m, NULL, 8, NULL));
	GIVES(mxsel_resume, (&m, bytes, 0, NULL), MXSEL_ESYNTAX);
	EXPECT(m == NULL);
}

static void accessors_of_nobody(void)
{
	uint64_t seed;

	NO_TEXT(mxsel_destination, (NULL));
	NO_TEXT(mxsel_original_domain, (NULL));
	NO_TEXT(mxsel_domain, (NULL));
	ZERO(mxsel_source, (NULL));
	ZERO(mxsel_is_secure, (NULL));
	ZERO(mxsel_flags, (NULL));
	SURVIVES(mxsel_ttl, (NULL));
	ZERO(mxsel_query_count, (NULL));
	USAGE(mxsel_seed, (NULL, &seed));
	NO_TEXT(mxsel_host_name, (NULL));
	NO_TEXT(mxsel_host_canonical, (NULL));
	GIVES(mxsel_host_preference, (NULL), -1);
	GIVES(mxsel_host_rank, (NULL), -1);
	ZERO(mxsel_host_source, (NULL));
	ZERO(mxsel_host_is_incomplete, (NULL));
	ZERO(mxsel_address_is_secure, (NULL));
	NO_TEXT(mxsel_address, (NULL));
	SURVIVES(mxsel_port, (NULL));
	EXPECT(mxsel_port(NULL) <= 0);
	USAGE(mxsel_sockaddr, (NULL, NULL, NULL));
	USAGE(mxsel_report, (NULL, MXSEL_OUTCOME_TIMEOUT, 0, NULL));
	ZERO(mxsel_verdict_action, (NULL));
	ZERO(mxsel_verdict_reason, (NULL));
	ZERO(mxsel_verdict_code, (NULL));
	NO_TEXT(mxsel_verdict_status, (NULL));
	NO_TEXT(mxsel_verdict_text, (NULL));
	NO_TEXT(mxsel_verdict_reply, (NULL));
	NO_TEXT(mxsel_verdict_host, (NULL));
	ZERO(mxsel_rejected_count, (NULL));
	USAGE(mxsel_rejected, (NULL, 0, NULL, NULL, NULL));
	ZERO(mxsel_trace_count, (NULL));
	USAGE(mxsel_trace_event, (NULL, 0, NULL, NULL, NULL, NULL));
	ZERO(mxsel_is_waiting, (NULL));
	SURVIVES(mxsel_time_left, (NULL));
	USAGE(mxsel_time_spent, (NULL, 1));
}

/* A selection that has nothing to tell yet, asked for everything. */
static void selection_of_nothing(void)
{
	size_t size = 0;
	mxsel *m;

	EXPECT(mxsel_new(&m, "example.com", NULL) == 0);
	USAGE(mxsel_reset, (m, NULL));
	USAGE(mxsel_next_host, (m));
	USAGE(mxsel_save, (m, NULL, NULL));
	GIVES(mxsel_save, (m, NULL, &size), MXSEL_ESPACE);
	USAGE(mxsel_seed, (m, NULL));
	NO_TEXT(mxsel_host_name, (m));
	NO_TEXT(mxsel_address, (m));
	USAGE(mxsel_sockaddr, (m, NULL, &size));
	USAGE(mxsel_sockaddr, (m, NULL, NULL));
	USAGE(mxsel_report, (m, MXSEL_OUTCOME_TIMEOUT, 0, NULL));
	GIVES(mxsel_rejected, (m, 0, NULL, NULL, NULL), MXSEL_ERANGE);
	GIVES(mxsel_trace_event, (m, 0, NULL, NULL, NULL, NULL),
		MXSEL_ERANGE);
	ZERO(mxsel_set_cancel, (m, NULL, NULL));
	NOTHING(mxsel_cancel_user, (m, NULL));
	NOTHING(mxsel_query_take, (m));
	EXPECT(mxsel_next(m) == MXSEL_LOOKUP);
	mxsel_free(m);
}

/* One that has reached an attempt. */
static void attempt_of_nothing(void)
{
	size_t size = 0;
	mxsel *m;

	EXPECT(mxsel_new(&m, "[192.0.2.1]", NULL) == 0);
	EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
	USAGE(mxsel_sockaddr, (m, NULL, NULL));
	GIVES(mxsel_sockaddr, (m, NULL, &size), MXSEL_ESPACE);
	GIVES(mxsel_report, (m, 0, 0, NULL), MXSEL_ERANGE);
	GIVES(mxsel_report, (m, MXSEL_OUTCOME_RCPT, 250, NULL), MXSEL_ERANGE);
	ZERO(mxsel_report, (m, MXSEL_OUTCOME_RCPT, 550, NULL));
	USAGE(mxsel_report, (m, MXSEL_OUTCOME_RCPT, 550, NULL));
	EXPECT(mxsel_next(m) == MXSEL_END);
	mxsel_free(m);
}

void api_null_core(void)
{
	numbers_and_names();
	options_of_nobody();
	options_of_nothing();
	selection_of_nobody();
	accessors_of_nobody();
	selection_of_nothing();
	attempt_of_nothing();
}
