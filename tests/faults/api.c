/*
 * The faults of the caller, F91..F100: one line each, as host.c. May use
 * host_judge.h.
 */
#include "faults/api.h"

#include "faults/host_judge.h"

static const struct fault faults[] = {
	{ "F91", F91_threads, "" },
	{ "F92", F92_cancelled_inside, "cancelling oneself is refused or ends "
		"the call, cancelling others works, inside every callback" },
	{ "F93", F93_freed_inside, "selections, options, resolvers freed "
		"inside callbacks: MXSEL_ECANCELED, nothing is left" },
	{ "F94", F94_begun_inside, "" },
	{ "F95", F95_freed_on_the_way, "freed at every step of a plan: "
		"selection, engine, cache, options in any order" },
	{ "F96", F96_at_once, "a resolver that answers at once never lets "
		"the caller wait" },
	{ "F97", F97_never, "a resolver that never answers: deferred when the "
		"time is up" },
	{ "F98", F98_twice, "the second answer is refused, one after the "
		"cancellation as well" },
	{ "F99", F99_hostile, "NULL names, 70,000 records, wrong lengths, "
		"texts of a megabyte: refused, and the mail is kept" },
	{ "F100", F100_null, "" },
};

int main(int argc, char **argv)
{
	return judge_all(faults, sizeof faults / sizeof *faults, argc, argv) !=
		0;
}
