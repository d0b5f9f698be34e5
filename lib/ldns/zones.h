/*
 * What the files of the master-file resolver share. A zone is one array of
 * records, sorted so that every look-up is a binary search; it is built once
 * and then only read, which is why threads may share it. May use the public
 * headers, libc and ldns; only zone_load.c uses ldns. (Not called zone.h:
 * with -Ilib that would stand in the way of <ldns/zone.h>.)
 */
#ifndef MXSEL_LDNS_ZONES_H
#define MXSEL_LDNS_ZONES_H

#include <stddef.h>
#include <stdint.h>

#define MXSEL__ZONE_WIRE_MAX 255  /* octets of a name, RFC 1035 2.3.4 */
#define MXSEL__ZONE_LABEL_MAX 127 /* labels of a name, without the root */
#define MXSEL__ZONE_MESSAGE_MAX 65535

enum {
	MXSEL__ZONE_A = 1,
	MXSEL__ZONE_NS = 2,
	MXSEL__ZONE_CNAME = 5,
	MXSEL__ZONE_SOA = 6,
	MXSEL__ZONE_MX = 15,
	MXSEL__ZONE_AAAA = 28,
	MXSEL__ZONE_DNAME = 39,
	MXSEL__ZONE_RRSIG = 46,
	MXSEL__ZONE_NSEC3 = 50,
	MXSEL__ZONE_TLSA = 52
};

/* ------------------------------------------------------------------- names */

/*
 * A name as it is written and as it is searched. The key is the labels from
 * the last to the first, each with its length octet and folded: an ancestor's
 * key is a prefix, and all names under one name stand together behind it.
 */
struct mxsel__zone_name {
	uint8_t wire[MXSEL__ZONE_WIRE_MAX];
	uint8_t key[MXSEL__ZONE_WIRE_MAX];
	uint8_t ends[MXSEL__ZONE_LABEL_MAX + 1]; /* ends[i]: octets of the key
	                                            of the ancestor with i
	                                            labels */
	size_t size; /* octets of wire, root included */
	size_t labels;
};

/* Octets of the uncompressed name at wire; 0: it is none, or cut short. */
size_t mxsel__zone_name_size(const uint8_t *wire, size_t room);

/* Take a name from the wire; 0, or -1 when it is none. */
int mxsel__zone_name_wire(
	struct mxsel__zone_name *name, const uint8_t *wire, size_t room);

/* Take a name from a question's text; 0, or -1 when it is none. */
int mxsel__zone_name_text(struct mxsel__zone_name *name, const char *text);

/* The wire form of the ancestor with so many labels. */
const uint8_t *mxsel__zone_name_ancestor(
	const struct mxsel__zone_name *name, size_t labels);

/*
 * Replace the ancestor with so many labels by target (RFC 6672 2.2); 0, or
 * -1 when the result is too long.
 */
int mxsel__zone_name_replace(struct mxsel__zone_name *name, size_t labels,
	const uint8_t *target, size_t target_size);

/* ------------------------------------------------------------------- zones */

struct mxsel__zone_record {
	uint32_t ttl;
	uint32_t place; /* in the file: the order of an answer */
	uint16_t type;
	uint16_t rdlength;
	uint8_t key_size;
	uint8_t octets[]; /* the key, then the RDATA */
};

struct mxsel__zone {
	struct mxsel__zone_record **records; /* sorted: key, type, place */
	size_t count;
	size_t room;
	const struct mxsel__zone_record *soa;
};

struct mxsel__zones {
	struct mxsel__zone *zones; /* sorted by the key of their SOA */
	size_t count;
};

const uint8_t *mxsel__zone_rdata(const struct mxsel__zone_record *record);

/* Read a zone from its text. 0; MXSEL_EFILE, MXSEL_ENOMEM: it is empty. */
int mxsel__zone_load(struct mxsel__zone *zone, const char *text);

/* Keep a record; 0, or MXSEL_ENOMEM. */
int mxsel__zone_add(struct mxsel__zone *zone,
	const struct mxsel__zone_name *owner, uint16_t type, uint32_t ttl,
	const uint8_t *rdata, size_t rdlength);

/*
 * Sort, drop duplicates, find the SOA. 0; MXSEL_EFILE unless there is
 * exactly one SOA and every owner is at or under its owner.
 */
int mxsel__zone_index(struct mxsel__zone *zone);
void mxsel__zone_clear(struct mxsel__zone *zone);

/* Sort the zones; 0, or MXSEL_EFILE when two have one name. */
int mxsel__zones_index(struct mxsel__zones *zones);
void mxsel__zones_free(struct mxsel__zones *zones);

/* Does a name exist, with records or with names under it (RFC 4592 2.2)? */
int mxsel__zone_exists(
	const struct mxsel__zone *zone, const uint8_t *key, size_t size);

/* The records of a type at a name: how many, the first through *first. */
size_t mxsel__zone_find(const struct mxsel__zone *zone, const uint8_t *key,
	size_t size, uint16_t type, struct mxsel__zone_record *const **first);

/* The zone with the longest name at or above name, or NULL. */
const struct mxsel__zone *mxsel__zones_find(
	const struct mxsel__zones *zones, const struct mxsel__zone_name *name);

/* ------------------------------------------------------ lines of the text */

#define MXSEL__ZONE_LINE_MAX 131072u

/* One entry of a master file at a time (RFC 1035 5.1). */
struct mxsel__zone_lines {
	const char *at;
	size_t size;
	char line[MXSEL__ZONE_LINE_MAX];
};

/*
 * The next entry as one line: comments gone, parentheses resolved, blanks
 * are spaces, escapes and octets that are not plain are \DDD. It begins with
 * a space when the text does. 1; 0 at the end; MXSEL_EFILE.
 */
int mxsel__zone_line_next(struct mxsel__zone_lines *lines);

/* Cut the next word off: its start, or NULL at the end of the line. */
char *mxsel__zone_line_word(char **cursor);

/* ASCII case-insensitive comparison with a word in capitals. */
int mxsel__zone_word_is(const char *word, const char *capitals);

/* A TTL in seconds or with units (1h30m); 0, or -1 when it is none. */
int mxsel__zone_word_ttl(const char *word, uint32_t *ttl);

/* A decimal number up to max; 0, or -1. */
int mxsel__zone_word_number(const char *word, uint32_t max, uint32_t *number);

/* ---------------------------------------------------------------- messages */

enum { MXSEL__ZONE_ANSWER = 1, MXSEL__ZONE_AUTHORITY = 2 };

/* A reply under construction; names are compressed (RFC 1035 4.1.4). */
struct mxsel__zone_message {
	uint8_t octets[MXSEL__ZONE_MESSAGE_MAX];
	size_t size;
	size_t question_end;
	int full;             /* something did not fit */
	uint16_t known[4096]; /* hash table of offsets of names written */
};

/* Begin a reply to a question. */
void mxsel__zone_message_begin(
	struct mxsel__zone_message *m, const uint8_t *name, uint16_t type);

/* Add a record. Once one did not fit, nothing more is added. */
void mxsel__zone_message_put(struct mxsel__zone_message *m, int section,
	const uint8_t *owner, uint16_t type, uint32_t ttl, const uint8_t *rdata,
	size_t rdlength);

/* Set the header; a reply that did not fit becomes SERVFAIL. */
void mxsel__zone_message_end(
	struct mxsel__zone_message *m, int authoritative, int rcode);

/* Write the whole reply to a question (RFC 1034 4.3.2). */
void mxsel__zones_answer(const struct mxsel__zones *zones,
	const struct mxsel__zone_name *name, uint16_t type,
	struct mxsel__zone_message *m);

#endif
