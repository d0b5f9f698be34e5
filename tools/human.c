/*
 * One plan for people. Pure ASCII but for what the destination holds, so that
 * it can be pasted into a ticket; colour only says again what the words say.
 * May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "human.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/security.h>

#include "colors.h"
#include "phrases.h"
#include "phrases_tls.h"
#include "text.h"
#include "unicode.h"

/* Widest name that moves the column of addresses to the right. */
#define NAME_COLUMN 36

/* Octets of a TLSA record that are shown: the longest digest. */
#define TLSA_SHOWN 64

/* RFC 2181 8: no TTL is longer; the library's word for "nothing was used". */
#define NO_TTL 2147483647UL

struct page {
	FILE *out;
	const struct plan *plan;
	int color;
	int width; /* of the column of names */
};

static void paint(const struct page *g, const char *color)
{
	if (g->color)
		fputs(color, g->out);
}

/* A name, and blanks up to the column after it. */
static void print_name(const struct page *g, const char *name)
{
	int length = (int)strnlen(name, NAME_COLUMN + 1);

	text_plain(g->out, name);
	fprintf(g->out, "%*s", length < g->width ? g->width - length : 0, "");
}

static void widen(struct page *g, const char *name)
{
	int length = (int)strnlen(name, NAME_COLUMN + 1);

	if (length <= NAME_COLUMN && length > g->width)
		g->width = length;
}

static void measure(struct page *g)
{
	const char *subject;
	int reason, preference;
	size_t i;

	for (i = 0; i < g->plan->host_count; i++)
		widen(g, g->plan->hosts[i].name);
	for (i = 0; mxsel_rejected(g->plan->m, i, &reason, &preference,
			&subject) == 0; i++)
		widen(g, subject);
}

static const char *action_color(const struct plan *p)
{
	switch (plan_action(p)) {
	case MXSEL_ACTION_TRY:
		return GREEN;
	case MXSEL_ACTION_BOUNCE:
		return RED;
	default:
		return YELLOW;
	}
}

/* " (b\303\274cher.example)" behind a name that is written differently. */
static void print_unicode(const struct page *g, const char *name,
	const char *shown)
{
	char *unicode = unicode_form(name);

	if (unicode != NULL && strstr(shown, unicode) == NULL) {
		fputs(" (", g->out);
		text_plain(g->out, unicode);
		putc(')', g->out);
	}
	free(unicode);
}

static void print_heading(const struct page *g)
{
	const struct plan *p = g->plan;
	const char *domain = mxsel_domain(p->m);
	unsigned long ttl = mxsel_ttl(p->m);

	paint(g, BOLD);
	text_plain(g->out, *p->destination != '\0' ? p->destination : "\"\"");
	paint(g, PLAIN);
	if (*domain != '\0' && !phrase_says_domain(p->destination, domain)) {
		fputs(" -> ", g->out);
		text_plain(g->out, domain);
	}
	print_unicode(g, domain, p->destination);
	fputs(": ", g->out);
	phrase_plan(g->out, p, g->color ? action_color(p) : "",
		g->color ? PLAIN : "");
	if (ttl != NO_TTL)
		fprintf(g->out, ", TTL %lu", ttl);
	putc('\n', g->out);
	if (plan_action(p) != MXSEL_ACTION_TRY) {
		fputs("         ", g->out);
		text_plain(g->out, mxsel_verdict_text(p->m));
		putc('\n', g->out);
	}
}

/* A line about the host above it. */
static void print_remark(const struct page *g, const char *what,
	const char *name)
{
	paint(g, FAINT);
	fprintf(g->out, "         %s", what);
	text_plain(g->out, name);
	paint(g, PLAIN);
	putc('\n', g->out);
}

/* What TLS must be for the host above, and the records that say so. */
static void print_tls(const struct page *g, const struct plan_tls *t)
{
	const char *rule = mxsel_posture_rule(t->reason);
	size_t i;

	paint(g, FAINT);
	fputs("         ", g->out);
	phrase_tls(g->out, t);
	fprintf(g->out, " (%s%s%s)\n", mxsel_posture_reason_name(t->reason),
		rule != NULL ? ", " : "", rule != NULL ? rule : "");
	for (i = 0; i < t->record_count; i++) {
		fprintf(g->out, "         _%d._tcp.", g->plan->port);
		text_plain(g->out, t->base);
		fputs(" TLSA ", g->out);
		phrase_tlsa(g->out, &t->records[i], TLSA_SHOWN);
		putc('\n', g->out);
	}
	paint(g, PLAIN);
}

static void print_host(const struct page *g, const struct plan_host *h)
{
	char *unicode;
	size_t i;

	for (i = 0; i < h->count; i++) {
		if (i == 0)
			fprintf(g->out, "  %5d  ", h->preference);
		else
			fputs("         ", g->out);
		print_name(g, i == 0 ? h->name : "");
		fputs("  ", g->out);
		text_plain(g->out, g->plan->addresses[h->first + i]);
		putc('\n', g->out);
	}
	unicode = unicode_form(h->name);
	if (unicode != NULL)
		print_remark(g, "that is ", unicode);
	free(unicode);
	if (strcmp(h->name, h->canonical) != 0)
		print_remark(g, "alias of ", h->canonical);
	if (g->plan->shows_tls)
		print_tls(g, &h->tls);
}

static void print_dropped(const struct page *g)
{
	const char *subject;
	int reason, preference;
	size_t i;

	for (i = 0; mxsel_rejected(g->plan->m, i, &reason, &preference,
			&subject) == 0; i++) {
		paint(g, FAINT);
		fprintf(g->out, "- %5d  ", preference);
		print_name(g, *subject != '\0' ? subject : ".");
		fprintf(g->out, "  %s (%s, %s)", phrase_reject(reason),
			mxsel_reject_name(reason), mxsel_reject_rule(reason));
		paint(g, PLAIN);
		putc('\n', g->out);
	}
}

static void print_flags(const struct page *g)
{
	uint32_t flags = mxsel_flags(g->plan->m);
	const char *comma = "";
	uint32_t bit;

	if (flags == 0)
		return;
	paint(g, FAINT);
	fputs("         flags: ", g->out);
	for (bit = 1; bit != 0; bit <<= 1) {
		if ((flags & bit) == 0 || mxsel_flag_name(bit) == NULL)
			continue;
		fprintf(g->out, "%s%s", comma, mxsel_flag_name(bit));
		comma = ", ";
	}
	paint(g, PLAIN);
	putc('\n', g->out);
}

void human_print(FILE *out, const struct plan *p, int color)
{
	struct page g = { out, p, color, 0 };
	size_t i;

	measure(&g);
	print_heading(&g);
	for (i = 0; i < p->host_count; i++)
		print_host(&g, &p->hosts[i]);
	print_dropped(&g);
	print_flags(&g);
}
