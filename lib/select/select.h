/*
 * What the files of this room share: the layout of options, selection, host,
 * question and attempt. Nobody outside the room includes it. May use base,
 * name, wire, cache, rank and policy.
 */
#ifndef MXSEL_SELECT_SELECT_H
#define MXSEL_SELECT_SELECT_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <mxsel/mxsel.h>
#include <mxsel/security.h>

#include "base/arena.h"
#include "base/random.h"
#include "name/address.h"
#include "name/name.h"
#include "policy/filter.h"
#include "policy/outcome.h"
#include "policy/posture.h"
#include "policy/sts.h"
#include "policy/tlsa.h"
#include "policy/verdict.h"
#include "rank/order.h"
#include "wire/message.h"

/*
 * "Unlimited" is what 256 KiB can hold for any answer (S39): so many hosts,
 * octets of names, addresses of a family of a host, addresses in all.
 */
#define HOSTS_MAX 128u
#define QUESTIONS_MAX (5u * HOSTS_MAX + 17u) /* and a chain of aliases */
#define NAMES_MAX 65535u
#define FAMILY_MAX 128u
#define ATTEMPTS_MAX 1024u
#define REJECTED_MAX 100u
#define REJECTED_PER_ANSWER 16u
#define TLSA_PER_HOST 16u     /* records that are kept */
#define TLSA_OCTETS_MAX 16384u /* of their data, in all */
#define TLSRPT_MAX 200u
#define DESTINATION_MAX 1024u
#define TTL_MAX 2147483647u
#define TTL_FAILURE 5u /* RFC 9520 3.2: at least 1 s, at most 5 min */
/* A selection with it, 1.5 KiB, holds five hosts with two addresses each. */
#define ROOM_SIZE (1536u - sizeof(struct mxsel))

/* --- options.c: settings ------------------------------------------------- */

#define OPTION_COUNT (MXSEL_OPT_DANE_INSECURE_MX + 1)

struct name_filter {
	const char *pattern;
	const char *status;
	const char *text; /* NULL: the table's */
	int code;
};

struct list { /* an array that grows by the allocator */
	void *items;
	size_t count;
};

struct mxsel_options {
	struct mxsel__allocator allocator;
	struct mxsel__arena arena; /* strings of the lists */
	atomic_uint owners;        /* the caller, and each selection */
	mxsel_resolver *resolver;
	mxsel_cache *cache;
	mxsel_memory *memory;
	mxsel_rank_fn rank;
	void *rank_user;
	mxsel_idn_fn idn;
	void *idn_user;
	mxsel_record_fn record;
	void *record_user;
	uint64_t seed;
	int values[OPTION_COUNT];
	int has_seed;
	struct list self_names;     /* const char * */
	struct list self_addresses; /* struct mxsel__address */
	struct list allowed;        /* struct mxsel__network */
	struct list nat64;          /* struct mxsel__network */
	struct list filters;        /* struct name_filter */
	struct mxsel__filter filter;/* the values and lists, as policy wants */
};

extern const struct mxsel_options mxsel__defaults;

const struct mxsel_options *mxsel__options_hold(
	const struct mxsel_options *options);
void mxsel__options_drop(const struct mxsel_options *options);

/* A limit's setting; unlimited is the room's own bound. */
size_t mxsel__options_limit(const struct mxsel_options *options, int option,
	size_t bound);

/* --- resolver.c ---------------------------------------------------------- */

struct mxsel_resolver {
	atomic_uint owners;
	mxsel_resolve_fn resolve;
	mxsel_cancel_fn cancel;
	mxsel_wait_fn wait;
	mxsel_release_fn release;
	void *user;
	int bypass; /* its answers are not of the cache */
};

void mxsel__resolver_hold(mxsel_resolver *r);

/* --- one destination ----------------------------------------------------- */

enum destination_kind {
	DESTINATION_NONE, /* there was no memory for it */
	DESTINATION_BAD,
	DESTINATION_NO_IDN,
	DESTINATION_BAD_IDN,
	DESTINATION_DOMAIN,  /* ask its MX */
	DESTINATION_HOST,    /* "[host]": no MX */
	DESTINATION_LITERAL  /* an address */
};

struct destination {
	enum destination_kind kind;
	int port;            /* 0: not given */
	const char *why;     /* a sentence, when BAD */
	const struct mxsel_options *options;
	struct mxsel__address address;
	size_t name_length;
	char name[MXSEL__NAME_TEXT_SIZE];
};

/* destination.c: what the caller's text means (R1-R4). */
void mxsel__destination_parse(struct destination *out, const char *text,
	size_t length, const struct mxsel_options *options);

/* --- a question, a host, an attempt -------------------------------------- */

enum query_state { QUERY_OPEN, QUERY_TAKEN, QUERY_DONE };

/* An address of an answer; those that are used become the attempts. */
struct candidate {
	struct candidate *next;  /* in the answer */
	struct candidate *after; /* in the order of the attempts */
	uint16_t host;
	uint8_t length; /* of bytes: 4, 16; 0: an .onion name */
	uint8_t reject; /* 0 or MXSEL_REJECT_* */
	uint8_t secure;
	uint8_t slot;   /* its place among the attempts of its host */
	uint8_t kept;   /* by the limit of attempts */
	uint8_t bytes[];
};

/* An MX record added by mxsel_answer_mx(). */
struct exchange {
	struct exchange *next;
	uint16_t preference;
	uint16_t length;
	uint8_t kind;
	char name[];
};

/* A TLSA record that can be used (R92). */
struct tlsa {
	struct tlsa *next;
	uint16_t length;
	uint8_t usage, selector, matching;
	uint8_t data[];
};

struct alias {
	struct alias *next;
	char name[];
};

/*
 * Open from when it is asked until it is answered, and then kept until the
 * machine has made use of it; its memory serves the next question then.
 */
struct mxsel_query {
	struct mxsel *selection;
	void *user;
	struct mxsel_query *next;   /* open, oldest first; or idle */
	struct mxsel_query *asker;  /* the one whose alias led here */
	const char *name;
	struct alias *aliases;      /* newest first: the canonical name */
	union {
		struct candidate *addresses;
		struct exchange *exchanges;
		struct tlsa *tlsa;
	} first;
	uint32_t ttl;
	uint16_t weight;            /* octets the records would have */
	uint16_t records;           /* of the type asked */
	uint8_t type;
	uint8_t kept;               /* addresses, TLSA that can be used */
	uint8_t refused;            /* addresses that are listed refused */
	uint8_t links;              /* aliases from the first name on */
	uint8_t outcome;            /* MXSEL_DNS_* */
	uint8_t security : 2;
	uint8_t state : 2;          /* enum query_state */
	uint8_t loop : 2;           /* aliases: 1 in a circle, 2 too many */
	uint8_t cached : 2;         /* by the cache, 2: it is stale */
	uint8_t has_records : 1;
	uint8_t has_negative : 1;
	uint8_t broken : 1;         /* a record was lost: never complete */
	uint8_t self : 1;           /* one address is ours, or unspecified */
	uint8_t filtered : 1;
	uint8_t cut : 1;
	uint8_t ahead : 1;          /* prefetched, and not counted yet */
};

/* How a host's addresses were found, as DNSSEC sees it (R91). */
enum path {
	PATH_INSECURE,     /* no DANE */
	PATH_SECURE,       /* the addresses of a family at least */
	PATH_ALIAS_SECURE, /* the alias at its name, not what it leads to */
	PATH_ALIAS,        /* an alias that must be asked for by itself */
	PATH_UNKNOWN       /* the resolver that validates did not say */
};

/* Which of a host's names is the TLSA base domain (R91). */
enum base {
	BASE_NAME,     /* as published */
	BASE_EXPANDED, /* the canonical name */
	BASE_DOMAIN    /* the domain as it was asked for, which has no MX */
};

struct host {
	const char *name;
	const char *canonical;
	union {
		/* AAAA, A; NULL: not asked. Until the host is settled. */
		struct mxsel_query *asked[2];
		struct tlsa *tlsa;    /* and then this */
	};
	struct candidate *itself;     /* when it needs no question */
	uint16_t preference;
	uint8_t source;
	uint8_t extra;      /* MXSEL_REJECT_*: not used, and looked up only to
	                       see whether it is us */
	uint8_t literal : 1;  /* the name is an address */
	uint8_t nameless : 1; /* .onion: handed out without address */
	uint8_t incomplete : 1;
	uint8_t skip : 1;     /* left by mxsel_next_host() */
	uint8_t reached : 1;  /* an attempt of it was handed out */
	uint8_t looked : 1;   /* its TLSA records were looked for */
	uint8_t base : 2;     /* enum base: where they are */
	uint8_t path : 3;     /* enum path */
	uint8_t dane : 2;     /* MXSEL_DANE_* */
	uint8_t sts : 2;      /* MXSEL_STS_* of a policy that lists it */
	uint8_t plain : 1;    /* a memory favours no family or address of it */
};

/* For a text that may be made again and again. */
struct room {
	uint16_t size;
	char text[];
};

struct rejection {
	struct rejection *next;
	const char *subject;
	uint16_t preference;
	uint8_t reason;
};

/* What was met on the way; the verdict follows from it at the end (R74). */
enum {
	MET_TEMPORARY = 1,   /* an exchange's addresses failed for now */
	MET_FAMILY_OFF = 2,
	MET_FILTERED = 4,
	MET_NAME_FILTER = 8,
	MET_LOCAL = 16,      /* a .local exchange that is not asked */
	MET_BETTER = 32,     /* a better MX than ourselves exists */
	MET_SELF = 64,
	MET_NO_ADDRESS = 128,
	MET_TLSA = 256,      /* a host's TLSA records failed for now */
	MET_STS = 512,       /* a host is not in the MTA-STS policy */
	MET_REQUIRETLS = 1024 /* a host's name nobody vouches for */
};

enum plan_kind { PLAN_HOSTS, PLAN_NULL_MX };

struct mxsel {
	const struct mxsel_options *options;
	struct mxsel__arena arena;
	void *user;
	void (*cancel)(mxsel_query *query, void *user);
	void *cancel_user;
	uint64_t seeds;              /* where they come from */
	uint8_t drawn;               /* seeds left from it, modulo 256 */
	/* What follows begins anew with a reset. */
	uint8_t seeded;
	uint64_t seed;
	struct mxsel__random random;
	const char *destination;
	const char *bad;             /* why the destination is bad */
	const char *original;        /* domain as asked first */
	const char *domain;          /* after aliases */
	const char *address;         /* a literal's text */
	struct mxsel_query *open, *last_open;
	struct mxsel_query *untaken; /* the first open one not taken */
	struct mxsel_query *idle;    /* to be used again */
	struct mxsel_query *asking;  /* for MX; then for TLSA */
	const mxsel_sts *sts;        /* until the plan is made */
	struct host *hosts;
	struct candidate *attempts, *last_attempt, *cursor;
	struct candidate *tried; /* the last one that was left behind */
	struct rejection *rejected, *last_rejected;
	const struct name_filter *name_filter; /* that refused a host */
	const char *verdict_text;
	struct event *events, *last_event; /* trace.c */
	struct line *lines; /* tlsrpt.c, newest first */
	struct told *told;  /* remember.c, newest first */
	const struct mxsel__outcome_row *row; /* of the strongest outcome */
	const char *reply, *reply_host;
	struct room *sentence_room, *reply_room, *tlsa_room;
	uint32_t flags, ttl, spent;
	uint32_t query_count, answered, event_octets;
	uint32_t ahead_count;        /* prefetched questions not in it */
	uint32_t waited;             /* milliseconds, for a memory's store */
	uint16_t host_count, next_host, group_end;
	uint16_t attempt_count, rejected_count, candidate_count, event_count;
	uint16_t events_lost;
	uint16_t reply_code, port;
	uint16_t best;               /* lowest preference of all MX records */
	uint16_t met;                /* MET_* */
	uint16_t tlsa_octets;        /* of all records kept */
	uint16_t dane_host;          /* whose TLSA records are looked for */
	uint16_t line_count;         /* of the TLS report */
	uint8_t kind;                /* enum destination_kind */
	uint8_t state;               /* machine.c */
	uint8_t source, secure;
	uint8_t plan;                /* enum plan_kind */
	uint8_t verdict;             /* enum mxsel__verdict */
	uint8_t concluded;           /* the verdict that verdict_text is of */
	uint8_t custom;              /* it is the name filter's */
	uint8_t by_report;           /* it is the strongest outcome's */
	uint8_t strength;            /* enum mxsel__strength, of all reports */
	uint8_t outcome;             /* MXSEL_OUTCOME_* of the strongest */
	uint8_t reported;            /* the attempt reached was reported */
	uint8_t tls;                 /* MXSEL_TLS_* */
	uint8_t mx_security;         /* MXSEL_SECURITY_* of the MX answer */
	uint8_t dane_step;           /* dane.c */
	uint8_t tls_reported;        /* of the attempt reached */
	uint8_t unreported;          /* one was left without report */
	uint8_t go;                  /* enum mxsel__go */
	uint8_t reached;             /* the cursor is at an attempt */
	uint8_t busy;                /* inside a callback */
	uint8_t doomed;              /* freed inside a callback */
	uint8_t shown;               /* text is that of the attempt reached */
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	char status[12];             /* enhanced status of the strongest */
};

/* query.c: open one. NULL: no memory. */
struct mxsel_query *mxsel__question_open(struct mxsel *m, const char *name,
	uint16_t type, struct mxsel_query *asker);
int mxsel__question_allowed(const struct mxsel *m);
/* The name after aliases; NULL: none. */
static inline const char *mxsel__question_canonical(
	const struct mxsel_query *q)
{
	return q->aliases == NULL ? NULL : q->aliases->name;
}

/* The name after all aliases that may be believed; NULL: none. */
const char *mxsel__question_expanded(const struct mxsel_query *q);

/* It, and those that led to it, served their purpose; *asked becomes NULL. */
void mxsel__question_recycle(struct mxsel *m, struct mxsel_query **asked);
/* Cancel what is under way and end it so, or with what is stale. */
void mxsel__cancel_all(struct mxsel *m, int outcome);
/* Cancel it because the selection ends. */
void mxsel__abandon_all(struct mxsel *m);

/* It is not open any more. */
void mxsel__question_close(struct mxsel_query *q);
/* answer.c: it is over; its outcome and security are set. */
void mxsel__question_end(struct mxsel_query *q);
/* A question's end, as everybody must see it: bogus, broken, too long. */
int mxsel__question_failed(const struct mxsel_query *q);
/* MXSEL_SECURITY_* of it and every alias that led to it (R90). */
int mxsel__question_security(const struct mxsel_query *q);
/* It ended at an alias whose target nobody spoke of: ask there (R11). */
int mxsel__question_dangles(const struct mxsel_query *q);

/*
 * answer.c: a question as it is before an answer is taken in, and the same
 * again when there was no memory for all of it (S39).
 */
struct question_mark {
	struct mxsel_query question;
	uint16_t candidates, tlsa_octets;
};
void mxsel__question_mark(struct question_mark *mark,
	const struct mxsel_query *q);
void mxsel__question_take_back(struct mxsel_query *q,
	const struct question_mark *mark);

/* answer.c: records mean something in a complete answer only. */
void mxsel__question_forget(struct mxsel_query *q);
/* One more alias on the way. 0; 1: a circle; MXSEL_ENOMEM. */
int mxsel__question_alias(struct mxsel_query *q, const char *name,
	size_t length);
/* So many aliases more may be followed. */
unsigned mxsel__question_links_left(const struct mxsel_query *q);

/*
 * cached.c: answer a question that was just opened out of the cache, if it
 * is there. Never fails: what is not there is asked for.
 */
void mxsel__cached_look(struct mxsel_query *q);
/* Both questions of a host, NULL for the one that was not opened. */
void mxsel__cached_look_host(struct mxsel_query *const opened[2]);
/* They will be looked for soon: bring what is needed for that near. */
void mxsel__cached_expect(const struct mxsel *m, const char *name,
	size_t length);
void mxsel__cached_expect_hosts(const struct mxsel *m);
/* It would end in failure: 1 when something stale was used instead. */
int mxsel__cached_stale(struct mxsel_query *q, int outcome, int security);
struct mxsel__cached;
/* The same in a room that the caller has. */
int mxsel__cached_stale_in(struct mxsel__cached *c, struct mxsel_query *q,
	int outcome, int security);
/* The records of a message, as they are kept. 0: not all, or there is no
 * cache. Then the plan, or the candidates, from them. */
int mxsel__cached_read(struct mxsel__cached *c, const struct mxsel_query *q,
	struct mxsel__message *message);
int mxsel__cached_use(struct mxsel_query *q, const struct mxsel__cached *c);
/* It ended: keep what was read, or what was told as records. */
void mxsel__cached_keep(const struct mxsel_query *q, struct mxsel__cached *c);
void mxsel__cached_keep_told(const struct mxsel_query *q);

/* candidate.c: its address, which it has (length > 0). */
void mxsel__candidate_address(struct mxsel__address *out,
	const struct candidate *c);
/* Its address as text, "" without one. */
void mxsel__candidate_text(char out[MXSEL__ADDRESS_TEXT_SIZE],
	const struct candidate *c);
int mxsel__candidate_is_self(const struct mxsel *m,
	const struct mxsel__address *address);
/* candidate.c: judge and keep one address of an answer (R36, R55, R63). */
int mxsel__candidate_add(struct mxsel_query *q, const uint8_t *bytes);
/* The address of a host that is one itself; NULL: an .onion name's. */
struct candidate *mxsel__candidate_make(struct mxsel *m,
	const struct mxsel__address *address);

/* plan.c: MX records, of n >= 1, to hosts in order (R15-R23, R30-R37). */
int mxsel__plan_build(struct mxsel *m, struct mxsel__mx *v, size_t n,
	int self_preference, int cut);
/* One host that needs no MX record. */
int mxsel__plan_single(struct mxsel *m, const char *name, int source);
/* The same from the MX records of a message that was found sound. */
int mxsel__plan_packet(struct mxsel_query *q, struct mxsel__message *message);
/* One record, ready for the order; its mark is enum mxsel__special. */
void mxsel__plan_fill(struct mxsel__mx *mx, const char *name, size_t length,
	int kind, uint16_t preference);
int mxsel__plan_is_self(const struct mxsel *m, const struct mxsel__mx *mx);
/* The lower of self (-1: none) and this record's preference, if it is us. */
int mxsel__plan_self(const struct mxsel *m, const struct mxsel__mx *mx,
	int self);

/* settle.c: the answers for one host, judged. */
struct finding {
	size_t v6, v4;
	int self;      /* MXSEL_REJECT_SELF or _UNSPECIFIED */
	int failed;    /* a family failed for now */
	int unasked;   /* a limit kept a family from being asked */
	int missing;   /* NXDOMAIN */
	int filtered;
	int off;       /* a family is switched off here */
	int loop;      /* aliases: 1 in a circle, 2 too many */
	int alias;
	int cut;
	struct candidate *found[2 * FAMILY_MAX]; /* IPv6, then IPv4 */
};
void mxsel__host_find(struct mxsel *m, struct host *host, struct finding *f);
/* What the flags and the TTL say of it, whatever becomes of it. */
void mxsel__host_note(struct mxsel *m, const struct host *host,
	const struct finding *f);
/* Use what was found, or say why there is nothing to use. */
int mxsel__host_settle(struct mxsel *m, struct host *host,
	const struct finding *f);

/*
 * fair.c: the attempts added since the mark, cut to what the limit leaves:
 * a first one for every host before any has its third, and one of each family
 * (R38).
 */
struct mark;
int mxsel__fair_limit(struct mxsel *m, const struct mark *before);

/* ask.c: questions for the next hosts, and for those behind, ahead. */
int mxsel__hosts_ask(struct mxsel *m);
/* host.c: their answers to attempts. Are all there that are waited for? */
int mxsel__hosts_answered(const struct mxsel *m);
int mxsel__hosts_follow(struct mxsel *m); /* 1: all answered; 0; error */
int mxsel__hosts_settle(struct mxsel *m);
/* The attempts are as many as the limit allows: drop the other hosts. */
int mxsel__hosts_drop(struct mxsel *m);

/* conclude.c */
int mxsel__conclude(struct mxsel *m, int verdict);
int mxsel__conclude_met(struct mxsel *m);

/*
 * Where a step that may run out of memory began, so that it can be taken
 * back whole and tried again (S39).
 */
struct mark {
	struct mxsel__random random;
	const struct name_filter *name_filter;
	struct rejection *last_rejected;
	struct candidate *last_attempt;
	struct event *last_event;
	struct line *lines;
	struct told *told;
	uint32_t flags, event_octets;
	uint16_t rejected_count, attempt_count, host_count, event_count;
	uint16_t line_count, met, events_lost;
	uint8_t seeded;
};

/* trace.c: 0 or MXSEL_ENOMEM. */
int mxsel__traces(const struct mxsel *m);
int mxsel__trace(struct mxsel *m, int code, const char *subject,
	const char *detail, const char *rule);
const char *mxsel__type_name(unsigned type);
int mxsel__trace_ask(struct mxsel *m, const struct mxsel_query *q);
int mxsel__trace_answer(struct mxsel *m, const struct mxsel_query *q);
int mxsel__trace_self(struct mxsel *m, int preference);
int mxsel__trace_host(struct mxsel *m, const struct host *host);
int mxsel__trace_tlsa(struct mxsel *m, const struct host *host);
int mxsel__trace_posture(struct mxsel *m, const struct host *host);
int mxsel__trace_candidate(struct mxsel *m, int code,
	const struct candidate *c);
void mxsel__trace_take_back(struct mxsel *m, struct event *last,
	uint16_t count);

/*
 * record.c: lines for the recorder, if there is one. 0 or MXSEL_ENOMEM, when
 * nothing was told.
 */
int mxsel__record_destination(const struct mxsel *m, const char *text,
	size_t length);
void mxsel__record_seed(const struct mxsel *m);
int mxsel__record_mx(const struct mxsel_query *q, uint16_t preference,
	const char *exchange, uint32_t ttl);
int mxsel__record_alias(const struct mxsel_query *q, const char *target,
	uint32_t ttl);
int mxsel__record_tlsa(const struct mxsel_query *q,
	const struct mxsel__tlsa *tlsa, uint32_t ttl);
void mxsel__record_address(const struct mxsel_query *q, const uint8_t *bytes,
	uint32_t ttl);
void mxsel__record_negative(const struct mxsel_query *q, uint32_t ttl);
void mxsel__record_end(const struct mxsel_query *q);
/* *line: to be closed, told when the packet is taken; NULL: no recorder. */
int mxsel__record_packet(char **line, const struct mxsel_query *q,
	const uint8_t *packet, size_t size, int security);
void mxsel__record_close(const struct mxsel *m, char *line, int taken);
/* Of the attempt reached, before anything is changed. */
int mxsel__record_report(const struct mxsel *m, int outcome, int code,
	const char *text);

/* rejected.c: 0 or MXSEL_ENOMEM. */
void mxsel__mark(const struct mxsel *m, struct mark *mark);
void mxsel__take_back(struct mxsel *m, const struct mark *mark);
int mxsel__reject(struct mxsel *m, int reason, int preference,
	const char *subject);
int mxsel__reject_address(struct mxsel *m, int reason, int preference,
	const struct candidate *c);

/* The host of the attempt reached; NULL: there is none. */
static inline const struct host *mxsel__host_reached(const struct mxsel *m)
{
	return m != NULL && m->reached ? &m->hosts[m->cursor->host] : NULL;
}

/* access.c: of the attempt reached. */
const char *mxsel__address_text(const struct mxsel *m);

/* conclude.c: a copy in a room that grows by steps; NULL: no memory. */
const char *mxsel__room_text(struct mxsel *m, struct room **room,
	const char *text, size_t length);

/* selection.c */
int mxsel__seed_draw(struct mxsel *m);
void mxsel__destroy(struct mxsel *m);

/* machine.c */
enum state {
	STATE_START, STATE_MX, STATE_GROUP, STATE_HOSTS, STATE_WALK,
	STATE_DANE, STATE_END
};

#endif
