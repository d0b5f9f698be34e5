/*
 * How a host was found, as DNSSEC sees it (R91, R93): from the answers for
 * its addresses, before they are recycled.
 */
#include "select/select.h"

#include "select/security.h"

static const struct mxsel_query *first_of(const struct mxsel_query *q)
{
	while (q->asker != NULL)
		q = q->asker;
	return q;
}

static int is_answer(const struct mxsel_query *q)
{
	return q != NULL && !mxsel__question_failed(q);
}

/* What one answer, which is not secure with an address, says of the path. */
static enum path path_by_answer(const struct mxsel_query *q, int validating)
{
	const struct mxsel_query *first = first_of(q);
	int unknown = mxsel__question_security(q) ==
		MXSEL_SECURITY_INDETERMINATE;

	/* What was secure may be made to look so: S32. */
	if (unknown && validating)
		return PATH_UNKNOWN;
	/* The alias was answered alone: RFC 7672 2.2.2. */
	if (first != q && first->security == MXSEL_SECURITY_SECURE)
		return PATH_ALIAS_SECURE;
	return !unknown && (first != q || q->aliases != NULL) ? PATH_ALIAS
	                                                      : PATH_INSECURE;
}

/* The path of a host no family of which is secure: the one that asks most. */
static enum path path_without_security(const struct mxsel *m,
	const struct host *host)
{
	enum path path = PATH_INSECURE, by;
	int family, validating = mxsel__dane_is_validating(m);

	for (family = 0; family < 2; family++)
		if (is_answer(host->asked[family]))
			validating |= mxsel__security_is_told(
				mxsel__question_security(host->asked[family]));
	for (family = 0; family < 2; family++) {
		if (!is_answer(host->asked[family]))
			continue;
		by = path_by_answer(host->asked[family], validating);
		if (by == PATH_UNKNOWN || path == PATH_INSECURE ||
			(by == PATH_ALIAS_SECURE && path == PATH_ALIAS))
			path = by;
	}
	return path;
}

void mxsel__dane_note(const struct mxsel *m, struct host *host)
{
	const struct mxsel_query *q;
	const char *name;
	int family;

	for (family = 0; family < 2; family++) {
		q = host->asked[family];
		/* Either family is enough (R93), if any of it can be used
		   (R64). */
		if (is_answer(q) && (q->kept > 0 || q->cut) &&
			mxsel__question_security(q) ==
			MXSEL_SECURITY_SECURE) {
			host->path = PATH_SECURE;
			name = mxsel__question_expanded(q);
			host->canonical = name == NULL ? host->name : name;
			return;
		}
	}
	host->path = (unsigned)path_without_security(m, host) & 7u;
}
