/*
 * For those who come from Exim's host_find_bydns(): a chain of hosts with
 * their addresses, and one of its four results. Zones in place of the DNS, so
 * that it can be tried.
 *
 *     moving_exim [--self NAME] ZONE-FILE DESTINATION
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

/* guide: find */
enum found { FIND_FAILED, FIND_AGAIN, FOUND, FOUND_LOCAL };

/* One for each address; those of one host share its name and rank. */
struct host {
	struct host *next;
	char name[256];
	char address[64];
	int mx; /* -1: there is no MX record, the domain itself */
};

static struct host *host_of(const mxsel *m)
{
	struct host *h = calloc(1, sizeof *h);

	if (h == NULL)
		return NULL;
	snprintf(h->name, sizeof h->name, "%s", mxsel_host_name(m));
	snprintf(h->address, sizeof h->address, "%s", mxsel_address(m));
	h->mx = mxsel_host_source(m) == MXSEL_SOURCE_MX ?
		mxsel_host_preference(m) : -1;
	return h;
}

/* The chain, and what to make of it when there is none. */
static enum found find_hosts(mxsel *m, struct host **chain, int *removed)
{
	struct host **end = chain;
	int r;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		*end = host_of(m);
		if (*end == NULL)
			return FIND_AGAIN;
		end = &(*end)->next;
	}
	*removed = (mxsel_flags(m) & MXSEL_FLAG_SELF) != 0;
	if (r != MXSEL_END)
		return FIND_AGAIN;
	if (*chain != NULL)
		return FOUND;
	if (mxsel_verdict_reason(m) == MXSEL_REASON_LOOP)
		return FOUND_LOCAL;
	return mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE ?
		FIND_FAILED : FIND_AGAIN;
}
/* guide: end */

static void print_chain(mxsel *m)
{
	static const char *const words[] = { "failed", "again", "found",
		"found local" };
	struct host *chain = NULL, *next;
	int removed = 0;
	enum found found = find_hosts(m, &chain, &removed);

	printf("%s%s\n", words[found], removed ? ", ourselves removed" : "");
	for (; chain != NULL; chain = next) {
		next = chain->next;
		printf("  %s %s MX=%d\n", chain->name, chain->address,
			chain->mx);
		free(chain);
	}
}

static int run(const char *self, const char *zone, const char *destination)
{
	mxsel_resolver *resolver = NULL;
	mxsel_options *options = NULL;
	mxsel *m = NULL;
	int r = mxsel_ldns_zone_new(&resolver, &zone, 1);

	if (r == 0)
		r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options, resolver);
	if (r == 0 && self != NULL)
		r = mxsel_options_add_self_name(options, self);
	if (r == 0)
		r = mxsel_new(&m, destination, options);
	if (r == 0)
		print_chain(m);
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_resolver_free(resolver);
	return r;
}

int main(int argc, char **argv)
{
	const char *self = NULL;
	int r;

	if (argc == 5 && strcmp(argv[1], "--self") == 0) {
		self = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc != 3) {
		fprintf(stderr, "usage: moving_exim [--self NAME] ZONE-FILE "
			"DESTINATION\n");
		return 64;
	}
	r = run(self, argv[1], argv[2]);
	if (r != 0)
		fprintf(stderr, "moving_exim: %s\n", mxsel_strerror(r));
	return r != 0;
}
