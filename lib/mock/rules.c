/*
 * What a mock was told to do with names: failures, security, delays, bad
 * manners. A rule for the type asked goes before one for every type. May use
 * the public headers and libc.
 */
#include "mock/script.h"

#include <stdlib.h>

static struct mxsel__mock_rule *find_rule(
	const mxsel_mock *mock, const char *name, uint16_t type)
{
	struct mxsel__mock_rule *rule = mock->rules;

	while (rule != NULL &&
		(rule->type != type || !mxsel__mock_name_is(rule->name, name)))
		rule = rule->next;
	return rule;
}

/* The rule for name and type, made if need be. */
static int get_rule(mxsel_mock *mock, const char *name, uint16_t type,
	struct mxsel__mock_rule **out)
{
	struct mxsel__mock_rule *rule = find_rule(mock, name, type);

	if (rule == NULL) {
		rule = malloc(sizeof(*rule) + mxsel__mock_name_size(name));
		if (rule == NULL)
			return MXSEL_ENOMEM;
		rule->outcome = -1;
		rule->security = -1;
		rule->delay = -1;
		rule->misbehave = 0;
		rule->type = type;
		mxsel__mock_name_fold(rule->name, name);
		rule->next = mock->rules;
		mock->rules = rule;
	}
	*out = rule;
	return MXSEL_OK;
}

int mxsel_mock_fail(
	mxsel_mock *mock, const char *name, uint16_t type, int outcome)
{
	struct mxsel__mock_rule *rule;
	int result;

	if (mock == NULL || name == NULL)
		return MXSEL_EUSAGE;
	if (outcome < MXSEL_DNS_COMPLETE || outcome > MXSEL_DNS_REFERRAL)
		return MXSEL_ERANGE;
	result = get_rule(mock, name, type, &rule);
	if (result == MXSEL_OK)
		rule->outcome = outcome;
	return result;
}

int mxsel_mock_secure(
	mxsel_mock *mock, const char *name, uint16_t type, int security)
{
	struct mxsel__mock_rule *rule;
	int result;

	if (mock == NULL || name == NULL)
		return MXSEL_EUSAGE;
	if (security < MXSEL_SECURITY_INDETERMINATE ||
		security > MXSEL_SECURITY_BOGUS)
		return MXSEL_ERANGE;
	result = get_rule(mock, name, type, &rule);
	if (result == MXSEL_OK)
		rule->security = security;
	return result;
}

int mxsel_mock_delay(mxsel_mock *mock, const char *name, uint16_t type,
	uint32_t milliseconds)
{
	struct mxsel__mock_rule *rule;
	int result;

	if (mock == NULL || name == NULL)
		return MXSEL_EUSAGE;
	result = get_rule(mock, name, type, &rule);
	if (result == MXSEL_OK)
		rule->delay = milliseconds;
	return result;
}

int mxsel_mock_misbehave(
	mxsel_mock *mock, const char *name, uint16_t type, int how)
{
	struct mxsel__mock_rule *rule;
	int result;

	if (mock == NULL || name == NULL)
		return MXSEL_EUSAGE;
	if (how < MXSEL_MOCK_NEVER || how > MXSEL_MOCK_LATE)
		return MXSEL_ERANGE;
	result = get_rule(mock, name, type, &rule);
	if (result == MXSEL_OK)
		rule->misbehave = how;
	return result;
}

int mxsel__mock_outcome(const mxsel_mock *mock, const char *name, uint16_t type)
{
	const struct mxsel__mock_rule *one = find_rule(mock, name, type);
	const struct mxsel__mock_rule *all = find_rule(mock, name, 0);

	if (one != NULL && one->outcome >= 0)
		return one->outcome;
	return all != NULL && all->outcome >= 0 ? all->outcome
	                                        : MXSEL_DNS_COMPLETE;
}

int mxsel__mock_security(
	const mxsel_mock *mock, const char *name, uint16_t type)
{
	const struct mxsel__mock_rule *one = find_rule(mock, name, type);
	const struct mxsel__mock_rule *all = find_rule(mock, name, 0);

	if (one != NULL && one->security >= 0)
		return one->security;
	return all != NULL && all->security >= 0 ? all->security
	                                         : MXSEL_SECURITY_INDETERMINATE;
}

uint32_t mxsel__mock_delay(
	const mxsel_mock *mock, const char *name, uint16_t type)
{
	const struct mxsel__mock_rule *one = find_rule(mock, name, type);
	const struct mxsel__mock_rule *all = find_rule(mock, name, 0);

	if (one != NULL && one->delay >= 0)
		return (uint32_t)one->delay;
	return all != NULL && all->delay >= 0 ? (uint32_t)all->delay : 0;
}

int mxsel__mock_manners(const mxsel_mock *mock, const char *name, uint16_t type)
{
	const struct mxsel__mock_rule *one = find_rule(mock, name, type);
	const struct mxsel__mock_rule *all = find_rule(mock, name, 0);

	if (one != NULL && one->misbehave != 0)
		return one->misbehave;
	return all != NULL ? all->misbehave : 0;
}
