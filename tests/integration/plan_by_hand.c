/*
 * The third way to a plan, beside mxsel --zone and mxsel --server: the pull
 * interface fed by hand. Takes the command line of mxsel (--zone is a must)
 * and prints the same JSON, but reads the master files itself and answers
 * every question record by record, the last one asked first and MX records
 * backwards, so that no order but the library's own can show in the plan.
 * May use the public headers, ldns, and the tool's settings and printers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <ldns/ldns.h>

#ifdef HAVE_IDN2
#include <mxsel/idn2.h>
#endif
#include <mxsel/mxsel.h>

#include "../../tools/complain.h"
#include "../../tools/json.h"
#include "../../tools/settings.h"

#define ZONES_MAX 8
#define LINKS_MAX 32 /* more than any chain of the zone */
#define OPEN_MAX 64  /* questions open at once */

struct zone {
	ldns_rr *soa;
	ldns_rr_list *records; /* without the SOA */
};

struct store {
	struct zone zones[ZONES_MAX];
	size_t count;
};

static int load(struct zone *z, const char *path)
{
	FILE *file = fopen(path, "r");
	ldns_zone *read = NULL;
	int line = 0;

	if (file == NULL)
		return -1;
	if (ldns_zone_new_frm_fp_l(&read, file, NULL, 0, LDNS_RR_CLASS_IN,
			&line) != LDNS_STATUS_OK) {
		fprintf(stderr, "%s:%d: does not parse\n", path, line);
		fclose(file);
		return -1;
	}
	fclose(file);
	z->soa = ldns_zone_soa(read);
	z->records = ldns_zone_rrs(read);
	free(read); /* the zone only: its records are kept */
	return z->soa != NULL ? 0 : -1;
}

static void unload(struct zone *z)
{
	ldns_rr_free(z->soa);
	ldns_rr_list_deep_free(z->records);
}

static int at_or_under(const ldns_rdf *name, const ldns_rdf *apex)
{
	return ldns_dname_compare(name, apex) == 0 ||
		ldns_dname_is_subdomain(name, apex);
}

/* The zone with the longest name that holds this one (RFC 1034 4.3.2). */
static const struct zone *find_zone(const struct store *s,
	const ldns_rdf *name)
{
	const struct zone *best = NULL;
	size_t i;

	for (i = 0; i < s->count; i++) {
		const ldns_rdf *apex = ldns_rr_owner(s->zones[i].soa);

		if (!at_or_under(name, apex))
			continue;
		if (best == NULL || at_or_under(apex,
				ldns_rr_owner(best->soa)))
			best = &s->zones[i];
	}
	return best;
}

static const ldns_rr *find(const struct zone *z, const ldns_rdf *name,
	ldns_rr_type type)
{
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(z->records); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(z->records, i);

		if (ldns_rr_get_type(rr) == type &&
		    ldns_dname_compare(ldns_rr_owner(rr), name) == 0)
			return rr;
	}
	return NULL;
}

/* A name exists when it, or anything below it, has a record. */
static int exists(const struct zone *z, const ldns_rdf *name)
{
	size_t i;

	if (at_or_under(ldns_rr_owner(z->soa), name))
		return 1;
	for (i = 0; i < ldns_rr_list_rr_count(z->records); i++)
		if (at_or_under(ldns_rr_owner(ldns_rr_list_rr(z->records, i)),
				name))
			return 1;
	return 0;
}

/* Is the name at or below a delegation of this zone? */
static int is_delegated(const struct zone *z, const ldns_rdf *name)
{
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(z->records); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(z->records, i);

		if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_NS &&
		    ldns_dname_compare(ldns_rr_owner(rr),
				ldns_rr_owner(z->soa)) != 0 &&
		    at_or_under(name, ldns_rr_owner(rr)))
			return 1;
	}
	return 0;
}

/*
 * The owner whose records answer for name: itself, or the wildcard of its
 * closest encloser (RFC 4592 3.3.1). NULL: there is no such name. Yours.
 */
static ldns_rdf *find_source(const struct zone *z, const ldns_rdf *name)
{
	ldns_rdf *encloser, *parent, *star, *wildcard;

	encloser = ldns_rdf_clone(name);
	if (exists(z, encloser))
		return encloser;
	while (!exists(z, encloser)) {
		parent = ldns_dname_left_chop(encloser);
		ldns_rdf_deep_free(encloser);
		encloser = parent;
	}
	star = ldns_dname_new_frm_str("*");
	wildcard = ldns_dname_cat_clone(star, encloser);
	ldns_rdf_deep_free(star);
	ldns_rdf_deep_free(encloser);
	if (exists(z, wildcard))
		return wildcard;
	ldns_rdf_deep_free(wildcard);
	return NULL;
}

static int is_repeated(const ldns_rr_list *records, size_t i)
{
	const ldns_rr *rr = ldns_rr_list_rr(records, i);
	size_t j;

	for (j = 0; j < i; j++)
		if (ldns_rr_compare(ldns_rr_list_rr(records, j), rr) == 0)
			return 1;
	return 0;
}

static int add_record(mxsel_query *q, const ldns_rr *rr)
{
	const ldns_rdf *last = ldns_rr_rdf(rr, ldns_rr_rd_count(rr) - 1);
	char *exchange;
	int r;

	if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_MX)
		return mxsel_answer_address(q, ldns_rdf_data(last),
			ldns_rdf_size(last), ldns_rr_ttl(rr));
	exchange = ldns_rdf2str(last);
	r = mxsel_answer_mx(q, ldns_rdf2native_int16(ldns_rr_rdf(rr, 0)),
		exchange, ldns_rr_ttl(rr));
	free(exchange);
	return r;
}

/* Add what the owner has of the type asked: how many, or an error. */
static int add_records(mxsel_query *q, const struct zone *z,
	const ldns_rdf *owner)
{
	size_t count = ldns_rr_list_rr_count(z->records);
	int backwards = mxsel_query_type(q) == MXSEL_TYPE_MX;
	int added = 0;
	size_t n, i;
	int r;

	for (n = 0; n < count; n++) {
		const ldns_rr *rr;

		i = backwards ? count - 1 - n : n;
		rr = ldns_rr_list_rr(z->records, i);
		if (ldns_rr_get_type(rr) != mxsel_query_type(q) ||
		    ldns_dname_compare(ldns_rr_owner(rr), owner) != 0 ||
		    is_repeated(z->records, i))
			continue;
		r = add_record(q, rr);
		if (r != 0)
			return r;
		added++;
	}
	return added;
}

/* min(SOA TTL, SOA MINIMUM): RFC 2308 5. */
static uint32_t negative_ttl(const struct zone *z)
{
	uint32_t minimum = ldns_rdf2native_int32(ldns_rr_rdf(z->soa, 6));

	return ldns_rr_ttl(z->soa) < minimum ? ldns_rr_ttl(z->soa) : minimum;
}

/* Say that there is an alias, and go on to its target; 1: been there. */
static int add_alias(mxsel_query *q, const ldns_rr *cname, ldns_rdf **name,
	ldns_rdf **seen, size_t *links)
{
	char *target = ldns_rdf2str(ldns_rr_rdf(cname, 0));
	int r = mxsel_answer_alias(q, target, ldns_rr_ttl(cname));
	size_t i;

	free(target);
	if (r != 0)
		return r;
	seen[(*links)++] = *name;
	*name = ldns_rdf_clone(ldns_rr_rdf(cname, 0));
	for (i = 0; i < *links; i++)
		if (ldns_dname_compare(seen[i], *name) == 0)
			return 1;
	return *links == LINKS_MAX;
}

/*
 * One name of the chain. 0: an alias, and *name is the next; else the
 * question is over, with *outcome, or with a negative error.
 */
static int answer_name(mxsel_query *q, const struct store *s, ldns_rdf **name,
	ldns_rdf **seen, size_t *links, int *outcome)
{
	const struct zone *z = find_zone(s, *name);
	const ldns_rr *cname;
	ldns_rdf *owner;
	int r;

	*outcome = MXSEL_DNS_COMPLETE;
	if (z == NULL || is_delegated(z, *name)) {
		if (*links == 0)
			*outcome = z == NULL ? MXSEL_DNS_REFUSED :
				MXSEL_DNS_REFERRAL;
		return 1; /* behind an alias: let the library ask there */
	}
	owner = find_source(z, *name);
	if (owner == NULL) {
		*outcome = MXSEL_DNS_NXDOMAIN;
		r = mxsel_answer_negative_ttl(q, negative_ttl(z));
		return r != 0 ? r : 1;
	}
	cname = find(z, owner, LDNS_RR_TYPE_CNAME);
	if (cname != NULL)
		r = add_alias(q, cname, name, seen, links);
	else if ((r = add_records(q, z, owner)) == 0)
		r = mxsel_answer_negative_ttl(q, negative_ttl(z)) == 0 ? 1 :
			MXSEL_EUSAGE;
	ldns_rdf_deep_free(owner);
	return r;
}

static int answer(mxsel_query *q, const struct store *s)
{
	ldns_rdf *name = ldns_dname_new_frm_str(mxsel_query_name(q));
	ldns_rdf *seen[LINKS_MAX];
	int outcome = MXSEL_DNS_SERVFAIL;
	size_t links = 0;
	int r = 0;

	while (r == 0 && name != NULL)
		r = answer_name(q, s, &name, seen, &links, &outcome);
	ldns_rdf_deep_free(name);
	while (links > 0)
		ldns_rdf_deep_free(seen[--links]);
	if (r < 0)
		return r;
	return mxsel_answer_finish(q, outcome, MXSEL_SECURITY_INSECURE);
}

/* Everything that is open, the last question first. */
static int answer_all(mxsel *m, const struct store *store)
{
	mxsel_query *open[OPEN_MAX];
	size_t count = 0;
	int r = 0;

	while (count < OPEN_MAX &&
	       (open[count] = mxsel_query_take(m)) != NULL)
		count++;
	if (count == 0)
		return MXSEL_EUSAGE; /* it waits, but for nothing */
	while (r == 0 && count > 0)
		r = answer(open[--count], store);
	return r;
}

static int plan_one(const char *destination, const struct settings *s,
	struct store *store)
{
	struct json json = { .keys = JSON_ALL };
	struct buffer line = { NULL, 0, 0, 0 };
	mxsel *m = NULL;
	int r = mxsel_new(&m, destination, s->options);

	json_begin(&json);
	while (r == 0 && (r = mxsel_next(m)) != MXSEL_END) {
		if (r == MXSEL_ATTEMPT)
			json_attempt(&json, m);
		r = r == MXSEL_LOOKUP ? answer_all(m, store) : r < 0 ? r : 0;
	}
	if (r == 0) {
		json_end(&json, m, destination, strlen(destination), &line);
		r = line.failed ? MXSEL_ENOMEM : 0;
	}
	if (r == 0)
		fwrite(line.bytes, 1, line.length, stdout);
	else
		complain_error(destination, NULL, r, EX_TEMPFAIL);
	buffer_free(&line);
	json_free(&json);
	mxsel_free(m);
	return r;
}

int main(int argc, char **argv)
{
	static struct store store;
	struct settings s;
	int r = settings_read(&s, argc, argv);
	size_t i;

#ifdef HAVE_IDN2
	if (r == 0)
		r = mxsel_idn2_use(s.options) != 0 ? EX_SOFTWARE : 0;
#endif
	for (i = 0; r == 0 && i < s.zone_count && i < ZONES_MAX; i++) {
		r = load(&store.zones[i], s.zones[i]) != 0 ? EX_DATAERR : 0;
		store.count += r == 0;
	}
	for (i = 0; r == 0 && i < s.destination_count; i++)
		r = plan_one(s.destinations[i], &s, &store) != 0;
	while (store.count > 0)
		unload(&store.zones[--store.count]);
	settings_free(&s);
	return r;
}
