/*
 * See jobs.h. Servers are those of tests/support, on loopback and honest, so
 * that all that goes wrong goes wrong for want of memory.
 */
#define _DEFAULT_SOURCE

#include "allocations/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>
#include <mxsel/mock.h>
#include <mxsel/security.h>
#if HAVE_IDN2
#include <mxsel/idn2.h>
#endif
#if HAVE_UNBOUND
#include <mxsel/unbound.h>

#include "support/liar.h"
#endif

#include "support/crowd.h"

#define QUERY_TIME 2000 /* ms; more than a busy machine needs */

/* ------------------------------------------------------------------- mail */

/* An event loop: the engine's, or that of libunbound. */
struct loop {
	void *object;
	int (*next)(void *object, mxsel *m);
	mxsel *(*wait)(void *object); /* the one that can go on, or NULL */
};

static int go_on(const struct loop *loop, mxsel *m)
{
	int rc, turns = 0;

	for (;;) {
		if (loop == NULL)
			return mxsel_next(m);
		rc = loop->next(loop->object, m);
		if (rc != MXSEL_LOOKUP)
			return rc;
		while (loop->wait(loop->object) != m)
			if (turns++ > 1000)
				return rc;
	}
}

static void say_end(const mxsel *m)
{
	int reason, preference;
	const char *subject;
	size_t i;

	job_say("verdict %d %d %s %s\n", mxsel_verdict_action(m),
		mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_reason_name(mxsel_verdict_reason(m)));
	for (i = 0; mxsel_rejected(m, i, &reason, &preference, &subject) == 0;
		i++)
		job_say("- %s %d %s\n", mxsel_reject_name(reason), preference,
			subject);
}

static int walk(mxsel *m, const struct loop *loop)
{
	int rc;

	job_hush();
	for (;;) {
		DO(rc, go_on(loop, m));
		if (rc != MXSEL_ATTEMPT)
			break;
		job_say("%s %d %s %s\n", mxsel_host_name(m),
			mxsel_host_preference(m), mxsel_address(m),
			mxsel_dane_name(mxsel_dane(m)));
		DO(rc, mxsel_report(m, MXSEL_OUTCOME_REFUSED, 0, NULL));
		if (rc != MXSEL_OK)
			return rc;
	}
	if (rc != MXSEL_END)
		return rc;
	say_end(m);
	job_judge();
	return MXSEL_OK;
}

/* Route; and, with memory, once more: what was given up is not lost. */
static int route_with(mxsel_options *o, const char *destination,
	const struct loop *loop)
{
	mxsel *m = NULL;
	int rc;

	mxsel_options_set_seed(o, 7);
	DO(rc, mxsel_new(&m, destination, o));
	if (rc == MXSEL_OK)
		rc = walk(m, loop);
	if (rc != MXSEL_OK && rc != MXSEL_ENOMEM) {
		mxsel_free(m);
		return rc;
	}
	job_relieve();
	rc = m == NULL ? mxsel_new(&m, destination, o)
		: mxsel_reset(m, destination);
	if (rc == MXSEL_OK)
		rc = walk(m, loop);
	mxsel_free(m);
	return rc;
}

static int route(mxsel_resolver *r, const char *destination)
{
	mxsel_options *o = NULL;
	int rc;

	DO(rc, mxsel_options_new(&o));
	if (rc == MXSEL_OK)
		rc = mxsel_options_set_resolver(o, r);
	if (rc == MXSEL_OK)
		rc = route_with(o, destination, NULL);
	mxsel_options_free(o);
	return rc;
}

/* Of no use without what could not be made: that is MXSEL_ENOMEM's meaning. */
static int without(int rc)
{
	if (rc == MXSEL_ENOMEM && !job_is_relieved()) {
		job_relieve();
		return MXSEL_OK;
	}
	return rc;
}

/* ------------------------------------------------------- mxsel/ldns.h */

static struct crowd *crowd;
static char conf_path[32];

static void honest(void)
{
	static const struct crowd_plan plan = { .signs = 1 };

	crowd = crowd_start(&plan);
}

static void truncating(void)
{
	static const struct crowd_plan plan = { .truncate = 1, .signs = 1 };

	crowd = crowd_start(&plan);
}

static void leave(void)
{
	crowd_stop(crowd);
}

static int sockets(void)
{
	mxsel_resolver *r = NULL;
	int rc;

	DO(rc, mxsel_ldns_new(&r, ""));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_ldns_add_server(r, crowd_address_of(crowd)));
	if (rc == MXSEL_OK)
		rc = mxsel_ldns_set_query_time(r, QUERY_TIME);
	if (rc == MXSEL_OK)
		rc = route(r, "p1.example");
	mxsel_resolver_free(r);
	return without(rc);
}

static int engine_next(void *object, mxsel *m)
{
	return mxsel_engine_next(object, m);
}

static mxsel *engine_wait(void *object)
{
	(void)mxsel_engine_wait(object, 100);
	return mxsel_engine_ready(object);
}

static int run_engine(mxsel_engine *e, mxsel_cache *cache)
{
	const struct loop loop = { e, engine_next, engine_wait };
	mxsel_options *o = NULL;
	int rc;

	mxsel_engine_set(e, MXSEL_ENGINE_QUERY_TIME, QUERY_TIME);
	mxsel_engine_set(e, MXSEL_ENGINE_TRUST_AD, 1);
	DO(rc, mxsel_options_new(&o));
	if (rc == MXSEL_OK && cache != NULL)
		rc = mxsel_options_set_cache(o, cache);
	if (rc == MXSEL_OK) {
		mxsel_options_set(o, MXSEL_OPT_PREFETCH, 8);
		mxsel_options_set(o, MXSEL_OPT_DANE, 1);
		rc = route_with(o, "p1.example", &loop);
	}
	mxsel_options_free(o);
	return rc;
}

static int engine_with(mxsel_cache *cache)
{
	mxsel_engine *e = NULL;
	int rc;

	DO(rc, mxsel_engine_new(&e, ""));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_engine_add_server(e, crowd_address_of(crowd)));
	if (rc == MXSEL_OK)
		rc = run_engine(e, cache);
	mxsel_engine_free(e);
	return without(rc);
}

static int engine(void)
{
	return engine_with(NULL);
}

static int engine_and_cache(void)
{
	mxsel_cache *cache = NULL;
	int rc;

	DO(rc, mxsel_cache_new(&cache, 65536, mxsel_ldns_clock, NULL));
	if (rc == MXSEL_OK)
		rc = engine_with(cache);
	mxsel_cache_free(cache);
	return without(rc);
}

static void write_conf(void)
{
	static const char text[] = "# ours\nnameserver 127.0.0.1\n"
		"nameserver ::1\nnameserver 127.0.0.3\n"
		"search example\noptions timeout:1 edns0 trust-ad\n";
	int fd;

	strcpy(conf_path, "/tmp/mxsel-allocations-XXXXXX");
	fd = mkstemp(conf_path);
	if (fd < 0 || write(fd, text, sizeof(text) - 1) < 0 || close(fd) != 0)
		perror(conf_path);
}

static void remove_conf(void)
{
	(void)unlink(conf_path);
}

static int resolv_conf(void)
{
	mxsel_resolver *r = NULL;
	mxsel_engine *e = NULL;
	int rc;

	DO(rc, mxsel_ldns_new(&r, conf_path));
	job_say("resolver %d, trusts %d\n", rc, mxsel_ldns_trusts_ad(r));
	mxsel_resolver_free(r);
	DO(rc, mxsel_engine_new(&e, conf_path));
	job_say("engine %d\n", rc);
	mxsel_engine_free(e);
	return without(rc);
}

static int zones(void)
{
	static const char text[] =
		"$ORIGIN example.\n$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\n"
		"five MX 10 mx1\n MX 10 mx2\n MX 20 mx3\n MX 20 *\n"
		"mx1 A 192.0.2.1\nmx1 AAAA 2001:db8::1\nmx2 A 192.0.2.2\n"
		"mx3 CNAME mx1\n* A 192.0.2.4\nalias CNAME five\n"
		"below NS ns.elsewhere.test.\n";
	mxsel_resolver *r = NULL;
	int rc;

	DO(rc, mxsel_ldns_zone_text_new(&r, text));
	if (rc == MXSEL_OK)
		rc = route(r, "alias.example");
	mxsel_resolver_free(r);
	return without(rc);
}

/* ------------------------------------------------------- mxsel/mock.h */

static int write_script(mxsel_mock *mock)
{
	static const char *const hosts[] = { "mx1.example", "mx2.example",
		"mx3.example" };
	static const uint8_t digest[32] = { 1 };
	char address[16] = "192.0.2.1";
	int rc = MXSEL_OK, i;

	for (i = 0; rc == MXSEL_OK && i < 3; i++) {
		DO(rc, mxsel_mock_mx(mock, "five.example", (uint16_t)(i / 2),
			hosts[i], 300));
		address[8] = (char)('1' + i);
		if (rc == MXSEL_OK)
			DO(rc, mxsel_mock_address(mock, hosts[i], address,
				300));
	}
	if (rc == MXSEL_OK)
		DO(rc, mxsel_mock_alias(mock, "alias.example",
			"five.example", 300));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_mock_secure(mock, "*", 0,
			MXSEL_SECURITY_SECURE));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_mock_tlsa(mock, "_25._tcp.mx2.example", 3, 1, 1,
			digest, sizeof(digest), 300));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_mock_fail(mock, "mx3.example", MXSEL_TYPE_AAAA,
			MXSEL_DNS_SERVFAIL));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_mock_delay(mock, "mx1.example", 0, 50));
	return rc;
}

static int script(void)
{
	mxsel_mock *mock = NULL;
	int rc;

	DO(rc, mxsel_mock_new(&mock));
	if (rc == MXSEL_OK)
		rc = write_script(mock);
	if (rc == MXSEL_OK)
		rc = route(mxsel_mock_resolver(mock), "alias.example");
	mxsel_mock_free(mock);
	return without(rc);
}

static char record[16384];
static size_t recorded;

static void keep(const char *line, void *user)
{
	size_t size = strlen(line);

	(void)user;
	if (recorded + size + 1 < sizeof(record)) {
		memcpy(record + recorded, line, size);
		recorded += size;
		record[recorded++] = '\n';
	}
}

/* One selection; its record stands in record[]. */
static int walk_recorded(mxsel_resolver *r, int again)
{
	mxsel_options *o = NULL;
	mxsel *m = NULL;
	int rc;

	DO(rc, mxsel_options_new(&o));
	if (rc == MXSEL_OK) {
		mxsel_options_set_resolver(o, r);
		mxsel_options_set_seed(o, 7);
		mxsel_options_set(o, MXSEL_OPT_DANE, 1);
		if (!again)
			mxsel_options_set_recorder(o, keep, NULL);
		DO(rc, mxsel_new(&m, "alias.example", o));
	}
	if (rc == MXSEL_OK)
		rc = walk(m, NULL);
	mxsel_free(m);
	mxsel_options_free(o);
	return rc;
}

static int recording(void)
{
	mxsel_mock *mock = NULL;
	int rc;

	recorded = 0;
	DO(rc, mxsel_mock_new(&mock));
	if (rc == MXSEL_OK)
		rc = write_script(mock);
	if (rc == MXSEL_OK)
		rc = walk_recorded(mxsel_mock_resolver(mock), 0);
	mxsel_mock_free(mock);
	return without(rc);
}

static int replaying(void)
{
	mxsel_mock *mock = NULL;
	int rc;

	DO(rc, mxsel_mock_new(&mock));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_mock_replay(mock, record, recorded));
	if (rc == MXSEL_OK)
		rc = walk_recorded(mxsel_mock_resolver(mock), 1);
	mxsel_mock_free(mock);
	return without(rc);
}

/* --------------------------------------- mxsel/idn2.h, mxsel/unbound.h */

#if HAVE_IDN2
static int idn(void)
{
	mxsel_options *o = NULL;
	mxsel_mock *mock = NULL;
	int rc;

	DO(rc, mxsel_mock_new(&mock));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_mock_address(mock, "xn--bcher-kva.example",
			"192.0.2.1", 60));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_options_new(&o));
	if (rc == MXSEL_OK) {
		mxsel_options_set_resolver(o, mxsel_mock_resolver(mock));
		mxsel_idn2_use(o);
		rc = route_with(o, "b\xc3\xbc" "cher.example", NULL);
	}
	mxsel_options_free(o);
	mxsel_mock_free(mock);
	return without(rc);
}
#endif

#if HAVE_UNBOUND
static struct liar *liar;

static void tell_truth(void)
{
	liar = liar_start(liar_tell_truth, NULL);
}

static void stop_telling(void)
{
	liar_stop(liar);
}

static int unbound_next(void *object, mxsel *m)
{
	return mxsel_unbound_next(object, m);
}

static mxsel *unbound_wait(void *object)
{
	(void)mxsel_unbound_wait(object, 100);
	return mxsel_unbound_ready(object);
}

static int run_unbound(mxsel_unbound *u, int blocking)
{
	const struct loop loop = { u, unbound_next, unbound_wait };
	mxsel_options *o = NULL;
	int rc;

	DO(rc, mxsel_options_new(&o));
	if (rc == MXSEL_OK && blocking)
		rc = mxsel_options_set_resolver(o,
			mxsel_unbound_resolver(u));
	if (rc == MXSEL_OK)
		rc = route_with(o, "true.example", blocking ? NULL : &loop);
	mxsel_options_free(o);
	return rc;
}

static int unbound(int blocking)
{
	mxsel_unbound *u = NULL;
	int rc;

	DO(rc, mxsel_unbound_new(&u));
	if (rc == MXSEL_OK)
		DO(rc, mxsel_unbound_add_server(u, liar_address(liar)));
	if (rc == MXSEL_OK)
		rc = mxsel_unbound_set_query_time(u, 4 * QUERY_TIME);
	if (rc == MXSEL_OK)
		rc = run_unbound(u, blocking);
	mxsel_unbound_free(u);
	return without(rc);
}

static int unbound_blocking(void)
{
	return unbound(1);
}

static int unbound_loop(void)
{
	return unbound(0);
}
#endif

const struct job jobs[] = {
	{ "resolver, UDP", honest, leave, sockets },
	{ "resolver, TCP", truncating, leave, sockets },
	{ "engine, UDP", honest, leave, engine },
	{ "engine, TCP", truncating, leave, engine },
	{ "engine and cache", honest, leave, engine_and_cache },
	{ "resolv.conf", write_conf, remove_conf, resolv_conf },
	{ "zones", NULL, NULL, zones },
	{ "mock", NULL, NULL, script },
	{ "recording", NULL, NULL, recording },
	{ "replaying", NULL, NULL, replaying },
#if HAVE_IDN2
	{ "libidn2", NULL, NULL, idn },
#endif
#if HAVE_UNBOUND
	{ "libunbound, blocking", tell_truth, stop_telling,
		unbound_blocking },
	{ "libunbound, event loop", tell_truth, stop_telling, unbound_loop },
#endif
};

const size_t job_count = sizeof(jobs) / sizeof(jobs[0]);
