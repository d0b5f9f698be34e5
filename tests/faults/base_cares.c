/*
 * c-ares as a client: ares_query() in a loop of select(), as its manual
 * shows. May use c-ares.
 */
#define _DEFAULT_SOURCE

#include "faults/base.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>

#include <ares.h>

struct answer {
	unsigned type;
	struct told *told;
	const char *why;
	int is_done;
};

static void *open_cares(int port)
{
	struct ares_options options;
	ares_channel channel;
	char server[32];

	memset(&options, 0, sizeof options);
	options.timeout = BASE_WAIT;
	options.tries = 1;
	ares_library_init(ARES_LIB_INIT_ALL);
	if (ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS |
		ARES_OPT_TRIES) != ARES_SUCCESS)
		return NULL;
	snprintf(server, sizeof server, "127.0.0.1:%d", port);
	if (ares_set_servers_ports_csv(channel, server) != ARES_SUCCESS)
		return NULL;
	return channel;
}

static const char *why_of(int status)
{
	if (status == ARES_SUCCESS)
		return NULL;
	if (status == ARES_ENOTFOUND)
		return "nxdomain";
	return status == ARES_ENODATA ? "nodata" : "temporary: no answer";
}

static int tell_mx(struct answer *a, const unsigned char *message, int size)
{
	struct ares_mx_reply *list = NULL, *mx;
	int status = ares_parse_mx_reply(message, size, &list);

	for (mx = list; status == ARES_SUCCESS && mx != NULL; mx = mx->next)
		told_mx(a->told, mx->priority, mx->host);
	ares_free_data(list);
	return status;
}

static int tell_addresses(struct answer *a, const unsigned char *message,
	int size)
{
	struct hostent *host = NULL;
	int i, status = ares_parse_a_reply(message, size, &host, NULL, NULL);

	for (i = 0; status == ARES_SUCCESS && host->h_addr_list[i] != NULL;
		i++)
		told_address(a->told, AF_INET, host->h_addr_list[i]);
	if (host != NULL)
		ares_free_hostent(host);
	return status;
}

static void answered(void *user, int status, int timeouts,
	unsigned char *message, int size)
{
	struct answer *a = user;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = a->type == ns_t_mx ? tell_mx(a, message, size) :
			tell_addresses(a, message, size);
	a->why = why_of(status);
	a->is_done = 1;
}

static const char *ask_cares(void *object, const char *name, unsigned type,
	struct told *told)
{
	struct answer answer = { type, told, NULL, 0 };
	struct timeval longest = { 0, 100000 }, room, *wait;
	fd_set readable, writable;
	int count;

	ares_query(object, name, ns_c_in, (int)type, answered, &answer);
	while (!answer.is_done) {
		FD_ZERO(&readable);
		FD_ZERO(&writable);
		count = ares_fds(object, &readable, &writable);
		wait = ares_timeout(object, &longest, &room);
		select(count, &readable, &writable, NULL, wait);
		ares_process(object, &readable, &writable);
	}
	return answer.why;
}

static void close_cares(void *object)
{
	ares_destroy(object);
	ares_library_cleanup();
}

const struct library base_cares = { open_cares, ask_cares, close_cares };
