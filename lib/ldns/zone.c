/*
 * The resolver that answers from master files: files into text, text into
 * zones, and each question answered at once with the message a server would
 * have sent. May use the public headers, POSIX files and the zone room.
 */
#define _POSIX_C_SOURCE 200809L

#include "ldns/zones.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mxsel/ldns.h>

#define TEXT_FIRST 16384u
#define TEXT_MAX ((size_t)256 * 1024 * 1024)

/* -------------------------------------------------------------------- files */

static int grow(char **text, size_t *room)
{
	size_t want = *room == 0 ? TEXT_FIRST : *room * 2;
	char *more;

	if (want > TEXT_MAX)
		return MXSEL_EFILE;
	more = realloc(*text, want);
	if (more == NULL)
		return MXSEL_ENOMEM;
	*text = more;
	*room = want;
	return MXSEL_OK;
}

/* All of a file, NUL-terminated. A NUL inside is no text. */
static int read_all(int fd, char **text)
{
	size_t size = 0, room = 0;

	for (;;) {
		int result = size + 1 < room ? MXSEL_OK : grow(text, &room);
		ssize_t got;

		if (result != MXSEL_OK)
			return result;
		got = read(fd, *text + size, room - size - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || memchr(*text + size, '\0', (size_t)got) != NULL)
			return MXSEL_EFILE;
		size += (size_t)got;
		(*text)[size] = '\0';
		if (got == 0)
			return MXSEL_OK;
	}
}

static int load_file(struct mxsel__zone *zone, const char *path)
{
	char *text = NULL;
	int fd, result;

	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return MXSEL_EFILE;
	result = read_all(fd, &text);
	(void)close(fd);
	if (result == MXSEL_OK)
		result = mxsel__zone_load(zone, text);
	free(text);
	return result;
}

/* ----------------------------------------------------------------- resolver */

static void release(void *user)
{
	mxsel__zones_free(user);
}

/*
 * Nothing here validates, so nothing is said about DNSSEC. A question that
 * cannot be answered for want of memory fails for now.
 */
static void resolve(mxsel_query *query, void *user)
{
	struct mxsel__zone_message *message = malloc(sizeof(*message));
	struct mxsel__zone_name name = { .size = 1 };
	int result = MXSEL_ENOMEM;

	if (message != NULL) {
		/* Selections ask for names only; else it would be the root. */
		(void)mxsel__zone_name_text(&name, mxsel_query_name(query));
		mxsel__zones_answer(
			user, &name, mxsel_query_type(query), message);
		result = mxsel_answer_packet(query, message->octets,
			message->size, MXSEL_SECURITY_INDETERMINATE);
	}
	free(message);
	if (result != MXSEL_OK)
		(void)mxsel_answer_finish(query, MXSEL_DNS_SERVFAIL,
			MXSEL_SECURITY_INDETERMINATE);
}

static int zones_new(struct mxsel__zones **out, size_t count)
{
	struct mxsel__zones *zones = calloc(1, sizeof(*zones));

	*out = zones;
	if (zones == NULL)
		return MXSEL_ENOMEM;
	zones->zones = calloc(count, sizeof(zones->zones[0]));
	return zones->zones == NULL ? MXSEL_ENOMEM : MXSEL_OK;
}

/* The zones become the resolver's, or are freed. */
static int finish(mxsel_resolver **out, struct mxsel__zones *zones, int result)
{
	mxsel_resolver *resolver = NULL;

	if (result == MXSEL_OK)
		result = mxsel__zones_index(zones);
	if (result == MXSEL_OK)
		result = mxsel_resolver_new(&resolver, resolve, NULL, zones);
	if (result != MXSEL_OK) {
		mxsel__zones_free(zones);
		return result;
	}
	(void)mxsel_resolver_set_release(resolver, release);
	*out = resolver;
	return MXSEL_OK;
}

int mxsel_ldns_zone_new(
	mxsel_resolver **out, const char *const *files, size_t count)
{
	struct mxsel__zones *zones;
	int result;
	size_t i;

	if (out == NULL || files == NULL || count == 0)
		return MXSEL_EUSAGE;
	for (i = 0; i < count; i++) {
		if (files[i] == NULL)
			return MXSEL_EUSAGE;
	}
	result = zones_new(&zones, count);
	for (i = 0; i < count && result == MXSEL_OK; i++) {
		result = load_file(&zones->zones[i], files[i]);
		if (result == MXSEL_OK)
			zones->count++;
	}
	return finish(out, zones, result);
}

int mxsel_ldns_zone_text_new(mxsel_resolver **out, const char *text)
{
	struct mxsel__zones *zones;
	int result;

	if (out == NULL || text == NULL)
		return MXSEL_EUSAGE;
	result = zones_new(&zones, 1);
	if (result == MXSEL_OK)
		result = mxsel__zone_load(&zones->zones[0], text);
	if (result == MXSEL_OK)
		zones->count = 1;
	return finish(out, zones, result);
}
