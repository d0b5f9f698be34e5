/*
 * Many threads over one memory of hosts, and over another one that has it as
 * its store: all that can be done at a time is done at a time. Every plan must
 * be the whole plan, every entry a sound one, and the memory never larger than
 * it was told. Made to run under ThreadSanitizer. May use the public API.
 *
 *	memory [THREADS [SECONDS [FOLDER]]]
 *
 * Prints how much each thread did at least and how much of all was wrong.
 * Exit: 0 when nothing was.
 */
#define _POSIX_C_SOURCE 200809L

#include <mxsel/memory.h>
#include <mxsel/mxsel.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	THREADS_MAX = 256,
	DOMAINS = 300,
	HOSTS = 4,           /* three equal ones, one behind them */
	NAME_SIZE = 32
};

/* Too few octets for all hosts and addresses. */
static const size_t octets[2] = { 262144, 65536 };

/* What all threads use: one memory, and one that reports to it. */
struct shared {
	mxsel_memory *memory[2];
	mxsel_options *options[2];
	const char *folder;
	struct timespec end;
};

struct worker {
	struct shared *shared;
	pthread_t thread;
	uint64_t state;
	int number;
	mxsel *kept[2];
	long done, wrong;
};

static uint64_t tell_time(void *user)
{
	struct timespec t;

	(void)user;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static unsigned below(struct worker *w, unsigned bound)
{
	uint64_t z = w->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % bound);
}

static void must(int rc)
{
	if (rc != MXSEL_OK) {
		fprintf(stderr, "%s\n", mxsel_strerror(rc));
		abort();
	}
}

/* ------------------------------------------------------------------ the DNS */

/* Host 2 of domain 7 is mx2.d7.example, and number 30 of all. */
static void host_name(char out[NAME_SIZE], int number)
{
	(void)snprintf(out, NAME_SIZE, "mx%d.d%d.example", number % HOSTS,
		number / HOSTS);
}

static void address_text(char out[NAME_SIZE], int number, int six)
{
	if (six)
		(void)snprintf(out, NAME_SIZE, "2001:db8::1:%x",
			(unsigned)number + 1);
	else
		(void)snprintf(out, NAME_SIZE, "198.18.%d.%d", number / 256,
			number % 256);
}

static void resolve(mxsel_query *q, void *user)
{
	const char *name = mxsel_query_name(q);
	int is_host = name[0] == 'm', i, rc = 0;
	int domain = (int)strtol(name + (is_host ? 5 : 1), NULL, 10);
	char text[NAME_SIZE];

	(void)user;
	for (i = 0; !is_host && i < HOSTS; i++) {
		host_name(text, HOSTS * domain + i);
		rc |= mxsel_answer_mx(q, i < 3 ? 10 : 20, text, 300);
	}
	if (is_host) {
		address_text(text, HOSTS * domain + name[2] - '0',
			mxsel_query_type(q) == MXSEL_TYPE_AAAA);
		rc |= mxsel_answer_address_text(q, text, 300);
	}
	must(rc | mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
		MXSEL_SECURITY_INSECURE));
}

static int random_outcome(struct worker *w, int *code, const char **text)
{
	const unsigned replied = 1u << MXSEL_OUTCOME_GREETING |
		1u << MXSEL_OUTCOME_EHLO | 1u << MXSEL_OUTCOME_MAIL |
		1u << MXSEL_OUTCOME_RCPT | 1u << MXSEL_OUTCOME_DATA;
	int outcome = 1 + (int)below(w, MXSEL_OUTCOME_REQUIRETLS);

	*code = 0;
	*text = NULL;
	if ((replied >> outcome & 1) != 0) {
		*code = below(w, 2) == 0 ? 450 : 550;
		*text = *code == 550 ? "5.7.1 not from there" : "later";
	}
	return outcome;
}

/* ------------------------------------------------------------ what is right */

/* Is it one of all that can be known? */
static int is_sound(const struct mxsel_memory_entry *e)
{
	char name[NAME_SIZE] = "";
	unsigned number;
	int host, domain, i;

	if (e->kind == MXSEL_MEMORY_HOST &&
		sscanf(e->name, "mx%d.d%d.", &host, &domain) == 2)
		host_name(name, HOSTS * domain + host);
	else if (sscanf(e->name, "198.18.%d.%d", &domain, &host) == 2)
		address_text(name, 256 * domain + host, 0);
	else if (sscanf(e->name, "2001:db8::1:%x", &number) == 1)
		address_text(name, (int)number - 1, 1);
	for (i = 0; i < MXSEL_MEMORY_OUTCOMES; i++)
		if (e->outcomes[i] > MXSEL_OUTCOME_REQUIRETLS)
			return 0;
	return strcmp(name, e->name) == 0 && e->port == 25 &&
		e->score <= 4000 && e->code >= 0 && e->code <= 599 &&
		(e->works == 0 || e->works == 4 || e->works == 6) &&
		(e->turn == 0 || e->turn == 4 || e->turn == 6) &&
		e->doubt >= 0 && e->doubt <= 3 &&
		memchr(e->again, '\0', sizeof(e->again)) != NULL;
}

/* Every host and address once, and the last host last. */
static int is_whole_plan(mxsel *m)
{
	unsigned seen = 0, bit;
	int n = 0;

	while (mxsel_next(m) == MXSEL_ATTEMPT) {
		bit = 1u << (2 * (mxsel_host_name(m)[2] - '0') +
			(strchr(mxsel_address(m), ':') != NULL));
		if ((seen & bit) != 0 || (mxsel_host_preference(m) == 20) !=
			(n >= 6))
			return 0;
		seen |= bit;
		n++;
	}
	return n == 2 * HOSTS && seen == 0xff;
}

static int is_small(const mxsel_memory *memory, int level)
{
	return mxsel_memory_statistic(memory, MXSEL_MEMORY_BYTES) <=
		octets[level];
}

/* ------------------------------------------------------------- what is done */

static mxsel *again(struct worker *w, int level)
{
	char domain[NAME_SIZE];

	(void)snprintf(domain, sizeof(domain), "d%u.example",
		below(w, DOMAINS));
	if (w->kept[level] == NULL)
		must(mxsel_new(&w->kept[level], domain,
			w->shared->options[level]));
	else
		must(mxsel_reset(w->kept[level], domain));
	return w->kept[level];
}

/* One delivery, each attempt reported, as far as it goes. */
static int deliver(struct worker *w, int level)
{
	mxsel *m = again(w, level);
	const char *text;
	int code, outcome, n = 0;

	while (mxsel_next(m) == MXSEL_ATTEMPT && n++ < 2 * HOSTS) {
		outcome = random_outcome(w, &code, &text);
		must(mxsel_report(m, outcome, code, text));
	}
	return n > 0 && n <= 2 * HOSTS;
}

static int walk(struct worker *w, int level)
{
	return is_whole_plan(again(w, level));
}

static int tell(struct worker *w, int level)
{
	char host[NAME_SIZE], address[NAME_SIZE];
	int number = (int)below(w, DOMAINS * HOSTS);
	const char *text;
	int code, outcome = random_outcome(w, &code, &text);

	host_name(host, number);
	address_text(address, number, (int)below(w, 2));
	must(mxsel_memory_report(w->shared->memory[level],
		below(w, 8) == 0 ? NULL : host, address, 25, outcome, code,
		text));
	return 1;
}

static int list(struct worker *w, int level)
{
	const mxsel_memory *memory = w->shared->memory[level];
	struct mxsel_memory_entry entry;
	uint64_t place = 0;
	size_t n = 0;

	while (mxsel_memory_next(memory, &place, &entry) > 0)
		if (!is_sound(&entry) || n++ > octets[level] / 16)
			return 0;
	return is_small(memory, level);
}

/* One is looked at, written, read again and put back. */
static int edit(struct worker *w, int level)
{
	mxsel_memory *memory = w->shared->memory[level];
	struct mxsel_memory_entry entry, read;
	char name[NAME_SIZE], text[MXSEL_MEMORY_TEXT_SIZE];

	host_name(name, (int)below(w, DOMAINS * HOSTS));
	if (mxsel_memory_get(memory, name, 25, &entry) != 1)
		return 1;
	must(mxsel_memory_format(&entry, text, sizeof(text)));
	must(mxsel_memory_parse(&read, text, strlen(text)));
	entry.score = below(w, 4001);
	must(mxsel_memory_put(memory, &entry));
	return is_sound(&entry) && is_sound(&read);
}

static int forget(struct worker *w, int level)
{
	char name[NAME_SIZE];

	host_name(name, (int)below(w, DOMAINS * HOSTS));
	must(mxsel_memory_forget(w->shared->memory[level],
		below(w, 16) == 0 ? NULL : name));
	return 1;
}

static int set(struct worker *w, int level)
{
	must(mxsel_memory_set(w->shared->memory[level], MXSEL_MEMORY_HALF_LIFE,
		1 + (int)below(w, 60)));
	must(mxsel_memory_set(w->shared->memory[level], MXSEL_MEMORY_REFRESH,
		(int)below(w, 20)));
	return 1;
}

/* Four files for all threads. */
static int keep(struct worker *w, int level)
{
	mxsel_memory *memory = w->shared->memory[level];
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/memory%u", w->shared->folder,
		below(w, 4));
	must(mxsel_memory_save(memory, path));
	must(mxsel_memory_load(memory, path));
	return is_small(memory, level);
}

static void *work(void *user)
{
	/* Of 4096: so often. A file waits for the disk. */
	static const struct {
		int (*act)(struct worker *w, int level);
		unsigned often;
	} acts[] = {
		{ deliver, 1700 }, { walk, 1000 }, { tell, 900 }, { edit, 300 },
		{ forget, 127 }, { set, 60 }, { list, 8 }, { keep, 1 },
	};
	struct worker *w = user;
	struct timespec now;
	unsigned at, left;

	do {
		left = below(w, 4096);
		for (at = 0; left >= acts[at].often; at++)
			left -= acts[at].often;
		w->wrong += !acts[at].act(w, (int)below(w, 2));
		w->done++;
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < w->shared->end.tv_sec);
	mxsel_free(w->kept[0]);
	mxsel_free(w->kept[1]);
	return NULL;
}

/* --------------------------------------------------------------------- main */

static void prepare(struct shared *s)
{
	mxsel_resolver *resolver;
	mxsel_store *store;
	int i;

	must(mxsel_resolver_new(&resolver, resolve, NULL, NULL));
	for (i = 0; i < 2; i++) {
		must(mxsel_memory_new(&s->memory[i], octets[i], tell_time,
			NULL));
		must(mxsel_options_new(&s->options[i]));
		must(mxsel_options_set_resolver(s->options[i], resolver));
		must(mxsel_options_set_memory(s->options[i], s->memory[i]));
	}
	mxsel_resolver_free(resolver);
	must(mxsel_store_new_memory(&store, s->memory[0]));
	must(mxsel_memory_set_store(s->memory[1], store));
	mxsel_store_free(store);
}

/* The least that a thread did. */
static long run(struct shared *s, int threads, long *wrong)
{
	static struct worker workers[THREADS_MAX];
	long least = -1;
	int i;

	for (i = 0; i < threads; i++) {
		workers[i].shared = s;
		workers[i].state = (uint64_t)i;
		if (pthread_create(&workers[i].thread, NULL, work,
			&workers[i]) != 0)
			abort();
	}
	for (i = 0; i < threads; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		*wrong += workers[i].wrong;
		if (least < 0 || workers[i].done < least)
			least = workers[i].done;
	}
	return least;
}

int main(int argc, char **argv)
{
	int threads = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 64;
	long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 10;
	static struct shared s;
	long wrong = 0, least;
	int i;

	s.folder = argc > 3 ? argv[3] : ".";
	if (threads < 1 || threads > THREADS_MAX || seconds < 1)
		return 64;
	(void)clock_gettime(CLOCK_MONOTONIC, &s.end);
	s.end.tv_sec += seconds;
	prepare(&s);
	least = run(&s, threads, &wrong);
	printf("%d threads, each %ld calls, %ld wrong\n", threads, least,
		wrong);
	for (i = 0; i < 2; i++) {
		mxsel_options_free(s.options[i]);
		mxsel_memory_free(s.memory[i]);
	}
	return wrong == 0 && least > 0 ? 0 : 1;
}
