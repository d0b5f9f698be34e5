/*
 * The script of a mock: names, records and counters, in lists, which is all
 * that tests need. May use the public headers and libc.
 */
#define _POSIX_C_SOURCE 200809L

#include "mock/script.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* -------------------------------------------------------------------- names */

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static size_t length_of(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && name[length - 1] == '.' ? length - 1 : length;
}

size_t mxsel__mock_name_size(const char *name)
{
	return length_of(name) + 1;
}

void mxsel__mock_name_fold(char *out, const char *name)
{
	size_t length = length_of(name), i;

	for (i = 0; i < length; i++)
		out[i] = fold(name[i]);
	out[length] = '\0';
}

int mxsel__mock_name_is(const char *a, const char *b)
{
	size_t length = length_of(a), i;

	if (length != length_of(b))
		return 0;
	for (i = 0; i < length; i++) {
		if (fold(a[i]) != fold(b[i]))
			return 0;
	}
	return 1;
}

/* ------------------------------------------------------------------ records */

static int add_octets(mxsel_mock *mock, const char *owner,
	const struct mxsel__mock_record *like, const void *octets, size_t size)
{
	size_t owner_size = mxsel__mock_name_size(owner);
	struct mxsel__mock_record *record;

	if (size > SIZE_MAX - sizeof(*record) - owner_size - 1)
		return MXSEL_ENOMEM;
	record = malloc(sizeof(*record) + owner_size + size + 1);
	if (record == NULL)
		return MXSEL_ENOMEM;
	memcpy(record, like, sizeof(*record));
	record->next = NULL;
	record->text = record->owner + owner_size;
	record->size = size;
	mxsel__mock_name_fold(record->owner, owner);
	if (size > 0)
		memcpy(record->text, octets, size);
	record->text[size] = '\0';
	*mock->last_record = record;
	mock->last_record = &record->next;
	return MXSEL_OK;
}

static int add_record(mxsel_mock *mock, const char *owner,
	const struct mxsel__mock_record *like, const char *text)
{
	if (mock == NULL || owner == NULL || text == NULL)
		return MXSEL_EUSAGE;
	return add_octets(mock, owner, like, text, strlen(text));
}

int mxsel_mock_mx(mxsel_mock *mock, const char *owner, uint16_t preference,
	const char *exchange, uint32_t ttl)
{
	const struct mxsel__mock_record like = {
		.type = MXSEL_TYPE_MX, .preference = preference, .ttl = ttl
	};

	return add_record(mock, owner, &like, exchange);
}

int mxsel_mock_alias(
	mxsel_mock *mock, const char *owner, const char *target, uint32_t ttl)
{
	const struct mxsel__mock_record like = { .type = MXSEL_TYPE_CNAME,
		.ttl = ttl };

	return add_record(mock, owner, &like, target);
}

int mxsel_mock_address(
	mxsel_mock *mock, const char *owner, const char *address, uint32_t ttl)
{
	struct mxsel__mock_record like = { .ttl = ttl };

	if (mock == NULL || owner == NULL || address == NULL)
		return MXSEL_EUSAGE;
	if (inet_pton(AF_INET, address, like.bytes) == 1)
		like.type = MXSEL_TYPE_A;
	else if (inet_pton(AF_INET6, address, like.bytes) == 1)
		like.type = MXSEL_TYPE_AAAA;
	else
		return MXSEL_ESYNTAX;
	return add_octets(mock, owner, &like, address, strlen(address));
}

static int is_octet(int value)
{
	return value >= 0 && value <= UINT8_MAX;
}

int mxsel_mock_tlsa(mxsel_mock *mock, const char *owner, int usage,
	int selector, int matching, const uint8_t *data, size_t length,
	uint32_t ttl)
{
	struct mxsel__mock_record like = {
		.type = MXSEL_TYPE_TLSA, .ttl = ttl
	};

	if (mock == NULL || owner == NULL || (data == NULL && length > 0))
		return MXSEL_EUSAGE;
	if (!is_octet(usage) || !is_octet(selector) || !is_octet(matching))
		return MXSEL_ERANGE;
	like.bytes[0] = (uint8_t)usage;
	like.bytes[1] = (uint8_t)selector;
	like.bytes[2] = (uint8_t)matching;
	return add_octets(mock, owner, &like, data, length);
}

const struct mxsel__mock_record *mxsel__mock_find(const mxsel_mock *mock,
	const struct mxsel__mock_record *previous, const char *name,
	uint16_t type)
{
	const struct mxsel__mock_record *record = previous == NULL
	                                                  ? mock->records
	                                                  : previous->next;

	while (record != NULL &&
		(record->type != type ||
			!mxsel__mock_name_is(record->owner, name)))
		record = record->next;
	return record;
}

int mxsel__mock_knows(const mxsel_mock *mock, const char *name)
{
	const struct mxsel__mock_record *record;
	const struct mxsel__mock_rule *rule;

	for (record = mock->records; record != NULL; record = record->next) {
		if (mxsel__mock_name_is(record->owner, name))
			return 1;
	}
	for (rule = mock->rules; rule != NULL; rule = rule->next) {
		if (mxsel__mock_name_is(rule->name, name))
			return 1;
	}
	return 0;
}

/* ---------------------------------------------------------------- questions */

int mxsel__mock_count(mxsel_mock *mock, const char *name, uint16_t type)
{
	struct mxsel__mock_asked *asked = mock->asked;

	while (asked != NULL &&
		(asked->type != type ||
			!mxsel__mock_name_is(asked->name, name)))
		asked = asked->next;
	if (asked == NULL) {
		asked = malloc(sizeof(*asked) + mxsel__mock_name_size(name));
		if (asked == NULL)
			return MXSEL_ENOMEM;
		asked->count = 0;
		asked->type = type;
		mxsel__mock_name_fold(asked->name, name);
		asked->next = mock->asked;
		mock->asked = asked;
	}
	asked->count++;
	return MXSEL_OK;
}

size_t mxsel_mock_asked(const mxsel_mock *mock, const char *name, uint16_t type)
{
	const struct mxsel__mock_asked *asked;
	size_t count = 0;

	if (mock == NULL)
		return 0;
	for (asked = mock->asked; asked != NULL; asked = asked->next) {
		if ((type == 0 || asked->type == type) &&
			(name == NULL ||
				mxsel__mock_name_is(asked->name, name)))
			count += asked->count;
	}
	return count;
}

void mxsel__mock_forget(mxsel_mock *mock)
{
	mxsel__mock_replay_forget(mock);
	while (mock->records != NULL) {
		struct mxsel__mock_record *next = mock->records->next;

		free(mock->records);
		mock->records = next;
	}
	while (mock->rules != NULL) {
		struct mxsel__mock_rule *next = mock->rules->next;

		free(mock->rules);
		mock->rules = next;
	}
	while (mock->asked != NULL) {
		struct mxsel__mock_asked *next = mock->asked->next;

		free(mock->asked);
		mock->asked = next;
	}
}
