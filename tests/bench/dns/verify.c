/*
 * Hold the output of `mxsel bulk` against what the generator knows: every
 * domain once, with the right status, hosts, preferences and addresses. Reads
 * the JSON lines from standard input. May use POSIX.
 *
 *   verify FOLDER COUNT    prints {"right":..,"wrong":..,"lost":..}
 */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/dns/load.h"

struct load load;

struct domain {
	uint64_t hash, check;
	int seen;
};

static struct domain *table;
static size_t slots;
static uint32_t right, wrong;

_Noreturn void load_die(const char *what)
{
	fprintf(stderr, "verify: %s\n", what);
	exit(EXIT_FAILURE);
}

static struct domain *find(uint64_t hash)
{
	size_t i = hash % slots;

	while (table[i].hash != 0 && table[i].hash != hash)
		i = (i + 1) % slots;
	return &table[i];
}

static FILE *open_file(const char *folder, const char *name)
{
	char path[4096];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (f == NULL)
		load_die(path);
	return f;
}

static void read_expected(const char *folder, uint32_t count)
{
	FILE *domains = open_file(folder, "domains");
	FILE *checks = open_file(folder, "checks");
	char line[300];
	uint32_t i;

	slots = 2 * (size_t)count + 1;
	table = calloc(slots, sizeof(table[0]));
	if (table == NULL)
		load_die("no memory");
	for (i = 0; i < count; i++) {
		struct domain *d;
		uint64_t hash;

		if (fgets(line, sizeof(line), domains) == NULL)
			load_die("fewer domains");
		line[strcspn(line, "\n")] = '\0';
		hash = load_hash(line);
		d = find(hash);
		d->hash = hash;
		if (fread(&d->check, sizeof(d->check), 1, checks) != 1)
			load_die("fewer checks");
	}
	(void)fclose(domains);
	(void)fclose(checks);
}

/* The text of the member's string after at; NULL: there is none. */
static char *string_after(char *at, const char *key, char **after)
{
	char *text = strstr(at, key), *end;

	if (text == NULL)
		return NULL;
	text += strlen(key);
	end = strchr(text, '"');
	if (end == NULL)
		return NULL;
	*end = '\0';
	*after = end + 1;
	return text;
}

static enum load_status status_of(const char *text)
{
	if (strcmp(text, "ok") == 0)
		return LOAD_OK;
	if (strcmp(text, "null_mx") == 0)
		return LOAD_NULL_MX;
	if (strcmp(text, "no_domain") == 0)
		return LOAD_NO_DOMAIN;
	return strcmp(text, "no_host") == 0 ? LOAD_NO_HOST : LOAD_LOST;
}

static uint64_t sum_addresses(uint64_t host, unsigned preference, char *list)
{
	uint64_t sum = 0;
	char *at, *mark = NULL;

	for (at = strtok_r(list, "\",[]", &mark); at != NULL;
		at = strtok_r(NULL, "\",[]", &mark)) {
		unsigned char octets[16];
		int v6 = strchr(at, ':') != NULL;

		if (inet_pton(v6 ? AF_INET6 : AF_INET, at, octets) == 1)
			sum += load_entry(host, preference, octets,
				v6 ? 16 : 4);
	}
	return sum;
}

/* Each {"preference":N,"name":"..",..,"addresses":[..]} of the hosts. */
static uint64_t sum_hosts(char *at)
{
	static const char preference[] = "\"preference\":";
	static const char addresses[] = "\"addresses\":[";
	char *end = strstr(at, "\"rejected\":");
	uint64_t sum = 0;

	while ((at = strstr(at, preference)) != NULL &&
		(end == NULL || at < end)) {
		unsigned long n = strtoul(at + strlen(preference), NULL, 10);
		char *name = string_after(at, "\"name\":\"", &at), *close;

		at = name != NULL ? strstr(at, addresses) : NULL;
		close = at != NULL ? strchr(at, ']') : NULL;
		if (close == NULL)
			return 0;
		*close = '\0';
		sum += sum_addresses(load_hash(name), (unsigned)n,
			at + strlen(addresses));
		at = close + 1;
	}
	return sum;
}

static int is_right(char *line)
{
	char *at = line, *name = string_after(at, "\"destination\":\"", &at);
	char *status = name != NULL ?
		string_after(at, "\"status\":\"", &at) : NULL;
	struct domain *d;

	if (status == NULL)
		return 0;
	d = find(load_hash(name));
	if (d->hash == 0 || d->seen)
		return 0;
	d->seen = 1;
	return d->check == load_check(sum_hosts(at), status_of(status));
}

int main(int argc, char **argv)
{
	uint32_t count;
	char *line = NULL;
	size_t room = 0;
	ssize_t size;

	if (argc < 3)
		load_die("FOLDER COUNT");
	count = (uint32_t)strtoul(argv[2], NULL, 10);
	read_expected(argv[1], count);
	while ((size = getline(&line, &room, stdin)) > 0) {
		char *copy = strdup(line);

		if (copy != NULL && is_right(line))
			right++;
		else if (wrong++ < 3 && copy != NULL)
			fprintf(stderr, "verify: %s", copy);
		free(copy);
	}
	free(line);
	free(table);
	printf("{\"right\":%" PRIu32 ",\"wrong\":%" PRIu32 ",\"lost\":%"
		PRIu32 "}\n", right, wrong, count - right - wrong);
	return right == count ? EXIT_SUCCESS : EXIT_FAILURE;
}
