/*
 * The whole loop of a mail server that may block: settings made once, then
 * for each destination every address in order, until one takes the mail or
 * the verdict says what becomes of it.
 *
 *     blocking [--zone FILE] [--self NAME] [--loopback] [--connect]
 *              DESTINATION...
 *
 * Without --zone the servers of /etc/resolv.conf are asked. Without
 * --connect nothing is connected to: every address is printed and counts as
 * one that did not answer. Exit: 0 all delivered, 1 something bounced, 75
 * something is to be tried again, 64 wrong usage.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

/* What becomes of the mail. GO_ON: nothing yet, try the next address. */
enum fate { GO_ON, DELIVERED, DEFERRED, BOUNCED };

struct settings {
	const char *zone;
	const char *self;
	int loopback;
	int connect;
};

/* guide: connect */
static int open_connection(const mxsel *m)
{
	struct sockaddr_storage where;
	struct timeval limit = { 30, 0 };
	size_t size = sizeof where;
	int fd;

	if (mxsel_sockaddr(m, (struct sockaddr *)&where, &size) != 0)
		return -1;
	fd = socket(where.ss_family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (connect(fd, (struct sockaddr *)&where, (socklen_t)size) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}
/* guide: end */

/*
 * A mail server speaks SMTP on fd. Here a greeting of 220 is taken for the
 * whole session; with any other the next address is tried.
 */
static enum fate speak_smtp(int fd)
{
	char reply[512];
	ssize_t n = recv(fd, reply, sizeof reply, 0);

	if (n < 4 || memcmp(reply, "220", 3) != 0)
		return GO_ON;
	send(fd, "QUIT\r\n", 6, MSG_NOSIGNAL);
	return DELIVERED;
}

static enum fate attempt(const mxsel *m, const struct settings *settings)
{
	enum fate fate = GO_ON;
	int fd = -1;

	printf("  %5d %s [%s]:%d", mxsel_host_preference(m),
		mxsel_host_name(m), mxsel_address(m), mxsel_port(m));
	if (settings->connect)
		fd = open_connection(m);
	if (fd >= 0) {
		fate = speak_smtp(fd);
		close(fd);
	}
	printf(fate == DELIVERED ? " took it\n" : "\n");
	return fate;
}

/* guide: loop */
static enum fate deliver(mxsel *m, const struct settings *settings)
{
	enum fate fate;
	int r;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		fate = attempt(m, settings);
		if (fate != GO_ON)
			return fate;
	}
	if (r != MXSEL_END) {
		/* The call failed, not the mail: keep it. */
		printf("  %s\n", mxsel_strerror(r));
		return DEFERRED;
	}
	printf("  %d %s %s\n", mxsel_verdict_code(m),
		mxsel_verdict_status(m), mxsel_verdict_text(m));
	if (mxsel_verdict_action(m) == MXSEL_ACTION_BOUNCE)
		return BOUNCED;
	return DEFERRED;
}
/* guide: end */

/* guide: settings */
static int make_options(mxsel_options **out, const struct settings *settings)
{
	mxsel_resolver *dns = NULL;
	mxsel_options *options = NULL;
	int r;

	if (settings->zone != NULL)
		r = mxsel_ldns_zone_new(&dns, &settings->zone, 1);
	else
		r = mxsel_ldns_new(&dns, NULL);
	if (r == 0)
		r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options, dns);
	if (r == 0 && settings->self != NULL)
		r = mxsel_options_add_self_name(options, settings->self);
	if (r == 0)
		r = mxsel_options_set(options, MXSEL_OPT_ALLOW_LOOPBACK,
			settings->loopback);
	mxsel_resolver_free(dns); /* the options keep it alive */
	if (r != 0)
		mxsel_options_free(options);
	else
		*out = options;
	return r;
}
/* guide: end */

/* guide: queue */
/* One selection serves the whole queue: a reset allocates nothing. */
static int run_queue(const mxsel_options *options,
	const struct settings *settings, char **queue, int count)
{
	mxsel *m = NULL;
	int bounced = 0, deferred = 0;
	int i, r = 0;

	for (i = 0; i < count && r == 0; i++) {
		if (m == NULL)
			r = mxsel_new(&m, queue[i], options);
		else
			r = mxsel_reset(m, queue[i]);
		if (r != 0)
			break;
		printf("%s\n", queue[i]);
		switch (deliver(m, settings)) {
		case BOUNCED:
			bounced = 1;
			break;
		case DELIVERED:
			break;
		default:
			deferred = 1;
		}
	}
	mxsel_free(m);
	if (r != 0 || deferred)
		return 75;
	return bounced;
}
/* guide: end */

/* Returns where the destinations start, 0 when the usage is wrong. */
static int read_arguments(struct settings *settings, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--zone") == 0 && i + 1 < argc)
			settings->zone = argv[++i];
		else if (strcmp(argv[i], "--self") == 0 && i + 1 < argc)
			settings->self = argv[++i];
		else if (strcmp(argv[i], "--loopback") == 0)
			settings->loopback = 1;
		else if (strcmp(argv[i], "--connect") == 0)
			settings->connect = 1;
		else
			return 0;
	}
	return i < argc ? i : 0;
}

int main(int argc, char **argv)
{
	struct settings settings = { NULL, NULL, 0, 0 };
	mxsel_options *options = NULL;
	int first = read_arguments(&settings, argc, argv);
	int r;

	if (first == 0) {
		fprintf(stderr, "usage: blocking [--zone FILE] [--self NAME] "
			"[--loopback] [--connect] DESTINATION...\n");
		return 64;
	}
	r = make_options(&options, &settings);
	if (r != 0) {
		fprintf(stderr, "blocking: %s\n", mxsel_strerror(r));
		return r == MXSEL_ESYNTAX ? 64 : 75;
	}
	r = run_queue(options, &settings, argv + first, argc - first);
	mxsel_options_free(options);
	return r;
}
