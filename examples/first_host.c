/*
 * The smallest useful program: prints the hosts that take mail for a
 * destination, in the order to try them. A second argument is the name server
 * to ask instead of those of /etc/resolv.conf.
 *
 *     cc first_host.c $(pkg-config --cflags --libs libmxsel-ldns)
 *     ./a.out DESTINATION [SERVER]
 */
/* guide: program */
#include <mxsel/ldns.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	mxsel *m;

	if (argc < 2 || mxsel_ldns_select(&m, argv[1], argv[2]) != 0)
		return 1;
	while (mxsel_next(m) == MXSEL_ATTEMPT)
		printf("%d %s [%s]\n", mxsel_host_preference(m),
			mxsel_host_name(m), mxsel_address(m));
	mxsel_free(m);
	return 0;
}
/* guide: end */
