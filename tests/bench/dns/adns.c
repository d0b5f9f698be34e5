/*
 * adns: adns_r_mx, which looks up the addresses of the exchanges itself, and
 * adns_r_addr for domains without MX. adns knows servers at port 53 only, so
 * the program stands between it and the system: what goes there goes to our
 * port, and what comes from our port came from there. May use POSIX, libdl
 * and adns.
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <adns.h>

#include "bench/dns/load.h"

/* The header's sockets take any kind of address through a union. */
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wpedantic"
#endif

#define DOMAIN_PORT 53

struct query {
	struct load_job job;
	int implicit;
	adns_query query;
};

static adns_state adns;

/* ISO C has no conversion from a data to a function pointer. */
static void real(const char *name, void *function, size_t size)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (symbol == NULL)
		abort();
	memcpy(function, &symbol, size);
}

static int is_ours(const struct sockaddr *sa, unsigned port)
{
	struct sockaddr_in in;

	if (sa == NULL || sa->sa_family != AF_INET)
		return 0;
	memcpy(&in, sa, sizeof(in));
	return ntohs(in.sin_port) == port;
}

static struct sockaddr_in ours(unsigned port)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = htons((uint16_t)port);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return in;
}

ssize_t sendto(int fd, const void *data, size_t size, int flags,
	const struct sockaddr *sa, socklen_t length)
{
	static ssize_t (*next)(int, const void *, size_t, int,
		const struct sockaddr *, socklen_t);
	struct sockaddr_in in;

	if (next == NULL)
		real("sendto", &next, sizeof(next));
	if (!is_ours(sa, DOMAIN_PORT))
		return next(fd, data, size, flags, sa, length);
	in = ours(load.port);
	return next(fd, data, size, flags, (struct sockaddr *)&in,
		sizeof(in));
}

ssize_t recvfrom(int fd, void *data, size_t size, int flags,
	struct sockaddr *sa, socklen_t *length)
{
	static ssize_t (*next)(int, void *, size_t, int, struct sockaddr *,
		socklen_t *);
	struct sockaddr_in in;
	ssize_t rc;

	if (next == NULL)
		real("recvfrom", &next, sizeof(next));
	rc = next(fd, data, size, flags, sa, length);
	if (rc >= 0 && is_ours(sa, load.port)) {
		in = ours(DOMAIN_PORT);
		memcpy(sa, &in, sizeof(in));
	}
	return rc;
}

int connect(int fd, const struct sockaddr *sa, socklen_t length)
{
	static int (*next)(int, const struct sockaddr *, socklen_t);
	struct sockaddr_in in;

	if (next == NULL)
		real("connect", &next, sizeof(next));
	if (!is_ours(sa, DOMAIN_PORT))
		return next(fd, sa, length);
	in = ours(load.port);
	return next(fd, (struct sockaddr *)&in, sizeof(in));
}

static void submit(struct query *q)
{
	adns_rrtype type = q->implicit ? adns_r_addr : adns_r_mx;

	if (adns_submit(adns, load_domain(&q->job), type, adns_qf_want_allaf,
		q, &q->query) != 0)
		load_die("adns_submit");
}

static void fill(void)
{
	struct load_job job;
	struct query *q;

	while (load_open() < load.concurrency && load_next(&job)) {
		q = calloc(1, sizeof(*q));
		if (q == NULL)
			load_die("no memory");
		q->job = job;
		submit(q);
	}
}

static unsigned add(struct load_job *job, const char *host,
	unsigned preference, const adns_rr_addr *v, int n)
{
	uint64_t hash = load_hash(host);
	int i;

	for (i = 0; i < n; i++)
		if (v[i].addr.sa.sa_family == AF_INET)
			load_add(job, hash, preference,
				&v[i].addr.inet.sin_addr, 4);
		else
			load_add(job, hash, preference,
				&v[i].addr.inet6.sin6_addr, 16);
	return (unsigned)(n > 0 ? n : 0);
}

static enum load_status add_hosts(struct query *q, const adns_answer *a)
{
	unsigned n = 0;
	int i;

	/* adns looks up the root, too. */
	if (a->nrrs == 1 && a->rrs.inthostaddr[0].ha.host[0] == '\0')
		return LOAD_NULL_MX;
	for (i = 0; i < a->nrrs; i++) {
		const adns_rr_inthostaddr *mx = &a->rrs.inthostaddr[i];

		if (mx->ha.astatus != adns_s_ok &&
			mx->ha.astatus != adns_s_nxdomain &&
			mx->ha.astatus != adns_s_nodata)
			return LOAD_LOST;
		n += add(&q->job, mx->ha.host, (unsigned)mx->i, mx->ha.addrs,
			mx->ha.naddrs);
	}
	return n != 0 ? LOAD_OK : LOAD_NO_HOST;
}

static enum load_status status_of(struct query *q, const adns_answer *a)
{
	switch (a->status) {
	case adns_s_ok:
		if (!q->implicit)
			return add_hosts(q, a);
		(void)add(&q->job, load_domain(&q->job), 0, a->rrs.addr,
			a->nrrs);
		return LOAD_OK;
	case adns_s_nxdomain:
		return LOAD_NO_DOMAIN;
	case adns_s_nodata:
		return LOAD_NO_HOST;
	default:
		return LOAD_LOST;
	}
}

static void take(struct query *q, adns_answer *a)
{
	if (a->status == adns_s_nodata && !q->implicit) {
		q->implicit = 1;
		submit(q);
	} else {
		load_done(&q->job, status_of(q, a));
		free(q);
	}
	free(a);
}

int main(int argc, char **argv)
{
	adns_answer *answer;
	adns_query query;
	void *user;

	load_begin(argc, argv, "adns");
	if (adns_init_strcfg(&adns, adns_if_noenv | adns_if_noerrprint |
		adns_if_noserverwarn | adns_if_noautosys | adns_if_monotonic,
		NULL, "nameserver 127.0.0.1\n") != 0)
		load_die("adns_init_strcfg");
	for (fill(); load_busy(); fill()) {
		query = NULL;
		if (adns_wait_poll(adns, &query, &answer, &user) != 0)
			load_die("adns_wait_poll");
		take(user, answer);
	}
	return load_end();
}
