/*
 * Make a mail-like zone "example" of N domains, the same for the same seed,
 * and what the drivers of the benchmark need of it:
 *
 *   zone       the master file, for NSD
 *   domains    the domains in random order, one a line
 *   checks     for each of them the checksum of its whole answer
 *   firsts     and that of its first attempt, 1: one of several
 *   questions  every distinct question once, as it stands in a message
 *
 * Prints the questions per domain that are asked when each domain is looked
 * up by itself, when each distinct question is asked once, and when only the
 * first host of each domain is looked up. May use libc only.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/dns/load.h"

enum kind {
	FIVE,      /* five MX at one provider */
	ONE,       /* one MX at a provider */
	OWN_ONE,   /* its own host */
	OWN_TWO,
	IMPLICIT,  /* no MX */
	NULL_MX,
	DEAD,      /* an MX that has no address */
	TEN,       /* ten equal MX */
	ALIAS,     /* of a domain of the first two kinds */
	MISSING    /* no such domain */
};

/* Of a hundred domains. */
static const unsigned char shares[] = { 55, 15, 10, 10, 3, 2, 2, 1, 1, 1 };

/* The hosts of providers come first, then those of domains: two for each. */
static uint32_t count, fives, ones, tens, first_own;
static uint64_t seed;
static FILE *zone, *questions;
static unsigned char *asked;
static uint64_t naive, distinct, lazy;

struct host {
	uint32_t number;
	unsigned preference;
	char name[64]; /* without ".example" */
};

struct answer {
	enum load_status status;
	unsigned hosts;
	struct host host[10];
};

static void die(const char *what)
{
	fprintf(stderr, "zone: %s\n", what);
	exit(EXIT_FAILURE);
}

static enum kind kind_of(uint32_t domain)
{
	unsigned place = domain % 100, kind = 0;

	while (place >= shares[kind])
		place -= shares[kind++];
	return (enum kind)kind;
}

static uint64_t random_of(uint32_t domain, unsigned what)
{
	return load_mix(load_mix(seed ^ domain) + what);
}

/* Few providers have most domains. */
static uint32_t provider_of(uint32_t domain, uint32_t providers)
{
	double u = (double)(random_of(domain, 1) >> 11) / 9007199254740992.0;

	return (uint32_t)(u * u * u * providers);
}

/* Eight letters, another word for every number. */
static void name_domain(char out[16], uint32_t domain)
{
	static const char first[] = "bdfghklmnprstv", then[] = "aeiou";
	uint32_t n = (uint32_t)((domain * UINT64_C(7368787) + seed % 1000) %
		24010000);
	int i;

	for (i = 0; i < 8; i += 2, n /= 70) {
		out[i] = first[n % 70 / 5];
		out[i + 1] = then[n % 5];
	}
	out[8] = '\0';
}

static void name_host(struct host *h, uint32_t number, unsigned preference)
{
	char domain[16];

	h->number = number;
	h->preference = preference;
	if (number >= first_own) {
		name_domain(domain, (number - first_own) / 2);
		(void)snprintf(h->name, sizeof(h->name), "mx%u.%s",
			(number - first_own) % 2 + 1, domain);
	} else if (number < 5 * fives) {
		(void)snprintf(h->name, sizeof(h->name), "mx%u.post%u",
			number % 5 + 1, number / 5);
	} else if (number < 5 * fives + ones) {
		(void)snprintf(h->name, sizeof(h->name), "mail.relay%u",
			number - 5 * fives);
	} else {
		number -= 5 * fives + ones;
		(void)snprintf(h->name, sizeof(h->name), "in%u.pool%u",
			number % 10, number / 10);
	}
}

static void add(struct answer *a, uint32_t number, unsigned preference)
{
	name_host(&a->host[a->hosts++], number, preference);
}

static uint32_t target_of(uint32_t domain)
{
	uint32_t target = (uint32_t)(random_of(domain, 2) % count);

	while (kind_of(target) > ONE)
		target = (target + 1) % count;
	return target;
}

static void find(struct answer *a, uint32_t domain)
{
	static const unsigned five[] = { 1, 5, 5, 10, 10 };
	enum kind kind;
	uint32_t own, i, provider;

	if (kind_of(domain) == ALIAS)
		domain = target_of(domain); /* never an alias again */
	kind = kind_of(domain);
	own = first_own + 2 * domain;
	a->status = LOAD_OK;
	a->hosts = 0;
	if (kind == FIVE) {
		provider = provider_of(domain, fives);
		for (i = 0; i < 5; i++)
			add(a, 5 * provider + i, five[i]);
	} else if (kind == ONE) {
		add(a, 5 * fives + provider_of(domain, ones), 10);
	} else if (kind == TEN) {
		provider = 5 * fives + ones + 10 * provider_of(domain, tens);
		for (i = 0; i < 10; i++)
			add(a, provider + i, 10);
	} else if (kind == OWN_ONE || kind == OWN_TWO) {
		add(a, own, 10);
		if (kind == OWN_TWO)
			add(a, own + 1, 20);
	} else if (kind == IMPLICIT) {
		add(a, own, 0);
		name_domain(a->host[0].name, domain);
	} else if (kind == DEAD) {
		add(a, own, 10);
		a->status = LOAD_NO_HOST;
	} else {
		a->status = kind == NULL_MX ? LOAD_NULL_MX : LOAD_NO_DOMAIN;
	}
}

/* 10.0.0.0/8 and 2001:db8::/32, another one for every host. */
static void addresses_of(uint32_t number, unsigned char v4[4],
	unsigned char v6[16])
{
	uint32_t n = number + 256;
	int i;

	memcpy(v6, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0", 12);
	for (i = 3; i >= 0; i--, n >>= 8)
		v4[i] = v6[12 + i] = (unsigned char)n;
	v4[0] = 10;
}

static void write_addresses(const struct host *h)
{
	unsigned char a[4], b[16];

	addresses_of(h->number, a, b);
	fprintf(zone, "%s A %u.%u.%u.%u\n A", h->name, a[0], a[1], a[2],
		a[3]);
	fprintf(zone, "AAA 2001:db8::%x:%x\n", b[12] << 8 | b[13],
		b[14] << 8 | b[15]);
}

static void write_domain(uint32_t domain)
{
	enum kind kind = kind_of(domain);
	struct answer a;
	char name[16], target[16];
	unsigned i;

	name_domain(name, domain);
	find(&a, domain);
	if (kind == ALIAS) {
		name_domain(target, target_of(domain));
		fprintf(zone, "%s CNAME %s\n", name, target);
		return;
	}
	if (kind == NULL_MX)
		fprintf(zone, "%s MX 0 .\n", name);
	for (i = 0; i < a.hosts && kind != IMPLICIT; i++)
		fprintf(zone, "%s MX %u %s\n", i == 0 ? name : "",
			a.host[i].preference, a.host[i].name);
	/* Every other host without an address does not exist at all. */
	if (kind == DEAD && domain / 100 % 2 == 0)
		fprintf(zone, "%s TXT \"no address\"\n", a.host[0].name);
	if (kind == OWN_ONE || kind == OWN_TWO || kind == IMPLICIT)
		for (i = 0; i < a.hosts; i++)
			write_addresses(&a.host[i]);
}

static void write_zone(void)
{
	struct host h;
	uint32_t i;

	fputs("$ORIGIN example.\n$TTL 3600\n"
		"@ SOA ns hostmaster 1 3600 600 86400 300\n"
		"@ NS ns\nns A 10.255.255.1\n", zone);
	for (i = 0; i < first_own; i++) {
		name_host(&h, i, 0);
		write_addresses(&h);
	}
	for (i = 0; i < count; i++)
		write_domain(i);
}

static void write_question(const char *name, unsigned type)
{
	unsigned char out[128];
	size_t size = 2;

	do {
		size_t label = strcspn(name, ".");

		out[size++] = (unsigned char)label;
		memcpy(out + size, name, label);
		size += label;
		name += label + (name[label] == '.');
	} while (*name != '\0');
	memcpy(out + size, "\7example\0\0", 10);
	out[size + 10] = (unsigned char)type;
	out[size + 11] = 0;
	out[size + 12] = 1;
	out[0] = 0;
	out[1] = (unsigned char)(size + 11);
	if (fwrite(out, 1, size + 13, questions) != size + 13)
		die("questions");
	distinct++;
}

static void ask(const struct host *h)
{
	unsigned char *bits = &asked[h->number];

	naive += 2;
	if (*bits & 1)
		return;
	*bits |= 1;
	write_question(h->name, 1);
	write_question(h->name, 28);
}

static void ask_first(const struct host *h)
{
	if (asked[h->number] & 2)
		return;
	asked[h->number] |= 2;
	lazy += 2;
}

static uint64_t check_of(const struct answer *a, int first)
{
	unsigned char v4[4], v6[16];
	uint64_t sum = 0, hash;
	char name[80];
	unsigned i;

	for (i = 0; i < a->hosts && a->status == LOAD_OK; i++) {
		(void)snprintf(name, sizeof(name), "%s.example",
			a->host[i].name);
		addresses_of(a->host[i].number, v4, v6);
		hash = load_hash(name);
		sum += load_entry(hash, a->host[i].preference, v6, 16);
		if (first)
			break;
		sum += load_entry(hash, a->host[i].preference, v4, 4);
	}
	return first && a->hosts == 10 ? 1 : load_check(sum, a->status);
}

static void write_list(const uint32_t *order, FILE *domains, FILE *checks,
	FILE *firsts)
{
	struct answer a;
	uint64_t check;
	char name[16];
	uint32_t i;
	unsigned j;

	for (i = 0; i < count; i++) {
		find(&a, order[i]);
		name_domain(name, order[i]);
		fprintf(domains, "%s.example\n", name);
		write_question(name, 15);
		naive++;
		lazy++;
		for (j = 0; j < a.hosts; j++)
			ask(&a.host[j]);
		if (a.hosts != 0)
			ask_first(&a.host[random_of(order[i], 3) %
				(a.hosts == 10 ? 10 : 1)]);
		check = check_of(&a, 0);
		if (fwrite(&check, sizeof(check), 1, checks) != 1)
			die("checks");
		check = check_of(&a, 1);
		if (fwrite(&check, sizeof(check), 1, firsts) != 1)
			die("firsts");
	}
}

static uint32_t *shuffled(void)
{
	uint32_t *order = malloc(count * sizeof(order[0])), i, j;

	if (order == NULL)
		die("no memory");
	for (i = 0; i < count; i++) {
		j = (uint32_t)(random_of(i, 4) % (i + 1));
		order[i] = order[j];
		order[j] = i;
	}
	return order;
}

static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "wb");
	if (f == NULL)
		die(path);
	return f;
}

int main(int argc, char **argv)
{
	FILE *domains, *checks, *firsts;
	uint32_t *order;

	if (argc < 3)
		die("FOLDER DOMAINS [SEED]");
	count = (uint32_t)strtoul(argv[2], NULL, 10);
	seed = load_mix(argc > 3 ? strtoul(argv[3], NULL, 10) : 1);
	if (count < 1 || count > 4000000)
		die("1 to 4,000,000 domains");
	fives = count / 100 + 1;
	ones = count / 400 + 1;
	tens = count / 2000 + 1;
	first_own = 5 * fives + ones + 10 * tens;
	asked = calloc(first_own + 2 * (size_t)count, 1);
	order = shuffled();
	zone = create(argv[1], "zone");
	questions = create(argv[1], "questions");
	domains = create(argv[1], "domains");
	checks = create(argv[1], "checks");
	firsts = create(argv[1], "firsts");
	if (asked == NULL)
		die("no memory");
	write_zone();
	write_list(order, domains, checks, firsts);
	if (fclose(zone) + fclose(questions) + fclose(domains) +
		fclose(checks) + fclose(firsts) != 0)
		die("no room");
	printf("{\"domains\":%" PRIu32 ",\"naive\":%.3f,\"floor\":%.3f,"
		"\"lazy\":%.3f}\n", count, (double)naive / count,
		(double)distinct / count, (double)lazy / count);
	free(order);
	free(asked);
	return EXIT_SUCCESS;
}
