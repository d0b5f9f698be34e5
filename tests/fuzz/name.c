/*
 * Any octets as a name, an address, a network, a destination (R1-R6, R20,
 * R21, S20, S33, S43): what is accepted means the same when it is written and
 * read again, and addresses mean what the system's inet_pton() says.
 *
 * Input: an octet of options, the text.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>

#include <mxsel/mxsel.h>

#include "fuzz/fuzz.h"
#include "name/address.h"
#include "name/name.h"
#include "select/select.h"
#include "wire/message.h"

static int is_host_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		c == '-' || c == '_' || c == '.';
}

/* To the wire and back. */
static void try_wire(const char *name, size_t length)
{
	uint8_t wire[MXSEL__WIRE_NAME_MAX];
	char back[MXSEL__NAME_TEXT_SIZE];
	size_t size = mxsel__name_to_wire(wire, name), back_length;
	struct mxsel__message lone = { .packet = wire, .size = size };

	MUST(size == (length == 0 ? 1 : length + 2));
	MUST(mxsel__wire_name(&lone, 0, back, &back_length) !=
		MXSEL__NAME_BROKEN);
	MUST(back_length == length && memcmp(back, name, length) == 0);
}

static void try_name(const char *text, size_t size)
{
	char name[MXSEL__NAME_TEXT_SIZE], again[MXSEL__NAME_TEXT_SIZE];
	size_t length, length_again, i;
	enum mxsel__name_kind kind;

	kind = mxsel__name_parse(name, &length, text, size);
	if (kind == MXSEL__NAME_BROKEN)
		return;
	MUST(length < sizeof(name) && strlen(name) == length);
	MUST(mxsel__name_parse(again, &length_again, name, length) == kind);
	MUST(length == length_again && strcmp(name, again) == 0);
	MUST(mxsel__name_equal(name, again));
	MUST(mxsel__name_under(name, name));
	(void)mxsel__name_special(name);
	if (kind == MXSEL__NAME_GOOD) {
		MUST(length > 0 && length <= MXSEL__NAME_MAX);
		for (i = 0; i < length; i++)
			MUST(is_host_octet(name[i]));
		MUST(!mxsel__name_is_address(name, length));
	}
	if (kind == MXSEL__NAME_GOOD || kind == MXSEL__NAME_ROOT)
		try_wire(name, length);
	if (kind == MXSEL__NAME_ADDRESS) {
		struct mxsel__address address;

		MUST(mxsel__address_from_name(&address, name, length) == 0);
	}
}

/* Written and read again it is the same address. */
static void try_format(const struct mxsel__address *address)
{
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	size_t length = mxsel__address_format(text, address);
	struct mxsel__address again;
	struct mxsel__network own = { *address,
		(uint8_t)(8 * address->length) };

	MUST(length == strlen(text) && length < sizeof(text));
	MUST(mxsel__address_parse(&again, text, length) == 0);
	MUST(mxsel__address_equal(address, &again));
	MUST(mxsel__network_holds(&own, &again));
}

static void try_address(const char *text, size_t size)
{
	uint8_t octets[16];
	struct mxsel__address four, six, either;
	int is_four = mxsel__address_parse_v4(&four, text, size) == 0;
	int is_six = mxsel__address_parse_v6(&six, text, size) == 0;
	int whole = memchr(text, '\0', size) == NULL;

	MUST(!is_four || !is_six);
	MUST((mxsel__address_parse(&either, text, size) == 0) ==
		(is_four || is_six));
	MUST(is_four == (whole && inet_pton(AF_INET, text, octets) == 1));
	if (is_four)
		MUST(memcmp(octets, four.bytes, 4) == 0 && four.length == 4);
	MUST(is_six == (whole && inet_pton(AF_INET6, text, octets) == 1));
	if (is_six)
		MUST(memcmp(octets, six.bytes, 16) == 0 && six.length == 16);
	if (is_four || is_six) {
		MUST(mxsel__address_equal(&either, is_four ? &four : &six));
		try_format(&either);
	}
	if (mxsel__address_from_name(&either, text, size) == 0)
		try_format(&either);
}

static void try_network(const char *text, size_t size)
{
	struct mxsel__network network;

	if (mxsel__network_parse(&network, text, size) != 0)
		return;
	MUST(network.prefix <= 8 * network.address.length);
	MUST(mxsel__network_holds(&network, &network.address));
	try_format(&network.address);
	if (network.prefix == 0)
		return;
	network.address.bytes[(network.prefix - 1) / 8] ^=
		(uint8_t)(0x80 >> (network.prefix - 1) % 8);
	{
		struct mxsel__address other = network.address;

		network.address.bytes[(network.prefix - 1) / 8] ^=
			(uint8_t)(0x80 >> (network.prefix - 1) % 8);
		MUST(!mxsel__network_holds(&network, &other));
	}
}

static enum destination_kind try_meaning(const char *text, size_t size)
{
	struct destination d;

	memset(&d, 0, sizeof(d));
	mxsel__destination_parse(&d, text, size, &mxsel__defaults);
	MUST((d.kind == DESTINATION_BAD) == (d.why != NULL));
	MUST(d.port >= 0 && d.port <= 65535);
	if (d.kind == DESTINATION_LITERAL)
		try_format(&d.address);
	if (d.kind == DESTINATION_DOMAIN || d.kind == DESTINATION_HOST) {
		char again[MXSEL__NAME_TEXT_SIZE];
		size_t length;

		MUST(mxsel__name_parse(again, &length, d.name,
			d.name_length) == MXSEL__NAME_GOOD);
		MUST(strcmp(again, d.name) == 0);
	}
	return d.kind;
}

/* What the caller sees: an attempt, a question or a verdict, never less. */
static void try_destination(const char *text, size_t size)
{
	enum destination_kind kind = try_meaning(text, size);
	mxsel *m;
	int result;

	MUST(mxsel_new_bytes(&m, text, size, NULL) == 0);
	result = mxsel_next(m);
	MUST(result == MXSEL_END || result == MXSEL_ATTEMPT ||
		result == MXSEL_LOOKUP);
	MUST(strlen(mxsel_destination(m)) <= 1024);
	if (kind == DESTINATION_BAD || kind == DESTINATION_NO_IDN) {
		MUST(result == MXSEL_END);
		MUST(mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE);
		MUST(mxsel_verdict_reason(m) ==
			MXSEL_REASON_BAD_DESTINATION);
		MUST(mxsel_query_count(m) == 0);
	}
	mxsel_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size, 0 };
	unsigned what = take8(&in);
	size_t length = in.size - in.at;
	char *text = take_text(&in, SIZE_MAX);

	/* One subject an input is faster; 0 is all of them. */
	if (what == 0 || what & 1)
		try_name(text, length);
	if (what == 0 || what & 2)
		try_address(text, length);
	if (what == 0 || what & 4)
		try_network(text, length);
	if (what == 0 || what & 8)
		try_destination(text, length);
	free(text);
	return 0;
}
