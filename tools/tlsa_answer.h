/*
 * TLSA records as they came, those also that nobody can use and the library
 * therefore does not keep: read from the lines of a record (R79). May use the
 * public headers.
 */
#ifndef TOOLS_TLSA_ANSWER_H
#define TOOLS_TLSA_ANSWER_H

#include <stddef.h>

struct tlsa_record {
	int usage, selector, matching;
	size_t length; /* of the data */
};

/* More records than anybody has for one host. */
#define TLSA_RECORDS_MAX 64

struct tlsa_answer {
	struct tlsa_record records[TLSA_RECORDS_MAX];
	size_t count;
	int is_secure; /* all answers were */
	int failed;    /* no memory */
};

/* mxsel_record_fn; user is a struct tlsa_answer, at first all zero. */
void tlsa_answer_hear(const char *line, void *user);

/* Why it cannot be used (RFC 7672 3.1); NULL: it can. */
const char *tlsa_record_fault(const struct tlsa_record *record);

#endif
