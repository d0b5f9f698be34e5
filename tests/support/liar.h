/*
 * A name server on 127.0.0.1 that lies as a test wants: a thread with one
 * UDP and, when asked for, one TCP socket on the same port the kernel chose.
 * A test gives it a function for each; the function answers with the helpers
 * below, or says nothing. May use libc, pthread and support/packet.h.
 */
#ifndef TESTS_SUPPORT_LIAR_H
#define TESTS_SUPPORT_LIAR_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "support/packet.h"

struct liar;

/* A question that came in. */
struct liar_call {
	struct liar *liar;
	unsigned nth;             /* of its transport, from 1 */
	int fd;                   /* UDP socket, or the TCP connection */
	int is_tcp;
	struct sockaddr_in peer;
	const uint8_t *question;  /* as it came, without a TCP prefix */
	size_t size;
	struct packet *packet;    /* for the function to fill */
};

typedef void (*liar_fn)(struct liar_call *call);

/* tcp NULL: nobody listens there, nor can, unless the port is left to who
   asks next. udp NULL: silence. Never NULL. */
struct liar *liar_start(liar_fn udp, liar_fn tcp);
void liar_leave_tcp(struct liar *liar);
void liar_stop(struct liar *liar);

/* "127.0.0.1@40001" */
const char *liar_address(const struct liar *liar);

/* Questions that came over UDP and TCP so far. */
unsigned liar_heard_udp(struct liar *liar);
unsigned liar_heard_tcp(struct liar *liar);

/* "127.0.0.1@40002", where nobody listens; room for 32 octets. */
void liar_nobody(char out[32]);

/* ------------------------------------------------ for the functions */

unsigned liar_type(const struct liar_call *call);
int liar_has_edns(const struct liar_call *call);

/*
 * Fill call->packet: the id and question that came, and no record; or the
 * truth: A 192.0.2.1, AAAA 2001:db8::1, MX 10 mx.example.net.
 */
void liar_begin(struct liar_call *call, unsigned flags);
void liar_truth(struct liar_call *call);

/* Send call->packet to who asked, with a length prefix over TCP. */
void liar_send(struct liar_call *call);

/* Send octets as they are. */
void liar_send_raw(struct liar_call *call, const void *data, size_t size);

/* liar_truth() and liar_send(), the whole of an honest server. */
void liar_tell_truth(struct liar_call *call);
/* A reply with these flags and this response code, without records. */
void liar_tell(struct liar_call *call, unsigned flags);

/* Do nothing for a while, a second at most. 0: the liar is being stopped. */
int liar_pause(struct liar_call *call, int milliseconds);

/* End the connection with a reset instead of an end of stream. */
void liar_reset(struct liar_call *call);

#endif
