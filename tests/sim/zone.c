/*
 * Records from lines of text, see zone.h. May use libc only.
 */
#define _POSIX_C_SOURCE 200809L

#include "sim/zone.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel.h"

#define WORDS_MAX 12

void sim_zone_init(struct sim_zone *zone, const char *origin)
{
	memset(zone, 0, sizeof *zone);
	(void)sim_name_parse(&zone->origin, origin, NULL);
}

void sim_zone_free(struct sim_zone *zone)
{
	sim_release(zone->records);
	zone->records = NULL;
	zone->count = zone->room = 0;
}

/* ------------------------------------------------------------------- names */

static int octet_of(const char **at)
{
	const char *s = *at;
	int c = (unsigned char)*s++;

	if (c == '\\' && s[0] >= '0' && s[0] <= '2' && s[1] != '\0' &&
			s[2] != '\0') {
		c = (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
		s += 3;
	} else if (c == '\\') {
		c = (unsigned char)*s++;
	} else if (c >= 'A' && c <= 'Z') {
		c += 'a' - 'A';
	}
	*at = s;
	return c & 0xff;
}

/* Below the zone's name: without it. */
static void make_relative(struct sim_name *name, const struct sim_name *origin)
{
	size_t cut = (size_t)name->size - origin->size;

	if (name->size < origin->size ||
			memcmp(name->octets + cut, origin->octets,
				origin->size) != 0)
		return;
	name->size = (uint8_t)cut;
	name->relative = 1;
}

int sim_name_parse(struct sim_name *out, const char *text,
	const struct sim_zone *zone)
{
	uint8_t *label = out->octets;
	size_t size = 1;

	memset(out, 0, sizeof *out);
	if (strcmp(text, ".") == 0) {
		out->size = 1;
		return 0;
	}
	while (*text != '\0') {
		if (size >= SIM_NAME_MAX || *label > 63)
			return -1;
		if (*text != '.') {
			out->octets[size++] = (uint8_t)octet_of(&text);
			++*label;
			continue;
		}
		text++;
		if (*label == 0)
			return -1;
		label = out->octets + size;
		*label = 0;
		size++;
	}
	if (*label != 0)
		out->octets[size++] = 0;
	out->size = (uint8_t)size;
	if (zone != NULL)
		make_relative(out, &zone->origin);
	return 0;
}

/* ----------------------------------------------------------------- records */

uint16_t sim_type_parse(const char *text)
{
	static const struct { const char *name; uint16_t type; } types[] = {
		{ "A", SIM_A }, { "AAAA", SIM_AAAA }, { "MX", SIM_MX },
		{ "CNAME", SIM_CNAME }, { "NS", SIM_NS }, { "SOA", SIM_SOA },
		{ "DNAME", SIM_DNAME }, { "*", SIM_ANY }
	};
	size_t i;

	for (i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(text, types[i].name) == 0)
			return types[i].type;
	return 0;
}

static int read_rdata(struct sim_record *r, char *const *words, unsigned count,
	const struct sim_zone *zone)
{
	unsigned long preference;

	if (count == 0)
		return -1;
	switch (r->type) {
	case SIM_A:
		r->fixed_size = 4;
		return inet_pton(AF_INET, words[0], r->fixed) == 1 ? 0 : -1;
	case SIM_AAAA:
		r->fixed_size = 16;
		return inet_pton(AF_INET6, words[0], r->fixed) == 1 ? 0 : -1;
	case SIM_MX:
		preference = strtoul(words[0], NULL, 10);
		r->fixed[0] = (uint8_t)(preference >> 8);
		r->fixed[1] = (uint8_t)preference;
		r->fixed_size = 2;
		return count < 2 ? -1 :
			sim_name_parse(&r->target, words[1], zone);
	default:
		return sim_name_parse(&r->target, words[0], zone);
	}
}

static struct sim_record *add(struct sim_zone *zone)
{
	if (zone->count == zone->room) {
		zone->room = zone->room ? zone->room * 2 : 16;
		zone->records = sim_reallocate(zone->records,
			zone->room * sizeof zone->records[0]);
	}
	memset(&zone->records[zone->count], 0, sizeof zone->records[0]);
	return &zone->records[zone->count++];
}

static unsigned split(char *line, char **words)
{
	char *next, *word = strtok_r(line, " \t\n", &next);
	unsigned n = 0;

	for (; word != NULL && n < WORDS_MAX && word[0] != ';'; n++) {
		words[n] = word;
		word = strtok_r(NULL, " \t\n", &next);
	}
	return n;
}

static int read_record(struct sim_zone *zone, char *line)
{
	char *words[WORDS_MAX];
	unsigned count = split(line, words), at = 1;
	struct sim_record *r;

	if (count == 0)
		return 0;
	if (count < 3)
		return -1;
	r = add(zone);
	r->ttl = 300;
	if (words[at][0] >= '0' && words[at][0] <= '9')
		r->ttl = (uint32_t)strtoul(words[at++], NULL, 10);
	if (at < count && strcmp(words[at], "IN") == 0)
		at++;
	if (at >= count || sim_name_parse(&r->owner, words[0], zone) != 0)
		return -1;
	r->type = sim_type_parse(words[at]);
	if (r->type == 0 || r->type == SIM_ANY)
		return -1;
	return read_rdata(r, words + at + 1, count - at - 1, zone);
}

/* One line of $GENERATE, each $ replaced by the number. */
static int generate_one(struct sim_zone *zone, const char *text, unsigned n)
{
	char line[1024];
	size_t size = 0;

	for (; *text != '\0' && size < sizeof line - 12; text++) {
		if (*text != '$') {
			line[size++] = *text;
			continue;
		}
		size += (size_t)snprintf(line + size, sizeof line - size,
			"%u", n);
	}
	line[size] = '\0';
	return read_record(zone, line);
}

int sim_zone_line(struct sim_zone *zone, const char *line)
{
	char copy[1024];
	unsigned first, last;
	int used = 0;

	if (sscanf(line, "$GENERATE %u-%u %n", &first, &last, &used) >= 2) {
		for (; first <= last; first++)
			if (generate_one(zone, line + used, first) != 0)
				return -1;
		return 0;
	}
	if (strlen(line) >= sizeof copy)
		return -1;
	memcpy(copy, line, strlen(line) + 1);
	return read_record(zone, copy);
}
