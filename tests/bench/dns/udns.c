/*
 * udns: one context, poll(). May use POSIX and udns.
 */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <udns.h>

#include "bench/dns/hosts.h"

static struct dns_ctx *context;

static void mx_answer(struct dns_ctx *ctx, struct dns_rr_mx *mx, void *user)
{
	int status = dns_status(ctx), i;
	struct lookup *l = user;

	if (mx == NULL && status == DNS_E_NODATA) {
		hosts_implicit(l);
	} else if (mx == NULL) {
		hosts_end(l, status == DNS_E_NXDOMAIN ? LOAD_NO_DOMAIN :
			LOAD_LOST);
	} else if (mx->dnsmx_nrr == 1 && mx->dnsmx_mx[0].name[0] == '\0') {
		hosts_end(l, LOAD_NULL_MX);
	} else {
		for (i = 0; i < mx->dnsmx_nrr; i++)
			hosts_mx(l, mx->dnsmx_mx[i].name,
				(unsigned)mx->dnsmx_mx[i].priority);
		hosts_mx_end(l);
	}
	free(mx);
}

static int is_lost(int status)
{
	return status != DNS_E_NXDOMAIN && status != DNS_E_NODATA;
}

static void a_answer(struct dns_ctx *ctx, struct dns_rr_a4 *a, void *user)
{
	int i;

	for (i = 0; a != NULL && i < a->dnsa4_nrr; i++)
		hosts_address(user, 1, &a->dnsa4_addr[i]);
	hosts_address_end(user, a == NULL && is_lost(dns_status(ctx)));
	free(a);
}

static void aaaa_answer(struct dns_ctx *ctx, struct dns_rr_a6 *a, void *user)
{
	int i;

	for (i = 0; a != NULL && i < a->dnsa6_nrr; i++)
		hosts_address(user, 28, &a->dnsa6_addr[i]);
	hosts_address_end(user, a == NULL && is_lost(dns_status(ctx)));
	free(a);
}

static void ask_mx(struct lookup *l, const char *domain)
{
	if (dns_submit_mx(context, domain, DNS_NOSRCH, mx_answer, l) == NULL)
		load_die("dns_submit_mx");
}

static void ask_address(struct host *h, int type)
{
	if (type == 1 ? dns_submit_a4(context, h->name, DNS_NOSRCH, a_answer,
		h) == NULL : dns_submit_a6(context, h->name, DNS_NOSRCH,
		aaaa_answer, h) == NULL)
		load_die("dns_submit_a4");
}

static void open_context(void)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = htons((uint16_t)load.port);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	context = dns_new(NULL);
	if (context == NULL || dns_add_serv(context, NULL) < 0 ||
		dns_add_serv_s(context, (struct sockaddr *)&in) < 0)
		load_die("dns_new");
	(void)dns_set_opt(context, DNS_OPT_TIMEOUT, 1);
	(void)dns_set_opt(context, DNS_OPT_NTRIES, 5);
	if (dns_open(context) < 0)
		load_die("dns_open");
}

int main(int argc, char **argv)
{
	static const struct asker asker = { ask_mx, ask_address };
	struct pollfd p;

	load_begin(argc, argv, "udns");
	(void)dns_init(NULL, 0);
	open_context();
	hosts_begin(&asker, 0);
	p.fd = dns_sock(context);
	p.events = POLLIN;
	for (hosts_fill(); load_busy(); hosts_fill()) {
		int wait = dns_timeouts(context, 1, 0);

		if (poll(&p, 1, wait < 0 ? 1000 : wait * 1000) > 0)
			dns_ioevent(context, 0);
	}
	dns_free(context);
	return load_end();
}
