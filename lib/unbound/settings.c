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
	return mxsel__ub_error(error);
}

static int try_and_set(struct mxsel_unbound *u, const char *option,
	const char *value)
{
	int result;

	if (!is_open(u))
		return MXSEL_EUSAGE;
	result = try_option(option, value);
	return result != 0 ? result : set_both(u, option, value);
}

/* ------------------------------------------------------------- anchors */

/* An empty anchor or file passes with libunbound, which then trusts nothing:
   that must not count as a validator's word. */
static int is_empty(const char *anchor)
{
	anchor += strspn(anchor, " \t\r\n");
	return *anchor == '\0' || *anchor == ';';
}

int mxsel_unbound_add_anchor(mxsel_unbound *u, const char *anchor)
{
	int result;

	if (u == NULL || anchor == NULL)
		return MXSEL_EUSAGE;
	if (is_empty(anchor))
		return MXSEL_ESYNTAX;
	result = try_and_set(u, "trust-anchor:", anchor);
	if (result == 0)
		u->has_anchor = 1;
	return result;
}

/* Anything but blanks and comments? */
static int has_record(FILE *f)
{
	int c, comment = 0;

	while ((c = fgetc(f)) != EOF) {
		if (c == '\n')
			comment = 0;
		else if (c == ';')
			comment = 1;
		else if (!comment && c != ' ' && c != '\t' && c != '\r')
			return 1;
	}
	return 0;
}

static int look_at(const char *file)
{
	FILE *f = fopen(file, "r");
	int found, failed;

	if (f == NULL)
		return MXSEL_EFILE;
	found = has_record(f);
	failed = ferror(f); /* a folder can be opened, not read */
	fclose(f);
	if (failed)
		return MXSEL_EFILE;
	return found ? 0 : MXSEL_ESYNTAX;
}

int mxsel_unbound_add_anchor_file(mxsel_unbound *u, const char *file)
{
	int result;

	if (u == NULL || file == NULL || !is_open(u))
		return MXSEL_EUSAGE;
	result = look_at(file);
	if (result == 0)
		result = try_and_set(u, "trust-anchor-file:", file);
	if (result == 0)
		u->has_anchor = 1;
	return result;
}

/* ------------------------------------------------------------- servers */

static int is_loopback(const char *server)
{
	static const uint8_t v6[16] = { [15] = 1 };
	size_t length = strcspn(server, "@#%");
	char text[ADDRESS_MAX];
	uint8_t bytes[16];

	if (length >= sizeof text)
		return 0;
	memcpy(text, server, length);
	text[length] = '\0';
	if (inet_pton(AF_INET, text, bytes) == 1)
		return bytes[0] == 127;
	return inet_pton(AF_INET6, text, bytes) == 1 &&
		memcmp(bytes, v6, sizeof v6) == 0;
}

/* Whoever names a server of this machine wants it asked. */
static int allow(struct mxsel_unbound *u, const char *server)
{
	return is_loopback(server) ?
		set_both(u, "do-not-query-localhost:", "no") : 0;
}

/* Letters of names in either case are the same (RFC 1035 2.3.3). */
static int same_letters(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (a[i] != b[i] && ((a[i] ^ b[i]) != ('a' ^ 'A') ||
				(a[i] | 0x20) < 'a' || (a[i] | 0x20) > 'z'))
			return 0;
	return 1;
}

/* Is name zone, or below it? Final dots do not matter; "." has all. */
static int is_below(const char *name, const char *zone)
{
	size_t n = strlen(name), z = strlen(zone);

	if (n > 0 && name[n - 1] == '.')
		n--;
	if (z > 0 && zone[z - 1] == '.')
		z--;
	if (z == 0)
		return 1;
	return n >= z && same_letters(name + n - z, zone, z) &&
		(n == z || name[n - z - 1] == '.');
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
		if (!is_below(zone, blocked[i]) && !is_below(blocked[i], zone))
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
	error = ub_ctx_set_fwd(u->loop.channel.context, server);
	if (error == 0)
		error = ub_ctx_set_fwd(u->blocking.channel.context, server);
	result = mxsel__ub_error(error);
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

/* Some settings change what an answer that is not secure means. */
static void heed(struct mxsel_unbound *u, const char *option,
	const char *value)
{
	if ((strcmp(option, "module-config:") == 0 &&
			strstr(value, "validator") == NULL) ||
			(strcmp(option, "val-permissive-mode:") == 0 &&
			strcmp(value, "yes") == 0))
		u->validates = 0;
	else if (!is_empty(value) &&
			(strncmp(option, "trust-anchor", 12) == 0 ||
			strcmp(option, "auto-trust-anchor-file:") == 0 ||
			strcmp(option, "trusted-keys-file:") == 0))
		u->has_anchor = 1;
}

int mxsel_unbound_set_option(mxsel_unbound *u, const char *option,
	const char *value)
{
	int result;

	if (u == NULL || option == NULL || value == NULL)
		return MXSEL_EUSAGE;
	if (strcmp(option, "module-config:") == 0 && !knows_modules(value))
		return MXSEL_ESYNTAX;
	result = try_and_set(u, option, value);
	if (result == 0)
		heed(u, option, value);
	return result;
}
