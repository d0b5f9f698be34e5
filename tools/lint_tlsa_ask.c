/*
 * TLSA records of a host, asked for twice over. As senders ask: only where
 * DNSSEC secures the addresses or the alias, and below the name that counts.
 * And as whoever owns the zone wants to know: at any name, by a selection that
 * has learnt beforehand, through a cache of its own, that the host has a
 * secure address. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "lint_tlsa.h"

#include <stdio.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>
#include <mxsel/security.h>

#define CACHE_SIZE 65536
#define FEIGNED_TTL 3600

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

/* "records 2 at mx1.example.com"; a host without addresses has no such line. */
static void read_dane(struct lint_dane *dane, const mxsel *m)
{
	const char *detail, *at;
	size_t i;
	int code, outcome;

	for (i = 0; mxsel_trace_event(m, i, &code, NULL, &detail, NULL) == 0;
	     i++) {
		if (code != MXSEL_TRACE_TLSA)
			continue;
		for (outcome = MXSEL_DANE_NONE; mxsel_dane_name(outcome) !=
		     NULL; outcome++)
			if (strncmp(detail, mxsel_dane_name(outcome),
			    strlen(mxsel_dane_name(outcome))) == 0)
				dane->dane = outcome;
		at = strstr(detail, " at ");
		snprintf(dane->base, sizeof(dane->base), "%s",
			at != NULL ? at + 4 : "");
	}
}

/* The question that failed may be the one for the alias (RFC 7672 2.2.2). */
static void read_answer(struct lint_answer *answer, const mxsel *m,
	int is_failure)
{
	lint_answer_read(answer, m, "TLSA");
	if (is_failure && answer->end == LINT_ANSWERED)
		lint_answer_read(answer, m, "CNAME");
	if (is_failure && answer->end == LINT_ANSWERED)
		snprintf(answer->outcome, sizeof(answer->outcome), "%s",
			"not validated");
}

/* Ask, with what the cache of these options knows. dane may be NULL. */
static int ask(struct lint_look *look, struct lint_tlsa *found,
	struct lint_dane *dane, const char *destination)
{
	mxsel_options *o = look->options->tlsa;
	struct plan plan;
	mxsel *m = NULL;
	int r = mxsel_options_set_recorder(o, tlsa_answer_hear, &found->tlsa);

	memset(&plan, 0, sizeof(plan));
	if (r == 0)
		r = lint_walk(look->page, &m, &plan, destination, o);
	if (r == 0 && dane != NULL)
		read_dane(dane, m);
	if (r == 0)
		read_answer(&found->answer, m, dane != NULL &&
			dane->dane == MXSEL_DANE_TEMPORARY);
	plan_free(&plan);
	mxsel_free(m);
	mxsel_options_set_recorder(o, NULL, NULL);
	return r == 0 && found->tlsa.failed ? MXSEL_ENOMEM : r;
}

static int ask_with(struct lint_look *look, struct lint_tlsa *found,
	const char *destination, mxsel_cache *cache)
{
	const struct lint_options *o = look->options;
	int r = mxsel_options_set_cache(o->feigned, cache);

	if (r == 0)
		r = mxsel_options_set_cache(o->tlsa, cache);
	if (r == 0)
		r = feign(o->feigned, destination);
	if (r == 0)
		r = ask(look, found, NULL, destination);
	mxsel_options_set_cache(o->feigned, NULL);
	mxsel_options_set_cache(o->tlsa, NULL);
	return r;
}

static int end(struct lint_look *look, const struct lint_tlsa *found, int r)
{
	if (r != 0)
		look->page->error = r;
	look->is_secured |= found->tlsa.is_secure;
	return r == 0;
}

int lint_tlsa_find(struct lint_look *look, struct lint_tlsa *found,
	const char *name)
{
	char destination[LINT_HOST_ROOM];
	mxsel_cache *cache = NULL;
	int r;

	memset(found, 0, sizeof(*found));
	snprintf(destination, sizeof(destination), "[%s]", name);
	r = mxsel_cache_new(&cache, CACHE_SIZE, mxsel_ldns_clock, NULL);
	if (r == 0)
		r = ask_with(look, found, destination, cache);
	mxsel_cache_free(cache);
	return end(look, found, r);
}

int lint_tlsa_select(struct lint_look *look, struct lint_dane *dane,
	const char *name, int is_domain)
{
	char destination[LINT_HOST_ROOM];

	memset(dane, 0, sizeof(*dane));
	dane->dane = MXSEL_DANE_NONE;
	snprintf(destination, sizeof(destination), "[%s]", name);
	return end(look, &dane->found, ask(look, &dane->found, dane,
		is_domain ? look->page->domain : destination));
}
