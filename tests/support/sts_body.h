/*
 * MTA-STS policies for tests: the examples of RFC 8461, and what all of them
 * that are accepted have in common. May use libc, check and the public
 * headers.
 */
#ifndef TESTS_SUPPORT_STS_BODY_H
#define TESTS_SUPPORT_STS_BODY_H

#include <check.h>
#include <string.h>

#include <mxsel/security.h>

/* RFC 8461 3.2. */
#define RFC_BODY "version: STSv1\n" "mode: enforce\n" \
	"mx: mail.example.com\n" "mx: *.example.net\n" \
	"mx: backupmx.example.com\n" "max_age: 604800\n"

/* RFC 8461, A.1. */
#define RFC_APPENDIX_BODY "version: STSv1\r\n" "mode: enforce\r\n" \
	"mx: mx1.example.com\r\n" "mx: mx2.example.com\r\n" \
	"mx: mx.backup-example.com\r\n" "max_age: 1296000\r\n"

static inline int sts_body_check(const char *body)
{
	return mxsel_sts_check(body, strlen(body), NULL, NULL);
}

/* The policy of example.com, fetched in second 1000. */
static inline mxsel_sts *sts_body_policy(const char *body)
{
	mxsel_sts *policy = NULL;

	ck_assert_msg(mxsel_sts_new(&policy, "example.com", body,
		strlen(body), 1000) == MXSEL_OK, "refused: %s", body);
	return policy;
}

/* What every pattern of a policy that was accepted is. */
static inline int sts_body_pattern_is_sound(const char *pattern)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
	size_t length = strlen(pattern);
	size_t i, label = 0;

	if (length == 0 || length > 253)
		return 0;
	if (strncmp(pattern, "*.", 2) == 0)
		pattern += 2;
	for (i = 0; pattern[i] != '\0'; i++) {
		if (strchr(fine, pattern[i]) == NULL)
			return 0;
		label = pattern[i] == '.' ? 0 : label + 1;
		if (label > 63 || (pattern[i] == '.' && (i == 0 ||
			pattern[i - 1] == '.' || pattern[i + 1] == '\0')))
			return 0;
	}
	return i > 0 && pattern[0] != '-' && pattern[i - 1] != '-' &&
		strstr(pattern, ".-") == NULL &&
		strstr(pattern, "-.") == NULL;
}

/*
 * Read octets that may be anything. What is accepted has a mode, an age and
 * patterns as the standard wants them; what is not says why in a sentence.
 * The octets come in a block of their own size, so that a read beyond them
 * is seen. 1: it was accepted.
 */
static inline int sts_body_holds(const char *octets, size_t size)
{
	char *body = malloc(size == 0 ? 1 : size);
	const char *why = NULL;
	size_t line = 0, i;
	mxsel_sts *policy = NULL;
	int rc;

	ck_assert_ptr_nonnull(body);
	memcpy(body, octets, size);
	rc = mxsel_sts_check(body, size, &line, &why);
	ck_assert_int_eq(mxsel_sts_new(&policy, "example.com", body, size, 0),
		rc);
	free(body);
	if (rc != MXSEL_OK) {
		ck_assert(rc == MXSEL_ESYNTAX || rc == MXSEL_ELIMIT);
		ck_assert_ptr_nonnull(why);
		ck_assert_int_eq(why[strlen(why) - 1], '.');
		ck_assert_uint_le(line, size);
		ck_assert_ptr_null(policy);
		return 0;
	}
	ck_assert_ptr_null(why);
	ck_assert_ptr_nonnull(mxsel_sts_mode_name(mxsel_sts_mode(policy)));
	ck_assert_uint_le(mxsel_sts_max_age(policy), 31557600);
	ck_assert(mxsel_sts_mx_count(policy) > 0 ||
		mxsel_sts_mode(policy) == MXSEL_STS_NONE);
	ck_assert_uint_le(mxsel_sts_mx_count(policy), 1000);
	for (i = 0; i < mxsel_sts_mx_count(policy); i++)
		ck_assert_msg(sts_body_pattern_is_sound(
			mxsel_sts_mx(policy, i)), "%s",
			mxsel_sts_mx(policy, i));
	mxsel_sts_free(policy);
	return 1;
}

#endif
