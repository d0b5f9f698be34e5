/*
 * A domain's MTA-STS policy against its exchanges, where somebody gave one.
 * May use the public headers.
 */
#include "lint_look.h"

#include <stdio.h>
#include <string.h>

#include <mxsel/security.h>

/* Is this entry of the list an exchange that senders could try? */
static int is_exchange(int reject)
{
	return reject != MXSEL_REJECT_NULL && reject != MXSEL_REJECT_DUPLICATE;
}

/* How many exchanges the policy permits, and how many not. */
static void count(const mxsel_sts *policy, const mxsel *m, size_t *permitted,
	size_t *others)
{
	const char *name;
	int reject;
	size_t i;

	*permitted = *others = 0;
	for (i = 0; mxsel_rejected(m, i, &reject, NULL, &name) == 0; i++) {
		if (!is_exchange(reject))
			continue;
		if (mxsel_sts_matches(policy, name))
			++*permitted;
		else
			++*others;
	}
}

static void judge_exchanges(struct lint_look *look, const mxsel_sts *policy,
	const mxsel *m)
{
	size_t permitted, others, i;
	const char *name;
	int reject;

	count(policy, m, &permitted, &others);
	if (permitted == 0 && others > 0)
		lint_page_add(look->page, LINT_STS_NONE_PERMITTED,
			mxsel_domain(m), "");
	for (i = 0; permitted > 0 && mxsel_rejected(m, i, &reject, NULL,
			&name) == 0; i++)
		if (is_exchange(reject) && !mxsel_sts_matches(policy, name))
			lint_page_add(look->page, LINT_STS_NOT_PERMITTED,
				name, "");
}

/* What the policy says of itself. */
static void judge_policy(struct lint_look *look, const mxsel_sts *policy,
	const char *domain)
{
	unsigned long kept = mxsel_sts_max_age(policy);
	int mode = mxsel_sts_mode(policy);
	char number[24];

	if (mode != MXSEL_STS_ENFORCE)
		lint_page_add(look->page, LINT_STS_NOT_ENFORCED, domain,
			mxsel_sts_mode_name(mode));
	/* One that is taken back is kept briefly (RFC 8461 8.3). */
	if (mode == MXSEL_STS_NONE || kept >= LINT_STS_LEAST)
		return;
	snprintf(number, sizeof(number), "%lu", kept);
	lint_page_add(look->page, LINT_STS_SHORT, domain, number);
}

void lint_sts(struct lint_look *look, const mxsel *m, int has_mx)
{
	const char *domain = mxsel_original_domain(m);
	mxsel_sts *policy;
	int r = security_policy(look->options->security, &policy, domain);

	if (r != 0)
		look->page->error = r;
	if (policy == NULL)
		return;
	judge_policy(look, policy, domain);
	if (mxsel_sts_mode(policy) == MXSEL_STS_NONE)
		; /* it permits everything */
	else if (has_mx)
		judge_exchanges(look, policy, m);
	else if (!mxsel_sts_matches(policy, mxsel_domain(m)))
		lint_page_add(look->page, LINT_STS_NONE_PERMITTED,
			mxsel_domain(m), "");
	mxsel_sts_free(policy);
}
