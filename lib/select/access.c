/*
 * What can be read of a selection. Nothing here changes anything, but for
 * the seed, which is drawn when it is asked for, and the text of an address,
 * which is made then.
 */
#define _POSIX_C_SOURCE 200809L

#include "select/select.h"

#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

const char *mxsel_destination(const mxsel *m)
{
	return m == NULL ? "" : m->destination;
}

const char *mxsel_original_domain(const mxsel *m)
{
	return m == NULL ? "" : m->original;
}

const char *mxsel_domain(const mxsel *m)
{
	return m == NULL ? "" : m->domain;
}

int mxsel_source(const mxsel *m)
{
	return m == NULL ? MXSEL_SOURCE_NONE : m->source;
}

int mxsel_is_secure(const mxsel *m)
{
	return m == NULL ? 0 : m->secure;
}

uint32_t mxsel_flags(const mxsel *m)
{
	return m == NULL ? 0 : m->flags;
}

uint32_t mxsel_ttl(const mxsel *m)
{
	return m == NULL ? 0 : m->ttl;
}

size_t mxsel_query_count(const mxsel *m)
{
	return m == NULL ? 0 : (size_t)m->query_count + m->ahead_count;
}

int mxsel_seed(mxsel *m, uint64_t *seed)
{
	int rc;

	if (m == NULL || seed == NULL)
		return MXSEL_EUSAGE;
	rc = mxsel__seed_draw(m);
	if (rc == MXSEL_OK)
		*seed = m->seed;
	return rc;
}

static const struct candidate *reached(const mxsel *m)
{
	return m != NULL && m->reached ? m->cursor : NULL;
}

const char *mxsel_host_name(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	return host == NULL ? NULL : host->name;
}

const char *mxsel_host_canonical(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	return host == NULL ? NULL : host->canonical;
}

int mxsel_host_preference(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	return host == NULL ? -1 : host->preference;
}

int mxsel_host_rank(const mxsel *m)
{
	const struct candidate *c = reached(m);

	return c == NULL ? -1 : c->host;
}

int mxsel_host_source(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	return host == NULL ? MXSEL_SOURCE_NONE : host->source;
}

int mxsel_host_is_incomplete(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	return host == NULL ? 0 : host->incomplete;
}

int mxsel_address_is_secure(const mxsel *m)
{
	const struct candidate *c = reached(m);

	return c == NULL ? 0 : c->secure;
}

const char *mxsel__address_text(const struct mxsel *m)
{
	struct mxsel *own = (struct mxsel *)(uintptr_t)m;

	if (!m->shown) {
		mxsel__candidate_text(own->text, m->cursor);
		own->shown = 1;
	}
	return m->text;
}

const char *mxsel_address(const mxsel *m)
{
	return reached(m) == NULL ? NULL : mxsel__address_text(m);
}

int mxsel_port(const mxsel *m)
{
	return reached(m) == NULL ? 0 : m->port;
}

static size_t fill_v4(struct sockaddr_in *sa, const mxsel *m,
	const struct candidate *c)
{
	memset(sa, 0, sizeof(*sa));
	sa->sin_family = AF_INET;
	sa->sin_port = htons(m->port);
	memcpy(&sa->sin_addr, c->bytes, 4);
	return sizeof(*sa);
}

static size_t fill_v6(struct sockaddr_in6 *sa, const mxsel *m,
	const struct candidate *c)
{
	memset(sa, 0, sizeof(*sa));
	sa->sin6_family = AF_INET6;
	sa->sin6_port = htons(m->port);
	memcpy(&sa->sin6_addr, c->bytes, 16);
	return sizeof(*sa);
}

int mxsel_sockaddr(const mxsel *m, struct sockaddr *sa, size_t *size)
{
	const struct candidate *c = reached(m);
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} made;
	size_t room, need;

	if (c == NULL || size == NULL || c->length == 0)
		return MXSEL_EUSAGE;
	need = c->length == 4 ? fill_v4(&made.v4, m, c)
	                      : fill_v6(&made.v6, m, c);
	room = *size;
	*size = need;
	if (sa == NULL || room < need)
		return MXSEL_ESPACE;
	memcpy(sa, &made, need);
	return MXSEL_OK;
}
