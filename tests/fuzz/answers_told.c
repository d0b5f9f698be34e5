/*
 * What a selection was told, written down and told again to another one with
 * the mock: attempts and verdict must be the same (R79). May use the public
 * headers.
 */
#include <mxsel/mock.h>

#include "fuzz/answers.h"

#define TEXT_MOST 200000

static struct {
	char text[TEXT_MOST], plan[TEXT_MOST];
	size_t length, planned;
	int is_whole;
} told;

static void put(char *text, size_t *length, const char *line)
{
	size_t more = strlen(line);

	if (*length + more + 2 > TEXT_MOST) {
		told.is_whole = 0;
		return;
	}
	memcpy(text + *length, line, more);
	*length += more;
	text[(*length)++] = '\n';
}

static void write_down(const char *line, void *user)
{
	(void)user;
	put(told.text, &told.length, line);
}

static void describe(const mxsel *m, char out[700])
{
	(void)snprintf(out, 700, "%d %s %s %d %d", mxsel_host_preference(m),
		mxsel_host_name(m), mxsel_address(m), mxsel_posture(m),
		mxsel_posture_reason(m));
}

void told_begin(mxsel_options *options)
{
	told.length = told.planned = 0;
	told.is_whole = 1;
	MUST(mxsel_options_set_recorder(options, write_down, NULL) == 0);
}

void told_attempt(const mxsel *m)
{
	char line[700];

	describe(m, line);
	put(told.plan, &told.planned, line);
}

static void same_plan(mxsel *m, mxsel_mock *mock)
{
	size_t at = 0;
	char line[700];
	int result;

	while ((result = mxsel_next(m)) == MXSEL_ATTEMPT) {
		size_t length;

		describe(m, line);
		length = strlen(line);
		MUST(told.planned - at > length);
		MUST(memcmp(told.plan + at, line, length) == 0);
		MUST(told.plan[at + length] == '\n');
		at += length + 1;
		MUST(mxsel_mock_replay_report(mock, m) >= 0);
	}
	MUST(result == MXSEL_END && at == told.planned);
}

void check_told(const mxsel *m, const mxsel_options *options,
	const mxsel_sts *policy, int tls)
{
	mxsel_options *o;
	mxsel_mock *mock;
	mxsel *again;
	const char *destination;
	size_t length;

	if (!told.is_whole)
		return;
	MUST(mxsel_mock_new(&mock) == 0);
	MUST(mxsel_mock_replay(mock, told.text, told.length) == 0);
	MUST(mxsel_options_copy(&o, options) == 0);
	MUST(mxsel_options_set_recorder(o, NULL, NULL) == 0);
	MUST(mxsel_options_set_cache(o, NULL) == 0);
	MUST(mxsel_options_set_resolver(o, mxsel_mock_resolver(mock)) == 0);
	destination = mxsel_mock_replay_destination(mock, &length);
	MUST(mxsel_new_bytes(&again, destination, length, o) == 0);
	MUST(mxsel_set_tls(again, tls) == 0);
	if (policy != NULL && strcmp(mxsel_original_domain(again),
			"example.com") == 0)
		MUST(mxsel_set_sts(again, policy, 1) == 0);
	same_plan(again, mock);
	MUST(mxsel_verdict_action(m) == mxsel_verdict_action(again));
	MUST(mxsel_verdict_code(m) == mxsel_verdict_code(again));
	MUST(strcmp(mxsel_verdict_text(m), mxsel_verdict_text(again)) == 0);
	mxsel_free(again);
	mxsel_options_free(o);
	mxsel_mock_free(mock);
}
