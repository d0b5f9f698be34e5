/*
 * Which sockets are ready: epoll on Linux, kqueue on the BSDs and macOS,
 * poll() elsewhere, behind the same few calls. Level-triggered. May use libc
 * only.
 */
#ifndef MXSEL_LDNS_POLLER_H
#define MXSEL_LDNS_POLLER_H

#include <stddef.h>
#include <sys/types.h>

#define MXSEL__POLLER_MAX 256 /* sockets watched at a time */
#define MXSEL__POLLER_BATCH 64

enum { MXSEL__READABLE = 1, MXSEL__WRITABLE = 2 };

/* How the poller finds out; AUTO is the best that the system has. */
enum mxsel__poller_kind { MXSEL__POLLER_AUTO, MXSEL__POLLER_POLL };

/* One socket being watched; it stays where it is as long as it is. */
struct mxsel__watch {
	int fd;            /* -1: not watched */
	unsigned wanted;   /* MXSEL__READABLE, MXSEL__WRITABLE */
	unsigned place;    /* the poller's */
};

struct mxsel__poller {
	int fd;            /* of epoll or kqueue; -1: poll() */
	pid_t owner;       /* a child of its process must not change it */
	enum mxsel__poller_kind kind;
	struct mxsel__watch *watched[MXSEL__POLLER_MAX];
	unsigned count;
	unsigned turn;     /* poll(): where the next wait begins to look */
	/* what the last wait found; NULL: removed since */
	struct mxsel__watch *ready[MXSEL__POLLER_BATCH];
	unsigned ready_events[MXSEL__POLLER_BATCH];
	unsigned ready_count, ready_next;
};

/* 0; MXSEL_ESYSTEM. The descriptor is above 2, and CLOEXEC. */
int mxsel__poller_init(struct mxsel__poller *p, enum mxsel__poller_kind kind);
void mxsel__poller_destroy(struct mxsel__poller *p);

/* A descriptor that is readable when a wait would find something; -1: none. */
int mxsel__poller_fd(const struct mxsel__poller *p);

/*
 * In the child of a fork: a descriptor of its own, without touching the
 * parent's; every watch is forgotten (fd -1), the sockets are the caller's to
 * close. 0; MXSEL_ESYSTEM.
 */
int mxsel__poller_restart(struct mxsel__poller *p);

/* 0; MXSEL_ELIMIT; MXSEL_ESYSTEM: it is not watched. */
int mxsel__poller_add(struct mxsel__poller *p, struct mxsel__watch *w, int fd,
	unsigned wanted);
int mxsel__poller_change(struct mxsel__poller *p, struct mxsel__watch *w,
	unsigned wanted);

/* Before the socket is closed; also when it is not watched. */
void mxsel__poller_remove(struct mxsel__poller *p, struct mxsel__watch *w);

/*
 * Wait for at most so many milliseconds (0: do not; -1: no end). 0, also
 * after a signal; MXSEL_ESYSTEM.
 */
int mxsel__poller_wait(struct mxsel__poller *p, int milliseconds);

/*
 * The next that the last wait found; NULL: no more. Errors and hang-ups show
 * as everything that was wanted.
 */
struct mxsel__watch *mxsel__poller_ready(struct mxsel__poller *p,
	unsigned *events);

#endif
