/*
 * What the command line says, for every part of the queue runner.
 */
#ifndef MTA_SETTINGS_H
#define MTA_SETTINGS_H

#include <mxsel/mxsel.h>

#define SELF_MAX 16
#define RECIPIENTS_MAX 100 /* of one message; RFC 5321 4.5.3.1.8 */

struct settings {
	const char *server;   /* DNS: ADDR[@PORT], */
	const char *zone;     /* or a zone file, or resolv.conf */
	const char *self[SELF_MAX];
	int selves;
	const char *name;     /* the first of them that is a name, or NULL */
	const char *ca;       /* authorities, a file; NULL: the system's */
	const char *policies; /* MTA-STS: a folder; NULL: none */
	const char *memory;   /* which hosts are down: a file; NULL: none */
	int port;
	int processes;        /* that deliver at once */
	double timeout;       /* seconds, each */
	double poll;
	double retry;         /* the first pause; it doubles, */
	double retry_max;     /* to this one */
	double give_up;       /* age at which a mail that waits comes back */
	int dane;
	int loopback;
	int trace;
	int once;
};

/* Options for selections; MXSEL_E* else. In settings.c. */
int settings_options(mxsel_options **out, const struct settings *settings);
/* The name to give in EHLO and in reports; "" when there is none. */
const char *settings_name(const struct settings *settings);
/* A mailbox that may stand in a command: 1; "" is the null sender's. */
int is_mailbox(const char *text);

/* Run: read the command line after the spool; 0: it is wrong. */
int settings_read(struct settings *settings, int argc, char **argv);

#endif
