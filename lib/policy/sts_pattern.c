/*
 * The mx patterns of an MTA-STS policy: what is one (RFC 8461 3.2), and which
 * hosts it is for (4.1). Pure. May use base and name.
 */
#include "policy/sts.h"

#include <string.h>

static const char *fault_of_octet(char c)
{
	if (c == '*')
		return "In an mx pattern \"*\" may only be the whole first "
			"label.";
	if ((unsigned char)c >= 0x80) /* RFC 8461 3.2 */
		return "An mx pattern is not written in A-labels.";
	return "An mx pattern holds what is no letter, digit, hyphen or dot.";
}

/*
 * RFC 5321 4.1.2: Domain = sub-domain *("." sub-domain), where a sub-domain
 * begins and ends with a letter or digit and has hyphens between them. The
 * final dot of master files is not in it, nor is "_".
 */
static const char *fault_of_domain(const char *name, size_t length)
{
	char before = '.';
	size_t i;

	for (i = 0; i <= length; i++) {
		char c = i < length ? name[i] : '.';

		if (c == '.' && before == '.')
			return i < length || i == 0
				? "An mx pattern has an empty label."
				: "An mx pattern ends with a dot.";
		if ((c == '-' && before == '.') || (c == '.' && before == '-'))
			return "In an mx pattern a label begins or ends with "
				"a hyphen.";
		if (c != '.' && c != '-' && !mxsel__sts_is_alphanumeric(c))
			return fault_of_octet(c);
		before = c;
	}
	return NULL;
}

/*
 * sts-policy-mx-value = ["*."] Domain. The star counts as a label of one
 * octet, so that some host can match.
 */
const char *mxsel__sts_pattern(char out[MXSEL__STS_PATTERN_SIZE],
	size_t *length, const char *text, size_t size)
{
	size_t star = 0;
	enum mxsel__name_kind kind;
	const char *fault;

	if (size >= 2 && memcmp(text, "*.", 2) == 0) {
		star = 2;
		memcpy(out, "*.", 2);
	}
	kind = mxsel__name_parse(out + star, length, text + star, size - star);
	/* RFC 8461 4.1 compares with names of hosts. */
	if (kind == MXSEL__NAME_ADDRESS)
		return "An mx pattern is an address.";
	fault = fault_of_domain(text + star, size - star);
	if (fault != NULL)
		return fault;
	*length += star;
	if (kind != MXSEL__NAME_GOOD || *length > MXSEL__NAME_MAX)
		return "An mx pattern, or a label of it, is too long.";
	return NULL;
}

/*
 * RFC 8461 4.1: the star stands for the whole of the first label and for
 * nothing else. Names of hosts hold no escaped dot.
 */
int mxsel__sts_pattern_matches(const char *pattern, const char *host)
{
	const char *dot;

	if (pattern[0] != '*')
		return strcmp(pattern, host) == 0;
	dot = strchr(host, '.');
	return dot != NULL && strcmp(pattern + 1, dot) == 0;
}
