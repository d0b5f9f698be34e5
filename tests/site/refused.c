/*
 * The trace that docs/guide/explain.md shows: a sender whose own name is among
 * the exchanges, and whose first attempt is refused. The zone comes from the
 * tests, and nothing is connected to. Uses the public headers only.
 *
 *	refused ZONE
 */
#include <stdio.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

static void print_trace(const mxsel *m)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	for (i = 0; i < mxsel_trace_count(m); i++) {
		mxsel_trace_event(m, i, &code, &subject, &detail, &rule);
		printf("trace: %s %s: %s (%s)\n", mxsel_trace_name(code),
			subject, detail, rule);
	}
}

static int walk(mxsel_options *options, mxsel_resolver *zone)
{
	mxsel *m;

	if (mxsel_options_set_resolver(options, zone) != 0 ||
	    mxsel_options_add_self_name(options, "mx2.mx.test") != 0 ||
	    mxsel_options_set(options, MXSEL_OPT_FAMILY,
		    MXSEL_FAMILY_V4_FIRST) != 0 ||
	    mxsel_options_set(options, MXSEL_OPT_TRACE, 1) != 0 ||
	    mxsel_new(&m, "u@plain.mx.test", options) != 0)
		return 1;
	while (mxsel_next(m) == MXSEL_ATTEMPT)
		mxsel_report(m, MXSEL_OUTCOME_REFUSED, 0, NULL);
	print_trace(m);
	mxsel_free(m);
	return 0;
}

int main(int argc, char **argv)
{
	mxsel_options *options;
	mxsel_resolver *zone;
	const char *file;
	int bad;

	if (argc != 2)
		return 1;
	file = argv[1];
	if (mxsel_ldns_zone_new(&zone, &file, 1) != 0)
		return 1;
	if (mxsel_options_new(&options) != 0)
		return 1;
	bad = walk(options, zone);
	mxsel_options_free(options);
	mxsel_resolver_free(zone);
	return bad;
}
