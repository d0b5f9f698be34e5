/*
 * A server that has not taken what it was told: what it goes on saying of the
 * same host is older than what is known here, and does not take its place
 * (R85).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include "cache/memory.h"
#include "redis/clock.h"
#include "redis/inside.h"
#include "support/redis_served.h"

#define OTHER "mx2.example.com"
#define WELL "score=0 age=3600000 last=delivered"
#define FULL "-OOM command not allowed when used memory > 'maxmemory'.\r\n"

/* 1: the server's word of it counts; 0: it is as if the server had none. */
static int counts(const char *host)
{
	ck_assert_int_eq(look(r, &entry, host, PATIENCE), 0);
	return entry.outcomes[0] == MXSEL_OUTCOME_DELIVERED;
}

/* As a selection looks, a second later at the soonest. */
static uint32_t score(void)
{
	struct mxsel__known k;

	memset(&k, 0, sizeof k);
	k.kind = MXSEL_MEMORY_HOST;
	k.name = HOST;
	k.length = sizeof HOST - 1;
	k.port = 25;
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_REFRESH, 0), 0);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_BUDGET, 1000),
		0);
	(void)mxsel__memory_look(memory, &k, 1);
	return k.score;
}

START_TEST(R85_a_full_server_does_not_make_a_dead_host_well)
{
	false_redis_know(server, WELL);
	begin();
	ck_assert_int_eq(counts(HOST), 1);
	false_redis_be(server, FALSE_FULL, FULL);
	refused(memory, HOST);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(COUNTED(r, LOST), 1);
	ck_assert_int_eq(counts(HOST), 0);
	ck_assert_int_eq(counts(OTHER), 1);
	ck_assert_uint_gt(score(), 900);
	ck_assert_uint_gt(score(), 900);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_UNANSWERED), 0);
}
END_TEST

START_TEST(R85_its_word_counts_again_when_it_takes_what_it_is_told)
{
	false_redis_know(server, WELL);
	begin();
	false_redis_be(server, FALSE_FULL, FULL);
	refused(memory, HOST);
	refused(memory, OTHER);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	false_redis_be(server, FALSE_HONEST, NULL);
	ck_assert_int_eq(counts(HOST), 0);
	refused(memory, HOST);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_int_eq(counts(HOST), 1);
	ck_assert_int_eq(counts(OTHER), 0);
	ck_assert_uint_eq(score(), 0);
}
END_TEST

START_TEST(R85_what_found_no_room_while_it_was_away_is_not_overwritten)
{
	int port = false_redis_port(server);

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_QUEUE, 0), 0);
	begin();
	false_redis_stop(server);
	BECOMES(!COUNTED(r, IS_CONNECTED));
	BECOMES(error_has("cannot connect"));
	refused(memory, HOST);
	ck_assert_uint_eq(COUNTED(r, LOST), 1);
	server = false_redis_start(port);
	false_redis_know(server, WELL);
	BECOMES(COUNTED(r, IS_CONNECTED));
	ck_assert_int_eq(counts(HOST), 0);
	ck_assert_int_eq(counts(OTHER), 1);
}
END_TEST

/* As where there is no memory for it. */
START_TEST(R85_what_never_went_out_is_not_overwritten)
{
	struct mxsel_memory_entry bad;

	false_redis_know(server, WELL);
	begin();
	ck_assert_int_eq(counts(HOST), 1);
	host_entry(&bad, HOST);
	bad.code = 99;
	mxsel__rd_record(&bad, MXSEL_STORE_FAILED, HALF_LIFE, r);
	ck_assert_uint_eq(COUNTED(r, LOST), 1);
	ck_assert_int_eq(counts(HOST), 0);
	ck_assert_int_eq(counts(OTHER), 1);
}
END_TEST

/* ------------------------------------------------------------- how long */

static struct mxsel__rd_shelf shelf;
static const struct mxsel__rd_key key = { "mxsel:host:mx.example.com", 25, 25 };
static const struct mxsel__rd_key at_587 = { "mxsel:host:mx.example.com", 25,
	587 };
static const struct mxsel__rd_key other = { "mxsel:host:mx.example.net", 25,
	25 };

START_TEST(R85_what_is_lost_counts_for_six_half_lives)
{
	const uint64_t six = 6 * (uint64_t)HALF_LIFE * MXSEL__RD_MS;

	memset(&shelf, 0, sizeof shelf);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &key, 7), 0);
	mxsel__rd_shelf_lost(&shelf, &key, HALF_LIFE, 7);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &key, 7), 1);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &at_587, 7), 1);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &other, 7), 0);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &key, 6 + six), 1);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &key, 7 + six), 0);
	mxsel__rd_shelf_lost(&shelf, &key, 86400000, 7);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &key, 7 + six), 1);
}
END_TEST

START_TEST(R85_what_is_taken_is_not_lost)
{
	memset(&shelf, 0, sizeof shelf);
	mxsel__rd_shelf_lost(&shelf, &key, HALF_LIFE, 7);
	mxsel__rd_shelf_taken(&shelf, &other);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &key, 8), 1);
	mxsel__rd_shelf_taken(&shelf, &at_587);
	ck_assert_int_eq(mxsel__rd_shelf_is_behind(&shelf, &key, 8), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("redis/lost");
	TCase *t = tcase_create("lost"), *how_long = tcase_create("how_long");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, R85_a_full_server_does_not_make_a_dead_host_well);
	tcase_add_test(t,
		R85_its_word_counts_again_when_it_takes_what_it_is_told);
	tcase_add_test(t,
		R85_what_found_no_room_while_it_was_away_is_not_overwritten);
	tcase_add_test(t, R85_what_never_went_out_is_not_overwritten);
	suite_add_tcase(suite, t);
	tcase_add_test(how_long, R85_what_is_lost_counts_for_six_half_lives);
	tcase_add_test(how_long, R85_what_is_taken_is_not_lost);
	suite_add_tcase(suite, how_long);
	return mxsel_test_run(suite);
}
