/*
 * SMTP is spoken by libcurl: one transfer for each attempt, to the address
 * that the selection has reached and to no other, without what libcurl would
 * take from the environment. It cannot ask for REQUIRETLS (RFC 8689), so that
 * this queue takes no mail that has it.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <string.h>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "reply.h"
#include "tls.h"

#if LIBCURL_VERSION_NUM < 0x080200
#define ALLOW_FAILS CURLOPT_MAIL_RCPT_ALLLOWFAILS
#else
#define ALLOW_FAILS CURLOPT_MAIL_RCPT_ALLOWFAILS
#endif

/* ---------------------------------------------------- what libcurl calls us */

static size_t take_line(char *octets, size_t size, size_t count, void *user)
{
	struct session *s = user;
	char line[REPLY_LINE];
	size_t all = size * count, n, i;

	if (s->phase == QUIT)
		return all;
	if (s->all.outcome != 0)
		return 0;
	/* Of a line that is too long the beginning says enough: to take an
	   answer to the dot for none would be to send again. */
	n = all < sizeof line ? all : sizeof line - 1;
	for (i = 0; i < n; i++)
		line[i] = octets[i] == '\0' ? '?' : octets[i];
	while (i > 0 && (line[i - 1] == '\n' || line[i - 1] == '\r'))
		i--;
	line[i] = '\0';
	return reply_line(s, line) ? all : 0;
}

static int take_command(CURL *curl, curl_infotype type, char *data,
	size_t size, void *user)
{
	struct session *s = user;

	(void)curl;
	if (type == CURLINFO_HEADER_OUT)
		reply_expect(s, data, size);
	/* A line that it has shortened. */
	if (type == CURLINFO_TEXT && size > 16 &&
		memcmp(data, "Excessive server", 16) == 0)
		s->is_nonsense = 1;
	return 0;
}

/* Called every second: the answer to QUIT is not waited for any longer. */
static int is_over(void *user, curl_off_t down, curl_off_t got, curl_off_t up,
	curl_off_t sent)
{
	const struct session *s = user;

	(void)down;
	(void)got;
	(void)up;
	(void)sent;
	return s->phase == QUIT;
}

/* guide: intent */
/* The content. When there is no more of it libcurl sends the dot, and from
   then on nobody but the host knows who has the mail. */
static size_t give_content(char *room, size_t size, size_t count, void *user)
{
	struct session *s = user;
	FILE *file = s->t->envelope->file;
	size_t n = fread(room, 1, size * count, file);
	struct members some;

	if (n > 0 || s->phase == END)
		return n;
	some = reply_accepted(s);
	if (ferror(file) || s->t->intent(&some, s->t->user) != 0)
		return CURL_READFUNC_ABORT;
	s->phase = END;
	return 0;
}
/* guide: end */

/* ------------------------------------------------------------- the transfer */

/* Who we say that we are: our name, or else the address that we would have
   towards this host (RFC 5321, 4.1.1.1). */
static void own_name(const struct session *s, char *name, size_t size)
{
	const char *known = settings_name(s->t->settings);
	struct sockaddr_storage a;
	socklen_t length = sizeof a;
	size_t room = sizeof a;
	char text[64] = "127.0.0.1";
	int fd;

	if (known[0] != '\0') {
		snprintf(name, size, "%s", known);
		return;
	}
	if (mxsel_sockaddr(s->t->m, (struct sockaddr *)&a, &room) == 0 &&
		(fd = socket(a.ss_family, SOCK_DGRAM, 0)) >= 0) {
		if (connect(fd, (struct sockaddr *)&a, (socklen_t)room) != 0 ||
			getsockname(fd, (struct sockaddr *)&a, &length) != 0 ||
			getnameinfo((struct sockaddr *)&a, length, text,
				sizeof text, NULL, 0, NI_NUMERICHOST) != 0)
			snprintf(text, sizeof text, "127.0.0.1");
		close(fd);
	}
	/* In brackets, which a URL writes so. */
	snprintf(name, size, "%%5B%s%s%%5D",
		strchr(text, ':') != NULL ? "IPv6:" : "", text);
}

/* The URL names the host, for TLS; the connection goes to the address. */
static int set_host(CURL *curl, const struct session *s,
	struct curl_slist **where)
{
	const mxsel *m = s->t->m;
	const char *host = mxsel_tls_name(m), *address = mxsel_address(m);
	char url[1024], to[128], name[300];

	own_name(s, name, sizeof name);
	if (host[0] == '\0')
		host = strchr(address, ':') != NULL ? "[::1]" : address;
	snprintf(url, sizeof url, "smtp://%s:%d/%s", host, mxsel_port(m),
		name);
	snprintf(to, sizeof to, strchr(address, ':') != NULL ?
		"::[%s]:%d" : "::%s:%d", address, mxsel_port(m));
	*where = curl_slist_append(NULL, to);
	return *where != NULL &&
		curl_easy_setopt(curl, CURLOPT_URL, url) == 0 &&
		curl_easy_setopt(curl, CURLOPT_CONNECT_TO, *where) == 0;
}

static int set_callbacks(CURL *curl, struct session *s)
{
	return curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L) == 0 &&
		curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, take_command)
			== 0 &&
		curl_easy_setopt(curl, CURLOPT_DEBUGDATA, s) == 0 &&
		curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_line)
			== 0 &&
		curl_easy_setopt(curl, CURLOPT_HEADERDATA, s) == 0 &&
		curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == 0 &&
		curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_over)
			== 0 &&
		curl_easy_setopt(curl, CURLOPT_XFERINFODATA, s) == 0 &&
		/* QUIT is part of the transfer, and of its limits. */
		curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L) == 0 &&
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_content)
			== 0 &&
		curl_easy_setopt(curl, CURLOPT_READDATA, s) == 0 &&
		/* Without CURLOPT_INFILESIZE: libcurl would compare it with
		   what it has sent, doubled dots included. */
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == 0;
}

static int set_limits(CURL *curl, const struct settings *settings)
{
	long ms = (long)(settings->timeout * 1000);
	/* Twice as long for replies: RFC 5321, 4.5.3.2.6, of the last one. */
	long seconds = (2 * ms + 999) / 1000;

	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp") == 0 &&
		curl_easy_setopt(curl, CURLOPT_PROXY, "") == 0 &&
		curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == 0 &&
		curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, ms) == 0 &&
		curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
			seconds) == 0 &&
		/* The limit is on silence, not on a long message. */
		curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L) == 0 &&
		curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, seconds) == 0;
}

static int set_envelope(CURL *curl, const struct session *s,
	struct curl_slist **to)
{
	const struct envelope *e = s->t->envelope;
	const struct members *who = s->t->who;
	struct curl_slist *more;
	char path[600];
	size_t i;

	for (i = 0; i < who->count; i++) {
		snprintf(path, sizeof path, "<%s>", e->to[who->to[i]]);
		more = curl_slist_append(*to, path);
		if (more == NULL)
			return 0;
		*to = more;
	}
	snprintf(path, sizeof path, "<%s>", e->from);
	return curl_easy_setopt(curl, CURLOPT_MAIL_FROM, path) == 0 &&
		curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, *to) == 0 &&
		curl_easy_setopt(curl, ALLOW_FAILS, 1L) == 0;
}

/* What no reply has decided. */
static int outcome_of(CURL *curl, const struct session *s, CURLcode result)
{
	curl_off_t connected = 0;
	long error = 0;

	if (s->phase == EHLO && s->reply.code / 100 == 5)
		return MXSEL_OUTCOME_EHLO; /* and HELO has no TLS */
	if (tls_outcome(result) != 0)
		return tls_outcome(result);
	if (s->phase == STARTTLS)
		return MXSEL_OUTCOME_TLS; /* broken, whatever it is called */
	curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected);
	curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
	if (connected > 0 || error == ECONNRESET)
		return MXSEL_OUTCOME_LOST;
	return result == CURLE_OPERATION_TIMEDOUT || error == ETIMEDOUT ?
		MXSEL_OUTCOME_TIMEOUT : MXSEL_OUTCOME_REFUSED;
}

/* One connection, as the posture wants it, or in clear text. */
static void transfer(struct session *s, int is_clear)
{
	struct curl_slist *where = NULL, *to = NULL;
	CURL *curl = curl_easy_init();
	CURLcode result;

	s->all.outcome = MXSEL_OUTCOME_LOST; /* when nothing can be set up */
	if (curl != NULL && set_host(curl, s, &where) &&
		set_callbacks(curl, s) && set_limits(curl, s->t->settings) &&
		set_envelope(curl, s, &to) &&
		tls_prepare(curl, s->t->m, s->t->settings->ca) &&
		(!is_clear || curl_easy_setopt(curl, CURLOPT_USE_SSL,
			CURLUSESSL_NONE) == 0) &&
		fseek(s->t->envelope->file, s->t->envelope->content,
			SEEK_SET) == 0) {
		s->all.outcome = 0;
		result = curl_easy_perform(curl);
		if (s->all.outcome == 0)
			s->all.outcome = outcome_of(curl, s, result);
	}
	curl_easy_cleanup(curl);
	curl_slist_free_all(where);
	curl_slist_free_all(to);
}

void smtp_send(struct transaction *t)
{
	struct session s = { .t = t };
	size_t i;

	memset(t->each, 0, sizeof t->each);
	transfer(&s, 0);
	/* A handshake that fails is no reason not to send (RFC 7435). */
	if (s.all.outcome == MXSEL_OUTCOME_TLS &&
		mxsel_posture(t->m) == MXSEL_POSTURE_OPPORTUNISTIC) {
		s = (struct session){ .t = t };
		transfer(&s, 1);
	}
	if (s.all.outcome == MXSEL_OUTCOME_TLS && s.phase == STARTTLS)
		s.all.code = s.reply.code == 220 ? 0 : s.reply.code;
	for (i = 0; i < t->who->count; i++)
		if (t->each[i].outcome == 0)
			t->each[i] = s.all;
}
