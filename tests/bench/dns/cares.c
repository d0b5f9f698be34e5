/*
 * c-ares: one channel, poll(). Mode "cached": with the host cache and the
 * coalescing of hosts.c, which is what a user of c-ares would write. May use
 * POSIX and c-ares.
 */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <ares.h>

#include "bench/dns/hosts.h"

static ares_channel channel;

/* In a callback no new domain is begun, so that the stack stays flat. */
static void mx_answer(void *user, int status, int timeouts,
	unsigned char *octets, int size)
{
	struct ares_mx_reply *first = NULL, *at;
	struct lookup *l = user;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_mx_reply(octets, size, &first);
	if (status == ARES_ENODATA) {
		hosts_implicit(l);
		return;
	}
	if (status != ARES_SUCCESS) {
		hosts_end(l, status == ARES_ENOTFOUND ? LOAD_NO_DOMAIN :
			LOAD_LOST);
		return;
	}
	if (first->next == NULL && first->host[0] == '\0') {
		hosts_end(l, LOAD_NULL_MX);
	} else {
		for (at = first; at != NULL; at = at->next)
			hosts_mx(l, at->host, at->priority);
		hosts_mx_end(l);
	}
	ares_free_data(first);
}

static int is_lost(int status)
{
	return status != ARES_SUCCESS && status != ARES_ENODATA &&
		status != ARES_ENOTFOUND;
}

static void a_answer(void *user, int status, int timeouts,
	unsigned char *octets, int size)
{
	struct ares_addrttl v[HOST_ADDRESSES];
	int n = HOST_ADDRESSES, i;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_a_reply(octets, size, NULL, v, &n);
	for (i = 0; status == ARES_SUCCESS && i < n; i++)
		hosts_address(user, 1, &v[i].ipaddr);
	hosts_address_end(user, is_lost(status));
}

static void aaaa_answer(void *user, int status, int timeouts,
	unsigned char *octets, int size)
{
	struct ares_addr6ttl v[HOST_ADDRESSES];
	int n = HOST_ADDRESSES, i;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_aaaa_reply(octets, size, NULL, v, &n);
	for (i = 0; status == ARES_SUCCESS && i < n; i++)
		hosts_address(user, 28, &v[i].ip6addr);
	hosts_address_end(user, is_lost(status));
}

static void ask_mx(struct lookup *l, const char *domain)
{
	ares_query(channel, domain, C_IN, T_MX, mx_answer, l);
}

static void ask_address(struct host *h, int type)
{
	ares_query(channel, h->name, C_IN, type,
		type == 1 ? a_answer : aaaa_answer, h);
}

static void open_channel(void)
{
	struct ares_options options;
	char server[32];

	memset(&options, 0, sizeof(options));
	options.timeout = 1000;
	options.tries = 5;
	options.flags = ARES_FLAG_NOSEARCH;
	(void)snprintf(server, sizeof(server), "127.0.0.1:%u", load.port);
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS ||
		ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS |
		ARES_OPT_TRIES | ARES_OPT_FLAGS) != ARES_SUCCESS ||
		ares_set_servers_ports_csv(channel, server) != ARES_SUCCESS)
		load_die("ares_init_options");
}

/*
 * ares_timeout() would walk through all questions each time; to wake up from
 * time to time does as well.
 */
static void wait_for_answers(void)
{
	ares_socket_t fds[ARES_GETSOCK_MAXNUM];
	struct pollfd p[ARES_GETSOCK_MAXNUM];
	int bits = ares_getsock(channel, fds, ARES_GETSOCK_MAXNUM);
	nfds_t n = 0, i;

	for (; n < ARES_GETSOCK_MAXNUM && (ARES_GETSOCK_READABLE(bits, n) ||
		ARES_GETSOCK_WRITABLE(bits, n)); n++) {
		p[n].fd = fds[n];
		p[n].events = POLLIN;
		if (ARES_GETSOCK_WRITABLE(bits, n))
			p[n].events |= POLLOUT;
	}
	if (poll(p, n, 50) <= 0) {
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		return;
	}
	for (i = 0; i < n; i++)
		if (p[i].revents != 0)
			ares_process_fd(channel, p[i].fd,
				p[i].revents & POLLOUT ? p[i].fd :
				ARES_SOCKET_BAD);
}

int main(int argc, char **argv)
{
	static const struct asker asker = { ask_mx, ask_address };

	load_begin(argc, argv, "c-ares");
	open_channel();
	hosts_begin(&asker, strcmp(load.mode, "cached") == 0);
	for (hosts_fill(); load_busy(); hosts_fill())
		wait_for_answers();
	ares_destroy(channel);
	return load_end();
}
