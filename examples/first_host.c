/*
 * The smallest useful program: prints the hosts that take mail for a
 * destination, in the order to try them, and the verdict.
 *
 *     cc first_host.c $(pkg-config --cflags --libs libmxsel-ldns)
 *     ./a.out DESTINATION [SERVER]
 */
/* guide: program */
#include <stdio.h>
#include <mxsel/ldns.h>

int main(int argc, char **argv)
{
	mxsel_resolver *dns;
	mxsel_options *options;
	mxsel *m;

	if (argc < 2 || mxsel_ldns_new(&dns, argv[2] ? "" : NULL) ||
	    (argv[2] && mxsel_ldns_add_server(dns, argv[2])) ||
	    mxsel_options_new(&options) ||
	    mxsel_options_set_resolver(options, dns) ||
	    mxsel_new(&m, argv[1], options))
		return 1;
	while (mxsel_next(m) == MXSEL_ATTEMPT)
		printf("%d %s [%s]\n", mxsel_host_preference(m),
			mxsel_host_name(m), mxsel_address(m));
	printf("%d %s %s\n", mxsel_verdict_code(m),
		mxsel_verdict_status(m), mxsel_verdict_text(m));
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_resolver_free(dns);
	return 0;
}
/* guide: end */
