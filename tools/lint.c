/*
 * The command mxsel lint: its options, domain after domain, exit status. What
 * senders may set for themselves is set here to what a zone owner must know:
 * every record and address is looked at. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "lint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "complain.h"
#include "lint_look.h"
#include "lint_page.h"

struct setting {
	int option;
	int value;
};

static const struct setting settings[] = {
	{ MXSEL_OPT_TRACE, 1 },
	{ MXSEL_OPT_DANE, 0 },
	{ MXSEL_OPT_DANE_INSECURE_MX, MXSEL_INSECURE_MX_DANE },
	{ MXSEL_OPT_REFUSE_PRIVATE, 1 },
	{ MXSEL_OPT_FAMILY, MXSEL_FAMILY_INTERLEAVE },
	{ MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_NONE },
	{ MXSEL_OPT_IMPLICIT_ON_NXDOMAIN, 0 },
	{ MXSEL_OPT_STRICT_NULL_MX, 0 },
	{ MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 0 },
	{ MXSEL_OPT_REFUSE_EXCHANGE_ALIAS, 0 },
	{ MXSEL_OPT_SENDER, 0 },
	{ MXSEL_OPT_ASK_LOCAL, 0 },
	{ MXSEL_OPT_HAND_OUT_ONION, 0 },
	{ MXSEL_OPT_MAX_RECORDS, 0 },
	{ MXSEL_OPT_MAX_HOSTS, 0 },
	{ MXSEL_OPT_MAX_HOST_ADDRESSES, 0 },
	{ MXSEL_OPT_MAX_ADDRESSES, 0 },
	{ MXSEL_OPT_MAX_QUERIES, 0 },
	{ MXSEL_OPT_MAX_ATTEMPTS, 0 },
};

/* A copy of options that follows so many aliases. NULL: no memory. */
static mxsel_options *copy_options(const mxsel_options *options, int aliases,
	int is_host)
{
	mxsel_options *copy;
	size_t i;
	int r = mxsel_options_copy(&copy, options);

	if (r != 0)
		return NULL;
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]) && r == 0; i++)
		r = mxsel_options_set(copy, settings[i].option,
			settings[i].value);
	if (r == 0)
		r = mxsel_options_set(copy, MXSEL_OPT_MAX_ALIASES, aliases);
	if (r == 0 && !is_host)
		r = mxsel_options_refuse_exchange(copy, "*", 550, NULL, NULL);
	if (r == 0)
		return copy;
	mxsel_options_free(copy);
	return NULL;
}

/* The pair that looks for TLSA records. 0 or MXSEL_ENOMEM. */
static int open_tlsa(struct lint_options *o, const mxsel_options *options)
{
	o->feigned = copy_options(options, LINT_ALIASES_MAX, 1);
	o->tlsa = copy_options(options, LINT_ALIASES_MAX, 1);
	if (o->feigned == NULL || o->tlsa == NULL ||
	    mxsel_options_set_resolver(o->feigned, NULL) != 0 ||
	    mxsel_options_set(o->tlsa, MXSEL_OPT_DANE, 1) != 0)
		return MXSEL_ENOMEM;
	return 0;
}

static int open_options(struct lint_options *o, const mxsel_options *options)
{
	o->domain = copy_options(options, LINT_ALIASES_MAX, 0);
	o->host = copy_options(options, LINT_ALIASES_MAX, 1);
	o->domain_flat = copy_options(options, 1, 0);
	o->host_flat = copy_options(options, 1, 1);
	o->probe = copy_options(options, LINT_ALIASES_MAX, 0);
	if (o->domain == NULL || o->host == NULL || o->domain_flat == NULL ||
	    o->host_flat == NULL || o->probe == NULL ||
	    mxsel_options_set(o->probe, MXSEL_OPT_MAX_QUERIES, 1) != 0)
		return MXSEL_ENOMEM;
	return open_tlsa(o, options);
}

static void close_options(struct lint_options *o)
{
	mxsel_options_free(o->domain);
	mxsel_options_free(o->host);
	mxsel_options_free(o->domain_flat);
	mxsel_options_free(o->host_flat);
	mxsel_options_free(o->tlsa);
	mxsel_options_free(o->feigned);
	mxsel_options_free(o->probe);
}

static int status_of(const struct lint_page *page)
{
	if (page->error != 0) {
		return complain_error(page->domain, NULL, page->error,
			EX_TEMPFAIL);
	}
	if (page->is_no_domain) {
		complain("lint", page->domain, "this is not a domain",
			"give the name of one, such as example.com");
		return EX_USAGE;
	}
	if (page->is_unanswered)
		return EX_TEMPFAIL;
	return lint_page_has_error(page);
}

/* 0 or MXSEL_ENOMEM. */
static int print_page(const struct settings *s, const struct lint_page *page,
	int color, int first)
{
	if (s->quiet)
		return 0;
	if (s->json)
		return lint_print_json(stdout, page);
	if (!first)
		putchar('\n');
	lint_print_human(stdout, page, color);
	return 0;
}

static int flush_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return complain_system("cannot write", NULL, errno, EX_IOERR);
}

/* One domain; *printed: something stands above it already. */
static int lint_one(const struct settings *s, const struct lint_options *o,
	const char *domain, int *printed)
{
	struct lint_page page;
	int status;

	lint_look(&page, o, domain);
	status = status_of(&page);
	if (page.error == 0 && !page.is_no_domain) {
		page.error = print_page(s, &page, settings_want_color(s),
			!*printed);
		if (page.error != 0)
			status = status_of(&page);
		*printed = 1;
	}
	lint_page_free(&page);
	return status;
}

static int lint_all(const struct settings *s, const struct lint_options *o)
{
	int worst = 0, printed = 0, lost = 0;
	size_t i;

	for (i = 0; i < s->destination_count; i++) {
		worst = plan_worse(worst, lint_one(s, o, s->destinations[i],
			&printed));
		lost = flush_output();
		if (lost != 0)
			return lost;
	}
	return worst;
}

int lint_run(const struct settings *s, mxsel_options *options)
{
	struct security security;
	struct lint_options o;
	int status;

	memset(&o, 0, sizeof(o));
	o.security = &security;
	o.validates = s->validates;
	o.is_by_ad = s->anchor_count == 0;
	o.wants_dane = s->dane;
	status = security_open(&security, s);
	if (status == 0 && open_options(&o, options) == 0)
		status = lint_all(s, &o);
	else if (status == 0)
		status = complain_error("lint", NULL, MXSEL_ENOMEM,
			EX_TEMPFAIL);
	close_options(&o);
	security_close(&security);
	return status;
}
