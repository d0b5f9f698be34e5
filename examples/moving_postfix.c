/*
 * For those who come from Postfix's smtp_domain_addr(): the same function on
 * libmxsel, a list of addresses or why there is none, and then the loop that
 * needs no list. Zones in place of the DNS, so that it can be tried.
 *
 *     moving_postfix [--self NAME] ZONE-FILE DESTINATION
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

/* guide: list */
struct address {
	struct address *next;
	int preference;
	char name[256];
	char text[64];
	struct sockaddr_storage where;
	size_t size;
};

struct why {
	int code;         /* 451 */
	char status[10];  /* 4.4.3 */
	char reason[256]; /* a sentence */
};

static struct address *add(const mxsel *m)
{
	struct address *a = calloc(1, sizeof *a);

	if (a == NULL)
		return NULL;
	a->preference = mxsel_host_preference(m);
	snprintf(a->name, sizeof a->name, "%s", mxsel_host_name(m));
	snprintf(a->text, sizeof a->text, "%s", mxsel_address(m));
	a->size = sizeof a->where;
	mxsel_sockaddr(m, (struct sockaddr *)&a->where, &a->size);
	return a;
}

/* All addresses, best first; or NULL, and why. */
static struct address *domain_addr(mxsel *m, struct why *why,
	int *found_myself)
{
	struct address *list = NULL, **end = &list;
	int r;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		*end = add(m);
		if (*end == NULL)
			break;
		end = &(*end)->next;
	}
	if (r != MXSEL_END) { /* an error of ours: the mail waits */
		*why = (struct why){ 451, "4.3.0", "Out of memory." };
		return list;
	}
	why->code = mxsel_verdict_code(m);
	snprintf(why->status, sizeof why->status, "%s",
		mxsel_verdict_status(m));
	snprintf(why->reason, sizeof why->reason, "%s",
		mxsel_verdict_text(m));
	*found_myself |= (mxsel_flags(m) & MXSEL_FLAG_SELF) != 0;
	return list;
}
/* guide: end */

static void print_list(mxsel *m)
{
	struct why why;
	struct address *list, *next;
	int found_myself = 0;

	list = domain_addr(m, &why, &found_myself);
	if (list == NULL)
		printf("%d %s %s\n", why.code, why.status, why.reason);
	if (found_myself)
		printf("we are among the hosts\n");
	for (; list != NULL; list = next) {
		next = list->next;
		printf("%d %s [%s]\n", list->preference, list->name,
			list->text);
		free(list);
	}
}

/* A session that finds nobody at home. */
static int deliver_to(const mxsel *m)
{
	printf("trying %s [%s]\n", mxsel_host_name(m), mxsel_address(m));
	return MXSEL_OUTCOME_REFUSED;
}

/* guide: loop */
static int deliver(mxsel *m)
{
	while (mxsel_next(m) == MXSEL_ATTEMPT)
		mxsel_report(m, deliver_to(m), 0, NULL);
	printf("%s: %d %s %s\n",
		mxsel_verdict_action(m) == MXSEL_ACTION_DELIVERED ? "sent" :
		mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE ? "bounced" :
		"deferred", mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_verdict_text(m));
	return mxsel_verdict_action(m);
}
/* guide: end */

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
	if (r == 0) {
		print_list(m);
		r = mxsel_reset(m, destination);
	}
	if (r == 0)
		deliver(m);
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
		fprintf(stderr, "usage: moving_postfix [--self NAME] "
			"ZONE-FILE DESTINATION\n");
		return 64;
	}
	r = run(self, argv[1], argv[2]);
	if (r != 0)
		fprintf(stderr, "moving_postfix: %s\n", mxsel_strerror(r));
	return r != 0;
}
