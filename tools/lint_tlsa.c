/*
 * The TLSA records of a host, and what DNSSEC says of them. Senders ask for
 * them only where DNSSEC secures the addresses; whoever owns the zone wants to
 * hear of a mistake before that. So they are asked for by a selection that has
 * learnt beforehand, through a cache of its own, that the host has a secure
 * address: what it really has is judged elsewhere. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "lint_look.h"

#include <stdio.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>

#include "tlsa_answer.h"

#define HOST_ROOM 1100 /* any name as text, in brackets */
#define CACHE_SIZE 65536
#define FEIGNED_TTL 3600

/* The records at one name, and how the question ended. */
struct look_up {
	struct lint_answer answer;
	struct tlsa_answer tlsa;
};

/* --------------------------------------------------------------- looking up */

/* RFC 5737 3: an address that nobody has. */
static void feign_answer(mxsel_query *q)
{
	static const uint8_t address[] = { 192, 0, 2, 1 };

	if (mxsel_query_type(q) == MXSEL_TYPE_A)
		mxsel_answer_address(q, address, sizeof(address),
			FEIGNED_TTL);
	else
		mxsel_answer_negative_ttl(q, FEIGNED_TTL);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, MXSEL_SECURITY_SECURE);
}

/* Let the cache know of a secure address. 0 or MXSEL_E*. */
static int feign(mxsel_options *o, const char *destination)
{
	mxsel *m = NULL;
	mxsel_query *q;
	int r = mxsel_new(&m, destination, o);

	while (r == 0 && (r = mxsel_next(m)) == MXSEL_LOOKUP) {
		while ((q = mxsel_query_take(m)) != NULL)
			feign_answer(q);
		r = 0;
	}
	mxsel_free(m);
	return r < 0 ? r : 0;
}

/* Ask, with that cache. */
static int ask(struct lint_look *look, struct look_up *up,
	const char *destination)
{
	struct plan plan;
	mxsel *m;
	int r = lint_walk(look->page, &m, &plan, destination,
		look->options->tlsa);

	if (r == 0)
		lint_answer_read(&up->answer, m, "TLSA");
	plan_free(&plan);
	mxsel_free(m);
	return r;
}

static int look_up_with(struct lint_look *look, struct look_up *up,
	const char *destination, mxsel_cache *cache)
{
	const struct lint_options *o = look->options;
	int r = mxsel_options_set_cache(o->feigned, cache);

	if (r == 0)
		r = mxsel_options_set_cache(o->tlsa, cache);
	if (r == 0)
		r = mxsel_options_set_recorder(o->tlsa, tlsa_answer_hear,
			&up->tlsa);
	if (r == 0)
		r = feign(o->feigned, destination);
	if (r == 0)
		r = ask(look, up, destination);
	mxsel_options_set_recorder(o->tlsa, NULL, NULL);
	mxsel_options_set_cache(o->feigned, NULL);
	mxsel_options_set_cache(o->tlsa, NULL);
	return r;
}

/* 1: up is known; 0: page->error is set. */
static int look_up(struct lint_look *look, struct look_up *up,
	const char *name)
{
	char destination[HOST_ROOM];
	mxsel_cache *cache = NULL;
	int r;

	memset(up, 0, sizeof(*up));
	snprintf(destination, sizeof(destination), "[%s]", name);
	r = mxsel_cache_new(&cache, CACHE_SIZE, mxsel_ldns_clock, NULL);
	if (r == 0)
		r = look_up_with(look, up, destination, cache);
	mxsel_cache_free(cache);
	if (r == 0 && up->tlsa.failed)
		r = MXSEL_ENOMEM;
	if (r != 0)
		look->page->error = r;
	return r == 0;
}

/* ------------------------------------------------------------------ judging */

static void judge_records(struct lint_look *look, const char *name,
	const struct tlsa_answer *a)
{
	const struct tlsa_record *r;
	const char *fault;
	char text[80];
	size_t i, usable = 0;

	for (i = 0; i < a->count; i++) {
		r = &a->records[i];
		fault = tlsa_record_fault(r);
		usable += fault == NULL;
		if (fault == NULL)
			continue;
		snprintf(text, sizeof(text), "%d %d %d, %zu octets: %s",
			r->usage, r->selector, r->matching, r->length, fault);
		lint_page_add(look->page, LINT_TLSA_BAD, name, text);
	}
	if (usable == 0)
		lint_page_add(look->page, LINT_TLSA_NONE_USABLE, name, "");
}

/*
 * Senders look at the records of a host with secure addresses only, and only
 * at secure records. An alias can make up for the former (RFC 7672 2.2.2):
 * then nothing is said.
 */
static void judge_security(struct lint_look *look, const char *name,
	const struct plan *plan, const struct look_up *up, int is_alias)
{
	int is_secured = plan->host_count > 0 && plan->hosts[0].is_secured;

	if (!look->options->validates || plan->host_count == 0)
		return;
	if (!up->tlsa.is_secure)
		lint_page_add(look->page, LINT_TLSA_INSECURE, name,
			"they are");
	else if (!is_secured && !is_alias)
		lint_page_add(look->page, LINT_TLSA_INSECURE, name,
			"its addresses are");
	else
		look->has_secure_tlsa = 1;
}

/* Is the failure one that senders meet? */
static int is_met(const struct lint_look *look, const struct plan *plan)
{
	return !look->options->validates || (plan->host_count > 0 &&
		plan->hosts[0].is_secured);
}

static void judge(struct lint_look *look, const char *name,
	const struct plan *plan, const struct look_up *up, int is_alias)
{
	if (up->answer.end != LINT_ANSWERED) {
		look->tlsa_failed = 1;
		if (is_met(look, plan))
			lint_page_add(look->page, LINT_TLSA_FAILED, name,
				up->answer.outcome);
		return;
	}
	if (up->tlsa.count == 0)
		return;
	look->has_tlsa = 1;
	lint_answer_ttl(look->page, &up->answer, name, "TLSA");
	judge_records(look, name, &up->tlsa);
	judge_security(look, name, plan, up, is_alias);
}

void lint_tlsa_host(struct lint_look *look, const char *name,
	const char *canonical, const struct plan *plan)
{
	struct look_up up;
	int is_alias = canonical != NULL;

	/* Those of the alias's target come first (RFC 7672 2.2.2). */
	if (is_alias && look_up(look, &up, canonical)) {
		judge(look, canonical, plan, &up, 1);
		if (up.tlsa.count > 0)
			return;
	}
	if (look_up(look, &up, name))
		judge(look, name, plan, &up, is_alias);
}

/* Records below the domain, where nobody looks for them. */
static void judge_wrong_name(struct lint_look *look, const char *domain)
{
	struct look_up up;

	if (look->has_tlsa || look->tlsa_failed || look->is_exchange ||
	    look->exchanges == 0 || !look_up(look, &up, domain))
		return;
	if (up.answer.end == LINT_ANSWERED && up.tlsa.count > 0) {
		lint_page_add(look->page, LINT_TLSA_WRONG_NAME, domain, "");
		look->has_tlsa = 1;
	}
}

void lint_tlsa_domain(struct lint_look *look, const mxsel *m)
{
	const char *domain = mxsel_domain(m);
	int validates = look->options->validates;

	judge_wrong_name(look, domain);
	if (validates && look->has_secure_tlsa && mxsel_is_secure(m) != 1)
		lint_page_add(look->page, LINT_TLSA_INSECURE_MX, domain, "");
	if (!validates && (look->has_tlsa || look->options->wants_dane))
		lint_page_add(look->page, LINT_DNSSEC_UNKNOWN, domain, "");
}
