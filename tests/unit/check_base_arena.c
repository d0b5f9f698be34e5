/*
 * The memory of a selection: aligned, kept when emptied, and harmless when
 * the allocator has nothing to give (S39, F84).
 */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "support/run.h"

/* An allocator that counts, and that fails when it is told to. */
struct meter {
	long asked;
	long live;
	long fail_from; /* this call and all after it fail; 0: none */
	size_t largest;
};

static void *metered(void *pointer, size_t size, void *user)
{
	struct meter *meter = user;

	if (size == 0) {
		if (pointer != NULL)
			meter->live--;
		free(pointer);
		return NULL;
	}
	meter->asked++;
	if (size > meter->largest)
		meter->largest = size;
	if (meter->fail_from > 0 && meter->asked >= meter->fail_from)
		return NULL;
	if (pointer == NULL)
		meter->live++;
	return realloc(pointer, size);
}

static void begin(struct mxsel__arena *arena, struct meter *meter, void *room,
	size_t size)
{
	struct mxsel__allocator allocator;

	memset(meter, 0, sizeof(*meter));
	allocator.fn = metered;
	allocator.user = meter;
	mxsel__arena_init(arena, &allocator, room, size);
}

/* What a selection might ask for: small, odd, large; 0 when all was given. */
static int ask_for_a_selection(struct mxsel__arena *arena)
{
	static const size_t sizes[] = { 1, 7, 8, 254, 2040, 2048, 2049, 3,
		3000, 16, 64, 1000, 1000, 1000, 5 };
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned char *got = mxsel__arena_get(arena, sizes[i]);

		if (got == NULL)
			return -1;
		memset(got, 0xa5, sizes[i]);
	}
	return 0;
}

START_TEST(whatever_is_got_is_aligned_to_eight)
{
	struct mxsel__arena arena;
	struct meter meter;
	size_t size;
	int crooked = 0;

	begin(&arena, &meter, NULL, 0);
	for (size = 1; size < 300; size++) {
		void *got = mxsel__arena_get(&arena, size);

		ck_assert_ptr_nonnull(got);
		if ((uintptr_t)got % 8 != 0)
			crooked++;
	}
	ck_assert_int_eq(crooked, 0);
	mxsel__arena_free(&arena);
	ck_assert_int_eq(meter.live, 0);
}
END_TEST

START_TEST(pieces_do_not_overlap)
{
	struct mxsel__arena arena;
	struct meter meter;
	unsigned char *pieces[200];
	uint64_t room[16];
	size_t i, j;
	int spoilt = 0;

	begin(&arena, &meter, room, sizeof(room));
	for (i = 0; i < 200; i++) {
		pieces[i] = mxsel__arena_get(&arena, i + 1);
		ck_assert_ptr_nonnull(pieces[i]);
		memset(pieces[i], (int)i, i + 1);
	}
	for (i = 0; i < 200; i++) {
		for (j = 0; j <= i; j++)
			spoilt += pieces[i][j] != (unsigned char)i;
	}
	ck_assert_int_eq(spoilt, 0);
	mxsel__arena_free(&arena);
}
END_TEST

START_TEST(the_own_room_is_used_first_and_never_freed)
{
	struct mxsel__arena arena;
	struct meter meter;
	uint64_t room[8];
	unsigned char *first = (unsigned char *)room;

	begin(&arena, &meter, room, sizeof(room));
	ck_assert_ptr_eq(mxsel__arena_get(&arena, 30), first);
	ck_assert_ptr_eq(mxsel__arena_get(&arena, 32), first + 32);
	ck_assert_int_eq(meter.asked, 0);
	ck_assert_ptr_nonnull(mxsel__arena_get(&arena, 1));
	ck_assert_int_eq(meter.asked, 1);
	mxsel__arena_free(&arena);
	ck_assert_int_eq(meter.live, 0);
	ck_assert_ptr_eq(mxsel__arena_get(&arena, 8), first);
}
END_TEST

START_TEST(S39_an_emptied_arena_serves_the_same_again_without_allocation)
{
	struct mxsel__arena arena;
	struct meter meter;
	uint64_t room[32];
	long asked;
	int i;

	begin(&arena, &meter, room, sizeof(room));
	ck_assert_int_eq(ask_for_a_selection(&arena), 0);
	asked = meter.asked;
	ck_assert_int_gt(asked, 1);
	for (i = 0; i < 100; i++) {
		mxsel__arena_empty(&arena);
		ck_assert_int_eq(ask_for_a_selection(&arena), 0);
	}
	ck_assert_int_eq(meter.asked, asked);
	mxsel__arena_free(&arena);
	ck_assert_int_eq(meter.live, 0);
}
END_TEST

START_TEST(blocks_are_reused_after_being_emptied)
{
	struct mxsel__arena arena;
	struct meter meter;
	void *first, *second;

	begin(&arena, &meter, NULL, 0);
	first = mxsel__arena_get(&arena, 2000);
	second = mxsel__arena_get(&arena, 2000);
	mxsel__arena_empty(&arena);
	ck_assert_ptr_eq(mxsel__arena_get(&arena, 2000), first);
	ck_assert_ptr_eq(mxsel__arena_get(&arena, 2000), second);
	ck_assert_int_eq(meter.asked, 2);
	mxsel__arena_free(&arena);
}
END_TEST

START_TEST(a_large_piece_gets_a_block_and_the_smaller_ones_stay_in_use)
{
	struct mxsel__arena arena;
	struct meter meter;
	unsigned char *large;

	begin(&arena, &meter, NULL, 0);
	ck_assert_ptr_nonnull(mxsel__arena_get(&arena, 100));
	mxsel__arena_empty(&arena);
	large = mxsel__arena_get(&arena, 100000);
	ck_assert_ptr_nonnull(large);
	memset(large, 0xff, 100000);
	ck_assert_int_eq(meter.asked, 2);
	/* The block of 100 is behind the large one and serves again. */
	ck_assert_ptr_nonnull(mxsel__arena_get(&arena, 100));
	ck_assert_int_eq(meter.asked, 2);
	mxsel__arena_free(&arena);
	ck_assert_int_eq(meter.live, 0);
}
END_TEST

START_TEST(S39_what_one_large_answer_took_is_given_back)
{
	struct mxsel__arena arena;
	struct meter meter;

	begin(&arena, &meter, NULL, 0);
	ck_assert_ptr_nonnull(mxsel__arena_get(&arena, 100));
	ck_assert_ptr_nonnull(mxsel__arena_get(&arena, 200000));
	ck_assert_int_eq(meter.live, 2);
	mxsel__arena_empty(&arena);
	ck_assert_int_eq(meter.live, 1);
	ck_assert_ptr_nonnull(mxsel__arena_get(&arena, 100));
	ck_assert_int_eq(meter.asked, 2);
	mxsel__arena_free(&arena);
	ck_assert_int_eq(meter.live, 0);
}
END_TEST

START_TEST(a_changing_diet_does_not_make_the_arena_grow_for_ever)
{
	struct mxsel__arena arena;
	struct meter meter;
	uint32_t dice = 1;
	long after_half = 0;
	int i, j;

	begin(&arena, &meter, NULL, 0);
	for (i = 0; i < 20000; i++) {
		mxsel__arena_empty(&arena);
		for (j = 0; j < 6; j++) {
			dice = dice * 1664525u + 1013904223u;
			ck_assert(mxsel__arena_get(&arena,
				1 + (dice >> 16) % 2000) != NULL);
		}
		if (i == 10000)
			after_half = meter.asked;
	}
	ck_assert_int_lt(meter.asked, 200);
	ck_assert_int_le(meter.asked - after_half, 20);
	mxsel__arena_free(&arena);
	ck_assert_int_eq(meter.live, 0);
}
END_TEST

START_TEST(S39_F84_each_failed_allocation_is_a_null_and_nothing_worse)
{
	long fail;

	for (fail = 1;; fail++) {
		struct mxsel__arena arena;
		struct meter meter;
		uint64_t room[4];
		int result;

		begin(&arena, &meter, room, sizeof(room));
		meter.fail_from = fail;
		result = ask_for_a_selection(&arena);
		meter.fail_from = 0;
		if (result == 0) {
			mxsel__arena_free(&arena);
			break;
		}
		/* Memory came back: the arena goes on where it stood. */
		ck_assert_int_eq(ask_for_a_selection(&arena), 0);
		mxsel__arena_free(&arena);
		ck_assert_int_eq(meter.live, 0);
		ck_assert_int_eq(ask_for_a_selection(&arena), 0);
		mxsel__arena_free(&arena);
		ck_assert_int_eq(meter.live, 0);
	}
	ck_assert_int_gt(fail, 3);
}
END_TEST

START_TEST(F84_without_memory_zero_and_text_are_null_too)
{
	struct mxsel__arena arena;
	struct meter meter;

	begin(&arena, &meter, NULL, 0);
	meter.fail_from = 1;
	ck_assert_ptr_null(mxsel__arena_get(&arena, 8));
	ck_assert_ptr_null(mxsel__arena_zero(&arena, 8));
	ck_assert_ptr_null(mxsel__arena_text(&arena, "mx", 2));
	mxsel__arena_free(&arena);
	ck_assert_int_eq(meter.live, 0);
}
END_TEST

START_TEST(S21_a_size_that_cannot_be_is_refused_before_any_arithmetic)
{
	struct mxsel__arena arena;
	struct meter meter;

	begin(&arena, &meter, NULL, 0);
	ck_assert_ptr_null(mxsel__arena_get(&arena, SIZE_MAX));
	ck_assert_ptr_null(mxsel__arena_get(&arena, SIZE_MAX / 2 + 1));
	ck_assert_ptr_null(mxsel__arena_zero(&arena, SIZE_MAX - 7));
	ck_assert_int_eq(meter.asked, 0);
	mxsel__arena_free(&arena);
}
END_TEST

START_TEST(zeroed_memory_is_zero_also_the_second_time)
{
	struct mxsel__arena arena;
	struct meter meter;
	unsigned char *got;
	int dirt = 0;
	size_t i;

	begin(&arena, &meter, NULL, 0);
	got = mxsel__arena_get(&arena, 500);
	memset(got, 0xff, 500);
	mxsel__arena_empty(&arena);
	got = mxsel__arena_zero(&arena, 500);
	for (i = 0; i < 500; i++)
		dirt += got[i] != 0;
	ck_assert_int_eq(dirt, 0);
	mxsel__arena_free(&arena);
}
END_TEST

START_TEST(text_is_a_terminated_copy_of_just_its_octets)
{
	struct mxsel__arena arena;
	struct meter meter;
	char *text;

	begin(&arena, &meter, NULL, 0);
	text = mxsel__arena_text(&arena, "mx.example.com", 2);
	ck_assert_str_eq(text, "mx");
	ck_assert_str_eq(mxsel__arena_text(&arena, "", 0), "");
	ck_assert_mem_eq(mxsel__arena_text(&arena, "a\0b", 3), "a\0b", 4);
	mxsel__arena_free(&arena);
}
END_TEST

START_TEST(the_end_of_a_text_is_its_own_whatever_follows)
{
	struct mxsel__arena arena;
	struct meter meter;
	char *text;

	begin(&arena, &meter, NULL, 0);
	text = mxsel__arena_text(&arena, "mx1.test", 8);
	memset(mxsel__arena_get(&arena, 8), '#', 8);
	ck_assert_str_eq(text, "mx1.test");
	mxsel__arena_free(&arena);
}
END_TEST

START_TEST(what_is_trimmed_off_the_last_piece_is_got_again)
{
	struct mxsel__arena arena;
	struct meter meter;
	unsigned char *piece, *next;

	begin(&arena, &meter, NULL, 0);
	piece = mxsel__arena_get(&arena, 500);
	mxsel__arena_trim(&arena, piece, 13);
	next = mxsel__arena_get(&arena, 500);
	ck_assert_ptr_eq(next, piece + 16);
	mxsel__arena_trim(&arena, next, 0);
	ck_assert_ptr_eq(mxsel__arena_get(&arena, 900), next);
	ck_assert_int_eq(meter.asked, 1);
	mxsel__arena_free(&arena);
}
END_TEST

START_TEST(the_default_allocator_gets_resizes_and_releases)
{
	char *got = mxsel__alloc(&mxsel__malloc, 3);

	ck_assert_ptr_nonnull(got);
	memcpy(got, "mx", 3);
	got = mxsel__malloc.fn(got, 4000, mxsel__malloc.user);
	ck_assert_str_eq(got, "mx");
	mxsel__release(&mxsel__malloc, got);
	mxsel__release(&mxsel__malloc, NULL);
	ck_assert_ptr_null(mxsel__malloc.fn(NULL, 0, NULL));
}
END_TEST

static Suite *arena_suite(void)
{
	Suite *suite = suite_create("base/arena");
	TCase *tc = tcase_create("arena");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, whatever_is_got_is_aligned_to_eight);
	tcase_add_test(tc, pieces_do_not_overlap);
	tcase_add_test(tc, the_own_room_is_used_first_and_never_freed);
	tcase_add_test(tc,
		S39_an_emptied_arena_serves_the_same_again_without_allocation);
	tcase_add_test(tc, blocks_are_reused_after_being_emptied);
	tcase_add_test(tc,
		a_large_piece_gets_a_block_and_the_smaller_ones_stay_in_use);
	tcase_add_test(tc,
		a_changing_diet_does_not_make_the_arena_grow_for_ever);
	tcase_add_test(tc,
		S39_F84_each_failed_allocation_is_a_null_and_nothing_worse);
	tcase_add_test(tc, F84_without_memory_zero_and_text_are_null_too);
	tcase_add_test(tc,
		S21_a_size_that_cannot_be_is_refused_before_any_arithmetic);
	tcase_add_test(tc, zeroed_memory_is_zero_also_the_second_time);
	tcase_add_test(tc, text_is_a_terminated_copy_of_just_its_octets);
	tcase_add_test(tc, the_end_of_a_text_is_its_own_whatever_follows);
	tcase_add_test(tc, what_is_trimmed_off_the_last_piece_is_got_again);
	tcase_add_test(tc, S39_what_one_large_answer_took_is_given_back);
	tcase_add_test(tc, the_default_allocator_gets_resizes_and_releases);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(arena_suite());
}
