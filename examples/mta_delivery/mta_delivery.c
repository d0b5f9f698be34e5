/*
 * A small mail queue on libmxsel and libcurl. It keeps messages on the disk,
 * delivers them to the hosts that a selection says, over TLS as it says, comes
 * again while a verdict is temporary, and returns to the sender what fails.
 *
 *     mta_delivery submit SPOOL --from MAILBOX --to MAILBOX... < MESSAGE
 *     mta_delivery run SPOOL [--server ADDR[@PORT] | --zone FILE]
 *         [--self NAME|ADDR]... [--port N] [--dane] [--ca FILE]
 *         [--policies FOLDER] [--memory FILE] [--timeout SECONDS]
 *         [--poll SECONDS] [--retry SECONDS] [--retry-max SECONDS]
 *         [--give-up SECONDS] [--processes N] [--allow-loopback] [--trace]
 *         [--once]
 *
 * FOLDER has a file DOMAIN for each MTA-STS policy that was fetched, as its
 * web server gave it; sts_policy.c says when to fetch one. FILE keeps which
 * hosts are down; it need not be there.
 *
 * It may be killed at any moment. This process is only the scheduler: each
 * message is delivered by a process of its own, which has the message's lock
 * and goes on when the scheduler dies; another scheduler leaves locked
 * messages alone. When a process that delivers is killed, the next one goes on
 * from the journal: nothing is lost, and only those recipients may get the
 * message twice who had been sent the end of the data and no answer had come
 * from (RFC 5321, 6.1: rather twice than lost; RFC 1047).
 *
 * Exit: submit 0 when the message is in the queue, its name on standard
 * output, 75 when it is not; run --once 0 after one try of each message; 64
 * wrong usage.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "deliver.h"
#include "envelope.h"

/* ---------------------------------------------------------------- a message */

static int submit(const struct spool *spool, int argc, char **argv)
{
	char *to[RECIPIENTS_MAX], id[ID_SIZE];
	const char *from = NULL;
	size_t count = 0;
	int i;

	for (i = 0; i + 1 < argc; i += 2) {
		if (!is_mailbox(argv[i + 1]))
			return 64;
		if (strcmp(argv[i], "--from") == 0 && from == NULL)
			from = argv[i + 1];
		else if (strcmp(argv[i], "--to") == 0 &&
			argv[i + 1][0] != '\0' && count < RECIPIENTS_MAX)
			to[count++] = argv[i + 1];
		else
			return 64;
	}
	if (i != argc || from == NULL || count == 0)
		return 64;
	spool_new_id(id);
	if (envelope_submit(spool, id, from, to, count, stdin) != 0) {
		fprintf(stderr, "mta_delivery: the message was not taken: it "
			"is empty, or the spool cannot be written\n");
		return 75;
	}
	printf("%s\n", id);
	return 0;
}

/* ------------------------------------------------------------ the scheduler */

struct scheduler {
	struct spool spool;
	struct settings settings;
	double began; /* the look through the queue that is under way */
	int running;
};

static void reap(struct scheduler *s, int flags)
{
	while (s->running > 0 && waitpid(-1, NULL, flags) > 0)
		s->running--;
}

static int is_due(const struct scheduler *s, const char *id)
{
	double due = spool_due(&s->spool, id);

	/* No pause is longer: the clock has gone back since. */
	return due <= s->began || due > now() + s->settings.retry_max;
}

/* guide: start */
/* The child has the lock as soon as it exists, and keeps it when this process
   dies: it is released by the end of the last one that has the file open. */
static int start(const char *id, void *user)
{
	struct scheduler *s = user;
	pid_t child;
	int lock;

	if (!is_due(s, id))
		return 0;
	while (s->running >= s->settings.processes)
		s->running -= wait(NULL) > 0;
	lock = spool_lock(&s->spool, id);
	if (lock < 0)
		return 0; /* somebody delivers it */
	child = fork();
	if (child == 0) {
		deliver(&s->spool, id, lock, &s->settings);
		exit(0);
	}
	close(lock);
	s->running += child > 0;
	return child < 0; /* no more for now */
}
/* guide: end */

/* What is wrong with the options is said once, and not for each message. */
static int is_usable(const struct settings *settings)
{
	mxsel_options *options = NULL;
	int r = settings_options(&options, settings);

	mxsel_options_free(options);
	if (r != 0)
		fprintf(stderr, "mta_delivery: %s\n", mxsel_strerror(r));
	return r == 0;
}

static int run(struct scheduler *s, int argc, char **argv)
{
	struct timespec pause;

	if (!settings_read(&s->settings, argc, argv))
		return 64;
	if (!is_usable(&s->settings) ||
		curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return 75;
	pause.tv_sec = (time_t)s->settings.poll;
	pause.tv_nsec = (long)((s->settings.poll - (double)pause.tv_sec) *
		1e9);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL); /* ignored, no child could be waited for */
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* whole lines, of us all */
	spool_sweep(&s->spool);
	for (;;) {
		s->began = now();
		spool_each(s->spool.queue, start, s);
		if (s->settings.once)
			break;
		nanosleep(&pause, NULL);
		reap(s, WNOHANG);
	}
	reap(s, 0);
	return 0;
}

int main(int argc, char **argv)
{
	struct scheduler s = { .settings = { .port = 25, .processes = 20,
		.timeout = 300, .poll = 1, .retry = 900, .retry_max = 14400,
		.give_up = 432000 } }; /* RFC 5321, 4.5.4.1: 4 or 5 days */
	int code = 64;

	if (argc >= 3 && (strcmp(argv[1], "submit") == 0 ||
		strcmp(argv[1], "run") == 0)) {
		if (spool_open(&s.spool, argv[2]) != 0) {
			fprintf(stderr, "mta_delivery: %s: %s\n", argv[2],
				strerror(errno));
			return 75;
		}
		code = argv[1][0] == 's' ?
			submit(&s.spool, argc - 3, argv + 3) :
			run(&s, argc - 3, argv + 3);
	}
	if (code == 64)
		fprintf(stderr, "usage: mta_delivery submit SPOOL --from "
			"MAILBOX --to MAILBOX... < MESSAGE\n"
			"       mta_delivery run SPOOL [OPTION...]\n"
			"A mailbox has an at sign, no blanks and ASCII only; "
			"100 may be named.\n"
			"The options stand at the beginning of "
			"mta_delivery.c.\n");
	return code;
}
