/*
 * One machine of a cluster: what it finds out about mail hosts, all machines
 * know that have the same Valkey or Redis server, and the DNS server that it
 * asks may share its answers in the same way (unbound.conf).
 *
 *     cluster --redis SERVER [--login USER:PASSWORD] --dns ADDRESS[@PORT]
 *             [--down NAME]... [--seed N] [--wait] DESTINATION...
 *
 * Nothing is connected to: a host NAME that is down refuses, all others take
 * the mail. With --wait destinations are read from standard input as well, so
 * that somebody can look at what happens meanwhile. The last line says how
 * the server did. Exit: 0; 64 wrong usage; 75 a call failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/ldns.h>
#include <mxsel/redis.h>

enum { DOWN_MAX = 16 };

struct arguments {
	const char *redis, *dns, *seed;
	char *login;
	const char *down[DOWN_MAX];
	size_t down_count;
	int wait;
};

/* guide: share */
/* The memory of this machine, which asks and tells the server of all. */
static int share_memory(mxsel_redis **out, mxsel_memory *memory,
	const char *server, const char *user, const char *password)
{
	mxsel_redis *redis;
	mxsel_store *store;
	int r;

	r = mxsel_redis_new(&redis, server);
	if (r != 0)
		return r;
	if (password != NULL)
		r = mxsel_redis_set_login(redis, user, password);
	if (r == 0) {
		store = mxsel_redis_store(redis); /* starts its thread */
		r = store != NULL ? mxsel_memory_set_store(memory, store) :
			MXSEL_ESYSTEM;
	}
	if (r != 0)
		mxsel_redis_free(redis);
	else
		*out = redis;
	return r;
}
/* guide: end */

static int make_memory(mxsel_memory **memory, mxsel_redis **redis,
	const struct arguments *given)
{
	char *password = given->login;
	int r;

	if (password != NULL && (password = strchr(password, ':')) != NULL)
		*password++ = '\0';
	r = mxsel_memory_new(memory, 1 << 20, mxsel_ldns_time_of_day,
		NULL);
	if (r != 0)
		return r;
	r = share_memory(redis, *memory, given->redis, given->login, password);
	if (r != 0)
		mxsel_memory_free(*memory);
	return r;
}

static int make_options(mxsel_options **out, mxsel_memory *memory,
	const struct arguments *given)
{
	mxsel_options *options = NULL;
	mxsel_resolver *dns;
	int r;

	r = mxsel_ldns_new(&dns, "");
	if (r != 0)
		return r;
	r = mxsel_ldns_add_server(dns, given->dns);
	if (r == 0)
		r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options, dns);
	if (r == 0 && given->seed != NULL)
		r = mxsel_options_set_seed(options,
			strtoull(given->seed, NULL, 10));
	if (r == 0)
		r = mxsel_options_set_memory(options, memory);
	mxsel_resolver_free(dns);
	if (r != 0)
		mxsel_options_free(options);
	else
		*out = options;
	return r;
}

static int is_down(const struct arguments *given, const char *host)
{
	size_t i;

	for (i = 0; i < given->down_count; i++)
		if (strcmp(given->down[i], host) == 0)
			return 1;
	return 0;
}

static int deliver(mxsel *m, const char *destination,
	const struct arguments *given)
{
	int outcome, r;

	r = mxsel_reset(m, destination);
	if (r != 0)
		return r;
	printf("%s", destination);
	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		outcome = is_down(given, mxsel_host_name(m)) ?
			MXSEL_OUTCOME_REFUSED : MXSEL_OUTCOME_DELIVERED;
		printf(" %s %s", mxsel_host_name(m),
			mxsel_outcome_name(outcome));
		r = mxsel_report(m, outcome, 0, NULL);
		if (r != 0)
			return r;
	}
	printf("\n");
	fflush(stdout);
	return r == MXSEL_END ? 0 : r;
}

static int deliver_all(const mxsel_options *options,
	const struct arguments *given, char **destinations)
{
	char line[1024];
	mxsel *m;
	int r;

	r = mxsel_new(&m, ".", options);
	if (r != 0)
		return r;
	for (; r == 0 && *destinations != NULL; destinations++)
		r = deliver(m, *destinations, given);
	while (r == 0 && given->wait &&
	       fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		r = deliver(m, line, given);
	}
	mxsel_free(m);
	return r;
}

/* guide: watch */
/* What went wrong last may be over: it is of use when the server is away, or
   lost something since the last time, when *lost was so many. */
static void print_server(const mxsel_redis *redis, uint64_t *lost)
{
	int there = mxsel_redis_statistic(redis, MXSEL_REDIS_IS_CONNECTED) != 0;
	uint64_t now = mxsel_redis_statistic(redis, MXSEL_REDIS_LOST);
	char text[256];

	printf("server %s: asked %llu, late %llu, told %llu, lost %llu",
		there ? "there" : "away",
		(unsigned long long)mxsel_redis_statistic(redis,
			MXSEL_REDIS_GETS),
		(unsigned long long)mxsel_redis_statistic(redis,
			MXSEL_REDIS_LATE),
		(unsigned long long)mxsel_redis_statistic(redis,
			MXSEL_REDIS_RECORDED),
		(unsigned long long)now);
	if (!there || now > *lost)
		printf("; %s", mxsel_redis_error(redis, text, sizeof text));
	printf("\n");
	*lost = now;
}
/* guide: end */

static int run(const struct arguments *given, char **destinations)
{
	mxsel_options *options;
	mxsel_memory *memory;
	mxsel_redis *redis;
	uint64_t lost = 0;
	int r;

	r = make_memory(&memory, &redis, given);
	if (r != 0)
		return r;
	r = make_options(&options, memory, given);
	if (r == 0) {
		r = deliver_all(options, given, destinations);
		mxsel_redis_flush(redis, 1000);
		print_server(redis, &lost);
		mxsel_options_free(options);
	}
	mxsel_memory_free(memory);
	mxsel_redis_free(redis);
	return r;
}

/* Where the destinations start; 0 when the usage is wrong. */
static int read_arguments(struct arguments *given, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--wait") == 0)
			given->wait = 1;
		else if (i + 1 == argc)
			return 0;
		else if (strcmp(argv[i], "--redis") == 0)
			given->redis = argv[++i];
		else if (strcmp(argv[i], "--login") == 0)
			given->login = argv[++i];
		else if (strcmp(argv[i], "--dns") == 0)
			given->dns = argv[++i];
		else if (strcmp(argv[i], "--seed") == 0)
			given->seed = argv[++i];
		else if (strcmp(argv[i], "--down") == 0 &&
			 given->down_count < DOWN_MAX)
			given->down[given->down_count++] = argv[++i];
		else
			return 0;
	}
	return given->redis != NULL && given->dns != NULL &&
		(i < argc || given->wait) ? i : 0;
}

int main(int argc, char **argv)
{
	struct arguments given = { NULL, NULL, NULL, NULL, { NULL }, 0, 0 };
	int first, r;

	first = read_arguments(&given, argc, argv);
	if (first == 0) {
		fprintf(stderr, "usage: cluster --redis SERVER "
			"[--login USER:PASSWORD] --dns ADDRESS[@PORT] "
			"[--down NAME]... [--seed N] [--wait] "
			"DESTINATION...\n");
		return 64;
	}
	r = run(&given, argv + first);
	if (r != 0)
		fprintf(stderr, "cluster: %s\n", mxsel_strerror(r));
	return r != 0 ? 75 : 0;
}
