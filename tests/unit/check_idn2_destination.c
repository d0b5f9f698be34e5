/*
 * Mail to internationalised domains, from the destination to the question:
 * A-labels are asked for, what is no name is 550 5.1.2 without a question,
 * and without the adapter it is refused (R4, R5).
 */
#include <check.h>
#include <string.h>

#include <mxsel/idn2.h>
#include <mxsel/mock.h>

#include "support/run.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static mxsel_mock *mock;
static mxsel_options *options;
static mxsel *m;

static void set_up(void)
{
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(mxsel_mock_mx(mock, "xn--bcher-kva.example", 10,
		"mx.example", 300), 0);
	ck_assert_int_eq(mxsel_mock_address(mock, "mx.example", "192.0.2.1",
		300), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options,
		mxsel_mock_resolver(mock)), 0);
	m = NULL;
}

static void tear_down(void)
{
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_mock_free(mock);
}

static const char *const same[] = { "bücher.example", "BÜCHER.EXAMPLE.",
	"info@bücher.example", "jörg@bücher。example",
	"xn--bcher-kva.example", "XN--Bcher-KVA.Example" };

START_TEST(R4_a_destination_with_an_umlaut_is_asked_for_as_an_a_label)
{
	ck_assert_int_eq(mxsel_idn2_use(options), 0);
	ck_assert_int_eq(mxsel_new(&m, same[_i], options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "mx.example");
	ck_assert_str_eq(mxsel_original_domain(m), "xn--bcher-kva.example");
	ck_assert_uint_eq(mxsel_mock_asked(mock, "xn--bcher-kva.example",
		MXSEL_TYPE_MX), 1);
}
END_TEST

static const char *const none[] = { "☃.example", "info@ü_x.example",
	"xn--n3h.example", "m\xfcller.example", "ü..example",
	"ü\xe2\x80\x8dü.example", "℀.example" };

START_TEST(R4_what_is_no_name_bounces_without_a_question)
{
	ck_assert_int_eq(mxsel_idn2_use(options), 0);
	ck_assert_int_eq(mxsel_new(&m, none[_i], options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	ck_assert_int_eq(mxsel_verdict_code(m), 550);
	ck_assert_str_eq(mxsel_verdict_status(m), "5.1.2");
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, 0), 0);
}
END_TEST

START_TEST(R4_without_the_adapter_letters_are_refused_and_never_sent)
{
	ck_assert_int_eq(mxsel_new(&m, "bücher.example", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	ck_assert_int_eq(mxsel_verdict_code(m), 501);
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, 0), 0);
}
END_TEST

/* What letters stand for is judged like what was written plainly. */
static const char *const special[] = { "ｌｏｃａｌｈｏｓｔ",
	"ü.ｉｎｖａｌｉｄ", "ü.ｏｎｉｏｎ", "１９２.0.2.1",
	"127。0。0。1" };

START_TEST(R4_R5_fullwidth_letters_are_no_way_round_special_names)
{
	ck_assert_int_eq(mxsel_idn2_use(options), 0);
	ck_assert_int_eq(mxsel_new(&m, special[_i], options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, 0), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("idn2: destinations");
	TCase *tc = tcase_create("destinations");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc,
		R4_a_destination_with_an_umlaut_is_asked_for_as_an_a_label, 0,
		COUNT(same));
	tcase_add_loop_test(tc, R4_what_is_no_name_bounces_without_a_question,
		0, COUNT(none));
	tcase_add_test(tc,
		R4_without_the_adapter_letters_are_refused_and_never_sent);
	tcase_add_loop_test(tc,
		R4_R5_fullwidth_letters_are_no_way_round_special_names, 0,
		COUNT(special));
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
