/*
 * Lines about what comes next: an attempt, attempts in an order that chance
 * decides, the end. May use <mxsel/mxsel.h> only.
 */
#include "scenarios/play.h"

#include <stdio.h>
#include <string.h>

#define SET_MAX 64

static void describe(const struct play *p, char *out, size_t size)
{
	const char *address = mxsel_address(p->m);

	snprintf(out, size, "%d %s %s %d", mxsel_host_preference(p->m),
		mxsel_host_name(p->m), address[0] == '\0' ? "-" : address,
		mxsel_port(p->m));
}

/* Go on; 0 when there is an attempt, which *out then describes. */
static int attempt(struct play *p, char *out, size_t size, const char *want)
{
	p->last = play_next(p);
	if (p->trouble != NULL)
		return play_fail(p, "%s", p->trouble);
	if (p->last == MXSEL_ATTEMPT) {
		describe(p, out, size);
		play_tell(p, "try %s %s %s %d %d %d\n", out,
			mxsel_host_canonical(p->m),
			source_name(mxsel_host_source(p->m)),
			mxsel_host_rank(p->m), mxsel_host_is_incomplete(p->m),
			mxsel_address_is_secure(p->m));
		tell_security(p);
		return hold_attempt(p);
	}
	if (p->last == MXSEL_END)
		return play_fail(p,
			"expected \"%s\", got the end: %d %s \"%s\"", want,
			mxsel_verdict_code(p->m),
			mxsel_verdict_status(p->m), mxsel_verdict_text(p->m));
	return play_fail(p, "expected \"%s\", mxsel_next() gives %d", want,
		p->last);
}

/* "PREF NAME ADDR PORT" of the words of a line. */
static void wanted(char *out, size_t size, char *words[], size_t n)
{
	snprintf(out, size, "%s %s %s %s", n > 1 ? words[1] : "",
		n > 2 ? words[2] : "", n > 3 ? words[3] : "",
		n > 4 ? words[4] : "");
}

static int check_word(struct play *p, const char *word)
{
	const char *value = strchr(word, '=');
	unsigned long long number;

	if (strcmp(word, "incomplete") == 0)
		return mxsel_host_is_incomplete(p->m) ? 0
			: play_fail(p, "the host is not incomplete");
	if (strcmp(word, "secure") == 0)
		return mxsel_address_is_secure(p->m) ? 0
			: play_fail(p, "the address is not secure");
	if (value == NULL)
		return play_fail(p, "what is \"%s\"?", word);
	value++;
	if (strncmp(word, "canonical=", 10) == 0)
		return strcmp(mxsel_host_canonical(p->m), value) == 0 ? 0
			: play_fail(p, "expected %s, got %s", word,
				mxsel_host_canonical(p->m));
	if (strncmp(word, "source=", 7) == 0)
		return strcmp(source_name(mxsel_host_source(p->m)), value) == 0
			? 0 : play_fail(p, "expected %s, got %s", word,
				source_name(mxsel_host_source(p->m)));
	if (strncmp(word, "rank=", 5) == 0 &&
		word_number(value, 65535, &number) == 0)
		return mxsel_host_rank(p->m) == (int)number ? 0
			: play_fail(p, "expected %s, got %d", word,
				mxsel_host_rank(p->m));
	return play_fail(p, "what is \"%s\"?", word);
}

/* Words behind the port; what is not said must not be so. */
static int check_words(struct play *p, char *words[], size_t n)
{
	int incomplete = 0, secure = 0, failed = 0;
	size_t i;

	for (i = 5; i < n; i++) {
		if (strcmp(words[i], "posture") == 0) {
			failed |= check_posture(p, words + i, n - i);
			i += 2;
			continue;
		}
		incomplete |= strcmp(words[i], "incomplete") == 0;
		secure |= strcmp(words[i], "secure") == 0;
		failed |= check_word(p, words[i]);
	}
	if (!failed && !incomplete && mxsel_host_is_incomplete(p->m))
		return play_fail(p, "the host is incomplete");
	if (!failed && !secure && mxsel_address_is_secure(p->m))
		return play_fail(p, "the address is secure");
	return failed;
}

int step_try(struct play *p, char *words[], size_t n)
{
	char want[2 * NAME_ROOM], got[2 * NAME_ROOM];

	if (n < 5)
		return play_fail(p, "try wants PREFERENCE NAME ADDRESS PORT");
	wanted(want, sizeof(want), words, n);
	if (attempt(p, got, sizeof(got), want) != 0)
		return 1;
	if (strcmp(want, got) != 0)
		return play_fail(p, "expected \"%s\", got \"%s\"", want, got);
	return check_words(p, words, n);
}

/* Consecutive lines of a set: attempts in an order that chance decides. */
struct set {
	const struct text_line *line[SET_MAX];
	char copy[SET_MAX][2 * NAME_ROOM];
	char *words[SET_MAX][WORDS_MAX];
	size_t n[SET_MAX];
	char met[SET_MAX];
	size_t count;
};

static const char *host_of(const struct set *set, size_t i)
{
	return set->words[i][2];
}

static void collect(struct set *set, const struct text_line *from,
	const char *word)
{
	size_t length = strlen(word);

	set->count = 0;
	for (; from != NULL && set->count < SET_MAX; from = from->next) {
		const char *text = from->text + strspn(from->text, " \t");
		size_t i = set->count;

		if (strncmp(text, word, length) != 0 || (text[length] != ' ' &&
			text[length] != '\t'))
			return;
		set->line[i] = from;
		set->met[i] = 0;
		snprintf(set->copy[i], sizeof(set->copy[i]), "%s", text);
		set->n[i] = split_words(set->copy[i], set->words[i]);
		set->count++;
	}
}

/*
 * The line that must come now: of the host begun while it has any; else of
 * the host that came. together 0: any line that says just that.
 */
static size_t find_line(const struct set *set, const char *begun,
	const char *got, const char *host, int together)
{
	char want[2 * NAME_ROOM];
	size_t i;

	for (i = 0; together && begun != NULL && i < set->count; i++)
		if (!set->met[i] && strcmp(host_of(set, i), begun) == 0)
			return i;
	for (i = 0; i < set->count; i++) {
		char **words = (char **)(uintptr_t)set->words[i];

		wanted(want, sizeof(want), words, set->n[i]);
		if (!set->met[i] && (together
			? strcmp(host_of(set, i), host) == 0
			: strcmp(want, got) == 0))
			return i;
	}
	return set->count;
}

int step_set(struct play *p, const char *word, int together)
{
	static struct set set;
	char got[2 * NAME_ROOM], want[2 * NAME_ROOM];
	const char *begun = NULL;
	size_t left, i;

	collect(&set, p->at, word);
	for (left = set.count; left > 0; left--) {
		p->at = set.line[set.count - left];
		if (attempt(p, got, sizeof(got), word) != 0)
			return 1;
		i = find_line(&set, begun, got, mxsel_host_name(p->m),
			together);
		if (i == set.count)
			return play_fail(p, "got \"%s\", which no line has",
				got);
		wanted(want, sizeof(want), set.words[i], set.n[i]);
		if (strcmp(want, got) != 0) {
			p->at = set.line[i];
			return play_fail(p, "expected \"%s\", got \"%s\"", want,
				got);
		}
		if (check_words(p, set.words[i], set.n[i]) != 0)
			return 1;
		set.met[i] = 1;
		begun = host_of(&set, i);
	}
	p->at = set.line[set.count - 1];
	return 0;
}

int step_verdict(struct play *p, char *words[], size_t n)
{
	char want[256], got[256];

	p->last = play_next(p);
	if (p->trouble != NULL)
		return play_fail(p, "%s", p->trouble);
	snprintf(want, sizeof(want), "%s %s %s %s", n > 1 ? words[1] : "",
		n > 2 ? words[2] : "", n > 3 ? words[3] : "",
		n > 4 ? words[4] : "");
	if (p->last == MXSEL_ATTEMPT) {
		describe(p, got, sizeof(got));
		return play_fail(p, "expected %s, got attempt \"%s\"", want,
			got);
	}
	if (p->last != MXSEL_END)
		return play_fail(p, "expected %s, mxsel_next() gives %d", want,
			p->last);
	snprintf(got, sizeof(got), "%s %d %s %s",
		action_name(mxsel_verdict_action(p->m)),
		mxsel_verdict_code(p->m), mxsel_verdict_status(p->m),
		mxsel_reason_name(mxsel_verdict_reason(p->m)));
	play_tell(p, "verdict %s %s|%s|%s\n", got, mxsel_verdict_text(p->m),
		mxsel_verdict_host(p->m), mxsel_verdict_reply(p->m));
	if (strcmp(want, got) != 0)
		return play_fail(p, "expected %s, got %s", want, got);
	return hold_verdict(p);
}
