/*
 * The cache against a model so plain that it can be seen to be right: an
 * array of what was kept last, and until when. Whatever is found must be
 * that; with room enough, all of that must be found (R77).
 */
#include <check.h>
#include <stdint.h>

#include "base/random.h"
#include "support/cached.h"
#include "support/run.h"

#define STEPS 100000
#define NAMES_MAX 3000
#define TYPES 4

static const uint16_t types[TYPES] = { MXSEL_TYPE_A, MXSEL_TYPE_AAAA,
	MXSEL_TYPE_MX, 52 };

/* What is known of one name and type; end 0: nothing. */
struct fact {
	uint64_t end;
	uint32_t version;
	int is_answer;
};

static struct {
	struct fact facts[NAMES_MAX][TYPES];
	struct mxsel__random dice;
	mxsel_cache *cache;
	uint64_t clock;   /* as the cache is told */
	uint64_t elapsed; /* as it should count */
	uint32_t names;
	uint32_t stale;   /* seconds */
	uint32_t leap;    /* milliseconds, at most */
	int with_failures;
	long wrong, lost, hits, stale_hits;
} world;

static uint32_t roll(uint32_t sides)
{
	return mxsel__random_below(&world.dice, sides);
}

static const char *name_of(uint32_t i)
{
	static char name[40];

	(void)snprintf(name, sizeof(name), "mx%u.%s%u.example", i % 3,
		i % 7 == 0 ? "a-rather-long-" : "d", i);
	return name;
}

/* An answer whose every octet follows from name, type and version. */
static void make(struct mxsel__cached *c, uint32_t name, uint32_t type,
	uint32_t version)
{
	unsigned n = version % 6, i;

	cached_empty(c, 0);
	if (version % 5 == 0)
		cached_alias(c, name_of(version % 1000), version % 9);
	for (i = 0; i < n && type != 2; i++)
		cached_addresses(c, type == 0 ? 4 : type == 1 ? 16 : 35, 1,
			name + version + i);
	for (i = 0; i < n && type == 2; i++)
		cached_mx(c, version * 7 + i, version % 5,
			name_of(version % 40 + i));
	c->security = (uint8_t)(version % 3);
	c->has_negative = n == 0;
}

static void keep(void)
{
	uint32_t name = roll(world.names), type = roll(TYPES);
	struct fact *fact = &world.facts[name][type];
	uint32_t version = (uint32_t)(mxsel__random_next(&world.dice) >> 36);
	uint32_t ttl = roll(8) == 0 ? 0 : 1 + roll(300);
	struct mxsel__cached c;
	int fails = world.with_failures && roll(5) == 0;

	make(&c, name, type, version);
	c.ttl = ttl;
	if (fails) {
		c.outcome = (uint8_t)(MXSEL_DNS_SERVFAIL + version % 10);
		ttl = 5;
	}
	cached_keep(world.cache, name_of(name), types[type], &c);
	if (ttl == 0 || (fails && fact->is_answer &&
		world.elapsed < fact->end + world.stale * UINT64_C(1000)))
		return;
	fact->end = world.elapsed + ttl * UINT64_C(1000);
	fact->version = version;
	fact->is_answer = !fails;
}

/* The fact that a look should find, and whether it is fresh. */
static int is_known(const struct fact *fact, int stale, int *fresh)
{
	*fresh = world.elapsed < fact->end;
	return *fresh || (stale && fact->is_answer && world.elapsed <
		fact->end + world.stale * UINT64_C(1000));
}

static void find(void)
{
	uint32_t name = roll(world.names), type = roll(TYPES);
	const struct fact *fact = &world.facts[name][type];
	int stale = roll(3) == 0, fresh, known;
	struct mxsel__cached is, should;

	known = is_known(fact, stale, &fresh);
	if (!cached_find(world.cache, name_of(name), types[type], stale,
		&is)) {
		world.lost += known;
		return;
	}
	make(&should, name, type, fact->version);
	should.outcome = fact->is_answer ? 0 : (uint8_t)(MXSEL_DNS_SERVFAIL +
		fact->version % 10);
	world.wrong += !known || !cached_equal(&is, &should);
	world.wrong += is.stale != !fresh;
	world.wrong += is.ttl != (fresh
		? (fact->end - world.elapsed + 999) / 1000 : MXSEL__STALE_TTL);
	world.hits += fresh;
	world.stale_hits += !fresh;
}

static void forget(void)
{
	uint32_t name = roll(world.names);

	world.wrong += mxsel_cache_forget(world.cache, name_of(name)) != 0;
	memset(world.facts[name], 0, sizeof(world.facts[name]));
}

static void forget_all(void)
{
	world.wrong += mxsel_cache_forget(world.cache, NULL) != 0;
	memset(world.facts, 0, sizeof(world.facts));
	world.wrong += mxsel_cache_statistic(world.cache,
		MXSEL_CACHE_NAMES) != 0;
}

/* Time goes on; seldom, the clock steps back, and no time goes by. */
static void pass(void)
{
	uint64_t step = roll(10) == 0 ? roll(world.leap)
		: roll(world.leap / 64);
	struct mxsel__cached c;

	if (roll(20) == 0) {
		world.clock -= step;
	} else {
		world.clock += step;
		world.elapsed += step;
	}
	/* The cache learns of it where it is asked; it has one shard. */
	(void)cached_find(world.cache, "", MXSEL_TYPE_A, 0, &c);
}

static void live(size_t bytes, uint32_t names, uint32_t leap, uint32_t stale,
	int with_failures, uint64_t seed)
{
	long step;

	memset(&world, 0, sizeof(world));
	mxsel__random_init(&world.dice, seed);
	world.clock = UINT64_C(1) << 40;
	world.elapsed = 1;
	world.names = names;
	world.leap = leap;
	world.stale = stale;
	world.with_failures = with_failures;
	world.cache = cached_new(bytes, &world.clock);
	ck_assert_int_eq(mxsel_cache_set(world.cache, MXSEL_CACHE_STALE,
		(int)stale), 0);
	world.clock++;
	for (step = 0; step < STEPS; step++) {
		uint32_t what = roll(1000);

		if (what < 350)
			keep();
		else if (what < 800)
			find();
		else if (what < 820)
			forget();
		else if (what == 820 && roll(20) == 0)
			forget_all();
		else
			pass();
	}
	mxsel_cache_free(world.cache);
}

START_TEST(R77_with_few_names_all_that_was_kept_is_found)
{
	uint64_t seed;

	for (seed = 1; seed <= 3; seed++) {
		live(400000, 40, 100000, 0, 1, seed);
		ck_assert_int_eq(world.wrong, 0);
		ck_assert_int_eq(world.lost, 0);
		ck_assert_int_gt(world.hits, 5000);
		ck_assert_int_eq(world.stale_hits, 0);
	}
}
END_TEST

START_TEST(R77_with_few_names_all_that_may_be_stale_is_found)
{
	uint64_t seed;

	for (seed = 11; seed <= 13; seed++) {
		live(400000, 40, 100000, 100, 1, seed);
		ck_assert_int_eq(world.wrong, 0);
		ck_assert_int_eq(world.lost, 0);
		ck_assert_int_gt(world.hits, 5000);
		ck_assert_int_gt(world.stale_hits, 300);
	}
}
END_TEST

START_TEST(R77_with_many_names_what_is_found_is_right)
{
	uint64_t seed;

	for (seed = 21; seed <= 23; seed++) {
		live(65536, NAMES_MAX, 5000, 0, 0, seed);
		ck_assert_int_eq(world.wrong, 0);
		ck_assert_int_gt(world.lost, 100);
		ck_assert_int_gt(world.hits, 1000);
		live(65536, NAMES_MAX, 5000, 100, 0, seed);
		ck_assert_int_eq(world.wrong, 0);
		ck_assert_int_gt(world.lost, 100);
		ck_assert_int_gt(world.stale_hits, 100);
	}
}
END_TEST

static Suite *model_suite(void)
{
	Suite *suite = suite_create("cache/model");
	TCase *tc = tcase_create("model");

	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, R77_with_few_names_all_that_was_kept_is_found);
	tcase_add_test(tc, R77_with_few_names_all_that_may_be_stale_is_found);
	tcase_add_test(tc, R77_with_many_names_what_is_found_is_right);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(model_suite());
}
