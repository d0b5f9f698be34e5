/*
 * Recognises ourselves among a domain's exchanges: handing mail to ourselves
 * is a loop (RFC 5321 5.1). May use base and name.
 */
#include "policy/self.h"

#include "name/name.h"

int mxsel__self_is_name(const char *const *names, size_t count,
	const char *name)
{
	size_t i;

	/* RFC 6761 6.3: whoever says localhost means the one who asks. */
	if (mxsel__name_special(name) == MXSEL__SPECIAL_LOCALHOST)
		return 1;
	for (i = 0; i < count; i++) {
		if (mxsel__name_equal(names[i], name))
			return 1;
	}
	return 0;
}

int mxsel__self_is_address(const struct mxsel__address *own, size_t count,
	const struct mxsel__filter *f, const struct mxsel__address *address)
{
	struct mxsel__address meant;
	size_t i;

	/* RFC 1122 3.2.1.3: "this host on this network". */
	if (mxsel__filter_is_unspecified(f, address))
		return 1;
	meant = mxsel__filter_meant(f, address);
	for (i = 0; i < count; i++) {
		struct mxsel__address ours = mxsel__filter_meant(f, &own[i]);

		if (mxsel__address_equal(&ours, &meant))
			return 1;
	}
	return 0;
}

/*
 * Only the last '*' met is ever tried again, one octet further on: what
 * stood before it matched already, and as early as it could. So the work is
 * at most pattern times name.
 */
int mxsel__pattern_matches(const char *pattern, const char *name)
{
	const char *star = NULL;
	const char *resume = name;

	while (*name != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			resume = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star != NULL) {
			pattern = star;
			name = ++resume;
		} else {
			return 0;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}
