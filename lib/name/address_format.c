/*
 * IP addresses to text, one text for each address (RFC 5952). May use base.
 */
#include "name/address.h"

#include <string.h>

static const char hex[] = "0123456789abcdef";

static size_t put_decimal(char *out, unsigned value)
{
	size_t n = 0;

	if (value >= 100)
		out[n++] = (char)('0' + value / 100);
	if (value >= 10)
		out[n++] = (char)('0' + value / 10 % 10);
	out[n++] = (char)('0' + value % 10);
	return n;
}

static size_t put_v4(char *out, const uint8_t *bytes)
{
	size_t n = 0;
	int i;

	for (i = 0; i < 4; i++) {
		if (i > 0)
			out[n++] = '.';
		n += put_decimal(out + n, bytes[i]);
	}
	return n;
}

/* Lower case, no leading zeros (RFC 5952 4.1, 4.3). */
static size_t put_group(char *out, unsigned value)
{
	size_t n = 0;
	int shift;

	for (shift = 12; shift >= 0; shift -= 4) {
		if (n > 0 || shift == 0 || value >> shift != 0)
			out[n++] = hex[value >> shift & 15];
	}
	return n;
}

static unsigned group(const uint8_t *bytes, int index)
{
	return (unsigned)bytes[index * 2] << 8 | bytes[index * 2 + 1];
}

/*
 * The first of the longest runs of zero groups; at least two of them (RFC
 * 5952 4.2). Returns its length.
 */
static int longest_run(const uint8_t *bytes, int *start)
{
	int best = 1;
	int run = 0;
	int i;

	*start = 8;
	for (i = 0; i < 8; i++) {
		run = group(bytes, i) == 0 ? run + 1 : 0;
		if (run > best) {
			best = run;
			*start = i + 1 - run;
		}
	}
	return best;
}

static size_t put_v6(char *out, const uint8_t *bytes)
{
	size_t n = 0;
	int start;
	int run = longest_run(bytes, &start);
	int i;

	/*@ split start; */
	/*@ split run; */
	/*@ loop unroll 8; */
	for (i = 0; i < 8; i++) {
		if (i == start) {
			out[n++] = ':';
			out[n++] = ':';
			i += run - 1;
			continue;
		}
		if (i > 0 && i != start + run)
			out[n++] = ':';
		n += put_group(out + n, group(bytes, i));
	}
	return n;
}

size_t mxsel__address_format(char out[MXSEL__ADDRESS_TEXT_SIZE],
	const struct mxsel__address *address)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	size_t n;

	if (address->length == 4) {
		n = put_v4(out, address->bytes);
	} else if (memcmp(address->bytes, mapped, sizeof(mapped)) == 0) {
		memcpy(out, "::ffff:", 7); /* RFC 5952 5 */
		n = 7 + put_v4(out + 7, address->bytes + 12);
	} else {
		n = put_v6(out, address->bytes);
	}
	out[n] = '\0';
	return n;
}
