/*
 * A selection with a memory of hosts whose every request for memory fails
 * once: what is called again comes to the same order and the same trace, and
 * the memory of hosts was told nothing twice (R85, S39). May use the public
 * headers and tests/support.
 */
#include <check.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/walked.h"
#include "support/short_of_memory.h"

#define FAILED MXSEL_OUTCOME_TIMEOUT

static struct walked quiet, w;
static void (*past)(void); /* what happened before */
static uint64_t seed;

static void add_nowhere(mxsel_query *q)
{
	static const uint8_t nowhere[4] = { 224, 0, 0, 1 };

	if (strcmp(mxsel_query_name(q), "c.example") == 0 &&
		mxsel_query_type(q) == A)
		(void)mxsel_answer_address(q, nowhere, sizeof(nowhere), 300);
}

static int next(void)
{
	mxsel_query *q;
	int rc, refused = 0;

	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP || rc == MXSEL_ENOMEM) {
		refused += rc == MXSEL_ENOMEM;
		ck_assert_int_le(refused, 1);
		while ((q = mxsel_query_take(m)) != NULL)
			answer_outside(q, add_nowhere);
	}
	return rc;
}

static void add_trace(void)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail,
		&rule) == 0; i++)
		walked_add(&w, "%s %s: %s\n", mxsel_trace_name(code), subject,
			detail);
}

/* All that the memory may know by now, and how often it let one be tried. */
static void add_known(void)
{
	static const char *const names[] = { "a.example", "b.example",
		"both.example", "many.example", "192.0.2.1", "192.0.2.2",
		"192.0.2.4", "2001:db8::6", "192.0.2.41", "192.0.2.42",
		"2001:db8::61", "2001:db8::62" };
	char text[MXSEL_MEMORY_TEXT_SIZE];
	struct mxsel_memory_entry e;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (mxsel_memory_get(memory, names[i], 25, &e) != 1)
			continue;
		ck_assert_int_ge(mxsel_memory_format(&e, text, sizeof(text)),
			0);
		walked_add(&w, "%s\n", text);
	}
	walked_add(&w, "%d probes\n", (int)mxsel_memory_statistic(memory,
		MXSEL_MEMORY_PROBES));
}

static void try_all(void)
{
	int rc;

	while (next() == MXSEL_ATTEMPT) {
		walked_add(&w, "%s %s\n", mxsel_host_name(m),
			mxsel_address(m));
		add_known();
		do
			rc = mxsel_report(m, FAILED, 0, NULL);
		while (rc == MXSEL_ENOMEM);
		ck_assert_int_eq(rc, 0);
	}
}

static void play(const char *destination)
{
	size_t at = heap.fail_at;

	heap.fail_at = MEMORY_NEVER;
	mxsel_memory_free(memory);
	remember(clock_of);
	past();
	mxsel_options_set_seed(o, seed);
	heap.calls = 0;
	heap.fail_at = at;
	while (mxsel_new(&m, destination, o) == MXSEL_ENOMEM)
		;
	w.size = 0;
	try_all();
	walked_end(&w, m);
	add_trace();
	add_known();
	mxsel_free(m);
	m = NULL;
}

/* A seed with which this is said. */
static void find_seed(const char *domain, const char *said)
{
	for (seed = 1; seed < 100; seed++) {
		play(domain);
		if (strstr(w.text, said) != NULL)
			return;
	}
	ck_abort_msg("%s: never \"%s\"", domain, said);
}

static void fail_each(const char *destination)
{
	size_t n, all;

	play(destination);
	memcpy(&quiet, &w, sizeof(w));
	all = heap.calls;
	for (n = 0; n < all; n++) {
		heap.fail_at = n;
		play(destination);
		heap.fail_at = MEMORY_NEVER;
		ck_assert_str_eq(w.text, quiet.text);
	}
}

/*
 * Local parts of many lengths before it: each request of the selection's own
 * is then once the one that needs a block of memory.
 */
static void fail_everywhere(void (*before)(void), const char *domain,
	const char *said)
{
	char destination[1400];
	int length;

	past = before;
	find_seed(domain, said);
	for (length = 1; length < 1000; length += 8) {
		memset(destination, 'l', (size_t)length);
		(void)snprintf(destination + length,
			sizeof(destination) - (size_t)length, "@%s", domain);
		fail_each(destination);
		ck_assert_ptr_nonnull(strstr(quiet.text, said));
	}
}

/* After two half-lives it is a quarter as bad. */
static void wait(void)
{
	now += 60000;
}

static void reports(const char *host, const char *address, int code,
	const char *text)
{
	ck_assert_int_eq(mxsel_memory_report(memory, host, address, 25,
		MXSEL_OUTCOME_RCPT, code, text), 0);
}

static void a_host_failed(void)
{
	fails("a.example", NULL);
}

static void a_host_failed_a_while_ago(void)
{
	fails("a.example", NULL);
	wait();
}

static void both_hosts_failed(void)
{
	fails("a.example", "192.0.2.1");
	fails("b.example", "192.0.2.2");
}

static void an_address_failed(void)
{
	fails(NULL, "192.0.2.41");
	fails(NULL, "192.0.2.1");
}

static void an_address_failed_a_while_ago(void)
{
	fails(NULL, "2001:db8::61");
	fails(NULL, "192.0.2.1");
	wait();
}

static void all_addresses_failed(void)
{
	an_address_failed();
	fails(NULL, "192.0.2.42");
	fails(NULL, "2001:db8::61");
	fails(NULL, "2001:db8::62");
}

static void a_policy_rejected(void)
{
	reports("both.example", "2001:db8::6", 550, "5.7.1 not from there");
	reports("many.example", "2001:db8::61", 550, "5.7.1 not from there");
}

static void one_rejected_and_one_failed(void)
{
	an_address_failed();
	wait();
	a_policy_rejected();
}

static void one_said_again(void)
{
	reports("many.example", "192.0.2.42", 450, "4.2.0 later");
}

#define PROBED "in its place, to see whether it is well again"

START_TEST(S39_R85_a_tie_in_which_one_failed)
{
	fail_everywhere(a_host_failed, "two.example",
		"a.example: behind its equals");
	fail_everywhere(a_host_failed_a_while_ago, "two.example",
		"a.example: " PROBED);
	fail_everywhere(both_hosts_failed, "two.example",
		"ignored: all hosts of a preference failed");
}
END_TEST

START_TEST(S39_R85_a_host_of_which_an_address_failed)
{
	fail_everywhere(an_address_failed, "many.example",
		"192.0.2.41: behind the others of many.example");
	fail_everywhere(an_address_failed_a_while_ago, "many.example",
		"2001:db8::61: " PROBED);
	fail_everywhere(all_addresses_failed, "many.example",
		"ignored: all addresses failed");
}
END_TEST

START_TEST(S39_R85_a_family_whose_turn_it_is)
{
	fail_everywhere(a_policy_rejected, "both.example",
		"IPv4 first: the other family was rejected");
	fail_everywhere(one_rejected_and_one_failed, "many.example",
		"192.0.2.41: " PROBED);
	ck_assert_ptr_nonnull(strstr(quiet.text, "many.example: IPv4 first"));
}
END_TEST

START_TEST(S39_R85_an_address_that_asked_to_come_again)
{
	fail_everywhere(one_said_again, "many.example",
		"192.0.2.42: first of many.example");
}
END_TEST

START_TEST(R20_S39_R85_a_tie_in_which_one_has_an_address_that_is_refused)
{
	fail_everywhere(a_host_failed, "three.example",
		"a.example: behind its equals");
	ck_assert_ptr_nonnull(strstr(quiet.text, " 224.0.0.1\n"));
}
END_TEST

/* All equals are looked up before one is tried. */
START_TEST(S39_R56_R85_hosts_that_are_all_asked_first)
{
	ck_assert_int_eq(mxsel_options_add_self_address(o, "203.0.113.9"), 0);
	fail_everywhere(one_rejected_and_one_failed, "pair.example",
		"IPv4 first: the other family was rejected");
	fail_everywhere(a_host_failed_a_while_ago, "two.example",
		"a.example: " PROBED);
	fail_everywhere(a_host_failed, "three.example",
		"a.example: behind its equals");
	ck_assert_ptr_nonnull(strstr(quiet.text, " 224.0.0.1\n"));
}
END_TEST

START_TEST(S39_R85_attempts_of_equal_hosts_are_shuffled)
{
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	fail_everywhere(an_address_failed, "two.example",
		"192.0.2.1: behind the others of two.example");
	fail_everywhere(an_address_failed_a_while_ago, "two.example",
		"192.0.2.1: " PROBED);
	fail_everywhere(both_hosts_failed, "two.example",
		"ignored: all addresses failed");
	fail_everywhere(a_host_failed, "two.example", "a.example");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: memory of hosts, no memory");
	TCase *t = tcase_create("S39");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, begin_failing, end_failing);
	tcase_add_test(t, S39_R85_a_tie_in_which_one_failed);
	tcase_add_test(t, S39_R85_a_host_of_which_an_address_failed);
	tcase_add_test(t, S39_R85_a_family_whose_turn_it_is);
	tcase_add_test(t, S39_R85_an_address_that_asked_to_come_again);
	tcase_add_test(t,
		R20_S39_R85_a_tie_in_which_one_has_an_address_that_is_refused);
	tcase_add_test(t, S39_R56_R85_hosts_that_are_all_asked_first);
	tcase_add_test(t, S39_R85_attempts_of_equal_hosts_are_shuffled);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
