/*
 * Destinations that are all but well written, and the sentence that says what
 * is wrong with each: an operator reads it and looks there (R1-R5, R21); and
 * the check that a saved selection carries (R80).
 */
#include <string.h>

#include <mxsel/mxsel.h>

#include "select/save.h"
#include "select/select.h"
#include "support/run.h"

static mxsel_options *options;

static void begin(void)
{
	ck_assert_int_eq(mxsel_options_new(&options), 0);
}

static void end(void)
{
	mxsel_options_free(options);
}

static struct destination parsed(const char *text, size_t length)
{
	struct destination d;

	mxsel__destination_parse(&d, text, length, options);
	return d;
}

#define LOCAL "The local part of the mailbox is empty, or a quote in it is " \
	"not closed."
#define SPACE "The destination is too long, or holds a space or a control " \
	"character."
#define ODD "The domain of the destination holds characters that no domain " \
	"has."
#define PORT "After the host only a colon and a port, 1 to 65535, may follow."
#define TAG "An IPv6 address literal is written [IPv6:2001:db8::1]."

static const struct {
	const char *text;
	const char *why; /* NULL: mail for example.com */
} cases[] = {
	/* A backslash escapes within quotes alone. */
	{ "a\\@example.com", NULL },
	{ "a\\\" b\"@example.com", NULL },
	{ "\"a\\\" b\"@example.com", NULL },
	{ "\"a\\\\\" b@example.com", SPACE },
	{ "\"a\\\\\"@example.com", NULL },
	{ "\"ab\" c@example.com", SPACE },
	{ "\"a\" c@example.com", SPACE },
	{ "\"a@example.com", LOCAL },
	{ "\"a\\\"@example.com", LOCAL },
	{ "a@[\"@b\"]", "The address literal holds no IP address." },
	{ "a@\"@b\"", ODD },
	{ "", "The destination is empty." },
	{ "user@", "The destination has no domain." },
	{ "[2001:db8::1]", TAG },
	{ "user@[2001:db8::1]", TAG },
	{ "2001:db8::1", TAG },
	{ "[192.0.2.1]a25", PORT },
	{ "[192.0.2.1]25", PORT },
	{ "example.com:", PORT },
	{ "example.com:2/5", PORT },
	{ "example.com:2-5", PORT },
	{ "example.com:2:", TAG },
	{ "example.com:2;5", PORT },
	{ "[192.0.2.1", "The closing bracket is missing." },
	{ "user@[192.0.2.1]:25",
		"Nothing may follow the address literal of a mailbox." },
	{ "[IPv6]", NULL },
};

START_TEST(R3_a_sentence_says_what_is_wrong_with_a_destination)
{
	struct destination d = parsed(cases[_i].text, strlen(cases[_i].text));

	if (cases[_i].why != NULL) {
		ck_assert_int_eq(d.kind, DESTINATION_BAD);
		ck_assert_str_eq(d.why, cases[_i].why);
	} else {
		ck_assert_ptr_null(d.why);
		ck_assert_str_eq(d.name, cases[_i].text[0] == '[' ? "ipv6"
			: "example.com");
	}
}
END_TEST

START_TEST(R2_what_stands_behind_a_mailbox_is_not_of_it)
{
	struct destination d = parsed("user@[192.0.2.1]", 5);

	ck_assert_int_eq(d.kind, DESTINATION_BAD);
	ck_assert_str_eq(d.why, "The destination has no domain.");
	d = parsed("example.com:2525", 14);
	ck_assert_int_eq(d.port, 25);
}
END_TEST

static int converted;

static int convert(const char *name, size_t length, char out[254], void *user)
{
	(void)user;
	converted++;
	memcpy(out, name, length);
	out[length] = '\0';
	return 0;
}

START_TEST(R4_only_names_that_may_be_internationalised_are_converted)
{
	static const char *const plain[] = { "an--a.example", "xm--a.example",
		"xn-a.example", "xn.-a.example", "axn--a.example", "xn-" };
	static const char *const ace[] = { "xn--a.example", "XN--a.example",
		"a.xn--b.example", "a.Xn--" };
	size_t i;

	ck_assert_int_eq(mxsel_options_set_idn(options, convert, NULL), 0);
	converted = 0;
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		(void)parsed(plain[i], strlen(plain[i]));
	ck_assert_int_eq(converted, 0);
	for (i = 0; i < sizeof(ace) / sizeof(ace[0]); i++)
		(void)parsed(ace[i], strlen(ace[i]));
	ck_assert_int_eq(converted, (int)i);
}
END_TEST

/* The CRC that everybody has (ISO 3309), so that files can be checked. */
START_TEST(R80_a_saved_selection_carries_the_usual_check)
{
	static const uint8_t digits[] = "123456789";

	ck_assert_uint_eq(mxsel__saved_crc(digits, 9), 0xcbf43926);
	ck_assert_uint_eq(mxsel__saved_crc(digits, 0), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select exact");
	TCase *tests = tcase_create("exact");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, begin, end);
	tcase_add_loop_test(tests,
		R3_a_sentence_says_what_is_wrong_with_a_destination, 0,
		(int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tests, R2_what_stands_behind_a_mailbox_is_not_of_it);
	tcase_add_test(tests,
		R4_only_names_that_may_be_internationalised_are_converted);
	tcase_add_test(tests, R80_a_saved_selection_carries_the_usual_check);
	return mxsel_test_run(suite);
}
