/*
 * For those who come from a loop over res_search() and getaddrinfo(): the
 * whole of a small sender on libmxsel, with the exit status that a queue
 * wants. Without --connect it connects to nobody and says what it would do.
 *
 *     moving_res_search [--connect] [--server ADDRESS[@PORT]] DESTINATION
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>

#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

/* guide: send */
/* Connected, or an outcome: here every failure is one. */
static int open_host(const mxsel *m, int *fd)
{
	struct sockaddr_storage where;
	size_t size = sizeof where;

	if (mxsel_sockaddr(m, (struct sockaddr *)&where, &size) != 0)
		return MXSEL_OUTCOME_REFUSED;
	*fd = socket(where.ss_family, SOCK_STREAM, 0);
	if (*fd < 0)
		return MXSEL_OUTCOME_REFUSED;
	if (connect(*fd, (struct sockaddr *)&where, (socklen_t)size) == 0)
		return 0;
	close(*fd);
	return MXSEL_OUTCOME_REFUSED;
}

/* A session on the first host that answers; *fd is -1 when there is none. */
static int connect_to(mxsel *m, int *fd)
{
	int r, outcome;

	*fd = -1;
	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		outcome = open_host(m, fd);
		if (outcome == 0)
			return 0; /* speak SMTP, and report how it went */
		*fd = -1;
		mxsel_report(m, outcome, 0, NULL);
	}
	return r;
}

/* What the queue is to do. */
static int status_of(const mxsel *m)
{
	switch (mxsel_verdict_action(m)) {
	case MXSEL_ACTION_DELIVERED:
		return EX_OK;
	case MXSEL_ACTION_BOUNCE:
		return mxsel_verdict_reason(m) == MXSEL_REASON_NO_DOMAIN ?
			EX_NOHOST : EX_UNAVAILABLE;
	default:
		return EX_TEMPFAIL;
	}
}
/* guide: end */

static int show(mxsel *m)
{
	while (mxsel_next(m) == MXSEL_ATTEMPT)
		printf("%d %s [%s]\n", mxsel_host_preference(m),
			mxsel_host_name(m), mxsel_address(m));
	printf("%d %s %s\n", mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_verdict_text(m));
	return status_of(m);
}

static int use(mxsel *m)
{
	int fd;

	if (connect_to(m, &fd) == 0 && fd >= 0) {
		printf("connected to %s [%s]\n", mxsel_host_name(m),
			mxsel_address(m));
		close(fd);
		return EX_OK;
	}
	printf("%d %s %s\n", mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_verdict_text(m));
	return status_of(m);
}

int main(int argc, char **argv)
{
	const char *server = NULL;
	int connects = 0, r;
	mxsel *m = NULL;

	if (argc > 1 && strcmp(argv[1], "--connect") == 0) {
		connects = 1;
		argc--;
		argv++;
	}
	if (argc == 4 && strcmp(argv[1], "--server") == 0) {
		server = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc != 2) {
		fprintf(stderr, "usage: moving_res_search [--connect] "
			"[--server ADDRESS[@PORT]] DESTINATION\n");
		return EX_USAGE;
	}
	r = mxsel_ldns_select(&m, argv[1], server);
	if (r != 0) {
		fprintf(stderr, "moving_res_search: %s\n", mxsel_strerror(r));
		return EX_TEMPFAIL;
	}
	r = connects ? use(m) : show(m);
	mxsel_free(m);
	return r;
}
