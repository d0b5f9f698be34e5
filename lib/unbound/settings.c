/*
 * What a mxsel_unbound is told before its first question. libunbound looks
 * at most of it only then, when nobody could be told any more what is wrong,
 * so it is tried first on a context that is thrown away. May use the public
 * headers, libc and libunbound.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "unbound/inside.h"

#define ADDRESS_MAX 64 /* octets of an address as text, and more */

static int is_open(const struct mxsel_unbound *u)
{
	return !atomic_load(&u->loop.channel.asked) &&
		!atomic_load(&u->blocking.channel.asked);
}

/*
 * A context whose modules do not come into being cannot even be deleted, so
 * only those pass that every libunbound has; the last one has to ask.
 */
static int knows_modules(const char *value)
{
	static const char *const known[] = {
		"validator", "iterator", "respip", "dns64"
	};
	size_t i, length, last = 0;

	for (;;) {
		value += strspn(value, " ");
		length = strcspn(value, " ");
		if (length == 0)
			return last == 1;
		for (i = 0; i < sizeof known / sizeof *known; i++)
			if (strlen(known[i]) == length &&
					strncmp(known[i], value, length) == 0)
				break;
		if (i == sizeof known / sizeof *known)
			return 0;
		last = i;
		value += length;
	}
}

/* Would a first question find fault with it? */
static int try_option(const char *option, const char *value)
{
	struct mxsel__ub_channel trial;
	int error, result = mxsel__ub_channel_init(&trial);

	if (result != 0)
		return result;
	error = ub_ctx_set_option(trial.context, option, value);
	/* Any change of the local data makes it read its settings. */
	if (error == 0)
		error = ub_ctx_zone_remove(trial.context, "invalid.");
	mxsel__ub_channel_destroy(&trial);
	return mxsel__ub_error(error);
}

/* One that is known to be good. */
static int set_both(struct mxsel_unbound *u, const char *option,
	const char *value)
{
	int error = ub_ctx_set_option(u->loop.channel.context, option, value);

	if (error == 0)
		error = ub_ctx_set_option(u->blocking.channel.context, option,
			value);
	return mxsel__ub_error_of_good(error);
}

static int try_and_set(struct mxsel_unbound *u, const char *option,
	const char *value)
{
	int result = try_option(option, value);

	return result != 0 ? result : set_both(u, option, value);
}

/* ------------------------------------------------------------- anchors */

/* file: NULL, or where they are from: all of it has to be good. */
static int try_anchors(const struct mxsel__ub_anchor *list, const char *file)
{
	struct mxsel__ub_channel trial;
	int error = 0, result = mxsel__ub_channel_init(&trial);

	if (result != 0)
		return result;
	if (file != NULL)
		error = ub_ctx_set_option(trial.context, "trust-anchor-file:",
			file);
	for (; error == 0 && list != NULL; list = list->next)
		error = ub_ctx_set_option(trial.context, "trust-anchor:",
			list->record);
	if (error == 0)
		error = ub_ctx_zone_remove(trial.context, "invalid.");
	mxsel__ub_channel_destroy(&trial);
	return mxsel__ub_error(error);
}

/* Takes the list. */
static int trust(struct mxsel_unbound *u, struct mxsel__ub_anchor *list,
	const char *file)
{
	struct mxsel__ub_anchor *anchor;
	int result = try_anchors(list, file);

	while (result == 0 && (anchor = list) != NULL) {
		result = set_both(u, "trust-anchor:", anchor->record);
		if (result != 0)
			break;
		list = anchor->next;
		anchor->next = u->anchors;
		u->anchors = anchor;
	}
	mxsel__ub_anchors_free(list);
	return result;
}

int mxsel_unbound_add_anchor(mxsel_unbound *u, const char *anchor)
{
	struct mxsel__ub_anchor *list = NULL;
	int result;

	if (u == NULL || anchor == NULL || !is_open(u))
		return MXSEL_EUSAGE;
	result = mxsel__ub_anchors_of_text(&list, anchor);
	return result != 0 ? result : trust(u, list, NULL);
}

int mxsel_unbound_add_anchor_file(mxsel_unbound *u, const char *file)
{
	struct mxsel__ub_anchor *list = NULL;
	int result;

	if (u == NULL || file == NULL || !is_open(u))
		return MXSEL_EUSAGE;
	result = mxsel__ub_anchors_of_file(&list, file);
	return result != 0 ? result : trust(u, list, file);
}

/* ------------------------------------------------------------- servers */

/* The family of the address that a server begins with; 0: it is none. */
static int family_of(const char *server, uint8_t bytes[16])
{
	size_t length = strcspn(server, "@%");
	char text[ADDRESS_MAX];

	if (length >= sizeof text)
		return 0;
	memcpy(text, server, length);
	text[length] = '\0';
	if (inet_pton(AF_INET, text, bytes) == 1)
		return AF_INET;
	return inet_pton(AF_INET6, text, bytes) == 1 ? AF_INET6 : 0;
}

/* libunbound takes what is no number for the port 0, and larger ones for
   others; it would be asked in vain. */
static int is_port(const char *text)
{
	unsigned long port = 0;

	if (strlen(text) > 5)
		return 0;
	for (; *text >= '0' && *text <= '9'; text++)
		port = port * 10 + (unsigned long)(*text - '0');
	return *text == '\0' && port >= 1 && port <= 65535;
}

/* An address, of IPv6 perhaps with a zone (RFC 4007 11), perhaps a port. */
static int is_server(const char *server)
{
	uint8_t bytes[16];
	int family = family_of(server, bytes);

	if (family == 0)
		return 0;
	server += strcspn(server, "@%");
	if (*server == '%') {
		if (family != AF_INET6 || strcspn(server, "@") < 2)
			return 0;
		server += strcspn(server, "@");
	}
	return *server == '\0' || is_port(server + 1);
}

static int is_loopback(const char *server)
{
	static const uint8_t v6[16] = { [15] = 1 };
	uint8_t bytes[16];

	if (family_of(server, bytes) == AF_INET)
		return bytes[0] == 127;
	return memcmp(bytes, v6, sizeof v6) == 0;
}

/* Whoever names a server of this machine wants it asked. */
static int allow(struct mxsel_unbound *u, const char *server)
{
	return is_loopback(server) ?
		set_both(u, "do-not-query-localhost:", "no") : 0;
}

/*
 * libunbound answers by itself, that they do not exist, for the names that
 * the DNS has not (RFC 6761, 7686, 8375). A server given for them knows
 * better. Which of them are asked at all is libmxsel's to say.
 */
static int unblock(struct mxsel_unbound *u, const char *zone)
{
	static const char *const blocked[] = {
		"localhost.", "test.", "invalid.", "onion.", "home.arpa."
	};
	char value[32];
	size_t i;
	int result = 0;

	for (i = 0; result == 0 && i < sizeof blocked / sizeof *blocked; i++) {
		if (!mxsel__ub_is_below(zone, blocked[i]) &&
				!mxsel__ub_is_below(blocked[i], zone))
			continue;
		(void)snprintf(value, sizeof value, "%s transparent",
			blocked[i]);
		result = set_both(u, "local-zone:", value);
	}
	return result;
}

int mxsel_unbound_add_server(mxsel_unbound *u, const char *server)
{
	int error, result;

	if (u == NULL || server == NULL || !is_open(u))
		return MXSEL_EUSAGE;
	if (!is_server(server))
		return MXSEL_ESYNTAX;
	error = ub_ctx_set_fwd(u->loop.channel.context, server);
	if (error == 0)
		error = ub_ctx_set_fwd(u->blocking.channel.context, server);
	result = mxsel__ub_error_of_good(error);
	if (result == 0)
		result = allow(u, server);
	return result != 0 ? result : unblock(u, ".");
}

int mxsel_unbound_add_stub(mxsel_unbound *u, const char *zone,
	const char *server)
{
	int error, result;

	if (u == NULL || zone == NULL || server == NULL || !is_open(u))
		return MXSEL_EUSAGE;
	if (!is_server(server))
		return MXSEL_ESYNTAX;
	error = ub_ctx_set_stub(u->loop.channel.context, zone, server, 0);
	if (error == 0)
		error = ub_ctx_set_stub(u->blocking.channel.context, zone,
			server, 0);
	result = mxsel__ub_error(error);
	if (result == 0)
		result = allow(u, server);
	return result != 0 ? result : unblock(u, zone);
}

/* ------------------------------------------------------------- options */

/* Some settings change what an answer that is not secure means: nobody has
   looked, or it makes no difference what was found. */
static void heed(struct mxsel_unbound *u, const char *option,
	const char *value)
{
	if ((strcmp(option, "module-config:") == 0 &&
			strstr(value, "validator") == NULL) ||
			(strcmp(option, "val-permissive-mode:") == 0 &&
			strcmp(value, "yes") == 0) ||
			(strcmp(option, "harden-dnssec-stripped:") == 0 &&
			strcmp(value, "no") == 0))
		u->validates = 0;
}

/* Keys that nobody has counted, see anchor.c. */
static int is_key_file(const char *option)
{
	return strcmp(option, "trust-anchor-file:") == 0 ||
		strcmp(option, "auto-trust-anchor-file:") == 0 ||
		strcmp(option, "trusted-keys-file:") == 0;
}

int mxsel_unbound_set_option(mxsel_unbound *u, const char *option,
	const char *value)
{
	int result;

	if (u == NULL || option == NULL || value == NULL || !is_open(u))
		return MXSEL_EUSAGE;
	if (strcmp(option, "trust-anchor:") == 0)
		return mxsel_unbound_add_anchor(u, value);
	if (is_key_file(option) || (strcmp(option, "module-config:") == 0 &&
			!knows_modules(value)))
		return MXSEL_ESYNTAX;
	result = try_and_set(u, option, value);
	if (result == 0)
		heed(u, option, value);
	return result;
}
