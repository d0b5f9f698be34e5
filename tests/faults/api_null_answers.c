/*
 * NULL for those who answer questions: queries, resolvers, caches, and the
 * functions of <mxsel/mock.h>. F100. May use host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <limits.h>

#include <mxsel/cache.h>
#include <mxsel/mock.h>

#include "faults/api.h"
#include "faults/host_judge.h"

static void resolve(mxsel_query *q, void *user)
{
	(void)user;
	mxsel_answer_finish(q, MXSEL_DNS_REFUSED, 0);
}

static void query_of_nobody(void)
{
	uint8_t bytes[512] = { 0 };
	size_t size = sizeof bytes;

	NOTHING(mxsel_query_take, (NULL));
	NOTHING(mxsel_query_selection, (NULL));
	NO_TEXT(mxsel_query_name, (NULL));
	ZERO(mxsel_query_type, (NULL));
	USAGE(mxsel_query_set_user, (NULL, NULL));
	NOTHING(mxsel_query_user, (NULL));
	USAGE(mxsel_query_packet, (NULL, 1, 0, bytes, &size));
	USAGE(mxsel_answer_packet, (NULL, bytes, 512, 0));
	USAGE(mxsel_answer_mx, (NULL, 1, "a", 1));
	USAGE(mxsel_answer_address, (NULL, bytes, 4, 1));
	USAGE(mxsel_answer_address_text, (NULL, "192.0.2.1", 1));
	USAGE(mxsel_answer_tlsa, (NULL, 3, 1, 1, bytes, 32, 1));
	USAGE(mxsel_answer_alias, (NULL, "a", 1));
	USAGE(mxsel_answer_negative_ttl, (NULL, 1));
	USAGE(mxsel_answer_finish, (NULL, 0, 0));
}

static void query_of_nothing(void)
{
	uint8_t bytes[512];
	size_t size = 0;
	mxsel_query *q;
	mxsel *m;

	EXPECT(mxsel_new(&m, "example.com", NULL) == 0);
	EXPECT(mxsel_next(m) == MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	USAGE(mxsel_query_packet, (q, 1, 0, bytes, NULL));
	USAGE(mxsel_query_packet, (q, 1, 0, NULL, NULL));
	GIVES(mxsel_query_packet, (q, 1, 0, bytes, &size), MXSEL_ESPACE);
	USAGE(mxsel_answer_packet, (q, NULL, 12, 0));
	USAGE(mxsel_answer_mx, (q, 1, NULL, 1));
	USAGE(mxsel_answer_address, (q, NULL, 4, 1));
	USAGE(mxsel_answer_address, (q, bytes, 4, 1));
	USAGE(mxsel_answer_tlsa, (q, 3, 1, 1, NULL, 0, 1));
	USAGE(mxsel_answer_alias, (q, NULL, 1));
	GIVES(mxsel_answer_finish, (q, -1, 0), MXSEL_ERANGE);
	GIVES(mxsel_answer_finish, (q, 0, -1), MXSEL_ERANGE);
	ZERO(mxsel_query_set_user, (q, NULL));
	mxsel_free(m);
}

static void resolvers_and_caches(void)
{
	mxsel_resolver *r = NULL;
	mxsel_cache *c = NULL;

	USAGE(mxsel_resolver_new, (NULL, resolve, NULL, NULL));
	USAGE(mxsel_resolver_new, (&r, NULL, NULL, NULL));
	USAGE(mxsel_resolver_set_wait, (NULL, NULL));
	USAGE(mxsel_resolver_set_release, (NULL, NULL));
	USAGE(mxsel_resolver_set_bypass, (NULL, 1));
	NOTHING(mxsel_resolver_user, (NULL, resolve));
	SURVIVES(mxsel_resolver_free, (NULL));
	EXPECT(mxsel_resolver_new(&r, resolve, NULL, NULL) == 0);
	ZERO(mxsel_resolver_set_wait, (r, NULL));
	ZERO(mxsel_resolver_set_release, (r, NULL));
	NOTHING(mxsel_resolver_user, (r, NULL));
	mxsel_resolver_free(r);
	USAGE(mxsel_cache_new, (NULL, 65536, mxsel_ldns_clock, NULL));
	USAGE(mxsel_cache_new, (&c, 65536, NULL, NULL));
	GIVES(mxsel_cache_new, (&c, 0, mxsel_ldns_clock, NULL),
		MXSEL_ERANGE);
	GIVES(mxsel_cache_new, (&c, SIZE_MAX, mxsel_ldns_clock, NULL),
		MXSEL_ERANGE);
	USAGE(mxsel_cache_set, (NULL, MXSEL_CACHE_STALE, 1));
	ZERO(mxsel_cache_statistic, (NULL, 0));
	USAGE(mxsel_cache_forget, (NULL, NULL));
	SURVIVES(mxsel_cache_free, (NULL));
	EXPECT(mxsel_cache_new(&c, 65536, mxsel_ldns_clock, NULL) == 0);
	GIVES(mxsel_cache_set, (c, 99, 1), MXSEL_ERANGE);
	GIVES(mxsel_cache_set, (c, MXSEL_CACHE_STALE, -1), MXSEL_ERANGE);
	ZERO(mxsel_cache_statistic, (c, -1));
	ZERO(mxsel_cache_statistic, (c, INT_MAX));
	GIVES(mxsel_cache_forget, (c, "a..b"), MXSEL_ESYNTAX);
	ZERO(mxsel_cache_forget, (c, NULL));
	mxsel_cache_free(c);
}

static void mock_of_nobody(void)
{
	static const uint8_t octet[1] = { 0 };
	uint64_t seed;

	USAGE(mxsel_mock_new, (NULL));
	SURVIVES(mxsel_mock_free, (NULL));
	NOTHING(mxsel_mock_resolver, (NULL));
	USAGE(mxsel_mock_mx, (NULL, "a", 1, "b", 1));
	USAGE(mxsel_mock_address, (NULL, "a", "::1", 1));
	USAGE(mxsel_mock_alias, (NULL, "a", "b", 1));
	USAGE(mxsel_mock_tlsa, (NULL, "a", 3, 1, 1, octet, 1, 1));
	USAGE(mxsel_mock_fail, (NULL, "a", 0, 2));
	USAGE(mxsel_mock_secure, (NULL, "a", 0, 2));
	USAGE(mxsel_mock_delay, (NULL, "a", 0, 2));
	USAGE(mxsel_mock_misbehave, (NULL, "a", 0, 1));
	USAGE(mxsel_mock_set_blocking, (NULL, 1));
	USAGE(mxsel_mock_advance, (NULL, 1));
	ZERO(mxsel_mock_now, (NULL));
	ZERO(mxsel_mock_asked, (NULL, NULL, 0));
	ZERO(mxsel_mock_cancelled, (NULL));
	ZERO(mxsel_mock_refused, (NULL));
	USAGE(mxsel_mock_replay, (NULL, "", 0));
	NOTHING(mxsel_mock_replay_destination, (NULL, NULL));
	USAGE(mxsel_mock_replay_seed, (NULL, &seed));
	USAGE(mxsel_mock_replay_report, (NULL, NULL));
	USAGE(mxsel_mock_replay_memory, (NULL, NULL));
}

static void mock_of_nothing(void)
{
	static const uint8_t octet[1] = { 0 };
	mxsel_mock *mock;
	uint64_t seed;

	EXPECT(mxsel_mock_new(&mock) == 0);
	USAGE(mxsel_mock_mx, (mock, NULL, 1, "b", 1));
	USAGE(mxsel_mock_mx, (mock, "a", 1, NULL, 1));
	USAGE(mxsel_mock_address, (mock, NULL, "::1", 1));
	USAGE(mxsel_mock_address, (mock, "a", NULL, 1));
	USAGE(mxsel_mock_alias, (mock, NULL, "b", 1));
	USAGE(mxsel_mock_alias, (mock, "a", NULL, 1));
	USAGE(mxsel_mock_tlsa, (mock, NULL, 3, 1, 1, octet, 1, 1));
	USAGE(mxsel_mock_tlsa, (mock, "a", 3, 1, 1, NULL, 1, 1));
	GIVES(mxsel_mock_tlsa, (mock, "a", 256, 1, 1, octet, 1, 1),
		MXSEL_ERANGE);
	USAGE(mxsel_mock_fail, (mock, NULL, 0, 2));
	GIVES(mxsel_mock_fail, (mock, "a", 0, 99), MXSEL_ERANGE);
	USAGE(mxsel_mock_secure, (mock, NULL, 0, 2));
	GIVES(mxsel_mock_secure, (mock, "a", 0, 99), MXSEL_ERANGE);
	USAGE(mxsel_mock_delay, (mock, NULL, 0, 2));
	USAGE(mxsel_mock_misbehave, (mock, NULL, 0, 1));
	GIVES(mxsel_mock_misbehave, (mock, "a", 0, 0), MXSEL_ERANGE);
	USAGE(mxsel_mock_replay, (mock, NULL, 0));
	GIVES(mxsel_mock_replay, (mock, "no", 2), MXSEL_ESYNTAX);
	NOTHING(mxsel_mock_replay_destination, (mock, NULL));
	USAGE(mxsel_mock_replay_seed, (mock, &seed));
	USAGE(mxsel_mock_replay_seed, (mock, NULL));
	USAGE(mxsel_mock_replay_report, (mock, NULL));
	USAGE(mxsel_mock_replay_memory, (mock, NULL));
	mxsel_mock_free(mock);
}

void api_null_answers(void)
{
	query_of_nobody();
	query_of_nothing();
	resolvers_and_caches();
	mock_of_nobody();
	mock_of_nothing();
}
