/*
 * One host: how the questions for its addresses end, whether it is an alias,
 * and what the addresses are. Asked for as "[host]", so that everything the
 * selection says is about this host. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "lint_look.h"

#include <stdlib.h>
#include <string.h>

#include "lint_name.h"

#define HOST_ROOM 1100 /* any name as text, in brackets */

/* An address that is refused, by MXSEL_REJECT_*. */
struct refusal {
	int reject;
	enum lint_code code;
};

static const struct refusal refusals[] = {
	{ MXSEL_REJECT_UNSPECIFIED, LINT_ADDRESS_UNSPECIFIED },
	{ MXSEL_REJECT_LOOPBACK, LINT_ADDRESS_LOOPBACK },
	{ MXSEL_REJECT_LINK_LOCAL, LINT_ADDRESS_LINK_LOCAL },
	{ MXSEL_REJECT_PRIVATE, LINT_ADDRESS_PRIVATE },
	{ MXSEL_REJECT_MULTICAST, LINT_ADDRESS_MULTICAST },
	{ MXSEL_REJECT_BROADCAST, LINT_ADDRESS_BROADCAST },
	{ MXSEL_REJECT_RESERVED, LINT_ADDRESS_RESERVED },
};

static int refusal_of(int reject)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].reject == reject)
			return (int)refusals[i].code;
	return -1;
}

/* Both questions failed, or one of them. */
static void judge_answers(struct lint_look *look, const char *name,
	const struct lint_answer *a, const struct lint_answer *aaaa)
{
	struct lint_page *page = look->page;

	if (a->end == LINT_ANSWERED && aaaa->end == LINT_ANSWERED)
		return;
	look->failed = 1;
	if (aaaa->end == LINT_ANSWERED)
		lint_page_add(page, LINT_A_FAILED, name, a->outcome);
	else if (a->end == LINT_ANSWERED)
		lint_page_add(page, LINT_AAAA_FAILED, name, aaaa->outcome);
	else if (a->end == LINT_UNANSWERED)
		lint_page_add(page, LINT_HOST_UNANSWERED, name, a->outcome);
	else if (a->end == LINT_LAME)
		lint_page_add(page, LINT_HOST_LAME, name, a->outcome);
	else
		lint_page_add(page, LINT_HOST_FAILED, name, a->outcome);
}

/* An alias is allowed at the domain only. 1: it leads out of the DNS. */
static int judge_alias(struct lint_look *look, const mxsel *m,
	const char *destination, const char *name)
{
	const char *target = lint_alias_of(m, name);
	int why = target != NULL ? lint_name_judge(target) : -1;

	if (target == NULL)
		return 0;
	lint_page_add(look->page, LINT_MX_IS_ALIAS, name, target);
	lint_alias_chain(look->page, look->options->host_flat, destination,
		name);
	if (why < 0)
		return 0;
	lint_page_add(look->page, (enum lint_code)why, name, "");
	return 1;
}

/* Addresses that nobody can use, and names without any. */
static void judge_rejected(struct lint_look *look, const mxsel *m,
	const char *name, int is_domain)
{
	const char *subject;
	int reject, code;
	size_t i;

	for (i = 0; mxsel_rejected(m, i, &reject, NULL, &subject) == 0; i++) {
		code = refusal_of(reject);
		if (code >= 0 && strcmp(subject, name) != 0)
			lint_page_add(look->page, (enum lint_code)code, name,
				subject);
		else if (reject == MXSEL_REJECT_NOT_FOUND ||
		    reject == MXSEL_REJECT_NO_ADDRESS)
			lint_page_add(look->page, is_domain ?
				LINT_NO_MAIL_HOST :
				reject == MXSEL_REJECT_NOT_FOUND ?
				LINT_MX_NOT_FOUND : LINT_MX_NO_ADDRESS, name,
				"");
		else if (reject == MXSEL_REJECT_SELF)
			look->failed = 1; /* ours in the demo: not judged */
	}
}

static int is_seen(const struct lint_look *look, size_t before,
	const char *address)
{
	size_t i;

	for (i = 0; i < before; i++)
		if (strcmp(look->seen[i], address) == 0)
			return 1;
	return 0;
}

static void remember(struct lint_look *look, const char *address)
{
	size_t more = look->seen_room == 0 ? 16 : look->seen_room * 2;
	char **moved = look->seen;

	if (look->seen_count == look->seen_room) {
		moved = realloc(look->seen, more * sizeof(*moved));
		if (moved != NULL) {
			look->seen = moved;
			look->seen_room = more;
		}
	}
	if (moved != NULL)
		look->seen[look->seen_count] = strdup(address);
	if (moved == NULL || look->seen[look->seen_count] == NULL)
		look->page->error = MXSEL_ENOMEM;
	else
		look->seen_count++;
}

static void judge_addresses(struct lint_look *look, const struct plan *plan,
	const char *name)
{
	size_t before = look->seen_count, i;

	for (i = 0; i < plan->address_count; i++) {
		const char *address = plan->addresses[i];

		look->usable++;
		if (strchr(address, ':') != NULL)
			look->has_v6 = 1;
		else
			look->has_v4 = 1;
		if (is_seen(look, before, address))
			lint_page_add(look->page, LINT_ADDRESS_SHARED, name,
				address);
		else
			remember(look, address);
	}
}

static void judge_host(struct lint_look *look, const mxsel *m,
	const struct plan *plan, const char *destination, const char *name,
	int is_domain)
{
	struct lint_answer a, aaaa;

	if (mxsel_verdict_reason(m) == MXSEL_REASON_BAD_DESTINATION) {
		lint_page_add(look->page, LINT_MX_BAD_NAME, name, "");
		return;
	}
	if (lint_alias_is_broken(look->page, m, name)) {
		look->failed = 1;
		return;
	}
	if (!is_domain && judge_alias(look, m, destination, name))
		return;
	lint_answer_read(&a, m, "A");
	lint_answer_read(&aaaa, m, "AAAA");
	judge_answers(look, name, &a, &aaaa);
	judge_rejected(look, m, name, is_domain);
	lint_answer_ttl(look->page, &a, name, "A");
	lint_answer_ttl(look->page, &aaaa, name, "AAAA");
	judge_addresses(look, plan, name);
	if (a.records + aaaa.records > 0)
		lint_tlsa_host(look, name, lint_alias_of(m, name), plan,
			is_domain);
}

void lint_host(struct lint_look *look, const char *name, int is_domain)
{
	char destination[HOST_ROOM];
	struct plan plan;
	mxsel *m;

	snprintf(destination, sizeof(destination), "[%s]", name);
	if (lint_walk(look->page, &m, &plan, destination,
	    look->options->host) == 0)
		judge_host(look, m, &plan, destination, name, is_domain);
	plan_free(&plan);
	mxsel_free(m);
}
