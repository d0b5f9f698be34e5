/*
 * What a mxsel_redis is told before its thread runs: where the server is, who
 * we are, numbers. May use the public headers and libc.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "redis/inside.h"

#define HOST_MAX 253 /* octets of a name: RFC 1035 2.3.4 */

static const struct {
	int least, most, usual;
} bounds[] = {
	[MXSEL_REDIS_DATABASE] = { 0, 65535, 0 },
	[MXSEL_REDIS_KEEP] = { 60, 2592000, 86400 },
	[MXSEL_REDIS_QUEUE] = { 0, 1000000, 4096 },
	[MXSEL_REDIS_TIMEOUT] = { 10, 60000, 1000 },
	[MXSEL_REDIS_RETRY] = { 10, 600000, 5000 }
};

#define SETTINGS (sizeof bounds / sizeof *bounds)

void mxsel__rd_settings_init(struct mxsel__rd_settings *set)
{
	size_t i;

	memset(set, 0, sizeof *set);
	for (i = 1; i < SETTINGS; i++)
		set->values[i] = bounds[i].usual;
	memcpy(set->prefix, "mxsel:", sizeof "mxsel:");
}

void mxsel__rd_settings_destroy(struct mxsel__rd_settings *set)
{
	free(set->host);
	free(set->path);
	free(set->user);
	free(set->password);
}

/* --------------------------------------------------------------- server */

static int set_port(struct mxsel__rd_settings *set, const char *text)
{
	unsigned long port = 0;
	size_t length = strspn(text, "0123456789");

	if (length >= sizeof set->port || text[length] != '\0')
		return MXSEL_ESYNTAX;
	memcpy(set->port, text, length + 1);
	for (; *text != '\0'; text++)
		port = port * 10 + (unsigned long)(*text - '0');
	return port >= 1 && port <= 65535 ? 0 : MXSEL_ESYNTAX;
}

static int set_host(struct mxsel__rd_settings *set, const char *text,
	size_t length)
{
	set->host = malloc(length + 1);
	if (set->host == NULL)
		return MXSEL_ENOMEM;
	memcpy(set->host, text, length);
	set->host[length] = '\0';
	return 0;
}

/* "[2001:db8::1]", perhaps with a zone (RFC 4007 11), perhaps with a port. */
static int set_bracketed(struct mxsel__rd_settings *set, const char *server)
{
	size_t all = strcspn(server, "]"), length = strcspn(server, "%]");
	char address[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	if (server[all] != ']' || length >= sizeof address)
		return MXSEL_ESYNTAX;
	memcpy(address, server, length);
	address[length] = '\0';
	if (inet_pton(AF_INET6, address, bytes) != 1 || all == length + 1 ||
			all > HOST_MAX)
		return MXSEL_ESYNTAX;
	if (server[all + 1] != '\0' && (server[all + 1] != ':' ||
			set_port(set, server + all + 2) != 0))
		return MXSEL_ESYNTAX;
	return set_host(set, server, all);
}

static int set_named(struct mxsel__rd_settings *set, const char *server)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	size_t length = strspn(server, letters);

	if (length == 0 || length > HOST_MAX || server[0] == '-')
		return MXSEL_ESYNTAX;
	if (server[length] != '\0' && (server[length] != ':' ||
			set_port(set, server + length + 1) != 0))
		return MXSEL_ESYNTAX;
	return set_host(set, server, length);
}

int mxsel__rd_set_server(struct mxsel__rd_settings *set, const char *server)
{
	struct sockaddr_un local;

	memcpy(set->port, "6379", sizeof "6379");
	if (server[0] == '[')
		return set_bracketed(set, server + 1);
	if (server[0] != '/')
		return set_named(set, server);
	if (strlen(server) >= sizeof local.sun_path)
		return MXSEL_ESYNTAX;
	set->path = strdup(server);
	return set->path == NULL ? MXSEL_ENOMEM : 0;
}

/* ----------------------------------------------------------- the others */

int mxsel_redis_set(mxsel_redis *r, int setting, int value)
{
	if (r == NULL || r->store != NULL)
		return MXSEL_EUSAGE;
	if (setting < 1 || setting >= (int)SETTINGS ||
			value < bounds[setting].least ||
			value > bounds[setting].most)
		return MXSEL_ERANGE;
	r->set.values[setting] = value;
	return 0;
}

int mxsel_redis_set_login(mxsel_redis *r, const char *user,
	const char *password)
{
	char *new_user, *new_password;

	if (r == NULL || r->store != NULL)
		return MXSEL_EUSAGE;
	new_user = user == NULL ? NULL : strdup(user);
	new_password = password == NULL ? NULL : strdup(password);
	if ((user != NULL && new_user == NULL) ||
			(password != NULL && new_password == NULL)) {
		free(new_user);
		free(new_password);
		return MXSEL_ENOMEM;
	}
	free(r->set.user);
	free(r->set.password);
	r->set.user = new_user;
	r->set.password = new_password;
	return 0;
}

int mxsel_redis_set_prefix(mxsel_redis *r, const char *prefix)
{
	size_t i;

	if (r == NULL || prefix == NULL || r->store != NULL)
		return MXSEL_EUSAGE;
	for (i = 0; prefix[i] != '\0'; i++)
		if (i == MXSEL__RD_PREFIX_MAX || prefix[i] <= ' ' ||
				prefix[i] >= 0x7f)
			return MXSEL_ESYNTAX;
	memcpy(r->set.prefix, prefix, i + 1);
	return 0;
}
