/*
 * A small sender that speaks SMTP to the hosts of a selection and reports
 * what became of each attempt, so that the library says where to go on and,
 * at the end, what becomes of the mail. One message from standard input, one
 * recipient, no TLS and no extension.
 *
 *     mta_delivery [--server ADDR[@PORT] | --zone FILE] [--from MAILBOX]
 *                  --to MAILBOX [--self NAME|ADDR]... [--port N]
 *                  [--timeout SECONDS] [--allow-loopback] [--trace]
 *
 * Exit: 0 delivered, 1 bounce, 75 defer, 64 wrong usage.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#define REPLY_LINE 1000     /* RFC 5321 4.5.3.1.5 wants 512 taken */
#define REPLY_LINES 100
#define REPLY_TEXT 512      /* as much as mxsel_report() keeps */
#define MAIL_MAX (64u << 20)
#define SELF_MAX 16

struct settings {
	const char *server;
	const char *zone;
	const char *from;
	const char *to;
	const char *self[SELF_MAX];
	int selves;
	const char *name; /* the first of them that is a name, or NULL */
	int port;
	int timeout;
	int loopback;
	int trace;
};

/* The message as it goes over the wire, with its last line: a dot. */
struct mail {
	char *wire;
	size_t size;
};

/* One connection, and the reply read last. */
struct session {
	const struct settings *settings;
	const struct mail *mail;
	int fd;
	int64_t deadline;
	char input[512];
	size_t next, have;
	int code;
	char text[REPLY_TEXT + 1];
	size_t length;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Each command and its reply have the whole of --timeout. */
static void start_clock(struct session *s)
{
	s->deadline = now_ms() + (int64_t)s->settings->timeout * 1000;
}

/* Returns 1 when fd is ready for events before the deadline. */
static int ready(const struct session *s, short events)
{
	struct pollfd p = { s->fd, events, 0 };
	int64_t left;
	int r;

	do {
		left = s->deadline - now_ms();
		if (left <= 0)
			return 0;
		r = poll(&p, 1, (int)left);
	} while (r < 0 && errno == EINTR);
	return r > 0;
}

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Does text begin with this name, and then end or go on with a blank? */
static int begins_with_name(const char *text, const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		if (lower((unsigned char)text[i]) !=
			lower((unsigned char)name[i]))
			return 0;
	if (text[i] == '.')
		i++;
	return text[i] == '\0' || text[i] == ' ';
}

/* The next octet from the peer; -1: none any more, or not in time. */
static int get_octet(struct session *s)
{
	ssize_t n;

	while (s->next == s->have) {
		if (!ready(s, POLLIN))
			return -1;
		n = recv(s->fd, s->input, sizeof s->input, 0);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return -1;
		s->next = 0;
		s->have = n > 0 ? (size_t)n : 0;
	}
	return (unsigned char)s->input[s->next++];
}

/*
 * One line without its end. Octets that no reply text has (RFC 5321 4.2)
 * become '?': what a stranger sends goes to logs and terminals.
 */
static int get_line(struct session *s, char *line, size_t size)
{
	size_t n = 0;
	int c;

	while ((c = get_octet(s)) != '\n') {
		if (c < 0 || n + 1 == size)
			return -1;
		line[n++] = (c >= ' ' && c <= '~') || c == '\r' ? (char)c :
			c == '\t' ? ' ' : '?';
	}
	while (n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	return 0;
}

/* The lines of a reply are kept as one, joined by a blank. */
static void add_text(struct session *s, const char *text)
{
	size_t n = strlen(text);

	if (s->length > 0 && s->length < REPLY_TEXT)
		s->text[s->length++] = ' ';
	if (n > REPLY_TEXT - s->length)
		n = REPLY_TEXT - s->length;
	memcpy(s->text + s->length, text, n);
	s->length += n;
	s->text[s->length] = '\0';
}

/* "250-text" or "250 text" or "250": its code, or -1. */
static int line_code(const char *line)
{
	if (line[0] < '2' || line[0] > '5' || line[1] < '0' ||
		line[1] > '9' || line[2] < '0' || line[2] > '9')
		return -1;
	if (line[3] != '\0' && line[3] != ' ' && line[3] != '-')
		return -1;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

/* A whole reply (RFC 5321 4.2.1): its code; -1: there is none. */
static int get_reply(struct session *s)
{
	char line[REPLY_LINE];
	int code = -1, n;

	s->code = 0;
	s->length = 0;
	s->text[0] = '\0';
	for (n = 0; n < REPLY_LINES; n++) {
		if (get_line(s, line, sizeof line) != 0)
			return -1;
		if (line_code(line) < 0 || (n > 0 && line_code(line) != code))
			return -1;
		code = line_code(line);
		if (line[3] != '\0')
			add_text(s, line + 4);
		if (line[3] != '-') {
			s->code = code;
			return code;
		}
	}
	return -1;
}

static int put(struct session *s, const char *data, size_t size)
{
	ssize_t n;

	while (size > 0) {
		if (!ready(s, POLLOUT))
			return -1;
		n = send(s->fd, data, size, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (n > 0) {
			/* The limit is on silence, not on a long message. */
			start_clock(s);
			data += n;
			size -= (size_t)n;
		}
	}
	return 0;
}

/* Send "VERB argument" and read the reply: its code, or -1. */
static int command(struct session *s, const char *verb, const char *argument)
{
	char line[1024];
	int n = snprintf(line, sizeof line, "%s%s\r\n", verb, argument);

	if (n < 0 || (size_t)n >= sizeof line)
		return -1;
	start_clock(s);
	if (put(s, line, (size_t)n) != 0)
		return -1;
	return get_reply(s);
}

/* guide: outcome */
/* What a reply that is not the one hoped for means for the report. */
static int refused(const struct session *s, int outcome)
{
	if (s->code >= 400 && s->code <= 599)
		return outcome;
	return MXSEL_OUTCOME_LOST; /* nothing came, or nonsense */
}
/* guide: end */

/* Who we say that we are: our name, or our address (RFC 5321 4.1.1.1). */
static int say_hello(struct session *s, const char *verb)
{
	char name[INET6_ADDRSTRLEN + sizeof "[IPv6:]"];
	char address[INET6_ADDRSTRLEN];
	struct sockaddr_storage here;
	socklen_t size = sizeof here;

	if (s->settings->name != NULL)
		return command(s, verb, s->settings->name);
	if (getsockname(s->fd, (struct sockaddr *)&here, &size) != 0 ||
		getnameinfo((struct sockaddr *)&here, size, address,
			sizeof address, NULL, 0, NI_NUMERICHOST) != 0)
		return -1;
	snprintf(name, sizeof name, here.ss_family == AF_INET6 ?
		"[IPv6:%s]" : "[%s]", address);
	return command(s, verb, name);
}

/* Whoever calls himself what we are called, is us: a mail loop. */
static int is_own_name(const struct session *s)
{
	return s->settings->name != NULL &&
		begins_with_name(s->text, s->settings->name);
}

static int send_data(struct session *s)
{
	if (command(s, "DATA", "") != 354)
		return refused(s, MXSEL_OUTCOME_DATA);
	/* A server that refuses in the middle may have said why. */
	start_clock(s);
	put(s, s->mail->wire, s->mail->size);
	if (get_reply(s) / 100 == 2)
		return MXSEL_OUTCOME_DELIVERED;
	return refused(s, MXSEL_OUTCOME_DATA);
}

/* guide: session */
/* The whole SMTP session: MXSEL_OUTCOME_*, with the reply in s. */
static int converse(struct session *s)
{
	char path[600];

	start_clock(s);
	if (get_reply(s) != 220)
		return refused(s, MXSEL_OUTCOME_GREETING);
	if (is_own_name(s))
		return MXSEL_OUTCOME_OWN_NAME;
	if (say_hello(s, "EHLO ") / 100 == 5)
		say_hello(s, "HELO "); /* RFC 5321 3.2 */
	if (s->code != 250)
		return refused(s, MXSEL_OUTCOME_EHLO);
	if (is_own_name(s))
		return MXSEL_OUTCOME_OWN_NAME;
	snprintf(path, sizeof path, "<%s>", s->settings->from);
	if (command(s, "MAIL FROM:", path) / 100 != 2)
		return refused(s, MXSEL_OUTCOME_MAIL);
	snprintf(path, sizeof path, "<%s>", s->settings->to);
	if (command(s, "RCPT TO:", path) / 100 != 2)
		return refused(s, MXSEL_OUTCOME_RCPT);
	return send_data(s);
}
/* guide: end */

/* 0, or the outcome of a connection that did not come about. */
static int connect_to(struct session *s, const mxsel *m)
{
	struct sockaddr_storage where;
	size_t size = sizeof where;
	socklen_t length = sizeof(int);
	int error = 0;

	if (mxsel_sockaddr(m, (struct sockaddr *)&where, &size) != 0)
		return MXSEL_OUTCOME_REFUSED;
	s->fd = socket(where.ss_family, SOCK_STREAM, 0);
	if (s->fd < 0 || fcntl(s->fd, F_SETFL, O_NONBLOCK) != 0 ||
		fcntl(s->fd, F_SETFD, FD_CLOEXEC) != 0)
		return MXSEL_OUTCOME_REFUSED;
	start_clock(s);
	if (connect(s->fd, (struct sockaddr *)&where, (socklen_t)size) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return MXSEL_OUTCOME_REFUSED;
	if (!ready(s, POLLOUT))
		return MXSEL_OUTCOME_TIMEOUT;
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
		return MXSEL_OUTCOME_REFUSED;
	if (error == 0 || error == ECONNRESET)
		return 0; /* reset after it stood: reading will tell */
	return error == ETIMEDOUT ? MXSEL_OUTCOME_TIMEOUT :
		MXSEL_OUTCOME_REFUSED;
}

/* guide: attempt */
/* Try the address reached, and say what became of it. */
static int attempt(mxsel *m, const struct settings *settings,
	const struct mail *mail)
{
	struct session s = { .settings = settings, .mail = mail, .fd = -1 };
	int outcome = connect_to(&s, m);

	if (outcome == 0)
		outcome = converse(&s);
	printf("%d %s [%s]:%d %s", mxsel_host_preference(m),
		mxsel_host_name(m), mxsel_address(m), mxsel_port(m),
		mxsel_outcome_name(outcome));
	if (s.code != 0)
		printf(" (%d %s)", s.code, s.text);
	printf("\n");
	if (s.fd >= 0) {
		if (s.code != 0)
			put(&s, "QUIT\r\n", 6);
		close(s.fd);
	}
	return mxsel_report(m, outcome, s.code, s.text);
}
/* guide: end */

/* guide: trace */
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
/* guide: end */

/* guide: walk */
static int deliver(mxsel *m, const struct settings *settings,
	const struct mail *mail)
{
	static const char *const names[] = {
		"try", "delivered", "defer", "bounce"
	};
	static const int codes[] = { 75, 0, 75, 1 };
	int r, action;

	while ((r = mxsel_next(m)) == MXSEL_ATTEMPT) {
		if ((r = attempt(m, settings, mail)) != 0)
			break;
	}
	print_trace(m);
	if (r != MXSEL_END) {
		/* The call failed, not the mail: keep it. */
		printf("defer: %s\n", mxsel_strerror(r));
		return 75;
	}
	action = mxsel_verdict_action(m);
	printf("%s: %d %s %s\n", names[action], mxsel_verdict_code(m),
		mxsel_verdict_status(m), mxsel_verdict_text(m));
	if (mxsel_verdict_reply(m)[0] != '\0')
		printf("%s said: %s\n", mxsel_verdict_host(m),
			mxsel_verdict_reply(m));
	return codes[action];
}
/* guide: end */

/*
 * Standard input as it goes over the wire: every line ends with CRLF (RFC
 * 5321 2.3.8; other CRs are left out), a dot that begins a line is doubled
 * (RFC 5321 4.5.2), and a dot alone ends it all.
 */
static int read_mail(struct mail *mail)
{
	static const char end[] = "\r\n.\r\n";
	size_t room = 0, n = 0, skip;
	int at_start = 1, c;
	char *more;

	while ((c = getchar()) != EOF) {
		if (n + 8 > room) {
			room = room * 2 + 8192;
			more = room <= MAIL_MAX ?
				realloc(mail->wire, room) : NULL;
			if (more == NULL)
				return -1;
			mail->wire = more;
		}
		if (c == '\r')
			continue;
		if (c == '\n' || (c == '.' && at_start))
			mail->wire[n++] = c == '.' ? '.' : '\r';
		mail->wire[n++] = (char)c;
		at_start = c == '\n';
	}
	if (ferror(stdin) || n == 0)
		return -1;
	skip = at_start ? 2 : 0;
	memcpy(mail->wire + n, &end[skip], 5 - skip);
	mail->size = n + 5 - skip;
	return 0;
}

static int make_resolver(mxsel_resolver **dns, const struct settings *settings)
{
	int r;

	if (settings->zone != NULL)
		return mxsel_ldns_zone_new(dns, &settings->zone, 1);
	r = mxsel_ldns_new(dns, settings->server == NULL ? NULL :
		"/dev/null");
	if (r == 0 && settings->server != NULL)
		r = mxsel_ldns_add_server(*dns, settings->server);
	return r;
}

/* A name or an address, whichever it is; the first name is our own. */
static int add_self(mxsel_options *options, struct settings *settings,
	const char *self)
{
	int r = mxsel_options_add_self_address(options, self);

	if (r != MXSEL_ESYNTAX)
		return r;
	r = mxsel_options_add_self_name(options, self);
	if (r == 0 && settings->name == NULL)
		settings->name = self;
	return r;
}

static int make_options(mxsel_options **out, struct settings *settings)
{
	mxsel_resolver *dns = NULL;
	mxsel_options *options = NULL;
	int r, i;

	r = make_resolver(&dns, settings);
	if (r == 0)
		r = mxsel_options_new(&options);
	if (r == 0)
		r = mxsel_options_set_resolver(options, dns);
	for (i = 0; i < settings->selves && r == 0; i++)
		r = add_self(options, settings, settings->self[i]);
	if (r == 0)
		r = mxsel_options_set(options, MXSEL_OPT_PORT,
			settings->port);
	if (r == 0)
		r = mxsel_options_set(options, MXSEL_OPT_ALLOW_LOOPBACK,
			settings->loopback);
	if (r == 0)
		r = mxsel_options_set(options, MXSEL_OPT_TRACE,
			settings->trace);
	mxsel_resolver_free(dns);
	if (r != 0)
		mxsel_options_free(options);
	else
		*out = options;
	return r;
}

/* A mailbox goes into a command: no controls, blanks or angle brackets. */
static int is_path(const char *mailbox)
{
	size_t i;

	for (i = 0; mailbox[i] != '\0'; i++)
		if (mailbox[i] <= ' ' || mailbox[i] > '~' ||
			mailbox[i] == '<' || mailbox[i] == '>')
			return 0;
	return i <= 500;
}

static int number(const char *text, int *value)
{
	char *end;
	long n;

	n = strtol(text, &end, 10);
	if (*end != '\0' || n < 1 || n > 65535)
		return 0;
	*value = (int)n;
	return 1;
}

/* An option with an argument: 1 when it is one, and the argument is good. */
static int read_option(struct settings *s, const char *name, const char *value)
{
	if (strcmp(name, "--server") == 0)
		s->server = value;
	else if (strcmp(name, "--zone") == 0)
		s->zone = value;
	else if (strcmp(name, "--from") == 0)
		s->from = value;
	else if (strcmp(name, "--to") == 0)
		s->to = value;
	else if (strcmp(name, "--self") == 0 && s->selves < SELF_MAX)
		s->self[s->selves++] = value;
	else if (strcmp(name, "--port") == 0)
		return number(value, &s->port);
	else
		return strcmp(name, "--timeout") == 0 &&
			number(value, &s->timeout);
	return 1;
}

static int read_arguments(struct settings *s, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--allow-loopback") == 0)
			s->loopback = 1;
		else if (strcmp(argv[i], "--trace") == 0)
			s->trace = 1;
		else if (i + 1 < argc && read_option(s, argv[i], argv[i + 1]))
			i++;
		else
			return 0;
	}
	return (s->server == NULL || s->zone == NULL) && s->to != NULL &&
		s->to[0] != '\0' && is_path(s->to) && is_path(s->from);
}

int main(int argc, char **argv)
{
	struct settings settings = { .from = "", .port = 25, .timeout = 300 };
	struct mail mail = { NULL, 0 };
	mxsel_options *options = NULL;
	mxsel *m = NULL;
	int r, fate = 75;

	if (!read_arguments(&settings, argc, argv)) {
		fprintf(stderr, "usage: mta_delivery [--server ADDR[@PORT] | "
			"--zone FILE] [--from MAILBOX] --to MAILBOX\n"
			"    [--self NAME|ADDR]... [--port N] [--timeout "
			"SECONDS] [--allow-loopback] [--trace] < MESSAGE\n");
		return 64;
	}
	r = make_options(&options, &settings);
	if (r == 0)
		r = mxsel_new(&m, settings.to, options);
	if (r != 0)
		fprintf(stderr, "mta_delivery: %s\n", mxsel_strerror(r));
	else if (read_mail(&mail) != 0)
		fprintf(stderr, "mta_delivery: no message could be read\n");
	else
		fate = deliver(m, &settings, &mail);
	mxsel_free(m);
	mxsel_options_free(options);
	free(mail.wire);
	return r == MXSEL_ESYNTAX ? 64 : fate;
}
