/*
 * A server on 127.0.0.1 that speaks Redis' protocol as a test wants: a thread
 * with one connection at a time. It keeps nothing, but notes what it was
 * told. It asks malloc() for nothing once it runs. May use libc and pthread.
 */
#ifndef TESTS_SUPPORT_FALSE_REDIS_H
#define TESTS_SUPPORT_FALSE_REDIS_H

#include <stddef.h>

struct false_redis;

/* Set in its thread: for programs that make calls of the others fail. */
extern _Thread_local int false_redis_spared;

enum false_redis_mode {
	FALSE_HONEST,  /* answers as a server would */
	FALSE_SILENT,  /* takes connections and never answers */
	FALSE_MUTE,    /* is silent after the scripts are loaded */
	FALSE_SLOW,    /* takes 30 milliseconds for a script */
	FALSE_CLOSES,  /* closes instead of running a script */
	FALSE_BRIEF,   /* closes after it has run one */
	FALSE_SAYS,    /* answers each script with a text */
	FALSE_FULL,    /* answers outcomes with a text, questions honestly */
	FALSE_ONCE,    /* the first one, then it is honest */
	FALSE_ALWAYS,  /* answers every command with a text */
	FALSE_DENIES,  /* says a text to the first command and hangs up */
	FALSE_REFUSES, /* will not load scripts: a text; runs them whole */
	FALSE_FLOODS   /* answers a script with a string that does not end */
};

/* Port 0: any. */
struct false_redis *false_redis_start(int port);
void false_redis_stop(struct false_redis *server);
int false_redis_port(const struct false_redis *server);

/* Be like that; text as it goes out, or NULL. Both stay the caller's. */
void false_redis_be(struct false_redis *server, enum false_redis_mode mode,
	const char *text);
/* What is known of everybody: as the look-up script says it; NULL: nothing. */
void false_redis_know(struct false_redis *server, const char *text);

enum {
	FALSE_CONNECTIONS, /* that came */
	FALSE_TOLD,        /* outcomes that were taken */
	FALSE_LOOKED,      /* questions that were answered */
	FALSE_WHOLE        /* of both, with the script itself */
};
unsigned false_redis_count(struct false_redis *server, int which);

/* The commands of the last connection that took any, a line each, words with
   a space between; scripts are "SCRIPT". */
void false_redis_heard(struct false_redis *server, char *out, size_t size);

#endif
