/*
 * The work of a driver and its figures: domains from the generator's list,
 * time per domain in a histogram, answers held against the generator's
 * checksums. Its own memory is known apart from that of the library measured.
 * May use POSIX.
 */
#define _DEFAULT_SOURCE

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "bench/dns/load.h"

/* 32 steps between a power of two and the next: 3 % exact. */
#define STEPS 32
#define SLOTS (64 * STEPS)
#define SECOND UINT64_C(1000000000)

struct load load;

static struct {
	const char **domains;
	const uint64_t *checks, *firsts;
	uint32_t begun, done, wrong, lost;
	uint64_t limit, grace, start, stop, end, worst;
	struct rusage before;
	long base;
	int closed; /* no more are begun */
	uint32_t slots[SLOTS];
} at;

_Noreturn void load_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", load.driver, what);
	exit(EXIT_FAILURE);
}

uint64_t load_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *map(const char *name, size_t *size)
{
	char path[4096];
	struct stat st;
	void *data;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", load.folder, name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
		load_die(path);
	data = mmap(NULL, (size_t)st.st_size + 1, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (data == MAP_FAILED)
		load_die(path);
	(void)close(fd);
	*size = (size_t)st.st_size;
	return data;
}

static void read_domains(void)
{
	size_t size;
	char *text = map("domains", &size), *end = text + size;
	uint32_t n = 0;

	at.domains = malloc(load.count * sizeof(at.domains[0]));
	if (at.domains == NULL)
		load_die("no memory");
	while (n < load.count && text < end) {
		char *line = memchr(text, '\n', (size_t)(end - text));

		if (line == NULL)
			break;
		*line = '\0';
		at.domains[n++] = text;
		text = line + 1;
	}
	load.count = n;
}

static unsigned number(const char *text, unsigned most)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0' || n > most)
		load_die("a number is wrong");
	return (unsigned)n;
}

static long kibibytes(const char *field)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	long n = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, field, strlen(field)) == 0)
			n = strtol(line + strlen(field), NULL, 10);
	if (f != NULL)
		(void)fclose(f);
	return n;
}

void load_begin(int argc, char **argv, const char *driver)
{
	size_t size;

	load.driver = driver;
	if (argc < 6)
		load_die("PORT FOLDER COUNT CONCURRENCY SECONDS [MODE]");
	load.port = number(argv[1], 65535);
	load.folder = argv[2];
	load.count = number(argv[3], 100000000);
	load.concurrency = number(argv[4], 1000000);
	load.mode = argc > 6 ? argv[6] : "";
	if (load.concurrency == 0)
		load_die("a number is wrong");
	read_domains();
	at.checks = map("checks", &size);
	at.firsts = map("firsts", &size);
	if (size / sizeof(at.checks[0]) < load.count)
		load_die("the folder is of another kind");
	at.base = kibibytes("VmRSS:");
	at.limit = number(argv[5], 100000) * SECOND;
	/* For those on their way at the end. */
	at.grace = at.limit < 5 * SECOND ? at.limit : 5 * SECOND;
}

/* The clock runs from the first domain on: what is set up before is free. */
static void start(void)
{
	(void)getrusage(RUSAGE_SELF, &at.before);
	at.start = load_now();
	at.stop = at.start + at.limit;
}

int load_next(struct load_job *job)
{
	uint64_t now;

	if (at.start == 0)
		start();
	now = load_now();
	if (at.begun == load.count || now >= at.stop) {
		at.closed = 1;
		return 0;
	}
	job->index = at.begun++;
	job->sum = 0;
	job->begun = now;
	return 1;
}

const char *load_domain(const struct load_job *job)
{
	return at.domains[job->index];
}

static void note_time(uint64_t ns)
{
	unsigned slot = 0, shift = 0;

	if (ns > at.worst)
		at.worst = ns;
	while (ns >> shift >= 2 * STEPS)
		shift++;
	slot = shift * STEPS + (unsigned)(ns >> shift);
	at.slots[slot < SLOTS ? slot : SLOTS - 1]++;
}

static void done(struct load_job *job, enum load_status status, int right)
{
	at.end = load_now();
	note_time(at.end - job->begun);
	at.done++;
	if (status == LOAD_LOST)
		at.lost++;
	else if (!right)
		at.wrong++;
	if (status != LOAD_LOST && !right && at.wrong <= 3)
		fprintf(stderr, "%s: %s is wrong (%d)\n", load.driver,
			load_domain(job), (int)status);
}

void load_done(struct load_job *job, enum load_status status)
{
	done(job, status,
		at.checks[job->index] == load_check(job->sum, status));
}

/* 1: any of several is right. */
void load_done_first(struct load_job *job, enum load_status status)
{
	uint64_t wanted = at.firsts[job->index];

	done(job, status, (wanted == 1 && status == LOAD_OK) ||
		wanted == load_check(job->sum, status));
}

void load_done_unchecked(struct load_job *job)
{
	done(job, LOAD_OK, 1);
}

uint32_t load_open(void)
{
	return at.begun - at.done;
}

int load_busy(void)
{
	return at.begun != at.done &&
		(!at.closed || load_now() < at.stop + at.grace);
}

/* Milliseconds within which this share of the domains was done. */
static double quantile(double share)
{
	double wanted = share * at.done, seen = 0;
	unsigned i;

	for (i = 0; i < SLOTS; i++) {
		seen += at.slots[i];
		if (seen >= wanted && seen > 0)
			break;
	}
	if (i < 2 * STEPS)
		return i / 1e6;
	return (double)((uint64_t)(STEPS + i % STEPS) << (i / STEPS - 1)) /
		1e6;
}

static double seconds(struct timeval after, struct timeval before)
{
	return (double)(after.tv_sec - before.tv_sec) +
		(double)(after.tv_usec - before.tv_usec) / 1e6;
}

int load_end(void)
{
	struct rusage after;

	(void)getrusage(RUSAGE_SELF, &after);
	if (at.end == 0)
		at.end = load_now();
	printf("{\"driver\":\"%s\",\"mode\":\"%s\",\"domains\":%" PRIu32
		",\"seconds\":%.6f,\"user\":%.6f,\"sys\":%.6f,"
		"\"wrong\":%" PRIu32 ",\"lost\":%" PRIu32 ",",
		load.driver, load.mode, at.done,
		(double)(at.end - at.start) / (double)SECOND,
		seconds(after.ru_utime, at.before.ru_utime),
		seconds(after.ru_stime, at.before.ru_stime), at.wrong,
		at.lost + load_open());
	printf("\"base_kib\":%ld,\"peak_kib\":%ld,\"p50\":%.4f,"
		"\"p99\":%.4f,\"max\":%.4f}\n", at.base,
		kibibytes("VmHWM:"), quantile(0.5), quantile(0.99),
		(double)at.worst / 1e6);
	return at.done == 0 || fflush(stdout) != 0;
}
