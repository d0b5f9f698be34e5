/*
 * What an outcome does to what is remembered of a host and of an address. May
 * use base and name.
 */
#define _POSIX_C_SOURCE 200809L

#include <string.h>

#include "cache/memory_inside.h"

/* ----------------------------------------------------------------- outcomes */

#define WITH_REPLY 8 /* a reply belongs to it, 400 to 599 */

/* What each says of the peer. */
static const unsigned char meanings[] = {
	[MXSEL_OUTCOME_DELIVERED] = MXSEL_STORE_TALKED,
	[MXSEL_OUTCOME_REFUSED] = MXSEL_STORE_FAILED,
	[MXSEL_OUTCOME_TIMEOUT] = MXSEL_STORE_FAILED,
	[MXSEL_OUTCOME_GREETING] = MXSEL_STORE_FAILED | WITH_REPLY,
	[MXSEL_OUTCOME_EHLO] = MXSEL_STORE_FAILED | WITH_REPLY,
	[MXSEL_OUTCOME_TLS] = MXSEL_STORE_FAILED,
	[MXSEL_OUTCOME_POLICY] = MXSEL_STORE_FAILED,
	[MXSEL_OUTCOME_MAIL] = MXSEL_STORE_TALKED | WITH_REPLY,
	[MXSEL_OUTCOME_RCPT] = MXSEL_STORE_TALKED | WITH_REPLY,
	[MXSEL_OUTCOME_DATA] = MXSEL_STORE_TALKED | WITH_REPLY,
	[MXSEL_OUTCOME_LOST] = MXSEL_STORE_FAILED,
	[MXSEL_OUTCOME_OWN_NAME] = MXSEL_STORE_NOTED,
	[MXSEL_OUTCOME_REQUIRETLS] = MXSEL_STORE_NOTED,
};

/*
 * Whose certificate is shown is a matter of names: another domain's policy or
 * records must not count against an address (hosts.md: what strangers can do).
 */
static int change_by(int outcome, int kind)
{
	if (outcome == MXSEL_OUTCOME_POLICY && kind == MXSEL_MEMORY_ADDRESS)
		return MXSEL_STORE_NOTED;
	return meanings[outcome] & ~WITH_REPLY;
}

static int has_reply(int outcome)
{
	return (meanings[outcome] & WITH_REPLY) != 0;
}

/* ------------------------------------------------------------------ effects */

void mxsel__slot_changed(struct mxsel__slot *slot)
{
	slot->version = mxsel__version_after(slot->version);
}

void mxsel__past_fail(struct mxsel__past *past,
	const struct mxsel__when *when)
{
	uint32_t score = mxsel__past_score(past, when) + MXSEL__SCORE_ONE;

	past->score = score < MXSEL__SCORE_MAX ? score : MXSEL__SCORE_MAX;
	past->scored = when->now;
}

static void count(struct mxsel__past *past,
	const struct mxsel__memory_attempt *a, int change,
	const struct mxsel__when *when)
{
	if (change == MXSEL_STORE_FAILED)
		mxsel__past_fail(past, when);
	if (change == MXSEL_STORE_TALKED)
		past->score = 0;
	past->heard = when->now;
	past->code = a->code;
	memmove(past->outcomes + 1, past->outcomes,
		sizeof(past->outcomes) - 1);
	past->outcomes[0] = a->outcome;
}

static void reject(struct mxsel__past *past, unsigned family)
{
	if (past->doubt == 0)
		past->turn = family == MXSEL__V4 ? 6 : 4;
	past->doubt |= (uint8_t)family;
}

/* What only of a host is remembered: how its addresses did. */
static void count_address(struct mxsel__past *past,
	const struct mxsel__memory_attempt *a)
{
	unsigned family = a->address_length == 4 ? MXSEL__V4 : MXSEL__V6;

	if (a->outcome == MXSEL_OUTCOME_DELIVERED) {
		past->works = family == MXSEL__V4 ? 4 : 6;
		past->doubt &= (uint8_t)~family;
		past->again_length = past->turn = 0;
	} else if (change_by(a->outcome, MXSEL_MEMORY_HOST) ==
			MXSEL_STORE_TALKED &&
		a->code / 100 == 4) {
		/* RFC 6647, 2: who is greylisted comes again as he came. */
		past->again_length = a->address_length;
		memcpy(past->again, a->address, a->address_length);
	}
	if (a->rejected)
		reject(past, family);
}

static void tell_one(struct mxsel_memory *memory,
	const struct mxsel__memory_attempt *a, const struct mxsel__key *key,
	struct mxsel__when *when, int reports)
{
	struct mxsel_memory_entry note;
	struct mxsel__part *part;
	struct mxsel__slot *slot;
	int change = change_by(a->outcome, key->kind);
	int told = 0;

	part = mxsel__memory_enter(memory, key, when);
	part->counts[MXSEL_MEMORY_REPORTS] += (unsigned)reports;
	slot = mxsel__part_find(part, key);
	if (slot == NULL)
		slot = mxsel__part_add(part, key, when, 1);
	if (slot != NULL) {
		if (!mxsel__past_is_known(&slot->past, when))
			memset(&slot->past, 0, sizeof(slot->past));
		if (slot->used < MXSEL__USED_MAX)
			slot->used++;
		count(&slot->past, a, change, when);
		if (key->kind == MXSEL_MEMORY_HOST && a->address_length > 0)
			count_address(&slot->past, a);
		mxsel__slot_changed(slot);
		told = mxsel__memory_note(memory, &note, key, &slot->past,
			when);
	}
	mxsel__memory_leave(part);
	if (told)
		mxsel__memory_tell_store(memory, &note, change, when);
}

void mxsel__memory_tell(struct mxsel_memory *memory,
	const struct mxsel__memory_attempt *attempt)
{
	struct mxsel__key key;
	struct mxsel__when when;

	mxsel__memory_begin(memory, &when);
	if (attempt->host_length > 0) {
		mxsel__memory_key(memory, &key, MXSEL_MEMORY_HOST,
			attempt->host, attempt->host_length, attempt->port);
		tell_one(memory, attempt, &key, &when, 1);
	}
	if (attempt->address_length > 0) {
		mxsel__memory_key(memory, &key, MXSEL_MEMORY_ADDRESS,
			attempt->address, attempt->address_length,
			attempt->port);
		tell_one(memory, attempt, &key, &when,
			attempt->host_length == 0);
	}
}

/* ------------------------------------------------------------------- report */

/* RFC 3463, 2: a status of class 5, subject 7 stands before the text. */
static int is_policy_status(const char *text)
{
	size_t digits;

	if (text == NULL || strncmp(text, "5.7.", 4) != 0)
		return 0;
	digits = strspn(text + 4, "0123456789");
	return digits >= 1 && digits <= 3 &&
		(text[4 + digits] == '\0' || text[4 + digits] == ' ');
}

static int is_possible(int outcome, int code)
{
	if (outcome < MXSEL_OUTCOME_DELIVERED ||
		outcome > MXSEL_OUTCOME_REQUIRETLS)
		return 0;
	if (has_reply(outcome))
		return code >= 400 && code <= 599;
	if (outcome == MXSEL_OUTCOME_DELIVERED)
		return code == 0 || (code >= 200 && code <= 299);
	return code == 0 || (code >= 200 && code <= 599);
}

int mxsel_memory_report(mxsel_memory *memory, const char *host,
	const char *address, int port, int outcome, int reply_code,
	const char *reply_text)
{
	char name[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__memory_attempt attempt;
	struct mxsel__address bytes;
	size_t length = 0;

	if (memory == NULL || (host == NULL && address == NULL))
		return MXSEL_EUSAGE;
	if (host != NULL && mxsel__name_parse(name, &length, host,
			strlen(host)) != MXSEL__NAME_GOOD)
		return MXSEL_ESYNTAX;
	memset(&bytes, 0, sizeof(bytes));
	if (address != NULL && mxsel__address_parse(&bytes, address,
			strlen(address)) != MXSEL_OK)
		return MXSEL_ESYNTAX;
	if (port < 1 || port > 65535 || !is_possible(outcome, reply_code))
		return MXSEL_ERANGE;
	attempt.host = name;
	attempt.address = bytes.bytes;
	attempt.host_length = (uint16_t)length;
	attempt.port = (uint16_t)port;
	attempt.code = (uint16_t)reply_code;
	attempt.address_length = bytes.length;
	attempt.outcome = (uint8_t)outcome;
	attempt.rejected = has_reply(outcome) && reply_code >= 500 &&
		is_policy_status(reply_text);
	mxsel__memory_tell(memory, &attempt);
	return MXSEL_OK;
}
