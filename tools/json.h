/*
 * One plan as one line of JSON, written while the selection is walked. The
 * keys, their order and their meaning are frozen: scripts read them. May use
 * the public headers.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include <mxsel/mxsel.h>

#include "buffer.h"

/* The keys of an object, in their order. */
enum {
	JSON_DESTINATION = 1,
	JSON_DOMAIN = 2,
	JSON_UNICODE = 4,
	JSON_STATUS = 8,
	JSON_VERDICT = 16,
	JSON_SOURCE = 32,
	JSON_TTL = 64,
	JSON_SECURE = 128,
	JSON_FLAGS = 256,
	JSON_HOSTS = 512,
	JSON_REJECTED = 1024,
	JSON_QUERIES = 2048,
	JSON_TLSRPT = 4096,
	JSON_TRACE = 8192,
	JSON_ALL = 16383
};

/*
 * Must a selection be walked to its end for these keys, or does the first
 * attempt tell all?
 */
int json_wants_all(int keys);

/* The walk of one selection after the other. All zero but keys
 * and shows_tls at first. */
struct json {
	int keys;             /* JSON_* to print */
	int shows_tls;        /* how securely a host must be reached, too */
	struct buffer hosts;  /* as far as handed out */
	struct buffer tls;    /* of the last host: stands behind the rest */
	size_t attempts;      /* handed out since json_begin() */
	size_t truth;         /* of the last host: where "secure" is said */
	int rank;             /* of the last host */
	int secure;           /* is every address of it? */
};

void json_begin(struct json *j);

/* m has reached an attempt. */
void json_attempt(struct json *j, const mxsel *m);

/*
 * m is at its end, or at an attempt after which nothing more is wanted: add
 * the line to out. destination, of this length, is as given.
 */
void json_end(struct json *j, const mxsel *m, const char *destination,
	size_t length, struct buffer *out);

void json_free(struct json *j);

#endif
