/*
 * What is known of a question beyond its answer: how securely it was found
 * (R91, R93, S32), what is saved while it is open (R80), and the old answer
 * in the cache (R77). May use lib/select.
 */
#include "select/save.h"
#include "select/select.h"

#include <mxsel/cache.h>

#include "support/one_selection.h"
#include "support/run.h"

/* --- DANE ---------------------------------------------------------------- */

/* How the addresses of h.example are answered, by family. */
static const struct family {
	int target; /* has an alias: at its target, else with it in one */
	int alias;
	int alias_security, security;
} plain = { 0, 0, 0, ZONE_INSECURE },
	together = { 0, 1, 0, ZONE_INSECURE },
	signed_alias = { 1, 1, ZONE_SECURE, ZONE_INSECURE },
	unknown = { 0, 0, 0, ZONE_UNKNOWN };

static void answer_family(mxsel_query *q, const struct family *f)
{
	uint8_t bytes[16] = { 192, 0, 2, 1 };
	int is_target = strcmp(mxsel_query_name(q), "t.example") == 0;

	if (f->alias && !is_target)
		mxsel_answer_alias(q, "t.example", 300);
	if (!f->target || is_target)
		mxsel_answer_address(q, bytes, mxsel_query_type(q) == A ? 4
			: 16, 300);
	mxsel_answer_finish(q, 0, f->target && !is_target
		? f->alias_security : f->security);
}

/* What is asked first for h.example, when its addresses are known. */
static const char *asks(const struct family *v6, const struct family *v4)
{
	static char text[300];
	mxsel_query *q;
	int rc;

	set(MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(mxsel_new(&m, "[h.example]", o), MXSEL_OK);
	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP)
		while ((q = mxsel_query_take(m)) != NULL) {
			if (mxsel_query_type(q) != A &&
				mxsel_query_type(q) != AAAA) {
				(void)snprintf(text, sizeof(text), "%s %s",
					zone_type(mxsel_query_type(q)),
					mxsel_query_name(q));
				return text;
			}
			answer_family(q, mxsel_query_type(q) == A ? v4 : v6);
		}
	return rc == MXSEL_ATTEMPT ? "nothing" : mxsel_verdict_status(m);
}

START_TEST(R91_S32_the_family_that_asks_most_decides)
{
	static const char probe[] = "CNAME h.example";
	static const char tlsa[] = "TLSA _25._tcp.h.example";

	ck_assert_str_eq(asks(&plain, &plain), "nothing");
	ck_assert_str_eq(asks(&together, &plain), probe);
	ck_assert_str_eq(asks(&plain, &together), probe);
	ck_assert_str_eq(asks(&together, &together), probe);
	ck_assert_str_eq(asks(&signed_alias, &plain), tlsa);
	ck_assert_str_eq(asks(&together, &signed_alias), tlsa);
	ck_assert_str_eq(asks(&signed_alias, &together), tlsa);
	ck_assert_str_eq(asks(&together, &unknown), "4.7.5");
	ck_assert_str_eq(asks(&signed_alias, &unknown), "4.7.5");
	ck_assert_str_eq(asks(&unknown, &together), "4.7.5");
	/* A resolver that says nothing at all does not validate. */
	ck_assert_str_eq(asks(&unknown, &unknown), "nothing");
	{
		struct family silent = together;

		silent.security = ZONE_UNKNOWN;
		ck_assert_str_eq(asks(&silent, &silent), "nothing");
	}
}
END_TEST

static const struct zone_record dane[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_INSECURE, "1", 0 },
	{ "one.example", AAAA, ZONE_INSECURE, "-", 0 },
	{ "two.example", 0, ZONE_SECURE, "far.example", 0 },
	{ "far.example", AAAA, ZONE_SECURE, "2", 0 },
	{ "far.example", A, ZONE_INSECURE, "3", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "311a", 0 },
	/* The domain is the host, by an alias; nobody says how secure. */
	{ "u.example", 0, ZONE_SECURE, "led.example", 0 },
	{ "led.example", A, ZONE_UNKNOWN, "4", 0 },
	{ "led.example", AAAA, ZONE_UNKNOWN, "-", 0 },
	{ "_25._tcp.u.example", TLSA, ZONE_SECURE, "311a", 0 },
	/* The same, insecure, and with records at the domain. */
	{ "i.example", 0, ZONE_INSECURE, "to.example", 0 },
	{ "to.example", MX, ZONE_INSECURE, "-", 0 },
	{ "to.example", A, ZONE_INSECURE, "5", 0 },
	{ "to.example", AAAA, ZONE_INSECURE, "-", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static const struct zone_record listed[] = {
	{ "l.example", MX, ZONE_INSECURE, "mx.example", 10 },
	{ "mx.example", A, ZONE_INSECURE, "1", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

START_TEST(R91_R93_one_host_s_security_is_its_own)
{
	set(MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(first("d.example", dane), MXSEL_ATTEMPT);
	ck_assert_int_eq(zone_next(m, dane, &asked), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_tlsa_base(m), "two.example");
	ck_assert_uint_eq(mxsel_rejected_count(m), 1);
	ck_assert_int_eq(why(0), MXSEL_REJECT_INSECURE);
	ck_assert_uint_eq(mxsel_ttl(m), 100);
	ck_assert_int_eq(mxsel_tlsa(m, 5, NULL, NULL, NULL, NULL, NULL),
		MXSEL_ERANGE);
	ck_assert_int_eq(first("u.example", dane), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.5");
	ck_assert(!was_asked("TLSA"));
}
END_TEST

/* Rewound while its second question is open, which is the one that counts. */
START_TEST(R80_R91_a_question_that_is_open_is_the_one_that_was_asked)
{
	int n;

	set(MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(first("d.example", dane), MXSEL_ATTEMPT);
	for (n = 0; n < 20 && !was_asked("TLSA _25._tcp.far.example"); n++) {
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		(void)zone_answer_open(m, dane, &asked);
	}
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "one.example");
	ck_assert_int_eq(zone_next(m, dane, &asked), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_tlsa_base(m), "two.example");
}
END_TEST

START_TEST(R96_who_an_insecure_alias_leads_to_is_not_vouched_for)
{
	ck_assert_int_eq(mxsel_new(&m, "i.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_REQUIRED), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, dane, NULL), MXSEL_END);
	ck_assert_int_eq(why(0), MXSEL_REJECT_REQUIRETLS);
	ck_assert_uint_eq(mxsel_tlsrpt_count(m), 0);
}
END_TEST

/* A policy that was withdrawn vouches for nobody, whomever it still lists. */
START_TEST(R95_R96_a_policy_of_mode_none_vouches_for_nobody)
{
	static const char *const modes[] = { "none", "testing", "enforce" };
	char body[128];
	mxsel_sts *policy;
	int i;

	for (i = 0; i < 3; i++) {
		(void)snprintf(body, sizeof(body), "version: STSv1\nmode: %s\n"
			"mx: mx.example\nmax_age: 99\n", modes[i]);
		ck_assert_int_eq(mxsel_sts_new(&policy, "l.example", body,
			strlen(body), 0), MXSEL_OK);
		mxsel_free(m);
		ck_assert_int_eq(mxsel_new(&m, "l.example", o), MXSEL_OK);
		ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_REQUIRED),
			MXSEL_OK);
		ck_assert_int_eq(mxsel_set_sts(m, policy, 1), MXSEL_OK);
		mxsel_sts_free(policy);
		ck_assert_int_eq(zone_next(m, listed, NULL), i == 0
			? MXSEL_END : MXSEL_ATTEMPT);
		if (i == 0)
			ck_assert_int_eq(why(0), MXSEL_REJECT_REQUIRETLS);
		ck_assert_uint_eq(mxsel_tlsrpt_count(m), 0);
	}
}
END_TEST

/* --- saved with a question open ------------------------------------------ */

static uint64_t saved_number(size_t offset, unsigned octets)
{
	static uint8_t bytes[8192];
	size_t at = SAVED_HEAD, i, size = sizeof(bytes);
	uint64_t n = 0;

	ck_assert_int_eq(mxsel_save(m, bytes, &size), MXSEL_OK);
	for (i = 0; mxsel__saved_numbers[i].offset != offset; i++)
		at += mxsel__saved_numbers[i].size;
	for (; octets > 0; octets--)
		n = n << 8 | bytes[at++];
	return n;
}

START_TEST(R80_what_an_open_question_was_told_is_not_counted)
{
	static const uint8_t bytes[32] = { 192, 0, 2, 1 };
	static uint8_t before[4096], after[4096];
	size_t size = 0, same = 0;
	mxsel_query *q = NULL;
	char copy[] = "one.example";

	set(MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(first("d.example", dane), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_save(m, NULL, &size), MXSEL_ESPACE);
	m->hosts[0].canonical = copy; /* the same name, elsewhere */
	ck_assert_int_eq(mxsel_save(m, NULL, &same), MXSEL_ESPACE);
	ck_assert_uint_eq(same, size);
	/* Of a host whose turn is not over, whatever was found so far. */
	m->hosts[1].canonical = "x.example";
	same = size = sizeof(before);
	ck_assert_int_eq(mxsel_save(m, before, &size), MXSEL_OK);
	m->hosts[1].path = PATH_SECURE;
	m->hosts[1].dane = MXSEL_DANE_RECORDS;
	m->hosts[1].incomplete = 1;
	ck_assert_int_eq(mxsel_save(m, after, &same), MXSEL_OK);
	ck_assert_uint_eq(same, size);
	ck_assert_mem_eq(before, after, size);
	m->hosts[1].canonical = m->hosts[1].name;
	m->hosts[1].path = PATH_INSECURE;
	m->hosts[1].dane = MXSEL_DANE_NONE;
	m->hosts[1].incomplete = 0;
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	(void)mxsel_answer_alias(q, "far.example", 300);
	(void)mxsel_answer_address(q, bytes, 16, 300);
	ck_assert_uint_eq(m->candidate_count, 2);
	ck_assert_uint_eq(saved_number(offsetof(struct mxsel,
		candidate_count), 2), 1);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, ZONE_SECURE), MXSEL_OK);
	do {
		q = mxsel_query_take(m);
		if (q == NULL)
			ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		else if (mxsel_query_type(q) != TLSA)
			zone_answer(q, dane, 0);
	} while (q == NULL || mxsel_query_type(q) != TLSA);
	(void)mxsel_answer_tlsa(q, 3, 1, 1, bytes, 32, 300);
	ck_assert_uint_eq(m->tlsa_octets, 32);
	ck_assert_uint_eq(saved_number(offsetof(struct mxsel, tlsa_octets),
		2), 0);
	(void)mxsel_answer_alias(q, "a.example", 300);
	ck_assert_uint_eq(m->tlsa_octets, 32 + 10);
	m->tlsa_octets = TLSA_OCTETS_MAX - 9;
	(void)mxsel_answer_alias(q, "b.example", 300);
	ck_assert_int_eq(q->loop, 2);
}
END_TEST

/* --- out of the cache ---------------------------------------------------- */

static uint64_t now;

static uint64_t tick(void *user)
{
	(void)user;
	return now;
}

static mxsel_cache *cached(void)
{
	mxsel_cache *cache;

	now = 1000;
	ck_assert_int_eq(mxsel_cache_new(&cache, 1 << 20, tick, NULL), 0);
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600), 0);
	ck_assert_int_eq(mxsel_options_set_cache(o, cache), 0);
	return cache;
}

static const struct zone_record many[] = {
	{ "l.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "l.example", MX, ZONE_UNKNOWN, "two.example", 20 },
	{ "one.example", A, ZONE_UNKNOWN, "1", 0 },
	{ "two.example", A, ZONE_UNKNOWN, "2", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static const struct zone_record broken[] = {
	{ "d.example", MX, ZONE_UNKNOWN, "!", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static int answered(int outcome, int security)
{
	mxsel_query *q;

	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, "l.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_answer_finish(q, outcome, security), MXSEL_OK);
	return mxsel_next(m);
}

START_TEST(old_answers_stand_in_for_failures_alone)
{
	mxsel_cache *cache = cached();

	ck_assert_int_eq(first("l.example", many), MXSEL_ATTEMPT);
	now += 301000;
	ck_assert_int_eq(answered(MXSEL_DNS_NXDOMAIN, 0), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_NO_DOMAIN);
	(void)mxsel_cache_forget(cache, NULL);
	ck_assert_int_eq(first("l.example", many), MXSEL_ATTEMPT);
	now += 301000;
	ck_assert_int_eq(answered(MXSEL_DNS_SERVFAIL, MXSEL_SECURITY_BOGUS),
		MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	(void)mxsel_cache_forget(cache, NULL);
	ck_assert_int_eq(first("l.example", many), MXSEL_ATTEMPT);
	now += 301000;
	/* Who does not want to know any more looks at nothing. */
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, "l.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	mxsel_free(m);
	m = NULL;
	ck_assert_uint_eq(mxsel_cache_statistic(cache,
		MXSEL_CACHE_STALE_HITS), 0);
	ck_assert_int_ne(answered(MXSEL_DNS_SERVFAIL, 0), MXSEL_END);
	ck_assert_uint_gt(mxsel_cache_statistic(cache,
		MXSEL_CACHE_STALE_HITS), 0);
	mxsel_cache_free(cache);
	ck_assert_int_eq(first("d.example", broken), MXSEL_END);
}
END_TEST

START_TEST(R35_either_family_alone_is_found_in_the_cache)
{
	static const int alone[] = { MXSEL_FAMILY_V4_ONLY,
		MXSEL_FAMILY_V6_ONLY };
	mxsel_cache *cache = cached();
	size_t i;

	for (i = 0; i < 2; i++) {
		set(MXSEL_OPT_FAMILY, alone[i]);
		(void)first("l.example", many);
		ck_assert_uint_gt(asked.count, 0);
		(void)first("l.example", many);
		ck_assert_uint_eq(asked.count, 0);
	}
	mxsel_cache_free(cache);
}
END_TEST

START_TEST(R77_a_message_is_kept_as_long_as_its_shortest_record)
{
	static const unsigned ttls[] = { 300, 5, 300 };
	mxsel_cache *cache = cached();
	struct packet p;
	mxsel_query *q;
	size_t i;
	char name[32];

	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	packet_begin(&p, PACKET_REPLY, "d.example", PACKET_MX);
	for (i = 0; i < 3; i++) {
		(void)snprintf(name, sizeof(name), "h%u.example", (unsigned)i);
		packet_mx(&p, PACKET_ANSWER, NULL, ttls[i], 10, name);
	}
	ck_assert_int_eq(mxsel_answer_packet(q, p.octets, p.size, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_uint_eq(mxsel_ttl(m), 5);
	now += 6000;
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_query_type(mxsel_query_take(m)), MX);
	mxsel_cache_free(cache);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: what is known of a question");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R91_S32_the_family_that_asks_most_decides);
	tcase_add_test(one, R91_R93_one_host_s_security_is_its_own);
	tcase_add_test(one,
		R80_R91_a_question_that_is_open_is_the_one_that_was_asked);
	tcase_add_test(one,
		R96_who_an_insecure_alias_leads_to_is_not_vouched_for);
	tcase_add_test(one, R95_R96_a_policy_of_mode_none_vouches_for_nobody);
	tcase_add_test(one, R80_what_an_open_question_was_told_is_not_counted);
	tcase_add_test(one, old_answers_stand_in_for_failures_alone);
	tcase_add_test(one, R35_either_family_alone_is_found_in_the_cache);
	tcase_add_test(one,
		R77_a_message_is_kept_as_long_as_its_shortest_record);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
