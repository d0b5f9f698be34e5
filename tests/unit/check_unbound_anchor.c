/*
 * When an answer that is not signed is proven to need no signature: while
 * there is an anchor that libunbound can use, and it validates (R90, S32).
 * All else stays indeterminate.
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/run.h"
#include "unbound/inside.h"

#define DIGEST "2BB183AF5F22588179A53B0A98631FAD1A292118"
#define DIGEST_256 \
	"0000000000000000000000000000000000000000000000000000000000000001"
#define ROOT ". IN DS 60485 8 1 " DIGEST
#define KEY "KaSZMGdCECv3iyp5vcIbZfLu3CrGtkEl0u9GWwypB8ctGFhZwKLeYR/q" \
	"M/i3mQL9lUvfZK/kDdkItzUukYIM8w=="

static mxsel_unbound *u;

static void setup(void)
{
	ck_assert_int_eq(mxsel_unbound_new(&u), 0);
}

static void teardown(void)
{
	mxsel_unbound_free(u);
}

static int add_file(const char *text)
{
	char name[] = "/tmp/mxsel-anchor-XXXXXX";
	int fd = mkstemp(name), result;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, text, strlen(text)),
		(int)strlen(text));
	close(fd);
	result = mxsel_unbound_add_anchor_file(u, name);
	unlink(name);
	return result;
}

START_TEST(S32_without_an_anchor_nothing_is_proven)
{
	ck_assert(!mxsel__ub_proves(u));
}
END_TEST

START_TEST(S32_an_anchor_stands_as_it_was_given)
{
	ck_assert_int_eq(mxsel_unbound_add_anchor(u,
		"Example.NET. 3600 IN DS 60485 8 1 " DIGEST), 0);
	ck_assert_str_eq(u->anchors->record,
		"Example.NET. IN DS 60485 8 1 " DIGEST);
	ck_assert_int_eq(mxsel_unbound_add_anchor(u,
		"corp dnskey 257 3 ECDSAP256SHA256 " KEY), 0);
	ck_assert_str_eq(u->anchors->record,
		"corp. IN dnskey 257 3 ECDSAP256SHA256 " KEY);
	ck_assert(mxsel__ub_proves(u));
}
END_TEST

/* Whatever a master file may look like (RFC 1035 5.1). */
START_TEST(S32_a_file_gives_those_of_class_in_by_their_whole_names)
{
	const struct mxsel__ub_anchor *a;

	ck_assert_int_eq(add_file("$TTL 60\n$ORIGIN net.\n"
		"; comment ( with \"\n"
		"example 3600 IN DNSKEY ( 257 3 ; ksk\n\t13 " KEY " )\n"
		"@ A 192.0.2.1\n\n"
		"$ORIGIN sub\n"
		"a IN A 192.0.2.1\n"
		" DS 60485 13 2 " DIGEST_256 "\n"
		"b CH DNSKEY 257 3 13 " KEY "\n"), 0);
	a = u->anchors; /* the last one first */
	ck_assert_str_eq(a->record,
		"a.sub.net. IN DS 60485 13 2 " DIGEST_256);
	a = a->next;
	ck_assert_str_eq(a->record,
		"example.net. IN DNSKEY 257 3 13 " KEY);
	ck_assert_ptr_null(a->next);
}
END_TEST

/* The last line has no end; the owner stands for the origin. */
START_TEST(S32_the_root_may_be_written_as_the_origin)
{
	ck_assert_int_eq(add_file("@ DS 60485 13 2 " DIGEST_256), 0);
	ck_assert_str_eq(u->anchors->record,
		". IN DS 60485 13 2 " DIGEST_256);
	ck_assert(mxsel__ub_proves(u));
}
END_TEST

static const char *const none[] = {
	"example. 3600 IN A 192.0.2.1\n",
	"$ORIGIN .\n$TTL 60\n",
	"example. 3600 IN NS ns.example.\n",
	"example. IN CH DNSKEY 257 3 13 " KEY "\n",
	"example. CH DNSKEY 257 3 13 " KEY "\n",
	"example. CH DS 60485 13 2 " DIGEST_256 "\n",
	"example. IN DS 1 250 2 " DIGEST_256 "\n",
	"example. IN DS 1 13 77 " DIGEST_256 "\n",
	"example. IN DNSKEY 257 3 250 " KEY "\n",
	"trusted-keys { };\n",
	"example. IN TXT \"\nexample. IN DS 60485 13 2 " DIGEST_256 "\"\n",
	"; example. IN DS 60485 13 2 " DIGEST_256 "\n",
	"garbage\n", "\"", "(", ")", "\n", ""
};

START_TEST(S32_a_file_without_an_anchor_is_none)
{
	ck_assert_int_eq(add_file(none[_i]), MXSEL_ESYNTAX);
	ck_assert(!mxsel__ub_proves(u));
}
END_TEST

START_TEST(S32_an_anchor_has_an_owner)
{
	ck_assert_int_eq(add_file(" DS 60485 13 2 " DIGEST_256 "\n"),
		MXSEL_ESYNTAX);
	ck_assert(!mxsel__ub_proves(u));
}
END_TEST

START_TEST(S32_a_text_without_an_anchor_is_none)
{
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, none[_i]),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "trust-anchor:",
		none[_i]), MXSEL_ESYNTAX);
	ck_assert(!mxsel__ub_proves(u));
}
END_TEST

START_TEST(a_text_is_one_anchor)
{
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, ROOT "\n" ROOT),
		MXSEL_ESYNTAX);
	ck_assert(!mxsel__ub_proves(u));
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, "\n " ROOT " ; ours\n"),
		0);
	ck_assert(mxsel__ub_proves(u));
}
END_TEST

START_TEST(a_good_anchor_does_not_excuse_a_bad_line)
{
	ck_assert_int_eq(add_file(ROOT "\nexample. IN A nonsense\n"),
		MXSEL_ESYNTAX);
	ck_assert(!mxsel__ub_proves(u));
}
END_TEST

START_TEST(a_record_has_an_end)
{
	size_t room = 100000;
	char *text = malloc(room);

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', room);
	text[room - 1] = '\0';
	ck_assert_int_eq(add_file(text), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, text), MXSEL_ESYNTAX);
	memcpy(text, "$ORIGIN ", 8);
	text[2000] = '\n';
	text[2001] = '\0';
	ck_assert_int_eq(add_file(text), MXSEL_ESYNTAX);
	free(text);
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, "/dev/zero"),
		MXSEL_ESYNTAX);
}
END_TEST

/* What libunbound would read by itself, and what only sounds like it. */
START_TEST(S32_options_bring_no_anchor_that_nobody_counted)
{
	static const char *const options[] = {
		"trust-anchor-file:", "auto-trust-anchor-file:",
		"trusted-keys-file:"
	};
	size_t i;

	for (i = 0; i < sizeof options / sizeof *options; i++)
		ck_assert_int_eq(mxsel_unbound_set_option(u, options[i],
			"/usr/share/dns/root.key"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_set_option(u,
		"trust-anchor-signaling:", "yes"), 0);
	ck_assert(!mxsel__ub_proves(u));
	ck_assert_int_eq(mxsel_unbound_set_option(u, "trust-anchor:", ROOT),
		0);
	ck_assert(mxsel__ub_proves(u));
}
END_TEST

static const struct {
	const char *option, *value;
	int proves;
} settings[] = {
	{ "harden-dnssec-stripped:", "no", 0 },
	{ "harden-dnssec-stripped:", "yes", 1 },
	{ "val-permissive-mode:", "yes", 0 },
	{ "val-permissive-mode:", "no", 1 },
	{ "module-config:", "iterator", 0 },
	{ "module-config:", "validator iterator", 1 }
};

START_TEST(S32_who_forgives_missing_signatures_proves_nothing)
{
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, ROOT), 0);
	ck_assert_int_eq(mxsel_unbound_set_option(u, settings[_i].option,
		settings[_i].value), 0);
	ck_assert_int_eq(mxsel__ub_proves(u),
		settings[_i].proves);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("unbound anchors");
	TCase *c = tcase_create("anchors");
	int texts = (int)(sizeof none / sizeof *none);

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, S32_without_an_anchor_nothing_is_proven);
	tcase_add_test(c, S32_an_anchor_stands_as_it_was_given);
	tcase_add_test(c,
		S32_a_file_gives_those_of_class_in_by_their_whole_names);
	tcase_add_test(c, S32_the_root_may_be_written_as_the_origin);
	tcase_add_loop_test(c, S32_a_file_without_an_anchor_is_none, 0,
		texts);
	tcase_add_test(c, S32_an_anchor_has_an_owner);
	tcase_add_loop_test(c, S32_a_text_without_an_anchor_is_none, 0,
		texts);
	tcase_add_test(c, a_text_is_one_anchor);
	tcase_add_test(c, a_good_anchor_does_not_excuse_a_bad_line);
	tcase_add_test(c, a_record_has_an_end);
	tcase_add_test(c, S32_options_bring_no_anchor_that_nobody_counted);
	tcase_add_loop_test(c,
		S32_who_forgives_missing_signatures_proves_nothing, 0,
		(int)(sizeof settings / sizeof *settings));
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
