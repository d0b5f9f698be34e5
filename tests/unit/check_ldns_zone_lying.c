/*
 * An ldns that fails, and one that does not keep its word: what of it the
 * loader of zones uses stands here, and says what each test wants. What is no
 * sound record is refused, and want of memory is told as that, never as a
 * fault of the file (S15, S16, S39, F84, F86).
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include <mxsel/mxsel.h>

#include "ldns/zones.h"
#include "support/run.h"

/* Of the entry that is read: what becomes of it, and its RDATA. */
struct said {
	ldns_status parsed, written;
	const char *octets;
	size_t size;
};

static struct {
	struct said said[2];
	int entries;
	int clones, clone_fails; /* which one, from 1 */
	int no_buffer;
	int cut; /* octets that are missing of names made absolute */
} world;

ldns_rdf *ldns_rdf_clone(const ldns_rdf *rdf)
{
	if (++world.clones == world.clone_fails)
		return NULL;
	return ldns_rdf_new_frm_data(ldns_rdf_get_type(rdf),
		ldns_rdf_size(rdf), ldns_rdf_data(rdf));
}

ldns_buffer *ldns_buffer_new(size_t capacity)
{
	ldns_buffer *buffer = world.no_buffer ? NULL : malloc(sizeof(*buffer));
	void *room = calloc(1, capacity);

	if (buffer != NULL)
		ldns_buffer_new_frm_data(buffer, room, capacity);
	free(room);
	return buffer;
}

ldns_status ldns_dname_cat(ldns_rdf *name, const ldns_rdf *origin)
{
	size_t left = ldns_rdf_size(name) - 1, right = ldns_rdf_size(origin);
	uint8_t *octets = malloc(left + right);

	ck_assert_ptr_nonnull(octets);
	memcpy(octets, ldns_rdf_data(name), left);
	memcpy(octets + left, ldns_rdf_data(origin), right);
	free(ldns_rdf_data(name));
	ldns_rdf_set_data(name, octets);
	ldns_rdf_set_size(name, left + right - (size_t)world.cut);
	return LDNS_STATUS_OK;
}

/* ". 0 IN TYPE RDATA": the type is read, the rest is as it is said. */
ldns_status ldns_rr_new_frm_str(ldns_rr **rr, const char *text, uint32_t ttl,
	const ldns_rdf *origin, ldns_rdf **owner)
{
	char type[16] = "";
	const struct said *said = &world.said[world.entries++];

	(void)ttl;
	(void)origin;
	(void)owner;
	ck_assert_int_eq(strncmp(text, ". 0 IN ", 7), 0);
	strncpy(type, text + 7, strcspn(text + 7, " "));
	if (said->parsed != LDNS_STATUS_OK)
		return said->parsed;
	*rr = ldns_rr_new();
	ldns_rr_set_type(*rr, ldns_get_rr_type_by_name(type));
	return LDNS_STATUS_OK;
}

ldns_status ldns_rr_rdata2buffer_wire(ldns_buffer *buffer, const ldns_rr *rr)
{
	const struct said *said = &world.said[world.entries - 1];

	(void)rr;
	ldns_buffer_write(buffer, said->octets, said->size);
	return said->written;
}

static struct mxsel__zone zone;

#define NUMBERS "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5"

static void say(int entry, const char *octets, size_t size)
{
	world.said[entry].octets = octets;
	world.said[entry].size = size;
}

static void setup(void)
{
	memset(&world, 0, sizeof(world));
	say(0, "\0\1h\0" NUMBERS, 24);
	say(1, "\300\0\2\1", 4);
}

static void teardown(void)
{
	mxsel__zone_clear(&zone);
}

#define TEXT "example. 60 IN SOA . h 1 2 3 4 5\na A 192.0.2.1\n"

START_TEST(a_zone_is_what_ldns_says)
{
	ck_assert_int_eq(mxsel__zone_load(&zone, TEXT), 0);
	ck_assert_uint_eq(zone.count, 2);
	ck_assert_int_eq(world.entries, 2);
}
END_TEST

/* ------------------------------------------------------------------- memory */

static void is_refused_for_memory(const char *text)
{
	ck_assert_int_eq(mxsel__zone_load(&zone, text), MXSEL_ENOMEM);
	ck_assert_uint_eq(zone.count, 0);
	ck_assert_ptr_null(zone.records);
	ck_assert_ptr_null(zone.soa);
}

START_TEST(S39_F84_short_memory_is_no_fault_of_the_file)
{
	world.no_buffer = 1;
	is_refused_for_memory(TEXT);
	setup();
	world.said[1].parsed = LDNS_STATUS_MEM_ERR;
	is_refused_for_memory(TEXT);
	setup();
	world.said[1].written = LDNS_STATUS_MEM_ERR;
	is_refused_for_memory(TEXT);
}
END_TEST

START_TEST(S39_F84_nor_is_it_when_the_origin_is_learned_or_repeated)
{
	world.clone_fails = 1;
	is_refused_for_memory(TEXT);
	setup();
	world.clone_fails = 2;
	is_refused_for_memory(TEXT "@ A 192.0.2.2\n");
	setup();
	world.clone_fails = 1;
	is_refused_for_memory("$ORIGIN example.\n@ 60 IN SOA . h 1 2 3 4 5\n");
}
END_TEST

START_TEST(F86_any_other_failure_is_one_of_the_file)
{
	world.said[1].parsed = LDNS_STATUS_SYNTAX_ERR;
	ck_assert_int_eq(mxsel__zone_load(&zone, TEXT), MXSEL_EFILE);
	ck_assert_uint_eq(zone.count, 0);
	setup();
	world.said[1].written = LDNS_STATUS_ERR;
	ck_assert_int_eq(mxsel__zone_load(&zone, TEXT), MXSEL_EFILE);
	ck_assert_uint_eq(zone.count, 0);
}
END_TEST

START_TEST(S15_F86_an_owner_without_its_end_is_refused)
{
	world.cut = 1;
	ck_assert_int_eq(mxsel__zone_load(&zone, TEXT), MXSEL_EFILE);
	ck_assert_uint_eq(zone.count, 0);
}
END_TEST

/* -------------------------------------------------------------------- RDATA */

#define ROW(type, octets, result) { type, octets, sizeof(octets) - 1, result }

/* The SOA of the zone, and then a record: both as it is said. */
static const struct rdata {
	const char *type, *octets;
	size_t size;
	int result;
} rdata[] = {
	ROW("SOA", "\0\0" NUMBERS, MXSEL_OK),
	ROW("SOA", "\0\0" NUMBERS "\0", MXSEL_EFILE),
	ROW("SOA", "\0\1h" NUMBERS, MXSEL_EFILE),
	ROW("SOA", "\0\2hh" NUMBERS, MXSEL_EFILE),
	ROW("SOA", "\0" NUMBERS, MXSEL_EFILE),
	ROW("SOA", "\1", MXSEL_EFILE),
	ROW("SOA", "\100" NUMBERS NUMBERS, MXSEL_EFILE),
	ROW("SOA", "", MXSEL_EFILE),
	ROW("A", "\300\0\2", MXSEL_EFILE),
	ROW("A", "\300\0\2\1", MXSEL_OK),
	ROW("A", "\300\0\2\1\1", MXSEL_EFILE),
	ROW("AAAA", "\300\0\2\1", MXSEL_EFILE),
	ROW("AAAA", "0123456789abcdef", MXSEL_OK),
	ROW("MX", "", MXSEL_EFILE),
	ROW("MX", "\0\12", MXSEL_EFILE),
	ROW("MX", "\0\12\0", MXSEL_OK),
	ROW("MX", "\0\12\0\0", MXSEL_EFILE),
	ROW("MX", "\0\12\1a", MXSEL_EFILE),
	ROW("CNAME", "", MXSEL_EFILE),
	ROW("CNAME", "\1a\0", MXSEL_OK),
	ROW("NS", "\1a\0\0", MXSEL_EFILE),
	ROW("DNAME", "\300\14", MXSEL_EFILE),
	ROW("TLSA", "\3\1", MXSEL_EFILE),
	ROW("TLSA", "\3\1\1", MXSEL_OK),
	ROW("TXT", "", MXSEL_OK),
};

START_TEST(S16_F86_data_that_its_type_cannot_have_is_refused)
{
	const struct rdata *r = &rdata[_i];
	char text[64] = "example. 60 IN SOA \\# 0\n";

	if (strcmp(r->type, "SOA") != 0) {
		strcat(strcat(text, "a "), r->type);
		strcat(text, " \\# 0\n");
		say(1, r->octets, r->size);
	} else {
		say(0, r->octets, r->size);
	}
	ck_assert_int_eq(mxsel__zone_load(&zone, text), r->result);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns_zone: an ldns that lies");
	TCase *t = tcase_create("lies");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_zone_is_what_ldns_says);
	tcase_add_test(t, S39_F84_short_memory_is_no_fault_of_the_file);
	tcase_add_test(t,
		S39_F84_nor_is_it_when_the_origin_is_learned_or_repeated);
	tcase_add_test(t, F86_any_other_failure_is_one_of_the_file);
	tcase_add_test(t, S15_F86_an_owner_without_its_end_is_refused);
	tcase_add_loop_test(t,
		S16_F86_data_that_its_type_cannot_have_is_refused,
		0, (int)(sizeof(rdata) / sizeof(rdata[0])));
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
