/*
 * Which TLSA records can be used (RFC 7672 3.1), and an order of them that
 * does not depend on how they came. Pure. May use base and name.
 */
#include "policy/tlsa.h"

#include <string.h>

int mxsel__tlsa_is_usable(const struct mxsel__tlsa *tlsa)
{
	/* PKIX-TA and PKIX-EE need authorities that no mail server is bound
	 * to (RFC 7672 3.1.3); what is unknown cannot be matched. */
	if ((tlsa->usage != 2 && tlsa->usage != 3) || tlsa->selector > 1)
		return 0;
	switch (tlsa->matching) {
	case 0:
		return tlsa->length > 0;
	case 1: /* SHA-256 */
		return tlsa->length == 32;
	case 2: /* SHA-512 */
		return tlsa->length == 64;
	default:
		return 0;
	}
}

int mxsel__tlsa_compare(const struct mxsel__tlsa *a,
	const struct mxsel__tlsa *b)
{
	size_t shorter = a->length < b->length ? a->length : b->length;
	int rc = (b->usage > a->usage) - (b->usage < a->usage);

	if (rc == 0)
		rc = (a->selector > b->selector) - (a->selector < b->selector);
	if (rc == 0)
		rc = (a->matching > b->matching) - (a->matching < b->matching);
	if (rc == 0 && shorter > 0)
		rc = memcmp(a->data, b->data, shorter);
	if (rc == 0)
		rc = (a->length > b->length) - (a->length < b->length);
	return rc;
}
