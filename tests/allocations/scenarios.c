/*
 * Plays the scenarios while memory is refused (S39, F84): every request for
 * memory of every case fails once, then all from it on until the caller has
 * been refused three times, then all from it on while the selection is given
 * up and used again when memory is back. Whatever is refused, what comes of
 * the mail must be what comes of it on a quiet day. May use the player.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocations/heap.h"
#include "scenarios/play.h"
#include "support/figure.h"

#define SEEDS 8
#define PADDINGS 7
#define SHOWN 20 /* wrong ones that are told in full */

/* How memory fails. */
enum mode { ONCE, ON, GONE, MODES };

static const char *const mode_names[MODES] = {
	"once", "from there on", "from there on, given up"
};

static struct {
	unsigned long cases, plays, requests, wrong;
	unsigned long runs[MODES], reused, lost;
} total;

static enum mode mode;
static int refusals; /* MXSEL_ENOMEM in a row */
static int gave_up;
static const char *odd; /* what a call did that it must not */

static struct play quiet, now, without; /* without: one answer */

/* ------------------------------------------------------ calls of the player */

void call_begin(const char *name)
{
	(void)name;
	heap_enter();
}

void call_end(void)
{
	heap_leave();
}

void *call_memory(void *pointer, size_t size, void *user)
{
	return heap_give(pointer, size, user);
}

int call_again(int rc)
{
	if (rc != MXSEL_ENOMEM) {
		refusals = 0;
		return 0;
	}
	if (heap.failed == 0)
		odd = "MXSEL_ENOMEM, and there is memory";
	if (mode == GONE || odd != NULL) {
		gave_up = 1;
		return 0;
	}
	refusals++;
	if (mode == ON && refusals == 3)
		heap.fail_at = MEMORY_NEVER;
	if (refusals > 3)
		odd = "MXSEL_ENOMEM again and again";
	return odd == NULL;
}

/* The record that is lost, in the run that is told nothing of memory. */
static struct {
	int is_set;
	unsigned records; /* of its answer that come before it */
	struct asked question;
} to_lose;

static const mxsel_query *answering;
static unsigned records; /* of this answer, so far */
static unsigned lost_records; /* the same when one was lost */

int call_record(const mxsel_query *q)
{
	if (q != answering)
		records = 0;
	answering = q;
	return !to_lose.is_set || to_lose.records != records ||
		to_lose.question.type != mxsel_query_type(q) ||
		strcmp(to_lose.question.name, mxsel_query_name(q)) != 0;
}

/* Its answer counts as a failure from now on. */
void call_recorded(int rc)
{
	records++;
	if (rc == MXSEL_ENOMEM)
		lost_records = records - 1;
	if (rc == MXSEL_ENOMEM && mode == GONE)
		gave_up = 1;
	else if (rc == MXSEL_ENOMEM)
		heap.fail_at = MEMORY_NEVER;
}

/* -------------------------------------------------------------------- runs */

static void perform(struct play *p, const struct play *like)
{
	int seeded = 0;

	if (p != like)
		play_reset(p, like->s, like->way, like->seed);
	p->failure[0] = '\0';
	p->quiet = 1;
	refusals = gave_up = 0;
	answering = NULL;
	odd = NULL;
	if (play_begin(p, &seeded) == 0)
		play_lines(p);
}

static int is_same(const struct play *a, const struct play *b)
{
	return strcmp(a->failure, b->failure) == 0 &&
		strcmp(a->tell, b->tell) == 0 &&
		(!a->way->trace || strcmp(a->trace, b->trace) == 0);
}

static void wrong(size_t n, const char *what, const struct play *want)
{
	const char *a = want->tell, *b = now.tell;
	size_t i, begin = 0;

	if (++total.wrong > SHOWN)
		return;
	if (strcmp(a, b) == 0) {
		a = want->trace;
		b = now.trace;
	}
	for (i = 0; a[i] != '\0' && a[i] == b[i]; i++)
		if (a[i] == '\n')
			begin = i + 1;
	printf("%s:%d: %s\n  seed %llu, %s; request %zu fails %s: %s\n"
		"  \"%s\"\n  \"%.*s\" becomes \"%.*s\"\n", now.s->file,
		now.s->line, now.s->title, now.seed, now.way->name, n,
		mode_names[mode], what, now.failure,
		(int)strcspn(a + begin, "\n"), a + begin,
		(int)strcspn(b + begin, "\n"), b + begin);
}

/* The same selection, with memory, comes to what it would have come to. */
static void use_again(size_t n)
{
	struct play kept;
	int rc;

	memcpy(&kept, &now, offsetof(struct play, open_count));
	if (kept.m == NULL || strlen(kept.s->destination) !=
		kept.s->destination_length)
		return;
	heap.fail_at = MEMORY_NEVER;
	gave_up = 0;
	play_reset(&now, kept.s, kept.way, kept.seed);
	now.quiet = 1;
	now.failure[0] = '\0';
	now.m = kept.m;
	now.options = kept.options;
	now.keep_duplicates = kept.keep_duplicates;
	now.memory = kept.memory;
	now.dane = kept.dane;
	now.preference = -1;
	mxsel_sts_free(kept.sts);
	rc = mxsel_reset(now.m, now.s->destination);
	if (rc == MXSEL_OK && play_remember(&now) == 0 &&
		play_secure(&now) == 0)
		play_lines(&now);
	total.reused++;
	if (rc != MXSEL_OK || odd != NULL || !is_same(&quiet, &now))
		wrong(n, "used again it is another", &quiet);
}

/* Against the same with this record missing: its answer is known to fail. */
static void compare_lost(size_t n)
{
	const struct asked *a = &now.asked[now.lost - 1];

	total.lost++;
	if (without.s != now.s || without.way != now.way ||
		without.seed != now.seed || to_lose.records != lost_records ||
		to_lose.question.type != a->type ||
		strcmp(to_lose.question.name, a->name) != 0) {
		struct memory before = heap;

		to_lose.records = lost_records;
		to_lose.question = *a;
		to_lose.is_set = 1;
		heap_fail_at(MEMORY_NEVER, 0);
		perform(&without, &now);
		play_end(&without);
		heap = before;
		to_lose.is_set = 0;
	}
	if (!is_same(&without, &now))
		wrong(n, "it is not as without that answer", &without);
}

/* The n-th request fails. 0: there are not so many. */
static int try_one(size_t n)
{
	heap_fail_at(n, mode != ONCE);
	perform(&now, &quiet);
	if (heap.failed > 0)
		total.runs[mode]++;
	if (odd != NULL)
		wrong(n, odd, &quiet);
	else if (gave_up)
		use_again(n);
	else if (now.lost > 0)
		compare_lost(n);
	else if (!is_same(&quiet, &now))
		wrong(n, "it is another", &quiet);
	play_end(&now);
	if (heap.blocks != 0 || heap.bytes != 0)
		wrong(n, "memory is left", &quiet);
	return heap.failed > 0;
}

/* s may be a case that is made longer, which may not suit its own lines. */
static void try_all(const struct scenario *s, const struct way *way,
	unsigned long long seed, int longer)
{
	size_t n, requests;

	heap_fail_at(MEMORY_NEVER, 0);
	play_reset(&quiet, s, way, seed);
	mode = ONCE;
	perform(&quiet, &quiet);
	play_end(&quiet);
	if (quiet.failed && longer && heap.blocks == 0)
		return;
	requests = heap.calls;
	total.plays++;
	total.requests += requests;
	if (quiet.failed || heap.blocks != 0) {
		play_reset(&now, s, way, seed);
		wrong(0, quiet.failure, &quiet);
		return;
	}
	for (mode = ONCE; mode < MODES; mode++) {
		for (n = 0; try_one(n); n++)
			;
		if (n < requests)
			wrong(n, "fewer requests than on a quiet day", &quiet);
	}
}

/* ---------------------------------------------------------------- the whole */

static int has_seed(const struct scenario *s)
{
	const struct text_line *l;

	for (l = s->options; l != NULL; l = l->next)
		if (strncmp(l->text + strspn(l->text, " \t"), "seed ", 5) ==
			0)
			return 1;
	return 0;
}

static void try_ways(const struct scenario *s, unsigned long long seeds,
	int longer)
{
	unsigned long long seed;
	size_t i;

	without.s = NULL;
	for (seed = 1; seed <= seeds; seed++)
		for (i = 0; i < WAYS; i++)
			if (play_suits(s, &play_ways[i]))
				try_all(s, &play_ways[i], seed, longer);
}

/*
 * The same with a local part that is this much longer: what is in front in
 * an arena moves where more memory is asked for. 0: nowhere to put it.
 */
static int pad(const struct scenario *s, struct scenario *padded, size_t size)
{
	static char destination[4096];
	size_t at = strcspn(s->destination, "@");

	if (strspn(s->destination, "abcdefghijklmnopqrstuvwxyz0123456789.@")
		!= s->destination_length || at == 0 ||
		s->destination_length + size + 2 > sizeof(destination))
		return 0;
	memset(destination, '0', size);
	destination[size] = '\0';
	if (s->destination[at] == '\0')
		destination[size - 1] = '@';
	strcat(destination, s->destination);
	*padded = *s;
	padded->destination = destination;
	padded->destination_length = strlen(destination);
	return 1;
}

/* All seeds as it is, all paddings with one seed; or both together. */
static void try_case(const struct scenario *s, int thorough)
{
	unsigned long long seeds = has_seed(s) ? 1 : SEEDS;
	struct scenario padded;
	size_t i;

	total.cases++;
	try_ways(s, seeds, 0);
	for (i = 1; i < PADDINGS; i++)
		if (pad(s, &padded, i * 97))
			try_ways(&padded, thorough ? seeds : 1, 1);
}

static void print_figures(void)
{
	unsigned long from = total.runs[ON] + total.runs[GONE];
	/* None refused: then nothing was tried. */
	enum figure_state state = total.wrong > 0 || total.runs[ONCE] == 0 ||
		from == 0 ? FIGURE_FAILED : FIGURE_REACHED;

	printf("%lu cases, %lu plays, %lu requests for memory%s\n",
		total.cases, total.plays, total.requests, heap_has_malloc()
		? "" : " (without those of malloc(): it cannot be replaced)");
	printf("%lu runs failed once, %lu from there on; %lu used again, "
		"%lu answers lost and known to be; %lu wrong\n",
		total.runs[ONCE], from, total.reused, total.lost, total.wrong);
	figure_print("allocations failed once", state, "all, 0 wrong",
		"%lu, %lu wrong", total.runs[ONCE], total.wrong);
	figure_print("allocations failed from there on", state,
		"all, 0 wrong", "%lu, %lu wrong", from, total.wrong);
}

int main(int argc, char **argv)
{
	struct scenario *list, *s;
	const char *thorough = getenv("MXSEL_THOROUGH");
	int i;

	if (argc < 2) {
		fputs("usage: scenarios FILE...\n", stderr);
		return 64;
	}
	for (i = 1; i < argc; i++) {
		if (scenario_read(argv[i], &list) != 0)
			total.wrong++;
		else
			for (s = list; s != NULL; s = s->next)
				try_case(s, thorough != NULL);
		scenario_free(list);
	}
	print_figures();
	return total.wrong == 0 && total.runs[ONCE] > 0 ? EXIT_SUCCESS
		: EXIT_FAILURE;
}
