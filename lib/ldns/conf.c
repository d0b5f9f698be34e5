/*
 * Servers from text, see conf.h. resolv.conf is read here and not by ldns,
 * which aborts the process when memory runs out at a "search" line and gives
 * up the whole file for one bad line. May use public headers and libc only.
 */
#define DEFAULT_FILE "/etc/resolv.conf"
#define DEFAULT_SERVER "127.0.0.1"
#define _POSIX_C_SOURCE 200809L

#include "ldns/conf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <mxsel/mxsel.h>

#define DNS_PORT 53u
#define LINE_SIZE 512            /* all options there are need 160 */
#define FILE_LIMIT (1024 * 1024) /* a device would never end */

/* "1".."65535" in plain digits; 0 for anything else. */
static unsigned parse_port(const char *text)
{
	unsigned port = 0;
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] < '0' || text[i] > '9' || i == 5)
			return 0;
		port = port * 10 + (unsigned)(text[i] - '0');
	}
	return port <= 65535 ? port : 0;
}

static int set_address(struct mxsel__server *out, const char *address,
	uint16_t port)
{
	memset(out, 0, sizeof *out);
	if (inet_pton(AF_INET, address, &out->address.v4.sin_addr) == 1) {
		out->address.v4.sin_family = AF_INET;
		out->address.v4.sin_port = htons(port);
		out->length = sizeof out->address.v4;
		return 0;
	}
	if (inet_pton(AF_INET6, address, &out->address.v6.sin6_addr) == 1) {
		out->address.v6.sin6_family = AF_INET6;
		out->address.v6.sin6_port = htons(port);
		out->length = sizeof out->address.v6;
		return 0;
	}
	return MXSEL_ESYNTAX;
}

int mxsel__conf_server(struct mxsel__server *out, const char *text)
{
	char address[INET6_ADDRSTRLEN];
	const char *at = strchr(text, '@');
	size_t length = at != NULL ? (size_t)(at - text) : strlen(text);
	unsigned port = at != NULL ? parse_port(at + 1) : DNS_PORT;

	if (port == 0 || length >= sizeof address)
		return MXSEL_ESYNTAX;
	memcpy(address, text, length);
	address[length] = '\0';
	return set_address(out, address, (uint16_t)port);
}

/* One line while it is read; a longer one is cut, which its end shows. */
struct line {
	char text[LINE_SIZE];
	size_t length;
};

struct reading {
	struct mxsel__servers *servers;
	struct line line;
	int trusts_ad; /* "options trust-ad" was there */
};

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static size_t skip_blanks(const struct line *line, size_t at)
{
	while (at < line->length && is_blank(line->text[at]))
		at++;
	return at;
}

/* Past the keyword in any case, or 0 when the line has another. */
static size_t skip_keyword(const struct line *line, const char *keyword)
{
	size_t at = skip_blanks(line, 0), i;

	for (i = 0; keyword[i] != '\0'; i++)
		if (at + i >= line->length ||
				(line->text[at + i] | 0x20) != keyword[i])
			return 0;
	at += i;
	return at < line->length && is_blank(line->text[at]) ? at : 0;
}

static int ends_value(char c)
{
	return is_blank(c) || c == '#' || c == ';';
}

/* An address of a link means nothing without the link. */
static int needs_scope(const struct mxsel__server *server)
{
	return server->address.any.sa_family == AF_INET6 &&
		IN6_IS_ADDR_LINKLOCAL(&server->address.v6.sin6_addr);
}

static void read_server(struct mxsel__servers *servers, struct line *line,
	size_t at)
{
	struct mxsel__server server;
	size_t start = skip_blanks(line, at), end = start;

	while (end < line->length && !ends_value(line->text[end]))
		end++;
	if (end == sizeof line->text)
		return;
	line->text[end] = '\0';
	/* resolv.conf knows no ports. */
	if (set_address(&server, line->text + start, DNS_PORT) == 0 &&
			!needs_scope(&server))
		mxsel__servers_add(servers, &server);
}

/*
 * Is the word among these, whole and as it is written in resolv.conf(5)? Who
 * is trusted must not hang on half a word, nor on one in a comment.
 */
static int has_option(const struct line *line, size_t at, const char *word)
{
	size_t length = strlen(word), end;

	for (at = skip_blanks(line, at); at < line->length &&
			!ends_value(line->text[at]);
			at = skip_blanks(line, end)) {
		end = at;
		while (end < line->length && !is_blank(line->text[end]))
			end++;
		if (end - at == length && end < sizeof line->text &&
				memcmp(line->text + at, word, length) == 0)
			return 1;
	}
	return 0;
}

static void read_line(struct reading *r)
{
	size_t at;

	at = skip_keyword(&r->line, "nameserver");
	if (at != 0)
		read_server(r->servers, &r->line, at);
	at = skip_keyword(&r->line, "options");
	if (at != 0 && has_option(&r->line, at, "trust-ad"))
		r->trusts_ad = 1;
}

static void read_block(struct reading *r, const char *data, size_t size)
{
	struct line *line = &r->line;
	size_t i;

	for (i = 0; i < size; i++) {
		if (data[i] == '\n') {
			read_line(r);
			line->length = 0;
		} else if (line->length < sizeof line->text) {
			line->text[line->length++] = data[i];
		}
	}
}

static int read_descriptor(struct mxsel__servers *servers, int fd)
{
	struct reading r = { .servers = servers };
	char data[1024];
	size_t total = 0;
	ssize_t got;

	while (total < FILE_LIMIT) {
		got = read(fd, data, sizeof data);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return MXSEL_EFILE;
		if (got == 0)
			break;
		read_block(&r, data, (size_t)got);
		total += (size_t)got;
	}
	read_line(&r);
	if (r.trusts_ad)
		mxsel__servers_vouch(servers);
	return 0;
}

int mxsel__conf_file(struct mxsel__servers *servers, const char *path)
{
	int fd, result;

	/* O_NONBLOCK: a FIFO without a writer must not stop us. */
	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return MXSEL_EFILE;
	result = read_descriptor(servers, fd);
	close(fd);
	return result;
}

int mxsel__conf_read(struct mxsel__servers *servers, const char *path)
{
	struct mxsel__server server;
	int result;

	if (path != NULL && *path == '\0')
		return 0;
	result = mxsel__conf_file(servers, path != NULL ? path : DEFAULT_FILE);
	if (result != 0 || servers->count > 0)
		return result;
	/* resolv.conf(5): without any, the machine's own is asked. */
	(void)mxsel__conf_server(&server, DEFAULT_SERVER);
	return mxsel__servers_add(servers, &server);
}
