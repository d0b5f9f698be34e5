/*
 * One machine of a cluster, for redis_trial.py: a memory and its store, and
 * threads that select and report as mail servers do. Takes commands from the
 * standard input and answers each with one line:
 *
 *     report HOST OUTCOME [STATUS]   "0", or the error
 *     look NAME        what the server knows, within half a minute
 *     know NAME        what this memory knows
 *     forget NAME      "0", or the error
 *     flush            "0" when all is told within a minute
 *     count NUMBER     mxsel_redis_statistic()
 *     error            mxsel_redis_error()
 *     run THREADS      "running"; every selection looks anew
 *     rest             the threads end; what their calls took
 *
 *     redis_machine SERVER [PREFIX [PASSWORD]]
 *
 * May use the public headers, libc and pthread.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mxsel/mock.h>
#include <mxsel/redis.h>

#define HALF_LIFE 30000u
#define BUDGET 5u
#define NOISE 5u        /* milliseconds that a scheduler may take */
#define PAUSE 2u        /* milliseconds between selections */
#define THREADS_MAX 64
#define TENTHS_MAX 5000 /* longer ones are counted as so many, in 0.1 ms */
#define DEAD "mx1.down.example"

/* How long calls of a kind took. */
struct times {
	unsigned long calls, over; /* over: longer than they may, plus NOISE */
	unsigned long by_tenth[TENTHS_MAX + 1];
	uint64_t longest;
};

struct thread {
	pthread_t id;
	mxsel_mock *mock;
	mxsel_options *options;
	unsigned long selections, failures;
	struct times next, get, report, pause;
};

static mxsel_redis *redis;
static mxsel_memory *memory;
static struct thread *threads;
static int thread_count;
static atomic_int resting;

static uint64_t micro(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static uint64_t milli(void *user)
{
	(void)user;
	return micro() / 1000u;
}

/* ------------------------------------------------------------------- times */

static void note(struct times *t, uint64_t began, unsigned allowed)
{
	uint64_t took = micro() - began, tenth = took / 100;

	t->calls++;
	t->over += took > (allowed + NOISE) * 1000u;
	t->by_tenth[tenth < TENTHS_MAX ? tenth : TENTHS_MAX]++;
	if (took > t->longest)
		t->longest = took;
}

static void sum_up(struct times *all, const struct times *t)
{
	int i;

	all->calls += t->calls;
	all->over += t->over;
	if (t->longest > all->longest)
		all->longest = t->longest;
	for (i = 0; i <= TENTHS_MAX; i++)
		all->by_tenth[i] += t->by_tenth[i];
}

/* Milliseconds that 999 of 1000 calls did not exceed. */
static double most_of(const struct times *t)
{
	unsigned long left = t->calls / 1000;
	int i;

	for (i = TENTHS_MAX; i > 0 && t->by_tenth[i] <= left; i--)
		left -= t->by_tenth[i];
	return (i + 1) / 10.0;
}

static void print_times(const char *name, const struct times *t)
{
	printf("%s=%lu:%lu:%.1f:%.1f ", name, t->calls, t->over, most_of(t),
		(double)t->longest / 1000.0);
}

/* ----------------------------------------------------------------- threads */

/* The dead host refuses, the others take the mail. */
static int deliver(struct thread *t, mxsel *m)
{
	int outcome, r;
	uint64_t began;

	for (;;) {
		began = micro();
		r = mxsel_next(m);
		/* Hosts are looked up, and the addresses of one. */
		note(&t->next, began, 2 * BUDGET);
		if (r != MXSEL_ATTEMPT)
			return -1;
		outcome = strcmp(mxsel_host_name(m), DEAD) == 0 ?
			MXSEL_OUTCOME_REFUSED : MXSEL_OUTCOME_DELIVERED;
		began = micro();
		r = mxsel_report(m, outcome, 0, NULL);
		note(&t->report, began, 0);
		if (r < 0)
			return -1;
		if (outcome == MXSEL_OUTCOME_DELIVERED)
			return 0;
	}
}

static int select_one(struct thread *t)
{
	mxsel *m = NULL;
	int r = mxsel_new(&m, "down.example", t->options);

	if (r == 0)
		r = deliver(t, m);
	mxsel_free(m);
	return r;
}

static void look_one(struct thread *t)
{
	struct mxsel_memory_entry entry;
	uint64_t began;

	memset(&entry, 0, sizeof entry);
	(void)snprintf(entry.name, sizeof entry.name, DEAD);
	entry.kind = MXSEL_MEMORY_HOST;
	entry.port = 25;
	began = micro();
	(void)mxsel_store_get(mxsel_redis_store(redis), &entry, 1, HALF_LIFE,
		BUDGET);
	note(&t->get, began, BUDGET);
}

static void *run_thread(void *user)
{
	/* A mail server waits for its network most of the time. How late the
	   machine lets it go on says what calls may be late by. */
	struct timespec pause = { 0, PAUSE * 1000000L };
	struct thread *t = user;
	uint64_t began;

	while (!atomic_load(&resting)) {
		t->selections++;
		t->failures += select_one(t) != 0;
		look_one(t);
		began = micro();
		(void)nanosleep(&pause, NULL);
		note(&t->pause, began, PAUSE);
	}
	return NULL;
}

static int set_up(struct thread *t)
{
	char host[] = "mx1.down.example", address[] = "192.0.2.1";
	int i, r = mxsel_mock_new(&t->mock);

	for (i = 1; r == 0 && i <= 3; i++) {
		host[2] = address[8] = (char)('0' + i);
		r = mxsel_mock_mx(t->mock, "down.example", 10, host, 300);
		if (r == 0)
			r = mxsel_mock_address(t->mock, host, address, 300);
	}
	if (r == 0)
		r = mxsel_options_new(&t->options);
	if (r == 0)
		r = mxsel_options_set_resolver(t->options,
			mxsel_mock_resolver(t->mock));
	if (r == 0)
		r = mxsel_options_set_memory(t->options, memory);
	return r;
}

static void run(int count)
{
	int i;

	if (count < 1 || count > THREADS_MAX || threads != NULL)
		exit(70);
	threads = calloc((size_t)count, sizeof *threads);
	if (threads == NULL)
		exit(71);
	thread_count = count;
	atomic_store(&resting, 0);
	for (i = 0; i < count; i++)
		if (set_up(&threads[i]) != 0)
			exit(72);
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i].id, NULL, run_thread,
				&threads[i]) != 0)
			exit(73);
	printf("running\n");
}

static void rest(void)
{
	struct times *all = calloc(4, sizeof *all);
	unsigned long selections = 0, failures = 0;
	int i;

	if (all == NULL)
		exit(71);
	atomic_store(&resting, 1);
	for (i = 0; i < thread_count; i++) {
		struct thread *t = &threads[i];

		(void)pthread_join(t->id, NULL);
		selections += t->selections;
		failures += t->failures;
		sum_up(&all[0], &t->next);
		sum_up(&all[1], &t->get);
		sum_up(&all[2], &t->report);
		sum_up(&all[3], &t->pause);
		mxsel_options_free(t->options);
		mxsel_mock_free(t->mock);
	}
	free(threads);
	threads = NULL;
	printf("selections=%lu failures=%lu ", selections, failures);
	print_times("next", &all[0]);
	print_times("get", &all[1]);
	print_times("report", &all[2]);
	print_times("pause", &all[3]);
	printf("\n");
	free(all);
}

/* ---------------------------------------------------------------- commands */

static void show(const struct mxsel_memory_entry *entry)
{
	char text[MXSEL_MEMORY_TEXT_SIZE];

	printf("%s\n", mxsel_memory_format(entry, text, sizeof text) == 0 ?
		text : "unsound");
}

static void look(const char *name)
{
	struct mxsel_memory_entry entry;

	memset(&entry, 0, sizeof entry);
	(void)snprintf(entry.name, sizeof entry.name, "%s", name);
	entry.kind = strpbrk(name, "abcdefghijklmnopqrstuvwxyz") != NULL ?
		MXSEL_MEMORY_HOST : MXSEL_MEMORY_ADDRESS;
	entry.port = 25;
	if (mxsel_store_get(mxsel_redis_store(redis), &entry, 1, HALF_LIFE,
			30000) != 0)
		printf("late\n");
	else
		show(&entry);
}

static void know(const char *name)
{
	struct mxsel_memory_entry entry;

	if (mxsel_memory_get(memory, name, 25, &entry) == 1)
		show(&entry);
	else
		printf("unknown\n");
}

static int outcome_of(const char *name)
{
	int i;

	for (i = 1; mxsel_outcome_name(i) != NULL; i++)
		if (strcmp(mxsel_outcome_name(i), name) == 0)
			return i;
	return 0;
}

static void obey(const char *word, const char *name, const char *value,
	int code)
{
	char text[256];

	if (strcmp(word, "report") == 0)
		printf("%d\n", mxsel_memory_report(memory, name, NULL, 25,
			outcome_of(value), code, NULL));
	else if (strcmp(word, "look") == 0)
		look(name);
	else if (strcmp(word, "know") == 0)
		know(name);
	else if (strcmp(word, "forget") == 0)
		printf("%d\n", mxsel_memory_forget(memory, name));
	else if (strcmp(word, "flush") == 0)
		printf("%d\n", mxsel_redis_flush(redis, 60000));
	else if (strcmp(word, "count") == 0)
		printf("%llu\n", (unsigned long long)mxsel_redis_statistic(
			redis, (int)strtol(name, NULL, 10)));
	else if (strcmp(word, "error") == 0)
		printf("%s\n", mxsel_redis_error(redis, text, sizeof text));
	else if (strcmp(word, "run") == 0)
		run((int)strtol(name, NULL, 10));
	else if (strcmp(word, "rest") == 0)
		rest();
	else
		printf("what?\n");
	(void)fflush(stdout);
}

static int begin(int argc, char **argv)
{
	int r = mxsel_redis_new(&redis, argv[1]);

	if (r == 0)
		r = mxsel_redis_set(redis, MXSEL_REDIS_RETRY, 200);
	if (r == 0)
		r = mxsel_redis_set(redis, MXSEL_REDIS_TIMEOUT, 4000);
	/* Eight threads tell thousands of outcomes a second. */
	if (r == 0)
		r = mxsel_redis_set(redis, MXSEL_REDIS_QUEUE, 1000000);
	if (r == 0 && argc > 2)
		r = mxsel_redis_set_prefix(redis, argv[2]);
	if (r == 0 && argc > 3)
		r = mxsel_redis_set_login(redis, NULL, argv[3]);
	if (r == 0)
		r = mxsel_memory_new(&memory, 1 << 20, milli, NULL);
	if (r == 0)
		r = mxsel_memory_set(memory, MXSEL_MEMORY_REFRESH, 0);
	if (r == 0)
		r = mxsel_memory_set(memory, MXSEL_MEMORY_BUDGET, BUDGET);
	if (r == 0)
		r = mxsel_memory_set_store(memory, mxsel_redis_store(redis));
	return r;
}

int main(int argc, char **argv)
{
	char line[1024], word[16], name[300], value[32];
	int code, r;

	if (argc < 2 || argc > 4)
		return 64;
	r = begin(argc, argv);
	if (r != 0) {
		fprintf(stderr, "%s\n", mxsel_strerror(r));
		return 75;
	}
	while (fgets(line, sizeof line, stdin) != NULL) {
		word[0] = name[0] = value[0] = '\0';
		code = 0;
		if (sscanf(line, "%15s %299s %31s %d", word, name, value,
				&code) > 0)
			obey(word, name, value, code);
	}
	mxsel_memory_free(memory);
	mxsel_redis_free(redis);
	return 0;
}
