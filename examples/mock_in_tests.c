/*
 * How a mail server tests its own delivery code: <mxsel/mock.h> plays the
 * DNS, a table plays the network, and what is asserted is what becomes of
 * the mail. Nothing waits: the clock is virtual. The exit code is 0 when
 * every test passed.
 */
#include <stdio.h>
#include <string.h>

#include <mxsel/mock.h>
#include <mxsel/mxsel.h>

/* ----------------------------------- the mail server's own code under test */

enum fate { DELIVERED, DEFERRED, BOUNCED };

/* Connects and speaks SMTP; 1: the mail was taken. */
typedef int (*send_fn)(const mxsel *m, void *user);

/* guide: tested */
static enum fate deliver(mxsel *m, send_fn send_mail, void *user)
{
	int r;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT)
		if (send_mail(m, user))
			return DELIVERED;
	if (r == MXSEL_END && mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE)
		return BOUNCED;
	return DEFERRED;
}
/* guide: end */

/* ------------------------------------------------------ a network of one MX */

struct network {
	const char *listening; /* the one address that takes mail */
	int connections;
};

static int play_network(const mxsel *m, void *user)
{
	struct network *network = user;

	network->connections++;
	return network->listening != NULL &&
		strcmp(network->listening, mxsel_address(m)) == 0;
}

/* -------------------------------------------------------------- the harness */

static int failures;

#define CHECK(what) \
	do { \
		if (!(what)) { \
			failures++; \
			printf("%s:%d: %s: %s\n", __FILE__, __LINE__, \
				__func__, #what); \
		} \
	} while (0)

/* guide: setup */
struct test {
	mxsel_mock *mock;
	mxsel *m;
	struct network network;
};

/* A mock that knows two hosts, and a selection that asks it. */
static int set_up(struct test *t, const char *destination)
{
	mxsel_options *options = NULL;
	int r;

	memset(t, 0, sizeof *t);
	r = mxsel_mock_new(&t->mock);
	if (r == 0)
		r = mxsel_mock_mx(t->mock, "example.com", 10,
			"mx1.example.com", 300);
	if (r == 0)
		r = mxsel_mock_mx(t->mock, "example.com", 20,
			"mx2.example.com", 300);
	if (r == 0)
		r = mxsel_mock_address(t->mock, "mx1.example.com",
			"192.0.2.1", 300);
	if (r == 0)
		r = mxsel_mock_address(t->mock, "mx2.example.com",
			"2001:db8::2", 300);
	if (r == 0)
		r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options,
			mxsel_mock_resolver(t->mock));
	if (r == 0)
		r = mxsel_new(&t->m, destination, options);
	mxsel_options_free(options); /* the selection keeps them */
	return r;
}

static void tear_down(struct test *t)
{
	mxsel_free(t->m);
	mxsel_mock_free(t->mock); /* last: the selection used it */
}
/* guide: end */

/* ---------------------------------------------------------------- the tests */

/* guide: second */
static void the_second_host_takes_what_the_first_does_not(void)
{
	struct test t;

	CHECK(set_up(&t, "example.com") == 0);
	t.network.listening = "2001:db8::2";
	CHECK(deliver(t.m, play_network, &t.network) == DELIVERED);
	CHECK(t.network.connections == 2);
	CHECK(strcmp(mxsel_host_name(t.m), "mx2.example.com") == 0);
	tear_down(&t);
}
/* guide: end */

static void mail_is_kept_when_no_host_answers(void)
{
	struct test t;

	CHECK(set_up(&t, "example.com") == 0);
	CHECK(deliver(t.m, play_network, &t.network) == DEFERRED);
	CHECK(t.network.connections == 2);
	CHECK(mxsel_verdict_reason(t.m) == MXSEL_REASON_UNREACHABLE);
	tear_down(&t);
}

/* guide: servfail */
static void a_servfail_keeps_the_mail_and_asks_no_address(void)
{
	struct test t;

	CHECK(set_up(&t, "example.com") == 0);
	CHECK(mxsel_mock_fail(t.mock, "example.com", MXSEL_TYPE_MX,
		MXSEL_DNS_SERVFAIL) == 0);
	CHECK(deliver(t.m, play_network, &t.network) == DEFERRED);
	CHECK(mxsel_verdict_code(t.m) == 451);
	CHECK(t.network.connections == 0);
	CHECK(mxsel_mock_asked(t.mock, "example.com", MXSEL_TYPE_A) == 0);
	CHECK(mxsel_mock_asked(t.mock, "example.com", MXSEL_TYPE_AAAA) == 0);
	tear_down(&t);
}
/* guide: end */

static void a_null_mx_bounces_without_another_question(void)
{
	struct test t;

	CHECK(set_up(&t, "example.net") == 0);
	CHECK(mxsel_mock_mx(t.mock, "example.net", 0, ".", 300) == 0);
	CHECK(deliver(t.m, play_network, &t.network) == BOUNCED);
	CHECK(mxsel_verdict_code(t.m) == 556);
	CHECK(strcmp(mxsel_verdict_status(t.m), "5.1.10") == 0);
	CHECK(mxsel_mock_asked(t.mock, NULL, 0) == 1);
	tear_down(&t);
}

static void a_domain_that_does_not_exist_bounces(void)
{
	struct test t;

	CHECK(set_up(&t, "nobody.example") == 0);
	CHECK(deliver(t.m, play_network, &t.network) == BOUNCED);
	CHECK(mxsel_verdict_reason(t.m) == MXSEL_REASON_NO_DOMAIN);
	tear_down(&t);
}

/* guide: slow */
static void a_slow_answer_is_waited_for(void)
{
	struct test t;

	CHECK(set_up(&t, "example.com") == 0);
	CHECK(mxsel_mock_delay(t.mock, "example.com", MXSEL_TYPE_MX,
		4000) == 0);
	t.network.listening = "192.0.2.1";
	CHECK(deliver(t.m, play_network, &t.network) == DELIVERED);
	CHECK(mxsel_mock_now(t.mock) >= 4000);
	tear_down(&t);
}

static void a_dns_that_is_silent_keeps_the_mail(void)
{
	struct test t;

	CHECK(set_up(&t, "example.com") == 0);
	CHECK(mxsel_mock_misbehave(t.mock, "example.com", MXSEL_TYPE_MX,
		MXSEL_MOCK_NEVER) == 0);
	CHECK(deliver(t.m, play_network, &t.network) == DEFERRED);
	CHECK(mxsel_verdict_reason(t.m) == MXSEL_REASON_DNS_TEMPORARY);
	tear_down(&t);
}
/* guide: end */

/* guide: loop */
static void an_event_loop_goes_on_when_the_answer_is_there(void)
{
	struct test t;

	CHECK(set_up(&t, "example.com") == 0);
	CHECK(mxsel_mock_set_blocking(t.mock, 0) == 0);
	CHECK(mxsel_mock_delay(t.mock, "example.com", MXSEL_TYPE_MX,
		100) == 0);
	CHECK(mxsel_next(t.m) == MXSEL_LOOKUP);
	CHECK(mxsel_mock_advance(t.mock, 99) == 0);
	CHECK(mxsel_next(t.m) == MXSEL_LOOKUP);
	CHECK(mxsel_mock_advance(t.mock, 1) == 1);
	CHECK(mxsel_next(t.m) == MXSEL_LOOKUP); /* now the addresses */
	CHECK(mxsel_mock_advance(t.mock, 0) == 2);
	CHECK(mxsel_next(t.m) == MXSEL_ATTEMPT);
	CHECK(strcmp(mxsel_address(t.m), "192.0.2.1") == 0);
	tear_down(&t);
}

static void a_delivery_given_up_leaves_no_question_behind(void)
{
	struct test t;

	CHECK(set_up(&t, "example.com") == 0);
	CHECK(mxsel_mock_set_blocking(t.mock, 0) == 0);
	CHECK(mxsel_next(t.m) == MXSEL_LOOKUP);
	mxsel_free(t.m);
	t.m = NULL;
	CHECK(mxsel_mock_cancelled(t.mock) == 1);
	CHECK(mxsel_mock_advance(t.mock, 60000) == 0);
	tear_down(&t);
}
/* guide: end */

/* guide: main */
int main(void)
{
	the_second_host_takes_what_the_first_does_not();
	mail_is_kept_when_no_host_answers();
	a_servfail_keeps_the_mail_and_asks_no_address();
	a_null_mx_bounces_without_another_question();
	a_domain_that_does_not_exist_bounces();
	a_slow_answer_is_waited_for();
	a_dns_that_is_silent_keeps_the_mail();
	an_event_loop_goes_on_when_the_answer_is_there();
	a_delivery_given_up_leaves_no_question_behind();
	printf("%d of the checks failed\n", failures);
	return failures != 0;
}
/* guide: end */
