/*
 * What a mail server does with the postures of a selection. Its TLS library
 * stands behind function pointers; here a table plays it, <mxsel/mock.h>
 * plays a DNS that validates, and what is asserted is over which kind of
 * connection the mail goes, or why it stays. Where MTA-STS policies come from
 * is in sts_policy.c. Nothing leaves the process. The exit code is 0 when
 * every test passed.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mock.h>
#include <mxsel/mxsel.h>
#include <mxsel/security.h>

/* ------------------------------------------- what a mail server has for TLS */

/* guide: layer */
/* What the TLS library does for one connection; in brackets, OpenSSL's way. */
struct tls {
	/* A new connection, which knows nothing of the last (SSL_new). */
	void (*begin)(void *connection);
	/* Does the reply to EHLO have this extension? */
	int (*offers)(void *connection, const char *extension);
	/* Send this name as SNI (SSL_set_tlsext_host_name). */
	void (*set_name)(void *connection, const char *name);
	/* The certificate may be for this name (SSL_add1_host). */
	void (*add_identity)(void *connection, const char *name);
	/* It may match this record; 1: the library can use it (before the first
	   SSL_dane_enable, then SSL_dane_tlsa_add). */
	int (*add_tlsa)(void *connection, int usage, int selector,
		int matching, const uint8_t *data, size_t length);
	/* STARTTLS and the handshake; 1: TLS stands. In code the reply to
	   STARTTLS; in result, whatever the posture, what is wrong with the
	   certificate, MXSEL_TLSRPT_* (SSL_connect with SSL_VERIFY_NONE, then
	   SSL_get_verify_result). */
	int (*handshake)(void *connection, int *code, int *result);
	void *connection;
};
/* guide: end */

/* ----------------------------------------------- the mail server's own code */

/* guide: prepare */
/* Tell the TLS library what to expect of the host reached; 0: it can use none
   of the TLSA records, so that it would verify as if there were none. */
static int prepare(const mxsel *m, const struct tls *tls)
{
	int is_dane = mxsel_posture(m) == MXSEL_POSTURE_DANE;
	int usage, selector, matching, taken = 0;
	const uint8_t *data;
	size_t i, length;

	if (mxsel_tls_name(m)[0] != '\0')
		tls->set_name(tls->connection, mxsel_tls_name(m));
	/* Records before names: SSL_dane_enable() drops the names it finds. */
	for (i = 0; is_dane && mxsel_tlsa(m, i, &usage, &selector, &matching,
		&data, &length) == 0; i++)
		if (tls->add_tlsa(tls->connection, usage, selector, matching,
			data, length))
			taken++;
	for (i = 0; i < mxsel_tls_identity_count(m); i++)
		tls->add_identity(tls->connection, mxsel_tls_identity(m, i));
	return !is_dane || taken > 0;
}
/* guide: end */

/* guide: decide */
/* Is this good enough to send the mail? 0, or the outcome to report. */
static int decide(const mxsel *m, int is_up, int result)
{
	switch (mxsel_posture(m)) {
	case MXSEL_POSTURE_OPPORTUNISTIC:
		return 0; /* without TLS too; never because of a certificate */
	case MXSEL_POSTURE_ENCRYPT:
		return is_up ? 0 : MXSEL_OUTCOME_TLS;
	case MXSEL_POSTURE_PKIX:
	case MXSEL_POSTURE_DANE:
		if (!is_up)
			return MXSEL_OUTCOME_TLS;
		return result == MXSEL_TLSRPT_SUCCESS ? 0 :
			MXSEL_OUTCOME_POLICY; /* the wrong certificate */
	default:
		return MXSEL_OUTCOME_TLS; /* a posture to come: the strongest */
	}
}
/* guide: end */

/* guide: secure */
/*
 * After EHLO: bring up what the posture asks for. 0: go on with MAIL, over
 * TLS if it is up, else in clear text (on a new connection, when a handshake
 * broke the old one); else the outcome, and in code the reply to STARTTLS:
 * 454 says that TLS cannot be had now (RFC 3207, 4).
 */
static int secure(mxsel *m, const struct tls *tls, int *is_up, int *code)
{
	int result = MXSEL_TLSRPT_STARTTLS_NOT_SUPPORTED;
	int outcome, is_ready;

	*is_up = *code = 0;
	if (tls->offers(tls->connection, "STARTTLS")) {
		is_ready = prepare(m, tls);
		*is_up = tls->handshake(tls->connection, code, &result);
		if (*is_up && !is_ready)
			result = MXSEL_TLSRPT_TLSA_INVALID;
	}
	if (mxsel_report_tls(m, result) != 0)
		return MXSEL_OUTCOME_LOST;
	outcome = decide(m, *is_up, result);
	/* What the host offers counts only from the EHLO over TLS on. */
	if (outcome == 0 && mxsel_tls(m) == MXSEL_TLS_REQUIRED &&
		!tls->offers(tls->connection, "REQUIRETLS"))
		outcome = MXSEL_OUTCOME_REQUIRETLS;
	return outcome;
}
/* guide: end */

/* What became of a mail, and over what it went. */
struct delivery {
	int is_sent;
	int is_secret; /* over TLS */
	int action;    /* the verdict */
	int code;
	const char *status;
};

/* guide: walk */
static int walk(mxsel *m, const struct tls *tls, struct delivery *d)
{
	int r, outcome, code;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		/* Connect, read the greeting, say EHLO; then: */
		tls->begin(tls->connection);
		outcome = secure(m, tls, &d->is_secret, &code);
		if (outcome == 0) {
			/* MAIL, RCPT and DATA: here they always go well. */
			outcome = MXSEL_OUTCOME_DELIVERED;
			code = 250;
			d->is_sent = 1;
		}
		if ((r = mxsel_report(m, outcome, code, NULL)) != 0)
			break;
	}
	return r;
}
/* guide: end */

/* guide: tlsrpt */
static void print_tls_report(const mxsel *m, const char *sent_from)
{
	const char *host, *address, *name;
	int policy, result;
	size_t i;

	for (i = 0; mxsel_tlsrpt(m, i, &host, &address, &policy,
		&result) == 0; i++) {
		name = mxsel_tlsrpt_result_name(result);
		printf("tls report of %s: %s, %s, from %s to %s [%s]\n",
			mxsel_original_domain(m),
			mxsel_tlsrpt_policy_name(policy),
			name != NULL ? name : "success", sent_from, host,
			address);
	}
}
/* guide: end */

/* ----------------------------------------------------------- a host, played */

struct played {
	int has_starttls;
	int has_requiretls;
	const char *certificate; /* the name it is for; NULL: nobody's */
	uint8_t key;             /* every octet of its key's digest */
	int starttls_code;       /* its reply to STARTTLS; 0: 220 */
	int lacks_digest;        /* our TLS library has no SHA-256 */
	/* What it was told on this connection. */
	char name[256];
	size_t identities, tlsa;
	int name_fits, key_fits;
};

static void play_begin(void *connection)
{
	struct played *p = connection;

	p->name[0] = '\0';
	p->identities = p->tlsa = 0;
	p->name_fits = p->key_fits = 0;
}

static int play_offers(void *connection, const char *extension)
{
	const struct played *p = connection;

	return strcmp(extension, "STARTTLS") == 0 ? p->has_starttls :
		p->has_requiretls;
}

static void play_name(void *connection, const char *name)
{
	struct played *p = connection;

	snprintf(p->name, sizeof p->name, "%s", name);
}

static void play_identity(void *connection, const char *name)
{
	struct played *p = connection;

	p->identities++;
	if (p->certificate != NULL && strcmp(p->certificate, name) == 0)
		p->name_fits = 1;
}

/* The first one as SSL_dane_enable() has it: names said before are lost. */
static int play_tlsa(void *connection, int usage, int selector,
	int matching, const uint8_t *data, size_t length)
{
	struct played *p = connection;

	if (p->tlsa == 0)
		p->identities = 0;
	if (p->lacks_digest)
		return 0;
	p->tlsa++;
	if (usage == 3 && selector == 1 && matching == 1 && length == 32 &&
		data[0] == p->key && data[31] == p->key)
		p->key_fits = 1;
	return 1;
}

static int play_handshake(void *connection, int *code, int *result)
{
	const struct played *p = connection;

	*code = p->starttls_code != 0 ? p->starttls_code : 220;
	if (*code != 220)
		return 0; /* result stays STARTTLS_NOT_SUPPORTED */
	if (p->tlsa > 0)
		*result = p->key_fits ? MXSEL_TLSRPT_SUCCESS :
			MXSEL_TLSRPT_CERTIFICATE_NOT_TRUSTED;
	else
		*result = p->name_fits ? MXSEL_TLSRPT_SUCCESS :
			MXSEL_TLSRPT_CERTIFICATE_HOST_MISMATCH;
	return 1;
}

/* ---------------------------------------------------------------- the tests */

static int failures;

#define CHECK(what) \
	do { \
		if (!(what)) { \
			failures++; \
			printf("%s:%d: %s: %s\n", __FILE__, __LINE__, \
				__func__, #what); \
		} \
	} while (0)

struct test {
	struct played p;
	struct tls tls;
	mxsel_mock *mock;
	mxsel_options *options;
	mxsel *m;
	struct delivery d;
};

/* guide: zone */
/* A signed zone: two hosts, the first of which has a TLSA record. */
static int script(mxsel_mock *mock)
{
	static const char *const names[] = {
		"example.com", "mx1.example.com", "mx2.example.com",
		"_25._tcp.mx1.example.com", "_25._tcp.mx2.example.com"
	};
	uint8_t digest[32];
	size_t i;
	int r;

	memset(digest, 7, sizeof digest);
	r = mxsel_mock_mx(mock, "example.com", 10, "mx1.example.com", 300);
	if (r == 0)
		r = mxsel_mock_mx(mock, "example.com", 20, "mx2.example.com",
			300);
	if (r == 0)
		r = mxsel_mock_address(mock, "mx1.example.com", "192.0.2.1",
			300);
	if (r == 0)
		r = mxsel_mock_address(mock, "mx2.example.com", "192.0.2.2",
			300);
	if (r == 0)
		r = mxsel_mock_tlsa(mock, "_25._tcp.mx1.example.com", 3, 1, 1,
			digest, sizeof digest, 300);
	for (i = 0; i < sizeof names / sizeof names[0] && r == 0; i++)
		r = mxsel_mock_secure(mock, names[i], 0,
			MXSEL_SECURITY_SECURE);
	return r;
}
/* guide: end */

static int set_up(struct test *t)
{
	const struct tls tls = { play_begin, play_offers, play_name,
		play_identity, play_tlsa, play_handshake, &t->p };
	int r;

	memset(t, 0, sizeof *t);
	t->tls = tls;
	t->p.has_starttls = 1;
	t->p.key = 7;
	r = mxsel_mock_new(&t->mock);
	if (r == 0)
		r = script(t->mock);
	if (r == 0)
		r = mxsel_options_new(&t->options);
	if (r == 0)
		r = mxsel_options_set_resolver(t->options,
			mxsel_mock_resolver(t->mock));
	if (r == 0)
		r = mxsel_options_set(t->options, MXSEL_OPT_DANE, 1);
	if (r == 0)
		r = mxsel_new(&t->m, "user@example.com", t->options);
	return r;
}

static void deliver(struct test *t)
{
	CHECK(walk(t->m, &t->tls, &t->d) == MXSEL_END);
	t->d.action = mxsel_verdict_action(t->m);
	t->d.code = mxsel_verdict_code(t->m);
	t->d.status = mxsel_verdict_status(t->m);
}

static void tear_down(struct test *t)
{
	mxsel_free(t->m);
	mxsel_options_free(t->options);
	mxsel_mock_free(t->mock);
}

/* Does the TLS report have this entry? */
static int reports(const mxsel *m, const char *host, int policy, int result)
{
	const char *h;
	int p, r;
	size_t i;

	for (i = 0; mxsel_tlsrpt(m, i, &h, NULL, &p, &r) == 0; i++)
		if (strcmp(h, host) == 0 && p == policy && r == result)
			return 1;
	return 0;
}

static void a_tlsa_record_decides_whose_certificate_it_is(void)
{
	struct test t;

	CHECK(set_up(&t) == 0);
	deliver(&t);
	CHECK(t.d.is_sent && t.d.is_secret);
	CHECK(t.d.action == MXSEL_ACTION_DELIVERED);
	CHECK(strcmp(t.p.name, "mx1.example.com") == 0);
	CHECK(t.p.tlsa == 1 && t.p.identities == 2); /* host and domain */
	CHECK(reports(t.m, "mx1.example.com", MXSEL_TLSRPT_TLSA,
		MXSEL_TLSRPT_SUCCESS));
	print_tls_report(t.m, "198.51.100.25");
	tear_down(&t);
}

static void another_certificate_keeps_the_mail(void)
{
	struct test t;

	CHECK(set_up(&t) == 0);
	t.p.key = 8;
	CHECK(mxsel_mock_fail(t.mock, "mx2.example.com", 0,
		MXSEL_DNS_NXDOMAIN) == 0);
	deliver(&t);
	CHECK(!t.d.is_sent);
	CHECK(t.d.action == MXSEL_ACTION_DEFER && t.d.code == 451);
	CHECK(reports(t.m, "mx1.example.com", MXSEL_TLSRPT_TLSA,
		MXSEL_TLSRPT_CERTIFICATE_NOT_TRUSTED));
	tear_down(&t);
}

static void a_library_that_takes_no_record_cannot_verify(void)
{
	struct test t;

	CHECK(set_up(&t) == 0);
	t.p.lacks_digest = 1;
	t.p.certificate = "mx1.example.com"; /* and an authority's */
	deliver(&t);
	CHECK(t.d.is_sent && strcmp(t.p.name, "mx2.example.com") == 0);
	CHECK(reports(t.m, "mx1.example.com", MXSEL_TLSRPT_TLSA,
		MXSEL_TLSRPT_TLSA_INVALID));
	tear_down(&t);
}

static void a_host_whose_records_cannot_be_had_is_not_used(void)
{
	struct test t;

	CHECK(set_up(&t) == 0);
	CHECK(mxsel_mock_fail(t.mock, "_25._tcp.mx1.example.com",
		MXSEL_TYPE_TLSA, MXSEL_DNS_SERVFAIL) == 0);
	deliver(&t);
	CHECK(t.d.is_sent && strcmp(t.p.name, "mx2.example.com") == 0);
	CHECK(reports(t.m, "mx1.example.com", MXSEL_TLSRPT_TLSA,
		MXSEL_TLSRPT_DNSSEC_INVALID));
	tear_down(&t);
}

static void without_dane_a_host_without_tls_gets_clear_text(void)
{
	struct test t;

	CHECK(set_up(&t) == 0);
	t.p.has_starttls = 0;
	CHECK(mxsel_set_tls(t.m, MXSEL_TLS_OPTIONAL) == 0);
	deliver(&t);
	CHECK(t.d.is_sent && !t.d.is_secret);
	CHECK(mxsel_mock_asked(t.mock, NULL, MXSEL_TYPE_TLSA) == 0);
	tear_down(&t);
}

static void requiretls_bounces_where_nobody_offers_it(void)
{
	struct test t;

	CHECK(set_up(&t) == 0);
	t.p.certificate = "mx2.example.com";
	CHECK(mxsel_set_tls(t.m, MXSEL_TLS_REQUIRED) == 0);
	deliver(&t);
	CHECK(t.d.action == MXSEL_ACTION_BOUNCE && t.d.code == 550);
	CHECK(strcmp(t.d.status, "5.7.30") == 0);
	tear_down(&t);
}

/* The message has REQUIRETLS, and so have the hosts. */
static void set_up_requiretls(struct test *t)
{
	CHECK(set_up(t) == 0);
	t->p.has_requiretls = 1;
	CHECK(mxsel_set_tls(t->m, MXSEL_TLS_REQUIRED) == 0);
}

static void requiretls_goes_to_a_host_that_proves_itself(void)
{
	struct test t;

	set_up_requiretls(&t);
	deliver(&t);
	CHECK(t.d.is_sent && t.d.is_secret);
	CHECK(strcmp(t.p.name, "mx1.example.com") == 0);
	tear_down(&t);
}

static void requiretls_bounces_where_no_certificate_is_right(void)
{
	struct test t;

	set_up_requiretls(&t);
	t.p.key = 8;
	deliver(&t);
	CHECK(!t.d.is_sent && t.d.action == MXSEL_ACTION_BOUNCE);
	CHECK(t.d.code == 550 && strcmp(t.d.status, "5.7.10") == 0);
	tear_down(&t);
}

static void requiretls_bounces_where_there_is_no_tls(void)
{
	struct test t;

	set_up_requiretls(&t);
	t.p.has_starttls = 0;
	deliver(&t);
	CHECK(!t.d.is_sent && t.d.action == MXSEL_ACTION_BOUNCE);
	CHECK(t.d.code == 550 && strcmp(t.d.status, "5.7.10") == 0);
	tear_down(&t);
}

static void requiretls_waits_where_tls_is_away_for_now(void)
{
	struct test t;

	set_up_requiretls(&t);
	t.p.starttls_code = 454;
	deliver(&t);
	CHECK(!t.d.is_sent && t.d.action == MXSEL_ACTION_DEFER);
	CHECK(t.d.code == 451 && strcmp(t.d.status, "4.7.5") == 0);
	tear_down(&t);
}

#define POLICY_TEXT(mode) "version: STSv1\nmode: " mode \
	"\nmx: mx2.example.com\nmax_age: 86400\n"

static void a_policy_keeps_mail_from_hosts_it_does_not_list(void)
{
	static const char body[] = POLICY_TEXT("enforce");
	mxsel_sts *policy = NULL;
	struct test t;

	CHECK(set_up(&t) == 0);
	t.p.certificate = "mx2.example.com";
	CHECK(mxsel_sts_new(&policy, "example.com", body, strlen(body),
		1000) == 0);
	CHECK(mxsel_set_sts(t.m, policy, 1000) == 0);
	deliver(&t);
	CHECK(t.d.is_sent && t.d.is_secret);
	CHECK(strcmp(t.p.name, "mx2.example.com") == 0);
	CHECK(reports(t.m, "mx2.example.com", MXSEL_TLSRPT_STS,
		MXSEL_TLSRPT_SUCCESS));
	mxsel_sts_free(policy);
	tear_down(&t);
}

static void a_policy_in_testing_stops_nothing_and_reports(void)
{
	static const char body[] = POLICY_TEXT("testing");
	mxsel_sts *policy = NULL;
	struct test t;

	CHECK(set_up(&t) == 0);
	CHECK(mxsel_mock_fail(t.mock, "mx1.example.com", 0,
		MXSEL_DNS_NXDOMAIN) == 0);
	CHECK(mxsel_sts_new(&policy, "example.com", body, strlen(body),
		1000) == 0);
	CHECK(mxsel_set_sts(t.m, policy, 1000) == 0);
	deliver(&t);
	CHECK(t.d.action == MXSEL_ACTION_DELIVERED && t.d.is_secret);
	CHECK(reports(t.m, "mx2.example.com", MXSEL_TLSRPT_STS,
		MXSEL_TLSRPT_CERTIFICATE_HOST_MISMATCH));
	mxsel_sts_free(policy);
	tear_down(&t);
}

int main(void)
{
	a_tlsa_record_decides_whose_certificate_it_is();
	another_certificate_keeps_the_mail();
	a_library_that_takes_no_record_cannot_verify();
	a_host_whose_records_cannot_be_had_is_not_used();
	without_dane_a_host_without_tls_gets_clear_text();
	requiretls_bounces_where_nobody_offers_it();
	requiretls_goes_to_a_host_that_proves_itself();
	requiretls_bounces_where_no_certificate_is_right();
	requiretls_bounces_where_there_is_no_tls();
	requiretls_waits_where_tls_is_away_for_now();
	a_policy_keeps_mail_from_hosts_it_does_not_list();
	a_policy_in_testing_stops_nothing_and_reports();
	printf("%d of the checks failed\n", failures);
	return failures != 0;
}
