/*
 * One key, one answer: which part of the key is a destination, and what a
 * plan or a verdict is in the words of Postfix's transport(5).
 *
 * Nothing may be lost here. What fails in this program is TEMP, and Postfix
 * keeps the mail; what is not ours to judge is NOTFOUND, and Postfix goes on
 * as without this map.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include "postfix_map.h"

static const char TABLE[] = "mxsel "; /* socketmap:...:mxsel */

/* ---------------------------------------------------------------- the text */

/* An answer is one line that Postfix puts into logs and bounces. */
static void make_printable(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
			*text = '?';
}

static int answer_with(struct lookup *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Always 1: it is answered. */
static int answer_with(struct lookup *l, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(l->text, sizeof l->text, format, arguments);
	va_end(arguments);
	make_printable(l->text);
	l->length = strlen(l->text);
	return 1;
}

/* ----------------------------------------------------------------- the key */

/* Names are alike whatever the case of their letters, in every locale, and
   with a dot at their end. */
static int is_same(const char *a, const char *b)
{
	for (; *a != '\0' && *b != '\0'; a++, b++)
		if ((*a >= 'A' && *a <= 'Z' ? *a + ('a' - 'A') : *a) !=
		    (*b >= 'A' && *b <= 'Z' ? *b + ('a' - 'A') : *b))
			return 0;
	return *a == *b || strcmp(a, ".") == 0 || strcmp(b, ".") == 0;
}

static size_t length_of(const char *name)
{
	size_t length = strlen(name);

	return length - (length > 0 && name[length - 1] == '.');
}

/* ".example.org" is every domain below it, "example.org" is that domain. */
static int is_under(const char *domain, const char *local)
{
	size_t length = length_of(domain), tail = length_of(local);

	if (local[0] != '.')
		return is_same(domain, local);
	return length > tail && is_same(domain + length - tail, local);
}

/*
 * Postfix looks here before it delivers locally as well, so that an answer
 * for a domain of its own would send that mail away, or round in a circle.
 */
static int is_local(const struct answers *a, const char *domain)
{
	size_t i;

	if (is_same(domain, "localhost"))
		return 1;
	for (i = 0; i < a->local_count; i++)
		if (is_under(domain, a->locals[i]))
			return 1;
	return 0;
}

static int is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text > '~')
			return 0;
	return 1;
}

/*
 * The domain of a key, NULL when it has none that is ours to judge. Postfix
 * asks a socketmap for the whole address only (socketmap_table(5)), and for
 * "*"; other ways to this map, as postmap -q, may also ask for the domain,
 * for ".parent" and "<>" (transport(5)). The two that match more than one
 * domain are never answered. A domain holds no '@', whatever stands in a
 * quoted local part: the last one counts. Domains with letters beyond ASCII
 * are left to Postfix, which knows them (SMTPUTF8).
 */
static const char *domain_of(const struct answers *a, const char *key)
{
	const char *at = strrchr(key, '@');
	const char *domain = at != NULL ? at + 1 : key;

	if (domain[0] == '\0' || domain[0] == '.' || domain[0] == '*' ||
	    domain[0] == '<' || !is_ascii(domain) || is_local(a, domain))
		return NULL;
	return domain;
}

/* ---------------------------------------------------------------- the plan */

static int next(const struct answers *a, mxsel *m)
{
	return a->engine != NULL ? mxsel_engine_next(a->engine, m) :
		mxsel_next(m);
}

static void start_list(const struct answers *a, struct lookup *l,
	int by_address)
{
	l->by_address = by_address;
	l->full = 0;
	l->rank = -1;
	l->length = 0;
	/* Later ones are appended: "OK smtp:[a],[b]:26". */
	answer_with(l, "OK %s:", a->transport);
}

/* Brackets: the name itself, not its MX records (transport(5)). */
static int write_hop(const struct lookup *l, char *hop, size_t size)
{
	int literal = mxsel_host_source(l->m) == MXSEL_SOURCE_LITERAL;
	int by_address = l->by_address || literal;
	const char *host = by_address ? mxsel_address(l->m) :
		mxsel_host_name(l->m);
	const char *tag = by_address && strchr(host, ':') != NULL ?
		"ipv6:" : "";

	if (mxsel_port(l->m) == 25)
		return snprintf(hop, size, "[%s%s]", tag, host);
	return snprintf(hop, size, "[%s%s]:%d", tag, host, mxsel_port(l->m));
}

/*
 * Add the attempt reached. By name a host stands there once, for all its
 * addresses. When there is no more room the best ones are there already.
 */
static void add_hop(struct lookup *l)
{
	size_t room = sizeof l->text - l->length;
	char hop[300];
	int first = l->rank == -1, length;

	if (l->full || *mxsel_address(l->m) == '\0' ||
	    (!l->by_address && mxsel_host_rank(l->m) == l->rank))
		return;
	length = write_hop(l, hop, sizeof hop);
	if (length < 0 || (size_t)length >= sizeof hop ||
	    (size_t)length + 2 > room) {
		l->full = 1;
		return;
	}
	l->length += (size_t)snprintf(l->text + l->length, room, "%s%s",
		first ? "" : ",", hop);
	l->rank = mxsel_host_rank(l->m);
}

static int is_address(const char *text)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, text, bytes) == 1 ||
		inet_pton(AF_INET6, text, bytes) == 1;
}

/*
 * Was an address refused: loopback, link-local, a private network? By the
 * name of its host Postfix would find it again. (A host that is ourselves is
 * out altogether.)
 */
static int refused_an_address(const mxsel *m)
{
	const char *subject;
	int reason;
	size_t i;

	for (i = 0; mxsel_rejected(m, i, &reason, NULL, &subject) == 0; i++)
		if (is_address(subject) && (reason == MXSEL_REJECT_INSECURE ||
		    (reason >= MXSEL_REJECT_UNSPECIFIED &&
		     reason <= MXSEL_REJECT_PRIVATE)))
			return 1;
	return 0;
}

/* user@[192.0.2.25], and that is ourselves: Postfix delivers it locally. */
static int is_our_literal(const mxsel *m)
{
	int reason;

	return mxsel_source(m) == MXSEL_SOURCE_LITERAL &&
		mxsel_rejected(m, 0, &reason, NULL, NULL) == 0 &&
		reason == MXSEL_REJECT_SELF;
}

/* Nothing to try: error(8) bounces, retry(8) keeps, both with our words. */
static int answer_with_verdict(struct lookup *l)
{
	const char *service = "retry";

	if (is_our_literal(l->m))
		return answer_with(l, "NOTFOUND ");
	if (mxsel_verdict_action(l->m) == MXSEL_ACTION_BOUNCE)
		service = "error";
	return answer_with(l, "OK %s:%s %s", service,
		mxsel_verdict_status(l->m), mxsel_verdict_text(l->m));
}

int lookup_go_on(const struct answers *a, struct lookup *l)
{
	int r;

	for (;;) {
		while ((r = next(a, l->m)) == MXSEL_ATTEMPT)
			add_hop(l);
		if (r != MXSEL_END || l->by_address ||
		    !refused_an_address(l->m))
			break;
		/* The same order again; what is known is not asked anew. */
		r = mxsel_rewind(l->m);
		if (r != 0)
			break;
		start_list(a, l, 1);
	}
	if (r == MXSEL_LOOKUP)
		return 0;
	if (r != MXSEL_END)
		return answer_with(l, "TEMP %s", mxsel_strerror(r));
	return l->rank != -1 ? 1 : answer_with_verdict(l);
}

/* ------------------------------------------------------------ the question */

/*
 * As a mailbox, whatever the local part was: a bare domain could also be a
 * next hop with a port or a host of the sender's choice.
 */
static int begin(const struct answers *a, struct lookup *l,
	const char *domain, void *user)
{
	char mailbox[REQUEST_MAX + 3];
	int r;

	snprintf(mailbox, sizeof mailbox, "x@%s", domain);
	if (l->m != NULL)
		r = mxsel_reset(l->m, mailbox);
	else
		r = mxsel_new(&l->m, mailbox, a->options);
	if (r == 0)
		r = mxsel_set_user(l->m, user);
	if (r != 0)
		return answer_with(l, "TEMP %s", mxsel_strerror(r));
	start_list(a, l, a->by_address);
	return lookup_go_on(a, l);
}

int lookup_begin(const struct answers *a, struct lookup *l,
	const char *request, size_t length, void *user)
{
	const size_t skip = sizeof TABLE - 1;
	char key[REQUEST_MAX + 1];
	const char *domain;

	if (length < skip || memcmp(request, TABLE, skip) != 0)
		return answer_with(l, "PERM this map is named mxsel");
	length -= skip;
	request += skip;
	if (length > REQUEST_MAX || memchr(request, '\0', length) != NULL)
		return answer_with(l, "PERM this is no address");
	memcpy(key, request, length);
	key[length] = '\0';
	domain = domain_of(a, key);
	if (domain == NULL)
		return answer_with(l, "NOTFOUND ");
	return begin(a, l, domain, user);
}
