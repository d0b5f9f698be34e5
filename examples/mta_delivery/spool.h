/*
 * The folders in which mail waits, and the one lock that a message has.
 */
#ifndef MTA_SPOOL_H
#define MTA_SPOOL_H

#include <stddef.h>
#include <stdio.h>

#define ID_SIZE 128 /* a message's name in the spool, with its NUL */

/* Descriptors of the folders. */
struct spool {
	int tmp;     /* being written: nobody's mail yet */
	int queue;   /* one file a message; its mtime is when it is due */
	int journal; /* what became of it; locked while it is delivered */
	int dead;    /* could neither be delivered nor returned */
};

/* Open the spool, and make it where there is none: 0; -1, errno. */
int spool_open(struct spool *spool, const char *folder);

/* A name that no other message of this machine has had. */
void spool_new_id(char id[ID_SIZE]);

/* Write a message: begin, write to the stream, finish (it is on the disk),
   publish (it is in the queue). NULL or -1: it is not. */
FILE *spool_begin(const struct spool *spool, const char *id);
int spool_finish(const struct spool *spool, FILE *message);
int spool_publish(const struct spool *spool, const char *id);

/* The message's journal, locked; -1: somebody else delivers it, or it is gone.
   Whoever inherits the descriptor inherits the lock. */
int spool_lock(const struct spool *spool, const char *id);

/* When the message is due, and that it is so many seconds from now. */
double spool_due(const struct spool *spool, const char *id);
int spool_set_due(const struct spool *spool, const char *id, double seconds);

/* The lock's holder is done with it: it is gone, or among the dead. */
int spool_remove(const struct spool *spool, const char *id);
int spool_bury(const struct spool *spool, const char *id);

/* Call use for each message of the queue (or journal, a folder's descriptor);
   stops when it returns other than 0, and returns that. -1: errno. */
int spool_each(int folder, int (*use)(const char *id, void *user), void *user);

/* Journals whose message is gone: a kill between two steps left them. */
int spool_sweep(const struct spool *spool);

double now(void);

#endif
