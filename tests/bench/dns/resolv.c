/*
 * The C library's resolver: res_nquery() is blocking, so there is a thread
 * for each domain on its way, 1,000 at most. May use POSIX and libresolv.
 */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <resolv.h>
#include <string.h>

#include "bench/dns/load.h"

#define THREADS 1000
#define STACK (256u << 10)

struct walker {
	struct __res_state state;
	struct load_job job;
	unsigned addresses;
	int lost;
	unsigned char mx[4096], answer[4096];
};

/* The list and the figures are for one thread at a time. */
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

static void begin(struct walker *w)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = htons((uint16_t)load.port);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	memset(w, 0, sizeof(*w));
	if (res_ninit(&w->state) != 0)
		load_die("res_ninit");
	w->state.nscount = 1;
	w->state.nsaddr_list[0] = in;
	w->state.retrans = 1;
	w->state.retry = 5;
	w->state.options &= ~(unsigned long)(RES_DNSRCH | RES_DEFNAMES);
}

static void ask(struct walker *w, const char *host, unsigned preference,
	int type)
{
	uint64_t hash = load_hash(host);
	ns_msg message;
	ns_rr rr;
	int size, i;

	size = res_nquery(&w->state, host, ns_c_in, type, w->answer,
		sizeof(w->answer));
	if (size < 0) {
		w->lost |= w->state.res_h_errno == TRY_AGAIN;
		return;
	}
	if (ns_initparse(w->answer, size, &message) != 0) {
		w->lost = 1;
		return;
	}
	for (i = 0; i < ns_msg_count(message, ns_s_an); i++)
		if (ns_parserr(&message, ns_s_an, i, &rr) == 0 &&
			(int)ns_rr_type(rr) == type) {
			load_add(&w->job, hash, preference, ns_rr_rdata(rr),
				ns_rr_rdlen(rr));
			w->addresses++;
		}
}

static void ask_both(struct walker *w, const char *host, unsigned preference)
{
	ask(w, host, preference, ns_t_a);
	ask(w, host, preference, ns_t_aaaa);
}

static enum load_status hosts(struct walker *w, int size)
{
	char name[NS_MAXDNAME];
	ns_msg message;
	ns_rr rr;
	int i, n = 0;

	if (ns_initparse(w->mx, size, &message) != 0)
		return LOAD_LOST;
	for (i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		if (ns_parserr(&message, ns_s_an, i, &rr) != 0)
			return LOAD_LOST;
		if (ns_rr_type(rr) != ns_t_mx)
			continue;
		if (dn_expand(ns_msg_base(message), ns_msg_end(message),
			ns_rr_rdata(rr) + 2, name, sizeof(name)) < 0)
			return LOAD_LOST;
		if (name[0] == '\0' && n == 0)
			return LOAD_NULL_MX;
		ask_both(w, name, ns_get16(ns_rr_rdata(rr)));
		n++;
	}
	return w->addresses != 0 ? LOAD_OK : LOAD_NO_HOST;
}

static enum load_status plan(struct walker *w, const char *domain)
{
	enum load_status status;
	int size = res_nquery(&w->state, domain, ns_c_in, ns_t_mx, w->mx,
		sizeof(w->mx));

	w->addresses = 0;
	w->lost = 0;
	if (size >= 0) {
		status = hosts(w, size);
	} else if (w->state.res_h_errno == NO_DATA) {
		ask_both(w, domain, 0);
		status = w->addresses != 0 ? LOAD_OK : LOAD_NO_HOST;
	} else {
		status = w->state.res_h_errno == HOST_NOT_FOUND ?
			LOAD_NO_DOMAIN : LOAD_LOST;
	}
	return w->lost ? LOAD_LOST : status;
}

static void *walk(void *user)
{
	struct walker w;
	enum load_status status;
	int more;

	(void)user;
	begin(&w);
	for (;;) {
		(void)pthread_mutex_lock(&one);
		more = load_next(&w.job);
		(void)pthread_mutex_unlock(&one);
		if (!more)
			break;
		status = plan(&w, load_domain(&w.job));
		(void)pthread_mutex_lock(&one);
		load_done(&w.job, status);
		(void)pthread_mutex_unlock(&one);
	}
	res_nclose(&w.state);
	return NULL;
}

int main(int argc, char **argv)
{
	static pthread_t threads[THREADS];
	pthread_attr_t attributes;
	unsigned n, i;

	load_begin(argc, argv, "glibc threads");
	n = load.concurrency < THREADS ? load.concurrency : THREADS;
	if (pthread_attr_init(&attributes) != 0 ||
		pthread_attr_setstacksize(&attributes, STACK) != 0)
		load_die("pthread_attr_init");
	for (i = 0; i < n; i++)
		if (pthread_create(&threads[i], &attributes, walk, NULL) != 0)
			load_die("pthread_create");
	for (i = 0; i < n; i++)
		(void)pthread_join(threads[i], NULL);
	return load_end();
}
