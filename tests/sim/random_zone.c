/*
 * Zones by chance, see random_zone.h. May use libc only.
 */
#include "sim/random_zone.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/kernel.h"

__attribute__((format(printf, 2, 3)))
static void add(struct sim_zone *zone, const char *format, ...)
{
	char line[256];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (sim_zone_line(zone, line) != 0) {
		fprintf(stderr, "no such record: %s\n", line);
		exit(2);
	}
}

static unsigned below(unsigned bound)
{
	return (unsigned)sim_random(bound);
}

/* No address is at two hosts: a fault at one would show at the other. */
static void add_addresses(struct sim_zone *zone, const char *host,
	unsigned number)
{
	unsigned i, v4 = below(4), v6 = below(3);

	for (i = 0; i < v4; i++)
		add(zone, "%s A 192.0.2.%u", host, number * 10 + i);
	for (i = 0; i < v6; i++)
		add(zone, "%s AAAA 2001:db8::%u", host, number * 10 + i);
}

static void add_host(struct sim_zone *zone, unsigned number)
{
	char host[64];

	(void)snprintf(host, sizeof host, "mx%u.example.com", number);
	add(zone, "example.com MX %u %s", below(3) * 10, host);
	if (below(8) == 0) { /* F46: an exchange that is an alias */
		add(zone, "%s CNAME real%u.example.com", host, number);
		(void)snprintf(host, sizeof host, "real%u.example.com",
			number);
	}
	if (below(10) != 0) /* F45: or it is not there at all */
		add_addresses(zone, host, number);
}

/* What people and others write into zones. */
static void add_odd(struct sim_zone *zone)
{
	unsigned i;

	switch (below(9)) {
	case 0:
		add(zone, "example.com MX 0 ."); /* F50 */
		break;
	case 1:
		add(zone, "example.com MX 5 192.0.2.1"); /* F51 */
		break;
	case 2: /* F52 */
		add(zone, "example.com MX 10 lo.example.com");
		add(zone, "lo.example.com A 127.0.0.1");
		add(zone, "lo.example.com AAAA ::ffff:10.0.0.1");
		break;
	case 3: /* F53, F54 */
		add(zone, "example.com 4294967295 MX 10 mx1.example.com");
		break;
	case 4: /* F55 */
		for (i = 0; i < 150; i++)
			add(zone, "example.com MX %u mx1.example.com", 100 + i);
		break;
	case 5: /* F57 */
		for (i = 0; i < 100; i++)
			add(zone, "mx9.example.com A 198.51.100.%u", i);
		add(zone, "example.com MX 7 mx9.example.com");
		break;
	case 6: /* F72 */
		add(zone, "example.com MX 1 a\\000b.example.com");
		add(zone, "example.com MX 1 a\\032\\200.example.com");
		break;
	case 7: /* F46 */
		add(zone, "example.com MX 3 round.example.com");
		add(zone, "round.example.com CNAME round.example.com");
		break;
	default: /* F46 */
		add(zone, "example.com MX 3 mx.old.example.com");
		add(zone, "old.example.com DNAME new.example.com");
		add(zone, "mx.new.example.com A 192.0.2.200");
	}
}

void sim_zone_random(struct sim_zone *zone)
{
	unsigned kind = below(16), hosts = 1 + below(4), i;

	sim_zone_init(zone, "example.com");
	if (kind == 0) /* there is no such domain */
		return;
	if (kind == 1) { /* null MX */
		add(zone, "example.com MX 0 .");
		return;
	}
	if (kind == 2) { /* the domain itself */
		add_addresses(zone, "example.com", 9);
		add(zone, "www.example.com A 192.0.2.99");
		return;
	}
	if (kind == 3) { /* it is an alias */
		add(zone, "example.com CNAME other.example.com");
		add(zone, "other.example.com MX 10 mx8.example.com");
		add_addresses(zone, "mx8.example.com", 8);
		return;
	}
	for (i = 1; i <= hosts; i++)
		add_host(zone, i);
	for (i = below(3); i > 0; i--)
		add_odd(zone);
}

void sim_zone_plain(struct sim_zone *zone, unsigned number)
{
	sim_zone_init(zone, "example.com");
	add(zone, "example.com MX 10 mx1.example.com");
	add(zone, "mx1.example.com A 192.0.2.10");
	if (number % 2 == 0)
		add(zone, "mx1.example.com AAAA 2001:db8::10");
	if (number % 3 == 0)
		return;
	add(zone, "example.com MX 20 mx2.example.com");
	add(zone, "mx2.example.com A 192.0.2.20");
	if (number % 4 == 1)
		add(zone, "mx2.example.com A 192.0.2.21");
}
