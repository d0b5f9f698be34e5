/*
 * What the files of the scenario runner share: the cases of a file, the data
 * of their zones, and how a question is answered from them. May use
 * <mxsel/security.h> and tests/support.
 */
#ifndef TESTS_SCENARIOS_SCENARIO_H
#define TESTS_SCENARIOS_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/mxsel.h>
#include <mxsel/security.h>

#define NAME_ROOM 1100
#define WORDS_MAX 24
#define FAULTS_MAX 32
#define OCTETS_MAX 65000 /* of a TLSA record's data */

enum { /* types and classes that the public header has no name for */
	TYPE_ANY = 0, TYPE_NS = 2, TYPE_SOA = 6, TYPE_TXT = 16,
	CLASS_IN = 1, CLASS_CH = 3
};

/* What is asked for above MXSEL_DNS_*: a fault of another kind. */
enum {
	FAULT_NODATA = 100, /* nothing there, and no SOA that says so */
	FAULT_BOGUS, FAULT_SECURE, FAULT_INSECURE, FAULT_INDETERMINATE,
	FAULT_DANGLING,     /* the CNAME alone, no word of its target */
	FAULT_NO_SOA        /* denials come without SOA */
};

struct text_line {
	struct text_line *next;
	char *text;
	int line;
};

struct record {
	struct record *next;
	uint32_t ttl;
	uint32_t minimum; /* SOA */
	unsigned preference;
	int type;
	int class;
	char owner[NAME_ROOM];
	unsigned char tlsa[3]; /* usage, selector, matching type */
	char data[NAME_ROOM];  /* name, address or octets as text */
};

struct fault {
	struct fault *next;
	int type;
	int what;
	char name[NAME_ROOM];
};

/* A record that an answer carries besides what belongs there. */
struct extra {
	struct extra *next;
	struct record record;
	int type;    /* of the question */
	int section; /* 1 answer, 2 authority, 3 additional */
	char name[NAME_ROOM];
};

struct zone {
	struct record *records, *last;
	struct fault *faults; /* the last one that fits counts */
	struct extra *extras;
};

struct scenario {
	struct scenario *next;
	const char *file;
	char *title;
	char *destination;
	size_t destination_length;
	int line;
	struct zone zone;
	struct text_line *options;
	struct text_line *expect;
	struct text_line *policy; /* the body's lines; NULL: none */
	char *policy_domain;      /* NULL: the destination's */
	struct text_line *memory; /* what is known before it */
	int remembers;            /* it has a memory */
};

/* read.c: the cases of a file. 0; -1 when it was said on stdout why not. */
int scenario_read(const char *file, struct scenario **out);
void scenario_free(struct scenario *list);

/* zone.c: one line of a zone, an extra record. 0 or why not. */
const char *zone_line(struct zone *zone, const char *text, char *origin,
	char *owner);
const char *zone_extra(struct zone *zone, const char *text);
void zone_free(struct zone *zone);
int zone_type(const char *word); /* -1: none */
void zone_name(char out[NAME_ROOM], const char *word, const char *origin);

/* faults.c: one line. 0 or why not. */
const char *zone_fault(struct zone *zone, const char *text);
/* FAULT_* and MXSEL_DNS_* for name and type, the closest ones last. */
size_t zone_faults(const struct zone *zone, const char *name, int type,
	int out[FAULTS_MAX]);
/* MXSEL_SECURITY_* of the closest line; -1: nobody speaks of it. */
int zone_security(const struct zone *zone, const char *name, int type);
int zone_weaker(int a, int b);

/* How a question is answered: the same data in another form. */
enum { AS_RECORDS = 0, AS_PACKET = 1, REVERSED = 2 };

/* answer.c: answer this question from the zone. 0, or what went wrong. */
const char *zone_answer(const struct zone *zone, mxsel_query *q, int form);

/* options.c: the lines of a case to options. NULL, or what is wrong. */
const char *scenario_option(mxsel_options *options, char *line);
/* The lines that speak of names: hooks get all lines to look them up. */
void scenario_hooks(mxsel_options *options, struct text_line *lines);

/* memory.c: options of a memory. */
int is_memory_option(const char *word);

/* words.c */
/* "\DDD" and "\\" to octets, in place; how many there are. */
size_t unescape_text(char *text);
void cut_comment(char *line); /* from the semicolon on */
size_t split_words(char *line, char *words[WORDS_MAX]);
int same_word(const char *a, const char *b); /* letters in any case */
/* Octets of "0a1b", "sha256:WORD", "sha512:WORD", "octets:N", "-". 0 or -1. */
int word_octets(const char *word, uint8_t *out, size_t room, size_t *length);
char *keep_bytes(const char *text, size_t length);
int word_number(const char *word, unsigned long long most,
	unsigned long long *out); /* 0 or -1 */

/* play.c: play one case in all its ways. 0; 1 when it failed. */
int scenario_play(const struct scenario *s);

#endif
