/*
 * A DNS message in one line, as ldns reads it. May use libc (with POSIX),
 * Check and ldns.
 */
#ifndef TESTS_SUPPORT_ZONE_SHOWN_H
#define TESTS_SUPPORT_ZONE_SHOWN_H

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

static inline void zone_show_section(FILE *out, const char *title,
	const ldns_rr_list *list)
{
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);
		char *text = ldns_rr2str(rr);
		char *at;

		ck_assert_ptr_nonnull(text);
		for (at = text; *at != '\0'; at++)
			*at = *at == '\t' ? ' ' : *at;
		text[strcspn(text, "\n")] = '\0';
		if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA)
			fprintf(out, "; SOA %lu",
				(unsigned long)ldns_rr_ttl(rr));
		else
			fprintf(out, "; %s%s", title, text);
		free(text);
	}
}

/* "NOERROR aa; a.example. 60 IN A 192.0.2.1; SOA 300": a whole reply. */
static inline void zone_show(char *shown, size_t room, const uint8_t *octets,
	size_t size)
{
	FILE *out = fmemopen(shown, room, "w");
	ldns_pkt *packet = NULL;
	ldns_lookup_table *rcode;

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(ldns_wire2pkt(&packet, octets, size),
		LDNS_STATUS_OK);
	ck_assert(ldns_pkt_qr(packet));
	rcode = ldns_lookup_by_id(ldns_rcodes,
		(int)ldns_pkt_get_rcode(packet));
	fprintf(out, "%s%s", rcode->name, ldns_pkt_aa(packet) ? " aa" : "");
	zone_show_section(out, "", ldns_pkt_answer(packet));
	zone_show_section(out, "authority ", ldns_pkt_authority(packet));
	fputc('\0', out);
	fclose(out);
	ldns_pkt_free(packet);
}

#endif
