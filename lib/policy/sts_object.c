/*
 * The MTA-STS policy object: one block of memory that never changes but for
 * the count of its owners, so that threads share it without a lock. May use
 * base and name.
 */
#include "policy/sts.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "name/name.h"

/* After the starts come the domain and the patterns, each with its NUL. */
struct mxsel_sts {
	/* Itself: who may only read it still counts as an owner. */
	struct mxsel_sts *self;
	struct mxsel__allocator allocator;
	uint64_t expires;
	atomic_uint owners;
	uint32_t max_age;
	int mode;
	uint32_t mx_count;
	char *domain;
	uint32_t starts[]; /* of patterns, from domain */
};

static struct mxsel_sts *allocate(const struct mxsel__allocator *allocator,
	const struct mxsel__sts_body *read, size_t domain_size)
{
	size_t head = offsetof(struct mxsel_sts, starts) +
		read->mx_count * sizeof(uint32_t);
	struct mxsel_sts *policy = mxsel__alloc(allocator,
		head + domain_size + read->mx_octets);

	if (policy == NULL)
		return NULL;
	policy->self = policy;
	policy->allocator = *allocator;
	atomic_init(&policy->owners, 1);
	policy->mode = read->mode;
	policy->max_age = read->max_age;
	policy->mx_count = (uint32_t)read->mx_count;
	policy->domain = (char *)policy + head;
	return policy;
}

static void find_starts(struct mxsel_sts *policy, size_t at)
{
	uint32_t i;

	for (i = 0; i < policy->mx_count; i++) {
		policy->starts[i] = (uint32_t)at;
		at += strlen(policy->domain + at) + 1;
	}
}

/* A second beyond all others is the last one. */
static uint64_t add(uint64_t second, uint32_t age)
{
	return second > UINT64_MAX - age ? UINT64_MAX : second + age;
}

int mxsel__sts_make(mxsel_sts **out, const struct mxsel__allocator *allocator,
	const char *domain, const char *body, size_t size, uint64_t fetched)
{
	char name[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__sts_body read;
	struct mxsel_sts *policy;
	size_t length;
	int rc;

	if (out == NULL || domain == NULL || body == NULL)
		return MXSEL_EUSAGE;
	if (mxsel__name_parse(name, &length, domain, strlen(domain)) !=
		MXSEL__NAME_GOOD)
		return MXSEL_ESYNTAX;
	rc = mxsel__sts_read(&read, body, size, NULL);
	if (rc != MXSEL_OK)
		return rc;
	policy = allocate(allocator, &read, length + 1);
	if (policy == NULL)
		return MXSEL_ENOMEM;
	policy->expires = add(fetched, read.max_age);
	memcpy(policy->domain, name, length + 1);
	(void)mxsel__sts_read(&read, body, size, policy->domain + length + 1);
	find_starts(policy, length + 1);
	*out = policy;
	return MXSEL_OK;
}

int mxsel_sts_new(mxsel_sts **out, const char *domain, const char *body,
	size_t size, uint64_t fetched)
{
	return mxsel__sts_make(out, &mxsel__malloc, domain, body, size,
		fetched);
}

const mxsel_sts *mxsel__sts_hold(const mxsel_sts *policy)
{
	if (policy != NULL)
		atomic_fetch_add(&policy->self->owners, 1);
	return policy;
}

void mxsel_sts_free(mxsel_sts *policy)
{
	struct mxsel__allocator allocator;

	if (policy == NULL || atomic_fetch_sub(&policy->owners, 1) != 1)
		return;
	allocator = policy->allocator;
	mxsel__release(&allocator, policy);
}

void mxsel__sts_release(const mxsel_sts *policy)
{
	if (policy != NULL)
		mxsel_sts_free(policy->self);
}

/* ---------------------------------------------------------------- accessors */

const char *mxsel_sts_domain(const mxsel_sts *policy)
{
	return policy == NULL ? "" : policy->domain;
}

int mxsel_sts_mode(const mxsel_sts *policy)
{
	return policy == NULL ? MXSEL_STS_NONE : policy->mode;
}

const char *mxsel_sts_mode_name(int mode)
{
	static const char *const names[] = {
		[MXSEL_STS_NONE] = "none",
		[MXSEL_STS_TESTING] = "testing",
		[MXSEL_STS_ENFORCE] = "enforce",
	};

	return mode >= 0 && mode <= MXSEL_STS_ENFORCE ? names[mode] : NULL;
}

uint32_t mxsel_sts_max_age(const mxsel_sts *policy)
{
	return policy == NULL ? 0 : policy->max_age;
}

uint64_t mxsel_sts_expires(const mxsel_sts *policy)
{
	return policy == NULL ? 0 : policy->expires;
}

size_t mxsel_sts_mx_count(const mxsel_sts *policy)
{
	return policy == NULL ? 0 : policy->mx_count;
}

const char *mxsel_sts_mx(const mxsel_sts *policy, size_t index)
{
	if (policy == NULL || index >= policy->mx_count)
		return NULL;
	return policy->domain + policy->starts[index];
}

int mxsel_sts_matches(const mxsel_sts *policy, const char *host)
{
	char name[MXSEL__NAME_TEXT_SIZE];
	size_t length, i;

	if (policy == NULL || host == NULL ||
		mxsel__name_parse(name, &length, host, strlen(host)) !=
		MXSEL__NAME_GOOD)
		return 0;
	for (i = 0; i < policy->mx_count; i++) {
		if (mxsel__sts_pattern_matches(mxsel_sts_mx(policy, i), name))
			return 1;
	}
	return 0;
}
