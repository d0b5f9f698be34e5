/*
 * The chain of aliases of a message as ldns has read it: a second opinion on
 * where it ends. May use ldns.
 */
#ifndef TESTS_SUPPORT_LDNS_ALIAS_H
#define TESTS_SUPPORT_LDNS_ALIAS_H

#include <ldns/ldns.h>

/* The target of name's CNAMEs; NULL without one; *split: they differ. */
static inline ldns_rdf *target_of(const ldns_pkt *pkt,
	const ldns_rdf *name, int *split, unsigned *ttl)
{
	ldns_rr_list *list = ldns_pkt_answer(pkt);
	ldns_rdf *target = NULL;
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(list); i++) {
		ldns_rr *rr = ldns_rr_list_rr(list, i);

		if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_CNAME ||
			ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN ||
			ldns_dname_compare(ldns_rr_owner(rr), name) != 0)
			continue;
		if (target != NULL && ldns_dname_compare(target,
				ldns_rr_rdf(rr, 0)) != 0)
			*split = 1;
		target = ldns_rr_rdf(rr, 0);
		if (ldns_rr_ttl(rr) > 0x7fffffff)
			*ttl = 0;
		else if (ldns_rr_ttl(rr) < *ttl)
			*ttl = ldns_rr_ttl(rr);
	}
	return target;
}

/* The end of the chain; NULL: there is none within ten links. */
static inline const ldns_rdf *follow(const ldns_pkt *pkt,
	unsigned *links, int *split, unsigned *ttl)
{
	ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(pkt), 0);
	const ldns_rdf *name = ldns_rr_owner(question);

	for (*links = 0; *links <= 10; ++*links) {
		const ldns_rdf *target = target_of(pkt, name, split, ttl);

		if (target == NULL || *split)
			return name;
		name = target;
	}
	return NULL;
}

#endif
