/*
 * Trust anchors as people and programs write them, whatever a master file
 * (RFC 1035 5.1) allows and some of what it does not, and which name lies
 * below which zone (S32, F99).
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"
#include "unbound/anchor.h"

#define DIGEST \
	"0000000000000000000000000000000000000000000000000000000000000001"
#define DS "DS 60485 13 2 " DIGEST
#define OF_ROOT ". IN " DS

static struct mxsel__ub_anchor *list;

static void setup(void)
{
	list = NULL;
}

static void teardown(void)
{
	mxsel__ub_anchors_free(list);
}

/* What the text gives, or "" where it is refused. */
static const char *record_of(const char *text)
{
	struct mxsel__ub_anchor *before = list;

	if (mxsel__ub_anchors_of_text(&list, text) == 0)
		return list->record;
	ck_assert_ptr_eq(list, before);
	return "";
}

static const struct {
	const char *text, *record;
} same[] = {
	{ ". IN " DS "\r\n", OF_ROOT },
	{ ".\tIN\r" DS, OF_ROOT },
	{ ". CLASS1 " DS, OF_ROOT },
	{ ". class1 " DS, OF_ROOT },
	{ ". IN 3600 " DS, OF_ROOT },
	{ ". 3600 IN " DS, OF_ROOT },
	{ ". 99 IN 3600 " DS, OF_ROOT },
	{ ". " DS, OF_ROOT },
	{ ". ( IN\n " DS " ; ) the end\n )\n", OF_ROOT },
	/* What is escaped means nothing, and is kept. */
	{ "a\\;b. " DS, "a\\;b. IN " DS },
	{ "a\\(b. " DS, "a\\(b. IN " DS },
	{ "a\\\"b. " DS, "a\\\"b. IN " DS },
	{ "a\\\\b. " DS, "a\\\\b. IN " DS },
	{ ". " DS "\\\\;b", OF_ROOT "\\\\" },
	/* But for the end of the line. */
	{ ". (" DS "\\\n)", OF_ROOT "\\" },
	{ "a\\\n", "" },
	{ ". IN", "" },
	{ ". IN ", "" },
	{ ". IN \"\"", "" },
	{ ". CLASS3 " DS, "" },
	{ "a\001. " DS, "" }
};

START_TEST(S32_an_anchor_may_be_written_in_many_ways)
{
	ck_assert_str_eq(record_of(same[_i].text), same[_i].record);
}
END_TEST

START_TEST(S32_an_origin_is_a_name)
{
	ck_assert_str_eq(record_of("$ORIGIN\n" OF_ROOT), "");
	ck_assert_str_eq(record_of("$ORIGIN ; none\n" OF_ROOT), "");
	ck_assert_str_eq(record_of(" $ORIGIN net.\n"), "");
	ck_assert_ptr_null(list);
}
END_TEST

/* Of 255 octets (RFC 1035 2.3.4), were each escaped: it is no longer. */
START_TEST(S32_an_owner_has_an_end)
{
	char text[2048];

	memset(text, 'x', sizeof text);
	memcpy(text + 1021, ". " DS, sizeof ". " DS);
	ck_assert_str_eq(record_of(text), "");
	memcpy(text + 1020, ". " DS, sizeof ". " DS);
	ck_assert_uint_eq(strcspn(record_of(text), " "), 1021);
}
END_TEST

static const struct {
	const char *name, *zone;
	int is_below;
} names[] = {
	{ "a.example", "example", 1 },
	{ "a.example.", "Example", 1 },
	{ "a.EXAMPLE", "example.", 1 },
	{ "example", "example", 1 },
	{ "an.example", "another.example", 0 },
	{ "anexample", "example", 0 },
	{ "example.net", "example", 0 },
	{ "", "example", 0 },
	{ ".", "example", 0 },
	{ "", "", 1 },
	{ "example", "", 1 },
	{ "example", ".", 1 },
	{ "", ".", 1 },
	/* A dot that is a part of a label, and one that is not. */
	{ "a\\.example", "example", 0 },
	{ "\\.example", "example", 0 },
	{ "a\\\\.example", "example", 1 },
	{ "a\\\\\\.example", "example", 0 },
	{ ".example", "example", 1 },
	/* One bit apart, as the two cases of a letter; they are none. */
	{ "a.@", "`", 0 },
	{ "a.[", "{", 0 },
	{ "a.1", "q", 0 },
	{ "a.Z", "z", 1 },
	{ "a.a", "A", 1 }
};

START_TEST(F99_a_name_is_below_its_zone_label_by_label)
{
	ck_assert_int_eq(mxsel__ub_is_below(names[_i].name, names[_i].zone),
		names[_i].is_below);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("unbound master files");
	TCase *c = tcase_create("anchors");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, S32_an_anchor_may_be_written_in_many_ways, 0,
		(int)(sizeof same / sizeof *same));
	tcase_add_test(c, S32_an_origin_is_a_name);
	tcase_add_test(c, S32_an_owner_has_an_end);
	tcase_add_loop_test(c, F99_a_name_is_below_its_zone_label_by_label, 0,
		(int)(sizeof names / sizeof *names));
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
