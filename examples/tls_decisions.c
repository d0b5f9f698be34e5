/*
 * What a mail server does with the postures of a selection. Its TLS library
 * and its HTTPS client stand behind function pointers; here a table plays
 * both, <mxsel/mock.h> plays a DNS that validates, and what is asserted is
 * over which kind of connection the mail goes, or why it stays. Nothing
 * leaves the process. The exit code is 0 when every test passed.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mock.h>
#include <mxsel/mxsel.h>
#include <mxsel/security.h>

/* ------------------------------------ what a mail server has for TLS, HTTPS */

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
	/* It may match this record (SSL_dane_enable, SSL_dane_tlsa_add). */
	void (*add_tlsa)(void *connection, int usage, int selector,
		int matching, const uint8_t *data, size_t length);
	/* STARTTLS and the handshake; 1: TLS stands, 0: the connection is of
	   no more use. In result, whatever the posture: what is wrong with
	   it, MXSEL_TLSRPT_* (SSL_connect with SSL_VERIFY_NONE, then
	   SSL_get_verify_result). */
	int (*handshake)(void *connection, int *result);
	void *connection;
};
/* guide: end */

/* guide: web */
/* The rest of the Internet, for MTA-STS. */
struct web {
	/* The TXT records of name; how many, -1: cannot be known now. */
	int (*texts)(void *user, const char *name, const char **texts,
		size_t *lengths, int room);
	/* GET with a certificate for the host, no redirect, a time limit of a
	   minute; 1: the body is there. */
	int (*get)(void *user, const char *url, char *body, size_t *size);
	void *user;
};
/* guide: end */

/* ----------------------------------------------- the mail server's own code */

/* guide: prepare */
/* Tell the TLS library what to expect of the host reached. */
static void prepare(const mxsel *m, const struct tls *tls)
{
	int usage, selector, matching;
	const uint8_t *data;
	size_t i, length;

	if (mxsel_tls_name(m)[0] != '\0')
		tls->set_name(tls->connection, mxsel_tls_name(m));
	for (i = 0; i < mxsel_tls_identity_count(m); i++)
		tls->add_identity(tls->connection, mxsel_tls_identity(m, i));
	for (i = 0; mxsel_posture(m) == MXSEL_POSTURE_DANE && mxsel_tlsa(m, i,
		&usage, &selector, &matching, &data, &length) == 0; i++)
		tls->add_tlsa(tls->connection, usage, selector, matching,
			data, length);
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
		if (result == MXSEL_TLSRPT_SUCCESS)
			return 0;
		/* What the message requires fails for good (RFC 8689). */
		return mxsel_tls(m) == MXSEL_TLS_REQUIRED ?
			MXSEL_OUTCOME_TLS : MXSEL_OUTCOME_POLICY;
	default:
		return MXSEL_OUTCOME_TLS; /* a posture to come: the strongest */
	}
}
/* guide: end */

/* guide: secure */
/*
 * After EHLO: bring up what the posture asks for. 0: go on with MAIL, over
 * TLS if it is up, else in clear text (on a new connection, when a handshake
 * broke the old one); else the outcome.
 */
static int secure(mxsel *m, const struct tls *tls, int *is_up)
{
	int result = MXSEL_TLSRPT_STARTTLS_NOT_SUPPORTED;
	int outcome;

	*is_up = 0;
	if (tls->offers(tls->connection, "STARTTLS")) {
		prepare(m, tls);
		*is_up = tls->handshake(tls->connection, &result);
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

/* guide: policy */
/* The policy of one domain as it is kept, in memory and on disk. */
struct kept {
	char id[33];       /* of the TXT record it was fetched for */
	mxsel_sts *policy; /* NULL: none */
};

/* Fetch the body, and keep what it says if it is a policy. */
static void fetch(struct kept *kept, const struct web *web,
	const char *domain, const char *id, uint64_t now)
{
	char url[320], body[65536];
	size_t size = sizeof body;
	mxsel_sts *policy;

	snprintf(url, sizeof url, "https://mta-sts.%s/.well-known/mta-sts.txt",
		domain);
	if (!web->get(web->user, url, body, &size))
		return; /* sts-policy-fetch-error in the TLS report */
	if (mxsel_sts_new(&policy, domain, body, size, now) != 0)
		return; /* sts-policy-invalid */
	mxsel_sts_free(kept->policy);
	kept->policy = policy;
	snprintf(kept->id, sizeof kept->id, "%s", id);
}

/*
 * The policy for mail to domain now; NULL: none. Whatever fails here leaves
 * what is kept, until that expires: it is never a reason to bounce or to keep
 * a mail (RFC 8461, 3.3 and 5.1).
 */
static const mxsel_sts *policy_for(struct kept *kept, const struct web *web,
	const char *domain, uint64_t now)
{
	const char *texts[16];
	size_t lengths[16];
	char name[300], id[33];
	int count;

	snprintf(name, sizeof name, "_mta-sts.%s", domain);
	count = web->texts(web->user, name, texts, lengths, 16);
	if (count > 0 && mxsel_sts_id(id, texts, lengths,
		(size_t)count) == 0 && (kept->policy == NULL ||
		strcmp(id, kept->id) != 0 ||
		mxsel_sts_expires(kept->policy) <= now))
		fetch(kept, web, domain, id, now);
	if (kept->policy != NULL && mxsel_sts_expires(kept->policy) <= now) {
		mxsel_sts_free(kept->policy);
		kept->policy = NULL;
	}
	return kept->policy;
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
	int r, outcome;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		/* Connect, read the greeting, say EHLO; then: */
		tls->begin(tls->connection);
		outcome = secure(m, tls, &d->is_secret);
		if (outcome == 0) {
			/* MAIL, RCPT and DATA: here they always go well. */
			outcome = MXSEL_OUTCOME_DELIVERED;
			d->is_sent = 1;
		}
		if ((r = mxsel_report(m, outcome, 0, NULL)) != 0)
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

/* ------------------------------------------------- a host and a web, played */

struct played {
	int has_starttls;
	int has_requiretls;
	const char *certificate; /* the name it is for; NULL: nobody's */
	uint8_t key;             /* every octet of its key's digest */
	/* What it was told on this connection. */
	char name[256];
	size_t identities, tlsa;
	int name_fits, key_fits;
	/* The web. */
	const char *text, *body;
	int fetched;
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

static void play_tlsa(void *connection, int usage, int selector,
	int matching, const uint8_t *data, size_t length)
{
	struct played *p = connection;

	p->tlsa++;
	if (usage == 3 && selector == 1 && matching == 1 && length == 32 &&
		data[0] == p->key && data[31] == p->key)
		p->key_fits = 1;
}

static int play_handshake(void *connection, int *result)
{
	const struct played *p = connection;

	if (p->tlsa > 0)
		*result = p->key_fits ? MXSEL_TLSRPT_SUCCESS :
			MXSEL_TLSRPT_CERTIFICATE_NOT_TRUSTED;
	else
		*result = p->name_fits ? MXSEL_TLSRPT_SUCCESS :
			MXSEL_TLSRPT_CERTIFICATE_HOST_MISMATCH;
	return 1;
}

static int play_texts(void *user, const char *name, const char **texts,
	size_t *lengths, int room)
{
	const struct played *p = user;

	if (p->text == NULL || room < 1 ||
		strcmp(name, "_mta-sts.example.com") != 0)
		return -1;
	texts[0] = p->text;
	lengths[0] = strlen(p->text);
	return 1;
}

static int play_get(void *user, const char *url, char *body, size_t *size)
{
	struct played *p = user;

	p->fetched++;
	if (p->body == NULL || strlen(p->body) > *size || strcmp(url,
		"https://mta-sts.example.com/.well-known/mta-sts.txt") != 0)
		return 0;
	*size = strlen(p->body);
	memcpy(body, p->body, *size);
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
	struct web web;
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
	const struct web web = { play_texts, play_get, &t->p };
	int r;

	memset(t, 0, sizeof *t);
	t->tls = tls;
	t->web = web;
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
	CHECK(t.p.tlsa == 1 && t.p.identities >= 1);
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

#define POLICY_TEXT(mode) "version: STSv1\nmode: " mode \
	"\nmx: mx2.example.com\nmax_age: 86400\n"

static void a_policy_keeps_mail_from_hosts_it_does_not_list(void)
{
	struct kept kept = { "", NULL };
	struct test t;

	CHECK(set_up(&t) == 0);
	t.p.certificate = "mx2.example.com";
	t.p.text = "v=STSv1; id=1;";
	t.p.body = POLICY_TEXT("enforce");
	CHECK(mxsel_set_sts(t.m, policy_for(&kept, &t.web, "example.com",
		1000), 1000) == 0);
	deliver(&t);
	CHECK(t.d.is_sent && t.d.is_secret);
	CHECK(strcmp(t.p.name, "mx2.example.com") == 0);
	CHECK(reports(t.m, "mx2.example.com", MXSEL_TLSRPT_STS,
		MXSEL_TLSRPT_SUCCESS));
	mxsel_sts_free(kept.policy);
	tear_down(&t);
}

static void a_policy_in_testing_stops_nothing_and_reports(void)
{
	struct kept kept = { "", NULL };
	struct test t;

	CHECK(set_up(&t) == 0);
	CHECK(mxsel_mock_fail(t.mock, "mx1.example.com", 0,
		MXSEL_DNS_NXDOMAIN) == 0);
	t.p.text = "v=STSv1; id=1;";
	t.p.body = POLICY_TEXT("testing");
	CHECK(mxsel_set_sts(t.m, policy_for(&kept, &t.web, "example.com",
		1000), 1000) == 0);
	deliver(&t);
	CHECK(t.d.action == MXSEL_ACTION_DELIVERED && t.d.is_secret);
	CHECK(reports(t.m, "mx2.example.com", MXSEL_TLSRPT_STS,
		MXSEL_TLSRPT_CERTIFICATE_HOST_MISMATCH));
	mxsel_sts_free(kept.policy);
	tear_down(&t);
}

static void a_policy_lives_until_it_expires_whatever_the_web_does(void)
{
	struct kept kept = { "", NULL };
	struct test t;

	CHECK(set_up(&t) == 0);
	CHECK(policy_for(&kept, &t.web, "example.com", 0) == NULL);
	CHECK(t.p.fetched == 0); /* no TXT record: nobody asks the web */
	t.p.text = "v=STSv1; id=1;";
	CHECK(policy_for(&kept, &t.web, "example.com", 0) == NULL);
	t.p.body = POLICY_TEXT("enforce");
	CHECK(policy_for(&kept, &t.web, "example.com", 0) != NULL);
	CHECK(policy_for(&kept, &t.web, "example.com", 9) == kept.policy);
	CHECK(t.p.fetched == 2); /* the same id: not fetched again */
	t.p.text = "v=STSv1; id=2;";
	t.p.body = "<html>";
	CHECK(policy_for(&kept, &t.web, "example.com", 99) == kept.policy);
	CHECK(t.p.fetched == 3 && strcmp(kept.id, "1") == 0);
	t.p.text = NULL;
	CHECK(policy_for(&kept, &t.web, "example.com", 86399) != NULL);
	CHECK(policy_for(&kept, &t.web, "example.com", 86400) == NULL);
	tear_down(&t);
}

int main(void)
{
	a_tlsa_record_decides_whose_certificate_it_is();
	another_certificate_keeps_the_mail();
	a_host_whose_records_cannot_be_had_is_not_used();
	without_dane_a_host_without_tls_gets_clear_text();
	requiretls_bounces_where_nobody_offers_it();
	a_policy_keeps_mail_from_hosts_it_does_not_list();
	a_policy_in_testing_stops_nothing_and_reports();
	a_policy_lives_until_it_expires_whatever_the_web_does();
	printf("%d of the checks failed\n", failures);
	return failures != 0;
}
