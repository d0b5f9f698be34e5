/*
 * What the caller's text means: domains, mailboxes, literals, next hops, and
 * everything that is none of them (R1-R3). May use the room select.
 */
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "select/select.h"
#include "support/run.h"

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define L61 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define N253 L63 "." L63 "." L63 "." L61

struct meaning {
	const char *text;
	enum destination_kind kind;
	int port;
	const char *name; /* or the address, as text */
};

static const struct meaning good[] = {
	{ "example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "EXAMPLE.Com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "example.com.", DESTINATION_DOMAIN, 0, "example.com" },
	{ "com", DESTINATION_DOMAIN, 0, "com" },
	{ "user@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "user@example.com.", DESTINATION_DOMAIN, 0, "example.com" },
	{ "a@b@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "\"a@b\"@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "\"a b\"@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "\"a\\\"@b\"@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "\"a\\ b\"@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "\"\"@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "a+b=c/d!e#f@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "a[b]:c@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "j\xc3\xbcrgen@example.com", DESTINATION_DOMAIN, 0, "example.com" },
	{ "_dmarc.example.com", DESTINATION_DOMAIN, 0, "_dmarc.example.com" },
	{ "xn--bcher-kva.example", DESTINATION_DOMAIN, 0,
		"xn--bcher-kva.example" },
	{ "3com.example", DESTINATION_DOMAIN, 0, "3com.example" },
	{ "1.2.3.4.example", DESTINATION_DOMAIN, 0, "1.2.3.4.example" },
	{ "example.com:25", DESTINATION_DOMAIN, 25, "example.com" },
	{ "example.com.:1", DESTINATION_DOMAIN, 1, "example.com" },
	{ "example.com:65535", DESTINATION_DOMAIN, 65535, "example.com" },
	{ "[example.com]", DESTINATION_HOST, 0, "example.com" },
	{ "[example.com.]", DESTINATION_HOST, 0, "example.com" },
	{ "[example.com]:587", DESTINATION_HOST, 587, "example.com" },
	{ "[192.0.2.1]", DESTINATION_LITERAL, 0, "192.0.2.1" },
	{ "[192.0.2.1]:2525", DESTINATION_LITERAL, 2525, "192.0.2.1" },
	{ "user@[192.0.2.1]", DESTINATION_LITERAL, 0, "192.0.2.1" },
	{ "[IPv6:2001:db8::1]", DESTINATION_LITERAL, 0, "2001:db8::1" },
	{ "[ipV6:2001:DB8::1]", DESTINATION_LITERAL, 0, "2001:db8::1" },
	{ "[IPv6:2001:db8::1]:26", DESTINATION_LITERAL, 26, "2001:db8::1" },
	{ "user@[IPv6:::1]", DESTINATION_LITERAL, 0, "::1" },
	{ "[IPv6:::ffff:192.0.2.1]", DESTINATION_LITERAL, 0,
		"::ffff:192.0.2.1" },
	{ L63 ".example", DESTINATION_DOMAIN, 0, L63 ".example" },
	{ N253, DESTINATION_DOMAIN, 0, N253 },
	{ N253 ".", DESTINATION_DOMAIN, 0, N253 },
	{ "user@" N253, DESTINATION_DOMAIN, 0, N253 },
};

static const char *const bad[] = {
	/* no domain */
	"", ".", "@", "user@", "user@.", "@example.com", "user@example.com@",
	":25", "[]", "[.]", "[]:25",
	/* labels and lengths (R3) */
	"..", "a..b", ".example.com", "example.com..", "user@example..com",
	L63 "a.example", N253 "a", "[a..b]", "[" L63 "a]",
	/* octets that no domain has */
	"exa mple.com", "user@exa mple.com", " example.com", "example.com ",
	"example.com\t", "example.com\n", "example.com\r\n250 ok",
	"ex*mple.com", "example.com/", "<user@example.com>", "ex(a)mple.com",
	"user@example.com,other", "example.com;", "ex\"ample.com",
	"\x7f.example", "us\ner@example.com", "a b@example.com",
	/* escapes of master files are no part of mail */
	"ex\\ample.com", "\\101xample.com", "user@\\101.example",
	"a\\.b.example", "[\\101xample.com]", "\"a\\\nb\"@example.com",
	"\"a\\\x7f\"@example.com", "\"a\\\"@example.com",
	/* quotes */
	"\"user@example.com", "\"user\\\"@example.com",
	/* addresses without brackets, tag or sense */
	"192.0.2.1", "user@192.0.2.1", "2001:db8::1", "::1",
	"user@2001:db8::1", "192.0.2.1:25", "192.0.2", "1", "127.1",
	"192.0.2.256", "example.123", "[::1]", "[2001:db8::1]:25",
	"user@[2001:db8::1]", "[IPv6:]", "[IPv6:192.0.2.1]", "[IPv6:::1%lo]",
	"[IPv6:2001:db8::1::2]", "[IPv6: ::1]", "[192.0.2.256]", "[192.0.2]",
	"[0127.0.0.1]", "[192.0.2.1 ]", "[IPv4:192.0.2.1]",
	/* brackets */
	"[", "]", "[192.0.2.1", "192.0.2.1]", "[[192.0.2.1]]", "x[192.0.2.1]",
	"[192.0.2.1]x", "[192.0.2.1].", "[192.0.2.1]:", "[example.com",
	"user@[example.com]", "user@[]",
	/* ports */
	"example.com:", "example.com:0", "example.com:65536",
	"example.com:99999", "example.com:000025", "example.com:-1",
	"example.com:+25", "example.com: 25", "example.com:25 ",
	"example.com:smtp", "example.com:25:25", "example.com:2x",
	"[example.com]:0", "[example.com]:65536", "[192.0.2.1]:x",
	"user@example.com:25", "user@[192.0.2.1]:25", "user@[IPv6:::1]:25",
	/* beyond ASCII */
	"b\xc3\xbc" "cher.example", "user@b\xc3\xbc" "cher.example",
	"\xff.example", "[\xc3\xbc.example]", "example.com:\xb2\xb5",
};

static void meaning_is(const struct meaning *want)
{
	struct destination d;
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	const char *name = d.name;

	memset(&d, 0xff, sizeof(d));
	mxsel__destination_parse(&d, want->text, strlen(want->text),
		&mxsel__defaults);
	ck_assert_msg(d.kind == want->kind, "%s: kind %d", want->text,
		(int)d.kind);
	ck_assert_msg(d.port == want->port, "%s: port %d", want->text,
		d.port);
	if (d.kind == DESTINATION_LITERAL) {
		mxsel__address_format(text, &d.address);
		name = text;
	} else {
		ck_assert_uint_eq(d.name_length, strlen(d.name));
	}
	ck_assert_str_eq(name, want->name);
}

START_TEST(R1_a_destination_means_what_it_says)
{
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		meaning_is(&good[i]);
}
END_TEST

/* No question, a bounce, and one sentence that ends. */
static void is_refused(const char *text, size_t length)
{
	mxsel *m;
	const char *sentence;

	ck_assert_int_eq(mxsel_new_bytes(&m, text, length, NULL), MXSEL_OK);
	ck_assert_msg(mxsel_next(m) == MXSEL_END, "\"%s\" is taken", text);
	ck_assert_msg(mxsel_verdict_reason(m) == MXSEL_REASON_BAD_DESTINATION,
		"\"%s\": reason %d", text, mxsel_verdict_reason(m));
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	ck_assert_int_eq(mxsel_verdict_code(m), 501);
	ck_assert_str_eq(mxsel_verdict_status(m), "5.1.3");
	sentence = mxsel_verdict_text(m);
	ck_assert_msg(sentence[0] != '\0' &&
		sentence[strlen(sentence) - 1] == '.', "\"%s\": \"%s\"", text,
		sentence);
	ck_assert(strpbrk(sentence, "\r\n\t") == NULL);
	ck_assert_uint_eq(mxsel_query_count(m), 0);
	ck_assert_ptr_null(mxsel_query_take(m));
	ck_assert_str_eq(mxsel_domain(m), "");
	ck_assert_int_eq(mxsel_source(m), MXSEL_SOURCE_NONE);
	mxsel_free(m);
}

START_TEST(R1_R3_anything_else_is_refused_without_a_question)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_refused(bad[i], strlen(bad[i]));
}
END_TEST

START_TEST(R1_a_nul_ends_no_destination)
{
	is_refused("example.com\0", 12);
	is_refused("example.com\0.example.net", 24);
	is_refused("\0example.com", 12);
	is_refused("us\0er@example.com", 17);
	is_refused("\"a\\\0b\"@example.com", 18);
	is_refused("", 1);
}
END_TEST

START_TEST(R1_every_octet_in_a_domain_is_judged)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	char text[] = "exa?mple.com";
	struct destination d;
	int c;

	for (c = 0; c < 256; c++) {
		text[3] = (char)c;
		mxsel__destination_parse(&d, text, sizeof(text) - 1,
			&mxsel__defaults);
		if (c != 0 && strchr(fine, c) != NULL)
			ck_assert_msg(d.kind == DESTINATION_DOMAIN,
				"octet %d is refused", c);
		else if (c == '@') /* the domain is what follows it */
			ck_assert_str_eq(d.name, "mple.com");
		else if (c >= 0x80)
			ck_assert_int_eq(d.kind, DESTINATION_NO_IDN);
		else
			ck_assert_msg(d.kind == DESTINATION_BAD,
				"octet %d is taken", c);
	}
}
END_TEST

START_TEST(R1_every_port_is_judged)
{
	char text[64];
	struct destination d;
	long port;

	for (port = 0; port <= 99999; port++) {
		snprintf(text, sizeof(text), "example.com:%ld", port);
		mxsel__destination_parse(&d, text, strlen(text),
			&mxsel__defaults);
		if (port >= 1 && port <= 65535) {
			ck_assert_int_eq(d.kind, DESTINATION_DOMAIN);
			ck_assert_int_eq(d.port, (int)port);
		} else {
			ck_assert_int_eq(d.kind, DESTINATION_BAD);
		}
	}
}
END_TEST

START_TEST(R3_a_destination_may_be_long_and_not_endless)
{
	static char text[70000];
	mxsel *m;

	memset(text, 'a', sizeof(text));
	memcpy(text + 1024 - 12, "@example.com", 12);
	ck_assert_int_eq(mxsel_new_bytes(&m, text, 1024, NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_domain(m), "example.com");
	mxsel_free(m);
	is_refused(text, 1025);
	is_refused(text, sizeof(text));
}
END_TEST

START_TEST(the_destination_is_kept_as_it_was_given)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "\"A b\"@EXAMPLE.com.", NULL),
		MXSEL_OK);
	ck_assert_str_eq(mxsel_destination(m), "\"A b\"@EXAMPLE.com.");
	ck_assert_str_eq(mxsel_original_domain(m), "example.com");
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new_bytes(&m, "a\0b", 3, NULL), MXSEL_OK);
	ck_assert_str_eq(mxsel_destination(m), "a");
	mxsel_free(m);
}
END_TEST

START_TEST(the_destination_is_copied)
{
	char text[] = "user@example.com";
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, text, NULL), MXSEL_OK);
	memset(text, 'x', sizeof(text) - 1);
	ck_assert_str_eq(mxsel_destination(m), "user@example.com");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_query_name(mxsel_query_take(m)),
		"example.com");
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: destination");
	TCase *tc = tcase_create("destination");

	tcase_add_test(tc, R1_a_destination_means_what_it_says);
	tcase_add_test(tc, R1_R3_anything_else_is_refused_without_a_question);
	tcase_add_test(tc, R1_a_nul_ends_no_destination);
	tcase_add_test(tc, R1_every_octet_in_a_domain_is_judged);
	tcase_add_test(tc, R1_every_port_is_judged);
	tcase_add_test(tc, R3_a_destination_may_be_long_and_not_endless);
	tcase_add_test(tc, the_destination_is_kept_as_it_was_given);
	tcase_add_test(tc, the_destination_is_copied);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
