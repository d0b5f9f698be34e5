/*
 * A kernel in this process: descriptors, UDP, TCP, epoll and poll, a clock
 * that runs only while somebody waits, and numbers that are random but always
 * the same for a seed. The linker puts its calls in the place of the real ones
 * (-Wl,--wrap), so that what is tested is the library that is released. May
 * use libc only.
 */
#ifndef TESTS_SIM_KERNEL_H
#define TESTS_SIM_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Where a datagram says it comes from, besides the number of a server. */
enum { SIM_OTHER_ADDRESS = -1, SIM_OTHER_PORT = -2 };

/* Calls that can fail. */
enum sim_call {
	SIM_SOCKET, SIM_CONNECT, SIM_CLOSE, SIM_FCNTL, SIM_SEND, SIM_SENDMMSG,
	SIM_RECVMSG, SIM_RECVMMSG, SIM_GETSOCKOPT, SIM_SETSOCKOPT, SIM_POLL,
	SIM_EPOLL_CREATE, SIM_EPOLL_CTL, SIM_EPOLL_WAIT, SIM_CLOCK,
	SIM_RANDOM, SIM_CALLS
};

/* Everything is closed and forgotten; time and numbers begin anew. */
void sim_kernel_reset(uint64_t seed);

/* ------------------------------------------------------- time and numbers */

#define SIM_MILLISECOND 1000000ull
#define SIM_SECOND 1000000000ull

/* Nanoseconds since the reset. */
uint64_t sim_now(void);

/* Let this time pass while nobody waits. */
void sim_sleep(uint64_t nanoseconds);

/* The clocks jump: CLOCK_REALTIME, and the monotonic ones. */
void sim_jump(int64_t real_seconds, int64_t monotonic_seconds);

/* Do so when this time has passed. */
void sim_jump_later(uint64_t nanoseconds, int64_t real_seconds,
	int64_t monotonic_seconds);

/* The real time in seconds. */
double sim_real_time(void);

/* Below the bound; not those that programs are given. */
uint64_t sim_random(uint64_t bound);

/* -------------------------------------------------------------- datagrams */

/*
 * Somebody sends a datagram to a local port; it is there after so many
 * nanoseconds. from: a server's number, or SIM_OTHER_*.
 */
void sim_datagram(uint16_t port, int from, const uint8_t *data, size_t size,
	uint64_t delay);

/* The same, ICMP: nobody listens there. */
void sim_unreachable(uint16_t port, int from, uint64_t delay);

/* ---------------------------------------------------------------- streams */

/* One side of a connection as the server sees it; 0 is none. */
typedef uint64_t sim_connection;

/* What the client sees after so many nanoseconds, in this order. */
void sim_accept(sim_connection c, uint64_t delay);
void sim_segment(sim_connection c, const uint8_t *data, size_t size,
	uint64_t delay);
void sim_finish(sim_connection c, uint64_t delay); /* FIN */
void sim_break(sim_connection c, uint64_t delay);  /* RST */

/* ------------------------------------------------ who is at the other end */

struct sim_peer {
	/* The server with this address: its number, or -1. */
	int (*find)(const void *sockaddr);
	void (*datagram)(int server, uint16_t port, const uint8_t *data,
		size_t size);
	void (*connect)(int server, sim_connection c);
	/* Everything that was sent so far; how many octets are used up. */
	size_t (*octets)(int server, sim_connection c, const uint8_t *data,
		size_t size);
};

void sim_kernel_peer(const struct sim_peer *peer);

/* ----------------------------------------------------------- host's faults */

/* So many calls of a kind, after the next skip ones, fail; error 0: short. */
void sim_fail(enum sim_call call, unsigned skip, unsigned count, int error);

/* So many calls of a million fail with one of these errors. */
void sim_fail_often(enum sim_call call, unsigned per_million,
	const int *errors, unsigned count);

/* No call fails any more. */
void sim_fail_never(void);

const char *sim_call_name(enum sim_call call);

/* Of a stream as many octets at a time, at most; 0: all. */
void sim_send_most(size_t octets);

/* The next descriptors begin here: 0, or 1024 and more. */
void sim_first_descriptor(int fd);

/* Can the kernel take messages apart (UDP_SEGMENT)? */
void sim_slices(int can);

/* ------------------------------------------------------------- what is open */

/* Descriptors that are open. */
unsigned sim_open_count(void);

/* The most since the reset. */
unsigned sim_open_most(void);

/* The local port of the n-th UDP socket that is open; 0: no more. */
uint16_t sim_open_port(unsigned n);

/* Calls so far, all kinds. */
uint64_t sim_calls(void);

/* What happened so far, as a number: equal runs have equal ones. */
uint64_t sim_trace(void);
void sim_trace_add(const void *data, size_t size);

/* Nobody will ask, until the next reset. */
void sim_trace_stop(void);

/* -------------------------------------------------------------- the memory */

/* Octets that the program under test holds; those of the simulator, which
   come from sim_allocate(), do not count. */
size_t sim_heap(void);
void *sim_allocate(size_t size);
void *sim_reallocate(void *pointer, size_t size);
void sim_release(void *pointer);

#endif
