/*
 * Which TLSA records can be used, for every record there can be, and an
 * order of them that is one (R92, S35). May use the policy room.
 */
#include <check.h>
#include <stdint.h>
#include <string.h>

#include "policy/tlsa.h"
#include "support/figure.h"
#include "support/run.h"

static const uint8_t octets[65535] = { 1 };

static struct mxsel__tlsa make(unsigned usage, unsigned selector,
	unsigned matching, unsigned length)
{
	struct mxsel__tlsa tlsa = { (uint8_t)usage, (uint8_t)selector,
		(uint8_t)matching, (uint16_t)length, octets };

	return tlsa;
}

/* How many of all kinds of record can be used with so many octets. */
static unsigned count_usable(unsigned length, unsigned kinds)
{
	unsigned usage, selector, matching, count = 0;

	for (usage = 0; usage < kinds; usage++)
		for (selector = 0; selector < kinds; selector++)
			for (matching = 0; matching < kinds; matching++) {
				struct mxsel__tlsa tlsa = make(usage,
					selector, matching, length);

				count += mxsel__tlsa_is_usable(&tlsa) != 0;
			}
	return count;
}

START_TEST(R92_of_all_kinds_of_record_few_can_be_used)
{
	/* DANE-TA and DANE-EE, of two selectors, and the matching types
	 * that go with the length: RFC 7672 3.1, RFC 6698 2.1. */
	ck_assert_uint_eq(count_usable(0, 32), 0);
	ck_assert_uint_eq(count_usable(1, 32), 4);
	ck_assert_uint_eq(count_usable(32, 256), 8);
	ck_assert_uint_eq(count_usable(64, 32), 8);
}
END_TEST

START_TEST(R92_a_digest_has_the_length_of_its_kind)
{
	unsigned length, wrong = 0;

	for (length = 0; length <= 65535; length++) {
		struct mxsel__tlsa whole = make(3, 1, 0, length);
		struct mxsel__tlsa sha256 = make(3, 1, 1, length);
		struct mxsel__tlsa sha512 = make(2, 0, 2, length);

		wrong += mxsel__tlsa_is_usable(&whole) != (length > 0);
		wrong += mxsel__tlsa_is_usable(&sha256) != (length == 32);
		wrong += mxsel__tlsa_is_usable(&sha512) != (length == 64);
	}
	ck_assert_uint_eq(wrong, 0);
}
END_TEST

START_TEST(R92_the_usages_of_the_public_web_are_for_no_mail_server)
{
	struct mxsel__tlsa pkix_ta = make(0, 1, 1, 32);
	struct mxsel__tlsa pkix_ee = make(1, 1, 1, 32);
	struct mxsel__tlsa dane_ta = make(2, 1, 1, 32);
	struct mxsel__tlsa dane_ee = make(3, 1, 1, 32);

	ck_assert(!mxsel__tlsa_is_usable(&pkix_ta)); /* RFC 7672 3.1.3 */
	ck_assert(!mxsel__tlsa_is_usable(&pkix_ee));
	ck_assert(mxsel__tlsa_is_usable(&dane_ta));
	ck_assert(mxsel__tlsa_is_usable(&dane_ee));
}
END_TEST

START_TEST(R92_rdata_is_read_as_it_stands)
{
	static const uint8_t rdata[] = { 3, 1, 2, 0xaa, 0xbb };
	struct mxsel__tlsa tlsa;

	mxsel__tlsa_read(&tlsa, rdata, sizeof(rdata));
	ck_assert(tlsa.usage == 3 && tlsa.selector == 1 && tlsa.matching == 2);
	ck_assert_uint_eq(tlsa.length, 2);
	ck_assert_ptr_eq(tlsa.data, rdata + 3);
	mxsel__tlsa_read(&tlsa, rdata, 3);
	ck_assert_uint_eq(tlsa.length, 0);
}
END_TEST

/* --- the order ----------------------------------------------------------- */

#define RECORDS_MAX 200
static struct mxsel__tlsa set[RECORDS_MAX];
static int set_size;

static void make_set(void)
{
	static const char *const data[] = { "", "\0", "\1", "\1\0", "\377" };
	static const uint16_t lengths[] = { 0, 1, 1, 2, 1 };
	static const uint8_t edges[] = { 0, 2, 3, 255 };
	int usage, selector, matching, i;

	set_size = 0;
	for (usage = 0; usage < 4; usage++)
		for (selector = 0; selector < 3; selector++)
			for (matching = 0; matching < 3; matching++)
				for (i = 0; i < 5; i++) {
					set[set_size] = make(edges[usage],
						edges[selector],
						edges[matching], lengths[i]);
					set[set_size++].data =
						(const uint8_t *)data[i];
				}
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

START_TEST(S35_every_two_and_every_three_records_are_in_order)
{
	static signed char below[RECORDS_MAX][RECORDS_MAX];
	int a, b, c, wrong = 0;

	make_set();
	ck_assert_int_eq(set_size, 180);
	for (a = 0; a < set_size; a++)
		for (b = 0; b < set_size; b++)
			below[a][b] = (signed char)sign(mxsel__tlsa_compare(
				&set[a], &set[b]));
	for (a = 0; a < set_size; a++)
		for (b = 0; b < set_size; b++) {
			ck_assert_int_eq(below[a][b], -below[b][a]);
			/* Only a record and itself are equal. */
			ck_assert_int_eq(below[a][b] == 0, a == b);
		}
	for (a = 0; a < set_size; a++)
		for (b = 0; b < set_size; b++)
			for (c = 0; below[a][b] < 0 && c < set_size; c++)
				wrong += below[b][c] < 0 && below[a][c] >= 0;
	figure_print("TLSA records compared, all triples", wrong == 0
		? FIGURE_REACHED : FIGURE_FAILED, "a strict order",
		"%d triples, %d wrong", set_size * set_size * set_size,
		wrong);
	ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(R94_the_record_of_the_server_itself_comes_first)
{
	struct mxsel__tlsa ee = make(3, 1, 2, 64), ta = make(2, 0, 0, 1);

	ck_assert_int_lt(mxsel__tlsa_compare(&ee, &ta), 0);
	ck_assert_int_gt(mxsel__tlsa_compare(&ta, &ee), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy: TLSA records");
	TCase *tc = tcase_create("tlsa");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, R92_of_all_kinds_of_record_few_can_be_used);
	tcase_add_test(tc, R92_a_digest_has_the_length_of_its_kind);
	tcase_add_test(tc,
		R92_the_usages_of_the_public_web_are_for_no_mail_server);
	tcase_add_test(tc, R92_rdata_is_read_as_it_stands);
	tcase_add_test(tc, S35_every_two_and_every_three_records_are_in_order);
	tcase_add_test(tc, R94_the_record_of_the_server_itself_comes_first);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
