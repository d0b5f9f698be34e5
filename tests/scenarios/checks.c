/*
 * Lines about the state of things: flags, rejections, questions asked, and
 * which kind of line it is at all. May use <mxsel/mxsel.h> only.
 */
#include "scenarios/play.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int check_flags(struct play *p, char *words[], size_t n)
{
	uint32_t flags = mxsel_flags(p->m), bit;
	size_t i;

	for (i = 1; i < n; i++) {
		if (strcmp(words[i], "none") == 0)
			continue;
		for (bit = 1; bit != 0; bit <<= 1)
			if (mxsel_flag_name(bit) != NULL && strcmp(
				mxsel_flag_name(bit), words[i]) == 0)
				break;
		if (bit == 0)
			return play_fail(p, "there is no flag %s", words[i]);
		if ((flags & bit) == 0)
			return play_fail(p, "the flag %s is not set", words[i]);
		flags &= ~bit;
	}
	for (bit = 1; bit != 0; bit <<= 1)
		if ((flags & bit) != 0)
			return play_fail(p, "the flag %s is set",
				mxsel_flag_name(bit));
	return 0;
}

/* One rejection that no line before has named. */
static int check_rejected_line(struct play *p, char *words[], size_t n)
{
	size_t count = mxsel_rejected_count(p->m), i;
	int reason, preference;
	const char *subject;
	unsigned long long want = 0;

	if (n == 2 && strcmp(words[1], "nothing") == 0)
		return count == 0 ? 0
			: play_fail(p, "%zu were rejected", count);
	if (n < 3 || (n > 3 && word_number(words[3], 65535, &want) != 0))
		return play_fail(p,
			"rejected wants SUBJECT REASON [PREFERENCE]");
	for (i = 0; i < count; i++) {
		mxsel_rejected(p->m, i, &reason, &preference, &subject);
		if (p->used[i] || strcmp(subject, words[1]) != 0 ||
			strcmp(mxsel_reject_name(reason), words[2]) != 0 ||
			(n > 3 && preference != (int)want))
			continue;
		p->used[i] = 1;
		return 0;
	}
	play_fail(p, "nothing says \"%s %s\"; the list:", words[1], words[2]);
	for (i = 0; i < count && !p->quiet; i++) {
		mxsel_rejected(p->m, i, &reason, &preference, &subject);
		printf("\t%s %s %d\n", subject, mxsel_reject_name(reason),
			preference);
	}
	return 1;
}

/* Lines of rejections name all there are, or none. */
int check_all_rejected(struct play *p)
{
	size_t count = mxsel_rejected_count(p->m), i, used = 0;
	int reason, preference;
	const char *subject;

	for (i = 0; i < count; i++)
		used += p->used[i] != 0;
	for (i = 0; used > 0 && i < count; i++) {
		mxsel_rejected(p->m, i, &reason, &preference, &subject);
		if (!p->used[i])
			return play_fail(p,
				"%s %s is rejected, which no line has", subject,
				mxsel_reject_name(reason));
	}
	return 0;
}

static int check_asked(struct play *p, char *words[], size_t n, int want)
{
	size_t i, found = 0;
	int type = n > 1 ? zone_type(words[1]) : -1;

	if (type < 0)
		return play_fail(p, "asked wants NAME TYPE");
	for (i = 0; i < p->asked_count; i++)
		if (strcmp(p->asked[i].name, words[0]) == 0 &&
			(type == TYPE_ANY || p->asked[i].type == type))
			found++;
	if (want && found == 0)
		return play_fail(p, "%s %s was not asked", words[0], words[1]);
	if (!want && found > 0)
		return play_fail(p, "%s %s was asked", words[0], words[1]);
	return 0;
}

static int check_number(struct play *p, char *words[], size_t n,
	unsigned long long got)
{
	unsigned long long want;

	if (n != 2 || word_number(words[1], UINT64_MAX, &want) != 0)
		return play_fail(p, "%s wants a number", words[0]);
	return got == want ? 0 : play_fail(p, "expected %s %llu, got %llu",
		words[0], want, got);
}

static int check_same(struct play *p, const char *what, const char *want,
	const char *got)
{
	return strcmp(want, got) == 0 ? 0
		: play_fail(p, "expected %s \"%s\", got \"%s\"", what, want,
			got);
}

static int check_reply(struct play *p, const char *rest)
{
	char want[2 * NAME_ROOM];

	snprintf(want, sizeof(want), "%s", rest);
	want[unescape_text(want)] = '\0';
	return check_same(p, "reply", strcmp(want, "nothing") == 0 ? ""
		: want, mxsel_verdict_reply(p->m));
}

static int do_rewind(struct play *p)
{
	p->tried_count = 0;
	p->preference = -1;
	if (mxsel_rewind(p->m) != MXSEL_OK)
		return play_fail(p, "mxsel_rewind() failed");
	play_tell(p, "rewind\n");
	return 0;
}

int check_line(struct play *p, char *words[], size_t n,
	const char *rest)
{
	const char *key = words[0];
	int failed;

	if (check_security(p, words, n, &failed) ||
		check_memory(p, words, n, rest, &failed))
		return failed;
	if (strcmp(key, "try") == 0)
		return step_try(p, words, n);
	if (strcmp(key, "any") == 0 || strcmp(key, "mixed") == 0)
		return step_set(p, key, key[0] == 'a');
	if (strcmp(key, "verdict") == 0)
		return step_verdict(p, words, n);
	if (strcmp(key, "next-host") == 0)
		return p->skip_host = 1, 0;
	if (strcmp(key, "rewind") == 0)
		return do_rewind(p);
	if (strcmp(key, "flags") == 0)
		return check_flags(p, words, n);
	if (strcmp(key, "rejected") == 0)
		return check_rejected_line(p, words, n);
	if (strcmp(key, "asked") == 0)
		return check_asked(p, words + 1, n - 1, 1);
	if (strcmp(key, "not") == 0 && n > 2 && strcmp(words[1], "event") == 0)
		return check_no_event(p, rest + strlen("event "));
	if (strcmp(key, "not") == 0 && n == 4)
		return check_asked(p, words + 2, n - 2, 0);
	if (strcmp(key, "questions") == 0)
		return check_number(p, words, n, mxsel_query_count(p->m));
	if (strcmp(key, "ttl") == 0)
		return check_number(p, words, n, mxsel_ttl(p->m));
	if (strcmp(key, "secure") == 0)
		return check_number(p, words, n,
			(unsigned long long)mxsel_is_secure(p->m));
	if (strcmp(key, "report") == 0)
		return step_report(p, words, n);
	if (strcmp(key, "trace") == 0)
		return check_trace(p);
	if (strcmp(key, "event") == 0)
		return check_event(p, rest);
	if (strcmp(key, "reply") == 0)
		return check_reply(p, rest);
	if (n == 2 && strcmp(key, "by") == 0)
		return check_same(p, key, strcmp(words[1], "nobody") == 0 ? ""
			: words[1], mxsel_verdict_host(p->m));
	if (strcmp(key, "text") == 0)
		return check_same(p, key, rest, mxsel_verdict_text(p->m));
	if (n == 2 && strcmp(key, "domain") == 0)
		return check_same(p, key, words[1], mxsel_domain(p->m));
	if (n == 2 && strcmp(key, "original") == 0)
		return check_same(p, key, words[1],
			mxsel_original_domain(p->m));
	if (n == 2 && strcmp(key, "source") == 0)
		return check_same(p, key, words[1],
			source_name(mxsel_source(p->m)));
	return play_fail(p, "what is \"%s\"?", key);
}
