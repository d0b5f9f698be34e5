/*
 * A second opinion of a DNS message, ldns', for the differential test and the
 * fuzz target "packet" (S14-S19). May use lib/wire and support/packet.h.
 *
 * What is accepted here ldns must read the same way; what ldns accepts and is
 * refused here must have one of a few reasons, which a plain second reading
 * of the octets tells apart.
 */
#ifndef TESTS_SUPPORT_LDNS_OPINION_H
#define TESTS_SUPPORT_LDNS_OPINION_H

#include <stdint.h>

#include "support/packet.h"
#include "wire/message.h"

enum opinion {
	/* No difference. */
	OPINION_SAME,     /* both accept it, and read the same in it */
	OPINION_REFUSED,  /* both refuse it */
	/*
	 * Known differences, all by intent.
	 */
	OPINION_POINTER,  /* S14: RFC 1035 4.1.4 knows pointers to a prior name
	                     only; ldns follows them forward, and into the
	                     header */
	OPINION_HOPS,     /* S14: a name of more than 127 pointers; ldns knows
	                     no such limit */
	OPINION_WORK,     /* S14: names so entangled that reading them costs
	                     more than the message's size allows; ldns goes on.
	                     Only where a sum of all that could be read, made
	                     here, is above that limit, too */
	OPINION_RDATA,    /* S16: ldns takes what it needs of RDATA and passes
	                     over the rest, or reads a name beyond its end */
	OPINION_OPT,      /* F71: ldns takes a second OPT record for a record
	                     like others, and lets it stand in any section and
	                     have an owner */
	OPINION_CONTRADICTS, /* records in NXDOMAIN; two targets of one alias:
	                     ldns does not say what a message means */
	OPINION_DNAME,    /* R13: a DNAME above the end of the aliases leads
	                     on, and no CNAME says where to */
	OPINION_ASTRAY,   /* S17: ldns reads the next record where it stopped
	                     reading this one, not behind its RDATA, and does
	                     not see that the message ends before its records
	                     do */
	/*
	 * Not compared. Records that are not read here (other types, other
	 * classes) may be broken inside, and ldns refuses the whole message
	 * for one: it is given a copy where they are of a type without
	 * structure.
	 */
	OPINION_THROUGH,  /* a name leads through the octets of such a type and
	                     is another name in the copy */
	OPINION_CUT,      /* TC: what was cut off does not count */
	/* An unexplained difference. */
	OPINION_DIFFERS,
	OPINIONS
};

/*
 * m and result: what mxsel__wire_open() made of p, asked for name and type
 * with ten links at most; m is read to its end. At OPINION_DIFFERS *what says
 * in words of C what does not hold.
 */
enum opinion ldns_opinion(const struct packet *p, struct mxsel__message *m,
	int result, const char *name, uint16_t type, const char **what);

/* A word for the difference; NULL when there is none to count. */
const char *ldns_opinion_name(enum opinion opinion);

#endif
