/*
 * One answer of a mock, put together from its script with the public answer
 * functions, so that a mock can say nothing a caller's own resolver could
 * not say. May use the public headers and libc.
 */
#include "mock/script.h"

/* Beyond any chain a selection follows; a circle has to end somewhere. */
#define LINKS_MAX 32
#define NEGATIVE_TTL 300

/*
 * Tell the aliases from the question's name on: the name they end at. To a
 * question for an alias that is the record itself.
 */
static const char *tell_aliases(const mxsel_mock *mock, mxsel_query *query)
{
	const char *name = mxsel_query_name(query);
	uint16_t type = mxsel_query_type(query);
	int links;

	if (type == MXSEL_TYPE_CNAME)
		return name;
	for (links = 0; links < LINKS_MAX; links++) {
		const struct mxsel__mock_record *alias = mxsel__mock_find(
			mock, NULL, name, MXSEL_TYPE_CNAME);

		if (alias == NULL || mxsel__mock_outcome(mock, name, type) !=
					     MXSEL_DNS_COMPLETE)
			break;
		(void)mxsel_answer_alias(query, alias->text, alias->ttl);
		name = alias->text;
	}
	return name;
}

static void tell_record(
	mxsel_query *query, const struct mxsel__mock_record *record)
{
	switch (record->type) {
	case MXSEL_TYPE_MX:
		(void)mxsel_answer_mx(query, record->preference, record->text,
			record->ttl);
		break;
	case MXSEL_TYPE_CNAME:
		(void)mxsel_answer_alias(query, record->text, record->ttl);
		break;
	case MXSEL_TYPE_TLSA:
		(void)mxsel_answer_tlsa(query, record->bytes[0],
			record->bytes[1], record->bytes[2],
			(const uint8_t *)record->text, record->size,
			record->ttl);
		break;
	default:
		(void)mxsel_answer_address(query, record->bytes,
			record->type == MXSEL_TYPE_A ? 4 : 16, record->ttl);
		break;
	}
}

static int tell_records(
	const mxsel_mock *mock, mxsel_query *query, const char *name)
{
	uint16_t type = mxsel_query_type(query);
	const struct mxsel__mock_record *record = NULL;
	int count = 0;

	while ((record = mxsel__mock_find(mock, record, name, type)) != NULL) {
		tell_record(query, record);
		count++;
	}
	return count;
}

/* Records that could not be added make the library fail the answer. */
static int finish(mxsel_query *query, int outcome, int security)
{
	int result = mxsel_answer_finish(query, outcome, security);

	if (result == MXSEL_ENOMEM)
		result = mxsel_answer_finish(
			query, MXSEL_DNS_SERVFAIL, security);
	return result;
}

static int tell(const mxsel_mock *mock, mxsel_query *query)
{
	const char *asked = mxsel_query_name(query);
	uint16_t type = mxsel_query_type(query);
	int security = mxsel__mock_security(mock, asked, type);
	const char *name = tell_aliases(mock, query);
	int outcome = mxsel__mock_outcome(mock, name, type);

	/* What has a failure of its own is known. */
	if (!mxsel__mock_knows(mock, name))
		outcome = MXSEL_DNS_NXDOMAIN;
	if (outcome == MXSEL_DNS_NXDOMAIN ||
		(outcome == MXSEL_DNS_COMPLETE &&
			tell_records(mock, query, name) == 0))
		(void)mxsel_answer_negative_ttl(query, NEGATIVE_TTL);
	return finish(query, outcome, security);
}

/*
 * An answer to a question that is over has to be refused. It is tried in the
 * same call, while the question is still there to be tried on.
 */
static void try_again(mxsel_mock *mock, mxsel_query *query)
{
	mock->refused += tell(mock, query) == MXSEL_EUSAGE;
}

void mxsel__mock_answer(mxsel_mock *mock, mxsel_query *query)
{
	int manners = mxsel__mock_manners(
		mock, mxsel_query_name(query), mxsel_query_type(query));

	if (mock->replay != NULL)
		mxsel__mock_replay_answer(mock, query);
	else if (manners == MXSEL_MOCK_LATE)
		(void)mxsel_answer_finish(
			query, MXSEL_DNS_TIMEOUT, MXSEL_SECURITY_INDETERMINATE);
	else
		(void)tell(mock, query);
	if (mock->replay == NULL && (manners == MXSEL_MOCK_LATE ||
		manners == MXSEL_MOCK_TWICE))
		try_again(mock, query);
}
