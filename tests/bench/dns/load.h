/*
 * What all drivers of the benchmark share: the list of domains they work off,
 * the check of what they found, and the figures they print. May use libc
 * only, so that it costs every driver the same.
 */
#ifndef TESTS_BENCH_DNS_LOAD_H
#define TESTS_BENCH_DNS_LOAD_H

#include <stddef.h>
#include <stdint.h>

/* What became of a domain; the numbers are part of the checksums. */
enum load_status {
	LOAD_OK = 1,
	LOAD_NULL_MX,
	LOAD_NO_DOMAIN,
	LOAD_NO_HOST,
	LOAD_LOST /* no answer: never right */
};

/* One domain on its way. */
struct load_job {
	uint32_t index;
	uint64_t sum; /* of load_entry() for each address */
	uint64_t begun;
};

/* What the command line says; see load_usage. */
struct load {
	const char *driver;
	const char *folder;
	const char *mode;
	unsigned port;
	unsigned concurrency;
	uint32_t count;
};

extern struct load load;

/*
 * PROGRAM PORT FOLDER COUNT CONCURRENCY SECONDS [MODE]: ask 127.0.0.1@PORT
 * for the first COUNT domains of FOLDER/domains; begin none after SECONDS.
 */
void load_begin(int argc, char **argv, const char *driver);

/* The next domain: 1, or 0 when there is none left or the time is over. */
int load_next(struct load_job *job);
const char *load_domain(const struct load_job *job);
void load_done(struct load_job *job, enum load_status status);
/* As load_done(): compare with the first attempt alone. */
void load_done_first(struct load_job *job, enum load_status status);
/* The same without looking at what was found. */
void load_done_unchecked(struct load_job *job);
/* Domains begun and not done. */
uint32_t load_open(void);
/* Is there something to wait for? Not when the time is long over. */
int load_busy(void);
/* Print one line of JSON; the exit status of main(). */
int load_end(void);

_Noreturn void load_die(const char *what);
uint64_t load_now(void);

static inline uint64_t load_mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	return x ^ x >> 32;
}

uint64_t load_hash(const char *name);
uint64_t load_entry(uint64_t host, unsigned preference, const void *address,
	size_t size);
uint64_t load_check(uint64_t sum, enum load_status status);

static inline void load_add(struct load_job *job, uint64_t host,
	unsigned preference, const void *address, size_t size)
{
	job->sum += load_entry(host, preference, address, size);
}

#endif
