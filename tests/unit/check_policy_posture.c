/*
 * How a host must be reached, for everything that can be known of it: the
 * whole table, held against one sentence for each line (R96). May use the
 * policy room.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/security.h>

#include "policy/posture.h"
#include "support/run.h"

static struct mxsel__path first(void)
{
	struct mxsel__path path;

	memset(&path, 0, sizeof(path));
	return path;
}

/* All 864 states of knowledge, one after the other. 0: that was the last. */
static int next(struct mxsel__path *p)
{
	static const unsigned char most[] = { 2, 1, 3, 1, 2, 1, 2 };
	unsigned char *const at[] = { &p->tls, &p->wants_dane, &p->dane,
		&p->insecure_mx, &p->for_insecure_mx, &p->is_secure, &p->sts };
	size_t i;

	for (i = 0; i < sizeof(most); i++) {
		if (++*at[i] <= most[i])
			return 1;
		*at[i] = 0;
	}
	return 0;
}

/* One sentence each; the first that holds is the one. */
struct line {
	int holds;
	int posture, reason;
};

static void expect(const struct mxsel__path *p, int *posture, int *reason)
{
	int may = p->insecure_mx &&
		p->for_insecure_mx == MXSEL_INSECURE_MX_MAY;
	int encrypt = p->insecure_mx &&
		p->for_insecure_mx == MXSEL_INSECURE_MX_ENCRYPT;
	int dane = p->wants_dane && !may;
	int records = dane && p->dane == MXSEL_DANE_RECORDS;
	const struct line lines[] = {
		/* The sender wants the mail to arrive, TLS or not. */
		{ p->tls == MXSEL_TLS_OPTIONAL, MXSEL_POSTURE_OPPORTUNISTIC,
			MXSEL_POSTURE_BY_TLS_OPTIONAL },
		/* DANE is before MTA-STS (RFC 8461 2). */
		{ records && !encrypt, MXSEL_POSTURE_DANE,
			MXSEL_POSTURE_BY_TLSA },
		{ p->sts == MXSEL_STS_ENFORCE, MXSEL_POSTURE_PKIX,
			MXSEL_POSTURE_BY_STS },
		{ p->tls == MXSEL_TLS_REQUIRED, MXSEL_POSTURE_PKIX,
			MXSEL_POSTURE_BY_REQUIRETLS },
		/* Nobody can be authenticated, but TLS there must be. */
		{ dane && p->dane == MXSEL_DANE_UNUSABLE,
			MXSEL_POSTURE_ENCRYPT,
			MXSEL_POSTURE_BY_UNUSABLE_TLSA },
		{ records, MXSEL_POSTURE_ENCRYPT,
			MXSEL_POSTURE_BY_INSECURE_MX },
		/* What is left is opportunistic, for one reason or another. */
		{ p->sts == MXSEL_STS_TESTING, MXSEL_POSTURE_OPPORTUNISTIC,
			MXSEL_POSTURE_BY_STS_TESTING },
		{ !p->wants_dane, MXSEL_POSTURE_OPPORTUNISTIC,
			MXSEL_POSTURE_BY_DEFAULT },
		{ may, MXSEL_POSTURE_OPPORTUNISTIC,
			MXSEL_POSTURE_BY_INSECURE_MX },
		{ p->is_secure, MXSEL_POSTURE_OPPORTUNISTIC,
			MXSEL_POSTURE_BY_NO_TLSA },
		{ 1, MXSEL_POSTURE_OPPORTUNISTIC,
			MXSEL_POSTURE_BY_NO_SECURITY },
	};
	const struct line *line = lines;

	while (!line->holds)
		line++;
	*posture = line->posture;
	*reason = line->reason;
}

static const char *tell(const struct mxsel__path *p)
{
	static char text[160];

	(void)snprintf(text, sizeof(text), "tls %d wants %d dane %d insecure "
		"%d knob %d secure %d sts %d", p->tls, p->wants_dane, p->dane,
		p->insecure_mx, p->for_insecure_mx, p->is_secure, p->sts);
	return text;
}

START_TEST(R96_everything_known_of_a_host_has_its_posture)
{
	struct mxsel__path path = first();
	int posture, reason, is, why, count = 0;

	do {
		expect(&path, &posture, &reason);
		is = mxsel__path_posture(&path, &why);
		ck_assert_msg(is == posture && why == reason,
			"%s: %s by %s, not %s by %s", tell(&path),
			mxsel_posture_name(is),
			mxsel_posture_reason_name(why),
			mxsel_posture_name(posture),
			mxsel_posture_reason_name(reason));
		count++;
	} while (next(&path));
	ck_assert_int_eq(count, 864);
}
END_TEST

/* Does it ask for no less than before this one thing was known? */
static void is_no_weaker(const struct mxsel__path *path,
	const struct mxsel__path *more)
{
	int why;

	ck_assert_msg(mxsel__path_posture(more, &why) >=
		mxsel__path_posture(path, &why), "%s", tell(path));
}

START_TEST(R92_R96_what_is_known_besides_never_asks_for_less)
{
	struct mxsel__path path = first(), more;

	do {
		more = path;
		more.sts = MXSEL_STS_ENFORCE;
		is_no_weaker(&path, &more);
		more.sts = path.sts;
		if (path.tls == MXSEL_TLS_BY_POLICY) {
			more.tls = MXSEL_TLS_REQUIRED;
			is_no_weaker(&path, &more);
			more.tls = path.tls;
		}
		if (path.dane == MXSEL_DANE_NONE) {
			more.dane = MXSEL_DANE_UNUSABLE;
			is_no_weaker(&path, &more);
		}
		if (path.dane != MXSEL_DANE_RECORDS) {
			more.dane = MXSEL_DANE_RECORDS;
			is_no_weaker(&path, &more);
		}
		more.dane = path.dane;
		more.for_insecure_mx = MXSEL_INSECURE_MX_DANE;
		is_no_weaker(&path, &more);
	} while (next(&path));
	ck_assert_int_eq(path.tls, 0); /* and so for all of them */
}
END_TEST

START_TEST(R91_records_are_looked_for_unless_the_knob_says_otherwise)
{
	struct mxsel__path path = first();
	int looked_for = 0;

	do {
		int wants = mxsel__path_wants_tlsa(&path);

		ck_assert_int_eq(wants != 0, path.wants_dane &&
			!(path.insecure_mx && path.for_insecure_mx ==
			MXSEL_INSECURE_MX_MAY));
		looked_for += wants != 0;
	} while (next(&path));
	ck_assert_int_gt(looked_for, 0);
}
END_TEST

/* --- names --------------------------------------------------------------- */

START_TEST(R96_postures_and_their_reasons_have_names)
{
	int i;

	ck_assert_str_eq(mxsel_posture_name(MXSEL_POSTURE_NONE), "none");
	ck_assert_str_eq(mxsel_posture_name(MXSEL_POSTURE_OPPORTUNISTIC),
		"opportunistic");
	ck_assert_str_eq(mxsel_posture_name(MXSEL_POSTURE_ENCRYPT),
		"encrypt");
	ck_assert_str_eq(mxsel_posture_name(MXSEL_POSTURE_PKIX), "pkix");
	ck_assert_str_eq(mxsel_posture_name(MXSEL_POSTURE_DANE), "dane");
	ck_assert_ptr_null(mxsel_posture_name(-1));
	ck_assert_ptr_null(mxsel_posture_name(5));
	for (i = 1; i <= 10; i++) {
		ck_assert_ptr_nonnull(mxsel_posture_reason_name(i));
		ck_assert_msg(strncmp(mxsel_posture_rule(i), "RFC ", 4) == 0,
			"%d", i);
	}
	ck_assert_str_eq(mxsel_posture_reason_name(
		MXSEL_POSTURE_BY_UNUSABLE_TLSA), "unusable_tlsa");
	ck_assert_str_eq(mxsel_posture_reason_name(
		MXSEL_POSTURE_BY_INSECURE_MX), "insecure_mx");
	ck_assert_str_eq(mxsel_posture_rule(MXSEL_POSTURE_BY_STS),
		"RFC 8461 5");
	ck_assert_ptr_null(mxsel_posture_reason_name(0));
	ck_assert_ptr_null(mxsel_posture_reason_name(11));
	ck_assert_ptr_null(mxsel_posture_reason_name(-1));
	ck_assert_ptr_null(mxsel_posture_rule(0));
	ck_assert_ptr_null(mxsel_posture_rule(11));
	ck_assert_ptr_null(mxsel_posture_rule(-1));
}
END_TEST

START_TEST(R92_what_dane_comes_to_has_a_name)
{
	ck_assert_str_eq(mxsel_dane_name(MXSEL_DANE_NONE), "none");
	ck_assert_str_eq(mxsel_dane_name(MXSEL_DANE_RECORDS), "records");
	ck_assert_str_eq(mxsel_dane_name(MXSEL_DANE_UNUSABLE), "unusable");
	ck_assert_str_eq(mxsel_dane_name(MXSEL_DANE_TEMPORARY), "temporary");
	ck_assert_ptr_null(mxsel_dane_name(-1));
	ck_assert_ptr_null(mxsel_dane_name(4));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy: posture");
	TCase *tc = tcase_create("posture");

	tcase_add_test(tc, R96_everything_known_of_a_host_has_its_posture);
	tcase_add_test(tc, R92_R96_what_is_known_besides_never_asks_for_less);
	tcase_add_test(tc,
		R91_records_are_looked_for_unless_the_knob_says_otherwise);
	tcase_add_test(tc, R96_postures_and_their_reasons_have_names);
	tcase_add_test(tc, R92_what_dane_comes_to_has_a_name);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
