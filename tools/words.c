/*
 * A decision in words. What the library says for programs ("MX servfail") is
 * said for people here. May use the public headers.
 */
#include "words.h"

#include <stdlib.h>
#include <string.h>

#include <mxsel/security.h>

#include "phrases.h"
#include "phrases_tls.h"
#include "text.h"
#include "unicode.h"

/* RFC 2181 8: no TTL is longer; the library's word for "nothing was used". */
#define NO_TTL 2147483647UL

/* Octets of a TLSA record's data that are shown. */
#define TLSA_SHOWN 8

struct phrase {
	const char *word;
	const char *text;
};

static const struct phrase answers[] = {
	{ "complete", "no answer" },
	{ "nxdomain", "no such name" },
	{ "servfail", "no answer for now (SERVFAIL)" },
	{ "refused", "no answer for now (REFUSED)" },
	{ "formerr", "no answer for now (FORMERR)" },
	{ "notimp", "no answer for now (NOTIMP)" },
	{ "rcode", "no answer for now (unknown response code)" },
	{ "timeout", "no answer in time" },
	{ "truncated", "no answer for now (truncated)" },
	{ "malformed", "no answer for now (malformed)" },
	{ "network", "no server could be reached" },
	{ "referral", "no answer for now (a referral)" },
	{ "bogus", "no answer for now (DNSSEC: bogus)" },
};

static const struct phrase readings[] = {
	{ "host", "a host, whatever its MX" },
	{ "address literal", "an address, no question is asked" },
	{ "not valid", "no valid destination" },
	{ "not ASCII", "letters that are not supported here" },
};

void words_name(FILE *out, const char *name)
{
	char *unicode = unicode_form(name);

	text_plain(out, *name != '\0' ? name : ".");
	if (unicode != NULL) {
		fputs(" (", out);
		text_plain(out, unicode);
		putc(')', out);
	}
	free(unicode);
}

/* What was typed may be the domain already, in one form or the other. */
static void print_domain(FILE *out, const char *given, const char *domain)
{
	char *unicode = unicode_form(domain);

	if (!phrase_says_domain(given, domain)) {
		fputs(": domain ", out);
		text_plain(out, domain);
	}
	if (unicode != NULL && strstr(given, unicode) == NULL) {
		fputs(" (", out);
		text_plain(out, unicode);
		putc(')', out);
	}
	free(unicode);
}

static void print_destination(FILE *out, const struct story *s,
	const struct story_node *n)
{
	const char *given = s->plan->destination;
	const char *detail = n->detail != NULL ? n->detail : "";
	size_t i;

	text_plain(out, *given != '\0' ? given : "\"\"");
	if (strcmp(detail, "domain") == 0) {
		print_domain(out, given, mxsel_original_domain(s->plan->m));
		return;
	}
	for (i = 0; i < sizeof(readings) / sizeof(readings[0]); i++)
		if (strcmp(readings[i].word, detail) == 0)
			detail = readings[i].text;
	if (*detail != '\0')
		fprintf(out, ": %s", detail);
}

/* Was the same asked again at the end of an alias? */
static int is_followed(const struct story *s, const struct story_node *n)
{
	const struct story_node *other, *above;
	size_t i;

	for (i = 1; i < s->count; i++) {
		other = &s->nodes[i];
		above = &s->nodes[other->parent];
		if (other->kind == STORY_QUESTION && above->kind ==
		    STORY_ALIAS && strcmp(other->type, n->type) == 0 &&
		    strcmp(above->subject, n->subject) == 0)
			return 1;
	}
	return 0;
}

/* "complete records 2 ttl 300". */
static int print_complete(FILE *out, const struct story *s,
	const struct story_node *n)
{
	unsigned records;
	unsigned long ttl;
	char outcome[16];

	if (sscanf(n->detail, "%15[a-z] records %u ttl %lu", outcome, &records,
		&ttl) != 3)
		return 0;
	if (strcmp(outcome, "nxdomain") == 0)
		fputs("no such name", out);
	else if (records == 0)
		fputs(is_followed(s, n) ? "only an alias" : "no such record",
			out);
	else
		fprintf(out, "%u record%s", records, records == 1 ? "" : "s");
	if (ttl != NO_TTL)
		fprintf(out, ", TTL %lu", ttl);
	return 1;
}

static void print_answer(FILE *out, const struct story *s,
	const struct story_node *n)
{
	const char *answer = n->detail != NULL ? n->detail : "not answered";
	size_t length = strcspn(answer, " ,");
	size_t i;

	if (n->detail != NULL && print_complete(out, s, n))
		return;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strlen(answers[i].word) == length &&
		    memcmp(answers[i].word, answer, length) == 0) {
			fputs(answers[i].text, out);
			answer += length;
			break;
		}
	text_plain(out, answer);
}

static void print_question(FILE *out, const struct story *s,
	const struct story_node *n)
{
	const struct story_node *above = &s->nodes[n->parent];

	fputs(n->type, out);
	if (above->kind != STORY_HOST || strcmp(n->type, "TLSA") == 0) {
		fputs(" of ", out);
		words_name(out, n->subject);
	}
	fputs(": ", out);
	print_answer(out, s, n);
}

static void print_note(FILE *out, const struct story_node *n)
{
	if (n->event == MXSEL_TRACE_IMPLICIT)
		fputs("no MX record: the domain's own addresses", out);
	else if (n->event == MXSEL_TRACE_NULL_MX)
		fprintf(out, "null MX: the domain takes no mail%s%s",
			*n->detail != '\0' ? "; its " : "", n->detail);
	else
		fprintf(out, "ourselves at preference %d: only better ones "
			"are used", n->preference);
}

const char *words_reason(const struct story_node *n)
{
	return n->reason == STORY_USELESS ? "none of its addresses is used" :
		phrase_reject(n->reason);
}

static void print_reason(FILE *out, const struct story_node *n)
{
	if (n->reason != 0)
		fprintf(out, ": %s", words_reason(n));
}

static void print_host(FILE *out, const struct story *s,
	const struct story_node *n)
{
	if (n->preference >= 0 && mxsel_source(s->plan->m) == MXSEL_SOURCE_MX)
		fprintf(out, "%d ", n->preference);
	words_name(out, n->subject);
	print_reason(out, n);
}

static void print_address(FILE *out, const struct story *s,
	const struct story_node *n)
{
	if (n->reason != 0 && n->parent == s->hosts_below &&
	    n->preference >= 0)
		fprintf(out, "%d ", n->preference);
	text_plain(out, *n->subject != '\0' ? n->subject : "(no address)");
	print_reason(out, n);
}

/* "records 2 at mx.example", "temporary". */
static void print_dane(FILE *out, const char *detail)
{
	const char *at = strstr(detail, " at ");
	unsigned count = 0;

	if (at != NULL && sscanf(detail, "records %u ", &count) == 1)
		fprintf(out, "DANE: %u TLSA record%s of ", count,
			count == 1 ? "" : "s");
	else if (at != NULL)
		fputs("DANE: TLSA records, but none that can be used, of ",
			out);
	else
		fputs(strcmp(detail, "temporary") == 0 ?
			"DANE: whether there are TLSA records is not known "
			"now" : "DANE: not for this host", out);
	if (at != NULL)
		words_name(out, at + strlen(" at "));
}

/* "dane, tlsa". */
static void print_posture(FILE *out, const char *detail)
{
	size_t length = strcspn(detail, ",");
	const char *reason = detail + length + strspn(detail + length, ", ");
	const char *name;
	int i;

	for (i = 0; (name = mxsel_posture_name(i)) != NULL; i++)
		if (strlen(name) == length &&
		    memcmp(name, detail, length) == 0)
			fputs(phrase_posture(i), out);
	for (i = 1; (name = mxsel_posture_reason_name(i)) != NULL; i++)
		if (strcmp(name, reason) == 0)
			fprintf(out, ": %s", phrase_posture_reason(i));
}

static int begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/*
 * "behind the others of mx.example: score 1.500, refused 12 s ago": whose
 * others they are is seen where it stands below one of them.
 */
static void print_memory(FILE *out, const struct story *s,
	const struct story_node *n)
{
	static const char others[] = "behind the others", first[] = "first";
	const struct story_node *above = &s->nodes[n->parent];
	const char *detail = n->detail, *said = NULL;

	if (begins(detail, "ignored")) {
		fprintf(out, "memory %s", detail);
		return;
	}
	fputs("memory: ", out);
	if (above->kind == STORY_ADDRESS)
		said = begins(detail, others) ? others :
			begins(detail, first) ? first : NULL;
	else if (above->kind != STORY_HOST)
		words_name(out, n->subject);
	if (said != NULL) {
		fputs(said, out);
		detail += strcspn(detail, ":");
	} else if (above->kind != STORY_ADDRESS && above->kind != STORY_HOST) {
		putc(' ', out);
	}
	text_plain(out, detail);
}

static void print_verdict(FILE *out, const struct plan *p)
{
	unsigned long ttl = mxsel_ttl(p->m);

	phrase_plan(out, p, "", "");
	if (ttl != NO_TTL)
		fprintf(out, ", TTL %lu", ttl);
}

static void print_later(FILE *out, const mxsel *m)
{
	fprintf(out, "if none can be reached: %s %d %s",
		mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE ? "bounce" :
		"defer", mxsel_verdict_code(m), mxsel_verdict_status(m));
}

void words_print(FILE *out, const struct story *s, size_t node)
{
	const struct story_node *n = &s->nodes[node];

	switch (n->kind) {
	case STORY_DESTINATION:
		print_destination(out, s, n);
		break;
	case STORY_QUESTION:
		print_question(out, s, n);
		break;
	case STORY_ALIAS:
		fputs("alias of ", out);
		words_name(out, n->detail);
		break;
	case STORY_NOTE:
		print_note(out, n);
		break;
	case STORY_HOST:
		print_host(out, s, n);
		break;
	case STORY_ADDRESS:
		print_address(out, s, n);
		break;
	case STORY_DANE:
		print_dane(out, n->detail);
		break;
	case STORY_TLSA:
		phrase_tlsa(out, n->record, TLSA_SHOWN);
		break;
	case STORY_POSTURE:
		print_posture(out, n->detail);
		break;
	case STORY_MEMORY:
		print_memory(out, s, n);
		break;
	case STORY_CUT:
		fputs("(there were more decisions than are kept)", out);
		break;
	case STORY_LIMITED:
		fputs("a limit cut something off: not all is tried", out);
		break;
	case STORY_VERDICT:
		print_verdict(out, s->plan);
		break;
	case STORY_SENTENCE:
		text_plain(out, mxsel_verdict_text(s->plan->m));
		break;
	case STORY_LATER:
		print_later(out, s->plan->m);
		break;
	}
}

int words_is_failure(const struct story_node *n)
{
	return n->kind == STORY_QUESTION && (n->detail == NULL ||
		strstr(n->detail, " ttl ") == NULL);
}
