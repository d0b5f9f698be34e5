/*
 * Every single thing about destination, names and hosts that a saved selection
 * is refused for, alone: what is changed is seen by nothing but the one rule
 * about it (R80). May use lib/select.
 */
#define _DEFAULT_SOURCE
#include "support/forged.h"

#include "support/run.h"

/* --- the whole ----------------------------------------------------------- */

START_TEST(R80_octets_of_another_kind_are_none)
{
	reach("d.example", 1);
	bytes[0] ^= 1;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	save();
	size++; /* there is one more, which nobody counted */
	put(size - 4, mxsel__saved_crc(bytes, size - 4), 4);
	ck_assert_int_eq(resume(), MXSEL_ESYNTAX);
	save();
	put(6, size - 1, 4); /* and the check is of that */
	put(size - 4, mxsel__saved_crc(bytes, size - 4), 4);
	ck_assert_int_eq(resume(), MXSEL_ESYNTAX);
	memset(bytes, 0, 20);
	memcpy(bytes, "MXSV\0\2", 6);
	for (size = 14; size < 20; size++)
		ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R80_a_selection_has_a_port_and_a_destination)
{
	reach("d.example", 1);
	REFUSED(m->port = 0);
	begin("");
	FINE(m->kind = DESTINATION_NO_IDN; m->bad = NULL);
	m->kind = DESTINATION_NO_IDN;
	m->bad = NULL;
	NUMBER_IS(kind, DESTINATION_NONE);
}
END_TEST

START_TEST(R80_names_are_as_the_library_writes_them)
{
	reach("d.example", 1);
	FINE(m->original = "other.example");
	REFUSED(m->original = "D.example");
	REFUSED(m->original = "d_.example ");
	REFUSED(m->original = "192.0.2.1");
	REFUSED(m->original = "");
	REFUSED(m->domain = "D.example");
	REFUSED(m->domain = "192.0.2.1");
	REFUSED(m->address = "192.0.2.1");
	REFUSED(m->hosts[0].canonical = "FAR.example");
	REFUSED(m->hosts[0].canonical = "192.0.2.1");
	REFUSED(m->hosts[0].name = "One.example");
	REFUSED(m->hosts[0].name = "192.0.2.1");
	reach("[IPv6:2001:DB8::1]", 1);
	FINE(m->address = "2001:db8::2");
	REFUSED(m->address = "2001:DB8::1");
	REFUSED(m->address = "2001:db8::1g");
	REFUSED(m->address = "");
	REFUSED(m->original = "d.example");
	REFUSED(m->domain = "d.example");
	REFUSED(m->hosts[0].name = m->hosts[0].canonical = "x.example");
	REFUSED(m->hosts[0].name = m->hosts[0].canonical = "2001:DB8::1");
	REFUSED(m->hosts[0].nameless = 1);
}
END_TEST

START_TEST(R80_texts_hold_nothing_that_would_break_a_line)
{
	static const char *const lines[] = { "a\nb", "a\x7f", "\x1f" };
	static const char *const words[] = { "a b", "a\x7f", "a\xc3\xa4",
		"a\tb" };
	size_t i;

	begin("");
	FINE(m->bad = "why \xc3\xa4 ~");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		REFUSED(m->bad = lines[i]);
	to_the_end("none.example");
	FINE(m->destination = "a\nb c\xc3\xa4\x7f");
	ck_assert_ptr_nonnull(m->rejected);
	FINE(m->rejected->subject = "!~");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		REFUSED(m->rejected->subject = words[i]);
	m->rejected->subject = "mx.none.example";
	save();
	bytes[text_place(0) + 2 + 4] = 0;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
}
END_TEST

/* Cut anywhere, it is never read beyond; nor when a length says so. */
START_TEST(S38_R80_no_length_leads_beyond_the_end)
{
	size_t whole, at;

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	reach("d.example", 2);
	whole = size;
	for (; size >= SAVED_HEAD + SAVED_TAIL; size--)
		if (size < whole)
			ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	save();
	/* The host is all there is: its records say they are longer. */
	at = behind("far.example") + 6;
	ck_assert_uint_eq(bytes[at], 2);
	size = at + 1 + 5 + 32 + 4;
	put(at + 4, 16000, 2);
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	save();
	size = text_place(1) + 20;
	bytes[text_place(1)] = 250;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
}
END_TEST

/* --- before the first question ------------------------------------------- */

START_TEST(R80_at_the_start_nothing_is_known_yet)
{
	static const uint8_t host[] = "\1a\0\0\0\1\0\0"; /* of MX, at 0 */

	begin("d.example");
	NUMBER_IS(flags, 1);
	NUMBER_IS(met, MET_TEMPORARY);
	NUMBER_IS(mx_security, MXSEL_SECURITY_INSECURE);
	NUMBER_IS(plan, PLAN_NULL_MX);
	NUMBER_IS(query_count, 1);
	NUMBER_IS(source, MXSEL_SOURCE_MX);
	NUMBER_IS(tlsa_octets, 1);
	NUMBER_IS(ttl, 5);
	NUMBER_IS(next_host, 1);
	NUMBER_IS(random.state[0], 1);
	NUMBER_IS(dane_host, 1);
	NUMBER_IS(dane_step, 1);
	NUMBER_IS(verdict, MXSEL__V_DNS);
	NUMBER_IS(custom, 1);
	NUMBER_IS(outcome, 1);
	save();
	bytes[text_place(3) + 1] = 'e';
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	save();
	put(place_of(offsetof(struct mxsel, host_count)), 1, 2);
	put(place_of(offsetof(struct mxsel, source)), 1, 1);
	insert(text_place(5) + 1, host, sizeof(host) - 1);
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	save();
	put(place_of(offsetof(struct mxsel, host_count)), 1, 2);
	insert(text_place(5) + 1, host, sizeof(host) - 1);
	bytes[text_place(5) + 1 + 5] = 0;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
}
END_TEST

/* Whoever has a name has a seed as soon as it is asked for (R31). */
START_TEST(R31_R80_a_seed_is_drawn_before_the_first_question)
{
	static const char *const named[] = { "d.example", "[far.example]" };
	size_t i;

	for (i = 0; i < 2; i++) {
		reach(named[i], 1);
		REFUSED(m->seeded = 0);
		REFUSED(memset(&m->random, 0, sizeof(m->random)));
		REFUSED(m->seeded = 0;
			memset(&m->random, 0, sizeof(m->random)));
	}
	reach("[192.0.2.1]", 1);
	ck_assert_int_eq(m->seeded, 0);
	REFUSED(m->random.state[3] = 1);
}
END_TEST

/* --- the hosts ----------------------------------------------------------- */

START_TEST(R80_a_plan_is_one_of_hosts_of_one_source)
{
	reach("d.example", 1);
	REFUSED(m->plan = PLAN_NULL_MX);
	REFUSED(m->mx_security = MXSEL_SECURITY_BOGUS; m->secure = 0);
	FINE(m->mx_security = MXSEL_SECURITY_INSECURE; m->secure = 0);
	REFUSED(m->next_host = 4);
	REFUSED(m->next_host = 100);
	REFUSED(m->hosts[1].source = MXSEL_SOURCE_IMPLICIT);
	REFUSED(m->hosts[1].preference = 9);
	REFUSED(m->hosts[0].preference = 15; m->hosts[1].preference = 12);
	REFUSED(m->hosts[2].preference = 19);
	REFUSED(m->best = 11);
	FINE(m->hosts[1].extra = MXSEL_REJECT_STS);
	REFUSED(m->hosts[1].extra = 200);
	to_the_end("none.example");
	REFUSED(m->source = m->hosts[0].source = MXSEL_SOURCE_NONE);
	mxsel_free(m);
	m = NULL;
	/* On its way there is a source, even when no host is left. */
	to_the_end("none.example");
	m->state = STATE_GROUP;
	m->verdict = MXSEL__V_TRY;
	m->host_count = m->next_host = 0;
	FINE((void)0);
	REFUSED(m->source = MXSEL_SOURCE_NONE);
}
END_TEST

/* Behind its name: that of its aliases, preference, source, bits, why it is
 * not used, path. */
START_TEST(R80_nothing_is_known_of_a_host_before_its_turn)
{
	static const uint8_t name[] = "a.example";
	size_t at;

	reach("d.example", 1);
	at = behind("two.example");
	ck_assert_uint_eq(bytes[at + 4], 0);
	bytes[at + 4] = SAVED_SKIP;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	save();
	bytes[at + 6] = PATH_SECURE;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	save();
	insert(at + 1, name, sizeof(name) - 1);
	bytes[at] = sizeof(name) - 1;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	/* Of one whose turn it was, one thing or the other. */
	set(MXSEL_OPT_DANE, 1);
	reach("d.example", 1);
	ck_assert_int_eq(m->hosts[0].base, BASE_EXPANDED);
	at = behind("far.example");
	ck_assert(bytes[at + 3] & SAVED_EXPANDED);
	bytes[at + 3] |= SAVED_AT_DOMAIN;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R80_R95_what_a_policy_said_is_what_one_can_say)
{
	reach("d.example", 1);
	FINE(m->hosts[0].sts = MXSEL_STS_TESTING);
	REFUSED(m->hosts[0].sts = 3);
	REFUSED(m->hosts[0].sts = MXSEL_STS_TESTING;
		m->tls = MXSEL_TLS_OPTIONAL);
	FINE(m->tls = MXSEL_TLS_OPTIONAL);
	reach("i.example", 1);
	FINE(m->hosts[0].sts = MXSEL_STS_ENFORCE);
	reach("[far.example]", 1);
	REFUSED(m->hosts[0].sts = MXSEL_STS_ENFORCE);
}
END_TEST

START_TEST(R80_R96_whose_name_nobody_vouches_for_is_not_reached_by_name)
{
	reach("d.example", 1);
	FINE(m->tls = MXSEL_TLS_REQUIRED);
	REFUSED(m->tls = MXSEL_TLS_REQUIRED; m->secure = 0;
		m->mx_security = MXSEL_SECURITY_INSECURE);
	FINE(m->tls = MXSEL_TLS_REQUIRED; m->secure = 0;
		m->mx_security = MXSEL_SECURITY_INSECURE;
		m->hosts[0].sts = m->hosts[1].sts = MXSEL_STS_TESTING;
		m->hosts[2].extra = MXSEL_REJECT_REQUIRETLS);
	reach("i.example", 1);
	FINE(m->tls = MXSEL_TLS_REQUIRED);
}
END_TEST

START_TEST(R80_R93_a_path_is_one_of_those_there_are)
{
	reach("d.example", 1);
	FINE(m->hosts[0].path = PATH_UNKNOWN;
		m->attempts->secure = m->attempts->after->secure = 0);
	REFUSED(m->hosts[0].path = PATH_UNKNOWN + 1;
		m->attempts->secure = m->attempts->after->secure = 0);
	REFUSED(m->hosts[0].path = PATH_INSECURE);
	FINE(m->hosts[0].path = PATH_INSECURE;
		m->attempts->secure = m->attempts->after->secure = 0);
}
END_TEST

START_TEST(R80_R92_the_records_of_a_host_can_be_used_and_stand_in_order)
{
	struct tlsa *first, *second;

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	reach("d.example", 1);
	first = m->hosts[0].tlsa;
	second = first->next;
	ck_assert_ptr_nonnull(second);
	REFUSED(m->hosts[0].tlsa = second; second->next = first;
		first->next = NULL);
	first->next = second;
	second->next = NULL;
	REFUSED(second->data[0] = 'a'; memset(second->data, 'a', 32));
	memset(second->data, 'b', 32);
	REFUSED(second->usage = 0);
	second->usage = 3;
	REFUSED(second->length = 31);
	second->length = 32;
	REFUSED(m->tlsa_octets = 63);
	FINE(m->tlsa_octets = 64);
	save();
	bytes[behind("far.example") + 6] = 0; /* none, though there are */
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: what a saved one is refused for");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R80_octets_of_another_kind_are_none);
	tcase_add_test(one, R80_a_selection_has_a_port_and_a_destination);
	tcase_add_test(one, R80_names_are_as_the_library_writes_them);
	tcase_add_test(one, R80_texts_hold_nothing_that_would_break_a_line);
	tcase_add_test(one, S38_R80_no_length_leads_beyond_the_end);
	tcase_add_test(one, R80_at_the_start_nothing_is_known_yet);
	tcase_add_test(one, R31_R80_a_seed_is_drawn_before_the_first_question);
	tcase_add_test(one, R80_a_plan_is_one_of_hosts_of_one_source);
	tcase_add_test(one, R80_nothing_is_known_of_a_host_before_its_turn);
	tcase_add_test(one, R80_R95_what_a_policy_said_is_what_one_can_say);
	tcase_add_test(one,
		R80_R96_whose_name_nobody_vouches_for_is_not_reached_by_name);
	tcase_add_test(one, R80_R93_a_path_is_one_of_those_there_are);
	tcase_add_test(one,
		R80_R92_the_records_of_a_host_can_be_used_and_stand_in_order);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
