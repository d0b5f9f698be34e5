/*
 * One domain: does it exist, what do its MX records say, and what do all the
 * hosts together come to. The MX records are had from a selection that refuses
 * every exchange by name: it lists them all and looks up none. May use the
 * public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "lint_look.h"

#include <stdlib.h>
#include <string.h>

#include "lint_name.h"

/* Whatever is about the domain before its MX records: 1 when it ends there. */
static int judge_existence(struct lint_look *look, const mxsel *m,
	const struct lint_answer *mx)
{
	const char *original = mxsel_original_domain(m);
	const char *domain = mxsel_domain(m);
	int is_alias = strcmp(original, domain) != 0;
	enum lint_code code;

	if (lint_name_is_special(original) || lint_name_is_special(domain))
		code = LINT_SPECIAL_DOMAIN;
	else if (mx->end == LINT_UNANSWERED)
		code = LINT_MX_UNANSWERED;
	else if (mx->end == LINT_LAME)
		code = LINT_MX_LAME;
	else if (mx->end == LINT_FAILED)
		code = LINT_MX_FAILED;
	else if (strcmp(mx->outcome, "nxdomain") == 0)
		code = is_alias ? LINT_ALIAS_DEAD : LINT_NO_DOMAIN;
	else
		return 0;
	look->page->is_unanswered |= code == LINT_MX_UNANSWERED;
	lint_page_add(look->page, code, code == LINT_ALIAS_DEAD ? original :
		domain, code == LINT_ALIAS_DEAD ? domain : mx->outcome);
	return 1;
}

static void judge_alias(struct lint_look *look, const mxsel *m)
{
	const char *original = mxsel_original_domain(m);

	if (strcmp(original, mxsel_domain(m)) == 0)
		return;
	lint_page_add(look->page, LINT_DOMAIN_IS_ALIAS, original,
		mxsel_domain(m));
	lint_alias_chain(look->page, look->options->domain_flat, original,
		original);
}

/* One exchange that was refused by name: a real one. */
static void judge_exchange(struct lint_look *look, const mxsel *m,
	const char *name)
{
	struct lint_page *page = look->page;
	int why = lint_name_judge(name);

	if (why >= 0) {
		lint_page_add(page, (enum lint_code)why, name, "");
		return;
	}
	if (lint_name_is_odd(name))
		lint_page_add(page, LINT_MX_ODD_NAME, name, "");
	if (strchr(name, '.') == NULL)
		lint_page_add(page, LINT_MX_SINGLE_LABEL, name, "");
	if (lint_name_has_domain_twice(name, mxsel_domain(m)))
		lint_page_add(page, LINT_MX_MISSING_DOT, name, "");
	look->is_exchange |= strcmp(name, mxsel_domain(m)) == 0;
	lint_host(look, name, 0);
}

static void judge_record(struct lint_look *look, const mxsel *m, int reject,
	int preference, const char *name)
{
	struct lint_page *page = look->page;
	char number[16];

	switch (reject) {
	case MXSEL_REJECT_NULL:
		lint_page_add(page, LINT_NULL_MX_MIXED, mxsel_domain(m), "");
		return;
	case MXSEL_REJECT_DUPLICATE:
		snprintf(number, sizeof(number), "%d", preference);
		lint_page_add(page, LINT_MX_DUPLICATE, name, number);
		return;
	case MXSEL_REJECT_BAD_NAME:
		lint_page_add(page, LINT_MX_BAD_NAME, name, "");
		break;
	case MXSEL_REJECT_IS_ADDRESS:
		lint_page_add(page, LINT_MX_IS_ADDRESS, name, "");
		break;
	default:
		judge_exchange(look, m, name);
		break;
	}
	look->exchanges++;
}

static void judge_records(struct lint_look *look, const mxsel *m,
	const struct lint_answer *mx)
{
	const char *name;
	int reject, preference;
	char number[24];
	size_t i;

	for (i = 0; mxsel_rejected(m, i, &reject, &preference, &name) == 0;
	     i++)
		judge_record(look, m, reject, preference, name);
	if (i < mx->records)
		look->failed = 1; /* a list so long that its end is cut off */
	if (mx->records > LINT_RECORDS_MAX) {
		snprintf(number, sizeof(number), "%lu", mx->records);
		lint_page_add(look->page, LINT_MX_TOO_MANY, mxsel_domain(m),
			number);
	}
	if (look->exchanges == 1)
		lint_page_add(look->page, LINT_MX_ALONE, mxsel_domain(m), "");
}

/* What all the hosts come to. */
static void judge_hosts(struct lint_look *look, const char *domain)
{
	if (look->usable == 0 && !look->failed)
		lint_page_add(look->page, LINT_NONE_USABLE, domain, "");
	if (look->usable == 0 || look->failed)
		return;
	if (!look->has_v6)
		lint_page_add(look->page, LINT_NO_IPV6, domain, "");
	if (!look->has_v4)
		lint_page_add(look->page, LINT_NO_IPV4, domain, "");
}

/* No MX record: the domain's own addresses are asked (RFC 5321 5.1). */
static void judge_implicit(struct lint_look *look, const mxsel *m)
{
	const char *domain = mxsel_domain(m);
	size_t before = look->page->count;

	lint_host(look, domain, 1);
	if (look->page->count > before && look->page->findings[before].code ==
	    LINT_NO_MAIL_HOST)
		return;
	lint_page_add(look->page, LINT_NO_MX, domain, "");
	judge_hosts(look, domain);
	lint_tlsa_domain(look, m);
	lint_sts(look, m, 0);
}

static void judge_domain(struct lint_look *look, const mxsel *m)
{
	struct lint_page *page = look->page;
	const char *domain = mxsel_domain(m);
	struct lint_answer mx;

	look->domain = mxsel_original_domain(m);
	look->is_secured = mxsel_is_secure(m) == 1;
	if (lint_alias_is_broken(page, m, look->domain))
		return;
	lint_answer_read(&mx, m, "MX");
	if (judge_existence(look, m, &mx))
		return;
	judge_alias(look, m);
	lint_answer_ttl(page, &mx, domain, "MX");
	if (mx.records == 0) {
		judge_implicit(look, m);
		return;
	}
	if (mxsel_verdict_reason(m) == MXSEL_REASON_NULL_MX) {
		if (mxsel_flags(m) & MXSEL_FLAG_NULL_MX_PREFERENCE)
			lint_page_add(page, LINT_NULL_MX_PREFERENCE, domain,
				"");
		return;
	}
	judge_records(look, m, &mx);
	judge_hosts(look, domain);
	lint_tlsa_domain(look, m);
	lint_sts(look, m, 1);
}

/* Something that names no domain: an address, a host in brackets. */
static int is_no_domain(const mxsel *m)
{
	int source = mxsel_source(m);

	return mxsel_verdict_reason(m) == MXSEL_REASON_BAD_DESTINATION ||
		source == MXSEL_SOURCE_LITERAL ||
		source == MXSEL_SOURCE_STATIC;
}

void lint_look(struct lint_page *page, const struct lint_options *options,
	const char *domain)
{
	struct lint_look look;
	struct plan plan;
	mxsel *m;
	size_t i;

	memset(page, 0, sizeof(*page));
	memset(&look, 0, sizeof(look));
	page->domain = domain;
	look.page = page;
	look.options = options;
	if (lint_walk(page, &m, &plan, domain, options->domain) == 0) {
		page->is_no_domain = is_no_domain(m);
		if (!page->is_no_domain)
			judge_domain(&look, m);
	}
	for (i = 0; i < look.seen_count; i++)
		free(look.seen[i]);
	free(look.seen);
	plan_free(&plan);
	mxsel_free(m);
}
