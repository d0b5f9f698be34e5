/*
 * ldns as a client: ldns_resolver_query(). May use ldns.
 */
#define _DEFAULT_SOURCE

#include "faults/base.h"

#include <stdlib.h>
#include <sys/socket.h>

#include <ldns/ldns.h>

static void *open_ldns(int port)
{
	ldns_resolver *r = ldns_resolver_new();
	ldns_rdf *server = ldns_rdf_new_frm_str(LDNS_RDF_TYPE_A, "127.0.0.1");
	struct timeval wait = { BASE_WAIT / 1000, BASE_WAIT % 1000 * 1000 };

	ldns_resolver_push_nameserver(r, server);
	ldns_rdf_deep_free(server);
	ldns_resolver_set_port(r, (uint16_t)port);
	ldns_resolver_set_timeout(r, wait);
	ldns_resolver_set_retry(r, 1);
	ldns_resolver_set_recursive(r, true);
	return r;
}

static void tell(struct told *told, const ldns_rr *rr, unsigned type)
{
	ldns_rdf *rdf = ldns_rr_rdf(rr, type == LDNS_RR_TYPE_MX ? 1 : 0);
	char *name;

	/* It hands over records without what belongs in them. */
	if (rdf == NULL) {
		told_mx(told, 0, "(null)");
		return;
	}
	if (type != LDNS_RR_TYPE_MX) {
		told_address(told, AF_INET, ldns_rdf_data(rdf));
		return;
	}
	name = ldns_rdf2str(rdf);
	told_mx(told, ldns_rdf2native_int16(ldns_rr_rdf(rr, 0)), name);
	free(name);
}

static const char *tell_packet(const ldns_pkt *packet, unsigned type,
	struct told *told)
{
	ldns_rr_list *list;
	size_t i;

	if (ldns_pkt_get_rcode(packet) == LDNS_RCODE_NXDOMAIN)
		return "nxdomain";
	if (ldns_pkt_get_rcode(packet) != LDNS_RCODE_NOERROR)
		return "temporary: response code";
	if (ldns_pkt_tc(packet))
		return "temporary: truncated";
	list = ldns_pkt_rr_list_by_type(packet, (ldns_rr_type)type,
		LDNS_SECTION_ANSWER);
	for (i = 0; list != NULL && i < ldns_rr_list_rr_count(list); i++)
		tell(told, ldns_rr_list_rr(list, i), type);
	ldns_rr_list_deep_free(list);
	return NULL;
}

static const char *ask_ldns(void *object, const char *name, unsigned type,
	struct told *told)
{
	ldns_rdf *owner = ldns_dname_new_frm_str(name);
	ldns_pkt *packet = ldns_resolver_query(object, owner,
		(ldns_rr_type)type, LDNS_RR_CLASS_IN, LDNS_RD);
	const char *why = "temporary: no answer";

	ldns_rdf_deep_free(owner);
	if (packet != NULL)
		why = tell_packet(packet, type, told);
	ldns_pkt_free(packet);
	return why;
}

static void close_ldns(void *object)
{
	ldns_resolver_deep_free(object);
}

const struct library base_ldns = { open_ldns, ask_ldns, close_ldns };
