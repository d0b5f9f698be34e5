/*
 * IP addresses from text and to text, strictly (S43), and networks. The C
 * library's own functions are the second opinion.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <mxsel/mxsel.h>

#include "base/random.h"
#include "name/address.h"
#include "support/run.h"

static int parse(struct mxsel__address *out, const char *text)
{
	size_t length = strlen(text);
	char *exact = malloc(length == 0 ? 1 : length);
	int result;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, text, length);
	result = mxsel__address_parse(out, exact, length);
	free(exact);
	return result;
}

static const char *const sound[] = {
	"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "1::",
	"2001:db8::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
	"::2:3:4:5:6:7:8", "1:2:3::6:7:8", "::ffff:192.0.2.1",
	"1:2:3:4:5:6:192.0.2.1", "64:ff9b::192.0.2.1", "ABCD:ef01::",
	"0001:0002::", "1:2:3:4::6:192.0.2.1"
};

START_TEST(S43_an_address_is_read_as_the_c_library_reads_it)
{
	struct mxsel__address address;
	uint8_t bytes[16];
	int family = strchr(sound[_i], ':') == NULL ? AF_INET : AF_INET6;

	ck_assert_int_eq(parse(&address, sound[_i]), MXSEL_OK);
	ck_assert_int_eq(inet_pton(family, sound[_i], bytes), 1);
	ck_assert_uint_eq(address.length, family == AF_INET ? 4 : 16);
	ck_assert_mem_eq(address.bytes, bytes, address.length);
}
END_TEST

static const char *const unsound[] = {
	"", ".", "1", "127.1", "0127.0.0.1", "127.0.0.01", "192.0.2",
	"192.0.2.", "192.0.2.1.", "192.0.2.256", "192.0.2.1.1", "192..2.1",
	".192.0.2.1", "192.0.2.1 ", " 192.0.2.1", "192.0.2.-1", "192.0.2.+1",
	"0x7f.0.0.1", "2130706433", "192,0,2,1", "192.0.2.4294967297",
	":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
	"1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
	"::1:2:3:4:5:6:7:8", "1::2::3", "1:::2", "12345::", "g::", "1::g",
	"fe80::1%eth0", "fe80::1%1", "::192.0.2", "::192.0.2.1.1",
	"::192.0.2.01", "1:2:3:4:5:6:7:192.0.2.1", "::192.0.2.1:1",
	"192.0.2.1::", "[::1]", "1:2:3:4:5:6:7:8.1.2.3", "::1/128",
	"::.1.2.3", "1 ::", "1:2:3:4:5:6:7:8 "
};

START_TEST(S43_anything_else_is_no_address)
{
	struct mxsel__address address;

	ck_assert_int_eq(parse(&address, unsound[_i]), MXSEL_ESYNTAX);
}
END_TEST

/* One octet of a sound address is another one. */
static void damage(char *text, struct mxsel__random *r)
{
	static const char octets[] = "0123456789abcdefABCDEFg:.:.:. %[";
	size_t at = mxsel__random_below(r, (uint32_t)strlen(text));

	text[at] = octets[mxsel__random_below(r, sizeof(octets) - 1)];
}

START_TEST(S43_damaged_addresses_are_judged_as_the_c_library_does)
{
	struct mxsel__random r;
	struct mxsel__address address;
	uint8_t bytes[16];
	long accepted = 0;
	long i;

	mxsel__random_init(&r, 43);
	for (i = 0; i < 200000; i++) {
		char text[64];
		int v4, v6;

		memcpy(text, sound[i % 17], strlen(sound[i % 17]) + 1);
		damage(text, &r);
		if (i % 2 == 0)
			damage(text, &r);
		v4 = inet_pton(AF_INET, text, bytes);
		v6 = v4 ? 0 : inet_pton(AF_INET6, text, bytes);
		ck_assert_msg((parse(&address, text) == MXSEL_OK) ==
			(v4 || v6), "%s", text);
		if (!v4 && !v6)
			continue;
		accepted++;
		ck_assert_mem_eq(address.bytes, bytes, v4 ? 4 : 16);
	}
	ck_assert_int_gt(accepted, 10000);
}
END_TEST

static void assert_format(const char *text, const char *want)
{
	struct mxsel__address address;
	char out[MXSEL__ADDRESS_TEXT_SIZE];

	ck_assert_int_eq(parse(&address, text), MXSEL_OK);
	ck_assert_uint_eq(mxsel__address_format(out, &address), strlen(want));
	ck_assert_str_eq(out, want);
}

/* The examples are RFC 5952's. */
START_TEST(an_address_has_one_text)
{
	assert_format("192.0.2.1", "192.0.2.1");
	assert_format("255.255.255.255", "255.255.255.255");
	assert_format("0.10.0.100", "0.10.0.100");
	assert_format("2001:0DB8:0:0:0:0:2:1", "2001:db8::2:1");
	assert_format("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
	assert_format("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
	assert_format("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
	assert_format("0:0:0:0:0:0:0:0", "::");
	assert_format("0:0:0:0:0:0:0:1", "::1");
	assert_format("1:0:0:0:0:0:0:0", "1::");
	assert_format("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::");
	assert_format("::ffff:c000:201", "::ffff:192.0.2.1");
	assert_format("fff:ff:f:10:100:1000:a:0", "fff:ff:f:10:100:1000:a:0");
	assert_format("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}
END_TEST

START_TEST(what_is_written_reads_back_the_same)
{
	struct mxsel__random r;
	struct mxsel__address address = { { 0 }, 16 };
	struct mxsel__address again;
	char out[MXSEL__ADDRESS_TEXT_SIZE], other[INET6_ADDRSTRLEN];
	int i, j;

	mxsel__random_init(&r, 5952);
	for (i = 0; i < 20000; i++) {
		uint64_t zeros = mxsel__random_next(&r);

		for (j = 0; j < 16; j++)
			address.bytes[j] = zeros >> (j / 2) & 1 ? 0
				: (uint8_t)mxsel__random_next(&r);
		address.bytes[0] |= 0x20; /* no IPv4 in it */
		mxsel__address_format(out, &address);
		inet_ntop(AF_INET6, address.bytes, other, sizeof(other));
		ck_assert_str_eq(out, other);
		ck_assert_int_eq(parse(&again, out), MXSEL_OK);
		ck_assert(mxsel__address_equal(&address, &again));
	}
}
END_TEST

START_TEST(R21_an_address_in_brackets_is_read)
{
	struct mxsel__address a, b;

	ck_assert_int_eq(mxsel__address_from_name(&a, "[192.0.2.1]", 11), 0);
	ck_assert_int_eq(mxsel__address_parse(&b, "192.0.2.1", 9), 0);
	ck_assert(mxsel__address_equal(&a, &b));
	ck_assert_int_eq(mxsel__address_from_name(&a, "[IPv6:::1]", 10), 0);
	ck_assert_int_eq(mxsel__address_from_name(&b, "[::1]", 5), 0);
	ck_assert(mxsel__address_equal(&a, &b));
	ck_assert_int_eq(mxsel__address_from_name(&b, "[ipv6:::1]", 10), 0);
	ck_assert_int_eq(mxsel__address_from_name(&b, "::1", 3), 0);
	ck_assert(mxsel__address_equal(&a, &b));
}
END_TEST

static const char *const no_literals[] = {
	"[]", "[", "]", "[::1", "::1]", "[[::1]]", "[IPv6:]", "[IPv6::1]",
	"[IPv5:::1]", "[IP\3266:::1]", "[IPv6:192.0.2.1]", "[192.0.2]",
	"[@pv6:::1]", "[IXv6:::1]"
};

START_TEST(R21_other_brackets_are_no_address)
{
	struct mxsel__address a;

	ck_assert_int_eq(mxsel__address_from_name(&a, no_literals[_i],
			strlen(no_literals[_i])), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(addresses_of_two_families_differ)
{
	struct mxsel__address a, b;

	parse(&a, "32.1.13.184");
	parse(&b, "2001:db8::");
	ck_assert(!mxsel__address_equal(&a, &b));
	parse(&b, "32.1.13.185");
	ck_assert(!mxsel__address_equal(&a, &b));
	ck_assert(mxsel__address_equal(&a, &a));
}
END_TEST

static int holds(const char *network, const char *text)
{
	struct mxsel__network n;
	struct mxsel__address a;

	ck_assert_int_eq(mxsel__network_parse(&n, network, strlen(network)),
		MXSEL_OK);
	ck_assert_int_eq(parse(&a, text), MXSEL_OK);
	return mxsel__network_holds(&n, &a);
}

START_TEST(a_network_holds_the_addresses_under_its_prefix)
{
	ck_assert(holds("192.0.2.0/24", "192.0.2.255"));
	ck_assert(!holds("192.0.2.0/24", "192.0.3.0"));
	ck_assert(holds("192.0.2.128/25", "192.0.2.128"));
	ck_assert(!holds("192.0.2.128/25", "192.0.2.127"));
	ck_assert(holds("0.0.0.0/0", "203.0.113.9"));
	ck_assert(!holds("0.0.0.0/0", "::"));
	ck_assert(holds("192.0.2.1", "192.0.2.1"));
	ck_assert(!holds("192.0.2.1", "192.0.2.2"));
	ck_assert(holds("2001:db8::/32", "2001:db8:ffff::1"));
	ck_assert(!holds("2001:db8::/32", "2001:db9::"));
	ck_assert(holds("2001:db8::1/128", "2001:db8::1"));
	ck_assert(!holds("2001:db8::1", "2001:db8::2"));
	ck_assert(!holds("::/0", "192.0.2.1"));
	ck_assert(holds("fe80::/10", "febf::"));
	ck_assert(!holds("fe80::/10", "fec0::"));
}
END_TEST

static const char *const no_networks[] = {
	"", "/", "/8", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/024",
	"192.0.2.0/-1", "192.0.2.0/24 ", "192.0.2.0/24/24", "192.0.2.1/24",
	"2001:db8::/129", "2001:db8::1/64", "192.0.2.0/23x", "192.0.2/24",
	"0.0.0.1/0", "192.0.2.0/4294967296"
};

START_TEST(anything_else_is_no_network)
{
	struct mxsel__network n;

	ck_assert_int_eq(mxsel__network_parse(&n, no_networks[_i],
			strlen(no_networks[_i])), MXSEL_ESYNTAX);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

int main(void)
{
	Suite *suite = suite_create("name address");
	TCase *tests = tcase_create("address");

	suite_add_tcase(suite, tests);
	tcase_add_loop_test(tests,
		S43_an_address_is_read_as_the_c_library_reads_it, 0,
		COUNT(sound));
	tcase_add_loop_test(tests, S43_anything_else_is_no_address, 0,
		COUNT(unsound));
	tcase_add_test(tests,
		S43_damaged_addresses_are_judged_as_the_c_library_does);
	tcase_add_test(tests, an_address_has_one_text);
	tcase_add_test(tests, what_is_written_reads_back_the_same);
	tcase_add_test(tests, R21_an_address_in_brackets_is_read);
	tcase_add_loop_test(tests, R21_other_brackets_are_no_address, 0,
		COUNT(no_literals));
	tcase_add_test(tests, addresses_of_two_families_differ);
	tcase_add_test(tests,
		a_network_holds_the_addresses_under_its_prefix);
	tcase_add_loop_test(tests, anything_else_is_no_network, 0,
		COUNT(no_networks));
	return mxsel_test_run(suite);
}
