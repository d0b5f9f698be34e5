/*
 * One plan for people. Pure ASCII but for what the destination holds, so that
 * it can be pasted into a ticket; colour only says again what the words say.
 * May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "human.h"

#include <stdint.h>
#include <string.h>

#include "text.h"

/* Widest name that moves the column of addresses to the right. */
#define NAME_COLUMN 36

/* RFC 2181 8: no TTL is longer; the library's word for "nothing was used". */
#define NO_TTL 2147483647UL

#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define RED "\033[31m"
#define BOLD "\033[1m"
#define FAINT "\033[2m"
#define PLAIN "\033[0m"

struct page {
	FILE *out;
	const struct plan *plan;
	int color;
	int width; /* of the column of names */
};

/* What a postmaster would say, by MXSEL_REJECT_*. */
static const char *const phrases[] = {
	[MXSEL_REJECT_BAD_NAME] = "not a host name",
	[MXSEL_REJECT_IS_ADDRESS] = "an address where a name belongs",
	[MXSEL_REJECT_NULL] = "\"no mail\" beside other exchangers",
	[MXSEL_REJECT_DUPLICATE] = "listed twice",
	[MXSEL_REJECT_SELF] = "this is ourselves",
	[MXSEL_REJECT_BEHIND_SELF] = "no better than ourselves",
	[MXSEL_REJECT_LIMIT] = "beyond a limit",
	[MXSEL_REJECT_NAME_FILTER] = "refused by name here",
	[MXSEL_REJECT_ALIAS] = "an alias, refused here",
	[MXSEL_REJECT_SPECIAL_USE] = "a special name, not in the DNS",
	[MXSEL_REJECT_NOT_FOUND] = "does not exist",
	[MXSEL_REJECT_NO_ADDRESS] = "has no address",
	[MXSEL_REJECT_DNS] = "no DNS answer for now",
	[MXSEL_REJECT_FAMILY_OFF] = "out of reach without the other IP version",
	[MXSEL_REJECT_ALIAS_LOOP] = "aliases in a circle or too many",
	[MXSEL_REJECT_UNSPECIFIED] = "unspecified address: ourselves",
	[MXSEL_REJECT_LOOPBACK] = "loopback address",
	[MXSEL_REJECT_LINK_LOCAL] = "link-local address",
	[MXSEL_REJECT_MULTICAST] = "multicast address",
	[MXSEL_REJECT_BROADCAST] = "broadcast address",
	[MXSEL_REJECT_RESERVED] = "reserved address",
	[MXSEL_REJECT_PRIVATE] = "private address, refused here",
};

static const char *phrase(int reason)
{
	if (reason <= 0 ||
	    (size_t)reason >= sizeof(phrases) / sizeof(phrases[0]))
		return "not used";
	return phrases[reason] != NULL ? phrases[reason] : "not used";
}

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

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static const char *source_phrase(const struct plan *p)
{
	switch (mxsel_source(p->m)) {
	case MXSEL_SOURCE_MX:
		return "by MX";
	case MXSEL_SOURCE_IMPLICIT:
		return "no MX: the domain itself";
	case MXSEL_SOURCE_LITERAL:
		return "address literal";
	case MXSEL_SOURCE_STATIC:
		return "host given";
	default:
		return "";
	}
}

static void print_try(const struct page *g)
{
	const struct plan *p = g->plan;
	size_t count = p->address_count;

	paint(g, GREEN);
	fputs("try", g->out);
	paint(g, PLAIN);
	fprintf(g->out, " %zu host%s, %zu address%s (%s)", p->host_count,
		plural(p->host_count), count, count == 1 ? "" : "es",
		source_phrase(p));
	if (p->port != 25)
		fprintf(g->out, ", port %d", p->port);
}

static void print_failure(const struct page *g)
{
	const struct plan *p = g->plan;

	paint(g, plan_action(p) == MXSEL_ACTION_BOUNCE ? RED : YELLOW);
	fputs(plan_action_name(p), g->out);
	paint(g, PLAIN);
	fprintf(g->out, " %d %s (%s)", mxsel_verdict_code(p->m),
		mxsel_verdict_status(p->m),
		mxsel_reason_name(mxsel_verdict_reason(p->m)));
}

/* Is the domain what was typed, but for case and the final dot? */
static int says_domain(const char *given, const char *domain)
{
	size_t i;

	for (i = 0; domain[i] != '\0'; i++) {
		int c = (unsigned char)given[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c != (unsigned char)domain[i])
			return 0;
	}
	return given[i] == '\0' || strcmp(given + i, ".") == 0;
}

static void print_heading(const struct page *g)
{
	const struct plan *p = g->plan;
	const char *domain = mxsel_domain(p->m);
	unsigned long ttl = mxsel_ttl(p->m);

	paint(g, BOLD);
	text_plain(g->out, *p->destination != '\0' ? p->destination : "\"\"");
	paint(g, PLAIN);
	if (*domain != '\0' && !says_domain(p->destination, domain)) {
		fputs(" -> ", g->out);
		text_plain(g->out, domain);
	}
	fputs(": ", g->out);
	if (plan_action(p) == MXSEL_ACTION_TRY)
		print_try(g);
	else
		print_failure(g);
	if (ttl != NO_TTL)
		fprintf(g->out, ", TTL %lu", ttl);
	putc('\n', g->out);
	if (plan_action(p) != MXSEL_ACTION_TRY) {
		fputs("         ", g->out);
		text_plain(g->out, mxsel_verdict_text(p->m));
		putc('\n', g->out);
	}
}

static void print_host(const struct page *g, const struct plan_host *h)
{
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
	if (strcmp(h->name, h->canonical) == 0)
		return;
	paint(g, FAINT);
	fputs("         alias of ", g->out);
	text_plain(g->out, h->canonical);
	paint(g, PLAIN);
	putc('\n', g->out);
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
		fprintf(g->out, "  %s (%s, %s)", phrase(reason),
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
