/*
 * The worst that one message of 64 KiB can cost (S14, F55, F56, F57, F62):
 * processor time from the octets to the next question or attempt, over
 * messages that were made to be expensive and over thousands of variations of
 * them. Pull mode, through the public interface only.
 */
#define _DEFAULT_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mxsel/mxsel.h>

#include "bench/hostile.h"
#include "support/figure.h"
#include "support/own_malloc.h"
#include "support/packet.h"

#define FIGURE "64 KiB message, worst CPU ms"
#define LIMIT 5.0 /* ms */
#define SLOW 5    /* times slower a machine may be; an attack is far slower */
#define TAKES 5   /* the least counts: somebody else may have the processor */
#define SHORT "example.net"
#define L59 "lllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
#define L180 L59 "l." L59 "l." L59 "l."
#define LONG L180 "llllllllllllllllllllllllllllllllllllllllllll." SHORT

enum shape {
	MX_4000, MX_DISTINCT, MX_LONG, MX_ODD, MX_OWNERS, MX_COPIES, MX_ROOTS,
	CHAINS, CHAINS_LONG, ALIASES, ALIASES_BACK, TINY, FOREIGN, OPTS,
	ADDRESSES, ADDRESSES_SAME, ADDRESSES_BAD, SHAPES
};

static const char *const names[SHAPES] = {
	"4,000 MX", "distinct MX", "exchanges of 250 octets", "odd exchanges",
	"owners and exchanges of 250 octets",
	"odd exchanges, owners copied", "4,000 roots",
	"chains of pointers", "chains of pointers and labels", "aliases",
	"aliases in reverse", "records of 11 octets",
	"long owners of others", "OPT records", "4,000 addresses",
	"one address 4,000 times", "4,000 loopback addresses"
};

struct worst {
	double ms;
	const char *name;
	unsigned long messages;
};

static struct packet packet;
static mxsel_options *defaults, *unlimited;

static unsigned number(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* --------------------------------------------------------------- messages */

static int fits(size_t size)
{
	return packet.size + size <= PACKET_MAX;
}

/*
 * Owners that are a copy of the question's name, exchanges of 250 octets that
 * no host name has: both are only found out octet by octet.
 */
static void copies(const char *name)
{
	size_t copy, odd;
	char label[63];
	unsigned i;

	memset(label, 1, sizeof(label));
	packet_pointer(&packet, 12);
	packet_head(&packet, PACKET_ANSWER, PACKET_TXT, PACKET_IN, 300);
	copy = packet.size;
	packet_name(&packet, name);
	odd = packet.size;
	for (i = 0; i < 4; i++)
		packet_label(&packet, label, i < 3 ? 63 : 61);
	packet_8(&packet, 0);
	packet_end(&packet);
	for (i = 0; fits(16); i++) {
		packet_pointer(&packet, copy);
		packet_head(&packet, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
		packet_16(&packet, 7 - i % 7);
		packet_pointer(&packet, odd);
		packet_end(&packet);
	}
}

static void pointer_chains(int with_labels)
{
	size_t last = 12, at;
	unsigned i;

	packet_pointer(&packet, 12);
	packet_head(&packet, PACKET_ANSWER, PACKET_TXT, PACKET_IN, 300);
	for (i = 0; packet.size < 16380; i++) {
		at = packet.size;
		if (with_labels && i % 80 == 0)
			packet_label(&packet, "x", 1);
		packet_pointer(&packet, last);
		last = at;
	}
	packet_end(&packet);
	while (fits(16))
		hostile_again(&packet, last);
}

/* Each an alias of the next, first to last or last to first. */
static void aliases(int in_reverse)
{
	char owner[64], target[64];
	unsigned i, n, count = 1500;

	for (i = 0; i < count && fits(60); i++) {
		n = in_reverse ? count - 1 - i : i;
		snprintf(owner, sizeof owner, "c%u." SHORT, n);
		snprintf(target, sizeof target, "c%u." SHORT, n + 1);
		packet_cname(&packet, n == 0 ? NULL : owner, 300, target);
	}
}

static void tiny(unsigned type)
{
	while (fits(11)) {
		packet_8(&packet, 0);
		packet_head(&packet, PACKET_ANSWER, type, PACKET_IN, 300);
		packet_end(&packet);
	}
}

/* Owned by what differs from the question in its last letter. */
static void foreign(void)
{
	size_t at = packet.size;

	packet_name(&packet, L180
		"llllllllllllllllllllllllllllllllllllllllllll.example.nex");
	for (;;) {
		packet_head(&packet, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
		packet_16(&packet, 10);
		packet_pointer(&packet, at);
		packet_end(&packet);
		if (!fits(16))
			return;
		packet_pointer(&packet, at);
	}
}

static void addresses(enum shape shape)
{
	uint8_t octets[4] = { 198, 51, 0, 0 };
	unsigned i;

	if (shape == ADDRESSES_BAD)
		octets[0] = 127;
	for (i = 0; fits(16); i++) {
		if (shape != ADDRESSES_SAME) {
			octets[2] = (uint8_t)(i >> 8);
			octets[3] = (uint8_t)i;
		}
		packet_address(&packet, PACKET_ANSWER, NULL, 300, octets, 4);
	}
}

static void make(enum shape shape, const char *name, unsigned type)
{
	static const enum hostile kinds[] = { HOSTILE_4000_MX,
		HOSTILE_DISTINCT_MX, HOSTILE_LONG_NAMES, HOSTILE_ODD_NAMES };

	packet_begin(&packet, PACKET_REPLY, name, type);
	if (shape <= MX_ODD)
		hostile_mx_packet(&packet, name, kinds[shape], 4095);
	else if (shape == MX_OWNERS)
		while (fits(16))
			hostile_again(&packet, 12);
	else if (shape == MX_COPIES)
		copies(name);
	else if (shape == MX_ROOTS)
		while (fits(15))
			packet_mx(&packet, PACKET_ANSWER, NULL, 300, 1, ".");
	else if (shape == CHAINS || shape == CHAINS_LONG)
		pointer_chains(shape == CHAINS_LONG);
	else if (shape == ALIASES || shape == ALIASES_BACK)
		aliases(shape == ALIASES_BACK);
	else if (shape == FOREIGN)
		foreign();
	else if (shape == TINY || shape == OPTS)
		tiny(shape == TINY ? PACKET_TXT : PACKET_OPT);
	else
		addresses(shape);
}

/* Other octets in some places behind the question. */
static void vary(uint32_t *state, size_t begin)
{
	unsigned i, count = 1 + number(state) % 40;

	for (i = 0; i < count; i++)
		packet.octets[begin + number(state) % (packet.size - begin)] =
			(uint8_t)number(state);
}

/* ---------------------------------------------------------------- figures */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "heavy: %s\n", what);
	exit(1);
}

/* "[NAME]": the addresses are asked at once; else the MX. */
static double take_once(const char *destination,
	const mxsel_options *options)
{
	mxsel_query *q;
	double began, took;
	mxsel *m;

	must(mxsel_new(&m, destination, options) == 0, "mxsel_new");
	must(mxsel_next(m) == MXSEL_LOOKUP, "no question");
	while ((q = mxsel_query_take(m)) != NULL)
		if (mxsel_query_type(q) != MXSEL_TYPE_AAAA)
			break;
	must(q != NULL, "another question");
	began = now();
	(void)mxsel_answer_packet(q, packet.octets, packet.size,
		MXSEL_SECURITY_INSECURE);
	(void)mxsel_next(m);
	took = now() - began;
	mxsel_free(m);
	return took;
}

static void measure(struct worst *worst, const char *destination,
	const char *name)
{
	const mxsel_options *of[2];
	double least, took;
	int i, k;

	of[0] = defaults;
	of[1] = unlimited;
	for (i = 0; i < 2; i++) {
		least = take_once(destination, of[i]);
		for (k = 1; k < TAKES && least > 1; k++) {
			took = take_once(destination, of[i]);
			least = took < least ? took : least;
		}
		if (least > worst->ms) {
			worst->ms = least;
			worst->name = name;
		}
	}
	worst->messages++;
}

static void measure_shape(struct worst *all, enum shape shape,
	const char *name, unsigned variations)
{
	int is_host = shape >= ADDRESSES;
	struct worst worst = { 0, names[shape], 0 };
	uint32_t state = 1 + (uint32_t)shape;
	char destination[300];
	unsigned type = is_host ? PACKET_A : PACKET_MX, i;

	snprintf(destination, sizeof destination, is_host ? "[%s]" : "%s",
		name);
	make(shape, name, type);
	measure(&worst, destination, names[shape]);
	for (i = 0; i < variations; i++) {
		make(shape, name, type);
		vary(&state, 12 + strlen(name) + 6);
		measure(&worst, destination, names[shape]);
	}
	printf("%-36s %-5s %8.3f ms\n", names[shape], strlen(name) > 100 ?
		"long" : "short", worst.ms);
	if (worst.ms > all->ms) {
		all->ms = worst.ms;
		all->name = worst.name;
	}
	all->messages += worst.messages;
}

int main(int argc, char **argv)
{
	unsigned variations = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10)
		: 100;
	struct worst all = { 0, "", 0 };
	int shape;

	must(mxsel_options_new(&defaults) == 0, "mxsel_options_new");
	must(mxsel_options_new(&unlimited) == 0, "mxsel_options_new");
	must(hostile_unlimit(unlimited) == 0, "limits");
	must(mxsel_options_set_seed(defaults, 1) == 0, "seed");
	for (shape = 0; shape < SHAPES; shape++) {
		measure_shape(&all, (enum shape)shape, SHORT, variations);
		measure_shape(&all, (enum shape)shape, LONG, variations);
	}
	printf("%lu messages of 64 KiB, the worst: %s\n", all.messages,
		all.name);
	mxsel_options_free(defaults);
	mxsel_options_free(unlimited);
#ifdef MALLOC_IS_TAKEN
	figure_print(FIGURE, FIGURE_SKIPPED, "< 5", "skipped: a sanitizer");
	return 0;
#else
	figure_print(FIGURE, all.ms < LIMIT ? FIGURE_REACHED : all.ms <
		SLOW * LIMIT ? FIGURE_SHORT : FIGURE_FAILED, "< 5", "%.2f",
		all.ms);
	return all.ms < SLOW * LIMIT ? 0 : 1;
#endif
}
