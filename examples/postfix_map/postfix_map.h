/*
 * What the parts of the Postfix map share: main.c reads the settings,
 * listen.c opens the socket, serve.c speaks with the clients, answer.c turns
 * one key into one answer.
 */
#ifndef POSTFIX_MAP_H
#define POSTFIX_MAP_H

#include <stddef.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

enum {
	REQUEST_MAX = 4096, /* Postfix keeps addresses below 2048 */
	REPLY_MAX = 8192,   /* Postfix would take 100000 */
	LOCALS_MAX = 256
};

/* How every key is answered. */
struct answers {
	mxsel_options *options;
	mxsel_engine *engine;  /* NULL: a resolver of the options */
	const char *transport; /* the service of master.cf that delivers */
	const char *locals[LOCALS_MAX]; /* domains that are Postfix's own */
	size_t local_count;
	int by_address;        /* never names */
	int verbose;
};

/* One question of a client, and its answer. */
struct lookup {
	mxsel *m; /* stays from one question to the next */
	int by_address, full, rank;
	size_t length;
	char text[REPLY_MAX];
};

/*
 * Both: 1, the answer stands in text; 0: the engine is asking, call
 * lookup_go_on() when the selection is ready. user is for whoever takes it
 * from mxsel_engine_ready().
 */
int lookup_begin(const struct answers *answers, struct lookup *lookup,
	const char *request, size_t length, void *user);
int lookup_go_on(const struct answers *answers, struct lookup *lookup);

/*
 * Where the clients come in: "unix:PATH" or "inet:ADDRESS:PORT", as Postfix
 * writes it, with an address of loopback; port 0 is any that is free. Says on
 * standard output where it is. A descriptor; -1: it was said why not.
 */
int listen_at(const char *where, unsigned mode);

/* Until SIGTERM or SIGINT: 0, or an error of the engine. */
int serve(const struct answers *answers, int listener);

#endif
