/*
 * How securely the hosts of many destinations must be reached, with a
 * resolver that validates by itself: no name server's word is believed.
 *
 *     secure_unbound [--anchor FILE] [--server ADDR[@PORT]]
 *                    [--zone NAME ADDR[@PORT]]... DESTINATION...
 *
 * FILE has the keys of the root as DS or DNSKEY records; Debian keeps it as
 * /usr/share/dns/root.key. Without --server everything is asked from the
 * root of the DNS. Exit: 0 all is shown, 64 wrong usage, 75 a call failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>
#include <mxsel/security.h>
#include <mxsel/unbound.h>

static void print_attempt(const mxsel *m)
{
	printf("%s: %d %s [%s] %s (%s)\n", mxsel_destination(m),
		mxsel_host_preference(m), mxsel_host_name(m),
		mxsel_address(m), mxsel_posture_name(mxsel_posture(m)),
		mxsel_posture_reason_name(mxsel_posture_reason(m)));
}

/* guide: advance */
/* As far as the answers reach; 1: this destination is at its end. */
static int advance(mxsel_unbound *u, mxsel *m)
{
	int r;

	while ((r = mxsel_unbound_next(u, m)) == MXSEL_ATTEMPT)
		print_attempt(m); /* an MTA connects here, and reports */
	if (r == MXSEL_LOOKUP)
		return 0;
	if (r == MXSEL_END)
		printf("%s: %d %s %s\n", mxsel_destination(m),
			mxsel_verdict_code(m), mxsel_verdict_status(m),
			mxsel_verdict_text(m));
	else
		printf("%s: %s\n", mxsel_destination(m), mxsel_strerror(r));
	return 1;
}
/* guide: end */

/* guide: loop */
/* All of them at once; a program with an event loop watches mxsel_unbound_fd()
   for reading instead of calling mxsel_unbound_wait(). */
static int run(mxsel_unbound *u, const mxsel_options *options,
	char **destinations, int count)
{
	mxsel **all = calloc((size_t)count, sizeof *all), *m;
	int i, r = all == NULL ? MXSEL_ENOMEM : 0, running = 0;

	for (i = 0; i < count && r == 0; i++) {
		r = mxsel_new(&all[i], destinations[i], options);
		if (r == 0 && !advance(u, all[i]))
			running++;
	}
	while (r == 0 && running > 0) {
		if ((m = mxsel_unbound_ready(u)) == NULL)
			r = mxsel_unbound_wait(u, -1);
		else if (advance(u, m))
			running--;
	}
	for (i = 0; i < count && all != NULL; i++)
		mxsel_free(all[i]); /* also what is under way, or NULL */
	free(all);
	return r;
}
/* guide: end */

/* Where the destinations begin; a negative number: wrong usage, or it could
   not be set. */
static int set_up(mxsel_unbound *u, int argc, char **argv)
{
	int i, r = 0;

	for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--anchor") == 0 && i + 1 < argc)
			r = mxsel_unbound_add_anchor_file(u, argv[++i]);
		else if (strcmp(argv[i], "--server") == 0 && i + 1 < argc)
			r = mxsel_unbound_add_server(u, argv[++i]);
		else if (strcmp(argv[i], "--zone") == 0 && i + 2 < argc) {
			r = mxsel_unbound_add_stub(u, argv[i + 1],
				argv[i + 2]);
			i += 2;
		} else {
			r = MXSEL_EUSAGE;
		}
		if (r != 0)
			return r;
	}
	return i < argc ? i : MXSEL_EUSAGE;
}

/* guide: settings */
/* The questions go through u, so that the options have no resolver. */
static int make_options(mxsel_options **options)
{
	int r = mxsel_options_new(options);

	if (r == 0)
		r = mxsel_options_set(*options, MXSEL_OPT_DANE, 1);
	return r;
}
/* guide: end */

int main(int argc, char **argv)
{
	mxsel_options *options = NULL;
	mxsel_unbound *u = NULL;
	int first, r = mxsel_unbound_new(&u);

	if (r == 0)
		r = make_options(&options);
	first = r == 0 ? set_up(u, argc, argv) : r;
	if (first < 0)
		fprintf(stderr, "usage: secure_unbound [--anchor FILE] "
			"[--server ADDR[@PORT]]\n"
			"    [--zone NAME ADDR[@PORT]]... DESTINATION...\n"
			"(%s)\n", mxsel_strerror(first));
	else
		r = run(u, options, argv + first, argc - first);
	mxsel_unbound_free(u);
	mxsel_options_free(options);
	if (first < 0)
		return first == MXSEL_EUSAGE || first == MXSEL_ESYNTAX ||
			first == MXSEL_EFILE ? 64 : 75;
	return r == 0 ? 0 : 75;
}
