/*
 * For those who come from Courier's rfc1035_mxlist_create(): a list of socket
 * addresses with priorities, and one of its results. Zones in place of the
 * DNS, so that it can be tried.
 *
 *     moving_courier ZONE-FILE DESTINATION
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

/* guide: create */
enum { MX_OK, MX_SOFTERR, MX_HARDERR, MX_INTERNAL };

struct mxlist {
	struct mxlist *next;
	int protocol;
	struct sockaddr_storage address;
	int priority; /* -1: there is no MX record */
	char hostname[256];
};

static void mxlist_free(struct mxlist *list)
{
	struct mxlist *next;

	for (; list != NULL; list = next) {
		next = list->next;
		free(list);
	}
}

static int mxlist_create(mxsel *m, struct mxlist **list)
{
	struct mxlist **end = list, *one;
	size_t size;
	int r;

	*list = NULL;
	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		one = calloc(1, sizeof *one);
		if (one == NULL)
			return MX_INTERNAL;
		size = sizeof one->address;
		mxsel_sockaddr(m, (struct sockaddr *)&one->address, &size);
		one->protocol = one->address.ss_family;
		one->priority = mxsel_host_source(m) == MXSEL_SOURCE_MX ?
			mxsel_host_preference(m) : -1;
		snprintf(one->hostname, sizeof one->hostname, "%s",
			mxsel_host_name(m));
		*end = one;
		end = &one->next;
	}
	if (r != MXSEL_END)
		return MX_INTERNAL;
	if (*list != NULL)
		return MX_OK;
	return mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE ? MX_HARDERR :
		MX_SOFTERR;
}
/* guide: end */

static void print_one(const struct mxlist *one)
{
	const struct sockaddr_in *v4 = (const void *)&one->address;
	const struct sockaddr_in6 *v6 = (const void *)&one->address;
	const void *octets = one->protocol == AF_INET ?
		(const void *)&v4->sin_addr : (const void *)&v6->sin6_addr;
	char text[64] = "?";

	inet_ntop(one->protocol, octets, text, sizeof text);
	printf("%d %s %s\n", one->priority, one->hostname, text);
}

static void print_list(mxsel *m)
{
	static const char *const words[] = { "ok", "soft error",
		"hard error", "internal error" };
	struct mxlist *list, *one;
	int r = mxlist_create(m, &list);

	printf("%s: %s\n", words[r], mxsel_verdict_text(m));
	for (one = list; one != NULL; one = one->next)
		print_one(one);
	mxlist_free(list);
}

static int run(const char *zone, const char *destination)
{
	mxsel_resolver *resolver = NULL;
	mxsel_options *options = NULL;
	mxsel *m = NULL;
	int r = mxsel_ldns_zone_new(&resolver, &zone, 1);

	if (r == 0)
		r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options, resolver);
	if (r == 0)
		r = mxsel_new(&m, destination, options);
	if (r == 0)
		print_list(m);
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_resolver_free(resolver);
	return r;
}

int main(int argc, char **argv)
{
	int r;

	if (argc != 3) {
		fprintf(stderr, "usage: moving_courier ZONE-FILE "
			"DESTINATION\n");
		return 64;
	}
	r = run(argv[1], argv[2]);
	if (r != 0)
		fprintf(stderr, "moving_courier: %s\n", mxsel_strerror(r));
	return r != 0;
}
