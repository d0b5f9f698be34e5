/*
 * What the files of the kernel share: descriptors, what waits in them, and
 * what is still to come. May use libc only.
 */
#ifndef TESTS_SIM_KERNEL_FILE_H
#define TESTS_SIM_KERNEL_FILE_H

#include "sim/kernel.h"

#define FILES_MAX 2048
#define PACKET_ROOM 1600u

enum file_kind { FREE, EPOLL, DATAGRAM, STREAM };
enum stream_state { NEW, CONNECTING, CONNECTED, BROKEN };

/* Octets on their way, or that wait to be read. */
struct packet {
	struct packet *next;
	uint32_t size;
	uint32_t used; /* read already: streams only */
	uint32_t room;
	uint8_t data[];
};

struct file {
	uint8_t kind;
	uint8_t state;     /* of a stream */
	uint8_t finished;  /* the other side has said its last */
	uint8_t in_ready;
	int server;        /* -1: not connected */
	int error;         /* to be told once */
	uint16_t port;
	uint32_t life;     /* how many had this number before */
	int epoll;         /* which one watches it; -1: none */
	uint32_t wanted;   /* its events there */
	uint64_t data;
	int ready_next, ready_previous; /* those that may be ready */
	int ready_first;                /* of an epoll */
	struct packet *first, *last;
	uint64_t busy_until;            /* the last that is on its way */
	uint8_t *out;                   /* of a stream: not taken yet */
	size_t out_size, out_room;
};

struct kernel {
	uint64_t now; /* nanoseconds */
	int64_t real_jump, monotonic_jump;
	uint64_t jump_at; /* 0: never */
	int64_t real_later, monotonic_later;
	uint64_t own_numbers, given_numbers, calls, trace;
	int silent; /* no trace is kept */
	struct sim_peer peer;
	int first;    /* the number of files[0] */
	unsigned open, most, top;
	size_t send_most;
	int slices;
	struct file files[FILES_MAX];
	int32_t ports[65536]; /* the file with this port, or -1 */
};

extern struct kernel sim_kernel;

struct file *sim_file(int fd);
int sim_file_new(enum file_kind kind, int least);
void sim_file_close(int fd);

/* Something may have come: whoever watches it should look. */
void sim_file_touch(int place);
/* Nothing there: nobody need look. */
void sim_file_calm(int place);

/* EPOLLIN and the like, as they are now. */
uint32_t sim_file_events(const struct file *f);

/* The first packet is done with. */
void sim_file_shift(struct file *f);

/*
 * Let time pass until something is ready there, but no longer than this; the
 * limit is a time, not a span. ready says so, and is asked first.
 */
void sim_wait(int (*ready)(void *user), void *user, uint64_t limit);

uint64_t sim_number(uint64_t *state);

/* -1 with errno when this call is to fail; 1: short; else 0. */
int sim_injected(enum sim_call call);

/* Everything still to come is forgotten. */
void sim_events_clear(void);

/* The port of a socket that has none yet. */
void sim_file_bind(struct file *f);

sim_connection sim_connection_of(const struct file *f);

#endif
