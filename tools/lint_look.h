/*
 * Looking at one domain: its MX records, then each of their hosts. May use the
 * public headers.
 */
#ifndef TOOLS_LINT_LOOK_H
#define TOOLS_LINT_LOOK_H

#include <stddef.h>

#include <mxsel/mxsel.h>

#include "lint_page.h"
#include "plan.h"
#include "security.h"

/* Options for what is asked; the flat ones stop at an alias of an alias. */
struct lint_options {
	mxsel_options *domain;      /* MX records; no host is looked up */
	mxsel_options *host;        /* one host, "[host]" */
	mxsel_options *domain_flat;
	mxsel_options *host_flat;
	mxsel_options *tlsa;        /* one host, and its TLSA records */
	mxsel_options *feigned;     /* the same, asked nobody */
	mxsel_options *probe;       /* one question */
	const struct security *security;
	int validates;              /* who answers knows of DNSSEC, */
	int is_by_ad;               /* if its AD bit is worth anything */
	int wants_dane;             /* --dane */
};

/* One look at a domain, and what it comes to over all hosts. */
struct lint_look {
	const struct lint_options *options;
	struct lint_page *page;
	const char *domain;  /* before aliases */
	char **seen;         /* addresses of the hosts before */
	size_t seen_count;
	size_t seen_room;
	size_t exchanges;    /* different ones */
	size_t usable;       /* addresses */
	int has_v4, has_v6;
	int failed;          /* a host could not be judged for now */
	int is_exchange;     /* the domain itself */
	int has_tlsa;        /* a host does */
	int has_secure_tlsa; /* which DNSSEC vouches for */
	int tlsa_failed;     /* of a host nobody knows */
	int is_secured;      /* an answer was */
	int probed;          /* 1: who answers validates, -1: it does not */
};

/* How a question ended: the last answer for that type. */
enum lint_end { LINT_ANSWERED, LINT_UNANSWERED, LINT_LAME, LINT_FAILED };

struct lint_answer {
	enum lint_end end;
	char outcome[24];    /* "servfail"; "": it was not asked */
	unsigned long records;
	unsigned long ttl;
};

/* lint_domain.c: everything about one domain, into page. */
void lint_look(struct lint_page *page, const struct lint_options *options,
	const char *domain);

/* lint_host.c: one host; is_domain: it is the domain itself, without MX. */
void lint_host(struct lint_look *look, const char *name, int is_domain);

/* lint_tlsa.c: TLSA records of a host; canonical: where its aliases lead,
 * NULL: it is none. plan: its addresses. is_domain: as for lint_host(). */
void lint_tlsa_host(struct lint_look *look, const char *name,
	const char *canonical, const struct plan *plan, int is_domain);
/* What they come to for the domain of m. */
void lint_tlsa_domain(struct lint_look *look, const mxsel *m);

/* lint_trust.c: does who answers validate? It is asked at most once. */
int lint_validates(struct lint_look *look);

/* lint_sts.c: the policy of the domain of m, if somebody gave one. */
void lint_sts(struct lint_look *look, const mxsel *m, int has_mx);

/* lint_answer.c: read back what was asked, from the trace. */
void lint_answer_read(struct lint_answer *answer, const mxsel *m,
	const char *type);
/* The end of the aliases of name; NULL: it is none. */
const char *lint_alias_of(const mxsel *m, const char *name);
/* Say it when what was answered is not kept long enough. */
void lint_answer_ttl(struct lint_page *page, const struct lint_answer *answer,
	const char *subject, const char *what);
/* Say it when aliases go in a circle or too far: 1 then. */
int lint_alias_is_broken(struct lint_page *page, const mxsel *m,
	const char *subject);
/* Say it when the alias of destination leads to an alias. */
void lint_alias_chain(struct lint_page *page, mxsel_options *flat,
	const char *destination, const char *subject);

/* Walk a new selection to its end. 0, or page->error is set; the selection
 * and the plan are the caller's to free in any case. */
int lint_walk(struct lint_page *page, mxsel **m, struct plan *plan,
	const char *destination, mxsel_options *options);

#endif
