/*
 * The TLSA records of a host, and what DNSSEC says of them. Where senders
 * would look decides what is said of them; where they would not, whoever owns
 * the zone wants to hear of a mistake before they do. May use the public
 * headers.
 */
#include "lint_tlsa.h"

#include <stdio.h>
#include <string.h>

#include <mxsel/security.h>

/* The records below base, of the host called name. */
static void judge_records(struct lint_look *look, const char *name,
	const char *base, const struct lint_tlsa *found)
{
	const struct tlsa_record *r;
	const char *fault;
	char text[80];
	size_t i, usable = 0;

	look->has_tlsa = 1;
	lint_answer_ttl(look->page, &found->answer, base, "TLSA");
	for (i = 0; i < found->tlsa.count; i++) {
		r = &found->tlsa.records[i];
		fault = tlsa_record_fault(r);
		usable += fault == NULL;
		if (fault == NULL)
			continue;
		snprintf(text, sizeof(text), "%d %d %d, %zu octets: %s",
			r->usage, r->selector, r->matching, r->length, fault);
		lint_page_add(look->page, LINT_TLSA_BAD, base, text);
	}
	if (usable == 0)
		lint_page_add(look->page, LINT_TLSA_NONE_USABLE, name, "");
}

static void judge_failure(struct lint_look *look, const char *name,
	const struct lint_answer *answer)
{
	look->tlsa_failed = 1;
	lint_page_add(look->page, LINT_TLSA_FAILED, name, answer->outcome);
}

/* What senders with DANE come to. 1: there is no more to say. */
static int judge_as_sender(struct lint_look *look, const char *name,
	int is_domain)
{
	struct lint_dane dane;

	if (!lint_tlsa_select(look, &dane, name, is_domain))
		return 1;
	switch (dane.dane) {
	case MXSEL_DANE_TEMPORARY:
		judge_failure(look, name, &dane.found.answer);
		return 1;
	case MXSEL_DANE_RECORDS:
	case MXSEL_DANE_UNUSABLE:
		look->has_secure_tlsa = 1;
		judge_records(look, name, dane.base, &dane.found);
		return 1;
	default:
		return 0;
	}
}

/* Records at a name where no sender uses them: 1 when there are some. */
static int judge_unused(struct lint_look *look, const char *name,
	const char *base, int has_addresses)
{
	struct lint_tlsa found;

	if (!lint_tlsa_find(look, &found, base))
		return 0;
	if (found.answer.end != LINT_ANSWERED) {
		/* Where nobody validates it is not known who would meet it. */
		if (!lint_validates(look))
			judge_failure(look, name, &found.answer);
		look->tlsa_failed = 1;
		return 0;
	}
	if (found.tlsa.count == 0)
		return 0;
	judge_records(look, name, base, &found);
	if (has_addresses && lint_validates(look))
		lint_page_add(look->page, LINT_TLSA_INSECURE, name,
			found.tlsa.is_secure ? "its addresses are" :
			"they are");
	return 1;
}

void lint_tlsa_host(struct lint_look *look, const char *name,
	const char *canonical, const struct plan *plan, int is_domain)
{
	int has_addresses = plan->host_count > 0;

	look->is_secured |= has_addresses && plan->hosts[0].is_secured;
	if (look->options->validates && judge_as_sender(look, name, is_domain))
		return;
	/* Those of the alias's target come first (RFC 7672 2.2.2). */
	if (canonical != NULL &&
	    judge_unused(look, name, canonical, has_addresses))
		return;
	if (judge_unused(look, name, name, has_addresses))
		return;
	if (is_domain && strcmp(look->domain, name) != 0)
		judge_unused(look, name, look->domain, has_addresses);
}

/* Records below the domain, where nobody looks for them. */
static void judge_wrong_name(struct lint_look *look, const char *domain)
{
	struct lint_tlsa found;

	if (look->has_tlsa || look->tlsa_failed || look->is_exchange ||
	    look->exchanges == 0 || !lint_tlsa_find(look, &found, domain))
		return;
	if (found.answer.end == LINT_ANSWERED && found.tlsa.count > 0) {
		lint_page_add(look->page, LINT_TLSA_WRONG_NAME, domain, "");
		look->has_tlsa = 1;
	}
}

void lint_tlsa_domain(struct lint_look *look, const mxsel *m)
{
	const char *domain = mxsel_domain(m);

	judge_wrong_name(look, domain);
	if (look->has_secure_tlsa && mxsel_is_secure(m) != 1)
		lint_page_add(look->page, LINT_TLSA_INSECURE_MX, domain, "");
	if ((look->has_tlsa || look->options->wants_dane) &&
	    !lint_validates(look))
		lint_page_add(look->page, LINT_DNSSEC_UNKNOWN, domain, "");
}
