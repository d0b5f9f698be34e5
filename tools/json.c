/*
 * One plan as one line of JSON (RFC 8259). Everything that came from outside
 * goes through text_json(); write errors are the caller's to find with
 * ferror(). May use the public headers.
 */
#include "json.h"

#include <stdint.h>

#include "text.h"

static const char *truth(int value)
{
	return value ? "true" : "false";
}

/* A string behind its key; NULL counts as empty. */
static void print_pair(FILE *out, const char *key, const char *value)
{
	fprintf(out, "\"%s\":", key);
	text_json(out, value != NULL ? value : "");
}

static void print_verdict(FILE *out, const struct plan *p)
{
	int tried = plan_action(p) == MXSEL_ACTION_TRY;

	print_pair(out, "status", mxsel_reason_name(tried ? MXSEL_REASON_OK :
		mxsel_verdict_reason(p->m)));
	fputs(",\"verdict\":{", out);
	print_pair(out, "action", plan_action_name(p));
	fprintf(out, ",\"code\":%d,", tried ? 0 : mxsel_verdict_code(p->m));
	print_pair(out, "enhanced", tried ? "" : mxsel_verdict_status(p->m));
	putc(',', out);
	print_pair(out, "text", tried ? "" : mxsel_verdict_text(p->m));
	putc('}', out);
}

static void print_flags(FILE *out, uint32_t flags)
{
	const char *comma = "";
	uint32_t bit;

	fputs("\"flags\":[", out);
	for (bit = 1; bit != 0; bit <<= 1) {
		if ((flags & bit) == 0 || mxsel_flag_name(bit) == NULL)
			continue;
		fputs(comma, out);
		text_json(out, mxsel_flag_name(bit));
		comma = ",";
	}
	putc(']', out);
}

static void print_host(FILE *out, const struct plan *p,
	const struct plan_host *h)
{
	size_t i;

	fprintf(out, "{\"preference\":%d,", h->preference);
	print_pair(out, "name", h->name);
	putc(',', out);
	print_pair(out, "canonical", h->canonical);
	fprintf(out, ",\"secure\":%s,\"addresses\":[", truth(h->secure));
	for (i = 0; i < h->count; i++) {
		if (i > 0)
			putc(',', out);
		text_json(out, p->addresses[h->first + i]);
	}
	fputs("]}", out);
}

static void print_hosts(FILE *out, const struct plan *p)
{
	size_t i;

	fputs("\"hosts\":[", out);
	for (i = 0; i < p->host_count; i++) {
		if (i > 0)
			putc(',', out);
		print_host(out, p, &p->hosts[i]);
	}
	putc(']', out);
}

static void print_rejected(FILE *out, const struct plan *p)
{
	const char *subject;
	int reason, preference;
	size_t i;

	fputs("\"rejected\":[", out);
	for (i = 0; mxsel_rejected(p->m, i, &reason, &preference,
			&subject) == 0; i++) {
		fputs(i > 0 ? ",{" : "{", out);
		print_pair(out, "subject", subject);
		fprintf(out, ",\"preference\":%d,", preference);
		print_pair(out, "reason", mxsel_reject_name(reason));
		putc(',', out);
		print_pair(out, "rule", mxsel_reject_rule(reason));
		putc('}', out);
	}
	putc(']', out);
}

static void print_trace(FILE *out, const mxsel *m)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	fputs(",\"trace\":[", out);
	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail,
			&rule) == 0; i++) {
		fputs(i > 0 ? ",{" : "{", out);
		print_pair(out, "event", mxsel_trace_name(code));
		putc(',', out);
		print_pair(out, "subject", subject);
		putc(',', out);
		print_pair(out, "detail", detail);
		putc(',', out);
		print_pair(out, "rule", rule);
		putc('}', out);
	}
	putc(']', out);
}

void json_print(FILE *out, const struct plan *p)
{
	putc('{', out);
	print_pair(out, "destination", p->destination);
	putc(',', out);
	print_pair(out, "domain", mxsel_domain(p->m));
	if (p->unicode != NULL) {
		putc(',', out);
		print_pair(out, "unicode", p->unicode);
	}
	putc(',', out);
	print_verdict(out, p);
	putc(',', out);
	print_pair(out, "source", plan_source_name(p));
	fprintf(out, ",\"ttl\":%lu,\"secure\":%s,",
		(unsigned long)mxsel_ttl(p->m),
		truth(mxsel_is_secure(p->m) == 1));
	print_flags(out, mxsel_flags(p->m));
	putc(',', out);
	print_hosts(out, p);
	putc(',', out);
	print_rejected(out, p);
	fprintf(out, ",\"queries\":%zu", mxsel_query_count(p->m));
	if (mxsel_trace_count(p->m) > 0)
		print_trace(out, p->m);
	fputs("}\n", out);
}
