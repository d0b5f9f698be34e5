/*
 * Replies of a host, as they arrive, and what they mean for a transaction.
 */
#ifndef MTA_REPLY_H
#define MTA_REPLY_H

#include "smtp.h"

#define REPLY_LINE 1000 /* RFC 5321 4.5.3.1.5 wants 512 taken */
#define REPLY_LINES 100

enum phase { GREETING, EHLO, HELO, STARTTLS, MAIL, RCPT, DATA, END, QUIT };

struct session {
	struct transaction *t;
	enum phase phase;     /* of the command sent last */
	size_t recipients;    /* RCPT commands so far */
	int lines;            /* of the reply under way */
	size_t length;
	struct answer reply;  /* the last one, as a whole or in part */
	struct answer all;    /* for those without an answer of their own */
	int is_nonsense;
};

/* A command is sent: its reply comes next. */
void reply_expect(struct session *s, const char *command, size_t size);
/* One line of a reply (RFC 5321, 4.2.1), without its end; 0: enough is known,
   or it is none. What it means is in all, or in the recipient's answer. */
int reply_line(struct session *s, const char *line);
/* The recipients that the host has accepted so far. */
struct members reply_accepted(const struct session *s);

#endif
