/*
 * No call takes more than 8 KiB of the stack (S40): over all scenarios that
 * call no function of the caller's, over answers as large and as awkward as a
 * message can be, over saved selections, the mock, records, policies and
 * memories, and over sockets.
 * What ldns, libidn2 and libunbound take is theirs. May use the player.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mxsel/memory.h>
#include <mxsel/mock.h>

#include "bench/hostile.h"
#include "properties/depth.h"
#include "properties/stack.h"
#include "scenarios/play.h"
#include "support/figure.h"
#include "support/own_malloc.h"

static unsigned long failed;

int call_record(const mxsel_query *q)
{
	(void)q;
	return 1;
}

void call_recorded(int rc)
{
	(void)rc;
}

/* ---------------------------------------------------------------- scenarios */

/* Hooks run on the stack of the call, and are not the library's. */
static int has_hooks(const struct scenario *s)
{
	const struct text_line *l;
	const char *text;

	for (l = s->options; l != NULL; l = l->next) {
		text = l->text + strspn(l->text, " \t");
		if (strncmp(text, "favour ", 7) == 0 ||
			strncmp(text, "idn ", 4) == 0)
			return 1;
	}
	return 0;
}

static void play(const struct scenario *s)
{
	static struct play p;
	int i, seeded;

	for (i = PULLED; i < WAYS && !has_hooks(s); i++) {
		if (!play_suits(s, &play_ways[i]))
			continue;
		play_reset(&p, s, &play_ways[i], 1);
		if (play_begin(&p, &seeded) == 0)
			play_lines(&p);
		play_end(&p);
		failed += p.failed != 0;
	}
}

static void play_all(char **files)
{
	struct scenario *list, *s;

	for (; *files != NULL; files++) {
		if (scenario_read(*files, &list) != 0)
			failed++;
		else
			for (s = list; s != NULL; s = s->next)
				play(s);
		scenario_free(list);
	}
}

/* --------------------------------------------------- what is large, hostile */

static uint8_t saved[1 << 20];

static void save_and_resume(mxsel *m, const mxsel_options *o)
{
	size_t size = sizeof(saved);
	mxsel *again = NULL;
	int rc;

	rc = CALL("mxsel_save", mxsel_save(m, saved, &size));
	if (rc == MXSEL_OK)
		rc = CALL("mxsel_resume", mxsel_resume(&again, saved, size,
			o));
	failed += rc != MXSEL_OK;
	mxsel_free(again);
}

static void keep(const char *line, void *user)
{
	(void)line;
	(void)user;
}

static void be_hostile(int unlimited)
{
	mxsel_options *o = NULL, *copy = NULL;
	mxsel *m = NULL;
	int kind;

	failed += mxsel_options_new(&o) != 0;
	failed += unlimited && hostile_unlimit(o) != 0;
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	mxsel_options_set_recorder(o, keep, NULL);
	SHOW("mxsel_options_copy", mxsel_options_copy(&copy, o));
	for (kind = 0; kind < HOSTILE_COUNT; kind++) {
		failed += mxsel_new_bytes(&m, "user@example.com", 16, copy) !=
			0;
		failed += hostile_walk(m, (enum hostile)kind,
			hostile_count((enum hostile)kind)) < 0;
		save_and_resume(m, copy);
		failed += mxsel_rewind(m) != 0;
		failed += mxsel_reset(m, "example.org") != 0;
		mxsel_free(m);
	}
	mxsel_options_free(copy);
	mxsel_options_free(o);
}

/* ------------------------------------------------------------- other calls */

static void ask_by_hand(void)
{
	uint8_t octets[512];
	size_t size = sizeof(octets);
	mxsel_query *q;
	mxsel *m = NULL;

	SHOW("mxsel_new", mxsel_new(&m, "example.com", NULL));
	failed += mxsel_next(m) != MXSEL_LOOKUP;
	q = mxsel_query_take(m);
	SHOW("mxsel_query_packet", mxsel_query_packet(q, 1, MXSEL_PACKET_EDNS,
		octets, &size));
	failed += size == 0 || size > sizeof(octets);
	mxsel_free(m);
}

static void read_policies(void)
{
	static const char body[] = "version: STSv1\nmode: enforce\n"
		"mx: *.example.com\nmax_age: 604800\n";
	mxsel_sts *sts = NULL;
	const char *why;
	size_t line;

	failed += mxsel_sts_new(&sts, "example.com", body, sizeof(body) - 1,
		0) != 0;
	SHOW("mxsel_sts_check", mxsel_sts_check(body, sizeof(body) - 1, &line,
		&why));
	SHOW("mxsel_sts_matches", mxsel_sts_matches(sts, "mx.example.com"));
	mxsel_sts_free(sts);
}

static void use_mock(void)
{
	static const char record[] = "mxsel-record 1\n";
	mxsel_options *o = NULL;
	mxsel_mock *mock = NULL;
	mxsel *m = NULL;

	failed += mxsel_options_new(&o) != 0;
	SHOW("mxsel_mock_new", mxsel_mock_new(&mock));
	SHOW("mxsel_mock_mx", mxsel_mock_mx(mock, "example.com", 10,
		"mx.example", 60));
	SHOW("mxsel_mock_address", mxsel_mock_address(mock, "mx.example",
		"2001:db8::1", 60));
	mxsel_options_set_resolver(o, mxsel_mock_resolver(mock));
	failed += mxsel_new_bytes(&m, "example.com", 11, o) != 0;
	failed += CALL("mxsel_next, with the mock", (mxsel_next)(m)) !=
		MXSEL_ATTEMPT;
	SHOW("mxsel_mock_replay", mxsel_mock_replay(mock, record,
		sizeof(record) - 1));
	mxsel_free(m);
	mxsel_options_free(o);
	mxsel_mock_free(mock);
}

static uint64_t clock_of(void *user)
{
	return *(uint64_t *)user;
}

static void use_memory(void)
{
	static const char line[] = "host mx1.example.com 25 score=4000 age=7"
		" last=refused,lost code=421 works=4 turn=6 doubt=46"
		" again=2001:db8::1";
	struct mxsel_memory_entry e;
	char text[MXSEL_MEMORY_TEXT_SIZE], file[] = "/tmp/mxsel-stack-XXXXXX";
	mxsel_memory *memory = NULL;
	uint64_t now = 1000000, place = 0;
	int fd = mkstemp(file);

	failed += fd < 0;
	SHOW("mxsel_memory_new", mxsel_memory_new(&memory, 1 << 20, clock_of,
		&now));
	SHOW("mxsel_memory_parse", mxsel_memory_parse(&e, line,
		sizeof(line) - 1));
	SHOW("mxsel_memory_format", mxsel_memory_format(&e, text,
		sizeof(text)));
	SHOW("mxsel_memory_put", mxsel_memory_put(memory, &e));
	SHOW("mxsel_memory_report", mxsel_memory_report(memory, "mx2.example",
		"192.0.2.1", 25, MXSEL_OUTCOME_RCPT, 550, "5.7.1 no"));
	failed += CALL("mxsel_memory_get", mxsel_memory_get(memory,
		"mx2.example", 25, &e)) != 1;
	failed += CALL("mxsel_memory_next", mxsel_memory_next(memory, &place,
		&e)) != 1;
	SHOW("mxsel_memory_save", mxsel_memory_save(memory, file));
	SHOW("mxsel_memory_load", mxsel_memory_load(memory, file));
	SHOW("mxsel_memory_forget", mxsel_memory_forget(memory,
		"mx2.example"));
	mxsel_memory_free(memory);
	(void)close(fd);
	(void)unlink(file);
}

static void run(void *files)
{
	play_all(files);
	be_hostile(0);
	be_hostile(1);
	ask_by_hand();
	read_policies();
	use_mock();
	use_memory();
#if HAVE_LDNS
	failed += stack_sockets();
#endif
}

int main(int argc, char **argv)
{
	const char *name;
	size_t most;

	if (argc < 2) {
		fputs("usage: stack FILE...\n", stderr);
		return 64;
	}
#ifdef MALLOC_IS_TAKEN
	figure_print("stack of a public call", FIGURE_SKIPPED,
		"8192 octets at most", "skipped: a build without sanitizers");
	return EXIT_SUCCESS;
#endif
	if (depth_run(run, argv + 1) != 0) {
		fputs("stack: no thread\n", stderr);
		return EXIT_FAILURE;
	}
	most = depth_print(&name);
	if (failed > 0)
		printf("%lu calls did not do what they should\n", failed);
	figure_print("stack of a public call", failed == 0 && depth_calls() >
		10000 && most <= DEPTH_MOST ? FIGURE_REACHED : FIGURE_FAILED,
		"8192 octets at most", "%zu octets (%s), %lu calls", most,
		name, depth_calls());
	return failed == 0 && most <= DEPTH_MOST ? EXIT_SUCCESS
		: EXIT_FAILURE;
}
