/*
 * What is kept outside of the process, or fetched from somewhere: a saved
 * selection, a record of one, an MTA-STS policy, the TXT records that announce
 * it (R79, R80, R95). What is accepted can be used to its end, and comes out
 * as it went in.
 *
 * Input: an octet that says which, octets. A saved selection may be as it is,
 * or have its size and its CRC put right first; else only the CRC would ever
 * be found wrong.
 */
#include <mxsel/memory.h>
#include <mxsel/mock.h>
#include <mxsel/mxsel.h>
#include <mxsel/security.h>

#include "fuzz/fuzz.h"
#include "select/save.h"

#define TURNS 2000

/* --- a saved selection --------------------------------------------------- */

/* The CRC of zip files, by a table: the library's own would be half the time.
   It is compared with that when the selection is resumed. */
static uint32_t crc_of(const uint8_t *octets, size_t size)
{
	static uint32_t table[256];
	uint32_t crc = UINT32_MAX, i;
	int bit;

	for (i = 0; table[255] == 0 && i < 256; i++)
		for (table[i] = i, bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1
				? UINT32_C(0xedb88320) : 0);
	while (size-- > 0)
		crc = crc >> 8 ^ table[(crc ^ *octets++) & 0xff];
	return ~crc;
}

static void put_right(uint8_t *octets, size_t size)
{
	uint32_t crc;
	int i;

	if (size < SAVED_HEAD + SAVED_TAIL)
		return;
	memcpy(octets, SAVED_MAGIC, 4);
	octets[4] = 0;
	octets[5] = SAVED_VERSION;
	for (i = 0; i < 4; i++)
		octets[6 + i] = (uint8_t)(size >> (24 - 8 * i));
	crc = crc_of(octets, size - SAVED_TAIL);
	for (i = 0; i < 4; i++)
		octets[size - 4 + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
}

static mxsel_options *new_options(unsigned bits)
{
	mxsel_options *o;

	MUST(mxsel_options_new(&o) == 0);
	MUST(mxsel_options_set_seed(o, 1) == 0);
	MUST(mxsel_options_set(o, MXSEL_OPT_DANE, bits & 1) == 0);
	MUST(mxsel_options_set(o, MXSEL_OPT_TRACE, bits >> 1 & 1) == 0);
	MUST(mxsel_options_set(o, MXSEL_OPT_HAND_OUT_ONION,
		bits >> 2 & 1) == 0);
	MUST(mxsel_options_set(o, MXSEL_OPT_ALLOW_LOOPBACK,
		bits >> 2 & 1) == 0);
	if (bits & 8)
		MUST(mxsel_options_add_self_name(o, "h1.example") == 0);
	return o;
}

/* Saved at once it is the same again, and that can be resumed. */
static void try_again(const mxsel *m, const mxsel_options *o)
{
	size_t size = 0, twice = 0;
	uint8_t *first, *second;
	mxsel *again;

	MUST(mxsel_save(m, NULL, &size) == MXSEL_ESPACE);
	first = malloc(size);
	MUST(first != NULL && mxsel_save(m, first, &size) == 0);
	MUST(mxsel_resume(&again, first, size, o) == 0);
	MUST(mxsel_save(again, NULL, &twice) == MXSEL_ESPACE);
	second = malloc(twice);
	MUST(second != NULL && mxsel_save(again, second, &twice) == 0);
	MUST(size == twice && memcmp(first, second, size) == 0);
	mxsel_free(again);
	free(first);
	free(second);
}

static void look_at(const mxsel *m)
{
	const char *address = mxsel_address(m);
	size_t i;

	MUST(mxsel_host_name(m) != NULL && address != NULL);
	MUST(mxsel_host_preference(m) >= 0 &&
		mxsel_host_preference(m) <= 65535);
	MUST(mxsel_port(m) >= 1 && mxsel_port(m) <= 65535);
	MUST(strncmp(address, "224.", 4) != 0);
	MUST(strcmp(address, "0.0.0.0") != 0 && strcmp(address, "::") != 0);
	MUST(mxsel_posture(m) >= MXSEL_POSTURE_OPPORTUNISTIC &&
		mxsel_posture(m) <= MXSEL_POSTURE_DANE);
	MUST(mxsel_posture(m) != MXSEL_POSTURE_DANE ||
		mxsel_tlsa_count(m) > 0);
	for (i = 0; i < mxsel_tls_identity_count(m); i++)
		MUST(mxsel_tls_identity(m, i) != NULL);
}

static void walk(mxsel *m, const mxsel_options *o)
{
	mxsel_query *q;
	int result, turns = 0;

	while ((result = mxsel_next(m)) != MXSEL_END) {
		MUST(result > 0 && turns++ < TURNS);
		if (result == MXSEL_ATTEMPT)
			look_at(m);
		while ((q = mxsel_query_take(m)) != NULL)
			MUST(mxsel_answer_finish(q, turns & 1
				? MXSEL_DNS_COMPLETE : MXSEL_DNS_SERVFAIL,
				MXSEL_SECURITY_SECURE) == 0);
		if (turns == 2)
			try_again(m, o);
	}
	MUST(mxsel_verdict_action(m) != MXSEL_ACTION_TRY);
	MUST(mxsel_verdict_code(m) / 100 == mxsel_verdict_status(m)[0] - '0');
}

static void try_saved(unsigned bits, uint8_t *octets, size_t size)
{
	mxsel_options *o = new_options(bits);
	mxsel *m = NULL;
	int result;

	if (bits & 16)
		put_right(octets, size);
	result = mxsel_resume(&m, octets, size, o);
	MUST(result == 0 || result == MXSEL_ESYNTAX ||
		result == MXSEL_EMISMATCH);
	if (result == 0) {
		try_again(m, o);
		walk(m, o);
		MUST(mxsel_rewind(m) == 0);
		walk(m, o);
		mxsel_free(m);
	}
	mxsel_options_free(o);
}

/* --- a record ------------------------------------------------------------ */

static uint64_t clock_of(void *user)
{
	(void)user;
	return 1;
}

/* What is taken for a record can be played back to its end, and said again. */
static void try_record(const char *text, size_t size)
{
	mxsel_mock *mock;
	mxsel_memory *memory = NULL;
	mxsel_options *o = new_options(0);
	const char *destination;
	size_t length;
	mxsel *m;
	int result, turns = 0;

	MUST(mxsel_mock_new(&mock) == 0);
	result = mxsel_mock_replay(mock, text, size);
	MUST(result == 0 || result == MXSEL_ESYNTAX);
	destination = mxsel_mock_replay_destination(mock, &length);
	MUST((result == 0) == (destination != NULL));
	if (result == 0) {
		MUST(mxsel_memory_new(&memory, 65536, clock_of, NULL) == 0);
		MUST(mxsel_options_set_resolver(o,
			mxsel_mock_resolver(mock)) == 0);
		MUST(mxsel_options_set_memory(o, memory) == 0);
		MUST(mxsel_mock_replay_memory(mock, memory) >= 0);
		MUST(mxsel_new_bytes(&m, destination, length, o) == 0);
		while ((result = mxsel_next(m)) == MXSEL_ATTEMPT) {
			look_at(m);
			(void)mxsel_mock_replay_report(mock, m);
			MUST(turns++ < TURNS);
		}
		MUST(result == MXSEL_END);
		MUST(mxsel_verdict_action(m) != MXSEL_ACTION_TRY);
		mxsel_free(m);
	}
	mxsel_options_free(o);
	mxsel_memory_free(memory);
	mxsel_mock_free(mock);
}

/* --- a policy ------------------------------------------------------------ */

static void try_pattern(const mxsel_sts *policy, const char *pattern)
{
	char host[300];

	MUST(strlen(pattern) > 0 && strlen(pattern) <= 253);
	if (strncmp(pattern, "*.", 2) != 0) {
		MUST(mxsel_sts_matches(policy, pattern));
		return;
	}
	(void)snprintf(host, sizeof(host), "a%s", pattern + 1);
	MUST(strlen(host) > 253 || mxsel_sts_matches(policy, host));
}

static void try_policy(const char *body, size_t size)
{
	mxsel_sts *policy = NULL;
	const char *why = NULL, *mx;
	size_t line = 0, i;
	int result = mxsel_sts_new(&policy, "example.com", body, size, 100);

	MUST(mxsel_sts_check(body, size, &line, &why) == result);
	MUST(result == 0 || result == MXSEL_ESYNTAX || result == MXSEL_ELIMIT);
	MUST((result == 0) == (why == NULL));
	if (result != 0)
		return;
	MUST(mxsel_sts_mode(policy) <= MXSEL_STS_ENFORCE);
	MUST(mxsel_sts_max_age(policy) <= 31557600);
	MUST(mxsel_sts_expires(policy) ==
		100 + (uint64_t)mxsel_sts_max_age(policy));
	MUST(mxsel_sts_mx_count(policy) <= 1000);
	MUST(mxsel_sts_mode(policy) == MXSEL_STS_NONE ||
		mxsel_sts_mx_count(policy) > 0);
	for (i = 0; (mx = mxsel_sts_mx(policy, i)) != NULL; i++)
		try_pattern(policy, mx);
	MUST(i == mxsel_sts_mx_count(policy));
	MUST(!mxsel_sts_matches(policy, ""));
	mxsel_sts_free(policy);
}

/* TXT records, one a line. */
static void try_id(const char *text, size_t size)
{
	const char *texts[16];
	size_t lengths[16], count = 0, at = 0, i;
	char id[33];
	int result;

	for (; at <= size && count < 16; at += lengths[count++] + 1) {
		const char *end = size > at ? memchr(text + at, '\n',
			size - at) : NULL;

		texts[count] = text + at;
		lengths[count] = end == NULL ? size - at
			: (size_t)(end - texts[count]);
	}
	memset(id, 'x', sizeof(id));
	result = mxsel_sts_id(id, texts, lengths, count);
	MUST(result == 0 || result == MXSEL_ESYNTAX);
	if (result != 0)
		return;
	MUST(memchr(id, '\0', sizeof(id)) != NULL && id[0] != '\0');
	for (i = 0; id[i] != '\0'; i++)
		MUST((id[i] >= '0' && id[i] <= '9') || ((id[i] | 0x20) >= 'a'
			&& (id[i] | 0x20) <= 'z'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size, 0 };
	unsigned what = take8(&in);
	size_t length;
	uint8_t *octets = take_rest(&in, &length);

	if (what == 'p')
		try_policy((const char *)octets, length);
	else if (what == 'i')
		try_id((const char *)octets, length);
	else if (what == 'r')
		try_record((const char *)octets, length);
	else
		try_saved(what, octets, length);
	free(octets);
	return 0;
}
