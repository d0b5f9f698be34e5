/*
 * Prints a thousand walks, recorded and replayed, and what was recorded of
 * each (R79): the same from every build, or something depends on the compiler.
 * May use the public headers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "integration/replay_zone.h"

#define ZONES 1000u

static struct walk walk, again;

static mxsel_options *make_options(unsigned zone, struct walk_record *r)
{
	mxsel_options *o;

	if (mxsel_options_new(&o) != 0)
		abort();
	walk_options(o, zone);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	mxsel_options_set_seed(o, zone * UINT64_C(0x9e3779b97f4a7c15));
	mxsel_options_set_recorder(o, walk_keep_line, r);
	return o;
}

static void go(struct walk *w, unsigned zone, mxsel_options *o)
{
	mxsel *m;

	w->zone = zone;
	w->trace = 1;
	w->one_by_one = zone % 2 == 1;
	if (mxsel_new(&m, walk_destination(zone), o) != 0)
		abort();
	walk_policy(m, zone);
	if (walk_on(w, m) != 0)
		abort();
	mxsel_free(m);
	mxsel_options_free(o);
}

static int replay(unsigned zone, const struct walk_record *r)
{
	struct walk_record second = { NULL, 0, 0, 0 };
	mxsel_options *o = make_options(zone, &second);
	int same;

	memset(&again, 0, sizeof(again));
	if (mxsel_mock_new(&again.mock) != 0 || mxsel_mock_replay(again.mock,
		r->text, r->length) != 0)
		abort();
	mxsel_options_set_resolver(o, mxsel_mock_resolver(again.mock));
	go(&again, zone, o);
	mxsel_mock_free(again.mock);
	same = strcmp(walk.told, again.told) == 0 &&
		r->length == second.length;
	free(second.text);
	return same;
}

int main(void)
{
	struct walk_record r = { NULL, 0, 0, 0 };
	unsigned zone, differ = 0;

	for (zone = 0; zone < ZONES; zone++) {
		r.length = 0;
		memset(&walk, 0, sizeof(walk));
		go(&walk, zone, make_options(zone, &r));
		printf("--- %u\n%s%s", zone, r.text, walk.told);
		differ += !replay(zone, &r);
	}
	fprintf(stderr, "%u of %u replays differ\n", differ, ZONES);
	free(r.text);
	return differ != 0;
}
