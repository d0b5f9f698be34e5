/*
 * The pull interface in an event loop: several destinations at once, one
 * non-blocking UDP socket of the caller's, poll(2). libmxsel says what to
 * ask and reads what came; sockets, ids, clocks and tries are the caller's.
 *
 *     event_loop [--server ADDRESS[@PORT]] DESTINATION...
 *
 * The server is 127.0.0.1@53 unless given. Left to a real program: asking
 * again over TCP what came truncated, and a second server. <mxsel/ldns.h>
 * does both.
 */
#define _DEFAULT_SOURCE 1 /* getaddrinfo, getrandom */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <mxsel/mxsel.h>

enum {
	OPEN_MAX_AT_ONCE = 64, /* questions on their way */
	TRY_MS = 2000,         /* then the question is sent again */
	QUESTION_MS = 6000     /* then nobody will answer it */
};

/* guide: state */
/* A question on its way. */
struct question {
	mxsel_query *query; /* NULL: this place is free */
	int64_t due;        /* when to send it again */
	int64_t end;        /* when to give up */
	uint16_t id;
};

/* A destination and the time its questions took. */
struct delivery {
	mxsel *m;       /* NULL: it is over */
	int64_t asking; /* since when, 0: nothing is open */
};

struct loop {
	int fd;
	struct question questions[OPEN_MAX_AT_ONCE];
};
/* guide: end */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---------------------------------------------------- sending questions */

static struct question *find_id(struct loop *loop, uint16_t id)
{
	size_t i;

	for (i = 0; i < OPEN_MAX_AT_ONCE; i++)
		if (loop->questions[i].query != NULL &&
		    loop->questions[i].id == id)
			return &loop->questions[i];
	return NULL;
}

static struct question *find_place(struct loop *loop)
{
	size_t i;

	for (i = 0; i < OPEN_MAX_AT_ONCE; i++)
		if (loop->questions[i].query == NULL)
			return &loop->questions[i];
	return NULL;
}

/* guide: send */
/*
 * Nobody waits for the answer any more: the pointer dies with this call. NULL
 * after the last of them, when the selection itself goes.
 */
static void forget(mxsel_query *query, void *user)
{
	struct question *question = mxsel_query_user(query);

	(void)user;
	if (question != NULL)
		question->query = NULL;
}

/* An id that nobody can guess (RFC 5452) and that no open question has. */
static int draw_id(struct loop *loop, uint16_t *id)
{
	do {
		if (getrandom(id, sizeof *id, 0) != sizeof *id)
			return -1;
	} while (find_id(loop, *id) != NULL);
	return 0;
}

static void send_question(struct loop *loop, struct question *question)
{
	uint8_t packet[512];
	size_t size = sizeof packet;

	question->due = now_ms() + TRY_MS;
	if (mxsel_query_packet(question->query, question->id,
	    MXSEL_PACKET_EDNS, packet, &size) == 0)
		/* What is not sent is lost like any datagram: the next try. */
		(void)!send(loop->fd, packet, size, MSG_NOSIGNAL);
}

/* No question gets more time than the whole selection has left. */
static int64_t time_for(const mxsel *m)
{
	uint32_t left = mxsel_time_left(m);

	return left < QUESTION_MS ? (int64_t)left : QUESTION_MS;
}

static void take_questions(struct loop *loop, mxsel *m)
{
	struct question *question;
	mxsel_query *query;
	uint16_t id;

	while ((question = find_place(loop)) != NULL &&
	       (query = mxsel_query_take(m)) != NULL) {
		if (draw_id(loop, &id) != 0) {
			mxsel_answer_finish(query, MXSEL_DNS_NETWORK,
				MXSEL_SECURITY_INDETERMINATE);
			continue;
		}
		mxsel_query_set_user(query, question);
		question->query = query;
		question->id = id;
		question->end = now_ms() + time_for(m);
		send_question(loop, question);
	}
}
/* guide: end */

/* ---------------------------------------------------- taking answers in */

/* guide: receive */
static void take_packet(struct loop *loop, const uint8_t *packet, size_t size)
{
	struct question *question;
	int r;

	if (size < 2)
		return;
	question = find_id(loop, (uint16_t)(packet[0] << 8 | packet[1]));
	if (question == NULL)
		return;
	r = mxsel_answer_packet(question->query, packet, size,
		MXSEL_SECURITY_INDETERMINATE);
	if (r == 0)
		question->query = NULL;
	/* Else it was forged or broken: still open, the right one may come. */
}

static void receive(struct loop *loop)
{
	uint8_t packet[4096];
	ssize_t n;

	while ((n = recv(loop->fd, packet, sizeof packet, 0)) >= 0)
		take_packet(loop, packet, (size_t)n);
}

/* Send again what nobody answered; at its end a question has failed. */
static void expire(struct loop *loop)
{
	struct question *question;
	int64_t now = now_ms();
	size_t i;

	for (i = 0; i < OPEN_MAX_AT_ONCE; i++) {
		question = &loop->questions[i];
		if (question->query == NULL)
			continue;
		if (question->end <= now && mxsel_answer_finish(
		    question->query, MXSEL_DNS_TIMEOUT,
		    MXSEL_SECURITY_INDETERMINATE) == 0)
			question->query = NULL;
		else if (question->due <= now)
			send_question(loop, question);
	}
}
/* guide: end */

/* Milliseconds until a question is to be sent again or given up. */
static int time_to_wait(const struct loop *loop)
{
	const struct question *question;
	int64_t now = now_ms(), wake = now + TRY_MS;
	size_t i;

	for (i = 0; i < OPEN_MAX_AT_ONCE; i++) {
		question = &loop->questions[i];
		if (question->query == NULL)
			continue;
		if (question->due < wake)
			wake = question->due;
		if (question->end < wake)
			wake = question->end;
	}
	return wake > now ? (int)(wake - now) : 0;
}

/* ------------------------------------------------------------ destinations */

static void print_attempt(const mxsel *m)
{
	printf("%s: %d %s [%s]\n", mxsel_destination(m),
		mxsel_host_preference(m), mxsel_host_name(m),
		mxsel_address(m));
}

static void print_end(const mxsel *m, int r)
{
	if (r == MXSEL_END)
		printf("%s: %d %s %s\n", mxsel_destination(m),
			mxsel_verdict_code(m), mxsel_verdict_status(m),
			mxsel_verdict_text(m));
	else
		printf("%s: %s\n", mxsel_destination(m), mxsel_strerror(r));
}

/* guide: advance */
/* The selection has no clock: its time limit counts what it is told. */
static void count_time(struct delivery *d, int waiting)
{
	int64_t now = now_ms();

	if (d->asking != 0)
		mxsel_time_spent(d->m, (uint32_t)(now - d->asking));
	d->asking = waiting ? now : 0;
}

/*
 * Go as far as the answers reach. A mail server starts a connection at each
 * MXSEL_ATTEMPT and calls again when that one has failed.
 */
static void advance(struct loop *loop, struct delivery *d)
{
	int r;

	count_time(d, 0);
	while ((r = mxsel_next(d->m)) == MXSEL_ATTEMPT)
		print_attempt(d->m);
	if (r == MXSEL_LOOKUP) {
		take_questions(loop, d->m);
		count_time(d, 1);
		return;
	}
	print_end(d->m, r);
	mxsel_free(d->m);
	d->m = NULL;
}
/* guide: end */

/* guide: loop */
static void run(struct loop *loop, struct delivery *deliveries, int count)
{
	struct pollfd poller = { loop->fd, POLLIN, 0 };
	int i, active;

	for (;;) {
		active = 0;
		for (i = 0; i < count; i++) {
			if (deliveries[i].m != NULL)
				advance(loop, &deliveries[i]);
			active += deliveries[i].m != NULL;
		}
		if (active == 0)
			return;
		poll(&poller, 1, time_to_wait(loop));
		receive(loop);
		expire(loop);
	}
}
/* guide: end */

/* ------------------------------------------------------------------ set-up */

/* guide: socket */
/* Connected: the kernel drops what comes from any other address or port. */
static int open_socket(const struct addrinfo *server)
{
	int fd = socket(server->ai_family, SOCK_DGRAM, 0);

	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
	    connect(fd, server->ai_addr, server->ai_addrlen) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}
/* guide: end */

/* "192.0.2.53", "192.0.2.53@5353", "::1@53". */
static int open_server(const char *text)
{
	struct addrinfo hints, *server = NULL;
	const char *at = strchr(text, '@');
	char host[64];
	size_t length = at != NULL ? (size_t)(at - text) : strlen(text);
	int fd;

	if (length >= sizeof host)
		return -1;
	memcpy(host, text, length);
	host[length] = '\0';
	memset(&hints, 0, sizeof hints);
	hints.ai_socktype = SOCK_DGRAM;
	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	if (getaddrinfo(host, at != NULL ? at + 1 : "53", &hints,
	    &server) != 0)
		return -1;
	fd = open_socket(server);
	freeaddrinfo(server);
	return fd;
}

static int start_all(struct delivery *deliveries, char **names, int count)
{
	int i, r;

	for (i = 0; i < count; i++) {
		r = mxsel_new(&deliveries[i].m, names[i], NULL);
		if (r != 0)
			return r;
		mxsel_set_cancel(deliveries[i].m, forget, NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *server = "127.0.0.1@53";
	struct delivery *deliveries;
	struct loop loop;
	int first = 1, i, r;

	memset(&loop, 0, sizeof loop);
	if (argc > 2 && strcmp(argv[1], "--server") == 0) {
		server = argv[2];
		first = 3;
	}
	if (first >= argc) {
		fprintf(stderr, "usage: event_loop [--server ADDRESS[@PORT]] "
			"DESTINATION...\n");
		return 64;
	}
	loop.fd = open_server(server);
	if (loop.fd < 0) {
		fprintf(stderr, "event_loop: cannot ask %s\n", server);
		return 64;
	}
	deliveries = calloc((size_t)argc, sizeof *deliveries);
	if (deliveries == NULL)
		return 75;
	r = start_all(deliveries, argv + first, argc - first);
	if (r == 0)
		run(&loop, deliveries, argc - first);
	else
		fprintf(stderr, "event_loop: %s\n", mxsel_strerror(r));
	for (i = 0; i < argc; i++)
		mxsel_free(deliveries[i].m);
	free(deliveries);
	close(loop.fd);
	return r == 0 ? 0 : 75;
}
