/*
 * What all other libraries have in common as clients, see base.h. May use
 * libc.
 */
#define _DEFAULT_SOURCE

#include "faults/base.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "faults/cell.h"
#include "faults/server.h"

#define KIND 2 /* for server_name() */

/* The next place, or that of the worst when it is worse. */
static int place_for(struct told *told, unsigned preference)
{
	int i, worst = 0;

	if (told->count < TOLD_MAX)
		return told->count++;
	for (i = 1; i < TOLD_MAX; i++)
		if (told->numbers[i] > told->numbers[worst])
			worst = i;
	return told->numbers[worst] > preference ? worst : -1;
}

void told_mx(struct told *told, unsigned preference, const char *exchange)
{
	size_t length = strlen(exchange);
	int at = place_for(told, preference);
	char *c;

	if (at < 0)
		return;
	told->numbers[at] = preference;
	/* Some write the final dot, some do not. */
	if (length > 1 && exchange[length - 1] == '.')
		length--;
	snprintf(told->words[at], sizeof told->words[at], "%u %.*s",
		preference, (int)(length < 260 ? length : 260),
		length == 0 ? "." : exchange);
	for (c = told->words[at]; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
}

void told_address(struct told *told, int family, const void *octets)
{
	if (told->count == TOLD_MAX)
		return;
	told->is_address = 1;
	inet_ntop(family, octets, told->words[told->count++],
		sizeof told->words[0]);
}

static void sort(struct told *told)
{
	char word[sizeof told->words[0]];
	unsigned number;
	int i, k;

	for (i = 1; i < told->count; i++)
		for (k = i; k > 0 && told->numbers[k - 1] > told->numbers[k];
			k--) {
			memcpy(word, told->words[k], sizeof word);
			memcpy(told->words[k], told->words[k - 1],
				sizeof word);
			memcpy(told->words[k - 1], word, sizeof word);
			number = told->numbers[k];
			told->numbers[k] = told->numbers[k - 1];
			told->numbers[k - 1] = number;
		}
}

static void write_down(struct outcome *o, struct told *told, const char *why)
{
	size_t n = 0, room = sizeof o->said;
	int i;

	if (why != NULL || told->count == 0) {
		snprintf(o->said, room, "%s", why != NULL ? why : "nodata");
		return;
	}
	sort(told);
	n = (size_t)snprintf(o->said, room, told->is_address ? "a" : "mx");
	for (i = 0; i < told->count && n + 300 < room; i++)
		n += (size_t)snprintf(o->said + n, room - n, "%s %s",
			i > 0 && !told->is_address ? "," : "",
			told->words[i]);
}

static void ask(const struct library *library, void *object,
	const struct cell *cell, unsigned variant, struct outcome *o,
	int is_honest)
{
	struct told *told = calloc(1, sizeof *told);
	char domain[64], name[80];
	const char *why;
	unsigned type = cell->fault->ask;
	int began = cell_now();

	server_name(domain, cell->fault, variant, KIND, is_honest);
	snprintf(name, sizeof name, "%s%s", type == PACKET_A ? "mx." : "",
		domain);
	why = library->ask(object, name, type == 0 ? PACKET_MX : type, told);
	o->took = cell_now() - began;
	write_down(o, told, why);
	cell_shorten(o->said, domain);
	free(told);
}

static void run(const struct library *library, struct cell *cell,
	unsigned variant)
{
	struct outcome *o = &cell->outcomes[variant], next;
	void *object = library->open(cell->port);

	if (object == NULL)
		exit(98);
	ask(library, object, cell, variant, o, 0);
	o->is_done = 1;
	if ((cell->fault->flags & LIE_NO_PORT) != 0) {
		atomic_store(&cell->open, 1);
		lie_pause(20);
	}
	ask(library, object, cell, variant, &next, 1);
	o->next_is_right = strcmp(next.said, cell->fault->ask == PACKET_A ?
		"a 192.0.2.1" : "mx 10 mx.@") == 0;
	library->close(object);
}

#define RUN(name) \
	static void run_##name(struct cell *cell, unsigned first, \
		unsigned step) \
	{ \
		(void)step; \
		run(&base_##name, cell, first); \
	}

#ifdef HAVE_LDNS
RUN(ldns)
#endif
#ifdef HAVE_RESOLV
RUN(resolv)
#endif
#ifdef HAVE_CARES
RUN(cares)
#endif
#ifdef HAVE_UNBOUND
RUN(unbound)
#endif

const struct client clients[] = {
#ifdef HAVE_LDNS
	{ "ldns", KIND, 16, 1, run_ldns },
#endif
#ifdef HAVE_RESOLV
	{ "glibc", KIND, 16, 1, run_resolv },
#endif
#ifdef HAVE_CARES
	{ "c-ares", KIND, 16, 1, run_cares },
#endif
#ifdef HAVE_UNBOUND
	{ "libunbound", KIND, 16, 1, run_unbound },
#endif
	{ NULL, 0, 0, 0, NULL }
};
