/*
 * The resolver of the C library as a client: res_nquery(), and its functions
 * to read messages. May use libresolv.
 */
#define _DEFAULT_SOURCE

#include "faults/base.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void *open_resolv(int port)
{
	struct __res_state *r = calloc(1, sizeof *r);

	if (r == NULL || res_ninit(r) != 0)
		return NULL;
	r->nscount = 1;
	memset(&r->nsaddr_list[0], 0, sizeof r->nsaddr_list[0]);
	r->nsaddr_list[0].sin_family = AF_INET;
	r->nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	r->nsaddr_list[0].sin_port = htons((uint16_t)port);
	r->retrans = BASE_WAIT / 1000;
	r->retry = 1;
	return r;
}

static int tell(struct told *told, ns_msg *message, ns_rr *rr)
{
	const unsigned char *data = ns_rr_rdata(*rr);
	char name[NS_MAXDNAME];

	if (ns_rr_type(*rr) == ns_t_a) {
		told_address(told, AF_INET, data);
		return ns_rr_rdlen(*rr) == 4;
	}
	if (ns_rr_rdlen(*rr) < 3 || dn_expand(ns_msg_base(*message),
		ns_msg_end(*message), data + 2, name, sizeof name) < 0)
		return 0;
	told_mx(told, ns_get16(data), name);
	return 1;
}

static const char *tell_message(const unsigned char *answer, int size,
	unsigned type, struct told *told)
{
	ns_msg message;
	ns_rr rr;
	int i;

	if (ns_initparse(answer, size, &message) != 0)
		return "temporary: no message";
	if (ns_msg_getflag(message, ns_f_tc))
		return "temporary: truncated";
	for (i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		if (ns_parserr(&message, ns_s_an, i, &rr) != 0)
			return "temporary: no record";
		if (ns_rr_type(rr) == type && ns_rr_class(rr) == ns_c_in &&
			!tell(told, &message, &rr))
			return "temporary: bad record";
	}
	return NULL;
}

static const char *ask_resolv(void *object, const char *name, unsigned type,
	struct told *told)
{
	static unsigned char answer[65536];
	struct __res_state *r = object;
	int size = res_nquery(r, name, ns_c_in, (int)type, answer,
		sizeof answer);

	if (size >= 0)
		return tell_message(answer, size, type, told);
	if (r->res_h_errno == HOST_NOT_FOUND)
		return "nxdomain";
	return r->res_h_errno == NO_DATA ? "nodata" : "temporary: no answer";
}

static void close_resolv(void *object)
{
	res_nclose(object);
	free(object);
}

const struct library base_resolv = { open_resolv, ask_resolv,
	close_resolv };
