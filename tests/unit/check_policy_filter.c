/*
 * The address filter: which addresses mail is never sent to, in every dress
 * that IPv6 has for an IPv4 address (R63, S26, F52).
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "policy/filter.h"
#include "support/run.h"

#define OK 0
#define UNSPECIFIED MXSEL_REJECT_UNSPECIFIED
#define LOOPBACK MXSEL_REJECT_LOOPBACK
#define LINK_LOCAL MXSEL_REJECT_LINK_LOCAL
#define MULTICAST MXSEL_REJECT_MULTICAST
#define BROADCAST MXSEL_REJECT_BROADCAST
#define RESERVED MXSEL_REJECT_RESERVED
#define PRIVATE MXSEL_REJECT_PRIVATE
#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static const struct mxsel__filter defaults;

static struct mxsel__address address(const char *text)
{
	struct mxsel__address a;

	memset(&a, 0, sizeof(a));
	ck_assert_msg(mxsel__address_parse(&a, text, strlen(text)) == 0,
		"%s", text);
	return a;
}

static struct mxsel__network network(const char *text)
{
	struct mxsel__network n;

	memset(&n, 0, sizeof(n));
	ck_assert_msg(mxsel__network_parse(&n, text, strlen(text)) == 0,
		"%s", text);
	return n;
}

static int judge(const struct mxsel__filter *f, const char *text)
{
	struct mxsel__address a = address(text);

	return mxsel__filter_judge(f, &a);
}

struct judgement {
	const char *text;
	int refused; /* with private addresses refused */
};

/* First and last of each network, and their neighbours outside. */
static const struct judgement borders[] = {
	{ "0.0.0.0", UNSPECIFIED }, { "0.0.0.1", RESERVED },
	{ "0.255.255.255", RESERVED }, { "1.0.0.0", OK },
	{ "9.255.255.255", OK }, { "10.0.0.0", PRIVATE },
	{ "10.255.255.255", PRIVATE }, { "11.0.0.0", OK },
	{ "100.63.255.255", OK }, { "100.64.0.0", PRIVATE },
	{ "100.127.255.255", PRIVATE }, { "100.128.0.0", OK },
	{ "126.255.255.255", OK }, { "127.0.0.0", LOOPBACK },
	{ "127.0.0.1", LOOPBACK }, { "127.255.255.255", LOOPBACK },
	{ "128.0.0.0", OK }, { "169.253.255.255", OK },
	{ "169.254.0.0", LINK_LOCAL }, { "169.254.169.254", LINK_LOCAL },
	{ "169.254.255.255", LINK_LOCAL }, { "169.255.0.0", OK },
	{ "172.15.255.255", OK }, { "172.16.0.0", PRIVATE },
	{ "172.31.255.255", PRIVATE }, { "172.32.0.0", OK },
	{ "192.167.255.255", OK }, { "192.168.0.0", PRIVATE },
	{ "192.168.255.255", PRIVATE }, { "192.169.0.0", OK },
	{ "223.255.255.255", OK }, { "224.0.0.0", MULTICAST },
	{ "239.255.255.255", MULTICAST }, { "240.0.0.0", RESERVED },
	{ "255.255.255.254", RESERVED }, { "255.255.255.255", BROADCAST },
	/* documentation is for tests, ours and those of others */
	{ "192.0.2.1", OK }, { "198.51.100.1", OK }, { "203.0.113.1", OK },
	{ "8.8.8.8", OK }, { "198.18.0.1", OK },
	{ "::", UNSPECIFIED }, { "::1", LOOPBACK },
	{ "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", OK },
	{ "100::", RESERVED }, { "100::ffff:ffff:ffff:ffff", RESERVED },
	{ "100:0:0:1::", OK }, { "2001:db8::1", OK }, { "3fff::1", OK },
	{ "2000::1", OK }, { "2a00:1450:4001:82a::200e", OK },
	{ "2606:4700:4700::1111", OK },
	{ "fbff:ffff::", OK }, { "fc00::", PRIVATE }, { "fd00::1", PRIVATE },
	{ "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", PRIVATE },
	{ "fe00::", OK }, { "fe7f:ffff::", OK }, { "fe80::", LINK_LOCAL },
	{ "febf:ffff::", LINK_LOCAL }, { "fec0::", RESERVED },
	{ "feff:ffff::", RESERVED }, { "ff00::", MULTICAST },
	{ "ff02::1", MULTICAST },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", MULTICAST },
	/* local translation prefixes, not declared here (RFC 8215) */
	{ "64:ff9b:0:ffff::", OK }, { "64:ff9b:1::", PRIVATE },
	{ "64:ff9b:1:ffff::7f00:1", PRIVATE }, { "64:ff9b:2::", OK },
};

START_TEST(R63_every_network_is_refused_from_its_first_to_its_last_address)
{
	struct mxsel__filter strict = defaults;

	strict.refuse_private = 1;
	ck_assert_msg(judge(&strict, borders[_i].text) == borders[_i].refused,
		"%s: %d", borders[_i].text, judge(&strict, borders[_i].text));
}
END_TEST

START_TEST(R63_private_networks_are_allowed_unless_refused)
{
	int expected = borders[_i].refused == PRIVATE ? OK
	                                              : borders[_i].refused;

	ck_assert_msg(judge(&defaults, borders[_i].text) == expected,
		"%s: %d", borders[_i].text, judge(&defaults, borders[_i].text));
}
END_TEST

static const struct judgement disguises[] = {
	/* mapped */
	{ "::ffff:127.0.0.1", LOOPBACK }, { "::ffff:10.0.0.1", PRIVATE },
	{ "::ffff:169.254.169.254", LINK_LOCAL },
	{ "::ffff:0.0.0.0", UNSPECIFIED }, { "::ffff:192.0.2.1", OK },
	{ "::ffff:255.255.255.255", BROADCAST },
	{ "::ffff:224.0.0.1", MULTICAST }, { "::ffff:240.0.0.1", RESERVED },
	/* compatible; ::2 is 0.0.0.2 */
	{ "::127.0.0.1", LOOPBACK }, { "::10.1.2.3", PRIVATE },
	{ "::2", RESERVED }, { "::192.0.2.1", OK },
	{ "::169.254.169.254", LINK_LOCAL }, { "::1:0:0:1", OK },
	/* NAT64, the well-known prefix */
	{ "64:ff9b::127.0.0.1", LOOPBACK }, { "64:ff9b::192.168.0.1", PRIVATE },
	{ "64:ff9b::169.254.169.254", LINK_LOCAL },
	{ "64:ff9b::0.0.0.0", UNSPECIFIED }, { "64:ff9b::192.0.2.33", OK },
	{ "64:ff9b::1:7f00:1", OK }, /* not in the /96 */
	/* 6to4 */
	{ "2002:7f00:1::1", LOOPBACK }, { "2002:a9fe:a9fe::", LINK_LOCAL },
	{ "2002:a00:1::1", PRIVATE }, { "2002:c000:201::1", OK },
	{ "2002::1", UNSPECIFIED }, { "2002:e000:1::", MULTICAST },
	{ "2003:7f00:1::1", OK },
	/* Teredo: the client's address, every bit turned over */
	{ "2001:0:c000:201:0:0:80ff:fffe", LOOPBACK },
	{ "2001:0:c000:201:0:0:5601:5601", LINK_LOCAL },
	{ "2001:0:c000:201:0:0:f5ff:fffe", PRIVATE },
	{ "2001:0:c000:201:0:0:3fff:fdfe", OK },
	{ "2001:0:c000:201:0:0:ffff:ffff", UNSPECIFIED },
	/* the server's address in it means nothing */
	{ "2001:0:7f00:1:0:0:3fff:fdfe", OK },
	{ "2001:1:c000:201:0:0:80ff:fffe", OK },
};

START_TEST(R63_F52_an_address_in_disguise_is_judged_as_what_it_is)
{
	struct mxsel__filter strict = defaults;

	strict.refuse_private = 1;
	ck_assert_msg(
		judge(&strict, disguises[_i].text) == disguises[_i].refused,
		"%s: %d", disguises[_i].text,
		judge(&strict, disguises[_i].text));
}
END_TEST

struct embedding {
	const char *prefix;
	const char *text; /* 192.0.2.33 under it, RFC 6052 2.4 */
	const char *loopback;
};

static const struct embedding embeddings[] = {
	{ "2001:db8::/32", "2001:db8:c000:221::", "2001:db8:7f00:1::" },
	{ "2001:db8:100::/40", "2001:db8:1c0:2:21::",
		"2001:db8:17f:0:1::" },
	{ "2001:db8:122::/48", "2001:db8:122:c000:2:2100::",
		"2001:db8:122:7f00:0:100::" },
	{ "2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::",
		"2001:db8:122:37f:0:1::" },
	{ "2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::",
		"2001:db8:122:344:7f:0:100::" },
	{ "2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33",
		"2001:db8:122:344::127.0.0.1" },
	/* one of RFC 8215's own, once it is declared */
	{ "64:ff9b:1:fffe::/64", "64:ff9b:1:fffe:c0:2:2100::",
		"64:ff9b:1:fffe:7f:0:100::" },
};

START_TEST(R63_a_declared_nat64_prefix_gives_the_ipv4_address_inside)
{
	const struct embedding *e = &embeddings[_i];
	struct mxsel__network nat64 = network(e->prefix);
	struct mxsel__filter f = defaults;
	struct mxsel__address given = address(e->text);
	struct mxsel__address inside = address("192.0.2.33");
	struct mxsel__address meant;

	f.nat64 = &nat64;
	f.nat64_count = 1;
	meant = mxsel__filter_meant(&f, &given);
	ck_assert(mxsel__address_equal(&meant, &inside));
	ck_assert_int_eq(judge(&f, e->loopback), LOOPBACK);
	ck_assert_int_eq(judge(&defaults, e->loopback), OK);
}
END_TEST

/* The octet in the gap may hold anything and is never part of it. */
START_TEST(R63_the_u_octet_of_a_nat64_address_is_skipped)
{
	struct mxsel__network nat64 = network("2001:db8:122::/48");
	struct mxsel__filter f = defaults;

	f.nat64 = &nat64;
	f.nat64_count = 1;
	ck_assert_int_eq(judge(&f, "2001:db8:122:7f00:ff00:100::"), LOOPBACK);
	ck_assert_int_eq(judge(&f, "2001:db8:122:c000:7f02:2100::"), OK);
}
END_TEST

START_TEST(R63_each_of_several_nat64_prefixes_is_known)
{
	struct mxsel__network nat64[2];
	struct mxsel__filter f = defaults;

	nat64[0] = network("2001:db8:1::/96");
	nat64[1] = network("2001:db8:2::/96");
	f.nat64 = nat64;
	f.nat64_count = 2;
	ck_assert_int_eq(judge(&f, "2001:db8:1::127.0.0.1"), LOOPBACK);
	ck_assert_int_eq(judge(&f, "2001:db8:2::127.0.0.1"), LOOPBACK);
	ck_assert_int_eq(judge(&f, "2001:db8:3::7f00:1"), OK);
	ck_assert_int_eq(judge(&f, "64:ff9b::127.0.0.1"), LOOPBACK);
}
END_TEST

START_TEST(R63_loopback_and_link_local_can_be_allowed_as_a_whole)
{
	struct mxsel__filter f = defaults;

	f.allow_loopback = 1;
	ck_assert_int_eq(judge(&f, "127.0.0.1"), OK);
	ck_assert_int_eq(judge(&f, "::1"), OK);
	ck_assert_int_eq(judge(&f, "::ffff:127.0.0.1"), OK);
	ck_assert_int_eq(judge(&f, "fe80::1"), LINK_LOCAL);
	f.allow_loopback = 0;
	f.allow_link_local = 1;
	ck_assert_int_eq(judge(&f, "169.254.1.1"), OK);
	ck_assert_int_eq(judge(&f, "fe80::1"), OK);
	ck_assert_int_eq(judge(&f, "127.0.0.1"), LOOPBACK);
}
END_TEST

START_TEST(R63_an_allowed_network_is_allowed_and_no_more)
{
	struct mxsel__network allowed[2];
	struct mxsel__filter f = defaults;

	allowed[0] = network("127.0.0.2/32");
	allowed[1] = network("fe80::/64");
	f.allowed = allowed;
	f.allowed_count = 2;
	ck_assert_int_eq(judge(&f, "127.0.0.2"), OK);
	ck_assert_int_eq(judge(&f, "::ffff:127.0.0.2"), OK);
	ck_assert_int_eq(judge(&f, "127.0.0.1"), LOOPBACK);
	ck_assert_int_eq(judge(&f, "fe80::25"), OK);
	ck_assert_int_eq(judge(&f, "fe80:0:0:1::25"), LINK_LOCAL);
}
END_TEST

START_TEST(R63_an_allowed_network_wins_over_refused_private_addresses)
{
	struct mxsel__network allowed = network("10.1.0.0/16");
	struct mxsel__filter f = defaults;

	f.refuse_private = 1;
	f.allowed = &allowed;
	f.allowed_count = 1;
	ck_assert_int_eq(judge(&f, "10.1.255.255"), OK);
	ck_assert_int_eq(judge(&f, "10.2.0.0"), PRIVATE);
}
END_TEST

/* An IPv6 network may be allowed whose addresses mean refused IPv4 ones. */
START_TEST(R63_the_allow_list_knows_the_address_as_it_is_written_too)
{
	struct mxsel__network allowed = network("64:ff9b::/96");
	struct mxsel__filter f = defaults;

	f.allowed = &allowed;
	f.allowed_count = 1;
	ck_assert_int_eq(judge(&f, "64:ff9b::127.0.0.1"), OK);
	ck_assert_int_eq(judge(&f, "127.0.0.1"), LOOPBACK);
}
END_TEST

START_TEST(R55_R63_nothing_allows_the_unspecified_address)
{
	static const char *const all[] = { "0.0.0.0", "::", "::ffff:0.0.0.0",
		"64:ff9b::0.0.0.0", "2002::", "2001:0:0:0:0:0:ffff:ffff" };
	struct mxsel__network allowed[2];
	struct mxsel__filter f = defaults;
	int i;

	allowed[0] = network("0.0.0.0/0");
	allowed[1] = network("::/0");
	f.allow_loopback = 1;
	f.allow_link_local = 1;
	f.allowed = allowed;
	f.allowed_count = 2;
	for (i = 0; i < COUNT(all); i++) {
		struct mxsel__address a = address(all[i]);

		ck_assert_int_eq(judge(&f, all[i]), UNSPECIFIED);
		ck_assert_int_eq(mxsel__filter_is_unspecified(&f, &a), 1);
	}
}
END_TEST

START_TEST(R55_what_is_not_zero_is_not_unspecified)
{
	static const char *const none[] = { "0.0.0.1", "::1", "::2",
		"255.255.255.255", "2001:db8::", "::ffff:0.0.0.1" };
	int i;

	for (i = 0; i < COUNT(none); i++) {
		struct mxsel__address a = address(none[i]);

		ck_assert_int_eq(mxsel__filter_is_unspecified(&defaults, &a),
			0);
	}
}
END_TEST

START_TEST(R63_what_carries_nothing_means_itself)
{
	static const char *const plain[] = { "192.0.2.1", "2001:db8::1", "::",
		"::1", "fe80::1", "64:ff9b:1::7f00:1" };
	int i;

	for (i = 0; i < COUNT(plain); i++) {
		struct mxsel__address a = address(plain[i]);
		struct mxsel__address meant = mxsel__filter_meant(&defaults,
			&a);

		ck_assert(mxsel__address_equal(&a, &meant));
	}
}
END_TEST

static Suite *filter_suite(void)
{
	Suite *suite = suite_create("policy/filter");
	TCase *tc = tcase_create("filter");

	tcase_add_loop_test(tc,
		R63_every_network_is_refused_from_its_first_to_its_last_address,
		0, COUNT(borders));
	tcase_add_loop_test(tc,
		R63_private_networks_are_allowed_unless_refused,
		0, COUNT(borders));
	tcase_add_loop_test(tc,
		R63_F52_an_address_in_disguise_is_judged_as_what_it_is,
		0, COUNT(disguises));
	tcase_add_loop_test(tc,
		R63_a_declared_nat64_prefix_gives_the_ipv4_address_inside,
		0, COUNT(embeddings));
	tcase_add_test(tc, R63_the_u_octet_of_a_nat64_address_is_skipped);
	tcase_add_test(tc, R63_each_of_several_nat64_prefixes_is_known);
	tcase_add_test(tc,
		R63_loopback_and_link_local_can_be_allowed_as_a_whole);
	tcase_add_test(tc, R63_an_allowed_network_is_allowed_and_no_more);
	tcase_add_test(tc,
		R63_an_allowed_network_wins_over_refused_private_addresses);
	tcase_add_test(tc,
		R63_the_allow_list_knows_the_address_as_it_is_written_too);
	tcase_add_test(tc, R55_R63_nothing_allows_the_unspecified_address);
	tcase_add_test(tc, R55_what_is_not_zero_is_not_unspecified);
	tcase_add_test(tc, R63_what_carries_nothing_means_itself);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(filter_suite());
}
