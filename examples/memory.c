/*
 * Hosts that are down: what became of one mail decides which host the next
 * one tries first. Three mails to the same destination, while one of its
 * hosts does not answer.
 *
 *     memory [--file FILE] [--seed N] ZONE DESTINATION DOWN
 *
 * Names come from the zone file ZONE, nothing is connected to, and the host
 * DOWN refuses every connection. What was found out is kept in FILE for the
 * next run. Exit: 0; 64 wrong usage; 75 a call failed, or FILE is damaged.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/ldns.h>
#include <mxsel/memory.h>

#define NOT_SAVED 1 /* an error is less than 0 */

struct arguments {
	const char *file, *seed, *zone, *destination, *down;
};

/* guide: attach */
static int attach_memory(mxsel_options *options, mxsel_memory **out)
{
	mxsel_memory *memory;
	int r;

	r = mxsel_memory_new(&memory, 1 << 20, mxsel_ldns_time_of_day, NULL);
	if (r != 0)
		return r;
	r = mxsel_options_set_memory(options, memory);
	if (r != 0)
		mxsel_memory_free(memory);
	else
		*out = memory;
	return r;
}
/* guide: end */

/* guide: load */
/*
 * Mail goes out with or without the file. Not 0: it could not be read, and
 * stays as it is until somebody has looked at it; nothing is saved over it.
 */
static int load_memory(mxsel_memory *memory, const char *file)
{
	int r = mxsel_memory_load(memory, file);

	if (r == MXSEL_EFILE && errno == ENOENT)
		return 0; /* the first run */
	if (r != 0)
		fprintf(stderr, "memory: %s is neither read nor saved: %s\n",
			file, r == MXSEL_EFILE ? strerror(errno) :
			mxsel_strerror(r));
	return r;
}
/* guide: end */

static int make_options(mxsel_options **out, const struct arguments *given)
{
	mxsel_options *options = NULL;
	mxsel_resolver *dns;
	int r;

	r = mxsel_ldns_zone_new(&dns, &given->zone, 1);
	if (r != 0)
		return r;
	r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options, dns);
	if (r == 0 && given->seed != NULL)
		r = mxsel_options_set_seed(options,
			strtoull(given->seed, NULL, 10));
	mxsel_resolver_free(dns);
	if (r != 0)
		mxsel_options_free(options);
	else
		*out = options;
	return r;
}

/* guide: deliver */
/* A mail server connects here; it reports what came of it, as ever. */
static int deliver(mxsel *m, const char *down)
{
	int outcome, r;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		outcome = strcmp(mxsel_host_name(m), down) != 0 ?
			MXSEL_OUTCOME_DELIVERED : MXSEL_OUTCOME_REFUSED;
		printf("  %d %s [%s] %s\n", mxsel_host_preference(m),
			mxsel_host_name(m), mxsel_address(m),
			mxsel_outcome_name(outcome));
		r = mxsel_report(m, outcome, 0, NULL);
		if (r != 0)
			return r;
	}
	if (mxsel_flags(m) & MXSEL_FLAG_MEMORY)
		printf("  the memory changed the order\n");
	return r == MXSEL_END ? 0 : r;
}
/* guide: end */

/* guide: print */
static void print_memory(const mxsel_memory *memory)
{
	struct mxsel_memory_entry entry;
	char line[MXSEL_MEMORY_TEXT_SIZE];
	uint64_t place = 0;

	while (mxsel_memory_next(memory, &place, &entry) > 0)
		if (entry.score > 0 &&
		    mxsel_memory_format(&entry, line, sizeof line) == 0)
			printf("%s\n", line);
}
/* guide: end */

static int deliver_three(const mxsel_options *options,
	const struct arguments *given)
{
	mxsel *m = NULL;
	int mail, r;

	r = mxsel_new(&m, given->destination, options);
	for (mail = 1; r == 0 && mail <= 3; mail++) {
		printf("mail %d\n", mail);
		r = deliver(m, given->down);
		if (r == 0)
			r = mxsel_reset(m, given->destination);
	}
	mxsel_free(m);
	return r;
}

/* What is damaged is told at the end, too: nothing was saved. */
static int deliver_and_save(const mxsel_options *options,
	mxsel_memory *memory, const struct arguments *given)
{
	int loaded = 0, r;

	if (given->file != NULL)
		loaded = load_memory(memory, given->file);
	r = deliver_three(options, given);
	print_memory(memory);
	if (r != 0 || given->file == NULL)
		return r;
	return loaded != 0 ? NOT_SAVED :
		mxsel_memory_save(memory, given->file);
}

static int run(const struct arguments *given)
{
	mxsel_options *options;
	mxsel_memory *memory;
	int r;

	r = make_options(&options, given);
	if (r != 0)
		return r;
	r = attach_memory(options, &memory);
	if (r == 0) {
		r = deliver_and_save(options, memory, given);
		mxsel_memory_free(memory);
	}
	mxsel_options_free(options);
	return r;
}

int main(int argc, char **argv)
{
	struct arguments given = { NULL, NULL, NULL, NULL, NULL };
	int i, r;

	for (i = 1; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2)
		if (strcmp(argv[i], "--file") == 0)
			given.file = argv[i + 1];
		else if (strcmp(argv[i], "--seed") == 0)
			given.seed = argv[i + 1];
		else
			break;
	if (argc - i != 3 || strncmp(argv[i], "--", 2) == 0) {
		fprintf(stderr, "usage: memory [--file FILE] [--seed N] "
			"ZONE DESTINATION DOWN\n");
		return 64;
	}
	given.zone = argv[i];
	given.destination = argv[i + 1];
	given.down = argv[i + 2];
	r = run(&given);
	if (r < 0)
		fprintf(stderr, "memory: %s\n", mxsel_strerror(r));
	return r != 0 ? 75 : 0;
}
