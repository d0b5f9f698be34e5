/*
 * One plan as one line of JSON (RFC 8259). The hosts are written while they
 * are handed out, the line when all is known; nothing is copied for it and
 * nothing allocated once the buffers have their size. Everything that came
 * from outside goes through text_json(). May use the public headers.
 */
#include "json.h"

#include <string.h>

#include "json_tls.h"
#include "plan.h"
#include "text.h"
#include "unicode.h"

static const struct {
	const char *name;
	int number;
} keys[] = {
	{ "destination", JSON_DESTINATION }, { "domain", JSON_DOMAIN },
	{ "unicode", JSON_UNICODE }, { "status", JSON_STATUS },
	{ "verdict", JSON_VERDICT }, { "source", JSON_SOURCE },
	{ "ttl", JSON_TTL }, { "secure", JSON_SECURE },
	{ "flags", JSON_FLAGS }, { "hosts", JSON_HOSTS },
	{ "rejected", JSON_REJECTED }, { "queries", JSON_QUERIES },
	{ "tlsrpt", JSON_TLSRPT }, { "trace", JSON_TRACE },
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

int json_wants_all(int wanted)
{
	return (wanted & (JSON_TTL | JSON_FLAGS | JSON_HOSTS | JSON_REJECTED |
		JSON_QUERIES | JSON_TLSRPT | JSON_TRACE)) != 0;
}

static void add_preference(struct buffer *out, int preference)
{
	if (preference < 0)
		buffer_octet(out, '-');
	buffer_number(out, (unsigned)(preference < 0 ? -preference :
		preference));
}

/* ------------------------------------------------------------------ hosts */

void json_begin(struct json *j)
{
	buffer_empty(&j->hosts);
	j->attempts = 0;
	j->rank = -1;
}

/*
 * The addresses stand behind what is said of all of them. "false" is, until
 * it is known to be "true", which is one octet less.
 */
static void end_host(struct json *j)
{
	struct buffer *b = &j->hosts;
	char *said;
	const size_t wrong = sizeof("false") - 1, right = sizeof("true") - 1;

	if (j->rank < 0 || b->failed)
		return;
	if (j->secure) {
		said = b->bytes + j->truth;
		memmove(said + right, said + wrong,
			b->length - j->truth - wrong);
		memcpy(said, "true", right);
		b->length--;
	}
	buffer_octet(b, ']');
	buffer_add(b, j->tls.bytes, j->tls.length);
	b->failed |= j->tls.failed;
	buffer_octet(b, '}');
}

static void begin_host(struct json *j, const mxsel *m)
{
	struct buffer *b = &j->hosts;

	end_host(j);
	if (j->rank >= 0)
		buffer_octet(b, ',');
	buffer_constant(b, "{\"preference\":");
	add_preference(b, mxsel_host_preference(m));
	buffer_constant(b, ",\"name\":");
	text_json_string(b, mxsel_host_name(m));
	buffer_constant(b, ",\"canonical\":");
	text_json_string(b, mxsel_host_canonical(m));
	buffer_constant(b, ",\"secure\":");
	j->truth = b->length;
	buffer_constant(b, "false,\"addresses\":[");
	j->secure = 1;
	buffer_empty(&j->tls);
	if (j->shows_tls)
		json_tls_host(&j->tls, m);
}

void json_attempt(struct json *j, const mxsel *m)
{
	struct buffer *b = &j->hosts;
	int rank;

	j->attempts++;
	if ((j->keys & JSON_HOSTS) == 0)
		return;
	rank = mxsel_host_rank(m);
	if (rank != j->rank)
		begin_host(j, m);
	else
		buffer_octet(b, ',');
	j->rank = rank;
	j->secure = j->secure && mxsel_address_is_secure(m) == 1;
	text_json_string(b, mxsel_address(m));
}

static void add_hosts(struct json *j, struct buffer *out)
{
	end_host(j);
	buffer_constant(out, "\"hosts\":[");
	buffer_add(out, j->hosts.bytes, j->hosts.length);
	buffer_octet(out, ']');
	out->failed |= j->hosts.failed;
}

/* --------------------------------------------------------- everything else */

/* There only where it differs; with a comma when it is not the first. */
static void add_unicode(struct buffer *out, const mxsel *m, int is_first)
{
	char shown[UNICODE_ROOM];

	if (!unicode_differs(mxsel_domain(m), shown))
		return;
	if (!is_first)
		buffer_octet(out, ',');
	buffer_constant(out, "\"unicode\":");
	text_json_string(out, shown);
}

static void add_verdict(struct buffer *out, const mxsel *m, int tried)
{
	const char *action = mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE ?
		"bounce" : "defer";

	if (tried) {
		buffer_constant(out, "\"verdict\":{\"action\":\"try\","
			"\"code\":0,\"enhanced\":\"\",\"text\":\"\"}");
		return;
	}
	buffer_constant(out, "\"verdict\":{\"action\":");
	text_json_string(out, action);
	buffer_constant(out, ",\"code\":");
	buffer_number(out, (unsigned)mxsel_verdict_code(m));
	buffer_constant(out, ",\"enhanced\":");
	text_json_string(out, mxsel_verdict_status(m));
	buffer_constant(out, ",\"text\":");
	text_json_string(out, mxsel_verdict_text(m));
	buffer_octet(out, '}');
}

static void add_flags(struct buffer *out, uint32_t flags)
{
	uint32_t bit;
	int first = 1;

	buffer_constant(out, "\"flags\":[");
	for (bit = 1; bit != 0 && bit <= flags; bit <<= 1) {
		if ((flags & bit) == 0 || mxsel_flag_name(bit) == NULL)
			continue;
		if (!first)
			buffer_octet(out, ',');
		text_json_string(out, mxsel_flag_name(bit));
		first = 0;
	}
	buffer_octet(out, ']');
}

static void add_rejected(struct buffer *out, const mxsel *m)
{
	const char *subject;
	int reason, preference;
	size_t i;

	buffer_constant(out, "\"rejected\":[");
	for (i = 0; mxsel_rejected(m, i, &reason, &preference,
			&subject) == 0; i++) {
		if (i > 0)
			buffer_octet(out, ',');
		buffer_constant(out, "{\"subject\":");
		text_json_string(out, subject);
		buffer_constant(out, ",\"preference\":");
		add_preference(out, preference);
		buffer_constant(out, ",\"reason\":");
		text_json_string(out, mxsel_reject_name(reason));
		buffer_constant(out, ",\"rule\":");
		text_json_string(out, mxsel_reject_rule(reason));
		buffer_octet(out, '}');
	}
	buffer_octet(out, ']');
}

static void add_trace(struct buffer *out, const mxsel *m)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	buffer_constant(out, "\"trace\":[");
	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail,
			&rule) == 0; i++) {
		if (i > 0)
			buffer_octet(out, ',');
		buffer_constant(out, "{\"event\":");
		text_json_string(out, mxsel_trace_name(code));
		buffer_constant(out, ",\"subject\":");
		text_json_string(out, subject);
		buffer_constant(out, ",\"detail\":");
		text_json_string(out, detail);
		buffer_constant(out, ",\"rule\":");
		text_json_string(out, rule);
		buffer_octet(out, '}');
	}
	buffer_octet(out, ']');
}

/* The value of one key; those that need no function of their own here. */
static void add_key(struct json *j, const mxsel *m, int key,
	struct buffer *out)
{
	int tried = j->attempts > 0;

	switch (key) {
	case JSON_DOMAIN:
		buffer_constant(out, "\"domain\":");
		text_json_string(out, mxsel_domain(m));
		break;
	case JSON_STATUS:
		buffer_constant(out, "\"status\":");
		text_json_string(out, mxsel_reason_name(tried ?
			MXSEL_REASON_OK : mxsel_verdict_reason(m)));
		break;
	case JSON_VERDICT:
		add_verdict(out, m, tried);
		break;
	case JSON_SOURCE:
		buffer_constant(out, "\"source\":");
		text_json_string(out, plan_source_name(m));
		break;
	case JSON_TTL:
		buffer_constant(out, "\"ttl\":");
		buffer_number(out, mxsel_ttl(m));
		break;
	case JSON_SECURE:
		if (mxsel_is_secure(m) == 1)
			buffer_constant(out, "\"secure\":true");
		else
			buffer_constant(out, "\"secure\":false");
		break;
	case JSON_FLAGS:
		add_flags(out, mxsel_flags(m));
		break;
	case JSON_HOSTS:
		add_hosts(j, out);
		break;
	case JSON_REJECTED:
		add_rejected(out, m);
		break;
	case JSON_QUERIES:
		buffer_constant(out, "\"queries\":");
		buffer_number(out, mxsel_query_count(m));
		break;
	case JSON_TLSRPT:
		json_tls_report(out, m);
		break;
	default:
		add_trace(out, m);
	}
}

void json_end(struct json *j, const mxsel *m, const char *destination,
	size_t length, struct buffer *out)
{
	int wanted = j->keys;
	size_t begin, i;

	if (mxsel_trace_count(m) == 0)
		wanted &= ~JSON_TRACE;
	if (!j->shows_tls)
		wanted &= ~JSON_TLSRPT;
	buffer_octet(out, '{');
	begin = out->length;
	for (i = 0; i < KEY_COUNT; i++) {
		if ((wanted & keys[i].number) == 0)
			continue;
		if (keys[i].number == JSON_UNICODE) {
			add_unicode(out, m, out->length == begin);
			continue;
		}
		if (out->length > begin)
			buffer_octet(out, ',');
		if (keys[i].number == JSON_DESTINATION) {
			buffer_constant(out, "\"destination\":");
			text_json(out, destination, length);
		} else {
			add_key(j, m, keys[i].number, out);
		}
	}
	buffer_constant(out, "}\n");
}

void json_free(struct json *j)
{
	buffer_free(&j->hosts);
	buffer_free(&j->tls);
}
