/*
 * How securely a host must be reached, in JSON: posture and TLSA records, and
 * what a TLS report (RFC 8460 4.4) says of it, in the standard's words. May
 * use the public headers.
 */
#include "json_tls.h"

#include <mxsel/security.h>

#include "text.h"

static void add_octets(struct buffer *out, const uint8_t *data, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	buffer_octet(out, '"');
	for (i = 0; i < length; i++) {
		buffer_octet(out, digits[data[i] >> 4]);
		buffer_octet(out, digits[data[i] & 15]);
	}
	buffer_octet(out, '"');
}

static void add_records(struct buffer *out, const mxsel *m)
{
	int usage, selector, matching;
	const uint8_t *data;
	size_t i, length;

	for (i = 0; mxsel_tlsa(m, i, &usage, &selector, &matching, &data,
			&length) == 0; i++) {
		if (i > 0)
			buffer_octet(out, ',');
		buffer_constant(out, "{\"usage\":");
		buffer_number(out, (unsigned)usage);
		buffer_constant(out, ",\"selector\":");
		buffer_number(out, (unsigned)selector);
		buffer_constant(out, ",\"matching\":");
		buffer_number(out, (unsigned)matching);
		buffer_constant(out, ",\"data\":");
		add_octets(out, data, length);
		buffer_octet(out, '}');
	}
}

void json_tls_host(struct buffer *out, const mxsel *m)
{
	size_t i, count = mxsel_tls_identity_count(m);

	buffer_constant(out, ",\"posture\":");
	text_json_string(out, mxsel_posture_name(mxsel_posture(m)));
	buffer_constant(out, ",\"posture_reason\":");
	text_json_string(out, mxsel_posture_reason_name(
		mxsel_posture_reason(m)));
	buffer_constant(out, ",\"dane\":");
	text_json_string(out, mxsel_dane_name(mxsel_dane(m)));
	buffer_constant(out, ",\"tls_name\":");
	text_json_string(out, mxsel_tls_name(m));
	buffer_constant(out, ",\"identities\":[");
	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_octet(out, ',');
		text_json_string(out, mxsel_tls_identity(m, i));
	}
	buffer_constant(out, "],\"tlsa_base\":");
	text_json_string(out, mxsel_tlsa_base(m));
	buffer_constant(out, ",\"tlsa\":[");
	add_records(out, m);
	buffer_octet(out, ']');
}

void json_tls_report(struct buffer *out, const mxsel *m)
{
	const char *host, *address;
	int policy, result;
	size_t i;

	buffer_constant(out, "\"tlsrpt\":[");
	for (i = 0; mxsel_tlsrpt(m, i, &host, &address, &policy,
			&result) == 0; i++) {
		if (i > 0)
			buffer_octet(out, ',');
		buffer_constant(out, "{\"host\":");
		text_json_string(out, host);
		buffer_constant(out, ",\"address\":");
		text_json_string(out, address);
		buffer_constant(out, ",\"policy\":");
		text_json_string(out, mxsel_tlsrpt_policy_name(policy));
		buffer_constant(out, ",\"result\":");
		text_json_string(out, mxsel_tlsrpt_result_name(result));
		buffer_octet(out, '}');
	}
	buffer_octet(out, ']');
}
