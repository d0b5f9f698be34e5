/*
 * Lines about how securely a host must be reached: what the message and the
 * domain ask for, TLS for the attempt, TLSA records, names, the TLS report
 * (R90-R97); and what must be so of them at any attempt. May use
 * <mxsel/security.h> only.
 */
#include "scenarios/play.h"

#include <stdio.h>
#include <string.h>

#define BODY_ROOM 65536
#define FETCHED 1000000u /* when any policy was fetched */

/* --- before the first attempt -------------------------------------------- */

static const char *option_value(const struct play *p, const char *name)
{
	const struct text_line *l;
	size_t length = strlen(name);

	for (l = p->s->options; l != NULL; l = l->next) {
		const char *text = l->text + strspn(l->text, " \t");

		if (strncmp(text, name, length) == 0 &&
			(text[length] == '\0' || text[length] == ' '))
			return text + length + strspn(text + length, " ");
	}
	return NULL;
}

/* The lines of the section are the lines of the body. */
static size_t policy_body(const struct play *p, char *out)
{
	const struct text_line *l;
	size_t size = 0, length;

	for (l = p->s->policy; l != NULL; l = l->next) {
		length = strlen(l->text);
		if (size + length + 1 > BODY_ROOM)
			break;
		memcpy(out + size, l->text, length);
		size += length;
		out[size++] = '\n';
	}
	return size;
}

static int give_policy(struct play *p)
{
	static char body[BODY_ROOM];
	const char *domain = p->s->policy_domain, *age, *why;
	size_t size = policy_body(p, body), line;
	unsigned long long seconds = 0;
	int rc;

	if (domain == NULL)
		domain = mxsel_original_domain(p->m);
	age = option_value(p, "policy-age");
	if (age != NULL && word_number(age, UINT32_MAX, &seconds) != 0)
		return play_fail(p, "policy-age wants seconds");
	rc = mxsel_sts_new(&p->sts, domain, body, size, FETCHED);
	if (rc != MXSEL_OK && mxsel_sts_check(body, size, &line, &why) !=
		MXSEL_OK)
		return play_fail(p, "policy, line %zu: %s", line, why);
	if (rc != MXSEL_OK)
		return play_fail(p, "policy of \"%s\": %s", domain,
			mxsel_strerror(rc));
	p->policy = mxsel_set_sts(p->m, p->sts, FETCHED + seconds);
	return 0;
}

static int expects_policy(const struct play *p)
{
	const struct text_line *l;

	for (l = p->s->expect; l != NULL; l = l->next)
		if (strncmp(l->text + strspn(l->text, " \t"), "policy ", 7) ==
			0)
			return 1;
	return 0;
}

int play_secure(struct play *p)
{
	if (option_value(p, "requiretls") != NULL)
		p->tls = MXSEL_TLS_REQUIRED;
	else if (option_value(p, "tls-optional") != NULL)
		p->tls = MXSEL_TLS_OPTIONAL;
	if (p->tls != MXSEL_TLS_BY_POLICY &&
		mxsel_set_tls(p->m, p->tls) != MXSEL_OK)
		return play_fail(p, "mxsel_set_tls() failed");
	p->by_name = p->dane || p->s->policy != NULL;
	if (mxsel_tls(p->m) != p->tls)
		return play_fail(p, "mxsel_tls() says something else");
	if (p->s->policy != NULL && give_policy(p) != 0)
		return 1;
	if (p->policy != MXSEL_OK && !expects_policy(p))
		return play_fail(p, "mxsel_set_sts() says: %s",
			mxsel_strerror(p->policy));
	return 0;
}

/* --- what must be so at any attempt -------------------------------------- */

static int hold_tlsa(struct play *p, size_t i)
{
	static const size_t digests[] = { 0, 32, 64 };
	int usage, selector, matching;
	const uint8_t *data;
	size_t length;

	if (mxsel_tlsa(p->m, i, &usage, &selector, &matching, &data,
		&length) != MXSEL_OK)
		return play_fail(p, "TLSA record %zu is not there", i);
	/* RFC 7672 3.1 */
	if (usage < 2 || usage > 3 || selector < 0 || selector > 1 ||
		matching < 0 || matching > 2 || data == NULL || length == 0 ||
		(matching > 0 && length != digests[matching]))
		return play_fail(p, "TLSA %d %d %d of %zu octets is usable",
			usage, selector, matching, length);
	return 0;
}

static int hold_names(struct play *p)
{
	size_t count = mxsel_tls_identity_count(p->m), i;

	if (mxsel_tls_name(p->m) == NULL)
		return play_fail(p, "there is no name for TLS");
	if (count == 0 || mxsel_tls_identity(p->m, count) != NULL)
		return play_fail(p, "%zu names are good for TLS", count);
	for (i = 0; i < count; i++)
		if (mxsel_tls_identity(p->m, i) == NULL)
			return play_fail(p, "name %zu is not there", i);
	return 0;
}

/* Nothing makes it weaker than what is known (R92, R96). */
static int hold_strength(struct play *p)
{
	int posture = mxsel_posture(p->m), dane = mxsel_dane(p->m);
	size_t count = mxsel_tlsa_count(p->m);

	if (dane == MXSEL_DANE_TEMPORARY)
		return play_fail(p, "its TLSA records failed, and it is tried");
	if ((dane == MXSEL_DANE_RECORDS) != (count > 0))
		return play_fail(p, "DANE is %d with %zu TLSA records", dane,
			count);
	if ((dane == MXSEL_DANE_NONE) != (mxsel_tlsa_base(p->m)[0] == '\0'))
		return play_fail(p, "TLSA records are at \"%s\"",
			mxsel_tlsa_base(p->m));
	if (dane != MXSEL_DANE_NONE && (posture < MXSEL_POSTURE_ENCRYPT ||
		!p->dane || p->tls == MXSEL_TLS_OPTIONAL))
		return play_fail(p, "TLSA records and posture %s",
			mxsel_posture_name(posture));
	if (posture == MXSEL_POSTURE_DANE && dane != MXSEL_DANE_RECORDS)
		return play_fail(p, "DANE without TLSA records");
	if (p->tls == MXSEL_TLS_REQUIRED && posture < MXSEL_POSTURE_PKIX)
		return play_fail(p, "TLS is required, and the posture is %s",
			mxsel_posture_name(posture));
	return 0;
}

/* No host is reached that an enforced policy does not list (R95). */
static int hold_policy(struct play *p)
{
	int source = mxsel_host_source(p->m);

	if (p->policy != MXSEL_OK || p->tls == MXSEL_TLS_OPTIONAL ||
		mxsel_sts_mode(p->sts) != MXSEL_STS_ENFORCE ||
		(source != MXSEL_SOURCE_MX && source != MXSEL_SOURCE_IMPLICIT))
		return 0;
	if (!mxsel_sts_matches(p->sts, mxsel_host_name(p->m)))
		return play_fail(p, "the policy does not list %s",
			mxsel_host_name(p->m));
	return mxsel_posture(p->m) >= MXSEL_POSTURE_PKIX ? 0
		: play_fail(p, "the policy asks for more");
}

int hold_security(struct play *p)
{
	int reason = mxsel_posture_reason(p->m);
	size_t count = mxsel_tlsa_count(p->m), i;

	if (mxsel_posture(p->m) <= MXSEL_POSTURE_NONE ||
		mxsel_posture_name(mxsel_posture(p->m)) == NULL)
		return play_fail(p, "the posture is %d", mxsel_posture(p->m));
	if (mxsel_posture_reason_name(reason) == NULL ||
		mxsel_posture_rule(reason) == NULL)
		return play_fail(p, "the posture's reason is %d", reason);
	if (mxsel_tlsrpt_policy_name(mxsel_tlsrpt_policy(p->m)) == NULL)
		return play_fail(p, "no policy type rules the attempt");
	for (i = 0; i < count; i++)
		if (hold_tlsa(p, i) != 0)
			return 1;
	if (mxsel_tlsa(p->m, count, NULL, NULL, NULL, NULL, NULL) !=
		MXSEL_ERANGE)
		return play_fail(p, "there is one more TLSA record");
	return hold_strength(p) != 0 || hold_policy(p) != 0 ||
		hold_names(p) != 0;
}

int hold_no_security(struct play *p)
{
	if (mxsel_posture(p->m) != MXSEL_POSTURE_NONE ||
		mxsel_posture_reason(p->m) != 0 ||
		mxsel_tls_name(p->m) != NULL ||
		mxsel_tls_identity_count(p->m) != 0 ||
		mxsel_tls_identity(p->m, 0) != NULL ||
		mxsel_tlsa_count(p->m) != 0)
		return play_fail(p, "there is TLS for no attempt");
	return 0;
}

/* --- lines --------------------------------------------------------------- */

static const char *dane_name(const struct play *p)
{
	const char *name = mxsel_dane_name(mxsel_dane(p->m));

	return name == NULL ? "?" : name;
}

static const char *result_name(int result)
{
	return result == MXSEL_TLSRPT_SUCCESS ? "success"
		: mxsel_tlsrpt_result_name(result);
}

/* "posture POSTURE REASON" */
int check_posture(struct play *p, char *words[], size_t n)
{
	const char *posture = mxsel_posture_name(mxsel_posture(p->m));
	const char *reason = mxsel_posture_reason_name(
		mxsel_posture_reason(p->m));

	if (n < 3)
		return play_fail(p, "posture wants POSTURE REASON");
	if (strcmp(words[1], posture) == 0 && strcmp(words[2], reason) == 0)
		return 0;
	return play_fail(p, "expected posture %s %s, got %s %s", words[1],
		words[2], posture, reason);
}

static int same(struct play *p, const char *what, const char *want,
	const char *got)
{
	if (got == NULL || got[0] == '\0')
		got = "nothing";
	return strcmp(want, got) == 0 ? 0 : play_fail(p,
		"expected %s \"%s\", got \"%s\"", what, want, got);
}

static int check_identities(struct play *p, char *words[], size_t n)
{
	size_t count = mxsel_tls_identity_count(p->m), i;

	for (i = 0; i < count && i + 1 < n; i++)
		if (same(p, "identity", words[i + 1],
			mxsel_tls_identity(p->m, i)) != 0)
			return 1;
	return count + 1 == n ? 0 : play_fail(p, "there are %zu identities",
		count);
}

/* Does a record say "USAGE SELECTOR MATCHING [DATA]"? */
static int is_tlsa(const struct play *p, size_t i, char *words[], size_t n)
{
	static uint8_t octets[OCTETS_MAX];
	int usage, selector, matching;
	const uint8_t *data;
	size_t length, want;
	char got[40];

	mxsel_tlsa(p->m, i, &usage, &selector, &matching, &data, &length);
	snprintf(got, sizeof(got), "%d", usage);
	if (strcmp(got, words[1]) != 0)
		return 0;
	snprintf(got, sizeof(got), "%d", selector);
	if (strcmp(got, words[2]) != 0)
		return 0;
	snprintf(got, sizeof(got), "%d", matching);
	if (strcmp(got, words[3]) != 0)
		return 0;
	return n < 5 || (word_octets(words[4], octets, sizeof(octets),
		&want) == 0 && want == length &&
		memcmp(data, octets, length) == 0);
}

/* Consecutive lines name all records that can be used, in any order. */
static int check_tlsa(struct play *p)
{
	char line[2 * NAME_ROOM], *words[WORDS_MAX], met[256];
	const struct text_line *l;
	size_t count = mxsel_tlsa_count(p->m), named = 0, i, n;

	memset(met, 0, sizeof(met));
	for (l = p->at; l != NULL; l = l->next, named++) {
		snprintf(line, sizeof(line), "%s", l->text);
		n = split_words(line, words);
		if (strcmp(words[0], "tlsa") != 0)
			break;
		p->at = l;
		if (n == 2 && strcmp(words[1], "nothing") == 0)
			return count == 0 ? 0 : play_fail(p,
				"%zu TLSA records can be used", count);
		if (n < 4)
			return play_fail(p, "tlsa wants three numbers");
		for (i = 0; i < count && i < sizeof(met); i++)
			if (!met[i] && is_tlsa(p, i, words, n))
				break;
		if (i == count)
			return play_fail(p, "no TLSA record says that");
		met[i] = 1;
	}
	return named == count ? 0 : play_fail(p,
		"%zu TLSA records can be used", count);
}

static int step_report_tls(struct play *p, const char *word)
{
	int result, rc;

	for (result = 0; result_name(result) != NULL; result++)
		if (strcmp(result_name(result), word) == 0)
			break;
	rc = mxsel_report_tls(p->m, result);
	play_tell(p, "report-tls %s: %d\n", word, rc);
	return rc == MXSEL_OK ? 0 : play_fail(p, "mxsel_report_tls() says: %s",
		mxsel_strerror(rc));
}

/* The next line of the TLS report. */
static int check_report_line(struct play *p, char *words[], size_t n)
{
	const char *host, *address;
	char got[2 * NAME_ROOM], want[2 * NAME_ROOM];
	int policy, result;

	if (n == 2 && strcmp(words[1], "nothing") == 0)
		return mxsel_tlsrpt_count(p->m) == 0 ? 0 : play_fail(p,
			"%zu lines are in the TLS report",
			mxsel_tlsrpt_count(p->m));
	if (n < 4)
		return play_fail(p, "tlsrpt wants HOST POLICY RESULT");
	if (mxsel_tlsrpt(p->m, p->tls_line++, &host, &address, &policy,
		&result) != MXSEL_OK)
		return play_fail(p, "the TLS report has no more lines");
	snprintf(want, sizeof(want), "%s %s %s %s", words[1], words[2],
		words[3], n > 4 ? words[4] : "");
	snprintf(got, sizeof(got), "%s %s %s %s", host,
		mxsel_tlsrpt_policy_name(policy), result_name(result),
		n == 4 ? "" : address[0] == '\0' ? "-" : address);
	return same(p, "line of the TLS report", want, got);
}

/* Lines of the TLS report name all there are, or none. */
int check_all_reported(struct play *p)
{
	size_t count = mxsel_tlsrpt_count(p->m);

	if (p->tls_line == 0 || p->tls_line == count)
		return 0;
	return play_fail(p, "%zu lines are in the TLS report, %zu are named",
		count, p->tls_line);
}

static int check_policy(struct play *p, const char *want)
{
	return same(p, "policy", want, p->policy == MXSEL_OK ? "used"
		: p->policy == MXSEL_ERANGE ? "expired"
		: p->policy == MXSEL_EMISMATCH ? "of-another-domain"
		: mxsel_strerror(p->policy));
}

int check_security(struct play *p, char *words[], size_t n, int *failed)
{
	const char *key = words[0];

	*failed = 0;
	if (strcmp(key, "tlsa") == 0)
		*failed = check_tlsa(p);
	else if (strcmp(key, "identities") == 0)
		*failed = check_identities(p, words, n);
	else if (strcmp(key, "tlsrpt") == 0)
		*failed = check_report_line(p, words, n);
	else if (n != 2)
		return 0;
	else if (strcmp(key, "sni") == 0)
		*failed = same(p, key, words[1], mxsel_tls_name(p->m));
	else if (strcmp(key, "dane") == 0)
		*failed = same(p, key, words[1], dane_name(p));
	else if (strcmp(key, "tlsa-base") == 0)
		*failed = same(p, key, words[1], mxsel_tlsa_base(p->m));
	else if (strcmp(key, "policy") == 0)
		*failed = check_policy(p, words[1]);
	else if (strcmp(key, "policy-type") == 0)
		*failed = same(p, key, words[1], mxsel_tlsrpt_policy_name(
			mxsel_tlsrpt_policy(p->m)));
	else if (strcmp(key, "report-tls") == 0)
		*failed = step_report_tls(p, words[1]);
	else
		return 0;
	return 1;
}

/* --- to be compared between ways ----------------------------------------- */

void tell_security(struct play *p)
{
	int usage, selector, matching;
	size_t i, length;

	play_tell(p, "posture %d %d %d %s|%s|", mxsel_posture(p->m),
		mxsel_posture_reason(p->m), mxsel_tlsrpt_policy(p->m),
		mxsel_tls_name(p->m), mxsel_tlsa_base(p->m));
	for (i = 0; i < mxsel_tls_identity_count(p->m); i++)
		play_tell(p, " %s", mxsel_tls_identity(p->m, i));
	for (i = 0; i < mxsel_tlsa_count(p->m); i++) {
		mxsel_tlsa(p->m, i, &usage, &selector, &matching, NULL,
			&length);
		play_tell(p, " (%d %d %d %zu)", usage, selector, matching,
			length);
	}
	play_tell(p, "\n");
}

void tell_tls_report(struct play *p)
{
	const char *host, *address;
	int policy, result;
	size_t i;

	for (i = 0; i < mxsel_tlsrpt_count(p->m); i++) {
		mxsel_tlsrpt(p->m, i, &host, &address, &policy, &result);
		play_tell(p, "tlsrpt %s %s %d %d\n", host, address, policy,
			result);
	}
}
